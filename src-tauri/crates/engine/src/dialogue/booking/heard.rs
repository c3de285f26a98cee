//! What an utterance holds for an appointment: service, day, time, name, number, a choice among offered times. Pure.
//!
//! A reading depends on what was asked: after "what time?" a "ten" is a time, after "your name?" it is not.

use super::{Errand, Setting, Step};
use crate::dialogue::caller::{digits_in, name_answered, name_led, name_volunteered, phone_in};
use crate::dialogue::knowledge::ServiceMatch;
use crate::dialogue::lexicon::{Concept, Term, terms_of};
use crate::dialogue::values::{
    Days, TimeWanted, code_in, days_in, email_in, holding, is_taken_back, letters_joined, times_in,
};
use crate::dialogue::words::Word;
use crate::english::WEEKDAYS;

/// Which of the offered times is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pick {
    /// The one at this place, from 0.
    Nth(usize),
    /// The last one.
    Last,
    /// One before all of them.
    Earlier,
    /// One after all of them.
    Later,
    /// None of them.
    Other,
}

/// A part of the appointment that somebody wants changed without saying to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Service,
    Day,
    Time,
    Name,
    Phone,
}

/// Everything that was heard.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Heard {
    /// The services that the step takes.
    pub services: Vec<usize>,
    /// All services that were named, whatever is asked for.
    pub named: Vec<usize>,
    pub days: Option<Days>,
    pub time: Option<TimeWanted>,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    /// A confirmation number that is called so.
    pub code: Option<String>,
    /// All digits, for numbers that are told in pieces.
    pub digits: String,
    pub pick: Option<Pick>,
    pub changes: Option<Part>,
    /// Something replaces what was told before.
    pub corrects: bool,
    /// A day of the week stands alone, without "next" or "this".
    pub bare_weekday: bool,
    /// A word for moving or cancelling an appointment.
    pub errand: Option<Errand>,
    /// "Forget it."
    pub gives_up: bool,
}

impl Heard {
    /// Reads the words as the answer to what was asked.
    pub fn of(said: &[Word], step: Step, setting: Setting<'_>) -> Self {
        Self::read(said, step, true, setting)
    }

    /// As [`of`](Self::of), without the services, which take the longest to find.
    pub fn values_of(said: &[Word], step: Step, setting: Setting<'_>) -> Self {
        Self::read(said, step, false, setting)
    }

