//! How long sound is on its way inside the program: microphone callback → backend's queue, reply → speaker's ring, and the caller's word
//! that silences a reply. In real time, through the real session; only the device is made of software.
//!
//! Run with `cargo bench -p frontdesk-audio --bench latency`. One iteration is one word or one reply, and what is measured is the time
//! between two marks on its way, not the time that the iteration takes. Distributions are in criterion's `sample.json`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a measurement that cannot go on stops"
)]

#[path = "../../call/benches/support/backend.rs"]
mod backend;
#[path = "latency/desk.rs"]
mod desk;

use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use backend::{Backend, event};
use criterion::{BenchmarkGroup, Criterion, SamplingMode, criterion_group, criterion_main, measurement::WallTime};
use desk::{Caller, Mark, open_desk};
use frontdesk_protocol::{ClientEvent, encode_pcm16};
use serde_json::json;
use tokio::runtime::{Builder, Runtime};

/// Samples above this are a word; the processing's leftovers of silence are far below.
const LOUD: u16 = 1_000;

/// Quiet frames between two words.
const PAUSE_FRAMES: usize = 5;

/// Longest wait for a mark; a call that has broken stops the measurement.
const PATIENCE: Duration = Duration::from_secs(10);

/// A call between a software device and a scripted backend.
struct Stand {
    runtime: Runtime,
    backend: Backend,
    caller: Caller,
    marks: Receiver<Mark>,
    turns: u32,
}

impl Stand {
    fn new() -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_time()
            .build()
            .unwrap();
        let (leg, caller, marks) = open_desk();
        let backend = runtime.block_on(Backend::answer(leg));
        Self {
            runtime,
            backend,
            caller,
            marks,
            turns: 0,
        }
    }

    /// Loudest sample of the next frame that reaches the backend.
    fn next_frame(&mut self) -> u16 {
        loop {
            if let ClientEvent::InputAudioAppend(append) = self.runtime.block_on(self.backend.told()) {
                let samples = append.audio.to_pcm16().unwrap();
                return samples.into_iter().map(i16::unsigned_abs).max().unwrap_or(0);
            }
        }
    }

    /// One word: from the microphone callback that brought its first sample until its frame is at the backend's queue.
    fn word(&mut self) -> Duration {
        let mut quiet = 0;
        while quiet < PAUSE_FRAMES {
            quiet = if self.next_frame() < LOUD { quiet + 1 } else { 0 };
        }
        // A frame is two periods: every second word begins in the second half of one.
        self.turns += 1;
        self.caller.speak_after(self.turns % 2);
        while self.next_frame() < LOUD {}
        let arrived = Instant::now();
        match self.next_mark() {
            Mark::WordCaptured(at) => arrived - at,
            other => panic!("a word was expected and not {other:?}"),
        }
    }

    /// One reply that the caller interrupts. Gives the time from its first delta to its first sample in the speaker's ring, and from the
    /// news of the caller's voice to silence at the device.
    fn interrupted_reply(&mut self) -> (Duration, Duration) {
        self.turns += 1;
        let (response, item, turn) = (
            format!("r{}", self.turns),
            format!("a{}", self.turns),
            format!("u{}", self.turns),
        );
        // A constant is sound without a single silent sample.
        let delta = encode_pcm16(&[8_000; 2_400]);
        let sound = event(
            &json!({"type": "response.output_audio.delta", "response_id": response, "item_id": item, "delta": delta}),
        );
        self.say(json!({"type": "response.created", "response": {"id": response}}));
        let started = Instant::now();
        for _ in 0..20 {
            self.runtime.block_on(self.backend.say(sound.clone()));
        }
        // Two threads tell these, so either may come first; on a machine that is too busy the sound may pause and come back.
        let (mut queued, mut sounding) = (None, false);
        let queued = loop {
            match self.next_mark() {
                Mark::ReplyQueued(at) => queued = Some(at - started),
                Mark::ReplyHeard => sounding = true,
                Mark::ReplySilent(_) => sounding = false,
                Mark::WordCaptured(_) => {}
            }
            if let (Some(queued), true) = (queued, sounding) {
                break queued;
            }
        };
        // At any moment of the device's period.
        std::thread::sleep(Duration::from_millis(40 + u64::from(self.turns % 10)));
        let speech = event(&json!({"type": "input_audio_buffer.speech_started", "item_id": turn, "audio_start_ms": 0}));
        let interrupted = Instant::now();
        self.runtime.block_on(self.backend.say(speech));
        let silent = loop {
            match self.next_mark() {
                Mark::ReplySilent(at) if at > interrupted => break at - interrupted,
                _ => {}
            }
        };

        self.say(json!({"type": "response.done", "response": {"id": response, "status": "cancelled"}}));
        self.say(json!({"type": "input_audio_buffer.speech_stopped", "item_id": turn, "audio_end_ms": 0}));
        self.say(json!({"type": "input_audio_buffer.committed", "item_id": turn}));
        while !matches!(
            self.runtime.block_on(self.backend.told()),
            ClientEvent::ItemTruncate(_) | ClientEvent::ItemDelete(_)
        ) {}
        (queued, silent)
    }

    fn say(&self, json: serde_json::Value) {
        self.runtime.block_on(self.backend.say(event(&json)));
    }

    /// The next moment on the way of the sound.
    fn next_mark(&self) -> Mark {
        self.marks.recv_timeout(PATIENCE).expect("the sound goes on its way")
    }
}

/// One sample per word or reply: a mean of several would hide the slow ones.
fn one_by_one<'a>(criterion: &'a mut Criterion, samples: usize) -> BenchmarkGroup<'a, WallTime> {
    let mut group = criterion.benchmark_group("latency");
    group
        .sampling_mode(SamplingMode::Flat)
        .sample_size(samples)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_millis(1))
        .nresamples(2_000);
    group
}

fn words(criterion: &mut Criterion) {
    let mut stand = Stand::new();
    let mut group = one_by_one(criterion, 200);
    group.bench_function("microphone callback to frame at the session", |bencher| {
        bencher.iter_custom(|count| (0..count).map(|_| stand.word()).sum());
    });
    group.finish();
}

fn replies(criterion: &mut Criterion) {
    let mut stand = Stand::new();
    let mut group = one_by_one(criterion, 100);
    group.bench_function("delta to sample in the speaker ring", |bencher| {
        bencher.iter_custom(|count| (0..count).map(|_| stand.interrupted_reply().0).sum());
    });
    group.bench_function("speech_started to silence at the device", |bencher| {
        bencher.iter_custom(|count| (0..count).map(|_| stand.interrupted_reply().1).sum());
    });
    group.finish();
}

criterion_group!(audio, words, replies);
criterion_main!(audio);
