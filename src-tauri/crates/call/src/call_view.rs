//! A call as one of its tools may see it: what was said so far, and a way to report what the tool does. Handed to the tools when the call
//! starts ([`crate::tool::ToolProvider::attend`]). Holding it keeps no call alive. Any task.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use crate::event::{CallEventBody, ToolOutcome};
use crate::event_log::CallEvents;
use crate::identity::ToolCallId;
use crate::problem::Problem;
use crate::transcript::Transcript;

/// Reports that may wait for the session. When it is full a report is dropped: it is news for the window, and nothing depends on it.
pub const REPORT_CAPACITY: usize = 64;

/// Something that a tool has to tell the window while it works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallReport {
    /// Something failed and the call goes on.
    Warning(Problem),
    /// The tool has used another one, which is shown as a tool call of its own.
    ToolUsed {
        /// Unique in the call.
        tool_call_id: ToolCallId,
        /// Name of the tool.
        name: String,
        /// Arguments: a JSON text, possibly invalid.
        arguments: String,
        /// How it ended.
        outcome: ToolOutcome,
        /// How long it ran.
        took: Duration,
        /// What it gave, as text.
        output: String,
    },
}

/// See the module's header.
#[derive(Clone, Debug)]
pub struct CallView {
    events: CallEvents,
    reports: mpsc::Sender<CallReport>,
}

impl CallView {
    pub(crate) fn new(events: CallEvents) -> (Self, mpsc::Receiver<CallReport>) {
        let (reports, taken) = mpsc::channel(REPORT_CAPACITY);
        (Self { events, reports }, taken)
    }

    /// What was said in the call up to the moment at which `tool_call_id` was asked for. Events are shown when they are kept, so this waits
    /// until that moment is shown, but no longer than `patience`; then it is what is shown by then.
    pub async fn transcript_up_to(&self, tool_call_id: &ToolCallId, patience: Duration) -> Transcript {
        let mut reader = self.events.clone();
        let mut seen = reader.ready();
        let deadline = Instant::now() + patience;
        let is_there = |event: &CallEventBody| matches!(event, CallEventBody::ToolStarted { tool_call_id: id, .. } if id == tool_call_id);
        let mut looked_at = 0;
        while !seen.iter().skip(looked_at).any(|event| is_there(&event.body)) {
            looked_at = seen.len();
            match timeout_at(deadline, reader.next_batch()).await {
                Ok(Some(batch)) => seen.extend(batch),
                Ok(None) | Err(_) => break,
            }
        }
        Transcript::from_events(seen.iter().map(AsRef::as_ref))
    }

    /// Tells the window. Dropped when the call is over, or takes no more for the moment.
    pub fn report(&self, report: CallReport) {
        if self.reports.try_send(report).is_err() {
            tracing::debug!("a tool's report was dropped");
        }
    }
}
