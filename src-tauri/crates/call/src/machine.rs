//! The call as one pure state machine: `step(input, now)` gives effects, and nothing else ever changes a call.
//!
//! No clock, no channel, no thread is touched here; the actor in [`crate::session`] carries effects out. Each concern has its own file with
//! its own state; the files [`link`], [`server`], [`replies`],
//! [`caller`], [`round_trip`] and [`finale`] hold the moves that touch several of them.
//!
//! # Map
//! - [`responses`]: one response at a time
//! - [`playback`]: received and heard samples, truncation
//! - [`conversation`]: order of items, the caller's turns
//! - [`turns`]: voice activity, push-to-talk
//! - [`tool_calls`]: one output per call
//! - [`answering`]: the tool that says what is said next: no silence, nothing late
//! - [`reconnect`]: waits and replay
//! - [`idle`], [`ending`]: how calls end

mod answering;
mod caller;
mod conversation;
mod ending;
mod exchange;
mod finale;
mod idle;
mod link;
mod moment;
mod playback;
mod reconnect;
mod replies;
mod responses;
mod round_trip;
mod server;
#[cfg(test)]
mod tests;
mod tool_calls;
mod turns;

use std::collections::HashSet;
use std::sync::Arc;

use frontdesk_protocol::{ClientEvent, Item};

use crate::config::{SessionConfig, TurnTaking};
use crate::event::{CallEventBody, CallState, CallerDetails, LegKind};
use crate::identity::ItemId;
use crate::leg::LegEvent;
use crate::problem::{Problem, ProblemKind};
use crate::tool::ToolDescription;

pub use exchange::Command;
pub(crate) use exchange::{Effect, FrameRoute, Input};
pub(crate) use moment::Moment;
pub use responses::PURPOSE_LABEL;

use answering::AnswerWatch;
use conversation::Conversation;
use ending::Ending;
use idle::IdleWatch;
use link::Link;
use playback::Playback;
use reconnect::Backoff;
use responses::{Purpose, Responses};
use tool_calls::ToolCalls;
use turns::Turns;

/// Shortest time between two warnings of the same kind: a backend that refuses every event must not fill the journal.
const WARNING_INTERVAL: std::time::Duration = std::time::Duration::from_secs(10);

/// What a machine has to know of the world at its start.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    /// The call's configuration.
    pub(crate) config: Arc<SessionConfig>,
    /// Tools of the session.
    pub(crate) tools: Vec<ToolDescription>,
    /// Where the caller speaks.
    pub(crate) leg: LegKind,
    /// The leg truncates replies itself.
    pub(crate) truncates_itself: bool,
    /// Backend for people.
    pub(crate) backend: String,
    /// Voice model.
    pub(crate) model: String,
    /// Unix seconds at the start of the call, to read the backend's `expires_at`.
    pub(crate) started_unix: u64,
    /// Chance for the waits between connection attempts.
    pub(crate) seed: u64,
}

/// One call. See the module's header.
#[derive(Debug)]
pub(crate) struct Machine {
    setup: Setup,
    link: Link,
    /// Number of the connection in use or being opened; events of older ones are dropped.
    connection: u32,
    /// When the connection in use is replaced, at a quiet moment and at any price.
    rollover: Option<(Moment, Moment)>,
    backoff: Backoff,
    /// The leg was opened: the call is past its start.
    started: bool,
    ended: bool,
    ending: Option<Ending>,
    greeting: bool,
    responses: Responses,
    playback: Playback,
    conversation: Conversation,
    turns: Turns,
    tools: ToolCalls,
    answering: AnswerWatch,
    idle: IdleWatch,
    details: CallerDetails,
    /// A push-to-talk turn ended while there was no connection.
    commit_when_ready: bool,
    /// Responses in a row that came to nothing.
    failures: u8,
    /// Items that this side created and the backend has not confirmed.
    unconfirmed: HashSet<ItemId>,
    items_created: u64,
    state: Option<CallState>,
    busy: Option<bool>,
    last_warning: Option<(ProblemKind, Moment)>,
    effects: Vec<Effect>,
}

