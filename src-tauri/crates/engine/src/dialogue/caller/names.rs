//! Names that nothing leads to, or that come in two halves or with their spelling. Pure, any thread.

use super::{is_name_word, is_opening, looks_like_name, may_be_name, name_in, spelled_at, title_case};
use crate::dialogue::lexicon::is_kind_of;
use crate::dialogue::words::{Word, stem, words};

/// "First name Dana, last name Whitfield", in either order.
pub(super) fn first_and_last(said: &[Word]) -> Option<String> {
    let after = |which: &str| {
        let at = said
            .windows(2)
            .position(|two| two[0].text == which && matches!(two[1].text.as_str(), "name" | "names"))?;
        let rest = &said[at + 2..];
        let joined = rest
            .iter()
            .take_while(|word| matches!(word.text.as_str(), "is" | "uh" | "um"))
            .count();
        let rest = &rest[joined..];
        let is_next = |word: &Word| matches!(word.text.as_str(), "last" | "first" | "and");
        let end = rest.iter().position(is_next).unwrap_or(rest.len());
        name_in(&with_plain_spelling(&rest[..end]), may_be_name)
    };
    let first = after("first")?;
    match after("last") {
        Some(last) => Some(format!("{first} {last}")),
        // "The name is Zhang, first name Wei."
        None => {
            let before = said.windows(2).position(|two| two[0].text == "first")?;
            let told: Vec<Word> = with_plain_spelling(&said[..before]);
            let name = told.iter().position(|word| word.text == "is").map_or(0, |at| at + 1);
            Some(format!("{first} {}", name_in(&told[name..], may_be_name)?))
        }
    }
}

/// What people say between a name and its spelling.
const JOINTS: &[&[&str]] = &[
    &["that", "is", "spelled"],
    &["it", "is", "spelled"],
    &["which", "is", "spelled"],
    &["that", "is"],
    &["it", "is"],
    &["which", "is"],
    &["spelled"],
    &["spelt"],
    &["i", "spell", "it"],
    &["i", "spell"],
    &["with", "a"],
    &["with", "an", "i"],
    &["with", "an", "e"],
    &["with", "a", "y"],
    &["with", "a", "k"],
    &["with", "a", "c"],
    &["with", "an"],
    &["so"],
];

/// The words as names are read from them: without fillers and titles, what was told twice told once, a spelling right behind its name.
pub(super) fn plain(said: &[Word]) -> Vec<Word> {
    let said: Vec<Word> = said.iter().filter(|word| !is_filler(word)).cloned().collect();
    let said = with_own_leads(&without_letter_hints(&said));
    told_once(&with_plain_spelling(&last_spelling(&said)))
}

fn is_filler(word: &Word) -> bool {
    matches!(word.text.as_str(), "um" | "uh" | "er" | "ehm") || is_title(&word.text)
}

fn is_title(text: &str) -> bool {
    matches!(text, "mr" | "mrs" | "ms" | "mister" | "dr")
}

/// Without hints at single letters: "Emily with a Y", "Catherine with a C".
fn without_letter_hints(said: &[Word]) -> Vec<Word> {
    let letter = |at: usize| said.get(at).is_some_and(|word| word.text.len() == 1);
    let hint_at = |at: usize| {
        said[at].text == "with"
            && said
                .get(at + 1)
                .is_some_and(|word| matches!(word.text.as_str(), "a" | "an"))
            && letter(at + 2)
            && (said[at + 2].ends_clause || !letter(at + 3))
    };
    let mut kept: Vec<Word> = Vec::with_capacity(said.len());
    let mut at = 0;
    while at < said.len() {
        if !kept.is_empty() && hint_at(at) {
            at += 3;
        } else {
            kept.push(said[at].clone());
            at += 1;
        }
    }
    kept
}

/// "My husband's name, Robert Ellis" leads to a name as "the name is" does.
fn with_own_leads(said: &[Word]) -> Vec<Word> {
    let whose = |word: &Word| {
        matches!(
            word.text.as_str(),
            "husband"
                | "wife"
                | "son"
                | "daughter"
                | "mother"
                | "father"
                | "mom"
                | "dad"
                | "partner"
                | "boyfriend"
                | "girlfriend"
        )
    };
    let Some(at) = said.windows(2).position(|two| whose(&two[0]) && two[1].text == "name") else {
        return said.to_vec();
    };
    let mut led = words("the name is");
    let joined = usize::from(said.get(at + 2).is_some_and(|word| word.text == "is"));
    led.extend_from_slice(&said[at + 2 + joined..]);
    led
}

