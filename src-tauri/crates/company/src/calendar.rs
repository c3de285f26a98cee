//! Opening hours on the time line: open or closed at an instant, until when, why, and when next.
//!
//! Pure arithmetic; the present moment is an input and no clock is read. Usable on any thread.
//!
//! # How wall clock becomes time
//! - A holiday's hours replace the weekly hours of its dates. A night that began the day before still runs to its end.
//! - A time that the clocks skip in spring means the moment of the change. A time that comes twice in autumn means the
//!   first one, for opening and for closing.
//! - Intervals that touch or overlap on the time line count as one stretch, also across midnight.

use jiff::civil::{Date, Time};
use jiff::tz::AmbiguousOffset;
use jiff::{Timestamp, ToSpan, Zoned};

use crate::holiday::{Holiday, HolidayDate};
use crate::hours::DayHours;
use crate::profile::CompanyProfile;

/// How many days a search looks ahead: past the longest holiday that a file may hold, and a month more.
const HORIZON_DAYS: i32 = Holiday::LONGEST_DAYS + 31;

/// Whether the company is open, until when, and why.
#[derive(Debug, Clone, PartialEq)]
pub enum OpeningStatus<'p> {
    /// Open now.
    Open {
        /// When it closes, in the company's zone; `None` when that is more than a year away (open around the clock).
        until: Option<Zoned>,
        /// The holiday whose special hours hold today.
        holiday: Option<&'p Holiday>,
    },
    /// Closed now.
    Closed {
        /// When it opens next, in the company's zone; `None` when it does not open for more than a year.
        until: Option<Zoned>,
        /// Why it is closed at this time of this day.
        reason: ClosedReason,
        /// The holiday that holds today.
        holiday: Option<&'p Holiday>,
    },
}

/// Why a company is closed, seen from the hours of the day itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClosedReason {
    /// It opens later on the same day.
    BeforeOpening,
    /// Between two intervals of the same day.
    Break,
    /// The last interval of the day is over.
    AfterClosing,
    /// It does not open on this day at all.
    AllDay,
}

/// What holds on one date.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DayPlan<'p> {
    /// The date.
    pub date: Date,
    /// Its hours: the holiday's where there is one, else the weekday's.
    pub hours: &'p DayHours,
    /// The holiday on that date.
    pub holiday: Option<&'p Holiday>,
}

/// A stretch of opening on the time line; the end is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// When it opens.
    pub opens: Timestamp,
    /// When it closes, later than it opens.
    pub closes: Timestamp,
}

/// What a time that somebody named is on the time line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WallClock {
    /// This moment; of a time that comes twice in autumn the first one.
    At(Timestamp),
    /// The clocks skip this time on that day, in spring.
    Skipped,
}

impl Stretch {
    fn contains(&self, at: Timestamp) -> bool {
        self.opens <= at && at < self.closes
    }
}

impl CompanyProfile {
    /// Whether the company is open at an instant. The closing minute itself is closed.
    pub fn is_open(&self, at: Timestamp) -> bool {
        let today = self.date_of(at);
        // A night lasts at most to the same time of the next day, so yesterday's intervals are all that can reach here.
        self.stretches_from(yesterday(today))
            .take_while(|stretch| stretch.opens <= at)
            .any(|stretch| stretch.contains(at))
    }