    fn read(said: &[Word], step: Step, with_services: bool, setting: Setting<'_>) -> Self {
        let said = &letters_joined(said)[..];
        let terms = terms_of(said);
        let code = code_in(said);
        let takes_number = matches!(step, Step::Phone | Step::Number);
        let days = days_in(said, setting.today, &setting.knowledge.profile);
        let taken: Vec<_> = days.iter().map(|found| found.span.clone()).collect();
        let bare = matches!(step, Step::Day | Step::Time | Step::Confirm | Step::Correct);
        let times = times_in(said, &taken, bare);
        let (day, time) = (holding(&days, said), holding(&times, said));
        let names_value = day.is_some() || time.is_some();
        let name = match step {
            // "Actually Thursday" is no name, "May Thursday" is one.
            Step::Name if !names_value => {
                let agrees = |name: &String| {
                    let verdict =
                        |term: &&Term| matches!(term.concept, Some(Concept::Yes | Concept::No | Concept::Wrong));
                    let mut words = terms.iter().filter(verdict).flat_map(|term| term.word.text.split(' '));
                    words.any(|word| name.to_lowercase().split(' ').next() == Some(word))
                };
                name_answered(said)
                    .filter(|name| !agrees(name))
                    .or_else(|| written_name(said, &terms))
            }
            // "No, it's jensen with an e", from a recogniser without capitals.
            Step::Confirm | Step::Correct if !names_value && denies(said) => {
                name_volunteered(said).or_else(|| name_led(said))
            }
            _ => name_volunteered(said),
        };
        // Names such as "Brake" are names while a name is asked for.
        // The "change" of an oil change must be told from any other.
        let named = match with_services || says(said, &["change"]) {
            true => setting.knowledge.services_in(&terms),
            false => Vec::new(),
        };
        let beside = outside(said, &terms, &named);
        let corrects = corrects(&beside);
        // "The brakes, not the tires."
        let stays = |service: &&ServiceMatch| {
            let first = service.used.first().and_then(|at| terms.get(*at));
            first.is_none_or(|term| !is_taken_back(said, term.span.start))
        };
        let named: Vec<usize> = named
            .iter()
            .filter(|service| !service.near_only)
            .filter(stays)
            .map(|service| service.index)
            .collect();
        let services = match step {
            Step::Name | Step::Phone | Step::Number if !corrects => Vec::new(),
            _ => named.clone(),
        };
        let names_value = names_value || !named.is_empty();
        Self {
            services,
            named,
            days: day.map(|found| found.value),
            time: time.map(|found| found.value),
            name,
            phone: phone_in(said).filter(|phone| step != Step::Number && code.as_ref() != Some(phone)),
            code,
            email: email_in(said),
            digits: if takes_number { digits_in(said) } else { String::new() },
            pick: pick_in(said),
            changes: change_in(&beside, step),
            corrects,
            bare_weekday: is_bare_weekday(said),
            errand: errand_word(&beside),
            // "Never mind Thursday, make it Friday" goes on.
            gives_up: !names_value && terms.iter().any(|term| term.concept == Some(Concept::Never)),
        }
    }

    /// True when a value stands in it.
    pub fn has_value(&self) -> bool {
        self.days.is_some()
            || self.time.is_some()
            || self.phone.is_some()
            || self.email.is_some()
            || self.pick.is_some()
    }
}

/// "No", "actually", "sorry" at the beginning.
fn denies(said: &[Word]) -> bool {
    said.iter()
        .take(2)
        .any(|word| matches!(word.text.as_str(), "no" | "nope" | "actually" | "sorry" | "not"))
}

/// "Sam", "May Lee": up to three words that are written as names and mean nothing else here, as the whole answer.
fn written_name(said: &[Word], terms: &[Term]) -> Option<String> {
    let written = said
        .iter()
        .all(|word| word.shown.starts_with(char::is_uppercase) && word.text.len() > 1);
    let plain = terms.iter().all(|term| term.concept.is_none());
    let name = said
        .iter()
        .map(|word| word.shown.as_str())
        .collect::<Vec<_>>()
        .join(" ");
    ((1..=3).contains(&said.len()) && written && plain).then_some(name)
}

fn is_bare_weekday(said: &[Word]) -> bool {
    let named = said.iter().any(|word| WEEKDAYS.contains(&word.text.as_str()));
    named && !says(said, &["tomorrow", "today", "this", "next", "coming", "week", "weeks"])
}

/// The words that name no service: the "change" of an oil change changes nothing.
fn outside(said: &[Word], terms: &[Term], services: &[ServiceMatch]) -> Vec<Word> {
    let used = |at: &usize| services.iter().any(|service| service.used.contains(at));
    let spans: Vec<_> = terms
        .iter()
        .enumerate()
        .filter(|(at, _)| used(at))
        .map(|(_, term)| term.span.clone())
        .collect();
    said.iter()
        .enumerate()
        .filter(|(at, _)| !spans.iter().any(|span| span.contains(at)))
        .map(|(_, word)| word.clone())
        .collect()
}

