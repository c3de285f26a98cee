//! The event log: what went over the wire between this program and the voice model, by direction, time, type and size. Content is not
//! kept, so neither audio nor a secret can be in it. Written on the connection's task, read by the window.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use frontdesk_call::identity::WallTime;
use frontdesk_realtime::{Direction, WireTap};
use jiff::Timestamp;
use tokio::sync::watch;

use crate::view::WireEntry;

/// Entries kept; the oldest go first. An hour of a call is about 200,000 messages of audio, so this is the last minutes of it and
/// about 1 MB.
pub const WIRE_LOG_CAPACITY: usize = 10_000;

/// The last messages of this run.
pub struct WireLog {
    /// Held for a push or a copy only.
    entries: Mutex<VecDeque<WireEntry>>,
    /// Number of the newest entry, for readers that wait.
    newest: watch::Sender<u64>,
}

impl Default for WireLog {
    fn default() -> Self {
        Self {
            entries: Mutex::default(),
            newest: watch::Sender::new(0),
        }
    }
}

impl WireLog {
    /// Entries after the one with this number, oldest first; at most [`WIRE_LOG_CAPACITY`]. Numbers start at 1.
    #[must_use]
    pub fn after(&self, number: u64) -> Vec<WireEntry> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let start = entries.partition_point(|entry| entry.number <= number);
        entries.range(start..).cloned().collect()
    }

    /// Tells when there are newer entries.
    #[must_use]
    pub fn newest(&self) -> watch::Receiver<u64> {
        self.newest.subscribe()
    }

    /// The log as JSON, one entry a line.
    #[must_use]
    pub fn to_json_lines(&self) -> String {
        self.after(0).iter().fold(String::new(), |mut text, entry| {
            if let Ok(line) = serde_json::to_string(entry) {
                // Writing into a String cannot fail.
                let _infallible = writeln!(text, "{line}");
            }
            text
        })
    }

    fn push(&self, sent: bool, kind: &str, bytes: u64) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let number = entries.back().map_or(0, |entry| entry.number) + 1;
        if entries.len() == WIRE_LOG_CAPACITY {
            entries.pop_front();
        }
        entries.push_back(WireEntry {
            number,
            at: WallTime(Timestamp::now()),
            sent,
            kind: kind.into(),
            bytes,
        });
        drop(entries);
        self.newest.send_replace(number);
    }
}

impl WireTap for WireLog {
    fn message(&self, direction: Direction, kind: &str, bytes: usize) {
        self.push(direction == Direction::Sent, kind, bytes as u64);
    }

    fn audio_dropped(&self, pieces: u64) {
        tracing::warn!(pieces, "capture_dropped_on_slow_connection");
        self.push(true, "dropped.input_audio_buffer.append", 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_gets_only_what_is_new_to_it() {
        let log = WireLog::default();
        log.message(Direction::Sent, "session.update", 700);
        log.message(Direction::Received, "session.updated", 900);
        let new = log.after(1);
        assert_eq!(new.len(), 1);
        assert_eq!(
            (new[0].kind.as_str(), new[0].sent, new[0].bytes),
            ("session.updated", false, 900)
        );
        assert_eq!(*log.newest().borrow(), 2);
    }

    #[test]
    fn the_oldest_entries_go_when_it_is_full() {
        let log = WireLog::default();
        for _ in 0..WIRE_LOG_CAPACITY + 5 {
            log.message(Direction::Sent, "input_audio_buffer.append", 1_300);
        }
        let all = log.after(0);
        assert_eq!((all.len(), all[0].number), (WIRE_LOG_CAPACITY, 6));
        assert_eq!(log.to_json_lines().lines().count(), WIRE_LOG_CAPACITY);
    }
}
