//! Hearing: from the audio of one turn to its text.
//!
//! Runs Moonshine tiny-en (an encoder over raw audio, a decoder that writes one piece of text at a time) greedily, and what is doubtful three
//! times. Blocks for about a fiftieth of the audio's length on an idle core each time; call it from a speech worker, never from the runtime.

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

/// Mean logarithm of probability below which audio is heard again. A quarter of what comes over a telephone lies there, and most of what is
/// misheard.
const DOUBT: f64 = -0.15;
/// Silence put before audio that is heard again, in samples. Where the network's windows of 384 samples begin decides what it mishears;
/// thirds of one are as far apart as can be. Measured over a telephone: 4.41 % wrong words with one hearing, 4.18 with two, 4.07 with three,
/// 4.01 with four.
const OTHER_BEGINNINGS: [usize; 2] = [128, 256];
/// Longest audio that is heard again, in samples: of more, the answer would wait for it.
const LONGEST_DOUBTED: usize = 10 * HEARING_RATE as usize;

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
                .hear(segment)
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

    fn hear(&self, samples: &[f32]) -> Result<Written, ort::Error> {
        let first = self.write(samples)?;
        if samples.len() > LONGEST_DOUBTED {
            return Ok(first);
        }
        surest(first, |silence| self.write(&[&vec![0.0; silence], samples].concat()))
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
#[cfg_attr(test, derive(Clone))]
struct Written {
    tokens: Vec<i64>,
    log_probability: f64,
}

impl Written {
    /// Of a piece; nothing for no pieces.
    fn mean_log_probability(&self) -> Option<f64> {
        (!self.tokens.is_empty()).then(|| self.log_probability / self.tokens.len() as f64)
    }
}

/// Hears again, with so many samples of silence before, what was doubtful at first, and keeps what is surest of all. Where nothing was
/// understood, nothing is doubted: out of noise another beginning would make words.
fn surest<E>(first: Written, mut again: impl FnMut(usize) -> Result<Written, E>) -> Result<Written, E> {
    let mut best = first;
    if best.mean_log_probability().is_some_and(|mean| mean < DOUBT) {
        for silence in OTHER_BEGINNINGS {
            let other = again(silence)?;
            // Nothing compares as less than anything.
            if other.mean_log_probability() > best.mean_log_probability() {
                best = other;
            }
        }
    }
    Ok(best)
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

    /// So many pieces, each with this probability's logarithm.
    fn written(pieces: usize, mean: f64) -> Written {
        Written {
            tokens: vec![7; pieces],
            log_probability: mean * pieces as f64,
        }
    }

    fn heard(first: Written, others: Vec<Written>) -> (Written, usize) {
        let mut others = others.into_iter();
        let count = others.len();
        let best = surest(first, |_| others.next().ok_or("was heard too often"));
        let best = best.unwrap_or_else(|error| panic!("{error}"));
        (best, count - others.len())
    }

    #[test]
    fn what_is_doubtful_is_heard_twice_more_and_the_surest_counts() {
        let (best, again) = heard(written(5, -0.6), vec![written(9, -0.2), written(3, -0.4)]);
        assert_eq!((best.tokens.len(), again), (9, 2));
        let (best, again) = heard(written(5, -0.2), vec![written(9, -0.3), written(0, 0.0)]);
        assert_eq!((best.tokens.len(), again), (5, 2));
    }

    #[test]
    fn what_is_sure_and_what_is_nothing_is_heard_once() {
        assert_eq!(heard(written(5, -0.1), vec![written(9, 0.0); 2]).1, 0);
        let (best, again) = heard(written(0, 0.0), vec![written(9, -0.01); 2]);
        assert_eq!((best.tokens.len(), again), (0, 0));
    }

    #[test]
    fn logits_that_are_not_numbers_end_the_text() {
        assert_eq!(most_probable(&[f32::NAN, f32::NAN]).0, END);
    }
}
