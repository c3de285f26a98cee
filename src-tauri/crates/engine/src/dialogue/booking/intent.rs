//! Whether somebody wants an appointment made, moved or cancelled, and which parts of an utterance ask something else. Pure.

mod phrases;

use super::heard::Heard;
use super::{Errand, Setting, Step};
use crate::dialogue::lexicon::{Concept, WALK_IN, terms_of};
use crate::dialogue::questions::divide;
use crate::dialogue::values::TimeWanted;
use crate::dialogue::wishes::{ReadPart, Wish};
use crate::dialogue::words::{Word, join_letters};
use phrases::{
    ABOUT, ACTS, APPOINTMENTS, COMING, FACTS, FILLERS, FREE, OPEN_TIMES, OPENINGS, OWN, REQUESTS, RULES, SUPPOSED,
    WANTS,
};

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

/// Whether a part asks for free times, and not for opening hours: "what do you have open this week?"
fn is_for_open_times(words: &[Word], dated: bool) -> bool {
    let of_hours = says(words, &["hours", "close", "closed", "closing"])
        || says(words, &["open"])
            && !says(
                words,
                &[
                    "anything",
                    "something",
                    "have",
                    "got",
                    "slot",
                    "slots",
                    "spot",
                    "spots",
                    "times",
                ],
            )
        || holds(
            words,
            &[
                &["are", "you", "open"],
                &["you", "are", "open"],
                &["do", "you", "open"],
                &["you", "guys", "open"],
            ],
        );
    let of_slots = holds(words, &[&["what", "is", "open"], &["what", "else", "is", "open"]]);
    asks_for_open_times(words)
        && (of_slots || !of_hours)
        && (dated || says(words, COMING))
        && !has(words, &[Concept::Price, Concept::Duration])
}

/// Whether the words that want an appointment only ask which times are free.
pub(crate) fn asks_for_open_times(told: &[Word]) -> bool {
    let first = told
        .iter()
        .find(|word| !says(std::slice::from_ref(word), FILLERS))
        .map_or("", |word| word.text.as_str());
    let acts = says(
        told,
        &["bring", "make", "come", "drop", "get", "have", "book", "schedule"],
    );
    // "Is three o'clock on Friday free?"
    let is_free = matches!(first, "is" | "would" | "will" | "does")
        && says(told, &["free", "available", "open", "taken", "possible", "work"])
        && !acts;
    // "Do you have a slot on the fourth?"
    let asks = matches!(
        first,
        "is" | "are"
            | "do"
            | "does"
            | "what"
            | "when"
            | "which"
            | "any"
            | "anything"
            | "got"
            | "how"
            | "have"
            | "whats"
    );
    let of_slots = asks && says(told, OPENINGS) && !holds(told, &[&["for", "free"]]);
    let wants = holds(told, WANTS) && !says(told, &["know", "wondering", "see", "ask", "anything", "any", "tell"]);
    (is_free || of_slots || holds(told, OPEN_TIMES)) && !wants
}

/// A question about the rules, and no errand.
pub(crate) fn is_about_rules(said: &[Word]) -> bool {
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
    let wants_day = dated && (has(told, &[WALK_IN]) || holds(told, WANTS));
    let is_text = |wish: &Wish| matches!(wish, Wish::Text(_));
    if wished
        .iter()
        .any(|wish| is_other_wish(wish) && !(wants_day && is_text(wish)))
    {
        return None;
    }
    let of_appointment = !heard.named.is_empty() || says_of_free_time(told, APPOINTMENTS);
    let of_times = is_for_open_times(told, dated);
    if of_times || dated && says_of_free_time(told, FREE) && of_appointment {
        return Some(Errand::Book);
    }
    // "Thursday at three", said first of all, wants that time.
    let exact = heard.days.is_some_and(|days| days.is_one()) && matches!(heard.time, Some(TimeWanted::At(_)));
    if exact && told.len() <= 8 && !has(told, FACTS) && !told.iter().any(|word| word.asks) && !says(told, ABOUT) {
        return Some(Errand::Book);
    }
    // "Can I swing by tomorrow around noon?"
    let comes_by = dated && has(told, &[WALK_IN]) && !says(told, &["without", "just", "walk", "need", "if"]);
    let states_need = says(told, OWN) && !told.iter().any(|word| word.asks) && !offers_work(told);
    // "I'd like to bring my Camry in", "can I see you on Friday at nine?"
    let brings = says(told, &["bring", "drop", "take"]) && says(told, &["in", "by", "off", "over"]) && says(told, OWN);
    let asks_to_come = holds(
        told,
        &[
            &["can", "i"],
            &["could", "i"],
            &["would", "like"],
            &["want", "to"],
            &["need", "to"],
        ],
    );
    let comes =
        asks_to_come && (dated || brings && !holds(told, &[&["can", "i"], &["could", "i"]])) && !has(told, &[WALK_IN]);
    let wants_work = comes || comes_by || !heard.named.is_empty() && (requests || dated || states_need);
    let about = says(told, ABOUT) && !holds(told, &[&["not", "know"], &["let", "you", "know"]]);
    (wants_work && !about && !asks_fact(told, !heard.named.is_empty())).then_some(Errand::Book)
}

/// Whether a fact is asked for. The "service" of a tire service asks for no list of services.
fn asks_fact(told: &[Word], names_service: bool) -> bool {
    let of_name = names_service && !says(told, &["services"]);
    let facts: Vec<Concept> = FACTS
        .iter()
        .copied()
        .filter(|concept| !(of_name && *concept == Concept::Services))
        .collect();
    has(told, &facts)
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
    if part.holds_price_against() && (!divide(words, true, false).asked.is_empty() || part.services.is_empty()) {
        return true;
    }
    let heard = Heard::values_of(words, step, setting);
    if heard.phone.is_some() || heard.email.is_some() || heard.name.is_some() && step != Step::Name {
        return false;
    }
    let gets = holds(
        words,
        &[&["can", "i", "get"], &["could", "i", "get"], &["may", "i", "have"]],
    );
    let fact = asks_fact(words, gets && !part.services.is_empty());
    let form = !divide(words, fact, false).asked.is_empty();
    let value = heard.has_value() || heard.changes.is_some();
    let for_free_time = value && says_of_free_time(words, FREE);
    if is_for_open_times(words, heard.days.is_some() || heard.time.is_some()) {
        return false;
    }
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
