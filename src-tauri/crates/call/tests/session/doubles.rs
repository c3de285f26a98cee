//! The four borders in memory, each with a handle by which the test plays its part.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use frontdesk_call::event::{CallerDetails, LegKind};
use frontdesk_call::identity::ItemId;
use frontdesk_call::journal::Journal;
use frontdesk_call::leg::{LEG_EVENT_CAPACITY, Leg, LegEvent, LegSink};
use frontdesk_call::tool::{ToolDescription, ToolProvider, ToolRequest, ToolResult};
use frontdesk_call::voice_model::{
    BoxFuture, CloseReason, MODEL_EVENT_CAPACITY, ModelConnection, ModelEvent, ModelSender, SendFailed, VoiceModel,
};
use frontdesk_call::{CallEvent, CallView, Problem, ProblemKind};
use frontdesk_protocol::{ClientEvent, ServerEvent};
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};

/// A backend whose connections the test answers by hand.
pub struct ScriptedModel {
    connections: mpsc::UnboundedSender<Backend>,
    /// How the next attempts end; when empty, they succeed.
    refusals: Mutex<VecDeque<Option<Problem>>>,
}

impl ScriptedModel {
    pub fn new() -> (Arc<Self>, mpsc::UnboundedReceiver<Backend>) {
        let (connections, accepted) = mpsc::unbounded_channel();
        (
            Arc::new(Self {
                connections,
                refusals: Mutex::default(),
            }),
            accepted,
        )
    }

    /// The next attempt fails with this problem; `None` hangs for ever.
    pub fn refuse(&self, problem: Option<Problem>) {
        self.refusals.lock().unwrap().push_back(problem);
    }
}

impl VoiceModel for ScriptedModel {
    fn backend_name(&self) -> &str {
        "Scripted"
    }

    fn model_name(&self) -> &str {
        "script-1"
    }

    fn connect(&self) -> BoxFuture<'_, Result<ModelConnection, Problem>> {
        Box::pin(async {
            let refusal = self.refusals.lock().unwrap().pop_front();
            match refusal {
                Some(Some(problem)) => return Err(problem),
                Some(None) => std::future::pending::<()>().await,
                None => {}
            }
            let (says, events) = mpsc::channel(MODEL_EVENT_CAPACITY);
            let (sender, told) = mpsc::unbounded_channel();
            self.connections
                .send(Backend {
                    says: Some(says),
                    told,
                    frames: 0,
                })
                .expect("the test is there");
            Ok(ModelConnection {
                events,
                sender: Box::new(Pipe(sender)),
            })
        })
    }
}

struct Pipe(mpsc::UnboundedSender<ClientEvent>);

impl ModelSender for Pipe {
    fn send(&mut self, event: ClientEvent) -> Result<(), SendFailed> {
        self.0.send(event).map_err(|_| SendFailed)
    }
}

/// The backend's end of one connection.
pub struct Backend {
    says: Option<mpsc::Sender<ModelEvent>>,
    told: mpsc::UnboundedReceiver<ClientEvent>,
    /// Frames of the caller that arrived so far.
    pub frames: usize,
}

impl Backend {
    pub async fn says(&self, json: Value) {
        let event = ServerEvent::parse(&json.to_string()).expect("a valid event");
        self.emit(ModelEvent::Event(Box::new(event))).await;
    }

    pub async fn emit(&self, event: ModelEvent) {
        self.says
            .as_ref()
            .expect("the connection is open")
            .send(event)
            .await
            .expect("the session listens");
    }

    /// Breaks the connection.
    pub async fn breaks(&mut self, retryable: bool) {
        let problem = Problem::new(ProblemKind::ConnectionLost, "The line broke.");
        self.emit(ModelEvent::Closed(CloseReason {
            code: Some(1006),
            retryable,
            problem,
        }))
        .await;
        self.says = None;
    }

    /// Drops the connection without a word.
    pub fn vanishes(&mut self) {
        self.says = None;
    }

    /// The next event that is not audio, as JSON.
    pub async fn told(&mut self) -> Value {
        loop {
            match self.told.recv().await.expect("the session holds the connection") {
                ClientEvent::InputAudioAppend(_) => self.frames += 1,
                event => return as_json(&event),
            }
        }
    }

    /// The next event that is not audio; it must be of this type.
    pub async fn expects(&mut self, kind: &str) -> Value {
        let event = self.told().await;
        assert_eq!(event["type"], kind, "{event}");
        event
    }

    /// Everything that was sent and not looked at, without waiting; audio is counted.
    pub fn rest(&mut self) -> Vec<Value> {
        let mut rest = Vec::new();
        while let Ok(event) = self.told.try_recv() {
            match event {
                ClientEvent::InputAudioAppend(_) => self.frames += 1,
                event => rest.push(as_json(&event)),
            }
        }
        rest
    }
}

fn as_json(event: &ClientEvent) -> Value {
    serde_json::from_str(&event.to_json()).expect("events are JSON")
}

