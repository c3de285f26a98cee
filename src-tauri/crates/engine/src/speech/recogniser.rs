//! Hearing: from the audio of one turn to its text.
//!
//! Runs Moonshine tiny-en (an encoder over raw audio, a decoder that writes one piece of text at a time) greedily. Blocks
//! for about a fiftieth of the audio's length on an idle core; call it from a speech worker, never from the runtime.

mod segments;
mod vocabulary;

use std::borrow::Cow;
use std::sync::Mutex;

use ort::session::{Session, SessionInputValue};
use ort::value::{DynValue, Tensor};

use super::error::{SpeechError, Stage};
use super::files::{ModelFile, ModelFiles};
use super::runtime::{expect_ports, lock, open_session};
use super::vad::HEARING_RATE;
use vocabulary::{END, START, Vocabulary};

/// Attention layers, heads and values per head of Moonshine tiny.
const LAYERS: usize = 6;
const HEADS: usize = 8;
const HEAD_WIDTH: usize = 36;
/// Text pieces per second that speech can hold. A decoder that writes more has fallen into a loop, which noise provokes.
const PIECES_PER_SECOND: f64 = 6.5;
/// Pieces granted to any audio beside that, so that a hurried "yes please" is not cut.
const FREE_PIECES: usize = 10;
/// Shortest input, in samples: the network's window needs some tens of ms and one word some hundreds.
const SHORTEST: usize = HEARING_RATE as usize / 2;
/// Root mean square below which audio counts as digital silence. Out of silence the network invents words.
const SILENCE: f64 = 1e-4;
/// Length of a repeated phrase, in pieces, that shows a loop.
const LOOP: usize = 4;

/// What was heard.
#[derive(Debug, Clone, PartialEq)]
pub struct Recognition {
    /// The text, with the punctuation and the numerals that the model writes; empty when nothing was understood.
    pub text: String,
    /// Mean natural logarithm of the probability of each piece: 0 is certain, below about -1 is a guess.
    pub mean_log_probability: f32,
}

impl Recognition {
    /// [`mean_log_probability`](Self::mean_log_probability) as a probability, 0 to 1.
    #[must_use]
    pub fn confidence(&self) -> f32 {
        self.mean_log_probability.exp()
    }
}

/// The loaded recogniser, shared by all calls.
///
/// A session can run one input at a time, so each sits behind its own lock. The decoder's is taken per piece and not per
/// turn: of two callers who finish together, neither waits for the whole of the other.
pub struct Recogniser {
    encoder: Mutex<Session>,
    decoder: Mutex<Session>,
    vocabulary: Vocabulary,
    ports: Ports,
}

/// Names of the decoder's memory, kept to not format 24 strings per piece.
struct Ports {
    decoder_past: Vec<String>,
    encoder_past: Vec<String>,
    decoder_present: Vec<String>,
    encoder_present: Vec<String>,
}

impl Ports {
    fn new() -> Self {
        let names = |prefix: &str, side: &str| {
            (0..LAYERS)
                .flat_map(|layer| ["key", "value"].map(|part| format!("{prefix}.{layer}.{side}.{part}")))
                .collect::<Vec<_>>()
        };
        Self {
            decoder_past: names("past_key_values", "decoder"),
            encoder_past: names("past_key_values", "encoder"),
            decoder_present: names("present", "decoder"),
            encoder_present: names("present", "encoder"),
        }
    }
}

/// What the decoder remembers between pieces.
struct Memory {
    decoder: Vec<DynValue>,
    encoder: Vec<DynValue>,
}

/// The audio as the decoder sees it.
struct Encoded {
    states: DynValue,
    mask: Tensor<i64>,
}

