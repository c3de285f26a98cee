//! The settings of a session: what a client may change, what the engine makes of it, and what it answers with.
//!
//! Names of a provider's voices and models are accepted, so that one configuration serves every backend. Pure.

use frontdesk_protocol::{
    AudioFormat, Eagerness, EffectiveSession, ErrorCode, ErrorDetail, InputAudio, MaxOutputTokens, Modality,
    NoiseReductionKind, OutputAudio, SemanticVad, ServerVad, Session, SessionAudio, SessionId, SessionKind, Setting,
    Tool, ToolChoice, Transcription, TurnDetection, Voice,
};
use serde_json::{Value, json};

use super::codec::Codec;
use crate::dialogue::{CallWish, ToolOffer};
use crate::speech::{LocalVoice, TurnSettings};

/// The engine's model by name.
pub(crate) const MODEL: &str = "frontdesk-local";

/// Voices of the provider; the engine speaks for each with its light one.
const PROVIDER_VOICES: [&str; 10] = [
    "alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar",
];

/// Silence after which an idle caller may be asked, in ms, as at the provider.
const IDLE_TIMEOUT_MS: std::ops::RangeInclusive<u64> = 5_000..=30_000;

/// Most output tokens that a limit may name, as at the provider.
const MOST_OUTPUT_TOKENS: u32 = 4_096;

/// Silence that ends a turn under semantic detection, in ms by eagerness: the engine has no model of meaning, so it waits longer instead.
const SEMANTIC_SILENCE_MS: [u32; 3] = [500, 800, 1_200];

/// Longest silence that may end a turn, in ms.
const LONGEST_SILENCE_MS: u64 = 10_000;

/// Longest padding, in ms.
const LONGEST_PADDING_MS: u64 = 5_000;

/// The settings in force.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    id: SessionId,
    expires_at: u64,
    session: Session,
    /// Those that the engine can speak with.
    voices: Vec<LocalVoice>,
}

/// Whether the server answers and interrupts by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TurnTaking {
    /// Answer a turn when it ends.
    pub answers: bool,
    /// Stop the running response when the caller speaks.
    pub interrupts: bool,
}

impl Settings {
    /// The settings that a session starts with, for an engine with these voices. `expires_at` is in Unix seconds.
    pub fn new(id: SessionId, voices: Vec<LocalVoice>, expires_at: u64) -> Self {
        let input = InputAudio {
            format: Some(AudioFormat::PCM_24K),
            noise_reduction: Setting::Off,
            transcription: Setting::Off,
            turn_detection: Setting::Set(TurnDetection::ServerVad(ServerVad::default())),
        };
        let output = OutputAudio {
            format: Some(AudioFormat::PCM_24K),
            voice: Some(Voice::Named(LocalVoice::default().name().to_owned())),
            speed: Some(1.0),
        };
        let session = Session {
            model: Some(MODEL.to_owned()),
            output_modalities: Some(vec![Modality::Audio]),
            instructions: Some(String::new()),
            audio: Some(SessionAudio {
                input: Some(input),
                output: Some(output),
            }),
            tools: Some(Vec::new()),
            tool_choice: Some(ToolChoice::Auto),
            max_output_tokens: Some(MaxOutputTokens::Unlimited),
            ..Session::new(SessionKind::Realtime)
        };
        Self {
            id,
            expires_at,
            session,
            voices,
        }
    }

    /// As `session.created` and `session.updated` carry it: what a client left out is told as it is in force. A client that does not read
    /// here that the engine stops an interrupted response cancels it too, and is told that there is none.
    pub fn effective(&self) -> EffectiveSession {
        let mut settings = self.session.clone();
        let input = settings.audio.as_mut().and_then(|audio| audio.input.as_mut());
        if let Some(Setting::Set(detection)) = input.map(|input| &mut input.turn_detection) {
            complete(detection);
        }
        EffectiveSession {
            id: Some(self.id.clone()),
            object: Some("realtime.session".to_owned()),
            expires_at: Some(self.expires_at),
            settings,
        }
    }

