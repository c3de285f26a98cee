//! Spelled letters: "B as in boy", "double L", "capital B" become the single letters that names are read from. Pure.

use crate::dialogue::words::Word;

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
        } else if matches!(text(0), "capital" | "uppercase") && is_letter(text(1)) {
            at += 1;
        } else {
            joined.push(word.clone());
            at += 1;
        }
    }
    joined
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
    fn names_are_spelled_in_every_usual_way() {
        for said in [
            "B R O W N",
            "B-R-O-W-N",
            "Brown, B as in boy, R as in Robert, O as in ocean, W as in water, N as in Nancy",
            "B for boy R for Robert O W for water N",
            "It's Braun, B, R, O, W, N.",
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
