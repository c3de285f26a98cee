//! The server as a client of the protocol sees it, on raw JSON, with a double for the models.

use std::sync::Arc;

use frontdesk_engine::server::EngineHandle;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::client::{Client, bearer, kinds, transcript};
use crate::double::{Double, tone, turn};

const OIL: &str = "How much is an oil change?";
const BRAKES: &str = "And how long does a brake repair take?";

/// The sample company, with the double's ears and mouth.
async fn engine_with(double: Double) -> EngineHandle {
    crate::engine(frontdesk_company::sample().unwrap(), Arc::new(double)).await
}

async fn quiet_engine() -> EngineHandle {
    engine_with(Double::hearing(&[OIL, BRAKES])).await
}

fn with_transcription() -> Value {
    json!({ "type": "session.update", "session": { "type": "realtime", "audio": { "input": { "transcription": { "model": "gpt-transcribe" } } } } })
}

#[tokio::test]
async fn the_greeting_follows_the_protocols_order() {
    let engine = quiet_engine().await;
    let mut client = Client::connect(&engine).await;
    client
        .send(json!({ "type": "response.create", "response": { "metadata": { "frontdesk_purpose": "greeting" } } }))
        .await;
    let events = client.until("response.done").await;
    assert_eq!(
        kinds(&events),
        [
            "response.created",
            "rate_limits.updated",
            "response.output_item.added",
            "conversation.item.added",
            "response.content_part.added",
            "response.output_audio_transcript.delta",
            "response.output_audio.delta",
            "response.output_audio_transcript.delta",
            "response.output_audio.delta",
            "response.output_audio_transcript.delta",
            "response.output_audio.delta",
            "response.output_audio.done",
            "response.output_audio_transcript.done",
            "response.content_part.done",
            "response.output_item.done",
            "conversation.item.done",
            "response.done",
        ]
    );
    assert!(
        transcript(&events).contains("Prime Auto Lab"),
        "{}",
        transcript(&events)
    );
    let done = &events[events.len() - 1]["response"];
    assert_eq!(
        (&done["status"], &done["metadata"]["frontdesk_purpose"]),
        (&json!("completed"), &json!("greeting"))
    );
    assert!(done["usage"]["total_tokens"].is_number());
}

#[tokio::test]
async fn a_spoken_question_is_heard_written_down_and_answered() {
    let engine = quiet_engine().await;
    let mut client = Client::connect(&engine).await;
    client.send(with_transcription()).await;
    client.until("session.updated").await;
    client.speak(&turn(0)).await;
    let events = client.until("response.done").await;
    assert_eq!(
        kinds(&events)[..11],
        [
            "input_audio_buffer.speech_started",
            "input_audio_buffer.speech_stopped",
            "input_audio_buffer.committed",
            "conversation.item.added",
            "conversation.item.done",
            "response.created",
            "rate_limits.updated",
            "conversation.item.input_audio_transcription.delta",
            "conversation.item.input_audio_transcription.completed",
            "response.output_item.added",
            "conversation.item.added",
        ]
    );
    let of = |kind: &str| events.iter().find(|event| event["type"] == kind).unwrap();
    let item = &of("input_audio_buffer.speech_started")["item_id"];
    assert_eq!(&of("input_audio_buffer.committed")["item_id"], item);
    let written = of("conversation.item.input_audio_transcription.completed");
    assert_eq!((&written["item_id"], &written["transcript"]), (item, &json!(OIL)));
    assert!(transcript(&events).contains("$50 to $80"), "{}", transcript(&events));
    client.speak(&turn(1)).await;
    assert!(client.reply().await.contains("2 hours"));
}

