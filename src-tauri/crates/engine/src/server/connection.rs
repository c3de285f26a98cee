//! One connection: its socket, its session and its two worker threads.
//!
//! A tokio task that never blocks: inference happens on the threads, and what a chat model says comes as a stream. It reads the socket only while the ear can take more, so a client that
//! sends faster than the ear hears is slowed down and no audio is lost.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use frontdesk_protocol::{ErrorCode, ErrorDetail, ErrorEvent, ServerEvent};
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message, error::CapacityError};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async_with_config};

use super::ear::{self, EarCommand, EarEvent};
use super::gate::{self, Admission, Door};
use super::limits::{
    EAR_CAPACITY, FAREWELL, HANDSHAKE_DEADLINE, IDLE_LIMIT, MAX_MESSAGE_BYTES, MOUTH_CAPACITY, WORKER_EVENT_CAPACITY,
    WRITE_DEADLINE,
};
use super::local_speech::LocalSpeech;
use super::mouth::{self, MouthEvent, Speak};
use super::session::{Input, Newcomer, Output, Session, complaint};
use super::thinking::Thinking;
use super::{Clock, ids, reading};
use crate::dialogue::{ChatDialogue, ChatModel, CompanyKnowledge, Receptionist};

/// What all connections share.
pub(crate) struct Shared {
    /// The companies.
    pub companies: Vec<CompanyKnowledge>,
    /// The models.
    pub speech: Arc<dyn LocalSpeech>,
    /// The chat model that finds the words; without one the built-in dialogue does.
    pub chat: Option<Arc<dyn ChatModel>>,
    /// Who may connect.
    pub door: Door,
    /// Longest time of one session.
    pub session_limit: Duration,
    /// The clock.
    pub clock: Clock,
}

/// What the threads tell the connection.
#[derive(Debug)]
pub(crate) enum WorkerEvent {
    /// From the ear.
    Ear(EarEvent),
    /// From the mouth.
    Mouth {
        /// The reply's number.
        serial: u64,
        /// What.
        event: MouthEvent,
    },
}

/// Serves one client from handshake to close.
pub(crate) async fn serve<S>(stream: S, shared: Arc<Shared>, stopping: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let mut admission = Admission::default();
    let config = WebSocketConfig::default()
        .max_message_size(Some(MAX_MESSAGE_BYTES))
        .max_frame_size(Some(MAX_MESSAGE_BYTES));
    #[allow(
        clippy::result_large_err,
        reason = "the callback's error type is the handshake's own, and large"
    )]
    let check = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
        let (admitted, response) =
            gate::admit(request, response, &shared.companies, &shared.door).map_err(|refusal| *refusal)?;
        admission = admitted;
        Ok(response)
    };
    let opened = timeout(
        HANDSHAKE_DEADLINE,
        accept_hdr_async_with_config(stream, check, Some(config)),
    )
    .await;
    let mut socket = match opened {
        Ok(Ok(socket)) => Socket(socket),
        Ok(Err(error)) => return tracing::debug!(%error, "the local engine refused a handshake"),
        Err(_) => return tracing::debug!("a handshake took too long"),
    };
    if admission.beta {
        return refuse_beta(&mut socket).await;
    }
    let Some(company) = shared.companies.get(admission.company) else {
        return;
    };
    if let Err(lost) = converse(&mut socket, company, &shared, stopping).await {
        tracing::debug!(reason = %lost, "a connection of the local engine ended");
    }
}

async fn refuse_beta<S: AsyncRead + AsyncWrite + Unpin>(socket: &mut Socket<S>) {
    let error = ErrorDetail {
        kind: Some("invalid_request_error".to_owned()),
        code: Some(ErrorCode::BetaApiShapeDisabled),
        message: "the beta shape of the protocol is gone; leave the OpenAI-Beta header out".to_owned(),
        ..ErrorDetail::default()
    };
    // Whoever asked for the beta may be gone already; there is nobody to tell.
    if socket.send(&ServerEvent::Error(ErrorEvent { error })).await.is_ok() {
        let _ = socket
            .close(4000, "invalid_request_error.beta_api_shape_disabled")
            .await;
    }
}

