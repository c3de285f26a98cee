//! Taking turns: latency, push-to-talk, two sides that ask for a response at the same time.

use std::time::Duration;

use frontdesk_call::event::{CallEventBody, CallState, Medium};
use frontdesk_call::frame::Frame;
use frontdesk_call::leg::LegEvent;
use frontdesk_call::{Command, ProblemKind, SessionConfig, TurnTaking};
use serde_json::{Value, json};

use crate::doubles::LegCall;
use crate::stage::{SECOND, Stage, config};

fn push_to_talk() -> SessionConfig {
    SessionConfig {
        turn_taking: TurnTaking::PushToTalk,
        ..config()
    }
}

async fn frames(stage: &Stage, count: usize) {
    for _ in 0..count {
        stage.leg.says(LegEvent::Frame(Frame::SILENCE)).await;
        stage.wait(Duration::from_millis(20)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_turn_goes_through_its_states_and_its_latency_is_measured_at_the_speaker() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    frames(&stage, 50).await;
    backend
        .says(json!({"type": "input_audio_buffer.speech_started", "item_id": "q1", "audio_start_ms": 100}))
        .await;
    frames(&stage, 50).await;
    backend
        .says(json!({"type": "input_audio_buffer.speech_stopped", "item_id": "q1", "audio_end_ms": 2_000}))
        .await;
    backend
        .says(json!({"type": "input_audio_buffer.committed", "item_id": "q1"}))
        .await;
    backend.begins("resp1", None).await;
    stage.wait(Duration::from_millis(300)).await;
    backend.speaks("resp1", "a1", Some("q1"), "Yes.", SECOND).await;
    stage.wait(Duration::from_millis(100)).await;
    stage.heard("a1", 480).await;
    let audible = stage
        .event(|event| matches!(event, CallEventBody::ReplyAudible { .. }))
        .await;
    let CallEventBody::ReplyAudible {
        since_speech_end_ms: Some(latency),
        ..
    } = audible
    else {
        panic!("{audible:?}")
    };
    assert!(
        (860..=900).contains(&latency),
        "500 ms of silence, 400 ms until 20 ms had been heard: {latency}"
    );
    backend.completes("resp1", "a1", "Yes.").await;
    stage.plays_to_the_end("a1", SECOND).await;
    stage.rest().await;
    use CallState::{Connecting, Hearing, Listening, Speaking, Thinking};
    assert_eq!(
        stage.states(),
        [Connecting, Listening, Hearing, Thinking, Speaking, Listening]
    );
    backend.rest();
    assert_eq!(backend.frames, 100);
}

#[tokio::test(start_paused = true)]
async fn push_to_talk_clears_then_commits_then_asks() {
    let (mut stage, mut backend) = Stage::live(push_to_talk()).await;
    frames(&stage, 10).await;
    stage.command(Command::PushToTalk { down: true });
    backend.expects("input_audio_buffer.clear").await;
    assert_eq!(backend.frames, 0, "nobody listens while the key is up");
    frames(&stage, 10).await;
    stage.command(Command::PushToTalk { down: false });
    backend.expects("input_audio_buffer.commit").await;
    assert_eq!(backend.frames, 10);
    backend.expects("response.create").await;
    backend
        .says(json!({"type": "input_audio_buffer.committed", "item_id": "q1"}))
        .await;
    stage
        .event(|event| matches!(event, CallEventBody::CallerTurnStopped { .. }))
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_short_press_means_nothing() {
    let (stage, mut backend) = Stage::live(push_to_talk()).await;
    stage.command(Command::PushToTalk { down: true });
    frames(&stage, 4).await;
    stage.command(Command::PushToTalk { down: false });
    backend.expects("input_audio_buffer.clear").await;
    backend.expects("input_audio_buffer.clear").await;
    stage.quiet().await;
    assert_eq!(backend.rest(), Vec::<Value>::new());
}

#[tokio::test(start_paused = true)]
async fn a_request_that_met_a_running_response_is_sent_again_after_it() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    stage.command(Command::SendText("Hello?".into()));
    backend.expects("conversation.item.create").await;
    let create = backend.expects("response.create").await;
    // The caller spoke at the same moment, and the backend began to answer that.
    backend.begins("resp1", None).await;
    let error = json!({"type": "invalid_request_error", "code": "conversation_already_has_active_response",
        "event_id": create["event_id"]});
    backend.says(json!({"type": "error", "error": error})).await;
    stage.quiet().await;
    assert_eq!(backend.rest(), Vec::<Value>::new());
    backend.done("resp1", "completed").await;
    let again = backend.expects("response.create").await;
    assert_ne!(again["event_id"], create["event_id"]);
    let warned = stage
        .rest()
        .await
        .iter()
        .any(|event| matches!(event, CallEventBody::Warning { .. }));
    assert!(!warned, "nobody has to hear of it");
}

#[tokio::test(start_paused = true)]
async fn a_backend_that_refuses_labels_is_asked_without_them() {
    let (stage, mut backend) = Stage::live(config()).await;
    stage.command(Command::SendText("Hello?".into()));
    backend.expects("conversation.item.create").await;
    let create = backend.expects("response.create").await;
    let error = json!({"type": "invalid_request_error", "code": "unknown_parameter", "param": "response.metadata",
        "event_id": create["event_id"]});
    backend.says(json!({"type": "error", "error": error})).await;
    let again = backend.expects("response.create").await;
    assert!(again["response"].get("metadata").is_none(), "{again}");
    // Without labels, the next response is taken for the one that was asked for, and its end frees the conversation.
    backend.begins("resp1", None).await;
    backend.done("resp1", "completed").await;
    stage.quiet().await;
    stage.command(Command::SendText("And now?".into()));
    backend.expects("conversation.item.create").await;
    backend.expects("response.create").await;
}

#[tokio::test(start_paused = true)]
async fn a_cancel_that_met_nothing_is_harmless() {
    let (mut stage, backend) = Stage::live(config()).await;
    for code in [
        "response_cancel_not_active",
        "input_audio_buffer_commit_empty",
        "unsupported_content_type",
    ] {
        backend
            .says(json!({"type": "error", "error": {"type": "invalid_request_error", "code": code}}))
            .await;
    }
    let events = stage.rest().await;
    assert!(
        !events
            .iter()
            .any(|event| matches!(event, CallEventBody::Warning { .. } | CallEventBody::CallEnded { .. }))
    );
}

#[tokio::test(start_paused = true)]
async fn a_response_that_failed_for_the_rate_is_asked_for_again() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    backend.begins("resp1", None).await;
    let details = json!({"error": {"code": "rate_limit_exceeded"}});
    backend.says(json!({"type": "response.done", "response": {"id": "resp1", "status": "failed", "status_details": details}})).await;
    let is_slow = |event: &CallEventBody| matches!(event, CallEventBody::Warning { problem } if problem.kind == ProblemKind::RateLimited);
    stage.event(is_slow).await;
    let failed = tokio::time::Instant::now();
    backend.expects("response.create").await;
    assert_eq!(failed.elapsed().as_secs(), 1, "the first wait is a second");
}

#[tokio::test(start_paused = true)]
async fn an_account_without_credit_ends_the_call() {
    let (mut stage, backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    backend.begins("resp1", None).await;
    let details = json!({"error": {"code": "insufficient_quota"}});
    backend.says(json!({"type": "response.done", "response": {"id": "resp1", "status": "failed", "status_details": details}})).await;
    assert_eq!(
        stage.end().await.problem.map(|problem| problem.kind),
        Some(ProblemKind::NoQuota)
    );
}

#[tokio::test(start_paused = true)]
async fn a_response_that_stops_growing_is_cancelled_and_the_call_goes_on() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    backend.begins("resp1", None).await;
    backend.speaks("resp1", "a1", Some("q1"), "Well, that", SECOND).await;
    stage.plays_to_the_end("a1", SECOND).await;
    backend.expects("response.cancel").await;
    assert!(stage.leg.rest().contains(&LegCall::Finish("a1".into())));
    stage.leg.finished("a1").await;
    stage
        .event(|event| matches!(event, CallEventBody::ReplyInterrupted { .. }))
        .await;
    backend.expects("conversation.item.truncate").await;
    stage.command(Command::SendText("Still there?".into()));
    backend.expects("conversation.item.create").await;
    backend.expects("response.create").await;
}

#[tokio::test(start_paused = true)]
async fn typed_words_are_a_row_of_their_own_kind() {
    let (mut stage, _backend) = Stage::live(config()).await;
    stage.command(Command::SendText("Hello".into()));
    let row = stage
        .event(|event| matches!(event, CallEventBody::CallerTranscript { .. }))
        .await;
    assert!(matches!(row, CallEventBody::CallerTranscript { medium: Medium::Text, text, .. } if text == "Hello"));
}

#[tokio::test(start_paused = true)]
async fn the_mute_switch_reaches_the_leg() {
    let (mut stage, _backend) = Stage::live(config()).await;
    stage.leg.rest();
    stage.command(Command::SetMuted(true));
    stage.quiet().await;
    assert_eq!(stage.leg.rest(), [LegCall::Muted(true)]);
}
