//! `CallEvent`, the one contract: all that happens in a call is one ordered stream of these. Additive changes only.
//!
//! The window, the journal, the exports and the headless `--json` output are readers of this stream. Audio is never an event. Deltas
//! carry only what is new, finals the whole text. Pure data: written by the session actor, read anywhere.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::identity::{CallId, ItemId, ToolCallId, WallTime};
use crate::problem::{Problem, ProblemKind};

/// Version of the event format. Readers accept newer events of the same version and ignore members they do not know.
pub const EVENT_VERSION: u8 = 1;

/// One event of one call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "call.ts", rename_all = "camelCase")]
pub struct CallEvent {
    /// Format version, [`EVENT_VERSION`].
    pub v: u8,
    /// Position in the call: 0, 1, 2 … without gaps.
    #[ts(type = "number")]
    pub seq: u64,
    /// The call it belongs to.
    pub call_id: CallId,
    /// Wall clock, UTC.
    pub at: WallTime,
    /// Milliseconds since the call started, from a clock that never goes back.
    #[ts(type = "number")]
    pub ms: u64,
    /// What happened.
    #[serde(flatten)]
    pub body: CallEventBody,
}

/// What happened, by `type`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(
    export_to = "call.ts",
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[non_exhaustive]
pub enum CallEventBody {
    /// Always the first event.
    CallStarted {
        /// Where the caller speaks.
        leg: LegKind,
        /// Company that answers, by name.
        company: String,
        /// Backend that answers, for people: "Local engine", "OpenAI".
        backend: String,
        /// Voice model, as the backend names it.
        model: String,
    },
    /// The call entered another phase.
    StateChanged {
        /// The new phase.
        state: CallState,
    },
    /// The caller began to speak; the row may be filled later.
    CallerTurnStarted {
        /// The turn's conversation item.
        item_id: ItemId,
        /// Item before it in the conversation; absent for the first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        previous_item_id: Option<ItemId>,
    },
    /// The caller stopped speaking.
    CallerTurnStopped {
        /// The turn's conversation item.
        item_id: ItemId,
    },
    /// More of what the caller said.
    CallerTranscriptDelta {
        /// The turn's conversation item.
        item_id: ItemId,
        /// Only the new text.
        delta: String,
    },
    /// All of what the caller said, by voice or by keyboard.
    CallerTranscript {
        /// The turn's conversation item.
        item_id: ItemId,
        /// Item before it in the conversation; absent for the first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        previous_item_id: Option<ItemId>,
        /// The whole text; empty when the turn could not be understood.
        text: String,
        /// How it was said.
        medium: Medium,
    },
    /// The receptionist began a reply.
    ReplyStarted {
        /// The reply's conversation item.
        item_id: ItemId,
        /// Item before it in the conversation; absent for the first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        previous_item_id: Option<ItemId>,
    },
    /// More of the reply's words.
    ReplyDelta {
        /// The reply's conversation item.
        item_id: ItemId,
        /// Only the new text.
        delta: String,
    },
    /// First sound of the reply left the speaker.
    ReplyAudible {
        /// The reply's conversation item.
        item_id: ItemId,
        /// Milliseconds from the end of the caller's speech to this sound; absent for a greeting.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "number")]
        since_speech_end_ms: Option<u64>,
    },
    /// The reply is complete: all words are known.
    ReplyTranscript {
        /// The reply's conversation item.
        item_id: ItemId,
        /// The whole text.
        text: String,
    },
    /// The reply was cut off: this is what the caller heard of it. Final, after any `replyTranscript` of the same item.
    ReplyInterrupted {
        /// The reply's conversation item.
        item_id: ItemId,
        /// The heard part of the text; empty when nothing was heard.
        heard_text: String,
        /// Milliseconds of audio that were really played.
        #[ts(type = "number")]
        heard_ms: u64,
    },
    /// The reply was played to its end.
    ReplyPlayed {
        /// The reply's conversation item.
        item_id: ItemId,
    },
    /// A tool was asked for.
    ToolStarted {
        /// Pairs with the `toolFinished` of the same id.
        tool_call_id: ToolCallId,
        /// Name of the tool.
        name: String,
        /// Arguments as the model gave them: a JSON text, possibly invalid.
        arguments: String,
    },
    /// A tool gave its one output.
    ToolFinished {
        /// Pairs with the `toolStarted` of the same id.
        tool_call_id: ToolCallId,
        /// How it ended.
        outcome: ToolOutcome,
        /// Milliseconds that it ran.
        #[ts(type = "number")]
        duration_ms: u64,
        /// What the model was told, as text.
        output: String,
    },
    /// What the receptionist has learned of the caller so far; each event holds all that is known.
    CallerDetails {
        /// The details.
        details: CallerDetails,
    },
    /// The microphone's state changed.
    MicrophoneChanged {
        /// The new state.
        state: MicrophoneState,
    },
    /// A device was opened, switched or replaced during the call.
    DeviceChanged {
        /// Which side.
        direction: AudioDirection,
        /// The device's name for people.
        name: String,
        /// Why it changed.
        reason: DeviceChangeReason,
    },
    /// The connection to the voice model broke and is being restored.
    Reconnecting {
        /// 1 for the first try.
        attempt: u32,
    },
    /// The conversation goes on over a new connection.
    Reconnected,
    /// Something failed and the call goes on.
    Warning {
        /// The failure in people's words.
        problem: Problem,
    },
    /// A failure that was warned of is over; its banner can go.
    Recovered {
        /// Kind of the warnings that are over.
        kind: ProblemKind,
    },
    /// Tokens and seconds that the backend reported for one response.
    Usage {
        /// The figures.
        usage: UsageFigures,
    },
    /// Always the last event.
    CallEnded {
        /// Why.
        reason: EndReason,
        /// The failure, where the reason is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        problem: Option<Problem>,
    },
}

