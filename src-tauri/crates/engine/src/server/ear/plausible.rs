//! Whether a text can be what was said: a recogniser that noise has confused writes a phrase over and over, or more words than a mouth can
//! say in the time.
//!
//! Pure. What is refused here is not answered: the caller is asked again.

use crate::english::is_number_word;

/// Words of a very fast speaker in a second.
const MOST_WORDS_PER_SECOND: f64 = 5.5;
/// Words granted to any turn beside that, so that a hurried "yes please" passes.
const FREE_WORDS: f64 = 6.0;
/// How often one word may stand in a row: "no, no, no, no" is said, more is a loop.
const MOST_OF_A_WORD: usize = 4;
/// The same for words that nobody says twice for weight.
const MOST_OF_A_SMALL_WORD: usize = 2;
/// The same for phrases of two words and more: "thank you, thank you, thank you".
const MOST_OF_A_PHRASE: usize = 3;
/// Longest phrase that is looked for, in words.
const LONGEST_PHRASE: usize = 6;
/// Words that nobody says twice for weight.
const SMALL_WORDS: &[&str] = &[
    "the", "a", "an", "of", "to", "and", "in", "on", "at", "for", "with", "is", "are", "that", "this",
];

/// True when so many seconds of audio can hold this text.
pub(super) fn is_plausible(text: &str, seconds: f64) -> bool {
    let words: Vec<String> = text
        .split(|character: char| !(character.is_alphanumeric() || character == '\''))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.len() as f64 <= FREE_WORDS + seconds * MOST_WORDS_PER_SECOND && !loops(&words)
}

fn loops(words: &[String]) -> bool {
    (1..=LONGEST_PHRASE).any(|length| {
        words
            .windows(length)
            .enumerate()
            .any(|(at, phrase)| repetitions(words, at, phrase) > most_of(phrase))
    })
}

/// How often a phrase stands in a row from here on.
fn repetitions(words: &[String], at: usize, phrase: &[String]) -> usize {
    words[at..]
        .chunks(phrase.len())
        .take_while(|chunk| *chunk == phrase)
        .count()
}

fn most_of(phrase: &[String]) -> usize {
    match phrase {
        // Digits repeat honestly: "five five five, five five".
        [word] if is_digits(word) => usize::MAX,
        [word] if SMALL_WORDS.contains(&word.as_str()) => MOST_OF_A_SMALL_WORD,
        [_] => MOST_OF_A_WORD,
        phrase if phrase.iter().all(|word| is_digits(word)) => usize::MAX,
        _ => MOST_OF_A_PHRASE,
    }
}

fn is_digits(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit()) || is_number_word(word)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_people_say_is_plausible() {
        for (text, seconds) in [
            ("No, no, no, no!", 1.2),
            ("Thank you, thank you, thank you.", 1.5),
            ("Yes please.", 0.3),
            ("Five five five, five five five, one one one one.", 3.0),
            ("I think that that is right.", 1.5),
            ("How much does an oil change cost, and how long does it take?", 2.5),
            ("", 0.0),
        ] {
            assert!(is_plausible(text, seconds), "{text}");
        }
    }

    #[test]
    fn a_loop_of_the_recogniser_is_not() {
        for text in [
            "The the the the",
            "and and and then",
            "I'm sorry, I'm sorry, I'm sorry, I'm sorry.",
            "oil oil oil oil oil oil",
            "I want the car, I want the car, I want the car, I want the car",
        ] {
            assert!(!is_plausible(text, 60.0), "{text}");
        }
    }

    #[test]
    fn more_words_than_the_seconds_hold_are_not() {
        let text = "well you know I was thinking about the car and what could be done with it today";
        assert!(!is_plausible(text, 1.0));
        assert!(is_plausible(text, 4.0));
    }

    proptest! {
        #[test]
        fn any_text_is_judged(text in "\\PC{0,200}", seconds in 0.0_f64..60.0) {
            let _judged = is_plausible(&text, seconds);
        }

        #[test]
        fn a_phrase_said_over_and_over_is_refused(phrase in "[bcdfg]{2,5}( [hjklm]{2,5}){1,5}", times in 4_usize..9) {
            let text = vec![phrase.as_str(); times].join(" ");
            prop_assert!(!is_plausible(&text, 600.0));
        }
    }
}
