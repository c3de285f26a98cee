//! Fetches missing files: resumed where a part is here, checked, then put in place in one step. Runs on the tokio runtime; a second
//! process that fetches at the same time waits for the first and finds its files.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use frontdesk_call::problem::{Problem, ProblemAction, ProblemKind};
use reqwest::StatusCode;
use reqwest::header::RANGE;

use super::catalogue::{Bundle, CatalogueEntry};
use super::{ModelStore, is_intact, storage_failed};

/// A source that sends nothing for this long is given up; the part stays for the next try.
const SILENCE_LIMIT: Duration = Duration::from_secs(30);

/// What stays free on the disk beside the files, for calls and recordings.
const KEPT_FREE_BYTES: u64 = 50_000_000;

/// How far the fetching is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchProgress {
    /// File being fetched, by its relative name.
    pub file: String,
    /// Bytes that are here, of all files.
    pub done_bytes: u64,
    /// Bytes of all files.
    pub total_bytes: u64,
}

/// Fetches every file of a bundle that is missing or damaged. `mirror` is a base address or a directory that holds the files by their
/// relative names; empty for the upstream sources. Cancelled by dropping the future: parts stay and are resumed.
///
/// # Errors
/// A [`Problem`] that names the file and what can be done. Files that were finished stay. Too small a disk is told before the first byte.
pub async fn fetch(
    store: &ModelStore,
    bundle: Bundle,
    mirror: &str,
    mut progress: impl FnMut(FetchProgress) + Send,
) -> Result<(), Problem> {
    let mirror = Mirror::parse(mirror)?;
    let _only_one = lock(store).await?;
    let states = super::verify(store).await?;
    let entries = bundle.entries();
    let needed: Vec<&'static CatalogueEntry> = entries
        .iter()
        .zip(states.of(bundle))
        .filter(|(_, view)| view.state != crate::view::ModelFileState::Present)
        .map(|(entry, _)| entry)
        .collect();
    let total_bytes = entries.iter().filter_map(CatalogueEntry::bytes).sum();
    let mut done_bytes = total_bytes - needed.iter().filter_map(|entry| entry.bytes()).sum::<u64>();
    check_space(store, &needed)?;
    // One client for all files: connections are kept. Redirects are followed, hubs send them; no secret travels here.
    let client = reqwest::Client::builder()
        .read_timeout(SILENCE_LIMIT)
        .connect_timeout(SILENCE_LIMIT)
        .build()
        .map_err(|error| Problem::new(ProblemKind::Internal, format!("Downloads cannot start ({error}).")))?;
    for entry in needed {
        let target = store.cached_path(entry.file);
        let name = entry.file.relative_path();
        let before = done_bytes;
        let mut report = |bytes_of_file: u64| {
            progress(FetchProgress {
                file: name.clone(),
                done_bytes: before + bytes_of_file,
                total_bytes,
            });
        };
        report(0);
        match &mirror {
            Mirror::Directory(directory) => copy_in(entry, &directory.join(&name), &target).await?,
            Mirror::Address(base) => {
                download(&client, entry, &format!("{base}/{name}"), &target, &mut report).await?;
            }
            Mirror::None => download_from_first(&client, entry, &target, &mut report).await?,
        }
        done_bytes += entry.bytes().unwrap_or_default();
        progress(FetchProgress {
            file: name.clone(),
            done_bytes,
            total_bytes,
        });
    }
    Ok(())
}

/// Where all files come from.
enum Mirror {
    /// Each from its own upstream source.
    None,
    /// A folder that holds them by their relative names.
    Directory(PathBuf),
    /// The same behind a base address.
    Address(String),
}

impl Mirror {
    fn parse(text: &str) -> Result<Self, Problem> {
        match text.split_once("://") {
            _ if text.is_empty() => Ok(Self::None),
            Some(("http" | "https", _)) => Ok(Self::Address(text.trim_end_matches('/').to_owned())),
            Some(("file", path)) => Ok(Self::Directory(path.into())),
            Some((scheme, _)) => Err(Problem::new(
                ProblemKind::SettingsInvalid,
                format!(
                    "Files cannot be fetched over {scheme}://. Name a mirror with https:// or http://, or a folder."
                ),
            )),
            None => Ok(Self::Directory(text.into())),
        }
    }
}

/// Tries a file's own sources in their order; the last one's failure is told.
async fn download_from_first(
    client: &reqwest::Client,
    entry: &'static CatalogueEntry,
    target: &Path,
    report: &mut (dyn FnMut(u64) + Send),
) -> Result<(), Problem> {
    let mut failure = super::not_downloadable(entry);
    for source in entry.sources {
        match download(client, entry, source, target, report).await {
            Ok(()) => return Ok(()),
            Err(problem) => {
                tracing::info!(file = %entry.file, %problem, "a_source_failed");
                failure = problem;
            }
        }
    }
    Err(failure)
}

/// Says that the disk is too small before it is full: a full disk would also keep calls from being written down.
fn check_space(store: &ModelStore, needed: &[&CatalogueEntry]) -> Result<(), Problem> {
    let here = |entry: &CatalogueEntry| {
        let part = part_of(&store.cached_path(entry.file));
        std::fs::metadata(part).map_or(0, |metadata| metadata.len())
    };
    let missing: u64 = needed
        .iter()
        .map(|entry| entry.bytes().unwrap_or_default().saturating_sub(here(entry)))
        .sum();
    // A disk that does not tell is tried.
    match fs4::available_space(store.cache()) {
        Ok(free) if free < missing.saturating_add(KEPT_FREE_BYTES) => Err(too_small(missing, free)),
        _ => Ok(()),
    }
}

