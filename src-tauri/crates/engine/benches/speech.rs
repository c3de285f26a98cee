//! How the local engine hears and answers on this machine: recognition latency, word errors per voice, first audio, memory.
//!
//! Run with `cargo bench -p frontdesk-engine`; it needs the local models. Each figure is one line of JSON after `figure `, with every value
//! that was measured, so that `cargo xtask bench` can say median and spread. Not criterion: most of these are no times.
//!
//! The questions are `tests/fixtures/speech`: twenty, in three voices, none of them the receptionist's.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot go on stops, and its output is its result"
)]

#[path = "speech/call.rs"]
mod call;
#[path = "../tests/support/files.rs"]
mod files;
#[path = "../tests/support/words.rs"]
mod words;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use frontdesk_engine::speech::{HEARING_RATE, Speech};
use serde::Deserialize;
use serde_json::json;
use words::{word_errors, words};

/// How often every question is recognised.
const ROUNDS: usize = 3;

/// Questions that are asked in a spoken call, in real time.
const ASKED: usize = 9;

/// Replies whose first clause is spoken.
const REPLIES: [&str; 5] = [
    "Thank you for calling Prime Auto Lab, this is the automated assistant, how can I help you today?",
    "An oil change takes about 30 minutes and costs $50 to $80.",
    "We are open Monday to Friday from 8 a.m. to 6 p.m., and on Saturday from 9 to 4.",
    "Sure, may I have your name and your phone number, please?",
    "I am sorry, I do not know that, but I can take a message for our team.",
];

#[derive(Deserialize)]
struct Questions {
    question: Vec<Question>,
}

/// One recorded question.
#[derive(Deserialize)]
struct Question {
    file: String,
    voice: String,
    text: String,
}

impl Question {
    /// 16 kHz, mono, −1 to 1.
    fn samples(&self) -> Vec<f32> {
        let path = folder().join(&self.file);
        let mut reader = hound::WavReader::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(reader.spec().sample_rate, HEARING_RATE, "{}", path.display());
        reader
            .samples::<i16>()
            .map(|sample| f32::from(sample.unwrap()) / 32_768.0)
            .collect()
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/speech")
}

fn main() {
    // `cargo test --benches` wants to know whether it starts and gives no `--bench`.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let questions = std::fs::read_to_string(folder().join("questions.toml")).unwrap();
    let Questions { question: questions } = toml::from_str(&questions).unwrap();

    let before = memory_megabytes();
    let started = Instant::now();
    let speech = Arc::new(Speech::load(&files::model_files()).unwrap_or_else(|error| panic!("{error}")));
    figure("load", "ms", &[milliseconds(started)]);
    figure("memory of the loaded models", "MB", &[memory_megabytes() - before]);

    recognition(&speech, &questions);
    figure("first clause of a reply", "ms", &first_clauses(&speech));
    let calls = call::ask(Arc::clone(&speech), questions.iter().take(ASKED).map(Question::samples));
    figure("end of speech to first audio", "ms", &calls.since_speech);
    figure("speech_stopped to first audio", "ms", &calls.since_stopped);
    figure("memory after the call", "MB", &[memory_megabytes() - before]);
}

/// Recognises every question several times: latency per question, word errors per voice (in percent of the words, one value per question).
fn recognition(speech: &Speech, questions: &[Question]) {
    let mut latency = Vec::new();
    let mut errors: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
    for question in questions {
        let samples = question.samples();
        let mut heard = String::new();
        for _ in 0..ROUNDS {
            let started = Instant::now();
            heard = speech.recognise(&samples).unwrap().text;
            latency.push(milliseconds(started));
        }
        let said = words(&question.text);
        let wrong = word_errors(&said, &words(&heard));
        errors.entry(&question.voice).or_default().push((wrong, said.len()));
    }
    figure("recognition of a question", "ms", &latency);
    for (voice, counts) in errors {
        let rate: Vec<f64> = counts
            .iter()
            .map(|(wrong, said)| 100.0 * *wrong as f64 / *said as f64)
            .collect();
        let (wrong, said) = counts
            .iter()
            .fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
        figure(
            &format!("word errors, {voice}"),
            "%",
            &[100.0 * wrong as f64 / said as f64],
        );
        figure(&format!("word errors per question, {voice}"), "%", &rate);
    }
}

/// Time from the text of a reply to the audio of its first clause.
fn first_clauses(speech: &Speech) -> Vec<f64> {
    let mut times = Vec::new();
    for reply in std::iter::repeat_n(REPLIES, ROUNDS).flatten() {
        let started = Instant::now();
        let clause = speech.say(reply, 1.0).next().unwrap().unwrap();
        times.push(milliseconds(started));
        assert!(!clause.samples.is_empty());
    }
    times
}

fn figure(name: &str, unit: &str, values: &[f64]) {
    println!("figure {}", json!({ "name": name, "unit": unit, "values": values }));
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}

/// Proportional share of this process as Linux counts it; 0 elsewhere.
fn memory_megabytes() -> f64 {
    let rollup = std::fs::read_to_string("/proc/self/smaps_rollup").unwrap_or_default();
    let kilobytes = rollup.lines().find_map(|line| {
        line.strip_prefix("Pss:")?
            .split_whitespace()
            .next()?
            .parse::<f64>()
            .ok()
    });
    kilobytes.unwrap_or(0.0) / 1_024.0
}
