//! Drives a machine and holds every effect against the laws of a call, with bookkeeping of its own.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use frontdesk_protocol::{ClientEvent, Item, ServerEvent};
use serde_json::json;

use super::action::Action;
use crate::config::{SessionConfig, TurnTaking};
use crate::event::{CallEvent, CallEventBody, CallState, EVENT_VERSION, EndReason, LegKind};
use crate::frame::samples_to_ms;
use crate::identity::{CallId, ItemId, ToolCallId, WallTime};
use crate::leg::LegEvent;
use crate::machine::{Effect, Input, Machine, Moment, Setup};
use crate::problem::{Problem, ProblemKind};
use crate::tool::{ToolDescription, ToolResult};
use crate::transcript::Transcript;
use crate::voice_model::CloseReason;

/// A machine and what an honest observer knows of it.
pub(super) struct Watcher {
    pub(super) machine: Machine,
    pub(super) now: Moment,
    pub(super) events: Vec<CallEventBody>,
    connection: u32,
    received: HashMap<ItemId, u64>,
    heard: HashMap<ItemId, u64>,
    finishing: HashSet<ItemId>,
    /// A response runs, or one was asked for, as the wire showed it.
    pub(super) conversation_taken: bool,
    running_response: Option<String>,
    check_one_response: bool,
    outputs: HashSet<(u32, ToolCallId)>,
    tools_run: HashSet<ToolCallId>,
    state: Option<CallState>,
    stopped: bool,
}

impl Watcher {
    /// A call that has begun. `check_one_response` is for tests in which no deadline passes: then no response may be asked for while the
    /// wire shows another.
    pub(super) fn new(turn_taking: TurnTaking, check_one_response: bool) -> Self {
        let mut config = SessionConfig::new("Prime Auto Lab", "Answer.");
        config.greeting = Some("Greet.".into());
        config.turn_taking = turn_taking;
        config.answering_tool = Some("knownTool".into());
        config.limits.maximum_length = Some(Duration::from_secs(3_600));
        let tool = ToolDescription {
            name: "knownTool".into(),
            description: String::new(),
            parameters: json!({}),
            timeout: Duration::from_secs(5),
        };
        let setup = Setup {
            config: Arc::new(config),
            tools: vec![tool],
            leg: LegKind::Native,
            truncates_itself: false,
            backend: "Test".into(),
            model: "test".into(),
            started_unix: 0,
            seed: 1,
        };
        let mut watcher = Self {
            machine: Machine::new(setup),
            now: Moment::default(),
            events: Vec::new(),
            connection: 0,
            received: HashMap::new(),
            heard: HashMap::new(),
            finishing: HashSet::new(),
            conversation_taken: false,
            running_response: None,
            check_one_response,
            outputs: HashSet::new(),
            tools_run: HashSet::new(),
            state: None,
            stopped: false,
        };
        let effects = watcher.machine.begin(watcher.now);
        watcher.check(effects);
        watcher
    }

    pub(super) fn act(&mut self, action: Action) {
        let connection = self.connection;
        match action {
            Action::Server(event) => {
                self.observe_server(&event);
                self.step(Input::Model { connection, event });
            }
            Action::Leg(event) => {
                self.observe_leg(&event);
                self.step(Input::Leg(event));
            }
            Action::Command(command) => self.step(Input::Command(command)),
            Action::Connect => {
                self.step(Input::Connected { connection });
                for kind in ["session.created", "session.updated"] {
                    let event = ServerEvent::parse(&json!({"type": kind, "session": {}}).to_string()).expect("valid");
                    self.step(Input::Model {
                        connection,
                        event: Box::new(event),
                    });
                }
            }
            Action::ConnectFails => {
                let problem = Problem::new(ProblemKind::Offline, "Offline.");
                self.step(Input::ConnectFailed { connection, problem });
            }
            Action::Disconnect(retryable) => {
                let problem = Problem::new(ProblemKind::ConnectionLost, "Lost.");
                self.step(Input::Disconnected {
                    connection,
                    reason: CloseReason {
                        code: None,
                        retryable,
                        problem,
                    },
                });
            }
            // Only a tool that runs can give a result.
            Action::ToolResult(id, ends_call) if self.tools_run.contains(&id) => self.tool_result(id, ends_call),
            Action::ToolResult(..) => {}
            Action::Frames(count) => {
                for _ in 0..count {
                    self.machine.route_frame();
                }
            }
            Action::Wait(Some(duration)) => {
                self.now = self.now + duration;
                self.step(Input::Tick);
            }
            Action::Wait(None) => {
                if let Some(deadline) = self.machine.deadline() {
                    self.now = self.now.max(deadline);
                    self.step(Input::Tick);
                }
            }
        }
    }

