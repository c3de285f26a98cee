//! The double against the protocol's rules: what it refuses, orders and cancels, and the beta it rejects. Spoken to with raw JSON.

use std::time::Duration;

use frontdesk_protocol::ServerEvent;
use frontdesk_tests::realtime_double::{CallerTurn, RealtimeDouble, Reply, Script, TranscriptTiming, pipe};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::DuplexStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{WebSocketStream, client_async};

/// A client that knows JSON only.
struct Client {
    socket: WebSocketStream<DuplexStream>,
}

impl Client {
    async fn connect(script: Script) -> Self {
        let (stream, _recording) = pipe(script);
        match client_async("ws://localhost/v1/realtime?model=m", stream).await {
            Ok((socket, _)) => Self { socket },
            Err(error) => panic!("{error}"),
        }
    }

    async fn send(&mut self, event: Value) {
        let sent = self.socket.send(Message::Text(event.to_string().into())).await;
        sent.unwrap_or_else(|error| panic!("{error}"));
    }

    async fn receive(&mut self) -> Value {
        match self.socket.next().await {
            Some(Ok(Message::Text(text))) => {
                let understood = ServerEvent::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
                assert!(!matches!(understood, ServerEvent::Unknown(_)), "{text}");
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}"))
            }
            other => panic!("{other:?}"),
        }
    }

    async fn until(&mut self, kind: &str) -> Vec<Value> {
        let mut events = vec![self.receive().await];
        while events.last().is_some_and(|event| event["type"] != kind) {
            events.push(self.receive().await);
        }
        events
    }

    async fn append(&mut self, milliseconds: usize) {
        let audio = frontdesk_protocol::encode_pcm16(&vec![0; milliseconds * 24]);
        self.send(json!({"type": "input_audio_buffer.append", "audio": audio}))
            .await;
    }
}

#[tokio::test(start_paused = true)]
async fn only_one_response_may_run_and_the_second_is_refused_by_its_event_id() {
    let mut client = Client::connect(Script::new().replying(Reply::text("a b c").paced(Duration::from_secs(1)))).await;
    client.send(json!({"type": "response.create"})).await;
    client.until("response.created").await;
    client
        .send(json!({"type": "response.create", "event_id": "second"}))
        .await;
    let refused = client.until("error").await.pop().unwrap();
    assert_eq!(refused["error"]["code"], "conversation_already_has_active_response");
    assert_eq!(refused["error"]["event_id"], "second");
    let done = client.until("response.done").await.pop().unwrap();
    assert_eq!(done["response"]["status"], "completed");
}

#[tokio::test(start_paused = true)]
async fn speech_of_the_caller_cancels_a_running_reply() {
    let turn = CallerTurn {
        starts_at_ms: 100,
        ends_at_ms: 300,
        transcript: "Stop.".to_owned(),
        timing: TranscriptTiming::Never,
    };
    let script = Script::new()
        .hearing(turn)
        .replying(Reply::speech("A very long story.", 60_000).paced(Duration::from_millis(500)));
    let mut client = Client::connect(script).await;
    client.send(json!({"type": "response.create"})).await;
    client.until("response.output_audio.delta").await;
    client.append(200).await;
    let events = client.until("response.done").await;
    assert!(
        events
            .iter()
            .any(|event| event["type"] == "input_audio_buffer.speech_started")
    );
    let response = &events.last().unwrap()["response"];
    assert_eq!(
        (&response["status"], &response["status_details"]["reason"]),
        (&json!("cancelled"), &json!("turn_detected"))
    );
    client.append(200).await;
    let next = client.until("response.done").await;
    assert!(next.iter().all(|event| event["type"] != "response.output_audio.delta"));
}

