//! An appointment in the making: what is known of it, what is asked next, and when the calendar is asked.
//!
//! A deterministic state machine over values. It never says that something is done: a [`claims::Done`](super::claims::Done) does, which
//! only a function's result makes. Before anything is changed all values are read back, and the caller says yes. Pure, any thread.

mod availability;
mod change;
mod finding;
mod heard;
mod intent;
mod requests;
mod sentences;

use frontdesk_company::CompanyProfile;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use super::caller::{Details, consent};
use super::claims::{Deed, Done};
use super::facts::{in_sentence, listed};
use super::knowledge::Knowledge;
use super::spoken_numbers::{FEWEST_PHONE_DIGITS, MOST_PHONE_DIGITS, digit_runs, grouped};
use super::values::{Days, TimeWanted};
use super::wording::{Occasion, Wording};
use super::words::Word;
use super::{FunctionOutcome, FunctionRequest, ToolOffer};
use finding::Goal;
use heard::{Heard, Part, Pick};
use sentences::{choice, digits_apart, moment};

pub(crate) use intent::{errand_in, split};
pub(crate) use requests::offers_errand;

/// What the caller wants of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Errand {
    /// A new appointment.
    Book,
    /// Another time for an appointment.
    Move,
    /// An appointment that is not needed any more.
    Cancel,
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

    /// The date on the company's calendar.
    pub fn today(&self) -> Date {
        self.profile().date_of(self.now)
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

/// An appointment that was made in this call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KnownAppointment {
    number: String,
    service: Option<usize>,
}

/// What the calendar has been asked.
#[derive(Clone, Debug, PartialEq)]
enum Waiting {
    Free(FunctionRequest, Goal),
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
    service: Option<usize>,
    /// Services that were named where one is needed.
    candidates: Vec<usize>,
    days: Option<Days>,
    time: Option<TimeWanted>,
    /// The start that was found to be free, or that the caller took from an offer.
    chosen: Option<DateTime>,
    offered: Vec<DateTime>,
    /// The confirmation number.
    number: Option<String>,
    wrong_numbers: u8,
    /// Digits of a number that is told in pieces.
    pieces: String,
    email: Option<String>,
    step: Step,
    tries: u8,
    waiting: Option<Waiting>,
    /// Said before the next question.
    preface: String,
}

/// Whether an utterance gave values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    Nothing,
    /// Nothing new.
    Same,
    Changed,
}

