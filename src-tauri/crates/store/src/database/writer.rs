//! The one thread of this process that writes to the database, and the bounded queue before it.
//!
//! Appends that wait together are committed together; nothing ever waits for company, so the group adds no delay of its own. A full queue
//! makes the appender wait. A request that fails leaves no trace, and the other requests of its group are not touched by it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;

use frontdesk_call::{CallEvent, CallId};
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use super::ledger::{self, Deletion, LedgerError};
use crate::error::{StorageFault, StoreError};

/// Requests that may wait for the writer. When it is full the appender waits; the session keeps its own bounded memory of events.
pub const WRITER_QUEUE_CAPACITY: usize = 256;
/// Most requests in one commit: at about 50 µs per event a group stays far below the 20 ms that an event may wait for its commit.
const GROUP_LIMIT: usize = 64;

/// What the writer has done since it started, for the diagnostics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriterFigures {
    /// Commits with at least one event.
    pub commits: u64,
    /// Events written.
    pub events: u64,
    /// Requests that failed.
    pub failures: u64,
    /// Requests that wait now, of at most [`WRITER_QUEUE_CAPACITY`].
    pub queued: usize,
}

#[derive(Debug, Default)]
struct Counters {
    commits: AtomicU64,
    events: AtomicU64,
    failures: AtomicU64,
}

/// One wish and where its answer goes. An answer nobody waits for any more is dropped.
enum Request {
    Append {
        events: Vec<CallEvent>,
        answer: oneshot::Sender<Result<(), StoreError>>,
    },
    Delete {
        call: CallId,
        answer: oneshot::Sender<Result<(), StoreError>>,
    },
}

/// Handle of the writer thread. Dropping it lets the thread finish what is queued and waits for its end.
#[derive(Debug)]
pub(super) struct Writer {
    requests: Option<mpsc::Sender<Request>>,
    thread: Option<JoinHandle<()>>,
    counters: Arc<Counters>,
}

impl Writer {
    /// Starts the thread on a connection that may write.
    pub(super) fn start(connection: Connection, file: &Path, instance: &str) -> Result<Self, StoreError> {
        let (requests, receiver) = mpsc::channel(WRITER_QUEUE_CAPACITY);
        let counters = Arc::new(Counters::default());
        let mut work = Work {
            connection,
            file: file.to_owned(),
            instance: instance.to_owned(),
            counters: Arc::clone(&counters),
        };
        let thread = std::thread::Builder::new()
            .name("frontdesk-journal".to_owned())
            .spawn(move || work.run(receiver))
            .map_err(|error| StoreError::file("open", file, &error))?;
        Ok(Self {
            requests: Some(requests),
            thread: Some(thread),
            counters,
        })
    }

    /// Writes events; resolves when they are committed.
    pub(super) async fn append(&self, events: Vec<CallEvent>) -> Result<(), StoreError> {
        self.ask(|answer| Request::Append { events, answer }).await
    }

    /// Deletes a call that has ended.
    pub(super) async fn delete(&self, call: CallId) -> Result<(), StoreError> {
        self.ask(|answer| Request::Delete { call, answer }).await
    }

    async fn ask(
        &self,
        request: impl FnOnce(oneshot::Sender<Result<(), StoreError>>) -> Request,
    ) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        let requests = self.requests.as_ref().ok_or(StoreError::Closed)?;
        requests.send(request(answer)).await.map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }

    pub(super) fn figures(&self) -> WriterFigures {
        WriterFigures {
            commits: self.counters.commits.load(Ordering::Relaxed),
            events: self.counters.events.load(Ordering::Relaxed),
            failures: self.counters.failures.load(Ordering::Relaxed),
            queued: self
                .requests
                .as_ref()
                .map_or(0, |sender| sender.max_capacity() - sender.capacity()),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.requests = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the journal thread ended in a panic");
        }
    }
}

/// The thread's own state.
struct Work {
    connection: Connection,
    file: PathBuf,
    instance: String,
    counters: Arc<Counters>,
}

/// An append that waits for its commit.
type Append = (Vec<CallEvent>, oneshot::Sender<Result<(), StoreError>>);

impl Work {
    fn run(&mut self, mut requests: mpsc::Receiver<Request>) {
        let mut group: Vec<Append> = Vec::with_capacity(GROUP_LIMIT);
        while let Some(first) = requests.blocking_recv() {
            let mut next = Some(first);
            while let Some(request) = next {
                match request {
                    Request::Append { events, answer } => group.push((events, answer)),
                    Request::Delete { call, answer } => {
                        // Requests keep their order.
                        self.commit(&mut group);
                        let _ = answer.send(self.delete(&call));
                    }
                }
                next = if group.len() < GROUP_LIMIT {
                    requests.try_recv().ok()
                } else {
                    None
                };
            }
            self.commit(&mut group);
        }
    }

