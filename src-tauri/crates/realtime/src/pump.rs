//! The task that owns one open socket: writes what the session queued, reads what the model says, and knows when the line is dead.
//!
//! Reading and writing run side by side on this one task, so a peer that does not read cannot keep us from hearing it. When the session is
//! slow the reading stops and the provider waits; when the socket is slow the queue drops audio. The task ends when either side is gone.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_call::Problem;
use frontdesk_call::provider_error::{ends_the_call, problem_of};
use frontdesk_call::voice_model::{MODEL_EVENT_CAPACITY, ModelConnection, ModelEvent, ModelSender, SendFailed};
use frontdesk_protocol::{ClientEvent, ErrorCode, ServerEvent, event_type};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout, timeout_at};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::{CapacityError, Error, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Bytes, Message};

use crate::failure::{End, close_reason};
use crate::outbox::{Next, Outbox};
use crate::tap::{Direction, WireTap};

/// How often the server is pinged.
pub const PING_INTERVAL: Duration = Duration::from_secs(20);

/// Without any frame for this long, not even a pong, the line is dead. Two pings fit in.
pub const DEAD_AFTER: Duration = Duration::from_secs(40);

/// Longest wait for the closing handshake; the call does not depend on it.
const GOODBYE_TIMEOUT: Duration = Duration::from_secs(1);

/// Starts the pump of a socket.
pub(crate) fn attach<S>(socket: WebSocketStream<S>, backend: &str, tap: Arc<dyn WireTap>) -> ModelConnection
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (events, session_end) = mpsc::channel(MODEL_EVENT_CAPACITY);
    let outbox = Arc::new(Outbox::default());
    let pump = Pump {
        backend: backend.to_owned(),
        tap,
        outbox: Arc::clone(&outbox),
        events,
        fatal: None,
    };
    tokio::spawn(pump.run(socket));
    ModelConnection {
        events: session_end,
        sender: Box::new(Sender { outbox }),
    }
}

/// The session's end of the queue.
struct Sender {
    outbox: Arc<Outbox>,
}

impl ModelSender for Sender {
    fn send(&mut self, event: ClientEvent) -> Result<(), SendFailed> {
        self.outbox.push(event)
    }
}

struct Pump {
    backend: String,
    tap: Arc<dyn WireTap>,
    outbox: Arc<Outbox>,
    events: mpsc::Sender<ModelEvent>,
    /// The last error event after which no reconnect helps. Servers close with any code after it, so the code alone would mislead.
    fatal: Option<Problem>,
}

