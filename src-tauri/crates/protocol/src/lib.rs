//! Wire types of the Realtime voice protocol in its general-availability (GA) form.
//!
//! Both directions are here, because this product is a client of the protocol (towards OpenAI, Azure and compatible servers) and a server
//! of it (the local engine, the relay). Reading is tolerant: unknown events are a value, unknown members are ignored, `null` means absent,
//! missing indices are zero, names of the retired beta are understood. Writing is strict: exactly the GA names, nothing unset, nothing extra.
//!
//! Any thread may use these types. This crate does no I/O, knows no clock, starts no task and never logs.
//!
//! # Map
//! - [`ClientEvent`], [`ServerEvent`]: the two vocabularies, with `parse` and `to_json`
//! - [`Session`], [`TurnDetection`], [`Tool`], [`ToolChoice`]: what a session can be set to
//! - [`Item`], [`Message`], [`ContentPart`]: the conversation
//! - [`Response`], [`ResponseParameters`], [`Usage`]: one answer of the model
//! - [`AudioBytes`], [`decode_pcm16`], [`encode_pcm16`]: audio as it travels
//! - [`ErrorDetail`], [`ErrorCode`]: what the server complains about; [`ParseError`]: what could not be read

mod audio;
mod client;
mod error;
mod event;
mod ids;
mod item;
mod open_text;
mod parse;
mod raw;
mod response;
mod server;
mod session;
mod setting;
mod tolerant;
mod tool;
mod usage;

pub use audio::{AudioBytes, AudioDecodeError, AudioFormat, PCM_RATE, decode_pcm16, encode_pcm16};
pub use client::{
    AudioAppend, BufferCommand, ClientEvent, ItemCreate, ItemSelect, ItemTruncate, ResponseCancel, ResponseCreate,
    SessionUpdate,
};
pub use error::{ErrorCode, ErrorDetail};
pub use event::UnknownEvent;
pub use ids::{EventId, ItemId, ResponseId, SessionId, ToolCallId};
pub use item::{
    ContentPart, FunctionCall, FunctionCallOutput, ImageDetail, Item, ItemReference, ItemStatus, Message, ResponsePart,
    Role,
};
pub use parse::{MAX_EVENT_BYTES, ParseError, event_type};
pub use raw::Raw;
pub use response::{
    ConversationScope, Response, ResponseAudio, ResponseAudioOutput, ResponseParameters, ResponseStatus, StatusDetails,
    StatusReason,
};
pub use server::{
    AudioDelta, ContentPartEvent, ContentPosition, Conversation, ConversationCreated, DtmfReceived, ErrorEvent,
    FunctionArgumentsDelta, FunctionArgumentsDone, InputCommitted, ItemEvent, ItemRef, ItemTruncated,
    McpArgumentsDelta, McpArgumentsDone, McpCallProgress, NoMembers, OutputBufferEvent, OutputItemEvent,
    RateLimitsUpdated, ResponseEvent, ServerEvent, SessionEvent, SpeechStarted, SpeechStopped, TextDelta, TextDone,
    TimeoutTriggered, TranscriptDone, TranscriptionCompleted, TranscriptionDelta, TranscriptionFailed,
    TranscriptionSegment,
};
pub use session::{
    Eagerness, EffectiveSession, InputAudio, MaxOutputTokens, Modality, NoiseReduction, NoiseReductionKind,
    OutputAudio, Reasoning, ReasoningEffort, SemanticVad, ServerVad, Session, SessionAudio, SessionKind, TokenLimits,
    Transcription, Truncation, TurnDetection, Voice,
};
pub use setting::Setting;
pub use tool::{FunctionTool, Tool, ToolChoice};
pub use usage::{InputTokenDetails, OutputTokenDetails, RateLimit, TokenKinds, TranscriptionUsage, Usage};
