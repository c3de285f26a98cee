//! The journal against the death of its process, other processes on the same database, and a disk that is full.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a helper that cannot go on fails its test"
)]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use frontdesk_call::event::EndReason;
use frontdesk_call::{CallEventBody, CallId};
use frontdesk_store::Database;
use frontdesk_store::history::PageRequest;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

const WRITER: &str = env!("CARGO_BIN_EXE_journal_writer");
/// Moments at which the writer is killed.
const KILLS: u64 = 200;
const EVERYTHING: PageRequest = PageRequest { offset: 0, limit: 500 };

/// A writer process and what it says.
struct Writer {
    process: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
    kept: HashMap<CallId, u64>,
}

impl Writer {
    fn start(mut command: Command, directory: &Path, arguments: &[String]) -> Self {
        command
            .arg(directory)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Self {
            process,
            lines,
            kept: HashMap::new(),
        }
    }

    /// Reads lines until `enough`, or until the process is gone. Remembers the newest kept event of each call.
    fn listen(&mut self, mut enough: impl FnMut(&str) -> bool) {
        for line in self.lines.by_ref() {
            let line = line.unwrap();
            if let ["kept", call, seq] = line.split(' ').collect::<Vec<_>>().as_slice() {
                self.kept.insert(CallId::from_recorded(*call), seq.parse().unwrap());
            }
            if enough(&line) {
                return;
            }
        }
    }

    /// SIGKILL, then everything that was printed before it.
    fn kill(mut self) -> HashMap<CallId, u64> {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.listen(|_| false);
        std::mem::take(&mut self.kept)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Already gone when the test went well.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Checks that all that was printed is there, without a gap, and closed with `reason`.
async fn check_kept(database: &Database, kept: &HashMap<CallId, u64>, reason: EndReason) -> Result<(), String> {
    for (call, newest) in kept {
        let record = database.history().call(call).await.map_err(|error| error.to_string())?;
        let count = record.events.len() as u64;
        if !record.events.iter().map(|event| event.seq).eq(0..count) {
            return Err(format!("call {call} has a gap"));
        }
        // An interrupted call has one more event than its process wrote: its end.
        let written = if reason == EndReason::Interrupted {
            count - 1
        } else {
            count
        };
        if written <= *newest {
            return Err(format!(
                "call {call} has {written} events and was promised number {newest}"
            ));
        }
        let ended = CallEventBody::CallEnded { reason, problem: None };
        if record.summary.end_reason != Some(reason) || record.events.last().map(|event| &event.body) != Some(&ended) {
            return Err(format!("call {call} did not end as {reason:?}"));
        }
    }
    Ok(())
}

#[tokio::test]
async fn what_was_printed_before_a_kill_is_in_the_database_and_the_call_is_closed_as_interrupted() {
    let seed = match std::env::var("FRONTDESK_TEST_SEED") {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => rand::random(),
    };
    println!("seed: repeat with FRONTDESK_TEST_SEED={seed}");
    let directory = tempfile::tempdir().unwrap();
    let mut random = StdRng::seed_from_u64(seed);
    let mut total = 0;
    for _ in 0..KILLS {
        let mut writer = Writer::start(
            Command::new(WRITER),
            directory.path(),
            &[random.random::<u32>().to_string()],
        );
        // A moment: a number of events, and then somewhere inside the next ones.
        let mut events_left: u32 = random.random_range(0..30);
        if events_left > 0 {
            writer.listen(|_| {
                events_left -= 1;
                events_left == 0
            });
        }
        for _ in 0..random.random_range(0..200_000_u32) {
            std::hint::spin_loop();
        }
        let kept = writer.kill();
        total += kept.values().map(|newest| newest + 1).sum::<u64>();
        let database = Database::open(directory.path()).unwrap();
        assert!(database.recovered_calls() >= kept.len());
        check_kept(&database, &kept, EndReason::Interrupted).await.unwrap();
    }
    let database = Database::open(directory.path()).unwrap();
    let last = database.history().list(EVERYTHING).await.unwrap().calls.remove(0);
    let lost = HashMap::from([(last.id, last.counts.events - 1)]);
    assert!(
        check_kept(&database, &lost, EndReason::Interrupted).await.is_err(),
        "the check must see a lost event"
    );
    drop(database);
    println!("{KILLS} kills, {total} events were promised and none is missing");
    assert!(total > KILLS, "the writer hardly wrote: the test shows nothing");
    let locks = std::fs::read_dir(directory.path().join("instances")).unwrap().count();
    assert_eq!(locks, 0, "lock files of the dead are removed");
}

#[tokio::test]
async fn two_processes_write_to_one_database_and_only_the_dead_ones_calls_are_closed() {
    let directory = tempfile::tempdir().unwrap();
    let mut first = Writer::start(Command::new(WRITER), directory.path(), &["1".to_owned()]);
    first.listen(|line| line.ends_with(" 20"));
    let mut second = Writer::start(
        Command::new(WRITER),
        directory.path(),
        &["2".to_owned(), "200".to_owned()],
    );
    second.listen(|_| false);
    assert_eq!(second.kept.len(), 2);

    let database = Database::open(directory.path()).unwrap();
    assert_eq!(database.recovered_calls(), 0);
    check_kept(&database, &second.kept, EndReason::HungUp).await.unwrap();
    let open = database
        .history()
        .list(EVERYTHING)
        .await
        .unwrap()
        .calls
        .into_iter()
        .filter(|call| call.open)
        .count();
    assert_eq!(open, 2, "the calls of the first process go on");

    let kept = first.kill();
    let again = Database::open(directory.path()).unwrap();
    assert_eq!(again.recovered_calls(), 2);
    check_kept(&again, &kept, EndReason::Interrupted).await.unwrap();
}

/// A file size limit stands for a full disk: it needs no rights and can be lifted while the process runs.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_refuses_events_and_they_are_written_in_order_when_there_is_space_again() {
    let directory = tempfile::tempdir().unwrap();
    // Without the trap the limit would kill the process instead of failing the write.
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", WRITER]);
    let mut writer = Writer::start(command, directory.path(), &["3".to_owned(), "400".to_owned()]);
    writer.listen(|line| line.ends_with(" 30"));
    let log = directory.path().join("frontdesk.sqlite3-wal");
    limit_file_size(
        &writer.process,
        &(std::fs::metadata(&log).unwrap().len() + 8_192).to_string(),
    );
    let mut refusal = None;
    writer.listen(|line| {
        refusal = line.strip_prefix("refused ").map(str::to_owned);
        refusal.is_some()
    });
    assert_eq!(refusal.as_deref(), Some("notSaved"));

    limit_file_size(&writer.process, "unlimited");
    let mut input = writer.process.stdin.take().unwrap();
    // One line for each of the two calls that may have been refused.
    input.write_all(b"go on\ngo on\n").unwrap();
    writer.listen(|_| false);
    assert!(writer.process.wait().unwrap().success());
    assert_eq!(writer.kept.values().copied().collect::<Vec<_>>(), [399, 399]);
    let database = Database::open(directory.path()).unwrap();
    assert_eq!(database.recovered_calls(), 0);
    check_kept(&database, &writer.kept, EndReason::HungUp).await.unwrap();
}

/// Changes the soft limit of a running process.
#[cfg(target_os = "linux")]
fn limit_file_size(process: &Child, bytes: &str) {
    let status = Command::new("prlimit")
        .args(["--pid", &process.id().to_string(), &format!("--fsize={bytes}:")])
        .status()
        .expect("this test needs prlimit, of the package util-linux");
    assert!(status.success());
}
