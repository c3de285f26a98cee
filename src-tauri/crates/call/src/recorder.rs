//! The recorder of one call: numbers its events, has them journaled, and only then shows them.
//!
//! One task per call. What arrives while the journal writes goes into the next batch. A journal that fails or hangs never holds a call up:
//! from then on events are shown at once, one warning says so, and the waiting events (they are in memory anyway, in [`EventLog`], bounded
//! by [`EVENT_CAPACITY`]) are written in order as soon as the journal works again, also after the call's end.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::event::{CallEvent, CallEventBody, EVENT_VERSION, EndReason};
use crate::event_log::{EVENT_CAPACITY, EventLog, is_delta};
use crate::identity::{CallId, WallTime};
use crate::journal::Journal;
use crate::problem::{Problem, ProblemKind};

/// Events on their way to the recorder. It never waits for the journal before it takes them, so the queue is empty in practice; when it is
/// full the session waits.
pub(crate) const DRAFT_CAPACITY: usize = 1_024;

/// Most events in one journal batch.
pub(crate) const BATCH_CAPACITY: usize = 512;

/// A journal that has not answered for this long counts as failed: events are shown without it.
pub(crate) const JOURNAL_PATIENCE: Duration = Duration::from_secs(2);

/// Wait before a failed batch is tried again; doubles up to [`LONGEST_RETRY`].
pub(crate) const FIRST_RETRY: Duration = Duration::from_millis(500);

/// Longest wait between two tries.
pub(crate) const LONGEST_RETRY: Duration = Duration::from_secs(10);

/// An event that has no number yet.
#[derive(Debug)]
pub(crate) struct Draft {
    /// What happened.
    pub(crate) body: CallEventBody,
    /// Milliseconds since the call started.
    pub(crate) ms: u64,
}

type Append = Pin<Box<dyn Future<Output = Result<usize, Problem>> + Send>>;

/// The journal has failed.
struct Outage {
    retry_at: Instant,
    delay: Duration,
}

/// See the module's header.
pub(crate) struct Recorder {
    call_id: CallId,
    log: Arc<EventLog>,
    journal: Arc<dyn Journal>,
    drafts: mpsc::Receiver<Draft>,
    saved: usize,
    outage: Option<Outage>,
    last_ms: u64,
    ended: bool,
}

impl Recorder {
    pub(crate) fn new(
        call_id: CallId,
        log: Arc<EventLog>,
        journal: Arc<dyn Journal>,
        drafts: mpsc::Receiver<Draft>,
    ) -> Self {
        Self {
            call_id,
            log,
            journal,
            drafts,
            saved: 0,
            outage: None,
            last_ms: 0,
            ended: false,
        }
    }

    /// Records until the session is gone and everything is saved.
    pub(crate) async fn run(mut self) {
        let mut waiting = Vec::with_capacity(BATCH_CAPACITY);
        let mut append: Option<Append> = None;
        let mut append_until = Instant::now();
        let mut open = true;
        while open || append.is_some() || self.saved < self.log.len() {
            if append.is_none()
                && self.saved < self.log.len()
                && self
                    .outage
                    .as_ref()
                    .is_none_or(|outage| outage.retry_at <= Instant::now())
            {
                append = Some(self.append());
                append_until = Instant::now() + JOURNAL_PATIENCE;
            }
            let patient = append.is_some() && self.outage.is_none();
            let retry_at = self
                .outage
                .as_ref()
                .filter(|_| append.is_none())
                .map(|outage| outage.retry_at);
            tokio::select! {
                biased;
                result = finished(&mut append), if append.is_some() => {
                    append = None;
                    self.appended(result);
                }
                count = self.drafts.recv_many(&mut waiting, BATCH_CAPACITY), if open => {
                    open = count > 0;
                    waiting.drain(..).for_each(|draft| self.take(draft));
                    if !open {
                        self.close();
                    }
                }
                () = sleep_until(append_until), if patient => self.failed(&no_answer()),
                () = sleep_until(retry_at.unwrap_or_else(Instant::now)), if retry_at.is_some() => {}
            }
            self.show();
        }
    }