impl Recogniser {
    /// Opens the models.
    ///
    /// # Errors
    /// When a file or the inference library is missing or damaged.
    pub fn load(files: &ModelFiles) -> Result<Self, SpeechError> {
        let vocabulary = Vocabulary::parse(&files.read(ModelFile::MoonshineTokenizer)?)
            .map_err(|reason| files.damaged(ModelFile::MoonshineTokenizer, reason))?;
        let encoder = open_session(files, ModelFile::MoonshineEncoder)?;
        let inputs = ["input_values", "attention_mask"];
        expect_ports(
            files,
            ModelFile::MoonshineEncoder,
            &encoder,
            &inputs,
            &["last_hidden_state"],
        )?;
        let decoder = open_session(files, ModelFile::MoonshineDecoder)?;
        let ports = Ports::new();
        let mut inputs = vec![
            "input_ids",
            "encoder_hidden_states",
            "encoder_attention_mask",
            "use_cache_branch",
        ];
        inputs.extend(ports.decoder_past.iter().chain(&ports.encoder_past).map(String::as_str));
        let mut outputs = vec!["logits"];
        outputs.extend(
            ports
                .decoder_present
                .iter()
                .chain(&ports.encoder_present)
                .map(String::as_str),
        );
        expect_ports(files, ModelFile::MoonshineDecoder, &decoder, &inputs, &outputs)?;
        Ok(Self {
            encoder: Mutex::new(encoder),
            decoder: Mutex::new(decoder),
            vocabulary,
            ports,
        })
    }

    /// Writes down `samples`, mono at [`HEARING_RATE`], -1 to 1, of any length. NaN and infinite samples count as silence.
    ///
    /// # Errors
    /// [`SpeechError::Inference`]; the recogniser stays usable.
    pub fn recognise(&self, samples: &[f32]) -> Result<Recognition, SpeechError> {
        let samples: Vec<f32> = samples
            .iter()
            .map(|sample| {
                if sample.is_finite() {
                    sample.clamp(-1.0, 1.0)
                } else {
                    0.0
                }
            })
            .collect();
        let mut text = String::new();
        let mut pieces = 0;
        let mut log_probability = 0.0;
        for range in segments::segments(&samples) {
            let segment = &samples[range];
            if is_silent(segment) {
                continue;
            }
            let written = self
                .write(segment)
                .map_err(|error| SpeechError::inference(Stage::Recognition, error))?;
            let words = self.vocabulary.text(&written.tokens);
            if !text.is_empty() && !words.is_empty() {
                text.push(' ');
            }
            text.push_str(&words);
            pieces += written.tokens.len();
            log_probability += written.log_probability;
        }
        let mean_log_probability = if pieces == 0 {
            0.0
        } else {
            (log_probability / pieces as f64) as f32
        };
        Ok(Recognition {
            text,
            mean_log_probability,
        })
    }

    fn write(&self, samples: &[f32]) -> Result<Written, ort::Error> {
        let seconds = samples.len() as f64 / f64::from(HEARING_RATE);
        let most = (seconds * PIECES_PER_SECOND).ceil() as usize + FREE_PIECES;
        let encoded = self.encode(samples)?;
        let mut memory = Memory {
            decoder: empty_past()?,
            encoder: empty_past()?,
        };
        let mut written = Written {
            tokens: Vec::with_capacity(most),
            log_probability: 0.0,
        };
        let mut token = START;
        while written.tokens.len() < most {
            let (next, log_probability) = self.step(&encoded, token, &mut memory, token != START)?;
            if next == END {
                break;
            }
            written.tokens.push(next);
            written.log_probability += log_probability;
            if let Some(length) = looped(&written.tokens, |phrase| self.vocabulary.repeats_honestly(phrase)) {
                written.tokens.truncate(length);
                break;
            }
            token = next;
        }
        Ok(written)
    }

    fn encode(&self, samples: &[f32]) -> Result<Encoded, ort::Error> {
        let mut input = samples.to_vec();
        input.resize(input.len().max(SHORTEST), 0.0);
        let length = input.len();
        let mask = || Tensor::from_array(([1, length], vec![1_i64; length]));
        let mut encoder = lock(&self.encoder);
        let mut outputs = encoder.run(ort::inputs![
            "input_values" => Tensor::from_array(([1, length], input))?,
            "attention_mask" => mask()?,
        ])?;
        // The decoder takes the mask of the samples too and thins it out itself (every 384th). One of the frames' length
        // seems to work, because a single value is spread over all of them, and fails from 9.3 s of audio on.
        Ok(Encoded {
            states: take(&mut outputs, "last_hidden_state")?,
            mask: mask()?,
        })
    }

