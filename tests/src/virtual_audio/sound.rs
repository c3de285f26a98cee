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

/// How far the sine's own course is left at the worst place, as a fraction of full scale: each sample of a pure sine follows from the two
/// before it (`s[n] = 2 cos(w) s[n-1] − s[n-2]`), whatever its phase and loudness, so a click, a repeated or a missing sample stands out.
pub fn worst_break(samples: &[i16], hertz: f64, rate: u32) -> f64 {
    let turn = 2.0 * (TAU * hertz / f64::from(rate)).cos();
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