impl Machine {
    /// A call that has not begun.
    pub(crate) fn new(setup: Setup) -> Self {
        let limits = &setup.config.limits;
        Self {
            link: Link::Down,
            connection: 0,
            rollover: None,
            backoff: Backoff::new(limits.reconnect_delay, limits.reconnect_attempts, setup.seed),
            started: false,
            ended: false,
            ending: None,
            greeting: false,
            responses: Responses::default(),
            playback: Playback::default(),
            conversation: Conversation::default(),
            turns: Turns::default(),
            tools: ToolCalls::default(),
            answering: AnswerWatch::default(),
            idle: IdleWatch::new(limits.idle_question_after, limits.idle_goodbye_after),
            details: CallerDetails::default(),
            commit_when_ready: false,
            failures: 0,
            unconfirmed: HashSet::new(),
            items_created: 0,
            state: None,
            busy: None,
            last_warning: None,
            effects: Vec::new(),
            setup,
        }
    }

    /// The first effects of the call.
    pub(crate) fn begin(&mut self, now: Moment) -> Vec<Effect> {
        self.emit(CallEventBody::CallStarted {
            leg: self.setup.leg,
            company: self.setup.config.company.clone(),
            backend: self.setup.backend.clone(),
            model: self.setup.model.clone(),
        });
        self.connect(std::time::Duration::ZERO, now);
        self.settle(now);
        std::mem::take(&mut self.effects)
    }

    /// Takes one input. `now` may not be earlier than in the step before. After the end nothing has an effect.
    pub(crate) fn step(&mut self, input: Input, now: Moment) -> Vec<Effect> {
        if self.ended {
            return Vec::new();
        }
        match input {
            Input::Connected { connection } if connection == self.connection => self.connected(now),
            Input::ConnectFailed { connection, problem } if connection == self.connection => {
                self.connect_failed(problem, now)
            }
            Input::Model { connection, event } if connection == self.connection => self.server_event(*event, now),
            Input::Disconnected { connection, reason } if connection == self.connection => {
                self.disconnected(reason, now)
            }
            // Late news of a connection that was given up.
            Input::Connected { .. }
            | Input::ConnectFailed { .. }
            | Input::Model { .. }
            | Input::Disconnected { .. } => {}
            Input::Leg(event) => self.leg_event(event, now),
            Input::LegGone => self.leg_gone(now),
            Input::Command(command) => self.command(command, now),
            Input::ToolFinished { tool_call_id, result } => self.tool_finished(&tool_call_id, result, now),
            Input::Report(report) => self.tool_reports(report, now),
            Input::Tick => {}
        }
        self.overdue(now);
        self.settle(now);
        std::mem::take(&mut self.effects)
    }

    /// Where a frame of the caller goes. Apart from `step`, because it happens fifty times a second and allocates nothing.
    pub(crate) fn route_frame(&mut self) -> FrameRoute {
        let key_is_up = self.setup.config.turn_taking == TurnTaking::PushToTalk && !self.turns.is_pressed();
        if self.ended || !self.started || self.is_deaf() || key_is_up {
            return FrameRoute::Drop;
        }
        self.turns.count_frame();
        if self.is_ready() {
            self.turns.count_sent(1);
            FrameRoute::Send
        } else {
            FrameRoute::Hold
        }
    }

    /// Held frames were sent after [`Effect::ReleaseAudio`].
    pub(crate) fn held_frames_sent(&mut self, frames: u64) {
        self.turns.count_sent(frames);
    }

    /// True when the call is over.
    pub(crate) fn is_over(&self) -> bool {
        self.ended
    }

    /// When [`Input::Tick`] has something to do.
    pub(crate) fn deadline(&self) -> Option<Moment> {
        if self.ended {
            return None;
        }
        let responses = self
            .responses
            .deadline()
            .filter(|_| self.is_ready() && !self.holds_requests());
        let idle = self.idle.deadline();
        let length = self.length_deadline();
        let ending = self.ending_deadline();
        let own = [
            self.link_deadline(),
            responses,
            self.playback.flush_deadline(),
            self.playback.unheard_deadline(),
            self.turns.deadline(),
            self.answering.deadline(),
            idle,
            length,
            ending,
        ];
        own.into_iter().flatten().min()
    }

    /// Does what deadlines demand.
    fn overdue(&mut self, now: Moment) {
        self.link_overdue(now);
        self.playback_overdue(now);
        self.turns.overdue(now);
        self.responses_overdue(now);
        self.answering_overdue(now);
        self.length_overdue(now);
        self.idle_overdue(now);
        self.ending_overdue(now);
    }

