//! The supervisor: a text model that works with the tools and writes the next sentence to be spoken, while the voice model keeps small talk
//! and the collecting of details. Runs on the tokio runtime; never on an audio path.
//!
//! - [`wire`]: messages, requests and chunks of the Chat Completions API.
//! - [`stream`]: server-sent events, and the answer that their chunks add up to.

pub mod stream;
pub mod wire;
