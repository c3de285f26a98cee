//! The 46 events that a server sends, and everything else it may send.
//!
//! Reading is for the call engine, writing for this product's own servers (local engine, relay). Pure data, usable on any thread.

mod payload;

use crate::event::vocabulary;
use crate::parse::{event_type, payload};
use crate::response::{Response, ResponseStatus};
use crate::{EventId, ParseError, ResponseId};

pub use payload::*;

vocabulary! {
    /// An event from server to client, under its GA name; older names are read as the GA event they became.
    ///
    /// The server's own `event_id` is not kept: nothing refers to it.
    pub enum ServerEvent {
        /// Something was refused or broke; most errors leave the session usable.
        Error(ErrorEvent) = "error",
        /// The first event of a connection, with the default settings.
        SessionCreated(Box<SessionEvent>) = "session.created",
        /// The settings in force after an update.
        SessionUpdated(Box<SessionEvent>) = "session.updated",
        /// Legacy; may not come.
        ConversationCreated(ConversationCreated) = "conversation.created",
        /// An item entered the conversation.
        ItemAdded(Box<ItemEvent>) = "conversation.item.added",
        /// An item is whole.
        ItemDone(Box<ItemEvent>) = "conversation.item.done",
        /// Older servers' word for added and done in one.
        ItemCreated(Box<ItemEvent>) = "conversation.item.created",
        /// An item that was asked for, with its audio.
        ItemRetrieved(Box<ItemEvent>) = "conversation.item.retrieved",
        /// The model's speech was cut, and its transcript removed.
        ItemTruncated(ItemTruncated) = "conversation.item.truncated",
        /// An item left the conversation.
        ItemDeleted(ItemRef) = "conversation.item.deleted",
        /// More text of what the caller said.
        TranscriptionDelta(TranscriptionDelta) = "conversation.item.input_audio_transcription.delta",
        /// The whole text of what the caller said; before, during or after the answer to it.
        TranscriptionCompleted(TranscriptionCompleted) = "conversation.item.input_audio_transcription.completed",
        /// No text for this turn.
        TranscriptionFailed(TranscriptionFailed) = "conversation.item.input_audio_transcription.failed",
        /// One speaker's segment, from diarising models.
        TranscriptionSegment(TranscriptionSegment) = "conversation.item.input_audio_transcription.segment",
        /// The caller began to speak.
        SpeechStarted(SpeechStarted) = "input_audio_buffer.speech_started",
        /// The caller stopped speaking.
        SpeechStopped(SpeechStopped) = "input_audio_buffer.speech_stopped",
        /// The input buffer became a user item.
        InputCommitted(InputCommitted) = "input_audio_buffer.committed",
        /// The input buffer was forgotten.
        InputCleared(NoMembers) = "input_audio_buffer.cleared",
        /// Nobody spoke for the idle time; the model will ask.
        TimeoutTriggered(TimeoutTriggered) = "input_audio_buffer.timeout_triggered",
        /// A key was pressed on the telephone (SIP only).
        DtmfReceived(DtmfReceived) = "input_audio_buffer.dtmf_event_received",
        /// The server's playback began (WebRTC and SIP only).
        OutputBufferStarted(OutputBufferEvent) = "output_audio_buffer.started",
        /// The server's playback ended (WebRTC and SIP only).
        OutputBufferStopped(OutputBufferEvent) = "output_audio_buffer.stopped",
        /// The server's playback was cut (WebRTC and SIP only).
        OutputBufferCleared(OutputBufferEvent) = "output_audio_buffer.cleared",
        /// The model began to answer.
        ResponseCreated(Box<ResponseEvent>) = "response.created",
        /// The answer is over, whatever the outcome.
        ResponseDone(Box<ResponseEvent>) = "response.done",
        /// An item of the answer began.
        OutputItemAdded(Box<OutputItemEvent>) = "response.output_item.added",
        /// An item of the answer is over; a function call is acted on here.
        OutputItemDone(Box<OutputItemEvent>) = "response.output_item.done",
        /// A part of an item began.
        ContentPartAdded(ContentPartEvent) = "response.content_part.added",
        /// A part of an item is over.
        ContentPartDone(ContentPartEvent) = "response.content_part.done",
        /// More text.
        OutputTextDelta(TextDelta) = "response.output_text.delta" | "response.text.delta",
        /// The whole text.
        OutputTextDone(TextDone) = "response.output_text.done" | "response.text.done",
        /// More speech, faster than it plays.
        OutputAudioDelta(AudioDelta) = "response.output_audio.delta" | "response.audio.delta",
        /// No more speech in this part.
        OutputAudioDone(ContentPosition) = "response.output_audio.done" | "response.audio.done",
        /// More words of the speech.
        OutputTranscriptDelta(TextDelta) = "response.output_audio_transcript.delta" | "response.audio_transcript.delta",
        /// All words of the speech.
        OutputTranscriptDone(TranscriptDone) = "response.output_audio_transcript.done" | "response.audio_transcript.done",
        /// More of a function call's arguments.
        FunctionArgumentsDelta(FunctionArgumentsDelta) = "response.function_call_arguments.delta",
        /// A function call's arguments are whole.
        FunctionArgumentsDone(FunctionArgumentsDone) = "response.function_call_arguments.done",
        /// More of an MCP call's arguments.
        McpArgumentsDelta(McpArgumentsDelta) = "response.mcp_call_arguments.delta",
        /// An MCP call's arguments are whole.
        McpArgumentsDone(McpArgumentsDone) = "response.mcp_call_arguments.done",
        /// The server calls an MCP tool.
        McpCallInProgress(McpCallProgress) = "response.mcp_call.in_progress",
        /// The MCP tool answered.
        McpCallCompleted(McpCallProgress) = "response.mcp_call.completed",
        /// The MCP tool failed.
        McpCallFailed(McpCallProgress) = "response.mcp_call.failed",
        /// The server asks an MCP server for its tools.
        McpListToolsInProgress(ItemRef) = "mcp_list_tools.in_progress",
        /// The MCP server's tools are known.
        McpListToolsCompleted(ItemRef) = "mcp_list_tools.completed",
        /// The MCP server's tools could not be listed.
        McpListToolsFailed(ItemRef) = "mcp_list_tools.failed",
        /// What is left of the limits, at the start of each response.
        RateLimitsUpdated(RateLimitsUpdated) = "rate_limits.updated",
    }
}

/// Never an official event; one compatible server answers `response.cancel` with it in place of `response.done`.
const RESPONSE_CANCELLED: &str = "response.cancelled";

impl ServerEvent {
    /// Reads a server's message. An unknown type is [`ServerEvent::Unknown`]; audio is decoded from the borrowed text.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let kind = event_type(text)?;
        if kind == RESPONSE_CANCELLED {
            let cancelled: CancelledWire = payload(text, RESPONSE_CANCELLED)?;
            return Ok(cancelled.into());
        }
        Self::parse_as(&kind, text)
    }

    /// The message to send, under an id that the server coins.
    pub fn to_json(&self, event_id: &EventId) -> String {
        self.write(Some(event_id.as_str()))
    }
}

#[derive(serde::Deserialize)]
struct CancelledWire {
    #[serde(default)]
    response: Option<Response>,
    #[serde(default)]
    response_id: Option<ResponseId>,
}

impl From<CancelledWire> for ServerEvent {
    fn from(wire: CancelledWire) -> Self {
        let mut response = wire.response.unwrap_or_default();
        response.id = response.id.or(wire.response_id);
        response.status = Some(ResponseStatus::Cancelled);
        Self::ResponseDone(Box::new(ResponseEvent { response }))
    }
}
