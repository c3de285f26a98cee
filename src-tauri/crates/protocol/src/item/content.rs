//! Parts of a message, and the slightly different parts that a growing response announces.
//!
//! Pure data, usable on any thread.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::open_text::open_text;
use crate::tolerant::or_default;
use crate::{AudioBytes, Raw};

open_text! {
    /// How closely the model looks at an image.
    ImageDetail {
        /// The model decides.
        Auto = "auto",
        /// Coarse and cheap.
        Low = "low",
        /// Fine.
        High = "high",
    }
}

/// One part of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum ContentPart {
    /// Text of the system or the caller.
    InputText {
        /// The words.
        text: String,
    },
    /// Speech of the caller. Servers leave the audio out unless the item is retrieved.
    InputAudio {
        /// Audio in the session's input format.
        audio: Option<AudioBytes>,
        /// What the transcription understood; may come later as an event of its own.
        transcript: Option<String>,
    },
    /// A picture of the caller.
    InputImage {
        /// `data:` URI of a PNG or JPEG.
        image_url: String,
        /// How closely to look.
        detail: Option<ImageDetail>,
    },
    /// Text of the model.
    OutputText {
        /// The words.
        text: String,
    },
    /// Speech of the model. Servers leave the audio out unless the item is retrieved.
    OutputAudio {
        /// Audio in the session's output format.
        audio: Option<AudioBytes>,
        /// The words that are spoken.
        transcript: Option<String>,
    },
    /// A kind this version does not know.
    Other(Raw),
}

impl ContentPart {
    /// The words of the part, written or spoken.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::InputText { text } | Self::OutputText { text } => Some(text),
            Self::InputAudio { transcript, .. } | Self::OutputAudio { transcript, .. } => transcript.as_deref(),
            Self::InputImage { .. } | Self::Other(_) => None,
        }
    }
}

/// Members of all kinds of content; which of them matter follows from `type`.
#[derive(Default, Serialize, Deserialize)]
struct ContentWire<'a> {
    #[serde(rename = "type", default)]
    kind: std::borrow::Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    audio: Option<AudioBytes>,
    /// Of the caller's speech it is always told, `null` while the words are not known: official clients refuse an item without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    transcript: Option<Option<String>>,
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    image_url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    detail: Option<ImageDetail>,
}

impl Serialize for ContentPart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let of = |kind: &'static str| ContentWire {
            kind: kind.into(),
            ..ContentWire::default()
        };
        match self.clone() {
            Self::InputText { text } => ContentWire {
                text: Some(text),
                ..of("input_text")
            },
            Self::InputAudio { audio, transcript } => ContentWire {
                audio,
                transcript: Some(transcript),
                ..of("input_audio")
            },
            Self::InputImage { image_url, detail } => ContentWire {
                image_url,
                detail,
                ..of("input_image")
            },
            Self::OutputText { text } => ContentWire {
                text: Some(text),
                ..of("output_text")
            },
            Self::OutputAudio { audio, transcript } => ContentWire {
                audio,
                transcript: transcript.map(Some),
                ..of("output_audio")
            },
            Self::Other(raw) => return raw.serialize(serializer),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ContentPart {
    /// Accepts the beta's `text` and `audio` for the model's parts.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let kind = match value.get("type").and_then(Value::as_str) {
            Some("text") => "output_text",
            Some("audio") => "output_audio",
            Some(known @ ("input_text" | "input_audio" | "input_image" | "output_text" | "output_audio")) => known,
            _ => return Ok(Self::Other(Raw(value))),
        }
        .to_owned();
        let wire = ContentWire::deserialize(value).map_err(D::Error::custom)?;
        let ContentWire {
            text,
            audio,
            transcript,
            image_url,
            detail,
            ..
        } = wire;
        let (text, transcript) = (text.unwrap_or_default(), transcript.flatten());
        Ok(match kind.as_str() {
            "input_text" => Self::InputText { text },
            "input_audio" => Self::InputAudio { audio, transcript },
            "input_image" => Self::InputImage { image_url, detail },
            "output_text" => Self::OutputText { text },
            _ => Self::OutputAudio { audio, transcript },
        })
    }
}

/// The part in `response.content_part.added` and `.done`: the protocol names its types `text` and `audio` there, without `output_`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ResponsePart {
    /// Text of the model.
    #[serde(alias = "output_text")]
    Text {
        /// The words so far.
        #[serde(default, deserialize_with = "or_default")]
        text: String,
    },
    /// Speech of the model.
    #[serde(alias = "output_audio")]
    Audio {
        /// The words so far.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        transcript: Option<String>,
    },
    /// A kind this version does not know.
    #[serde(other, rename = "unknown")]
    Unknown,
}
