//! The application: one handle that both binaries hold. Cheap to clone; every method may be called from any task.
//!
//! - `keys`: the provider key, which goes in and never comes out.
//! - `calls`: making calls from devices or files, and the call in progress; `line`: that there is one at a time.
//! - `archive`: the calls that were kept.
//! - `configuration`: settings and company.
//! - `desk`: appointments and contacts.
//! - `downloads`: the local engine's files.
//! - `sound`: devices, levels, test tone.
//! - `tools`: what the receptionist can do in a call, and who does it.

mod archive;
mod calls;
mod configuration;
mod desk;
mod downloads;
mod keys;
mod line;
mod sound;
mod spoken_files;
#[cfg(test)]
mod tests;
mod tools;
mod voices;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use frontdesk_call::CallEvent;
use frontdesk_call::journal::Journal;
use frontdesk_call::problem::{Problem, ProblemKind};
use frontdesk_call::voice_model::BoxFuture;
use frontdesk_store::database::Database;
use frontdesk_store::history::History;
use frontdesk_store::secrets::Secrets;
use jiff::Timestamp;
use secrecy::SecretString;
use tokio::sync::{broadcast, watch};

pub use calls::{FileCall, RunningFileCall};
use downloads::Download;
use keys::{BoundKey, KnownKeys};
use line::Line;
use sound::Sound;
pub use sound::{DeviceWatch, LevelReader};
pub use spoken_files::SpokenFiles;

use crate::backends::BackendChoice;
use crate::chat_dialogue::CallWatch;
use crate::company_source::CompanySource;
use crate::local_engine::LocalEngine;
use crate::locations::Locations;
use crate::models::ModelStore;
use crate::settings::Settings;
use crate::settings_file::{self, LoadedSettings};
use crate::view::{AppMessage, CompanyView, KeyView, Overview};
use crate::wire_log::WireLog;

/// Messages to windows that may wait. A window that falls behind loses the oldest and asks for a new overview.
const MESSAGE_CAPACITY: usize = 64;

/// What a start can be told.
#[derive(Clone, Debug)]
pub struct StartOptions {
    /// Where files live.
    pub locations: Locations,
    /// Company file that goes over the settings.
    pub company_file: Option<PathBuf>,
    /// Provider key that goes over the keychain.
    pub provider_key: Option<GivenKey>,
}

/// A provider key that is given for one run; from a file or the environment, never from an argument.
#[derive(Clone, Debug)]
pub struct GivenKey {
    /// The key.
    pub key: SecretString,
    /// The backend that was named along with it, or that of the settings as they stand at the start. The key is for the origin of its
    /// server and is sent to no other.
    pub backend: BackendChoice,
}

/// The running application.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    locations: Locations,
    settings: RwLock<Settings>,
    /// Problems that stay until something is done: settings, company file, database.
    standing: Mutex<Vec<Problem>>,
    company: CompanySource,
    models: ModelStore,
    engine: LocalEngine,
    /// Told by a chat model behind the engine when it fails.
    chat_watch: CallWatch,
    /// The database, or why there is none; calls then go on unsaved.
    database: Result<Database, Problem>,
    secrets: Secrets,
    given_key: Option<BoundKey>,
    known_keys: KnownKeys,
    wire: Arc<WireLog>,
    messages: broadcast::Sender<AppMessage>,
    line: Arc<Line>,
    download: Mutex<Download>,
    sound: Sound,
    /// Counts the beginnings and ends of calls and previews, for those who show levels.
    sounding: watch::Sender<u64>,
}

impl App {
    /// Reads settings and company, opens the database. What fails becomes a standing problem and not an end: a window must open to show
    /// it. Must be called on a tokio runtime.
    ///
    /// # Errors
    /// Only when nothing would work: no thread for the keychain, or a broken program file.
    pub async fn start(options: StartOptions) -> Result<Self, Problem> {
        // Refused only where it was installed before, by an earlier start in the same process.
        let _installed_before = rustls::crypto::ring::default_provider().install_default();
        tokio::task::spawn_blocking(move || Self::open(options, Secrets::in_system_keychain()?))
            .await
            .map_err(|_| Problem::new(ProblemKind::Internal, "Frontdesk could not start."))?
    }

