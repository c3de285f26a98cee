//! What callers tell about themselves: name, telephone number, reason. Read from words; never guessed.
//!
//! Pure, any thread.

mod names;

use super::lexicon::{Concept, is_light, terms_of};
use super::number_pieces::PHONE_DIGITS;
use super::spoken_numbers::{DigitRun, digit_runs, quantity_at};
use super::words::{Word, join_letters, words};
use names::{first_and_last, in_passing, plain};

/// What is known of the caller.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Details {
    /// Name as given.
    pub name: Option<String>,
    /// Digits, with a leading `+` where one was given.
    pub phone: Option<String>,
    /// Why they call, in their words.
    pub reason: Option<String>,
}

/// Most words of a name.
const NAME_WORDS: usize = 4;

/// Most words kept of a reason.
const REASON_WORDS: usize = 24;

/// What leads to a name, whatever was asked.
const NAME_LEADS: &[&[&str]] = &[
    &["my", "name", "is"],
    &["my", "names"],
    &["the", "name", "is"],
    &["name", "is"],
    &["my", "full", "name", "is"],
    &["i", "am", "called"],
    &["should", "be"],
    &["under", "the", "name", "of"],
    &["under", "the", "name"],
    &["the", "name", "of"],
    &["under"],
    &["spelled"],
    &["spelt"],
    &["last", "name"],
    &["just", "write"],
    &["can", "write"],
    &["write", "down"],
    &["put", "down"],
];

/// What leads to a name only when what follows looks like one, or when a name was asked for.
const WEAK_NAME_LEADS: &[&[&str]] = &[
    &["call", "me"],
    &["this", "is"],
    &["i", "am"],
    &["it", "is"],
    &["that", "is"],
    &["you", "are", "speaking", "with"],
    &["that", "would", "be"],
    &["it", "would", "be"],
    &["this", "would", "be"],
    &["names"],
];

/// A name that is said in passing: "my name is Anna Carter", "this is John Smith calling".
pub(crate) fn name_volunteered(said: &[Word]) -> Option<String> {
    if let Some(name) = first_and_last(said) {
        return Some(name);
    }
    let said = &plain(said)[..];
    let strong = NAME_LEADS.iter().find_map(|lead| name_after(said, lead, may_be_name));
    strong.or_else(|| {
        WEAK_NAME_LEADS
            .iter()
            .find_map(|lead| name_after(said, lead, looks_like_name))
            .or_else(|| in_passing(said))
    })
}

/// A name after any of the words that lead to one, however it is written.
pub(crate) fn name_led(said: &[Word]) -> Option<String> {
    let said = &plain(said)[..];
    WEAK_NAME_LEADS
        .iter()
        .find_map(|lead| name_after(said, lead, is_name_word))
}

/// A name as the answer to the question for it.
pub(crate) fn name_answered(said: &[Word]) -> Option<String> {
    if let Some(name) = first_and_last(said) {
        return Some(name);
    }
    let said = &plain(said)[..];
    let led = NAME_LEADS
        .iter()
        .chain(WEAK_NAME_LEADS)
        .find_map(|lead| name_after(said, lead, may_be_name));
    // "my name is will do", from a recogniser without capitals: after these words anything is a name.
    let led = led.or_else(|| NAME_LEADS.iter().find_map(|lead| name_after(said, lead, is_no_grammar)));
    let start = said
        .iter()
        .enumerate()
        .take_while(|(at, word)| is_opening(word) || (word.text == "you" && *at > 0 && said[at - 1].text == "thank"))
        .count();
    let bare = || bare_name(&said[start..]);
    match led {
        // "Catherine Doyle, that's Catherine with a C": the whole name was told first.
        Some(led) => bare()
            .filter(|bare| bare.split(' ').count() > 1 && bare.split(' ').any(|part| part == led))
            .or(Some(led)),
        None => bare(),
    }
}

