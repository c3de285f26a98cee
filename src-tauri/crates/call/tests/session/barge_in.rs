//! The caller speaks over the receptionist.

use frontdesk_call::Command;
use frontdesk_call::TurnTaking;
use frontdesk_call::event::CallEventBody;
use frontdesk_protocol::ServerVad;
use serde_json::{Value, json};

use crate::doubles::{Backend, LegCall};
use crate::stage::{SECOND, Stage, config, plays};

const WORDS: &str = "We are open until six on weekdays and until noon on Saturdays.";

/// A reply of four seconds, of which one second was heard.
async fn speaking(stage: &mut Stage, backend: &mut Backend) {
    backend.hears_turn("q1", None).await;
    backend.begins("resp1", None).await;
    backend.speaks("resp1", "a1", Some("q1"), WORDS, 4 * SECOND).await;
    stage.heard("a1", SECOND as u64).await;
    stage.rest().await;
    stage.leg.rest();
    backend.rest();
}

async fn speech_starts(backend: &Backend) {
    backend
        .says(json!({"type": "input_audio_buffer.speech_started", "item_id": "q2", "audio_start_ms": 0}))
        .await;
}

#[tokio::test(start_paused = true)]
async fn playback_stops_first_then_the_backend_is_told_what_was_heard() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    speaking(&mut stage, &mut backend).await;

    speech_starts(&backend).await;
    stage.quiet().await;
    assert_eq!(stage.leg.rest(), [LegCall::Flush]);
    assert_eq!(
        backend.rest(),
        Vec::<Value>::new(),
        "the backend cancels by itself; the cut waits for the leg's figure"
    );

    stage.flushed("a1", SECOND as u64 + 1_211).await;
    let cut = backend.expects("conversation.item.truncate").await;
    assert_eq!(
        (&cut["item_id"], &cut["content_index"], &cut["audio_end_ms"]),
        (&json!("a1"), &json!(0), &json!(1_050))
    );

    backend.speaks("resp1", "a1", Some("q1"), "late words", SECOND).await;
    backend.done("resp1", "cancelled").await;
    let events = stage.rest().await;
    assert!(
        !plays(&stage.leg.rest()),
        "late audio of a cancelled response is dropped"
    );
    assert!(
        !events
            .iter()
            .any(|event| matches!(event, CallEventBody::ReplyDelta { .. }))
    );
    let heard = events.iter().find_map(|event| match event {
        CallEventBody::ReplyInterrupted {
            heard_text, heard_ms, ..
        } => Some((heard_text.clone(), *heard_ms)),
        _ => None,
    });
    let (heard_text, heard_ms) = heard.expect("the reply was interrupted");
    assert_eq!(heard_ms, 1_050);
    assert!(
        WORDS.starts_with(&heard_text) && !heard_text.is_empty() && heard_text.len() < WORDS.len() / 3,
        "{heard_text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_reply_of_which_nothing_was_heard_is_removed() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    backend.begins("resp1", None).await;
    backend.speaks("resp1", "a1", Some("q1"), WORDS, SECOND).await;
    speech_starts(&backend).await;
    stage.flushed("a1", 0).await;
    let cut = backend.expects("conversation.item.delete").await;
    assert_eq!(cut["item_id"], "a1");
    let interrupted = stage
        .event(|event| matches!(event, CallEventBody::ReplyInterrupted { .. }))
        .await;
    let nothing = CallEventBody::ReplyInterrupted {
        item_id: "a1".into(),
        heard_text: String::new(),
        heard_ms: 0,
    };
    assert_eq!(interrupted, nothing);
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_was_heard_to_its_end_is_left_whole() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    backend.begins("resp1", None).await;
    backend.speaks("resp1", "a1", Some("q1"), WORDS, SECOND).await;
    backend.completes("resp1", "a1", WORDS).await;
    speech_starts(&backend).await;
    stage.flushed("a1", SECOND as u64).await;
    stage
        .event(|event| matches!(event, CallEventBody::ReplyPlayed { .. }))
        .await;
    stage.quiet().await;
    assert_eq!(backend.rest(), Vec::<Value>::new());
}

