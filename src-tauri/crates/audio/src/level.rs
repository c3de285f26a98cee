//! Level meters: peak and mean of real samples in decibels of full scale, 15 times a second, and only while someone looks.
//!
//! Fed on the audio thread block by block; readers hold a [`tokio::sync::watch::Receiver`]. When the last receiver is dropped (the window is
//! hidden) nothing is computed and nothing is sent.

use std::time::{Duration, Instant};

use frontdesk_call::event::MicrophoneState;
use serde::Serialize;
use tokio::sync::watch;

use crate::block::Block;

/// Time between two readings: 15 Hz.
pub const LEVEL_INTERVAL: Duration = Duration::from_micros(66_667);

/// The lowest level shown, in decibels of full scale.
pub const LEVEL_FLOOR_DB: f32 = -60.0;

/// One side's level over the last [`LEVEL_INTERVAL`], in decibels of full scale, [`LEVEL_FLOOR_DB`] … 0.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Level {
    /// Loudest sample.
    pub peak_db: f32,
    /// Root mean square.
    pub rms_db: f32,
}

impl Level {
    /// No sound.
    pub const SILENT: Self = Self {
        peak_db: LEVEL_FLOOR_DB,
        rms_db: LEVEL_FLOOR_DB,
    };
}

/// Both sides.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Levels {
    /// The microphone, after echo cancellation; also while muted, so that the person sees what muting keeps back.
    pub input: Level,
    /// The speaker, as handed to the device.
    pub output: Level,
    /// State of the microphone.
    pub microphone: MicrophoneState,
}

impl Levels {
    /// Before the first reading.
    pub const SILENT: Self = Self {
        input: Level::SILENT,
        output: Level::SILENT,
        microphone: MicrophoneState::Starting,
    };
}

/// Collects one side's samples until the next reading.
#[derive(Clone, Copy, Debug, Default)]
struct Meter {
    peak: f32,
    square_sum: f64,
    samples: u32,
}

impl Meter {
    fn add(&mut self, block: &Block) {
        for sample in block {
            self.peak = self.peak.max(sample.abs());
            self.square_sum += f64::from(sample * sample);
        }
        self.samples += block.len() as u32;
    }

    fn take(&mut self) -> Level {
        let Self {
            peak,
            square_sum,
            samples,
        } = std::mem::take(self);
        let rms = if samples == 0 {
            0.0
        } else {
            (square_sum / f64::from(samples)).sqrt() as f32
        };
        Level {
            peak_db: decibels(peak),
            rms_db: decibels(rms),
        }
    }
}

fn decibels(amplitude: f32) -> f32 {
    // max() also turns the NaN or −∞ of silence into the floor.
    (20.0 * amplitude.log10())
        .clamp(LEVEL_FLOOR_DB, 0.0)
        .max(LEVEL_FLOOR_DB)
}

/// The audio thread's half: two meters and the channel to whoever looks.
pub struct LevelSender {
    input: Meter,
    output: Meter,
    next: Option<Instant>,
    sender: watch::Sender<Levels>,
}

impl LevelSender {
    /// Meters that nobody looks at yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            input: Meter::default(),
            output: Meter::default(),
            next: None,
            sender: watch::Sender::new(Levels::SILENT),
        }
    }

    /// The channel, for handles that subscribe.
    pub fn sender(&self) -> watch::Sender<Levels> {
        self.sender.clone()
    }

    /// A block from the microphone.
    pub fn add_input(&mut self, block: &Block) {
        if self.watched() {
            self.input.add(block);
        }
    }

    /// A block for the speaker.
    pub fn add_output(&mut self, block: &Block) {
        if self.watched() {
            self.output.add(block);
        }
    }

    /// Sends a reading when one is due.
    pub fn tick(&mut self, microphone: MicrophoneState, now: Instant) {
        if !self.watched() {
            (self.next, self.input, self.output) = (None, Meter::default(), Meter::default());
            return;
        }
        let due = *self.next.get_or_insert(now + LEVEL_INTERVAL);
        if now < due {
            return;
        }
        // A thread that was late does not catch up with a burst of readings.
        self.next = Some((due + LEVEL_INTERVAL).max(now));
        self.sender.send_replace(Levels {
            input: self.input.take(),
            output: self.output.take(),
            microphone,
        });
    }

    fn watched(&self) -> bool {
        self.sender.receiver_count() > 0
    }
}

impl Default for LevelSender {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::{BLOCK_SAMPLES, PROCESSING_RATE, SILENT_BLOCK};
    use crate::signal::sine_sample;

    fn sine_block() -> Block {
        std::array::from_fn(|index| sine_sample(index, 1_000.0, PROCESSING_RATE, 0.5))
    }

    #[test]
    fn a_half_scale_sine_reads_minus_six_and_minus_nine_decibels() {
        let mut levels = LevelSender::new();
        let receiver = levels.sender().subscribe();
        let start = Instant::now();
        levels.tick(MicrophoneState::Live, start);
        levels.add_input(&sine_block());
        levels.tick(MicrophoneState::Live, start + LEVEL_INTERVAL);
        let reading = *receiver.borrow();
        assert!((reading.input.peak_db + 6.02).abs() < 0.1, "{reading:?}");
        assert!((reading.input.rms_db + 9.03).abs() < 0.1, "{reading:?}");
        assert_eq!(reading.output, Level::SILENT);
    }

    #[test]
    fn fifteen_readings_are_sent_in_a_second_and_none_without_a_receiver() {
        let mut levels = LevelSender::new();
        let sender = levels.sender();
        let start = Instant::now();
        let readings_in = |levels: &mut LevelSender, receiver: Option<&mut watch::Receiver<Levels>>, from: u64| {
            let mut receiver = receiver;
            let mut count = 0;
            for millisecond in (from..from + 1_000).step_by(10) {
                levels.add_output(&SILENT_BLOCK);
                levels.tick(MicrophoneState::Live, start + Duration::from_millis(millisecond));
                if let Some(receiver) = receiver.as_deref_mut() {
                    count += usize::from(receiver.has_changed().unwrap());
                    receiver.mark_unchanged();
                }
            }
            count
        };
        let mut receiver = sender.subscribe();
        let seen = readings_in(&mut levels, Some(&mut receiver), 0);
        assert!((14..=15).contains(&seen), "{seen}");
        drop(receiver);
        readings_in(&mut levels, None, 1_000);
        assert_eq!(levels.output.samples, 0, "nothing is computed for nobody");
        assert_eq!(BLOCK_SAMPLES, SILENT_BLOCK.len());
    }
}
