//! The company that answers: read from its file, or the built-in sample. A broken file is refused with lines and reasons while the
//! last good profile stays in use. Blocking file work: call it from a blocking thread or at start.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use frontdesk_call::problem::{Problem, ProblemAction, ProblemKind};
use frontdesk_company::{CompanyProfile, FILE_LIMIT_BYTES};

/// The profile in use, and where it came from. Shared between threads; a reader takes a copy of the pointer and is done.
pub struct CompanySource {
    current: RwLock<Loaded>,
}

struct Loaded {
    profile: Arc<CompanyProfile>,
    /// Absent for the built-in sample.
    file: Option<PathBuf>,
    /// The file that was asked for, also where it could not be used.
    wanted: Option<PathBuf>,
}

impl CompanySource {
    /// Starts with `file`, or with the sample where none is named or the named one cannot be used; then the problem is given too.
    ///
    /// # Errors
    /// Only when the sample inside the program is broken.
    pub fn open(file: Option<&Path>) -> Result<(Self, Option<Problem>), Problem> {
        let sample = frontdesk_company::sample().map_err(|error| {
            Problem::new(
                ProblemKind::Internal,
                format!("The built-in company file is broken ({error})."),
            )
        })?;
        let source = Self {
            current: RwLock::new(Loaded {
                profile: Arc::new(sample),
                file: None,
                wanted: file.map(Path::to_path_buf),
            }),
        };
        let problem = file.and_then(|file| source.load(Some(file)).err());
        Ok((source, problem))
    }

    /// The company that answers now. A call keeps the one it started with.
    #[must_use]
    pub fn profile(&self) -> Arc<CompanyProfile> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner).profile)
    }

    /// Its file, or nothing for the sample.
    #[must_use]
    pub fn file(&self) -> Option<PathBuf> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).file.clone()
    }

    /// Takes another file, or the sample.
    ///
    /// # Errors
    /// A [`Problem`] with the lines and reasons; the profile in use stays.
    pub fn load(&self, file: Option<&Path>) -> Result<Arc<CompanyProfile>, Problem> {
        let profile = match file {
            Some(path) => read(path)?,
            None => frontdesk_company::sample().map_err(|error| refused(Path::new("the built-in sample"), &error))?,
        };
        let profile = Arc::new(profile);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Loaded {
            profile: Arc::clone(&profile),
            file: file.map(Path::to_path_buf),
            wanted: file.map(Path::to_path_buf),
        };
        Ok(profile)
    }

    /// Reads the file again that was last asked for: it may have been edited, or mended, since. An unchanged one keeps its profile, the very
    /// same one, so that nothing is built anew.
    ///
    /// # Errors
    /// As [`CompanySource::load`].
    pub fn reload(&self) -> Result<(), Problem> {
        let wanted = self
            .current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .wanted
            .clone();
        let Some(file) = wanted else { return Ok(()) };
        // Not under the lock: the file may be on a drive that does not answer.
        let profile = read(&file)?;
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if *current.profile != profile {
            current.profile = Arc::new(profile);
        }
        current.file = Some(file);
        Ok(())
    }
}

/// Reads one company file.
///
/// # Errors
/// A [`Problem`] that says what is wrong, with line and reason where it is the content.
pub fn read(path: &Path) -> Result<CompanyProfile, Problem> {
    let unreadable = |reason: String| {
        Problem::new(
            ProblemKind::CompanyInvalid,
            format!("The company file {} cannot be read ({reason}).", path.display()),
        )
        .with_action(ProblemAction::OpenSettings)
    };
    let metadata = std::fs::metadata(path).map_err(|error| unreadable(error.to_string()))?;
    // Checked before reading: the path may name a film.
    if metadata.len() > FILE_LIMIT_BYTES as u64 {
        return Err(unreadable(format!("it is larger than {} KiB", FILE_LIMIT_BYTES / 1024)));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8 text".into()))?;
    CompanyProfile::parse(&text).map_err(|error| refused(path, &error))
}

fn refused(path: &Path, error: &frontdesk_company::ProfileError) -> Problem {
    Problem::new(
        ProblemKind::CompanyInvalid,
        format!("The company file {} is not used:\n{error}", path.display()),
    )
    .with_action(ProblemAction::OpenSettings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(name: &str) -> String {
        frontdesk_company::PRIME_AUTO_LAB.replacen("Prime Auto Lab", name, 1)
    }

    #[test]
    fn without_a_file_the_sample_answers() {
        let (source, problem) = CompanySource::open(None).unwrap();
        assert_eq!(source.profile().name, "Prime Auto Lab");
        assert_eq!((source.file(), problem), (None, None));
    }

    #[test]
    fn a_broken_file_is_refused_with_its_line_and_the_last_good_one_stays() {
        let directory = tempfile::tempdir().unwrap();
        let good = directory.path().join("good.toml");
        let bad = directory.path().join("bad.toml");
        std::fs::write(&good, renamed("Second Gear")).unwrap();
        std::fs::write(&bad, "name = \"Third Gear\"\nhours = 7\n").unwrap();
        let (source, problem) = CompanySource::open(Some(&good)).unwrap();
        assert_eq!(problem, None);
        let refusal = source.load(Some(&bad)).unwrap_err();
        assert_eq!(refusal.kind, ProblemKind::CompanyInvalid);
        assert!(refusal.sentence.contains("line 2"), "{refusal}");
        assert_eq!(source.profile().name, "Second Gear");
        assert_eq!(source.file(), Some(good));
    }

    #[test]
    fn an_edited_file_is_read_again_and_a_mended_one_taken() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("company.toml");
        std::fs::write(&file, "name = 7\n").unwrap();
        let (source, problem) = CompanySource::open(Some(&file)).unwrap();
        assert!(problem.is_some());
        assert_eq!(source.reload(), Err(problem.unwrap()));
        std::fs::write(&file, renamed("Second Gear")).unwrap();
        source.reload().unwrap();
        assert_eq!(
            (source.profile().name.as_str(), source.file()),
            ("Second Gear", Some(file.clone()))
        );
        std::fs::write(&file, "name = 7\n").unwrap();
        assert!(source.reload().is_err());
        assert_eq!(source.profile().name, "Second Gear", "the last good one");
    }

    #[test]
    fn a_file_that_is_no_text_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("company.toml");
        std::fs::write(&path, [0xff, 0xfe, 0x00]).unwrap();
        assert!(read(&path).unwrap_err().sentence.contains("UTF-8"));
        assert!(read(&directory.path().join("absent.toml")).is_err());
    }
}