fn errand_word(beside: &[Word]) -> Option<Errand> {
    let noun = says(
        beside,
        &[
            "appointment",
            "appointments",
            "booking",
            "bookings",
            "reservation",
            "reservations",
        ],
    );
    let number = says(beside, &["confirmation", "code", "number"]);
    let asks_to = holds_any(beside, &WANTS_CANCELLED);
    // "How do I cancel?" asks, "you can cancel us" tells.
    let asks_how = says(beside, &["how", "what", "do", "does", "is", "when"])
        || holds_any(beside, &[&["can", "i"], &["could", "i"]]);
    let object = noun || number || asks_to || !asks_how || says(beside, &["it", "mine", "that"]) || beside.len() <= 5;
    if object && says(beside, &["cancel", "canceling", "cancelling", "canceled", "cancelled"]) {
        return Some(Errand::Cancel);
    }
    if says(beside, &["reschedule", "rescheduling", "postpone", "postponing"]) {
        return Some(Errand::Move);
    }
    let holds = |phrases: &[&[&str]]| phrases.iter().any(|phrase| holds_phrase(beside, phrase));
    let moves = says(
        beside,
        &[
            "move", "moving", "moved", "change", "changing", "shift", "push", "switch", "swap", "bump", "rebook",
            "delay",
        ],
    );
    let asks_to_come = [
        &["could", "we"][..],
        &["can", "we"],
        &["can", "i"],
        &["could", "i"],
        &["come"],
    ];
    let instead = says(beside, &["instead"]) && holds_any(beside, &asks_to_come);
    let of_mine = noun || number || holds(&[&["my", "time"], &["my", "day"], &["my", "slot"], &["my"], &["mine"]]);
    if instead || moves && of_mine || (holds(&CANNOT_COME) || noun && holds(&HAVE)) && holds(&OTHER_TIME) {
        return Some(Errand::Move);
    }
    let drops =
        holds(&DROPS) && (noun || holds(&[&["schedule"], &["calendar"], &["list"], &["it"], &["that"], &["mine"]]));
    let drops = drops || noun && says(beside, &["forget", "skip", "drop", "scratch"]);
    (drops || holds(&CANNOT_COME)).then_some(Errand::Cancel)
}

pub(super) fn holds_any(said: &[Word], phrases: &[&[&str]]) -> bool {
    phrases.iter().any(|phrase| holds_phrase(said, phrase))
}

/// Whether the words of a phrase stand in a row.
fn holds_phrase(said: &[Word], phrase: &[&str]) -> bool {
    said.windows(phrase.len())
        .any(|window| window.iter().zip(phrase).all(|(word, text)| word.text == *text))
}

/// An appointment that somebody has.
const HAVE: [&[&str]; 6] = [
    &["i", "have"],
    &["have", "an"],
    &["got", "an"],
    &["i", "had"],
    &["my", "appointment"],
    &["i", "booked"],
];

/// What shows that somebody does not come to an appointment.
const CANNOT_COME: [&[&str]; 15] = [
    &["not", "make", "it"],
    &["not", "gonna", "make"],
    &["not", "going", "to", "make"],
    &["not", "able", "to", "make"],
    &["unable", "to", "make"],
    &["not", "be", "able", "to", "come"],
    &["not", "be", "able", "to", "make"],
    &["not", "able", "to", "come"],
    &["something", "came", "up"],
    &["something", "has", "come", "up"],
    &["can", "not", "come"],
    &["can", "not", "be", "there"],
    &["will", "not", "be", "there"],
    &["will", "not", "be", "coming"],
    &["am", "not", "coming"],
];

/// What shows that somebody wants to come at another time.
const OTHER_TIME: [&[&str]; 13] = [
    &["instead"],
    &["another", "day"],
    &["another", "time"],
    &["different", "day"],
    &["different", "time"],
    &["other", "day"],
    &["later", "date"],
    &["could", "we", "do"],
    &["can", "we", "do"],
    &["could", "i", "come"],
    &["can", "i", "come"],
    &["earlier"],
    &["later"],
];

/// What shows that an appointment is not needed.
const DROPS: [&[&str]; 12] = [
    &["call", "off"],
    &["take", "me", "off"],
    &["take", "my", "name", "off"],
    &["remove"],
    &["delete"],
    &["get", "rid", "of"],
    &["not", "need"],
    &["no", "longer", "need"],
    &["not", "want"],
    &["scrap"],
    &["cross", "me", "off"],
    &["not", "be", "needing"],
];

