//! The words of a turn while it goes on: which of them are stable enough to be shown, and when it is worth to look again.
//!
//! Pure. The turn is recognised anew each time, and a recogniser changes its mind about the last words of what it has heard; so a word is
//! shown when two readings in a row agree on it and on what follows it. Figures are never shown early: "five five" becomes "555".

use crate::english::is_number_word;
use crate::server::limits::{FIRST_PARTIAL_MS, PARTIAL_GROWTH};

/// Words at the end of what two readings agree on that are not shown yet.
const WORDS_HELD_BACK: usize = 2;

/// What is known of an open turn's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Partial {
    /// The last reading.
    reading: String,
    /// What was told, a prefix of a reading.
    told: String,
    /// Length of the turn in ms from which it is read again.
    next_ms: u64,
}

impl Partial {
    /// A turn that begins.
    pub fn begin() -> Self {
        Self {
            next_ms: FIRST_PARTIAL_MS,
            ..Self::default()
        }
    }

    /// Whether a turn of this length is to be read again. Each reading costs as much as the turn is long, so the intervals grow with it:
    /// all readings together are about three times the turn.
    pub fn is_due(&self, turn_ms: u64) -> bool {
        turn_ms >= self.next_ms
    }

    /// Takes a reading of the turn so far; returns the words that can be told now.
    pub fn take(&mut self, reading: &str, turn_ms: u64) -> Option<String> {
        self.next_ms = turn_ms + FIRST_PARTIAL_MS.max(turn_ms / PARTIAL_GROWTH);
        let before = std::mem::replace(&mut self.reading, reading.to_owned());
        let stable = stable(&before, reading);
        let new = rest_after(stable, &self.told)?.to_owned();
        self.told.push_str(&new);
        (!new.is_empty()).then_some(new)
    }
}

/// What both readings begin with, without the last words of it, without figures, and without the mark behind the last word.
fn stable<'a>(before: &str, reading: &'a str) -> &'a str {
    let ends = |text: &str| -> Vec<usize> {
        let starts = text
            .split_whitespace()
            .map(|word| word.as_ptr() as usize - text.as_ptr() as usize + word.len());
        starts.collect()
    };
    let agreed = before
        .split_whitespace()
        .zip(reading.split_whitespace())
        .take_while(|(one, other)| one == other && !is_figure(one))
        .count();
    let shown = agreed.saturating_sub(WORDS_HELD_BACK);
    let end = shown.checked_sub(1).and_then(|last| ends(reading).get(last).copied());
    reading[..end.unwrap_or(0)].trim_end_matches(|mark: char| !mark.is_alphanumeric())
}

/// Figures, and number words that become figures when more of the number is heard.
fn is_figure(word: &str) -> bool {
    let word = word.trim_matches(|mark: char| !mark.is_alphanumeric());
    word.contains(|character: char| character.is_ascii_digit()) || is_number_word(&word.to_ascii_lowercase())
}

/// What stands in a text after a beginning that ends at a word's end; none when the text begins differently.
pub(in crate::server) fn rest_after<'a>(text: &'a str, beginning: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(beginning)?;
    let inside_word = !beginning.is_empty() && rest.starts_with(|next: char| next.is_alphanumeric() || next == '\'');
    (!inside_word).then_some(rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(readings: &[&str]) -> Vec<String> {
        let mut partial = Partial::begin();
        readings
            .iter()
            .filter_map(|reading| partial.take(reading, 1_000))
            .collect()
    }

    #[test]
    fn words_are_told_when_two_readings_agree_and_only_once() {
        assert_eq!(
            told(&[
                "How much does",
                "How much does an all",
                "How much does an oil change cost",
                "How much does an oil change cost and how long",
            ]),
            ["How", " much", " does an oil"]
        );
    }

    #[test]
    fn a_reading_that_begins_differently_tells_nothing_until_it_agrees_again() {
        assert_eq!(
            told(&[
                "I want to come in",
                "I want to come in now",
                "A one to come in now",
                "I want to come in now"
            ]),
            ["I want to"]
        );
    }

    #[test]
    fn figures_and_what_follows_them_are_not_told_early() {
        let reading = "My number is five five five and I live here";
        assert_eq!(told(&[reading, reading]), ["My"]);
        assert_eq!(
            told(&["Call 555 at once now please", "Call 555 at once now please"]),
            [""; 0]
        );
    }

    #[test]
    fn a_word_that_grows_is_not_taken_for_its_beginning() {
        assert_eq!(rest_after("Hi, there", "Hi"), Some(", there"));
        assert_eq!(rest_after("History", "Hi"), None);
        assert_eq!(rest_after("Hello", ""), Some("Hello"));
        assert_eq!(rest_after("Hello", "Hi"), None);
    }

    #[test]
    fn readings_together_cost_a_few_times_the_turn() {
        let mut partial = Partial::begin();
        let mut read_ms = 0;
        for turn_ms in (0..60_000).step_by(32) {
            if partial.is_due(turn_ms) {
                read_ms += turn_ms;
                partial.take("words", turn_ms);
            }
        }
        assert!(read_ms < 4 * 60_000, "{read_ms} ms were read");
    }

    proptest! {
        #[test]
        fn what_is_told_is_always_the_beginning_of_a_reading(
            readings in proptest::collection::vec("(a|b|five|é,|7|\"x)( (a|b|five|é,|7)){0,8}", 0..8),
        ) {
            let mut partial = Partial::begin();
            let mut together = String::new();
            for reading in &readings {
                together.extend(partial.take(reading, 1_000));
            }
            prop_assert!(together.is_empty() || readings.iter().any(|reading| rest_after(reading, &together).is_some()));
        }
    }
}
