//! What a session can be set to, in the nested GA form.
//!
//! [`Session`] is what a client may send; [`EffectiveSession`] is what a server answers with. All members are optional because an update
//! changes only what is present. There is no `temperature`: GA removed it and refuses the member. Pure data, usable on any thread.

mod beta;
mod turn;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

pub use turn::{Eagerness, SemanticVad, ServerVad, TurnDetection};

use crate::audio::AudioFormat;
use crate::open_text::open_text;
use crate::tolerant::optional_whole;
use crate::{Raw, SessionId, Setting, Tool, ToolChoice};

open_text! {
    /// Kind of session; GA requires it in every update.
    SessionKind {
        /// A conversation.
        Realtime = "realtime",
        /// Speech to text only.
        Transcription = "transcription",
    }
}

open_text! {
    /// What the model answers with; never both at once, since audio always comes with its transcript.
    Modality {
        /// Speech and its transcript.
        Audio = "audio",
        /// Text only.
        Text = "text",
    }
}

open_text! {
    /// How much a reasoning model thinks before it answers.
    ReasoningEffort {
        /// Least delay.
        Minimal = "minimal",
        /// The default of the voice models.
        Low = "low",
        /// Between.
        Medium = "medium",
        /// Slow for a conversation.
        High = "high",
        /// Slowest.
        ExtraHigh = "xhigh",
    }
}

open_text! {
    /// Where the microphone is.
    NoiseReductionKind {
        /// Headset or telephone.
        NearField = "near_field",
        /// Laptop or room microphone.
        FarField = "far_field",
    }
}

/// Settings of a session, as a client sends them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Session {
    /// Kind of session; always written.
    #[serde(rename = "type")]
    pub kind: SessionKind,
    /// Model name; cannot change after the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// One of audio or text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_modalities: Option<Vec<Modality>>,
    /// System prompt; an empty text clears it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
    /// Both directions of audio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio: Option<SessionAudio>,
    /// Tools the model may call; an empty list clears them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tools: Option<Vec<Tool>>,
    /// Whether the model may, must or must not call a tool.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_choice: Option<ToolChoice>,
    /// Several calls in one response; reasoning models only, others refuse the member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallel_tool_calls: Option<bool>,
    /// Reasoning models only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<Reasoning>,
    /// Limit for each response, tool calls included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<MaxOutputTokens>,
    /// What happens when the context is full.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncation: Option<Truncation>,
    /// The server's own tracing, passed on unread; fixed once set.
    #[serde(skip_serializing_if = "Setting::is_absent")]
    pub tracing: Setting<Raw>,
    /// Extra members the server should send, such as `item.input_audio_transcription.logprobs`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include: Option<Vec<String>>,
}

impl Session {
    /// Settings that change nothing.
    pub fn new(kind: SessionKind) -> Self {
        Self {
            kind,
            model: None,
            output_modalities: None,
            instructions: None,
            audio: None,
            tools: None,
            tool_choice: None,
            parallel_tool_calls: None,
            reasoning: None,
            max_output_tokens: None,
            truncation: None,
            tracing: Setting::Absent,
            include: None,
        }
    }

    /// The input side of the audio, if any of it is present.
    pub fn input(&self) -> Option<&InputAudio> {
        self.audio.as_ref()?.input.as_ref()
    }

    /// The output side of the audio, if any of it is present.
    pub fn output(&self) -> Option<&OutputAudio> {
        self.audio.as_ref()?.output.as_ref()
    }
}

impl Default for Session {
    fn default() -> Self {
        Self::new(SessionKind::Realtime)
    }
}

impl<'de> Deserialize<'de> for Session {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        beta::SessionWire::deserialize(deserializer).map(Self::from)
    }
}

/// A session as the server keeps it: `session.created`, `session.updated`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EffectiveSession {
    /// The server's name for the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<SessionId>,
    /// `realtime.session` at OpenAI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// End of the session's life, in Unix seconds.
    #[serde(
        default,
        deserialize_with = "optional_whole",
        skip_serializing_if = "Option::is_none"
    )]
    pub expires_at: Option<u64>,
    /// The settings in force.
    #[serde(flatten)]
    pub settings: Session,
}

/// Audio in and out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SessionAudio {
    /// What the caller sends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<InputAudio>,
    /// What the model sends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<OutputAudio>,
}

