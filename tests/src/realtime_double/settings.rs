//! The session settings of the double: what a new session has, and how an update changes it.
//!
//! Pure data.

use frontdesk_protocol::{
    AudioFormat, InputAudio, MaxOutputTokens, Modality, OutputAudio, ServerVad, Session, SessionAudio, Setting,
    ToolChoice, Truncation, TurnDetection, Voice,
};

/// The settings of a new session, as OpenAI documents them.
pub(crate) fn default_settings() -> Session {
    Session {
        model: Some("gpt-realtime-2.1".to_owned()),
        output_modalities: Some(vec![Modality::Audio]),
        instructions: Some("The server's own instructions.".to_owned()),
        audio: Some(SessionAudio {
            input: Some(InputAudio {
                format: Some(AudioFormat::PCM_24K),
                noise_reduction: Setting::Off,
                transcription: Setting::Off,
                turn_detection: TurnDetection::ServerVad(ServerVad {
                    threshold: Some(0.5),
                    prefix_padding_ms: Some(300),
                    silence_duration_ms: Some(200),
                    create_response: Some(true),
                    interrupt_response: Some(true),
                    idle_timeout_ms: None,
                })
                .into(),
            }),
            output: Some(OutputAudio {
                format: Some(AudioFormat::PCM_24K),
                voice: Some(Voice::Named("alloy".to_owned())),
                speed: Some(1.0),
            }),
        }),
        tools: Some(Vec::new()),
        tool_choice: Some(ToolChoice::Auto),
        max_output_tokens: Some(MaxOutputTokens::Unlimited),
        truncation: Some(Truncation::Auto),
        tracing: Setting::Off,
        ..Session::default()
    }
}

/// Applies an update: members that are present replace, others stay.
pub(crate) fn merge(session: &mut Session, update: Session) {
    fn replace<T>(slot: &mut Option<T>, new: Option<T>) {
        if new.is_some() {
            *slot = new;
        }
    }

    replace(&mut session.output_modalities, update.output_modalities);
    replace(&mut session.instructions, update.instructions);
    replace(&mut session.tools, update.tools);
    replace(&mut session.tool_choice, update.tool_choice);
    replace(&mut session.parallel_tool_calls, update.parallel_tool_calls);
    replace(&mut session.reasoning, update.reasoning);
    replace(&mut session.max_output_tokens, update.max_output_tokens);
    replace(&mut session.truncation, update.truncation);
    replace(&mut session.include, update.include);
    session.tracing.update(update.tracing);
    let (Some(audio), Some(new)) = (&mut session.audio, update.audio) else {
        return;
    };
    if let (Some(input), Some(new)) = (&mut audio.input, new.input) {
        replace(&mut input.format, new.format);
        input.noise_reduction.update(new.noise_reduction);
        input.transcription.update(new.transcription);
        input.turn_detection.update(new.turn_detection);
    }
    if let (Some(output), Some(new)) = (&mut audio.output, new.output) {
        replace(&mut output.format, new.format);
        replace(&mut output.voice, new.voice);
        replace(&mut output.speed, new.speed);
    }
}
