//! The transcript of a call as rows: a pure fold over its events, used by the exports and by headless printing.
//!
//! Reads any prefix of a call, so a call that was cut off by a dead process has a transcript too. Pure data, any thread.

use std::collections::HashMap;

use crate::event::{CallEvent, CallEventBody, CallerDetails, EndReason, LegKind, Medium, ToolOutcome};
use crate::identity::{CallId, ItemId, ToolCallId, WallTime};
use crate::order::ItemOrder;
use crate::problem::Problem;

/// What was said in a call, in the order in which it was said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transcript {
    /// How the call began; absent when its first event is missing.
    pub opening: Option<Opening>,
    /// Everything said, by either side.
    pub rows: Vec<TranscriptRow>,
    /// Tools that were asked for before anything was said.
    pub opening_tools: Vec<ToolCrumb>,
    /// What is known of the caller at the end.
    pub details: CallerDetails,
    /// How the call ended; absent while it runs or when its process died.
    pub ending: Option<Ending>,
    /// Milliseconds from the start of the call to its last event.
    pub length_ms: u64,
}

/// How a call began.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    /// The call.
    pub call_id: CallId,
    /// Wall clock, UTC.
    pub at: WallTime,
    /// Where the caller spoke.
    pub leg: LegKind,
    /// Company that answered.
    pub company: String,
    /// Backend that answered, for people.
    pub backend: String,
    /// Voice model, as the backend names it.
    pub model: String,
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Ending {
    /// Why.
    pub reason: EndReason,
    /// The failure, where the reason is one.
    pub problem: Option<Problem>,
}

/// Who said something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The caller.
    Caller,
    /// The receptionist.
    Receptionist,
}

/// One turn of one side.
#[derive(Clone, Debug, PartialEq)]
pub struct TranscriptRow {
    /// The conversation item.
    pub item_id: ItemId,
    /// Who said it.
    pub speaker: Speaker,
    /// How the caller gave it; always [`Medium::Voice`] for the receptionist.
    pub medium: Medium,
    /// What was said; for an interrupted reply only what was heard. Empty when it could not be understood.
    pub text: String,
    /// False while more text may come.
    pub complete: bool,
    /// The caller cut it off.
    pub interrupted: bool,
    /// Milliseconds from the start of the call to its first sign. For a reply: the first sound, once there was one.
    pub start_ms: u64,
    /// Milliseconds from the start of the call to its last sound; absent while it lasts.
    pub end_ms: Option<u64>,
    /// Milliseconds from the end of the caller's speech to the first sound of this reply.
    pub since_speech_end_ms: Option<u64>,
    /// Tools that were asked for after this row and before the next.
    pub tools: Vec<ToolCrumb>,
}

/// One tool call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolCrumb {
    /// Identity of the call.
    pub tool_call_id: ToolCallId,
    /// Name of the tool.
    pub name: String,
    /// Arguments as the model gave them.
    pub arguments: String,
    /// Milliseconds from the start of the call to the request.
    pub start_ms: u64,
    /// How it ended; absent while it runs.
    pub result: Option<ToolCrumbResult>,
}

/// How a tool call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolCrumbResult {
    /// Done or failed.
    pub outcome: ToolOutcome,
    /// Milliseconds that it ran.
    pub duration_ms: u64,
    /// What the model was told.
    pub output: String,
}

impl Transcript {
    /// Folds events, in the order of their `seq`.
    pub fn from_events<'a>(events: impl IntoIterator<Item = &'a CallEvent>) -> Self {
        let mut fold = Fold::default();
        for event in events {
            fold.add(event);
        }
        fold.finish()
    }
}

/// The rows while they grow.
#[derive(Default)]
struct Fold {
    transcript: Transcript,
    order: ItemOrder,
    rows: HashMap<ItemId, TranscriptRow>,
    /// Which row (or none: before all) each tool call hangs on.
    tool_rows: HashMap<ToolCallId, Option<ItemId>>,
    /// Row of the newest sign of life; tools are hung on it.
    newest: Option<ItemId>,
}

