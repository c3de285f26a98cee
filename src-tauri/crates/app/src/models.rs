//! The local engine's files on this computer: what there is, what is missing, fetching, checking, removing.
//!
//! - `catalogue`: every file with size, checksum, licence and source.
//! - `fetch`: download with resume, check, atomic place.
//!
//! Blocking file work runs on tokio's blocking threads, downloads on the runtime.

mod catalogue;
mod fetch;

use std::path::{Path, PathBuf};

use frontdesk_call::problem::{Problem, ProblemAction, ProblemKind};
use frontdesk_engine::speech::{ModelFile, ModelFiles};
use sha2::{Digest as _, Sha256};

pub use catalogue::{BETTER_VOICES, Bundle, CATALOGUE, CatalogueEntry};
pub use fetch::{FetchProgress, fetch};

use crate::local_voices::{self, Pace};
use crate::locations::Locations;
use crate::view::{ModelFileState, ModelFileView, ModelsView};

/// The local engine's files as one place.
#[derive(Clone, Debug)]
pub struct ModelStore {
    /// Where fetched files go.
    cache: PathBuf,
    /// Where packages put files; looked at after the cache, never written.
    packaged: Vec<PathBuf>,
}

impl ModelStore {
    /// The files at these locations.
    #[must_use]
    pub fn new(locations: &Locations) -> Self {
        Self {
            cache: locations.cache.clone(),
            packaged: locations.packaged.clone(),
        }
    }

    /// The files of one cache, without a package's.
    #[must_use]
    pub fn in_cache(cache: &Path) -> Self {
        Self {
            cache: cache.to_path_buf(),
            packaged: Vec::new(),
        }
    }

    /// Directory that `models/…` is fetched into.
    #[must_use]
    pub fn cache(&self) -> &Path {
        &self.cache
    }

    /// The paths that the engine loads: each file from the cache where it is there, else from the package.
    #[must_use]
    pub fn files(&self) -> ModelFiles {
        ModelFiles::in_directories(std::iter::once(self.cache.clone()).chain(self.packaged.iter().cloned()))
    }

    /// State of every file by presence and size: fast enough for every start.
    #[must_use]
    pub fn quick_view(&self) -> ModelsView {
        self.view(|entry, path| match std::fs::metadata(path) {
            Err(_) => ModelFileState::Missing,
            Ok(metadata) if entry.bytes().is_some_and(|bytes| bytes != metadata.len()) => ModelFileState::Damaged,
            Ok(_) => ModelFileState::Present,
        })
    }

    /// State of every file by checksum. Reads all bytes: about a second. Blocking.
    #[must_use]
    pub fn verified_view(&self) -> ModelsView {
        self.view(|entry, path| match is_intact(entry, path) {
            Err(_) => ModelFileState::Missing,
            Ok(true) => ModelFileState::Present,
            Ok(false) => ModelFileState::Damaged,
        })
    }

    fn view(&self, state: impl Fn(&CatalogueEntry, &Path) -> ModelFileState) -> ModelsView {
        let files = self.files();
        let view = |entry: &CatalogueEntry| ModelFileView {
            name: entry.file.relative_path(),
            purpose: entry.purpose.into(),
            bytes: entry.bytes().unwrap_or_default(),
            licence: entry.licence.into(),
            state: state(entry, &files.path(entry.file)),
        };
        let [needed, better_voices] =
            [Bundle::Engine, Bundle::BetterVoices].map(|bundle| bundle.entries().iter().map(view).collect::<Vec<_>>());
        let pace = Pace::kept(self);
        ModelsView {
            ready: needed.iter().all(|view| view.state == ModelFileState::Present),
            files: needed,
            voices: local_voices::views(&better_voices, pace),
            better_voices,
            pace: pace.map(|pace| pace.seconds_per_second),
            download: None,
            problem: None,
        }
    }

