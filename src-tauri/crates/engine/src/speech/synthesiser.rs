//! Speaking: from the text of one clause to audio.
//!
//! Runs a Piper or a Kokoro voice. Blocks for about a tenth of the audio's length on an idle core, several times as long for Kokoro; call
//! it from a speech worker, never from the runtime. The voice gives audio at its own rate; it leaves here at the wire's 24 kHz, with the edges of each
//! clause cleaned and a pause behind it, so that clauses join without a click or a gap.

mod kokoro;
mod piper;
mod utterance;

use std::sync::{Arc, Mutex};

use super::clauses::Ending;
use super::error::{SpeechError, Stage};
use super::files::{ModelFile, ModelFiles};
use super::normalise::{Pause, Spoken, normalise};
use super::pronounce::Pronouncer;
use super::pronounce::lexicon::Lexicon;
use super::resample::{WIRE_RATE, resample_clip, to_pcm16};
use super::runtime::lock;
use super::voices::LocalVoice;
use kokoro::KokoroVoices;
use piper::PiperVoice;
pub use utterance::{SpokenClause, Utterance};

/// Amplitude below which the edge of a clause is no speech; the voice's own breath lies under it.
const AUDIBLE: f32 = 0.006;
/// Kept in front of the first audible sample, in ms, so that soft consonants are not bitten off.
const LEAD_MS: usize = 40;
/// Kept behind the last audible sample, in ms, for the fading of the last sound.
const TAIL_MS: usize = 80;
/// Fade at both edges, in ms: against clicks where clauses join.
const FADE_MS: usize = 5;
/// Speaking rates that the voice stands.
const SPEEDS: std::ops::RangeInclusive<f32> = 0.5..=2.0;

/// Silence behind a clause, in ms, beside the tail.
fn pause_ms(ending: Ending) -> usize {
    match ending {
        Ending::Preposition | Ending::Link => 0,
        Ending::Comma => 80,
        Ending::Sentence => 240,
    }
}

/// The loaded voices, shared by all calls.
///
/// A session runs one input at a time, so it sits behind a lock that is held for one clause: a second call waits at most
/// that long, while a second session would cost another 70 MB.
pub struct Synthesiser {
    files: ModelFiles,
    piper: PiperVoice,
    /// Loaded when a call first wants one of them: 200 MB that most computers do without.
    kokoro: Mutex<Option<Arc<KokoroVoices>>>,
    pronouncer: Pronouncer,
}

/// Audio of one clause at [`WIRE_RATE`].
struct ClauseAudio {
    samples: Vec<i16>,
    /// How many of them are speech; silence follows.
    speech: usize,
}

impl Synthesiser {
    /// Opens the light voice and the dictionary.
    ///
    /// # Errors
    /// When a file or the inference library is missing or damaged.
    pub fn load(files: &ModelFiles) -> Result<Self, SpeechError> {
        let lexicon = Lexicon::parse(files.read(ModelFile::PronouncingDictionary)?)
            .map_err(|reason| files.damaged(ModelFile::PronouncingDictionary, reason))?;
        Ok(Self {
            files: files.clone(),
            piper: PiperVoice::load(files)?,
            kokoro: Mutex::new(None),
            pronouncer: Pronouncer::new(lexicon),
        })
    }

    /// Loads what `voice` needs, where that has not happened yet. Takes a second or two for the better voices.
    ///
    /// # Errors
    /// When a file of it is missing or damaged.
    pub fn prepare(&self, voice: LocalVoice) -> Result<(), SpeechError> {
        self.kokoro(voice).map(drop)
    }

    /// The voices whose files are on disk.
    #[must_use]
    pub fn voices(&self) -> Vec<LocalVoice> {
        self.files.voices()
    }

    fn kokoro(&self, voice: LocalVoice) -> Result<Option<Arc<KokoroVoices>>, SpeechError> {
        if voice.files().is_empty() {
            return Ok(None);
        }
        let mut loaded = lock(&self.kokoro);
        if loaded.as_ref().is_none_or(|kokoro| !kokoro.has(voice)) {
            *loaded = Some(Arc::new(KokoroVoices::load(&self.files, voice)?));
        }
        Ok(loaded.clone())
    }

