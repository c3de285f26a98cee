//! The transcript: late texts, order, turns that could not be understood, and the fold over a real call.

use frontdesk_call::Transcript;
use frontdesk_call::event::{CallEventBody, EndReason};
use frontdesk_call::transcript::{Speaker, TranscriptRow};
use frontdesk_call::{Command, SessionConfig};
use serde_json::json;

use crate::doubles::Backend;
use crate::stage::{SECOND, Stage, config};

async fn answers(backend: &Backend, response: &str, item: &str, previous: &str, words: &str) {
    backend.begins(response, None).await;
    backend.speaks(response, item, Some(previous), words, SECOND).await;
    backend.completes(response, item, words).await;
}

fn transcript(stage: &Stage) -> Transcript {
    Transcript::from_events(stage.seen.iter().map(AsRef::as_ref))
}

fn texts(rows: &[TranscriptRow]) -> Vec<(Speaker, &str)> {
    rows.iter().map(|row| (row.speaker, row.text.as_str())).collect()
}

#[tokio::test(start_paused = true)]
async fn the_callers_text_stands_before_the_reply_although_it_comes_after_it() {
    let (mut stage, backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    answers(&backend, "resp1", "a1", "q1", "Until six.").await;
    backend.hears_turn("q2", Some("a1")).await;
    answers(&backend, "resp2", "a2", "q2", "You are welcome.").await;
    backend.transcribes("q2", "Thanks!").await;
    backend.transcribes("q1", " How long are you open? ").await;
    stage.rest().await;
    let transcript = transcript(&stage);
    let expected = [
        (Speaker::Caller, "How long are you open?"),
        (Speaker::Receptionist, "Until six."),
        (Speaker::Caller, "Thanks!"),
        (Speaker::Receptionist, "You are welcome."),
    ];
    assert_eq!(texts(&transcript.rows), expected);
}

#[tokio::test(start_paused = true)]
async fn a_backend_without_turn_events_still_gives_the_right_order() {
    let (mut stage, backend) = Stage::live(config()).await;
    answers(&backend, "resp1", "a1", "q1", "Until six.").await;
    backend.transcribes("q1", "How long are you open?").await;
    stage.rest().await;
    let transcript = transcript(&stage);
    assert_eq!(
        texts(&transcript.rows),
        [
            (Speaker::Caller, "How long are you open?"),
            (Speaker::Receptionist, "Until six.")
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_could_not_be_understood_has_an_empty_text() {
    let (mut stage, backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    let kind = "conversation.item.input_audio_transcription.failed";
    backend
        .says(json!({"type": kind, "item_id": "q1", "error": {"message": "noise"}}))
        .await;
    let row = stage
        .event(|event| matches!(event, CallEventBody::CallerTranscript { .. }))
        .await;
    assert!(matches!(row, CallEventBody::CallerTranscript { text, .. } if text.is_empty()));
}

#[tokio::test(start_paused = true)]
async fn without_transcription_a_turn_is_complete_at_once() {
    let (mut stage, backend) = Stage::live(SessionConfig {
        transcription: None,
        ..config()
    })
    .await;
    backend.hears_turn("q1", None).await;
    stage
        .event(|event| matches!(event, CallEventBody::CallerTranscript { .. }))
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_text_that_is_still_missing_at_the_end_keeps_what_is_known() {
    let (mut stage, backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    let kind = "conversation.item.input_audio_transcription.delta";
    backend
        .says(json!({"type": kind, "item_id": "q1", "delta": "How long"}))
        .await;
    stage.quiet().await;
    stage.command(Command::EndCall);
    stage.end().await;
    let transcript = transcript(&stage);
    assert_eq!(texts(&transcript.rows), [(Speaker::Caller, "How long")]);
    assert!(transcript.rows[0].complete);
    assert_eq!(transcript.ending.map(|ending| ending.reason), Some(EndReason::HungUp));
}

#[tokio::test(start_paused = true)]
async fn tools_hang_on_the_row_that_asked_for_them() {
    let (mut stage, backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    backend.begins("resp1", None).await;
    backend.calls("resp1", "t1", "quick", "{}").await;
    backend.done("resp1", "completed").await;
    stage
        .event(|event| matches!(event, CallEventBody::ToolFinished { .. }))
        .await;
    answers(&backend, "resp2", "a1", "item-t1", "Until six.").await;
    stage.rest().await;
    let transcript = transcript(&stage);
    assert_eq!(transcript.rows[0].tools.len(), 1);
    assert_eq!(transcript.rows[0].tools[0].name, "quick");
    assert!(transcript.rows[0].tools[0].result.is_some());
    assert_eq!(transcript.rows[1].text, "Until six.");
    assert_eq!(transcript.details.name.as_deref(), Some("Ada"));
    assert_eq!(transcript.opening.expect("an opening").company, "Prime Auto Lab");
}

#[tokio::test(start_paused = true)]
async fn a_late_reader_sees_the_same_events_as_an_early_one() {
    let (mut stage, backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    answers(&backend, "resp1", "a1", "q1", "Until six.").await;
    stage.rest().await;
    let mut late = stage.call.subscribe();
    let mut seen = late.ready();
    assert_eq!(seen, stage.seen, "the snapshot is all that was shown");
    backend.transcribes("q1", "When?").await;
    stage.quiet().await;
    stage.command(Command::EndCall);
    stage.end().await;
    while let Some(event) = late.next().await {
        seen.push(event);
    }
    assert_eq!(seen, stage.seen);
}