impl Fold {
    fn add(&mut self, event: &CallEvent) {
        let ms = event.ms;
        self.transcript.length_ms = self.transcript.length_ms.max(ms);
        match &event.body {
            CallEventBody::CallStarted {
                leg,
                company,
                backend,
                model,
            } => {
                self.transcript.opening = Some(Opening {
                    call_id: event.call_id.clone(),
                    at: event.at,
                    leg: *leg,
                    company: company.clone(),
                    backend: backend.clone(),
                    model: model.clone(),
                });
            }
            CallEventBody::CallerTurnStarted {
                item_id,
                previous_item_id,
            } => {
                self.place(item_id, previous_item_id.as_ref(), Speaker::Caller, ms);
            }
            CallEventBody::CallerTurnStopped { item_id } => {
                self.row(item_id, Speaker::Caller, ms).end_ms = Some(ms);
            }
            CallEventBody::CallerTranscriptDelta { item_id, delta } => {
                self.row(item_id, Speaker::Caller, ms).text.push_str(delta);
            }
            CallEventBody::CallerTranscript {
                item_id,
                previous_item_id,
                text,
                medium,
            } => {
                let row = self.place(item_id, previous_item_id.as_ref(), Speaker::Caller, ms);
                row.text.clone_from(text);
                row.medium = *medium;
                row.complete = true;
                row.end_ms.get_or_insert(ms);
            }
            CallEventBody::ReplyStarted {
                item_id,
                previous_item_id,
            } => {
                self.place(item_id, previous_item_id.as_ref(), Speaker::Receptionist, ms);
            }
            CallEventBody::ReplyDelta { item_id, delta } => {
                let row = self.row(item_id, Speaker::Receptionist, ms);
                if !row.complete {
                    row.text.push_str(delta);
                }
            }
            CallEventBody::ReplyAudible {
                item_id,
                since_speech_end_ms,
            } => {
                let row = self.row(item_id, Speaker::Receptionist, ms);
                row.start_ms = ms;
                row.since_speech_end_ms = *since_speech_end_ms;
            }
            CallEventBody::ReplyTranscript { item_id, text } => {
                let row = self.row(item_id, Speaker::Receptionist, ms);
                if !row.interrupted {
                    row.text.clone_from(text);
                    row.complete = true;
                }
            }
            CallEventBody::ReplyInterrupted {
                item_id, heard_text, ..
            } => {
                let row = self.row(item_id, Speaker::Receptionist, ms);
                row.text.clone_from(heard_text);
                row.complete = true;
                row.interrupted = true;
                row.end_ms = Some(ms);
            }
            CallEventBody::ReplyPlayed { item_id } => {
                self.row(item_id, Speaker::Receptionist, ms).end_ms = Some(ms);
            }
            CallEventBody::ToolStarted {
                tool_call_id,
                name,
                arguments,
            } => {
                self.tool_started(tool_call_id, name, arguments, ms);
            }
            CallEventBody::ToolFinished {
                tool_call_id,
                outcome,
                duration_ms,
                output,
            } => {
                if let Some(crumb) = self.crumb(tool_call_id) {
                    let result = ToolCrumbResult {
                        outcome: *outcome,
                        duration_ms: *duration_ms,
                        output: output.clone(),
                    };
                    crumb.result = Some(result);
                }
            }
            CallEventBody::CallerDetails { details } => self.transcript.details.clone_from(details),
            CallEventBody::CallEnded { reason, problem } => {
                self.transcript.ending = Some(Ending {
                    reason: *reason,
                    problem: problem.clone(),
                });
            }
            CallEventBody::StateChanged { .. }
            | CallEventBody::MicrophoneChanged { .. }
            | CallEventBody::DeviceChanged { .. }
            | CallEventBody::Reconnecting { .. }
            | CallEventBody::Reconnected
            | CallEventBody::Warning { .. }
            | CallEventBody::Recovered { .. }
            | CallEventBody::Usage { .. } => {}
        }
    }

    /// The row of `item`, placed behind `previous`.
    fn place(&mut self, item: &ItemId, previous: Option<&ItemId>, speaker: Speaker, ms: u64) -> &mut TranscriptRow {
        self.order.place(item, previous);
        self.row(item, speaker, ms)
    }

    /// The row of `item`; a new one goes to the end.
    fn row(&mut self, item: &ItemId, speaker: Speaker, ms: u64) -> &mut TranscriptRow {
        self.order.place(item, None);
        self.newest = Some(item.clone());
        self.rows.entry(item.clone()).or_insert_with(|| TranscriptRow {
            item_id: item.clone(),
            speaker,
            medium: Medium::Voice,
            text: String::new(),
            complete: false,
            interrupted: false,
            start_ms: ms,
            end_ms: None,
            since_speech_end_ms: None,
            tools: Vec::new(),
        })
    }

    fn tool_started(&mut self, id: &ToolCallId, name: &str, arguments: &str, ms: u64) {
        if self.tool_rows.contains_key(id) {
            return;
        }
        let crumb = ToolCrumb {
            tool_call_id: id.clone(),
            name: name.to_owned(),
            arguments: arguments.to_owned(),
            start_ms: ms,
            result: None,
        };
        match self.newest.as_ref().and_then(|item| self.rows.get_mut(item)) {
            Some(row) => row.tools.push(crumb),
            None => self.transcript.opening_tools.push(crumb),
        }
        self.tool_rows.insert(id.clone(), self.newest.clone());
    }

    fn crumb(&mut self, id: &ToolCallId) -> Option<&mut ToolCrumb> {
        let crumbs = match self.tool_rows.get(id)? {
            Some(item) => &mut self.rows.get_mut(item)?.tools,
            None => &mut self.transcript.opening_tools,
        };
        crumbs.iter_mut().find(|crumb| crumb.tool_call_id == *id)
    }

    fn finish(mut self) -> Transcript {
        self.transcript.rows = self
            .order
            .items()
            .iter()
            .filter_map(|item| self.rows.remove(item))
            .collect();
        self.transcript
    }
}
