//! Cutting a reply into clauses, so that the voice starts before the whole reply is spoken.
//!
//! Pure. The first clause is short, because the caller waits for it; later ones are long, because every cut costs some
//! melody. Cuts fall where a speaker breathes: at sentence ends, commas, and in long stretches in front of a linking word.
//! The clauses joined are the text, byte for byte, so that they can be shown as transcript pieces.

use std::ops::Range;

use super::normalise::is_abbreviation;

/// A stretch with at most so many words stays whole even as the first clause.
const FIRST_WHOLE: usize = 6;
/// Fewest words in front of a linking word in the first clause, and fewest that may be left behind it.
const FIRST_FEWEST: usize = 3;
/// Later clauses are cut at a comma from so many words on.
const COMMA_FROM: usize = 6;
/// Later clauses are cut in front of a linking word from so many words on.
const LINK_FROM: usize = 12;
/// Most words in one clause, whatever stands there.
const MOST_WORDS: usize = 24;
/// Longest word in bytes; a longer one is no word and is cut.
const LONGEST_WORD: usize = 60;

/// Words in front of which a speaker breathes easily.
const LINKS: [&str; 13] = [
    "and", "because", "but", "if", "or", "so", "that", "until", "when", "where", "which", "while", "who",
];
/// Words in front of which a speaker may breathe when the stretch before is long. Not "to": it stands inside ranges.
const PREPOSITIONS: [&str; 5] = ["at", "for", "from", "on", "with"];
/// Fewest words in front of a preposition in the first clause.
const PREPOSITION_FROM: usize = 5;

/// What follows a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// Nothing, and a preposition follows.
    Preposition,
    /// Nothing, and the sentence goes on with a linking word, or had to be cut.
    Link,
    /// A comma or another sign inside a sentence.
    Comma,
    /// The end of a sentence.
    Sentence,
}

/// One stretch of text to be spoken at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Where it lies in the text, in bytes, the white space behind it included.
    pub range: Range<usize>,
    /// What follows it.
    pub ending: Ending,
}

/// A word and what stands behind it.
struct Word {
    end: usize,
    ending: Option<Ending>,
}

/// The clauses of `text`, in order and without gaps; none for an empty text.
#[must_use]
pub fn clauses(text: &str) -> Vec<Clause> {
    let words = words(text);
    let mut clauses: Vec<Clause> = Vec::new();
    let mut first_word = 0;
    let mut start = 0;
    for (index, word) in words.iter().enumerate() {
        let count = index + 1 - first_word;
        let Some(ending) = cut(&words, index, count, clauses.is_empty()) else {
            continue;
        };
        clauses.push(Clause {
            range: start..word.end,
            ending,
        });
        start = word.end;
        first_word = index + 1;
    }
    clauses
}

/// Whether to cut behind the word at `index`, the `count`th of its clause, and as what.
fn cut(words: &[Word], index: usize, count: usize, is_first: bool) -> Option<Ending> {
    let ending = words[index].ending;
    if index + 1 == words.len() || ending == Some(Ending::Sentence) {
        return Some(Ending::Sentence);
    }
    let stretch = words[index + 1..]
        .iter()
        .position(|word| word.ending > Some(Ending::Link))
        .map_or(words.len() - index - 1, |ahead| ahead + 1);
    let wanted = match ending {
        Some(Ending::Comma) => is_first || count >= COMMA_FROM,
        Some(link) if is_first => {
            let fewest = if link == Ending::Preposition {
                PREPOSITION_FROM
            } else {
                FIRST_FEWEST
            };
            count >= fewest && stretch >= FIRST_FEWEST && count + stretch > FIRST_WHOLE
        }
        Some(_) => count >= LINK_FROM && stretch >= FIRST_FEWEST,
        None => false,
    };
    match ending {
        Some(ending) if wanted => Some(ending),
        _ => (count >= MOST_WORDS).then_some(Ending::Link),
    }
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut position = 0;
    while position < text.len() {
        let rest = &text[position..];
        // White space at the very start belongs to the first word.
        let blank = rest.len() - rest.trim_start().len();
        let body = &rest[blank..];
        let mut length = body.find(char::is_whitespace).unwrap_or(body.len());
        if length > LONGEST_WORD {
            length = (1..=LONGEST_WORD)
                .rev()
                .find(|at| body.is_char_boundary(*at))
                .unwrap_or(length);
        }
        let behind = &body[length..];
        let gap = behind.len() - behind.trim_start().len();
        let ending = ending(&body[..length], &behind[..gap], &behind[gap..]);
        position += blank + length + gap;
        words.push(Word { end: position, ending });
    }
    words
}

