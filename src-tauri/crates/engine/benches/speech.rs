//! What the models cost on this machine: loading, recognition of a question, the voice, memory.
//!
//! Run with `cargo bench -p frontdesk-engine --bench speech`; it needs the local models. Not criterion: some of these are no times. What is
//! heard rightly is measured by `hearing`, whole calls by `calls`.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on stops")]

#[path = "support/figures.rs"]
mod figures;
#[path = "../tests/support/files.rs"]
mod files;
#[path = "../tests/support/recordings.rs"]
mod recordings;

use std::time::Instant;

use figures::{figure, memory_megabytes, milliseconds, processor_seconds_of_this_thread};
use frontdesk_engine::speech::{Speech, WIRE_RATE};

/// How often every question is recognised and every reply spoken.
const ROUNDS: usize = 3;

/// Replies that are spoken.
const REPLIES: [&str; 5] = [
    "Thank you for calling Prime Auto Lab, this is the automated assistant, how can I help you today?",
    "An oil change takes about 30 minutes and costs $50 to $80.",
    "We are open Monday to Friday from 8 a.m. to 6 p.m., and on Saturday from 9 to 4.",
    "Sure, may I have your name and your phone number, please?",
    "I am sorry, I do not know that, but I can take a message for our team.",
];

fn main() {
    // `cargo test --benches` wants to know whether it starts and gives no `--bench`.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let before = memory_megabytes();
    let started = Instant::now();
    let speech = Speech::load(&files::model_files()).unwrap_or_else(|error| panic!("{error}"));
    figure("speech/load", "ms", &[milliseconds(started)]);
    let loaded = memory_megabytes().zip(before).map(|(after, before)| after - before);
    figure("speech/memory of the loaded models", "MB", loaded.as_slice());

    recognition(&speech);
    synthesis(&speech);
}

/// Recognises every question several times.
fn recognition(speech: &Speech) {
    let mut latency = Vec::new();
    for question in recordings::questions() {
        let samples = question.samples();
        for _ in 0..ROUNDS {
            let started = Instant::now();
            assert!(
                !speech.recognise(&samples).unwrap().text.is_empty(),
                "{}",
                question.text
            );
            latency.push(milliseconds(started));
        }
    }
    figure("speech/recognition of a question", "ms", &latency);
}

/// Speaks every reply several times in the light voice, on this thread alone: the models run with one thread, the one that calls them. Time
/// is set against speech; the pauses between the clauses, which cost nothing, do not count.
fn synthesis(speech: &Speech) {
    let (mut first_clauses, mut factors, mut processor_factors) = (Vec::new(), Vec::new(), Vec::new());
    for reply in std::iter::repeat_n(REPLIES, ROUNDS).flatten() {
        let (started, worked) = (Instant::now(), processor_seconds_of_this_thread());
        let mut speech_samples = 0;
        for (at, clause) in speech.say(reply, 1.0).enumerate() {
            speech_samples += clause.unwrap().speech_samples;
            if at == 0 {
                assert!(speech_samples > 0, "{reply}");
                first_clauses.push(milliseconds(started));
            }
        }
        let seconds = speech_samples as f64 / f64::from(WIRE_RATE);
        factors.push(milliseconds(started) / 1_000.0 / seconds);
        let worked = processor_seconds_of_this_thread().zip(worked);
        processor_factors.extend(worked.map(|(after, before)| (after - before) / seconds));
    }
    figure("speech/first clause of a reply", "ms", &first_clauses);
    figure("speech/time of the voice per time of speech", "s/s", &factors);
    figure(
        "speech/processor time of the voice's thread per time of speech",
        "s/s",
        &processor_factors,
    );
}
