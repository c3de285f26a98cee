//! What the audio thread computes for one second of a call: echo canceller, its companions, and resamplers. A time of 10 ms is 1 % of a core.
//! It is processor time where the system tells it (Linux): other programs on the machine are not this one's share.
//!
//! Run with `cargo bench -p frontdesk-audio --bench processing`. Both sides carry noise, because silence is cheaper than a call.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on stops")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use frontdesk_audio::block::{BLOCK_SAMPLES, Block, SESSION_BLOCK_SAMPLES};
use frontdesk_audio::processing::{ProcessingSettings, VoiceProcessor};
use frontdesk_audio::resample::{BlockToDevice, BlockToSession, DeviceToBlock, SessionToBlock};

/// Blocks in a second.
const BLOCKS: usize = 100;

/// The most usual rate that is not the inner one.
const DEVICE_RATE: usize = 44_100;

/// Noise that is the same in every run.
fn noise(seed: u32) -> impl FnMut() -> f32 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((state >> 8) as f32 / (1 << 23) as f32 - 1.0) * 0.3
    }
}

/// A second of both sides as the canceller gets it.
struct Second {
    far: Vec<Block>,
    near: Vec<Block>,
}

impl Second {
    fn new() -> Self {
        let blocks = |seed| {
            let mut noise = noise(seed);
            (0..BLOCKS)
                .map(|_| std::array::from_fn(|_| noise()))
                .collect::<Vec<Block>>()
        };
        Self {
            far: blocks(7),
            near: blocks(99),
        }
    }

    fn clean(&self, processor: &mut VoiceProcessor) {
        for (far, near) in self.far.iter().zip(&self.near) {
            processor.far_end(far);
            let mut block = *near;
            processor.near_end(&mut block);
            black_box(&block);
        }
    }
}

/// The four converters of a call between a device at [`DEVICE_RATE`] and the session.
struct Converters {
    to_block: DeviceToBlock,
    to_session: BlockToSession,
    from_session: SessionToBlock,
    to_device: BlockToDevice,
    device: Vec<f32>,
    session: Vec<[f32; SESSION_BLOCK_SAMPLES]>,
}

impl Converters {
    fn new() -> Self {
        let mut noise = noise(3);
        Self {
            to_block: DeviceToBlock::new(DEVICE_RATE as u32).unwrap(),
            to_session: BlockToSession::new().unwrap(),
            from_session: SessionToBlock::new().unwrap(),
            to_device: BlockToDevice::new(DEVICE_RATE as u32).unwrap(),
            device: (0..DEVICE_RATE).map(|_| noise()).collect(),
            session: (0..BLOCKS).map(|_| std::array::from_fn(|_| noise())).collect(),
        }
    }

    /// A second in both directions.
    fn convert(&mut self) {
        let mut block = [0.0; BLOCK_SAMPLES];
        let mut frame = [0.0; SESSION_BLOCK_SAMPLES];
        for piece in self.device.chunks(DEVICE_RATE / BLOCKS) {
            self.to_block.push(piece);
            while self.to_block.next_block(&mut block) {
                self.to_session.convert(&block, &mut frame);
                black_box(&frame);
            }
        }
        for frame in &self.session {
            self.from_session.convert(frame, &mut block);
            black_box(self.to_device.convert(&block));
        }
    }
}

/// The processor time of `count` rounds on this thread; wall clock where the system does not tell.
fn processor_time(count: u64, mut round: impl FnMut()) -> Duration {
    let (started, used) = (Instant::now(), thread_time());
    (0..count).for_each(|_| round());
    match (used, thread_time()) {
        (Some(before), Some(after)) => after.saturating_sub(before),
        _ => started.elapsed(),
    }
}

/// Processor time of this thread so far. Linux brings it up to date when the thread gives way, so it does.
fn thread_time() -> Option<Duration> {
    std::thread::yield_now();
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    statistics.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

fn processing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("second of audio");
    let second = Second::new();
    let canceller_alone = ProcessingSettings {
        echo_cancellation: true,
        ..ProcessingSettings::NONE
    };
    let mut canceller = VoiceProcessor::new(canceller_alone);
    group.bench_function("echo canceller", |bencher| {
        bencher.iter_custom(|count| processor_time(count, || second.clean(&mut canceller)));
    });
    let mut everything = VoiceProcessor::new(ProcessingSettings::ALL);
    group.bench_function("echo canceller, noise, gain", |bencher| {
        bencher.iter_custom(|count| processor_time(count, || second.clean(&mut everything)));
    });
    let mut converters = Converters::new();
    group.bench_function("resamplers at 44.1 kHz", |bencher| {
        bencher.iter_custom(|count| processor_time(count, || converters.convert()));
    });
    group.bench_function("echo canceller and resamplers at 44.1 kHz", |bencher| {
        bencher.iter_custom(|count| {
            processor_time(count, || {
                second.clean(&mut canceller);
                converters.convert();
            })
        });
    });
    group.bench_function("all of it at 44.1 kHz", |bencher| {
        bencher.iter_custom(|count| {
            processor_time(count, || {
                second.clean(&mut everything);
                converters.convert();
            })
        });
    });
    assert_eq!(
        everything.faults(),
        0,
        "a processor that was rebuilt measures something else"
    );
    group.finish();
}

criterion_group!(audio, processing);
criterion_main!(audio);
