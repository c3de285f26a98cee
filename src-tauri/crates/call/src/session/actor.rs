//! The session actor: gives inputs to the machine in order and carries out its effects. One tokio task per call; it never blocks and never
//! waits for a tool, a socket or the disk.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use frontdesk_protocol::{ServerEvent, UnknownEvent};
use jiff::Timestamp;
use serde_json::json;
use tokio::sync::mpsc;
use tokio::task::{Id, JoinSet};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use uuid::Uuid;

use super::uplink::Uplink;
use crate::call_view::CallReport;
use crate::config::SessionConfig;
use crate::identity::{CallId, ToolCallId, WallTime};
use crate::leg::{Leg, LegEvent};
use crate::machine::{Command, Effect, FrameRoute, Input, Machine, Moment, Setup};
use crate::problem::{Problem, ProblemAction, ProblemKind};
use crate::recorder::Draft;
use crate::tool::{ToolDescription, ToolProvider, ToolRequest, ToolResult};
use crate::voice_model::{BoxFuture, CloseReason, ModelConnection, ModelEvent, VoiceModel};

/// Added to a tool's own limit: the provider keeps the limit, this is the net below it.
const TOOL_GRACE: Duration = Duration::from_secs(2);

/// Longest run of a tool that names no limit it could be looked up by.
const TOOL_DEADLINE: Duration = Duration::from_secs(60);

/// Kinds of unknown events that are logged by name in one call; a hostile peer could invent a new one with every message.
const UNKNOWN_KINDS_LOGGED: usize = 32;

type Connecting = (u32, BoxFuture<'static, Result<ModelConnection, Problem>>);

/// One call. See the module's header.
pub(crate) struct Actor {
    id: CallId,
    started: Instant,
    machine: Machine,
    leg: Leg,
    leg_open: bool,
    model: Arc<dyn VoiceModel>,
    connecting: Option<Connecting>,
    connection: Option<(u32, ModelConnection)>,
    tools: Arc<dyn ToolProvider>,
    tool_limits: Vec<(String, Duration)>,
    running_tools: JoinSet<ToolResult>,
    tool_ids: Vec<(Id, ToolCallId)>,
    uplink: Uplink,
    channels: Channels,
    unknown_kinds: HashSet<String>,
    unknown_events: u64,
}

/// The queues of a session.
pub(crate) struct Channels {
    /// What a person asks for.
    pub(crate) commands: mpsc::Receiver<Command>,
    /// What tools tell while they work.
    pub(crate) reports: mpsc::Receiver<CallReport>,
    /// To the recorder.
    pub(crate) drafts: mpsc::Sender<Draft>,
}

/// What woke the actor.
#[expect(
    clippy::large_enum_variant,
    reason = "a leg's frame is the usual case and needs no box"
)]
enum Wake {
    Command(Option<Command>),
    Leg(Option<LegEvent>),
    Connected(Result<ModelConnection, Problem>),
    Model(Option<ModelEvent>),
    Tool(ToolCallId, ToolResult),
    Report(CallReport),
    Deadline,
}

impl Actor {
    pub(crate) fn new(
        id: CallId,
        config: SessionConfig,
        leg: Leg,
        model: Arc<dyn VoiceModel>,
        tools: Arc<dyn ToolProvider>,
        channels: Channels,
    ) -> Self {
        let descriptions: Vec<ToolDescription> = tools.tools();
        let tool_limits = descriptions
            .iter()
            .map(|tool| (tool.name.clone(), tool.timeout + TOOL_GRACE))
            .collect();
        let machine = Machine::new(Setup {
            config: Arc::new(config),
            tools: descriptions,
            leg: leg.kind,
            truncates_itself: leg.truncates_itself,
            backend: model.backend_name().to_owned(),
            model: model.model_name().to_owned(),
            started_unix: u64::try_from(Timestamp::now().as_second()).unwrap_or(0),
            seed: Uuid::new_v4().as_u64_pair().0,
        });
        Self {
            id,
            started: Instant::now(),
            machine,
            leg,
            leg_open: true,
            model,
            connecting: None,
            connection: None,
            tools,
            tool_limits,
            running_tools: JoinSet::new(),
            tool_ids: Vec::new(),
            uplink: Uplink::default(),
            channels,
            unknown_kinds: HashSet::new(),
            unknown_events: 0,
        }
    }

