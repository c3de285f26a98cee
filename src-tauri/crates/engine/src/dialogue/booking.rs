//! An appointment in the making: what is known of it, what is asked next, and when the calendar is asked.
//!
//! A deterministic state machine over values. It never says that something is done: a [`claims::Done`](super::claims::Done) does, which
//! only a function's result makes. Before anything is changed all values are read back, and the caller says yes. Pure, any thread.

mod asking;
mod availability;
mod change;
mod errand_words;
mod finding;
mod heard;
mod intent;
mod lookup;
mod requests;
mod sentences;
mod several;
mod slots;

use frontdesk_company::CompanyProfile;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use super::caller::{Details, consent};
use super::claims::{Deed, Done};
use super::facts::in_sentence;
use super::knowledge::Knowledge;
use super::number_pieces::NumberPieces;
use super::utterance::Utterance;
use super::values::{Days, TimeWanted};
use super::wording::{Occasion, Wording};
use super::words::Word;
use super::{FunctionOutcome, FunctionRequest, ToolOffer};
use finding::Goal;
use sentences::moment;
use slots::Taken;

pub(crate) use finding::minutes_on;
pub(crate) use heard::Heard;
pub(crate) use intent::{asks, asks_for_open_times, errand_in, is_about_rules};
pub(crate) use requests::offers_errand;
pub(crate) use several::{LaterErrand, replaces_appointment, several_in};

/// What the caller wants of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Errand {
    /// A new appointment.
    Book,
    /// Another time for an appointment.
    Move,
    /// An appointment that is not needed any more.
    Cancel,
    /// When the caller's appointments are.
    Find,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Service,
    Day,
    Time,
    Name,
    Phone,
    /// The confirmation number.
    Number,
    /// Is all of this right?
    Confirm,
    /// What is wrong with it?
    Correct,
}

/// What words are read with.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    /// The company.
    pub knowledge: &'a Knowledge,
    /// The date on its calendar.
    pub today: Date,
}

/// What an appointment needs besides itself.
pub(crate) struct Scene<'a> {
    /// The company.
    pub knowledge: &'a Knowledge,
    /// Functions that may be called.
    pub offers: &'a [ToolOffer],
    /// The present moment.
    pub now: Timestamp,
    /// What is known of the caller.
    pub details: &'a mut Details,
    /// For everything that is said.
    pub wording: &'a mut Wording,
}

impl Scene<'_> {
    fn profile(&self) -> &CompanyProfile {
        &self.knowledge.profile
    }

    fn clock(&self) -> DateTime {
        self.profile().time_zone.rules().to_datetime(self.now)
    }
}

/// What follows from an utterance or an outcome.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Turn {
    /// Say this and wait for the answer.
    Say(String),
    /// Ask the calendar first.
    Call(FunctionRequest),
    /// The calendar has done it.
    Done {
        /// The claim.
        told: String,
        /// The appointment, for a change in the same call.
        kept: Option<KnownAppointment>,
    },
    /// The calendar has told of these appointments.
    Told {
        /// The words.
        told: String,
        /// The appointments, in order of time.
        known: Vec<KnownAppointment>,
    },
    /// It cannot be done here.
    Failed {
        /// Why, in words.
        told: String,
        /// What the caller wanted, for a message.
        reason: String,
    },
    /// The caller does not want it any more.
    Dropped,
    /// It was no answer to what was asked.
    NoAnswer,
}

/// An appointment that was made or told of in this call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KnownAppointment {
    /// The confirmation number; a calendar need not tell it to whoever asks for an appointment.
    number: Option<String>,
    service: Option<usize>,
    start: Option<DateTime>,
}

impl KnownAppointment {
    /// The same appointment with the number that was told before, where the calendar does not tell it again.
    pub fn with_number_of(mut self, before: &[Self]) -> Self {
        let same = |known: &&Self| self.start.is_some() && known.start == self.start && known.service == self.service;
        let number = before.iter().find(same).and_then(|known| known.number.clone());
        self.number = self.number.or(number);
        self
    }

