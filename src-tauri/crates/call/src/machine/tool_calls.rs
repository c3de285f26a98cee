//! Tool calls: exactly one output for each, and one response after all outputs of a response.
//!
//! Pure: running a tool is an effect, its result an input.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::moment::Moment;
use crate::identity::{ItemId, ResponseId, ToolCallId};

/// State of one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ToolCall {
    /// The model's id of the call, as its connection knows it.
    pub(crate) wire_id: ToolCallId,
    /// Its place among all calls, from 1; given by [`ToolCalls::register`].
    pub(crate) number: u32,
    /// Name of the tool.
    pub(crate) name: String,
    /// Arguments as the model gave them.
    pub(crate) arguments: String,
    /// The conversation item of the call.
    pub(crate) item: ItemId,
    /// Response that asked for it.
    pub(crate) response: ResponseId,
    /// Connection on which it was asked for.
    pub(crate) connection: u32,
    /// The caller's turn that it was asked for in; given by [`ToolCalls::register`].
    pub(crate) turn: u32,
    /// When it was asked for.
    pub(crate) started: Moment,
    /// What the model was told; absent while it runs.
    pub(crate) output: Option<String>,
}

/// The calls of one response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Group {
    running: u32,
    /// `response.done` was seen.
    done: bool,
    /// Some call of it was answered in a way that the caller should hear of.
    wants_reply: bool,
    over_budget: bool,
}

/// Why a call is answered without running it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ToolRefusal {
    /// No tool has this name.
    Unknown,
    /// The caller interrupted the response that asked for it.
    Interrupted,
    /// Too many calls.
    OverBudget,
    /// The call is ending.
    Ending,
}

impl ToolRefusal {
    /// What the model is told.
    pub(crate) fn output(self) -> Value {
        let sentence = match self {
            Self::Unknown => "There is no tool of this name. Answer without it.",
            Self::Interrupted => {
                "The caller interrupted before this was done, so nothing was done. Call it again if it is still wanted."
            }
            Self::OverBudget => "Too many tools were called, so nothing was done. Answer with what you know now.",
            Self::Ending => "The call is ending, so nothing was done.",
        };
        json!({ "error": sentence })
    }
}

/// A call that was registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Registered {
    /// Its id within the call.
    pub(crate) id: ToolCallId,
    /// It is over a budget and may not run.
    pub(crate) over_budget: bool,
}

/// A response that is due because all calls of another one were answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FollowUp {
    /// The model was over its budget: it may not call tools now.
    pub(crate) without_tools: bool,
}

/// All tool calls of the call. See the module's header.
#[derive(Debug, Default)]
pub(crate) struct ToolCalls {
    calls: HashMap<ToolCallId, ToolCall>,
    groups: HashMap<ResponseId, Group>,
    running: u32,
    in_call: u32,
    in_turn: u32,
    /// Signs of life of the caller so far.
    turns: u32,
}

impl ToolCalls {
    /// The caller said something: the budget of a turn begins anew.
    pub(crate) fn new_turn(&mut self) {
        self.in_turn = 0;
        self.floor_taken();
    }

    /// A person has the floor: what was asked for before is not of this moment any more.
    pub(crate) fn floor_taken(&mut self) {
        self.turns = self.turns.saturating_add(1);
    }

    /// Registers a call. `None` when it is known already: backends repeat events, outputs may not be repeated.
    ///
    /// Counts it against the budgets. A backend that counts its ids per session gives one again after a reconnect; that is another call and
    /// gets an id of its own here.
    pub(crate) fn register(&mut self, call: ToolCall, per_call: u32, per_turn: u32) -> Option<Registered> {
        let id = match self.calls.get(&call.wire_id) {
            None => call.wire_id.clone(),
            Some(known) if known.connection == call.connection => return None,
            Some(_) => ToolCallId::new(format!("{}#{}", call.wire_id, call.connection)),
        };
        if self.calls.contains_key(&id) {
            return None;
        }
        self.in_call = self.in_call.saturating_add(1);
        self.in_turn = self.in_turn.saturating_add(1);
        let over_budget = self.in_call > per_call || self.in_turn > per_turn;
        let group = self.groups.entry(call.response.clone()).or_default();
        group.running += 1;
        group.over_budget |= over_budget;
        self.running += 1;
        let number = self.in_call;
        let turn = self.turns;
        self.calls.insert(id.clone(), ToolCall { number, turn, ..call });
        Some(Registered { id, over_budget })
    }

