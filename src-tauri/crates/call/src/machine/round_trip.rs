//! The function-call round trip: the model calls, the tool runs beside the conversation, its one output goes back, one response follows.

use frontdesk_protocol::{FunctionCall, FunctionCallOutput, Item, Message};

use super::responses::{Purpose, Wanted};
use super::tool_calls::{Registered, ToolCall, ToolRefusal};
use super::{Effect, Machine, Moment};
use crate::call_view::CallReport;
use crate::event::{CallEventBody, CallerDetails, ToolOutcome};
use crate::identity::{ResponseId, ToolCallId};
use crate::tool::ToolResult;

impl Machine {
    /// The model asks for a tool. Every call gets one output, here or when the tool has run.
    pub(super) fn tool_called(&mut self, response: &ResponseId, call: &FunctionCall, now: Moment) {
        let Some(wire_id) = call.call_id.clone() else {
            tracing::warn!(tool = call.name, "a tool call without an id cannot be answered");
            return;
        };
        let item = call.id.clone().unwrap_or_else(|| self.coin_item_id("call"));
        self.conversation.place(&item, None);
        self.conversation.hide(&item);
        let limits = &self.setup.config.limits;
        let registered = ToolCall {
            wire_id,
            number: 0,
            turn: 0,
            name: call.name.clone(),
            arguments: call.arguments.clone(),
            item,
            response: response.clone(),
            connection: self.connection,
            started: now,
            output: None,
        };
        let Some(Registered { id, over_budget }) =
            self.tools
                .register(registered, limits.tool_calls_per_call, limits.tool_calls_per_turn)
        else {
            return;
        };
        let (name, arguments) = (call.name.clone(), call.arguments.clone());
        self.emit(CallEventBody::ToolStarted {
            tool_call_id: id.clone(),
            name: name.clone(),
            arguments: arguments.clone(),
        });
        let refusal = if self.ending.is_some() && !self.is_parting() {
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
        let late = self.late_answer(id, &result.output);
        let wants_reply = late.is_none();
        let output = late.unwrap_or(result.output).to_string();
        let Some(response) = self.answer_tool(id, output, outcome, wants_reply, now) else {
            return;
        };
        if let Some(learned) = result.caller_details {
            self.learn(learned);
        }
        if result.ends_call && self.tools.is_of_this_turn(id) {
            self.end_after_goodbye(&response, now);
        }
    }

    /// A tool tells what it does. A tool that it used itself is a tool call like another for readers, and none for the voice model.
    pub(super) fn tool_reports(&mut self, report: CallReport, now: Moment) {
        match report {
            CallReport::Warning(problem) => self.warn(problem, now),
            CallReport::ToolUsed {
                tool_call_id,
                name,
                arguments,
                outcome,
                took,
                output,
            } => {
                self.emit(CallEventBody::ToolStarted {
                    tool_call_id: tool_call_id.clone(),
                    name,
                    arguments,
                });
                self.emit(CallEventBody::ToolFinished {
                    tool_call_id,
                    outcome,
                    duration_ms: super::moment::whole_ms(took),
                    output,
                });
            }
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
        let (name, wire_id) = (call.name.clone(), call.wire_id.clone());
        let (response, connection) = (call.response.clone(), call.connection);
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
                call_id: wire_id,
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
