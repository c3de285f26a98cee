//! Echo cancellation, noise suppression and gain control (sonora, a port of WebRTC's processing). The only use of sonora in the program.
//!
//! Runs on the audio thread in blocks of 10 ms at 48 kHz. The far end is what the speaker's callback has rendered; sonora finds the
//! delay from there to the echo itself. Behind it stands the echo gate, for the seconds in which a changed room is learnt anew, and the
//! echo path, for callers on headphones. With everything switched off a block passes untouched, bit for bit.

mod echo_gate;
mod echo_path;

use std::panic::{AssertUnwindSafe, catch_unwind};

use sonora::config::{AdaptiveDigital, EchoCanceller, GainController2, MaxProcessingRate, NoiseSuppression, Pipeline};
use sonora::{AudioProcessing, Config, StreamConfig};

use crate::block::{BLOCK_SAMPLES, Block, PROCESSING_RATE};
use crate::signal::sanitized;
use echo_gate::EchoGate;

/// A fault inside the processing rebuilds it this often in one call; after that the microphone goes on unprocessed.
const REBUILDS: u32 = 3;

/// Gain at the start of a call in decibels. WebRTC's 15 dB make the first second of a close microphone clip.
const INITIAL_GAIN_DB: f32 = 6.0;

/// The most gain in decibels. WebRTC allows 50; a receptionist's caller is near, and 30 keeps the room's noise down.
const LARGEST_GAIN_DB: f32 = 30.0;

/// Which parts are on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProcessingSettings {
    /// Remove the receptionist's own voice from the microphone.
    pub echo_cancellation: bool,
    /// Remove steady noise.
    pub noise_suppression: bool,
    /// Even out the caller's loudness.
    pub gain_control: bool,
}

impl ProcessingSettings {
    /// All on: what a call starts with.
    pub const ALL: Self = Self {
        echo_cancellation: true,
        noise_suppression: true,
        gain_control: true,
    };

    /// All off.
    pub const NONE: Self = Self {
        echo_cancellation: false,
        noise_suppression: false,
        gain_control: false,
    };
}

impl Default for ProcessingSettings {
    fn default() -> Self {
        Self::ALL
    }
}

/// The processing of one call's microphone.
pub struct VoiceProcessor {
    settings: ProcessingSettings,
    /// Echo and noise.
    cleaning: Option<AudioProcessing>,
    /// Behind the gate, which compares loudness before and after the cleaning.
    gain: Option<AudioProcessing>,
    gate: EchoGate,
    faults: u32,
}

impl VoiceProcessor {
    /// Processing with an untrained canceller.
    #[must_use]
    pub fn new(settings: ProcessingSettings) -> Self {
        Self {
            settings,
            cleaning: cleaning(settings).map(build),
            gain: gain(settings).map(build),
            gate: EchoGate::new(),
            faults: 0,
        }
    }

    /// Switches parts on or off in a running call. What stays on keeps what it learned, as far as sonora allows.
    pub fn set(&mut self, settings: ProcessingSettings) {
        if settings == self.settings {
            return;
        }
        self.settings = settings;
        if !self.has_given_up() {
            reconfigure(&mut self.cleaning, cleaning(settings));
            reconfigure(&mut self.gain, gain(settings));
        }
    }

    /// Notes a block that the speaker has taken.
    pub fn far_end(&mut self, block: &Block) {
        self.gate.far_end(block);
        let mut unused = [0.0; BLOCK_SAMPLES];
        let done = attempt(&mut self.cleaning, |processing| {
            processing.process_render_f32(&[block], &mut [&mut unused])
        });
        self.attempted(done);
    }

    /// Cleans a block from the microphone in place.
    pub fn near_end(&mut self, block: &mut Block) {
        let raw = *block;
        let done = process(&mut self.cleaning, block);
        self.attempted(done);
        if self.settings.echo_cancellation {
            self.gate.near_end(&raw, block);
        }
        let done = process(&mut self.gain, block);
        self.attempted(done);
    }

    /// Faults of the processing so far. Above [`REBUILDS`] the microphone is unprocessed.
    #[must_use]
    pub const fn faults(&self) -> u32 {
        self.faults
    }

    /// True when the processing had to be given up.
    #[must_use]
    pub const fn has_given_up(&self) -> bool {
        self.faults > REBUILDS
    }

    /// A panic inside sonora (0.1 had one) may not end a call: the processing is rebuilt.
    fn attempted(&mut self, attempt: Result<(), Panicked>) {
        if attempt.is_ok() {
            return;
        }
        self.faults += 1;
        let settings = if self.has_given_up() {
            ProcessingSettings::NONE
        } else {
            self.settings
        };
        self.cleaning = cleaning(settings).map(build);
        self.gain = gain(settings).map(build);
        tracing::error!(faults = self.faults, "the voice processing failed and was rebuilt");
    }
}

/// sonora panicked and may be in any state.
struct Panicked;

