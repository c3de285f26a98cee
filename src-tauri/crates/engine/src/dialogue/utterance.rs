//! One utterance, read once: its parts, what each wishes for, what it tells for an appointment, and what it asks beside that.
//!
//! Everything that the conversation decides about an utterance is decided by this one reading, and so is what
//! [`Receptionist::understand`](super::Receptionist::understand) tells of it. Pure, any thread.

use super::booking::{
    Errand, Heard, LaterErrand, Setting, Step, asks, asks_for_open_times, errand_in, is_about_rules,
    replaces_appointment, several_in,
};
use super::lexicon::{Concept, terms_of};
use super::likeness::Likeness;
use super::understanding::{Intent, wanted};
use super::wishes::{ReadPart, Topic, Wish, read, read_as, settled};
use super::words::{Word, join_letters};

/// How far the likest intent must be ahead, in logarithms of likelihood, where the rules recognise no wish.
const LEAD_OVER_DOUBT: f32 = 0.4;

/// The same where something was asked for: what is no wish may be a strange answer.
const LEAD_OVER_QUESTION: f32 = 0.8;

/// The same where one of two wishes is a side of the other.
const LEAD_OVER_HALF: f32 = 0.8;

/// The same where the rules recognise another wish. They know less of how people talk than the examples do.
const LEAD_OVER_RULE: f32 = 0.2;

/// An utterance with everything that was read from it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Utterance {
    /// Its words.
    pub said: Vec<Word>,
    /// Its parts, in their order.
    pub parts: Vec<ReadPart>,
    /// Everything that it wishes for.
    pub wished: Vec<Wish>,
    /// What the talk is about after it.
    pub topic: Topic,
    /// The words that tell something for an appointment.
    pub told: Vec<Word>,
    /// The words that ask something else.
    pub asked: Vec<Word>,
    /// The parts that ask something else.
    pub asked_parts: Vec<ReadPart>,
    /// The values in what was told.
    pub heard: Heard,
    /// What it wants of the calendar, first of all.
    pub errand: Option<Errand>,
    /// What else it wants of the calendar.
    pub later: Vec<LaterErrand>,
    /// It asks which times are free rather than for one of them.
    pub asks_open_times: bool,
}

impl Utterance {
    /// Reads the words as an answer to `asked`; where nothing is asked for, as the beginning of an appointment or as any other wish.
    /// `before` is what the talk is about.
    pub fn read(said: Vec<Word>, asked: Option<Step>, before: &Topic, setting: Setting<'_>) -> Self {
        Self::by_rules(said, asked.unwrap_or(Step::Service), before, setting).or_likest(asked, before, setting)
    }

    /// What the words are most like, where that is clearly something else than what the rules made of them.
    fn or_likest(self, asked: Option<Step>, before: &Topic, setting: Setting<'_>) -> Self {
        let ruled = wanted(&self);
        if self.is_settled(&ruled) {
            return self;
        }
        let doubtful = self.errand.is_none() && self.wished.iter().all(Wish::is_doubtful);
        let lead = match asked {
            // Two wishes in words that are like one other wish are two halves of it.
            None if doubtful || ruled.len() > 1 => LEAD_OVER_DOUBT,
            None => LEAD_OVER_RULE,
            Some(_) if doubtful && !self.heard.tells() => LEAD_OVER_QUESTION,
            Some(_) => return self,
        };
        let joined: Vec<Vec<Word>> = self.parts.iter().map(|part| join_letters(part.words.clone())).collect();
        let stretches = joined
            .iter()
            .zip(&self.parts)
            .map(|(words, part)| (&words[..], &part.service_spans[..]));
        let likeness = Likeness::of(stretches);
        // "Are you booked up, or is there something left?" asks one thing in two ways.
        let half = || {
            let alone = likeness.alone_among(&ruled, LEAD_OVER_HALF)?;
            let side = match alone {
                Intent::Availability => Intent::Policy,
                Intent::Duration => Intent::Book,
                _ => return None,
            };
            let others = ruled.iter().all(|intent| *intent == alone || *intent == side);
            (asked.is_none() && others).then_some(alone)
        };
        match likeness.instead_of(&ruled, lead).or_else(half) {
            // "Thank you, goodbye" is either.
            Some(intent)
                if intent.is_courtesy() && !ruled.is_empty() && ruled.iter().all(|ruled| ruled.is_courtesy()) =>
            {
                self
            }
            // "Cancel that one and book me for Friday instead" is a move by its grammar, and to cancel takes more.
            Some(Intent::Cancel) if self.errand == Some(Errand::Move) => self,
            // "Do you offer parking?" is about the company, however much it sounds like a question for work.
            Some(Intent::Services) if self.wished == [Wish::Unknown] && names_topic(&self.said) => self,
            // "Do you offer financing?", where the profile says so: its own words answer better than the list of services.
            Some(Intent::Services | Intent::OutOfScope) if self.wished.iter().any(Wish::is_text) => self,
            Some(intent) if asked.is_none() || is_aside(intent) => self.read_as(intent, before, setting),
            _ => self,
        }
    }