/// A name that stands alone: nothing leads to it, so its first word must be one, or it must be written as one.
fn bare_name(said: &[Word]) -> Option<String> {
    // "Carter, yes" is a name; a long sentence is something else.
    let long = said.iter().filter(|word| word.text.len() > 1).count() > NAME_WORDS + 8;
    let (first, rest) = said.split_first().filter(|_| !long)?;
    let given_name = matches!(first.text.as_str(), "will" | "may" | "mark" | "art");
    let written_as_one = may_be_name(first) && rest.first().is_some_and(looks_written_as_name) && !first.ends_clause;
    (is_name_word(first) || given_name || written_as_one || spelled_at(said).is_some())
        .then(|| name_in(said, if given_name { is_no_grammar } else { may_be_name }))
        .flatten()
}

/// What callers say before a name.
fn is_opening(word: &Word) -> bool {
    const OPENINGS: &[&str] = &[
        "yes",
        "yeah",
        "yep",
        "sure",
        "okay",
        "ok",
        "uh",
        "um",
        "er",
        "ah",
        "oh",
        "well",
        "so",
        "hi",
        "hello",
        "hey",
        "certainly",
        "course",
        "of",
        "please",
        "thanks",
        "thank",
        "and",
        "just",
        "actually",
        "fine",
        "good",
        "morning",
        "afternoon",
        "evening",
        "mr",
        "mrs",
        "ms",
        "miss",
        "mister",
        "dr",
        "doctor",
        "no",
        "sorry",
    ];
    OPENINGS.contains(&word.text.as_str())
}

fn name_after(said: &[Word], lead: &[&str], fits: fn(&Word) -> bool) -> Option<String> {
    let at = said
        .windows(lead.len())
        .position(|window| window.iter().zip(lead).all(|(word, lead)| word.text == *lead))?;
    name_in(&said[at + lead.len()..], fits)
}

/// The name at the start of the words: up to where words begin that do not fit. A spelling after it wins over its last part.
fn name_in(said: &[Word], fits: fn(&Word) -> bool) -> Option<String> {
    let mut name: Vec<String> = Vec::new();
    let mut at = 0;
    let mut tied = false;
    while let Some(word) = said.get(at) {
        if let Some(letters) = spelled_at(&said[at..]) {
            let letters = title_case(&letters);
            // The spelling corrects the part that it is of, the last one if it may be: "Kowalczik, K O W A L C Z Y K".
            let part = name.iter().rposition(|part| *part == letters);
            match part.or_else(|| name.iter().rposition(|part| starts_alike(part, &letters))) {
                Some(part) => name[part] = letters,
                None => name.push(letters),
            }
            // "Jay, J A Y, Ramirez".
            at += said[at..].iter().take_while(|word| word.text.len() == 1).count();
            if name.len() > 1 || said.get(at).is_none_or(|word| !is_name_word(word)) {
                break;
            }
            continue;
        }
        if !fits(word) || name.len() >= NAME_WORDS {
            break;
        }
        let part = match is_capital(word) {
            true => word.shown.clone(),
            false => title_case(&word.text),
        };
        match name.last_mut().filter(|_| tied) {
            Some(last) => last.push_str(&format!("-{part}")),
            None => name.push(part),
        }
        tied = word.hyphenated;
        at += 1;
        if word.ends_sentence || (word.ends_clause && spelled_at(said.get(at..).unwrap_or_default()).is_none()) {
            break;
        }
    }
    (!name.is_empty()).then(|| name.join(" "))
}

/// Three or more single letters in a row; hyphens between them are gone.
fn spelled_at(said: &[Word]) -> Option<String> {
    let letters: Vec<&str> = said
        .iter()
        .map(|word| word.text.as_str())
        .take_while(|text| text.len() == 1 && text.as_bytes()[0].is_ascii_alphabetic())
        .collect();
    (letters.len() >= 3).then(|| letters.concat())
}

fn starts_alike(part: &str, spelled: &str) -> bool {
    part.to_lowercase().chars().next() == spelled.to_lowercase().chars().next()
}

/// A word without any other meaning to a receptionist.
fn is_name_word(word: &Word) -> bool {
    let known = terms_of(std::slice::from_ref(word))
        .into_iter()
        .any(|term| term.concept.is_some());
    is_no_grammar(word) && !known && !is_light(word)
}