#[tokio::test]
async fn a_caller_who_stays_silent_is_asked_once_for_each_reply_where_the_session_wants_it() {
    let engine = quiet_engine().await;
    let mut client = Client::connect(&engine).await;
    let detection = json!({ "type": "server_vad", "idle_timeout_ms": 6_000 });
    client
        .send(json!({ "type": "session.update", "session": { "type": "realtime", "audio": { "input": { "turn_detection": detection } } } }))
        .await;
    client.send(json!({ "type": "response.create" })).await;
    let greeting = client.until("response.done").await;
    let audio_ms = 500
        * kinds(&greeting)
            .iter()
            .filter(|kind| **kind == "response.output_audio_transcript.delta")
            .count();
    // What the reply sounds, what a client may lag behind, and not quite the silence that was asked for.
    client.speak(&vec![0; 24 * (audio_ms + 5_900)]).await;
    client.send(json!({ "type": "input_audio_buffer.clear" })).await;
    let meanwhile = client.until("input_audio_buffer.cleared").await;
    assert_eq!(kinds(&meanwhile), ["input_audio_buffer.cleared"]);
    client.speak(&vec![0; 24 * 1_000]).await;
    let events = client.until("response.done").await;
    assert_eq!(
        kinds(&events)[..5],
        [
            "input_audio_buffer.timeout_triggered",
            "input_audio_buffer.committed",
            "conversation.item.added",
            "conversation.item.done",
            "response.created",
        ]
    );
    let (start, end) = (&events[0]["audio_start_ms"], &events[0]["audio_end_ms"]);
    assert!(
        end.as_u64().unwrap() >= start.as_u64().unwrap() + 6_000,
        "{}",
        events[0]
    );
    assert_eq!(events[0]["item_id"], events[1]["item_id"]);
    assert!(transcript(&events).contains('?'), "{}", transcript(&events));
}

#[tokio::test]
async fn a_written_aside_is_answered_beside_a_reply_and_leaves_no_trace() {
    let (double, breath) = Double::breathing(&[OIL, BRAKES]);
    let engine = engine_with(double).await;
    let mut client = Client::connect(&engine).await;
    client.send(json!({ "type": "response.create" })).await;
    breath.send(()).unwrap();
    client.until("response.output_audio.delta").await;
    let question = json!({ "type": "message", "role": "user", "content": [{ "type": "input_text", "text": OIL }] });
    let aside = json!({ "conversation": "none", "output_modalities": ["text"], "metadata": { "about": "oil" }, "input": [question] });
    client
        .send(json!({ "type": "response.create", "response": aside }))
        .await;
    let events = client.until("response.done").await;
    let done = &events[events.len() - 1]["response"];
    assert_eq!(
        (&done["status"], &done["metadata"]["about"]),
        (&json!("completed"), &json!("oil"))
    );
    assert!(done["conversation_id"].is_null());
    let said = done["output"][0]["content"][0]["text"].as_str().unwrap();
    assert!(said.contains("$50 to $80"), "{said}");
    assert!(
        !kinds(&events).contains(&"conversation.item.added"),
        "{:?}",
        kinds(&events)
    );
    let item = &done["output"][0]["id"];
    client
        .send(json!({ "type": "conversation.item.retrieve", "item_id": item }))
        .await;
    // The aside is no item of the conversation. What else comes before is the first clause of the reply.
    while client.next().await["type"] != "error" {}
    drop(breath);
    let events = client.until("response.done").await;
    assert_eq!(events[events.len() - 1]["response"]["status"], "completed");
}

#[tokio::test]
async fn an_aside_may_be_spoken_and_may_refer_to_items_of_the_conversation() {
    let engine = quiet_engine().await;
    let mut client = Client::connect(&engine).await;
    client.say(BRAKES).await;
    let events = client.until("response.done").await;
    assert!(transcript(&events).contains("2 hours"));
    let question =
        json!({ "id": "mine", "type": "message", "role": "user", "content": [{ "type": "input_text", "text": OIL }] });
    client
        .send(json!({ "type": "conversation.item.create", "item": question }))
        .await;
    client.until("conversation.item.done").await;
    let refer = |id: &str| json!({ "type": "response.create", "response": { "conversation": "none", "input": [{ "type": "item_reference", "id": id }] } });
    client.send(refer("mine")).await;
    let events = client.until("response.done").await;
    assert!(transcript(&events).contains("$50 to $80"), "{}", transcript(&events));
    assert!(kinds(&events).contains(&"response.output_audio.delta"));
    client.send(refer("nothing")).await;
    let error = client.next().await;
    assert_eq!(error["error"]["param"], "response.input", "{error}");
}

