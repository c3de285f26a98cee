//! How much of what callers say is understood when all of it is spoken: every labelled utterance, over every line, and how long one takes
//! to understand and to answer.
//!
//! Run with `cargo bench -p frontdesk-engine --bench understanding`; it needs the local models.

#![allow(clippy::print_stdout, reason = "the output of a measurement is its result")]

#[path = "support/figures.rs"]
mod figures;
#[path = "../tests/support/files.rs"]
mod files;
#[path = "../tests/support/labelled.rs"]
mod labelled;
#[path = "../tests/support/recordings.rs"]
mod recordings;
#[path = "../tests/support/spoken_line.rs"]
mod spoken_line;

use std::time::Instant;

use figures::{figure, milliseconds};
use frontdesk_engine::dialogue::{Dialogue as _, Prompt};
use frontdesk_engine::speech::Speech;
use labelled::{Labelled, Listener, Score, now, seen, unseen};
use spoken_line::{Line, Speaker, babble};

/// How often every utterance is understood and answered for its time.
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
    let (mut score, mut understood_in, mut answered_in) = (Score::default(), Vec::new(), Vec::new());
    for label in utterances {
        let caller = Prompt::Caller {
            text: &label.text,
            confidence: 1.0,
        };
        for _ in 0..ROUNDS {
            let started = Instant::now();
            let understood = listener.understand(label, &label.text);
            understood_in.push(milliseconds(started));
            drop(understood);
            let (mut receptionist, now) = (listener.newcomer(), now());
            let started = Instant::now();
            let answer = receptionist.respond(caller, now);
            answered_in.push(milliseconds(started));
            drop(answer);
        }
        score.judge(label, &listener.understand(label, &label.text));
    }
    told(&format!("understanding/{name}, written"), &score);
    let time_of =
        |what: &str, values: &[f64]| figure(&format!("understanding/{name}, time of one {what}"), "ms", values);
    time_of("utterance", &understood_in);
    time_of("answer", &answered_in);
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
