//! The connection through a call's life: start sequence, loss, restoration, planned replacement.
//!
//! Order at the start: socket, `session.created`, `session.update`, `session.updated`, then the leg opens and the greeting is asked for. A
//! restored connection goes the same way and gets the conversation as text in place of a greeting.

use std::time::Duration;

use frontdesk_protocol::{ClientEvent, EffectiveSession, ErrorDetail, EventId};

use super::reconnect::replay;
use super::responses::{Purpose, Wanted};
use super::{Effect, Machine, Moment};
use crate::event::{CallEventBody, EndReason};
use crate::problem::{Problem, ProblemAction, ProblemKind};
use crate::provider_error::{ends_the_call, problem_of};
use crate::voice_model::CloseReason;

/// Longest wait for a socket. The border gives up after 10 s; this is the net below it.
pub(super) const CONNECT_DEADLINE: Duration = Duration::from_secs(12);

/// Longest wait for `session.created` and for `session.updated`. A local model that is being loaded needs a few seconds.
pub(super) const SETUP_DEADLINE: Duration = Duration::from_secs(10);

/// A connection is replaced at any price this long after it was due, or this long before it expires.
pub(super) const ROLLOVER_PATIENCE: Duration = Duration::from_secs(3 * 60);

/// Replacement is due this long before the backend's own expiry.
const EXPIRY_MARGIN: Duration = Duration::from_secs(5 * 60);

/// State of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// None, and none wanted.
    Down,
    /// A socket is being opened.
    Connecting { until: Moment },
    /// Open; `session.created` is awaited.
    Opened { until: Moment },
    /// `session.update` was sent; `session.updated` is awaited.
    Configured { until: Moment },
    /// In use.
    Ready,
}

impl Machine {
    /// Opens the next connection after a wait.
    pub(super) fn connect(&mut self, after: Duration, now: Moment) {
        self.connection += 1;
        self.link = Link::Connecting {
            until: now + after + CONNECT_DEADLINE,
        };
        self.effects.push(Effect::Connect {
            connection: self.connection,
            after,
        });
    }

    pub(super) fn connected(&mut self, now: Moment) {
        if matches!(self.link, Link::Connecting { .. }) {
            self.link = Link::Opened {
                until: now + SETUP_DEADLINE,
            };
        }
    }

    pub(super) fn connect_failed(&mut self, problem: Problem, now: Moment) {
        if matches!(self.link, Link::Connecting { .. }) {
            self.setup_failed(problem, now);
        }
    }

    pub(super) fn session_created(&mut self, session: &EffectiveSession, now: Moment) {
        if !matches!(self.link, Link::Opened { .. } | Link::Connecting { .. }) {
            return;
        }
        self.plan_rollover(session.expires_at, now);
        self.link = Link::Configured {
            until: now + SETUP_DEADLINE,
        };
        let update = ClientEvent::session_update(self.setup.config.session(&self.setup.tools));
        self.send(update.with_event_id(EventId::new(format!("setup-{}", self.connection))));
    }

    pub(super) fn session_updated(&mut self, now: Moment) {
        if !matches!(self.link, Link::Configured { .. }) {
            return;
        }
        self.link = Link::Ready;
        self.backoff.reset();
        if self.started {
            self.resume(now);
        } else {
            self.start();
        }
    }

    /// The first connection is ready: the caller may speak.
    fn start(&mut self) {
        self.started = true;
        // What was typed in the meantime is answered after the greeting.
        let typed_before = replay(&self.conversation, &self.playback, &self.tools, None);
        for item in typed_before {
            self.send(ClientEvent::create_item(item));
        }
        if let Some(greeting) = self.setup.config.greeting.clone() {
            self.greeting = true;
            self.responses
                .want_first(Wanted::instructed(Purpose::Greeting, &greeting));
        }
        self.busy = Some(self.is_busy());
        self.effects.push(Effect::SetBusy(self.is_busy()));
        self.effects.push(Effect::OpenLeg);
    }

    /// A new connection is ready: it is told what was said so far, then what waited goes out.
    fn resume(&mut self, now: Moment) {
        let note = self.setup.config.prompts.resume_note.clone();
        for item in replay(&self.conversation, &self.playback, &self.tools, Some(&note)) {
            self.send(ClientEvent::create_item(item));
        }
        self.effects.push(Effect::ReleaseAudio);
        if std::mem::take(&mut self.commit_when_ready) {
            self.send(ClientEvent::commit_input());
            self.turns.committed(now);
            self.responses.want(Wanted::plain(Purpose::Answer));
        }
        self.emit(CallEventBody::Reconnected);
    }