#[tokio::test]
async fn the_voice_cannot_change_once_it_was_heard() {
    let engine = quiet_engine().await;
    let mut client = Client::connect(&engine).await;
    let voice = |name: &str| json!({ "type": "session.update", "session": { "type": "realtime", "audio": { "output": { "voice": name } } } });
    client.send(voice("marin")).await;
    client.until("session.updated").await;
    client.send(json!({ "type": "response.create" })).await;
    client.until("response.done").await;
    client.send(voice("marin")).await;
    client.until("session.updated").await;
    client.send(voice("cedar")).await;
    let error = client.next().await;
    assert_eq!(error["error"]["code"], "cannot_update_voice", "{error}");
    assert_eq!(error["error"]["param"], "session.audio.output.voice");
}

#[tokio::test]
async fn the_caller_stops_a_reply_by_speaking() {
    let (double, breath) = Double::breathing(&[OIL, BRAKES]);
    let engine = engine_with(double).await;
    let mut client = Client::connect(&engine).await;
    client.send(json!({ "type": "response.create" })).await;
    breath.send(()).unwrap();
    client.until("response.output_audio.delta").await;
    client.speak(&tone(1)).await;
    client.until("input_audio_buffer.speech_started").await;
    let events = client.until("response.done").await;
    let response = &events[events.len() - 1]["response"];
    assert_eq!(
        (&response["status"], &response["status_details"]["reason"]),
        (&json!("cancelled"), &json!("turn_detected"))
    );
    assert_eq!(response["output"][0]["status"], "incomplete");
    drop(breath);
    client.speak(&vec![0; 24 * 900]).await;
    assert!(client.reply().await.contains("2 hours"));
}

/// A moment of sound, 0.3 s of silence, and a caller who stays. Gives where the first turn begins, in ms.
async fn first_turn_of_a_moment_and_a_caller(client: &mut Client) -> u64 {
    client.speak(&tone(0)[..24 * 96]).await;
    client.speak(&vec![0; 24 * 300]).await;
    client.speak(&tone(1)).await;
    let events = client.until("input_audio_buffer.speech_started").await;
    events[events.len() - 1]["audio_start_ms"].as_u64().unwrap()
}

#[tokio::test]
async fn a_moment_of_echo_does_not_stop_a_reply_and_a_short_word_in_silence_is_a_turn() {
    let unpadded = json!({ "type": "session.update", "session": { "type": "realtime", "audio": { "input": {
        "turn_detection": { "type": "server_vad", "prefix_padding_ms": 0 } } } } });
    let (double, breath) = Double::breathing(&[OIL, BRAKES]);
    let engine = engine_with(double).await;
    let mut client = Client::connect(&engine).await;
    client.send(unpadded.clone()).await;
    client.send(json!({ "type": "response.create" })).await;
    breath.send(()).unwrap();
    client.until("response.output_audio.delta").await;
    let start = first_turn_of_a_moment_and_a_caller(&mut client).await;
    assert!(start >= 300, "the moment began the turn, at {start} ms");
    drop(breath);

    let engine = quiet_engine().await;
    let mut client = Client::connect(&engine).await;
    client.send(unpadded).await;
    let start = first_turn_of_a_moment_and_a_caller(&mut client).await;
    assert!(start < 120, "the short word was not heard; a turn began at {start} ms");
}

