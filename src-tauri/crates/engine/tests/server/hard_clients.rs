//! Clients that send what they should not: cut JSON at any moment, audio in crumbs and in blocks of 15 MiB, false rates, and more after the
//! end. Each is answered with the right error event or close code, and the session, or at least the engine, goes on.

use std::sync::Arc;

use frontdesk_engine::server::{EngineHandle, MAX_APPEND_BYTES, MAX_MESSAGE_BYTES};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::client::{Client, transcript};
use crate::double::{Double, silence, tone, turn};

const OIL: &str = "How much is an oil change?";

async fn engine_with(double: Double) -> EngineHandle {
    crate::engine(frontdesk_company::sample().unwrap(), Arc::new(double)).await
}

async fn call() -> (EngineHandle, Client) {
    let engine = engine_with(Double::hearing(&[OIL, OIL])).await;
    let client = Client::connect(&engine).await;
    (engine, client)
}

/// The next error, whatever else comes before it.
async fn next_error(client: &mut Client) -> Value {
    loop {
        let event = client.next().await;
        if event["type"] == "error" {
            return event["error"].clone();
        }
    }
}

/// The session still hears and answers.
async fn is_well(client: &mut Client) {
    client.speak(&turn(0)).await;
    let told = client.reply().await;
    assert!(told.contains("$50 to $80"), "{told}");
}

/// Base64 of so many bytes of silence; a multiple of three.
fn silent_bytes(bytes: usize) -> String {
    "A".repeat(bytes / 3 * 4)
}

fn append(audio: &str) -> Value {
    json!({ "type": "input_audio_buffer.append", "event_id": "block", "audio": audio })
}