    /// Takes over what an update has. Nothing is changed when something in it is refused.
    pub fn update(&mut self, update: Session) -> Result<(), ErrorDetail> {
        if update.kind != SessionKind::Realtime {
            return Err(refused(
                "session.type",
                "the local engine holds conversations only; session.type must be realtime",
            ));
        }
        check_input(update.input())?;
        self.check_output(update.output())?;
        if let Some(modalities) = &update.output_modalities {
            modality(modalities)?;
        }
        check_tools(update.tools.as_deref(), "session.tools")?;
        check_limit(update.max_output_tokens, "session.max_output_tokens")?;
        let session = &mut self.session;
        replace(&mut session.output_modalities, update.output_modalities);
        replace(&mut session.instructions, update.instructions);
        replace(&mut session.tools, update.tools);
        replace(&mut session.tool_choice, update.tool_choice);
        replace(&mut session.max_output_tokens, update.max_output_tokens);
        replace(&mut session.truncation, update.truncation);
        replace(&mut session.include, update.include);
        if let Some(audio) = update.audio {
            let own = session.audio.get_or_insert_default();
            if let Some(input) = audio.input {
                let own = own.input.get_or_insert_default();
                replace(&mut own.format, input.format);
                own.noise_reduction.update(input.noise_reduction);
                own.transcription.update(input.transcription);
                own.turn_detection.update(input.turn_detection);
            }
            if let Some(output) = audio.output {
                let own = own.output.get_or_insert_default();
                replace(&mut own.format, output.format);
                replace(&mut own.voice, output.voice);
                replace(&mut own.speed, output.speed);
            }
        }
        Ok(())
    }

    /// How the ear finds turns; none when the client decides.
    pub fn turns(&self) -> Option<TurnSettings> {
        let usual = TurnSettings::default();
        match self.detection()? {
            TurnDetection::ServerVad(vad) => Some(TurnSettings {
                threshold: vad
                    .threshold
                    .map_or(usual.threshold, |threshold| threshold.clamp(0.05, 0.95) as f32),
                prefix_padding_ms: bounded(vad.prefix_padding_ms, usual.prefix_padding_ms, LONGEST_PADDING_MS),
                silence_duration_ms: bounded(vad.silence_duration_ms, usual.silence_duration_ms, LONGEST_SILENCE_MS),
                ..usual
            }),
            TurnDetection::SemanticVad(vad) => {
                let [eager, usual_wait, patient] = SEMANTIC_SILENCE_MS;
                let silence_duration_ms = match vad.eagerness {
                    Some(Eagerness::High) => eager,
                    Some(Eagerness::Low) => patient,
                    _ => usual_wait,
                };
                Some(TurnSettings {
                    silence_duration_ms,
                    ..usual
                })
            }
            TurnDetection::Other(_) => None,
        }
    }

    /// Silence after a reply, in ms, after which the server asks whether somebody is there.
    pub fn idle_timeout_ms(&self) -> Option<u64> {
        match self.detection()? {
            TurnDetection::ServerVad(vad) => vad.idle_timeout_ms,
            TurnDetection::SemanticVad(_) | TurnDetection::Other(_) => None,
        }
    }

    /// What the server does by itself.
    pub fn turn_taking(&self) -> TurnTaking {
        let (answers, interrupts) = match self.detection() {
            Some(TurnDetection::ServerVad(vad)) => (vad.create_response, vad.interrupt_response),
            Some(TurnDetection::SemanticVad(vad)) => (vad.create_response, vad.interrupt_response),
            Some(TurnDetection::Other(_)) | None => (Some(false), Some(false)),
        };
        TurnTaking {
            answers: answers != Some(false),
            interrupts: interrupts != Some(false),
        }
    }

    fn detection(&self) -> Option<&TurnDetection> {
        self.session.input()?.turn_detection.value()
    }

    /// Whether the client wants the caller's words.
    pub fn transcription(&self) -> Option<&Transcription> {
        self.session.input()?.transcription.value()
    }

    /// Audio or text.
    pub fn modality(&self) -> Modality {
        self.session
            .output_modalities
            .as_deref()
            .and_then(|list| modality(list).ok())
            .unwrap_or(Modality::Audio)
    }

    /// The voice as it is shown.
    pub fn voice(&self) -> Option<Voice> {
        self.session.output().and_then(|output| output.voice.clone())
    }

    /// Who speaks for a voice by that name.
    pub fn local_voice(&self, voice: Option<&Voice>) -> LocalVoice {
        let Some(Voice::Named(name)) = voice else {
            return LocalVoice::default();
        };
        LocalVoice::named(name).unwrap_or_default()
    }

