//! One answer of the model: what a client may ask for, and what the server reports about it.
//!
//! `response.done` always comes, whatever the outcome; it is the one place to decide that a turn is over and what it cost. Pure data, usable
//! on any thread.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::open_text::open_text;
use crate::session::{MaxOutputTokens, Modality, Reasoning, Voice};
use crate::tolerant::{or_default, text_map};
use crate::{AudioFormat, ErrorDetail, Item, ResponseId, Tool, ToolChoice, Usage};

open_text! {
    /// State of a response.
    ResponseStatus {
        /// Still being made.
        InProgress = "in_progress",
        /// Whole.
        Completed = "completed",
        /// Stopped by the client or by the caller's speech.
        Cancelled = "cancelled",
        /// The server could not; see the error in the details.
        Failed = "failed",
        /// Cut off by a limit or a filter.
        Incomplete = "incomplete",
    }
}

open_text! {
    /// Why a response did not complete.
    StatusReason {
        /// The caller spoke.
        TurnDetected = "turn_detected",
        /// The client sent `response.cancel`.
        ClientCancelled = "client_cancelled",
        /// The limit of output tokens.
        MaxOutputTokens = "max_output_tokens",
        /// The server's content filter.
        ContentFilter = "content_filter",
    }
}

open_text! {
    /// Which conversation a response reads and writes.
    ConversationScope {
        /// The session's conversation.
        Auto = "auto",
        /// None: out of band, its items do not enter the conversation.
        Detached = "none",
    }
}

/// A response as the server reports it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// The server's id for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ResponseId>,
    /// `realtime.response`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// How far it got.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ResponseStatus>,
    /// Why it ended as it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_details: Option<StatusDetails>,
    /// Items it made, without audio bytes.
    #[serde(default, deserialize_with = "or_default")]
    pub output: Vec<Item>,
    /// Absent when out of band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
    /// Audio or text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_modalities: Option<Vec<Modality>>,
    /// How it sounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<ResponseAudio>,
    /// Its limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<MaxOutputTokens>,
    /// The client's own labels, given with `response.create`.
    #[serde(default, deserialize_with = "text_map", skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
    /// What it cost; comes with `response.done`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
}

/// Why a response ended as it did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusDetails {
    /// Repeats the status.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ResponseStatus>,
    /// For cancelled and incomplete responses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<StatusReason>,
    /// For failed responses; quota and rate limits arrive here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorDetail>,
}

/// Audio settings of one response.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseAudio {
    /// The only direction a response has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<ResponseAudioOutput>,
}

/// How one response sounds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseAudioOutput {
    /// Format of its deltas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<AudioFormat>,
    /// Voice; cannot differ from the session's once audio went out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<Voice>,
}

/// What `response.create` may ask for; each member overrides the session for this response only.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ResponseParameters {
    /// In place of the session's instructions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
    /// Audio or text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_modalities: Option<Vec<Modality>>,
    /// How it sounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<ResponseAudio>,
    /// In place of the session's tools.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tools: Option<Vec<Tool>>,
    /// Whether it may call them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_choice: Option<ToolChoice>,
    /// Reasoning models only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parallel_tool_calls: Option<bool>,
    /// Reasoning models only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<Reasoning>,
    /// Its limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<MaxOutputTokens>,
    /// Detached makes it out of band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationScope>,
    /// Up to 16 labels (key up to 64, value up to 512 characters) that come back in `response.created` and `response.done`.
    #[serde(default, deserialize_with = "text_map", skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
    /// In place of the conversation so far; an empty list is an empty context.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Vec<Item>>,
}
