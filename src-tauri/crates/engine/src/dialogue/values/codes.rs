//! Confirmation numbers that are called so: "my confirmation number is 4 8 2 1 9 3", "the code is A 7 K 2 2". Pure.
//!
//! A number without a word for it is read where one is asked for; here it must be announced, so that no telephone number becomes one.

use crate::dialogue::spoken_numbers::digit_runs;
use crate::dialogue::words::Word;

/// Fewest characters of a confirmation number.
const FEWEST: usize = 4;

/// Most characters of one.
const MOST: usize = 10;

/// What such a number is called. "Number" alone is a telephone's more often.
const NAMES: &[&[&str]] = &[
    &["confirmation", "number"],
    &["confirmation", "code"],
    &["confirmation"],
    &["reference", "number"],
    &["reference", "code"],
    &["reference"],
    &["booking", "number"],
    &["booking", "code"],
    &["appointment", "number"],
    &["reservation", "number"],
    &["code"],
];

/// Words that may stand between the name and the number.
fn joins(word: &str) -> bool {
    matches!(
        word,
        "is" | "it"
            | "was"
            | "uh"
            | "um"
            | "for"
            | "number"
            | "that"
            | "of"
            | "the"
            | "like"
            | "my"
            | "should"
            | "be"
            | "says"
    )
}

/// The confirmation number that the words announce, in capitals.
pub(crate) fn code_in(said: &[Word]) -> Option<String> {
    (0..said.len()).find_map(|at| {
        let name = NAMES.iter().find(|name| {
            let words = said.get(at..at + name.len());
            words.is_some_and(|words| words.iter().zip(**name).all(|(word, text)| word.text == *text))
        })?;
        let area = at > 0 && said[at - 1].text == "area";
        let rest = &said[at + name.len()..];
        let joined = rest.iter().take_while(|word| joins(&word.text)).count();
        (!area).then(|| read(&rest[joined..])).flatten()
    })
}

/// Another single letter or digit follows: "I" is a letter there and no caller.
fn followed(said: &[Word], at: usize) -> bool {
    said.get(at + 1).is_some_and(|word| word.text.len() == 1)
}

fn read(said: &[Word]) -> Option<String> {
    let mut code = String::new();
    let mut at = 0;
    while let Some(word) = said.get(at) {
        let text = word.text.as_str();
        let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let mixed = plain && text.bytes().any(|byte| byte.is_ascii_digit());
        let run = digit_runs(&said[at..]).into_iter().next().filter(|run| run.start == 0);
        if let Some(run) = run {
            code.push_str(&run.digits);
            at += run.end;
        } else if mixed || (plain && text.len() == 1 && (text != "i" || followed(said, at))) {
            code.push_str(text);
            at += 1;
        } else if matches!(text, "dash" | "hyphen") && !code.is_empty() {
            at += 1;
        } else {
            break;
        }
    }
    let told = code.bytes().any(|byte| byte.is_ascii_digit());
    (told && (FEWEST..=MOST).contains(&code.len())).then(|| code.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::words::words;

    #[test]
    fn announced_numbers_are_read_with_their_letters() {
        for (said, code) in [
            ("my confirmation number is 4 8 2 1 9 3", "482193"),
            ("cancel confirmation number seven one four, zero two eight", "714028"),
            ("it's under code A 7 K 2 2", "A7K22"),
            ("my booking code is 553 901", "553901"),
        ] {
            assert_eq!(code_in(&words(said)).as_deref(), Some(code), "{said}");
        }
    }

    #[test]
    fn a_telephone_number_is_none() {
        for said in [
            "my number is 555 0142",
            "area code three one two",
            "I have no confirmation number",
        ] {
            assert_eq!(code_in(&words(said)), None, "{said}");
        }
    }
}
