//! Settings: their types and defaults. `settings_file` reads and writes them; flags and environment go over them in the binaries.
//! Pure data. No secret is a setting.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// All settings. Every member has a default, so an empty file is a whole one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct Settings {
    /// Who answers.
    pub backend: BackendSettings,
    /// The text model behind the voice model.
    pub supervisor: SupervisorSettings,
    /// What finds the words of the local engine.
    pub engine: EngineSettings,
    /// Microphone, speaker and sound processing.
    pub audio: AudioSettings,
    /// How turns are taken.
    pub turns: TurnSettings,
    /// Limits of a call.
    pub limits: LimitSettings,
    /// Path of the company file; empty for the built-in sample.
    pub company_file: String,
    /// Colours of the window.
    pub appearance: Appearance,
    /// Where the local engine's files come from.
    pub models: ModelSettings,
    /// True when the introduction was seen.
    pub introduction_seen: bool,
}

impl Settings {
    /// One sentence per value that is out of its range; empty when all can be used.
    #[must_use]
    pub fn out_of_range(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        let mut check = |name: &str, value: f64, low: f64, high: f64| {
            if !(low..=high).contains(&value) {
                sentences.push(format!(
                    "The setting {name} is {value}; it must lie between {low} and {high}."
                ));
            }
        };
        check("backend.speed", self.backend.speed, 0.25, 1.5);
        check("turns.silenceMs", self.turns.silence_ms.into(), 200.0, 2_000.0);
        check("turns.threshold", self.turns.threshold, 0.0, 1.0);
        check(
            "turns.prefixPaddingMs",
            self.turns.prefix_padding_ms.into(),
            0.0,
            1_000.0,
        );
        check("limits.maximumMinutes", self.limits.maximum_minutes.into(), 1.0, 720.0);
        check("limits.idleMinutes", self.limits.idle_minutes.into(), 1.0, 60.0);
        sentences
    }
}

/// Who answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct BackendSettings {
    /// Which kind of backend; `automatic` takes OpenAI when its key is set and the local engine otherwise.
    pub kind: BackendKind,
    /// Base URL of Azure or a compatible server, for example `wss://resource.openai.azure.com/openai/v1`.
    pub base_url: String,
    /// Voice model, or the deployment's name on Azure.
    pub model: String,
    /// Voice of the keyed backend.
    pub voice: String,
    /// Voice of the local engine; empty for the company's, or the light one.
    pub local_voice: String,
    /// Model that writes down the caller's words; empty switches it off.
    pub transcription_model: String,
    /// Speaking speed, 0.25 … 1.5.
    pub speed: f64,
}

impl Default for BackendSettings {
    fn default() -> Self {
        Self {
            kind: BackendKind::Automatic,
            base_url: String::new(),
            model: "gpt-realtime-2.1".into(),
            voice: "marin".into(),
            local_voice: String::new(),
            transcription_model: "gpt-transcribe".into(),
            speed: 1.0,
        }
    }
}

/// Kind of backend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub enum BackendKind {
    /// OpenAI when its key is set, else the local engine.
    #[default]
    Automatic,
    /// The local engine, offline.
    Local,
    /// OpenAI.
    OpenAi,
    /// Azure OpenAI.
    Azure,
    /// Any server that speaks the same protocol.
    Compatible,
}

/// The text model that works behind a voice model. The local engine never uses one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct SupervisorSettings {
    /// Where it is, or that there is none.
    pub kind: SupervisorKind,
    /// Base URL of Azure or a compatible server, for example `https://words.example.com/v1`; empty for the server of the voice model.
    pub base_url: String,
    /// Text model, or the deployment's name on Azure.
    pub model: String,
}

impl Default for SupervisorSettings {
    fn default() -> Self {
        Self {
            kind: SupervisorKind::Automatic,
            base_url: String::new(),
            // The named successor of the models that OpenAI shuts down in January 2027.
            model: "gpt-6-luna".into(),
        }
    }
}

/// Where the text model is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub enum SupervisorKind {
    /// At OpenAI when OpenAI answers, else none: only there the model's name is known.
    #[default]
    Automatic,
    /// None: the voice model works with the tools itself.
    Off,
    /// At OpenAI.
    OpenAi,
    /// At Azure OpenAI.
    Azure,
    /// At any server of the Chat Completions API.
    Compatible,
}

/// What finds the words of the local engine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct EngineSettings {
    /// Rules, or a chat model.
    pub dialogue: DialogueKind,
    /// Base URL of the chat model's server, for example `http://127.0.0.1:11434/v1`.
    pub server: String,
    /// The chat model, as its server names it.
    pub model: String,
}

/// What finds the words of the local engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub enum DialogueKind {
    /// The rules that Frontdesk brings along.
    #[default]
    BuiltIn,
    /// A chat model behind a server of the Chat Completions API, such as Ollama, LM Studio or llama.cpp.
    ChatModel,
}

/// Microphone, speaker and sound processing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct AudioSettings {
    /// Identity of the chosen microphone; empty for the system default.
    pub input_device: String,
    /// Identity of the chosen speaker; empty for the system default.
    pub output_device: String,
    /// Remove the receptionist's own voice from the microphone.
    pub echo_cancellation: bool,
    /// Remove steady noise.
    pub noise_suppression: bool,
    /// Even out the caller's loudness.
    pub gain_control: bool,
}

impl Default for AudioSettings {
    fn default() -> Self {
        Self {
            input_device: String::new(),
            output_device: String::new(),
            echo_cancellation: true,
            noise_suppression: true,
            gain_control: true,
        }
    }
}

/// How turns are taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct TurnSettings {
    /// What ends a caller's turn.
    pub mode: TurnMode,
    /// Silence that ends a turn in milliseconds, 200 … 2000; for `voice` only.
    #[ts(type = "number")]
    pub silence_ms: u32,
    /// How sure the detector must be that it hears speech, 0 … 1; for `voice` only.
    pub threshold: f64,
    /// Audio kept from before speech was noticed in milliseconds, 0 … 1000; for `voice` only.
    #[ts(type = "number")]
    pub prefix_padding_ms: u32,
    /// How soon the model answers; for `meaning` only.
    pub eagerness: Eagerness,
}

impl Default for TurnSettings {
    fn default() -> Self {
        Self {
            mode: TurnMode::Voice,
            silence_ms: 500,
            threshold: 0.5,
            prefix_padding_ms: 300,
            eagerness: Eagerness::Auto,
        }
    }
}

/// What ends a caller's turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub enum TurnMode {
    /// Silence (`server_vad`).
    #[default]
    Voice,
    /// The meaning of what was said (`semantic_vad`).
    Meaning,
    /// Releasing a key.
    PushToTalk,
}

/// How soon the model answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub enum Eagerness {
    /// Waits up to 8 s.
    Low,
    /// Waits up to 4 s.
    Medium,
    /// Waits up to 2 s.
    High,
    /// The model's own choice.
    #[default]
    Auto,
}

/// Limits of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct LimitSettings {
    /// Longest call in minutes, 1 … 720.
    #[ts(type = "number")]
    pub maximum_minutes: u32,
    /// Minutes without speech after which the receptionist asks, 1 … 60.
    #[ts(type = "number")]
    pub idle_minutes: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            maximum_minutes: 120,
            idle_minutes: 5,
        }
    }
}

/// Where the local engine's files come from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct ModelSettings {
    /// Base URL of a mirror that holds the files by name; empty for the upstream sources.
    pub mirror: String,
}

/// Colours of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub enum Appearance {
    /// As the system is set.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}
