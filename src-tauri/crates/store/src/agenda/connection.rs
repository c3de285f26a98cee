//! The one connection of this process that changes bookings and contacts. One change at a time; its work is done on tokio's blocking
//! threads.
//!
//! It is not the journal's connection: a booking that waits for another process must not hold up the events of a call.
//!
//! Every change has a deadline, and nothing is committed after it: whoever asked has by then been told that nothing was changed.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::Mutex;

use crate::database::schema;
use crate::error::{StorageFault, StoreError};

/// Opened with the first change.
#[derive(Debug)]
pub(crate) struct AgendaConnection {
    file: PathBuf,
    /// Whoever holds it has the turn.
    turn: Arc<Mutex<Option<Connection>>>,
}

impl AgendaConnection {
    pub(crate) fn new(file: &Path) -> Self {
        Self {
            file: file.to_owned(),
            turn: Arc::new(Mutex::new(None)),
        }
    }

    /// Runs `work` in a transaction that already holds SQLite's write lock, so that what it reads cannot change before it writes. Commits
    /// when it succeeds by the deadline, else leaves no trace. Until its turn has come, dropping the future takes the change back.
    pub(super) async fn change<T, E, F>(&self, deadline: Instant, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    {
        let mut slot = tokio::time::timeout_at(deadline.into(), Arc::clone(&self.turn).lock_owned())
            .await
            .map_err(|_| too_late(&self.file))?;
        let file = self.file.clone();
        tokio::task::spawn_blocking(move || carry_out(&file, &mut slot, deadline, work))
            .await
            .map_err(|_| StoreError::Closed)?
    }

    /// Takes the turn, so that every change has to wait.
    #[cfg(test)]
    pub(super) async fn take_turn(&self) -> tokio::sync::OwnedMutexGuard<Option<Connection>> {
        Arc::clone(&self.turn).lock_owned().await
    }

    /// Whether a change has the turn.
    #[cfg(test)]
    pub(super) fn is_busy(&self) -> bool {
        self.turn.try_lock().is_err()
    }
}

/// The change itself. Blocking.
fn carry_out<T, E: From<StoreError>>(
    file: &Path,
    slot: &mut Option<Connection>,
    deadline: Instant,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let connection = match slot.take() {
        Some(connection) => slot.insert(connection),
        None => slot.insert(connect(file)?),
    };
    let failed = |error: rusqlite::Error| StoreError::sqlite("write", file, &error);
    // SQLite itself waits for other processes, as long as it is told to here.
    let patience = deadline.saturating_duration_since(Instant::now());
    connection.busy_timeout(patience).map_err(failed)?;
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    let result = work(&transaction)?;
    if Instant::now() >= deadline {
        // Dropping the transaction takes back what was written.
        return Err(too_late(file).into());
    }
    transaction.commit().map_err(failed)?;
    Ok(result)
}

fn connect(file: &Path) -> Result<Connection, StoreError> {
    let connection = schema::connect(file)?;
    // The customer is told a confirmation number: it must outlast a power cut, unlike the last words of a call.
    connection
        .pragma_update(None, "synchronous", "FULL")
        .map_err(|error| StoreError::sqlite("open", file, &error))?;
    Ok(connection)
}

fn too_late(file: &Path) -> StoreError {
    tracing::warn!(file = %file.display(), "a change of the agenda came too late and was taken back");
    StoreError::Database {
        task: "write",
        file: file.to_owned(),
        fault: StorageFault::Busy,
    }
}
