//! The border to the models: what the server needs of hearing and speaking. The real chain is [`Speech`]; tests put a double here.
//!
//! Everything behind it blocks and is called on worker threads only.

use crate::speech::{LocalVoice, Recognition, Speech, SpeechError, SpokenClause, VoiceActivity};

/// Hearing and speaking on this machine, shared by all connections.
pub trait LocalSpeech: Send + Sync {
    /// Starts listening to one stream.
    fn listen(&self) -> Box<dyn Hearing>;

    /// Writes down one turn: mono at 16 kHz, -1 to 1.
    ///
    /// # Errors
    /// [`SpeechError`]; the next turn may succeed.
    fn recognise(&self, samples: &[f32]) -> Result<Recognition, SpeechError>;

    /// The voices that it can speak with; never empty.
    fn voices(&self) -> Vec<LocalVoice>;

    /// Loads what a voice needs, where that has not happened yet. Speaking does it, too, and lets the caller wait for it.
    ///
    /// # Errors
    /// [`SpeechError`] when a file of it is missing or damaged.
    fn prepare(&self, voice: LocalVoice) -> Result<(), SpeechError>;

    /// Speaks a text, one clause per step. The clauses' texts joined are the text.
    fn speak(&self, voice: LocalVoice, text: &str, speed: f32) -> Box<Speaking>;
}

/// A reply on its way: 24 kHz PCM16, clause by clause.
pub type Speaking = dyn Iterator<Item = Result<SpokenClause, SpeechError>> + Send;

/// Voice activity of one stream.
pub trait Hearing: Send {
    /// Takes 16 kHz audio; one probability of speech per whole frame of 512 samples.
    ///
    /// # Errors
    /// [`SpeechError`]; the frame at fault is dropped.
    fn push(&mut self, samples: &[f32]) -> Result<Vec<f32>, SpeechError>;
}

impl LocalSpeech for Speech {
    fn listen(&self) -> Box<dyn Hearing> {
        Box::new(Speech::listen(self))
    }

    fn recognise(&self, samples: &[f32]) -> Result<Recognition, SpeechError> {
        Speech::recognise(self, samples)
    }

    fn voices(&self) -> Vec<LocalVoice> {
        self.synthesiser().voices()
    }

    fn prepare(&self, voice: LocalVoice) -> Result<(), SpeechError> {
        self.synthesiser().prepare(voice)
    }

    fn speak(&self, voice: LocalVoice, text: &str, speed: f32) -> Box<Speaking> {
        Box::new(self.say(text, speed).in_voice(voice))
    }
}

impl Hearing for VoiceActivity {
    fn push(&mut self, samples: &[f32]) -> Result<Vec<f32>, SpeechError> {
        VoiceActivity::push(self, samples)
    }
}
