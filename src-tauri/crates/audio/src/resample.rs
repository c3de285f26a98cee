//! Sample rate conversion with rubato: between the session's 24 kHz and the inner 48 kHz, and between 48 kHz and any device rate.
//!
//! Every converter keeps state from one block to the next, reports its delay so that the playback ledger can take it back out, and is made
//! anew (or reset) for every stream: the tail of an old device may never be heard on a new one. Runs on the audio thread; allocates only
//! at construction.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{
    Async, Fft, FixedAsync, FixedSync, Resampler, SincInterpolationParameters, SincInterpolationType, WindowFunction,
};

use crate::block::{BLOCK_SAMPLES, Block, PROCESSING_RATE, SESSION_BLOCK_SAMPLES};

/// Device rates that are accepted, in samples per second. Below, speech is no longer understood; above, no device exists.
pub const DEVICE_RATES: std::ops::RangeInclusive<u32> = 4_000..=768_000;

/// Length of the windowed sinc at the device edge. 128 gives 1.3 ms of delay towards 48 kHz and keeps aliases below hearing.
const SINC_LENGTH: usize = 128;

/// A device rate that no converter can be made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sample rate of {rate} per second cannot be converted")]
pub struct UnsupportedRate {
    /// Samples per second.
    pub rate: u32,
}

/// Runs one conversion step. The sizes are fixed when a converter is made, so the only error rubato knows here, a buffer of the wrong size,
/// cannot happen; if it did, silence is better than the end of a call.
fn convert(resampler: &mut dyn Resampler<f32>, input: &[f32], output: &mut [f32]) -> usize {
    let frames = output.len();
    let (Ok(source), Ok(mut target)) = (
        InterleavedSlice::new(input, 1, input.len()),
        InterleavedSlice::new_mut(output, 1, frames),
    ) else {
        return 0;
    };
    let written = resampler
        .process_into_buffer(&source, &mut target, None)
        .map_or(0, |(_, written)| written);
    debug_assert_ne!(written, 0, "buffers are sized from the resampler's own figures");
    written
}

/// From the session's rate to the inner rate, one block at a time.
pub struct SessionToBlock(Fft<f32>);

impl SessionToBlock {
    /// A converter whose past is silence.
    ///
    /// # Errors
    /// Never for these two rates; the type is rubato's.
    pub fn new() -> Result<Self, UnsupportedRate> {
        fixed(
            frontdesk_call::frame::SAMPLE_RATE,
            PROCESSING_RATE,
            SESSION_BLOCK_SAMPLES,
        )
        .map(Self)
    }

    /// Converts 10 ms.
    pub fn convert(&mut self, input: &[f32; SESSION_BLOCK_SAMPLES], output: &mut Block) {
        convert(&mut self.0, input, output);
    }

    /// Delay in samples at 48 kHz.
    pub fn delay(&self) -> usize {
        self.0.output_delay()
    }

    /// Forgets what went through.
    pub fn reset(&mut self) {
        self.0.reset();
    }
}

/// From the inner rate to the session's rate, one block at a time.
pub struct BlockToSession(Fft<f32>);

impl BlockToSession {
    /// A converter whose past is silence.
    ///
    /// # Errors
    /// Never for these two rates; the type is rubato's.
    pub fn new() -> Result<Self, UnsupportedRate> {
        fixed(PROCESSING_RATE, frontdesk_call::frame::SAMPLE_RATE, BLOCK_SAMPLES).map(Self)
    }

    /// Converts 10 ms.
    pub fn convert(&mut self, input: &Block, output: &mut [f32; SESSION_BLOCK_SAMPLES]) {
        convert(&mut self.0, input, output);
    }

    /// Forgets what went through.
    pub fn reset(&mut self) {
        self.0.reset();
    }
}

fn fixed(from: u32, to: u32, chunk: usize) -> Result<Fft<f32>, UnsupportedRate> {
    Fft::new(from as usize, to as usize, chunk, 1, FixedSync::Both).map_err(|_| UnsupportedRate { rate: from })
}

