//! `frontdeskd models` against a mirror over HTTP that serves the real files: everything, half a file, a wrong byte, nothing.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![cfg(unix)]

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Output;

use frontdesk_app::models::CATALOGUE;
use frontdesk_tests::model_mirror::{Fetched, Manner, ModelMirror};
use tempfile::TempDir;

/// Small enough to be fetched in each test; large enough to be many pieces.
const DICTIONARY: &str = "cmudict/cmudict.dict";
const DICTIONARY_BYTES: u64 = 3_618_488;
/// The largest one.
const VOICE: &str = "piper-joe/en_US-joe-medium.onnx";

/// A computer with a cache and settings of its own.
struct Desk {
    place: TempDir,
}

impl Desk {
    /// One that has no file yet.
    fn bare() -> Self {
        Self {
            place: tempfile::tempdir().unwrap(),
        }
    }

    /// One that has all files but these. They are links to the real ones, which are never written to.
    fn lacking(names: &[&str]) -> Self {
        let desk = Self::bare();
        let real = frontdesk_tests::model_cache().unwrap();
        for name in all_names().iter().filter(|name| !names.contains(&name.as_str())) {
            let path = desk.file(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            symlink(real.join("models").join(name), path).unwrap();
        }
        desk
    }

    fn file(&self, name: &str) -> PathBuf {
        self.place.path().join("cache/models").join(name)
    }

    /// What is here of a file that is not whole.
    fn part(&self, name: &str) -> PathBuf {
        self.file(&format!("{name}.part"))
    }

    fn place_part(&self, name: &str, bytes: &[u8]) {
        let part = self.part(name);
        std::fs::create_dir_all(part.parent().unwrap()).unwrap();
        std::fs::write(part, bytes).unwrap();
    }

    /// Names the mirror in the settings.
    fn settle_on(&self, mirror: &ModelMirror) {
        let data = self.place.path().join("data");
        std::fs::create_dir_all(&data).unwrap();
        let settings = format!("[models]\nmirror = \"{}\"\n", mirror.url());
        std::fs::write(data.join("settings.toml"), settings).unwrap();
    }

    async fn run(&self, arguments: &[&str]) -> Output {
        let program = frontdesk_tests::program("FRONTDESK_TEST_HEADLESS").unwrap();
        let mut command = tokio::process::Command::new(program);
        command
            .arg("--data-dir")
            .arg(self.place.path().join("data"))
            .args(arguments)
            .env("FRONTDESK_CACHE_DIR", self.place.path().join("cache"));
        // A proxy of the network could not reach the mirror.
        for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
            command.env_remove(name);
        }
        command.output().await.unwrap()
    }

    async fn fetch(&self, mirror: &ModelMirror) -> Output {
        self.run(&["models", "fetch", "--mirror", &mirror.url()]).await
    }

    /// The files that `models verify` does not find whole, with their state. It reads every byte.
    async fn faults(&self) -> Vec<String> {
        let verified = self.run(&["models", "verify"]).await;
        let text = String::from_utf8(verified.stdout).unwrap();
        let states = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let faults: Vec<String> = states
            .filter(|words| matches!(words[0], "missing" | "damaged"))
            .map(|words| format!("{} {}", words[0], words[3]))
            .collect();
        let code = if faults.is_empty() { 0 } else { 3 };
        assert_eq!(verified.status.code(), Some(code), "{text}");
        faults
    }
}

fn all_names() -> Vec<String> {
    CATALOGUE.iter().map(|entry| entry.file.relative_path()).collect()
}

