//! From a wish for a time to a start that the calendar says is free: which window is asked about, and what of the answer is offered. Pure.

use frontdesk_company::CompanyProfile;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

use super::availability::{Availability, nearest, spread};
use super::sentences::{choice, day, moment};
use super::{Booking, Errand, Scene, Step, Turn, Waiting};
use crate::dialogue::calendar::TimeWish;
use crate::dialogue::values::{Days, TimeWanted};
use crate::dialogue::wording::Occasion;

const NOON: u16 = 12 * 60;
const DAY: u16 = 24 * 60;
/// Nobody wants an appointment before this minute unless the company is open then.
const FIRST_LIKELY: u16 = 7 * 60;
/// How far before a time that is taken others are looked for.
const HOURS_BEFORE: i32 = 3;
/// How far ahead the earliest time is looked for.
const DAYS_AHEAD: i32 = 14;
/// How long before closing the last times are looked for.
const LAST_HOURS: u16 = 4 * 60;

/// What a question to the calendar is for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Goal {
    /// Is this start free?
    Exact(DateTime),
    /// It is not: what is free before it? These are free after it.
    Around {
        wanted: DateTime,
        after: Vec<DateTime>,
        next: Option<DateTime>,
    },
    /// A choice of starts between these minutes of a day.
    Within { from: u16, until: u16 },
    /// The first.
    First,
    /// The last.
    Last,
}

/// A clock time as a wish.
pub(super) fn at(time: DateTime) -> TimeWanted {
    TimeWanted::At(TimeWish {
        minutes: minutes_of(time),
        certain: true,
    })
}

/// Minutes since midnight.
pub(super) fn minutes_of(time: DateTime) -> u16 {
    let (hour, minute) = (time.hour().unsigned_abs(), time.minute().unsigned_abs());
    u16::from(hour) * 60 + u16::from(minute)
}

/// Whether the wish can mean this time.
pub(super) fn may_mean(wish: TimeWish, time: DateTime) -> bool {
    let minutes = minutes_of(time);
    wish.minutes == minutes || (!wish.certain && (wish.minutes + NOON) % DAY == minutes)
}

/// The minute that is meant on a date: where the half of the day is open, the one in which the company is open.
pub(crate) fn minutes_on(wish: TimeWish, date: Date, profile: &CompanyProfile) -> u16 {
    let later = (wish.minutes + NOON) % DAY;
    let open = |minutes: u16| {
        let plan = profile.hours_on(date);
        plan.hours.intervals().iter().any(|hours| {
            hours.opens().minutes() <= minutes && (minutes < hours.closes().minutes() || hours.closes_next_day())
        })
    };
    let likely = if wish.minutes < FIRST_LIKELY {
        later
    } else {
        wish.minutes
    };
    match (wish.certain, open(wish.minutes), open(later)) {
        (true, ..) => wish.minutes,
        (false, true, true) => likely,
        (false, true, false) => wish.minutes,
        (false, false, true) => later,
        (false, false, false) => likely,
    }
}

/// A minute of a date; the minute after the last is the next midnight.
fn on(date: Date, minutes: u16) -> DateTime {
    date.at(0, 0, 0, 0).saturating_add(i64::from(minutes).minutes())
}

impl Booking {
    /// Asks the calendar about what is wanted, or the caller about what is missing for that.
    pub(super) fn find_time(&mut self, scene: &mut Scene<'_>) -> Turn {
        let now = scene.clock();
        let (window, goal) = match (self.days, self.time) {
            (None, Some(TimeWanted::Earliest)) => (
                (now, on(now.date(), DAY).saturating_add(DAYS_AHEAD.days())),
                Goal::First,
            ),
            (None, _) => return self.ask(Step::Day, scene),
            (Some(days), Some(TimeWanted::At(_))) if !days.is_one() => return self.ask(Step::Day, scene),
            (Some(days), Some(TimeWanted::At(wish))) => {
                let start = on(days.first, minutes_on(wish, days.first, scene.profile()));
                if start <= now {
                    self.preface = scene.wording.next(Occasion::TimeIsPast);
                    self.time = None;
                    ((now, on(days.last, DAY)), Goal::Within { from: 0, until: DAY })
                } else {
                    ((start, on(days.first, DAY)), Goal::Exact(start))
                }
            }
            (Some(days), wanted) => self.window(days, wanted, scene),
        };
        let (from, until) = (window.0.max(now), window.1);
        if from >= until {
            self.preface = scene.wording.next(Occasion::TimeIsPast);
            self.forget_time();
            return self.ask(Step::Day, scene);
        }
        self.look(from, until, goal, scene)
    }