/// Where a caller speaks and listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "call.ts", rename_all = "camelCase")]
#[non_exhaustive]
pub enum LegKind {
    /// Microphone and speaker of this computer.
    Native,
    /// Audio files, from the command line.
    File,
    /// A browser page through the relay.
    Browser,
    /// A Realtime client library through the relay.
    Sdk,
    /// A telephone line through the relay.
    Phone,
}

/// Phase of a call as people see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "call.ts", rename_all = "camelCase")]
pub enum CallState {
    /// Devices and connection are being opened.
    Connecting,
    /// The receptionist says its first words.
    Greeting,
    /// The caller may speak and does not yet.
    Listening,
    /// The caller speaks.
    Hearing,
    /// The caller has finished and no sound of the reply has been heard.
    Thinking,
    /// The receptionist is heard.
    Speaking,
    /// The connection is being restored.
    Reconnecting,
    /// The last words are played, then the call ends.
    Ending,
    /// The call is over.
    Ended,
}

/// How a caller's turn was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "call.ts", rename_all = "camelCase")]
pub enum Medium {
    /// Spoken.
    Voice,
    /// Typed.
    Text,
}

/// How a tool call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "call.ts", rename_all = "camelCase")]
pub enum ToolOutcome {
    /// It did its work.
    Done,
    /// It failed, timed out or was refused.
    Failed,
}

/// State of a live microphone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "call.ts", rename_all = "camelCase")]
pub enum MicrophoneState {
    /// Opened, no real sample yet.
    Starting,
    /// Real samples arrive.
    Live,
    /// Switched off by the person.
    Muted,
    /// Samples arrive, and for 5 seconds they have been zero.
    Silent,
    /// The device is gone or stopped delivering.
    Lost,
}

/// Which way the audio goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "call.ts", rename_all = "camelCase")]
pub enum AudioDirection {
    /// Microphone.
    Input,
    /// Speaker.
    Output,
}

/// Why a device changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "call.ts", rename_all = "camelCase")]
pub enum DeviceChangeReason {
    /// Opened at the start of the call.
    Opened,
    /// The person chose it.
    Chosen,
    /// The one in use was lost; this is the fall-back.
    Fallback,
    /// It came back after a fault.
    Restarted,
}

/// What is known of the caller.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export_to = "call.ts", rename_all = "camelCase", optional_fields)]
pub struct CallerDetails {
    /// Name as given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Telephone number as given, digits grouped for reading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Why they call, in a few words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Figures of one response. Zero where the backend reported nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export_to = "call.ts", rename_all = "camelCase")]
pub struct UsageFigures {
    /// Text tokens in.
    #[ts(type = "number")]
    pub input_text_tokens: u64,
    /// Audio tokens in.
    #[ts(type = "number")]
    pub input_audio_tokens: u64,
    /// Tokens in that were cached, part of the two above.
    #[ts(type = "number")]
    pub cached_tokens: u64,
    /// Text tokens out.
    #[ts(type = "number")]
    pub output_text_tokens: u64,
    /// Audio tokens out.
    #[ts(type = "number")]
    pub output_audio_tokens: u64,
}

/// Why a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "call.ts", rename_all = "camelCase")]
#[non_exhaustive]
pub enum EndReason {
    /// The person at this side ended it.
    HungUp,
    /// The caller's side went away: file finished, page closed, line dropped.
    LegClosed,
    /// The receptionist said goodbye and ended it.
    Goodbye,
    /// Nobody spoke.
    Idle,
    /// The longest allowed length was reached.
    MaximumLength,
    /// It could not start or could not go on.
    Failed,
    /// The program was stopped in the middle; written when it starts again.
    Interrupted,
}
