//! Which backend answers: from the settings, or from a choice of the command line. Pure, but for the key lookup in `App`.

use frontdesk_agent::supervisor::endpoint::{ChatEndpoint, ChatEndpointError};
use frontdesk_call::problem::{Problem, ProblemAction, ProblemKind};
use frontdesk_realtime::{Endpoint, EndpointError, Provider};

use crate::settings::{BackendKind, BackendSettings, Settings, SupervisorKind};

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

/// The text model behind the voice model at `voice`; none where the settings name none for it.
///
/// # Errors
/// A [`Problem`] when its address or name cannot be used.
pub fn text_model(settings: &Settings, voice: &Endpoint) -> Result<Option<ChatEndpoint>, Problem> {
    let chosen = &settings.supervisor;
    let at_address = |make: fn(&str, &str) -> Result<ChatEndpoint, ChatEndpointError>| {
        let own = [&chosen.base_url, &settings.backend.base_url]
            .into_iter()
            .find(|address| !address.trim().is_empty());
        let address = own.ok_or_else(|| {
            let sentence = "No address of the text model's server is set. Enter it in the settings.";
            Problem::new(ProblemKind::SettingsInvalid, sentence).with_action(ProblemAction::OpenSettings)
        })?;
        make(address, &chosen.model).map_err(Problem::from)
    };
    Ok(Some(match chosen.kind {
        SupervisorKind::Off => return Ok(None),
        SupervisorKind::Automatic if voice.provider() != Provider::OpenAi => return Ok(None),
        SupervisorKind::Automatic | SupervisorKind::OpenAi => ChatEndpoint::open_ai(&chosen.model)?,
        SupervisorKind::Azure => at_address(ChatEndpoint::azure)?,
        SupervisorKind::Compatible => at_address(ChatEndpoint::compatible)?,
    }))
}

/// True for a text model that may need no key.
pub(crate) fn is_compatible(kind: SupervisorKind) -> bool {
    kind == SupervisorKind::Compatible
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
    fn a_text_model_stands_behind_openai_by_itself_and_behind_others_when_it_is_named() {
        let at = |kind, base_url: &str, voice: &Endpoint| {
            let mut settings = Settings::default();
            settings.supervisor.kind = kind;
            settings.supervisor.base_url = base_url.into();
            text_model(&settings, voice).map(|found| found.map(|endpoint| endpoint.origin()))
        };
        let open_ai = Endpoint::open_ai("m").unwrap();
        let other = Endpoint::compatible("ws://127.0.0.1:9", "m").unwrap();
        let at_openai = Ok(Some("https://api.openai.com:443".to_owned()));
        assert_eq!(at(SupervisorKind::Automatic, "", &open_ai), at_openai);
        assert_eq!(at(SupervisorKind::Automatic, "", &other), Ok(None));
        assert_eq!(at(SupervisorKind::Off, "", &open_ai), Ok(None));
        assert_eq!(at(SupervisorKind::OpenAi, "", &other), at_openai);
        assert_eq!(
            at(SupervisorKind::Compatible, "http://127.0.0.1:8/v1", &open_ai),
            Ok(Some("http://127.0.0.1:8".to_owned()))
        );
        let problem = at(SupervisorKind::Azure, "", &open_ai).unwrap_err();
        assert_eq!(problem.kind, ProblemKind::SettingsInvalid);
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