    /// Writes and answers a group, leaving it empty.
    fn commit(&mut self, group: &mut Vec<Append>) {
        if group.is_empty() {
            return;
        }
        let batches: Vec<&[CallEvent]> = group.iter().map(|(events, _)| events.as_slice()).collect();
        let answers = self.write(&batches);
        for ((events, answer), result) in group.drain(..).zip(answers) {
            let counter = if result.is_ok() {
                &self.counters.events
            } else {
                &self.counters.failures
            };
            let amount = if result.is_ok() { events.len() as u64 } else { 1 };
            counter.fetch_add(amount, Ordering::Relaxed);
            let _ = answer.send(result);
        }
    }

    /// Writes the batches in one transaction: each batch whole or not at all, and one answer for each.
    fn write(&mut self, batches: &[&[CallEvent]]) -> Vec<Result<(), StoreError>> {
        match self.try_write(batches) {
            Ok(answers) => {
                self.counters.commits.fetch_add(1, Ordering::Relaxed);
                answers
            }
            // The transaction as a whole is gone, so every batch in it is.
            Err(error) => {
                let failure = StoreError::sqlite("write", &self.file, &error);
                vec![Err(failure); batches.len()]
            }
        }
    }

    fn try_write(&mut self, batches: &[&[CallEvent]]) -> rusqlite::Result<Vec<Result<(), StoreError>>> {
        let mut transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut answers = Vec::with_capacity(batches.len());
        for events in batches {
            let part = transaction.savepoint()?;
            match ledger::write_events(&part, &self.instance, events) {
                Ok(()) => {
                    part.commit()?;
                    answers.push(Ok(()));
                }
                Err(LedgerError::Sqlite(error)) => return Err(error),
                // A batch that is wrong in itself: it alone is taken back when the savepoint is dropped.
                Err(error) => answers.push(Err(refusal(&self.file, error))),
            }
        }
        transaction.commit()?;
        Ok(answers)
    }

    fn delete(&mut self, call: &CallId) -> Result<(), StoreError> {
        let failed = |error| StoreError::sqlite("write", &self.file, &error);
        match ledger::delete_call(&self.connection, call).map_err(|error| refusal(&self.file, error))? {
            Deletion::Unknown => Err(StoreError::NoSuchCall { call: call.to_string() }),
            Deletion::StillOpen => Err(StoreError::CallStillOpen),
            Deletion::Done => {
                // The words also stand in the write-ahead log until it is folded into the file and cut.
                self.connection
                    .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
                    .map_err(failed)
            }
        }
    }
}

/// What a failure of the ledger is for people.
pub(super) fn refusal(file: &Path, error: LedgerError) -> StoreError {
    match error {
        LedgerError::Sqlite(error) => StoreError::sqlite("write", file, &error),
        LedgerError::OutOfOrder { call, expected, given } => {
            tracing::error!(%call, expected, given, "events out of order");
            StoreError::OutOfOrder { call, expected, given }
        }
        LedgerError::Encoding => {
            tracing::error!("an event cannot be turned into JSON or back");
            StoreError::Database {
                task: "write",
                file: file.to_owned(),
                fault: StorageFault::Unexpected,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_call::event::EndReason;

    use super::*;
    use crate::database::schema;
    use crate::sample::Script;

    #[test]
    fn a_full_disk_refuses_with_its_reason_and_what_was_refused_is_written_later_in_order() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("d.sqlite3");
        schema::prepare(&file, &directory.path().join("copies"), &schema::MIGRATIONS).unwrap();
        let counters = Arc::new(Counters::default());
        let connection = schema::connect(&file).unwrap();
        let mut work = Work {
            connection,
            file,
            instance: "i".to_owned(),
            counters,
        };
        let pages: u32 = work
            .connection
            .pragma_query_value(None, "page_count", |row| row.get(0))
            .unwrap();
        // SQLite's own limit answers like a disk without space.
        work.connection
            .pragma_update(None, "max_page_count", pages + 3)
            .unwrap();

        let mut script = Script::begin("long", "2026-11-20T10:00:00Z");
        let sentence = "a long sentence ".repeat(40);
        for turn in 0..60 {
            script.typed(&format!("c{turn}"), &format!("{turn} {sentence}"));
        }
        script.end(EndReason::HungUp);
        let batches: Vec<&[CallEvent]> = script.events.chunks(5).collect();
        let mut written = 0;
        let refusal = loop {
            match work.write(&batches[written..=written]).remove(0) {
                Ok(()) => written += 1,
                Err(refusal) => break refusal,
            }
        };
        assert!(written > 0 && written < batches.len());
        assert!(
            matches!(
                refusal,
                StoreError::Database {
                    fault: StorageFault::DiskFull,
                    ..
                }
            ),
            "{refusal:?}"
        );
        let problem = refusal.not_saved();
        assert_eq!(problem.kind, frontdesk_call::ProblemKind::NotSaved);
        assert!(problem.sentence.contains("the disk is full"), "{problem}");

        work.connection
            .pragma_update(None, "max_page_count", pages + 1000)
            .unwrap();
        for answer in work.write(&batches[written..]) {
            answer.unwrap();
        }
        let kept: Vec<String> = work
            .connection
            .prepare("SELECT body FROM events ORDER BY seq")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let given: Vec<String> = script
            .events
            .iter()
            .map(|event| serde_json::to_string(event).unwrap())
            .collect();
        assert_eq!(kept, given);
    }
}
