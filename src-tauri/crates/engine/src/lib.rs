//! The local voice engine: hearing and speech on this machine, without a key and without a network.
//!
//! Runs on whatever thread its caller chooses; everything under [`speech`] blocks on inference and belongs on a dedicated
//! worker thread, never on the tokio runtime. The engine never downloads: it is given paths.

pub mod dialogue;
mod english;
pub mod server;
pub mod speech;
