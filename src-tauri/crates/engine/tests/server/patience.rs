//! When a turn is over: the words so far, held against what was asked, make the silence longer or shorter.

use std::sync::Arc;

use frontdesk_engine::server::{EngineHandle, LocalSpeech};
use frontdesk_engine::speech::Speech;
use serde_json::{Value, json};

use crate::client::Client;
use crate::double::{Double, silence, tone};
use crate::files;

/// What a caller says before the number is asked for.
const MESSAGE: &str = "I would like to leave a message, my name is Anna Carter.";

/// An engine with these ears, and a client that wants the caller's words.
async fn call(speech: impl LocalSpeech + 'static, detection: Value) -> (EngineHandle, Client) {
    let engine = crate::engine(frontdesk_company::sample().unwrap(), Arc::new(speech)).await;
    let mut client = Client::connect(&engine).await;
    let input = json!({ "transcription": { "model": "gpt-transcribe" }, "turn_detection": detection });
    client
        .send(json!({ "type": "session.update", "session": { "type": "realtime", "audio": { "input": input } } }))
        .await;
    client.until("session.updated").await;
    (engine, client)
}

/// Types a line, and lets its answer be over.
async fn tell(client: &mut Client, text: &str) -> String {
    client.say(text).await;
    let reply = client.reply().await;
    client.speak(&silence(8_000)).await;
    reply
}

/// The words of the next turn.
async fn next_turn(client: &mut Client) -> String {
    let events = client
        .until("conversation.item.input_audio_transcription.completed")
        .await;
    events[events.len() - 1]["transcript"].as_str().unwrap().to_owned()
}

fn usual() -> Value {
    json!({ "type": "server_vad", "silence_duration_ms": 500 })
}

/// A piece of a number, a breath of 1.2 s, the rest.
async fn number_with_a_breath(client: &mut Client) {
    for piece in [tone(0), silence(1_200), tone(1), silence(2_500)] {
        client.speak(&piece).await;
    }
}

fn number_in_pieces() -> Double {
    Double::hearing(&["312 555", "0142", "312 555 0142"])
}

#[tokio::test]
async fn a_caller_who_pauses_inside_the_number_that_was_asked_for_is_not_cut_off() {
    let (_engine, mut client) = call(number_in_pieces(), usual()).await;
    let question = tell(&mut client, MESSAGE).await;
    assert!(question.contains("number"), "{question}");
    number_with_a_breath(&mut client).await;
    assert_eq!(next_turn(&mut client).await, "312 555 0142");
    let reply = client.reply().await;
    assert!(reply.contains("about") || reply.contains("reason"), "{reply}");
}

#[tokio::test]
async fn where_no_number_was_asked_for_the_same_pause_ends_the_turn() {
    let (_engine, mut client) = call(number_in_pieces(), usual()).await;
    number_with_a_breath(&mut client).await;
    assert_eq!(next_turn(&mut client).await, "312 555");
    assert_eq!(next_turn(&mut client).await, "0142");
}

#[tokio::test]
async fn whoever_does_not_go_on_is_asked_for_the_rest_all_the_same() {
    let (_engine, mut client) = call(number_in_pieces(), usual()).await;
    tell(&mut client, MESSAGE).await;
    for piece in [tone(0), silence(2_500)] {
        client.speak(&piece).await;
    }
    assert_eq!(next_turn(&mut client).await, "312 555");
    let reply = client.reply().await;
    assert!(reply.contains("312-555") || reply.contains("31-2555"), "{reply}");
}

/// A word, 0.36 s of silence, and another.
async fn two_words(client: &mut Client) {
    for piece in [tone(0), silence(360), tone(1), silence(1_500)] {
        client.speak(&piece).await;
    }
}

fn yes_and_more() -> Double {
    Double::hearing(&["Yes, please.", "Goodbye.", "Yes, please. Goodbye."])
}

#[tokio::test]
async fn a_plain_yes_to_a_question_is_answered_sooner_than_other_words() {
    let (_engine, mut client) = call(yes_and_more(), usual()).await;
    let question = tell(&mut client, "Do you sell used motorcycles?").await;
    assert!(question.ends_with("team?"), "{question}");
    two_words(&mut client).await;
    assert_eq!(next_turn(&mut client).await, "Yes, please.");

    let (_engine, mut client) = call(yes_and_more(), usual()).await;
    two_words(&mut client).await;
    assert_eq!(next_turn(&mut client).await, "Yes, please. Goodbye.");
}

#[tokio::test]
async fn the_silence_that_the_client_asks_for_is_the_least_after_words_that_tell_nothing() {
    let patient = json!({ "type": "server_vad", "silence_duration_ms": 1_500 });
    let (_engine, mut client) = call(Double::hearing(&["312 555", "0142", "Both."]), patient).await;
    number_with_a_breath(&mut client).await;
    assert_eq!(next_turn(&mut client).await, "Both.");
}

#[tokio::test]
async fn the_end_that_is_told_is_the_usual_silence_after_the_last_word_however_long_was_waited() {
    let mut ends = Vec::new();
    for asked in [true, false] {
        let (_engine, mut client) = call(Double::hearing(&["312 555"]), usual()).await;
        if asked {
            tell(&mut client, MESSAGE).await;
        }
        for piece in [silence(1_000), tone(0), silence(3_000)] {
            client.speak(&piece).await;
        }
        let events = client.until("input_audio_buffer.speech_stopped").await;
        let of = |kind: &str, member: &str| {
            let event = events.iter().find(|event| event["type"] == kind).unwrap();
            event[member].as_u64().unwrap()
        };
        ends.push(
            of("input_audio_buffer.speech_stopped", "audio_end_ms")
                - of("input_audio_buffer.speech_started", "audio_start_ms"),
        );
    }
    assert!(ends[0].abs_diff(ends[1]) <= 64, "{ends:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_spoken_in_groups_with_long_breaths_is_one_turn() {
    let speech = Speech::load(&files::model_files()).unwrap();
    let groups = ["It's three one two.", "Five five five.", "Oh one four two."].map(|group| -> Vec<i16> {
        let clauses = speech.say(group, 1.0);
        clauses.flat_map(|clause| clause.unwrap().samples).collect()
    });
    let (_engine, mut client) = call(speech, usual()).await;
    tell(&mut client, MESSAGE).await;
    for group in groups {
        client.speak(&group).await;
        client.speak(&silence(1_200)).await;
    }
    client.speak(&silence(2_500)).await;
    let heard = next_turn(&mut client).await;
    let reply = client.reply().await;
    assert!(
        reply.contains("about") || reply.contains("reason"),
        "{heard:?} was answered with {reply:?}"
    );
}