    /// Takes the one output of a call. `None` when it has one already, or is unknown.
    pub(crate) fn answer(&mut self, id: &ToolCallId, output: String, wants_reply: bool) -> Option<&ToolCall> {
        let call = self.calls.get_mut(id).filter(|call| call.output.is_none())?;
        call.output = Some(output);
        self.running = self.running.saturating_sub(1);
        if let Some(group) = self.groups.get_mut(&call.response) {
            group.running = group.running.saturating_sub(1);
            group.wants_reply |= wants_reply;
        }
        Some(call)
    }

    /// A response ended.
    pub(crate) fn response_done(&mut self, response: &ResponseId) {
        if let Some(group) = self.groups.get_mut(response) {
            group.done = true;
        }
    }

    /// The responses that are due now: all calls answered, and the response that made them over.
    pub(crate) fn take_follow_up(&mut self) -> Option<FollowUp> {
        let mut follow_up = None;
        self.groups.retain(|_, group| {
            let complete = group.done && group.running == 0;
            if complete && group.wants_reply {
                let due = follow_up.get_or_insert(FollowUp { without_tools: false });
                due.without_tools |= group.over_budget;
            }
            !complete
        });
        follow_up
    }

    /// No response is owed any more for the calls so far.
    pub(crate) fn forget_responses(&mut self) {
        self.groups.clear();
    }

    /// True while some tool runs.
    pub(crate) fn is_running(&self) -> bool {
        self.running > 0
    }

    /// True while a tool of this name runs.
    pub(crate) fn is_running_named(&self, name: &str) -> bool {
        self.running > 0
            && self
                .calls
                .values()
                .any(|call| call.output.is_none() && call.name == name)
    }

    /// Name of the tool of a call that has no output yet.
    pub(crate) fn running_name(&self, id: &ToolCallId) -> Option<&str> {
        let call = self.calls.get(id).filter(|call| call.output.is_none())?;
        Some(call.name.as_str())
    }

    /// True while a response is due that waits for a tool or for `response.done`.
    pub(crate) fn owes_reply(&self) -> bool {
        !self.groups.is_empty()
    }

    /// True when the caller has said nothing since the call was asked for.
    pub(crate) fn is_of_this_turn(&self, id: &ToolCallId) -> bool {
        self.calls.get(id).is_some_and(|call| call.turn == self.turns)
    }

    /// Calls without an output, oldest first.
    pub(crate) fn unanswered(&self) -> Vec<ToolCallId> {
        let mut open: Vec<_> = self.calls.iter().filter(|(_, call)| call.output.is_none()).collect();
        open.sort_by(|(left_id, left), (right_id, right)| left.started.cmp(&right.started).then(left_id.cmp(right_id)));
        open.into_iter().map(|(id, _)| id.clone()).collect()
    }

    /// The answered call whose conversation item is `item`.
    pub(crate) fn answered_at(&self, item: &ItemId) -> Option<&ToolCall> {
        self.calls
            .values()
            .find(|call| call.item == *item && call.output.is_some())
    }

    /// The connection is gone: running tools go on, their groups end, because the new connection does not know the response.
    ///
    /// Returns true when a reply was still owed for outputs that were given.
    pub(crate) fn connection_lost(&mut self) -> bool {
        let owed = self
            .groups
            .values()
            .any(|group| group.wants_reply && group.running == 0);
        self.groups.clear();
        owed
    }
}