fn too_small(missing: u64, free: u64) -> Problem {
    let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
    let sentence = format!(
        "The files need {} MB, and {} MB of the disk are free. Make room, then try again.",
        megabytes(missing + KEPT_FREE_BYTES),
        free / 1_000_000
    );
    Problem::new(ProblemKind::StorageFailed, sentence).with_action(ProblemAction::TryAgain)
}

/// Waits for the right to fetch, so that two processes never write one file.
async fn lock(store: &ModelStore) -> Result<File, Problem> {
    let directory = store.cache().join("models");
    let path = directory.join(".fetching");
    tokio::task::spawn_blocking(move || {
        std::fs::create_dir_all(&directory)?;
        let file = File::create(&path)?;
        file.lock()?;
        Ok(file)
    })
    .await
    .map_err(|_| interrupted())?
    .map_err(|error: std::io::Error| storage_failed(store.cache(), "written", &error))
}

async fn copy_in(entry: &'static CatalogueEntry, source: &Path, target: &Path) -> Result<(), Problem> {
    let part = part_of(target);
    create_parent(target)?;
    tokio::fs::copy(source, &part)
        .await
        .map_err(|error| storage_failed(source, "copied", &error))?;
    place(entry, &part, target).await
}

async fn download(
    client: &reqwest::Client,
    entry: &'static CatalogueEntry,
    address: &str,
    target: &Path,
    report: &mut (dyn FnMut(u64) + Send),
) -> Result<(), Problem> {
    let name = entry.file.relative_path();
    let part = part_of(target);
    create_parent(target)?;
    let here = usable_part(entry, &part).await;
    // A part of full size was stopped between download and check.
    if entry.bytes().is_none_or(|bytes| here != bytes) {
        let mut request = client.get(address);
        if here > 0 {
            request = request.header(RANGE, format!("bytes={here}-"));
        }
        let mut response = request.send().await.map_err(|error| unreachable(&name, &error))?;
        let resumed = response.status() == StatusCode::PARTIAL_CONTENT;
        if !response.status().is_success() {
            if response.status() == StatusCode::RANGE_NOT_SATISFIABLE {
                // The part does not belong to this file any more; without it the next try starts at the beginning.
                let _removed_or_absent = tokio::fs::remove_file(&part).await;
            }
            return Err(refused(&name, response.status()));
        }
        let file = std::fs::OpenOptions::new()
            .create(true)
            .write(true)
            .append(resumed)
            .truncate(!resumed)
            .open(&part);
        let mut file = file.map_err(|error| storage_failed(&part, "written", &error))?;
        let mut written = if resumed { here } else { 0 };
        while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(&name, &error))? {
            written += chunk.len() as u64;
            if entry.bytes().is_some_and(|bytes| written > bytes) {
                break;
            }
            file.write_all(&chunk)
                .map_err(|error| storage_failed(&part, "written", &error))?;
            report(written);
        }
        file.sync_all()
            .map_err(|error| storage_failed(&part, "written", &error))?;
    }
    place(entry, &part, target).await
}

/// Bytes of the part that is here. One that is larger than the file belongs to another and is thrown away: asking for the rest of it would
/// only be refused.
async fn usable_part(entry: &CatalogueEntry, part: &Path) -> u64 {
    let here = tokio::fs::metadata(part)
        .await
        .map(|metadata| metadata.len())
        .unwrap_or(0);
    if entry.bytes().is_some_and(|bytes| here > bytes) {
        let _removed_or_absent = tokio::fs::remove_file(part).await;
        return 0;
    }
    here
}

/// Checks a finished part and puts it in place; a wrong one is deleted so that the next try starts anew.
async fn place(entry: &'static CatalogueEntry, part: &Path, target: &Path) -> Result<(), Problem> {
    let checked = part.to_path_buf();
    let intact = tokio::task::spawn_blocking(move || is_intact(entry, &checked))
        .await
        .map_err(|_| interrupted())?;
    match intact {
        Ok(true) => tokio::fs::rename(part, target)
            .await
            .map_err(|error| storage_failed(target, "written", &error)),
        Ok(false) => {
            let _removed_or_absent = tokio::fs::remove_file(part).await;
            Err(Problem::new(
                ProblemKind::ModelsDamaged,
                format!(
                    "{} arrived damaged: its checksum is wrong. It was thrown away.",
                    entry.file.relative_path()
                ),
            )
            .with_action(ProblemAction::TryAgain))
        }
        Err(error) => Err(storage_failed(part, "read", &error)),
    }
}

fn part_of(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_os_string();
    name.push(".part");
    target.with_file_name(name)
}

fn create_parent(target: &Path) -> Result<(), Problem> {
    let directory = target.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(directory).map_err(|error| storage_failed(directory, "created", &error))
}

fn unreachable(name: &str, error: &reqwest::Error) -> Problem {
    let why = if error.is_timeout() {
        "it did not answer in time"
    } else {
        "it cannot be reached"
    };
    Problem::new(
        ProblemKind::Offline,
        format!("{name} was not downloaded: {why}. What is here already is kept."),
    )
    .with_action(ProblemAction::TryAgain)
}

fn refused(name: &str, status: StatusCode) -> Problem {
    Problem::new(
        ProblemKind::ProviderFailed,
        format!("{name} was not downloaded: the source answered {status}."),
    )
    .with_action(ProblemAction::TryAgain)
}

fn interrupted() -> Problem {
    Problem::new(ProblemKind::Internal, "The download was interrupted.").with_action(ProblemAction::TryAgain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_is_too_small_is_told_in_megabytes_with_what_helps() {
        let problem = too_small(92_361_271, 12_000_000);
        assert!(
            problem.sentence.contains("need 143 MB, and 12 MB"),
            "{}",
            problem.sentence
        );
        assert_eq!(problem.action, Some(ProblemAction::TryAgain));
    }
}
