//! Nobody speaks: one question, then a polite end. Pure; time is an input.

use std::time::Duration;

use super::moment::Moment;

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdleStep {
    /// Ask whether somebody is there.
    Ask,
    /// Say goodbye.
    SayGoodbye,
}

/// Watches the silence of both sides.
#[derive(Debug)]
pub(crate) struct IdleWatch {
    question_after: Duration,
    goodbye_after: Duration,
    quiet_since: Option<Moment>,
    asked: bool,
}

impl IdleWatch {
    /// A watch with its two waits.
    pub(crate) fn new(question_after: Duration, goodbye_after: Duration) -> Self {
        Self {
            question_after,
            goodbye_after,
            quiet_since: None,
            asked: false,
        }
    }

    /// The caller gave a sign of life.
    pub(crate) fn caller_active(&mut self) {
        self.asked = false;
        self.quiet_since = None;
    }

    /// Tells whether the call rests: nobody speaks and no reply, tool or connection is pending. Silence counts only while it does.
    pub(crate) fn observe(&mut self, resting: bool, now: Moment) {
        if resting {
            self.quiet_since.get_or_insert(now);
        } else {
            self.quiet_since = None;
        }
    }

    /// When something is due.
    pub(crate) fn deadline(&self) -> Option<Moment> {
        let wait = if self.asked {
            self.goodbye_after
        } else {
            self.question_after
        };
        self.quiet_since.map(|since| since + wait)
    }

    /// What is due now; each step once.
    pub(crate) fn overdue(&mut self, now: Moment) -> Option<IdleStep> {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return None;
        }
        self.quiet_since = None;
        if self.asked {
            return Some(IdleStep::SayGoodbye);
        }
        self.asked = true;
        Some(IdleStep::Ask)
    }
}