    /// Deletes the fetched files of a bundle. Files of a package stay.
    ///
    /// # Errors
    /// A [`Problem`] when a file is in use or may not be deleted.
    pub fn remove(&self, bundle: Bundle) -> Result<(), Problem> {
        for entry in bundle.entries() {
            let path = self.cached_path(entry.file);
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(storage_failed(&path, "deleted", &error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Where a fetched file lies.
    fn cached_path(&self, file: ModelFile) -> PathBuf {
        self.cache.join("models").join(file.relative_path())
    }

    /// The problem that a call meets when files are missing or damaged, or nothing when a call can start.
    #[must_use]
    pub fn problem(&self) -> Option<Problem> {
        problem_of(&self.quick_view())
    }
}

impl ModelsView {
    /// States of a bundle's files, in the order of its entries.
    #[must_use]
    pub fn of(&self, bundle: Bundle) -> &[ModelFileView] {
        match bundle {
            Bundle::Engine => &self.files,
            Bundle::BetterVoices => &self.better_voices,
        }
    }
}

/// What is wrong with files in these states, and what helps; nothing when a call can start.
#[must_use]
pub fn problem_of(view: &ModelsView) -> Option<Problem> {
    // A download would stop at this one, so it comes first.
    let kept_back = CATALOGUE
        .iter()
        .zip(&view.files)
        .find(|(entry, file)| entry.sources.is_empty() && file.state != ModelFileState::Present);
    if let Some((entry, _)) = kept_back {
        return Some(not_downloadable(entry));
    }
    let in_state = |state| view.files.iter().filter(move |file| file.state == state).count();
    let (kind, sentence) = match (in_state(ModelFileState::Missing), in_state(ModelFileState::Damaged)) {
        (0, 0) => return None,
        (missing, 0) => (
            ProblemKind::ModelsMissing,
            format!(
                "The local engine needs {missing} more of its {} files before it can answer.",
                view.files.len()
            ),
        ),
        (_, 1) => (
            ProblemKind::ModelsDamaged,
            "One of the local engine's files is damaged and must be downloaded again.".to_owned(),
        ),
        (_, damaged) => (
            ProblemKind::ModelsDamaged,
            format!("{damaged} of the local engine's files are damaged and must be downloaded again."),
        ),
    };
    Some(Problem::new(kind, sentence).with_action(ProblemAction::DownloadModels))
}

/// The problem with a file that no download brings, because it comes with Frontdesk itself.
fn not_downloadable(entry: &CatalogueEntry) -> Problem {
    let program = std::env::current_exe().unwrap_or_default();
    let remedy = if is_in_build_directory(&program) {
        "To bring it back in a build from source, start: cargo xtask run"
    } else {
        "To bring it back, install Frontdesk again."
    };
    let name = entry.file.relative_path();
    Problem::new(
        ProblemKind::ModelsMissing,
        format!("{name} is missing or damaged, and it has no download of its own. {remedy}"),
    )
}

/// Whether a program lies where cargo builds: beside cargo's lock file, or one folder below as the programs of tests do.
fn is_in_build_directory(program: &Path) -> bool {
    let folders = program.ancestors().skip(1).take(2);
    folders.into_iter().any(|folder| folder.join(".cargo-lock").is_file())
}

/// Checks every file by its checksum on a blocking thread.
///
/// # Errors
/// Only when the program ends meanwhile.
pub async fn verify(store: &ModelStore) -> Result<ModelsView, Problem> {
    let store = store.clone();
    tokio::task::spawn_blocking(move || store.verified_view())
        .await
        .map_err(|_| Problem::new(ProblemKind::Internal, "The files could not be checked."))
}

/// Whether the file has the size and checksum of the catalogue. A file without a known checksum only has to be there.
fn is_intact(entry: &CatalogueEntry, path: &Path) -> std::io::Result<bool> {
    let Some(expected) = entry.checksum else {
        return std::fs::metadata(path).map(|_| true);
    };
    if std::fs::metadata(path)?.len() != expected.bytes {
        return Ok(false);
    }
    let mut digest = Sha256::new();
    std::io::copy(&mut std::fs::File::open(path)?, &mut digest)?;
    Ok(hexadecimal(&digest.finalize()) == expected.sha256)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn storage_failed(path: &Path, verb: &str, error: &std::io::Error) -> Problem {
    Problem::new(
        ProblemKind::StorageFailed,
        format!("{} cannot be {verb} ({error}).", path.display()),
    )
    .with_action(ProblemAction::TryAgain)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All files present but the first so many of those that can be downloaded, which are in this state.
    fn lacking(count: usize, state: ModelFileState) -> ModelsView {
        let mut view = ModelStore::in_cache(Path::new("")).view(|_, _| ModelFileState::Present);
        let downloadable = CATALOGUE.iter().zip(&mut view.files);
        let downloadable = downloadable.filter(|(entry, _)| !entry.sources.is_empty());
        downloadable.take(count).for_each(|(_, file)| file.state = state);
        view
    }

    #[test]
    fn what_is_missing_or_damaged_is_counted_in_plain_words() {
        let told = |count, state| problem_of(&lacking(count, state)).map(|problem| problem.sentence);
        assert_eq!(told(0, ModelFileState::Missing), None);
        let one = told(1, ModelFileState::Missing).unwrap();
        assert!(one.contains("needs 1 more of its 8 files"), "{one}");
        let one = told(1, ModelFileState::Damaged).unwrap();
        assert!(one.contains("One of") && one.contains("is damaged"), "{one}");
        let two = told(2, ModelFileState::Damaged).unwrap();
        assert!(two.contains("2 of") && two.contains("are damaged"), "{two}");
    }

    #[test]
    fn nobody_is_sent_to_a_download_for_a_file_that_has_none() {
        let mut view = lacking(1, ModelFileState::Missing);
        let action = problem_of(&view).unwrap().action;
        assert_eq!(action, Some(ProblemAction::DownloadModels));
        let library = CATALOGUE.iter().position(|entry| entry.sources.is_empty()).unwrap();
        view.files[library].state = ModelFileState::Missing;
        let problem = problem_of(&view).unwrap();
        assert_eq!((problem.kind, problem.action), (ProblemKind::ModelsMissing, None));
        assert!(problem.sentence.contains("onnxruntime"), "{problem}");
        // This test itself is a build from source.
        assert!(problem.sentence.contains("cargo xtask run"), "{problem}");
    }

    #[test]
    fn only_where_cargo_builds_is_a_build_from_source() {
        let place = tempfile::tempdir().unwrap();
        let debug = place.path().join("target/debug");
        std::fs::create_dir_all(&debug).unwrap();
        assert!(!is_in_build_directory(&debug.join("frontdeskd")));
        std::fs::write(debug.join(".cargo-lock"), "").unwrap();
        assert!(is_in_build_directory(&debug.join("frontdeskd")));
        assert!(is_in_build_directory(&debug.join("deps/tests-1a2b")));
        assert!(!is_in_build_directory(Path::new("/usr/bin/frontdeskd")));
    }
}
