//! A broken connection, and one that grows too old.

use std::time::Duration;

use frontdesk_call::event::{CallEventBody, EndReason};
use frontdesk_call::frame::Frame;
use frontdesk_call::leg::LegEvent;
use frontdesk_call::{Problem, ProblemKind};
use serde_json::{Value, json};

use crate::doubles::Backend;
use crate::stage::{SECOND, Stage, config};

/// A question and its answer, heard to the end.
async fn talked(stage: &mut Stage, backend: &mut Backend) {
    backend.hears_turn("q1", None).await;
    backend.transcribes("q1", "How long are you open?").await;
    backend.begins("resp1", None).await;
    backend.speaks("resp1", "a1", Some("q1"), "Until six.", SECOND).await;
    backend.completes("resp1", "a1", "Until six.").await;
    stage.quiet().await;
    stage.plays_to_the_end("a1", SECOND).await;
    stage.rest().await;
    backend.rest();
}

/// What a new connection was told, as role and text.
fn replayed(told: &[Value]) -> Vec<(String, String)> {
    let text = |event: &Value| {
        let item = &event["item"];
        let text = item["content"][0]["text"]
            .as_str()
            .or(item["output"].as_str())
            .or(item["name"].as_str())
            .unwrap_or_default();
        (
            item["role"]
                .as_str()
                .or(item["type"].as_str())
                .unwrap_or_default()
                .to_owned(),
            text.to_owned(),
        )
    };
    told.iter()
        .filter(|event| event["type"] == "conversation.item.create")
        .map(text)
        .collect()
}

fn asked(told: &[Value]) -> usize {
    told.iter().filter(|event| event["type"] == "response.create").count()
}

#[tokio::test(start_paused = true)]
async fn the_conversation_goes_on_over_a_new_connection_without_a_second_greeting() {
    let mut settings = config();
    settings.greeting = Some("Greet.".into());
    let (mut stage, mut backend) = Stage::live(settings).await;
    let create = backend.expects("response.create").await;
    backend.begins("resp0", Some(&create)).await;
    backend.speaks("resp0", "hello", None, "Good day!", SECOND).await;
    backend.completes("resp0", "hello", "Good day!").await;
    stage.quiet().await;
    stage.plays_to_the_end("hello", SECOND).await;
    talked(&mut stage, &mut backend).await;
    backend.breaks(true).await;
    stage
        .event(|event| matches!(event, CallEventBody::Reconnecting { attempt: 1 }))
        .await;
    let mut second = stage.ready().await;
    stage.event(|event| matches!(event, CallEventBody::Reconnected)).await;
    let told = second.rest();
    let words = replayed(&told);
    let expected = [
        ("assistant", "Good day!"),
        ("user", "How long are you open?"),
        ("assistant", "Until six."),
    ];
    assert_eq!(
        words[..3]
            .iter()
            .map(|(role, text)| (role.as_str(), text.as_str()))
            .collect::<Vec<_>>(),
        expected
    );
    assert_eq!(words[3].0, "system");
    assert!(words[3].1.contains("not greet again"));
    assert_eq!(asked(&told), 0, "nobody waits for an answer, so none is asked for");
    let assistant = told
        .iter()
        .find(|event| event["item"]["role"] == "assistant")
        .expect("replayed");
    assert_eq!(assistant["item"]["content"][0]["type"], "output_text");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_due_is_asked_for_again_and_audio_of_the_gap_arrives() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    talked(&mut stage, &mut backend).await;
    backend.hears_turn("q2", Some("a1")).await;
    backend.begins("resp2", None).await;
    stage.quiet().await;
    stage.model.refuse(Some(Problem::new(ProblemKind::Offline, "Offline.")));
    backend.breaks(true).await;
    stage
        .event(|event| matches!(event, CallEventBody::Reconnecting { attempt: 2 }))
        .await;
    for _ in 0..15 {
        stage.leg.says(LegEvent::Frame(Frame::SILENCE)).await;
    }
    let mut second = stage.ready().await;
    let told = second.rest();
    assert_eq!(asked(&told), 1);
    assert_eq!(second.frames, 15);
    let is_lost = |event: &CallEventBody| matches!(event, CallEventBody::CallerTranscript { item_id, text, .. } if item_id.as_str() == "q2" && text.is_empty());
    assert!(
        stage.seen.iter().any(|event| is_lost(&event.body)),
        "its words are lost, and that is said"
    );
}

#[tokio::test(start_paused = true)]
async fn at_most_two_seconds_of_audio_are_kept_for_the_new_connection() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    stage.model.refuse(Some(Problem::new(ProblemKind::Offline, "Offline.")));
    backend.breaks(true).await;
    stage
        .event(|event| matches!(event, CallEventBody::Reconnecting { attempt: 2 }))
        .await;
    for _ in 0..300 {
        stage.leg.says(LegEvent::Frame(Frame::SILENCE)).await;
    }
    let mut second = stage.ready().await;
    second.rest();
    assert_eq!(second.frames, 100);
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_the_break_cut_short_is_played_and_marked() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    backend.begins("resp1", None).await;
    backend
        .speaks("resp1", "a1", Some("q1"), "We are open until six, and on", SECOND)
        .await;
    stage.heard("a1", 480).await;
    stage.quiet().await;
    backend.vanishes();
    let mut second = stage.ready().await;
    assert_eq!(asked(&second.rest()), 1, "it goes on");
    stage.plays_to_the_end("a1", SECOND).await;
    let cut = stage
        .event(|event| matches!(event, CallEventBody::ReplyInterrupted { .. }))
        .await;
    assert!(
        matches!(cut, CallEventBody::ReplyInterrupted { heard_ms: 1_000, .. }),
        "{cut:?}"
    );
    stage.quiet().await;
    assert!(
        second
            .rest()
            .iter()
            .all(|event| event["type"] != "conversation.item.truncate"),
        "it is unknown there"
    );
}

