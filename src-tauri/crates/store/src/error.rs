//! What can fail in the database and in files: one sentence for people each, and the [`Problem`] it becomes.
//!
//! Pure data. Details of SQLite and of the operating system go to the log where the failure happens; the errors carry only what a person
//! can use. No text of a call is ever part of an error.

use std::io;
use std::path::{Path, PathBuf};

use frontdesk_call::{CallId, Problem, ProblemAction, ProblemKind};
use rusqlite::ErrorCode;

/// A failure of the store.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file belongs to a newer program; it was not touched.
    #[error(
        "The database {} was written by a newer version of Frontdesk: it has format {found}, and this version knows formats up to \
         {known}. Update Frontdesk, or start it with another data directory.",
        file.display()
    )]
    NewerDatabase {
        /// The database.
        file: PathBuf,
        /// Format version of the file.
        found: i64,
        /// Newest format version that this program knows.
        known: i64,
    },
    /// SQLite could not do its work.
    #[error("Frontdesk cannot {task} its database {}: {fault}.", file.display())]
    Database {
        /// What was being done: "open", "read", "write".
        task: &'static str,
        /// The database.
        file: PathBuf,
        /// Why not.
        fault: StorageFault,
    },
    /// A file or directory could not be used.
    #[error("Frontdesk cannot {task} {}: {fault}.", path.display())]
    File {
        /// What was being done: "create", "write".
        task: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// Why not.
        fault: StorageFault,
    },
    /// Events of a call came with a gap, twice with different content, or without their first event. A fault of the caller.
    #[error("The events of call {call} are out of order: number {expected} was due and {given} came.")]
    OutOfOrder {
        /// The call.
        call: CallId,
        /// Number of the next event.
        expected: u64,
        /// Number of the event that was given.
        given: u64,
    },
    /// A running call cannot be deleted.
    #[error("This call is still running. End it first.")]
    CallStillOpen,
    /// There is no such call, or it was deleted.
    #[error("There is no call {call}. It may have been deleted.")]
    NoSuchCall {
        /// What was asked for.
        call: String,
    },
    /// The database was closed while the request waited.
    #[error("Frontdesk is closing its database.")]
    Closed,
    /// Something could not be turned into the bytes of its format.
    #[error("The call cannot be written as {format}.")]
    Encoding {
        /// Name of the format.
        format: &'static str,
    },
}

/// Why the disk or the database refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StorageFault {
    /// No space, or the user's quota is used up.
    #[error("the disk is full")]
    DiskFull,
    /// The file or its directory may not be written.
    #[error("it is write-protected")]
    WriteProtected,
    /// The operating system does not allow it.
    #[error("access is not allowed")]
    NotAllowed,
    /// A directory on the way is missing.
    #[error("the directory does not exist")]
    Missing,
    /// Another program holds it longer than we wait.
    #[error("another program is using it")]
    Busy,
    /// The content is not what it should be.
    #[error("the file is damaged or is not a Frontdesk database")]
    Damaged,
    /// The disk reported an error.
    #[error("the disk reported an error")]
    DiskFailed,
    /// Anything else; the log has the details.
    #[error("an unexpected fault, see the log")]
    Unexpected,
}

impl StorageFault {
    /// What SQLite's result code means for people.
    pub(crate) fn of_sqlite(error: &rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::ReadOnly) => Self::WriteProtected,
            Some(ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => Self::NotAllowed,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged,
            Some(ErrorCode::SystemIoFailure) => Self::DiskFailed,
            _ => Self::Unexpected,
        }
    }

    /// What an operating system error means for people.
    pub(crate) fn of_io(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => Self::DiskFull,
            io::ErrorKind::ReadOnlyFilesystem => Self::WriteProtected,
            io::ErrorKind::PermissionDenied => Self::NotAllowed,
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Missing,
            io::ErrorKind::ResourceBusy | io::ErrorKind::WouldBlock => Self::Busy,
            _ => Self::Unexpected,
        }
    }
}

impl StoreError {
    /// A failure of SQLite at `task` on `file`; the details go to the log.
    pub(crate) fn sqlite(task: &'static str, file: &Path, error: &rusqlite::Error) -> Self {
        tracing::warn!(task, file = %file.display(), %error, "database failure");
        Self::Database {
            task,
            file: file.to_owned(),
            fault: StorageFault::of_sqlite(error),
        }
    }

    /// A failure of the file system at `task` on `path`; the details go to the log.
    pub(crate) fn file(task: &'static str, path: &Path, error: &io::Error) -> Self {
        tracing::warn!(task, path = %path.display(), %error, "file failure");
        Self::File {
            task,
            path: path.to_owned(),
            fault: StorageFault::of_io(error),
        }
    }

    /// The failure as people meet it.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let sentence = self.to_string();
        match self {
            Self::NewerDatabase { .. } => Problem::new(ProblemKind::DatabaseNewer, sentence),
            Self::Database { .. } | Self::File { .. } => {
                Problem::new(ProblemKind::StorageFailed, sentence).with_action(ProblemAction::TryAgain)
            }
            Self::CallStillOpen | Self::NoSuchCall { .. } | Self::Closed => {
                Problem::new(ProblemKind::StorageFailed, sentence)
            }
            Self::OutOfOrder { .. } | Self::Encoding { .. } => Problem::new(ProblemKind::Internal, sentence),
        }
    }

    /// The failure of an append, as the banner of a running call shows it.
    pub(crate) fn not_saved(&self) -> Problem {
        match self {
            Self::Database { fault, .. } => {
                let sentence = format!(
                    "This call is not being saved: {fault}. The call goes on, and is saved as soon as that is over."
                );
                Problem::new(ProblemKind::NotSaved, sentence).with_action(ProblemAction::TryAgain)
            }
            other => other.problem(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        error.problem()
    }
}