    /// Runs the call to its end.
    pub(crate) async fn run(mut self) {
        let effects = self.machine.begin(self.now());
        self.carry_out(effects).await;
        while !self.machine.is_over() {
            let wake = self.wake().await;
            if let Some(input) = self.input(wake) {
                let now = self.now();
                let effects = self.machine.step(input, now);
                self.carry_out(effects).await;
            }
        }
        if self.unknown_events > 0 {
            tracing::debug!(count = self.unknown_events, "events of unknown type came in this call");
        }
    }

    fn now(&self) -> Moment {
        Moment(self.started.elapsed())
    }

    /// Waits for the next thing that happens. Biased: a person's command first, then the caller's audio, which is real time, then the
    /// backend, which may have a backlog.
    async fn wake(&mut self) -> Wake {
        let deadline = self.machine.deadline().map(|deadline| self.started + deadline.0);
        tokio::select! {
            biased;
            command = self.channels.commands.recv() => Wake::Command(command),
            event = self.leg.events.recv(), if self.leg_open => Wake::Leg(event),
            result = connected(&mut self.connecting), if self.connecting.is_some() => Wake::Connected(result),
            event = heard(&mut self.connection), if self.connection.is_some() => Wake::Model(event),
            Some(report) = self.channels.reports.recv() => Wake::Report(report),
            (id, result) = tool_finished(&mut self.running_tools, &mut self.tool_ids), if !self.running_tools.is_empty() => {
                Wake::Tool(id, result)
            }
            () = sleep_until(deadline.unwrap_or(self.started)), if deadline.is_some() => Wake::Deadline,
        }
    }

    /// Turns what happened into an input of the machine. Frames are carried out at once and are none.
    fn input(&mut self, wake: Wake) -> Option<Input> {
        match wake {
            // Nobody holds the call any more.
            Wake::Command(None) => Some(Input::Command(Command::EndCall)),
            Wake::Command(Some(command)) => Some(Input::Command(command)),
            Wake::Leg(Some(LegEvent::Frame(frame))) => {
                self.frame(frame);
                None
            }
            Wake::Leg(Some(event)) => Some(Input::Leg(event)),
            Wake::Leg(None) => {
                self.leg_open = false;
                Some(Input::LegGone)
            }
            Wake::Connected(result) => {
                let (connection, _) = self.connecting.take()?;
                Some(match result {
                    Ok(opened) => {
                        self.connection = Some((connection, opened));
                        Input::Connected { connection }
                    }
                    Err(problem) => Input::ConnectFailed { connection, problem },
                })
            }
            Wake::Model(event) => self.model_event(event),
            Wake::Tool(tool_call_id, result) => Some(Input::ToolFinished { tool_call_id, result }),
            Wake::Report(report) => Some(Input::Report(report)),
            Wake::Deadline => Some(Input::Tick),
        }
    }

    fn model_event(&mut self, event: Option<ModelEvent>) -> Option<Input> {
        let connection = self.connection.as_ref()?.0;
        match event {
            Some(ModelEvent::Event(event)) => {
                if let ServerEvent::Unknown(unknown) = &*event {
                    self.note_unknown(unknown);
                    return None;
                }
                Some(Input::Model { connection, event })
            }
            Some(ModelEvent::Malformed { size }) => {
                tracing::debug!(size, "a message of the backend could not be understood");
                None
            }
            Some(ModelEvent::Closed(reason)) => Some(self.lost(connection, reason)),
            None => {
                let problem = Problem::new(
                    ProblemKind::ConnectionLost,
                    "The connection to the voice service was lost.",
                );
                let problem = problem.with_action(ProblemAction::TryAgain);
                Some(self.lost(
                    connection,
                    CloseReason {
                        code: None,
                        retryable: true,
                        problem,
                    },
                ))
            }
        }
    }

    fn lost(&mut self, connection: u32, reason: CloseReason) -> Input {
        self.connection = None;
        Input::Disconnected { connection, reason }
    }

    /// Unknown events are normal: counted, and logged once per type.
    fn note_unknown(&mut self, unknown: &UnknownEvent) {
        self.unknown_events += 1;
        if self.unknown_kinds.len() < UNKNOWN_KINDS_LOGGED && self.unknown_kinds.insert(unknown.kind.clone()) {
            tracing::debug!(kind = unknown.kind, bytes = unknown.bytes, "an event of unknown type");
        }
    }

