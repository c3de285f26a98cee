//! Reads and writes `settings.toml`. One bad value costs that value and nothing else: the file is salvaged field by field, the
//! original kept beside it. Blocking file work: call it from a blocking thread or at start.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use frontdesk_call::problem::{Problem, ProblemAction, ProblemKind};
use serde_json::Value;

use crate::settings::Settings;

/// Largest settings file that is read. A real one is about 1 KiB.
const LIMIT_BYTES: u64 = 64 * 1024;

/// Access to the file on Unix: the person reads and writes, nobody else does anything.
#[cfg(unix)]
const PRIVATE_MODE: u32 = 0o600;

/// What was read.
#[derive(Debug, PartialEq)]
pub struct LoadedSettings {
    /// Usable settings.
    pub settings: Settings,
    /// One problem per value that could not be used.
    pub problems: Vec<Problem>,
}

/// Reads the settings. A missing file is a new user and no problem.
#[must_use]
pub fn load(path: &Path) -> LoadedSettings {
    let text = match read_limited(path) {
        Ok(None) => {
            return LoadedSettings {
                settings: Settings::default(),
                problems: Vec::new(),
            };
        }
        Ok(Some(text)) => text,
        Err(reason) => {
            let sentence = format!(
                "The settings in {} cannot be read ({reason}). Defaults are used.",
                path.display()
            );
            return LoadedSettings {
                settings: Settings::default(),
                problems: vec![invalid(sentence)],
            };
        }
    };
    let mut loaded = salvage(&text);
    if text.trim().is_empty() {
        // Nobody writes such a file on purpose: saving writes every value.
        let sentence = format!("The settings file {} is empty. Defaults are used.", path.display());
        loaded.problems.push(invalid(sentence));
    }
    if loaded.problems.is_empty() {
        return loaded;
    }
    // Saving would overwrite the values that were dropped, so the person's text is kept first.
    if let Err(error) = write_private(&backup_path(path), &text, path) {
        tracing::warn!(%error, "settings_backup_failed");
    }
    loaded
}

/// Writes the settings, whole or not at all.
///
/// # Errors
/// A [`Problem`] when a value is out of range or the file cannot be written; the old file is then untouched.
pub fn save(path: &Path, settings: &Settings) -> Result<(), Problem> {
    if let Some(sentence) = settings.out_of_range().into_iter().next() {
        return Err(invalid(sentence));
    }
    let failed = |reason: String| {
        Problem::new(
            ProblemKind::StorageFailed,
            format!("The settings cannot be saved in {} ({reason}).", path.display()),
        )
        .with_action(ProblemAction::TryAgain)
    };
    let text = toml::to_string_pretty(settings).map_err(|error| failed(error.to_string()))?;
    let directory = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(directory).map_err(|error| failed(error.to_string()))?;
    let unfinished = path.with_extension("toml.new");
    write_private(&unfinished, &text, path).map_err(|error| failed(error.to_string()))?;
    std::fs::rename(&unfinished, path)
        .and_then(|()| sync_directory(directory))
        .map_err(|error| failed(error.to_string()))
}

/// Puts the new name of a file on the disk, so that a power cut leaves the old file or the new one.
#[cfg(unix)]
fn sync_directory(directory: &Path) -> std::io::Result<()> {
    let directory = if directory.as_os_str().is_empty() {
        Path::new(".")
    } else {
        directory
    };
    std::fs::File::open(directory)?.sync_all()
}

/// Windows has no such call; its file systems journal names themselves.
#[cfg(not(unix))]
fn sync_directory(_directory: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Writes a new file that only this person can read, whatever the umask allows; as strict as `like`, where that exists and is stricter.
fn write_private(path: &Path, text: &str, like: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
        let strictest = std::fs::metadata(like).map_or(PRIVATE_MODE, |metadata| metadata.mode() & PRIVATE_MODE);
        options.mode(strictest);
    }
    #[cfg(not(unix))]
    let _access_is_inherited_from_the_persons_folder = like;
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    // On the disk before it gets the name of the old file; else a power cut could leave that name on nothing.
    file.sync_all()
}

