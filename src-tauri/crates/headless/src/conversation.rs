//! Prints a call as people read it: who said what, as it happens. Pure text.

use std::collections::HashMap;

use frontdesk_call::CallEvent;
use frontdesk_call::event::{CallEventBody, CallState, EndReason, Medium, ToolOutcome};
use frontdesk_call::identity::ToolCallId;

use crate::tool_words;

/// One call while it is printed.
#[derive(Default)]
pub struct Conversation {
    /// What tools were asked that have not answered yet; each is told in one line with its answer.
    asked: HashMap<ToolCallId, String>,
}

impl Conversation {
    /// The line that an event adds to a printed conversation; none for events that only move meters and states.
    pub fn line_of(&mut self, event: &CallEvent) -> Option<String> {
        let seconds = event.ms / 1_000;
        let clock = format!("{:>3}:{:02}", seconds / 60, seconds % 60);
        let text = match &event.body {
            CallEventBody::CallStarted {
                company,
                backend,
                model,
                ..
            } => format!("— {company} · {backend} · {model}"),
            CallEventBody::CallerTranscript { text, medium, .. } => match (text.as_str(), medium) {
                ("", _) => "Caller        [inaudible]".into(),
                (text, Medium::Voice) => format!("Caller        {text}"),
                (text, Medium::Text) => format!("Caller types  {text}"),
            },
            CallEventBody::ReplyTranscript { text, .. } => format!("Receptionist  {text}"),
            CallEventBody::ReplyInterrupted { heard_text, .. } => {
                format!("              interrupted after: {heard_text}")
            }
            CallEventBody::ToolStarted {
                tool_call_id,
                name,
                arguments,
            } => {
                let asked = tool_words::request(name, arguments);
                self.asked.insert(tool_call_id.clone(), asked);
                return None;
            }
            CallEventBody::ToolFinished {
                tool_call_id,
                outcome,
                output,
                ..
            } => {
                let asked = self.asked.remove(tool_call_id).unwrap_or_default();
                let failed = if *outcome == ToolOutcome::Failed {
                    "failed: "
                } else {
                    ""
                };
                format!("Tool          {asked} → {failed}{}", tool_words::result(output))
            }
            CallEventBody::Warning { problem } => format!("! {problem}"),
            CallEventBody::Reconnecting { attempt } => format!("! connection lost, try {attempt} to restore it"),
            CallEventBody::Reconnected => "! connection restored".into(),
            CallEventBody::StateChanged {
                state: CallState::Connecting,
            } => "— connecting".into(),
            CallEventBody::CallEnded { reason, problem } => match problem {
                Some(problem) => format!("— ended: {problem}"),
                None => format!("— ended ({})", reason_words(*reason)),
            },
            _ => return None,
        };
        Some(format!("{clock}  {text}"))
    }
}

fn reason_words(reason: EndReason) -> &'static str {
    match reason {
        EndReason::HungUp => "hung up",
        EndReason::LegClosed => "the caller had nothing more to say",
        EndReason::Goodbye => "the receptionist said goodbye",
        EndReason::Idle => "nobody spoke",
        EndReason::MaximumLength => "longest length reached",
        EndReason::Interrupted => "interrupted",
        _ => "failed",
    }
}