/// Runs one step, where there is something to run it on. A refused block is left as it is.
fn attempt(
    processing: &mut Option<AudioProcessing>,
    step: impl FnOnce(&mut AudioProcessing) -> Result<(), sonora::Error>,
) -> Result<(), Panicked> {
    let Some(processing) = processing else {
        return Ok(());
    };
    match catch_unwind(AssertUnwindSafe(|| step(processing))) {
        Ok(_) => Ok(()),
        Err(_) => Err(Panicked),
    }
}

/// Processes a block of the microphone in place.
fn process(processing: &mut Option<AudioProcessing>, block: &mut Block) -> Result<(), Panicked> {
    if processing.is_none() {
        return Ok(());
    }
    let mut processed = *block;
    attempt(processing, |processing| {
        processing.process_capture_f32(&[&*block], &mut [&mut processed])
    })?;
    for (place, sample) in block.iter_mut().zip(processed) {
        *place = sanitized(sample);
    }
    Ok(())
}

fn build(config: Config) -> AudioProcessing {
    let stream = StreamConfig::new(PROCESSING_RATE, 1);
    AudioProcessing::builder()
        .config(config)
        .capture_config(stream)
        .render_config(stream)
        .build()
}

fn reconfigure(processing: &mut Option<AudioProcessing>, config: Option<Config>) {
    match (processing.as_mut(), config) {
        (Some(processing), Some(config)) => processing.apply_config(config),
        (_, config) => *processing = config.map(build),
    }
}

/// The part that removes echo and noise, unless both are off.
fn cleaning(settings: ProcessingSettings) -> Option<Config> {
    (settings.echo_cancellation || settings.noise_suppression).then(|| Config {
        echo_canceller: settings.echo_cancellation.then(EchoCanceller::default),
        noise_suppression: settings.noise_suppression.then(NoiseSuppression::default),
        ..at_the_inner_rate()
    })
}

/// The part that evens out the loudness, unless it is off.
fn gain(settings: ProcessingSettings) -> Option<Config> {
    settings.gain_control.then(|| Config {
        gain_controller2: Some(GainController2 {
            adaptive_digital: Some(AdaptiveDigital {
                initial_gain_db: INITIAL_GAIN_DB,
                max_gain_db: LARGEST_GAIN_DB,
                ..AdaptiveDigital::default()
            }),
            ..GainController2::default()
        }),
        ..at_the_inner_rate()
    })
}