#[tokio::test]
async fn cut_json_is_refused_at_every_moment_of_a_turn_and_a_reply() {
    let (double, breath) = Double::breathing(&[OIL, OIL]);
    let engine = engine_with(double).await;
    let mut client = Client::connect(&engine).await;
    let cut = || Message::text(r#"{"type":"input_audio_buffer.append","audio":"AAA"#);
    client.send_raw(cut()).await;
    assert_eq!(next_error(&mut client).await["code"], "invalid_event");
    client.speak(&tone(0)).await;
    client.until("input_audio_buffer.speech_started").await;
    client.send_raw(cut()).await;
    assert_eq!(next_error(&mut client).await["code"], "invalid_event");
    client.speak(&silence(900)).await;
    breath.send(()).unwrap();
    client.until("response.output_audio_transcript.delta").await;
    client.send_raw(cut()).await;
    drop(breath);
    // The reply may be over before the complaint comes, or after it.
    let mut events = Vec::new();
    let has = |events: &[Value], kind: &str| events.iter().any(|event| event["type"] == kind);
    while !has(&events, "error") || !has(&events, "response.done") {
        events.push(client.next().await);
    }
    let of = |kind: &str| events.iter().find(|event| event["type"] == kind).unwrap();
    assert_eq!(of("error")["error"]["code"], "invalid_event");
    assert_eq!(of("response.done")["response"]["status"], "completed");
    is_well(&mut client).await;
}

#[tokio::test]
async fn thousands_of_crumbs_of_audio_are_one_turn() {
    let (_engine, mut client) = call().await;
    for _ in 0..1_000 {
        client.send(append("")).await;
    }
    client.speak_in_pieces(&turn(0)[..24 * 400], 1).await;
    client.speak(&silence(900)).await;
    let events = client.until("response.done").await;
    assert!(transcript(&events).contains("$50 to $80"));
}

#[tokio::test]
async fn fifteen_mebibytes_at_once_are_heard_and_more_are_refused() {
    let (_engine, mut client) = call().await;
    client.send(append(&silent_bytes(MAX_APPEND_BYTES))).await;
    is_well(&mut client).await;
    client.send(append(&silent_bytes(MAX_APPEND_BYTES + 6))).await;
    let error = next_error(&mut client).await;
    assert_eq!(
        (&error["param"], &error["event_id"]),
        (&json!("audio"), &json!("block")),
        "{error}"
    );
    is_well(&mut client).await;
}

#[tokio::test]
async fn a_message_beyond_every_limit_is_told_so_and_ends_its_connection_and_no_other() {
    let (engine, mut client) = call().await;
    let event = append(&"A".repeat(MAX_MESSAGE_BYTES + 1)).to_string();
    let code = client.send_until_cut_off(Message::text(event)).await;
    assert_eq!(code, Some(1009));
    Client::connect(&engine).await;
}

#[tokio::test]
async fn a_client_that_sends_on_after_a_binary_frame_still_reads_why_it_was_closed() {
    let (_engine, mut client) = call().await;
    client.send_raw(Message::binary(vec![1, 2, 3])).await;
    for _ in 0..50 {
        client.send(append(&silent_bytes(960))).await;
    }
    assert_eq!(u16::from(client.closing().await.code), 1003);
}

#[tokio::test]
async fn large_events_without_audio_and_long_names_are_refused() {
    let (_engine, mut client) = call().await;
    let long = "x".repeat(2 * 1024 * 1024);
    let call =
        |name: &str, id: &str| json!({ "type": "function_call", "name": name, "call_id": id, "arguments": "{}" });
    let name = "n".repeat(600);
    for (event, code) in [
        (
            json!({ "type": "session.update", "session": { "type": "realtime", "instructions": long } }),
            "invalid_event",
        ),
        (json!({ "type": "response.cancel", "event_id": name }), "invalid_event"),
        (
            json!({ "type": "conversation.item.create", "item": call(&name, "c") }),
            "invalid_event",
        ),
        (
            json!({ "type": "conversation.item.create", "item": call("n", &name) }),
            "invalid_event",
        ),
        (
            json!({ "type": "conversation.item.create", "item": { "type": "message", "id": name, "role": "user", "content": [] } }),
            "invalid_event",
        ),
        (
            json!({ "type": "conversation.item.create", "item": { "type": "novel", "pages": "p".repeat(40_000) } }),
            "invalid_event",
        ),
    ] {
        client.send(event).await;
        let error = next_error(&mut client).await;
        assert_eq!(error["code"], code, "{error}");
    }
    is_well(&mut client).await;
}

#[tokio::test]
async fn false_claims_about_the_rate_are_refused_and_change_nothing() {
    let (_engine, mut client) = call().await;
    for format in [
        json!({ "type": "audio/pcm", "rate": 16_000 }),
        json!({ "type": "audio/pcm", "rate": 48_000 }),
        json!({ "type": "audio/pcm", "rate": -24_000 }),
        json!({ "type": "audio/pcm", "rate": 0 }),
        json!({ "type": "audio/pcm", "rate": "24000" }),
        json!({ "type": "audio/pcm", "rate": 1e300 }),
        json!({ "type": "audio/opus", "rate": 24_000 }),
        json!({ "type": "audio/pcm", "rate": 5_000_000_000_u64 }),
        json!("mp3"),
    ] {
        client
            .send(json!({ "type": "session.update", "event_id": "rate", "session": { "type": "realtime", "audio": { "input": { "format": format } } } }))
            .await;
        let error = next_error(&mut client).await;
        assert_eq!(error["event_id"], "rate", "{format}: {error}");
        assert!(
            matches!(error["code"].as_str(), Some("invalid_value" | "invalid_event")),
            "{format}: {error}"
        );
    }
    is_well(&mut client).await;
}

#[tokio::test]
async fn minutes_of_silence_are_no_turn_and_cost_no_answer() {
    let (_engine, mut client) = call().await;
    client.speak_in_pieces(&silence(5 * 60_000), 24_000).await;
    client.speak(&tone(0)).await;
    let events = client.until("input_audio_buffer.speech_started").await;
    assert_eq!(events.len(), 1, "{events:?}");
    assert!(events[0]["audio_start_ms"].as_u64().unwrap() > 299_000);
    client.speak(&silence(900)).await;
    assert!(client.reply().await.contains("$50 to $80"));
}

#[tokio::test]
async fn audio_after_the_close_is_not_heard_and_hurts_nobody() {
    let (engine, mut client) = call().await;
    client.send_raw(Message::Close(None)).await;
    client.send_past_the_close(&append("AAAA").to_string()).await;
    let mut other = Client::connect(&engine).await;
    is_well(&mut other).await;
    // The engine stops although a client goes on sending.
    let stopping = tokio::spawn(engine.shut_down());
    other
        .send_until_cut_off(Message::text(append("AAAA").to_string()))
        .await;
    drop((client, other));
    stopping.await.unwrap();
}