#[tokio::test(start_paused = true)]
async fn finished_tool_calls_are_replayed_and_running_ones_answered_in_words() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    backend.transcribes("q1", "Any slot?").await;
    backend.begins("resp1", None).await;
    backend.calls("resp1", "t1", "quick", "{}").await;
    stage
        .event(|event| matches!(event, CallEventBody::ToolFinished { .. }))
        .await;
    backend.calls("resp1", "t2", "slow", "{}").await;
    stage
        .event(|event| matches!(event, CallEventBody::ToolStarted { .. }))
        .await;
    backend.breaks(true).await;
    let mut second = stage.ready().await;
    let kinds: Vec<_> = replayed(&second.rest()).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["user", "function_call", "function_call_output", "system"]);
    stage
        .event(|event| matches!(event, CallEventBody::ToolFinished { .. }))
        .await;
    stage.quiet().await;
    let later = replayed(&second.rest());
    assert_eq!(later.len(), 1);
    assert!(later[0].0 == "system" && later[0].1.contains("slow"), "{later:?}");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_does_not_come_back_ends_the_call() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    for _ in 0..10 {
        stage
            .model
            .refuse(Some(Problem::new(ProblemKind::Offline, "The network is down.")));
    }
    backend.breaks(true).await;
    let end = stage.end().await;
    assert_eq!(
        (end.reason, end.problem.map(|problem| problem.kind)),
        (EndReason::Failed, Some(ProblemKind::Offline))
    );
    let attempts = stage
        .seen
        .iter()
        .filter(|event| matches!(event.body, CallEventBody::Reconnecting { .. }))
        .count();
    assert_eq!(attempts, 5);
}

#[tokio::test(start_paused = true)]
async fn a_close_that_forbids_another_try_ends_the_call() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    backend.breaks(false).await;
    assert_eq!(stage.end().await.reason, EndReason::Failed);
}

#[tokio::test(start_paused = true)]
async fn an_expired_session_is_replaced() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    talked(&mut stage, &mut backend).await;
    backend
        .says(json!({"type": "error", "error": {"code": "session_expired"}}))
        .await;
    let mut second = stage.ready().await;
    assert_eq!(replayed(&second.rest()).len(), 3);
    let warned = stage
        .rest()
        .await
        .iter()
        .any(|event| matches!(event, CallEventBody::Warning { .. }));
    assert!(!warned);
}

#[tokio::test(start_paused = true)]
async fn an_old_connection_is_replaced_at_a_quiet_moment() {
    let mut settings = config();
    settings.limits.idle_question_after = Duration::from_secs(7_200);
    let (mut stage, mut backend) = Stage::live(settings).await;
    stage.wait(Duration::from_secs(54 * 60)).await;
    talked(&mut stage, &mut backend).await;
    backend.hears_turn("q2", Some("a1")).await;
    backend.begins("resp2", None).await;
    for seconds in 0..90 {
        // The reply is long: the connection's age is reached in the middle of it.
        backend.speaks("resp2", "a2", Some("q2"), "and ", SECOND).await;
        stage.heard("a2", seconds * SECOND as u64 + 480).await;
        stage.wait(Duration::from_secs(1)).await;
    }
    assert!(
        stage.accepted.try_recv().is_err(),
        "nobody is cut off in the middle of a word"
    );
    backend.completes("resp2", "a2", "and so on").await;
    stage.quiet().await;
    stage.plays_to_the_end("a2", 90 * SECOND).await;
    stage.ready().await;
    stage.event(|event| matches!(event, CallEventBody::Reconnected)).await;
}

#[tokio::test(start_paused = true)]
async fn late_words_of_an_old_connection_are_dropped() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    talked(&mut stage, &mut backend).await;
    backend
        .says(json!({"type": "error", "error": {"code": "session_expired"}}))
        .await;
    stage
        .event(|event| matches!(event, CallEventBody::Reconnecting { .. }))
        .await;
    let second = stage.ready().await;
    second.hears_turn("q3", None).await;
    second.transcribes("q3", "Hello again?").await;
    stage
        .event(|event| matches!(event, CallEventBody::CallerTranscript { .. }))
        .await;
    let transcript = frontdesk_call::Transcript::from_events(stage.seen.iter().map(AsRef::as_ref));
    let texts: Vec<_> = transcript.rows.iter().map(|row| row.text.as_str()).collect();
    assert_eq!(texts, ["How long are you open?", "Until six.", "Hello again?"]);
}

#[tokio::test(start_paused = true)]
async fn a_backend_that_counts_tool_calls_per_session_is_answered_after_a_reconnect_too() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    for round in 0..2 {
        backend.hears_turn(&format!("q{round}"), None).await;
        backend.begins(&format!("resp{round}"), None).await;
        backend.calls(&format!("resp{round}"), "call_1", "quick", "{}").await;
        backend.done(&format!("resp{round}"), "completed").await;
        stage
            .event(|event| matches!(event, CallEventBody::ToolFinished { .. }))
            .await;
        stage.quiet().await;
        let told = backend.rest();
        let answered = told.iter().any(|event| event["item"]["call_id"] == "call_1");
        assert!(answered, "round {round}: {told:?}");
        if round == 0 {
            backend.breaks(true).await;
            backend = stage.ready().await;
            backend.rest();
        }
    }
    stage.command(frontdesk_call::Command::EndCall);
    stage.end().await;
    let started: std::collections::HashSet<_> = stage
        .seen
        .iter()
        .filter_map(|event| match &event.body {
            CallEventBody::ToolStarted { tool_call_id, .. } => Some(tool_call_id.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(started.len(), 2, "readers can tell the two calls apart");
}