    /// A voice of the provider, or one of the engine that is on this computer.
    pub fn check_voice(&self, voice: Option<&Voice>, param: &str) -> Result<(), ErrorDetail> {
        let Some(Voice::Named(name)) = voice else { return Ok(()) };
        if PROVIDER_VOICES.contains(&name.as_str()) {
            return Ok(());
        }
        let own = LocalVoice::named(name);
        if own.is_some_and(|own| self.voices.contains(&own)) {
            return Ok(());
        }
        let names: Vec<&str> = self.voices.iter().map(|voice| voice.name()).collect();
        let why = if own.is_some() {
            "this voice is not on this computer"
        } else {
            "there is no such voice"
        };
        let message = format!("{why}; take one of the provider's, or of these: {}", names.join(", "));
        Err(refused(param, &message))
    }

    fn check_output(&self, output: Option<&OutputAudio>) -> Result<(), ErrorDetail> {
        let Some(output) = output else { return Ok(()) };
        codec_of(output.format.as_ref(), "session.audio.output.format")?;
        self.check_voice(output.voice.as_ref(), "session.audio.output.voice")?;
        match output.speed {
            Some(speed) if !(0.25..=1.5).contains(&speed) => {
                Err(refused("session.audio.output.speed", "speed lies between 0.25 and 1.5"))
            }
            _ => Ok(()),
        }
    }

    /// Format of the caller's audio.
    pub fn input_codec(&self) -> Codec {
        let format = self.session.input().and_then(|input| input.format.as_ref());
        format.and_then(Codec::of).unwrap_or_default()
    }

    /// Format of the replies.
    pub fn output_codec(&self) -> Codec {
        let format = self.session.output().and_then(|output| output.format.as_ref());
        format.and_then(Codec::of).unwrap_or_default()
    }

    /// 1 is the natural pace.
    pub fn speed(&self) -> f32 {
        self.session
            .output()
            .and_then(|output| output.speed)
            .map_or(1.0, |speed| speed as f32)
    }

    /// What the client wants of every reply; empty when it says nothing.
    pub fn instructions(&self) -> &str {
        self.session.instructions.as_deref().unwrap_or_default()
    }

    /// Functions that the dialogue may call.
    pub fn tools(&self) -> Offered {
        offered(
            self.session.tools.as_deref().unwrap_or_default(),
            self.session.tool_choice.as_ref(),
        )
    }
}

/// What a dialogue is offered.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Offered {
    /// Functions that it may call.
    pub tools: Vec<ToolOffer>,
    /// Whether it has to call one.
    pub wish: CallWish,
}

/// The functions among tools, none when the choice forbids them, and the named one alone when it names one.
pub(crate) fn offered(tools: &[Tool], choice: Option<&ToolChoice>) -> Offered {
    let allowed = |name: &str| match choice {
        Some(ToolChoice::Never | ToolChoice::Mcp { .. }) => false,
        Some(ToolChoice::Function { name: only }) => only == name,
        _ => true,
    };
    let functions = tools.iter().filter_map(|tool| match tool {
        Tool::Function(function) if allowed(&function.name) => Some(function),
        _ => None,
    });
    let offer = |function: &frontdesk_protocol::FunctionTool| ToolOffer {
        name: function.name.clone(),
        description: function.description.clone().unwrap_or_default(),
        parameters: function
            .parameters
            .clone()
            .filter(Value::is_object)
            .unwrap_or_else(|| json!({})),
    };
    Offered {
        tools: functions.map(offer).collect(),
        wish: match choice {
            Some(ToolChoice::Required | ToolChoice::Function { .. }) => CallWish::AtLeastOne,
            _ => CallWish::AsNeeded,
        },
    }
}

/// The one modality of a list.
pub(crate) fn modality(list: &[Modality]) -> Result<Modality, ErrorDetail> {
    match list {
        [one @ (Modality::Audio | Modality::Text)] => Ok(one.clone()),
        _ => Err(refused(
            "session.output_modalities",
            "output_modalities is either [\"audio\"] or [\"text\"]",
        )),
    }
}

/// Names what is not named, as it is in force.
fn complete(detection: &mut TurnDetection) {
    let usual = TurnSettings::default();
    match detection {
        TurnDetection::ServerVad(vad) => {
            vad.threshold.get_or_insert(f64::from(usual.threshold));
            vad.prefix_padding_ms.get_or_insert(u64::from(usual.prefix_padding_ms));
            vad.silence_duration_ms
                .get_or_insert(u64::from(usual.silence_duration_ms));
            vad.create_response.get_or_insert(true);
            vad.interrupt_response.get_or_insert(true);
        }
        TurnDetection::SemanticVad(vad) => {
            vad.eagerness.get_or_insert(Eagerness::Auto);
            vad.create_response.get_or_insert(true);
            vad.interrupt_response.get_or_insert(true);
        }
        TurnDetection::Other(_) => {}
    }
}

