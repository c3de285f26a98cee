//! When a caller from files speaks: after the greeting, one turn at a time, each after the reply to the one before. A pure machine whose
//! clock is the frame: 20 ms for each call of [`FileCaller::next_frame`].

use frontdesk_call::frame::{FRAME_MS, FRAME_SAMPLES, Frame};

use super::reader::CallerTurn;

/// Frames of quiet between the receptionist's last word and the caller's first: 400 ms, as between people.
const PAUSE_FRAMES: u64 = 400 / FRAME_MS;

/// Frames after which a turn that got no reply is followed by the next: 20 s.
const REPLY_PATIENCE_FRAMES: u64 = 20_000 / FRAME_MS;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The receptionist's turn: the greeting, or the reply to the turn before.
    Listening {
        /// Frames since the turn ended.
        waited: u64,
        /// Frames since the receptionist became quiet.
        quiet: u64,
        /// The receptionist has begun to answer.
        answered: bool,
    },
    /// The caller speaks from this sample on.
    Speaking { position: usize },
    /// Nothing is left to say.
    Done,
}

/// A caller who speaks prepared turns.
#[derive(Debug)]
pub struct FileCaller {
    turns: std::vec::IntoIter<CallerTurn>,
    turn: Vec<i16>,
    phase: Phase,
}

impl FileCaller {
    /// A caller who waits for the greeting. Without a greeting the session is not busy from the start, and the first turn follows at once.
    #[must_use]
    pub fn new(turns: Vec<CallerTurn>) -> Self {
        Self {
            turns: turns.into_iter(),
            turn: Vec::new(),
            phase: Phase::Listening {
                waited: 0,
                quiet: 0,
                answered: true,
            },
        }
    }

    /// The next 20 ms; silence between the turns, so that voice detection can close them. `busy` is the session's last word.
    pub fn next_frame(&mut self, busy: bool) -> Frame {
        match &mut self.phase {
            Phase::Listening {
                waited,
                quiet,
                answered,
            } => {
                *waited += 1;
                *answered |= busy;
                *quiet = if busy { 0 } else { *quiet + 1 };
                if *quiet >= PAUSE_FRAMES && (*answered || *waited >= REPLY_PATIENCE_FRAMES) {
                    match self.turns.next() {
                        Some(turn) => {
                            self.turn = turn.samples;
                            self.phase = Phase::Speaking { position: 0 };
                        }
                        None => self.phase = Phase::Done,
                    }
                }
                Frame::SILENCE
            }
            Phase::Speaking { position } => {
                let rest = &self.turn[*position..];
                let count = rest.len().min(FRAME_SAMPLES);
                let mut frame = Frame::SILENCE;
                frame.0[..count].copy_from_slice(&rest[..count]);
                *position += count;
                if *position == self.turn.len() {
                    self.phase = Phase::Listening {
                        waited: 0,
                        quiet: 0,
                        answered: busy,
                    };
                }
                frame
            }
            Phase::Done => Frame::SILENCE,
        }
    }

    /// True when everything was said and the last reply was played.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.phase == Phase::Done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(lengths: &[usize]) -> FileCaller {
        let turn = |length: &usize| CallerTurn {
            path: "turn.wav".into(),
            samples: vec![7; *length],
        };
        FileCaller::new(lengths.iter().map(turn).collect())
    }

    /// Frames until the caller speaks.
    fn frames_until_speech(caller: &mut FileCaller, busy: bool) -> Option<u64> {
        (1..=2_000).find(|_| caller.next_frame(busy) != Frame::SILENCE)
    }

    #[test]
    fn it_waits_for_the_end_of_the_greeting_and_a_short_pause() {
        let mut caller = caller(&[480]);
        assert_eq!(frames_until_speech(&mut caller, true), None);
        assert_eq!(frames_until_speech(&mut caller, false), Some(PAUSE_FRAMES + 1));
    }

    #[test]
    fn the_next_turn_waits_for_the_reply_to_the_one_before() {
        let mut caller = caller(&[500, 480]);
        frames_until_speech(&mut caller, false);
        assert_ne!(
            caller.next_frame(false),
            Frame::SILENCE,
            "the rest of the first turn, filled up with silence"
        );
        for _ in 0..PAUSE_FRAMES * 3 {
            assert_eq!(caller.next_frame(false), Frame::SILENCE, "no reply yet");
        }
        for _ in 0..100 {
            assert_eq!(caller.next_frame(true), Frame::SILENCE);
        }
        assert_eq!(frames_until_speech(&mut caller, false), Some(PAUSE_FRAMES + 1));
        assert!(!caller.is_done());
        caller.next_frame(true);
        for _ in 0..PAUSE_FRAMES {
            caller.next_frame(false);
        }
        assert!(caller.is_done(), "after the reply to the last turn");
    }

    #[test]
    fn a_turn_without_a_reply_is_followed_by_the_next_after_twenty_seconds() {
        let mut caller = caller(&[480, 480]);
        frames_until_speech(&mut caller, false);
        assert_eq!(frames_until_speech(&mut caller, false), Some(REPLY_PATIENCE_FRAMES + 1));
    }
}
