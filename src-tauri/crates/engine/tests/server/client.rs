//! A client of the engine that speaks raw JSON.

use frontdesk_engine::server::EngineHandle;
use frontdesk_protocol::AudioBytes;
use futures_util::{SinkExt, StreamExt};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// One connection.
pub struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Client {
    /// Connects with the right bearer and reads `session.created`.
    pub async fn connect(engine: &EngineHandle) -> Self {
        let bearer = bearer(engine);
        let mut client = Self::knock(engine, "/v1/realtime", &[("authorization", &bearer)])
            .await
            .unwrap();
        assert_eq!(client.next().await["type"], "session.created");
        client
    }

    /// Connects with the given headers.
    pub async fn knock(
        engine: &EngineHandle,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, Box<Error>> {
        let mut request = format!("ws://{}{path}", engine.address())
            .into_client_request()
            .unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        connect_async(request)
            .await
            .map(|(socket, _)| Self(socket))
            .map_err(Box::new)
    }

    /// Sends one event.
    pub async fn send(&mut self, event: Value) {
        self.send_raw(Message::text(event.to_string())).await;
    }

    /// Sends anything.
    pub async fn send_raw(&mut self, message: Message) {
        self.0.send(message).await.unwrap();
    }

    /// Writes a text frame by hand, as a client does that has overlooked its own close frame.
    pub async fn send_past_the_close(&mut self, text: &str) {
        let length = u8::try_from(text.len()).unwrap();
        assert!(length < 126, "longer frames have another form");
        // Final text frame, masked with zeros.
        let mut frame = vec![0x81, 0x80 | length, 0, 0, 0, 0];
        frame.extend_from_slice(text.as_bytes());
        // The server may have closed the socket already, which is as good.
        let _closed = tokio::io::AsyncWriteExt::write_all(self.0.get_mut(), &frame).await;
    }

    /// The next event.
    pub async fn next(&mut self) -> Value {
        match self.0.next().await {
            Some(Ok(Message::Text(text))) => serde_json::from_str(&text).unwrap(),
            other => panic!("no event came but {other:?}"),
        }
    }

    /// Sends something that the server may cut off; the code of its close frame, if that still arrived.
    pub async fn send_until_cut_off(&mut self, message: Message) -> Option<u16> {
        // The rest of the message may not leave any more once the server has closed.
        let _cut_off = self.0.send(message).await;
        loop {
            match self.0.next().await {
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| u16::from(frame.code)),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }

    /// Why the server closed.
    pub async fn closing(&mut self) -> CloseFrame {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Close(Some(frame)))) => return frame,
                Some(Ok(_)) => {}
                other => panic!("no close frame came but {other:?}"),
            }
        }
    }

    /// Reads up to and including the next event of a type.
    pub async fn until(&mut self, kind: &str) -> Vec<Value> {
        let mut events = Vec::new();
        loop {
            let event = self.next().await;
            let last = event["type"] == kind;
            assert!(
                last || event["type"] != "error",
                "an error came instead of {kind}: {event}"
            );
            events.push(event);
            if last {
                return events;
            }
        }
    }

    /// Sends samples in frames of 20 ms.
    pub async fn speak(&mut self, samples: &[i16]) {
        self.speak_in_pieces(samples, 480).await;
    }

    /// Sends samples in pieces of so many.
    pub async fn speak_in_pieces(&mut self, samples: &[i16], length: usize) {
        for piece in samples.chunks(length) {
            self.send(json!({ "type": "input_audio_buffer.append", "audio": AudioBytes::from_pcm16(piece).encode() }))
                .await;
        }
    }

    /// Types a line and asks for the answer.
    pub async fn say(&mut self, text: &str) {
        let content = json!([{ "type": "input_text", "text": text }]);
        self.send(json!({ "type": "conversation.item.create", "item": { "type": "message", "role": "user", "content": content } })).await;
        self.until("conversation.item.done").await;
        self.send(json!({ "type": "response.create" })).await;
    }

    /// What the next response says.
    pub async fn reply(&mut self) -> String {
        transcript(&self.until("response.done").await)
    }
}

/// The header value that the engine wants.
pub fn bearer(engine: &EngineHandle) -> String {
    format!("Bearer {}", engine.bearer().expose_secret())
}

/// All words of the replies among events.
pub fn transcript(events: &[Value]) -> String {
    let words = |event: &&Value| {
        matches!(
            event["type"].as_str(),
            Some("response.output_audio_transcript.delta" | "response.output_text.delta")
        )
    };
    events
        .iter()
        .filter(words)
        .filter_map(|event| event["delta"].as_str())
        .collect()
}

/// The types of events, runs of the same type as one.
pub fn kinds(events: &[Value]) -> Vec<&str> {
    let mut kinds: Vec<&str> = events.iter().filter_map(|event| event["type"].as_str()).collect();
    kinds.dedup();
    kinds
}