#[tokio::test(start_paused = true)]
async fn a_written_reply_that_is_interrupted_keeps_what_was_shown() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    stage.command(Command::SendText("When are you open?".into()));
    backend.expects("conversation.item.create").await;
    let create = backend.expects("response.create").await;
    backend.begins("resp1", Some(&create)).await;
    let words =
        json!({"type": "response.output_text.delta", "response_id": "resp1", "item_id": "a1", "delta": "Until six on"});
    backend.says(words).await;
    stage.quiet().await;
    stage.command(Command::SendText("And on Sunday?".into()));
    let interrupted = stage
        .event(|event| matches!(event, CallEventBody::ReplyInterrupted { .. }))
        .await;
    let shown = CallEventBody::ReplyInterrupted {
        item_id: "a1".into(),
        heard_text: "Until six on".into(),
        heard_ms: 0,
    };
    assert_eq!(interrupted, shown);
    stage.quiet().await;
    let cuts = ["conversation.item.truncate", "conversation.item.delete"];
    assert!(
        backend
            .rest()
            .iter()
            .all(|event| !cuts.contains(&event["type"].as_str().unwrap_or_default()))
    );
}

#[tokio::test(start_paused = true)]
async fn a_response_without_sound_is_cancelled_without_a_cut() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    backend.begins("resp1", None).await;
    speech_starts(&backend).await;
    backend.done("resp1", "cancelled").await;
    stage.quiet().await;
    assert_eq!(backend.rest(), Vec::<Value>::new());
    assert!(!stage.leg.rest().contains(&LegCall::Flush));
    let events = stage.rest().await;
    assert!(
        !events
            .iter()
            .any(|event| matches!(event, CallEventBody::ReplyStarted { .. }))
    );
}

#[tokio::test(start_paused = true)]
async fn where_the_backend_does_not_cancel_the_session_does() {
    let mut settings = config();
    let vad = ServerVad {
        create_response: Some(false),
        interrupt_response: Some(false),
        ..ServerVad::default()
    };
    settings.turn_taking = TurnTaking::ServerVad(vad);
    let (mut stage, mut backend) = Stage::live(settings).await;
    backend.hears_turn("q1", None).await;
    let create = backend.expects("response.create").await;
    backend.begins("resp1", Some(&create)).await;
    backend.speaks("resp1", "a1", Some("q1"), WORDS, SECOND).await;
    stage.heard("a1", 4_800).await;
    stage.quiet().await;
    speech_starts(&backend).await;
    let cancel = backend.expects("response.cancel").await;
    assert_eq!(cancel["response_id"], "resp1");
    stage.rest().await;
}

#[tokio::test(start_paused = true)]
async fn a_leg_that_truncates_itself_is_left_to_it() {
    let mut stage = Stage::with_leg(config(), true);
    let mut backend = stage.ready().await;
    speaking(&mut stage, &mut backend).await;
    speech_starts(&backend).await;
    stage.flushed("a1", SECOND as u64).await;
    stage
        .event(|event| matches!(event, CallEventBody::ReplyInterrupted { heard_ms: 1_000, .. }))
        .await;
    stage.quiet().await;
    assert_eq!(backend.rest(), Vec::<Value>::new());
}

#[tokio::test(start_paused = true)]
async fn a_leg_that_never_answers_a_flush_is_taken_by_its_last_word() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    speaking(&mut stage, &mut backend).await;
    speech_starts(&backend).await;
    let cut = backend.expects("conversation.item.truncate").await;
    assert_eq!(cut["audio_end_ms"], 1_000);
}

#[tokio::test(start_paused = true)]
async fn typing_interrupts_first_and_then_asks() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    speaking(&mut stage, &mut backend).await;
    stage.command(Command::SendText("  And on Sunday? ".into()));
    assert_eq!(backend.told().await["type"], "response.cancel");
    let item = backend.expects("conversation.item.create").await;
    assert_eq!(
        item["item"]["content"],
        json!([{"type": "input_text", "text": "And on Sunday?"}])
    );
    stage.flushed("a1", SECOND as u64).await;
    backend.expects("conversation.item.truncate").await;
    stage.quiet().await;
    assert_eq!(
        backend.rest(),
        Vec::<Value>::new(),
        "the cancelled response is still running"
    );
    backend.done("resp1", "cancelled").await;
    backend.expects("response.create").await;
}

#[tokio::test(start_paused = true)]
async fn the_button_silences_the_receptionist() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    speaking(&mut stage, &mut backend).await;
    stage.command(Command::Interrupt);
    backend.expects("response.cancel").await;
    assert_eq!(stage.leg.rest(), [LegCall::Flush]);
}
