//! Function calls: one output each, whatever the tool does.

use frontdesk_call::Command;
use frontdesk_call::event::{CallEventBody, ToolOutcome};
use serde_json::{Value, json};

use crate::doubles::Backend;
use crate::stage::{SECOND, Stage, config};

/// The caller asked for something, and the model calls these tools for it.
async fn called(backend: &Backend, tools: &[(&str, &str)]) {
    backend.hears_turn("q1", None).await;
    backend.begins("resp1", None).await;
    for (id, name) in tools {
        backend.calls("resp1", id, name, "{\"day\":1}").await;
    }
}

async fn output(backend: &mut Backend) -> (String, Value) {
    let create = backend.expects("conversation.item.create").await;
    assert_eq!(create["item"]["type"], "function_call_output", "{create}");
    let id = create["item"]["call_id"].as_str().expect("an id").to_owned();
    let output = serde_json::from_str(create["item"]["output"].as_str().expect("a text")).expect("JSON");
    (id, output)
}

#[tokio::test(start_paused = true)]
async fn the_answer_is_asked_for_after_the_output_and_after_the_response_that_called() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    called(&backend, &[("t1", "quick")]).await;
    let (id, output) = output(&mut backend).await;
    assert_eq!((id.as_str(), output), ("t1", json!({"arguments": "{\"day\":1}"})));
    stage.quiet().await;
    assert_eq!(
        backend.rest(),
        Vec::<Value>::new(),
        "the response that called is not over"
    );
    backend.done("resp1", "completed").await;
    let create = backend.expects("response.create").await;
    assert_eq!(create["response"]["metadata"]["frontdesk_purpose"], "toolResult");
    let finished = stage
        .event(|event| matches!(event, CallEventBody::ToolFinished { .. }))
        .await;
    assert!(matches!(
        finished,
        CallEventBody::ToolFinished {
            outcome: ToolOutcome::Done,
            duration_ms: 100..,
            ..
        }
    ));
}

#[tokio::test(start_paused = true)]
async fn several_calls_are_followed_by_one_response() {
    let (stage, mut backend) = Stage::live(config()).await;
    called(&backend, &[("t1", "quick"), ("t2", "unheardOf"), ("t3", "failing")]).await;
    backend.done("resp1", "completed").await;
    let mut answered = Vec::new();
    for _ in 0..3 {
        answered.push(output(&mut backend).await.0);
    }
    answered.sort();
    assert_eq!(answered, ["t1", "t2", "t3"]);
    let create = backend.expects("response.create").await;
    backend.begins("resp2", Some(&create)).await;
    backend.done("resp2", "completed").await;
    stage.quiet().await;
    assert_eq!(backend.rest(), Vec::<Value>::new());
}

#[tokio::test(start_paused = true)]
async fn tools_that_hang_panic_or_do_not_exist_give_an_output_that_says_so() {
    for name in ["slow", "failing", "unheardOf"] {
        let (mut stage, mut backend) = Stage::live(config()).await;
        called(&backend, &[("t1", name)]).await;
        backend.done("resp1", "completed").await;
        let (_, output) = output(&mut backend).await;
        assert!(
            output["error"].as_str().is_some_and(|sentence| sentence.ends_with('.')),
            "{name}: {output}"
        );
        backend.expects("response.create").await;
        let finished = stage
            .event(|event| matches!(event, CallEventBody::ToolFinished { .. }))
            .await;
        assert!(
            matches!(
                finished,
                CallEventBody::ToolFinished {
                    outcome: ToolOutcome::Failed,
                    ..
                }
            ),
            "{name}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_announced_twice_runs_once() {
    let (stage, mut backend) = Stage::live(config()).await;
    called(&backend, &[("t1", "quick"), ("t1", "quick")]).await;
    let call = json!({"type": "function_call", "id": "item-t1", "call_id": "t1", "name": "quick", "arguments": "{}",
        "status": "completed"});
    backend
        .says(json!({"type": "response.done", "response": {"id": "resp1", "status": "completed", "output": [call]}}))
        .await;
    output(&mut backend).await;
    backend.expects("response.create").await;
    stage.quiet().await;
    assert_eq!(backend.rest(), Vec::<Value>::new());
    assert_eq!(*stage.tools.lock().unwrap(), ["quick"]);
}

#[tokio::test(start_paused = true)]
async fn a_tool_never_holds_up_the_conversation() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    called(&backend, &[("t1", "slow")]).await;
    backend.done("resp1", "completed").await;
    stage.quiet().await;
    backend.hears_turn("q2", Some("q1")).await;
    backend.begins("resp2", None).await;
    backend.speaks("resp2", "a1", Some("q2"), "One moment.", SECOND).await;
    stage.heard("a1", 480).await;
    let audible = stage
        .event(|event| {
            matches!(
                event,
                CallEventBody::ReplyAudible { .. } | CallEventBody::ToolFinished { .. }
            )
        })
        .await;
    assert!(matches!(audible, CallEventBody::ReplyAudible { .. }));
    // Its output waits for nothing; the response to it waits for the running one.
    output(&mut backend).await;
    backend.completes("resp2", "a1", "One moment.").await;
    backend.expects("response.create").await;
}

#[tokio::test(start_paused = true)]
async fn a_call_of_an_interrupted_response_is_not_run() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    called(&backend, &[]).await;
    stage.quiet().await;
    stage.command(Command::Interrupt);
    backend.expects("response.cancel").await;
    backend.calls("resp1", "t1", "quick", "{}").await;
    let (_, output) = output(&mut backend).await;
    assert!(output["error"].is_string());
    backend.done("resp1", "cancelled").await;
    stage
        .event(|event| matches!(event, CallEventBody::ToolFinished { .. }))
        .await;
    stage.quiet().await;
    assert_eq!(backend.rest(), Vec::<Value>::new(), "the caller has the word");
    assert!(stage.tools.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_model_that_calls_without_end_is_stopped() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    backend.begins("resp0", None).await;
    let mut rounds = 0;
    loop {
        backend
            .calls(&format!("resp{rounds}"), &format!("t{rounds}"), "quick", "{}")
            .await;
        backend.done(&format!("resp{rounds}"), "completed").await;
        output(&mut backend).await;
        let create = backend.expects("response.create").await;
        rounds += 1;
        if create["response"]["tool_choice"] == "none" {
            break;
        }
        assert!(rounds < 20, "it is never stopped");
        backend.begins(&format!("resp{rounds}"), Some(&create)).await;
    }
    stage.rest().await;
    assert_eq!(
        stage.tools.lock().unwrap().len(),
        10,
        "ten calls between two turns of the caller"
    );
}

#[tokio::test(start_paused = true)]
async fn a_hang_up_cancels_a_running_tool_and_still_gives_it_an_end() {
    let (mut stage, backend) = Stage::live(config()).await;
    called(&backend, &[("t1", "slow")]).await;
    stage
        .event(|event| matches!(event, CallEventBody::ToolStarted { .. }))
        .await;
    stage.command(Command::EndCall);
    stage.end().await;
    let finished = stage
        .seen
        .iter()
        .filter(|event| matches!(event.body, CallEventBody::ToolFinished { .. }))
        .count();
    assert_eq!(finished, 1);
    stage.wait(std::time::Duration::from_secs(60)).await;
    assert!(stage.tools.lock().unwrap().is_empty(), "the tool did not run on");
}
