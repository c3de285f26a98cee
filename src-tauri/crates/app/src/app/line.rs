//! The one line of this program: the call that is being made ready, and the call in progress or the last one. State behind one lock that
//! is never held over a wait, so that between "is the line free" and "it is taken" nobody else can come. Any thread.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use frontdesk_audio::LegControl;
use frontdesk_call::problem::{Problem, ProblemAction, ProblemKind};
use frontdesk_call::{CallHandle, CallId};
use tokio::sync::watch;

/// The line. One call at a time is made or in progress on it.
#[derive(Default)]
pub(super) struct Line(Mutex<State>);

#[derive(Default)]
struct State {
    /// Told when the call that is being made shall not begin. There from the reservation to its end.
    reserved: Option<watch::Sender<bool>>,
    /// The native call in progress, or the last one: a window may subscribe to a call that has just failed.
    call: Option<NativeCall>,
    /// How often the line was taken.
    taken: u64,
}

/// A call with microphone and speaker.
#[derive(Clone)]
pub(super) struct NativeCall {
    /// The call.
    pub handle: CallHandle,
    /// Its devices.
    pub control: LegControl,
}

/// The line, taken for one call. Dropping it frees the line for another, unless a native call is in progress on it.
pub(super) struct Reservation {
    line: Arc<Line>,
    cancelled: watch::Receiver<bool>,
}

impl Line {
    /// Takes the line.
    ///
    /// # Errors
    /// When a call is being made or in progress.
    pub(super) fn reserve(self: &Arc<Self>) -> Result<Reservation, Problem> {
        let mut state = self.state();
        if state.reserved.is_some() || state.in_progress().is_some() {
            return Err(Problem::new(
                ProblemKind::Internal,
                "A call is in progress. End it before you start another.",
            ));
        }
        let (cancel, cancelled) = watch::channel(false);
        state.reserved = Some(cancel);
        state.taken += 1;
        Ok(Reservation {
            line: Arc::clone(self),
            cancelled,
        })
    }

    /// What `work` gives when no call was made or in progress from its beginning to its end; where one is from the start, `work` is not begun.
    /// For what a call would falsify. A call that begins meanwhile goes first: it does not wait for the work, and the work is for nothing.
    pub(super) async fn while_free<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let taken = self.taken_so_far_if_free()?;
        let done = work.await;
        (self.taken_so_far_if_free() == Some(taken)).then_some(done)
    }

    /// Whether no call is made or in progress.
    pub(super) fn is_free(&self) -> bool {
        self.taken_so_far_if_free().is_some()
    }

    fn taken_so_far_if_free(&self) -> Option<u64> {
        let state = self.state();
        let is_free = state.reserved.is_none() && state.in_progress().is_none();
        is_free.then_some(state.taken)
    }

    /// Cancels the call that is being made, if there is one. It does not begin any more.
    pub(super) fn cancel(&self) {
        if let Some(reserved) = &self.state().reserved {
            reserved.send_replace(true);
        }
    }

    /// The native call in progress.
    pub(super) fn in_progress(&self) -> Option<NativeCall> {
        self.state().in_progress().cloned()
    }

    /// The native call of this identity, in progress or the last one.
    pub(super) fn call(&self, id: &CallId) -> Option<NativeCall> {
        self.state()
            .call
            .as_ref()
            .filter(|call| call.handle.id() == id)
            .cloned()
    }

    /// The native call in progress, or the last one.
    pub(super) fn latest(&self) -> Option<NativeCall> {
        self.state().call.clone()
    }

    /// Takes the call off the line, for the end of the program.
    pub(super) fn take(&self) -> Option<NativeCall> {
        self.state().call.take()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn in_progress(&self) -> Option<&NativeCall> {
        self.call.as_ref().filter(|call| !call.handle.is_over())
    }
}

impl Reservation {
    /// Does what has to be done before the call can begin, and gives nothing as soon as the call is cancelled.
    ///
    /// # Errors
    /// That of `work`.
    pub(super) async fn prepare<T>(
        &mut self,
        work: impl Future<Output = Result<T, Problem>>,
    ) -> Result<Option<T>, Problem> {
        tokio::select! {
            biased;
            // The sender stands in the line until this reservation is dropped.
            _ = self.cancelled.wait_for(|cancelled| *cancelled) => Ok(None),
            prepared = work => prepared.map(Some),
        }
    }

    /// Begins a native call with `begin` and puts it on the line, or gives nothing when it was cancelled. Nobody can cancel in between: what
    /// `begin` opens is opened for a call that can be ended.
    ///
    /// # Errors
    /// That of `begin`.
    pub(super) fn begin(
        self,
        begin: impl FnOnce() -> Result<NativeCall, Problem>,
    ) -> Result<Option<NativeCall>, Problem> {
        let mut state = self.line.state();
        if *self.cancelled.borrow() {
            return Ok(None);
        }
        let call = begin()?;
        state.call = Some(call.clone());
        Ok(Some(call))
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.line.state().reserved = None;
    }
}

/// What is said where a call is in the way.
pub(super) fn call_in_the_way(why: &str) -> Problem {
    let sentence = format!("A call is in progress. {why} Try again when the call has ended.");
    Problem::new(ProblemKind::Internal, sentence).with_action(ProblemAction::TryAgain)
}

/// What is said where a call would be needed.
pub(super) fn no_call() -> Problem {
    Problem::new(ProblemKind::Internal, "There is no call in progress.").with_action(ProblemAction::TryAgain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_a_call_would_falsify_is_not_begun_during_one_and_counts_for_nothing_when_one_begins() {
        let line = Arc::new(Line::default());
        assert_eq!(line.while_free(async { 1 }).await, Some(1));

        let reservation = line.reserve().unwrap();
        let mut was_begun = false;
        assert_eq!(line.while_free(async { was_begun = true }).await, None);
        assert!(!was_begun);
        drop(reservation);

        let a_call_begins = async { line.reserve().map(drop).is_ok() };
        assert_eq!(
            line.while_free(a_call_begins).await,
            None,
            "it is over again, and was there"
        );
        assert_eq!(line.while_free(async { 2 }).await, Some(2));
    }
}
