//! Which backend answers: from the settings, or from a choice of the command line. Pure, but for the key lookup in `App`.

use frontdesk_call::problem::{Problem, ProblemAction, ProblemKind};
use frontdesk_realtime::{Endpoint, EndpointError};

use crate::settings::{BackendKind, BackendSettings};

/// A choice of backend that goes over the settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum BackendChoice {
    /// As the settings say.
    #[default]
    Settings,
    /// The local engine.
    Local,
    /// OpenAI.
    OpenAi,
    /// Azure OpenAI, at the address of the settings.
    Azure,
    /// A compatible server at this base address.
    Url(String),
}

impl std::str::FromStr for BackendChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "local" => Ok(Self::Local),
            "openai" => Ok(Self::OpenAi),
            "azure" => Ok(Self::Azure),
            address if address.contains("://") => Ok(Self::Url(address.into())),
            _ => Err("a backend is local, openai, azure or the address of a server (wss://…)".into()),
        }
    }
}

/// Who answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backend {
    /// The local engine.
    Local,
    /// A server.
    Server(Endpoint),
}

/// The backend for a call. `openai_key_is_set` decides only where the settings leave it open.
///
/// # Errors
/// A [`Problem`] when the address or model of the settings cannot be used.
pub fn resolve(
    choice: &BackendChoice,
    settings: &BackendSettings,
    openai_key_is_set: bool,
) -> Result<Backend, Problem> {
    let kind = match choice {
        BackendChoice::Url(address) => {
            return Ok(Backend::Server(Endpoint::compatible(address, &settings.model)?));
        }
        BackendChoice::Settings => settings.kind,
        BackendChoice::Local => BackendKind::Local,
        BackendChoice::OpenAi => BackendKind::OpenAi,
        BackendChoice::Azure => BackendKind::Azure,
    };
    match kind {
        BackendKind::Automatic if !openai_key_is_set => Ok(Backend::Local),
        BackendKind::Local => Ok(Backend::Local),
        _ => Ok(Backend::Server(endpoint(kind, settings)?)),
    }
}

/// The server that a choice names, whoever answers: the one that a key given along with the choice is for. None for the local engine.
///
/// # Errors
/// A [`Problem`] when the address or model cannot be used.
pub fn server_of(choice: &BackendChoice, settings: &BackendSettings) -> Result<Option<Endpoint>, Problem> {
    if *choice == BackendChoice::Settings {
        return endpoint(settings.kind, settings).map(Some);
    }
    Ok(match resolve(choice, settings, true)? {
        Backend::Local => None,
        Backend::Server(endpoint) => Some(endpoint),
    })
}

/// The server that the settings name, also while the local engine answers: its key can be set before it is used.
///
/// # Errors
/// A [`Problem`] when the address or model cannot be used.
pub fn endpoint(kind: BackendKind, settings: &BackendSettings) -> Result<Endpoint, Problem> {
    let made = match kind {
        BackendKind::Automatic | BackendKind::Local | BackendKind::OpenAi => Endpoint::open_ai(&settings.model),
        BackendKind::Azure => with_address(settings, Endpoint::azure)?,
        BackendKind::Compatible => with_address(settings, Endpoint::compatible)?,
    };
    made.map_err(Problem::from)
}

fn with_address(
    settings: &BackendSettings,
    make: impl FnOnce(&str, &str) -> Result<Endpoint, EndpointError>,
) -> Result<Result<Endpoint, EndpointError>, Problem> {
    if settings.base_url.trim().is_empty() {
        let sentence = "No server address is set. Enter the address of your server in the settings.";
        return Err(Problem::new(ProblemKind::SettingsInvalid, sentence).with_action(ProblemAction::OpenSettings));
    }
    Ok(make(settings.base_url.trim(), &settings.model))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_key_the_local_engine_answers_and_with_one_openai() {
        let settings = BackendSettings::default();
        assert_eq!(resolve(&BackendChoice::Settings, &settings, false), Ok(Backend::Local));
        let Ok(Backend::Server(endpoint)) = resolve(&BackendChoice::Settings, &settings, true) else {
            panic!("no server")
        };
        assert_eq!(endpoint.origin(), "wss://api.openai.com:443");
    }

    #[test]
    fn the_local_engine_stays_a_choice_with_a_key() {
        let settings = BackendSettings {
            kind: BackendKind::Local,
            ..BackendSettings::default()
        };
        assert_eq!(resolve(&BackendChoice::Settings, &settings, true), Ok(Backend::Local));
        assert_eq!(
            resolve(&BackendChoice::Local, &BackendSettings::default(), true),
            Ok(Backend::Local)
        );
    }

    #[test]
    fn a_server_without_an_address_is_said() {
        let settings = BackendSettings {
            kind: BackendKind::Azure,
            ..BackendSettings::default()
        };
        let problem = resolve(&BackendChoice::Settings, &settings, true).unwrap_err();
        assert_eq!(
            (problem.kind, problem.action),
            (ProblemKind::SettingsInvalid, Some(ProblemAction::OpenSettings))
        );
    }

    #[test]
    fn choices_of_the_command_line_are_words_or_addresses() {
        assert_eq!("local".parse(), Ok(BackendChoice::Local));
        assert_eq!(
            "ws://127.0.0.1:9".parse(),
            Ok(BackendChoice::Url("ws://127.0.0.1:9".into()))
        );
        assert!("cloud".parse::<BackendChoice>().is_err());
    }
}
