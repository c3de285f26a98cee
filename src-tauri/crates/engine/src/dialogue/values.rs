//! From words to values: what callers say, as the recogniser writes it, becomes dates, times, spelled letters, e-mail addresses and
//! amounts that a calendar can be asked with.
//!
//! Pure functions over words; today, in the company's zone, is an input. Telephone numbers are read by [`super::spoken_numbers`], single
//! days and clock times by [`super::calendar`]; here stands what an appointment needs beyond them: spans of days, parts of the day,
//! wishes without a number ("as early as possible"), and what is taken back in the same breath ("not nine, ten").

mod codes;
mod days;
mod mail;
mod money;
mod spelling;
mod times;

pub(crate) use codes::code_in;
pub(crate) use days::{Days, days_in};
pub(crate) use mail::email_in;
pub(crate) use money::{Bound, PriceLimit, amounts_in, is_about_paying, price_limit_in};
pub(crate) use spelling::{letters_joined, pairs_joined};
pub(crate) use times::{TimeWanted, times_in};

use std::ops::Range;

use super::words::Word;

/// A value and the words that named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found<T> {
    /// What was named.
    pub value: T,
    /// Indices of the words.
    pub span: Range<usize>,
}

/// The one of several values that holds: what is taken back ("not nine, ten", "nine, I mean ten") does not, of a choice ("Monday or
/// Tuesday") the first does, and otherwise the caller's last word counts.
pub(crate) fn holding<T: Clone>(found: &[Found<T>], said: &[Word]) -> Option<Found<T>> {
    let kept: Vec<&Found<T>> = found
        .iter()
        .filter(|one| !is_taken_back(said, one.span.start))
        .collect();
    let (first, last) = (kept.first()?, kept.last()?);
    let between = said.get(first.span.end..last.span.start).unwrap_or_default();
    let choice = between.iter().any(|word| word.text == "or") && between.len() <= 3;
    Some(if choice { (*first).clone() } else { (*last).clone() })
}

/// "Not", "instead of" or "rather than" stands right before it; a preposition may stand between.
pub(crate) fn is_taken_back(said: &[Word], at: usize) -> bool {
    let before: Vec<&str> = said[..at].iter().rev().map(|word| word.text.as_str()).collect();
    let joins = |word: &&str| matches!(*word, "at" | "on" | "the" | "for" | "next" | "this");
    let skipped = before.iter().take_while(|word| joins(word)).count().min(2);
    let lead: Vec<&str> = before[skipped..].iter().take(2).copied().collect();
    match lead.as_slice() {
        ["not", ..] => said[..at].last().is_some_and(|word| !word.ends_clause),
        ["of", "instead"] | ["than", "rather"] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::words::words;

    fn held(text: &str) -> Option<String> {
        let said = words(text);
        let found: Vec<Found<String>> = said
            .iter()
            .enumerate()
            .filter(|(_, word)| matches!(word.text.as_str(), "nine" | "ten"))
            .map(|(at, word)| Found {
                value: word.text.clone(),
                span: at..at + 1,
            })
            .collect();
        holding(&found, &said).map(|found| found.value)
    }

    #[test]
    fn what_is_taken_back_does_not_count() {
        for said in [
            "not nine, ten",
            "not at nine, at ten",
            "ten, not nine",
            "nine, no, ten",
            "ten instead of nine",
            "ten or nine",
        ] {
            assert_eq!(held(said).as_deref(), Some("ten"), "{said}");
        }
        assert_eq!(held("not nine"), None);
        assert_eq!(held("No, that's not it. Nine").as_deref(), Some("nine"));
    }
}
