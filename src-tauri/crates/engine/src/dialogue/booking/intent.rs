//! Whether somebody wants an appointment made, moved or cancelled, and which parts of an utterance ask something else. Pure.

use super::heard::Heard;
use super::{Errand, Setting, Step};
use crate::dialogue::lexicon::{Concept, WALK_IN, terms_of};
use crate::dialogue::questions::divide;
use crate::dialogue::wishes::{ReadPart, Wish};
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
    &["have", "my"],
    &["get", "the"],
    &["get", "a"],
    &["get", "an"],
    &["bring", "it", "in"],
    &["bring", "the"],
    &["take", "a", "look"],
    &["have", "a", "look"],
    &["look", "at", "my"],
    &["look", "at", "the"],
    &["check", "my"],
    &["check", "the"],
    &["check", "out", "my"],
    &["fix", "my"],
    &["fix", "the"],
    &["replace", "my"],
    &["change", "my"],
    &["rotate", "my"],
    &["need", "to", "get"],
    &["need", "to", "have"],
    &["drop", "off"],
    &["i", "have", "to"],
    &["to", "get"],
    &["due", "for"],
    &["time", "for"],
    &["needs"],
    &["please", "do"],
    &["need", "an"],
    &["need", "a"],
    &["need", "new"],
    &["need", "some"],
    &["need", "my"],
    &["check", "out"],
    &["someone", "check"],
    &["somebody", "check"],
    &["look", "into"],
    &["look", "it", "over"],
    &["i", "gotta"],
    &["do", "my"],
    &["want", "a"],
    &["want", "an"],
];

/// The caller's own thing, in a statement about a piece of work: "my brakes squeak".
const OWN: &[&str] = &["my", "i", "we", "our", "mine", "it", "car", "truck", "van"];

/// Wishes that a statement about a piece of work gives way to.
fn is_other_wish(wish: &Wish) -> bool {
    matches!(
        wish,
        Wish::CallBack
            | Wish::Human
            | Wish::LookUp
            | Wish::Abuse
            | Wish::Robot
            | Wish::Goodbye
            | Wish::NeverMind
            | Wish::Text(_)
            | Wish::Repeat
    )
}

/// What asks which times are free.
const OPEN_TIMES: &[&[&str]] = &[
    &["anything", "open"],
    &["anything", "free"],
    &["anything", "available"],
    &["have", "anything"],
    &["got", "anything"],
    &["any", "openings"],
    &["any", "opening"],
    &["any", "availability"],
    &["any", "slots"],
    &["any", "slot"],
    &["any", "spots"],
    &["any", "spot"],
    &["any", "appointments"],
    &["any", "room"],
    &["any", "times"],
    &["any", "time", "available"],
    &["any", "time", "on"],
    &["any", "time", "tomorrow"],
    &["any", "free"],
    &["what", "do", "you", "have"],
    &["what", "have", "you", "got"],
    &["what", "you", "have"],
    &["what", "you", "got"],
    &["what", "is", "available"],
    &["what", "is", "open"],
    &["what", "is", "free"],
    &["what", "else"],
    &["next", "available"],
    &["first", "available"],
    &["earliest", "available"],
    &["next", "opening"],
    &["next", "open"],
    &["soonest"],
    &["the", "earliest"],
    &["your", "earliest"],
    &["earliest", "you"],
    &["earliest", "appointment"],
    &["how", "soon"],
    &["how", "quickly", "can"],
    &["when", "can"],
    &["when", "could"],
    &["when", "would"],
    &["when", "do", "you", "have"],
    &["when", "is", "the", "next"],
    &["when", "is", "your"],
    &["when", "are", "you", "free"],
    &["what", "times"],
    &["what", "time", "slots"],
    &["what", "time", "do", "you", "have"],
    &["which", "times"],
    &["what", "days"],
    &["which", "days"],
    &["what", "day"],
    &["still", "free"],
    &["still", "available"],
    &["are", "you", "free"],
    &["are", "you", "available"],
    &["is", "available"],
    &["free", "on"],
    &["free", "at"],
    &["free", "tomorrow"],
    &["free", "today"],
    &["free", "this"],
    &["free", "next"],
    &["available", "on"],
    &["available", "at"],
    &["available", "tomorrow"],
    &["available", "today"],
    &["available", "this"],
    &["available", "next"],
    &["how", "booked"],
    &["booked", "up"],
    &["booked", "solid"],
    &["how", "busy"],
    &["schedule", "look"],
    &["schedule", "looking"],
    &["schedule", "like"],
    &["your", "schedule"],
    &["your", "calendar"],
    &["calendar", "look"],
    &["room", "on"],
    &["room", "for", "me"],
    &["spots", "left"],
    &["slots", "left"],
    &["do", "you", "have", "time"],
    &["have", "time"],
    &["something", "later"],
    &["something", "earlier"],
    &["anything", "later"],
    &["anything", "earlier"],
    &["anything", "sooner"],
    &["something", "on"],
    &["something", "open"],
    &["something", "free"],
    &["something", "available"],
    &["anything", "on"],
    &["anything", "tomorrow"],
    &["anything", "this"],
    &["anything", "next"],
    &["an", "opening"],
    &["openings"],
    &["open", "slot"],
    &["open", "slots"],
    &["open", "spot"],
    &["free", "slot"],
    &["free", "slots"],
    &["available", "slots"],
    &["available", "times"],
    &["is", "it", "free"],
    &["taken"],
    &["times", "available"],
    &["times", "free"],
    &["times", "open"],
    &["slots"],
    &["availability"],
    &["spots"],
];

