//! Payloads of the server's events.
//!
//! Ids are required, because an event about nothing cannot be used; everything else that servers leave out reads as absent, zero or empty.
//! Pure data, usable on any thread.

use serde::{Deserialize, Serialize};

use crate::tolerant::{index, or_default, whole};
use crate::{
    AudioBytes, EffectiveSession, ErrorDetail, Item, ItemId, RateLimit, Raw, Response, ResponseId, ResponsePart,
    ToolCallId, TranscriptionUsage,
};

/// Payload of events that say everything with their type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoMembers {}

/// Payload of `error`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorEvent {
    /// What went wrong.
    #[serde(default, deserialize_with = "or_default")]
    pub error: ErrorDetail,
}

/// Payload of `session.created` and `session.updated`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionEvent {
    /// The session in force.
    #[serde(default, deserialize_with = "or_default")]
    pub session: EffectiveSession,
}

/// Payload of `conversation.created`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationCreated {
    /// The conversation.
    #[serde(default, deserialize_with = "or_default")]
    pub conversation: Conversation,
}

/// A conversation; only its id is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// The server's id for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// Payload of `conversation.item.added`, `.done`, `.created` and `.retrieved`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemEvent {
    /// The item before it; absent for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_item_id: Option<ItemId>,
    /// The item.
    pub item: Item,
}

/// Payload of events about one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemRef {
    /// Which item.
    pub item_id: ItemId,
}

/// Payload of `conversation.item.truncated`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemTruncated {
    /// Which item.
    pub item_id: ItemId,
    /// Which part of it.
    #[serde(default, deserialize_with = "index")]
    pub content_index: u32,
    /// Where it was cut, in milliseconds.
    #[serde(default, deserialize_with = "whole")]
    pub audio_end_ms: u64,
}

/// More text of a caller's turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TranscriptionDelta {
    /// The turn.
    pub item_id: ItemId,
    /// Part of the item.
    #[serde(default, deserialize_with = "index")]
    pub content_index: u32,
    /// The new text only.
    #[serde(default, deserialize_with = "or_default")]
    pub delta: String,
    /// Per-token probabilities, where they were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logprobs: Option<Raw>,
}

/// The whole text of a caller's turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TranscriptionCompleted {
    /// The turn.
    pub item_id: ItemId,
    /// Part of the item.
    #[serde(default, deserialize_with = "index")]
    pub content_index: u32,
    /// What was understood; may be blank.
    #[serde(default, deserialize_with = "or_default")]
    pub transcript: String,
    /// What it cost.
    #[serde(
        default,
        deserialize_with = "TranscriptionUsage::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub usage: Option<TranscriptionUsage>,
    /// Per-token probabilities, where they were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logprobs: Option<Raw>,
}

/// A turn that could not be transcribed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranscriptionFailed {
    /// The turn.
    pub item_id: ItemId,
    /// Part of the item.
    #[serde(default, deserialize_with = "index")]
    pub content_index: u32,
    /// Why.
    #[serde(default, deserialize_with = "or_default")]
    pub error: ErrorDetail,
}

/// One speaker's segment of a turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TranscriptionSegment {
    /// Id of the segment.
    #[serde(default, deserialize_with = "or_default")]
    pub id: String,
    /// The turn.
    pub item_id: ItemId,
    /// Part of the item.
    #[serde(default, deserialize_with = "index")]
    pub content_index: u32,
    /// What was said.
    #[serde(default, deserialize_with = "or_default")]
    pub text: String,
    /// Label of the speaker.
    #[serde(default, deserialize_with = "or_default")]
    pub speaker: String,
    /// Start in seconds.
    #[serde(default, deserialize_with = "or_default")]
    pub start: f64,
    /// End in seconds.
    #[serde(default, deserialize_with = "or_default")]
    pub end: f64,
}

/// Payload of `input_audio_buffer.speech_started`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpeechStarted {
    /// Milliseconds of input audio since the session began.
    #[serde(default, deserialize_with = "whole")]
    pub audio_start_ms: u64,
    /// The user item this speech will become; some servers leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_id: Option<ItemId>,
}

/// Payload of `input_audio_buffer.speech_stopped`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpeechStopped {
    /// Milliseconds of input audio since the session began.
    #[serde(default, deserialize_with = "whole")]
    pub audio_end_ms: u64,
    /// The user item this speech will become; some servers leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_id: Option<ItemId>,
}

/// Payload of `input_audio_buffer.committed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputCommitted {
    /// The item before it; absent for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_item_id: Option<ItemId>,
    /// The new user item; some servers leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_id: Option<ItemId>,
}

/// Payload of `input_audio_buffer.timeout_triggered`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeoutTriggered {
    /// Start of the silence, in milliseconds of input audio.
    #[serde(default, deserialize_with = "whole")]
    pub audio_start_ms: u64,
    /// End of the silence, in milliseconds of input audio.
    #[serde(default, deserialize_with = "whole")]
    pub audio_end_ms: u64,
    /// The item of the silence.
    pub item_id: ItemId,
}