    /// Brings everything in line that follows from the state: requests, busy, visible phase, idle watch.
    fn settle(&mut self, now: Moment) {
        if self.ended {
            return;
        }
        self.follow_up_tools();
        if self.is_ready()
            && !self.holds_requests()
            && let Some(event) = self.responses.next(now)
        {
            self.turns.answered();
            self.send(event);
        }
        self.greeting &= self.responses.is_expected_for(Purpose::Greeting) || !self.playback.is_quiet();
        self.settle_ending(now);
        if self.ended {
            return;
        }
        self.playback.observe(now);
        self.observe_answering(now);
        let busy = self.is_busy();
        if self.started && self.busy != Some(busy) {
            self.busy = Some(busy);
            self.effects.push(Effect::SetBusy(busy));
        }
        self.idle
            .observe(self.is_ready() && !busy && !self.turns.is_speaking(), now);
        self.show_state(self.visible_state());
    }

    /// A request now would talk over the caller, or double the answer that the backend is about to begin by itself.
    fn holds_requests(&self) -> bool {
        !self.says_goodbye()
            && (self.turns.is_speaking()
                || (self.turns.is_awaiting() && self.setup.config.turn_taking.creates_response()))
    }

    fn is_ready(&self) -> bool {
        matches!(self.link, Link::Ready)
    }

    fn is_reply_expected(&self) -> bool {
        self.responses.is_expected() || self.turns.is_awaiting() || self.tools.is_running() || self.tools.owes_reply()
    }

    fn is_busy(&self) -> bool {
        self.is_reply_expected() || !self.playback.is_quiet() || self.ending.is_some() || !self.is_ready()
    }

    fn visible_state(&self) -> CallState {
        if !self.started {
            CallState::Connecting
        } else if self.says_goodbye() {
            CallState::Ending
        } else if !self.is_ready() && self.ending.is_none() {
            CallState::Reconnecting
        } else if self.turns.is_speaking() {
            CallState::Hearing
        } else if self.greeting {
            CallState::Greeting
        } else if self.playback.is_heard() {
            CallState::Speaking
        } else if self.is_reply_expected() || self.playback.is_playing() {
            CallState::Thinking
        } else {
            CallState::Listening
        }
    }

    fn show_state(&mut self, state: CallState) {
        if self.state != Some(state) {
            self.state = Some(state);
            self.emit(CallEventBody::StateChanged { state });
        }
    }

    fn emit(&mut self, body: CallEventBody) {
        self.effects.push(Effect::Emit(body));
    }

    fn send(&mut self, event: ClientEvent) {
        self.effects.push(Effect::Send(event));
    }

    fn warn(&mut self, problem: Problem, now: Moment) {
        let repeated = self
            .last_warning
            .is_some_and(|(kind, at)| kind == problem.kind && now.since(at) < WARNING_INTERVAL);
        if !repeated {
            self.last_warning = Some((problem.kind, now));
            self.emit(CallEventBody::Warning { problem });
        }
    }

    /// An id for an item that this side creates; at most 32 characters, unique in the call.
    fn coin_item_id(&mut self, kind: &str) -> ItemId {
        self.items_created += 1;
        ItemId::new(format!("{kind}-{}", self.items_created))
    }

    /// Creates an item at the end of the conversation, when there is a connection. Its confirmation is awaited.
    fn create_item(&mut self, id: &ItemId, item: Item) {
        if self.is_ready() {
            self.unconfirmed.insert(id.clone());
            self.send(ClientEvent::create_item(item));
        }
    }

    fn leg_event(&mut self, event: LegEvent, now: Moment) {
        match event {
            // Frames come by `route_frame`; one that comes here was not meant for anybody.
            LegEvent::Frame(_) => {}
            LegEvent::Played { item, samples } => self.played(&item, samples, now),
            LegEvent::Finished { item } => self.played_to_the_end(&item, now),
            LegEvent::Flushed { heard } => {
                for item in self.playback.flushed(&heard) {
                    self.conclude(&item);
                }
            }
            LegEvent::Microphone(state) => self.emit(CallEventBody::MicrophoneChanged { state }),
            LegEvent::Device {
                direction,
                name,
                reason,
            } => self.emit(CallEventBody::DeviceChanged {
                direction,
                name,
                reason,
            }),
            LegEvent::Warning(problem) => self.warn(problem, now),
            LegEvent::Closed => self.leg_closed(now),
            LegEvent::Failed(problem) => self.finish(crate::event::EndReason::Failed, Some(problem), now),
        }
    }
}
