//! Whether somebody wants an appointment made, moved or cancelled, and which parts of an utterance ask something else. Pure.

use super::heard::Heard;
use super::{Errand, Scene, Step};
use crate::dialogue::lexicon::{Concept, terms_of};
use crate::dialogue::questions::{Divided, divide};
use crate::dialogue::wishes::{Wish, parts};
use crate::dialogue::words::{Word, join_letters};

/// Requests for work, before the name of a service: "I'd like an oil change", "I need new brakes".
const REQUESTS: &[&[&str]] = &[
    &["would", "like"],
    &["i", "need"],
    &["i", "want"],
    &["we", "need"],
    &["can", "i", "get"],
    &["could", "i", "get"],
    &["can", "i", "have"],
    &["could", "i", "have"],
    &["may", "i", "have"],
    &["looking", "for"],
    &["get", "my"],
    &["bring", "my"],
    &["bring", "in"],
    &["come", "in"],
];

/// What shows that information is wanted and no appointment.
const ABOUT: &[&str] = &[
    "know",
    "ask",
    "information",
    "question",
    "questions",
    "wondering",
    "quote",
    "estimate",
    "speak",
    "talk",
    "message",
    "hear",
];

/// Words of a question about the rules of cancelling.
const RULES: &[&str] = &[
    "policy", "policies", "fee", "fees", "charge", "charges", "notice", "cost", "penalty", "if", "late",
];

/// What shows that a question for a day or time is one for a free appointment: "anything open on Friday?"
const FREE: &[&str] = &[
    "free",
    "available",
    "availability",
    "anything",
    "something",
    "slot",
    "slots",
    "opening",
    "openings",
    "appointment",
    "spot",
    "else",
    "times",
];

/// What is free, when it is an appointment.
const APPOINTMENTS: &[&str] = &[
    "slot",
    "slots",
    "opening",
    "openings",
    "appointment",
    "appointments",
    "spot",
    "anything",
];

fn says(said: &[Word], texts: &[&str]) -> bool {
    said.iter().any(|word| texts.contains(&word.text.as_str()))
}

/// As [`says`], without what belongs to opening hours: "opening hours", "what times are you open".
fn says_of_free_time(said: &[Word], texts: &[&str]) -> bool {
    let is_open = says(said, &["open", "close", "closed"]);
    said.iter().enumerate().any(|(at, word)| {
        let text = word.text.as_str();
        let next = said.get(at + 1).map(|word| word.text.as_str());
        let before = at
            .checked_sub(1)
            .and_then(|at| said.get(at))
            .map(|word| word.text.as_str());
        let of_hours = match text {
            "opening" | "openings" => matches!(next, Some("hour" | "hours" | "time" | "times")),
            "times" => is_open || before == Some("opening"),
            _ => false,
        };
        texts.contains(&text) && !of_hours
    })
}

fn has(said: &[Word], concepts: &[Concept]) -> bool {
    terms_of(&join_letters(said.to_vec()))
        .iter()
        .any(|term| term.concept.is_some_and(|concept| concepts.contains(&concept)))
}

/// Cues of facts that are asked for.
const FACTS: &[Concept] = &[
    Concept::Price,
    Concept::Duration,
    Concept::Hours,
    Concept::Location,
    Concept::Phone,
    Concept::Email,
    Concept::Contact,
    Concept::Identity,
    Concept::Services,
    Concept::Abilities,
    Concept::Cheapest,
    Concept::Dearest,
    Concept::Quickest,
    Concept::Longest,
    Concept::Clock,
];

/// Acts of talking that are answered whatever is asked for.
const ACTS: &[Concept] = &[Concept::Robot, Concept::Human, Concept::Wellbeing];

/// What the told words want of the calendar, if anything.
pub(crate) fn errand_in(told: &[Word], wished: &[Wish], scene: &Scene<'_>) -> Option<Errand> {
    let heard = Heard::of(told, Step::Service, scene);
    if let Some(errand) = heard.errand.filter(|_| !says(told, RULES)) {
        return Some(errand);
    }
    if wished.iter().any(|wish| matches!(wish, Wish::Booking(_))) {
        return Some(Errand::Book);
    }
    let requests = REQUESTS.iter().any(|lead| {
        told.windows(lead.len())
            .any(|window| window.iter().zip(*lead).all(|(word, text)| word.text == *text))
    });
    let dated = heard.days.is_some() || heard.time.is_some();
    if dated && says_of_free_time(told, FREE) && (!heard.services.is_empty() || says_of_free_time(told, APPOINTMENTS)) {
        return Some(Errand::Book);
    }
    let wants_work = !heard.services.is_empty() && (requests || dated);
    (wants_work && !says(told, ABOUT) && !has(told, FACTS)).then_some(Errand::Book)
}

/// Divides an utterance into what tells something for an appointment and what asks something else. A question for a day or time is told:
/// "could we do Thursday?"
pub(crate) fn split(said: &[Word], step: Step, scene: &Scene<'_>) -> Divided {
    let mut divided = Divided::default();
    for part in parts(said) {
        let words = if asks(part, step, scene) {
            &mut divided.asked
        } else {
            &mut divided.told
        };
        words.extend_from_slice(part);
    }
    divided
}

fn asks(part: &[Word], step: Step, scene: &Scene<'_>) -> bool {
    if has(part, ACTS) {
        return true;
    }
    let heard = Heard::values_of(part, step, scene);
    if heard.phone.is_some() || heard.email.is_some() || heard.name.is_some() && step != Step::Name {
        return false;
    }
    let fact = has(part, FACTS);
    let form = !divide(part, fact, false).asked.is_empty();
    let value = heard.has_value() || heard.changes.is_some();
    let for_free_time = value && says_of_free_time(part, FREE);
    if !form {
        return fact && !value && has(part, &[Concept::Price]) && part.len() <= 4;
    }
    let costs = has(part, &[Concept::Price, Concept::Duration]);
    let wants = has(part, &[Concept::Booking]) || (heard.errand.is_some() && !says(part, RULES));
    let of_calendar = wants && !costs;
    if fact {
        !for_free_time && !of_calendar
    } else {
        !value && !wants && Heard::of(part, step, scene).services.is_empty()
    }
}
