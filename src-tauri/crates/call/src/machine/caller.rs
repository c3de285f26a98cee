//! The caller's side: speech, keys, words, commands; and the tools that are run for them.

use frontdesk_protocol::{ClientEvent, FunctionCall, FunctionCallOutput, Item, Message};

use super::responses::{Purpose, Wanted};
use super::tool_calls::{ToolCall, ToolRefusal};
use super::turns::Release;
use super::{Command, Effect, Machine, Moment};
use crate::config::TurnTaking;
use crate::event::{CallEventBody, CallerDetails, EndReason, Medium, ToolOutcome};
use crate::identity::{ItemId, ResponseId, ToolCallId};
use crate::tool::ToolResult;

impl Machine {
    pub(super) fn command(&mut self, command: Command, now: Moment) {
        match command {
            Command::EndCall => self.finish(EndReason::HungUp, None, now),
            Command::SetMuted(muted) => self.effects.push(Effect::SetMuted(muted)),
            // From here on the last words are spoken, whatever the person does; only hanging up is quicker.
            _ if self.ending.is_some() => {}
            Command::SendText(text) => self.typed(text.trim(), now),
            Command::PushToTalk { down } if self.setup.config.turn_taking == TurnTaking::PushToTalk => {
                self.push_to_talk(down, now)
            }
            Command::PushToTalk { .. } => {}
            Command::Interrupt => self.interrupt(false, now),
        }
    }

    fn typed(&mut self, text: &str, now: Moment) {
        if text.is_empty() {
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
            if self.turns.press(now) {
                self.caller_active();
                self.interrupt(false, now);
                self.forget_input();
            }
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
        self.tools.new_turn();
        self.greeting = false;
    }

    pub(super) fn speech_started(&mut self, item: Option<ItemId>, now: Moment) {
        if self.ending.is_some() {
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

    /// The model asks for a tool. Every call gets one output, here or when the tool has run.
    pub(super) fn tool_called(&mut self, response: &ResponseId, call: &FunctionCall, now: Moment) {
        let Some(id) = call.call_id.clone() else {
            tracing::warn!(tool = call.name, "a tool call without an id cannot be answered");
            return;
        };
        let item = call.id.clone().unwrap_or_else(|| self.coin_item_id("call"));
        self.conversation.place(&item, None);
        self.conversation.hide(&item);
        let limits = &self.setup.config.limits;
        let registered = ToolCall {
            name: call.name.clone(),
            arguments: call.arguments.clone(),
            item: Some(item),
            response: response.clone(),
            connection: self.connection,
            started: now,
            output: None,
        };
        let Some(over_budget) =
            self.tools
                .register(&id, registered, limits.tool_calls_per_call, limits.tool_calls_per_turn)
        else {
            return;
        };
        let (name, arguments) = (call.name.clone(), call.arguments.clone());
        self.emit(CallEventBody::ToolStarted {
            tool_call_id: id.clone(),
            name: name.clone(),
            arguments: arguments.clone(),
        });
        let refusal = if self.ending.is_some() {
            Some(ToolRefusal::Ending)
        } else if self.responses.is_discarded(response) {
            Some(ToolRefusal::Interrupted)
        } else if over_budget {
            Some(ToolRefusal::OverBudget)
        } else if !self.setup.tools.iter().any(|tool| tool.name == name) {
            Some(ToolRefusal::Unknown)
        } else {
            None
        };
        match refusal {
            None => self.effects.push(Effect::RunTool {
                tool_call_id: id,
                name,
                arguments,
            }),
            Some(refusal) => {
                let wants_reply = matches!(refusal, ToolRefusal::Unknown | ToolRefusal::OverBudget);
                self.answer_tool(&id, refusal.output().to_string(), ToolOutcome::Failed, wants_reply, now);
            }
        }
    }

    /// A tool has run.
    pub(super) fn tool_finished(&mut self, id: &ToolCallId, result: ToolResult, now: Moment) {
        let outcome = if result.succeeded {
            ToolOutcome::Done
        } else {
            ToolOutcome::Failed
        };
        let Some(response) = self.answer_tool(id, result.output.to_string(), outcome, true, now) else {
            return;
        };
        if let Some(learned) = result.caller_details {
            self.learn(learned);
        }
        if result.ends_call {
            self.end_after_goodbye(&response, now);
        }
    }

    /// Gives a call its one output: as an item, or, when its connection is gone, as a note. Returns the response that asked for it.
    pub(super) fn answer_tool(
        &mut self,
        id: &ToolCallId,
        output: String,
        outcome: ToolOutcome,
        wants_reply: bool,
        now: Moment,
    ) -> Option<ResponseId> {
        let call = self.tools.answer(id, output.clone(), wants_reply)?;
        let (name, response, connection) = (call.name.clone(), call.response.clone(), call.connection);
        let duration_ms = super::moment::whole_ms(now.since(call.started));
        self.emit(CallEventBody::ToolFinished {
            tool_call_id: id.clone(),
            outcome,
            duration_ms,
            output: output.clone(),
        });
        if connection == self.connection {
            let item = self.coin_item_id("output");
            let answer = FunctionCallOutput {
                id: Some(item.clone()),
                status: None,
                call_id: id.clone(),
                output,
            };
            self.create_item(&item, Item::FunctionCallOutput(answer));
        } else {
            // The new connection does not know the call. While there is none yet, the replay will contain call and output.
            let item = self.coin_item_id("note");
            let note = format!("The tool {name}, asked for before the line was restored, has now answered: {output}");
            self.create_item(&item, Item::Message(Message::system(note).with_id(item.clone())));
            if wants_reply {
                self.responses.want(Wanted::plain(Purpose::ToolResult));
            }
        }
        Some(response)
    }

    /// Asks for the response that follows tool outputs, once all calls of a response are answered and it is over.
    pub(super) fn follow_up_tools(&mut self) {
        if let Some(follow_up) = self.tools.take_follow_up()
            && self.ending.is_none()
        {
            let wanted = Wanted::plain(Purpose::ToolResult);
            self.responses.want(if follow_up.without_tools {
                wanted.forbid_tools()
            } else {
                wanted
            });
        }
    }

    /// Adds what a tool learned of the caller to what is known.
    fn learn(&mut self, learned: CallerDetails) {
        let known = &mut self.details;
        let before = known.clone();
        known.name = learned.name.or(known.name.take());
        known.phone = learned.phone.or(known.phone.take());
        known.reason = learned.reason.or(known.reason.take());
        if *known != before {
            let details = known.clone();
            self.emit(CallEventBody::CallerDetails { details });
        }
    }
}
