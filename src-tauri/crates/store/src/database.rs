//! The database of one data directory: opened once per process, shared by cheap clones, closed with the last of them.
//!
//! ```text
//! desk ─ Agenda ─► blocking pool, 1 writing connection ────────────────────────────┐
//! session ─ append ─► [256 requests, appender waits] ─► thread frontdesk-journal ─► frontdesk.sqlite3 (WAL)
//! window, command line ─ History ─► blocking pool, ≤ 4 reading connections ─────────┘
//! ```
//! Other processes may use the same directory at the same time. Opening is blocking; everything else is not.

mod instance;
pub(crate) mod ledger;
pub(crate) mod readers;
pub(crate) mod schema;
mod writer;

use std::collections::BTreeSet;
use std::fs::{DirBuilder, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use frontdesk_call::journal::Journal;
use frontdesk_call::voice_model::BoxFuture;
use frontdesk_call::{CallEvent, CallId, Problem};
use rusqlite::{Connection, TransactionBehavior};

use crate::agenda::Agenda;
use crate::agenda::connection::AgendaConnection;
use crate::error::StoreError;
use crate::history::History;
use instance::{DeadInstance, InstanceLock};
use readers::Readers;
use writer::Writer;
pub use writer::{WRITER_QUEUE_CAPACITY, WriterFigures};

/// Name of the database in its data directory.
pub const DATABASE_FILE: &str = "frontdesk.sqlite3";
/// Directory of the copies that are made before each migration, in the data directory.
pub const COPIES_DIRECTORY: &str = "database-copies";
/// Directory of the lock files of running processes, in the data directory.
const INSTANCES_DIRECTORY: &str = "instances";
/// Held while a process opens the database, so that two never migrate or recover at once.
const OPENING_LOCK: &str = "opening.lock";

/// The open database. Clones share it; the last one to go waits for what is still being written.
#[derive(Clone, Debug)]
pub struct Database {
    shared: Arc<Shared>,
}

/// Dropped from top to bottom: first the writer finishes, last the lock is freed.
#[derive(Debug)]
struct Shared {
    writer: Writer,
    readers: Arc<Readers>,
    agenda: Arc<AgendaConnection>,
    file: PathBuf,
    recovered: usize,
    _instance: InstanceLock,
}

impl Database {
    /// Opens the database in `directory`, making both if needed, and closes the calls of dead processes as interrupted.
    ///
    /// Blocking: up to some seconds while another process migrates. The directory is readable by its owner only.
    ///
    /// # Errors
    /// [`StoreError::NewerDatabase`] with the file untouched, or what the file system or SQLite could not do.
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        create_private_directory(directory)?;
        let instances = directory.join(INSTANCES_DIRECTORY);
        create_private_directory(&instances)?;
        let opening_path = directory.join(OPENING_LOCK);
        let opening = private_file(&opening_path)?;
        opening
            .lock()
            .map_err(|error| StoreError::file("lock", &opening_path, &error))?;

        let file = directory.join(DATABASE_FILE);
        // SQLite gives its log files the permissions of the database.
        private_file(&file)?;
        schema::prepare(&file, &directory.join(COPIES_DIRECTORY), &schema::MIGRATIONS)?;
        let mut connection = schema::connect(&file)?;
        let recovered = close_calls_of_the_dead(&mut connection, &file, &instances)?;
        let instance = InstanceLock::acquire(&instances)?;
        let writer = Writer::start(connection, &file, instance.name())?;
        let readers = Arc::new(Readers::new(&file));
        let agenda = Arc::new(AgendaConnection::new(&file));
        Ok(Self {
            shared: Arc::new(Shared {
                writer,
                readers,
                agenda,
                file,
                recovered,
                _instance: instance,
            }),
        })
    }

    /// Where the database is.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.shared.file
    }

    /// How many calls of dead processes were closed as interrupted when this was opened.
    #[must_use]
    pub fn recovered_calls(&self) -> usize {
        self.shared.recovered
    }

    /// The calls that are kept here.
    #[must_use]
    pub fn history(&self) -> History {
        History::new(self.clone())
    }

    /// The bookings and contacts of one company.
    #[must_use]
    pub fn agenda(&self, company: &str) -> Agenda {
        Agenda::new(self.clone(), company)
    }

    /// What the writer has done so far, for the diagnostics.
    #[must_use]
    pub fn writer_figures(&self) -> WriterFigures {
        self.shared.writer.figures()
    }

    pub(crate) fn agenda_connection(&self) -> Arc<AgendaConnection> {
        Arc::clone(&self.shared.agenda)
    }

    pub(crate) fn readers(&self) -> Arc<Readers> {
        Arc::clone(&self.shared.readers)
    }

    pub(crate) async fn delete_call(&self, call: CallId) -> Result<(), StoreError> {
        self.shared.writer.delete(call).await
    }
}

impl Journal for Database {
    fn append(&self, events: Vec<CallEvent>) -> BoxFuture<'_, Result<(), Problem>> {
        Box::pin(async move {
            self.shared
                .writer
                .append(events)
                .await
                .map_err(|error| error.not_saved())
        })
    }
}

/// Closes the open calls of every process that is gone, and removes its lock file.
fn close_calls_of_the_dead(connection: &mut Connection, file: &Path, instances: &Path) -> Result<usize, StoreError> {
    let failed = |error| StoreError::sqlite("recover", file, &error);
    let mut names = instances_with_open_calls(connection).map_err(failed)?;
    names.extend(instances_with_lock_files(instances)?);
    let mut closed = 0;
    for name in names {
        let Some(dead) = DeadInstance::prove(instances, &name) else {
            continue;
        };
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        closed += ledger::close_interrupted(&transaction, &name).map_err(|error| writer::refusal(file, error))?;
        transaction.commit().map_err(failed)?;
        dead.bury();
    }
    if closed > 0 {
        tracing::info!(closed, "closed the calls of a process that died");
    }
    Ok(closed)
}

fn instances_with_open_calls(connection: &Connection) -> rusqlite::Result<BTreeSet<String>> {
    connection
        .prepare("SELECT DISTINCT instance FROM calls WHERE end_reason IS NULL")?
        .query_map([], |row| row.get(0))?
        .collect()
}

fn instances_with_lock_files(directory: &Path) -> Result<BTreeSet<String>, StoreError> {
    let entries = std::fs::read_dir(directory).map_err(|error| StoreError::file("read", directory, &error))?;
    Ok(entries
        .filter_map(|entry| {
            entry
                .ok()?
                .file_name()
                .to_str()?
                .strip_suffix(".lock")
                .map(str::to_owned)
        })
        .collect())
}

/// Makes a directory that only its owner can enter: what callers say is nobody else's business.
fn create_private_directory(path: &Path) -> Result<(), StoreError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(path)
        .map_err(|error| StoreError::file("create", path, &error))
}

/// Opens a file for writing, making it readable by its owner only if it is new.
fn private_file(path: &Path) -> Result<std::fs::File, StoreError> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .map_err(|error| StoreError::file("open", path, &error))
}
