//! Provider keys: one per provider origin, in the operating system's keychain, or in memory for this run where the person asks for it.
//!
//! All keychain work runs on one thread of its own (`frontdesk-keychain`), because a keychain may show a dialog and wait for a person.
//! Requests wait in a queue of [`KEYCHAIN_QUEUE_CAPACITY`]; a full queue refuses at once. Keys in memory are not on that thread: they are kept
//! and given at once, whatever the keychain waits for. Keys are never logged, never part of an error, and are given only for the origin that
//! they were stored for.

mod key;
mod keychain;
mod origin;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use frontdesk_call::{Problem, ProblemAction, ProblemKind};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};

pub use key::{KeyRefusal, PROVIDER_KEY_LIMIT, ProviderKey};
pub use keychain::{KEYCHAIN_SERVICE, KeychainStore};
use keychain::{Keychain, Request};
pub use origin::{OriginError, ProviderOrigin};

/// Requests that may wait for the keychain. When it is full, a further one is refused at once with [`SecretsError::Unavailable`].
pub const KEYCHAIN_QUEUE_CAPACITY: usize = 16;
/// How long an answer may take: a person may have to find and type the keychain's password.
const ANSWER_LIMIT: Duration = Duration::from_secs(120);

/// Whether there is a key for a provider. All that others ever learn about a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum KeyStatus {
    /// In the keychain.
    Set,
    /// In memory, until the program ends.
    SetForThisRun,
    /// There is none.
    NotSet,
    /// The keychain cannot be asked, and there is none in memory.
    #[serde(rename = "keychainUnavailable")]
    Unavailable,
}

/// Why the keychain cannot be used now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeychainFault {
    /// The system offers no keychain to this program, for example without a desktop session.
    Missing,
    /// It is locked, and was not unlocked.
    Locked,
    /// It did not answer in time, or too many requests wait for it.
    NotAnswering,
    /// It failed otherwise; the log has its words.
    Failed,
}

/// A failure of the secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretsError {
    /// The keychain cannot be used.
    #[error("{}", unavailable_sentence(*.0))]
    Unavailable(KeychainFault),
    /// The pasted text cannot be a key.
    #[error(transparent)]
    KeyRefused(#[from] KeyRefusal),
    /// A key may not be sent to this origin, so none is kept for it.
    #[error(
        "{0} is not encrypted, so no key is kept for it or sent to it. Use an address that begins with https or wss."
    )]
    Unencrypted(ProviderOrigin),
}

fn unavailable_sentence(fault: KeychainFault) -> &'static str {
    match fault {
        KeychainFault::Missing => "This computer's keychain cannot be reached, so the key cannot be stored in it.",
        KeychainFault::Locked => "This computer's keychain is locked. Unlock it and try again.",
        KeychainFault::NotAnswering => "This computer's keychain does not answer.",
        KeychainFault::Failed => "This computer's keychain reported a fault.",
    }
}

impl SecretsError {
    /// The failure as people meet it.
    #[must_use]
    pub fn problem(&self) -> Problem {
        match self {
            Self::Unavailable(fault) => {
                let sentence = format!("{self} You can keep the key in memory until Frontdesk is closed.");
                let action = match fault {
                    KeychainFault::Locked => ProblemAction::TryAgain,
                    KeychainFault::Missing | KeychainFault::NotAnswering | KeychainFault::Failed => {
                        ProblemAction::KeepKeyInMemory
                    }
                };
                Problem::new(ProblemKind::KeychainUnavailable, sentence).with_action(action)
            }
            Self::KeyRefused(_) | Self::Unencrypted(_) => {
                Problem::new(ProblemKind::SettingsInvalid, self.to_string()).with_action(ProblemAction::OpenSettings)
            }
        }
    }
}

impl From<SecretsError> for Problem {
    fn from(error: SecretsError) -> Self {
        error.problem()
    }
}

/// The provider keys of this computer's user. Clones share the thread and the keys in memory; both end with the last of them.
#[derive(Clone, Debug)]
pub struct Secrets {
    requests: mpsc::Sender<Request>,
    kept: Arc<Mutex<KeptKeys>>,
}

/// Keys in memory. Each in an `Arc`, so that one is told from another that was kept in its place without looking at it.
type KeptKeys = HashMap<ProviderOrigin, Arc<SecretString>>;

impl Secrets {
    /// Keys in the operating system's keychain. It is opened at the first request, and again after it could not be reached: to try again
    /// is to ask again.
    ///
    /// # Errors
    /// [`SecretsError::Unavailable`] when the system gives no thread.
    pub fn in_system_keychain() -> Result<Self, SecretsError> {
        Self::start(Keychain::new(keychain::open_system_store))
    }

    /// Keys in a store that `open` gives; called at the first request and after each failure to reach it.
    ///
    /// # Errors
    /// [`SecretsError::Unavailable`] when the system gives no thread.
    pub fn in_store(
        open: impl FnMut() -> keyring_core::Result<Arc<KeychainStore>> + Send + 'static,
    ) -> Result<Self, SecretsError> {
        Self::start(Keychain::new(open))
    }