#[tokio::test]
async fn what_is_said_after_an_unheard_reply_continues_what_was_said_before() {
    let engine = engine_with(Double::hearing(&["How much is", "an oil change?"])).await;
    let mut client = Client::connect(&engine).await;
    client.speak(&turn(0)).await;
    let events = client.until("response.done").await;
    let item = &events[events.len() - 1]["response"]["output"][0]["id"];
    client
        .send(json!({ "type": "conversation.item.truncate", "item_id": item, "content_index": 0, "audio_end_ms": 40 }))
        .await;
    client.until("conversation.item.truncated").await;
    client.speak(&turn(1)).await;
    assert!(client.reply().await.contains("$50 to $80"));
}

#[tokio::test]
async fn opening_hours_are_asked_of_the_function_that_the_session_offers() {
    let engine = quiet_engine().await;
    let mut client = Client::connect(&engine).await;
    let parameters = json!({ "type": "object", "properties": { "date": { "type": "string" } } });
    let tool = json!({ "type": "function", "name": "checkOpeningHours", "parameters": parameters });
    client
        .send(json!({ "type": "session.update", "session": { "type": "realtime", "tools": [tool] } }))
        .await;
    client.until("session.updated").await;
    client.say("Are you open on December the fourth?").await;
    let events = client.until("response.done").await;
    assert_eq!(
        kinds(&events)[1..7],
        [
            "rate_limits.updated",
            "response.output_item.added",
            "conversation.item.added",
            "response.function_call_arguments.delta",
            "response.function_call_arguments.done",
            "response.output_item.done"
        ]
    );
    let call = &events[events.len() - 1]["response"]["output"][0];
    assert_eq!(
        (&call["name"], &call["arguments"]),
        (&json!("checkOpeningHours"), &json!(r#"{"date":"2026-12-04"}"#))
    );
    let output =
        json!({ "hours": [{ "opens": "11:11 AM", "closes": "noon" }], "holiday": "the staff outing" }).to_string();
    let item = json!({ "type": "function_call_output", "call_id": call["call_id"], "output": output });
    client
        .send(json!({ "type": "conversation.item.create", "item": item }))
        .await;
    client.until("conversation.item.done").await;
    client.send(json!({ "type": "response.create" })).await;
    let told = client.reply().await;
    assert!(
        told.contains("11:11 AM to noon") && told.contains("staff outing"),
        "{told}"
    );
}

#[tokio::test]
async fn only_one_response_runs_at_a_time() {
    let (double, breath) = Double::breathing(&[]);
    let engine = engine_with(double).await;
    let mut client = Client::connect(&engine).await;
    client.send(json!({ "type": "response.create" })).await;
    client
        .send(json!({ "type": "response.create", "event_id": "second" }))
        .await;
    let events = client.until("error").await;
    let error = &events[events.len() - 1]["error"];
    assert_eq!(
        (&error["code"], &error["event_id"]),
        (&json!("conversation_already_has_active_response"), &json!("second"))
    );
    client.send(json!({ "type": "response.cancel" })).await;
    let events = client.until("response.done").await;
    assert_eq!(
        events[events.len() - 1]["response"]["status_details"]["reason"],
        "client_cancelled"
    );
    client.send(json!({ "type": "response.cancel" })).await;
    assert_eq!(client.next().await["error"]["code"], "response_cancel_not_active");
    drop(breath);
}

#[tokio::test]
async fn push_to_talk_commits_and_asks_by_hand() {
    let engine = quiet_engine().await;
    let mut client = Client::connect(&engine).await;
    client.send(json!({ "type": "session.update", "session": { "type": "realtime", "audio": { "input": { "turn_detection": null } } } })).await;
    client.until("session.updated").await;
    client.send(json!({ "type": "input_audio_buffer.commit" })).await;
    assert_eq!(client.next().await["error"]["code"], "input_audio_buffer_commit_empty");
    client.speak(&tone(1)).await;
    client.send(json!({ "type": "input_audio_buffer.clear" })).await;
    client.until("input_audio_buffer.cleared").await;
    client.speak(&tone(0)).await;
    client.send(json!({ "type": "input_audio_buffer.commit" })).await;
    client.send(json!({ "type": "response.create" })).await;
    assert!(client.reply().await.contains("$50 to $80"));
}

#[tokio::test]
async fn a_goodbye_calls_the_function_that_ends_the_call_where_the_session_offers_one() {
    let engine = quiet_engine().await;
    let mut client = Client::connect(&engine).await;
    client.say("Thank you, goodbye.").await;
    let events = client.until("response.done").await;
    assert!(transcript(&events).contains("oodbye"));
    let output = &events[events.len() - 1]["response"]["output"];
    assert_eq!(
        output.as_array().map(Vec::len),
        Some(1),
        "only offered functions are called: {output}"
    );

    let tool = json!({ "type": "function", "name": "endCall", "parameters": { "type": "object", "properties": {} } });
    client
        .send(json!({ "type": "session.update", "session": { "type": "realtime", "tools": [tool] } }))
        .await;
    client.until("session.updated").await;
    client.say("Thank you, goodbye.").await;
    let events = client.until("response.done").await;
    assert!(transcript(&events).contains("oodbye"));
    let output = &events[events.len() - 1]["response"]["output"];
    assert_eq!(
        (&output[0]["type"], &output[1]["type"]),
        (&json!("message"), &json!("function_call"))
    );
    assert_eq!(
        (&output[1]["name"], &output[1]["arguments"]),
        (&json!("endCall"), &json!("{}"))
    );
    assert_eq!(output.as_array().map(Vec::len), Some(2));

    // A client that asks for another response after the output gets no second goodbye, and a caller who goes on is answered.
    let item = json!({ "type": "function_call_output", "call_id": output[1]["call_id"], "output": "{}" });
    client
        .send(json!({ "type": "conversation.item.create", "item": item }))
        .await;
    client.until("conversation.item.done").await;
    client.send(json!({ "type": "response.create" })).await;
    assert_eq!(client.reply().await, "");
    client.say("Oh wait, how much is an oil change?").await;
    assert!(client.reply().await.contains("$50 to $80"));
}

#[tokio::test]
async fn typed_words_are_answered_as_text_where_text_is_wanted() {
    let engine = quiet_engine().await;
    let mut client = Client::connect(&engine).await;
    client
        .send(json!({ "type": "session.update", "session": { "type": "realtime", "output_modalities": ["text"] } }))
        .await;
    client.until("session.updated").await;
    client.say("What does a battery replacement cost?").await;
    let events = client.until("response.done").await;
    assert!(transcript(&events).contains("$100 to $200"));
    assert!(!kinds(&events).contains(&"response.output_audio.delta"));
}

#[tokio::test]
async fn a_restored_conversation_goes_on_without_a_greeting() {
    let engine = quiet_engine().await;
    let mut client = Client::connect(&engine).await;
    let message = |role: &str, kind: &str, text: &str| json!({ "type": "conversation.item.create", "item": { "type": "message", "role": role, "content": [{ "type": kind, "text": text }] } });
    for item in [
        message(
            "assistant",
            "output_text",
            "Thank you for calling Prime Auto Lab. How can I help you today?",
        ),
        message("user", "input_text", "How much is a brake repair?"),
        message("assistant", "output_text", "Brake repair costs $150 to $400."),
        message("user", "input_text", "And how long does it take?"),
        message(
            "system",
            "input_text",
            "The line was restored. Continue the conversation. Do not greet again.",
        ),
        json!({ "type": "response.create" }),
    ] {
        client.send(item).await;
    }
    let told = client.reply().await;
    assert!(
        told.contains("2 hours") && !told.contains("Thank you for calling"),
        "{told}"
    );
    client
        .send(json!({ "type": "response.create", "response": { "metadata": { "frontdesk_purpose": "goodbye" } } }))
        .await;
    assert!(client.reply().await.contains("oodbye"));
}

#[tokio::test]
async fn nonsense_is_answered_with_an_error_and_the_session_goes_on() {
    let engine = quiet_engine().await;
    let mut client = Client::connect(&engine).await;
    for (nonsense, code) in [
        ("{", "invalid_event"),
        ("[]", "invalid_event"),
        (r#"{"type":"party.start"}"#, "unknown_or_invalid_event"),
        (r#"{"type":"input_audio_buffer.append","audio":"!"}"#, "invalid_event"),
        (
            r#"{"type":"input_audio_buffer.append","audio":"AAAA"}"#,
            "invalid_event",
        ),
        (
            r#"{"type":"conversation.item.truncate","item_id":"nobody","audio_end_ms":0}"#,
            "unsupported_content_type",
        ),
        (
            r#"{"type":"conversation.item.delete","item_id":"nobody"}"#,
            "item_not_found",
        ),
        (
            r#"{"type":"conversation.item.retrieve","item_id":"nobody"}"#,
            "item_not_found",
        ),
        (r#"{"type":"output_audio_buffer.clear"}"#, "unknown_or_invalid_event"),
        (
            r#"{"type":"response.create","response":{"conversation":"other"}}"#,
            "invalid_value",
        ),
        (
            r#"{"type":"session.update","session":{"type":"transcription"}}"#,
            "invalid_value",
        ),
    ] {
        client.send_raw(Message::text(nonsense)).await;
        let event = client.next().await;
        assert_eq!(
            (&event["type"], &event["error"]["code"]),
            (&json!("error"), &json!(code)),
            "{nonsense} was answered with {event}"
        );
    }
    client.say("Where are you?").await;
    assert!(client.reply().await.contains("123 Main Street"));
    client.send_raw(Message::binary(vec![1, 2, 3])).await;
    assert_eq!(u16::from(client.closing().await.code), 1003);
}

#[tokio::test]
async fn strangers_are_refused_before_the_handshake() {
    let engine = quiet_engine().await;
    let bearer = bearer(&engine);
    for (path, headers, status) in [
        ("/v1/realtime", vec![], 401),
        ("/v1/realtime", vec![("authorization", "Bearer wrong")], 401),
        (
            "/v1/realtime",
            vec![("authorization", bearer.as_str()), ("origin", "https://evil.example")],
            403,
        ),
        (
            "/v1/realtime",
            vec![("authorization", bearer.as_str()), ("host", "evil.example")],
            403,
        ),
        (
            "/v1/realtime?company=nobody",
            vec![("authorization", bearer.as_str())],
            404,
        ),
    ] {
        match Client::knock(&engine, path, &headers).await.map_err(|error| *error) {
            Err(Error::Http(response)) => assert_eq!(response.status().as_u16(), status, "{path} {headers:?}"),
            other => panic!("{path} {headers:?}: {:?}", other.err()),
        }
    }
}

#[tokio::test]
async fn the_retired_beta_is_told_so_and_closed() {
    let engine = quiet_engine().await;
    let bearer = bearer(&engine);
    let headers = [("authorization", bearer.as_str()), ("openai-beta", "realtime=v1")];
    let mut client = Client::knock(&engine, "/v1/realtime", &headers).await.unwrap();
    assert_eq!(client.next().await["error"]["code"], "beta_api_shape_disabled");
    assert_eq!(u16::from(client.closing().await.code), 4000);
}

#[tokio::test]
async fn stopping_the_engine_closes_every_connection_cleanly() {
    let engine = quiet_engine().await;
    let mut client = Client::connect(&engine).await;
    let stopping = tokio::spawn(engine.shut_down());
    assert_eq!(u16::from(client.closing().await.code), 1001);
    drop(client);
    stopping.await.unwrap();
}
