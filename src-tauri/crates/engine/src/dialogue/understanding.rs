//! What was understood of an utterance, in intents and slots: the conversation's own reading, named for people and for the suite that
//! measures it (`tests/fixtures/understanding`).
//!
//! Nothing is decided here that the conversation does not decide by the same [`Utterance`]; this only gives it names. Pure, any thread.

mod intents;
mod slots;

use frontdesk_company::CompanyProfile;
use jiff::civil::Date;

use super::booking::{Errand, Step, agreement, asks_for_open_times};
use super::caller::phone_in;
use super::knowledge::TextSource;
use super::lexicon::{Concept, terms_of};
use super::utterance::Utterance;
use super::values::{TimeWanted, times_in};
use super::wishes::{Asked, Extreme, ReadPart, Wish, settled};
use super::words::{Word, join_letters};

pub use intents::Intent;
pub use slots::{DayPart, Slots};

/// What the receptionist asked just before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AskedFor {
    /// Nothing in particular.
    #[default]
    Nothing,
    /// The caller's name.
    Name,
    /// The caller's telephone number.
    Phone,
    /// What is to be done.
    Service,
    /// The day of an appointment.
    Day,
    /// The time of an appointment.
    Time {
        /// On this day.
        day: Date,
    },
    /// Whether an appointment that was read back is right.
    Confirmation,
    /// Whether there is anything else.
    AnythingElse,
}

impl AskedFor {
    /// The step of an appointment that asks for it; none where no value is waited for.
    pub(crate) fn step(self) -> Option<Step> {
        match self {
            Self::Name => Some(Step::Name),
            Self::Phone => Some(Step::Phone),
            Self::Service => Some(Step::Service),
            Self::Day => Some(Step::Day),
            Self::Time { .. } => Some(Step::Time),
            Self::Confirmation => Some(Step::Confirm),
            Self::Nothing | Self::AnythingElse => None,
        }
    }
}

/// What was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Understanding {
    /// What the caller wants, in the order of [`Intent`]; empty when nothing was understood.
    pub intents: Vec<Intent>,
    /// The values that were told.
    pub slots: Slots,
}

impl Understanding {
    /// Names what was read.
    pub(crate) fn of(utterance: &Utterance, asked: AskedFor, profile: &CompanyProfile, today: Date) -> Self {
        let mut intents = Reader { utterance, asked }.intents();
        settle(&mut intents);
        Self {
            intents,
            slots: slots::slots(utterance, asked, profile, today),
        }
    }
}

/// What an utterance wants when nothing in particular was asked for.
pub(crate) fn wanted(utterance: &Utterance) -> Vec<Intent> {
    let asked = AskedFor::Nothing;
    let mut intents = Reader { utterance, asked }.wanted();
    settle(&mut intents);
    intents
}

/// Every intent once, in order; politeness gives way to the rest.
fn settle(intents: &mut Vec<Intent>) {
    intents.sort_unstable();
    intents.dedup();
    if intents.iter().any(|intent| !intent.is_courtesy()) {
        intents.retain(|intent| !intent.is_courtesy());
    }
}

struct Reader<'a> {
    utterance: &'a Utterance,
    asked: AskedFor,
}

