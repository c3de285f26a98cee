//! The provider key. It goes in once and never comes out: a window only learns whether there is one.

use frontdesk_call::problem::{Problem, ProblemAction, ProblemKind};
use frontdesk_realtime::{Endpoint, RealtimeModel, probe};
use frontdesk_store::secrets::{KeyStatus, ProviderKey, ProviderOrigin};
use secrecy::SecretString;

use super::App;
use crate::backends;
use crate::settings::BackendKind;

impl App {
    /// Whether there is a key for the server of the settings.
    pub async fn key_status(&self) -> KeyStatus {
        match self.key_origin() {
            Ok(origin) => self.status_of(&origin).await,
            Err(_) => KeyStatus::NotSet,
        }
    }

    async fn status_of(&self, origin: &ProviderOrigin) -> KeyStatus {
        if self.inner.provider_key.is_some() {
            return KeyStatus::SetForThisRun;
        }
        self.inner.secrets.status(origin).await
    }

    /// Keeps a key for the server of the settings: in the keychain, or in memory until the program ends.
    ///
    /// # Errors
    /// A [`Problem`] when the text cannot be a key or the keychain cannot be reached.
    pub async fn set_key(&self, pasted: &str, keep_in_memory: bool) -> Result<(), Problem> {
        let origin = self.key_origin()?;
        let key = ProviderKey::parse(pasted).map_err(frontdesk_store::secrets::SecretsError::from)?;
        if keep_in_memory {
            self.inner.secrets.keep_for_this_run(&origin, key).await?;
        } else {
            self.inner.secrets.set(&origin, key).await?;
        }
        self.announce_overview().await;
        Ok(())
    }

    /// Forgets the key of the server of the settings.
    ///
    /// # Errors
    /// A [`Problem`] when the keychain cannot be reached.
    pub async fn delete_key(&self) -> Result<(), Problem> {
        self.inner.secrets.delete(&self.key_origin()?).await?;
        self.announce_overview().await;
        Ok(())
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

    async fn key_for(&self, endpoint: &Endpoint) -> Result<Option<SecretString>, Problem> {
        if !endpoint.may_carry_a_key() {
            return Ok(None);
        }
        if let Some(key) = &self.inner.provider_key {
            return Ok(Some(key.clone()));
        }
        let origin = origin_of(endpoint)?;
        Ok(self.inner.secrets.read(&origin).await?)
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
    ProviderOrigin::parse(&endpoint.origin()).map_err(|error| {
        Problem::new(ProblemKind::SettingsInvalid, error.to_string()).with_action(ProblemAction::OpenSettings)
    })
}