    /// The rules are sure, or no example can know better: of answers there are none ("no, I believe we've covered it" among them), what waits
    /// for its turn was told by plain words, and "what if I cancel?" has its answer in the company's own.
    fn is_settled(&self, ruled: &[Intent]) -> bool {
        let answers = |intent: &Intent| matches!(intent, Intent::Give | Intent::Correct | Intent::Yes | Intent::No);
        let of_rules = self.wished.iter().any(Wish::is_text) && is_about_rules(&self.said);
        let refuses = self.said.first().is_some_and(|word| is_refusal(&word.text));
        let certain = self.parts.iter().flat_map(|part| &part.wishes).any(Wish::is_certain);
        ruled.iter().any(answers) || !self.later.is_empty() || of_rules || refuses || certain
    }

    /// The same words as a wish for `intent`.
    fn read_as(self, intent: Intent, before: &Topic, setting: Setting<'_>) -> Self {
        let errand = match intent {
            Intent::Book | Intent::Availability => Some(Errand::Book),
            Intent::Move => Some(Errand::Move),
            Intent::Cancel => Some(Errand::Cancel),
            _ => None,
        };
        let Some((part, topic)) = read_as(intent, &self.said, setting.today, setting.knowledge, before) else {
            return self;
        };
        let (told, asked_parts) = match errand {
            Some(_) => (self.said.clone(), Vec::new()),
            None => (Vec::new(), vec![part.clone()]),
        };
        Self {
            errand,
            asks_open_times: intent == Intent::Availability,
            heard: Heard::of(&told, Step::Service, setting),
            asked: asked_parts.iter().flat_map(|part| part.words.clone()).collect(),
            wished: part.wishes.clone(),
            parts: vec![part],
            topic,
            told,
            asked_parts,
            ..self
        }
    }

    fn by_rules(said: Vec<Word>, step: Step, before: &Topic, setting: Setting<'_>) -> Self {
        let (parts, topic) = read(&said, setting.today, setting.knowledge, before);
        let (mut asked_parts, told_parts): (Vec<ReadPart>, Vec<ReadPart>) =
            parts.iter().cloned().partition(|part| asks(part, step, setting));
        // "I need an oil change for under sixty dollars" wants the work and asks about its price.
        asked_parts.extend(told_parts.iter().filter(|part| part.holds_price_against()).cloned());
        let words = |parts: &[ReadPart]| parts.iter().flat_map(|part| part.words.clone()).collect::<Vec<Word>>();
        let (told, asked) = (words(&told_parts), words(&asked_parts));
        let heard = Heard::of(&told, step, setting);
        let told_wishes = settled(&told_parts);
        // "I need four tires, what do they cost?" asks for a price before anything is booked.
        let only_priced = asked_parts.iter().any(|part| !part.asked.nothing())
            && !heard.has_value()
            && !told_wishes.iter().any(|wish| matches!(wish, Wish::Booking(_)));
        let errand = errand_in(&told, &told_wishes, &heard).filter(|errand| *errand != Errand::Book || !only_priced);
        let errand = match replaces_appointment(&told, errand) {
            true => Some(Errand::Move),
            false => errand,
        };
        let several = errand
            .filter(|_| step == Step::Service)
            .and_then(|errand| several_in(&told, &heard, errand, setting));
        let (errand, heard, later) = match several {
            Some(several) => (Some(several.first), several.heard, several.later),
            None => (errand, heard, Vec::new()),
        };
        Self {
            asks_open_times: asks_for_open_times(&told),
            later,
            wished: settled(&parts),
            said,
            parts,
            topic,
            told,
            asked,
            asked_parts,
            heard,
            errand,
        }
    }

    /// Nothing that could be understood.
    pub fn unclear() -> Self {
        Self {
            wished: vec![Wish::Unclear],
            ..Self::default()
        }
    }
}

/// What may come in place of an answer to a question about an appointment.
fn is_aside(intent: Intent) -> bool {
    !intent.is_courtesy() && !matches!(intent, Intent::Book | Intent::Availability)
}

fn is_refusal(text: &str) -> bool {
    matches!(text, "no" | "nope" | "nah" | "nothing")
}

/// A topic that companies are asked about, and no work.
fn names_topic(said: &[Word]) -> bool {
    let terms = terms_of(&join_letters(said.to_vec()));
    let concepts = terms.iter().filter_map(|term| term.concept);
    concepts
        .into_iter()
        .any(|concept| matches!(concept, Concept::Topic(_)) && !concept.is_work())
}
