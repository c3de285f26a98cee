//! Local hearing and speaking: speech detection, recognition and a voice, all on this machine's processor.
//!
//! Everything here blocks on inference. One call uses one dedicated worker thread; the tokio runtime only exchanges
//! messages with it. [`Speech`] is shared behind an `Arc` by all calls.
//!
//! ```text
//! wire 24 kHz ─ HearingResampler ─ 16 kHz ─┬─ VoiceActivity ─ probability per 32 ms ─ TurnDetector ─ started / stopped
//!                                          └─ audio of the turn ─ Recogniser ─ text
//! text ─ clauses ─ normalise ─ pronounce ─ phonemes ─ Synthesiser ─ 24 kHz PCM16, clause by clause
//! ```

mod clauses;
mod error;
mod files;
mod normalise;
mod pronounce;
mod recogniser;
mod resample;
mod runtime;
mod synthesiser;
mod turn;
mod vad;
mod voices;

use std::sync::Arc;

pub use clauses::{Clause, Ending, clauses};
pub use error::{SpeechError, Stage};
pub use files::{ModelFile, ModelFiles, RUNTIME_LIBRARY};
pub use normalise::{Pause, Spoken, normalise};
pub use recogniser::{Recogniser, Recognition};
pub use resample::{HearingResampler, WIRE_RATE, resample_clip, to_pcm16};
pub use runtime::TELEMETRY_SWITCH;
pub use synthesiser::{SpokenClause, Synthesiser, Utterance};
pub use turn::{TurnDetector, TurnEvent, TurnSettings};
pub use vad::{FRAME_SAMPLES, HEARING_RATE, VoiceActivity, VoiceActivityModel};
pub use voices::LocalVoice;

/// The loaded speech chain of this process.
///
/// Every model sits behind its own lock, because a session can run one input at a time. Calls therefore share one copy of
/// the models (about 170 MB) and wait for each other only within the same stage and only for one frame, one piece of text
/// or one clause; while one caller is being recognised another is being spoken to. On a machine with many cores, load it
/// more than once.
pub struct Speech {
    voice_activity: VoiceActivityModel,
    recogniser: Recogniser,
    synthesiser: Arc<Synthesiser>,
}

impl Speech {
    /// Loads all models and runs each once, since the first run is two to three times slower than the others. Takes about
    /// a second; several on a cold disk. A failed attempt leaves nothing behind: call again after the download.
    ///
    /// # Errors
    /// The first thing that is missing or damaged, with its path and what to do.
    pub fn load(files: &ModelFiles) -> Result<Self, SpeechError> {
        let voice_activity = VoiceActivityModel::load(files)?;
        let recogniser = Recogniser::load(files)?;
        let synthesiser = Arc::new(Synthesiser::load(files)?);
        let speech = Self {
            voice_activity,
            recogniser,
            synthesiser,
        };
        speech.warm_up()?;
        Ok(speech)
    }

    /// Starts listening to one stream.
    #[must_use]
    pub fn listen(&self) -> VoiceActivity {
        self.voice_activity.stream()
    }

    /// Writes down the audio of one turn: mono at [`HEARING_RATE`], -1 to 1, of any length.
    ///
    /// # Errors
    /// [`SpeechError::Inference`]; the next turn may succeed.
    pub fn recognise(&self, samples: &[f32]) -> Result<Recognition, SpeechError> {
        self.recogniser.recognise(samples)
    }

    /// Prepares a reply in the light voice; take its clauses one by one, on the worker thread. A `speed` of 1 is the natural pace.
    #[must_use]
    pub fn say(&self, text: impl Into<String>, speed: f32) -> Utterance {
        Utterance::new(Arc::clone(&self.synthesiser), text.into(), speed)
    }

    /// The voices, to load one beforehand, and for their phonemes.
    #[must_use]
    pub fn synthesiser(&self) -> &Synthesiser {
        &self.synthesiser
    }

    fn warm_up(&self) -> Result<(), SpeechError> {
        let mut heard = Vec::new();
        for clause in self.say("Good morning.", 1.0) {
            heard.extend(clause?.samples);
        }
        let heard = HearingResampler::new(WIRE_RATE)?.push(&heard)?;
        self.listen().push(&heard)?;
        self.recognise(&heard)?;
        Ok(())
    }
}