/// Of a word that is said twice in a row, the last: "Skip. Skip Lindgren".
fn told_once(said: &[Word]) -> Vec<Word> {
    let again = |at: usize| said[at].text.len() > 1 && said.get(at + 1).is_some_and(|next| next.text == said[at].text);
    let kept = (0..said.len()).filter(|at| !again(*at));
    kept.map(|at| said[at].clone()).collect()
}

/// Where a spelling is taken back, what was told before it and the one that holds: "Smith, no, sorry, S-M-Y-T-H".
fn last_spelling(said: &[Word]) -> Vec<Word> {
    let letter = |at: usize| said.get(at).is_some_and(|word| word.text.len() == 1);
    let takes_back = |word: &Word| matches!(word.text.as_str(), "no" | "oops" | "sorry" | "wait");
    let begins = |at: &usize| !(*at > 0 && letter(at - 1)) && spelled_at(&said[*at..]).is_some();
    let Some(last) = (0..said.len()).rev().find(begins) else {
        return said.to_vec();
    };
    // "No, sorry, the name is Jordan, J, O, R, D, A, N" takes back what somebody else said.
    let begun = said.iter().position(|word| !is_opening(word)).unwrap_or(last);
    let denied = said.get(begun..last).and_then(|told| told.iter().position(takes_back));
    let Some(denial) = denied.map(|at| begun + at) else {
        return said.to_vec();
    };
    let told = said[..denial].iter().filter(|word| word.text.len() > 1);
    told.chain(&said[last..]).cloned().collect()
}

/// The words without the joint of a name and its spelling: "Meyer, that's M, E, Y, E, R".
fn with_plain_spelling(said: &[Word]) -> Vec<Word> {
    let joint_at = |at: usize| {
        // "… and that's spelled …"
        let begin = at + usize::from(said.get(at).is_some_and(|word| word.text == "and"));
        JOINTS.iter().find_map(|joint| {
            let end = begin + joint.len();
            let words = said.get(begin..end)?;
            let stands = words.iter().zip(*joint).all(|(word, text)| word.text == *text);
            (stands && spelled_at(&said[end..]).is_some()).then_some(end - at)
        })
    };
    let mut plain: Vec<Word> = Vec::with_capacity(said.len());
    let mut at = 0;
    while at < said.len() {
        match joint_at(at).filter(|_| !plain.is_empty()) {
            Some(length) => at += length,
            None => {
                plain.push(said[at].clone());
                at += 1;
            }
        }
    }
    plain
}

/// A name that is said in passing without "my name is".
pub(super) fn in_passing(said: &[Word]) -> Option<String> {
    in_small_letters(said)
        .or_else(|| for_somebody(said))
        .or_else(|| before_here(said))
        .or_else(|| before_the_name(said))
}

/// "Pollard's the name", "Beth Sawyer is the name".
fn before_the_name(said: &[Word]) -> Option<String> {
    let the = said
        .windows(2)
        .position(|two| two[0].text == "the" && two[1].text == "name")?;
    let end = the - usize::from(the > 0 && said[the - 1].text == "is");
    let begin = end
        - said[..end]
            .iter()
            .rev()
            .take_while(|word| looks_like_name(word))
            .count();
    let parts: Vec<&str> = said[begin..end]
        .iter()
        .map(|word| word.shown.trim_end_matches("'s"))
        .collect();
    (1..=3).contains(&parts.len()).then(|| parts.join(" "))
}

/// "this is tom reed calling", from a recogniser without capitals: two words without another meaning, and what follows a name.
fn in_small_letters(said: &[Word]) -> Option<String> {
    let at = said
        .windows(2)
        .position(|two| two[0].text == "this" && two[1].text == "is")?;
    let rest = &said[at + 2..];
    let name: Vec<&Word> = rest.iter().take_while(|word| is_name_word(word)).collect();
    let next = rest.get(name.len()).map_or("i", |word| word.text.as_str());
    let follows = matches!(
        next,
        "i" | "and" | "calling" | "here" | "from" | "my" | "um" | "uh" | "again" | "speaking"
    );
    let plain = name
        .iter()
        .all(|word| !word.text.ends_with("ing") && !word.text.ends_with("ly"));
    (follows && plain && name.len() == 2).then(|| {
        let parts: Vec<String> = name.iter().map(|word| title_case(&word.text)).collect();
        parts.join(" ")
    })
}