    /// The blocking part of [`App::start`].
    fn open(options: StartOptions, secrets: Secrets) -> Result<Self, Problem> {
        let StartOptions {
            locations,
            company_file,
            provider_key,
        } = options;
        let LoadedSettings {
            settings,
            problems: mut standing,
        } = settings_file::load(&locations.settings);
        let from_settings = Some(&settings.company_file)
            .filter(|file| !file.is_empty())
            .map(PathBuf::from);
        let (company, company_problem) = CompanySource::open(company_file.or(from_settings).as_deref())?;
        standing.extend(company_problem);
        let database = Database::open(&locations.data).map_err(Problem::from);
        standing.extend(database.as_ref().err().cloned());
        let given_key = match provider_key.map(|given| BoundKey::of(given, &settings.backend)) {
            None => None,
            Some(Ok(key)) => key,
            Some(Err(withheld)) => {
                standing.push(withheld);
                None
            }
        };
        let models = ModelStore::new(&locations);
        let inner = Inner {
            engine: LocalEngine::new(models.files()),
            chat_watch: CallWatch::default(),
            standing: Mutex::new(standing),
            company,
            models,
            database,
            given_key,
            known_keys: KnownKeys::default(),
            secrets,
            settings: RwLock::new(settings),
            wire: Arc::default(),
            messages: broadcast::Sender::new(MESSAGE_CAPACITY),
            line: Arc::default(),
            download: Mutex::default(),
            sound: Sound::default(),
            sounding: watch::Sender::new(0),
            locations,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// All that a window needs to draw itself. Waits a second at most for the keychain; an answer that comes later is told to the windows.
    pub async fn overview(&self) -> Overview {
        self.overview_with(self.key_view().await)
    }

    fn overview_with(&self, key: KeyView) -> Overview {
        let settings = self.settings();
        let profile = self.inner.company.profile();
        Overview {
            version: env!("CARGO_PKG_VERSION").into(),
            company: CompanyView {
                name: profile.name.clone(),
                file: self.inner.company.file().map(|file| file.display().to_string()),
                hours_line: profile.describe_status(Timestamp::now()),
            },
            key,
            models: self.models_view(),
            microphone_permission: crate::permission::microphone(),
            call_id: self.current_call_id(),
            first_run: !settings.introduction_seen,
            problems: self.standing_problems(),
            settings,
        }
    }

    /// Problems that stay until something is done about them: settings, company file, database.
    #[must_use]
    pub fn standing_problems(&self) -> Vec<Problem> {
        let standing = self.inner.standing.lock().unwrap_or_else(PoisonError::into_inner);
        standing.clone()
    }

    /// What happens outside of a call, from now on.
    #[must_use]
    pub fn messages(&self) -> broadcast::Receiver<AppMessage> {
        self.inner.messages.subscribe()
    }

    /// The calls that were kept.
    ///
    /// # Errors
    /// The problem that kept the database from being opened.
    pub fn history(&self) -> Result<History, Problem> {
        self.inner
            .database
            .as_ref()
            .map(Database::history)
            .map_err(Clone::clone)
    }

    /// The event log of this run.
    #[must_use]
    pub fn wire_log(&self) -> &WireLog {
        &self.inner.wire
    }

    /// The database's file.
    ///
    /// # Errors
    /// The problem that kept the database from being opened.
    pub fn database_file(&self) -> Result<&Path, Problem> {
        self.inner.database.as_ref().map(Database::file).map_err(Clone::clone)
    }

    /// Where files live.
    #[must_use]
    pub fn locations(&self) -> &Locations {
        &self.inner.locations
    }

    /// Tells every window the new overview, with the key as the keychain says now.
    async fn announce_overview(&self) {
        let overview = Box::new(self.overview().await);
        self.announce(AppMessage::OverviewChanged { overview });
    }

    /// Tells every window the new overview, with the key as it is known: nothing is waited for, and no dialog of a keychain comes up.
    fn announce_known_overview(&self) {
        if self.inner.messages.receiver_count() > 0 {
            let overview = Box::new(self.overview_with(self.known_key()));
            self.announce(AppMessage::OverviewChanged { overview });
        }
    }

    fn announce(&self, message: AppMessage) {
        // Nobody listening is the normal case for the headless binary.
        let _nobody_listens = self.inner.messages.send(message);
    }

    /// Where the events of a call are kept.
    fn journal(&self) -> Arc<dyn Journal> {
        match &self.inner.database {
            Ok(database) => Arc::new(database.clone()),
            Err(problem) => Arc::new(NoJournal(problem.clone())),
        }
    }
}

/// Stands for a database that could not be opened: every event is told that it is not saved, so the call goes on and says so.
struct NoJournal(Problem);

impl Journal for NoJournal {
    fn append(&self, _events: Vec<CallEvent>) -> BoxFuture<'_, Result<(), Problem>> {
        let problem = self.0.clone();
        Box::pin(async move { Err(problem) })
    }
}
