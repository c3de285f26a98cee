//! A Piper voice (VITS): the description that lies beside it, and the network.
//!
//! Blocks on inference. The description holds the sample rate, the three scales that the network takes as input, and the number of each
//! phoneme.

use std::collections::HashMap;
use std::sync::Mutex;

use ort::session::{Session, SessionInputValue};
use ort::value::Tensor;
use serde::Deserialize;

use crate::speech::error::SpeechError;
use crate::speech::files::{ModelFile, ModelFiles};
use crate::speech::runtime::{expect_ports, lock, open_session};

/// The loaded voice.
pub(super) struct PiperVoice {
    session: Mutex<Session>,
    description: VoiceDescription,
}

impl PiperVoice {
    /// Opens network and description.
    ///
    /// # Errors
    /// When a file or the inference library is missing or damaged.
    pub(super) fn load(files: &ModelFiles) -> Result<Self, SpeechError> {
        let description = VoiceDescription::parse(&files.read(ModelFile::PiperVoiceDescription)?)
            .map_err(|reason| files.damaged(ModelFile::PiperVoiceDescription, reason))?;
        let session = open_session(files, ModelFile::PiperVoice)?;
        expect_ports(
            files,
            ModelFile::PiperVoice,
            &session,
            &["input", "input_lengths", "scales"],
            &["output"],
        )?;
        Ok(Self {
            session: Mutex::new(session),
            description,
        })
    }

    /// Samples per second of what it speaks.
    pub(super) fn sample_rate(&self) -> u32 {
        self.description.sample_rate
    }

    /// Speaks a line of IPA. A `speed` of 1 is its natural pace.
    pub(super) fn speak(&self, phonemes: &str, speed: f32) -> Result<Vec<f32>, ort::Error> {
        let description = &self.description;
        let ids = description.ids(phonemes);
        let length = ids.len();
        let scales = vec![
            description.noise_scale,
            description.length_scale / speed,
            description.noise_w,
        ];
        let mut inputs = ort::inputs![
            "input" => Tensor::from_array(([1, length], ids))?,
            "input_lengths" => Tensor::from_array(([1_usize], vec![length as i64]))?,
            "scales" => Tensor::from_array(([3_usize], scales))?,
        ];
        if description.has_speakers {
            let first = Tensor::from_array(([1_usize], vec![0_i64]))?;
            inputs.push(("sid".into(), SessionInputValue::from(first)));
        }
        let mut session = lock(&self.session);
        let outputs = session.run(inputs)?;
        let (_, samples) = outputs["output"].try_extract_tensor::<f32>()?;
        Ok(samples.to_vec())
    }
}

/// Phonemes without which no English sentence can be read.
const NEEDED: [char; 6] = ['_', '^', '$', ' ', 'ə', 'ɹ'];

/// What the code needs of a voice.
struct VoiceDescription {
    /// Samples per second of the network's output.
    sample_rate: u32,
    /// How lively the voice is.
    noise_scale: f32,
    /// How slow the voice is; 1 is its natural pace.
    length_scale: f32,
    /// How much the lengths of sounds vary.
    noise_w: f32,
    /// Whether the network asks for a speaker number.
    has_speakers: bool,
    ids: HashMap<char, Vec<i64>>,
}

#[derive(Deserialize)]
struct File {
    audio: Audio,
    inference: Inference,
    phoneme_id_map: HashMap<String, Vec<i64>>,
    #[serde(default)]
    num_speakers: u32,
}

#[derive(Deserialize)]
struct Audio {
    sample_rate: u32,
}

#[derive(Deserialize)]
struct Inference {
    noise_scale: f32,
    length_scale: f32,
    noise_w: f32,
}

impl VoiceDescription {
    /// Reads the description; the error says what is wrong with it.
    fn parse(bytes: &[u8]) -> Result<Self, String> {
        let file: File = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let ids: HashMap<char, Vec<i64>> = file
            .phoneme_id_map
            .into_iter()
            .filter_map(|(phoneme, ids)| {
                let mut signs = phoneme.chars();
                Some((signs.next().filter(|_| signs.next().is_none())?, ids))
            })
            .collect();
        if let Some(absent) = NEEDED.iter().find(|phoneme| !ids.contains_key(*phoneme)) {
            return Err(format!("it has no phoneme {absent:?}"));
        }
        if !(8_000..=48_000).contains(&file.audio.sample_rate) {
            return Err(format!("its sample rate is {}", file.audio.sample_rate));
        }
        Ok(Self {
            sample_rate: file.audio.sample_rate,
            noise_scale: file.inference.noise_scale,
            length_scale: file.inference.length_scale,
            noise_w: file.inference.noise_w,
            has_speakers: file.num_speakers > 1,
            ids,
        })
    }

    /// The network's input for a line of phonemes: a start mark, each phoneme with a blank behind it, an end mark.
    /// Phonemes that the voice does not know are left out.
    fn ids(&self, phonemes: &str) -> Vec<i64> {
        let of = |sign: char| self.ids.get(&sign).map_or(&[][..], Vec::as_slice);
        let mut ids = Vec::with_capacity(2 * phonemes.len() + 3);
        ids.extend_from_slice(of('^'));
        ids.extend_from_slice(of('_'));
        for phoneme in phonemes.chars() {
            let known = of(phoneme);
            if !known.is_empty() {
                ids.extend_from_slice(known);
                ids.extend_from_slice(of('_'));
            }
        }
        ids.extend_from_slice(of('$'));
        ids
    }
}

#[cfg(test)]
mod tests {
    use super::VoiceDescription;

    const FILE: &str = r#"{
        "audio": {"sample_rate": 22050}, "inference": {"noise_scale": 0.6, "length_scale": 1, "noise_w": 0.8},
        "phoneme_id_map": {"_": [0], "^": [1], "$": [2], " ": [3], "ə": [59], "ɹ": [88], "xy": [7]}, "num_speakers": 1
    }"#;

    #[test]
    fn each_phoneme_is_followed_by_a_blank_between_start_and_end() {
        let voice = VoiceDescription::parse(FILE.as_bytes()).unwrap();
        assert_eq!(voice.ids("ɹ?ə"), [1, 0, 88, 0, 59, 0, 2]);
        assert!(!voice.has_speakers);
    }

    #[test]
    fn a_cut_or_foreign_description_is_refused_with_a_reason() {
        for (file, reason) in [
            (&FILE[..60], "EOF"),
            ("{}", "missing field"),
            (&FILE.replace("\"ə\"", "\"e\""), "no phoneme"),
            (&FILE.replace("22050", "0"), "sample rate"),
        ] {
            let error = VoiceDescription::parse(file.as_bytes()).err().unwrap();
            assert!(error.contains(reason), "{error}");
        }
    }
}
