//! Callers who are not there: the product's voice as three speakers, over a clear line, a telephone, and with others talking beside them.
//!
//! One voice is all that every machine has; the two others are it at another pitch and pace. The babble is the same every time: recordings
//! of `tests/fixtures/speech`, in three voices that are none of these.

use std::path::Path;

use frontdesk_engine::speech::{HEARING_RATE, Speech, WIRE_RATE, resample_clip};

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    Usual,
    /// Higher and quicker.
    High,
    /// Lower and slower.
    Low,
}

/// How it arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Clear,
    /// 8 kHz.
    Telephone,
    /// Others talk, 15 dB below the caller.
    Babble,
}

impl Speaker {
    pub const ALL: [Self; 3] = [Self::Usual, Self::High, Self::Low];

    /// How far the pitch is moved: the rate at which the samples are taken to have been recorded, in parts of the true one.
    fn pitch(self) -> f64 {
        match self {
            Self::Usual => 1.0,
            Self::High => 1.12,
            Self::Low => 0.92,
        }
    }

    /// The words as this speaker says them, at [`HEARING_RATE`], with a breath of silence around them.
    pub fn says(self, speech: &Speech, text: &str) -> Vec<f32> {
        let mut wire = vec![0.0; WIRE_RATE as usize / 5];
        for clause in speech.say(text, 1.0) {
            let clause = clause.unwrap_or_else(|error| panic!("{text}: {error}"));
            wire.extend(clause.samples.iter().map(|sample| f32::from(*sample) / 32_768.0));
        }
        wire.resize(wire.len() + WIRE_RATE as usize / 5, 0.0);
        let recorded = (f64::from(WIRE_RATE) * self.pitch()) as u32;
        resampled(&wire, recorded, HEARING_RATE)
    }
}

impl Line {
    pub const ALL: [Self; 3] = [Self::Clear, Self::Telephone, Self::Babble];

    pub fn name(self) -> &'static str {
        match self {
            Self::Clear => "a clear line",
            Self::Telephone => "a telephone",
            Self::Babble => "others talking",
        }
    }

    /// The sound at the other end. `place` is where in the babble it begins, so that not everybody hears the same words beside them.
    pub fn carries(self, sound: &[f32], babble: &[f32], place: usize) -> Vec<f32> {
        match self {
            Self::Clear => sound.to_vec(),
            Self::Telephone => resampled(&resampled(sound, HEARING_RATE, 8_000), 8_000, HEARING_RATE),
            Self::Babble => {
                let start = place * HEARING_RATE as usize % babble.len();
                let beside = babble.iter().cycle().skip(start);
                let gain = loudness(sound) / loudness(babble) * 10_f32.powf(-15.0 / 20.0);
                sound
                    .iter()
                    .zip(beside)
                    .map(|(one, other)| one + gain * other)
                    .collect()
            }
        }
    }
}

/// Four people at once, from the recorded questions.
pub fn babble() -> Vec<f32> {
    const PEOPLE: usize = 4;
    const FILES: [&str; 12] = [
        "01-oil-change-price",
        "02-brake-repair-duration",
        "03-tuesday-opening",
        "04-saturday-hours",
        "05-sunday",
        "06-location",
        "07-phone-number",
        "08-warranty",
        "09-cancellation",
        "10-credit-card",
        "11-shuttle",
        "12-walk-in",
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/speech");
    let person = |number: usize| -> Vec<f32> {
        let files = FILES.iter().skip(number).step_by(PEOPLE);
        let recorded = files.flat_map(|name| {
            let path = folder.join(format!("{name}.wav"));
            let mut reader =
                hound::WavReader::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let samples: Result<Vec<i16>, _> = reader.samples::<i16>().collect();
            samples.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        });
        recorded.map(|sample| f32::from(sample) / 32_768.0).collect()
    };
    let people: Vec<Vec<f32>> = (0..PEOPLE).map(person).collect();
    let longest = people.iter().map(Vec::len).max().unwrap_or_default();
    (0..longest)
        .map(|at| people.iter().map(|person| person[at % person.len()]).sum())
        .collect()
}

/// Root of the mean square.
fn loudness(sound: &[f32]) -> f32 {
    let power: f32 = sound.iter().map(|sample| sample * sample).sum();
    (power / sound.len().max(1) as f32).sqrt()
}

fn resampled(sound: &[f32], from: u32, to: u32) -> Vec<f32> {
    resample_clip(sound, from, to).unwrap_or_else(|error| panic!("{error}"))
}