#[tokio::test(start_paused = true)]
async fn a_transcript_comes_early_late_failed_or_never_as_the_script_says() {
    for (timing, position) in [
        (TranscriptTiming::Early, Some((".completed", true))),
        (TranscriptTiming::Late, Some((".completed", false))),
        (TranscriptTiming::Failed, Some((".failed", false))),
        (TranscriptTiming::Never, None),
    ] {
        let turn = CallerTurn {
            starts_at_ms: 100,
            ends_at_ms: 200,
            transcript: "Two words".to_owned(),
            timing,
        };
        let mut client = Client::connect(Script::new().hearing(turn).replying(Reply::text("Hm."))).await;
        let audio = json!({"input": {"transcription": {"model": "gpt-transcribe"}}});
        client
            .send(json!({"type": "session.update", "session": {"type": "realtime", "audio": audio}}))
            .await;
        client.append(300).await;
        client.send(json!({"type": "input_audio_buffer.clear"})).await;
        let events = client.until("input_audio_buffer.cleared").await;
        let find = |suffix: &str| {
            events
                .iter()
                .position(|event| event["type"].as_str().is_some_and(|kind| kind.ends_with(suffix)))
        };
        let created = find("response.created").unwrap();
        match position {
            Some((suffix, early)) => {
                let transcript = events.iter().position(|event| {
                    event["type"]
                        .as_str()
                        .is_some_and(|kind| kind.contains("input_audio_transcription") && kind.ends_with(suffix))
                });
                assert_eq!(transcript.unwrap() < created, early, "{timing:?}");
            }
            None => assert!(
                events
                    .iter()
                    .all(|event| !event["type"].to_string().contains("input_audio_transcription"))
            ),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn push_to_talk_needs_a_hundred_milliseconds_and_asks_for_its_own_response() {
    let mut client = Client::connect(Script::new().replying(Reply::text("Yes."))).await;
    client.send(json!({"type": "session.update", "session": {"type": "realtime", "audio": {"input": {"turn_detection": null}}}})).await;
    client.append(60).await;
    client
        .send(json!({"type": "input_audio_buffer.commit", "event_id": "short"}))
        .await;
    let refused = client.until("error").await.pop().unwrap();
    assert_eq!(refused["error"]["code"], "input_audio_buffer_commit_empty");
    client.append(60).await;
    client.send(json!({"type": "input_audio_buffer.commit"})).await;
    client.until("conversation.item.done").await;
    client.send(json!({"type": "response.create"})).await;
    let events = client.until("response.done").await;
    assert_eq!(
        events
            .iter()
            .filter(|event| event["type"] == "response.created")
            .count(),
        1
    );
}

#[tokio::test(start_paused = true)]
async fn a_function_call_is_whole_in_its_item_and_its_output_enters_the_conversation() {
    let script = Script::new()
        .replying(Reply::call("checkOpeningHours", "{\"day\":\"monday\",\"hour\":9}"))
        .replying(Reply::text("Open."));
    let mut client = Client::connect(script).await;
    client.send(json!({"type": "response.create"})).await;
    let events = client.until("response.output_item.done").await;
    let item = events.last().unwrap()["item"].clone();
    assert_eq!(
        (&item["name"], &item["arguments"]),
        (&json!("checkOpeningHours"), &json!("{\"day\":\"monday\",\"hour\":9}"))
    );
    let pieces: String = events
        .iter()
        .filter(|event| event["type"] == "response.function_call_arguments.delta")
        .filter_map(|event| event["delta"].as_str())
        .collect();
    assert_eq!(pieces, "{\"day\":\"monday\",\"hour\":9}");
    client.until("response.done").await;
    let output = json!({"type": "function_call_output", "call_id": item["call_id"], "output": "{\"open\":true}"});
    client
        .send(json!({"type": "conversation.item.create", "item": output}))
        .await;
    let added = client.until("conversation.item.done").await.pop().unwrap();
    assert_eq!(added["item"]["type"], "function_call_output");
    client.send(json!({"type": "response.create"})).await;
    client.until("response.done").await;
}

#[tokio::test(start_paused = true)]
async fn wrong_events_are_answered_with_an_error_and_the_session_goes_on() {
    let mut client = Client::connect(Script::new()).await;
    client.until("session.created").await;
    for wrong in [
        json!({"type": "response.text.create"}),
        json!({"no": "type"}),
        json!({"type": "conversation.item.truncate"}),
    ] {
        client.send(wrong).await;
        assert_eq!(client.receive().await["type"], "error");
    }
    client.send(json!({"type": "response.cancel"})).await;
    assert_eq!(client.receive().await["error"]["code"], "response_cancel_not_active");
}

#[tokio::test]
async fn a_client_of_the_beta_is_told_so_and_closed_with_4000() {
    let double = RealtimeDouble::start([Script::new()]).await.unwrap();
    let mut request = format!("{}/v1/realtime?model=m", double.base_url())
        .into_client_request()
        .unwrap();
    request
        .headers_mut()
        .insert("OpenAI-Beta", HeaderValue::from_static("realtime=v1"));
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
    let Some(Ok(Message::Text(text))) = socket.next().await else {
        panic!("no event")
    };
    assert!(text.contains("beta_api_shape_disabled"), "{text}");
    let Some(Ok(Message::Close(Some(frame)))) = socket.next().await else {
        panic!("no close")
    };
    assert_eq!(
        (u16::from(frame.code), frame.reason.as_str()),
        (4000, "invalid_request_error.beta_api_shape_disabled")
    );
}
