//! One utterance, read once: its parts, what each wishes for, what it tells for an appointment, and what it asks beside that.
//!
//! Everything that the conversation decides about an utterance is decided by this one reading, and so is what
//! [`Receptionist::understand`](super::Receptionist::understand) tells of it. Pure, any thread.

use super::booking::{Errand, Heard, LaterErrand, Setting, Step, asks, errand_in, replaces_appointment, several_in};
use super::wishes::{ReadPart, Topic, Wish, read, settled};
use super::words::Word;

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
}

impl Utterance {
    /// Reads the words as an answer to `step`; without an appointment that is [`Step::Service`]. `before` is what the talk is about.
    pub fn read(said: Vec<Word>, step: Step, before: &Topic, setting: Setting<'_>) -> Self {
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