impl Reader<'_> {
    fn intents(&self) -> Vec<Intent> {
        // "Hmm, you know what, make that half past eight": there is something that it replaces.
        if self.asked == AskedFor::AnythingElse && self.takes_back() {
            return vec![Intent::Correct];
        }
        if self.asked == AskedFor::AnythingElse
            && let Some(answered) = self.anything_else()
        {
            return answered;
        }
        match self.asked.step().is_none() {
            true => self.wanted(),
            false => self.answered(),
        }
    }

    /// Nothing was asked for: an errand of the calendar, with what is asked beside it, or whatever is wished for.
    fn wanted(&self) -> Vec<Intent> {
        let utterance = self.utterance;
        let replaces = replaces(&utterance.told) && self.gives_value();
        if let Some(errand) = utterance.errand {
            let mut found = vec![match of_errand(errand) {
                Intent::Book if utterance.asks_open_times => Intent::Availability,
                wants => wants,
            }];
            found.extend(utterance.later.iter().map(|later| of_errand(later.errand)));
            found.extend(of_wishes(&utterance.asked_parts));
            return found;
        }
        if replaces {
            return vec![Intent::Correct];
        }
        let mut found = of_wishes(&utterance.parts);
        if found.is_empty() || found == [Intent::OutOfScope] {
            let heard = &utterance.heard;
            if heard.name.is_some() || heard.phone.is_some() || heard.email.is_some() || heard.code.is_some() {
                return vec![Intent::Give];
            }
        }
        if found.is_empty() {
            found.extend(agreement(&utterance.said).map(|agreed| if agreed { Intent::Yes } else { Intent::No }));
        }
        found
    }

    /// The answer to "anything else?", when it is a plain one.
    fn anything_else(&self) -> Option<Vec<Intent>> {
        let utterance = self.utterance;
        let ends = has(&utterance.said, &[Concept::Goodbye, Concept::No, Concept::Thanks]);
        let nothing = utterance
            .said
            .first()
            .is_some_and(|word| matches!(word.text.as_str(), "no" | "nope" | "nah" | "nothing"));
        let rest: Vec<Intent> = match utterance.errand {
            Some(_) => self.wanted(),
            None => of_wishes(&utterance.parts)
                .into_iter()
                .filter(|intent| !intent.is_courtesy())
                .collect(),
        };
        let agreed = agreement(&utterance.said);
        // "No, I believe we've covered it."
        let is_wish = |intent: &Intent| {
            *intent != Intent::OutOfScope && !(nothing && matches!(intent, Intent::Policy | Intent::NeverMind))
        };
        if rest.iter().any(is_wish) {
            // "Yes, where do I park?": the yes says no more than the question.
            return Some(rest);
        }
        match agreed {
            Some(true) if !has(&utterance.said, &[Concept::Goodbye]) => Some(vec![Intent::Yes]),
            // "That's everything" says that there is nothing else, "take care, bye" no more than goodbye.
            _ if nothing => Some(vec![Intent::No]),
            None | Some(true) if takes_leave(&utterance.said) && !has(&utterance.said, &[Concept::No]) => {
                Some(vec![Intent::Goodbye])
            }
            None if has(&utterance.said, &[Concept::Thanks]) && !has(&utterance.said, &[Concept::No]) => {
                Some(vec![Intent::Thanks])
            }
            _ if ends || agreed == Some(false) => Some(vec![Intent::No]),
            _ => None,
        }
    }

    /// Something was asked for: it is given, corrected, agreed to or refused, or something else is wished for.
    fn answered(&self) -> Vec<Intent> {
        let utterance = self.utterance;
        let heard = &utterance.heard;
        if matches!(utterance.wished.as_slice(), [Wish::Repeat]) {
            return vec![Intent::Repeat];
        }
        if matches!(utterance.wished.as_slice(), [Wish::Wait]) && !self.gives_value() {
            return vec![Intent::Wait];
        }
        if heard.gives_up {
            return vec![Intent::NeverMind];
        }
        let mut found = of_wishes(&utterance.asked_parts);
        let confirms = self.asked == AskedFor::Confirmation;
        match utterance.errand {
            Some(Errand::Move) if !confirms => found.push(Intent::Move),
            Some(Errand::Cancel) => found.push(Intent::Cancel),
            _ => {}
        }
        if !found.is_empty() && !self.gives_value() && heard.changes.is_none() {
            found.extend(self.consent_beside());
            return found;
        }
        let agreed = agreement(&utterance.told);
        let corrects = replaces(&utterance.told) || heard.changes.is_some() || self.goes_back();
        if found
            .iter()
            .any(|intent| matches!(intent, Intent::Move | Intent::Cancel))
        {
            return found;
        }
        if self.gives_value() || heard.changes.is_some() {
            found.push(
                if asks_for_open_times(&utterance.told) && is_question(&utterance.told) && !corrects {
                    Intent::Availability
                } else if self.asked == AskedFor::Phone && heard.email.is_some() {
                    // "I'd rather give you my e-mail" answers in another way.
                    Intent::Give
                } else if corrects || (confirms && agreed != Some(true)) {
                    Intent::Correct
                } else if confirms {
                    Intent::Yes
                } else {
                    Intent::Give
                },
            );
            return found;
        }
        if asks_for_open_times(&utterance.told) && is_question(&utterance.told) {
            return vec![Intent::Availability];
        }
        let wished = of_wishes(&utterance.parts);
        let is_act = |intent: &Intent| {
            matches!(
                intent,
                Intent::Message
                    | Intent::Person
                    | Intent::Robot
                    | Intent::Abuse
                    | Intent::Lookup
                    | Intent::NeverMind
                    | Intent::Wait
            )
        };
        if wished.iter().any(is_act) {
            return wished.into_iter().filter(is_act).collect();
        }
        match agreed {
            Some(true) => found.push(Intent::Yes),
            Some(false) => found.push(Intent::No),
            None if found.is_empty() && self.asked == AskedFor::Service && !is_question(&utterance.said) => {
                found.push(Intent::Give);
            }
            None if found.is_empty() => return wished,
            None => {}
        }
        found
    }

    /// "Yes please, and how long will it take?"
    fn consent_beside(&self) -> Option<Intent> {
        let told = &self.utterance.told;
        // "Before I say yes" is none.
        let waits = told.iter().any(|word| word.text == "before");
        let answers = self.asked == AskedFor::Confirmation && !told.is_empty() && !waits;
        agreement(told)
            .filter(|_| answers)
            .map(|agreed| if agreed { Intent::Yes } else { Intent::No })
    }

    /// Something else in place of what was booked just before, and no second appointment.
    fn takes_back(&self) -> bool {
        let Utterance { said, errand, .. } = self.utterance;
        let second = said
            .iter()
            .any(|word| matches!(word.text.as_str(), "too" | "also" | "another" | "other" | "second"));
        let heard = &self.utterance.heard;
        let valued = heard.days.is_some() || heard.name.is_some() || !heard.named.is_empty();
        let tells = valued || phone_in(said).is_some() || time_in(said);
        replaces(said) && tells && *errand != Some(Errand::Cancel) && !second
    }

    /// What was told before is told again, and not what is asked for: "I want Monday, not Wednesday" in place of a name.
    fn goes_back(&self) -> bool {
        let heard = &self.utterance.heard;
        let (service, day, time) = (!heard.named.is_empty(), heard.days.is_some(), heard.time.is_some());
        let name = heard.name.is_some();
        match self.asked {
            AskedFor::Service => (name || heard.phone.is_some()) && !service,
            AskedFor::Day => service && !day,
            AskedFor::Time { .. } => (service || day) && !time,
            AskedFor::Name => (service || day || time) && !name,
            AskedFor::Phone => (service || day || time || name) && heard.phone.is_none() && heard.digits.len() < 3,
            _ => false,
        }
    }

    /// A value for an appointment stands in what was told.
    fn gives_value(&self) -> bool {
        let heard = &self.utterance.heard;
        let pieces = self.asked == AskedFor::Phone && heard.digits.len() >= 3;
        heard.has_value() || heard.name.is_some() || !heard.named.is_empty() || heard.code.is_some() || pieces
    }
}

