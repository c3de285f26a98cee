//! Callers who are not there, and the lines that they call over: a clear one, a telephone, and one with others talking beside them.
//!
//! One voice is all that every machine has; the three speakers are it, two of them at another pitch and pace. The babble is the same every
//! time: recordings of `tests/fixtures/speech`, in three voices that are none of these.

#![allow(
    dead_code,
    reason = "each of the targets that share this file uses another part of it"
)]

use frontdesk_engine::server::Codec;
use frontdesk_engine::speech::{
    HEARING_RATE, HearingResampler, Speech, SpeechError, Utterance, WIRE_RATE, resample_clip, to_pcm16,
};

use crate::recordings::{loudness, recording, spoken_part};

/// How far the babble lies below the caller, in dB.
const BABBLE_BELOW: f32 = 15.0;

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
    /// PCM at 24 kHz.
    Clear,
    /// G.711 µ-law at 8 kHz.
    Telephone,
    /// A clear line; others talk, 15 dB below the caller.
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
        let recorded = (f64::from(WIRE_RATE) * self.pitch()) as u32;
        resampled(&sound(speech.say(text, 1.0)), recorded, HEARING_RATE)
    }
}

/// What is spoken in a voice as it is, at [`HEARING_RATE`], with a breath of silence around it.
pub fn spoken(utterance: Utterance) -> Vec<f32> {
    resampled(&sound(utterance), WIRE_RATE, HEARING_RATE)
}

/// The same at [`WIRE_RATE`].
fn sound(utterance: Utterance) -> Vec<f32> {
    let mut wire = vec![0.0; WIRE_RATE as usize / 5];
    for clause in utterance {
        let clause = clause.unwrap_or_else(|error| panic!("{error}"));
        wire.extend(clause.samples.iter().map(|sample| f32::from(*sample) / 32_768.0));
    }
    wire.resize(wire.len() + WIRE_RATE as usize / 5, 0.0);
    wire
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

    /// The sound at the other end, as the engine's ear gets it. `place` is where in the babble it begins, in seconds, so that not everybody
    /// hears the same words beside them.
    pub fn carries(self, sound: &[f32], babble: &[f32], place: usize) -> Vec<f32> {
        match self {
            Self::Clear => over(Codec::Pcm, sound),
            Self::Telephone => over(Codec::Mulaw, sound),
            Self::Babble => over(Codec::Pcm, &beside(sound, babble, place)),
        }
    }
}

/// Four people at once, from the recorded questions.
pub fn babble() -> Vec<f32> {
    const PEOPLE: usize = 4;
    const FILES: [&str; 12] = [
        "01-oil-change-price.wav",
        "02-brake-repair-duration.wav",
        "03-tuesday-opening.wav",
        "04-saturday-hours.wav",
        "05-sunday.wav",
        "06-location.wav",
        "07-phone-number.wav",
        "08-warranty.wav",
        "09-cancellation.wav",
        "10-credit-card.wav",
        "11-shuttle.wav",
        "12-walk-in.wav",
    ];
    let person = |number: usize| -> Vec<f32> {
        let files = FILES.iter().skip(number).step_by(PEOPLE);
        files.flat_map(|file| recording(file)).collect()
    };
    let people: Vec<Vec<f32>> = (0..PEOPLE).map(person).collect();
    let longest = people.iter().map(Vec::len).max().unwrap_or_default();
    (0..longest)
        .map(|at| people.iter().map(|person| person[at % person.len()]).sum())
        .collect()
}

/// A caller with others talking: they are so much quieter than the caller is while speaking.
fn beside(sound: &[f32], babble: &[f32], place: usize) -> Vec<f32> {
    let start = place * HEARING_RATE as usize % babble.len();
    let spoken = &sound[spoken_part(sound, HEARING_RATE)];
    let gain = loudness(spoken) / loudness(babble) * 10_f32.powf(-BABBLE_BELOW / 20.0);
    let others = babble.iter().cycle().skip(start);
    sound
        .iter()
        .zip(others)
        .map(|(one, other)| one + gain * other)
        .collect()
}

/// Through the engine's own codec and the filter of its ear.
fn over(codec: Codec, sound: &[f32]) -> Vec<f32> {
    let wire = to_pcm16(&resampled(sound, HEARING_RATE, WIRE_RATE));
    let carried = || {
        let mut ear = HearingResampler::new(codec.rate())?;
        let mut heard = Vec::with_capacity(sound.len());
        for piece in codec.deltas(&wire)? {
            let samples = codec.decode(&piece).unwrap_or_else(|error| panic!("{error}"));
            heard.extend(ear.push(&samples)?);
        }
        Ok::<_, SpeechError>(heard)
    };
    carried().unwrap_or_else(|error| panic!("{error}"))
}

fn resampled(sound: &[f32], from: u32, to: u32) -> Vec<f32> {
    resample_clip(sound, from, to).unwrap_or_else(|error| panic!("{error}"))
}