    /// Open or closed at `now`, until when and why.
    pub fn status(&self, now: Timestamp) -> OpeningStatus<'_> {
        let today = self.date_of(now);
        let holiday = self.holiday_on(today);
        if self.is_open(now) {
            OpeningStatus::Open {
                until: self.closing_after(now).map(|at| self.local(at)),
                holiday,
            }
        } else {
            OpeningStatus::Closed {
                until: self.next_opening(now),
                reason: self.closed_reason(now, today),
                holiday,
            }
        }
    }

    /// The hours that hold on a date, and the holiday that changes them.
    pub fn hours_on(&self, date: Date) -> DayPlan<'_> {
        let holiday = self.holiday_on(date);
        let hours = holiday.map_or_else(|| self.hours.on(date.weekday()), |day| &day.hours);
        DayPlan { date, hours, holiday }
    }

    /// The first moment after `after` at which the company goes from closed to open, in its own zone. While it is open
    /// that is the next opening after it has closed. `None` when there is none for more than a year.
    pub fn next_opening(&self, after: Timestamp) -> Option<Zoned> {
        let mut covered = None;
        for stretch in self.stretches_from(yesterday(self.date_of(after))) {
            if stretch.opens > after && covered.is_none_or(|until| stretch.opens > until) {
                return Some(self.local(stretch.opens));
            }
            covered = covered.max(Some(stretch.closes));
        }
        None
    }

    /// When the company is open between two instants, in order: stretches that touch or overlap are one, and none is cut at the bounds.
    /// Looks at most a year and a month ahead of `from`.
    pub fn stretches_between(&self, from: Timestamp, until: Timestamp) -> Vec<Stretch> {
        let mut joined: Vec<Stretch> = Vec::new();
        for stretch in self.stretches_from(yesterday(self.date_of(from))) {
            match joined.last_mut() {
                Some(last) if stretch.opens <= last.closes => last.closes = last.closes.max(stretch.closes),
                _ if stretch.opens >= until => break,
                _ => joined.push(stretch),
            }
        }
        joined.retain(|stretch| stretch.closes > from);
        joined
    }

    /// The moment that a date and a time on the company's clocks name.
    pub fn moment_of(&self, date: Date, time: Time) -> WallClock {
        let ambiguous = self.time_zone.rules().to_ambiguous_timestamp(date.to_datetime(time));
        match (ambiguous.offset(), ambiguous.compatible()) {
            (AmbiguousOffset::Gap { .. }, _) | (_, Err(_)) => WallClock::Skipped,
            (_, Ok(moment)) => WallClock::At(moment),
        }
    }

    /// The date that the company's calendar shows at an instant.
    pub fn date_of(&self, at: Timestamp) -> Date {
        self.time_zone.rules().to_datetime(at).date()
    }

    fn local(&self, at: Timestamp) -> Zoned {
        at.to_zoned(self.time_zone.rules().clone())
    }

    /// A dated holiday goes before one of every year: it is the more deliberate entry.
    fn holiday_on(&self, date: Date) -> Option<&Holiday> {
        let covering = || self.holidays.iter().filter(|holiday| holiday.covers(date));
        covering()
            .find(|holiday| matches!(holiday.date, HolidayDate::Once(_)))
            .or_else(|| covering().next())
    }

    /// When the stretch that contains `now` ends; `None` when it outlasts the horizon or `now` is closed.
    fn closing_after(&self, now: Timestamp) -> Option<Timestamp> {
        let first = yesterday(self.date_of(now));
        let mut closes: Option<Timestamp> = None;
        for stretch in self.stretches_from(first) {
            match closes {
                None if stretch.contains(now) => closes = Some(stretch.closes),
                None => {}
                Some(end) if stretch.opens > end => return Some(end),
                Some(end) => closes = Some(end.max(stretch.closes)),
            }
        }
        // No later opening is in sight: a real end, unless the stretch itself reaches the last day looked at.
        let last = first.saturating_add((HORIZON_DAYS - 1).days());
        closes.filter(|end| self.date_of(*end) < last)
    }

    fn closed_reason(&self, now: Timestamp, today: Date) -> ClosedReason {
        let mut stretches = self.stretches_on(today).peekable();
        if stretches.peek().is_none() {
            return ClosedReason::AllDay;
        }
        let (mut any_before, mut any_after) = (false, false);
        for stretch in stretches {
            any_before |= stretch.closes <= now;
            any_after |= stretch.opens > now;
        }
        match (any_before, any_after) {
            (false, _) => ClosedReason::BeforeOpening,
            (true, true) => ClosedReason::Break,
            (true, false) => ClosedReason::AfterClosing,
        }
    }

    /// The stretches of all days from `first` to the horizon, in the order in which they open.
    fn stretches_from(&self, first: Date) -> impl Iterator<Item = Stretch> {
        (0..HORIZON_DAYS)
            .map_while(move |day| first.checked_add(day.days()).ok())
            .flat_map(|date| self.stretches_on(date))
    }

    fn stretches_on(&self, date: Date) -> impl Iterator<Item = Stretch> {
        self.hours_on(date)
            .hours
            .intervals()
            .iter()
            .filter_map(move |interval| {
                let (opens, closes) = interval.minutes();
                let stretch = Stretch {
                    opens: self.instant(date, opens)?,
                    closes: self.instant(date, closes)?,
                };
                // An interval that the clocks skip altogether has no length.
                (stretch.opens < stretch.closes).then_some(stretch)
            })
    }

    /// The instant at which the company's clocks show `minutes` after the midnight that starts `date`. `None` only at
    /// the far ends of the calendar, where there is no next day or no such instant.
    fn instant(&self, date: Date, minutes: u16) -> Option<Timestamp> {
        let (days, minute_of_day) = (i32::from(minutes / 1440), minutes % 1440);
        let time = Time::midnight().checked_add(i32::from(minute_of_day).minutes()).ok()?;
        let wall = date.checked_add(days.days()).ok()?.to_datetime(time);
        let ambiguous = self.time_zone.rules().to_ambiguous_timestamp(wall);
        match ambiguous.offset() {
            AmbiguousOffset::Gap { .. } => {
                let before_the_change = ambiguous.earlier().ok()?;
                self.time_zone
                    .rules()
                    .following(before_the_change)
                    .next()
                    .map(|change| change.timestamp())
            }
            _ => ambiguous.compatible().ok(),
        }
    }
}

fn yesterday(date: Date) -> Date {
    date.yesterday().unwrap_or(date)
}
