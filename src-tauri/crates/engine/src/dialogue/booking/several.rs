//! Several errands in one breath: "cancel my Tuesday appointment and book me for Friday", "an oil change for Tuesday and a tire service for
//! Thursday". They are divided here; one is done after the other. What replaces itself ("cancel Tuesday, book me for Friday instead") is
//! one errand, and so is a choice ("brakes or tires"). Pure.

use super::heard::{Heard, holds_any};
use super::{Errand, Setting, Step};
use crate::dialogue::lexicon::{Concept, terms_of};
use crate::dialogue::words::{Word, join_letters};

/// An errand that waits for its turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LaterErrand {
    /// What is wanted.
    pub errand: Errand,
    /// The words that tell it.
    pub words: Vec<Word>,
}

/// The first of several errands with what was heard of it, and the others in their order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Several {
    /// The first errand.
    pub first: Errand,
    /// What was heard of it; who is calling is taken from all of the words.
    pub heard: Heard,
    /// The others.
    pub later: Vec<LaterErrand>,
}

/// A stretch of words that may be an errand of its own.
struct Stretch {
    words: Vec<Word>,
    heard: Heard,
    errand: Option<Errand>,
}

/// Words that replace what was said before them, or leave a choice.
const REPLACING: &[&str] = &[
    "no", "not", "actually", "instead", "rather", "or", "sorry", "mean", "meant", "either",
];

/// Words that say that an appointment is to be made.
const MAKES: &[&[&str]] = &[
    &["book"],
    &["schedule"],
    &["make"],
    &["set", "up"],
    &["new", "appointment"],
    &["another", "appointment"],
    &["sign", "me"],
    &["put", "me"],
];

/// Whether an appointment is called off and another one made in its place: that is the same as moving it.
pub(crate) fn replaces_appointment(told: &[Word], errand: Option<Errand>) -> bool {
    let instead = told.iter().any(|word| word.text == "instead");
    errand == Some(Errand::Cancel) && instead && holds_any(told, MAKES)
}

/// Divides the told words; none when they hold one errand only.
pub(crate) fn several_in(told: &[Word], whole: &Heard, errand: Errand, setting: Setting<'_>) -> Option<Several> {
    if errand == Errand::Find || told.iter().any(|word| REPLACING.contains(&word.text.as_str())) {
        return None;
    }
    let two_kinds = whole.errand.is_some() && holds_any(told, MAKES);
    if whole.named.len() < 2 && !two_kinds {
        return None;
    }
    let pieces = divided(told);
    let mut found: Vec<Stretch> = Vec::new();
    for piece in pieces {
        let heard = Heard::of(piece, Step::Service, setting);
        let next = Stretch {
            words: piece.to_vec(),
            errand: own_errand(piece, &heard),
            heard,
        };
        match found.last_mut() {
            Some(before) if !begins_another(before, &next, whole) => {
                before.words.extend(next.words);
                before.heard = Heard::of(&before.words, Step::Service, setting);
                before.errand = before.errand.or(next.errand);
            }
            _ => found.push(next),
        }
    }
    let mut found = found.into_iter();
    let (first, rest) = (found.next()?, found.collect::<Vec<_>>());
    let last = rest.last()?;
    // "An oil change and a tire service on Tuesday": the day is meant for both.
    let dated = first.heard.days.is_some() || first.heard.time.is_some();
    let shared = (!dated && first.errand.is_none_or(|errand| errand == Errand::Book)).then_some(&last.heard);
    let heard = Heard {
        days: first.heard.days.or(shared.and_then(|last| last.days)),
        time: first.heard.time.or(shared.and_then(|last| last.time)),
        services: first.heard.services,
        named: first.heard.named,
        bare_weekday: first.heard.bare_weekday,
        errand: first.heard.errand,
        ..whole.clone()
    };
    let later = rest.into_iter().map(|stretch| LaterErrand {
        errand: stretch.errand.unwrap_or(Errand::Book),
        words: stretch.words,
    });
    Some(Several {
        first: first.errand.unwrap_or(errand),
        heard,
        later: later.collect(),
    })
}

