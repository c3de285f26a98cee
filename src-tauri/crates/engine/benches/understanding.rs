//! How much of what callers say is understood when all of it is spoken: every labelled utterance, over every line, and how long one takes
//! to understand.
//!
//! Run with `cargo bench -p frontdesk-engine --bench understanding`; it needs the local models. Each figure is one line of JSON after
//! `figure `, as the bench `speech` prints them.

#![allow(clippy::print_stdout, reason = "the output of a measurement is its result")]

#[path = "../tests/support/files.rs"]
mod files;
#[path = "../tests/support/labelled.rs"]
mod labelled;
#[path = "../tests/support/spoken_line.rs"]
mod spoken_line;

use std::time::Instant;

use frontdesk_engine::speech::Speech;
use labelled::{Labelled, Listener, Score, seen, unseen};
use serde_json::json;
use spoken_line::{Line, Speaker, babble};

/// How often every utterance is understood for its time.
const ROUNDS: usize = 5;

fn main() {
    // `cargo test --benches` wants to know whether it starts and gives no `--bench`.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let listener = Listener::new();
    let halves = [("seen", seen()), ("unseen", unseen())];
    for (name, utterances) in &halves {
        written(&listener, name, utterances);
    }
    let speech = Speech::load(&files::model_files()).unwrap_or_else(|error| panic!("{error}"));
    for (name, utterances) in &halves {
        spoken(&speech, &listener, name, utterances);
    }
}

fn written(listener: &Listener, name: &str, utterances: &[Labelled]) {
    let (mut score, mut times) = (Score::default(), Vec::new());
    for label in utterances {
        for _ in 0..ROUNDS {
            let started = Instant::now();
            let understood = listener.understand(label, &label.text);
            times.push(started.elapsed().as_secs_f64() * 1_000.0);
            drop(understood);
        }
        score.judge(label, &listener.understand(label, &label.text));
    }
    told(&format!("understanding/{name}, written"), &score);
    figure(&format!("understanding/{name}, time of one utterance"), "ms", &times);
}

fn spoken(speech: &Speech, listener: &Listener, name: &str, utterances: &[Labelled]) {
    let babble = babble();
    let mut scores = Line::ALL.map(|line| (line, Score::default()));
    for (at, label) in utterances.iter().enumerate() {
        let sound = Speaker::ALL[at % 3].says(speech, &label.text);
        for (line, score) in &mut scores {
            let heard = speech.recognise(&line.carries(&sound, &babble, at));
            let heard = heard.unwrap_or_else(|error| panic!("{error}")).text;
            score.judge(label, &listener.understand(label, &heard));
        }
    }
    for (line, score) in &scores {
        told(&format!("understanding/{name}, spoken over {}", line.name()), score);
    }
}

fn told(name: &str, score: &Score) {
    println!("{}", score.report(name));
    figure(
        &format!("{name}: intents missed"),
        "%",
        &[100.0 * (1.0 - score.intents.value())],
    );
    figure(&format!("{name}: slots missed"), "%", &[100.0 * (1.0 - score.slots())]);
}

fn figure(name: &str, unit: &str, values: &[f64]) {
    println!("figure {}", json!({ "name": name, "unit": unit, "values": values }));
}
