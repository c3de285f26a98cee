//! What an observer of the traffic learns: direction, type and size of each message, never its content.
//!
//! Called on the pump's task between two messages of a live call, so an observer must return at once.

/// Which way a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From this program to the model.
    Sent,
    /// From the model to this program.
    Received,
}

/// Observes the traffic of all connections of one model, for the event log and the diagnostics. The observer reads its own clock.
pub trait WireTap: Send + Sync {
    /// One message was written to or read from the socket. `kind` is its protocol type, or `malformed`; `bytes` is the size of its text.
    fn message(&self, direction: Direction, kind: &str, bytes: usize);

    /// The connection is too slow: this many appended pieces of audio were dropped since the last report, the oldest first.
    fn audio_dropped(&self, pieces: u64);
}

/// Nobody observes.
pub(crate) struct Untapped;

impl WireTap for Untapped {
    fn message(&self, _direction: Direction, _kind: &str, _bytes: usize) {}

    fn audio_dropped(&self, _pieces: u64) {}
}