    /// Writes one piece. `warm` is false for the first, which computes what the decoder keeps of the audio.
    fn step(&self, encoded: &Encoded, token: i64, memory: &mut Memory, warm: bool) -> Result<(i64, f64), ort::Error> {
        let mut inputs: Vec<(Cow<'_, str>, SessionInputValue<'_>)> = ort::inputs![
            "input_ids" => Tensor::from_array(([1_usize, 1], vec![token]))?,
            "encoder_hidden_states" => &encoded.states,
            "encoder_attention_mask" => &encoded.mask,
            "use_cache_branch" => Tensor::from_array(([1_usize], vec![warm]))?,
        ];
        let past = self.ports.decoder_past.iter().zip(&memory.decoder);
        for (name, value) in past.chain(self.ports.encoder_past.iter().zip(&memory.encoder)) {
            inputs.push((name.as_str().into(), value.into()));
        }
        let mut decoder = lock(&self.decoder);
        let mut outputs = decoder.run(inputs)?;
        let best = {
            let (_, logits) = outputs["logits"].try_extract_tensor::<f32>()?;
            most_probable(logits)
        };
        let mut present = |names: &[String]| {
            names
                .iter()
                .map(|name| take(&mut outputs, name))
                .collect::<Result<Vec<_>, _>>()
        };
        memory.decoder = present(&self.ports.decoder_present)?;
        if !warm {
            memory.encoder = present(&self.ports.encoder_present)?;
        }
        Ok(best)
    }
}

/// Text pieces with the sum of the logarithms of their probabilities.
struct Written {
    tokens: Vec<i64>,
    log_probability: f64,
}

fn take(outputs: &mut ort::session::SessionOutputs<'_>, name: &str) -> Result<DynValue, ort::Error> {
    outputs
        .remove(name)
        .ok_or_else(|| ort::Error::new(format!("the model returned no {name}")))
}

/// A memory one step long: the runtime refuses empty dimensions, and the first step does not read it.
fn empty_past() -> Result<Vec<DynValue>, ort::Error> {
    (0..2 * LAYERS)
        .map(|_| Ok(Tensor::from_array(([1, HEADS, 1, HEAD_WIDTH], vec![0.0_f32; HEADS * HEAD_WIDTH]))?.into_dyn()))
        .collect()
}

fn is_silent(samples: &[f32]) -> bool {
    let energy: f64 = samples.iter().map(|sample| f64::from(*sample).powi(2)).sum();
    energy <= SILENCE * SILENCE * samples.len() as f64
}

/// The most probable token and the logarithm of its probability.
fn most_probable(logits: &[f32]) -> (i64, f64) {
    let (token, best) = logits
        .iter()
        .copied()
        .enumerate()
        .fold((END as usize, f32::NEG_INFINITY), |best, next| {
            if next.1 > best.1 { next } else { best }
        });
    let total: f64 = logits.iter().map(|logit| f64::from(logit - best).exp()).sum();
    (token as i64, -total.ln())
}

/// Where to cut when the last pieces repeat the ones before. Numbers repeat honestly ("555 555 555"), so for them it
/// takes two repetitions.
fn looped(tokens: &[i64], repeats_honestly: impl Fn(&[i64]) -> bool) -> Option<usize> {
    let last = tokens.last_chunk::<LOOP>()?;
    let needed = if repeats_honestly(last) { 2 } else { 1 };
    let start = tokens.len().checked_sub(LOOP * (needed + 1))?;
    tokens[start..]
        .chunks_exact(LOOP)
        .all(|phrase| phrase == last)
        .then_some(start + LOOP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_said_twice_in_a_row_is_cut_to_one() {
        assert_eq!(looped(&[9, 5, 6, 7, 8, 5, 6, 7, 8], |_| false), Some(5));
        assert_eq!(looped(&[5, 6, 7, 8, 5, 6, 7, 9], |_| false), None);
        assert_eq!(looped(&[5, 6, 7], |_| false), None);
    }

    #[test]
    fn digits_may_repeat_once() {
        assert_eq!(looped(&[5; 8], |_| true), None);
        assert_eq!(looped(&[5; 12], |_| true), Some(4));
    }

    #[test]
    fn the_probability_of_the_best_of_two_equal_pieces_is_one_half() {
        let (token, log_probability) = most_probable(&[0.0, 3.0, 3.0, -90.0]);
        assert_eq!(token, 1);
        assert!((log_probability.exp() - 1.0 / (2.0 + (-3.0_f64).exp())).abs() < 1e-6);
    }

    #[test]
    fn logits_that_are_not_numbers_end_the_text() {
        assert_eq!(most_probable(&[f32::NAN, f32::NAN]).0, END);
    }
}
