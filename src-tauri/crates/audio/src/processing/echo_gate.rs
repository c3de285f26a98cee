//! Silences the microphone while the canceller leaves the speaker's sound in it: the guard behind the echo canceller.
//!
//! The canceller needs a second or two to learn a room anew when the way from speaker to microphone changes: a busy machine lost ten
//! milliseconds of the microphone, a laptop was turned. Meanwhile the receptionist's own voice would pass for a caller. So the raw microphone
//! is compared with the far end itself: the largest normalised cross-correlation over every delay up to 0.4 s, squared, is the share of its
//! energy that is echo (as a double-talk detector: Benesty, Morgan and Cho 2000). The comparison needs no learning. A canceller that works
//! leaves the rest or less, whether a caller speaks or not; then the gate is open. One that leaves more is in doubt until it has worked for a
//! second, and so is one whose echo arrives at another delay than before. So long the gate is closed while the microphone is nearly all echo,
//! and a caller is heard who is clearly louder than it.
//!
//! The closed gate is silent and not only quiet: a voice detector hears speech at −60 dBFS, too. Runs on the audio thread, a block at a time;
//! allocates at the start only. It never makes anything louder.

use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

use super::echo_path::EchoPath;
use crate::block::{BLOCK_SAMPLES, Block};

/// 48 kHz samples of one compared sample: 8 kHz hold what tells two voices apart.
const DECIMATION: usize = 6;

/// Compared samples of a block.
const STEP: usize = BLOCK_SAMPLES / DECIMATION;

/// Compared samples of the microphone: 96 ms. Shorter, and two voices of one pitch look alike; longer, and a caller waits longer.
const WINDOW: usize = 768;

/// Compared samples of the far end: delays from 0 to 416 ms. Also the length of the transforms.
const HISTORY: usize = 4_096;

/// A share of the previous sample that is taken off, which flattens the spectrum of speech: low vowels alone would all look alike.
const PRE_EMPHASIS: f32 = 0.95;

/// Correlation from which the microphone is taken for nearly all echo. Two voices that have nothing to do with each other reach 0.45 in one
/// window of a hundred; the echo of a laptop's speakers in a room is mostly above 0.65.
const CLOSES: f32 = 0.6;

/// Correlation below which somebody else is there, too.
const OPENS: f32 = 0.45;

/// How much more than the unexplained share of the energy a canceller must leave to be in doubt; the share is only an estimate.
const EXCESS: f32 = 1.5;

/// Blocks for which the canceller must have worked before it is trusted: a second of sound. It begins untrained, so in doubt.
const DOUBT_BLOCKS: u32 = 100;

/// Blocks for which the gate stays closed behind the last echo: as long as a window. One that holds the moment in which the delay jumped is
/// like neither side of it.
const HOLD_BLOCKS: u32 = 10;

/// Compared samples by which the delay may wander: a millisecond. Clocks of two devices drift by less in a second.
const SAME_DELAY: i64 = 8;

/// Mean square below which there is nothing to compare (−60 dBFS): the gate stays as it is. An open gate lets such a block pass.
const SILENCE: f32 = 1e-6;

/// 8 kHz, spectrally flattened.
#[derive(Default)]
struct Decimator {
    previous: f32,
}

impl Decimator {
    fn step(&mut self, block: &Block) -> [f32; STEP] {
        let mut samples = [0.0; STEP];
        for (sample, group) in samples.iter_mut().zip(block.as_chunks::<DECIMATION>().0) {
            let mean = group.iter().sum::<f32>() / DECIMATION as f32;
            *sample = mean - PRE_EMPHASIS * std::mem::replace(&mut self.previous, mean);
        }
        samples
    }
}

/// The gate of one microphone.
pub struct EchoGate {
    near_decimator: Decimator,
    far_decimator: Decimator,
    cleaned_decimator: Decimator,
    /// The newest samples at the end.
    near: Vec<f32>,
    cleaned: Vec<f32>,
    far: Vec<f32>,
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    work: Vec<f32>,
    near_spectrum: Vec<Complex<f32>>,
    far_spectrum: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    /// Compared samples of the far end ahead of the microphone's.
    lead: i64,
    /// Delay of the echo so far, counted from the beginnings of both sides, so that it changes only when samples are lost or the room is.
    delay: Option<i64>,
    closed: bool,
    /// Blocks until the canceller is trusted.
    doubt: u32,
    /// Blocks until a closed gate may open.
    hold: u32,
    /// Compared in the block before: every second one is enough, at half the cost.
    compared_last: bool,
    gain: f32,
    path: EchoPath,
}

