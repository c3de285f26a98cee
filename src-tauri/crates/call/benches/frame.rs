//! What the session itself costs: a captured frame on its way from the leg to the backend's queue, and a piece of a reply on its way back.
//!
//! Run with `cargo bench -p frontdesk-call`. Both figures are the whole way through the running actor on one thread, doubles included.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a measurement that cannot go on stops"
)]

#[path = "support/backend.rs"]
mod backend;

use std::hint::black_box;

use backend::{Backend, event};
use criterion::{Criterion, criterion_group, criterion_main};
use frontdesk_call::event::LegKind;
use frontdesk_call::frame::{FRAME_SAMPLES, Frame};
use frontdesk_call::identity::ItemId;
use frontdesk_call::leg::{LEG_EVENT_CAPACITY, Leg, LegEvent, LegSink};
use frontdesk_protocol::encode_pcm16;
use serde_json::json;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;

struct Played(mpsc::UnboundedSender<usize>);

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

/// A call whose session is ready and answers, and the ends of it.
struct Stand {
    runtime: Runtime,
    leg: mpsc::Sender<LegEvent>,
    played: mpsc::UnboundedReceiver<usize>,
    backend: Backend,
}

fn stand() -> Stand {
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    let (leg, events) = mpsc::channel(LEG_EVENT_CAPACITY);
    let (play, played) = mpsc::unbounded_channel();
    let backend = runtime.block_on(async {
        let backend = Backend::answer(Leg {
            kind: LegKind::Native,
            truncates_itself: false,
            events,
            sink: Box::new(Played(play)),
        })
        .await;
        backend
            .say(event(&json!({"type": "response.created", "response": {"id": "r"}})))
            .await;
        backend
    });
    Stand {
        runtime,
        leg,
        played,
        backend,
    }
}

fn frames(criterion: &mut Criterion) {
    let mut stand = stand();
    let frame = Frame([1_000; FRAME_SAMPLES]);
    criterion.bench_function("session/frame from leg to backend queue", |bencher| {
        bencher.iter(|| {
            stand.runtime.block_on(async {
                stand.leg.send(LegEvent::Frame(frame)).await.unwrap();
                black_box(stand.backend.told().await)
            })
        });
    });
}

fn replies(criterion: &mut Criterion) {
    let mut stand = stand();
    let delta = encode_pcm16(&[1_000; 4_800]);
    let delta =
        event(&json!({"type": "response.output_audio.delta", "response_id": "r", "item_id": "a", "delta": delta}));
    criterion.bench_function("session/200 ms of a reply from event to leg", |bencher| {
        bencher.iter(|| {
            stand.runtime.block_on(async {
                stand.backend.say(delta.clone()).await;
                black_box(stand.played.recv().await.expect("the audio arrives"))
            })
        });
    });
}

criterion_group!(session, frames, replies);
criterion_main!(session);
