//! The response sequencer: one response at a time, whoever asks for it.
//!
//! The backend may start responses by itself (voice activity detection) while one of ours is on its way. Requests therefore wait in a
//! queue until `response.done`, carry an event id and a label, and a refusal (`conversation_already_has_active_response`) puts a request
//! back instead of losing it. Pure: time is an input, events to send are return values.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::time::Duration;

use frontdesk_protocol::{ClientEvent, ErrorDetail, EventId, Response, ResponseParameters, ToolChoice};

use super::moment::Moment;
use crate::identity::ResponseId;

/// Metadata label that says what a response is for: `greeting`, `answer`, `toolResult`, `filler`, `idleQuestion` or `goodbye`.
pub const PURPOSE_LABEL: &str = "frontdesk_purpose";

/// Metadata label that carries the event id of the request, so that `response.created` can be matched to it.
const REQUEST_LABEL: &str = "frontdesk_request";

/// Longest wait for any answer to `response.create`.
pub(crate) const REQUEST_DEADLINE: Duration = Duration::from_secs(15);
/// Wait before a refused request is sent again, when no running response is known whose end could be awaited.
pub(crate) const RETRY_DELAY: Duration = Duration::from_secs(1);
/// Longest silence of a running response before it is cancelled. Reasoning models stay below half of this.
pub(crate) const STALL_DEADLINE: Duration = Duration::from_secs(60);
/// Longest wait for `response.done` after a cancel.
pub(crate) const CANCEL_DEADLINE: Duration = Duration::from_secs(5);
/// How often one request is sent before it is given up.
const MOST_TRIES: u8 = 5;

/// What a response is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The first words of the call.
    Greeting,
    /// An answer to the caller.
    Answer,
    /// What to say after tools have given their outputs.
    ToolResult,
    /// A few words while a tool works.
    Filler,
    /// "Are you still there?"
    IdleQuestion,
    /// The last words of the call.
    Goodbye,
}

impl Purpose {
    fn label(self) -> &'static str {
        match self {
            Self::Greeting => "greeting",
            Self::Answer => "answer",
            Self::ToolResult => "toolResult",
            Self::Filler => "filler",
            Self::IdleQuestion => "idleQuestion",
            Self::Goodbye => "goodbye",
        }
    }

    /// Answers and tool results say whatever the conversation now asks for, so two of them in a row are one.
    fn is_automatic(self) -> bool {
        matches!(self, Self::Answer | Self::ToolResult)
    }
}

/// A response that somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// What for.
    pub(crate) purpose: Purpose,
    /// In place of the session's instructions.
    pub(crate) instructions: Option<String>,
    /// The model may not call tools in it; ends a chain of calls that is over its budget.
    pub(crate) without_tools: bool,
    tries: u8,
}

impl Wanted {
    /// A response to the conversation as it stands.
    pub(crate) fn plain(purpose: Purpose) -> Self {
        Self {
            purpose,
            instructions: None,
            without_tools: false,
            tries: 0,
        }
    }

    /// A response that says what it is told to.
    pub(crate) fn instructed(purpose: Purpose, instructions: &str) -> Self {
        Self {
            instructions: Some(instructions.to_owned()),
            ..Self::plain(purpose)
        }
    }

    /// The same, in which the model may not call tools.
    pub(crate) fn forbid_tools(self) -> Self {
        Self {
            without_tools: true,
            ..self
        }
    }

    fn event(&self, id: &EventId, labelled: bool) -> ClientEvent {
        let labels = [(PURPOSE_LABEL, self.purpose.label()), (REQUEST_LABEL, id.as_str())];
        let metadata = BTreeMap::from(labels.map(|(key, value)| (key.to_owned(), value.to_owned())));
        let parameters = ResponseParameters {
            instructions: self.instructions.clone(),
            tool_choice: self.without_tools.then_some(ToolChoice::Never),
            metadata: labelled.then_some(metadata),
            ..ResponseParameters::default()
        };
        ClientEvent::create_response(Some(parameters)).with_event_id(id.clone())
    }
}

