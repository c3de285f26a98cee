//! Turn detection: who decides that the caller has finished speaking.
//!
//! Pure data, usable on any thread. Ranges and defaults are those of OpenAI's documents; other servers may differ.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::Raw;
use crate::open_text::open_text;
use crate::tolerant::optional_whole;

open_text! {
    /// How eagerly semantic detection ends a turn.
    Eagerness {
        /// Waits up to 8 s.
        Low = "low",
        /// Waits up to 4 s.
        Medium = "medium",
        /// Waits up to 2 s.
        High = "high",
        /// As medium.
        Auto = "auto",
    }
}

/// How the server finds the end of the caller's turn. Push-to-talk is [`crate::Setting::Off`] instead of a variant here.
#[derive(Clone, Debug, PartialEq)]
pub enum TurnDetection {
    /// By silence.
    ServerVad(ServerVad),
    /// By meaning.
    SemanticVad(SemanticVad),
    /// A kind this version does not know, kept as it came.
    Other(Raw),
}

/// Turn detection by silence.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ServerVad {
    /// 0 to 1, default 0.5; higher needs louder speech.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    /// Audio kept from before the detected start, in milliseconds; default 300.
    #[serde(
        default,
        deserialize_with = "optional_whole",
        skip_serializing_if = "Option::is_none"
    )]
    pub prefix_padding_ms: Option<u64>,
    /// Silence that ends a turn, in milliseconds; default 500 by the documents.
    #[serde(
        default,
        deserialize_with = "optional_whole",
        skip_serializing_if = "Option::is_none"
    )]
    pub silence_duration_ms: Option<u64>,
    /// Answer by itself after a turn; default true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create_response: Option<bool>,
    /// Cancel the running response when the caller speaks; default true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interrupt_response: Option<bool>,
    /// Silence after a response that makes the model ask again, 5,000 to 30,000 ms; off by default.
    #[serde(
        default,
        deserialize_with = "optional_whole",
        skip_serializing_if = "Option::is_none"
    )]
    pub idle_timeout_ms: Option<u64>,
}

/// Turn detection by meaning.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SemanticVad {
    /// How long to wait at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eagerness: Option<Eagerness>,
    /// Answer by itself after a turn; default true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create_response: Option<bool>,
    /// Cancel the running response when the caller speaks; default true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interrupt_response: Option<bool>,
}

#[derive(Serialize)]
struct Tagged<'a, T> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(flatten)]
    members: &'a T,
}

impl Serialize for TurnDetection {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::ServerVad(members) => Tagged {
                kind: "server_vad",
                members,
            }
            .serialize(serializer),
            Self::SemanticVad(members) => Tagged {
                kind: "semantic_vad",
                members,
            }
            .serialize(serializer),
            Self::Other(raw) => raw.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for TurnDetection {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let value = Value::deserialize(deserializer)?;
        match value.get("type").and_then(Value::as_str) {
            Some("server_vad") => ServerVad::deserialize(value)
                .map(Self::ServerVad)
                .map_err(D::Error::custom),
            Some("semantic_vad") => SemanticVad::deserialize(value)
                .map(Self::SemanticVad)
                .map_err(D::Error::custom),
            _ => Ok(Self::Other(Raw(value))),
        }
    }
}