/// A word that is written as a name, or has no other meaning: "Will Do", "Vincent Price".
fn may_be_name(word: &Word) -> bool {
    is_name_word(word) || looks_written_as_name(word)
}

fn looks_written_as_name(word: &Word) -> bool {
    is_no_grammar(word) && is_capital(word)
}

/// A word without another meaning, and written as a name.
fn looks_like_name(word: &Word) -> bool {
    is_name_word(word) && is_capital(word)
}

fn is_capital(word: &Word) -> bool {
    word.shown.starts_with(char::is_uppercase)
}

/// Not one of the words that hold sentences together or begin what follows a name. Any other word is somebody's name.
fn is_no_grammar(word: &Word) -> bool {
    const GRAMMAR: &[&str] = &[
        "i",
        "a",
        "an",
        "the",
        "and",
        "or",
        "but",
        "not",
        "none",
        "my",
        "your",
        "his",
        "her",
        "our",
        "their",
        "me",
        "it",
        "he",
        "she",
        "we",
        "you",
        "they",
        "this",
        "that",
        "these",
        "those",
        "there",
        "is",
        "am",
        "are",
        "was",
        "were",
        "be",
        "been",
        "in",
        "on",
        "at",
        "of",
        "to",
        "for",
        "from",
        "with",
        "about",
        "so",
        "if",
        "because",
        "please",
        "yes",
        "no",
        "thanks",
        "thank",
        "what",
        "how",
        "why",
        "when",
        "where",
        "which",
        "who",
        "calling",
        "looking",
        "interested",
        "trying",
        "speaking",
        "spelled",
        "phone",
        "number",
        "hold",
        "wait",
        "moment",
        "second",
        "minute",
        "again",
        "wrong",
        "correct",
        "right",
        "huh",
    ];
    let alphabetic = word.text.chars().all(|letter| letter.is_alphabetic() || letter == '\'');
    let counts = quantity_at(std::slice::from_ref(word)).is_some();
    alphabetic && !counts && !GRAMMAR.contains(&word.text.as_str())
}

