//! Border `VoiceModel`: who answers. Its vocabulary is the Realtime GA protocol; a model that speaks something else maps to it behind
//! this trait. Implemented by `realtime` (OpenAI, Azure, compatible servers, and the local engine over loopback).

use std::future::Future;
use std::pin::Pin;

use frontdesk_protocol::{ClientEvent, ServerEvent};
use tokio::sync::mpsc;

use crate::problem::Problem;

/// Model events that may wait for the session; the pump then stops reading the socket, so the provider waits.
pub const MODEL_EVENT_CAPACITY: usize = 256;

/// A future that a border returns.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Opens connections to one configured backend. Cheap to keep; called again for every reconnect.
pub trait VoiceModel: Send + Sync {
    /// Backend for people: "Local engine", "OpenAI", "Azure OpenAI", or the host of a compatible server.
    fn backend_name(&self) -> &str;

    /// Model name as the backend knows it.
    fn model_name(&self) -> &str;

    /// Opens a socket. Resolves when the WebSocket is open, before any event; gives up after 10 s.
    ///
    /// # Errors
    /// A [`Problem`] that says in people's words why there is no connection.
    fn connect(&self) -> BoxFuture<'_, Result<ModelConnection, Problem>>;
}

/// One open connection. Dropping it closes the socket.
pub struct ModelConnection {
    /// What the model says, in order. Ends after [`ModelEvent::Closed`].
    pub events: mpsc::Receiver<ModelEvent>,
    /// What the model is told.
    pub sender: Box<dyn ModelSender>,
}

/// What a connection tells the session.
#[derive(Clone, Debug, PartialEq)]
pub enum ModelEvent {
    /// One protocol event.
    Event(Box<ServerEvent>),
    /// One message that could not be understood: logged, counted, never fatal.
    Malformed {
        /// Size in bytes.
        size: usize,
    },
    /// The connection is gone.
    Closed(CloseReason),
}

/// Why a connection ended.
#[derive(Clone, Debug, PartialEq)]
pub struct CloseReason {
    /// WebSocket close code, if one was received.
    pub code: Option<u16>,
    /// Whether a new connection may help: true for a lost socket or codes 1001, 1005, 1006, 1011, 1012, 1013, 1015.
    pub retryable: bool,
    /// In people's words.
    pub problem: Problem,
}

/// Sends events to the model. Never waits: the pump's queue is bounded and drops the oldest *audio* when it is full.
pub trait ModelSender: Send {
    /// Queues one event.
    ///
    /// # Errors
    /// [`SendFailed`] when the connection is gone; the reason follows as [`ModelEvent::Closed`].
    fn send(&mut self, event: ClientEvent) -> Result<(), SendFailed>;
}

/// The connection is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the connection to the voice model is closed")]
pub struct SendFailed;
