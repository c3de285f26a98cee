//! Reading a caller's audio file: any rate, mono or stereo, 8 to 32 bits, integers or floats. Blocking file access; called before a call
//! begins, never on a thread with a deadline.

use std::path::{Path, PathBuf};

use frontdesk_call::frame::SAMPLE_RATE;
use hound::{SampleFormat, WavReader, WavSpec};

use crate::block::{SESSION_BLOCK_SAMPLES, SILENT_BLOCK};
use crate::error::AudioError;
use crate::resample::{BlockToSession, DEVICE_RATES, DeviceToBlock, UnsupportedRate};
use crate::signal::{sanitized, to_i16};

/// The longest turn in seconds; more is a mistake in the choice of file, and memory is not endless.
pub const LONGEST_TURN_SECONDS: u32 = 30 * 60;

/// Samples pushed through the converters at once: half a second of the most common rates.
const PIECE: usize = 24_000;

/// One turn of the caller at the session's rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerTurn {
    /// The file it came from.
    pub path: PathBuf,
    /// 24 kHz mono.
    pub samples: Vec<i16>,
}

impl CallerTurn {
    /// Reads and validates a file.
    ///
    /// # Errors
    /// [`AudioError::FileInvalid`] with a reason that fits into a sentence for people.
    pub fn read(path: &Path) -> Result<Self, AudioError> {
        let invalid = |reason: String| AudioError::FileInvalid {
            path: path.to_owned(),
            reason,
        };
        let reader = WavReader::open(path).map_err(|error| invalid(reason(&error)))?;
        let spec = reader.spec();
        check(spec, reader.duration()).map_err(invalid)?;
        let mono = mono_samples(reader, spec).map_err(|error| invalid(reason(&error)))?;
        let samples = at_session_rate(&mono, spec.sample_rate)
            .map_err(|error| invalid(format!("its sample rate of {} cannot be converted", error.rate)))?;
        Ok(Self {
            path: path.to_owned(),
            samples,
        })
    }
}

fn check(spec: WavSpec, frames: u32) -> Result<(), String> {
    if !(1..=2).contains(&spec.channels) {
        return Err(format!(
            "it has {} channels, and only mono and stereo can be used",
            spec.channels
        ));
    }
    if !DEVICE_RATES.contains(&spec.sample_rate) {
        return Err(format!("its sample rate of {} cannot be converted", spec.sample_rate));
    }
    if frames == 0 {
        return Err("it holds no sound".to_owned());
    }
    if frames / spec.sample_rate >= LONGEST_TURN_SECONDS {
        return Err(format!("it is longer than {} minutes", LONGEST_TURN_SECONDS / 60));
    }
    Ok(())
}

fn reason(error: &hound::Error) -> String {
    match error {
        hound::Error::IoError(error) if error.kind() == std::io::ErrorKind::NotFound => {
            "there is no such file".to_owned()
        }
        hound::Error::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            "it ends too early".to_owned()
        }
        // hound reports a file that is shorter than its header says like this.
        hound::Error::IoError(error) if error.kind() == std::io::ErrorKind::Other => "it ends too early".to_owned(),
        hound::Error::IoError(error) => format!("it cannot be read ({})", error.kind()),
        hound::Error::FormatError(_) | hound::Error::InvalidSampleFormat => "it is not a WAV file".to_owned(),
        _ => "it is a kind of WAV file that cannot be read".to_owned(),
    }
}

fn mono_samples(reader: WavReader<std::io::BufReader<std::fs::File>>, spec: WavSpec) -> Result<Vec<f32>, hound::Error> {
    let channels = usize::from(spec.channels);
    let interleaved: Vec<f32> = match spec.sample_format {
        SampleFormat::Float => reader.into_samples::<f32>().collect::<Result<_, _>>()?,
        SampleFormat::Int => {
            let full_scale = (1i64 << (spec.bits_per_sample - 1)) as f32;
            reader
                .into_samples::<i32>()
                .map(|sample| sample.map(|sample| sample as f32 / full_scale))
                .collect::<Result<_, _>>()?
        }
    };
    let mean = |frame: &[f32]| frame.iter().copied().map(sanitized).sum::<f32>() / channels as f32;
    Ok(interleaved.chunks_exact(channels).map(mean).collect())
}

