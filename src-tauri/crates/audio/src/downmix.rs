//! Many channels to one. Runs on the audio thread, free of allocation.
//!
//! A plain average makes a microphone on one input of an eight-channel interface 18 dB too quiet, and choosing the first channel loses it
//! altogether. So only channels that carry sound are averaged, and a channel joins or leaves gradually.

/// Time constant of the loudness that decides, in seconds: long enough that a pause between words changes nothing.
const LOUDNESS_SECONDS: f32 = 1.0;

/// Time constant with which a channel's weight moves, in seconds: short, but without a click.
const WEIGHT_SECONDS: f32 = 0.02;

/// A channel counts when its power is at least this fraction of the loudest channel's (−30 dB).
const LIVE_FRACTION: f32 = 1e-3;

/// Averages the channels that carry sound.
pub struct Downmix {
    channels: Vec<Channel>,
    loudness_step: f32,
    weight_step: f32,
}

#[derive(Clone, Copy)]
struct Channel {
    power: f32,
    weight: f32,
}

impl Downmix {
    /// For `channels` interleaved channels at `rate` samples per second. All channels begin with equal weight.
    #[must_use]
    pub fn new(channels: usize, rate: u32) -> Self {
        let channels = channels.max(1);
        let step = |seconds: f32| 1.0 - (-1.0 / (seconds * rate.max(1) as f32)).exp();
        Self {
            channels: vec![
                Channel {
                    power: 0.0,
                    weight: 1.0 / channels as f32
                };
                channels
            ],
            loudness_step: step(LOUDNESS_SECONDS),
            weight_step: step(WEIGHT_SECONDS),
        }
    }

    /// Appends one sample for each whole frame of `interleaved`.
    pub fn mix(&mut self, interleaved: &[f32], output: &mut Vec<f32>) {
        if self.channels.len() == 1 {
            output.extend_from_slice(interleaved);
            return;
        }
        for frame in interleaved.chunks_exact(self.channels.len()) {
            let loudest = self
                .channels
                .iter()
                .fold(0.0f32, |loudest, channel| loudest.max(channel.power));
            let threshold = loudest * LIVE_FRACTION;
            let live = self
                .channels
                .iter()
                .filter(|channel| channel.power >= threshold)
                .count()
                .max(1) as f32;
            let mut sum = 0.0;
            for (channel, sample) in self.channels.iter_mut().zip(frame) {
                let target = if channel.power >= threshold { 1.0 / live } else { 0.0 };
                channel.weight += (target - channel.weight) * self.weight_step;
                channel.power += (sample * sample - channel.power) * self.loudness_step;
                sum += sample * channel.weight;
            }
            output.push(sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{largest_step, sine_sample};

    const RATE: u32 = 48_000;

    fn mixed(channels: usize, seconds: usize, sample: impl Fn(usize, usize) -> f32) -> Vec<f32> {
        let interleaved: Vec<f32> = (0..seconds * RATE as usize)
            .flat_map(|frame| (0..channels).map(move |channel| (frame, channel)))
            .map(|(frame, channel)| sample(frame, channel))
            .collect();
        let mut output = Vec::new();
        Downmix::new(channels, RATE).mix(&interleaved, &mut output);
        output
    }

    fn peak(samples: &[f32]) -> f32 {
        samples.iter().fold(0.0, |peak, sample| peak.max(sample.abs()))
    }

    #[test]
    fn a_microphone_on_one_of_eight_channels_keeps_its_loudness() {
        let output = mixed(8, 2, |frame, channel| {
            if channel == 5 {
                sine_sample(frame, 300.0, RATE, 0.5)
            } else {
                0.0
            }
        });
        let settled = &output[RATE as usize..];
        assert!(peak(settled) > 0.49, "peak {}", peak(settled));
        assert!(largest_step(settled) < 0.5 * 0.04, "weights may not click");
    }

    #[test]
    fn two_equal_channels_are_averaged() {
        let output = mixed(2, 1, |frame, _| sine_sample(frame, 300.0, RATE, 0.5));
        assert!((peak(&output) - 0.5).abs() < 0.01);
    }

    #[test]
    fn an_incomplete_last_frame_is_left_out() {
        let mut output = Vec::new();
        Downmix::new(2, RATE).mix(&[0.5, 0.5, 0.5], &mut output);
        assert_eq!(output.len(), 1);
    }
}
