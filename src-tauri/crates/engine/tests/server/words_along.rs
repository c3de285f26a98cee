//! The caller's words: told while they are spoken, complete at the end, and asked for again when they cannot be what was said.

use std::sync::Arc;

use frontdesk_engine::server::{EngineHandle, LocalSpeech};
use frontdesk_engine::speech::Speech;
use serde_json::{Value, json};

use crate::client::{Client, transcript};
use crate::double::{Double, silence, tone, turn};
use crate::{files, models};

const DELTA: &str = "conversation.item.input_audio_transcription.delta";
const COMPLETED: &str = "conversation.item.input_audio_transcription.completed";

/// 800 ms: few enough commands that the ear never lags behind, however slow the machine.
const PIECE: usize = 24 * 800;

async fn call(speech: Arc<dyn LocalSpeech>, transcription: &Value) -> (EngineHandle, Client) {
    let engine = crate::engine(frontdesk_company::sample().unwrap(), speech).await;
    let mut client = Client::connect(&engine).await;
    let input = json!({ "transcription": transcription });
    client
        .send(json!({ "type": "session.update", "session": { "type": "realtime", "audio": { "input": input } } }))
        .await;
    client.until("session.updated").await;
    (engine, client)
}

fn wanted() -> Value {
    json!({ "model": "gpt-transcribe" })
}

/// A sentence that is understood word by word: a tone of 2.4 s, of which more is heard with each reading.
fn growing() -> Double {
    Double::hearing(&[
        "How",
        "How much",
        "How much is",
        "How much is an",
        "How much is an oil",
        "How much is an oil change,",
        "How much is an oil change, please",
        "How much is an oil change, please?",
    ])
}

fn deltas(events: &[Value]) -> Vec<&str> {
    let of_words = events.iter().filter(|event| event["type"] == DELTA);
    of_words.filter_map(|event| event["delta"].as_str()).collect()
}

#[tokio::test]
async fn words_come_while_they_are_spoken_and_together_are_the_text() {
    let (_engine, mut client) = call(Arc::new(growing()), &wanted()).await;
    client.speak_in_pieces(&tone(7), PIECE).await;
    // Nothing more is said until words have come.
    let early = client.until(DELTA).await;
    let (started, words) = (&early[0], &early[early.len() - 1]);
    assert_eq!(started["type"], "input_audio_buffer.speech_started");
    assert_eq!(words["item_id"], started["item_id"]);
    assert!(words["delta"].as_str().unwrap().starts_with("How"), "{words}");
    client.speak(&silence(900)).await;
    let late = client.until(COMPLETED).await;
    let all = [deltas(&early), deltas(&late)].concat();
    assert!(all.len() >= 2, "{all:?}");
    assert_eq!(all.concat(), "How much is an oil change, please?");
    assert_eq!(late[late.len() - 1]["transcript"], all.concat());
}

#[tokio::test]
async fn without_transcription_no_words_are_told() {
    let (_engine, mut client) = call(Arc::new(growing()), &Value::Null).await;
    client.speak_in_pieces(&tone(7), PIECE).await;
    client.speak(&silence(900)).await;
    let events = client.until("response.done").await;
    assert_eq!(deltas(&events), [""; 0]);
    assert!(transcript(&events).contains("$50 to $80"));
}

#[tokio::test]
async fn a_recogniser_that_changes_its_mind_has_the_last_word() {
    let early = "I would like to come in for";
    let words = [early, early, early, early, early, early, early, "Eye wood like a comb."];
    let (_engine, mut client) = call(Arc::new(Double::hearing(&words)), &wanted()).await;
    client.speak_in_pieces(&tone(7), PIECE).await;
    let told = client.until(DELTA).await;
    assert_eq!(deltas(&told), ["I would like to come"]);
    client.speak(&silence(900)).await;
    let events = client.until(COMPLETED).await;
    assert_eq!(
        deltas(&events),
        [""; 0],
        "nothing is added to words that do not count any more"
    );
    assert_eq!(events[events.len() - 1]["transcript"], "Eye wood like a comb.");
}

#[tokio::test]
async fn a_text_that_cannot_have_been_said_is_asked_for_again_and_the_second_time_another_way_is_offered() {
    let looped = "the the the the the the";
    let endless = "so I was thinking about the car and the brakes and what you could do with it by next week or so";
    let (_engine, mut client) = call(Arc::new(Double::hearing(&[looped, endless])), &wanted()).await;
    let mut replies = Vec::new();
    for number in [0, 1] {
        client.speak(&turn(number)).await;
        let events = client.until("response.done").await;
        let written = events.iter().find(|event| event["type"] == COMPLETED).unwrap();
        assert_eq!(written["transcript"], "");
        replies.push(transcript(&events));
    }
    assert!(replies[0].contains("did not catch"), "{replies:?}");
    assert!(replies[1].contains("type") && replies[1].ends_with('?'), "{replies:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_recorded_questions_the_words_come_early_and_together_are_the_text() {
    let speech = Arc::new(Speech::load(&files::model_files()).unwrap());
    let (_engine, mut client) = call(speech, &wanted()).await;
    let (mut early, mut kept) = (0, 0);
    let mut report = String::new();
    let questions = models::questions();
    for file in &questions {
        client.speak_in_pieces(&models::recording(file), PIECE).await;
        let events = client.until("response.done").await;
        let stopped = events
            .iter()
            .position(|event| event["type"] == "input_audio_buffer.speech_stopped")
            .unwrap();
        let written = events.iter().find(|event| event["type"] == COMPLETED).unwrap();
        let text = written["transcript"].as_str().unwrap();
        early += usize::from(!deltas(&events[..stopped]).is_empty());
        kept += usize::from(deltas(&events).concat() == text);
        report.push_str(&format!("{file}: {text:?} by {:?}\n", deltas(&events)));
    }
    assert!(early * 2 >= questions.len(), "{early} of {}\n{report}", questions.len());
    assert_eq!(kept, questions.len(), "{report}");
}
