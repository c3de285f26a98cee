//! Which files of a call from files were spoken, told from the call's own events. Pure, any thread.

use std::path::PathBuf;

use frontdesk_audio::wav::CallerTurn;
use frontdesk_call::CallEvent;
use frontdesk_call::event::CallEventBody;
use frontdesk_call::frame::samples_to_ms;

/// The files of a call in their order, and how far the call has come in them. Give it every event of the call.
#[derive(Clone, Debug)]
pub struct SpokenFiles {
    files: Vec<PathBuf>,
    lengths_ms: Vec<u64>,
    spoken: usize,
    /// Until then, in ms of the call, what the caller says is still of the last spoken file: a pause in it begins another turn.
    until_ms: u64,
}

impl SpokenFiles {
    pub(super) fn new(turns: &[CallerTurn]) -> Self {
        Self {
            files: turns.iter().map(|turn| turn.path.clone()).collect(),
            lengths_ms: turns
                .iter()
                .map(|turn| samples_to_ms(turn.samples.len() as u64))
                .collect(),
            spoken: 0,
            until_ms: 0,
        }
    }

    /// Takes note of an event.
    pub fn observe(&mut self, event: &CallEvent) {
        let begins = matches!(event.body, CallEventBody::CallerTurnStarted { .. });
        if begins
            && event.ms > self.until_ms
            && let Some(length) = self.lengths_ms.get(self.spoken)
        {
            self.until_ms = event.ms + length;
            self.spoken += 1;
        }
    }

    /// The files that were not spoken so far.
    #[must_use]
    pub fn left(&self) -> &[PathBuf] {
        self.files.get(self.spoken..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_call::identity::{CallId, ItemId, WallTime};

    use super::*;

    fn turn_at(ms: u64) -> CallEvent {
        CallEvent {
            v: 1,
            seq: 0,
            call_id: CallId::random(),
            at: WallTime("2026-11-23T15:00:00Z".parse().unwrap()),
            ms,
            body: CallEventBody::CallerTurnStarted {
                item_id: ItemId::from("turn"),
                previous_item_id: None,
            },
        }
    }

    /// Three files of two seconds each.
    fn files() -> SpokenFiles {
        let turn = |name: &str| CallerTurn {
            path: name.into(),
            samples: vec![0; 48_000],
        };
        SpokenFiles::new(&["a.wav", "b.wav", "c.wav"].map(turn))
    }

    #[test]
    fn each_turn_is_a_file() {
        let mut files = files();
        assert_eq!(files.left().len(), 3);
        files.observe(&turn_at(3_000));
        files.observe(&turn_at(9_000));
        assert_eq!(files.left(), [PathBuf::from("c.wav")]);
        files.observe(&turn_at(15_000));
        files.observe(&turn_at(25_000));
        assert!(files.left().is_empty());
    }

    #[test]
    fn a_pause_within_a_file_begins_no_other_file() {
        let mut files = files();
        files.observe(&turn_at(3_000));
        files.observe(&turn_at(4_500));
        assert_eq!(files.left().len(), 2);
    }
}