/// "An appointment for Sarah Miller": two capitals, and no make of a car.
fn for_somebody(said: &[Word]) -> Option<String> {
    let names = |word: &Word| looks_like_name(word) && !is_kind_of(&word.stem, &stem("make"));
    let at = said
        .windows(3)
        .position(|three| three[0].text == "for" && names(&three[1]) && names(&three[2]) && !three[1].ends_clause)?;
    Some(format!("{} {}", said[at + 1].shown, said[at + 2].shown))
}

/// "Sarah Miller here", "Tom Reed calling": names at the beginning.
fn before_here(said: &[Word]) -> Option<String> {
    let opening = said.iter().take_while(|word| is_opening(word)).count();
    let rest = &said[opening..];
    let length = rest.iter().take_while(|word| looks_like_name(word)).count();
    let here = rest
        .get(length)
        .is_some_and(|word| matches!(word.text.as_str(), "here" | "calling" | "speaking"));
    (here && (1..=3).contains(&length)).then(|| {
        let parts: Vec<&str> = rest[..length].iter().map(|word| word.shown.as_str()).collect();
        parts.join(" ")
    })
}

#[cfg(test)]
mod tests {
    use crate::dialogue::caller::{name_answered, name_volunteered};
    use crate::dialogue::words::words;

    #[test]
    fn names_are_found_in_halves_and_with_their_spelling() {
        let answered = |text: &str| name_answered(&words(text));
        assert_eq!(
            answered("first name is Dana last name Whitfield"),
            Some("Dana Whitfield".into())
        );
        assert_eq!(answered("Bill Meyer, that's M, E, Y, E, R"), Some("Bill Meyer".into()));
        assert_eq!(answered("you can put it under Anderson"), Some("Anderson".into()));
    }

    #[test]
    fn names_are_told_in_roundabout_ways() {
        let answered = |text: &str| name_answered(&words(text));
        for (text, name) in [
            ("put it in my husband's name, Robert Ellis", "Robert Ellis"),
            ("uh emily with a y emily stone", "Emily Stone"),
            ("This is Mrs. Eleanor Haverford, dear.", "Eleanor Haverford"),
            ("Mary-Kate Sorensen, with a hyphen in Mary-Kate.", "Mary-Kate Sorensen"),
            ("Skip. Skip Lindgren.", "Skip Lindgren"),
            ("it's um marisol quintero", "Marisol Quintero"),
            ("Catherine Doyle, that's Catherine with a C.", "Catherine Doyle"),
            ("everyone calls me tito so just write tito ramirez", "Tito Ramirez"),
            ("My name is Siobhan Gallagher, S-I-O-B-H-A-N.", "Siobhan Gallagher"),
            (
                "Priya Raghunathan, and that's spelled R-A-G-H-U-N-A-T-H-A-N.",
                "Priya Raghunathan",
            ),
            ("Smith, no, sorry, with a Y, S-M-Y-T-H.", "Smyth"),
            ("H-A-N-S-O-N, oops, no, it ends in E-N, so H-A-N-S-E-N.", "Hansen"),
        ] {
            assert_eq!(answered(text).as_deref(), Some(name), "{text}");
        }
        assert_eq!(
            name_volunteered(&words("No, sorry, the name is Linda Jordan, J, O, R, D, A, N.")).as_deref(),
            Some("Linda Jordan")
        );
        assert_eq!(
            name_volunteered(&words("Reschedule, please. Pollard's the name.")).as_deref(),
            Some("Pollard")
        );
    }

    #[test]
    fn what_leads_to_a_spelling_and_stops_there_is_no_name() {
        for text in ["so", "it is", "that is", "which", "spelled", "with an", "i spell"] {
            assert_eq!(name_answered(&words(text)), None, "{text}");
        }
    }

    #[test]
    fn a_joint_at_the_very_end_joins_nothing() {
        let answered = |text: &str| name_answered(&words(text));
        assert_eq!(answered("Meyer, so"), Some("Meyer".into()));
        assert_eq!(answered("Meyer, that is"), Some("Meyer".into()));
    }

    #[test]
    fn names_said_in_passing_are_found_and_other_words_are_not() {
        let volunteered = |text: &str| name_volunteered(&words(text));
        assert_eq!(
            volunteered("this is tom reed i need an oil change"),
            Some("Tom Reed".into())
        );
        assert_eq!(
            volunteered("an oil change for Sarah Miller please"),
            Some("Sarah Miller".into())
        );
        assert_eq!(volunteered("Hi, Tom Reed here"), Some("Tom Reed".into()));
        for text in ["brakes for a Toyota Camry", "tires for my Honda", "this is for my car"] {
            assert_eq!(volunteered(text), None, "{text}");
        }
    }
}
