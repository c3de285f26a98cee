//! The voices of the local engine on this computer: which are here, which of them this computer is fast enough for, and which one speaks.
//!
//! Pure but for the file in which the measured pace is kept, which lies beside the voices. Measuring itself blocks and is for a blocking
//! thread.

use std::path::{Path, PathBuf};
use std::time::Instant;

use frontdesk_engine::server::LocalSpeech;
use frontdesk_engine::speech::{LocalVoice, SpeechError, WIRE_RATE};
use serde::{Deserialize, Serialize};

use crate::models::ModelStore;
use crate::view::{LocalVoiceState, LocalVoiceView, ModelFileState};

/// Seconds of computing per second of speech up to which a voice is offered: a first clause of two seconds is then heard within 0.8 s.
pub const FAST_ENOUGH: f64 = 0.4;

/// What is spoken to measure and to try a voice: a number, a name and a question.
pub const SAMPLE: &str =
    "Good morning. An oil change takes thirty minutes. Shall I put you down for Tuesday at half past two?";

/// How fast this computer speaks with the better voices.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pace {
    /// Seconds of computing per second of speech.
    pub seconds_per_second: f64,
}

impl Pace {
    /// Speaks the sample twice, the first time to warm up, and takes the faster one: other programs may have had the processor meanwhile.
    /// Blocks for some seconds.
    ///
    /// # Errors
    /// When the voice's files are missing or damaged.
    pub fn measure(speech: &dyn LocalSpeech, voice: LocalVoice) -> Result<Self, SpeechError> {
        speech.prepare(voice)?;
        let mut fastest = f64::INFINITY;
        for _ in 0..2 {
            let start = Instant::now();
            let mut samples = 0;
            for clause in speech.speak(voice, SAMPLE, 1.0) {
                samples += clause?.speech_samples;
            }
            let seconds = samples.max(1) as f64 / f64::from(WIRE_RATE);
            fastest = fastest.min(start.elapsed().as_secs_f64() / seconds);
        }
        Ok(Self {
            seconds_per_second: fastest,
        })
    }

    /// Whether callers need not wait for it.
    #[must_use]
    pub fn is_fast_enough(self) -> bool {
        self.seconds_per_second <= FAST_ENOUGH
    }

    /// What was measured on this computer before.
    #[must_use]
    pub fn kept(store: &ModelStore) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(pace_file(store.cache())).ok()?).ok()
    }

    /// Keeps it for the next start. A pace that cannot be kept is measured again.
    pub fn keep(self, store: &ModelStore) {
        let kept = serde_json::to_vec(&self).map(|bytes| std::fs::write(pace_file(store.cache()), bytes));
        if !matches!(kept, Ok(Ok(()))) {
            tracing::warn!("the pace of the better voices could not be kept");
        }
    }
}

fn pace_file(cache: &Path) -> PathBuf {
    cache.join("models").join("kokoro").join("pace.json")
}

/// Every voice with what stands between it and a call. `files` are the states of the better voices' files by name.
#[must_use]
pub fn views(files: &[crate::view::ModelFileView], pace: Option<Pace>) -> Vec<LocalVoiceView> {
    let is_here = |voice: LocalVoice| {
        voice.files().iter().all(|needed| {
            let name = needed.relative_path();
            files
                .iter()
                .any(|file| file.name == name && file.state == ModelFileState::Present)
        })
    };
    LocalVoice::ALL
        .into_iter()
        .map(|voice| LocalVoiceView {
            name: voice.name().into(),
            title: voice.title().into(),
            state: match pace {
                _ if voice.files().is_empty() => LocalVoiceState::Ready,
                _ if !is_here(voice) => LocalVoiceState::NotHere,
                None => LocalVoiceState::NotMeasured,
                Some(pace) if pace.is_fast_enough() => LocalVoiceState::Ready,
                Some(_) => LocalVoiceState::TooSlow,
            },
        })
        .collect()
}

/// The voice that speaks: the person's choice, else the company's, where it is ready; else the light one, which always is.
#[must_use]
pub fn chosen(setting: &str, company: Option<&str>, voices: &[LocalVoiceView]) -> LocalVoice {
    let wanted = Some(setting)
        .filter(|name| !name.is_empty())
        .or(company)
        .unwrap_or_default();
    let is_ready = voices
        .iter()
        .any(|voice| voice.name == wanted && voice.state == LocalVoiceState::Ready);
    LocalVoice::named(wanted).filter(|_| is_ready).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use frontdesk_engine::speech::ModelFile;

    use super::*;
    use crate::view::ModelFileView;

    const FAST: Option<Pace> = Some(Pace {
        seconds_per_second: 0.3,
    });

    fn files(state: impl Fn(ModelFile) -> ModelFileState) -> Vec<ModelFileView> {
        ModelFile::BETTER_VOICES
            .into_iter()
            .map(|file| ModelFileView {
                name: file.relative_path(),
                purpose: String::new(),
                bytes: 1,
                licence: String::new(),
                state: state(file),
            })
            .collect()
    }

    fn state_of(voices: &[LocalVoiceView], voice: LocalVoice) -> LocalVoiceState {
        voices.iter().find(|view| view.name == voice.name()).unwrap().state
    }

    #[test]
    fn a_voice_is_ready_when_its_files_are_here_and_the_computer_keeps_up() {
        let here = files(|_| ModelFileState::Present);
        for (pace, state) in [
            (None, LocalVoiceState::NotMeasured),
            (FAST, LocalVoiceState::Ready),
            (
                Some(Pace {
                    seconds_per_second: 0.9,
                }),
                LocalVoiceState::TooSlow,
            ),
        ] {
            let voices = views(&here, pace);
            assert_eq!(state_of(&voices, LocalVoice::Heart), state);
            assert_eq!(state_of(&voices, LocalVoice::Joe), LocalVoiceState::Ready);
        }
        let lacking = files(|file| match file {
            ModelFile::KokoroMichael => ModelFileState::Damaged,
            _ => ModelFileState::Present,
        });
        let voices = views(&lacking, FAST);
        assert_eq!(state_of(&voices, LocalVoice::Michael), LocalVoiceState::NotHere);
        assert_eq!(state_of(&voices, LocalVoice::Heart), LocalVoiceState::Ready);
    }

    #[test]
    fn the_persons_voice_goes_before_the_companys_and_one_that_is_not_ready_before_nobodys() {
        let all = views(&files(|_| ModelFileState::Present), FAST);
        assert_eq!(chosen("", None, &all), LocalVoice::Joe);
        assert_eq!(chosen("", Some("am_michael"), &all), LocalVoice::Michael);
        assert_eq!(chosen("af_bella", Some("am_michael"), &all), LocalVoice::Bella);
        assert_eq!(chosen("nobody", Some("am_michael"), &all), LocalVoice::Joe);
        let none = views(&files(|_| ModelFileState::Missing), FAST);
        assert_eq!(chosen("af_bella", Some("am_michael"), &none), LocalVoice::Joe);
    }

    #[test]
    fn a_kept_pace_is_found_again_and_a_damaged_one_is_measured_anew() {
        let place = tempfile::tempdir().unwrap();
        let store = ModelStore::in_cache(place.path());
        assert_eq!(Pace::kept(&store), None);
        let file = pace_file(place.path());
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        let pace = Pace {
            seconds_per_second: 0.25,
        };
        pace.keep(&store);
        assert_eq!(Pace::kept(&store), Some(pace));
        std::fs::write(file, "{").unwrap();
        assert_eq!(Pace::kept(&store), None);
    }
}
