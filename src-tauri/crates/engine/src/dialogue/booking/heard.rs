//! What an utterance holds for an appointment: service, day, time, name, number, a choice among offered times. Pure.
//!
//! A reading depends on what was asked: after "what time?" a "ten" is a time, after "your name?" it is not.

use super::errand_words::errand_word;
use super::{Errand, Setting, Step};
use crate::dialogue::caller::{digits_in, name_answered, name_led, name_volunteered, phone_in};
use crate::dialogue::knowledge::ServiceMatch;
use crate::dialogue::lexicon::{Concept, Term, terms_of};
use crate::dialogue::values::{
    Days, TimeWanted, code_in, days_in, email_in, holding, is_taken_back, letters_joined, pairs_joined, times_in,
};
use crate::dialogue::words::Word;
use crate::english::{MONTHS, WEEKDAYS, ordinal};

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
        let said = match step {
            Step::Name | Step::Phone | Step::Number => letters_joined(said),
            _ => pairs_joined(letters_joined(said)),
        };
        let said = &said[..];
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
            // "The name is Wallace, W, A, L, L, A, C, E" holds no AC.
            _ if name.is_some() && says(said, &["name"]) => Vec::new(),
            _ => named.clone(),
        };
        let names_value = names_value || !named.is_empty();
        // "Browne, with an E, people always forget the E."
        let answers_name = step == Step::Name
            && name.as_ref().is_some_and(|name| {
                let first = name.split([' ', '-']).next().unwrap_or_default().to_lowercase();
                said.first().is_some_and(|word| word.text == first)
            });
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
            gives_up: !names_value && !answers_name && terms.iter().any(|term| term.concept == Some(Concept::Never)),
        }
    }

    /// True when anything that an appointment or a message is asked for stands in it.
    pub fn tells(&self) -> bool {
        self.has_value()
            || self.name.is_some()
            || !self.named.is_empty()
            || self.code.is_some()
            || self.changes.is_some()
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
    // "Friday, December fourth" and "Friday the 4th" name the date beside it.
    let dated = said
        .iter()
        .any(|word| MONTHS.contains(&word.text.as_str()) || is_ordinal(&word.text));
    named && !dated && !says(said, &["tomorrow", "today", "this", "next", "coming", "week", "weeks"])
}

/// "4th", "fourth"; "twenty-first" ends in one.
fn is_ordinal(word: &str) -> bool {
    let number = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
        || (1..=31).any(|day| ordinal(day) == word)
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

pub(super) fn holds_any(said: &[Word], phrases: &[&[&str]]) -> bool {
    phrases.iter().any(|phrase| holds_phrase(said, phrase))
}

/// Whether the words of a phrase stand in a row.
fn holds_phrase(said: &[Word], phrase: &[&str]) -> bool {
    said.windows(phrase.len())
        .any(|window| window.iter().zip(phrase).all(|(word, text)| word.text == *text))
}

/// Words that say that something replaces what was told before.
fn corrects(said: &[Word]) -> bool {
    said.iter().any(|word| {
        matches!(
            word.text.as_str(),
            "actually" | "instead" | "rather" | "change" | "no" | "not" | "wrong" | "correction" | "make"
        )
    })
}

pub(super) fn says(said: &[Word], texts: &[&str]) -> bool {
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
