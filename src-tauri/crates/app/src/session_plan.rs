//! From settings and company to the configuration of one call. Pure: `now` is an input.

use std::time::Duration;

use frontdesk_agent::instructions;
use frontdesk_agent::supervisor::SUPERVISOR_TOOL;
use frontdesk_agent::supervisor::prompt::voice_instructions;
use frontdesk_call::config::{CallLimits, SessionConfig, TurnTaking};
use frontdesk_company::CompanyProfile;
use frontdesk_protocol::{SemanticVad, ServerVad, Transcription};
use jiff::Timestamp;

use crate::settings::{Eagerness, Settings, TurnMode};

/// Who answers, as far as the configuration depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answerer {
    /// The local engine: it knows the company by itself and has one voice.
    LocalEngine,
    /// A keyed or compatible server, whose voice model works with the tools itself.
    Provider,
    /// The same with a supervisor behind it, which works with the tools.
    SupervisedProvider,
}

/// The configuration of a call that starts at `now`. `books` says whether the tools for appointments are there.
#[must_use]
pub fn session_config(
    settings: &Settings,
    company: &CompanyProfile,
    answerer: Answerer,
    books: bool,
    now: Timestamp,
) -> SessionConfig {
    let backend = &settings.backend;
    let instructions = match answerer {
        Answerer::LocalEngine | Answerer::Provider => instructions::receptionist(company, books, now),
        Answerer::SupervisedProvider => voice_instructions(company, now),
    };
    let mut config = SessionConfig::new(company.name.clone(), instructions);
    config.greeting = Some(instructions::greeting(company));
    config.turn_taking = turn_taking(settings);
    config.limits = CallLimits {
        maximum_length: Some(minutes(settings.limits.maximum_minutes)),
        idle_question_after: minutes(settings.limits.idle_minutes),
        ..CallLimits::default()
    };
    config.transcription = Some(Transcription::default());
    config.answering_tool = (answerer == Answerer::SupervisedProvider).then(|| SUPERVISOR_TOOL.to_owned());
    if answerer != Answerer::LocalEngine {
        let chosen = company.voice.realtime.clone().unwrap_or_else(|| backend.voice.clone());
        config.voice = Some(chosen).filter(|voice| !voice.is_empty());
        config.speed = Some(backend.speed);
        config.transcription = Some(backend.transcription_model.clone())
            .filter(|model| !model.is_empty())
            .map(|model| Transcription {
                model: Some(model),
                ..Transcription::default()
            });
    }
    config
}

fn turn_taking(settings: &Settings) -> TurnTaking {
    let turns = &settings.turns;
    match turns.mode {
        TurnMode::Voice => TurnTaking::ServerVad(ServerVad {
            threshold: Some(turns.threshold),
            prefix_padding_ms: Some(turns.prefix_padding_ms.into()),
            silence_duration_ms: Some(turns.silence_ms.into()),
            create_response: Some(true),
            interrupt_response: Some(true),
            ..ServerVad::default()
        }),
        TurnMode::Meaning => TurnTaking::SemanticVad(SemanticVad {
            eagerness: Some(match turns.eagerness {
                Eagerness::Low => frontdesk_protocol::Eagerness::Low,
                Eagerness::Medium => frontdesk_protocol::Eagerness::Medium,
                Eagerness::High => frontdesk_protocol::Eagerness::High,
                Eagerness::Auto => frontdesk_protocol::Eagerness::Auto,
            }),
            create_response: Some(true),
            interrupt_response: Some(true),
        }),
        TurnMode::PushToTalk => TurnTaking::PushToTalk,
    }
}

fn minutes(count: u32) -> Duration {
    Duration::from_secs(u64::from(count) * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(settings: &Settings, answerer: Answerer) -> SessionConfig {
        let company = frontdesk_company::sample().unwrap();
        session_config(
            settings,
            &company,
            answerer,
            true,
            "2026-11-23T15:00:00Z".parse().unwrap(),
        )
    }

    #[test]
    fn a_provider_gets_voice_speed_and_transcription_model() {
        let config = config(&Settings::default(), Answerer::Provider);
        assert_eq!(config.voice.as_deref(), Some("marin"));
        assert_eq!(config.speed, Some(1.0));
        assert_eq!(
            config
                .transcription
                .and_then(|transcription| transcription.model)
                .as_deref(),
            Some("gpt-transcribe")
        );
    }

    #[test]
    fn an_empty_transcription_model_switches_it_off() {
        let mut settings = Settings::default();
        settings.backend.transcription_model.clear();
        assert_eq!(config(&settings, Answerer::Provider).transcription, None);
        assert!(config(&settings, Answerer::LocalEngine).transcription.is_some());
    }

    #[test]
    fn only_a_voice_model_with_a_supervisor_is_told_to_ask_it() {
        for (answerer, asks) in [
            (Answerer::LocalEngine, false),
            (Answerer::Provider, false),
            (Answerer::SupervisedProvider, true),
        ] {
            let config = config(&Settings::default(), answerer);
            let told = config.instructions.contains("getNextResponseFromSupervisor");
            assert_eq!(
                (told, config.instructions.contains("bookAppointment")),
                (asks, !asks),
                "{answerer:?}"
            );
        }
    }

    #[test]
    fn limits_and_turn_taking_follow_the_settings() {
        let mut settings = Settings::default();
        settings.limits.maximum_minutes = 3;
        settings.turns.mode = TurnMode::PushToTalk;
        let config = config(&settings, Answerer::LocalEngine);
        assert_eq!(config.limits.maximum_length, Some(Duration::from_secs(180)));
        assert_eq!(config.turn_taking, TurnTaking::PushToTalk);
    }
}
