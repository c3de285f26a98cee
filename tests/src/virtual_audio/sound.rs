//! Making and measuring sound: sine files to speak, and pitch, clicks and gaps of what was heard. Pure functions and one file writer.

use std::f64::consts::TAU;
use std::path::Path;

use anyhow::Result;
use hound::{SampleFormat, WavSpec, WavWriter};

/// Loudness of every generated sine, as a fraction of full scale.
pub const AMPLITUDE: f64 = 0.4;

/// `count` samples of a sine, from sample `from` on.
pub fn sine(hertz: f64, rate: u32, from: usize, count: usize) -> Vec<i16> {
    (from..from + count)
        .map(|index| ((TAU * (index as f64 * hertz / f64::from(rate)).fract()).sin() * AMPLITUDE * 32_767.0) as i16)
        .collect()
}

/// How long the sine of the playback test is: ten seconds, or what `FRONTDESK_TEST_SINE_SECONDS` says. 600 is the length that the product
/// promises to play without a break.
///
/// # Errors
/// The variable holds no number.
pub fn sine_seconds() -> Result<usize> {
    std::env::var("FRONTDESK_TEST_SINE_SECONDS").map_or(Ok(10), |seconds| Ok(seconds.parse()?))
}

/// Writes a mono WAV file of a sine.
///
/// # Errors
/// The file cannot be written.
pub fn write_sine(path: &Path, hertz: f64, rate: u32, seconds: f64) -> Result<()> {
    let spec = WavSpec {
        channels: 1,
        sample_rate: rate,
        bits_per_sample: 16,
        sample_format: SampleFormat::Int,
    };
    let mut writer = WavWriter::create(path, spec)?;
    for sample in sine(hertz, rate, 0, (f64::from(rate) * seconds) as usize) {
        writer.write_sample(sample)?;
    }
    Ok(writer.finalize()?)
}

/// Periods in one stretch that [`frequency`] looks at.
const STRETCH: usize = 20;

/// Periods per second, from the upward zero crossings: the median over stretches of 20 periods, so that one click does not move it (that is
/// what [`worst_break`] finds). 0 for less than one stretch.
pub fn frequency(samples: &[i16], rate: u32) -> f64 {
    let crossings: Vec<f64> = samples
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| pair[0] < 0 && pair[1] >= 0)
        .map(|(index, pair)| index as f64 + f64::from(pair[0]) / (f64::from(pair[0]) - f64::from(pair[1])))
        .collect();
    let mut lengths: Vec<f64> = crossings
        .windows(STRETCH + 1)
        .map(|stretch| stretch[STRETCH] - stretch[0])
        .collect();
    lengths.sort_by(f64::total_cmp);
    lengths
        .get(lengths.len() / 2)
        .map_or(0.0, |length| STRETCH as f64 * f64::from(rate) / length)
}

/// The part from the first to the last sample that is really sound.
pub fn sounding(samples: &[i16]) -> &[i16] {
    let loud = |sample: &i16| sample.unsigned_abs() > 1_000;
    match (samples.iter().position(loud), samples.iter().rposition(loud)) {
        (Some(first), Some(last)) => &samples[first..=last],
        _ => &[],
    }
}

/// Length of the longest pause in milliseconds, judged in steps of 5 ms.
pub fn longest_pause_ms(samples: &[i16], rate: u32) -> u32 {
    let step = (rate / 200) as usize;
    let mut longest = 0;
    let mut running = 0;
    for piece in samples.chunks(step) {
        let silent = piece.iter().all(|sample| sample.unsigned_abs() < 1_000);
        running = if silent { running + 5 } else { 0 };
        longest = longest.max(running);
    }
    longest
}

/// Fewest samples of exact silence that are a pause: half a millisecond at 48 kHz. A sine of [`AMPLITUDE`] has one at a time.
const PAUSE_SAMPLES: usize = 24;

