//! Reading a session of either generation: the nested GA members and the flat ones of the retired beta.
//!
//! Where a server sends both, as some compatible servers do, the GA member wins. Pure data, usable on any thread.

use serde::Deserialize;

use super::{
    InputAudio, MaxOutputTokens, Modality, NoiseReduction, OutputAudio, Reasoning, Session, SessionAudio, SessionKind,
    Transcription, Truncation, TurnDetection, Voice,
};
use crate::audio::AudioFormat;
use crate::{Raw, Setting, Tool, ToolChoice};

/// Every member of either generation.
#[derive(Deserialize)]
pub(super) struct SessionWire {
    #[serde(rename = "type", default)]
    kind: Option<SessionKind>,
    #[serde(default)]
    model: Option<String>,
    #[serde(default)]
    output_modalities: Option<Vec<Modality>>,
    #[serde(default)]
    instructions: Option<String>,
    #[serde(default)]
    audio: Option<SessionAudio>,
    #[serde(default)]
    tools: Option<Vec<Tool>>,
    #[serde(default)]
    tool_choice: Option<ToolChoice>,
    #[serde(default)]
    parallel_tool_calls: Option<bool>,
    #[serde(default)]
    reasoning: Option<Reasoning>,
    #[serde(default)]
    max_output_tokens: Option<MaxOutputTokens>,
    #[serde(default)]
    truncation: Option<Truncation>,
    #[serde(default)]
    tracing: Setting<Raw>,
    #[serde(default)]
    include: Option<Vec<String>>,

    #[serde(default)]
    modalities: Option<Vec<Modality>>,
    #[serde(default)]
    voice: Option<Voice>,
    #[serde(default)]
    speed: Option<f64>,
    #[serde(default)]
    input_audio_format: Option<AudioFormat>,
    #[serde(default)]
    output_audio_format: Option<AudioFormat>,
    #[serde(default)]
    input_audio_transcription: Setting<Transcription>,
    #[serde(default)]
    input_audio_noise_reduction: Setting<NoiseReduction>,
    #[serde(default)]
    turn_detection: Setting<TurnDetection>,
    #[serde(default)]
    max_response_output_tokens: Option<MaxOutputTokens>,
}

impl From<SessionWire> for Session {
    fn from(wire: SessionWire) -> Self {
        let nested = wire.audio.unwrap_or_default();
        let input = nested.input.unwrap_or_default();
        let output = nested.output.unwrap_or_default();
        let input = InputAudio {
            format: input.format.or(wire.input_audio_format),
            noise_reduction: first(input.noise_reduction, wire.input_audio_noise_reduction),
            transcription: first(input.transcription, wire.input_audio_transcription),
            turn_detection: first(input.turn_detection, wire.turn_detection),
        };
        let output = OutputAudio {
            format: output.format.or(wire.output_audio_format),
            voice: output.voice.or(wire.voice),
            speed: output.speed.or(wire.speed),
        };
        let audio = SessionAudio {
            input: present(input),
            output: present(output),
        };
        Self {
            kind: wire.kind.unwrap_or(SessionKind::Realtime),
            model: wire.model,
            output_modalities: wire.output_modalities.or(wire.modalities.map(one_modality)),
            instructions: wire.instructions,
            audio: present(audio),
            tools: wire.tools,
            tool_choice: wire.tool_choice,
            parallel_tool_calls: wire.parallel_tool_calls,
            reasoning: wire.reasoning,
            max_output_tokens: wire.max_output_tokens.or(wire.max_response_output_tokens),
            truncation: wire.truncation,
            tracing: wire.tracing,
            include: wire.include,
        }
    }
}

/// A part in which nothing is set is the same as no part.
fn present<T: Default + PartialEq>(part: T) -> Option<T> {
    (part != T::default()).then_some(part)
}

fn first<T>(nested: Setting<T>, flat: Setting<T>) -> Setting<T> {
    if nested.is_absent() { flat } else { nested }
}

/// The beta named text beside audio for what GA calls audio alone.
fn one_modality(modalities: Vec<Modality>) -> Vec<Modality> {
    if modalities.contains(&Modality::Audio) {
        vec![Modality::Audio]
    } else {
        modalities
    }
}