/// At the inner rate nothing is resampled inside.
fn at_the_inner_rate() -> Config {
    Config {
        pipeline: Pipeline {
            maximum_internal_processing_rate: MaxProcessingRate::Rate48kHz,
            ..Pipeline::default()
        },
        ..Config::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise that is the same in every run.
    pub(super) struct Noise(u32);

    impl Noise {
        pub(super) const fn new(seed: u32) -> Self {
            Self(seed)
        }

        pub(super) fn next(&mut self) -> f32 {
            self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (self.0 >> 8) as f32 / (1 << 23) as f32 - 1.0
        }
    }

    /// Speech-like far end: noise through a low pass, in syllables of a quarter second.
    pub(super) fn far_end(seconds: usize) -> Vec<f32> {
        let mut noise = Noise(7);
        let mut low = 0.0;
        (0..seconds * PROCESSING_RATE as usize)
            .map(|index| {
                low += 0.12 * (noise.next() - low);
                let syllable = (index as f32 / PROCESSING_RATE as f32 * 4.0 * std::f32::consts::PI)
                    .sin()
                    .abs();
                low * syllable * 1.5
            })
            .collect()
    }

    /// The far end as a microphone hears it: `delay_ms` later, through a decaying room, 10 dB weaker.
    pub(super) fn echo(far: &[f32], delay_ms: usize) -> Vec<f32> {
        let mut noise = Noise(99);
        let taps: Vec<f32> = (0..80).map(|tap| noise.next() * (-(tap as f32) / 20.0).exp()).collect();
        let delay = delay_ms * PROCESSING_RATE as usize / 1_000;
        let room: Vec<f32> = (0..far.len())
            .map(|index| {
                taps.iter()
                    .enumerate()
                    .filter_map(|(tap, weight)| index.checked_sub(delay + tap * 12).map(|past| far[past] * weight))
                    .sum()
            })
            .collect();
        let gain = 10f32.powf(-10.0 / 20.0) * (power(far) / power(&room)).sqrt();
        room.iter().map(|sample| sample * gain).collect()
    }

    pub(super) fn power(samples: &[f32]) -> f32 {
        samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32
    }

    /// Echo return loss enhancement after four seconds of training, in decibels.
    fn echo_reduction(settings: ProcessingSettings, delay_ms: usize) -> f32 {
        let far = far_end(9);
        let near = echo(&far, delay_ms);
        let mut processor = VoiceProcessor::new(settings);
        let mut cleaned = Vec::with_capacity(near.len());
        for (far, near) in far
            .as_chunks::<BLOCK_SAMPLES>()
            .0
            .iter()
            .zip(near.as_chunks::<BLOCK_SAMPLES>().0)
        {
            processor.far_end(far);
            let mut block = *near;
            processor.near_end(&mut block);
            cleaned.extend_from_slice(&block);
        }
        let settled = 4 * PROCESSING_RATE as usize..cleaned.len();
        10.0 * (power(&near[settled.clone()]) / power(&cleaned[settled]).max(1e-12)).log10()
    }

    #[test]
    fn the_echo_of_a_room_is_reduced_by_more_than_25_decibels() {
        for delay_ms in [30, 120] {
            let reduction = echo_reduction(ProcessingSettings::ALL, delay_ms);
            assert!(reduction > 25.0, "{reduction} dB at {delay_ms} ms");
        }
    }

    #[test]
    fn without_the_canceller_the_same_echo_stays() {
        let settings = ProcessingSettings {
            echo_cancellation: false,
            ..ProcessingSettings::ALL
        };
        for delay_ms in [30, 120] {
            let reduction = echo_reduction(settings, delay_ms);
            assert!(reduction < 15.0, "{reduction} dB at {delay_ms} ms");
        }
    }

    /// What leaves the processing, block by block.
    fn processed(far: &[f32], near: &[f32]) -> Vec<f32> {
        let mut processor = VoiceProcessor::new(ProcessingSettings::ALL);
        let blocks = far
            .as_chunks::<BLOCK_SAMPLES>()
            .0
            .iter()
            .zip(near.as_chunks::<BLOCK_SAMPLES>().0);
        blocks
            .flat_map(|(far, near)| {
                processor.far_end(far);
                let mut block = *near;
                processor.near_end(&mut block);
                block
            })
            .collect()
    }

    /// Two replies of four seconds with a second between them, as loud as a receptionist is.
    fn two_replies() -> Vec<f32> {
        let second = PROCESSING_RATE as usize;
        let mut far = far_end(9);
        far[4 * second..5 * second].fill(0.0);
        far
    }

    #[test]
    fn a_caller_on_headphones_who_speaks_over_the_second_reply_is_heard_at_once() {
        let far = two_replies();
        let second = PROCESSING_RATE as usize;
        let mut noise = Noise(4_321);
        for (level, delay_ms) in [(1.0, 300), (0.3, 300), (1.0, 1_000)] {
            let from = 5 * second + delay_ms * second / 1_000;
            let voice = far_end(2);
            let mut near: Vec<f32> = (0..far.len()).map(|_| 1e-4 * noise.next()).collect();
            // Other words than the receptionist's: the same sounds from their end.
            for (near, voice) in near[from..].iter_mut().zip(voice.iter().rev()) {
                *near += level * voice;
            }
            let heard = processed(&far, &near);
            let beginning = from..from + second / 2;
            let loss = 10.0 * (power(&near[beginning.clone()]) / power(&heard[beginning])).log10();
            assert!(loss < 6.0, "{loss} dB of a caller at {level} after {delay_ms} ms");
        }
    }

    #[test]
    fn headphones_that_leak_pass_nothing_of_the_reply() {
        let far = two_replies();
        let mut noise = Noise(4_321);
        // 45 dB below the speaker: a voice detector would still hear it.
        let near: Vec<f32> = echo(&far, 5)
            .iter()
            .map(|echo| echo * 0.018 + 1e-5 * noise.next())
            .collect();
        let heard = processed(&far, &near);
        let second = 5 * PROCESSING_RATE as usize..;
        let level = 10.0 * power(&heard[second]).log10();
        assert!(level < -60.0, "{level} dBFS");
    }

    #[test]
    fn headphones_that_are_pulled_out_are_noticed_even_far_from_the_speaker() {
        let far = two_replies();
        let second = PROCESSING_RATE as usize;
        let mut near = echo(&far, 30);
        near[..5 * second].fill(0.0);
        let heard = processed(&far, &near);
        let passed = |from_ms: usize, until_ms: usize| {
            let span = 5 * second + from_ms * second / 1_000..5 * second + until_ms * second / 1_000;
            10.0 * (power(&near[span.clone()]) / power(&heard[span]).max(1e-12)).log10()
        };
        let reduction = passed(500, 2_500);
        assert!(reduction > 15.0, "{reduction} dB");
    }

    #[test]
    fn everything_off_passes_a_block_untouched() {
        let mut processor = VoiceProcessor::new(ProcessingSettings::NONE);
        let original: Block = std::array::from_fn(|index| (index as f32 * 0.37).sin());
        let mut block = original;
        processor.far_end(&original);
        processor.near_end(&mut block);
        assert_eq!(block, original);
    }

    #[test]
    fn parts_can_be_switched_in_a_running_call() {
        let mut processor = VoiceProcessor::new(ProcessingSettings::NONE);
        processor.set(ProcessingSettings::ALL);
        let mut block = [0.1; BLOCK_SAMPLES];
        processor.near_end(&mut block);
        processor.set(ProcessingSettings::NONE);
        let mut untouched = [0.1; BLOCK_SAMPLES];
        processor.near_end(&mut untouched);
        assert_eq!(untouched, [0.1; BLOCK_SAMPLES]);
        assert!(!processor.has_given_up());
    }
}