    /// The one that is meant: the only one that it can be, or the one whose service is named. The day that is named must be its own when it
    /// is to be cancelled.
    pub fn meant<'k>(known: &'k [Self], errand: Errand, heard: &Heard) -> Option<&'k Self> {
        let on_day = |one: &Self| {
            let date = one.start.map(DateTime::date);
            heard
                .days
                .is_none_or(|days| date.is_some_and(|date| (days.first..=days.last).contains(&date)))
        };
        // The day of a move is the new one.
        let possible: Vec<&Self> = known
            .iter()
            .filter(|one| errand != Errand::Cancel || on_day(one))
            .collect();
        let named: Vec<&Self> = possible
            .iter()
            .copied()
            .filter(|one| one.service.is_some_and(|service| heard.named.contains(&service)))
            .collect();
        match (possible.as_slice(), named.as_slice()) {
            ([one], _) | (_, [one]) => Some(one),
            _ => None,
        }
    }
}

/// What the calendar has been asked.
#[derive(Clone, Debug, PartialEq)]
enum Waiting {
    Free(FunctionRequest, Goal),
    Appointments(FunctionRequest),
    Done(FunctionRequest),
}

/// How often one thing is asked for before a message is offered instead.
const TRIES: u8 = 3;

/// Digits of a confirmation number.
const CONFIRMATION_DIGITS: std::ops::RangeInclusive<usize> = 6..=8;

/// How often a confirmation number may turn out wrong.
const WRONG_NUMBERS: u8 = 2;

/// An appointment in the making.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Booking {
    errand: Errand,
    /// What the caller wants with the appointment that is looked up.
    then: Option<Errand>,
    service: Option<usize>,
    /// When the appointment begins that is to be moved or cancelled, as far as the calendar has told it.
    begins: Option<DateTime>,
    /// Services that were named where one is needed.
    candidates: Vec<usize>,
    days: Option<Days>,
    time: Option<TimeWanted>,
    /// The start that was found to be free, or that the caller took from an offer.
    chosen: Option<DateTime>,
    offered: Vec<DateTime>,
    /// The confirmation number.
    number: Option<String>,
    /// The number came from the calendar with the time of the appointment, and not from the caller.
    number_is_known: bool,
    wrong_numbers: u8,
    /// The number that is asked for, while it is told in pieces.
    pieces: NumberPieces,
    email: Option<String>,
    step: Step,
    tries: u8,
    waiting: Option<Waiting>,
    /// Said before the next question.
    preface: String,
}

impl Booking {
    /// Begins with what was said. `topic` are the services that the talk was about; `known` is the appointment of this call.
    pub fn start(
        errand: Errand,
        utterance: &Utterance,
        topic: &[usize],
        known: Option<&KnownAppointment>,
        scene: &mut Scene<'_>,
    ) -> (Self, Turn) {
        let known = known.filter(|_| matches!(errand, Errand::Move | Errand::Cancel));
        let mut booking = Self {
            errand,
            then: None,
            service: known.and_then(|known| known.service),
            begins: known.and_then(|known| known.start),
            candidates: Vec::new(),
            days: None,
            time: None,
            chosen: None,
            offered: Vec::new(),
            number: known.and_then(|known| known.number.clone()),
            number_is_known: known.is_some_and(|known| known.number.is_some()),
            wrong_numbers: 0,
            pieces: NumberPieces::default(),
            email: None,
            step: Step::Service,
            tries: 0,
            waiting: None,
            preface: String::new(),
        };
        booking.apply(&utterance.heard, &utterance.told, scene);
        if errand == Errand::Book
            && booking.service.is_none()
            && booking.candidates.is_empty()
            && let [only] = topic
        {
            booking.service = Some(*only);
        }
        let turn = booking.advance(scene);
        (booking, turn)
    }

    /// The service, once it is known.
    pub fn service(&self) -> Option<usize> {
        self.service
    }

    /// What it is about.
    pub fn errand(&self) -> Errand {
        self.errand
    }

    /// What is asked for.
    pub fn step(&self) -> Step {
        self.step
    }

