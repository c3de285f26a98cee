//! Writes a file so that it is there whole or not at all: a temporary file beside it, flushed to disk, then renamed. Blocking.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::StoreError;

/// A file that replaces another when it is finished, and leaves nothing behind when it is dropped before.
#[derive(Debug)]
pub struct Replacement {
    temporary: NamedTempFile,
    target: PathBuf,
}

impl Replacement {
    /// Begins a file that will stand at `path`. A link is followed, so the file it points to is replaced and the link stays.
    ///
    /// # Errors
    /// When its directory does not exist or may not be written.
    pub fn begin(path: &Path) -> Result<Self, StoreError> {
        let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let directory = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".frontdesk-").suffix(".part");
        // As an editor would save it: the user's umask decides who may read it, and a file that is replaced keeps its permissions.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let temporary = builder
            .tempfile_in(directory)
            .map_err(|error| StoreError::file("write", path, &error))?;
        if let Ok(existing) = std::fs::metadata(&target)
            && let Err(error) = temporary.as_file().set_permissions(existing.permissions())
        {
            tracing::debug!(%error, "permissions of the replaced file cannot be kept");
        }
        Ok(Self { temporary, target })
    }

    /// The file while it is written.
    pub fn file(&mut self) -> &mut File {
        self.temporary.as_file_mut()
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// When it cannot be flushed or renamed; the old file is as it was.
    pub fn finish(self) -> Result<(), StoreError> {
        let failed = |error: &io::Error| StoreError::file("write", &self.target, error);
        self.temporary.as_file().sync_all().map_err(|error| failed(&error))?;
        self.temporary
            .persist(&self.target)
            .map_err(|refused| failed(&refused.error))?;
        Ok(())
    }
}

/// Writes `bytes` to `path`, whole or not at all.
///
/// # Errors
/// When the file cannot be written; an old file at `path` is as it was.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut replacement = Replacement::begin(path)?;
    replacement
        .file()
        .write_all(bytes)
        .map_err(|error| StoreError::file("write", path, &error))?;
    replacement.finish()
}