fn flexible(from: u32, to: u32, chunk: usize, fixed: FixedAsync) -> Result<Async<f32>, UnsupportedRate> {
    let device_rate = if from == PROCESSING_RATE { to } else { from };
    let unsupported = UnsupportedRate { rate: device_rate };
    if !DEVICE_RATES.contains(&device_rate) {
        return Err(unsupported);
    }
    let parameters = SincInterpolationParameters::new(SINC_LENGTH, WindowFunction::BlackmanHarris2)
        .interpolation(SincInterpolationType::Cubic);
    Async::new_sinc(f64::from(to) / f64::from(from), 1.0, &parameters, chunk, 1, fixed).map_err(|_| unsupported)
}

/// From the inner rate to a device's rate: fixed blocks in, as many samples out as the ratio gives.
pub struct BlockToDevice {
    rate: u32,
    resampler: Option<Async<f32>>,
    output: Vec<f32>,
}

impl BlockToDevice {
    /// A converter for a device of `rate` samples per second. At 48 kHz it copies and delays nothing.
    ///
    /// # Errors
    /// [`UnsupportedRate`] outside [`DEVICE_RATES`].
    pub fn new(rate: u32) -> Result<Self, UnsupportedRate> {
        let resampler = if rate == PROCESSING_RATE {
            None
        } else {
            Some(flexible(PROCESSING_RATE, rate, BLOCK_SAMPLES, FixedAsync::Input)?)
        };
        let longest = resampler.as_ref().map_or(BLOCK_SAMPLES, Resampler::output_frames_max);
        Ok(Self {
            rate,
            resampler,
            output: vec![0.0; longest],
        })
    }

    /// Converts 10 ms; the answer has about `rate / 100` samples.
    pub fn convert(&mut self, block: &Block) -> &[f32] {
        let written = match &mut self.resampler {
            None => {
                self.output.copy_from_slice(block);
                BLOCK_SAMPLES
            }
            Some(resampler) => convert(resampler, block, &mut self.output),
        };
        &self.output[..written]
    }

    /// The most samples that one block can become.
    pub fn longest_block(&self) -> usize {
        self.output.len()
    }

    /// Delay in samples at the device's rate.
    pub fn delay(&self) -> usize {
        self.resampler.as_ref().map_or(0, Resampler::output_delay)
    }

    /// Samples per second of the device.
    pub const fn rate(&self) -> u32 {
        self.rate
    }
}

/// From a device's rate to the inner rate: any number of samples in, whole blocks out.
pub struct DeviceToBlock {
    resampler: Option<Async<f32>>,
    /// Samples that wait for their block. Bounded by the capture ring: the audio thread never adds more than one ring at once.
    waiting: Vec<f32>,
    /// How many of `waiting` were already used.
    used: usize,
}

impl DeviceToBlock {
    /// A converter for a device of `rate` samples per second.
    ///
    /// # Errors
    /// [`UnsupportedRate`] outside [`DEVICE_RATES`].
    pub fn new(rate: u32) -> Result<Self, UnsupportedRate> {
        let resampler = if rate == PROCESSING_RATE {
            None
        } else {
            Some(flexible(rate, PROCESSING_RATE, BLOCK_SAMPLES, FixedAsync::Output)?)
        };
        Ok(Self {
            resampler,
            waiting: Vec::with_capacity(rate as usize / 10),
            used: 0,
        })
    }

    /// Adds what the device delivered.
    pub fn push(&mut self, samples: &[f32]) {
        if self.used > 0 {
            self.waiting.copy_within(self.used.., 0);
            self.waiting.truncate(self.waiting.len() - self.used);
            self.used = 0;
        }
        self.waiting.extend_from_slice(samples);
    }

