//! The Kokoro voices: one network for all of them, and a table of styles for each.
//!
//! Blocks on inference. Kokoro 82M v1.0 takes the number of each phoneme between two blanks, a style of 256 values and a pace, and gives
//! 24 kHz. Its table holds a style for every number of phonemes up to 510. See <https://huggingface.co/hexgrad/Kokoro-82M>.

use std::collections::HashMap;
use std::sync::Mutex;

use ort::session::Session;
use ort::value::Tensor;

use crate::speech::error::SpeechError;
use crate::speech::files::{ModelFile, ModelFiles};
use crate::speech::runtime::{expect_ports, lock, open_session};
use crate::speech::voices::LocalVoice;

/// Samples per second of what the network speaks.
pub(super) const SAMPLE_RATE: u32 = 24_000;

/// Values of one style.
const STYLE_VALUES: usize = 256;

/// Styles of one voice, and most phonemes in one clause.
const STYLES: usize = 510;

/// Number of the blank in front of and behind the phonemes.
const BLANK: i64 = 0;

/// Numbers of the phonemes that English needs, from the model's configuration.
const NUMBERS: [(char, i64); 54] = [
    (';', 1),
    (':', 2),
    (',', 3),
    ('.', 4),
    ('!', 5),
    ('?', 6),
    (' ', 16),
    ('A', 24),
    ('I', 25),
    ('O', 31),
    ('T', 36),
    ('W', 39),
    ('Y', 41),
    ('ᵊ', 42),
    ('b', 44),
    ('d', 46),
    ('f', 48),
    ('h', 50),
    ('i', 51),
    ('j', 52),
    ('k', 53),
    ('l', 54),
    ('m', 55),
    ('n', 56),
    ('p', 58),
    ('s', 61),
    ('t', 62),
    ('u', 63),
    ('v', 64),
    ('w', 65),
    ('z', 68),
    ('ɑ', 69),
    ('æ', 72),
    ('ɔ', 76),
    ('ð', 81),
    ('ʤ', 82),
    ('ə', 83),
    ('ɛ', 86),
    ('ɜ', 87),
    ('ɡ', 92),
    ('ɪ', 102),
    ('ŋ', 112),
    ('θ', 119),
    ('ɹ', 123),
    ('ɾ', 125),
    ('ʃ', 131),
    ('ʧ', 133),
    ('ʊ', 135),
    ('ʌ', 138),
    ('ʒ', 147),
    ('ʔ', 148),
    ('ˈ', 156),
    ('ˌ', 157),
    ('ᵻ', 177),
];

/// How the network's phonemes are written where they differ from the IPA that the Piper voices read: a sign for each diphthong and
/// affricate, r-colour as a sound of its own, and no length. Longer ones first.
const REWRITTEN: [(&str, &str); 17] = [
    ("ɜːɹ", "ɜɹ"),
    ("ɚɹ", "əɹ"),
    ("ɜː", "ɜɹ"),
    ("tʃ", "ʧ"),
    ("dʒ", "ʤ"),
    ("eɪ", "A"),
    ("aɪ", "I"),
    ("oʊ", "O"),
    ("aʊ", "W"),
    ("ɔɪ", "Y"),
    ("əl", "ᵊl"),
    ("ɚ", "əɹ"),
    ("ɐ", "ə"),
    ("ɾ", "T"),
    ("ː", ""),
    ("r", "ɹ"),
    ("g", "ɡ"),
];

/// The loaded network and the styles that are on disk.
pub(super) struct KokoroVoices {
    session: Mutex<Session>,
    styles: HashMap<LocalVoice, Vec<f32>>,
}

impl KokoroVoices {
    /// Opens the network and the styles of `voice`, and those of the other voices that are there.
    ///
    /// # Errors
    /// When a file that `voice` needs is missing or damaged.
    pub(super) fn load(files: &ModelFiles, voice: LocalVoice) -> Result<Self, SpeechError> {
        let mut styles = HashMap::new();
        for other in files.voices().into_iter().chain([voice]) {
            for file in other.files().iter().filter(|file| **file != ModelFile::KokoroNetwork) {
                styles.insert(other, parse_styles(files, *file)?);
            }
        }
        let session = open_session(files, ModelFile::KokoroNetwork)?;
        expect_ports(
            files,
            ModelFile::KokoroNetwork,
            &session,
            &["tokens", "style", "speed"],
            &["audio"],
        )?;
        Ok(Self {
            session: Mutex::new(session),
            styles,
        })
    }