fn of_errand(errand: Errand) -> Intent {
    match errand {
        Errand::Book => Intent::Book,
        Errand::Move => Intent::Move,
        Errand::Cancel => Intent::Cancel,
        Errand::Find => Intent::Lookup,
    }
}

/// The intents of what the parts wish for together.
fn of_wishes(parts: &[ReadPart]) -> Vec<Intent> {
    let held = settled(parts);
    let of_part = |part: &ReadPart| -> Vec<Intent> {
        // These are put together with their like.
        let joins = |wish: &Wish| {
            matches!(
                wish,
                Wish::Services { .. } | Wish::AllServices { .. } | Wish::WhichService { .. }
            )
        };
        let stays = |wish: &&Wish| held.contains(wish) || joins(wish);
        part.wishes
            .iter()
            .filter(stays)
            .flat_map(|wish| of_wish(wish, part))
            .collect()
    };
    // "I need four tires, what do they cost?" asks for the price alone.
    let is_fact = |intent: &Intent| matches!(intent, Intent::Price | Intent::Duration);
    let priced = parts.iter().flat_map(of_part).any(|intent| is_fact(&intent));
    parts
        .iter()
        .flat_map(|part| {
            let stated = priced && !is_question(&part.words);
            of_part(part)
                .into_iter()
                .filter(move |intent| !(stated && *intent == Intent::Services))
        })
        .collect()
}

fn of_wish(wish: &Wish, part: &ReadPart) -> Vec<Intent> {
    let one = match wish {
        Wish::Services { asked, .. } | Wish::AllServices { asked } | Wish::WhichService { asked } => {
            return of_facts(*asked);
        }
        // "I need my windshield replaced" wants work, "do you do windshields?" asks about it.
        Wish::UnknownService(asked) if asked.nothing() && !is_question(&part.words) => Intent::Book,
        Wish::UnknownService(asked) => return of_facts(*asked),
        Wish::Affordable { .. } => Intent::Price,
        Wish::Compare { extreme, .. } => match extreme {
            Extreme::Cheapest | Extreme::Dearest => Intent::Price,
            Extreme::Quickest | Extreme::Longest => Intent::Duration,
        },
        // A common question about the facts of a service.
        Wish::Text(text) if matches!(text.source, TextSource::Question(_)) && !part.services.is_empty() => {
            return if part.asked.nothing() {
                vec![Intent::Policy]
            } else {
                of_facts(part.asked)
            };
        }
        Wish::Hours { .. } | Wish::OpenNow => Intent::Hours,
        Wish::Location => Intent::Location,
        Wish::Phone | Wish::Email | Wish::Contact => Intent::Contact,
        // "Do you sell motorcycles?" asks what is offered, whatever the answer is.
        Wish::Unknown if part.words.iter().any(|word| word.text == "sell") => Intent::Services,
        Wish::Text(_) | Wish::Unknown | Wish::Identity => Intent::Policy,
        Wish::Abilities => Intent::Services,
        Wish::Booking(_) if asks_for_open_times(&part.words) => Intent::Availability,
        Wish::Booking(_) => Intent::Book,
        Wish::ChangeBooking(_) => Intent::Move,
        Wish::LookUp => Intent::Lookup,
        Wish::CallBack => Intent::Message,
        Wish::Human => Intent::Person,
        Wish::Robot => Intent::Robot,
        Wish::Repeat => Intent::Repeat,
        Wish::Wait => Intent::Wait,
        Wish::NeverMind => Intent::NeverMind,
        Wish::Abuse => Intent::Abuse,
        Wish::Thanks => Intent::Thanks,
        Wish::Goodbye => Intent::Goodbye,
        Wish::Greeting | Wish::Wellbeing => Intent::Greet,
        Wish::OutOfScope | Wish::Clock => Intent::OutOfScope,
        Wish::Unclear => return Vec::new(),
    };
    vec![one]
}

