//! Which parts of an utterance ask something, while a detail of the caller is asked for: a question is no name, no number and no reason.
//!
//! Told by the form of the sentence alone, so that a question about something that nobody knows is a question too. Pure, any thread.

use super::caller::{digits_in, phone_in};
use super::wishes::parts;
use super::words::Word;

/// An utterance, divided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Divided {
    /// The words that tell something, in their order.
    pub told: Vec<Word>,
    /// The words that ask something.
    pub asked: Vec<Word>,
}

/// Divides an utterance. `about_known` tells that something in it is about the company, so that a question mark alone makes a question;
/// `may_request` that a request is an answer, as it is to the question why somebody calls.
pub(crate) fn divide(said: &[Word], about_known: bool, may_request: bool) -> Divided {
    let mut divided = Divided::default();
    for part in parts(said) {
        let asks = asks(part, about_known) && !(may_request && requests(part));
        let words = if asks { &mut divided.asked } else { &mut divided.told };
        words.extend_from_slice(part);
    }
    divided
}

/// What may stand before a question.
const OPENINGS: &[&str] = &[
    "yes", "yeah", "no", "sure", "okay", "ok", "oh", "um", "uh", "well", "so", "and", "but", "also", "hi", "hello",
    "hey", "wait", "sorry", "actually", "first", "please", "thanks", "before", "then", "just", "by", "way", "quick",
    "one", "question", "excuse", "hmm", "right",
];

/// Words that ask for something whatever follows, unless a clause of a statement begins with them ("when I brake").
const ASKING: &[&str] = &["what", "how", "when", "where", "which", "who", "whose", "why", "whats"];

/// Words that ask before a subject.
const AUXILIARIES: &[&str] = &[
    "do", "does", "did", "can", "could", "is", "are", "was", "were", "will", "would", "should", "shall", "may",
    "might", "have", "has", "had", "am",
];

/// Subjects that make a question of an auxiliary before them.
const SUBJECTS: &[&str] = &[
    "you", "i", "we", "they", "he", "she", "there", "anyone", "anybody", "someone", "somebody", "your", "these",
    "those",
];

/// The same, where the words before them do not begin an order as well ("have it repaired", "do that").
const SUBJECTS_OF_SOME: &[&str] = &["it", "this", "that", "the", "my"];

/// Openings of questions that are told as statements.
const INDIRECT: &[&[&str]] = &[
    &["i", "would", "like", "to", "know"],
    &["i", "want", "to", "know"],
    &["i", "wanted", "to", "know"],
    &["i", "wanted", "to", "ask"],
    &["i", "need", "to", "know"],
    &["i", "was", "wondering"],
    &["i", "am", "wondering"],
    &["i", "wonder"],
    &["i", "have", "a", "question"],
    &["let", "me", "ask"],
    &["tell", "me"],
];

/// Words of a question that only its mark tells from a statement: "you sell motorcycles?", "any discounts?".
const MARKED: &[&str] = &[
    "you",
    "your",
    "we",
    "there",
    "any",
    "anything",
    "anyone",
    "too",
    "also",
    "either",
    "still",
    "possible",
    "available",
    "about",
];

/// Verbs of requests: "can I get a quote for my fence?" says why somebody calls.
const REQUESTED: &[&str] = &[
    "get",
    "have",
    "book",
    "make",
    "schedule",
    "reschedule",
    "speak",
    "talk",
    "bring",
    "arrange",
    "set",
    "cancel",
    "move",
    "come",
    "drop",
    "call",
    "ring",
    "order",
    "request",
    "leave",
    "see",
    "look",
];