impl EchoGate {
    /// An open gate without a past.
    #[must_use]
    pub fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        let (forward, inverse) = (planner.plan_fft_forward(HISTORY), planner.plan_fft_inverse(HISTORY));
        let scratch = forward.get_scratch_len().max(inverse.get_scratch_len());
        Self {
            near_decimator: Decimator::default(),
            far_decimator: Decimator::default(),
            cleaned_decimator: Decimator::default(),
            near: vec![0.0; WINDOW],
            cleaned: vec![0.0; WINDOW],
            far: vec![0.0; HISTORY],
            work: forward.make_input_vec(),
            near_spectrum: forward.make_output_vec(),
            far_spectrum: forward.make_output_vec(),
            scratch: vec![Complex::default(); scratch],
            forward,
            inverse,
            lead: 0,
            delay: None,
            closed: false,
            doubt: DOUBT_BLOCKS,
            hold: 0,
            compared_last: false,
            gain: 1.0,
            path: EchoPath::default(),
        }
    }

    /// Notes a block that the speaker has played.
    pub fn far_end(&mut self, block: &Block) {
        append(&mut self.far, &self.far_decimator.step(block));
        self.lead += STEP as i64;
    }

    /// Takes a block of the microphone as it came (`raw`) and as the canceller left it (`cleaned`), and silences the second while echo is left
    /// in it; where there is no echo at all, a caller whom the canceller took for one is put back. With a silent speaker it passes
    /// untouched, bit for bit.
    pub fn near_end(&mut self, raw: &Block, cleaned: &mut Block) {
        append(&mut self.near, &self.near_decimator.step(raw));
        append(&mut self.cleaned, &self.cleaned_decimator.step(cleaned));
        self.lead -= STEP as i64;
        let far = mean_square(&self.far);
        let mut correlation = None;
        if far <= SILENCE {
            self.closed = false;
            self.compared_last = false;
        } else if self.compared_last {
            self.compared_last = false;
        } else if mean_square(raw).max(mean_square(cleaned)) > SILENCE {
            self.compared_last = true;
            correlation = Some(self.judge());
        }
        let newest = mean_square(&self.near[WINDOW - STEP..]);
        self.path.note(far, newest, correlation);
        self.path.restore(raw, cleaned);
        let target = if self.closed { 0.0 } else { 1.0 };
        let step = (target - self.gain) / BLOCK_SAMPLES as f32;
        if self.closed || step != 0.0 {
            for sample in cleaned {
                self.gain += step;
                *sample *= self.gain;
            }
            self.gain = target;
        }
    }

    /// Compares and decides, for two blocks; gives how much the microphone sounds like the speaker.
    fn judge(&mut self) -> f32 {
        let Comparison {
            correlation,
            delay,
            at_known_delay,
        } = self.compare();
        let unexplained = (1.0 - correlation * correlation).max(0.0) * mean_square(&self.near);
        let is_echo = correlation > CLOSES;
        let wandered = self.delay.map(|known| (delay - known).abs() > SAME_DELAY);
        let jumped = is_echo && wandered == Some(true) && at_known_delay < OPENS;
        if jumped || (is_echo && wandered != Some(true)) {
            self.delay = Some(delay);
        }
        self.doubt = if jumped || (is_echo && mean_square(&self.cleaned) > EXCESS * unexplained) {
            DOUBT_BLOCKS
        } else {
            self.doubt.saturating_sub(2)
        };
        self.hold = if correlation > if self.closed { OPENS } else { CLOSES } {
            HOLD_BLOCKS
        } else {
            self.hold.saturating_sub(2)
        };
        self.closed = self.doubt > 0 && self.hold > 0;
        self.path.compared(correlation, delay, HOLD_BLOCKS, SAME_DELAY);
        if is_echo {
            self.path.is_there();
        }
        correlation
    }

    /// Normalised cross-correlation of the window with the far end over all delays.
    fn compare(&mut self) -> Comparison {
        let near_energy = mean_square(&self.near) * WINDOW as f32;
        self.work[..WINDOW].copy_from_slice(&self.near);
        self.work[WINDOW..].fill(0.0);
        let near = self
            .forward
            .process_with_scratch(&mut self.work, &mut self.near_spectrum, &mut self.scratch);
        self.work.copy_from_slice(&self.far);
        let far = self
            .forward
            .process_with_scratch(&mut self.work, &mut self.far_spectrum, &mut self.scratch);
        for (far, near) in self.far_spectrum.iter_mut().zip(&self.near_spectrum) {
            *far *= near.conj();
        }
        let products = self
            .inverse
            .process_with_scratch(&mut self.far_spectrum, &mut self.work, &mut self.scratch);
        if near.is_err() || far.is_err() || products.is_err() {
            // The lengths are constants that fit; a gate that cannot compare stays open.
            return Comparison::default();
        }
        // The window fits into the history without wrapping at these delays only.
        let mut far_energy: f32 = self.far[..WINDOW].iter().map(|sample| sample * sample).sum();
        let mut found = Comparison::default();
        for start in 0..=HISTORY - WINDOW {
            let product = self.work[start] / HISTORY as f32;
            // A faint far end would correlate by rounding alone.
            if far_energy > SILENCE * WINDOW as f32 {
                let squared = product * product / (far_energy * near_energy).max(f32::MIN_POSITIVE);
                let delay = (HISTORY - WINDOW - start) as i64 - self.lead;
                if squared > found.correlation {
                    (found.correlation, found.delay) = (squared, delay);
                }
                if self.delay.is_some_and(|known| (delay - known).abs() <= SAME_DELAY) {
                    found.at_known_delay = found.at_known_delay.max(squared);
                }
            }
            if let Some(next) = self.far.get(start + WINDOW) {
                far_energy += next * next - self.far[start] * self.far[start];
            }
        }
        found.correlation = found.correlation.sqrt();
        found.at_known_delay = found.at_known_delay.sqrt();
        found
    }
}

