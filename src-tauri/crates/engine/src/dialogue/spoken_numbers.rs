//! Numbers as callers say them and as the recogniser writes them: "five five five, oh one four two", "double seven", "555-0142".
//!
//! Pure functions over words, any thread. The digits are kept as text, because a telephone number is no quantity.

use super::values::amounts_in;
use super::words::Word;
use crate::english::{BELOW_TWENTY, TENS};

/// Fewest digits of a telephone number; less is a part of one.
pub(crate) const FEWEST_PHONE_DIGITS: usize = 7;

/// Most digits of a telephone number (E.164).
pub(crate) const MOST_PHONE_DIGITS: usize = 15;

/// Digits in a row, and the words that they took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DigitRun {
    /// Only `0` to `9`, with a leading `+` where one was given.
    pub digits: String,
    /// Index of the first word.
    pub start: usize,
    /// Index after the last word.
    pub end: usize,
}

/// The value of a number word below a hundred: 0–19, or a multiple of ten.
fn small_number(word: &str) -> Option<u32> {
    let position = |list: &[&str]| {
        list.iter()
            .position(|known| *known == word)
            .and_then(|at| u32::try_from(at).ok())
    };
    match word {
        "oh" | "o" | "naught" | "nought" | "nil" => Some(0),
        "fourty" => Some(40),
        _ => position(&BELOW_TWENTY).or_else(|| position(&TENS).map(|at| (at + 2) * 10)),
    }
}

/// Words that sound like a digit: they count only between digits.
fn sounds_like_digit(word: &str) -> Option<&'static str> {
    match word {
        "to" | "too" => Some("2"),
        "for" => Some("4"),
        "ate" => Some("8"),
        "won" => Some("1"),
        "nein" => Some("9"),
        _ => None,
    }
}

/// Words that people put into a number without meaning anything by them.
fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "uh" | "um" | "er" | "dash" | "hyphen" | "dot" | "then" | "area" | "code" | "is" | "and"
    )
}

/// All runs of digits in the words, in order. Runs end where other words begin, and the words of an amount of money are none of them.
pub(crate) fn digit_runs(words: &[Word]) -> Vec<DigitRun> {
    let mut runs = Vec::new();
    let mut at = 0;
    for amount in amounts_in(words) {
        runs_within(words.get(..amount.span.start).unwrap_or_default(), at, &mut runs);
        at = amount.span.end;
    }
    runs_within(words, at, &mut runs);
    runs
}

fn runs_within(words: &[Word], start: usize, runs: &mut Vec<DigitRun>) {
    let mut at = start;
    while at < words.len() {
        match read_run(words, at) {
            Some(run) => {
                at = run.end;
                runs.push(run);
            }
            None => at += 1,
        }
    }
}

fn read_run(words: &[Word], start: usize) -> Option<DigitRun> {
    let mut digits = String::new();
    let mut end = start;
    let mut at = start;
    while let Some(word) = words.get(at) {
        if let Some((piece, used)) = digits_at(&words[at..]) {
            digits.push_str(&piece);
            at += used;
            end = at;
        } else if !digits.is_empty()
            && digits_after(&words[at + 1..])
            && let Some(piece) = sounds_like_digit(&word.text)
        {
            digits.push_str(piece);
            at += 1;
            end = at;
        } else if !digits.is_empty() && is_filler(&word.text) && digits_after(&words[at + 1..]) {
            at += 1;
        } else if !digits.is_empty() && word.text == "oh" && (word.ends_sentence || at + 1 == words.len()) {
            // "Nine oh three oh." A sigh stands before other words.
            digits.push('0');
            at += 1;
            end = at;
        } else {
            break;
        }
    }
    (!digits.is_empty() && digits != "+").then_some(DigitRun { digits, start, end })
}

fn digits_after(words: &[Word]) -> bool {
    digits_at(words).is_some()
}