/// Why a connection ended without a goodbye.
#[derive(Debug, thiserror::Error)]
enum Lost {
    #[error("the socket failed: {0}")]
    Socket(#[from] Box<Error>),
    #[error("the client did not read for too long")]
    NotReading,
    #[error("a worker thread could not be started: {0}")]
    Thread(#[from] std::io::Error),
    #[error("a worker thread is gone")]
    WorkerGone,
}

/// The socket, speaking events.
struct Socket<S>(WebSocketStream<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> Socket<S> {
    async fn send(&mut self, event: &ServerEvent) -> Result<(), Lost> {
        self.write(Message::text(event.to_json(&ids::event_id()))).await
    }

    async fn write(&mut self, message: Message) -> Result<(), Lost> {
        match timeout(WRITE_DEADLINE, self.0.send(message)).await {
            Ok(sent) => sent.map_err(|error| Lost::Socket(Box::new(error))),
            Err(_) => Err(Lost::NotReading),
        }
    }

    /// Reads on without looking, for a moment: a socket that is dropped with unread bytes is reset, and the close frame is lost.
    async fn swallow(&mut self) -> Result<(), Lost> {
        let mut nowhere = tokio::io::sink();
        // Whether the client hung up in time does not matter any more.
        let _ = timeout(FAREWELL, tokio::io::copy(self.0.get_mut(), &mut nowhere)).await;
        Ok(())
    }

    /// Closes, and takes in what the client still sends until it has seen that, for the same reason.
    async fn close(&mut self, code: u16, reason: &'static str) -> Result<(), Lost> {
        self.write_close(code, reason).await?;
        let until_gone = async { while let Some(Ok(_)) = self.0.next().await {} };
        // A client that does not answer the close in time is dropped.
        let _ = timeout(FAREWELL, until_gone).await;
        Ok(())
    }

    async fn write_close(&mut self, code: u16, reason: &'static str) -> Result<(), Lost> {
        self.write(Message::Close(Some(CloseFrame {
            code: CloseCode::from(code),
            reason: reason.into(),
        })))
        .await
    }
}

/// The threads of one connection and what waits for them. Dropping it ends both threads.
struct Workers {
    ear: mpsc::Sender<EarCommand>,
    mouth: mpsc::Sender<Speak>,
    current: Arc<AtomicU64>,
    events: mpsc::Receiver<WorkerEvent>,
    /// Commands for the ear that did not fit; while there are any, the socket is not read.
    waiting: VecDeque<EarCommand>,
    /// The reply, or the part of it, that the mouth will speak next. A later reply takes its place, because only the last is wanted; a later
    /// part of the same one is put behind it.
    next_reply: Option<Speak>,
}

impl Workers {
    fn start(speech: &Arc<dyn LocalSpeech>) -> Result<Self, std::io::Error> {
        let (ear, ear_commands) = mpsc::channel(EAR_CAPACITY);
        let (mouth, mouth_commands) = mpsc::channel(MOUTH_CAPACITY);
        let (sender, events) = mpsc::channel(WORKER_EVENT_CAPACITY);
        let current = Arc::new(AtomicU64::new(0));
        let (own, own_sender) = (Arc::clone(speech), sender.clone());
        std::thread::Builder::new()
            .name("engine-ear".into())
            .spawn(move || ear::run(&own, ear_commands, &own_sender))?;
        let (own, wanted) = (Arc::clone(speech), Arc::clone(&current));
        std::thread::Builder::new()
            .name("engine-mouth".into())
            .spawn(move || mouth::run(&own, mouth_commands, &sender, &wanted))?;
        Ok(Self {
            ear,
            mouth,
            current,
            events,
            waiting: VecDeque::new(),
            next_reply: None,
        })
    }

    fn speak(&mut self, reply: Speak) {
        match &mut self.next_reply {
            Some(waiting) if waiting.serial == reply.serial => waiting.append(reply),
            waiting => *waiting = Some(reply),
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        // The mouth drops a reply whose number is not the current one.
        self.current.store(u64::MAX, Ordering::Release);
    }
}

/// Makes dialogues of a company that remember nothing.
fn newcomer(company: &CompanyKnowledge, with_model: bool) -> Newcomer {
    let company = company.clone();
    if with_model {
        Box::new(move || Box::new(ChatDialogue::new(&company)))
    } else {
        Box::new(move || Box::new(Receptionist::new(&company)))
    }
}

async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    company: &CompanyKnowledge,
    shared: &Shared,
    mut stopping: watch::Receiver<bool>,
) -> Result<(), Lost> {
    let mut workers = Workers::start(&shared.speech)?;
    let expires_at = (shared.clock)()
        .as_second()
        .saturating_add_unsigned(shared.session_limit.as_secs());
    let expiry = Instant::now() + shared.session_limit;
    let mut last_heard = Instant::now();
    let mut thinking = Thinking::new(shared.chat.clone());
    let (mut session, outputs) = Session::begin(
        newcomer(company, shared.chat.is_some()),
        shared.speech.voices(),
        u64::try_from(expires_at).unwrap_or_default(),
    );
    if !carry_out(outputs, socket, &mut workers, &mut thinking).await? {
        return Ok(());
    }
    loop {
        let input = tokio::select! {
            biased;
            _ = stopping.changed() => return socket.close(1001, "the engine is stopping").await,
            () = sleep_until(expiry) => Input::Expired,
            () = sleep_until(last_heard + IDLE_LIMIT) => return socket.close(1001, "nothing was received for too long").await,
            event = workers.events.recv() => match event {
                Some(WorkerEvent::Ear(event)) => Input::Ear(event),
                Some(WorkerEvent::Mouth { serial, event }) => Input::Mouth { serial, event },
                None => return Err(Lost::WorkerGone),
            },
            place = workers.ear.reserve(), if !workers.waiting.is_empty() => {
                let place = place.map_err(|_| Lost::WorkerGone)?;
                if let Some(command) = workers.waiting.pop_front() {
                    place.send(command);
                }
                continue;
            }
            place = workers.mouth.reserve(), if workers.next_reply.is_some() => {
                let place = place.map_err(|_| Lost::WorkerGone)?;
                if let Some(reply) = workers.next_reply.take() {
                    place.send(reply);
                }
                continue;
            }
            (asker, news) = thinking.next() => Input::Model { asker, news },
            message = socket.0.next(), if workers.waiting.is_empty() => {
                last_heard = Instant::now();
                match message {
                    Some(Ok(Message::Text(text))) => Input::Client(reading::client_event(&text)),
                    Some(Ok(Message::Binary(_))) => return socket.close(1003, "events are JSON in text frames").await,
                    // The stream goes on to answer the close itself; pings are answered by the library.
                    Some(Ok(_)) => continue,
                    Some(Err(Error::Capacity(CapacityError::MessageTooLong { .. }))) => {
                        let error = complaint(ErrorCode::InvalidEvent, "the message is too large; one append holds at most 15 MiB of audio");
                        socket.send(&ServerEvent::Error(ErrorEvent { error })).await?;
                        socket.write_close(1009, "the message is too large").await?;
                        return socket.swallow().await;
                    }
                    Some(Err(error)) => return Err(Lost::Socket(Box::new(error))),
                    None => return Ok(()),
                }
            }
        };
        let outputs = session.step(input, (shared.clock)());
        if !carry_out(outputs, socket, &mut workers, &mut thinking).await? {
            return Ok(());
        }
    }
}

/// Does what the session wants; false when the connection was closed.
async fn carry_out<S: AsyncRead + AsyncWrite + Unpin>(
    outputs: Vec<Output>,
    socket: &mut Socket<S>,
    workers: &mut Workers,
    thinking: &mut Thinking,
) -> Result<bool, Lost> {
    for output in outputs {
        match output {
            Output::Send(event) => socket.send(&event).await?,
            Output::Ear(command) => workers.waiting.push_back(command),
            Output::Mouth(reply) => workers.speak(reply),
            Output::Ask { asker, question } => thinking.ask(asker, *question),
            Output::Forget(asker) => thinking.forget(asker),
            Output::Current(serial) => {
                workers.current.store(serial, Ordering::Release);
                thinking.forget_replies_but(serial);
            }
            Output::Close { code, reason } => {
                socket.close(code, reason).await?;
                return Ok(false);
            }
        }
    }
    Ok(true)
}