    fn tool_result(&mut self, tool_call_id: ToolCallId, ends_call: bool) {
        let result = ToolResult {
            output: json!({}),
            succeeded: true,
            caller_details: None,
            ends_call,
        };
        self.step(Input::ToolFinished { tool_call_id, result });
    }

    /// Every tool that runs gives its result, as the actor's time limit makes sure.
    pub(super) fn finish_tools(&mut self) {
        for id in self.tools_run.clone() {
            self.tool_result(id, false);
        }
    }

    pub(super) fn step(&mut self, input: Input) {
        let effects = self.machine.step(input, self.now);
        self.check(effects);
    }

    /// The laws that hold when the call is over.
    pub(super) fn check_end(&self) {
        assert!(self.machine.is_over() && self.stopped);
        let ends = self
            .events
            .iter()
            .filter(|event| matches!(event, CallEventBody::CallEnded { .. }))
            .count();
        assert_eq!(ends, 1);
        assert!(matches!(self.events.last(), Some(CallEventBody::CallEnded { .. })));
        assert!(matches!(self.events.first(), Some(CallEventBody::CallStarted { .. })));
        let mut told = HashMap::new();
        for event in &self.events {
            match event {
                CallEventBody::ToolStarted { tool_call_id, .. } => {
                    assert!(
                        told.insert(tool_call_id.clone(), false).is_none(),
                        "{tool_call_id} started twice"
                    );
                }
                CallEventBody::ToolFinished { tool_call_id, .. } => {
                    assert_eq!(
                        told.insert(tool_call_id.clone(), true),
                        Some(false),
                        "{tool_call_id} finished out of turn"
                    );
                }
                _ => {}
            }
        }
        assert!(told.values().all(|finished| *finished), "a tool call has no output");
        self.check_rows();
    }

    /// Each row begins once, ends once, and says nothing in between that its readers could not place.
    fn check_rows(&self) {
        let mut begun = HashSet::new();
        let mut over = HashSet::new();
        let mut texts = HashSet::new();
        for event in &self.events {
            match event {
                CallEventBody::CallerTurnStarted { item_id, .. } | CallEventBody::ReplyStarted { item_id, .. } => {
                    assert!(begun.insert(item_id.clone()), "{item_id} began twice");
                }
                CallEventBody::ReplyDelta { item_id, .. } | CallEventBody::ReplyTranscript { item_id, .. } => {
                    assert!(begun.contains(item_id) && !over.contains(item_id));
                }
                CallEventBody::ReplyPlayed { item_id } | CallEventBody::ReplyInterrupted { item_id, .. } => {
                    assert!(
                        begun.contains(item_id) && over.insert(item_id.clone()),
                        "{item_id} ended twice"
                    );
                }
                CallEventBody::CallerTranscript { item_id, .. } => {
                    assert!(texts.insert(item_id.clone()), "{item_id} has two texts");
                }
                _ => {}
            }
        }
        let rows = self.transcript().rows;
        assert_eq!(rows.len(), begun.union(&texts).count());
    }

    pub(super) fn transcript(&self) -> Transcript {
        let call_id = CallId::from_recorded("call");
        let numbered: Vec<_> = (0..)
            .zip(&self.events)
            .map(|(seq, body)| CallEvent {
                v: EVENT_VERSION,
                seq,
                call_id: call_id.clone(),
                at: WallTime(jiff::Timestamp::UNIX_EPOCH),
                ms: seq,
                body: body.clone(),
            })
            .collect();
        Transcript::from_events(&numbered)
    }