fn at_session_rate(mono: &[f32], rate: u32) -> Result<Vec<i16>, UnsupportedRate> {
    if rate == SAMPLE_RATE {
        return Ok(mono.iter().copied().map(to_i16).collect());
    }
    let length = (mono.len() as u64 * u64::from(SAMPLE_RATE)).div_ceil(u64::from(rate)) as usize;
    let (mut to_block, mut to_session) = (DeviceToBlock::new(rate)?, BlockToSession::new()?);
    let mut samples = Vec::with_capacity(length + PIECE);
    let mut convert = |piece: &[f32]| {
        to_block.push(piece);
        let (mut block, mut output) = (SILENT_BLOCK, [0.0; SESSION_BLOCK_SAMPLES]);
        while to_block.next_block(&mut block) {
            to_session.convert(&block, &mut output);
            samples.extend(output.into_iter().map(to_i16));
        }
    };
    for piece in mono.chunks(PIECE) {
        convert(piece);
    }
    // A tenth of a second of silence brings the last samples out of the converters.
    convert(&vec![0.0; rate as usize / 10]);
    Ok(samples)
}

#[cfg(test)]
mod tests {
    use hound::WavWriter;
    use proptest::prelude::*;

    use super::*;
    use crate::signal::sine_sample;

    fn write(path: &Path, spec: WavSpec, seconds: f64) {
        let mut writer = WavWriter::create(path, spec).unwrap();
        for index in 0..(f64::from(spec.sample_rate) * seconds) as usize {
            for _ in 0..spec.channels {
                let sample = sine_sample(index, 440.0, spec.sample_rate, 0.5);
                match spec.sample_format {
                    SampleFormat::Float => writer.write_sample(sample).unwrap(),
                    SampleFormat::Int => {
                        let full_scale = (1i64 << (spec.bits_per_sample - 1)) as f32 - 1.0;
                        writer.write_sample((sample * full_scale) as i32).unwrap();
                    }
                }
            }
        }
        writer.finalize().unwrap();
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn every_format_becomes_the_same_sine(
            rate in prop_oneof![Just(8_000u32), Just(16_000), Just(22_050), Just(24_000), Just(44_100), Just(48_000), Just(96_000)],
            channels in 1u16..=2,
            format in prop_oneof![
                Just((SampleFormat::Int, 8u16)),
                Just((SampleFormat::Int, 16)),
                Just((SampleFormat::Int, 24)),
                Just((SampleFormat::Int, 32)),
                Just((SampleFormat::Float, 32)),
            ],
        ) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("caller.wav");
            let (sample_format, bits_per_sample) = format;
            write(&path, WavSpec { channels, sample_rate: rate, bits_per_sample, sample_format }, 0.5);
            let turn = CallerTurn::read(&path).unwrap();
            prop_assert!(turn.samples.len() >= 12_000 && turn.samples.len() < 15_000, "{}", turn.samples.len());
            let middle = &turn.samples[4_000..10_000];
            let peak = middle.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
            prop_assert!((16_000..16_800).contains(&peak), "peak {peak}");
            let crossings = middle.windows(2).filter(|pair| pair[0] < 0 && pair[1] >= 0).count();
            prop_assert!((109..=111).contains(&crossings), "{crossings} periods");
        }
    }

    #[test]
    fn every_unusable_file_is_refused_with_its_reason() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let spec = WavSpec {
            channels: 1,
            sample_rate: 16_000,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        std::fs::write(path("text.wav"), "this is no sound at all, only words").unwrap();
        std::fs::write(path("empty.wav"), "").unwrap();
        write(&path("silent.wav"), spec, 0.0);
        write(&path("six.wav"), WavSpec { channels: 6, ..spec }, 0.1);
        write(
            &path("slow.wav"),
            WavSpec {
                sample_rate: 100,
                ..spec
            },
            1.0,
        );
        write(&path("cut.wav"), spec, 1.0);
        let whole = std::fs::read(path("cut.wav")).unwrap();
        std::fs::write(path("cut.wav"), &whole[..whole.len() / 2]).unwrap();
        for (name, expected) in [
            ("text.wav", "it is not a WAV file"),
            ("empty.wav", "it ends too early"),
            ("silent.wav", "it holds no sound"),
            ("six.wav", "it has 6 channels, and only mono and stereo can be used"),
            ("slow.wav", "its sample rate of 100 cannot be converted"),
            ("cut.wav", "it ends too early"),
            ("missing.wav", "there is no such file"),
        ] {
            match CallerTurn::read(&path(name)) {
                Err(AudioError::FileInvalid { reason, .. }) => assert_eq!(reason, expected, "{name}"),
                other => panic!("{name}: {other:?}"),
            }
        }
    }
}