/// Payload of `input_audio_buffer.dtmf_event_received`, the one event without an `event_id` at OpenAI.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DtmfReceived {
    /// The key: `0` to `9`, `*`, `#`, `A` to `D`.
    #[serde(default, deserialize_with = "or_default")]
    pub event: String,
    /// Unix seconds.
    #[serde(default, deserialize_with = "whole")]
    pub received_at: u64,
}

/// Payload of the server's playback events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputBufferEvent {
    /// The response that plays.
    pub response_id: ResponseId,
}

/// Payload of `response.created` and `response.done`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResponseEvent {
    /// The response.
    pub response: Response,
}

/// Payload of `response.output_item.added` and `.done`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutputItemEvent {
    /// The response it belongs to.
    pub response_id: ResponseId,
    /// Position in the response.
    #[serde(default, deserialize_with = "index")]
    pub output_index: u32,
    /// The item.
    pub item: Item,
}

/// Where in a response something happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentPosition {
    /// The response.
    pub response_id: ResponseId,
    /// Its item.
    pub item_id: ItemId,
    /// Position of the item in the response.
    #[serde(default, deserialize_with = "index")]
    pub output_index: u32,
    /// Position of the part in the item.
    #[serde(default, deserialize_with = "index")]
    pub content_index: u32,
}

/// Payload of `response.content_part.added` and `.done`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContentPartEvent {
    /// Where.
    #[serde(flatten)]
    pub at: ContentPosition,
    /// The part; some servers leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<ResponsePart>,
}

/// Payload of `response.output_text.delta` and `response.output_audio_transcript.delta`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextDelta {
    /// Where.
    #[serde(flatten)]
    pub at: ContentPosition,
    /// The new text only.
    #[serde(default, deserialize_with = "or_default")]
    pub delta: String,
}

/// Payload of `response.output_text.done`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextDone {
    /// Where.
    #[serde(flatten)]
    pub at: ContentPosition,
    /// The whole text.
    #[serde(default, deserialize_with = "or_default")]
    pub text: String,
}

/// Payload of `response.output_audio_transcript.done`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranscriptDone {
    /// Where.
    #[serde(flatten)]
    pub at: ContentPosition,
    /// All words of the speech.
    #[serde(default, deserialize_with = "or_default")]
    pub transcript: String,
}

/// Payload of `response.output_audio.delta`, the most frequent event by far.
///
/// Its position stands in the struct itself and not in a flattened [`ContentPosition`]: flattening would buffer the audio before decoding it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudioDelta {
    /// The response.
    pub response_id: ResponseId,
    /// Its item.
    pub item_id: ItemId,
    /// Position of the item in the response.
    #[serde(default, deserialize_with = "index")]
    pub output_index: u32,
    /// Position of the part in the item.
    #[serde(default, deserialize_with = "index")]
    pub content_index: u32,
    /// Audio in the session's output format.
    pub delta: AudioBytes,
}

/// Payload of `response.function_call_arguments.delta`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionArgumentsDelta {
    /// The response.
    pub response_id: ResponseId,
    /// The call's item.
    pub item_id: ItemId,
    /// Position of the item in the response.
    #[serde(default, deserialize_with = "index")]
    pub output_index: u32,
    /// The call; some servers leave it out here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_id: Option<ToolCallId>,
    /// The new JSON text only.
    #[serde(default, deserialize_with = "or_default")]
    pub delta: String,
}

/// Payload of `response.function_call_arguments.done`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionArgumentsDone {
    /// The response.
    pub response_id: ResponseId,
    /// The call's item.
    pub item_id: ItemId,
    /// Position of the item in the response.
    #[serde(default, deserialize_with = "index")]
    pub output_index: u32,
    /// The call; some servers leave it out here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_id: Option<ToolCallId>,
    /// The function; some servers leave it out here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The whole JSON text.
    #[serde(default, deserialize_with = "or_default")]
    pub arguments: String,
}

/// Payload of `response.mcp_call_arguments.delta`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct McpArgumentsDelta {
    /// The response.
    pub response_id: ResponseId,
    /// The call's item.
    pub item_id: ItemId,
    /// Position of the item in the response.
    #[serde(default, deserialize_with = "index")]
    pub output_index: u32,
    /// The new JSON text only.
    #[serde(default, deserialize_with = "or_default")]
    pub delta: String,
}

/// Payload of `response.mcp_call_arguments.done`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct McpArgumentsDone {
    /// The response.
    pub response_id: ResponseId,
    /// The call's item.
    pub item_id: ItemId,
    /// Position of the item in the response.
    #[serde(default, deserialize_with = "index")]
    pub output_index: u32,
    /// The whole JSON text.
    #[serde(default, deserialize_with = "or_default")]
    pub arguments: String,
}

/// Payload of `response.mcp_call.in_progress`, `.completed` and `.failed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct McpCallProgress {
    /// The call's item.
    pub item_id: ItemId,
    /// Position of the item in the response.
    #[serde(default, deserialize_with = "index")]
    pub output_index: u32,
}

/// Payload of `rate_limits.updated`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RateLimitsUpdated {
    /// Each limit.
    #[serde(default, deserialize_with = "or_default")]
    pub rate_limits: Vec<RateLimit>,
}