fn ending(word: &str, gap: &str, next: &str) -> Option<Ending> {
    if gap.contains('\n') {
        return Some(Ending::Sentence);
    }
    if gap.is_empty() && !next.is_empty() {
        return None;
    }
    let bare = word.trim_end_matches(['"', '\'', ')', ']', '\u{201d}', '\u{2019}']);
    let next_word = next.split_whitespace().next().unwrap_or("");
    match bare.chars().last() {
        Some('!' | '?' | '…') => Some(Ending::Sentence),
        Some('.') if ends_sentence(bare, next_word) => Some(Ending::Sentence),
        Some(',' | ';' | ':' | '—' | '–') => Some(Ending::Comma),
        // "9:00 – 17:00" is one thing; "Yes – we do" is two.
        _ if matches!(next_word, "-" | "–" | "—") => None,
        _ if matches!(word, "-" | "–" | "—") => None,
        _ if LINKS.contains(&next_word) => Some(Ending::Link),
        _ if PREPOSITIONS.contains(&next_word) => Some(Ending::Preposition),
        _ => None,
    }
}

/// Whether the full stop at the end of `word` ends a sentence, seen from what follows.
fn ends_sentence(word: &str, next: &str) -> bool {
    let stem = word
        .trim_end_matches('.')
        .trim_start_matches(['"', '(', '[', '\'', '\u{201c}']);
    let next_is_capital = next.chars().next().is_none_or(char::is_uppercase);
    if matches!(stem, "e.g" | "i.e") || is_abbreviation(stem) {
        return false;
    }
    // "at 9 a.m. tomorrow", "the U.S. market".
    !stem.contains('.') || stem.contains("..") || next_is_capital
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        clauses(text)
            .into_iter()
            .map(|clause| text[clause.range].trim())
            .collect()
    }

    #[test]
    fn the_first_clause_ends_at_the_first_comma() {
        assert_eq!(
            cut("Sure, an oil change takes 30 minutes and costs $50 to $80."),
            ["Sure,", "an oil change takes 30 minutes and costs $50 to $80."]
        );
    }

    #[test]
    fn a_long_first_sentence_is_cut_in_front_of_a_linking_word() {
        assert_eq!(
            cut("Our shop opens tomorrow morning at eight and closes late in the evening."),
            [
                "Our shop opens tomorrow morning",
                "at eight and closes late in the evening."
            ]
        );
    }

    #[test]
    fn a_short_reply_stays_whole() {
        assert_eq!(cut("We are open on Sunday."), ["We are open on Sunday."]);
        assert_eq!(cut("Goodbye"), ["Goodbye"]);
        assert!(cut("").is_empty());
    }

    #[test]
    fn sentences_are_parted_and_abbreviations_are_not() {
        assert_eq!(
            cut("Hello. Dr. Lee of 12 Main St. Austin is in from 9 a.m. today. He leaves at 5 p.m. Call him!"),
            [
                "Hello.",
                "Dr. Lee of 12 Main St. Austin is in from 9 a.m. today.",
                "He leaves at 5 p.m.",
                "Call him!"
            ]
        );
    }

    #[test]
    fn numbers_and_ranges_are_never_cut_inside() {
        for text in ["It is $1,200.50 today.", "Hours: 9:00 – 17:00.", "Call (555) 123-4567."] {
            for clause in cut(text) {
                assert!(
                    !clause.ends_with("$1,") && !clause.ends_with("9:00") && !clause.ends_with("(555)"),
                    "{clause}"
                );
            }
        }
    }

    #[test]
    fn later_clauses_are_cut_at_commas_only_when_they_are_long() {
        assert_eq!(
            cut(
                "Yes. We take cash, cards, and checks. Please bring the keys and the papers, your invoice, and a photo."
            ),
            [
                "Yes.",
                "We take cash, cards, and checks.",
                "Please bring the keys and the papers,",
                "your invoice, and a photo."
            ]
        );
    }

    proptest! {
        #[test]
        fn clauses_joined_are_the_text_and_none_is_endless(text in "([a-zA-Z0-9$€é.,;:!?()\\-–\"' \n]{0,20}[ \n]?){0,20}") {
            let mut end = 0;
            for clause in clauses(&text) {
                prop_assert_eq!(clause.range.start, end);
                prop_assert!(clause.range.end > end);
                prop_assert!(text[clause.range.clone()].split_whitespace().count() <= MOST_WORDS);
                end = clause.range.end;
            }
            prop_assert_eq!(end, text.len());
        }
    }
}