/// What one look at both sides found.
#[derive(Default)]
struct Comparison {
    /// Largest correlation of all delays, 0 to 1.
    correlation: f32,
    /// Where it is, in compared samples.
    delay: i64,
    /// Correlation at the delay that was known before.
    at_known_delay: f32,
}

fn append(history: &mut [f32], samples: &[f32; STEP]) {
    history.copy_within(STEP.., 0);
    let end = history.len() - STEP;
    history[end..].copy_from_slice(samples);
}

fn mean_square(samples: &[f32]) -> f32 {
    samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::PROCESSING_RATE;
    use crate::processing::tests::{Noise, echo, far_end, power};

    /// What leaves the gate behind a canceller that makes `cleaned` of `near`.
    fn gated(far: &[f32], near: &[f32], cleaned: &[f32]) -> Vec<f32> {
        let mut gate = EchoGate::new();
        let mut passed = cleaned.to_vec();
        let blocks = far
            .as_chunks::<BLOCK_SAMPLES>()
            .0
            .iter()
            .zip(near.as_chunks::<BLOCK_SAMPLES>().0);
        for ((far, near), cleaned) in blocks.zip(passed.as_chunks_mut::<BLOCK_SAMPLES>().0) {
            gate.far_end(far);
            gate.near_end(near, cleaned);
        }
        passed
    }

    /// Another voice than the far end: other noise, other syllables.
    fn caller(samples: usize, level: f32) -> Vec<f32> {
        let mut noise = Noise::new(1_234);
        let mut low = 0.0;
        let voice: Vec<f32> = (0..samples)
            .map(|index| {
                low += 0.2 * (noise.next() - low);
                low * (index as f32 / 11_000.0).sin().abs()
            })
            .collect();
        let gain = (level / power(&voice)).sqrt();
        voice.iter().map(|sample| sample * gain).collect()
    }

    /// The far end as the microphone beside the speaker hears it: straight first, and 6 dB weaker from the room.
    fn beside_the_speaker(far: &[f32], delay_ms: usize) -> Vec<f32> {
        let delay = delay_ms * BLOCK_SAMPLES / 10;
        let room = echo(far, delay_ms);
        room.iter()
            .enumerate()
            .map(|(index, room)| 0.3 * index.checked_sub(delay).map_or(0.0, |past| far[past]) + 0.5 * room)
            .collect()
    }

    fn decibels(ratio: f32) -> f32 {
        10.0 * ratio.max(1e-12).log10()
    }

    #[test]
    fn echo_that_the_canceller_missed_is_silenced_from_its_beginning_at_any_delay() {
        let far = far_end(4);
        for delay_ms in [0, 30, 120, 300] {
            let near = beside_the_speaker(&far, delay_ms);
            let passed = gated(&far, &near, &near);
            let reduction = decibels(power(&near) / power(&passed));
            assert!(reduction > 15.0, "{reduction} dB at {delay_ms} ms");
        }
    }

    #[test]
    fn echo_whose_delay_jumps_stays_silenced() {
        let far = far_end(4);
        let mut near = beside_the_speaker(&far, 76);
        // What a microphone loses when its server was late.
        near.drain(96_000..96_480);
        near.resize(far.len(), 0.0);
        let passed = gated(&far, &near, &near);
        let reduction = decibels(power(&near[96_000..144_000]) / power(&passed[96_000..144_000]));
        assert!(reduction > 15.0, "{reduction} dB");
    }

    #[test]
    fn a_caller_whom_the_canceller_frees_from_the_echo_is_heard_also_when_the_echo_is_louder() {
        let far = far_end(4);
        let echo = beside_the_speaker(&far, 60);
        for louder in [-3.0, 0.0, 6.0, 10.0] {
            let voice = caller(far.len(), power(&echo) * 10.0_f32.powf(louder / 10.0));
            let near: Vec<f32> = echo.iter().zip(&voice).map(|(echo, voice)| echo + voice).collect();
            // A canceller that has learnt this room takes 25 dB off the echo.
            let cleaned: Vec<f32> = echo
                .iter()
                .zip(&voice)
                .map(|(echo, voice)| 0.056 * echo + voice)
                .collect();
            let passed = gated(&far, &near, &cleaned);
            let trusted = 2 * PROCESSING_RATE as usize..;
            let loss = decibels(power(&cleaned[trusted.clone()]) / power(&passed[trusted]));
            assert!(loss < 0.5, "{loss} dB of a caller {louder} dB above the echo");
        }
    }

    #[test]
    fn a_canceller_that_worked_and_then_fails_is_silenced_within_a_window() {
        let far = far_end(6);
        let near = beside_the_speaker(&far, 60);
        let fails = 4 * PROCESSING_RATE as usize;
        let mut cleaned: Vec<f32> = near.iter().map(|sample| sample * 0.001).collect();
        cleaned[fails..].copy_from_slice(&near[fails..]);
        let passed = gated(&far, &near, &cleaned);
        let trusted = fails / 2..fails;
        assert!(passed[trusted.clone()] == cleaned[trusted], "nothing to silence so far");
        let window = WINDOW * DECIMATION;
        let reduction = decibels(power(&near[fails..]) / power(&passed[fails..]));
        assert!(reduction > 10.0, "{reduction} dB");
        let later = decibels(power(&near[fails + window..]) / power(&passed[fails + window..]));
        assert!(later > 40.0, "{later} dB behind the first window");
    }

    #[test]
    fn while_echo_passes_a_caller_who_is_clearly_louder_is_heard() {
        let far = far_end(4);
        let echo = beside_the_speaker(&far, 60);
        let voice = caller(far.len(), power(&echo) * 10.0);
        let near: Vec<f32> = echo.iter().zip(&voice).map(|(echo, voice)| echo + voice).collect();
        let loss = decibels(power(&near) / power(&gated(&far, &near, &near)));
        assert!(loss < 1.0, "{loss} dB");
    }

    #[test]
    fn without_an_echo_a_caller_passes_untouched_while_the_speaker_plays() {
        let far = far_end(4);
        let voice = caller(far.len(), 0.01);
        assert!(gated(&far, &voice, &voice) == voice);
    }

    #[test]
    fn with_a_silent_speaker_everything_passes_untouched() {
        let voice = far_end(2);
        assert!(gated(&vec![0.0; voice.len()], &voice, &voice) == voice);
    }
}
