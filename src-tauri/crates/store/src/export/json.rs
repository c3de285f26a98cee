//! JSON for programs: the format `frontdesk.call`, version 1. Its schema is generated from these types and committed beside the crate.
//!
//! Additive changes only: readers ignore members they do not know.

use frontdesk_call::event::{CallerDetails, EndReason, LegKind, Medium, ToolOutcome};
use frontdesk_call::identity::{ItemId, ToolCallId, WallTime};
use frontdesk_call::transcript::{Speaker, ToolCrumb, Transcript, TranscriptRow};
use frontdesk_call::{CallEvent, CallId, Problem};
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::StoreError;

/// Value of `format`.
pub const FORMAT: &str = "frontdesk.call";
/// Value of `version`.
pub const VERSION: u32 = 1;

/// One exported call.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "Frontdesk call export, version 1")]
pub struct CallExport {
    /// Always `frontdesk.call`.
    #[schemars(extend("const" = FORMAT))]
    pub format: &'static str,
    /// Always 1; raised only when a reader of the old version would misread the new one.
    #[schemars(extend("const" = VERSION))]
    pub version: u32,
    /// The call as a whole.
    pub call: ExportedCall,
    /// What was said, in the order in which it was said.
    pub transcript: Vec<ExportedTurn>,
    /// Tools that were asked for before anything was said.
    pub opening_tools: Vec<ExportedTool>,
    /// Everything that happened, as it was kept: the source of all of the above.
    pub events: Vec<CallEvent>,
}

/// The call as a whole.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExportedCall {
    /// Names the call for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<CallId>,
    /// When it began, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<WallTime>,
    /// IANA name of the time zone in which it was exported, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Milliseconds from the start to the last event.
    pub duration_ms: u64,
    /// Where the caller spoke.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leg: Option<LegKind>,
    /// Company that answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// Backend that answered, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backend: Option<String>,
    /// Voice model, as the backend names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What is known of the caller.
    pub caller: CallerDetails,
    /// Why it ended; absent while it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_reason: Option<EndReason>,
    /// The failure that ended it, if one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// One turn of one side.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExportedTurn {
    /// The conversation item.
    pub item_id: ItemId,
    /// Who said it.
    pub speaker: ExportedSpeaker,
    /// How it was given.
    pub medium: Medium,
    /// What was said; of an interrupted reply what was heard.
    pub text: String,
    /// The caller cut it off.
    pub interrupted: bool,
    /// False where the call ended before all of it was known.
    pub complete: bool,
    /// Milliseconds from the start of the call to its first sign or sound.
    pub start_ms: u64,
    /// Milliseconds from the start of the call to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_ms: Option<u64>,
    /// Milliseconds from the end of the caller's speech to the first sound of this reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since_speech_end_ms: Option<u64>,
    /// Tools that were asked for after this turn and before the next.
    pub tools: Vec<ExportedTool>,
}

/// Who said something.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ExportedSpeaker {
    /// The caller.
    Caller,
    /// The receptionist.
    Receptionist,
}

/// One tool call.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExportedTool {
    /// Identity of the tool call.
    pub tool_call_id: ToolCallId,
    /// Name of the tool.
    pub name: String,
    /// Arguments as the model gave them: a JSON text, possibly invalid.
    pub arguments: String,
    /// Milliseconds from the start of the call to the request.
    pub start_ms: u64,
    /// How it ended; absent where it never did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<ToolOutcome>,
    /// Milliseconds that it ran.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// What the model was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
}

/// The JSON Schema of [`CallExport`], indented, ending with a line feed.
#[must_use]
pub fn schema() -> String {
    format!("{:#}\n", schemars::schema_for!(CallExport).to_value())
}

pub(super) fn write(events: &[CallEvent], transcript: &Transcript, zone: &TimeZone) -> Result<Vec<u8>, StoreError> {
    let opening = transcript.opening.as_ref();
    let export = CallExport {
        format: FORMAT,
        version: VERSION,
        call: ExportedCall {
            id: opening.map(|opening| opening.call_id.clone()),
            started_at: opening.map(|opening| opening.at),
            time_zone: zone.iana_name().map(str::to_owned),
            duration_ms: transcript.length_ms,
            leg: opening.map(|opening| opening.leg),
            company: opening.map(|opening| opening.company.clone()),
            backend: opening.map(|opening| opening.backend.clone()),
            model: opening.map(|opening| opening.model.clone()),
            caller: transcript.details.clone(),
            end_reason: transcript.ending.as_ref().map(|ending| ending.reason),
            problem: transcript.ending.as_ref().and_then(|ending| ending.problem.clone()),
        },
        transcript: transcript.rows.iter().map(turn).collect(),
        opening_tools: transcript.opening_tools.iter().map(tool).collect(),
        events: events.to_vec(),
    };
    let mut bytes = serde_json::to_vec_pretty(&export).map_err(|_| StoreError::Encoding { format: "JSON" })?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn turn(row: &TranscriptRow) -> ExportedTurn {
    ExportedTurn {
        item_id: row.item_id.clone(),
        speaker: match row.speaker {
            Speaker::Caller => ExportedSpeaker::Caller,
            Speaker::Receptionist => ExportedSpeaker::Receptionist,
        },
        medium: row.medium,
        text: row.text.clone(),
        interrupted: row.interrupted,
        complete: row.complete,
        start_ms: row.start_ms,
        end_ms: row.end_ms,
        since_speech_end_ms: row.since_speech_end_ms,
        tools: row.tools.iter().map(tool).collect(),
    }
}

fn tool(crumb: &ToolCrumb) -> ExportedTool {
    ExportedTool {
        tool_call_id: crumb.tool_call_id.clone(),
        name: crumb.name.clone(),
        arguments: crumb.arguments.clone(),
        start_ms: crumb.start_ms,
        outcome: crumb.result.as_ref().map(|result| result.outcome),
        duration_ms: crumb.result.as_ref().map(|result| result.duration_ms),
        output: crumb.result.as_ref().map(|result| result.output.clone()),
    }
}
