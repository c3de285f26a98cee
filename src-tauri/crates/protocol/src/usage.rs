//! Tokens, seconds and limits: what a call costs and how much of it is still allowed.
//!
//! Everything reads as zero when a server leaves it out (some send `usage: {}`). Pure data, usable on any thread.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::tolerant::{optional_whole, or_default, whole};

/// Tokens of one response.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Input and output together.
    #[serde(default, deserialize_with = "whole")]
    pub total_tokens: u64,
    /// The conversation as the model read it, cached parts included.
    #[serde(default, deserialize_with = "whole")]
    pub input_tokens: u64,
    /// The answer.
    #[serde(default, deserialize_with = "whole")]
    pub output_tokens: u64,
    /// Input by kind.
    #[serde(default, deserialize_with = "or_default")]
    pub input_token_details: InputTokenDetails,
    /// Output by kind.
    #[serde(default, deserialize_with = "or_default")]
    pub output_token_details: OutputTokenDetails,
}

/// Input tokens by kind; each kind has its own price, and cached ones a lower one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputTokenDetails {
    /// All of the input by kind.
    #[serde(flatten)]
    pub kinds: TokenKinds,
    /// Part of the above that came from the prompt cache.
    #[serde(default, deserialize_with = "whole")]
    pub cached_tokens: u64,
    /// The cached part by kind.
    #[serde(default, deserialize_with = "or_default")]
    pub cached_tokens_details: TokenKinds,
}

/// Tokens by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenKinds {
    /// Text.
    #[serde(default, deserialize_with = "whole")]
    pub text_tokens: u64,
    /// Audio.
    #[serde(default, deserialize_with = "whole")]
    pub audio_tokens: u64,
    /// Images.
    #[serde(default, deserialize_with = "whole")]
    pub image_tokens: u64,
}

/// Output tokens by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputTokenDetails {
    /// Text.
    #[serde(default, deserialize_with = "whole")]
    pub text_tokens: u64,
    /// Audio.
    #[serde(default, deserialize_with = "whole")]
    pub audio_tokens: u64,
}

/// What the transcription of one turn cost; depends on the transcription model.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum TranscriptionUsage {
    /// Billed by token.
    Tokens {
        /// Audio and prompt.
        input_tokens: u64,
        /// The transcript.
        output_tokens: u64,
        /// Both.
        total_tokens: u64,
    },
    /// Billed by time.
    Duration {
        /// Seconds of audio.
        seconds: f64,
    },
}

impl TranscriptionUsage {
    /// Reads the member `usage`; an empty or unknown form is no usage rather than an error, since a transcript matters more than its bill.
    pub(crate) fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let count = |name: &str| value.get(name).and_then(Value::as_u64).unwrap_or(0);
        Ok(match value.get("type").and_then(Value::as_str) {
            Some("tokens") => Some(Self::Tokens {
                input_tokens: count("input_tokens"),
                output_tokens: count("output_tokens"),
                total_tokens: count("total_tokens"),
            }),
            Some("duration") => value
                .get("seconds")
                .and_then(Value::as_f64)
                .map(|seconds| Self::Duration { seconds }),
            _ => None,
        })
    }
}

/// How much of one limit is left.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RateLimit {
    /// `requests` or `tokens`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The most that is allowed.
    #[serde(
        default,
        deserialize_with = "optional_whole",
        skip_serializing_if = "Option::is_none"
    )]
    pub limit: Option<u64>,
    /// What is left of it.
    #[serde(
        default,
        deserialize_with = "optional_whole",
        skip_serializing_if = "Option::is_none"
    )]
    pub remaining: Option<u64>,
    /// Seconds until it is full again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reset_seconds: Option<f64>,
}