fn title_case(text: &str) -> String {
    let lower = text.to_lowercase();
    let mut letters = lower.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// A number with enough digits to be called; the last one said wins ("555… no, 556 0142").
pub(crate) fn phone_in(said: &[Word]) -> Option<String> {
    let runs = digit_runs(said);
    runs.into_iter().rev().map(|run| run.digits).find(|digits| {
        let count = digits.trim_start_matches('+').len();
        PHONE_DIGITS.contains(&count)
    })
}

/// All digits of an utterance that answers the question for a number, for numbers told in pieces.
pub(crate) fn digits_in(said: &[Word]) -> String {
    digit_runs(said)
        .into_iter()
        .map(|DigitRun { digits, .. }| digits)
        .collect()
}

/// Openings that a reason does not need.
const REASON_LEADS: &[&[&str]] = &[
    &["i", "am", "calling", "because"],
    &["i", "am", "calling", "about"],
    &["i", "am", "calling", "to"],
    &["i", "am", "calling", "for"],
    &["i", "am", "calling"],
    &["i", "would", "like", "to"],
    &["i", "would", "like"],
    &["i", "want", "to"],
    &["i", "wanted", "to"],
    &["i", "need", "to"],
    &["could", "i"],
    &["can", "i"],
    &["it", "is", "about"],
    &["it", "is", "because"],
    &["it", "is", "for"],
    &["it", "is", "regarding"],
    &["the", "reason", "is"],
    &["because", "of"],
    &["because"],
    &["about"],
    &["regarding"],
    &["yes"],
    &["yeah"],
    &["sure"],
    &["okay"],
    &["well"],
    &["so"],
    &["um"],
    &["uh"],
    &["hi"],
    &["hello"],
    &["please"],
    &["just"],
];

/// Why somebody calls, in their words without the opening; none when nothing is left. Details that have their own place are cut off.
pub(crate) fn reason_in(said: &[Word]) -> Option<String> {
    let mut rest = said;
    while let Some(lead) = REASON_LEADS
        .iter()
        .find(|lead| rest.len() > lead.len() && rest.iter().zip(**lead).all(|(word, lead)| word.text == *lead))
    {
        rest = &rest[lead.len()..];
    }
    let end = NAME_LEADS
        .iter()
        .chain(&[&["my", "number"][..], &["my", "phone"][..]])
        .filter_map(|lead| {
            rest.windows(lead.len())
                .position(|window| window.iter().zip(*lead).all(|(word, lead)| word.text == *lead))
        })
        .min()
        .unwrap_or(rest.len());
    let kept = &rest[..end.min(REASON_WORDS)];
    let topical = kept.iter().any(|word| !is_light(word));
    let text = kept
        .iter()
        .map(|word| word.shown.as_str())
        .collect::<Vec<_>>()
        .join(" ");
    let text = text.trim_end_matches(" and").trim_end_matches(" please").to_owned();
    (topical && !text.is_empty()).then_some(text)
}

/// Whether the caller agrees, refuses, or says neither.
pub(crate) fn consent(said: &[Word]) -> Option<bool> {
    let terms = terms_of(&join_letters(said.to_vec()));
    let first = |wanted: &[Concept]| {
        terms
            .iter()
            .position(|term| term.concept.is_some_and(|concept| wanted.contains(&concept)))
    };
    let negated = terms.iter().any(|term| term.word.text == "not");
    match (
        first(&[Concept::Yes]),
        first(&[Concept::No, Concept::Wrong, Concept::Never]),
    ) {
        (Some(yes), Some(no)) => Some(yes < no && !negated),
        (Some(_), None) => Some(!negated),
        (None, Some(_)) => Some(false),
        (None, None) => None,
    }
}

/// The digits of a number that was written down before.
pub(crate) fn kept_digits(text: &str) -> String {
    digits_in(&words(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn volunteered(text: &str) -> Option<String> {
        name_volunteered(&words(text))
    }

    #[test]
    fn names_are_read_from_what_leads_to_them() {
        assert_eq!(
            volunteered("Hi, my name is Anna Carter and I need a call back."),
            Some("Anna Carter".into())
        );
        assert_eq!(
            volunteered("This is John Smith calling about my car"),
            Some("John Smith".into())
        );
        assert_eq!(volunteered("my name's maria lopez"), Some("Maria Lopez".into()));
    }

    #[test]
    fn what_is_no_name_is_not_taken_for_one() {
        for text in [
            "I'm looking for an oil change",
            "this is urgent",
            "I am calling about my car",
            "it is for tomorrow",
        ] {
            assert_eq!(volunteered(text), None, "{text}");
        }
    }

    #[test]
    fn an_asked_name_may_stand_alone_or_be_spelled() {
        let answered = |text: &str| name_answered(&words(text));
        assert_eq!(answered("Sure, it's Peter Novak."), Some("Peter Novak".into()));
        assert_eq!(answered("Carter, C-A-R-T-E-R."), Some("Carter".into()));
        assert_eq!(
            answered("John Kowalczik, K O W A L C Z Y K"),
            Some("John Kowalczyk".into())
        );
        assert_eq!(answered("sarah"), Some("Sarah".into()));
    }

    #[test]
    fn the_number_that_is_said_last_counts() {
        assert_eq!(
            phone_in(&words("it's 555 0142 no wait 555 0143")),
            Some("5550143".into())
        );
        assert_eq!(phone_in(&words("I have two cars from 2019")), None);
    }

    #[test]
    fn reasons_lose_their_opening() {
        let reason = |text: &str| reason_in(&words(text));
        assert_eq!(
            reason("Yes, I'm calling about my squeaking brakes."),
            Some("my squeaking brakes".into())
        );
        assert_eq!(
            reason("I'd like to book a brake repair for Tuesday, my name is Ann"),
            Some("book a brake repair for Tuesday".into())
        );
        assert_eq!(reason("yes please"), None);
    }

    #[test]
    fn consent_is_read_from_the_first_clear_word() {
        assert_eq!(consent(&words("Yes, that's right.")), Some(true));
        assert_eq!(consent(&words("No, that's wrong")), Some(false));
        assert_eq!(consent(&words("that is not right")), Some(false));
        assert_eq!(consent(&words("my brakes squeak")), None);
    }
}