/// Whether a part of an utterance asks something.
fn asks(part: &[Word], about_known: bool) -> bool {
    if names_the_caller(part) || gives_a_number(part) {
        return false;
    }
    let opening = part
        .iter()
        .take_while(|word| OPENINGS.contains(&word.text.as_str()))
        .count();
    let marked = part.last().is_some_and(|word| word.asks);
    let texts: Vec<&str> = part[opening..].iter().map(|word| word.text.as_str()).collect();
    match texts.as_slice() {
        [] => marked && about_known,
        texts if INDIRECT.iter().any(|lead| texts.starts_with(lead)) => true,
        [first, rest @ ..] if ASKING.contains(first) => marked || asks_outright(first, rest.first().copied()),
        [first, second, rest @ ..] if AUXILIARIES.contains(first) => {
            let gives_orders = matches!(*first, "do" | "have" | "had");
            SUBJECTS.contains(second)
                || (SUBJECTS_OF_SOME.contains(second) && !gives_orders)
                // "Is Mike there?" asks, "Will Do?" is a name that is not sure of itself.
                || (marked && !rest.is_empty())
        }
        texts => {
            let digits = digits_in(part).len();
            marked && digits < 3 && (about_known || texts.iter().any(|text| MARKED.contains(text)))
        }
    }
}

/// "What is that?" asks; "when I brake" and "what I need" begin a statement.
fn asks_outright(first: &str, next: Option<&str>) -> bool {
    match next {
        None => true,
        Some(next) => {
            matches!(first, "who" | "whose" | "why")
                || !matches!(next, "i" | "my" | "we" | "the" | "it" | "he" | "she" | "they")
        }
    }
}

/// "Could you write down that my name is Ann" gives the name, whatever its form.
fn names_the_caller(part: &[Word]) -> bool {
    part.windows(3).any(|three| {
        three[0].text == "my" && matches!(three[1].text.as_str(), "name" | "names") && three[2].text == "is"
    }) && !part.iter().any(|word| ASKING.contains(&word.text.as_str()))
}

/// "Is 555 0142 enough?" gives a number; "is your number 555 0142?" asks for one.
fn gives_a_number(part: &[Word]) -> bool {
    phone_in(part).is_some() && !part.iter().any(|word| matches!(word.text.as_str(), "your" | "you"))
}

fn requests(part: &[Word]) -> bool {
    let asking = |word: &str| matches!(word, "can" | "could" | "may" | "would" | "i");
    let opening = part
        .iter()
        .take_while(|word| OPENINGS.contains(&word.text.as_str()))
        .count();
    let texts: Vec<&str> = part[opening..].iter().take(5).map(|word| word.text.as_str()).collect();
    texts.first().is_some_and(|first| asking(first)) && texts.iter().any(|text| REQUESTED.contains(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::words::words;

    fn told(text: &str) -> (String, bool) {
        let divided = divide(&words(text), false, false);
        let told: Vec<&str> = divided.told.iter().map(|word| word.shown.as_str()).collect();
        (told.join(" "), !divided.asked.is_empty())
    }

    #[test]
    fn a_name_and_a_question_in_one_breath_are_two_things() {
        let both = ("Sarah Lee".to_owned(), true);
        assert_eq!(told("Sarah Lee. Do you sell used motorcycles?"), both);
        assert_eq!(told("Sarah Lee, do you sell used motorcycles?"), both);
        assert!(!told("Will Do").1);
    }

    #[test]
    fn statements_that_begin_like_questions_ask_nothing() {
        for text in [
            "When I brake it squeaks",
            "What I need is a new tire",
            "Have my tires rotated",
            "Do it as soon as possible",
            "555 0142, is that okay",
        ] {
            assert!(!told(text).0.is_empty(), "{text}");
        }
    }

    #[test]
    fn a_request_is_a_reason_but_a_question_is_not() {
        let reason = |text: &str| divide(&words(text), false, true).asked.is_empty();
        assert!(reason("Can I get a quote for my fence?"));
        assert!(reason("Could someone call me about my invoice?"));
        assert!(!reason("Do you sell used motorcycles?"));
        assert!(!reason("Why do you want to know?"));
    }
}
