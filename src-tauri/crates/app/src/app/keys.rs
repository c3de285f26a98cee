//! The provider key. It goes in once and never comes out: a window only learns whether there is one.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use frontdesk_call::problem::{Problem, ProblemAction, ProblemKind};
use frontdesk_realtime::{Endpoint, Provider, RealtimeModel, probe};
use frontdesk_store::secrets::{KeyStatus, OriginError, ProviderKey, ProviderOrigin, SecretsError};
use secrecy::SecretString;
use tokio::sync::watch;
use tokio::time::timeout;

use super::{App, GivenKey};
use crate::backends;
use crate::settings::{BackendKind, BackendSettings};
use crate::view::KeyView;

/// Longest wait of an overview for the keychain, which may be showing a dialog that nobody looks at.
const OVERVIEW_LIMIT: Duration = Duration::from_secs(1);

/// A key that was given with the start, bound to the one origin that it is for.
pub(super) struct BoundKey {
    key: SecretString,
    origin: ProviderOrigin,
}

impl BoundKey {
    /// Nothing where the backend names no server: the key is for nobody then.
    ///
    /// # Errors
    /// A [`Problem`] where the server is one that no key is sent to. Whoever gave the key would not hear of it otherwise.
    pub(super) fn of(given: GivenKey, settings: &BackendSettings) -> Result<Option<Self>, Problem> {
        // What is wrong with the address itself is told when it is connected to.
        let Ok(Some(endpoint)) = backends::server_of(&given.backend, settings) else {
            return Ok(None);
        };
        if !endpoint.may_carry_a_key() {
            let sentence = format!(
                "The key is not sent to {}, because the connection is not encrypted. Use an address that begins with wss://.",
                endpoint.backend()
            );
            return Err(Problem::new(ProblemKind::SettingsInvalid, sentence).with_action(ProblemAction::OpenSettings));
        }
        let key = given.key;
        Ok(origin_of(&endpoint).ok().map(|origin| Self { key, origin }))
    }
}

/// What is known of keys without asking: for each origin the keychain's last answer, and the question that is open. One question at a time
/// for each, because each may show a dialog.
#[derive(Default)]
pub(super) struct KnownKeys(Mutex<HashMap<ProviderOrigin, Known>>);

#[derive(Default)]
struct Known {
    answer: Option<KeyStatus>,
    question: Option<watch::Receiver<Option<KeyStatus>>>,
    /// A window was told something else before the answer was there.
    told_before: bool,
}

impl KnownKeys {
    /// Takes note of what was just done; a question that is open is out of date with it.
    fn remember(&self, origin: &ProviderOrigin, status: KeyStatus) {
        let known = Known {
            answer: Some(status),
            ..Known::default()
        };
        self.all().insert(origin.clone(), known);
    }

    fn all(&self) -> MutexGuard<'_, HashMap<ProviderOrigin, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// Whether there is a key for the server of the settings. Waits for the keychain, and so perhaps for a person.
    pub async fn key_status(&self) -> KeyStatus {
        match self.key_origin() {
            Ok(origin) => self.status_of(&origin).await,
            Err(_) => KeyStatus::NotSet,
        }
    }

    async fn status_of(&self, origin: &ProviderOrigin) -> KeyStatus {
        if self.given_key(origin).is_some() {
            return KeyStatus::SetForThisRun;
        }
        let mut question = self.ask(origin);
        let answer = question.wait_for(Option::is_some).await;
        answer.ok().and_then(|answer| *answer).unwrap_or(KeyStatus::Unavailable)
    }

    /// As [`App::key_status`], for a window: when the keychain takes longer than a second, what was known before, and the answer follows.
    pub(super) async fn key_view(&self) -> KeyView {
        match timeout(OVERVIEW_LIMIT, self.key_status()).await {
            Ok(status) => status.into(),
            Err(_) => self.known_key(),
        }
    }

    /// What is known of the key at this moment. Where an answer is still to come, the windows are told when it is there.
    pub(super) fn known_key(&self) -> KeyView {
        let Ok(origin) = self.key_origin() else {
            return KeyView::NotSet;
        };
        if self.given_key(&origin).is_some() {
            return KeyView::SetForThisRun;
        }
        let is_open = |known: &Known| known.answer.is_some() || known.question.is_some();
        if !self.inner.known_keys.all().get(&origin).is_some_and(is_open) {
            self.ask(&origin);
        }
        let mut known = self.inner.known_keys.all();
        let known = known.entry(origin).or_default();
        known.told_before = known.question.is_some();
        known.answer.map_or(KeyView::Asking, KeyView::from)
    }

    /// The question whether the keychain has a key, newly asked where none is open.
    fn ask(&self, origin: &ProviderOrigin) -> watch::Receiver<Option<KeyStatus>> {
        let mut known = self.inner.known_keys.all();
        let known = known.entry(origin.clone()).or_default();
        if let Some(question) = &known.question {
            return question.clone();
        }
        let (tell, question) = watch::channel(None);
        known.question = Some(question.clone());
        let (app, origin, asked) = (self.clone(), origin.clone(), question.clone());
        tokio::spawn(async move {
            let status = app.inner.secrets.status(&origin).await;
            let mut told_before = false;
            if let Some(known) = app.inner.known_keys.all().get_mut(&origin)
                && known.question.as_ref().is_some_and(|open| open.same_channel(&asked))
            {
                (known.answer, known.question) = (Some(status), None);
                told_before = std::mem::take(&mut known.told_before);
            }
            tell.send_replace(Some(status));
            if told_before {
                app.announce_known_overview();
            }
        });
        question
    }

