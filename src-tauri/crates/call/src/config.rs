//! What one call is configured with, and the `session.update` that follows from it.
//!
//! Filled by the composition root from settings and company. Pure data; holds no secret.

use std::time::Duration;

use frontdesk_protocol::{
    AudioFormat, FunctionTool, InputAudio, MaxOutputTokens, Modality, NoiseReduction, NoiseReductionKind, OutputAudio,
    Reasoning, ReasoningEffort, SemanticVad, ServerVad, Session, SessionAudio, Setting, Tool, ToolChoice,
    Transcription, TurnDetection, Voice,
};

use crate::tool::ToolDescription;

/// Everything that one call is configured with, apart from who speaks, who answers and which tools there are.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionConfig {
    /// Company that answers, by name.
    pub company: String,
    /// Instructions for the voice model, the company brief included.
    pub instructions: String,
    /// What the first reply is told to say; `None` lets the caller speak first.
    pub greeting: Option<String>,
    /// Voice by name; `None` leaves the backend's own.
    pub voice: Option<String>,
    /// Speaking speed, 0.25 … 1.5; `None` leaves the backend's own.
    pub speed: Option<f64>,
    /// Who writes down the caller's words; `None` leaves the transcript of the caller empty.
    pub transcription: Option<Transcription>,
    /// Noise reduction at the backend, for microphones that were not cleaned here.
    pub noise_reduction: Option<NoiseReductionKind>,
    /// What ends a caller's turn.
    pub turn_taking: TurnTaking,
    /// How long a reasoning model may think. Other models refuse it, so `None` sends nothing.
    pub reasoning_effort: Option<ReasoningEffort>,
    /// Limit of one response in tokens; `None` leaves the backend's own.
    pub max_output_tokens: Option<u32>,
    /// Name of the tool that says what is said next, where there is one. Its answers are waited for with a few words, and are not read out
    /// when the caller has gone on meanwhile.
    pub answering_tool: Option<String>,
    /// What the model is told to say at the turning points of a call.
    pub prompts: CallPrompts,
    /// Limits of the call.
    pub limits: CallLimits,
}

impl SessionConfig {
    /// A configuration with every choice at its default.
    #[must_use]
    pub fn new(company: impl Into<String>, instructions: impl Into<String>) -> Self {
        Self {
            company: company.into(),
            instructions: instructions.into(),
            greeting: None,
            voice: None,
            speed: None,
            transcription: None,
            noise_reduction: None,
            turn_taking: TurnTaking::ServerVad(ServerVad::default()),
            reasoning_effort: None,
            max_output_tokens: None,
            answering_tool: None,
            prompts: CallPrompts::default(),
            limits: CallLimits::default(),
        }
    }

    /// The settings as they go into `session.update`. Both directions are PCM16 at 24 kHz, the format of the borders.
    pub(crate) fn session(&self, tools: &[ToolDescription]) -> Session {
        let input = InputAudio {
            format: Some(AudioFormat::PCM_24K),
            noise_reduction: or_off(
                self.noise_reduction
                    .clone()
                    .map(|kind| NoiseReduction { kind, strength: None }),
            ),
            transcription: or_off(self.transcription.clone()),
            turn_detection: or_off(self.turn_taking.detection()),
        };
        let output = OutputAudio {
            format: Some(AudioFormat::PCM_24K),
            voice: self.voice.clone().map(Voice::Named),
            speed: self.speed,
        };
        Session {
            output_modalities: Some(vec![Modality::Audio]),
            instructions: Some(self.instructions.clone()),
            audio: Some(SessionAudio {
                input: Some(input),
                output: Some(output),
            }),
            tools: Some(tools.iter().map(function_tool).collect()),
            tool_choice: (!tools.is_empty()).then_some(ToolChoice::Auto),
            reasoning: self
                .reasoning_effort
                .clone()
                .map(|effort| Reasoning { effort: Some(effort) }),
            max_output_tokens: self.max_output_tokens.map(MaxOutputTokens::Tokens),
            ..Session::default()
        }
    }
}

fn or_off<T>(value: Option<T>) -> Setting<T> {
    value.map_or(Setting::Off, Setting::Set)
}

fn function_tool(tool: &ToolDescription) -> Tool {
    Tool::Function(FunctionTool {
        name: tool.name.clone(),
        description: Some(tool.description.clone()),
        parameters: Some(tool.parameters.clone()),
    })
}

