//! All events of one call in memory, for any number of readers: everything so far, then live, without gaps.
//!
//! A reader holds only a position, so a slow one costs nothing, blocks nobody and loses nothing. The recorder writes; the lock is held for
//! a push or a copy of pointers, never across a wait. Any thread may read.

use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::watch;

use crate::event::{CallEvent, CallEventBody};

/// Most events of one call that are kept. When it is reached, new *deltas* are dropped before they get a number; their finals carry the
/// whole text, so nothing is lost. A day of conversation stays below it.
pub(crate) const EVENT_CAPACITY: usize = 200_000;

/// How far the log is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// Events that readers may see.
    pub(crate) shown: usize,
    /// Events that the journal keeps.
    pub(crate) saved: usize,
    /// No more events come, and all are shown.
    pub(crate) closed: bool,
}

/// The log. See the module's header.
#[derive(Debug)]
pub(crate) struct EventLog {
    events: RwLock<Vec<Arc<CallEvent>>>,
    progress: watch::Sender<Progress>,
}

impl EventLog {
    /// An empty log.
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            events: RwLock::default(),
            progress: watch::Sender::default(),
        })
    }

    /// Adds an event that nobody sees yet.
    pub(crate) fn push(&self, event: CallEvent) {
        self.events
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Arc::new(event));
    }

    /// Number of events, seen or not.
    pub(crate) fn len(&self) -> usize {
        self.events.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Events from `from` up to and without `to`.
    pub(crate) fn range(&self, from: usize, to: usize) -> Vec<Arc<CallEvent>> {
        let events = self.events.read().unwrap_or_else(PoisonError::into_inner);
        events
            .get(from..to.min(events.len()))
            .map(<[_]>::to_vec)
            .unwrap_or_default()
    }

    /// Moves the log on and wakes its readers.
    pub(crate) fn advance(&self, change: impl FnOnce(&mut Progress)) {
        self.progress.send_if_modified(|progress| {
            let before = *progress;
            change(progress);
            *progress != before
        });
    }

    /// How far it is.
    pub(crate) fn watch(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }
}

/// One reader of a call's events, from the first event to `callEnded`.
#[derive(Clone, Debug)]
pub struct CallEvents {
    log: Arc<EventLog>,
    progress: watch::Receiver<Progress>,
    next: usize,
}

impl CallEvents {
    pub(crate) fn new(log: &Arc<EventLog>) -> Self {
        Self {
            log: Arc::clone(log),
            progress: log.watch(),
            next: 0,
        }
    }

    /// All events that are there and were not taken, without waiting. After subscribing: the snapshot of the call so far.
    pub fn ready(&mut self) -> Vec<Arc<CallEvent>> {
        let shown = self.progress.borrow_and_update().shown;
        let events = self.log.range(self.next, shown);
        self.next += events.len();
        events
    }

    /// Waits for the next events and takes all that are there. `None` after the last event of the call.
    pub async fn next_batch(&mut self) -> Option<Vec<Arc<CallEvent>>> {
        self.wait().await.then(|| self.ready())
    }

    /// Waits for the next event. `None` after the last event of the call. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Arc<CallEvent>> {
        if !self.wait().await {
            return None;
        }
        let event = self.log.range(self.next, self.next + 1).pop()?;
        self.next += 1;
        Some(event)
    }

    /// True when there is an event to take, false when there will be none.
    async fn wait(&mut self) -> bool {
        let next = self.next;
        let news = self
            .progress
            .wait_for(|progress| progress.shown > next || progress.closed)
            .await;
        news.is_ok_and(|progress| progress.shown > next)
    }
}

/// True for an event that only says more of something whose whole comes later.
pub(crate) fn is_delta(body: &CallEventBody) -> bool {
    matches!(
        body,
        CallEventBody::CallerTranscriptDelta { .. } | CallEventBody::ReplyDelta { .. }
    )
}