/// How far the expected course of a sine may be off because its samples are whole numbers.
const ROUNDING: f64 = 4.0;

/// A recorded sine without the pauses in it, and how long they were in samples.
///
/// A sound server that is not woken in time plays exact silence and goes on behind it with the sample that was due: nothing is lost, and
/// nothing that a program does can prevent it on a machine that others use. What a program does wrong stays: a lost or repeated sample, a
/// fade, a click.
pub fn without_pauses(samples: &[i16], hertz: f64, rate: u32) -> (Vec<i16>, usize) {
    let turn = turn(hertz, rate);
    let mut kept: Vec<i16> = Vec::with_capacity(samples.len());
    let mut paused = 0;
    for run in samples.chunk_by(|left, right| *left == 0 && *right == 0) {
        if run.len() < PAUSE_SAMPLES {
            kept.extend_from_slice(run);
            continue;
        }
        // The sine itself may be at zero where the pause begins or ends; that sample is its own.
        let follows = kept.last_chunk().is_some_and(|[before, last]| {
            let expected = turn * f64::from(*last) - f64::from(*before);
            expected.abs() < ROUNDING
        });
        kept.extend(follows.then_some(0));
        paused += run.len() - usize::from(follows);
    }
    (kept, paused)
}

/// The factor in the course of a sine: `s[n] = turn · s[n-1] − s[n-2]`.
fn turn(hertz: f64, rate: u32) -> f64 {
    2.0 * (TAU * hertz / f64::from(rate)).cos()
}

/// How far the sine's own course is left at the worst place, as a fraction of full scale: each sample of a pure sine follows from the two
/// before it (`s[n] = 2 cos(w) s[n-1] − s[n-2]`), whatever its phase and loudness, so a click, a repeated or a missing sample stands out.
pub fn worst_break(samples: &[i16], hertz: f64, rate: u32) -> f64 {
    let turn = turn(hertz, rate);
    samples
        .windows(3)
        .map(|three| (f64::from(three[2]) - turn * f64::from(three[1]) + f64::from(three[0])).abs() / 32_768.0)
        .fold(0.0, f64::max)
}

/// Mean power in decibels of full scale.
pub fn loudness_db(samples: &[i16]) -> f64 {
    let sum: f64 = samples
        .iter()
        .map(|sample| (f64::from(*sample) / 32_768.0).powi(2))
        .sum();
    10.0 * (sum / samples.len().max(1) as f64).max(1e-12).log10()
}

#[cfg(test)]
mod tests {
    use super::{sine, without_pauses, worst_break};

    const RATE: u32 = 48_000;

    /// A sine that stops at `place` for `pause` samples and goes on with sample `place + lost`.
    fn stopped(place: usize, pause: usize, lost: usize) -> Vec<i16> {
        let mut samples = sine(440.0, RATE, 7, place);
        samples.extend(std::iter::repeat_n(0, pause));
        samples.extend(sine(440.0, RATE, 7 + place + lost, 5_000));
        samples
    }

    #[test]
    fn a_pause_of_the_sound_server_is_taken_out_wherever_it_falls() {
        // 1193 is a zero of the sine: 11 periods of 440 Hz are 1,200 samples, less the seven that it begins with.
        for place in (1_000..1_400).chain([1_192, 1_193, 1_194]) {
            let (kept, paused) = without_pauses(&stopped(place, 288, 0), 440.0, RATE);
            assert_eq!((kept.len(), paused), (place + 5_000, 288), "at {place}");
            assert!(worst_break(&kept, 440.0, RATE) < 0.002, "at {place}");
        }
    }

    #[test]
    fn samples_that_are_lost_in_a_pause_are_seen() {
        for lost in [1, 2, 24, 48, 480] {
            let (kept, _) = without_pauses(&stopped(1_030, 288, lost), 440.0, RATE);
            assert!(worst_break(&kept, 440.0, RATE) > 0.002, "{lost} lost");
        }
    }
}