async fn mirror(manners: impl IntoIterator<Item = (&'static str, Manner)>) -> ModelMirror {
    let cache = frontdesk_tests::model_cache().unwrap();
    ModelMirror::start(&cache, manners).await.unwrap()
}

fn real(name: &str) -> Vec<u8> {
    let cache = frontdesk_tests::model_cache().unwrap();
    std::fs::read(cache.join("models").join(name)).unwrap()
}

fn error_text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn assert_done(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{}", error_text(output));
}

fn from(name: &str, byte: u64) -> Fetched {
    Fetched {
        name: name.to_owned(),
        from: byte,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_file_comes_from_the_mirror_of_the_settings_and_is_whole() {
    let desk = Desk::bare();
    let mirror = mirror([(VOICE, Manner::Redirects)]).await;
    desk.settle_on(&mirror);
    assert_eq!(
        desk.faults().await.len(),
        CATALOGUE.len(),
        "a bare computer has nothing"
    );

    let fetched = desk.run(&["models", "fetch"]).await;
    assert_done(&fetched);
    let progress = error_text(&fetched);
    let from_the_start: Vec<Fetched> = all_names().iter().map(|name| from(name, 0)).collect();
    assert_eq!(mirror.fetched(), from_the_start);
    assert!(all_names().iter().all(|name| progress.contains(name)), "{progress}");
    assert_eq!(desk.faults().await, Vec::<String>::new());
    for name in all_names() {
        assert!(!desk.part(&name).exists(), "{name}");
    }

    assert_done(&desk.run(&["models", "fetch"]).await);
    assert_eq!(
        mirror.fetched().len(),
        CATALOGUE.len(),
        "what is here is not fetched again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_that_broke_off_goes_on_where_it_stopped() {
    let desk = Desk::lacking(&[DICTIONARY]);
    let breaking = mirror([(DICTIONARY, Manner::BreaksOffAfter(DICTIONARY_BYTES / 2))]).await;
    let broken = desk.fetch(&breaking).await;
    assert_eq!(broken.status.code(), Some(1));
    assert!(error_text(&broken).contains(DICTIONARY), "{}", error_text(&broken));
    assert!(
        error_text(&broken).contains("What is here already is kept"),
        "{}",
        error_text(&broken)
    );
    assert_eq!(desk.faults().await, [format!("missing {DICTIONARY}")]);
    let here = std::fs::metadata(desk.part(DICTIONARY)).unwrap().len();
    assert!((1..=DICTIONARY_BYTES / 2).contains(&here), "{here}");

    let good = mirror([(DICTIONARY, Manner::Redirects)]).await;
    assert_done(&desk.fetch(&good).await);
    assert_eq!(good.fetched(), [from(DICTIONARY, here)]);
    assert_eq!(desk.faults().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mirror_that_knows_no_ranges_is_read_from_the_start() {
    let desk = Desk::lacking(&[DICTIONARY]);
    let half = DICTIONARY_BYTES / 2;
    desk.place_part(DICTIONARY, &real(DICTIONARY)[..half as usize]);
    let mirror = mirror([(DICTIONARY, Manner::IgnoresRange)]).await;
    assert_done(&desk.fetch(&mirror).await);
    assert_eq!(mirror.fetched(), [from(DICTIONARY, half)]);
    assert_eq!(desk.faults().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_one_wrong_byte_is_refused_by_name_and_not_kept() {
    let desk = Desk::lacking(&[DICTIONARY]);
    let wrong = mirror([(DICTIONARY, Manner::WrongByteAt(DICTIONARY_BYTES - 1))]).await;
    let refused = desk.fetch(&wrong).await;
    assert_eq!(refused.status.code(), Some(3));
    let said = error_text(&refused);
    assert!(
        said.contains(&format!("{DICTIONARY} arrived damaged: its checksum is wrong")),
        "{said}"
    );
    assert!(!desk.file(DICTIONARY).exists() && !desk.part(DICTIONARY).exists());
    assert_eq!(desk.faults().await, [format!("missing {DICTIONARY}")]);

    let good = mirror([]).await;
    assert_done(&desk.fetch(&good).await);
    assert_eq!(good.fetched(), [from(DICTIONARY, 0)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_does_not_belong_to_the_file_costs_one_try_and_no_more() {
    let mut altered = real(DICTIONARY)[..1_000_000].to_vec();
    altered[500] ^= 1;
    let of_full_size = vec![7; DICTIONARY_BYTES as usize];
    for part in [altered, of_full_size] {
        let desk = Desk::lacking(&[DICTIONARY]);
        desk.place_part(DICTIONARY, &part);
        let mirror = mirror([]).await;
        let first = desk.fetch(&mirror).await;
        assert_ne!(first.status.code(), Some(0), "{} bytes", part.len());
        assert!(error_text(&first).contains(DICTIONARY), "{}", error_text(&first));
        assert_eq!(desk.faults().await, [format!("missing {DICTIONARY}")]);
        assert_done(&desk.fetch(&mirror).await);
        assert_eq!(mirror.fetched().last(), Some(&from(DICTIONARY, 0)));
        assert_eq!(desk.faults().await, Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_is_larger_than_the_file_costs_no_try() {
    let desk = Desk::lacking(&[DICTIONARY]);
    desk.place_part(DICTIONARY, &vec![7; DICTIONARY_BYTES as usize + 1]);
    let mirror = mirror([]).await;
    assert_done(&desk.fetch(&mirror).await);
    assert_eq!(mirror.fetched(), [from(DICTIONARY, 0)], "no range was asked for");
    assert_eq!(desk.faults().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_truncated_file_stops_a_call_with_the_command_that_mends_it() {
    let desk = Desk::lacking(&[DICTIONARY]);
    std::fs::create_dir_all(desk.file(DICTIONARY).parent().unwrap()).unwrap();
    std::fs::write(desk.file(DICTIONARY), &real(DICTIONARY)[..1_000]).unwrap();
    let caller = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/callers/3-goodbye.wav");
    let call = ["call", "--backend", "local", "--input", caller.to_str().unwrap()];
    let refused = desk.run(&call).await;
    assert_eq!(refused.status.code(), Some(3));
    let said = error_text(&refused);
    assert!(
        said.contains("damaged") && said.contains("frontdeskd models fetch"),
        "{said}"
    );
    assert!(refused.stdout.is_empty(), "nothing was begun");
    assert_eq!(desk.faults().await, [format!("damaged {DICTIONARY}")]);

    let mirror = mirror([]).await;
    assert_done(&desk.fetch(&mirror).await);
    assert_eq!(
        mirror.fetched(),
        [from(DICTIONARY, 0)],
        "only what is damaged is fetched"
    );
    assert_eq!(desk.faults().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mirror_without_the_file_or_without_anybody_is_said_with_the_files_name() {
    let desk = Desk::lacking(&[DICTIONARY]);
    let without = mirror([(DICTIONARY, Manner::Missing)]).await;
    let refused = desk.fetch(&without).await;
    assert_eq!(refused.status.code(), Some(1));
    let said = error_text(&refused);
    assert!(said.contains(DICTIONARY) && said.contains("404"), "{said}");

    // Nobody listens on the port that no server ever has.
    let offline = desk.run(&["models", "fetch", "--mirror", "http://127.0.0.1:1"]).await;
    assert_eq!(offline.status.code(), Some(1));
    let said = error_text(&offline);
    assert!(
        said.contains(DICTIONARY) && said.contains("cannot be reached"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_downloads_at_the_same_time_fetch_each_file_once() {
    let desk = Desk::lacking(&[DICTIONARY]);
    let mirror = mirror([]).await;
    let (one, other) = tokio::join!(desk.fetch(&mirror), desk.fetch(&mirror));
    assert_done(&one);
    assert_done(&other);
    assert_eq!(mirror.fetched(), [from(DICTIONARY, 0)]);
    assert_eq!(desk.faults().await, Vec::<String>::new());
}