/// How the caller's audio is read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct InputAudio {
    /// Format of the appended audio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<AudioFormat>,
    /// Off by default.
    #[serde(default, skip_serializing_if = "Setting::is_absent")]
    pub noise_reduction: Setting<NoiseReduction>,
    /// Off by default; without it there is no text of what the caller said.
    #[serde(default, skip_serializing_if = "Setting::is_absent")]
    pub transcription: Setting<Transcription>,
    /// Off means push-to-talk: the client commits and asks for responses itself.
    #[serde(default, skip_serializing_if = "Setting::is_absent")]
    pub turn_detection: Setting<TurnDetection>,
}

/// How the model's audio is made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OutputAudio {
    /// Format of the deltas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<AudioFormat>,
    /// Cannot change after the first audio went out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<Voice>,
    /// 0.25 to 1.5, default 1; changes only between turns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speed: Option<f64>,
}

/// A voice by name, or one's own by id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Voice {
    /// A built-in voice, such as `marin`.
    Named(String),
    /// A custom voice.
    Custom {
        /// `voice_…`
        id: String,
    },
}

/// Server-side noise reduction before turn detection and model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoiseReduction {
    /// Where the microphone is.
    #[serde(rename = "type")]
    pub kind: NoiseReductionKind,
    /// Default 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strength: Option<f64>,
}

/// Transcription of the caller's audio; it runs beside the model and may differ from what the model heard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcription {
    /// Transcription model; at Azure the name of a deployment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// ISO 639-1 code of the expected language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Several expected languages; only `gpt-transcribe` and `gpt-live-transcribe` take it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub languages: Option<Vec<String>>,
    /// Hint about content and style.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// Words to expect; only `gpt-transcribe` and `gpt-live-transcribe` take it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keywords: Option<Vec<String>>,
    /// Trade of delay against accuracy; only `gpt-realtime-whisper` takes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay: Option<String>,
}

/// Settings of reasoning models.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reasoning {
    /// How much to think.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<ReasoningEffort>,
}

/// Limit of one response's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaxOutputTokens {
    /// 1 to 4096 tokens.
    Tokens(u32),
    /// `"inf"`, the default.
    Unlimited,
}

impl Serialize for MaxOutputTokens {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Tokens(tokens) => serializer.serialize_u32(*tokens),
            Self::Unlimited => serializer.serialize_str("inf"),
        }
    }
}

impl<'de> Deserialize<'de> for MaxOutputTokens {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) if text == "inf" => Ok(Self::Unlimited),
            Value::Number(number) => {
                let tokens = number.as_u64().and_then(|tokens| u32::try_from(tokens).ok());
                tokens
                    .map(Self::Tokens)
                    .ok_or_else(|| D::Error::custom("a token limit is a whole number"))
            }
            _ => Err(D::Error::custom("a token limit is a whole number or \"inf\"")),
        }
    }
}

/// What the server does when the conversation no longer fits the model's context.
#[derive(Clone, Debug, PartialEq)]
pub enum Truncation {
    /// Drop the oldest items as needed.
    Auto,
    /// Fail instead.
    Disabled,
    /// Drop more at once, so that the prompt cache stays useful.
    RetentionRatio {
        /// Share of the context that is kept, 0 to 1.
        retention_ratio: f64,
        /// Own limits in place of the model's.
        token_limits: Option<TokenLimits>,
    },
}

/// Limits for [`Truncation::RetentionRatio`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenLimits {
    /// Tokens allowed after the instructions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post_instructions: Option<u32>,
}

impl Serialize for Truncation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Auto => serializer.serialize_str("auto"),
            Self::Disabled => serializer.serialize_str("disabled"),
            Self::RetentionRatio {
                retention_ratio,
                token_limits,
            } => {
                let mut object = json!({ "type": "retention_ratio", "retention_ratio": retention_ratio });
                if let Some(limits) = token_limits {
                    object["token_limits"] = json!(limits);
                }
                object.serialize(serializer)
            }
        }
    }
}

impl<'de> Deserialize<'de> for Truncation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let kind = value.as_str().or_else(|| value.get("type").and_then(Value::as_str));
        match kind {
            Some("auto") => Ok(Self::Auto),
            Some("disabled") => Ok(Self::Disabled),
            Some("retention_ratio") => Ok(Self::RetentionRatio {
                retention_ratio: value.get("retention_ratio").and_then(Value::as_f64).unwrap_or(1.0),
                token_limits: value
                    .get("token_limits")
                    .and_then(|limits| TokenLimits::deserialize(limits).ok()),
            }),
            _ => Err(D::Error::custom("an unknown kind of truncation")),
        }
    }
}
