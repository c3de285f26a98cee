//! Voice activity: how probable it is that somebody speaks, per 32 ms of audio.
//!
//! Wraps Silero VAD v6, which keeps a recurrent state per stream. Runs on the call's speech worker; one frame costs about
//! 0.15 ms. Decides nothing: turning probabilities into turns is the work of [`super::turn`].

use std::sync::{Arc, Mutex};

use ort::session::Session;
use ort::value::Tensor;

use super::error::{SpeechError, Stage};
use super::files::{ModelFile, ModelFiles};
use super::runtime::{expect_ports, lock, open_session};

/// Samples per second that hearing works at.
pub const HEARING_RATE: u32 = 16_000;
/// Samples per probability: 32 ms at [`HEARING_RATE`].
pub const FRAME_SAMPLES: usize = 512;
/// Tail of the previous frame that the network wants in front of each frame.
const CONTEXT_SAMPLES: usize = 64;
/// Values in the recurrent state, shape 2 × 1 × 128.
const STATE_VALUES: usize = 256;

/// The loaded network, shared by all calls.
#[derive(Clone)]
pub struct VoiceActivityModel {
    session: Arc<Mutex<Session>>,
}

impl VoiceActivityModel {
    /// Opens the model.
    ///
    /// # Errors
    /// When the file or the inference library is missing or damaged.
    pub fn load(files: &ModelFiles) -> Result<Self, SpeechError> {
        let session = open_session(files, ModelFile::SileroVad)?;
        expect_ports(
            files,
            ModelFile::SileroVad,
            &session,
            &["input", "state", "sr"],
            &["output", "stateN"],
        )?;
        Ok(Self {
            session: Arc::new(Mutex::new(session)),
        })
    }

    /// Starts listening to one stream.
    #[must_use]
    pub fn stream(&self) -> VoiceActivity {
        VoiceActivity {
            model: self.clone(),
            state: vec![0.0; STATE_VALUES],
            context: [0.0; CONTEXT_SAMPLES],
            pending: Vec::with_capacity(2 * FRAME_SAMPLES),
        }
    }
}

/// Voice activity of one stream of 16 kHz audio.
pub struct VoiceActivity {
    model: VoiceActivityModel,
    state: Vec<f32>,
    context: [f32; CONTEXT_SAMPLES],
    pending: Vec<f32>,
}

impl VoiceActivity {
    /// Takes audio in pieces of any length and returns one probability (0 to 1) per whole frame of
    /// [`FRAME_SAMPLES`]; the rest waits for the next piece. NaN and infinite samples count as silence.
    ///
    /// # Errors
    /// [`SpeechError::Inference`]. The frame at fault is dropped, the stream can go on.
    pub fn push(&mut self, samples: &[f32]) -> Result<Vec<f32>, SpeechError> {
        self.pending.extend(
            samples
                .iter()
                .map(|sample| if sample.is_finite() { *sample } else { 0.0 }),
        );
        let whole = self.pending.len() / FRAME_SAMPLES * FRAME_SAMPLES;
        let ready: Vec<f32> = self.pending.drain(..whole).collect();
        ready
            .chunks_exact(FRAME_SAMPLES)
            .map(|frame| self.frame(frame))
            .collect()
    }

    /// Forgets everything heard so far.
    pub fn reset(&mut self) {
        self.state.fill(0.0);
        self.context.fill(0.0);
        self.pending.clear();
    }

    fn frame(&mut self, frame: &[f32]) -> Result<f32, SpeechError> {
        let mut input = Vec::with_capacity(CONTEXT_SAMPLES + FRAME_SAMPLES);
        input.extend_from_slice(&self.context);
        input.extend_from_slice(frame);
        self.context.copy_from_slice(&frame[FRAME_SAMPLES - CONTEXT_SAMPLES..]);
        self.run(input)
            .map_err(|error| SpeechError::inference(Stage::VoiceActivity, error))
    }

    fn run(&mut self, input: Vec<f32>) -> Result<f32, ort::Error> {
        let length = input.len();
        let state = std::mem::replace(&mut self.state, vec![0.0; STATE_VALUES]);
        let mut session = lock(&self.model.session);
        let outputs = session.run(ort::inputs![
            "input" => Tensor::from_array(([1_usize, length], input))?,
            "state" => Tensor::from_array(([2_usize, 1, STATE_VALUES / 2], state))?,
            "sr" => Tensor::from_array(((), vec![i64::from(HEARING_RATE)]))?,
        ])?;
        let (_, next) = outputs["stateN"].try_extract_tensor::<f32>()?;
        if next.len() == STATE_VALUES {
            self.state.copy_from_slice(next);
        }
        let (_, probability) = outputs["output"].try_extract_tensor::<f32>()?;
        Ok(probability.first().copied().unwrap_or(0.0))
    }
}
