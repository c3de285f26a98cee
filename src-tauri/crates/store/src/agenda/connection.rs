//! The one connection of this process that changes bookings and contacts. Used on tokio's blocking threads, one change at a time.
//!
//! It is not the journal's connection: a booking that waits for another process must not hold up the events of a call.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

use crate::database::schema;
use crate::error::StoreError;

/// Rounds of waiting for other processes before a change is given up; each lasts as long as SQLite's own waiting. SQLite wakes waiters
/// in no order, so that one of many may wait in vain for a round though everybody makes progress.
const PATIENCE_ROUNDS: usize = 4;

/// Opened with the first change.
#[derive(Debug)]
pub(crate) struct AgendaConnection {
    file: PathBuf,
    connection: Mutex<Option<Connection>>,
}

impl AgendaConnection {
    pub(crate) fn new(file: &Path) -> Self {
        Self {
            file: file.to_owned(),
            connection: Mutex::new(None),
        }
    }

    /// Runs `work` in a transaction that already holds SQLite's write lock, so that what it reads cannot change before it writes. Commits
    /// when it succeeds, else leaves no trace. Blocking.
    pub(super) fn change<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut slot = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = match slot.as_ref() {
            Some(connection) => connection,
            None => slot.insert(self.connect()?),
        };
        let failed = |error: &rusqlite::Error| StoreError::sqlite("write", &self.file, error);
        let transaction = self.begin(connection).map_err(|error| failed(&error))?;
        let result = work(&transaction)?;
        transaction.commit().map_err(|error| failed(&error))?;
        Ok(result)
    }

    fn connect(&self) -> Result<Connection, StoreError> {
        let connection = schema::connect(&self.file)?;
        // The customer is told a confirmation number: it must outlast a power cut, unlike the last words of a call.
        connection
            .pragma_update(None, "synchronous", "FULL")
            .map_err(|error| StoreError::sqlite("open", &self.file, &error))?;
        Ok(connection)
    }

    fn begin<'c>(&self, connection: &'c Connection) -> rusqlite::Result<Transaction<'c>> {
        // The mutex guarantees what a mutable borrow would: no transaction is open.
        let begin = || Transaction::new_unchecked(connection, TransactionBehavior::Immediate);
        for _ in 1..PATIENCE_ROUNDS {
            match begin() {
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                    tracing::debug!(file = %self.file.display(), "another process writes; waiting on");
                }
                other => return other,
            }
        }
        begin()
    }
}