    /// Whether the styles of `voice` were on disk.
    pub(super) fn has(&self, voice: LocalVoice) -> bool {
        self.styles.contains_key(&voice)
    }

    /// Speaks a line of IPA as the Piper voices read it, with a voice that it has. A `speed` of 1 is the natural pace.
    pub(super) fn speak(&self, voice: LocalVoice, phonemes: &str, speed: f32) -> Result<Vec<f32>, ort::Error> {
        let numbers = numbers(phonemes);
        let from = numbers.len().min(STYLES - 1) * STYLE_VALUES;
        let styles = self.styles.get(&voice).map_or(&[][..], Vec::as_slice);
        let style = styles.get(from..from + STYLE_VALUES).unwrap_or(&[0.0; STYLE_VALUES]);
        let tokens = [&[BLANK], &numbers[..], &[BLANK]].concat();
        let inputs = ort::inputs![
            "tokens" => Tensor::from_array(([1, tokens.len()], tokens))?,
            "style" => Tensor::from_array(([1, STYLE_VALUES], style.to_vec()))?,
            "speed" => Tensor::from_array(([1_usize], vec![speed]))?,
        ];
        let mut session = lock(&self.session);
        let outputs = session.run(inputs)?;
        let (_, samples) = outputs["audio"].try_extract_tensor::<f32>()?;
        Ok(samples.to_vec())
    }
}

fn parse_styles(files: &ModelFiles, file: ModelFile) -> Result<Vec<f32>, SpeechError> {
    let bytes = files.read(file)?;
    let (values, rest) = bytes.as_chunks::<4>();
    if values.len() != STYLES * STYLE_VALUES || !rest.is_empty() {
        return Err(files.damaged(file, format_args!("it has {} bytes", bytes.len())));
    }
    Ok(values.iter().map(|value| f32::from_le_bytes(*value)).collect())
}

/// The network's numbers of a line of IPA. Signs that it does not know are left out, and so is what is too long for one clause.
fn numbers(phonemes: &str) -> Vec<i64> {
    let line = REWRITTEN
        .iter()
        .fold(phonemes.to_owned(), |line, (from, to)| line.replace(from, to));
    line.chars()
        .filter_map(|sign| NUMBERS.iter().find(|(own, _)| *own == sign))
        .map(|(_, number)| *number)
        .take(STYLES)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diphthongs_affricates_and_r_colours_have_signs_of_their_own() {
        let of = |line: &str| -> Vec<i64> {
            line.chars()
                .map(|sign| NUMBERS.iter().find(|(own, _)| *own == sign).unwrap().1)
                .collect()
        };
        for (piper, kokoro) in [
            ("tʃˈeɪndʒ", "ʧˈAnʤ"),
            ("wˈɔːɾɚ", "wˈɔTəɹ"),
            ("bˈæɾɚɹi", "bˈæTəɹi"),
            ("ˈɔɪl", "ˈYl"),
            ("lˈɪɾəl", "lˈɪTᵊl"),
            ("wˈɜːk, hˈɜːɹi.", "wˈɜɹk, hˈɜɹi."),
        ] {
            assert_eq!(numbers(piper), of(kokoro), "{piper}");
        }
    }

    #[test]
    fn unknown_signs_are_left_out_and_a_clause_never_outgrows_the_styles() {
        assert_eq!(numbers("a§b"), [44]);
        assert_eq!(numbers(&"b".repeat(2_000)).len(), STYLES);
    }

    #[test]
    fn styles_of_a_wrong_size_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let files = ModelFiles::in_cache(folder.path());
        let path = files.path(ModelFile::KokoroHeart);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, [0; 4 * STYLE_VALUES]).unwrap();
        let error = parse_styles(&files, ModelFile::KokoroHeart).unwrap_err();
        assert!(error.to_string().contains("1024 bytes"), "{error}");
    }
}
