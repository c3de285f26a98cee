//! What the session itself costs: a captured frame on its way from the leg to the backend's queue, and a piece of a reply on its way back.
//!
//! Run with `cargo bench -p frontdesk-call`. Both figures are the whole way through the running actor on one thread, doubles included.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a measurement that cannot go on stops"
)]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use frontdesk_call::event::LegKind;
use frontdesk_call::frame::{FRAME_SAMPLES, Frame};
use frontdesk_call::identity::ItemId;
use frontdesk_call::journal::Journal;
use frontdesk_call::leg::{LEG_EVENT_CAPACITY, Leg, LegEvent, LegSink};
use frontdesk_call::tool::{ToolDescription, ToolProvider, ToolRequest, ToolResult};
use frontdesk_call::voice_model::{BoxFuture, ModelConnection, ModelEvent, ModelSender, SendFailed, VoiceModel};
use frontdesk_call::{CallEvent, CallHandle, CallParts, Problem, SessionConfig, start_call};
use frontdesk_protocol::{ClientEvent, ServerEvent, encode_pcm16};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;

/// Answers every connection with the two ends that the measurement holds.
struct Pipes {
    connection: std::sync::Mutex<Option<ModelConnection>>,
}

struct Told(mpsc::UnboundedSender<ClientEvent>);
struct Played(mpsc::UnboundedSender<usize>);
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

impl LegSink for Played {
    fn open(&mut self) {}
    fn play(&mut self, _: &ItemId, samples: &[i16]) {
        let _ = self.0.send(samples.len());
    }
    fn finish(&mut self, _: &ItemId) {}
    fn flush(&mut self) {}
    fn set_muted(&mut self, _: bool) {}
    fn set_busy(&mut self, _: bool) {}
    fn close(&mut self) {}
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

/// A call whose session is ready, and the four ends of it.
struct Stand {
    runtime: Runtime,
    _call: CallHandle,
    leg: mpsc::Sender<LegEvent>,
    played: mpsc::UnboundedReceiver<usize>,
    model: mpsc::Sender<ModelEvent>,
    told: mpsc::UnboundedReceiver<ClientEvent>,
}

fn event(json: &Value) -> ModelEvent {
    ModelEvent::Event(Box::new(ServerEvent::parse(&json.to_string()).expect("a valid event")))
}

fn stand() -> Stand {
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    let (leg, leg_events) = mpsc::channel(LEG_EVENT_CAPACITY);
    let (play, played) = mpsc::unbounded_channel();
    let (model, events) = mpsc::channel(256);
    let (tell, mut told) = mpsc::unbounded_channel();
    let connection = ModelConnection {
        events,
        sender: Box::new(Told(tell)),
    };
    let parts = CallParts {
        config: SessionConfig::new("Bench", "Answer."),
        leg: Leg {
            kind: LegKind::Native,
            truncates_itself: false,
            events: leg_events,
            sink: Box::new(Played(play)),
        },
        model: Arc::new(Pipes {
            connection: std::sync::Mutex::new(Some(connection)),
        }),
        tools: Arc::new(Nothing),
        journal: Arc::new(Nothing),
    };
    let call = runtime.block_on(async {
        let call = start_call(parts);
        model
            .send(event(&json!({"type": "session.created", "session": {}})))
            .await
            .unwrap();
        told.recv().await;
        model
            .send(event(&json!({"type": "session.updated", "session": {}})))
            .await
            .unwrap();
        model
            .send(event(&json!({"type": "response.created", "response": {"id": "r"}})))
            .await
            .unwrap();
        call
    });
    Stand {
        runtime,
        _call: call,
        leg,
        played,
        model,
        told,
    }
}

fn frames(criterion: &mut Criterion) {
    // Every end is held: a dropped one would hang the call up.
    let Stand {
        runtime,
        _call,
        leg,
        mut told,
        played: _played,
        model: _model,
    } = stand();
    let frame = Frame([1_000; FRAME_SAMPLES]);
    criterion.bench_function("frame from leg to backend queue", |bencher| {
        bencher.iter(|| {
            runtime.block_on(async {
                leg.send(LegEvent::Frame(frame)).await.unwrap();
                black_box(told.recv().await.expect("the frame arrives"))
            })
        });
    });
}

fn replies(criterion: &mut Criterion) {
    let Stand {
        runtime,
        _call,
        model,
        mut played,
        leg: _leg,
        told: _told,
    } = stand();
    let delta = encode_pcm16(&[1_000; 4_800]);
    let event =
        event(&json!({"type": "response.output_audio.delta", "response_id": "r", "item_id": "a", "delta": delta}));
    criterion.bench_function("200 ms of a reply from parsed event to leg", |bencher| {
        bencher.iter(|| {
            runtime.block_on(async {
                model.send(event.clone()).await.unwrap();
                black_box(played.recv().await.expect("the audio arrives"))
            })
        });
    });
}

criterion_group!(session, frames, replies);
criterion_main!(session);
