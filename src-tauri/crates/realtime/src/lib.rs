//! Upstream connections of the Realtime protocol over WebSocket: OpenAI, Azure OpenAI, any compatible server, and the local engine.
//!
//! Everything runs on the tokio runtime. Each connection has one pump task that alone owns the socket; the session holds two bounded queues
//! to it. This crate opens sockets and moves events: it keeps no conversation, decides on no reconnect and never shows a provider's own text.
//!
//! # Map
//! - [`Endpoint`]: where to connect and as what, checked before anything is opened
//! - [`RealtimeModel`]: the [`frontdesk_call::voice_model::VoiceModel`] over an endpoint and a key
//! - [`probe`]: one connection to learn whether endpoint, key and model work
//! - [`WireTap`]: what the event log sees of the traffic
//!
//! # A key
//! It is kept in a [`secrecy::SecretString`], written into the one request that opens the socket, and nowhere else: not into errors, `Debug`
//! or logs. It is never sent over unencrypted `ws://` to another computer, and redirects are refused.

mod dial;
mod endpoint;
mod failure;
mod handshake;
mod model;
mod outbox;
mod probe;
mod pump;
mod tap;
mod tls;

pub use endpoint::{Endpoint, EndpointError, Provider};
pub use model::{CONNECT_TIMEOUT, RealtimeModel};
pub use outbox::{AUDIO_QUEUE_CAPACITY, EVENT_QUEUE_CAPACITY};
pub use probe::probe;
pub use pump::{DEAD_AFTER, PING_INTERVAL};
pub use tap::{Direction, WireTap};