fn replace<T>(own: &mut Option<T>, update: Option<T>) {
    if update.is_some() {
        *own = update;
    }
}

fn bounded(value: Option<u64>, usual: u32, most: u64) -> u32 {
    value.map_or(usual, |value| u32::try_from(value.min(most)).unwrap_or(usual))
}

fn check_input(input: Option<&InputAudio>) -> Result<(), ErrorDetail> {
    let Some(input) = input else { return Ok(()) };
    codec_of(input.format.as_ref(), "session.audio.input.format")?;
    if let Some(NoiseReductionKind::Other(_)) = input.noise_reduction.value().map(|reduction| &reduction.kind) {
        return Err(refused(
            "session.audio.input.noise_reduction.type",
            "noise_reduction is near_field, far_field or null",
        ));
    }
    match input.turn_detection.value() {
        Some(TurnDetection::Other(_)) => Err(refused(
            "session.audio.input.turn_detection",
            "turn_detection is server_vad, semantic_vad or null",
        )),
        Some(TurnDetection::ServerVad(vad)) => check_vad(vad),
        Some(TurnDetection::SemanticVad(SemanticVad {
            eagerness: Some(Eagerness::Other(_)),
            ..
        })) => Err(refused(
            "session.audio.input.turn_detection.eagerness",
            "eagerness is low, medium, high or auto",
        )),
        _ => Ok(()),
    }
}

fn check_vad(vad: &ServerVad) -> Result<(), ErrorDetail> {
    let at = |member: &str, message: &str| refused(&format!("session.audio.input.turn_detection.{member}"), message);
    if vad.threshold.is_some_and(|threshold| !(0.0..=1.0).contains(&threshold)) {
        return Err(at("threshold", "threshold lies between 0 and 1"));
    }
    if vad
        .prefix_padding_ms
        .is_some_and(|padding| padding > LONGEST_PADDING_MS)
    {
        return Err(at("prefix_padding_ms", "prefix_padding_ms lies between 0 and 5000"));
    }
    if vad
        .silence_duration_ms
        .is_some_and(|silence| silence > LONGEST_SILENCE_MS)
    {
        return Err(at(
            "silence_duration_ms",
            "silence_duration_ms lies between 0 and 10000",
        ));
    }
    if vad
        .idle_timeout_ms
        .is_some_and(|timeout| !IDLE_TIMEOUT_MS.contains(&timeout))
    {
        return Err(at("idle_timeout_ms", "idle_timeout_ms lies between 5000 and 30000"));
    }
    Ok(())
}

/// The engine calls functions of the client. It reaches no MCP server, and says so instead of never calling one.
pub(crate) fn check_tools(tools: Option<&[Tool]>, param: &str) -> Result<(), ErrorDetail> {
    let mut names = std::collections::HashSet::new();
    for (at, tool) in tools.unwrap_or_default().iter().enumerate() {
        match tool {
            Tool::Other(_) => {
                let message = "the local engine calls functions only; connect to MCP servers in the client";
                return Err(refused(&format!("{param}[{at}].type"), message));
            }
            Tool::Function(function) if function.name.is_empty() || !names.insert(function.name.as_str()) => {
                return Err(refused(
                    &format!("{param}[{at}].name"),
                    "every function has a name of its own",
                ));
            }
            Tool::Function(_) => {}
        }
    }
    Ok(())
}

/// A limit of output tokens is a number from 1, or `"inf"`.
pub(crate) fn check_limit(limit: Option<MaxOutputTokens>, param: &str) -> Result<(), ErrorDetail> {
    match limit {
        Some(MaxOutputTokens::Tokens(tokens)) if !(1..=MOST_OUTPUT_TOKENS).contains(&tokens) => Err(refused(
            param,
            "max_output_tokens lies between 1 and 4096, or is \"inf\"",
        )),
        _ => Ok(()),
    }
}

/// The codec of a format, when one is given.
pub(crate) fn codec_of(format: Option<&AudioFormat>, param: &str) -> Result<Option<Codec>, ErrorDetail> {
    let message = "a format is audio/pcm at 24000 samples per second, audio/pcmu or audio/pcma";
    format
        .map(|format| Codec::of(format).ok_or_else(|| refused(param, message)))
        .transpose()
}

