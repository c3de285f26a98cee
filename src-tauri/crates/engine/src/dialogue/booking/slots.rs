//! What was heard becomes values of the appointment: new ones, corrections, pieces of numbers, and choices among offered times. Pure.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

use super::heard::{Heard, Pick};
use super::sentences::moment;
use super::{Booking, CONFIRMATION_DIGITS, Errand, Scene, Step, Turn, finding};
use crate::dialogue::caller::Details;
use crate::dialogue::number_pieces::{Collected, PHONE_DIGITS};
use crate::dialogue::spoken_numbers::digit_runs;
use crate::dialogue::values::{Days, TimeWanted};
use crate::dialogue::wording::Occasion;
use crate::dialogue::words::Word;

/// Whether an utterance gave values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    Nothing,
    /// Nothing new.
    Same,
    Changed,
}

impl Booking {
    /// The caller takes one of the offered times, or none of them.
    pub(super) fn pick(&mut self, heard: &Heard, scene: &mut Scene<'_>) -> Option<Turn> {
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
            Pick::Nth(at) => self.take_offer(*self.offered.get(at)?, scene),
            Pick::Last => self.take_offer(*self.offered.last()?, scene),
            Pick::Earlier => self.look_within(first?.date(), 0, minute(first?)),
            Pick::Later => self.look_within(last?.date(), minute(last?) + 1, 24 * 60),
            Pick::Other => {
                self.forget_time();
                return Some(self.ask(Step::Day, scene));
            }
        }
        Some(self.advance(scene))
    }

    fn take_offer(&mut self, time: DateTime, scene: &mut Scene<'_>) {
        self.preface = scene.wording.filled(Occasion::TimeNoted, &moment(time));
        self.choose(time);
    }

    /// "Next Tuesday … no, Thursday": a bare day of the week lies in the week that is talked about, where that is still to come.
    fn in_same_week(&self, days: Days, bare_weekday: bool, scene: &Scene<'_>) -> Days {
        let known = self.days.filter(|_| bare_weekday && days.is_one()).and_then(|known| {
            let monday = known.first.weekday().to_monday_zero_offset();
            let wanted = days.first.weekday().to_monday_zero_offset();
            known.first.checked_add(i32::from(wanted - monday).days()).ok()
        });
        known
            .filter(|date| *date > scene.clock().date())
            .map_or(days, Days::one)
    }

    fn look_within(&mut self, date: Date, from: u16, until: u16) {
        self.forget_time();
        self.days = Some(Days::one(date));
        self.time = Some(TimeWanted::Within { from, until });
    }

    pub(super) fn forget_time(&mut self) {
        self.days = None;
        self.time = None;
        self.chosen = None;
        self.offered.clear();
    }

    pub(super) fn choose(&mut self, time: DateTime) {
        self.days = Some(Days::one(time.date()));
        self.time = Some(finding::at(time));
        self.chosen = Some(time);
        self.offered.clear();
    }

    /// Takes all values of an utterance.
    pub(super) fn apply(&mut self, heard: &Heard, said: &[Word], scene: &mut Scene<'_>) -> Taken {
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

    fn apply_time(&mut self, heard: &Heard, scene: &mut Scene<'_>) {
        if heard.days.is_none() && heard.time.is_none() {
            return;
        }
        let offered = self.offered_match(heard);
        if let Some(time) = offered {
            return self.take_offer(time, scene);
        }
        if let (Some(chosen), None, Some(TimeWanted::At(wish))) = (self.chosen, heard.days, heard.time)
            && finding::minutes_on(wish, chosen.date(), scene.profile()) == finding::minutes_of(chosen)
        {
            return;
        }
        if let Some(days) = heard
            .days
            .map(|days| self.in_same_week(days, heard.bare_weekday, scene))
        {
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
        if let Collected::Whole(phone) = self.pieces.add(&heard.digits, PHONE_DIGITS) {
            details.phone = Some(phone);
        }
    }

    fn apply_number(&mut self, heard: &Heard, said: &[Word]) {
        if !matches!(self.errand, Errand::Move | Errand::Cancel) {
            return;
        }
        let whole = digit_runs(said)
            .into_iter()
            .map(|run| run.digits)
            .find(|digits| CONFIRMATION_DIGITS.contains(&digits.len()));
        let whole = heard.code.clone().or(whole);
        if whole.is_some() && (self.number.is_none() || self.step != Step::Phone) {
            self.pieces.clear();
            self.number_is_known &= whole == self.number;
            self.number = whole;
            return;
        }
        if self.step != Step::Number || heard.digits.is_empty() {
            return;
        }
        if let Collected::Whole(number) = self.pieces.add(&heard.digits, CONFIRMATION_DIGITS) {
            self.number = Some(number);
            self.number_is_known = false;
        }
    }
}
