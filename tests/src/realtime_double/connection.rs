//! One connection of the double: the handshake, the socket, the clock, and the scripted faults.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_protocol::{ClientEvent, ErrorDetail, ErrorEvent, EventId, ServerEvent};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::handshake::server::{Callback, ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode, header};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Bytes, Message};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

use super::conversation::{Conversation, Step};
use super::recording::{Received, Recording};
use super::script::{Action, Script, When, error};

/// Longest wait for the client's half of a closing handshake.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// What becomes of the connection after a step.
enum Course {
    GoOn,
    Ended,
}

/// Serves one client until either side leaves.
pub(crate) async fn serve<S>(stream: S, script: Script, recording: Arc<Recording>)
where
    S: AsyncRead + AsyncWrite + Send + Unpin,
{
    let mut wants_beta = false;
    let gate = Gate {
        script: &script,
        recording: &recording,
        wants_beta: &mut wants_beta,
    };
    let Ok(socket) = accept_hdr_async(stream, gate).await else {
        return;
    };
    let conversation = Conversation::new(&script);
    let mut connection = Connection {
        socket,
        conversation,
        faults: script.faults,
        recording,
        resume_at: Instant::now(),
    };
    if wants_beta {
        connection.reject_beta().await;
    } else if let Course::GoOn = connection.fire(When::Accepted).await {
        connection.run().await;
    }
}

struct Connection<S> {
    socket: WebSocketStream<S>,
    conversation: Conversation,
    faults: Vec<(When, Action)>,
    recording: Arc<Recording>,
    /// No step before this.
    resume_at: Instant,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    async fn run(&mut self) {
        loop {
            let course = tokio::select! {
                // What the client said comes first, so that an interruption stops the steps behind it.
                biased;
                message = self.socket.next() => self.read(message).await,
                () = sleep_until(self.resume_at), if self.conversation.has_steps() => self.step().await,
            };
            if let Course::Ended = course {
                return;
            }
        }
    }

