//! The end of a call: last words are played to their end, then it really hangs up. Pure; time is an input.

use std::time::Duration;

use super::moment::Moment;
use crate::event::EndReason;

/// Quiet time after the caller's side closed: a backend needs about this long to notice the end of the last turn.
pub(crate) const CLOSED_GRACE: Duration = Duration::from_millis(1_500);

/// Longest time without any progress of the last words. Progress is a sign of the response or of its playback, so words are never cut.
pub(crate) const LAST_WORDS_STALL: Duration = Duration::from_secs(15);

/// What the call waits for before it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LastWords {
    /// The reply to what the caller said last.
    RunningReply,
    /// The receptionist's own goodbye, after the caller's. The caller may speak over it and keeps the call.
    Parting,
    /// A goodbye that this side asked for. The caller is not listened to any more.
    Goodbye,
}

impl LastWords {
    /// True for both kinds of goodbye: nothing but the rest of it is waited for.
    pub(crate) fn is_goodbye(self) -> bool {
        matches!(self, Self::Parting | Self::Goodbye)
    }
}

/// A call that is ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ending {
    /// Why.
    pub(crate) reason: EndReason,
    /// What it waits for.
    pub(crate) last_words: LastWords,
    /// The goodbye was asked for a second time, because the first came to nothing.
    pub(crate) asked_again: bool,
    last_sign: Moment,
}

impl Ending {
    /// The call begins to end.
    pub(crate) fn new(reason: EndReason, last_words: LastWords, now: Moment) -> Self {
        Self {
            reason,
            last_words,
            asked_again: false,
            last_sign: now,
        }
    }

    /// Something of the last words was seen or heard.
    pub(crate) fn sign(&mut self, now: Moment) {
        self.last_sign = now;
    }

    /// When the call ends, if nothing more happens. `complete`: nothing is expected and nothing plays. `held`: a tool runs, which has a
    /// time limit of its own.
    pub(crate) fn deadline(&self, complete: bool, held: bool) -> Option<Moment> {
        let wait = match (self.last_words, complete) {
            (LastWords::Parting | LastWords::Goodbye, true) => Duration::ZERO,
            (LastWords::RunningReply, true) => CLOSED_GRACE,
            (_, false) if held => return None,
            (_, false) => LAST_WORDS_STALL,
        };
        Some(self.last_sign + wait)
    }
}