/// Cut before every word that joins, and after every sentence or clause.
fn divided(told: &[Word]) -> Vec<&[Word]> {
    let joins = |word: &Word| matches!(word.text.as_str(), "and" | "also" | "plus" | "then");
    let mut found = Vec::new();
    let mut start = 0;
    for (at, word) in told.iter().enumerate() {
        if joins(word) && at > start {
            found.push(&told[start..at]);
            start = at;
        }
        if word.ends_clause {
            found.push(&told[start..=at]);
            start = at + 1;
        }
    }
    found.push(&told[start..]);
    found.retain(|piece| piece.iter().any(|word| !joins(word)));
    found
}

/// What a stretch wants by its own words.
fn own_errand(said: &[Word], heard: &Heard) -> Option<Errand> {
    let books = || {
        let terms = terms_of(&join_letters(said.to_vec()));
        holds_any(said, MAKES) && terms.iter().any(|term| term.concept == Some(Concept::Booking))
    };
    heard.errand.or_else(|| books().then_some(Errand::Book))
}

/// Whether the words after `before` want something else: another kind of errand, or work on something else.
fn begins_another(before: &Stretch, next: &Stretch, whole: &Heard) -> bool {
    match (before.errand, next.errand) {
        (Some(one), Some(other)) if one != other => return true,
        (Some(Errand::Move | Errand::Cancel), _) | (_, Some(Errand::Move | Errand::Cancel)) => return false,
        _ => {}
    }
    let (one, other) = (&before.heard.named, &next.heard.named);
    let known = |named: &[usize]| named.iter().all(|service| whole.named.contains(service));
    // "Oil and filter change" is one piece of work.
    let others = !one.is_empty() && !other.is_empty() && one.iter().all(|service| !other.contains(service));
    others && known(one) && known(other)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::civil::date;

    use super::*;
    use crate::dialogue::booking::errand_in;
    use crate::dialogue::knowledge::Knowledge;
    use crate::dialogue::words::words;

    fn errands(text: &str) -> Vec<(Errand, String)> {
        let knowledge = Knowledge::new(Arc::new(frontdesk_company::sample().unwrap()));
        let setting = Setting {
            knowledge: &knowledge,
            today: date(2026, 11, 23),
        };
        let told = words(text);
        let heard = Heard::of(&told, Step::Service, setting);
        let Some(errand) = errand_in(&told, &[], &heard) else {
            return Vec::new();
        };
        let name = |named: &[usize]| {
            let names = named.iter().filter_map(|at| knowledge.service(*at));
            names.map(|service| service.name.clone()).collect::<Vec<_>>().join(", ")
        };
        match several_in(&told, &heard, errand, setting) {
            None => vec![(errand, name(&heard.named))],
            Some(several) => {
                let later = several.later.iter().map(|later| {
                    let heard = Heard::of(&later.words, Step::Service, setting);
                    (later.errand, name(&heard.named))
                });
                std::iter::once((several.first, name(&several.heard.named)))
                    .chain(later)
                    .collect()
            }
        }
    }

    #[test]
    fn errands_of_two_kinds_and_for_two_pieces_of_work_are_divided() {
        use Errand::{Book, Cancel};
        for (said, expected) in [
            (
                "I need an oil change for Tuesday and a tire service for Thursday",
                vec![(Book, "Oil change"), (Book, "Tire service")],
            ),
            (
                "I want to cancel my Friday appointment and book one for the week after",
                vec![(Cancel, ""), (Book, "")],
            ),
            (
                "I need an oil change, a tire service and a brake repair tomorrow",
                vec![(Book, "Oil change"), (Book, "Tire service"), (Book, "Brake repair")],
            ),
        ] {
            let expected: Vec<(Errand, String)> = expected
                .into_iter()
                .map(|(errand, name)| (errand, name.to_owned()))
                .collect();
            assert_eq!(errands(said), expected, "{said}");
        }
    }

    #[test]
    fn one_errand_stays_one() {
        for said in [
            "I need an oil change on Tuesday and I can come at nine",
            "I need an oil change, no, a tire service tomorrow",
            "I need brakes or tires tomorrow",
            "Cancel my appointment, and thank you",
        ] {
            assert_eq!(errands(said).len(), 1, "{said}: {:?}", errands(said));
        }
    }
}
