//! The written utterances of `tests/fixtures/understanding`: intents and slots, against the accepted figures of each half.
//!
//! Of the unseen half only figures are printed, never an utterance: whoever reads what failed in it has seen it.

#![allow(clippy::print_stdout, reason = "the report is the result")]

#[path = "support/labelled.rs"]
mod labelled;

use labelled::{Labelled, Listener, Score, seen, unseen};

/// Accepted share of the seen utterances whose intents are all right.
const SEEN_INTENTS: f64 = 0.97;
/// Accepted F1 of the slots of the seen half.
const SEEN_SLOTS: f64 = 0.96;
/// Accepted share of the unseen utterances whose intents are all right.
const UNSEEN_INTENTS: f64 = 0.92;
/// Accepted F1 of the slots of the unseen half.
const UNSEEN_SLOTS: f64 = 0.90;

/// The score, and what was understood wrongly.
fn judged(utterances: &[Labelled]) -> (Score, Vec<String>) {
    let listener = Listener::new();
    let mut score = Score::default();
    let wrong = utterances
        .iter()
        .filter_map(|label| score.judge(label, &listener.understand(label, &label.text)))
        .collect();
    (score, wrong)
}

#[test]
fn what_callers_write_in_the_seen_half_is_understood() {
    let (score, wrong) = judged(&seen());
    let report = format!("{}\nwrong:\n{}", score.report("seen"), wrong.join("\n"));
    println!("{report}");
    assert!(
        score.intents.value() >= SEEN_INTENTS && score.slots() >= SEEN_SLOTS,
        "{report}"
    );
}

#[test]
fn what_callers_write_in_the_unseen_half_is_understood() {
    let (score, _) = judged(&unseen());
    let report = score.report("unseen");
    println!("{report}");
    assert!(
        score.intents.value() >= UNSEEN_INTENTS && score.slots() >= UNSEEN_SLOTS,
        "{report}"
    );
}

#[test]
fn there_are_enough_utterances_and_every_intent_is_among_them() {
    use frontdesk_engine::dialogue::Intent;
    let (seen, unseen) = (seen(), unseen());
    assert!(seen.len() + unseen.len() >= 300, "{} and {}", seen.len(), unseen.len());
    for (half, utterances) in [("seen", &seen), ("unseen", &unseen)] {
        for intent in Intent::ALL {
            let said = utterances
                .iter()
                .any(|label| label.intents.iter().any(|name| name == intent.name()));
            assert!(said, "{} is not in the {half} half", intent.name());
        }
        let known = |name: &String| Intent::ALL.iter().any(|intent| intent.name() == name);
        assert!(utterances.iter().all(|label| label.intents.iter().all(known)), "{half}");
    }
}

#[test]
fn a_listener_who_understands_nothing_fails_the_suite() {
    let listener = Listener::new();
    let mut score = Score::default();
    let wrong = seen()
        .iter()
        .filter_map(|label| score.judge(label, &listener.understand(label, "")))
        .count();
    assert!(
        score.intents.value() < 0.1 && score.slots() < 0.1 && wrong > 200,
        "{}",
        score.report("deaf")
    );
}