    /// True when the words want one more appointment for other work, and not another one instead.
    pub fn is_joined_by(&self, utterance: &Utterance) -> bool {
        let says = |texts: &[&str]| utterance.told.iter().any(|word| texts.contains(&word.text.as_str()));
        let other = self
            .service
            .is_some_and(|service| !utterance.heard.named.is_empty() && !utterance.heard.named.contains(&service));
        let opens = utterance.told.iter().take(2).any(|word| word.text == "and");
        let adds = opens || says(&["also", "too", "another", "additionally"]);
        let replaces = says(&["no", "not", "instead", "rather", "actually", "change", "switch"]);
        let wants = (self.errand, utterance.errand) == (Errand::Book, Some(Errand::Book));
        wants && other && adds && !replaces
    }

    /// True when the words agree to what was read back.
    pub fn is_agreed_by(&self, said: &[Word]) -> bool {
        self.step == Step::Confirm && consent(said) == Some(true)
    }

    /// True while the calendar has been asked for what nobody but it can tell.
    pub fn awaits_word(&self) -> bool {
        matches!(self.waiting, Some(Waiting::Done(_) | Waiting::Appointments(_)))
    }

    /// True while a change of the calendar is under way: what becomes of it is not known.
    pub fn awaits_change(&self) -> bool {
        matches!(self.waiting, Some(Waiting::Done(_)))
    }

    /// The appointment as a reason for a message.
    pub fn reason(&self, scene: &Scene<'_>) -> String {
        let service = self.service_name(scene).map(in_sentence);
        let at = |time: Option<DateTime>, joint: &str| {
            time.map(|time| format!(" {joint} {}", moment(time)))
                .unwrap_or_default()
        };
        let what = service.unwrap_or_else(|| "an appointment".to_owned());
        let (begins, chosen) = (at(self.begins, "on"), self.chosen);
        match self.then.unwrap_or(self.errand) {
            Errand::Book => format!("wants to book {what}{}", at(chosen, "on")),
            Errand::Move => format!("wants to move {what}{begins}{}", at(chosen, "to")),
            Errand::Cancel => format!("wants to cancel {what}{begins}"),
            Errand::Find => "wants to know when an appointment is".to_owned(),
        }
    }

    fn service_name<'s>(&self, scene: &'s Scene<'_>) -> Option<&'s str> {
        let service = scene.knowledge.service(self.service?)?;
        Some(service.name.as_str())
    }

    /// Takes what the caller told, read as an answer to [`step`](Self::step). `asks` tells that something was asked beside it: then what is no answer is not held against the caller.
    pub fn take(&mut self, utterance: &Utterance, asks: bool, scene: &mut Scene<'_>) -> Turn {
        if self.awaits_word() {
            self.tries += 1;
            return match self.tries {
                TRIES.. => self.failed(Occasion::CalendarFailed, scene),
                _ => Turn::Say(scene.wording.next(Occasion::StillChecking)),
            };
        }
        self.waiting = None;
        let (said, heard) = (&utterance.told[..], &utterance.heard);
        if heard.gives_up {
            return Turn::Dropped;
        }
        let agreed = agreement(said);
        if let Some(turn) = self.pick(heard, scene) {
            self.tries = 0;
            return turn;
        }
        match self.apply(heard, said, scene) {
            Taken::Changed => {
                self.tries = 0;
                return self.advance(scene);
            }
            Taken::Same if self.step != Step::Confirm => return self.advance(scene),
            _ => {}
        }
        if self.step == Step::Number && lookup::is_without_number(said) {
            return self.without_number(scene);
        }
        if let Some(part) = heard.changes {
            return self.reopen(part, scene);
        }
        if asks {
            return Turn::NoAnswer;
        }
        match self.consented(agreed, scene) {
            Some(turn) => turn,
            None => self.again(scene),
        }
    }

    /// Goes to what is still missing.
    fn advance(&mut self, scene: &mut Scene<'_>) -> Turn {
        match self.errand {
            Errand::Book => self.advance_new(scene),
            Errand::Move | Errand::Cancel => self.advance_change(scene),
            Errand::Find => self.advance_find(scene),
        }
    }