    /// Fills `block` and answers true, or answers false when too little has arrived.
    pub fn next_block(&mut self, block: &mut Block) -> bool {
        let needed = self
            .resampler
            .as_ref()
            .map_or(BLOCK_SAMPLES, Resampler::input_frames_next);
        let Some(input) = self.waiting.get(self.used..self.used + needed) else {
            return false;
        };
        match &mut self.resampler {
            None => block.copy_from_slice(input),
            Some(resampler) => {
                convert(resampler, input, block);
            }
        }
        self.used += needed;
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::signal::{largest_step, sine_sample};

    /// Feeds `seconds` of a sine through a device's microphone edge in pieces of the given sizes.
    fn through_microphone_edge(rate: u32, pieces: &[usize], hertz: f64, samples: usize) -> Vec<f32> {
        let mut edge = DeviceToBlock::new(rate).unwrap();
        let mut output = Vec::new();
        let mut block = [0.0; BLOCK_SAMPLES];
        let mut position = 0;
        for piece in pieces.iter().cycle() {
            if position >= samples {
                break;
            }
            let input: Vec<f32> = (position..position + piece)
                .map(|index| sine_sample(index, hertz, rate, 0.5))
                .collect();
            position += piece;
            edge.push(&input);
            while edge.next_block(&mut block) {
                output.extend_from_slice(&block);
            }
        }
        output
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn a_sine_of_any_rate_in_pieces_of_any_size_stays_continuous(
            rate in prop_oneof![Just(8_000), Just(16_000), Just(22_050), Just(44_100), Just(48_000), Just(96_000), 8_000u32..192_000],
            pieces in prop::collection::vec(1usize..3_000, 1..8),
        ) {
            let output = through_microphone_edge(rate, &pieces, 440.0, rate as usize / 2);
            // The first 10 ms hold the filter's onset.
            let settled = &output[BLOCK_SAMPLES..];
            let expected = 0.5 * (std::f32::consts::TAU * 440.0 / PROCESSING_RATE as f32);
            prop_assert!(largest_step(settled) < expected * 1.1, "step {} at {rate}", largest_step(settled));
            let peak = settled.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
            prop_assert!((0.49..0.51).contains(&peak), "peak {peak} at {rate}");
        }

        #[test]
        fn the_speaker_edge_gives_as_many_samples_as_the_ratio_asks(rate in 8_000u32..192_000) {
            let mut edge = BlockToDevice::new(rate).unwrap();
            let total: usize = (0..100).map(|_| edge.convert(&[0.0; BLOCK_SAMPLES]).len()).sum();
            prop_assert!(total.abs_diff(rate as usize) <= 2 + rate as usize / 24_000, "{total} of {rate}");
        }
    }

    #[test]
    fn an_impulse_comes_out_after_exactly_the_reported_delay() {
        for rate in [8_000, 44_100, 48_000, 96_000] {
            let mut first = SessionToBlock::new().unwrap();
            let mut second = BlockToDevice::new(rate).unwrap();
            let delay = first.delay() as f64 * f64::from(rate) / f64::from(PROCESSING_RATE) + second.delay() as f64;
            let mut output = Vec::new();
            for block_index in 0..10 {
                let mut input = [0.0; SESSION_BLOCK_SAMPLES];
                if block_index == 2 {
                    input[120] = 1.0;
                }
                let mut block = [0.0; BLOCK_SAMPLES];
                first.convert(&input, &mut block);
                output.extend_from_slice(second.convert(&block));
            }
            let peak = (0..output.len())
                .max_by(|a, b| output[*a].abs().total_cmp(&output[*b].abs()))
                .unwrap();
            let expected = 600.0 * f64::from(rate) / 24_000.0 + delay;
            let slack = 1.0 + f64::from(rate) / 24_000.0;
            assert!(
                (peak as f64 - expected).abs() <= slack,
                "{rate}: peak at {peak}, expected {expected}"
            );
        }
    }

    #[test]
    fn a_reset_converter_gives_exact_silence_after_a_loud_tone() {
        let mut converter = SessionToBlock::new().unwrap();
        let mut block = [0.0; BLOCK_SAMPLES];
        converter.convert(&[0.9; SESSION_BLOCK_SAMPLES], &mut block);
        converter.reset();
        converter.convert(&[0.0; SESSION_BLOCK_SAMPLES], &mut block);
        assert_eq!(block, [0.0; BLOCK_SAMPLES]);
    }

    #[test]
    fn impossible_rates_are_refused() {
        assert_eq!(BlockToDevice::new(0).err(), Some(UnsupportedRate { rate: 0 }));
        assert_eq!(
            DeviceToBlock::new(1_000_000).err(),
            Some(UnsupportedRate { rate: 1_000_000 })
        );
    }
}
