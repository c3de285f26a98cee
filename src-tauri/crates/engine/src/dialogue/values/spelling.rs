//! Spelled letters: "B as in boy", "double L", "capital B" become the single letters that names are read from. Pure.

use crate::dialogue::words::{Word, join_letters};

/// The words with every spelled letter as one word of one letter.
pub(crate) fn letters_joined(said: &[Word]) -> Vec<Word> {
    let mut joined: Vec<Word> = Vec::with_capacity(said.len());
    let mut at = 0;
    while let Some(word) = said.get(at) {
        let text = |offset: usize| said.get(at + offset).map_or("", |word| word.text.as_str());
        let begins =
            |letter: &str, example: &str| is_letter(letter) && example.starts_with(letter) && example.len() > 1;
        if begins(text(0), text(3)) && matches!((text(1), text(2)), ("as", "in") | ("like", "in")) {
            joined.push(marked_as(word, &said[at + 3]));
            at += 4;
        } else if begins(text(0), text(2)) && matches!(text(1), "for" | "like" | "as") {
            joined.push(marked_as(word, &said[at + 2]));
            at += 3;
        } else if text(0) == "double" && is_letter(text(1)) {
            let letter = &said[at + 1];
            joined.push(Word {
                ends_clause: false,
                ends_sentence: false,
                ..letter.clone()
            });
            joined.push(letter.clone());
            at += 2;
        } else if at + 1 == said.len() && is_spelling(&joined) && matches!(text(0), "then" | "en" | "end") {
            // How a recogniser writes the last letter of "L, A, R, S, E, N".
            joined.push(Word {
                text: "n".to_owned(),
                stem: "n".to_owned(),
                shown: "N".to_owned(),
                ..word.clone()
            });
            at += 1;
        } else if matches!(text(0), "capital" | "uppercase") && is_letter(text(1)) {
            at += 1;
        } else {
            joined.push(word.clone());
            at += 1;
        }
    }
    joined
}

/// The words with every two letters that stand alone as one abbreviation: "an A C service". Three and more spell something.
pub(crate) fn pairs_joined(said: Vec<Word>) -> Vec<Word> {
    let letter = |at: usize| {
        said.get(at)
            .is_some_and(|word| is_letter(&word.text) && word.text != "i")
    };
    // Of "C, O, L, L, I, N, S" the last two are no abbreviation.
    let begins = |at: usize| letter(at) && !(at > 0 && is_letter(&said[at - 1].text));
    let pairs: Vec<usize> = (0..said.len())
        .filter(|at| begins(*at) && letter(at + 1) && !letter(at + 2))
        .collect();
    if pairs.is_empty() {
        return said;
    }
    let mut joined = Vec::with_capacity(said.len());
    let mut at = 0;
    while at < said.len() {
        let length = if pairs.contains(&at) { 2 } else { 1 };
        joined.extend(join_letters(said[at..at + length].to_vec()));
        at += length;
    }
    joined
}

/// The words end in three or more letters.
fn is_spelling(said: &[Word]) -> bool {
    said.len() >= 3 && said[said.len() - 3..].iter().all(|word| is_letter(&word.text))
}

fn is_letter(text: &str) -> bool {
    text.len() == 1 && text.as_bytes()[0].is_ascii_alphabetic()
}

/// The letter, with the marks that stood behind the example. A comma between two letters ends nothing.
fn marked_as(letter: &Word, example: &Word) -> Word {
    Word {
        ends_clause: example.ends_clause,
        ends_sentence: example.ends_sentence,
        ..letter.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::caller::name_answered;
    use crate::dialogue::words::words;

    #[test]
    fn two_letters_are_an_abbreviation_and_more_are_spelled() {
        let text = |said: &str| {
            let joined = pairs_joined(words(said));
            joined
                .iter()
                .map(|word| word.text.clone())
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(text("an A C service"), "an ac service");
        assert!(!text("it's W A L L A C E").contains("wall"));
        assert_eq!(text("my a c, e d"), "my a c e d");
        assert_eq!(text("C, O, L, L, I, N, S"), "c o l l i n s");
    }

    #[test]
    fn names_are_spelled_in_every_usual_way() {
        for said in [
            "B R O W N",
            "B-R-O-W-N",
            "Brown, B as in boy, R as in Robert, O as in ocean, W as in water, N as in Nancy",
            "B for boy R for Robert O W for water N",
            "It's Braun, B, R, O, W, N.",
            "Braun, b-r-o-w then.",
        ] {
            assert_eq!(
                name_answered(&letters_joined(&words(said))).as_deref(),
                Some("Brown"),
                "{said}"
            );
        }
        assert_eq!(
            name_answered(&letters_joined(&words("Anna Miller, M I double L E R"))).as_deref(),
            Some("Anna Miller")
        );
    }

    #[test]
    fn ordinary_words_stay_as_they_are() {
        let said = words("I would like a time for two, as in the morning");
        assert_eq!(letters_joined(&said), said);
    }
}