/// A request that was sent and is neither confirmed nor refused.
#[derive(Clone, Debug)]
struct Request {
    id: EventId,
    wanted: Wanted,
    sent: Moment,
    /// The caller interrupted before it began: a cancel is already on its way behind it.
    doomed: bool,
}

/// The running response.
#[derive(Clone, Debug)]
pub(crate) struct Active {
    /// The backend's id; a few backends leave it out.
    pub(crate) id: Option<ResponseId>,
    /// What was asked for; `None` when the backend began it by itself.
    pub(crate) wanted: Option<Wanted>,
    /// When anything of it was last seen.
    last_sign: Moment,
    /// When its cancellation was sent or announced.
    cancelled: Option<Moment>,
    /// Our request that was on its way when the backend began this one, or, at a backend without labels, that may have begun it.
    in_flight: Option<Request>,
}

/// What became of a request that the backend answered with an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is queued again.
    Requeued,
    /// It was dropped.
    Dropped(Purpose),
    /// The error was not about a request of ours.
    NotOurs,
}

/// What the clock brought about.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Overdue {
    /// A response stopped growing; this cancels it.
    Stalled(ClientEvent),
    /// A request was never answered and is given up.
    GaveUp(Purpose),
    /// A cancelled response never ended; the conversation counts as free again.
    Freed,
}

/// The sequencer. See the module's header.
#[derive(Debug, Default)]
pub(crate) struct Responses {
    queue: VecDeque<Wanted>,
    requested: Option<Request>,
    active: Option<Active>,
    /// Cancelled responses whose late deltas are dropped, until their `response.done`.
    discarded: HashSet<ResponseId>,
    /// True once the backend has echoed a label: then a response without our label is certainly not ours.
    echoes_labels: bool,
    /// The backend refuses labels: requests go without.
    without_labels: bool,
    /// No request before this moment.
    not_before: Moment,
    requests_sent: u64,
}

impl Responses {
    /// Queues a wish. Automatic ones that follow each other are one.
    pub(crate) fn want(&mut self, wanted: Wanted) {
        if let Some(last) = self.queue.back_mut()
            && last.purpose.is_automatic()
            && wanted.purpose.is_automatic()
        {
            last.without_tools |= wanted.without_tools;
            return;
        }
        self.queue.push_back(wanted);
    }

    /// Queues a wish before all others.
    pub(crate) fn want_first(&mut self, wanted: Wanted) {
        self.queue.push_front(wanted);
    }

    /// Forgets queued answers and tool results: the response that just began has read all that they were wanted for.
    pub(crate) fn drop_automatic(&mut self) {
        self.queue.retain(|wanted| !wanted.purpose.is_automatic());
    }

    /// Forgets queued wishes of one purpose.
    pub(crate) fn forget(&mut self, purpose: Purpose) {
        self.queue.retain(|wanted| wanted.purpose != purpose);
    }

    /// Forgets everything that was asked for and not begun.
    pub(crate) fn drop_queue(&mut self) {
        self.queue.clear();
    }

    /// Puts a wish at the front, because the response that it got came to nothing. It is sent after `delay`.
    pub(crate) fn want_again(&mut self, wanted: Wanted, delay: Duration, now: Moment) {
        self.not_before = now + delay;
        match self.queue.front() {
            Some(first) if first.purpose.is_automatic() && wanted.purpose.is_automatic() => {}
            _ => self.queue.push_front(Wanted { tries: 0, ..wanted }),
        }
    }

    /// The next request to send, if the conversation is free for it.
    pub(crate) fn next(&mut self, now: Moment) -> Option<ClientEvent> {
        if self.requested.is_some() || self.active.is_some() || now < self.not_before {
            return None;
        }
        let mut wanted = self.queue.pop_front()?;
        wanted.tries = wanted.tries.saturating_add(1);
        self.requests_sent += 1;
        let id = EventId::new(format!("create-{}", self.requests_sent));
        let event = wanted.event(&id, !self.without_labels);
        self.requested = Some(Request {
            id,
            wanted,
            sent: now,
            doomed: false,
        });
        Some(event)
    }

