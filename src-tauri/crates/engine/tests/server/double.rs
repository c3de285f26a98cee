//! Hearing and speaking without models: a loud frame is speech, the length of a turn's tone chooses its words, and the voice is silence.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use frontdesk_engine::server::{Hearing, LocalSpeech, Speaking};
use frontdesk_engine::speech::{FRAME_SAMPLES, LocalVoice, Recognition, SpeechError, SpokenClause, clauses};

/// Samples of every clause that the double speaks: half a second.
const CLAUSE_SAMPLES: usize = 12_000;

/// Samples of the shortest tone, at 24 kHz: 300 ms.
const STEP: usize = 7_200;

/// The double.
pub struct Double {
    words: Vec<&'static str>,
    /// When set, each clause waits for one message.
    breath: Arc<Mutex<Option<Receiver<()>>>>,
}

impl Double {
    /// Understands the n-th text in the n-th tone.
    pub fn hearing(words: &[&'static str]) -> Self {
        Self {
            words: words.to_vec(),
            breath: Arc::new(Mutex::new(None)),
        }
    }

    /// Also speaks each clause only after a message; once the sender is dropped all clauses come at once.
    pub fn breathing(words: &[&'static str]) -> (Self, Sender<()>) {
        let (sender, receiver) = channel();
        (
            Self {
                breath: Arc::new(Mutex::new(Some(receiver))),
                ..Self::hearing(words)
            },
            sender,
        )
    }
}

struct Loudness(Vec<f32>);

fn is_loud(samples: &[f32]) -> bool {
    samples.iter().any(|sample| sample.abs() > 0.1)
}

impl Hearing for Loudness {
    fn push(&mut self, samples: &[f32]) -> Result<Vec<f32>, SpeechError> {
        self.0.extend_from_slice(samples);
        let whole = self.0.len() / FRAME_SAMPLES * FRAME_SAMPLES;
        let frames: Vec<f32> = self.0.drain(..whole).collect();
        Ok(frames
            .chunks(FRAME_SAMPLES)
            .map(|frame| f32::from(u8::from(is_loud(frame))))
            .collect())
    }
}

impl LocalSpeech for Double {
    fn listen(&self) -> Box<dyn Hearing> {
        Box::new(Loudness(Vec::new()))
    }

    fn recognise(&self, samples: &[f32]) -> Result<Recognition, SpeechError> {
        let loud = samples.chunks(160).filter(|piece| is_loud(piece)).count() * 10;
        // A tone lasts a multiple of 300 ms; its edges may take or leave some milliseconds.
        let step = (loud + 150) / 300;
        let text = step
            .checked_sub(1)
            .and_then(|step| self.words.get(step))
            .copied()
            .unwrap_or_default();
        Ok(Recognition {
            text: text.to_owned(),
            mean_log_probability: -0.1,
        })
    }

    fn voices(&self) -> Vec<LocalVoice> {
        vec![LocalVoice::Joe]
    }

    fn prepare(&self, _voice: LocalVoice) -> Result<(), SpeechError> {
        Ok(())
    }

    fn speak(&self, _voice: LocalVoice, text: &str, _speed: f32) -> Box<Speaking> {
        let parts: VecDeque<String> = clauses(text)
            .into_iter()
            .map(|clause| text[clause.range].to_owned())
            .collect();
        let breath = Arc::clone(&self.breath);
        Box::new(parts.into_iter().map(move |text| {
            if let Some(breath) = &*breath.lock().unwrap() {
                let _ = breath.recv();
            }
            Ok(SpokenClause {
                text,
                samples: vec![0; CLAUSE_SAMPLES],
                speech_samples: CLAUSE_SAMPLES,
            })
        }))
    }
}

/// The tone of the n-th text, and silence that ends the turn.
pub fn turn(number: usize) -> Vec<i16> {
    let mut samples = tone(number);
    samples.extend(silence(900));
    samples
}

/// Silence of so many ms.
pub fn silence(ms: usize) -> Vec<i16> {
    vec![0; 24 * ms]
}

/// The tone alone.
pub fn tone(number: usize) -> Vec<i16> {
    (0..(number + 1) * STEP)
        .map(|at| ((at as f32 * 0.09).sin() * 12_000.0) as i16)
        .collect()
}