    /// Writes the next batch. The future owns what it needs, so that the recorder goes on taking events meanwhile.
    fn append(&self) -> Append {
        let batch = self.log.range(self.saved, self.saved + BATCH_CAPACITY);
        let journal = Arc::clone(&self.journal);
        Box::pin(async move {
            let count = batch.len();
            let events = batch.iter().map(|event| CallEvent::clone(event)).collect();
            journal.append(events).await.map(|()| count)
        })
    }

    fn appended(&mut self, result: Result<usize, Problem>) {
        match result {
            Ok(count) => {
                self.saved += count;
                if self.outage.is_some() && self.saved == self.log.len() {
                    self.outage = None;
                    self.note(CallEventBody::Recovered {
                        kind: ProblemKind::NotSaved,
                    });
                } else if let Some(outage) = &mut self.outage {
                    outage.retry_at = Instant::now();
                    outage.delay = FIRST_RETRY;
                }
            }
            Err(problem) => self.failed(&problem),
        }
    }

    /// The journal failed: readers are served without it, and are told once.
    fn failed(&mut self, problem: &Problem) {
        let delay = self
            .outage
            .as_ref()
            .map_or(FIRST_RETRY, |outage| (outage.delay * 2).min(LONGEST_RETRY));
        let first = self.outage.is_none();
        self.outage = Some(Outage {
            retry_at: Instant::now() + delay,
            delay,
        });
        tracing::warn!(kind = ?problem.kind, call = %self.call_id, "call events cannot be saved at the moment");
        if first {
            let problem = if problem.kind == ProblemKind::NotSaved {
                problem.clone()
            } else {
                let sentence = format!("This call is not being saved. {}", problem.sentence);
                Problem::new(ProblemKind::NotSaved, sentence)
            };
            self.note(CallEventBody::Warning { problem });
        }
    }

    /// An event of the recorder's own; never after the last one.
    fn note(&mut self, body: CallEventBody) {
        if !self.ended {
            let ms = self.last_ms;
            self.take(Draft { body, ms });
        }
    }

    fn take(&mut self, draft: Draft) {
        let seq = self.log.len();
        if self.ended || (seq >= EVENT_CAPACITY && is_delta(&draft.body)) {
            return;
        }
        self.last_ms = self.last_ms.max(draft.ms);
        self.ended = matches!(draft.body, CallEventBody::CallEnded { .. });
        self.log.push(CallEvent {
            v: EVENT_VERSION,
            seq: seq as u64,
            call_id: self.call_id.clone(),
            at: WallTime(Timestamp::now()),
            ms: self.last_ms,
            body: draft.body,
        });
    }

    /// The session is gone. It always ends a call before it goes; should it have died, readers still get an end.
    fn close(&mut self) {
        let problem = Problem::new(
            ProblemKind::Internal,
            "The call ended because of a fault inside Frontdesk.",
        );
        self.note(CallEventBody::CallEnded {
            reason: EndReason::Failed,
            problem: Some(problem),
        });
    }

    /// Shows what is saved; during an outage everything.
    fn show(&self) {
        let shown = if self.outage.is_some() {
            self.log.len()
        } else {
            self.saved
        };
        let closed = self.ended && shown == self.log.len();
        self.log.advance(|progress| {
            progress.shown = progress.shown.max(shown);
            progress.saved = self.saved;
            progress.closed |= closed;
        });
    }
}

fn no_answer() -> Problem {
    let sentence = "This call is not being saved: the disk does not answer. The call goes on, and is saved as soon as that is over.";
    Problem::new(ProblemKind::NotSaved, sentence)
}

async fn finished(append: &mut Option<Append>) -> Result<usize, Problem> {
    match append {
        Some(append) => append.await,
        None => std::future::pending().await,
    }
}