    fn window(&self, days: Days, wanted: Option<TimeWanted>, scene: &Scene<'_>) -> ((DateTime, DateTime), Goal) {
        let whole = (on(days.first, 0), on(days.last, DAY));
        match wanted {
            Some(TimeWanted::Within { from, until }) => (
                (on(days.first, from), on(days.last, until)),
                Goal::Within { from, until },
            ),
            Some(TimeWanted::Earliest) => (whole, Goal::First),
            Some(TimeWanted::Latest) => {
                let hours = scene.profile().hours_on(days.last);
                let closes = hours
                    .hours
                    .intervals()
                    .last()
                    .map_or(DAY, |hours| hours.closes().minutes());
                ((on(days.last, closes.saturating_sub(LAST_HOURS)), whole.1), Goal::Last)
            }
            _ => (whole, Goal::Within { from: 0, until: DAY }),
        }
    }

    fn look(&mut self, from: DateTime, until: DateTime, goal: Goal, scene: &mut Scene<'_>) -> Turn {
        match self.availability_request(from, until, scene) {
            Some(request) => {
                self.waiting = Some(Waiting::Free(request.clone(), goal));
                Turn::Call(request)
            }
            None => self.failed(Occasion::CalendarFailed, scene),
        }
    }

    /// What the calendar has answered about free times.
    pub(super) fn found(&mut self, output: &str, goal: Goal, scene: &mut Scene<'_>) -> Turn {
        let Some(answer) = Availability::read(output, scene.profile().time_zone.rules()) else {
            return self.failed(Occasion::CalendarFailed, scene);
        };
        match goal {
            Goal::Exact(wanted) if answer.free.contains(&wanted) => {
                self.choose(wanted);
                self.preface = scene.wording.filled(Occasion::TimeIsFree, &moment(wanted));
                self.advance(scene)
            }
            Goal::Exact(wanted) => {
                self.preface = self.why_not(wanted, scene);
                let from = wanted
                    .saturating_sub(HOURS_BEFORE.hours())
                    .max(scene.clock())
                    .max(on(wanted.date(), 0));
                if answer.closed || from >= wanted {
                    let times = nearest(&answer.free, wanted);
                    return self.offer(times, answer.next, scene);
                }
                let goal = Goal::Around {
                    wanted,
                    after: answer.free,
                    next: answer.next,
                };
                self.look(from, wanted, goal, scene)
            }
            Goal::Around { wanted, after, next } => {
                let times = [answer.free, after].concat();
                self.offer(nearest(&times, wanted), next, scene)
            }
            Goal::Within { from, until } => {
                let inside = |time: &DateTime| (from..until).contains(&minutes_of(*time));
                let free: Vec<DateTime> = answer.free.into_iter().filter(inside).collect();
                if free.is_empty() {
                    self.explain_nothing(answer.closed, scene);
                }
                self.offer(spread(&free), answer.next, scene)
            }
            Goal::First | Goal::Last => {
                if answer.free.is_empty() {
                    self.explain_nothing(answer.closed, scene);
                }
                let picked = match goal {
                    Goal::First => answer.free.first(),
                    _ => answer.free.last(),
                };
                self.offer(picked.copied().into_iter().collect(), answer.next, scene)
            }
        }
    }

    /// Why the time that was wanted is not to be had: closed by the profile, or taken.
    fn why_not(&self, wanted: DateTime, scene: &mut Scene<'_>) -> String {
        let profile = &scene.knowledge.profile;
        let is_closed = profile.hours_on(wanted.date()).hours.is_closed();
        let moment_of = profile.moment_of(wanted.date(), wanted.time());
        let is_open = matches!(moment_of, frontdesk_company::WallClock::At(at) if profile.is_open(at));
        match (is_closed, is_open) {
            (true, _) => scene.wording.filled(Occasion::ClosedThen, &day(wanted.date())),
            (false, false) => scene.wording.filled(Occasion::ClosedThen, &moment(wanted)),
            (false, true) => scene.wording.filled(Occasion::TimeIsTaken, &moment(wanted)),
        }
    }