    /// `response.created`. True when the backend began it by itself.
    pub(crate) fn created(&mut self, response: &Response, now: Moment) -> bool {
        let label = response.metadata.as_ref().and_then(|labels| labels.get(REQUEST_LABEL));
        self.echoes_labels |= label.is_some();
        let earlier = self.active.take().and_then(|active| active.in_flight);
        let (wanted, in_flight) = match self.requested.take().or(earlier) {
            Some(request) if label.is_some_and(|label| label == request.id.as_str()) => {
                if request.doomed
                    && let Some(id) = &response.id
                {
                    self.discarded.insert(id.clone());
                }
                let cancelled = request.doomed.then_some(now);
                self.active = Some(Active {
                    id: response.id.clone(),
                    wanted: Some(request.wanted),
                    last_sign: now,
                    cancelled,
                    in_flight: None,
                });
                return false;
            }
            Some(request) if !self.echoes_labels => (Some(request.wanted.clone()), Some(request)),
            in_flight => (None, in_flight),
        };
        let own = wanted.is_none();
        self.active = Some(Active {
            id: response.id.clone(),
            wanted,
            last_sign: now,
            cancelled: None,
            in_flight,
        });
        own
    }

    /// Anything that belongs to a running response was seen.
    pub(crate) fn sign(&mut self, id: &ResponseId, now: Moment) {
        if let Some(active) = &mut self.active
            && active.id.as_ref().is_none_or(|known| known == id)
        {
            active.last_sign = now;
        }
    }

    /// `response.done`. Returns the response that ended, when it was the running one.
    pub(crate) fn done(&mut self, id: Option<&ResponseId>) -> Option<Active> {
        if let Some(id) = id {
            self.discarded.remove(id);
        }
        let is_this = |active: &mut Active| active.id.is_none() || id.is_none() || active.id.as_ref() == id;
        let mut ended = self.active.take_if(is_this)?;
        // With labels, a request on its way was certainly not this response. Without, it is taken to have been: were it not, its own
        // `response.created` would follow and be served all the same.
        if let Some(request) = ended.in_flight.take()
            && self.echoes_labels
            && ended.wanted.is_none()
        {
            self.requested = Some(request);
        }
        Some(ended)
    }

    /// An `error` of the backend that may be about a request of ours. `busy` is the code
    /// `conversation_already_has_active_response`: the request is sent again later.
    pub(crate) fn refused(&mut self, error: &ErrorDetail, busy: bool, now: Moment) -> Refusal {
        let about = |request: &mut Request| match &error.event_id {
            Some(id) => *id == request.id,
            None => busy,
        };
        let in_flight = self.active.as_mut().and_then(|active| {
            let request = active.in_flight.take_if(about)?;
            // The refusal proves that the running response is the backend's own.
            active.wanted = None;
            Some(request)
        });
        let Some(request) = in_flight.or_else(|| self.requested.take_if(about)) else {
            return Refusal::NotOurs;
        };
        let dislikes_labels = error.param.as_deref().is_some_and(|member| member.contains("metadata"));
        if dislikes_labels && !std::mem::replace(&mut self.without_labels, true) {
            self.queue.push_front(request.wanted);
            return Refusal::Requeued;
        }
        if !busy || request.wanted.tries >= MOST_TRIES {
            return Refusal::Dropped(request.wanted.purpose);
        }
        if self.active.is_none() {
            self.not_before = now + RETRY_DELAY;
        }
        if !request.doomed {
            self.queue.push_front(request.wanted);
        }
        Refusal::Requeued
    }

    /// The caller interrupts: late deltas of the running response will be dropped. Returns the cancellation to send; none when nothing
    /// runs, or when the backend cancels by itself (`backend_cancels`).
    pub(crate) fn interrupt(&mut self, backend_cancels: bool, now: Moment) -> Option<ClientEvent> {
        let mut doomed_one = false;
        for request in self
            .requested
            .iter_mut()
            .chain(self.active.as_mut().and_then(|active| active.in_flight.as_mut()))
        {
            doomed_one |= !request.doomed;
            request.doomed = true;
        }
        let Some(active) = &mut self.active else {
            // The backend has not seen the request yet and cannot cancel it by itself.
            return doomed_one.then(|| ClientEvent::cancel_response(None));
        };
        if let Some(id) = &active.id {
            self.discarded.insert(id.clone());
        }
        let first = active.cancelled.is_none();
        active.cancelled.get_or_insert(now);
        (first && !backend_cancels).then(|| ClientEvent::cancel_response(active.id.clone()))
    }