/// Where the text of a file with bad values is kept.
#[must_use]
pub fn backup_path(path: &Path) -> PathBuf {
    path.with_extension("toml.bak")
}

fn read_limited(path: &Path) -> Result<Option<String>, String> {
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
        Ok(metadata) if metadata.len() > LIMIT_BYTES => return Err(format!("it is larger than {LIMIT_BYTES} bytes")),
        Ok(_) => {}
    }
    std::fs::read_to_string(path)
        .map(Some)
        .map_err(|error| error.to_string())
}

/// Puts each value of the text over the defaults, alone; a value that does not fit is dropped and named.
fn salvage(text: &str) -> LoadedSettings {
    let mut problems = Vec::new();
    let table: toml::Table = text.parse().unwrap_or_else(|error: toml::de::Error| {
        problems.push(invalid(format!(
            "The settings file is not valid TOML: {}.",
            error.message()
        )));
        toml::Table::new()
    });
    let mut accepted = serde_json::to_value(Settings::default()).unwrap_or(Value::Null);
    let mut settings = Settings::default();
    for (path, value) in leaves(&table) {
        let mut candidate = accepted.clone();
        let readable = path.join(".");
        if !put(&mut candidate, &path, value) {
            problems.push(invalid(format!("There is no setting named {readable}; it is ignored.")));
            continue;
        }
        match serde_json::from_value::<Settings>(candidate.clone()) {
            Ok(parsed) => match parsed.out_of_range().into_iter().next() {
                None => (accepted, settings) = (candidate, parsed),
                Some(sentence) => problems.push(invalid(format!("{sentence} The default is used."))),
            },
            Err(_) => problems.push(invalid(format!(
                "The setting {readable} has a value that cannot be used. The default is used."
            ))),
        }
    }
    LoadedSettings { settings, problems }
}

/// All values of a table with their paths.
fn leaves(table: &toml::Table) -> Vec<(Vec<String>, Value)> {
    let mut found = Vec::new();
    for (key, value) in table {
        match value {
            toml::Value::Table(inner) => found.extend(leaves(inner).into_iter().map(|(mut path, value)| {
                path.insert(0, key.clone());
                (path, value)
            })),
            other => found.push((vec![key.clone()], serde_json::to_value(other).unwrap_or(Value::Null))),
        }
    }
    found
}

/// Puts `value` where `path` leads; false when the settings have no such member.
fn put(settings: &mut Value, path: &[String], value: Value) -> bool {
    let mut place = settings;
    for key in path {
        match place.get_mut(key) {
            Some(inner) => place = inner,
            None => return false,
        }
    }
    *place = value;
    true
}

