//! Sixty utterances of the understanding suite, spoken by three speakers over three lines, recognised and understood. All of them, over all
//! lines, are spoken by `cargo xtask bench understanding`.

#![allow(clippy::print_stdout, reason = "the report is the result")]

#[path = "support/files.rs"]
mod files;
#[path = "support/labelled.rs"]
mod labelled;
#[path = "support/recordings.rs"]
mod recordings;
#[path = "support/spoken_line.rs"]
mod spoken_line;

use frontdesk_engine::speech::Speech;
use labelled::{Labelled, Listener, Score, seen, unseen};
use spoken_line::{Line, Speaker, babble};

/// Utterances that are spoken: half of each half of the suite.
const SPOKEN: usize = 60;

/// Accepted share of the spoken utterances whose intents are all right. The voice differs a little each time.
const INTENTS: f64 = 0.8;
/// Accepted F1 of the slots.
const SLOTS: f64 = 0.68;

/// The same ones every time, from all over the file.
fn some(utterances: Vec<Labelled>) -> impl Iterator<Item = Labelled> {
    let step = utterances.len() / (SPOKEN / 2);
    utterances.into_iter().step_by(step).take(SPOKEN / 2)
}

#[test]
fn sixty_spoken_utterances_are_understood_over_clear_lines_telephones_and_babble() {
    let speech = Speech::load(&files::model_files()).unwrap_or_else(|error| panic!("{error}"));
    let (listener, babble) = (Listener::new(), babble());
    let spoken: Vec<Labelled> = some(seen()).chain(some(unseen())).collect();
    assert_eq!(spoken.len(), SPOKEN);
    let mut score = Score::default();
    let mut lines = Line::ALL.map(|line| (line, Score::default()));
    for (at, label) in spoken.iter().enumerate() {
        let place = at / Speaker::ALL.len() % lines.len();
        let (line, of_line) = &mut lines[place];
        let sound = line.carries(&Speaker::ALL[at % 3].says(&speech, &label.text), &babble, at);
        let heard = speech.recognise(&sound).unwrap_or_else(|error| panic!("{error}")).text;
        let understood = listener.understand(label, &heard);
        score.judge(label, &understood);
        of_line.judge(label, &understood);
    }
    let reports = lines.iter().map(|(line, score)| score.report(line.name()));
    let report = std::iter::once(score.report("spoken"))
        .chain(reports)
        .collect::<Vec<_>>()
        .join("\n");
    println!("{report}");
    assert!(score.intents.value() >= INTENTS && score.slots() >= SLOTS, "{report}");
}