    /// True for a response that was interrupted and whose `response.done` has not come.
    pub(crate) fn is_discarded(&self, id: &ResponseId) -> bool {
        self.discarded.contains(id)
    }

    /// The running response.
    pub(crate) fn active(&self) -> Option<&Active> {
        self.active.as_ref()
    }

    /// True when a response runs, is asked for, or waits to be asked for.
    pub(crate) fn is_expected(&self) -> bool {
        self.in_progress() || !self.queue.is_empty()
    }

    /// True when a response runs that was not cancelled, or is asked for.
    pub(crate) fn in_progress(&self) -> bool {
        self.active.is_some() || self.requested.is_some()
    }

    /// True when a response for `purpose` runs, is asked for, or waits.
    pub(crate) fn is_expected_for(&self, purpose: Purpose) -> bool {
        self.queue.iter().any(|wanted| wanted.purpose == purpose)
            || self
                .requested
                .as_ref()
                .is_some_and(|request| request.wanted.purpose == purpose)
            || self.active.as_ref().is_some_and(|active| {
                active.purpose() == Some(purpose)
                    || active
                        .in_flight
                        .as_ref()
                        .is_some_and(|request| request.wanted.purpose == purpose)
            })
    }

    /// The connection is gone and with it every response. Requests that were on their way are queued again; the response that ran is
    /// returned, unless it was cancelled.
    pub(crate) fn connection_lost(&mut self) -> Option<Active> {
        self.discarded.clear();
        self.not_before = Moment::default();
        let mut active = self.active.take();
        let in_flight = active
            .as_mut()
            .filter(|active| active.wanted.is_none())
            .and_then(|active| active.in_flight.take());
        if let Some(request) = self.requested.take().or(in_flight).filter(|request| !request.doomed) {
            self.queue.push_front(Wanted {
                tries: 0,
                ..request.wanted
            });
        }
        active.filter(|active| !active.is_cancelled())
    }

    /// The next moment at which [`Self::overdue`] or [`Self::next`] has something to do.
    pub(crate) fn deadline(&self) -> Option<Moment> {
        let request = self.requested.as_ref().map(|request| request.sent + REQUEST_DEADLINE);
        let response = self.active.as_ref().map(Active::deadline);
        let free = self.requested.is_none() && self.active.is_none() && !self.queue.is_empty();
        let queued = free.then_some(self.not_before);
        [request, response, queued].into_iter().flatten().min()
    }

    /// Gives up what takes too long.
    pub(crate) fn overdue(&mut self, now: Moment) -> Option<Overdue> {
        if let Some(request) = self.requested.take_if(|request| now >= request.sent + REQUEST_DEADLINE) {
            if request.doomed {
                return None;
            }
            if request.wanted.tries >= 2 {
                return Some(Overdue::GaveUp(request.wanted.purpose));
            }
            self.queue.push_front(request.wanted);
        }
        let active = self.active.as_mut().filter(|active| now >= active.deadline())?;
        if active.cancelled.is_none() {
            active.cancelled = Some(now);
            if let Some(id) = &active.id {
                self.discarded.insert(id.clone());
            }
            return Some(Overdue::Stalled(ClientEvent::cancel_response(active.id.clone())));
        }
        self.active = None;
        Some(Overdue::Freed)
    }
}

impl Active {
    /// What it is for; `None` when the backend began it by itself.
    pub(crate) fn purpose(&self) -> Option<Purpose> {
        self.wanted.as_ref().map(|wanted| wanted.purpose)
    }

    /// True when it was interrupted.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.is_some()
    }

    fn deadline(&self) -> Moment {
        match self.cancelled {
            Some(cancelled) => cancelled + CANCEL_DEADLINE,
            None => self.last_sign + STALL_DEADLINE,
        }
    }
}