/// What ends a caller's turn.
#[derive(Clone, Debug, PartialEq)]
pub enum TurnTaking {
    /// Silence, found by the backend.
    ServerVad(ServerVad),
    /// Meaning, found by the backend.
    SemanticVad(SemanticVad),
    /// The person holds a key while they speak.
    PushToTalk,
}

impl TurnTaking {
    fn detection(&self) -> Option<TurnDetection> {
        match self {
            Self::ServerVad(settings) => Some(TurnDetection::ServerVad(settings.clone())),
            Self::SemanticVad(settings) => Some(TurnDetection::SemanticVad(settings.clone())),
            Self::PushToTalk => None,
        }
    }

    /// True when the backend answers a turn by itself; else the session asks for the response.
    pub(crate) fn creates_response(&self) -> bool {
        match self {
            Self::ServerVad(settings) => settings.create_response != Some(false),
            Self::SemanticVad(settings) => settings.create_response != Some(false),
            Self::PushToTalk => false,
        }
    }

    /// True when the backend cancels its response by itself as soon as the caller speaks; else the session cancels.
    pub(crate) fn interrupts_response(&self) -> bool {
        match self {
            Self::ServerVad(settings) => settings.interrupt_response != Some(false),
            Self::SemanticVad(settings) => settings.interrupt_response != Some(false),
            Self::PushToTalk => false,
        }
    }

    /// Silence that a turn's reported end includes. Unknown for semantic detection.
    pub(crate) fn closing_silence(&self) -> Duration {
        match self {
            Self::ServerVad(settings) => Duration::from_millis(settings.silence_duration_ms.unwrap_or(500)),
            Self::SemanticVad(_) | Self::PushToTalk => Duration::ZERO,
        }
    }
}

/// Instructions of single responses at the turning points of a call. Each also carries a label in its metadata
/// ([`crate::PURPOSE_LABEL`]), so a backend that does not read instructions knows what is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallPrompts {
    /// The answering tool takes long, and nothing is heard.
    pub filler: String,
    /// Nobody has spoken for a while.
    pub idle_question: String,
    /// Nobody has answered that question.
    pub idle_goodbye: String,
    /// The call has reached its longest length.
    pub length_goodbye: String,
    /// System words after a new connection; the conversation so far precedes them.
    pub resume_note: String,
}

impl Default for CallPrompts {
    fn default() -> Self {
        Self {
            filler: "The caller is waiting while you check something. Say one very short sentence, in the language of the call and in \
                     other words than before, that you are still on it. Say nothing else and promise nothing."
                .into(),
            idle_question: "Nobody has spoken for a while. In one short sentence, in the language of the call, ask whether the caller is \
                            still there."
                .into(),
            idle_goodbye: "The caller has not answered. In one or two short sentences, in the language of the call, say that you are \
                           ending the call now, that they are welcome to call again, and goodbye."
                .into(),
            length_goodbye: "The call has reached its longest allowed length. In one or two short sentences, in the language of the \
                             call, apologise that it has to end here, say that they are welcome to call again, and goodbye."
                .into(),
            resume_note: "The line was restored for technical reasons; the conversation above already took place. Continue it where it \
                          stopped. Do not greet again and do not introduce yourself again. If the caller's last words are missing, ask \
                          them briefly to repeat."
                .into(),
        }
    }
}

/// Limits of one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallLimits {
    /// Longest call; `None` for no limit.
    pub maximum_length: Option<Duration>,
    /// Silence of both sides after which the receptionist asks.
    pub idle_question_after: Duration,
    /// Silence after that question that ends the call.
    pub idle_goodbye_after: Duration,
    /// Connection attempts after a break before the call is given up.
    pub reconnect_attempts: u32,
    /// Wait before the second attempt; doubles with each one, up to 16 times this.
    pub reconnect_delay: Duration,
    /// Age at which a connection is replaced at the next quiet moment; backends end sessions at 60 minutes.
    pub connection_age: Duration,
    /// Most tool calls in one call.
    pub tool_calls_per_call: u32,
    /// Most tool calls between two turns of the caller; stops a model that calls without end.
    pub tool_calls_per_turn: u32,
}

impl Default for CallLimits {
    fn default() -> Self {
        Self {
            maximum_length: Some(Duration::from_secs(120 * 60)),
            idle_question_after: Duration::from_secs(5 * 60),
            idle_goodbye_after: Duration::from_secs(30),
            reconnect_attempts: 5,
            reconnect_delay: Duration::from_millis(500),
            connection_age: Duration::from_secs(55 * 60),
            tool_calls_per_call: 200,
            tool_calls_per_turn: 10,
        }
    }
}