/// What makes a wish of it all the same.
const WANTS: &[&[&str]] = &[
    &["book"],
    &["schedule", "me"],
    &["schedule", "a"],
    &["schedule", "an"],
    &["schedule", "my"],
    &["to", "schedule"],
    &["make", "an", "appointment"],
    &["set", "up"],
    &["set", "something"],
    &["sign", "me"],
    &["put", "me"],
    &["reserve"],
    &["i", "would", "like"],
    &["i", "want"],
    &["i", "need"],
    &["i", "have", "to"],
    &["we", "need"],
    &["i", "will", "take"],
    &["get", "an", "appointment"],
    &["want", "to"],
];

/// Whether the words that want an appointment only ask which times are free.
pub(crate) fn asks_for_open_times(told: &[Word]) -> bool {
    // "Is three o'clock on Friday free?"
    let is_free = told
        .first()
        .is_some_and(|word| matches!(word.text.as_str(), "is" | "would" | "will"))
        && says(told, &["free", "available", "open", "taken", "possible"]);
    let wants = holds(told, WANTS) && !says(told, &["know", "wondering", "see", "ask", "anything", "any"]);
    (is_free || holds(told, OPEN_TIMES)) && !wants
}

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
];

/// Words of a question about the rules of cancelling.
const RULES: &[&str] = &[
    "policy", "policies", "fee", "fees", "charge", "charges", "notice", "cost", "penalty", "late",
];

/// What might be: "what happens if I cancel?"
const SUPPOSED: &[&[&str]] = &[
    &["if", "i"],
    &["if", "we"],
    &["if", "you"],
    &["what", "if"],
    &["if", "somebody"],
];

/// A question about the rules, and no errand.
fn is_about_rules(said: &[Word]) -> bool {
    says(said, RULES)
        || holds(said, SUPPOSED)
            && !holds(
                said,
                &[
                    &["see", "if"],
                    &["know", "if"],
                    &["wondering", "if"],
                    &["if", "you", "can"],
                    &["if", "you", "could"],
                ],
            )
}

/// Whether one of the phrases stands in the words, word by word.
fn holds(said: &[Word], phrases: &[&[&str]]) -> bool {
    phrases.iter().any(|phrase| {
        said.windows(phrase.len())
            .any(|window| window.iter().zip(*phrase).all(|(word, text)| word.text == *text))
    })
}

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
pub(crate) fn errand_in(told: &[Word], wished: &[Wish], heard: &Heard) -> Option<Errand> {
    if let Some(errand) = heard.errand.filter(|_| !is_about_rules(told)) {
        return Some(errand);
    }
    if wished.iter().any(|wish| matches!(wish, Wish::Booking(_))) {
        return Some(Errand::Book);
    }
    let requests = holds(told, REQUESTS);
    let dated = heard.days.is_some() || heard.time.is_some();
    if wished.iter().any(is_other_wish) && !(dated && has(told, &[WALK_IN])) {
        return None;
    }
    let of_appointment = !heard.named.is_empty() || says_of_free_time(told, APPOINTMENTS);
    let of_times = asks_for_open_times(told) && !says(told, &["open", "close", "closed", "hours"]);
    if dated && (says_of_free_time(told, FREE) && of_appointment || of_times) {
        return Some(Errand::Book);
    }
    // "Can I swing by tomorrow around noon?"
    let comes_by = dated && has(told, &[WALK_IN]) && !says(told, &["without", "just", "walk", "need", "if"]);
    let states_need = says(told, OWN) && !told.iter().any(|word| word.asks) && !offers_work(told);
    let wants_work = comes_by || !heard.named.is_empty() && (requests || dated || states_need);
    let about = says(told, ABOUT) && !holds(told, &[&["not", "know"], &["let", "you", "know"]]);
    (wants_work && !about && !has(told, FACTS)).then_some(Errand::Book)
}

/// "Do you do brakes?" asks for no appointment.
fn offers_work(told: &[Word]) -> bool {
    told.windows(2).any(|two| {
        matches!(two[0].text.as_str(), "do" | "does" | "are" | "is")
            && matches!(two[1].text.as_str(), "you" | "it" | "there")
    }) || told
        .windows(3)
        .any(|three| three[0].text == "you" && three[1].text == "also" && three[2].text == "do")
}

/// Whether a part of an utterance asks something else than an appointment. A question for a day or time is told: "could we do Thursday?"
pub(crate) fn asks(part: &ReadPart, step: Step, setting: Setting<'_>) -> bool {
    let words = &part.words[..];
    if has(words, ACTS) || part.wishes == [Wish::Abuse] {
        return true;
    }
    let heard = Heard::values_of(words, step, setting);
    if heard.phone.is_some() || heard.email.is_some() || heard.name.is_some() && step != Step::Name {
        return false;
    }
    let fact = has(words, FACTS);
    let form = !divide(words, fact, false).asked.is_empty();
    let value = heard.has_value() || heard.changes.is_some();
    let for_free_time = value && says_of_free_time(words, FREE);
    if !form {
        return fact && !value && has(words, &[Concept::Price]) && words.len() <= 4;
    }
    let costs = has(words, &[Concept::Price, Concept::Duration]);
    let wants = has(words, &[Concept::Booking]) || (heard.errand.is_some() && !is_about_rules(words));
    let of_calendar = wants && !costs;
    let takes_service = !matches!(step, Step::Name | Step::Phone | Step::Number) && !part.services.is_empty();
    if fact {
        !for_free_time && !of_calendar
    } else {
        !value && !wants && !takes_service
    }
}