/// A wish to cancel, whatever it is called that is cancelled.
const WANTS_CANCELLED: [&[&str]; 8] = [
    &["need", "to", "cancel"],
    &["want", "to", "cancel"],
    &["like", "to", "cancel"],
    &["have", "to", "cancel"],
    &["got", "to", "cancel"],
    &["cancel", "my"],
    &["please", "cancel"],
    &["you", "cancel"],
];

/// Words that say that something replaces what was told before.
fn corrects(said: &[Word]) -> bool {
    said.iter().any(|word| {
        matches!(
            word.text.as_str(),
            "actually" | "instead" | "rather" | "change" | "no" | "not" | "wrong" | "correction" | "make"
        )
    })
}

fn says(said: &[Word], texts: &[&str]) -> bool {
    said.iter().any(|word| texts.contains(&word.text.as_str()))
}

fn pick_in(said: &[Word]) -> Option<Pick> {
    let pair = |first: &[&str], second: &[&str]| {
        said.windows(2)
            .any(|two| first.contains(&two[0].text.as_str()) && second.contains(&two[1].text.as_str()))
    };
    let of_them = &["one", "option", "time", "slot", "choice"][..];
    let short = said.len() <= 4;
    let nth = [
        (&["first"][..], Pick::Nth(0)),
        (&["second", "middle"][..], Pick::Nth(1)),
        (&["third"][..], Pick::Nth(2)),
        (&["last"][..], Pick::Last),
    ];
    if let Some((_, pick)) = nth
        .into_iter()
        .find(|(words, _)| pair(words, of_them) || (short && pair(&["the"], words)))
    {
        return Some(pick);
    }
    if pair(&["the"], &["earlier", "earliest"]) {
        return Some(Pick::Nth(0));
    }
    if pair(&["the"], &["later", "latest"]) {
        return Some(Pick::Last);
    }
    if says(said, &["earlier", "sooner"]) {
        return Some(Pick::Earlier);
    }
    if says(said, &["later"]) && !pair(&["later"], &["today", "this"]) {
        return Some(Pick::Later);
    }
    if pair(&["any", "either"], &["of", "one", "works", "is"]) {
        return Some(Pick::Nth(0));
    }
    let other = pair(&["what", "anything", "something"], &["else"])
        || pair(&["another", "different", "other"], &["time", "times", "slot", "slots"])
        || pair(&["none", "neither"], &["of", "works", "work"]);
    other.then_some(Pick::Other)
}

/// "That is not my name": a denial and its object, at most two words apart.
fn says_of(said: &[Word], denial: &str, objects: &[&str]) -> bool {
    said.iter().enumerate().any(|(at, word)| {
        let follows = said.iter().skip(at + 1).take(2);
        word.text == denial && follows.into_iter().any(|word| objects.contains(&word.text.as_str()))
    })
}

/// "Change the time", "another day", "the name is wrong".
fn change_in(said: &[Word], step: Step) -> Option<Part> {
    let wants = says(
        said,
        &[
            "change",
            "different",
            "another",
            "wrong",
            "correct",
            "incorrect",
            "misspelled",
            "spelled",
        ],
    ) || says_of(
        said,
        "not",
        &["name", "number", "day", "date", "time", "right", "correct"],
    ) || says(said, &["off"])
        || (step == Step::Correct && said.len() <= 5);
    let parts: [(&[&str], Part); 5] = [
        (&["service", "services"], Part::Service),
        (&["day", "date"], Part::Day),
        (&["time", "hour"], Part::Time),
        (&["name", "spelling"], Part::Name),
        (&["phone", "number", "telephone"], Part::Phone),
    ];
    if !wants {
        return None;
    }
    parts
        .into_iter()
        .find(|(words, _)| says(said, words))
        .map(|(_, part)| part)
}