impl Pump {
    async fn run<S>(mut self, socket: WebSocketStream<S>)
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let (mut sink, mut stream) = socket.split();
        let (events, outbox, tap) = (self.events.clone(), Arc::clone(&self.outbox), Arc::clone(&self.tap));
        let end = tokio::select! {
            end = self.receive(&mut stream) => end,
            end = transmit(&mut sink, &outbox, tap.as_ref()) => end,
            () = events.closed() => End::Released,
        };
        self.outbox.close();
        let reason = close_reason(&end, self.fatal.as_ref(), &self.backend);
        tracing::info!(
            backend = self.backend,
            %end,
            retryable = reason.retryable,
            "voice_model_connection_ended"
        );
        if self.events.send(ModelEvent::Closed(reason)).await.is_err() {
            tracing::debug!("the session was gone before the connection");
        }
        drop(self);
        if timeout(GOODBYE_TIMEOUT, say_goodbye(&mut sink, &mut stream))
            .await
            .is_err()
        {
            tracing::debug!("closing_handshake_not_finished");
        }
    }

    async fn receive<S>(&mut self, stream: &mut SplitStream<WebSocketStream<S>>) -> End
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let mut dead_at = Instant::now() + DEAD_AFTER;
        loop {
            let message = match timeout_at(dead_at, stream.next()).await {
                Err(_) => return End::Silent,
                Ok(None) => return End::Lost,
                Ok(Some(Err(error))) => return end_of(&error),
                Ok(Some(Ok(message))) => message,
            };
            let event = match message {
                Message::Text(text) => self.read(text.as_str()),
                Message::Binary(bytes) => self.malformed(bytes.len()),
                Message::Close(frame) => return closed(frame),
                Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {
                    dead_at = Instant::now() + DEAD_AFTER;
                    continue;
                }
            };
            if self.events.send(event).await.is_err() {
                return End::Released;
            }
            // Counted from here: while the session was busy nobody was listening.
            dead_at = Instant::now() + DEAD_AFTER;
        }
    }

    fn read(&mut self, text: &str) -> ModelEvent {
        match ServerEvent::parse(text) {
            Ok(event) => {
                self.tap.message(Direction::Received, event.kind(), text.len());
                self.remember_fatal(&event);
                ModelEvent::Event(Box::new(event))
            }
            Err(error) => {
                // A `ParseError` is the kind of fault and its position; it has no room for what was sent.
                tracing::debug!(%error, bytes = text.len(), "server_event_unreadable");
                match event_type(text) {
                    Ok(kind) => self.tap.message(Direction::Received, &kind, text.len()),
                    Err(_) => self.tap.message(Direction::Received, MALFORMED, text.len()),
                }
                ModelEvent::Malformed { size: text.len() }
            }
        }
    }

    fn malformed(&self, size: usize) -> ModelEvent {
        self.tap.message(Direction::Received, MALFORMED, size);
        ModelEvent::Malformed { size }
    }

    fn remember_fatal(&mut self, event: &ServerEvent) {
        if let ServerEvent::Error(event) = event {
            let problem = problem_of(&event.error, &self.backend);
            let shape_refused = event.error.code == Some(ErrorCode::BetaApiShapeDisabled);
            if shape_refused || ends_the_call(problem.kind) {
                self.fatal = Some(problem);
            }
        }
    }
}

/// What the event log calls a message without a readable type.
const MALFORMED: &str = "malformed";

async fn transmit<S>(sink: &mut SplitSink<WebSocketStream<S>, Message>, outbox: &Outbox, tap: &dyn WireTap) -> End
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut pings = interval_at(Instant::now() + PING_INTERVAL, PING_INTERVAL);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let message = tokio::select! {
            _ = pings.tick() => Message::Ping(Bytes::new()),
            next = outbox.next() => match next {
                Next::Overflow => return End::Stuck,
                Next::Event { event, dropped } => {
                    if dropped > 0 {
                        tap.audio_dropped(dropped);
                    }
                    let text = event.to_json();
                    tap.message(Direction::Sent, event.kind(), text.len());
                    Message::Text(text.into())
                }
            },
        };
        if let Err(error) = sink.send(message).await {
            return end_of(&error);
        }
    }
}

/// Answers a close frame or sends one, and waits until the server has closed too.
async fn say_goodbye<S>(sink: &mut SplitSink<WebSocketStream<S>, Message>, stream: &mut SplitStream<WebSocketStream<S>>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let frame = CloseFrame {
        code: CloseCode::Normal,
        reason: "".into(),
    };
    if let Err(error) = sink.send(Message::Close(Some(frame))).await {
        tracing::debug!(%error, "close_frame_not_sent");
        return;
    }
    while let Some(Ok(_)) = stream.next().await {}
}

fn closed(frame: Option<CloseFrame>) -> End {
    match frame {
        Some(frame) => End::ServerClosed {
            code: frame.code.into(),
            reason: frame.reason.as_str().to_owned(),
        },
        None => End::ServerClosed {
            code: CloseCode::Status.into(),
            reason: String::new(),
        },
    }
}

fn end_of(error: &Error) -> End {
    match error {
        Error::Capacity(CapacityError::MessageTooLong { .. }) => End::TooLarge,
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => End::Lost,
        Error::Protocol(_) | Error::Utf8(_) => End::BrokenFrames,
        _ => End::Lost,
    }
}