    fn observe_server(&mut self, event: &ServerEvent) {
        if !self.machine.is_ready() {
            return;
        }
        match event {
            ServerEvent::ResponseCreated(event) => {
                self.conversation_taken = true;
                self.running_response = event.response.id.as_ref().map(ToString::to_string);
            }
            ServerEvent::ResponseDone(event)
                if self.running_response.as_deref() == event.response.id.as_ref().map(|id| id.as_str()) =>
            {
                self.conversation_taken = false;
                self.running_response = None;
            }
            ServerEvent::Error(_) if self.running_response.is_none() => self.conversation_taken = false,
            _ => {}
        }
    }

    fn observe_leg(&mut self, event: &LegEvent) {
        let mut hear = |item: &ItemId, samples: u64| {
            let received = self.received.get(item).copied().unwrap_or(0);
            let heard = self.heard.entry(item.clone()).or_default();
            *heard = (*heard).max(samples.min(received));
        };
        match event {
            LegEvent::Played { item, samples } => hear(item, *samples),
            LegEvent::Finished { item } if self.finishing.contains(item) => hear(item, u64::MAX),
            LegEvent::Flushed { heard } => heard.iter().for_each(|heard| hear(&heard.item, heard.samples)),
            _ => {}
        }
    }

    fn check(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            assert!(!self.stopped, "an effect after the end: {effect:?}");
            match effect {
                Effect::Emit(body) => self.check_event(body),
                Effect::Connect { connection, .. } => {
                    self.connection = connection;
                    self.conversation_taken = false;
                    self.running_response = None;
                }
                Effect::Play { item, samples } => *self.received.entry(item).or_default() += samples.len() as u64,
                Effect::FinishPlaying(item) => {
                    self.finishing.insert(item);
                }
                Effect::Send(event) => self.check_sent(&event),
                Effect::RunTool { tool_call_id, .. } => {
                    assert!(self.tools_run.insert(tool_call_id), "a tool ran twice");
                }
                Effect::Stop => self.stopped = true,
                _ => {}
            }
        }
    }

    fn check_event(&mut self, body: CallEventBody) {
        if let CallEventBody::ReplyInterrupted { item_id, heard_ms, .. } = &body {
            assert!(
                *heard_ms <= self.heard_ms(item_id),
                "{item_id}: more was called heard than was heard"
            );
        }
        match &body {
            CallEventBody::StateChanged { state } if *state != CallState::Ended => self.state = Some(*state),
            CallEventBody::CallEnded {
                reason: EndReason::Goodbye,
                ..
            } => assert_ne!(
                self.state,
                Some(CallState::Hearing),
                "it hung up on a caller who was speaking"
            ),
            _ => {}
        }
        self.events.push(body);
    }

    fn check_sent(&mut self, event: &ClientEvent) {
        match event {
            ClientEvent::ItemTruncate(cut) => {
                assert!(cut.audio_end_ms > 0 && cut.audio_end_ms <= self.heard_ms(&cut.item_id));
                let received = self.received.get(&cut.item_id).copied().unwrap_or(0);
                assert!(cut.audio_end_ms <= samples_to_ms(received));
            }
            ClientEvent::ItemDelete(cut) => {
                assert!(
                    self.received.contains_key(&cut.item_id),
                    "an item without audio was deleted"
                );
                assert_eq!(self.heard_ms(&cut.item_id), 0, "an item that was heard was deleted");
            }
            ClientEvent::ItemCreate(create) => {
                if let Item::FunctionCallOutput(output) = &create.item {
                    let first = self.outputs.insert((self.connection, output.call_id.clone()));
                    assert!(first, "{} has two outputs", output.call_id);
                }
            }
            ClientEvent::ResponseCreate(_) => {
                assert!(
                    !self.check_one_response || !self.conversation_taken,
                    "two responses at a time"
                );
                self.conversation_taken = true;
            }
            _ => {}
        }
    }

    fn heard_ms(&self, item: &ItemId) -> u64 {
        samples_to_ms(self.heard.get(item).copied().unwrap_or(0))
    }
}
