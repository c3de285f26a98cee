//! Sample rates: the protocol's 24 kHz down to what hearing wants, and the voice's rate up to 24 kHz.
//!
//! Not for the audio callbacks: these allocate. They belong on the speech worker.

use audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler};

use super::error::{SpeechError, Stage};
use super::vad::HEARING_RATE;

/// Samples per second on the wire, both ways.
pub const WIRE_RATE: u32 = 24_000;
/// Pieces of a second that are taken at once: 20 ms, the frame of the call engine. The filter delays by half of it.
const CHUNKS_PER_SECOND: u32 = 50;
/// Input samples per block when a whole clip is converted. Delay does not matter there and longer blocks filter better.
const CLIP_CHUNK: usize = 1024;

/// A stream of PCM16 as 16 kHz floats, with filter state across pieces.
pub struct HearingResampler {
    resampler: Fft<f32>,
    pending: Vec<f32>,
}

impl HearingResampler {
    /// A resampler at the start of a stream of `rate` samples per second, [`WIRE_RATE`] or the telephone's 8,000.
    ///
    /// # Errors
    /// [`SpeechError::Inference`] when the filter cannot be built.
    pub fn new(rate: u32) -> Result<Self, SpeechError> {
        let chunk = (rate / CHUNKS_PER_SECOND) as usize;
        let resampler = Fft::new(rate as usize, HEARING_RATE as usize, chunk, 1, FixedSync::Input).map_err(failed)?;
        Ok(Self {
            resampler,
            pending: Vec::with_capacity(2 * chunk),
        })
    }

    /// Takes samples in pieces of any length; returns what is ready. Output lags input by 10 ms, and by up to 20 ms more
    /// while a block is incomplete.
    ///
    /// # Errors
    /// [`SpeechError::Inference`].
    pub fn push(&mut self, samples: &[i16]) -> Result<Vec<f32>, SpeechError> {
        self.pending
            .extend(samples.iter().map(|sample| f32::from(*sample) / 32_768.0));
        let mut ready = Vec::with_capacity(self.pending.len());
        let mut taken = 0;
        while self.pending.len() - taken >= self.resampler.input_frames_next() {
            let block = &self.pending[taken..taken + self.resampler.input_frames_next()];
            let input = InterleavedSlice::new(block, 1, block.len()).map_err(failed)?;
            let output = self.resampler.process(&input, None).map_err(failed)?;
            taken += block.len();
            ready.extend(output.take_data());
        }
        self.pending.drain(..taken);
        Ok(ready)
    }
}

/// A whole clip at `from` samples per second as clip at `to`: no leading delay, nothing cut at the end.
///
/// # Errors
/// [`SpeechError::Inference`], for instance for a rate of 0.
pub fn resample_clip(samples: &[f32], from: u32, to: u32) -> Result<Vec<f32>, SpeechError> {
    if from == to || samples.is_empty() {
        return Ok(samples.to_vec());
    }
    let mut resampler = Fft::<f32>::new(from as usize, to as usize, CLIP_CHUNK, 1, FixedSync::Input).map_err(failed)?;
    let input = InterleavedSlice::new(samples, 1, samples.len()).map_err(failed)?;
    let mut output = resampler
        .process_all(&input, samples.len(), None)
        .map_err(failed)?
        .take_data();
    // The resampler rounds its length in floating point and is now and then one sample long.
    output.truncate((samples.len() as u64 * u64::from(to)).div_ceil(u64::from(from)) as usize);
    Ok(output)
}

/// Floats as PCM16. Values outside -1 to 1 saturate; NaN is silence.
#[must_use]
pub fn to_pcm16(samples: &[f32]) -> Vec<i16> {
    samples
        .iter()
        .map(|sample| (sample * 32_767.0).round() as i16)
        .collect()
}

fn failed(error: impl std::fmt::Display) -> SpeechError {
    SpeechError::inference(Stage::Resampling, error)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sine(rate: u32, samples: usize) -> Vec<f32> {
        (0..samples)
            .map(|n| 0.5 * (std::f32::consts::TAU * 440.0 * n as f32 / rate as f32).sin())
            .collect()
    }

    #[test]
    fn a_clip_keeps_its_length_its_start_and_its_shape() {
        let clip = resample_clip(&sine(22_050, 22_050), 22_050, 24_000).unwrap();
        assert_eq!(clip.len(), 24_000);
        let expected = sine(24_000, 24_000);
        let worst = (1000..23_000)
            .map(|n| (clip[n] - expected[n]).abs())
            .fold(0.0, f32::max);
        assert!(worst < 0.01, "{worst}");
    }

    #[test]
    fn a_stream_in_uneven_pieces_is_the_stream_in_one_piece() {
        let wire = to_pcm16(&sine(24_000, 24_000));
        let whole = HearingResampler::new(WIRE_RATE).unwrap().push(&wire).unwrap();
        let mut resampler = HearingResampler::new(WIRE_RATE).unwrap();
        let mut pieces = Vec::new();
        for piece in wire.chunks(333) {
            pieces.extend(resampler.push(piece).unwrap());
        }
        assert_eq!(pieces, whole);
        assert_eq!(whole.len(), 16_000);
    }

    #[test]
    fn values_that_are_no_audio_saturate_or_fall_silent() {
        assert_eq!(
            to_pcm16(&[2.0, -2.0, f32::NAN, f32::INFINITY]),
            [32_767, -32_768, 0, 32_767]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn clips_of_any_length_and_rate_come_out_as_long_as_they_went_in(
            samples in 0_usize..5000,
            rate in prop_oneof![Just(8_000_u32), Just(16_000), Just(22_050), Just(44_100), Just(48_000)],
        ) {
            let clip = resample_clip(&vec![0.1; samples], rate, WIRE_RATE).unwrap();
            prop_assert_eq!(clip.len(), (samples * WIRE_RATE as usize).div_ceil(rate as usize));
        }
    }
}