    fn start(keychain: Keychain) -> Result<Self, SecretsError> {
        let (requests, receiver) = mpsc::channel(KEYCHAIN_QUEUE_CAPACITY);
        std::thread::Builder::new()
            .name("frontdesk-keychain".to_owned())
            .spawn(move || keychain.run(receiver))
            .map_err(|error| {
                tracing::error!(%error, "no thread for the keychain");
                SecretsError::Unavailable(KeychainFault::Failed)
            })?;
        Ok(Self {
            requests,
            kept: Arc::default(),
        })
    }

    /// Whether there is a key for `origin`. Never fails and never gives the key.
    pub async fn status(&self, origin: &ProviderOrigin) -> KeyStatus {
        if self.is_kept(origin) {
            return KeyStatus::SetForThisRun;
        }
        let asked = origin.clone();
        let status = self
            .ask(|answer| Request::Status { origin: asked, answer })
            .await
            .unwrap_or(KeyStatus::Unavailable);
        // The person may have kept a key while the keychain waited for them.
        if self.is_kept(origin) {
            KeyStatus::SetForThisRun
        } else {
            status
        }
    }

    /// Stores `key` in the keychain as the one key for `origin`, replacing another.
    ///
    /// # Errors
    /// [`SecretsError::Unencrypted`], or [`SecretsError::Unavailable`] with nothing stored.
    pub async fn set(&self, origin: &ProviderOrigin, key: ProviderKey) -> Result<(), SecretsError> {
        let origin = encrypted(origin)?;
        let before = self.kept().get(&origin).cloned();
        let asked = origin.clone();
        self.ask(|answer| Request::Set {
            origin: asked,
            key,
            answer,
        })
        .await??;
        // From now on the keychain's key is the one key, but for one that was kept since: that is the newer wish.
        let mut kept = self.kept();
        if let Some(before) = before
            && kept.get(&origin).is_some_and(|now| Arc::ptr_eq(now, &before))
        {
            kept.remove(&origin);
        }
        Ok(())
    }

    /// Keeps `key` for `origin` in memory until the program ends; the keychain is not asked, nor waited for.
    ///
    /// # Errors
    /// [`SecretsError::Unencrypted`].
    pub fn keep_for_this_run(&self, origin: &ProviderOrigin, key: ProviderKey) -> Result<(), SecretsError> {
        let origin = encrypted(origin)?;
        self.kept().insert(origin, Arc::new(key.into_secret()));
        Ok(())
    }

    /// True when a key for `origin` is in memory. Never waits.
    #[must_use]
    pub fn is_kept(&self, origin: &ProviderOrigin) -> bool {
        self.kept().contains_key(origin)
    }

    /// The key for exactly this origin; one in memory goes before one in the keychain. `None` when there is none.
    ///
    /// # Errors
    /// [`SecretsError::Unencrypted`] or [`SecretsError::Unavailable`].
    pub async fn read(&self, origin: &ProviderOrigin) -> Result<Option<SecretString>, SecretsError> {
        let origin = encrypted(origin)?;
        if let Some(kept) = self.kept().get(&origin) {
            return Ok(Some(kept.as_ref().clone()));
        }
        self.ask(|answer| Request::Read { origin, answer }).await?
    }

    /// Deletes the key for `origin`, in memory and in the keychain. Tells whether there was one.
    ///
    /// # Errors
    /// [`SecretsError::Unavailable`]: a key in memory is gone, one in the keychain may still be there.
    pub async fn delete(&self, origin: &ProviderOrigin) -> Result<bool, SecretsError> {
        let was_kept = self.kept().remove(origin).is_some();
        let origin = origin.clone();
        let was_stored = self.ask(|answer| Request::Delete { origin, answer }).await??;
        Ok(was_kept || was_stored)
    }

    fn kept(&self) -> MutexGuard<'_, KeptKeys> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn ask<T>(&self, request: impl FnOnce(oneshot::Sender<T>) -> Request) -> Result<T, SecretsError> {
        let (answer, answered) = oneshot::channel();
        self.requests.try_send(request(answer)).map_err(|error| {
            SecretsError::Unavailable(match error {
                mpsc::error::TrySendError::Full(_) => KeychainFault::NotAnswering,
                mpsc::error::TrySendError::Closed(_) => KeychainFault::Failed,
            })
        })?;
        match tokio::time::timeout(ANSWER_LIMIT, answered).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(SecretsError::Unavailable(KeychainFault::Failed)),
            Err(_) => Err(SecretsError::Unavailable(KeychainFault::NotAnswering)),
        }
    }
}

/// The origin, if a key may travel to it.
fn encrypted(origin: &ProviderOrigin) -> Result<ProviderOrigin, SecretsError> {
    if origin.may_carry_key() {
        Ok(origin.clone())
    } else {
        Err(SecretsError::Unencrypted(origin.clone()))
    }
}
