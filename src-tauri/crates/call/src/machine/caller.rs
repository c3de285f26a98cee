//! The caller's side: speech, keys, words, commands.

use frontdesk_protocol::{ClientEvent, Item, Message};

use super::responses::{Purpose, Wanted};
use super::turns::Release;
use super::{Command, Effect, Machine, Moment};
use crate::config::TurnTaking;
use crate::event::{CallEventBody, EndReason, Medium};
use crate::identity::ItemId;

impl Machine {
    pub(super) fn command(&mut self, command: Command, now: Moment) {
        match command {
            Command::EndCall => self.finish(EndReason::HungUp, None, now),
            Command::SetMuted(muted) => self.effects.push(Effect::SetMuted(muted)),
            Command::SendText(text) => self.typed(text.trim(), now),
            Command::PushToTalk { down } if self.setup.config.turn_taking == TurnTaking::PushToTalk => {
                self.push_to_talk(down, now)
            }
            Command::PushToTalk { .. } => {}
            Command::Interrupt => {
                if self.takes_the_floor() {
                    self.responses.forget(Purpose::Filler);
                    self.tools.floor_taken();
                    self.answering.silenced();
                    self.interrupt(false, now);
                }
            }
        }
    }

    /// The caller wants to say something. True where that still counts: it stops the receptionist's own goodbye, but no other last words;
    /// there only hanging up is quicker.
    fn takes_the_floor(&mut self) -> bool {
        self.keep_open();
        self.ending.is_none()
    }

    fn typed(&mut self, text: &str, now: Moment) {
        if text.is_empty() || !self.takes_the_floor() {
            return;
        }
        self.caller_active();
        self.interrupt(false, now);
        let id = self.coin_item_id("typed");
        self.conversation.show(&id);
        let turn = self.conversation.open_turn(&id, Medium::Text);
        turn.stopped = true;
        self.caller_text(&id, text);
        self.create_item(&id, Item::Message(Message::user(text).with_id(id.clone())));
        self.turns.typed(now);
        self.responses.want(Wanted::plain(Purpose::Answer));
    }

    fn push_to_talk(&mut self, down: bool, now: Moment) {
        if down {
            if self.takes_the_floor() && self.turns.press(now) {
                self.caller_active();
                self.interrupt(false, now);
                self.forget_input();
            }
            return;
        }
        if self.ending.is_some() {
            return;
        }
        match self.turns.release(now) {
            Release::NotPressed => {}
            Release::TooShort => self.forget_input(),
            Release::Turn if self.is_ready() => {
                self.send(ClientEvent::commit_input());
                self.turns.committed(now);
                self.responses.want(Wanted::plain(Purpose::Answer));
            }
            Release::Turn => self.commit_when_ready = true,
        }
    }

    fn forget_input(&mut self) {
        self.commit_when_ready = false;
        self.effects.push(Effect::DropAudio);
        if self.is_ready() {
            self.send(ClientEvent::clear_input());
        }
    }

    /// The caller gave a sign of life.
    fn caller_active(&mut self) {
        self.idle.caller_active();
        self.responses.forget(Purpose::IdleQuestion);
        self.responses.forget(Purpose::Filler);
        self.answering.caller_active();
        self.tools.new_turn();
        self.greeting = false;
    }

    pub(super) fn speech_started(&mut self, item: Option<ItemId>, now: Moment) {
        if !self.takes_the_floor() {
            return;
        }
        self.caller_active();
        if let Some(item) = &item {
            self.begin_turn(item);
        }
        self.turns.speech_started(item);
        self.interrupt(self.setup.config.turn_taking.interrupts_response(), now);
    }

    pub(super) fn speech_stopped(&mut self, item: Option<ItemId>, audio_end_ms: u64, now: Moment) {
        let silence = self.setup.config.turn_taking.closing_silence();
        let spoken = self.turns.speech_stopped(audio_end_ms, silence, now);
        if let Some(item) = item.or(spoken) {
            self.begin_turn(&item);
            self.end_turn(&item);
        }
    }

    pub(super) fn committed(&mut self, item: Option<&ItemId>, previous: Option<&ItemId>, now: Moment) {
        if let Some(item) = item {
            self.conversation.place(item, previous);
            self.begin_turn(item);
            self.end_turn(item);
            if self.setup.config.transcription.is_none() {
                self.caller_text(item, "");
            }
        }
        self.turns.committed(now);
        let asks_itself = matches!(self.setup.config.turn_taking, TurnTaking::PushToTalk);
        if !asks_itself && !self.setup.config.turn_taking.creates_response() && self.ending.is_none() {
            self.responses.want(Wanted::plain(Purpose::Answer));
        }
    }

    /// The row of a spoken turn appears.
    fn begin_turn(&mut self, item: &ItemId) {
        if self.conversation.show(item) {
            self.conversation.open_turn(item, Medium::Voice);
            let previous_item_id = self.conversation.predecessor(item);
            self.emit(CallEventBody::CallerTurnStarted {
                item_id: item.clone(),
                previous_item_id,
            });
        }
    }

    fn end_turn(&mut self, item: &ItemId) {
        let turn = self.conversation.open_turn(item, Medium::Voice);
        if !std::mem::replace(&mut turn.stopped, true) {
            self.emit(CallEventBody::CallerTurnStopped { item_id: item.clone() });
        }
    }

    /// More words of a spoken turn.
    pub(super) fn caller_words(&mut self, item: &ItemId, delta: &str) {
        if delta.is_empty() {
            return;
        }
        self.begin_turn(item);
        let turn = self.conversation.open_turn(item, Medium::Voice);
        if !turn.complete {
            turn.text.push_str(delta);
            self.emit(CallEventBody::CallerTranscriptDelta {
                item_id: item.clone(),
                delta: delta.to_owned(),
            });
        }
    }

    /// All words of a turn; empty when it could not be understood.
    pub(super) fn caller_text(&mut self, item: &ItemId, text: &str) {
        self.begin_turn(item);
        let turn = self.conversation.open_turn(item, Medium::Voice);
        if std::mem::replace(&mut turn.complete, true) {
            return;
        }
        text.clone_into(&mut turn.text);
        let medium = turn.medium;
        let previous_item_id = self.conversation.predecessor(item);
        self.emit(CallEventBody::CallerTranscript {
            item_id: item.clone(),
            previous_item_id,
            text: text.to_owned(),
            medium,
        });
    }

    /// Turns whose words will not come any more keep what is known of them.
    pub(super) fn complete_lost_turns(&mut self) {
        for item in self.conversation.incomplete_turns() {
            let known = self
                .conversation
                .turn(&item)
                .map(|turn| turn.text.trim().to_owned())
                .unwrap_or_default();
            self.caller_text(&item, &known);
        }
    }
}