    /// The short way of the caller's audio.
    fn frame(&mut self, frame: crate::frame::Frame) {
        match self.machine.route_frame() {
            FrameRoute::Send => {
                if let Some((_, connection)) = &mut self.connection
                    && Uplink::send(&mut *connection.sender, &frame).is_err()
                {
                    // The reason follows as an event of the connection; until then this frame is the first of the gap.
                    self.uplink.hold(frame);
                }
            }
            FrameRoute::Hold => self.uplink.hold(frame),
            FrameRoute::Drop => {}
        }
    }

    async fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Emit(body) => {
                    let ms = self.now().ms();
                    // The recorder outlives the session; should it be gone, the call still goes on.
                    let _ = self.channels.drafts.send(Draft { body, ms }).await;
                }
                Effect::Connect { connection, after } => self.connect(connection, after),
                Effect::Disconnect => {
                    self.connecting = None;
                    self.connection = None;
                }
                Effect::Send(event) => {
                    if let Some((_, connection)) = &mut self.connection
                        && connection.sender.send(event).is_err()
                    {
                        tracing::debug!("an event was not sent, because the connection is closed");
                    }
                }
                Effect::ReleaseAudio => {
                    if let Some((_, connection)) = &mut self.connection {
                        let sent = self.uplink.release(&mut *connection.sender);
                        self.machine.held_frames_sent(sent);
                    }
                }
                Effect::DropAudio => self.uplink.forget(),
                Effect::OpenLeg => self.leg.sink.open(),
                Effect::Play { item, samples } => self.leg.sink.play(&item, &samples),
                Effect::FinishPlaying(item) => self.leg.sink.finish(&item),
                Effect::Flush => self.leg.sink.flush(),
                Effect::SetMuted(muted) => self.leg.sink.set_muted(muted),
                Effect::SetBusy(busy) => self.leg.sink.set_busy(busy),
                Effect::RunTool {
                    tool_call_id,
                    name,
                    arguments,
                } => self.run_tool(tool_call_id, name, arguments),
                Effect::Stop => self.stop(),
            }
        }
    }

    fn connect(&mut self, connection: u32, after: Duration) {
        let model = Arc::clone(&self.model);
        self.connection = None;
        let opening = async move {
            sleep(after).await;
            model.connect().await
        };
        self.connecting = Some((connection, Box::pin(opening)));
    }

    fn run_tool(&mut self, tool_call_id: ToolCallId, name: String, arguments: String) {
        let limit = self
            .tool_limits
            .iter()
            .find(|(tool, _)| *tool == name)
            .map_or(TOOL_DEADLINE, |(_, limit)| *limit);
        let tools = Arc::clone(&self.tools);
        let now = WallTime(Timestamp::now());
        let request = ToolRequest {
            call_id: self.id.clone(),
            tool_call_id: tool_call_id.clone(),
            name,
            arguments,
            now,
        };
        let task = self.running_tools.spawn(async move {
            timeout(limit, tools.call(request))
                .await
                .unwrap_or_else(|_| tool_failure("The tool did not answer in time."))
        });
        self.tool_ids.push((task.id(), tool_call_id));
    }

    fn stop(&mut self) {
        self.running_tools.abort_all();
        self.connecting = None;
        self.connection = None;
        self.leg.sink.close();
    }
}

/// What the model is told of a tool that gave nothing itself.
fn tool_failure(sentence: &str) -> ToolResult {
    ToolResult {
        output: json!({ "error": sentence }),
        succeeded: false,
        caller_details: None,
        ends_call: false,
    }
}

async fn connected(connecting: &mut Option<Connecting>) -> Result<ModelConnection, Problem> {
    match connecting {
        Some((_, opening)) => opening.await,
        None => std::future::pending().await,
    }
}

async fn heard(connection: &mut Option<(u32, ModelConnection)>) -> Option<ModelEvent> {
    match connection {
        Some((_, connection)) => connection.events.recv().await,
        None => std::future::pending().await,
    }
}

/// The next tool that ended. One that panicked has failed; the call goes on.
async fn tool_finished(running: &mut JoinSet<ToolResult>, ids: &mut Vec<(Id, ToolCallId)>) -> (ToolCallId, ToolResult) {
    loop {
        let Some(ended) = running.join_next_with_id().await else {
            return std::future::pending().await;
        };
        let (task, result) = match ended {
            Ok((task, result)) => (task, result),
            Err(error) => (
                error.id(),
                tool_failure("The tool failed because of a fault inside Frontdesk."),
            ),
        };
        if let Some(at) = ids.iter().position(|(id, _)| *id == task) {
            return (ids.swap_remove(at).1, result);
        }
    }
}
