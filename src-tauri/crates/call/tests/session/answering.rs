//! The tool that says what is said next: no long silence while it works, nothing late read out, and what it reports.

use std::time::Duration;

use frontdesk_call::event::CallEventBody;
use frontdesk_call::{Command, SessionConfig};
use serde_json::Value;

use crate::doubles::Backend;
use crate::stage::{SECOND, Stage, config};

/// In these calls the slow tool answers; it is given up after twelve seconds.
fn supervised() -> SessionConfig {
    let mut config = config();
    config.answering_tool = Some("slow".into());
    config.limits.idle_question_after = Duration::from_secs(4);
    config
}

/// The caller asked something, and the model calls the answering tool without a word.
async fn asked(backend: &Backend) {
    backend.hears_turn("q1", None).await;
    backend.begins("resp1", None).await;
    backend.calls("resp1", "t1", "slow", "{}").await;
    backend.done("resp1", "completed").await;
}

fn purpose(create: &Value) -> &str {
    create["response"]["metadata"]["frontdesk_purpose"]
        .as_str()
        .unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn a_silent_wait_is_filled_again_and_again_and_never_with_the_idle_question() {
    let (mut stage, mut backend) = Stage::live(supervised()).await;
    asked(&backend).await;
    for number in 1..=3 {
        let before = tokio::time::Instant::now();
        let create = backend.expects("response.create").await;
        assert!(
            before.elapsed() <= Duration::from_millis(1_600),
            "{:?}",
            before.elapsed()
        );
        assert_eq!(
            (purpose(&create), &create["response"]["tool_choice"]),
            ("filler", &Value::from("none"))
        );
        let (response, item) = (format!("filler{number}"), format!("a{number}"));
        backend.begins(&response, Some(&create)).await;
        backend.speaks(&response, &item, None, "Still checking.", SECOND).await;
        backend.completes(&response, &item, "Still checking.").await;
        stage.plays_to_the_end(&item, SECOND).await;
    }
    // Then the tool has had its time, and its answer is asked for.
    let fillers = backend.expects("response.create").await;
    assert_eq!(purpose(&fillers), "filler");
    backend.begins("filler4", Some(&fillers)).await;
    let output = backend.expects("conversation.item.create").await;
    assert_eq!(output["item"]["type"], "function_call_output");
    backend.done("filler4", "completed").await;
    assert_eq!(purpose(&backend.expects("response.create").await), "toolResult");
    stage.rest().await;
}

#[tokio::test(start_paused = true)]
async fn while_the_receptionist_is_heard_nothing_is_filled_in() {
    let (stage, mut backend) = Stage::live(supervised()).await;
    backend.hears_turn("q1", None).await;
    backend.begins("resp1", None).await;
    backend
        .speaks("resp1", "a1", None, "One moment, let me check.", 3 * SECOND)
        .await;
    backend.calls("resp1", "t1", "slow", "{}").await;
    backend.completes("resp1", "a1", "One moment, let me check.").await;
    stage.wait(Duration::from_secs(3)).await;
    assert_eq!(backend.rest(), Vec::<Value>::new());
    stage.plays_to_the_end("a1", 3 * SECOND).await;
    assert_eq!(purpose(&backend.expects("response.create").await), "filler");
}

#[tokio::test(start_paused = true)]
async fn other_tools_are_not_filled_in_for() {
    let (stage, mut backend) = Stage::live(config()).await;
    asked(&backend).await;
    stage.wait(Duration::from_secs(9)).await;
    assert_eq!(backend.rest(), Vec::<Value>::new());
}

#[tokio::test(start_paused = true)]
async fn an_answer_after_the_caller_went_on_is_told_and_not_read_out() {
    let (mut stage, mut backend) = Stage::live(supervised()).await;
    asked(&backend).await;
    stage.quiet().await;
    backend.hears_turn("q2", Some("q1")).await;
    backend.begins("resp2", None).await;
    backend
        .speaks("resp2", "a2", Some("q2"), "Of course, Thursday then.", SECOND)
        .await;
    // The reply to the newer words is being heard when the answer comes.
    let output = backend.expects("conversation.item.create").await;
    let told: Value = serde_json::from_str(output["item"]["output"].as_str().unwrap()).unwrap();
    assert!(told["late"]["error"].is_string() && told["note"].is_string(), "{told}");
    stage.quiet().await;
    assert_eq!(backend.rest(), Vec::<Value>::new(), "nobody asks to have it spoken");

    // A caller who then waits in silence is not left alone with it.
    backend.completes("resp2", "a2", "Of course, Thursday then.").await;
    stage.plays_to_the_end("a2", SECOND).await;
    assert_eq!(backend.rest(), Vec::<Value>::new());
    assert_eq!(purpose(&backend.expects("response.create").await), "toolResult");
    stage.rest().await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_the_reply_to_newer_words_has_read_is_done_with() {
    let (stage, mut backend) = Stage::live(supervised()).await;
    asked(&backend).await;
    stage.quiet().await;
    backend
        .says(serde_json::json!({"type": "input_audio_buffer.speech_started", "item_id": "q2", "audio_start_ms": 0}))
        .await;
    backend.expects("conversation.item.create").await;
    backend.hears_turn("q2", Some("q1")).await;
    backend.begins("resp2", None).await;
    backend.done("resp2", "completed").await;
    stage.wait(Duration::from_secs(3)).await;
    assert_eq!(backend.rest(), Vec::<Value>::new());
}

#[tokio::test(start_paused = true)]
async fn a_receptionist_who_was_silenced_stays_silent() {
    let (stage, mut backend) = Stage::live(supervised()).await;
    asked(&backend).await;
    stage.quiet().await;
    stage.command(Command::Interrupt);
    let output = backend.expects("conversation.item.create").await;
    assert!(output["item"]["output"].as_str().unwrap().contains("late"), "{output}");
    stage.wait(Duration::from_secs(3)).await;
    assert_eq!(backend.rest(), Vec::<Value>::new());
}

#[tokio::test(start_paused = true)]
async fn what_a_tool_reports_is_seen_and_it_reads_what_was_said() {
    let (mut stage, backend) = Stage::live(config()).await;
    let view = stage.view.lock().unwrap().clone().expect("the tools attend");
    backend.hears_turn("q1", None).await;
    backend.transcribes("q1", "Is Tuesday free?").await;
    backend.begins("resp1", None).await;
    backend.calls("resp1", "t1", "slow", "{}").await;
    let transcript = view.transcript_up_to(&"t1".into(), Duration::from_secs(1)).await;
    assert_eq!(transcript.rows[0].text, "Is Tuesday free?");

    view.report(frontdesk_call::CallReport::ToolUsed {
        tool_call_id: "t1/1.1".into(),
        name: "checkAvailability".into(),
        arguments: "{}".into(),
        outcome: frontdesk_call::event::ToolOutcome::Done,
        took: Duration::from_millis(70),
        output: "[]".into(),
    });
    let finished = stage
        .event(|event| matches!(event, CallEventBody::ToolFinished { .. }))
        .await;
    assert!(
        matches!(&finished, CallEventBody::ToolFinished { tool_call_id, duration_ms: 70, .. } if tool_call_id.to_string() == "t1/1.1"),
        "{finished:?}"
    );
    let problem = frontdesk_call::Problem::new(frontdesk_call::ProblemKind::NoQuota, "No credit.");
    view.report(frontdesk_call::CallReport::Warning(problem.clone()));
    let warning = stage
        .event(|event| matches!(event, CallEventBody::Warning { .. }))
        .await;
    assert_eq!(warning, CallEventBody::Warning { problem });
}