    fn advance_new(&mut self, scene: &mut Scene<'_>) -> Turn {
        if self.service.is_none() {
            return self.ask(Step::Service, scene);
        }
        if self.chosen.is_none() {
            return self.find_time(scene);
        }
        self.ask_person(true, true, scene)
            .unwrap_or_else(|| self.ask(Step::Confirm, scene))
    }

    /// Yes or no, to an offer or to the read-back.
    fn consented(&mut self, agreed: Option<bool>, scene: &mut Scene<'_>) -> Option<Turn> {
        match (self.step, agreed?) {
            (Step::Confirm, true) => Some(self.carry_out(scene)),
            (Step::Confirm, false) if self.errand == Errand::Cancel => Some(Turn::Dropped),
            (Step::Confirm, false) => Some(self.ask(Step::Correct, scene)),
            (Step::Time, true) => {
                let [only] = self.offered.as_slice() else {
                    return None;
                };
                let only = *only;
                self.choose(only);
                Some(self.advance(scene))
            }
            (Step::Time, false) if !self.offered.is_empty() => {
                self.forget_time();
                Some(self.ask(Step::Day, scene))
            }
            (Step::Number, false) => Some(self.without_number(scene)),
            (Step::Name | Step::Phone, false) => Some(Turn::Dropped),
            _ => None,
        }
    }

    /// Asks the calendar to do it: the values were read back and agreed to.
    fn carry_out(&mut self, scene: &mut Scene<'_>) -> Turn {
        match self.deed_request(scene) {
            Some(request) => {
                self.tries = 0;
                self.waiting = Some(Waiting::Done(request.clone()));
                Turn::Call(request)
            }
            None => self.failed(Occasion::CalendarFailed, scene),
        }
    }

    /// What the calendar has answered; none when the outcomes are not what was asked for.
    pub fn outcome(&mut self, outcomes: &[FunctionOutcome<'_>], scene: &mut Scene<'_>) -> Option<Turn> {
        let (Waiting::Free(request, _) | Waiting::Appointments(request) | Waiting::Done(request)) =
            self.waiting.as_ref()?;
        let same =
            |outcome: &&FunctionOutcome<'_>| outcome.name == request.name && outcome.arguments == request.arguments;
        let output = outcomes.iter().find(same)?.output;
        match self.waiting.take()? {
            Waiting::Free(_, goal) => Some(self.found(output, goal, scene)),
            Waiting::Appointments(_) => Some(self.looked_up(output, scene)),
            Waiting::Done(_) => Some(self.carried_out(output, scene)),
        }
    }

    fn carried_out(&mut self, output: &str, scene: &mut Scene<'_>) -> Turn {
        let deed = match self.errand {
            Errand::Book => Deed::Booked,
            Errand::Move => Deed::Moved,
            Errand::Cancel => Deed::Cancelled,
            // Looking something up does nothing.
            Errand::Find => return self.failed(Occasion::CalendarFailed, scene),
        };
        if let Some(done) = Done::read(deed, output) {
            let what = match deed {
                Deed::Booked => self.summary(scene),
                _ => self
                    .chosen
                    .map(|time| format!("on {}", moment(time)))
                    .unwrap_or_default(),
            };
            let number = done.number().map(str::to_owned).or_else(|| self.number.clone());
            let kept = number
                .filter(|_| deed != Deed::Cancelled)
                .map(|number| KnownAppointment {
                    number: Some(number),
                    service: self.service,
                    start: self.chosen,
                });
            return Turn::Done {
                told: done.told(&what, scene.wording),
                kept,
            };
        }
        self.refused(output, scene)
    }
}

/// Yes or no to what was read back or offered.
pub(crate) fn agreement(said: &[Word]) -> Option<bool> {
    consent(said).or_else(|| orders(said).then_some(true))
}

/// "Book it", "do it": as good as a yes.
fn orders(said: &[Word]) -> bool {
    said.len() <= 5
        && said.windows(2).any(|two| {
            matches!(two[0].text.as_str(), "book" | "do" | "cancel" | "move" | "take")
                && matches!(two[1].text.as_str(), "it" | "that")
        })
        && !said.iter().any(|word| word.text == "not")
}
