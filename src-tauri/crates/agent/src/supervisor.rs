//! The supervisor: a text model that works with the tools and writes the next sentence to be spoken, while the voice model keeps small talk
//! and the collecting of details. Runs on the tokio runtime; never on an audio path.
//!
//! - [`Supervisor`]: the tool that the voice model calls; [`prompt`]: what both models work by; `conversation`: the call as messages.
//! - [`wire`]: messages, requests and chunks of the Chat Completions API.
//! - [`stream`]: server-sent events, and the answer that their chunks add up to.
//! - [`endpoint`]: where the text model is, checked before anything is opened.
//! - [`client`]: one answer, tried again where that can help; [`answer_stream`]: one that is used as it comes; [`http`]: the way there.
//! - `rounds`: tools and answers in turn, until there is a sentence.
//! - [`failure`]: what can go wrong, for the window and for the caller's ear; [`retry`]: what is tried again, and when.
//! - [`model_list`]: which models a server has, and until when.

pub mod answer_stream;
pub mod client;
mod conversation;
pub mod endpoint;
pub mod failure;
pub mod http;
pub mod model_list;
pub mod prompt;
pub mod retry;
mod rounds;
#[cfg(test)]
mod scripted;
pub mod stream;
mod tool;
pub mod wire;

pub use tool::{SUPERVISOR_TOOL, Supervisor};
