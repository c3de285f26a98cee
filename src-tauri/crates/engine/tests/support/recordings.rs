//! The recorded questions of `tests/fixtures/speech`, and where in a recording somebody speaks.
//!
//! Twenty, in three voices, none of them the receptionist's. Pure but for the reading of the files.

#![allow(
    dead_code,
    reason = "each of the targets that share this file uses another part of it"
)]

use std::ops::Range;
use std::path::{Path, PathBuf};

use frontdesk_engine::speech::HEARING_RATE;
use serde::Deserialize;

/// Length in ms of the pieces whose loudness is compared.
const PIECE_MS: usize = 5;

/// Speech is what is as loud as this part of the loudest piece: −34 dB. Below it lie breath and the noise of the voices.
const AUDIBLE: f32 = 0.02;

#[derive(Deserialize)]
struct Questions {
    question: Vec<Question>,
}

/// One recorded question.
#[derive(Deserialize)]
pub struct Question {
    file: String,
    /// Who speaks.
    pub voice: String,
    /// What is said.
    pub text: String,
}

impl Question {
    /// At [`HEARING_RATE`], mono, −1 to 1.
    pub fn samples(&self) -> Vec<f32> {
        recording(&self.file)
    }
}

/// All of them, in their order.
pub fn questions() -> Vec<Question> {
    let path = folder().join("questions.toml");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let Questions { question } = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    question
}

/// A recording by the name of its file: [`HEARING_RATE`], mono, −1 to 1.
pub fn recording(file: &str) -> Vec<f32> {
    let path = folder().join(file);
    let unreadable = |error: hound::Error| -> ! { panic!("{}: {error}", path.display()) };
    let mut reader = hound::WavReader::open(&path).unwrap_or_else(|error| unreadable(error));
    assert_eq!(reader.spec().sample_rate, HEARING_RATE, "{}", path.display());
    reader
        .samples::<i16>()
        .map(|sample| f32::from(sample.unwrap_or_else(|error| unreadable(error))) / 32_768.0)
        .collect()
}

/// From the first to the last sample of speech; empty where there is no sound. `rate` is that of the samples.
pub fn spoken_part(sound: &[f32], rate: u32) -> Range<usize> {
    let length = rate as usize * PIECE_MS / 1_000;
    let pieces: Vec<f32> = sound.chunks(length).map(loudness).collect();
    let loudest = pieces.iter().copied().fold(0.0, f32::max);
    let is_spoken = |piece: &f32| *piece > 0.0 && *piece >= AUDIBLE * loudest;
    let first = pieces.iter().position(is_spoken).unwrap_or(0);
    let end = pieces.iter().rposition(is_spoken).map_or(0, |last| last + 1);
    first * length..(end * length).min(sound.len())
}

/// Root of the mean square.
pub fn loudness(sound: &[f32]) -> f32 {
    let power: f32 = sound.iter().map(|sample| sample * sample).sum();
    (power / sound.len().max(1) as f32).sqrt()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/speech")
}