    /// The connection broke or was closed by the backend.
    pub(super) fn disconnected(&mut self, reason: CloseReason, now: Moment) {
        if !matches!(self.link, Link::Ready) {
            // During the set-up, a close that forbids another try is as final as a refusal.
            return if reason.retryable {
                self.setup_failed(reason.problem, now)
            } else {
                self.give_up(reason.problem, now)
            };
        }
        if reason.retryable || self.ending.is_some() {
            self.restore(now);
        } else {
            self.give_up(reason.problem, now);
        }
    }

    /// An `error` event before the session was ready.
    pub(super) fn setup_refused(&mut self, error: &ErrorDetail, now: Moment) {
        self.setup_failed(problem_of(error, &self.setup.backend), now);
    }

    /// Set-up came to nothing: final at the start of a call and where another try cannot help, else tried again.
    fn setup_failed(&mut self, problem: Problem, now: Moment) {
        if self.started && !ends_the_call(problem.kind) {
            self.next_attempt(problem, now)
        } else {
            self.give_up(problem, now)
        }
    }

    fn give_up(&mut self, problem: Problem, now: Moment) {
        self.finish(EndReason::Failed, Some(problem), now);
    }

    /// Leaves the connection in use and opens another one. Also used for planned replacement and for `session_expired`.
    pub(super) fn restore(&mut self, now: Moment) {
        self.effects.push(Effect::Disconnect);
        self.link = Link::Down;
        self.rollover = None;
        self.unconfirmed.clear();
        let spoken_before = self.playback.has_ever_spoken();
        let running = self.responses.connection_lost();
        let awaited = self.turns.connection_lost();
        let owed = self.tools.connection_lost();
        for item in self.playback.connection_lost() {
            self.finish_playing(&item);
        }
        self.complete_lost_turns();
        if self.ending.is_some() {
            // The last words that were received are played; there is no point in a new connection for the rest.
            self.responses.drop_queue();
            return;
        }
        let lost_reply = running.is_some() || awaited || owed;
        match running.and_then(|active| active.wanted) {
            Some(greeting) if greeting.purpose == Purpose::Greeting && !spoken_before => {
                self.responses.want_first(greeting)
            }
            _ if lost_reply => self.responses.want(Wanted::plain(Purpose::Answer)),
            _ => {}
        }
        let lost = Problem::new(
            ProblemKind::ConnectionLost,
            "The connection to the voice service was lost.",
        );
        self.next_attempt(lost, now);
    }

    fn next_attempt(&mut self, problem: Problem, now: Moment) {
        let Some((attempt, after)) = self.backoff.next() else {
            let sentence = format!(
                "The connection to {} was lost and could not be restored.",
                self.setup.backend
            );
            let lost = Problem::new(ProblemKind::ConnectionLost, sentence).with_action(ProblemAction::TryAgain);
            let reason = if problem.kind == ProblemKind::Offline {
                problem
            } else {
                lost
            };
            return self.give_up(reason, now);
        };
        self.emit(CallEventBody::Reconnecting { attempt });
        self.connect(after, now);
    }

    fn plan_rollover(&mut self, expires_at: Option<u64>, now: Moment) {
        let by_age = now + self.setup.config.limits.connection_age;
        let left = expires_at
            .and_then(|at| at.checked_sub(self.setup.started_unix))
            .map(Duration::from_secs);
        // A server that names a time in the past, or too near to act on, does not mean it.
        let by_expiry = left
            .map(|left| Moment(left.saturating_sub(EXPIRY_MARGIN)))
            .filter(|due| *due > now);
        let due = by_expiry.map_or(by_age, |due| due.min(by_age));
        self.rollover = Some((due, due + ROLLOVER_PATIENCE));
    }

    pub(super) fn link_deadline(&self) -> Option<Moment> {
        match self.link {
            Link::Down => None,
            Link::Connecting { until } | Link::Opened { until } | Link::Configured { until } => Some(until),
            Link::Ready => {
                let (due, forced) = self.rollover.filter(|_| self.ending.is_none())?;
                Some(if self.is_quiet() { due } else { forced })
            }
        }
    }

    pub(super) fn link_overdue(&mut self, now: Moment) {
        if self.link_deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        if self.is_ready() {
            return self.restore(now);
        }
        let backend = &self.setup.backend;
        let (kind, sentence) = match self.link {
            Link::Connecting { .. } => (ProblemKind::Offline, format!("{backend} cannot be reached.")),
            _ => (ProblemKind::ProviderFailed, format!("{backend} does not answer.")),
        };
        self.effects.push(Effect::Disconnect);
        self.setup_failed(Problem::new(kind, sentence).with_action(ProblemAction::TryAgain), now);
    }

    /// A moment at which nobody notices a new connection.
    fn is_quiet(&self) -> bool {
        !self.is_busy() && !self.turns.is_speaking()
    }
}
