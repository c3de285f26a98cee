//! Sample arithmetic that several parts need: 16-bit conversion, linear fades, the sine of the test tone. Pure functions on any thread,
//! free of allocation.

/// Largest magnitude of a 16-bit sample as a float.
const FULL_SCALE: f32 = 32_768.0;

/// A 16-bit sample as a fraction of full scale.
#[must_use]
pub fn from_i16(sample: i16) -> f32 {
    f32::from(sample) / FULL_SCALE
}

/// A fraction of full scale as a 16-bit sample, clipped; NaN becomes silence.
#[must_use]
pub fn to_i16(sample: f32) -> i16 {
    // A float-to-integer cast saturates and takes NaN to 0.
    (sample * FULL_SCALE).round() as i16
}

/// Clips to full scale; NaN and infinity become silence, for nothing behind the callback may ever see them.
#[must_use]
pub fn sanitized(sample: f32) -> f32 {
    if sample.is_finite() {
        sample.clamp(-1.0, 1.0)
    } else {
        0.0
    }
}

/// Fades the samples in from silence to full, linearly.
pub fn fade_in(samples: &mut [f32]) {
    let steps = samples.len() as f32;
    for (index, sample) in samples.iter_mut().enumerate() {
        *sample *= (index as f32 + 0.5) / steps;
    }
}

/// Fades the samples out from full to silence, linearly.
pub fn fade_out(samples: &mut [f32]) {
    let steps = samples.len() as f32;
    for (index, sample) in samples.iter_mut().enumerate() {
        *sample *= 1.0 - (index as f32 + 0.5) / steps;
    }
}

/// Sample `index` of a sine.
#[must_use]
pub fn sine_sample(index: usize, hertz: f64, rate: u32, amplitude: f32) -> f32 {
    // The phase is reduced in f64: after ten minutes an f32 phase would be audibly off.
    let turns = (index as f64 * hertz / f64::from(rate)).fract();
    (turns * std::f64::consts::TAU).sin() as f32 * amplitude
}

/// The largest difference between neighbouring samples; a click shows as a step that the signal cannot have.
#[cfg(test)]
pub(crate) fn largest_step(samples: &[f32]) -> f32 {
    samples
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).abs())
        .fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_bit_samples_survive_the_way_through_floats() {
        for sample in i16::MIN..=i16::MAX {
            assert_eq!(to_i16(from_i16(sample)), sample);
        }
    }

    #[test]
    fn not_a_number_and_infinity_become_silence_and_loud_samples_are_clipped() {
        assert_eq!(sanitized(f32::NAN), 0.0);
        assert_eq!(sanitized(f32::INFINITY), 0.0);
        assert_eq!(sanitized(-7.0), -1.0);
        assert_eq!(to_i16(f32::NAN), 0);
        assert_eq!(to_i16(9.0), i16::MAX);
    }
}
