//! The tool whose answer is the next thing to be said: nobody waits for it in silence, and an answer that comes too late is not read out.
//!
//! Pure; time is an input. The voice model is told to say by itself that it is checking; this is the net below it, and for long waits.

use std::time::Duration;

use serde_json::{Value, json};

use super::Machine;
use super::moment::Moment;
use super::responses::{Purpose, Wanted};
use crate::identity::ToolCallId;

/// Silence after which something is said while the tool works. A voice model needs up to a second from the request to the first sound, and
/// nobody shall hear nothing for more than two and a half.
pub(super) const FILLER_AFTER: Duration = Duration::from_millis(1_500);

/// What is known of the wait.
#[derive(Debug, Default)]
pub(super) struct AnswerWatch {
    /// Since when nothing was heard, while something is waited for.
    quiet_since: Option<Moment>,
    /// An answer that came after the caller had said more is in the conversation, and no response has read it.
    unread: bool,
    /// The receptionist was silenced by a person: nothing is filled in before the caller speaks again.
    hushed: bool,
}

impl AnswerWatch {
    /// When something is due.
    pub(super) fn deadline(&self) -> Option<Moment> {
        self.quiet_since.map(|since| since + FILLER_AFTER)
    }

    /// A response began: it reads everything that the conversation holds.
    pub(super) fn response_created(&mut self) {
        self.unread = false;
    }

    /// The caller speaks: the talk goes on.
    pub(super) fn caller_active(&mut self) {
        *self = Self::default();
    }

    /// A person silenced the receptionist.
    pub(super) fn silenced(&mut self) {
        self.hushed = true;
    }
}

impl Machine {
    /// True when the tool of this name says what is said next.
    fn is_answering(&self, name: &str) -> bool {
        self.setup.config.answering_tool.as_deref() == Some(name)
    }

    fn awaits_answer(&self) -> bool {
        let tool = self.setup.config.answering_tool.as_deref();
        tool.is_some_and(|name| self.tools.is_running_named(name))
    }

    /// An answer has come. Gives what the model is told where the caller has said something since it was asked for: it is not to be read out.
    pub(super) fn late_answer(&mut self, id: &ToolCallId, output: &Value) -> Option<Value> {
        if !self.tools.running_name(id).is_some_and(|name| self.is_answering(name)) {
            return None;
        }
        self.responses.forget(Purpose::Filler);
        if self.tools.is_of_this_turn(id) {
            return None;
        }
        self.answering.unread = true;
        let note = "This came after the caller had gone on. Do not read it out; use only what is still wanted and still true of it.";
        Some(json!({ "late": output, "note": note }))
    }

    /// Takes note of the silence.
    pub(super) fn observe_answering(&mut self, now: Moment) {
        let waits = !self.answering.hushed && (self.answering.unread || self.awaits_answer());
        let nothing_is_heard = self.started
            && self.is_ready()
            && self.ending.is_none()
            && self.playback.is_quiet()
            && !self.responses.is_expected()
            && !self.turns.is_speaking()
            && !self.turns.is_awaiting();
        if waits && nothing_is_heard {
            self.answering.quiet_since.get_or_insert(now);
        } else {
            self.answering.quiet_since = None;
        }
    }

    /// Breaks a silence that has lasted too long: with a few words while the tool works, or by asking the model to go on when a late answer
    /// has met a caller who waits.
    pub(super) fn answering_overdue(&mut self, now: Moment) {
        if self.answering.deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        self.answering.quiet_since = None;
        let wanted = if self.awaits_answer() {
            Wanted::instructed(Purpose::Filler, &self.setup.config.prompts.filler).forbid_tools()
        } else {
            Wanted::plain(Purpose::ToolResult)
        };
        self.responses.want(wanted);
    }
}