/// What the session told the leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LegCall {
    Open,
    Play(ItemId, usize),
    Finish(ItemId),
    Flush,
    Muted(bool),
    Busy(bool),
    Close,
}

/// The leg's side, played by the test.
pub struct TestLeg {
    pub says: mpsc::Sender<LegEvent>,
    pub told: mpsc::UnboundedReceiver<LegCall>,
}

impl TestLeg {
    pub fn new(truncates_itself: bool) -> (Leg, Self) {
        let (says, events) = mpsc::channel(LEG_EVENT_CAPACITY);
        let (sink, told) = mpsc::unbounded_channel();
        let leg = Leg {
            kind: LegKind::Native,
            truncates_itself,
            events,
            sink: Box::new(Sink(sink)),
        };
        (leg, Self { says, told })
    }

    pub async fn says(&self, event: LegEvent) {
        self.says.send(event).await.expect("the session listens");
    }

    pub async fn heard(&self, item: &str, samples: u64) {
        self.says(LegEvent::Played {
            item: ItemId::from(item),
            samples,
        })
        .await;
    }

    pub async fn finished(&self, item: &str) {
        self.says(LegEvent::Finished {
            item: ItemId::from(item),
        })
        .await;
    }

    /// Everything that the leg was told and the test has not looked at.
    pub fn rest(&mut self) -> Vec<LegCall> {
        std::iter::from_fn(|| self.told.try_recv().ok()).collect()
    }
}

struct Sink(mpsc::UnboundedSender<LegCall>);

impl Sink {
    fn note(&self, call: LegCall) {
        // The test may have ended before the call.
        let _ = self.0.send(call);
    }
}

impl LegSink for Sink {
    fn open(&mut self) {
        self.note(LegCall::Open);
    }

    fn play(&mut self, item: &ItemId, samples: &[i16]) {
        self.note(LegCall::Play(item.clone(), samples.len()));
    }

    fn finish(&mut self, item: &ItemId) {
        self.note(LegCall::Finish(item.clone()));
    }

    fn flush(&mut self) {
        self.note(LegCall::Flush);
    }

    fn set_muted(&mut self, muted: bool) {
        self.note(LegCall::Muted(muted));
    }

    fn set_busy(&mut self, busy: bool) {
        self.note(LegCall::Busy(busy));
    }

    fn close(&mut self) {
        self.note(LegCall::Close);
    }
}

/// Four tools: `quick`, `slow` (30 s, limit 10 s), `failing` (panics), `endCall`.
#[derive(Default)]
pub struct TestTools {
    /// Calls that ran to their end.
    pub done: Arc<Mutex<Vec<String>>>,
    /// The call as tools see it, once it has begun.
    pub view: Arc<Mutex<Option<CallView>>>,
}

impl ToolProvider for TestTools {
    fn tools(&self) -> Vec<ToolDescription> {
        let tool = |name: &str| ToolDescription {
            name: name.into(),
            description: format!("The tool {name}."),
            parameters: json!({"type": "object"}),
            timeout: Duration::from_secs(10),
        };
        ["quick", "slow", "failing", "endCall"].map(tool).to_vec()
    }

    fn attend(&self, call: CallView) {
        *self.view.lock().unwrap() = Some(call);
    }

    fn call(&self, request: ToolRequest) -> BoxFuture<'_, ToolResult> {
        Box::pin(async move {
            match request.name.as_str() {
                "slow" => tokio::time::sleep(Duration::from_secs(30)).await,
                "failing" => panic!("a fault in a tool"),
                _ => tokio::time::sleep(Duration::from_millis(100)).await,
            }
            self.done.lock().unwrap().push(request.name.clone());
            ToolResult {
                output: json!({"arguments": request.arguments}),
                succeeded: true,
                caller_details: Some(CallerDetails {
                    name: Some("Ada".into()),
                    ..CallerDetails::default()
                }),
                ends_call: request.name == "endCall",
            }
        })
    }
}

/// What a journal does with a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JournalMood {
    Works,
    Fails,
    Hangs,
}

/// A journal in memory that can fail.
pub struct MemoryJournal {
    pub events: Mutex<Vec<CallEvent>>,
    pub mood: watch::Sender<JournalMood>,
}

impl MemoryJournal {
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            events: Mutex::default(),
            mood: watch::Sender::new(JournalMood::Works),
        })
    }
}

impl Journal for MemoryJournal {
    fn append(&self, events: Vec<CallEvent>) -> BoxFuture<'_, Result<(), Problem>> {
        Box::pin(async move {
            let mut mood = self.mood.subscribe();
            let mood = *mood
                .wait_for(|mood| *mood != JournalMood::Hangs)
                .await
                .expect("the journal lives");
            if mood == JournalMood::Fails {
                return Err(Problem::new(ProblemKind::NotSaved, "The disk is full."));
            }
            self.events.lock().unwrap().extend(events);
            Ok(())
        })
    }
}