fn invalid(sentence: impl Into<String>) -> Problem {
    Problem::new(ProblemKind::SettingsInvalid, sentence).with_action(ProblemAction::OpenSettings)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::settings::{BackendKind, TurnMode};

    #[test]
    fn a_missing_file_is_a_new_user() {
        let directory = tempfile::tempdir().unwrap();
        let loaded = load(&directory.path().join("settings.toml"));
        assert_eq!(
            loaded,
            LoadedSettings {
                settings: Settings::default(),
                problems: vec![]
            }
        );
    }

    #[test]
    fn what_was_saved_is_read_back() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("deep/settings.toml");
        let mut settings = Settings::default();
        settings.backend.kind = BackendKind::Azure;
        settings.turns.mode = TurnMode::PushToTalk;
        settings.audio.input_device = "pulseaudio:vmic".into();
        save(&path, &settings).unwrap();
        assert_eq!(
            load(&path),
            LoadedSettings {
                settings,
                problems: vec![]
            }
        );
    }

    #[test]
    fn one_bad_value_costs_only_itself_and_the_text_is_kept() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("settings.toml");
        let text = "companyFile = \"x.toml\"\nsurprise = 1\n[turns]\nsilenceMs = 700\nthreshold = \"high\"\n[backend]\nspeed = 9.0\n";
        std::fs::write(&path, text).unwrap();
        let loaded = load(&path);
        assert_eq!(loaded.settings.turns.silence_ms, 700);
        assert_eq!(loaded.settings.company_file, "x.toml");
        assert_eq!(loaded.settings.turns.threshold, 0.5);
        assert_eq!(loaded.settings.backend.speed, 1.0);
        assert_eq!(loaded.problems.len(), 3, "{:?}", loaded.problems);
        assert_eq!(std::fs::read_to_string(backup_path(&path)).unwrap(), text);
    }

    #[test]
    fn an_empty_file_is_damaged_and_said() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("settings.toml");
        for text in ["", " \n"] {
            std::fs::write(&path, text).unwrap();
            let loaded = load(&path);
            assert_eq!(loaded.settings, Settings::default());
            assert_eq!(loaded.problems.len(), 1, "{text:?}");
            assert!(loaded.problems[0].sentence.contains("empty"), "{:?}", loaded.problems);
            assert_eq!(std::fs::read_to_string(backup_path(&path)).unwrap(), text);
        }
    }

    #[test]
    fn a_value_out_of_range_is_not_saved_and_the_old_file_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("settings.toml");
        save(&path, &Settings::default()).unwrap();
        let before = std::fs::read_to_string(&path).unwrap();
        let mut settings = Settings::default();
        settings.limits.maximum_minutes = 0;
        assert_eq!(save(&path, &settings).unwrap_err().kind, ProblemKind::SettingsInvalid);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), before);
    }

    #[test]
    fn what_cannot_be_written_leaves_the_old_file_and_says_where() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("settings.toml");
        save(&path, &Settings::default()).unwrap();
        let before = std::fs::read_to_string(&path).unwrap();
        let mut settings = Settings::default();
        settings.limits.maximum_minutes = 7;

        // What a save that was killed left behind is in nobody's way.
        let unfinished = path.with_extension("toml.new");
        std::fs::write(&unfinished, "half a fi").unwrap();
        save(&path, &settings).unwrap();
        assert_eq!(load(&path).settings, settings);
        assert!(!unfinished.exists());
        std::fs::write(&path, &before).unwrap();

        // A folder of that name cannot be replaced, as a full or read-only disk cannot be written.
        std::fs::create_dir(&unfinished).unwrap();
        let problem = save(&path, &settings).unwrap_err();
        assert_eq!(problem.kind, ProblemKind::StorageFailed);
        assert!(
            problem.sentence.contains(path.to_str().unwrap()),
            "{}",
            problem.sentence
        );
        assert_eq!(std::fs::read_to_string(&path).unwrap(), before);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_the_settings_or_their_backup() {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let set = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("settings.toml");
        save(&path, &Settings::default()).unwrap();
        assert_eq!(mode(&path), 0o600, "a new file");

        set(&path, 0o644);
        save(&path, &Settings::default()).unwrap();
        assert_eq!(mode(&path), 0o600, "a file of an earlier version");

        set(&path, 0o400);
        save(&path, &Settings::default()).unwrap();
        assert_eq!(mode(&path), 0o400, "what the person made stricter stays so");

        let bad = directory.path().join("bad.toml");
        std::fs::write(&bad, "surprise = 1\n").unwrap();
        set(&bad, 0o644);
        std::fs::write(backup_path(&bad), "older").unwrap();
        set(&backup_path(&bad), 0o644);
        assert_eq!(load(&bad).problems.len(), 1);
        assert_eq!(mode(&backup_path(&bad)), 0o600, "the backup");
        assert_eq!(std::fs::read_to_string(backup_path(&bad)).unwrap(), "surprise = 1\n");
    }

    proptest! {
        #[test]
        fn no_text_makes_reading_fail(text in ".{0,300}") {
            let loaded = salvage(&text);
            prop_assert!(loaded.settings.out_of_range().is_empty());
        }
    }
}