impl Booking {
    /// Begins with what was said. `topic` are the services that the talk was about; `known` is the appointment of this call.
    pub fn start(
        errand: Errand,
        said: &[Word],
        topic: &[usize],
        known: Option<&KnownAppointment>,
        scene: &mut Scene<'_>,
    ) -> (Self, Turn) {
        let known = known.filter(|_| errand != Errand::Book);
        let mut booking = Self {
            errand,
            service: known.and_then(|known| known.service),
            candidates: Vec::new(),
            days: None,
            time: None,
            chosen: None,
            offered: Vec::new(),
            number: known.map(|known| known.number.clone()),
            wrong_numbers: 0,
            pieces: String::new(),
            email: None,
            step: Step::Service,
            tries: 0,
            waiting: None,
            preface: String::new(),
        };
        let heard = Heard::of(said, Step::Service, scene);
        booking.apply(&heard, said, scene);
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

    /// True while a change of the calendar is under way: what becomes of it is not known.
    pub fn awaits_change(&self) -> bool {
        matches!(self.waiting, Some(Waiting::Done(_)))
    }

    /// The appointment as a reason for a message.
    pub fn reason(&self, scene: &Scene<'_>) -> String {
        let service = self.service_name(scene).map(in_sentence);
        let when = self
            .chosen
            .map(|time| format!(" on {}", moment(time)))
            .unwrap_or_default();
        let what = service.unwrap_or_else(|| "an appointment".to_owned());
        match self.errand {
            Errand::Book => format!("wants to book {what}{when}"),
            Errand::Move => format!("wants to move an appointment{when}"),
            Errand::Cancel => "wants to cancel an appointment".to_owned(),
        }
    }

    fn service_name<'s>(&self, scene: &'s Scene<'_>) -> Option<&'s str> {
        let service = scene.knowledge.service(self.service?)?;
        Some(service.name.as_str())
    }

    /// Takes what the caller told. `asks` tells that something was asked beside it: then what is no answer is not held against the caller.
    pub fn take(&mut self, said: &[Word], asks: bool, scene: &mut Scene<'_>) -> Turn {
        if self.awaits_change() {
            self.tries += 1;
            return match self.tries {
                TRIES.. => self.failed(Occasion::CalendarFailed, scene),
                _ => Turn::Say(scene.wording.next(Occasion::StillChecking)),
            };
        }
        self.waiting = None;
        let heard = Heard::of(said, self.step, scene);
        if heard.gives_up {
            return Turn::Dropped;
        }
        let agreed = consent(said).or_else(|| orders(said).then_some(true));
        if let Some(turn) = self.pick(&heard, scene) {
            self.tries = 0;
            return turn;
        }
        match self.apply(&heard, said, scene) {
            Taken::Changed => {
                self.tries = 0;
                return self.advance(scene);
            }
            Taken::Same if self.step != Step::Confirm => return self.advance(scene),
            _ => {}
        }
        if let Some(part) = heard.changes {
            return self.reopen(part, scene);
        }
        if let Some(turn) = self.consented(agreed, scene).filter(|_| !asks) {
            return turn;
        }
        if asks { Turn::NoAnswer } else { self.again(scene) }
    }

    /// The caller takes one of the offered times, or none of them.
    fn pick(&mut self, heard: &Heard, scene: &mut Scene<'_>) -> Option<Turn> {
        if self.step != Step::Time && self.step != Step::Confirm {
            return None;
        }
        let any = heard.time == Some(TimeWanted::Any) && heard.days.is_none();
        let pick = heard.pick.or(any.then_some(Pick::Nth(0)))?;
        let bounds = self.offered.first().copied().or(self.chosen);
        let (first, last) = (bounds, self.offered.last().copied().or(self.chosen));
        let minute =
            |time: DateTime| u16::try_from(i32::from(time.hour()) * 60 + i32::from(time.minute())).unwrap_or_default();
        match pick {
            Pick::Nth(at) => self.choose(*self.offered.get(at)?),
            Pick::Last => self.choose(*self.offered.last()?),
            Pick::Earlier => self.look_within(first?.date(), 0, minute(first?)),
            Pick::Later => self.look_within(last?.date(), minute(last?) + 1, 24 * 60),
            Pick::Other => {
                self.forget_time();
                return Some(self.ask(Step::Day, scene));
            }
        }
        Some(self.advance(scene))
    }

    fn look_within(&mut self, date: Date, from: u16, until: u16) {
        self.forget_time();
        self.days = Some(Days::one(date));
        self.time = Some(TimeWanted::Within { from, until });
    }

    fn forget_time(&mut self) {
        self.days = None;
        self.time = None;
        self.chosen = None;
        self.offered.clear();
    }

    fn choose(&mut self, time: DateTime) {
        self.days = Some(Days::one(time.date()));
        self.time = Some(finding::at(time));
        self.chosen = Some(time);
        self.offered.clear();
    }

    /// Takes all values of an utterance.
    fn apply(&mut self, heard: &Heard, said: &[Word], scene: &mut Scene<'_>) -> Taken {
        let before = (self.clone(), scene.details.clone());
        self.apply_service(heard);
        self.apply_time(heard, scene);
        scene.details.name = heard.name.clone().or(scene.details.name.take());
        self.apply_phone(heard, scene.details);
        self.apply_number(heard, said);
        self.email = heard.email.clone().or(self.email.take());
        if before != (self.clone(), scene.details.clone()) {
            Taken::Changed
        } else if heard.has_value() || heard.name.is_some() {
            Taken::Same
        } else {
            Taken::Nothing
        }
    }

    fn apply_service(&mut self, heard: &Heard) {
        if self.errand != Errand::Book {
            return;
        }
        let named = match (heard.services.as_slice(), self.service) {
            ([], _) => return,
            ([one], _) => *one,
            // "Not an oil change, a brake repair."
            (many, Some(before)) if heard.corrects => match many.iter().rev().find(|service| **service != before) {
                Some(other) => *other,
                None => return,
            },
            (_, Some(_)) => return,
            (many, None) => {
                self.candidates = many.to_vec();
                return;
            }
        };
        if self.service != Some(named) {
            self.service = Some(named);
            self.candidates.clear();
            // Another service takes another time.
            self.chosen = None;
            self.offered.clear();
        }
    }

    fn apply_time(&mut self, heard: &Heard, scene: &Scene<'_>) {
        if heard.days.is_none() && heard.time.is_none() {
            return;
        }
        let offered = self.offered_match(heard);
        if let Some(time) = offered {
            return self.choose(time);
        }
        if let (Some(chosen), None, Some(TimeWanted::At(wish))) = (self.chosen, heard.days, heard.time)
            && finding::minutes_on(wish, chosen.date(), scene.profile()) == finding::minutes_of(chosen)
        {
            return;
        }
        if let Some(days) = heard.days {
            if self.days == Some(days) && heard.time.is_none() && self.chosen.is_some() {
                return;
            }
            self.days = Some(days);
        }
        self.time = heard.time.or(self.time);
        self.chosen = None;
        self.offered.clear();
    }

    /// The offered time that the words mean, when they mean exactly one.
    fn offered_match(&self, heard: &Heard) -> Option<DateTime> {
        let fits = |time: &&DateTime| {
            let on_day = heard
                .days
                .is_none_or(|days| (days.first..=days.last).contains(&time.date()));
            let at_time = match heard.time {
                None => true,
                Some(TimeWanted::At(wish)) => finding::may_mean(wish, **time),
                Some(TimeWanted::Within { from, until }) => (from..until).contains(&finding::minutes_of(**time)),
                Some(_) => false,
            };
            on_day && at_time
        };
        let mut fitting = self.offered.iter().filter(fits);
        let first = fitting.next().copied()?;
        fitting.next().is_none().then_some(first)
    }

    fn apply_phone(&mut self, heard: &Heard, details: &mut Details) {
        if let Some(phone) = &heard.phone {
            self.pieces.clear();
            details.phone = Some(phone.clone());
            return;
        }
        if self.step != Step::Phone || heard.digits.is_empty() {
            return;
        }
        self.pieces.push_str(&heard.digits);
        match self.pieces.trim_start_matches('+').len() {
            digits if digits > MOST_PHONE_DIGITS => self.pieces.clear(),
            digits if digits >= FEWEST_PHONE_DIGITS => details.phone = Some(std::mem::take(&mut self.pieces)),
            _ => {}
        }
    }

    fn apply_number(&mut self, heard: &Heard, said: &[Word]) {
        if self.errand == Errand::Book {
            return;
        }
        let whole = digit_runs(said)
            .into_iter()
            .map(|run| run.digits)
            .find(|digits| CONFIRMATION_DIGITS.contains(&digits.len()));
        if whole.is_some() && (self.number.is_none() || self.step != Step::Phone) {
            self.pieces.clear();
            self.number = whole;
            return;
        }
        if self.step != Step::Number || heard.digits.is_empty() {
            return;
        }
        self.pieces.push_str(&heard.digits);
        match self.pieces.len() {
            digits if CONFIRMATION_DIGITS.contains(&digits) => self.number = Some(std::mem::take(&mut self.pieces)),
            digits if digits > *CONFIRMATION_DIGITS.end() => self.pieces.clear(),
            _ => {}
        }
    }

    /// Goes to what is still missing.
    fn advance(&mut self, scene: &mut Scene<'_>) -> Turn {
        match self.errand {
            Errand::Book => self.advance_new(scene),
            Errand::Move | Errand::Cancel => self.advance_change(scene),
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

    /// Asks for the name or the number when they are needed and not known.
    fn ask_person(&mut self, name: bool, phone: bool, scene: &mut Scene<'_>) -> Option<Turn> {
        if name && scene.details.name.is_none() {
            return Some(self.ask(Step::Name, scene));
        }
        (phone && scene.details.phone.is_none()).then(|| self.ask(Step::Phone, scene))
    }

    fn ask(&mut self, step: Step, scene: &mut Scene<'_>) -> Turn {
        if self.step != step {
            self.tries = 0;
        }
        self.step = step;
        let question = self.question(scene);
        let preface = std::mem::take(&mut self.preface);
        Turn::Say(format!("{preface} {question}").trim().to_owned())
    }

    /// What is open, asked again or for the first time.
    pub fn question(&self, scene: &mut Scene<'_>) -> String {
        match self.step {
            Step::Service if !self.candidates.is_empty() => {
                let names: Vec<String> = self
                    .candidates
                    .iter()
                    .filter_map(|at| scene.knowledge.service(*at))
                    .map(|service| in_sentence(&service.name))
                    .collect();
                scene.wording.filled(Occasion::WhichOfServices, &names.join(", or "))
            }
            Step::Service if self.tries > 0 => {
                let names: Vec<String> = scene
                    .profile()
                    .services
                    .iter()
                    .map(|service| in_sentence(&service.name))
                    .collect();
                scene.wording.filled(Occasion::ServicesToBook, &listed(&names))
            }
            Step::Service => scene.wording.next(Occasion::AskService),
            Step::Day if self.errand == Errand::Move => scene.wording.next(Occasion::AskNewDay),
            Step::Day => scene.wording.next(Occasion::AskDay),
            Step::Time => match self.offered.as_slice() {
                [] => scene.wording.next(Occasion::AskTime),
                [one] => scene.wording.filled(Occasion::OfferOne, &moment(*one)),
                many => scene.wording.filled(Occasion::OfferSome, &choice(many)),
            },
            Step::Name => scene.wording.next(Occasion::AskName),
            Step::Phone if self.pieces.is_empty() => scene.wording.next(Occasion::AskPhone),
            Step::Phone => scene
                .wording
                .filled(Occasion::AskRestOfPhone, &digits_apart(&self.pieces)),
            Step::Number if self.pieces.is_empty() => scene.wording.next(Occasion::AskConfirmation),
            Step::Number => scene
                .wording
                .filled(Occasion::AskRestOfPhone, &digits_apart(&self.pieces)),
            Step::Confirm => self.read_back(scene),
            Step::Correct => scene.wording.next(Occasion::AskChange),
        }
    }

    fn read_back(&self, scene: &mut Scene<'_>) -> String {
        let what = self.summary(scene);
        let occasion = match self.errand {
            Errand::Book => Occasion::ConfirmBooking,
            Errand::Move => Occasion::ConfirmMove,
            Errand::Cancel => Occasion::ConfirmCancel,
        };
        scene.wording.filled(occasion, &what)
    }

    /// All values in one phrase: "oil change on Tuesday, December 1 at 2:30 PM, for Anna Carter, phone number 555-014-2367".
    fn summary(&self, scene: &Scene<'_>) -> String {
        let when = self
            .chosen
            .map(|time| format!("on {}", moment(time)))
            .unwrap_or_default();
        let name = scene
            .details
            .name
            .as_ref()
            .map(|name| format!(", for {name}"))
            .unwrap_or_default();
        let number = self.number.as_deref().map(digits_apart).unwrap_or_default();
        match self.errand {
            Errand::Book => {
                let service = self.service_name(scene).map(in_sentence).unwrap_or_default();
                let phone = scene.details.phone.as_deref().map(grouped).unwrap_or_default();
                format!("{service} {when}{name}, phone number {phone}")
            }
            Errand::Move => format!(
                "the appointment with confirmation number {number}{name}, to {}",
                when.trim_start_matches("on ")
            ),
            Errand::Cancel => format!("the appointment with confirmation number {number}{name}"),
        }
    }

    /// Yes or no, to an offer or to the read-back.
    fn consented(&mut self, agreed: Option<bool>, scene: &mut Scene<'_>) -> Option<Turn> {
        match (self.step, agreed?) {
            (Step::Confirm, true) => Some(self.carry_out(scene)),
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
            (Step::Number, false) => Some(self.failed(Occasion::NeedsConfirmation, scene)),
            (Step::Name | Step::Phone, false) => Some(Turn::Dropped),
            _ => None,
        }
    }

    /// Opens what the caller wants changed.
    fn reopen(&mut self, part: Part, scene: &mut Scene<'_>) -> Turn {
        self.tries = 0;
        match part {
            Part::Service if self.errand == Errand::Book => {
                self.service = None;
                self.candidates.clear();
                self.ask(Step::Service, scene)
            }
            Part::Day => {
                let time = self.time;
                self.forget_time();
                self.time = time.filter(|time| matches!(time, TimeWanted::At(_)));
                self.ask(Step::Day, scene)
            }
            Part::Time => {
                self.time = None;
                self.chosen = None;
                self.offered.clear();
                let known = self.days.is_some_and(Days::is_one);
                self.ask(if known { Step::Time } else { Step::Day }, scene)
            }
            Part::Name => {
                scene.details.name = None;
                self.ask(Step::Name, scene)
            }
            Part::Phone if self.errand != Errand::Book => {
                self.number = None;
                self.ask(Step::Number, scene)
            }
            Part::Phone => {
                scene.details.phone = None;
                self.ask(Step::Phone, scene)
            }
            Part::Service => self.again(scene),
        }
    }

    /// Asks once more, and offers a message when that does not help.
    fn again(&mut self, scene: &mut Scene<'_>) -> Turn {
        self.tries += 1;
        if self.tries >= TRIES {
            return self.failed(Occasion::StillNotUnderstood, scene);
        }
        let question = self.question(scene);
        let again = match self.step {
            Step::Phone if self.pieces.is_empty() => scene.wording.next(Occasion::AskPhoneAgain),
            Step::Name => scene.wording.next(Occasion::AskNameAgain),
            _ => format!("{} {question}", scene.wording.next(Occasion::NotCaught)),
        };
        Turn::Say(again)
    }

    fn failed(&self, occasion: Occasion, scene: &mut Scene<'_>) -> Turn {
        Turn::Failed {
            told: scene.wording.next(occasion),
            reason: self.reason(scene),
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
        let (Waiting::Free(request, _) | Waiting::Done(request)) = self.waiting.as_ref()?;
        let same =
            |outcome: &&FunctionOutcome<'_>| outcome.name == request.name && outcome.arguments == request.arguments;
        let output = outcomes.iter().find(same)?.output;
        match self.waiting.take()? {
            Waiting::Free(_, goal) => Some(self.found(output, goal, scene)),
            Waiting::Done(_) => Some(self.carried_out(output, scene)),
        }
    }

    fn carried_out(&mut self, output: &str, scene: &mut Scene<'_>) -> Turn {
        let deed = match self.errand {
            Errand::Book => Deed::Booked,
            Errand::Move => Deed::Moved,
            Errand::Cancel => Deed::Cancelled,
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
                    number,
                    service: self.service,
                });
            return Turn::Done {
                told: done.told(&what, scene.wording),
                kept,
            };
        }
        self.refused(output, scene)
    }
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
