//! Complaints of a server: the `error` event, the error of a failed response and of a failed transcription.
//!
//! Pure data, usable on any thread. What to do about a code is decided by the reader; the notes here say what is known about each
//! (collected from OpenAI's documents and from public reports of client authors).

use serde::{Deserialize, Serialize};

use crate::EventId;
use crate::open_text::open_text;
use crate::tolerant::or_default;

open_text! {
    /// Known error codes. OpenAI publishes no complete list, so [`ErrorCode::Other`] is common.
    ErrorCode {
        /// The retired beta was asked for; close code 4000 follows. Fatal.
        BetaApiShapeDisabled = "beta_api_shape_disabled",
        /// The key is wrong or revoked. May come as the first event after a successful handshake. Fatal.
        InvalidApiKey = "invalid_api_key",
        /// The model does not exist for this key. May come as the first event after a successful handshake. Fatal.
        InvalidModel = "invalid_model",
        /// The model does not exist (any more). Fatal.
        ModelNotFound = "model_not_found",
        /// The account has no credit. Usually inside a failed response. Retrying is useless.
        InsufficientQuota = "insufficient_quota",
        /// A newer word for an account without credit; its `type` may still say `insufficient_quota`.
        CreditBalanceExhausted = "credit_balance_exhausted",
        /// Too much in too short a time. Back off.
        RateLimitExceeded = "rate_limit_exceeded",
        /// The session reached its maximum length (60 minutes at OpenAI). Reconnect.
        SessionExpired = "session_expired",
        /// A response was asked for while one runs; nothing was started. Wait for `response.done`, then ask again.
        ConversationAlreadyHasActiveResponse = "conversation_already_has_active_response",
        /// A cancel came when nothing ran. Harmless.
        ResponseCancelNotActive = "response_cancel_not_active",
        /// A commit with less than 100 ms of audio. Harmless; push-to-talk was too short.
        InputAudioBufferCommitEmpty = "input_audio_buffer_commit_empty",
        /// Truncation of an item that has no audio yet.
        UnsupportedContentType = "unsupported_content_type",
        /// The server could not read our event.
        InvalidEvent = "invalid_event",
        /// Our event has a member that the server does not know.
        UnknownParameter = "unknown_parameter",
        /// The server does not know or accept our event.
        UnknownOrInvalidEvent = "unknown_or_invalid_event",
        /// The server's own fault.
        ServerError = "server_error",
        /// The server has too much to do. Back off.
        ServerIsOverloaded = "server_is_overloaded",
        /// The server asks for fewer requests. Back off.
        SlowDown = "slow_down",
    }
}

/// What went wrong, in the server's words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorDetail {
    /// Broad class (`invalid_request_error`, `server_error`, …); private words occur at other servers.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Machine-readable code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<ErrorCode>,
    /// Sentence for developers. Never show it where the code names a credential: servers quote parts of keys in it.
    #[serde(default, deserialize_with = "or_default")]
    pub message: String,
    /// Member of our event that was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub param: Option<String>,
    /// The `event_id` of our event that was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<EventId>,
}