    fn given_key(&self, origin: &ProviderOrigin) -> Option<&SecretString> {
        let given = self.inner.given_key.as_ref();
        given.filter(|given| given.origin == *origin).map(|given| &given.key)
    }

    /// Keeps a key for the server of the settings: in the keychain, or in memory until the program ends.
    ///
    /// # Errors
    /// A [`Problem`] when the text cannot be a key or the keychain cannot be reached.
    pub async fn set_key(&self, pasted: &str, keep_in_memory: bool) -> Result<(), Problem> {
        let origin = self.key_origin()?;
        let key = ProviderKey::parse(pasted).map_err(SecretsError::from)?;
        let (done, status) = if keep_in_memory {
            let kept = self.inner.secrets.keep_for_this_run(&origin, key);
            (kept, KeyStatus::SetForThisRun)
        } else {
            (self.inner.secrets.set(&origin, key).await, KeyStatus::Set)
        };
        self.key_changed(&origin, done.as_ref().map(|()| status));
        Ok(done?)
    }

    /// Forgets the key of the server of the settings.
    ///
    /// # Errors
    /// A [`Problem`] when the keychain cannot be reached.
    pub async fn delete_key(&self) -> Result<(), Problem> {
        let origin = self.key_origin()?;
        let deleted = self.inner.secrets.delete(&origin).await;
        self.key_changed(&origin, deleted.as_ref().map(|_| KeyStatus::NotSet));
        Ok(deleted.map(drop)?)
    }

    /// Tells the windows what became of a key; a keychain that could not be used is news too.
    fn key_changed(&self, origin: &ProviderOrigin, outcome: Result<KeyStatus, &SecretsError>) {
        let status = match outcome {
            Ok(status) => status,
            // A key in memory is not touched by a keychain that fails.
            Err(SecretsError::Unavailable(_)) if !self.inner.secrets.is_kept(origin) => KeyStatus::Unavailable,
            Err(_) => return,
        };
        self.inner.known_keys.remember(origin, status);
        self.announce_known_overview();
    }

    /// Connects once to learn whether key, address and model work. Costs nothing at the provider.
    ///
    /// # Errors
    /// A [`Problem`] that says why a call would not start.
    pub async fn test_key(&self) -> Result<(), Problem> {
        let settings = self.settings();
        self.test_server(backends::endpoint(settings.backend.kind, &settings.backend)?)
            .await
    }

    /// As [`App::test_key`], for any server.
    pub(crate) async fn test_server(&self, endpoint: Endpoint) -> Result<(), Problem> {
        probe(&self.server_model(endpoint).await?).await
    }

    /// A voice model at `endpoint` with the key of its origin and nobody else's.
    pub(super) async fn server_model(&self, endpoint: Endpoint) -> Result<RealtimeModel, Problem> {
        let key = self.key_for(&endpoint).await?;
        Ok(RealtimeModel::new(endpoint, key)?.with_tap(self.inner.wire.clone()))
    }

    /// The key for an endpoint. A compatible server may need none, so for it a keychain that cannot be used is the same as no key; a server
    /// that wants one says so itself.
    pub(super) async fn key_for(&self, endpoint: &Endpoint) -> Result<Option<SecretString>, Problem> {
        if !endpoint.may_carry_a_key() {
            return Ok(None);
        }
        self.key_at(&origin_of(endpoint)?, endpoint.provider() == Provider::Compatible)
            .await
    }

    /// The key of an origin that one may be sent to. Where it is `optional`, a keychain that cannot be used is the same as no key.
    pub(super) async fn key_at(
        &self,
        origin: &ProviderOrigin,
        optional: bool,
    ) -> Result<Option<SecretString>, Problem> {
        if let Some(key) = self.given_key(origin) {
            return Ok(Some(key.clone()));
        }
        match self.inner.secrets.read(origin).await {
            Err(SecretsError::Unavailable(fault)) if optional => {
                tracing::info!(?fault, "connecting_without_key");
                Ok(None)
            }
            read => Ok(read?),
        }
    }

    /// Whether OpenAI's own key is set, which decides who answers where the settings leave it open.
    pub(super) async fn openai_key_is_set(&self) -> bool {
        let settings = self.settings();
        let Ok(endpoint) = backends::endpoint(BackendKind::OpenAi, &settings.backend) else {
            return false;
        };
        let Ok(origin) = origin_of(&endpoint) else { return false };
        matches!(self.status_of(&origin).await, KeyStatus::Set | KeyStatus::SetForThisRun)
    }

    fn key_origin(&self) -> Result<ProviderOrigin, Problem> {
        let settings = self.settings();
        origin_of(&backends::endpoint(settings.backend.kind, &settings.backend)?)
    }
}

fn origin_of(endpoint: &Endpoint) -> Result<ProviderOrigin, Problem> {
    ProviderOrigin::parse(&endpoint.origin()).map_err(unusable_origin)
}

/// What is said of an address that no key can be kept for.
pub(super) fn unusable_origin(error: OriginError) -> Problem {
    Problem::new(ProblemKind::SettingsInvalid, error.to_string()).with_action(ProblemAction::OpenSettings)
}