fn of_facts(asked: Asked) -> Vec<Intent> {
    let facts = [(asked.price, Intent::Price), (asked.duration, Intent::Duration)];
    let found: Vec<Intent> = facts
        .into_iter()
        .filter(|(asked, _)| *asked)
        .map(|(_, intent)| intent)
        .collect();
    if found.is_empty() {
        vec![Intent::Services]
    } else {
        found
    }
}

fn has(said: &[Word], concepts: &[Concept]) -> bool {
    terms_of(&join_letters(said.to_vec()))
        .iter()
        .any(|term| term.concept.is_some_and(|concept| concepts.contains(&concept)))
}

/// A time after "make it" or "at".
fn time_in(said: &[Word]) -> bool {
    times_in(said, &[], false)
        .iter()
        .any(|found| matches!(found.value, TimeWanted::At(_)))
}

/// "Bye" in one of its forms.
fn takes_leave(said: &[Word]) -> bool {
    said.iter()
        .any(|word| matches!(word.text.as_str(), "bye" | "goodbye" | "ciao"))
}

/// Words before what replaces something.
const REPLACING: &[&[&str]] = &[
    &["no"],
    &["nope"],
    &["not"],
    &["sorry", "i", "meant"],
    &["i", "meant"],
    &["i", "mean"],
    &["i", "said"],
    &["correction"],
    &["scratch", "that"],
    &["rather"],
    &["actually"],
    &["oops"],
    &["my", "mistake"],
    &["make", "it"],
    &["make", "that"],
    &["change", "it"],
    &["change", "that"],
    &["on", "second", "thought"],
    &["instead"],
    &["wrong"],
    &["except"],
    &["should", "be"],
    &["gave", "you", "the", "wrong"],
    &["gave", "you", "my", "old"],
    &["did", "i", "say"],
    &["i", "told", "you"],
];

/// What may stand before a correction.
fn is_opening(text: &str) -> bool {
    matches!(
        text,
        "oh" | "uh"
            | "um"
            | "wait"
            | "sorry"
            | "hold"
            | "hang"
            | "on"
            | "okay"
            | "ok"
            | "well"
            | "so"
            | "hmm"
            | "yeah"
            | "and"
            | "but"
            | "ah"
    )
}

/// Whether the words begin with something that replaces what was told before.
fn replaces(said: &[Word]) -> bool {
    // "Tuesday, no, Thursday" corrects itself and is one answer, and "it will not start" denies nothing.
    let opening = said.iter().take_while(|word| is_opening(&word.text)).count();
    let said = &said[opening..];
    let text = |at: usize| said.get(at).map_or("", |word| word.text.as_str());
    // "No rush at all", "nothing's wrong with it" deny nothing.
    if matches!(
        (text(0), text(1)),
        ("no", "rush" | "hurry" | "problem" | "worries" | "idea") | ("nothing", _)
    ) {
        return false;
    }
    REPLACING.iter().any(|lead| {
        let anywhere = lead.len() > 1 || matches!(lead[0], "rather" | "instead" | "wrong" | "except");
        let reach = if anywhere { 12 } else { 1 };
        // "… the brakes, I mean" at the end explains.
        let before_end = match *lead {
            ["i", "mean"] => said.len().saturating_sub(1),
            _ => said.len(),
        };
        said[..before_end]
            .windows(lead.len())
            .take(reach)
            .any(|window| window.iter().zip(*lead).all(|(word, text)| word.text == *text))
    })
}

fn is_question(said: &[Word]) -> bool {
    let asking = |word: &Word| {
        matches!(
            word.text.as_str(),
            "do" | "does"
                | "is"
                | "are"
                | "what"
                | "when"
                | "how"
                | "which"
                | "can"
                | "could"
                | "any"
                | "anything"
                | "have"
        )
    };
    said.iter().any(|word| word.asks) || said.iter().take(3).any(asking)
}
