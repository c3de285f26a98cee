//! Border `ToolProvider`: what the receptionist can do. Implemented by the registry in `agent`, later by the desk and MCP servers.
//! Tools run on the tokio runtime, never on the audio path. A provider gives exactly one result per call, also for a refusal.

use std::time::Duration;

use serde_json::Value;

use crate::call_view::CallView;
use crate::event::CallerDetails;
use crate::identity::{CallId, ToolCallId, WallTime};
use crate::voice_model::BoxFuture;

/// One tool as the voice model sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolDescription {
    /// Name, unique within a session.
    pub name: String,
    /// What it does and when to use it, for the model.
    pub description: String,
    /// JSON Schema of the arguments object.
    pub parameters: Value,
    /// Longest time one call may take.
    pub timeout: Duration,
}

/// One call of a tool.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolRequest {
    /// The conversation it happens in.
    pub call_id: CallId,
    /// The model's id of this call.
    pub tool_call_id: ToolCallId,
    /// Which tool.
    pub name: String,
    /// Arguments as the model gave them: a JSON text, possibly invalid.
    pub arguments: String,
    /// The moment of the request; "now" for the tool.
    pub now: WallTime,
}

/// The one result of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolResult {
    /// JSON that the model is told, also for a failure: then `{"error": "…"}` with a sentence the model can act on.
    pub output: Value,
    /// True when the tool did its work.
    pub succeeded: bool,
    /// What the tool learned of the caller, if it did.
    pub caller_details: Option<CallerDetails>,
    /// True when the tool asks to end the call: once the reply that called it, or else the next, was heard to its end. A caller who says
    /// something before that keeps the call.
    pub ends_call: bool,
}

/// Gives tools and runs them.
pub trait ToolProvider: Send + Sync {
    /// The tools of this session, in a stable order.
    fn tools(&self) -> Vec<ToolDescription>;

    /// The call in which these tools will be used begins; told once, before any [`Self::call`]. For tools that read the conversation or
    /// report while they work; others need not care.
    fn attend(&self, _call: CallView) {}

    /// Runs one call: checks the arguments against the schema, keeps the time-out, and always gives a result. Dropping the future
    /// cancels the tool.
    fn call(&self, request: ToolRequest) -> BoxFuture<'_, ToolResult>;
}