    fn explain_nothing(&mut self, closed: bool, scene: &mut Scene<'_>) {
        let when = match self.days {
            Some(days) if days.is_one() => day(days.first),
            _ => "those days".to_owned(),
        };
        // A part of a day may lie outside the hours of a day that is not closed.
        let one = self.days.filter(|days| days.is_one());
        let opens = one.is_some_and(|days| !scene.profile().hours_on(days.first).hours.is_closed());
        let part = matches!(self.time, Some(TimeWanted::Within { .. }));
        let why = match (closed && !opens, part && opens) {
            (true, _) => scene.wording.filled(Occasion::ClosedThen, &when),
            (false, true) => scene
                .wording
                .filled(Occasion::NothingFree, &format!("{when} at that time")),
            (false, false) => scene.wording.filled(Occasion::NothingFree, &when),
        };
        self.preface = format!("{} {why}", self.preface).trim().to_owned();
    }

    /// Offers these times, or the next one, or asks for another day.
    pub(super) fn offer(&mut self, times: Vec<DateTime>, next: Option<DateTime>, scene: &mut Scene<'_>) -> Turn {
        self.chosen = None;
        self.offered = if times.is_empty() {
            next.into_iter().collect()
        } else {
            times
        };
        let Some(first) = self.offered.first().copied() else {
            self.forget_time();
            if self.preface.is_empty() {
                self.preface = scene.wording.filled(Occasion::NothingFree, "those days");
            }
            return self.ask(Step::Day, scene);
        };
        if self.offered.iter().all(|time| time.date() == first.date()) {
            self.days = Some(Days::one(first.date()));
        }
        self.ask(Step::Time, scene)
    }

    /// A time for an appointment whose service is not known: only the opening hours can be looked at before the calendar decides.
    pub(super) fn take_time_unseen(&mut self, scene: &mut Scene<'_>) -> Option<Turn> {
        let (Some(days), time) = (self.days.filter(|days| days.is_one()), self.time) else {
            return Some(self.ask(Step::Day, scene));
        };
        let Some(TimeWanted::At(wish)) = time else {
            return Some(self.ask(Step::Time, scene));
        };
        let start = on(days.first, minutes_on(wish, days.first, scene.profile()));
        let profile = &scene.knowledge.profile;
        let open = matches!(profile.moment_of(start.date(), start.time()), frontdesk_company::WallClock::At(at) if profile.is_open(at));
        if start <= scene.clock() {
            self.preface = scene.wording.next(Occasion::TimeIsPast);
        } else if !open {
            self.preface = self.why_not(start, scene);
        } else {
            self.choose(start);
            return None;
        }
        self.forget_time();
        Some(self.ask(Step::Day, scene))
    }

    /// Whether free times can be looked up for this errand.
    pub(super) fn can_look(&self, scene: &Scene<'_>) -> bool {
        self.service.is_some() && super::offers_errand(scene.offers, Errand::Book)
    }

    /// Alternatives that the calendar named itself.
    pub(super) fn offer_instead(&mut self, times: Vec<DateTime>, scene: &mut Scene<'_>) -> Turn {
        let wanted = self.chosen.map(moment).unwrap_or_else(|| choice(&times));
        self.preface = scene.wording.filled(Occasion::TimeIsTaken, &wanted);
        self.offer(times, None, scene)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_half_of_the_day_follows_from_the_opening_hours() {
        let profile = frontdesk_company::sample().unwrap();
        let tuesday = date(2026, 12, 1);
        let open = |hour: u16| {
            let wish = TimeWish {
                minutes: hour * 60,
                certain: false,
            };
            minutes_on(wish, tuesday, &profile) / 60
        };
        assert_eq!([open(8), open(11), open(2), open(5), open(7)], [8, 11, 14, 17, 7]);
        let wish = TimeWish {
            minutes: 120,
            certain: true,
        };
        assert_eq!(minutes_on(wish, tuesday, &profile), 120, "what is certain stays");
    }
}
