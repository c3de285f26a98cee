//! Connections that only read: a few, kept open, used on tokio's blocking threads. Readers never wait for the writer (WAL).

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::schema;
use crate::error::StoreError;

/// Reads that may run at once; further ones wait for their turn.
const READER_LIMIT: usize = 4;

/// The pool of reading connections.
#[derive(Debug)]
pub(crate) struct Readers {
    file: PathBuf,
    idle: Mutex<Vec<Connection>>,
    turns: Semaphore,
}

impl Readers {
    pub(super) fn new(file: &Path) -> Self {
        Self {
            file: file.to_owned(),
            idle: Mutex::new(Vec::new()),
            turns: Semaphore::new(READER_LIMIT),
        }
    }

    /// Runs `query` on a blocking thread with a connection of its own.
    ///
    /// # Errors
    /// What SQLite could not do, or [`StoreError::Closed`] when the runtime shuts down.
    pub(crate) async fn read<T, F>(self: Arc<Self>, query: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, ReadError> + Send + 'static,
    {
        let _turn = self.turns.acquire().await.map_err(|_| StoreError::Closed)?;
        let readers = Arc::clone(&self);
        tokio::task::spawn_blocking(move || readers.read_blocking(query))
            .await
            .map_err(|_| StoreError::Closed)?
    }

    fn read_blocking<T>(&self, query: impl FnOnce(&Connection) -> Result<T, ReadError>) -> Result<T, StoreError> {
        let failed = |error: &rusqlite::Error| StoreError::sqlite("read", &self.file, error);
        let connection = match self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop() {
            Some(connection) => connection,
            None => schema::connect_to_read(&self.file).map_err(|error| failed(&error))?,
        };
        let result = query(&connection).map_err(|error| match error {
            ReadError::Sqlite(error) => failed(&error),
            ReadError::Store(error) => error,
        });
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(connection);
        result
    }
}

/// Why a query failed: SQLite's word, to be dressed with the file's name, or a failure that is already for people.
pub(crate) enum ReadError {
    Sqlite(rusqlite::Error),
    Store(StoreError),
}

impl From<rusqlite::Error> for ReadError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<StoreError> for ReadError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
