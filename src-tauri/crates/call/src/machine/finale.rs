//! How a call ends: silence, length, goodbye, a caller who is gone, a hang-up. Last words are played to their end; then it really ends.

use frontdesk_protocol::{ClientEvent, ResponseId};

use super::ending::{Ending, LastWords};
use super::idle::IdleStep;
use super::responses::{Active, Purpose, Wanted};
use super::tool_calls::ToolRefusal;
use super::{Effect, Machine, Moment};
use crate::event::{CallEventBody, CallState, EndReason, ToolOutcome};
use crate::problem::Problem;

impl Machine {
    pub(super) fn length_deadline(&self) -> Option<Moment> {
        let longest = self.setup.config.limits.maximum_length?;
        let polite = self.started && self.says_goodbye();
        (!polite).then(|| Moment::default() + longest)
    }

    pub(super) fn length_overdue(&mut self, now: Moment) {
        if self.length_deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        if self.is_ready() {
            let prompt = self.setup.config.prompts.length_goodbye.clone();
            self.say_goodbye(EndReason::MaximumLength, &prompt, now);
        } else {
            self.finish(EndReason::MaximumLength, None, now);
        }
    }

    pub(super) fn idle_overdue(&mut self, now: Moment) {
        if self.ended || self.ending.is_some() {
            return;
        }
        match self.idle.overdue(now) {
            Some(IdleStep::Ask) => {
                let prompt = self.setup.config.prompts.idle_question.clone();
                self.responses.want(Wanted::instructed(Purpose::IdleQuestion, &prompt));
            }
            Some(IdleStep::SayGoodbye) => {
                let prompt = self.setup.config.prompts.idle_goodbye.clone();
                self.say_goodbye(EndReason::Idle, &prompt, now);
            }
            None => {}
        }
    }

    /// A goodbye, after what is being said now. The caller is not listened to any more, so nothing can cut it.
    fn say_goodbye(&mut self, reason: EndReason, prompt: &str, now: Moment) {
        self.ending = Some(Ending::new(reason, LastWords::Goodbye, now));
        self.responses.drop_queue();
        if self.is_ready() {
            // Half a sentence in the buffer would count as the caller speaking and hold the goodbye up.
            self.send(ClientEvent::clear_input());
        }
        self.effects.push(Effect::DropAudio);
        self.turns.stop_listening();
        self.tools.forget_responses();
        self.responses
            .want(Wanted::instructed(Purpose::Goodbye, prompt).forbid_tools());
    }

    /// A tool asked to end the call after the next reply. When the response that called it has spoken, that was the goodbye: a second
    /// one would be the "goodbye" that never ends. A caller who is speaking has more to say, and the call goes on.
    pub(super) fn end_after_goodbye(&mut self, response: &ResponseId, now: Moment) {
        if self.says_goodbye() || self.turns.is_speaking() {
            return;
        }
        let said = self.playback.has_spoken(Some(response));
        self.ending = Some(Ending::new(EndReason::Goodbye, LastWords::Parting, now));
        self.responses.drop_queue();
        if !said {
            self.responses.want(Wanted::plain(Purpose::Goodbye).forbid_tools());
        }
    }

    /// True while the last words are a goodbye of either kind.
    pub(super) fn says_goodbye(&self) -> bool {
        self.ending.is_some_and(|ending| ending.last_words.is_goodbye())
    }

    /// True while a goodbye is said that the caller cannot stop.
    pub(super) fn is_deaf(&self) -> bool {
        self.ending
            .is_some_and(|ending| ending.last_words == LastWords::Goodbye)
    }

    /// True while the receptionist takes leave and the caller may still stay.
    pub(super) fn is_parting(&self) -> bool {
        self.ending
            .is_some_and(|ending| ending.last_words == LastWords::Parting)
    }

    /// The caller goes on although the receptionist has begun to take leave: the call stays open. Without a connection there is nobody who
    /// could answer, and the ending holds.
    pub(super) fn keep_open(&mut self) {
        if self.is_parting() && self.is_ready() {
            self.ending = None;
            self.responses.forget(Purpose::Goodbye);
        }
    }

    /// The caller has nothing more to say: the running reply is played, then the call ends.
    pub(super) fn leg_closed(&mut self, now: Moment) {
        match &mut self.ending {
            None => self.ending = Some(Ending::new(EndReason::LegClosed, LastWords::RunningReply, now)),
            Some(ending) if ending.last_words == LastWords::Parting => ending.last_words = LastWords::Goodbye,
            Some(_) => {}
        }
        if !self.started {
            self.finish(EndReason::LegClosed, None, now);
        }
    }

    /// The leg is gone: nobody hears anything any more.
    pub(super) fn leg_gone(&mut self, now: Moment) {
        let reason = self.ending.map_or(EndReason::LegClosed, |ending| ending.reason);
        self.finish(reason, None, now);
    }

    /// The backend cancelled the goodbye because it still heard the caller, before a sound of it came: asked for once more.
    pub(super) fn last_words_lost(&mut self, ended: Option<&Active>, response: Option<&ResponseId>) {
        let goodbye = ended
            .and_then(|active| active.wanted.clone())
            .filter(|wanted| wanted.purpose == Purpose::Goodbye);
        if let Some(goodbye) = goodbye
            && !self.playback.has_spoken(response)
            && let Some(ending) = &mut self.ending
            && !std::mem::replace(&mut ending.asked_again, true)
        {
            self.responses.want(goodbye);
        }
    }

    /// Nothing is expected and nothing plays. A goodbye waits only for the tools of the response that it follows.
    fn is_all_said(&self) -> bool {
        let expected = if self.says_goodbye() {
            self.responses.is_expected() || self.tools.owes_reply()
        } else {
            self.is_reply_expected() || self.turns.is_speaking()
        };
        !expected && self.playback.is_quiet()
    }

    pub(super) fn ending_deadline(&self) -> Option<Moment> {
        self.ending
            .and_then(|ending| ending.deadline(self.is_all_said(), self.tools.is_running()))
    }

    pub(super) fn ending_overdue(&mut self, now: Moment) {
        if let Some(ending) = self.ending
            && !self.ended
            && self.ending_deadline().is_some_and(|deadline| now >= deadline)
        {
            self.finish(ending.reason, None, now);
        }
    }

    /// The last words are out: ends the call in the same step.
    pub(super) fn settle_ending(&mut self, now: Moment) {
        if self.says_goodbye() && self.is_all_said() {
            self.ending_overdue(now);
        }
    }

    /// Ends the call now. Whatever is open gets its last event; nothing follows.
    pub(super) fn finish(&mut self, reason: EndReason, problem: Option<Problem>, now: Moment) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        self.link = super::Link::Down;
        for id in self.tools.unanswered() {
            self.answer_tool(
                &id,
                ToolRefusal::Ending.output().to_string(),
                ToolOutcome::Failed,
                false,
                now,
            );
        }
        for item in self.playback.live() {
            self.conclude(&item);
        }
        self.complete_lost_turns();
        self.show_state(CallState::Ended);
        self.emit(CallEventBody::CallEnded { reason, problem });
        self.effects.push(Effect::Stop);
    }
}
