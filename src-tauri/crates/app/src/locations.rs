//! Where files live: settings, database, model files, log. Pure path arithmetic; nothing is created here.
//!
//! `--data-dir` moves settings and database together, so that a test or a second company has its own. Model files are large and the
//! same for all, so they stay in the cache directory, which `FRONTDESK_CACHE_DIR` moves.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use frontdesk_call::problem::{Problem, ProblemKind};

/// Environment variable that moves the cache directory.
pub const CACHE_VARIABLE: &str = "FRONTDESK_CACHE_DIR";

/// Directory beside the program where packages put what they bring along, relative to the directory of the executable.
const PACKAGE_DIRECTORIES: [&str; 3] = ["../lib/frontdesk", "../Resources", "resources"];

/// Where files live for this run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locations {
    /// `settings.toml` and its backup.
    pub settings: PathBuf,
    /// Directory of the database.
    pub data: PathBuf,
    /// Fetched files; holds `models/`.
    pub cache: PathBuf,
    /// Directories with files that came in the package, each may hold `models/`. Read only.
    pub packaged: Vec<PathBuf>,
}

impl Locations {
    /// The directories of the operating system, or `data_dir` for settings and database.
    ///
    /// # Errors
    /// A [`Problem`] when the system names no home directory and the missing directory was not given.
    pub fn find(data_dir: Option<&Path>, cache_dir: Option<&Path>) -> Result<Self, Problem> {
        let system = ProjectDirs::from("app", "Frontdesk", "Frontdesk");
        let (settings, data) = match (data_dir, &system) {
            (Some(directory), _) => (directory.join("settings.toml"), directory.to_path_buf()),
            (None, Some(system)) => (
                system.config_dir().join("settings.toml"),
                system.data_dir().to_path_buf(),
            ),
            (None, None) => return Err(no_home("--data-dir")),
        };
        let cache = match (cache_dir, &system) {
            (Some(directory), _) => directory.to_path_buf(),
            (None, Some(system)) => system.cache_dir().to_path_buf(),
            (None, None) => return Err(no_home(CACHE_VARIABLE)),
        };
        Ok(Self {
            settings,
            data,
            cache,
            packaged: packaged_directories(),
        })
    }

    /// [`Locations::find`] with the cache directory from the environment.
    ///
    /// # Errors
    /// As [`Locations::find`].
    pub fn from_environment(data_dir: Option<&Path>) -> Result<Self, Problem> {
        let cache = std::env::var_os(CACHE_VARIABLE)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from);
        Self::find(data_dir, cache.as_deref())
    }
}

fn packaged_directories() -> Vec<PathBuf> {
    let Some(program) = std::env::current_exe().ok().and_then(|path| path.canonicalize().ok()) else {
        return Vec::new();
    };
    let Some(directory) = program.parent() else {
        return Vec::new();
    };
    PACKAGE_DIRECTORIES
        .iter()
        .map(|relative| directory.join(relative))
        .filter(|path| path.is_dir())
        .collect()
}

fn no_home(remedy: &str) -> Problem {
    Problem::new(
        ProblemKind::StorageFailed,
        format!(
            "This account has no home directory, so Frontdesk does not know where to keep its files. Name one with {remedy}."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_directory_holds_settings_and_database_and_not_the_models() {
        let locations = Locations::find(Some(Path::new("/data")), Some(Path::new("/cache"))).unwrap();
        assert_eq!(locations.settings, Path::new("/data/settings.toml"));
        assert_eq!(locations.data, Path::new("/data"));
        assert_eq!(locations.cache, Path::new("/cache"));
    }
}