    async fn read(&mut self, message: Option<Result<Message, tokio_tungstenite::tungstenite::Error>>) -> Course {
        let text = match message {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Close(frame))) => {
                self.recording
                    .note(Received::Gone(frame.map(|frame| frame.code.into())));
                return Course::GoOn;
            }
            Some(Ok(Message::Ping(_))) => {
                self.recording.note(Received::Ping);
                return Course::GoOn;
            }
            Some(Ok(_)) => return Course::GoOn,
            Some(Err(_)) => {
                self.recording.note(Received::Gone(None));
                return Course::Ended;
            }
            None => return Course::Ended,
        };
        let Ok(value) = serde_json::from_str::<Value>(&text) else {
            self.recording.note(Received::NotJson(text.as_str().to_owned()));
            return self.send_error(error("invalid_request_error", "invalid_event")).await;
        };
        let kind = value["type"].as_str().unwrap_or_default().to_owned();
        self.recording.note(Received::Event(value));
        if self
            .faults
            .iter()
            .any(|(when, _)| matches!(when, When::Received(wanted) if *wanted == kind))
        {
            return self
                .fire_if(|when| matches!(when, When::Received(wanted) if *wanted == kind))
                .await;
        }
        match ClientEvent::parse(&text) {
            Ok(event) => {
                self.conversation.handle(event);
                Course::GoOn
            }
            Err(_) => self.send_error(error("invalid_request_error", "invalid_event")).await,
        }
    }

    async fn step(&mut self) -> Course {
        match self.conversation.next_step() {
            Some(Step::Pause(pause)) => {
                self.resume_at = Instant::now() + pause;
                Course::GoOn
            }
            Some(Step::Send(event)) => {
                let kind = event.kind().to_owned();
                if let Course::Ended = self
                    .fire_if(|when| matches!(when, When::Before(wanted) if *wanted == kind))
                    .await
                {
                    return Course::Ended;
                }
                if let Course::Ended = self.send(&event).await {
                    return Course::Ended;
                }
                self.fire_if(|when| matches!(when, When::After(wanted) if *wanted == kind))
                    .await
            }
            None => Course::GoOn,
        }
    }

    async fn fire(&mut self, moment: When) -> Course {
        self.fire_if(|when| *when == moment).await
    }

    /// Does the first fault that waits for this, once.
    async fn fire_if(&mut self, is_due: impl Fn(&When) -> bool) -> Course {
        let Some(position) = self.faults.iter().position(|(when, _)| is_due(when)) else {
            return Course::GoOn;
        };
        let (_, action) = self.faults.remove(position);
        match action {
            Action::Close(code, reason) => {
                self.close(Some(CloseFrame {
                    code: code.into(),
                    reason: reason.as_str().into(),
                }))
                .await
            }
            Action::CloseWithoutCode => self.close(None).await,
            Action::Vanish => Course::Ended,
            Action::FallSilent => std::future::pending().await,
            Action::SendText(text) => self.send_message(Message::Text(text.into())).await,
            Action::SendBinary(bytes) => self.send_message(Message::Binary(Bytes::from(bytes))).await,
            Action::Complain(detail) => self.send_error(detail).await,
            Action::Pause(pause) => {
                tokio::time::sleep(pause).await;
                Course::GoOn
            }
        }
    }

    async fn send(&mut self, event: &ServerEvent) -> Course {
        let event_id = EventId::from(self.conversation.coin("event"));
        self.send_message(Message::Text(event.to_json(&event_id).into())).await
    }

    async fn send_error(&mut self, error: ErrorDetail) -> Course {
        self.send(&ServerEvent::Error(ErrorEvent { error })).await
    }

    async fn send_message(&mut self, message: Message) -> Course {
        if self.socket.send(message).await.is_ok() {
            Course::GoOn
        } else {
            Course::Ended
        }
    }

    async fn close(&mut self, frame: Option<CloseFrame>) -> Course {
        if self.socket.send(Message::Close(frame)).await.is_ok() {
            let rest = async { while let Some(Ok(_)) = self.socket.next().await {} };
            if timeout(CLOSE_TIMEOUT, rest).await.is_err() {
                return Course::Ended;
            }
        }
        Course::Ended
    }

    /// What OpenAI does since May 2026 with a client that still asks for the beta.
    async fn reject_beta(&mut self) {
        let code = "beta_api_shape_disabled";
        if let Course::GoOn = self.send_error(error("invalid_request_error", code)).await {
            let reason = format!("invalid_request_error.{code}");
            self.close(Some(CloseFrame {
                code: 4000.into(),
                reason: reason.as_str().into(),
            }))
            .await;
        }
    }
}

/// Looks at the handshake: records it, checks the key, refuses where the script says so.
struct Gate<'a> {
    script: &'a Script,
    recording: &'a Recording,
    wants_beta: &'a mut bool,
}

impl Callback for Gate<'_> {
    fn on_request(self, request: &Request, response: Response) -> Result<Response, ErrorResponse> {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers: Vec<_> = request
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), text(value)))
            .collect();
        let value = |wanted: &str| {
            headers
                .iter()
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| value.as_str())
        };
        *self.wants_beta = value("openai-beta").is_some();
        let bearer = value("authorization").and_then(|value| value.strip_prefix("Bearer "));
        let given = bearer.or(value("api-key"));
        let key_is_right = self.script.key.as_deref().is_none_or(|key| given == Some(key));
        let path = request.uri().to_string();
        self.recording.note(Received::Handshake {
            path,
            headers: headers.clone(),
        });

        if let Some((status, body)) = &self.script.refusal {
            return Err(refusal(*status, body));
        }
        if !key_is_right {
            let message = "Incorrect API key provided: sk-***.";
            let body =
                json!({"error": {"type": "invalid_request_error", "code": "invalid_api_key", "message": message}});
            return Err(refusal(401, &body.to_string()));
        }
        Ok(response)
    }
}

fn refusal(status: u16, body: &str) -> ErrorResponse {
    let mut response = ErrorResponse::new(Some(body.to_owned()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Ok(length) = HeaderValue::from_str(&body.len().to_string()) {
        response.headers_mut().insert(header::CONTENT_LENGTH, length);
    }
    if (300..400).contains(&status) {
        response.headers_mut().insert(
            header::LOCATION,
            HeaderValue::from_static("wss://elsewhere.example/v1/realtime"),
        );
    }
    response
}
