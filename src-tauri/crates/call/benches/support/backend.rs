//! A running call whose backend is two pipes, for measurements: what it says is pushed in, what it is told comes out.
//!
//! Used by the benches of every crate that measures a whole call. Everything runs on the runtime of the caller.

use std::sync::{Arc, Mutex};

use frontdesk_call::journal::Journal;
use frontdesk_call::leg::Leg;
use frontdesk_call::tool::{ToolDescription, ToolProvider, ToolRequest, ToolResult};
use frontdesk_call::voice_model::{
    BoxFuture, MODEL_EVENT_CAPACITY, ModelConnection, ModelEvent, ModelSender, SendFailed, VoiceModel,
};
use frontdesk_call::{CallEvent, CallHandle, CallParts, Problem, SessionConfig, start_call};
use frontdesk_protocol::{ClientEvent, ServerEvent};
use serde_json::{Value, json};
use tokio::sync::mpsc;

/// The far ends of a call. Held as long as the call is measured: a dropped one hangs it up.
pub struct Backend {
    _call: CallHandle,
    says: mpsc::Sender<ModelEvent>,
    told: mpsc::UnboundedReceiver<ClientEvent>,
}

impl Backend {
    /// Starts a call over `leg` and answers it until its session is ready.
    pub async fn answer(leg: Leg) -> Self {
        let (says, events) = mpsc::channel(MODEL_EVENT_CAPACITY);
        let (tell, told) = mpsc::unbounded_channel();
        let connection = ModelConnection {
            events,
            sender: Box::new(Told(tell)),
        };
        let call = start_call(CallParts {
            config: SessionConfig::new("Bench", "Answer."),
            leg,
            model: Arc::new(Pipes {
                connection: Mutex::new(Some(connection)),
            }),
            tools: Arc::new(Nothing),
            journal: Arc::new(Nothing),
        });
        let mut backend = Self {
            _call: call,
            says,
            told,
        };
        backend
            .say(event(&json!({"type": "session.created", "session": {}})))
            .await;
        backend.told().await;
        backend
            .say(event(&json!({"type": "session.updated", "session": {}})))
            .await;
        backend
    }

    /// Gives the session one event, as the connection does after parsing it.
    pub async fn say(&self, event: ModelEvent) {
        self.says.send(event).await.unwrap();
    }

    /// The next event that the session sends to the backend.
    pub async fn told(&mut self) -> ClientEvent {
        self.told.recv().await.expect("the call goes on")
    }
}

/// A server event as the session gets it.
pub fn event(json: &Value) -> ModelEvent {
    ModelEvent::Event(Box::new(ServerEvent::parse(&json.to_string()).expect("a valid event")))
}

/// Answers the only connection with the ends that the measurement holds.
struct Pipes {
    connection: Mutex<Option<ModelConnection>>,
}

struct Told(mpsc::UnboundedSender<ClientEvent>);
struct Nothing;

impl VoiceModel for Pipes {
    fn backend_name(&self) -> &str {
        "Pipes"
    }

    fn model_name(&self) -> &str {
        "pipes"
    }

    fn connect(&self) -> BoxFuture<'_, Result<ModelConnection, Problem>> {
        let connection = self.connection.lock().unwrap().take().expect("one connection");
        Box::pin(async { Ok(connection) })
    }
}

impl ModelSender for Told {
    fn send(&mut self, event: ClientEvent) -> Result<(), SendFailed> {
        self.0.send(event).map_err(|_| SendFailed)
    }
}

impl ToolProvider for Nothing {
    fn tools(&self) -> Vec<ToolDescription> {
        Vec::new()
    }

    fn call(&self, _: ToolRequest) -> BoxFuture<'_, ToolResult> {
        Box::pin(std::future::pending())
    }
}

impl Journal for Nothing {
    fn append(&self, _: Vec<CallEvent>) -> BoxFuture<'_, Result<(), Problem>> {
        Box::pin(async { Ok(()) })
    }
}
