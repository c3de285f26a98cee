//! The local engine as a server for other programs: SDK clients and test benches that speak the Realtime protocol. Touches neither the
//! database nor the keychain, and runs no tools: whoever connects brings them.
//!
//! Runs on the tokio runtime; loading the models blocks a blocking thread for about a second.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use frontdesk_call::problem::{Problem, ProblemKind};
use frontdesk_company::CompanyProfile;
use frontdesk_engine::server::{Access, EngineConfig, EngineError, EngineHandle, EngineServer, SESSION_LIMIT};
use jiff::Timestamp;
use secrecy::SecretString;

use crate::chat_dialogue;
use crate::company_source::{self, CompanySource};
use crate::local_engine::load_speech;
use crate::locations::Locations;
use crate::models::ModelStore;
use crate::settings::EngineSettings;
use crate::settings_file;

/// Fewest characters of a token: what can be tried out is none.
const SHORTEST_TOKEN: usize = 16;

/// What the service is started with.
#[derive(Clone, Debug)]
pub struct EngineServiceOptions {
    /// Where to listen; only with a token another than a loopback address.
    pub listen: SocketAddr,
    /// Company files; without any, the company of the settings. The first is for clients that choose none.
    pub companies: Vec<PathBuf>,
    /// What clients must present; without one, every program on this computer may connect.
    pub token: Option<SecretString>,
    /// Longest time of one session; 60 minutes when absent, as at the provider.
    pub session_limit: Option<Duration>,
    /// What finds the words; as the settings say when absent. A chat model is asked without a key.
    pub dialogue: Option<EngineSettings>,
}

/// A running service. Dropping it stops it without waiting.
#[derive(Debug)]
pub struct EngineService {
    server: EngineHandle,
    companies: Vec<Arc<str>>,
}

impl EngineService {
    /// Reads the companies, loads the models and listens.
    ///
    /// # Errors
    /// A [`Problem`]: a company file that is refused, models that are missing or damaged, an address that cannot be taken, a token that is
    /// too short.
    pub async fn start(locations: &Locations, options: EngineServiceOptions) -> Result<Self, Problem> {
        let access = match options.token {
            None => Access::Anybody,
            Some(token) if secrecy::ExposeSecret::expose_secret(&token).chars().count() < SHORTEST_TOKEN => {
                let sentence =
                    format!("The engine's token is too short; it needs {SHORTEST_TOKEN} characters or more.");
                return Err(Problem::new(ProblemKind::SettingsInvalid, sentence));
            }
            Some(token) => Access::Bearer(token),
        };
        // Refused only where it was installed before.
        let _installed_before = rustls::crypto::ring::default_provider().install_default();
        let place = locations.settings.clone();
        let dialogue = match options.dialogue {
            Some(dialogue) => dialogue,
            None => tokio::task::spawn_blocking(move || settings_file::load(&place).settings.engine)
                .await
                .map_err(|_| Problem::new(ProblemKind::Internal, "The settings could not be read."))?,
        };
        let (files, settings) = (options.companies, locations.settings.clone());
        let companies = tokio::task::spawn_blocking(move || read_companies(&files, &settings))
            .await
            .map_err(|_| Problem::new(ProblemKind::Internal, "The company files could not be read."))??;
        let names = companies
            .iter()
            .map(|company| Arc::from(company.name.as_str()))
            .collect();
        let config = EngineConfig {
            companies,
            chat: chat_dialogue::model_without_key(&dialogue)?,
            speech: load_speech(ModelStore::new(locations).files()).await?,
            listen: options.listen,
            access,
            session_limit: options.session_limit.unwrap_or(SESSION_LIMIT),
            clock: Arc::new(Timestamp::now),
        };
        let server = EngineServer::start(config).await.map_err(|error| problem_of(&error))?;
        Ok(Self {
            server,
            companies: names,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Names of the companies, the default first.
    #[must_use]
    pub fn companies(&self) -> &[Arc<str>] {
        &self.companies
    }

    /// Says goodbye to every client (close code 1001) and waits until all are gone.
    pub async fn shut_down(self) {
        self.server.shut_down().await;
    }
}

fn read_companies(files: &[PathBuf], settings: &std::path::Path) -> Result<Vec<CompanyProfile>, Problem> {
    if !files.is_empty() {
        return files.iter().map(|file| company_source::read(file)).collect();
    }
    let named = settings_file::load(settings).settings.company_file;
    let file = Some(named).filter(|file| !file.is_empty()).map(PathBuf::from);
    match CompanySource::open(file.as_deref())? {
        (_, Some(problem)) => Err(problem),
        (source, None) => Ok(vec![source.profile().as_ref().clone()]),
    }
}

fn problem_of(error: &EngineError) -> Problem {
    let kind = match error {
        EngineError::SameCompany(_) => ProblemKind::CompanyInvalid,
        EngineError::NotLoopback(_) => ProblemKind::SettingsInvalid,
        EngineError::NoCompany | EngineError::Listen { .. } => ProblemKind::Internal,
    };
    let mut sentence = error.to_string();
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Problem::new(kind, format!("{sentence}."))
}