/// The digits at the start of the words and how many words they take.
fn digits_at(words: &[Word]) -> Option<(String, usize)> {
    let first = words.first()?;
    let next = |at: usize| words.get(at).map(|word| word.text.as_str()).unwrap_or_default();
    if first.text == "plus" && digits_at(&words[1..]).is_some() {
        return Some(("+".to_owned(), 1));
    }
    let repeated = match first.text.as_str() {
        "double" => 2,
        "triple" | "treble" => 3,
        _ => 0,
    };
    if repeated > 0 {
        let digit = small_number(next(1))
            .filter(|digit| *digit < 10)
            .map(|digit| digit.to_string());
        let digit = digit.or_else(|| {
            words
                .get(1)
                .filter(|word| word.is_figures() && word.text.len() == 1)
                .map(|word| word.text.clone())
        })?;
        return Some((digit.repeat(repeated), 2));
    }
    if let Some(figures) = figures_of(&first.text) {
        return Some(match next(1) {
            "hundred" if figures.len() == 1 => (format!("{figures}00"), 2),
            "thousand" if figures.len() == 1 => (format!("{figures}000"), 2),
            _ => (figures, 1),
        });
    }
    let value = small_number(&first.text)?;
    // "oh" alone is a sigh; as a digit it stands beside another one.
    if first.text == "oh" && digits_at(words.get(1..).unwrap_or_default()).is_none() {
        return None;
    }
    Some(match next(1) {
        "hundred" if (1..=9).contains(&value) => (format!("{value}00"), 2),
        "thousand" if (1..=9).contains(&value) => (format!("{value}000"), 2),
        unit if value >= 20 => match small_number(unit) {
            Some(unit) if (1..=9).contains(&unit) => ((value + unit).to_string(), 2),
            _ => (value.to_string(), 1),
        },
        _ => (value.to_string(), 1),
    })
}

/// The digits of a word in figures, such as `555` or `+1`; none for a time ("9:30"), an amount ("$50") or a decimal.
fn figures_of(text: &str) -> Option<String> {
    let bare = text.strip_prefix('+').unwrap_or(text);
    let whole = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit());
    whole.then(|| text.to_owned())
}

/// A small whole number at the start of the words (hours, minutes, days), with the words it takes.
pub(crate) fn quantity_at(words: &[Word]) -> Option<(u32, usize)> {
    let first = words.first()?;
    if first.is_figures() {
        return Some((first.text.parse().ok()?, 1));
    }
    if matches!(first.text.as_str(), "oh" | "o") {
        return None;
    }
    let value = small_number(&first.text)?;
    if value >= 20
        && let Some(unit) = words
            .get(1)
            .and_then(|word| small_number(&word.text))
            .filter(|unit| (1..=9).contains(unit))
    {
        return Some((value + unit, 2));
    }
    Some((value, 1))
}

/// A telephone number with its digits grouped for reading: `555-0142`, `555-014-2367`, `1-800-555-0142`.
pub(crate) fn grouped(digits: &str) -> String {
    let (plus, digits) = match digits.strip_prefix('+') {
        Some(rest) => ("+", rest),
        None => ("", digits),
    };
    let count = digits.len();
    // Ends of the groups, counted from the left; the last group of a number has four digits.
    let cuts: Vec<usize> = match count {
        0..=4 => vec![],
        5..=7 => vec![count - 4],
        8..=10 => vec![count - 7, count - 4],
        _ => vec![count - 10, count - 7, count - 4],
    };
    let mut text = plus.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if cuts.contains(&at) && at > 0 {
            text.push('-');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::dialogue::words::words;

    fn digits(text: &str) -> Vec<String> {
        digit_runs(&words(text)).into_iter().map(|run| run.digits).collect()
    }

    #[test]
    fn spoken_and_written_numbers_give_the_same_digits() {
        for said in [
            "five five five, oh one four two",
            "555-0142",
            "triple five zero one forty two",
            "It's 555 0 1 4 2.",
            "five fifty five oh one four two",
            "555, 01, and 42",
        ] {
            assert_eq!(digits(said), ["5550142"], "{said}");
        }
        assert_eq!(digits("one eight hundred 555 1234"), ["18005551234"]);
        assert_eq!(digits("plus one 312 555 0142"), ["+13125550142"]);
        assert_eq!(digits("three to five for one double seven"), ["3254177"]);
    }

    #[test]
    fn an_oh_at_the_end_of_a_number_is_a_digit_and_before_other_words_a_sigh() {
        assert_eq!(
            digits("Two o two, nine, six, nine, nine, oh, three, oh."),
            ["2029699030"]
        );
        assert_eq!(digits("312 555 0142, oh and thank you"), ["3125550142"]);
    }

    #[test]
    fn words_that_are_no_numbers_give_none() {
        assert!(digits("oh, I want to come for a wash at 9:30").is_empty());
    }

    #[test]
    fn numbers_are_grouped_for_reading() {
        assert_eq!(grouped("5550142"), "555-0142");
        assert_eq!(grouped("3125550142"), "312-555-0142");
        assert_eq!(grouped("+13125550142"), "+1-312-555-0142");
    }

    proptest! {
        #[test]
        fn any_number_read_digit_by_digit_comes_back(number in "[0-9]{2,15}") {
            let said: Vec<&str> = number.bytes().map(|digit| BELOW_TWENTY[usize::from(digit - b'0')]).collect();
            prop_assert_eq!(digits(&said.join(" ")), vec![number]);
        }

        #[test]
        fn no_utterance_panics(text in "\\PC{0,80}") {
            let found = digit_runs(&words(&text));
            prop_assert!(found.iter().all(|run| run.start < run.end));
        }
    }
}
