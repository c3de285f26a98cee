//! The keychain thread: owns the connection to the keychain. The only place that knows `keyring`. Each request may wait for a person, so
//! nothing that must answer at once may go through it.

use std::sync::Arc;
#[cfg(all(unix, not(target_os = "macos")))]
use std::sync::atomic::{AtomicBool, Ordering};

use keyring_core::{CredentialStore, Entry, Error};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{mpsc, oneshot};

use super::{KeyRefusal, KeyStatus, KeychainFault, ProviderKey, ProviderOrigin, SecretsError};

/// Name under which all keys stand in the keychain; the origin is the user name beside it.
pub const KEYCHAIN_SERVICE: &str = "Frontdesk";

/// A keychain as the `keyring` crates see it.
pub type KeychainStore = CredentialStore;

/// One wish and where its answer goes.
pub(super) enum Request {
    Status {
        origin: ProviderOrigin,
        answer: oneshot::Sender<KeyStatus>,
    },
    Set {
        origin: ProviderOrigin,
        key: ProviderKey,
        answer: oneshot::Sender<Result<(), SecretsError>>,
    },
    Read {
        origin: ProviderOrigin,
        answer: oneshot::Sender<Result<Option<SecretString>, SecretsError>>,
    },
    Delete {
        origin: ProviderOrigin,
        answer: oneshot::Sender<Result<bool, SecretsError>>,
    },
}

/// Gives a fresh connection to the keychain.
type Open = Box<dyn FnMut() -> keyring_core::Result<Arc<KeychainStore>> + Send>;

/// State of the keychain thread.
pub(super) struct Keychain {
    open: Open,
    store: Option<Arc<KeychainStore>>,
}

impl Keychain {
    pub(super) fn new(open: impl FnMut() -> keyring_core::Result<Arc<KeychainStore>> + Send + 'static) -> Self {
        Self {
            open: Box::new(open),
            store: None,
        }
    }

    /// Serves requests until the last handle is gone.
    pub(super) fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        while let Some(request) = requests.blocking_recv() {
            // An answer nobody waits for any more is dropped.
            match request {
                Request::Status { origin, answer } => drop(answer.send(self.status(&origin))),
                Request::Set { origin, key, answer } => drop(answer.send(self.set(&origin, key))),
                Request::Read { origin, answer } => drop(answer.send(self.read(&origin))),
                Request::Delete { origin, answer } => drop(answer.send(self.delete(&origin))),
            }
        }
    }

    fn status(&mut self, origin: &ProviderOrigin) -> KeyStatus {
        match self.with_entry(origin, |entry| entry.get_credential().map(drop)) {
            Ok(()) => KeyStatus::Set,
            Err(Error::NoEntry) => KeyStatus::NotSet,
            Err(error) => {
                // The person is told by the status itself, in the place where it matters.
                tracing::debug!(fault = ?fault_of(&error), "the keychain cannot be asked");
                KeyStatus::Unavailable
            }
        }
    }

    fn set(&mut self, origin: &ProviderOrigin, key: ProviderKey) -> Result<(), SecretsError> {
        let secret = key.into_secret();
        self.with_entry(origin, |entry| entry.set_password(secret.expose_secret()))
            .map_err(|error| refused(&error))
    }

    fn read(&mut self, origin: &ProviderOrigin) -> Result<Option<SecretString>, SecretsError> {
        match self.with_entry(origin, Entry::get_password) {
            // Checked again: other programs may write to the keychain.
            Ok(stored) => Ok(Some(ProviderKey::from_stored(stored)?.into_secret())),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(refused(&error)),
        }
    }

    fn delete(&mut self, origin: &ProviderOrigin) -> Result<bool, SecretsError> {
        match self.with_entry(origin, Entry::delete_credential) {
            Ok(()) => Ok(true),
            Err(Error::NoEntry) => Ok(false),
            Err(error) => Err(refused(&error)),
        }
    }

    /// Does `work` on the entry of `origin`. A connection that has died since it was last used is replaced once.
    fn with_entry<T>(
        &mut self,
        origin: &ProviderOrigin,
        work: impl Fn(&Entry) -> keyring_core::Result<T>,
    ) -> keyring_core::Result<T> {
        let was_open = self.store.is_some();
        match self.try_with_entry(origin, &work) {
            Err(Error::PlatformFailure(_)) if was_open => self.try_with_entry(origin, &work),
            result => result,
        }
    }

    fn try_with_entry<T>(
        &mut self,
        origin: &ProviderOrigin,
        work: impl Fn(&Entry) -> keyring_core::Result<T>,
    ) -> keyring_core::Result<T> {
        let store = match &self.store {
            Some(store) => Arc::clone(store),
            None => (self.open)()?,
        };
        let result = store
            .build(KEYCHAIN_SERVICE, &origin.to_string(), None)
            .and_then(|entry| work(&entry));
        // After a failure of the platform the connection is not trusted any more; the next request opens a new one.
        self.store = if matches!(result, Err(Error::PlatformFailure(_))) {
            None
        } else {
            Some(store)
        };
        result
    }
}

/// What a keychain's refusal is for people.
fn refused(error: &Error) -> SecretsError {
    // The error's own text may quote what was stored, so only its kind is logged.
    let fault = fault_of(error);
    tracing::warn!(?fault, "keychain failure");
    match error {
        Error::TooLong(..) => SecretsError::KeyRefused(KeyRefusal::TooLong {
            length: super::PROVIDER_KEY_LIMIT,
        }),
        _ => SecretsError::Unavailable(fault),
    }
}

fn fault_of(error: &Error) -> KeychainFault {
    match error {
        Error::PlatformFailure(_) | Error::NoDefaultStore => KeychainFault::Missing,
        Error::NoStorageAccess(_) => KeychainFault::Locked,
        _ => KeychainFault::Failed,
    }
}

/// The keychain of the operating system.
///
/// `keyring` opens it once per process and keeps the outcome for ever; so after the first time, where opening is a connection that can
/// come back, it is opened without it.
#[cfg(all(unix, not(target_os = "macos")))]
pub(super) fn open_system_store() -> keyring_core::Result<Arc<KeychainStore>> {
    static OPENED_BEFORE: AtomicBool = AtomicBool::new(false);
    if !OPENED_BEFORE.swap(true, Ordering::SeqCst) && keyring::Entry::store_status().is_ok() {
        return keyring_core::get_default_store().ok_or(Error::NoDefaultStore);
    }
    let store = zbus_secret_service_keyring_store::Store::new()?;
    keyring_core::set_default_store(store.clone());
    Ok(store)
}

/// The keychain of the operating system. It needs no connection here, so what `keyring` opened serves for ever.
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub(super) fn open_system_store() -> keyring_core::Result<Arc<KeychainStore>> {
    match keyring::Entry::store_status() {
        Ok(()) => keyring_core::get_default_store().ok_or(Error::NoDefaultStore),
        Err(_) => Err(Error::NoDefaultStore),
    }
}