/// An error about one member of a client's event.
pub(crate) fn refused(param: &str, message: &str) -> ErrorDetail {
    ErrorDetail {
        kind: Some("invalid_request_error".to_owned()),
        code: Some(ErrorCode::Other("invalid_value".to_owned())),
        message: message.to_owned(),
        param: Some(param.to_owned()),
        event_id: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn updated(json: &str) -> Result<Settings, ErrorDetail> {
        let mut settings = Settings::new(SessionId::new("sess_1"), vec![LocalVoice::Joe], 0);
        settings.update(serde_json::from_str(json).unwrap())?;
        Ok(settings)
    }

    #[test]
    fn providers_voices_and_models_are_accepted() {
        let json = r#"{"type":"realtime","model":"gpt-realtime-2.1","audio":{"output":{"voice":"marin"}}}"#;
        let settings = updated(json).unwrap();
        assert_eq!(settings.voice(), Some(Voice::Named("marin".into())));
    }

    #[test]
    fn members_that_are_absent_stay_as_they_are() {
        let mut settings = updated(r#"{"type":"realtime","audio":{"input":{"turn_detection":null}}}"#).unwrap();
        assert_eq!(settings.turns(), None);
        settings
            .update(serde_json::from_str(r#"{"type":"realtime","instructions":"x"}"#).unwrap())
            .unwrap();
        assert_eq!(settings.turns(), None);
    }

    #[test]
    fn what_a_client_left_out_is_told_as_it_is_in_force() {
        let told = |detection: &str| {
            let json = format!(r#"{{"type":"realtime","audio":{{"input":{{"turn_detection":{detection}}}}}}}"#);
            let effective = serde_json::to_value(updated(&json).unwrap().effective()).unwrap();
            effective["audio"]["input"]["turn_detection"].clone()
        };
        let meaning = json!({
            "type": "semantic_vad", "eagerness": "auto", "create_response": true, "interrupt_response": true,
        });
        assert_eq!(told(r#"{"type":"semantic_vad"}"#), meaning);
        let silence = told(r#"{"type":"server_vad","interrupt_response":false}"#);
        assert_eq!(
            (&silence["interrupt_response"], &silence["create_response"]),
            (&json!(false), &json!(true))
        );
        assert!(
            silence["threshold"].is_number() && silence["silence_duration_ms"].is_u64(),
            "{silence}"
        );
        assert_eq!(told("null"), Value::Null);
    }

    #[test]
    fn eager_detection_waits_less_than_patient_detection() {
        let silence = |eagerness: &str| {
            let json = format!(
                r#"{{"type":"realtime","audio":{{"input":{{"turn_detection":{{"type":"semantic_vad","eagerness":"{eagerness}"}}}}}}}}"#
            );
            updated(&json).unwrap().turns().unwrap().silence_duration_ms
        };
        assert!(silence("high") < silence("auto") && silence("auto") < silence("low"));
    }

    #[test]
    fn other_formats_and_kinds_are_refused_and_change_nothing() {
        for json in [
            r#"{"type":"transcription"}"#,
            r#"{"type":"realtime","audio":{"input":{"format":{"type":"audio/pcm","rate":16000}}}}"#,
            r#"{"type":"realtime","output_modalities":["audio","text"]}"#,
            r#"{"type":"realtime","audio":{"output":{"speed":9}}}"#,
            r#"{"type":"realtime","audio":{"output":{"voice":"nobody"}}}"#,
            r#"{"type":"realtime","audio":{"input":{"noise_reduction":{"type":"magic"}}}}"#,
            r#"{"type":"realtime","audio":{"input":{"turn_detection":{"type":"psychic"}}}}"#,
            r#"{"type":"realtime","audio":{"input":{"turn_detection":{"type":"server_vad","threshold":1.5}}}}"#,
            r#"{"type":"realtime","audio":{"input":{"turn_detection":{"type":"server_vad","idle_timeout_ms":1000}}}}"#,
            r#"{"type":"realtime","audio":{"input":{"turn_detection":{"type":"semantic_vad","eagerness":"very"}}}}"#,
            r#"{"type":"realtime","max_output_tokens":0}"#,
            r#"{"type":"realtime","tools":[{"type":"mcp","server_label":"x"}]}"#,
            r#"{"type":"realtime","tools":[{"type":"function","name":"a"},{"type":"function","name":"a"}]}"#,
        ] {
            assert!(updated(json).is_err(), "{json}");
        }
    }
}
