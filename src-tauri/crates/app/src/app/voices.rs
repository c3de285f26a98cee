//! The local engine's voices for people: which one speaks, how one sounds, and whether this computer is fast enough for the better ones.

use frontdesk_audio::{DeviceChoice, OutputDeviceId};
use frontdesk_call::problem::{Problem, ProblemAction, ProblemKind};
use frontdesk_company::CompanyProfile;
use frontdesk_engine::speech::LocalVoice;

use super::App;
use super::line::call_in_the_way;
use crate::local_voices::{self, Pace, SAMPLE};
use crate::view::LocalVoiceState;

impl App {
    /// The voice in which the local engine answers for a company.
    pub(super) fn local_voice(&self, company: &CompanyProfile) -> LocalVoice {
        let voices = self.inner.models.quick_view().voices;
        let wanted = self.settings().backend.local_voice;
        local_voices::chosen(&wanted, company.voice.local.as_deref(), &voices)
    }

    /// Speaks a sample with a voice on the chosen speaker and waits for its end. A voice that this computer is too slow for speaks, too:
    /// only callers would have to wait for it.
    ///
    /// # Errors
    /// A [`Problem`]: a call is in progress, no such voice, its files are not here, or the speaker does not work.
    pub async fn preview_voice(&self, name: &str) -> Result<(), Problem> {
        if !self.inner.line.is_free() {
            return Err(call_in_the_way("The caller would hear the sample."));
        }
        let (voice, state) = self.find_voice(name)?;
        if state == LocalVoiceState::NotHere {
            let sentence = "This voice is not on this computer yet. Download the better voices first.";
            return Err(Problem::new(ProblemKind::ModelsMissing, sentence));
        }
        let speaking = self.inner.engine.with_speech(move |speech| {
            speech.prepare(voice)?;
            let mut samples = Vec::new();
            for clause in speech.speak(voice, SAMPLE, 1.0) {
                samples.extend(clause?.samples);
            }
            Ok(samples)
        });
        let samples = speaking.await?;
        let output = DeviceChoice::<OutputDeviceId>::from_setting(&self.settings().audio.output_device);
        let clip = self.audio()?.play_clip(output, samples).map_err(Problem::from)?;
        clip.played().await.map(|_speaker| ())
    }

    /// Measures how fast this computer speaks with the better voices, keeps it, and tells the windows. Takes some seconds.
    ///
    /// # Errors
    /// A [`Problem`] when a call is in progress, or the files are missing or damaged.
    pub async fn measure_voices(&self) -> Result<Pace, Problem> {
        let why = "Measuring would slow its voice down, and be slowed down by it.";
        self.measure_voices_if_free().await?.ok_or_else(|| call_in_the_way(why))
    }

    /// The same, but nothing is measured, and nothing kept, where a call is in progress or begins meanwhile.
    ///
    /// # Errors
    /// A [`Problem`] when the files are missing or damaged.
    pub(super) async fn measure_voices_if_free(&self) -> Result<Option<Pace>, Problem> {
        let Some(measured) = self.inner.line.while_free(self.measured_pace()).await else {
            return Ok(None);
        };
        let pace = measured?;
        pace.keep(&self.inner.models);
        self.announce_models();
        Ok(Some(pace))
    }

    async fn measured_pace(&self) -> Result<Pace, Problem> {
        let here = self.inner.models.files().voices();
        let Some(voice) = here.into_iter().find(|voice| !voice.files().is_empty()) else {
            let sentence = "The better voices are not on this computer yet. Download them first.";
            return Err(Problem::new(ProblemKind::ModelsMissing, sentence));
        };
        self.inner
            .engine
            .with_speech(move |speech| Pace::measure(speech, voice))
            .await
    }

    fn find_voice(&self, name: &str) -> Result<(LocalVoice, LocalVoiceState), Problem> {
        let voices = self.inner.models.quick_view().voices;
        let state = voices.iter().find(|voice| voice.name == name).map(|voice| voice.state);
        LocalVoice::named(name).zip(state).ok_or_else(|| {
            let names: Vec<&str> = LocalVoice::ALL.iter().map(|voice| voice.name()).collect();
            let sentence = format!("There is no voice '{name}'. There are: {}.", names.join(", "));
            Problem::new(ProblemKind::SettingsInvalid, sentence).with_action(ProblemAction::OpenSettings)
        })
    }
}
