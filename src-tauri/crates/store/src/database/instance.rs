//! Which process a call belongs to: a lock file per running process, held by the operating system and freed by any kind of death.
//!
//! Blocking and quick; used while the opening lock of the data directory is held, so no two processes take or try these locks at once.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::error::StoreError;

/// The lock that this process holds while it may have open calls. Dropping it frees the lock and removes the file.
#[derive(Debug)]
pub(super) struct InstanceLock {
    name: String,
    path: PathBuf,
    _held: File,
}

impl InstanceLock {
    /// Takes a new lock in `directory`, which exists.
    pub(super) fn acquire(directory: &Path) -> Result<Self, StoreError> {
        let name = Uuid::new_v4().simple().to_string();
        let path = lock_path(directory, &name);
        let failed = |error: std::io::Error| StoreError::file("create", &path, &error);
        let held = OpenOptions::new()
            .create_new(true)
            .write(true)
            .open(&path)
            .map_err(failed)?;
        held.lock().map_err(failed)?;
        Ok(Self {
            name,
            path,
            _held: held,
        })
    }

    /// The name that this process's calls carry.
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for InstanceLock {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::debug!(%error, "the lock file of this process stays behind");
        }
    }
}

/// Proof that an instance is dead.
#[derive(Debug)]
pub(super) struct DeadInstance {
    path: PathBuf,
    held: Option<File>,
}

impl DeadInstance {
    /// The proof, or `None` while the instance lives.
    ///
    /// Where the lock cannot be tried at all the instance counts as living: a call that stays open is better than one cut off.
    pub(super) fn prove(directory: &Path, instance: &str) -> Option<Self> {
        let path = lock_path(directory, instance);
        let file = match OpenOptions::new().write(true).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Some(Self { path, held: None }),
            Err(error) => {
                tracing::warn!(%error, "a lock file cannot be opened; its calls stay open");
                return None;
            }
        };
        match file.try_lock() {
            Ok(()) => Some(Self { path, held: Some(file) }),
            Err(TryLockError::WouldBlock) => None,
            Err(TryLockError::Error(error)) => {
                tracing::warn!(%error, "a lock file cannot be tried; its calls stay open");
                None
            }
        }
    }

    /// Removes what the dead instance left; to be called when none of its calls is open any more.
    pub(super) fn bury(self) {
        if self.held.is_some()
            && let Err(error) = std::fs::remove_file(&self.path)
        {
            tracing::debug!(%error, "the lock file of a dead process stays behind");
        }
    }
}

fn lock_path(directory: &Path, instance: &str) -> PathBuf {
    directory.join(format!("{instance}.lock"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_living_instance_cannot_be_proved_dead_and_a_gone_one_can() {
        let directory = tempfile::tempdir().unwrap();
        let lock = InstanceLock::acquire(directory.path()).unwrap();
        let name = lock.name().to_owned();
        assert!(DeadInstance::prove(directory.path(), &name).is_none());
        drop(lock);
        assert!(DeadInstance::prove(directory.path(), &name).is_some());
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
    }

    #[test]
    fn only_one_of_two_processes_buries_a_dead_instance() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("dead.lock"), "").unwrap();
        let first = DeadInstance::prove(directory.path(), "dead").unwrap();
        assert!(DeadInstance::prove(directory.path(), "dead").is_none());
        first.bury();
        assert!(!directory.path().join("dead.lock").exists());
    }
}
