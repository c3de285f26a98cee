//! What stays on disk: the journal of every call, the history over it, exports, the agenda, and provider keys in the keychain.
//!
//! # Map
//! - [`database`]: opens the SQLite file; implements [`Journal`](frontdesk_call::journal::Journal) with one writer thread.
//! - [`history`]: lists, searches, reads and deletes calls on connections of its own.
//! - [`export`]: pure functions from a call's events to a file's bytes, and the careful writing of that file.
//! - [`agenda`]: bookings and contacts, changed in transactions on a connection of their own.
//! - [`secrets`]: provider keys per origin in the operating system's keychain, on a thread of its own.
//! - [`error`]: what can fail here, in people's words.
//!
//! Nothing here blocks the caller's async task: databases, files and keychains live on threads of their own or of tokio's blocking pool.

pub mod agenda;
pub mod database;
pub mod error;
pub mod export;
pub mod history;
#[cfg(test)]
mod sample;
pub mod secrets;

pub use agenda::Agenda;
pub use database::Database;
pub use error::StoreError;
pub use history::History;
pub use secrets::Secrets;