    /// The phonemes that the voice would read for `text`, for diagnosis.
    #[must_use]
    pub fn phonemes(&self, text: &str) -> String {
        self.pronouncer.phonemes(&normalise(text))
    }

    /// Speaks one clause. Text without anything to say gives no audio.
    fn clause(&self, voice: LocalVoice, text: &str, ending: Ending, speed: f32) -> Result<ClauseAudio, SpeechError> {
        let mut spoken = normalise(text);
        if !spoken.iter().any(|item| !matches!(item, Spoken::Pause(_))) {
            return Ok(ClauseAudio {
                samples: Vec::new(),
                speech: 0,
            });
        }
        // Without a sign at its end the voice trails off in the middle of its melody.
        if !matches!(spoken.last(), Some(Spoken::Pause(_))) {
            spoken.push(Spoken::Pause(if ending == Ending::Sentence {
                Pause::Stop
            } else {
                Pause::Comma
            }));
        }
        let phonemes = self.pronouncer.phonemes(&spoken);
        let (raw, rate) = self.speak(voice, &phonemes, speed)?;
        let clean = cleaned(&raw, rate as usize);
        let mut samples = to_pcm16(&resample_clip(&clean, rate, WIRE_RATE)?);
        let speech = samples.len();
        let pause = (pause_ms(ending) * WIRE_RATE as usize / 1000) as f32 / speed;
        samples.resize(speech + pause as usize, 0);
        Ok(ClauseAudio { samples, speech })
    }

    /// Audio of a line of phonemes, and its rate. A voice whose files went away in the middle of a call is taken over by the light one: the
    /// caller hears a stranger rather than nothing.
    fn speak(&self, voice: LocalVoice, phonemes: &str, speed: f32) -> Result<(Vec<f32>, u32), SpeechError> {
        let failed = |error: ort::Error| SpeechError::inference(Stage::Synthesis, error);
        match self.kokoro(voice) {
            Ok(Some(kokoro)) => {
                let spoken = kokoro.speak(voice, phonemes, speed).map_err(failed)?;
                return Ok((spoken, kokoro::SAMPLE_RATE));
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, voice = voice.name(), "the light voice speaks instead"),
        }
        let spoken = self.piper.speak(phonemes, speed).map_err(failed)?;
        Ok((spoken, self.piper.sample_rate()))
    }
}

/// The audible part with a little air around it and faded edges.
fn cleaned(samples: &[f32], rate: usize) -> Vec<f32> {
    let audible = |sample: &f32| sample.abs() >= AUDIBLE;
    let (Some(first), Some(last)) = (samples.iter().position(audible), samples.iter().rposition(audible)) else {
        return Vec::new();
    };
    let start = first.saturating_sub(LEAD_MS * rate / 1000);
    let end = samples.len().min(last + 1 + TAIL_MS * rate / 1000);
    let mut clean = samples[start..end].to_vec();
    let fade = (FADE_MS * rate / 1000).min(clean.len() / 2);
    let length = clean.len();
    for index in 0..fade {
        let gain = index as f32 / fade as f32;
        clean[index] *= gain;
        clean[length - 1 - index] *= gain;
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_around_speech_is_cut_to_a_breath_and_the_edges_are_faded() {
        let mut samples = vec![0.0; 22_050];
        samples[10_000..12_000].fill(0.5);
        let clean = cleaned(&samples, 22_050);
        assert_eq!(clean.len(), 2_000 + (LEAD_MS + TAIL_MS) * 22_050 / 1000);
        assert_eq!((clean[0], clean[clean.len() - 1]), (0.0, 0.0));
    }

    #[test]
    fn a_clip_of_silence_or_of_one_sample_does_not_break() {
        assert!(cleaned(&[0.0; 100], 22_050).is_empty());
        assert!(cleaned(&[], 22_050).is_empty());
        assert_eq!(cleaned(&[0.9], 22_050).len(), 1);
        assert!(cleaned(&[f32::NAN; 10], 22_050).is_empty());
    }
}
