//! Dates and sentences as people say them, and the nearest known word for a mistyped one.
//!
//! Pure functions on texts and dates, usable on any thread. English only, as the receptionist is.

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, Zoned};

use crate::calendar::{ClosedReason, OpeningStatus};
use crate::hours::ClockTime;
use crate::profile::CompanyProfile;

/// `Monday` to `Sunday`.
#[must_use]
pub fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// `January` to `December` for 1–12.
pub(crate) fn month(month: i8) -> &'static str {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    usize::try_from(month)
        .ok()
        .and_then(|number| MONTHS.get(number.checked_sub(1)?))
        .copied()
        .unwrap_or_default()
}

/// `December 25, 2026`.
pub(crate) fn date(date: Date) -> String {
    format!("{} {}, {}", month(date.month()), date.day(), date.year())
}

/// A moment as people name it today.
struct Moment {
    day: Day,
    /// `6:00 PM`.
    time: String,
}

/// The day of a moment, seen from now.
enum Day {
    Today,
    Tomorrow,
    /// `Monday, November 23`, with the year when it is another one.
    Later(String),
}

impl Moment {
    /// Both in the same time zone.
    fn seen_from(now: &Zoned, moment: &Zoned) -> Self {
        let (date, today) = (moment.date(), now.date());
        let day = if date == today {
            Day::Today
        } else if today.tomorrow().is_ok_and(|tomorrow| tomorrow == date) {
            Day::Tomorrow
        } else {
            let year = if date.year() == today.year() {
                String::new()
            } else {
                format!(", {}", date.year())
            };
            Day::Later(format!(
                "{}, {} {}{year}",
                weekday_name(date.weekday()),
                month(date.month()),
                date.day()
            ))
        };
        Self {
            day,
            time: ClockTime::of(moment.time()).readable(),
        }
    }

    /// What follows 'until'.
    fn after_until(&self) -> String {
        match &self.day {
            Day::Today => self.time.clone(),
            Day::Tomorrow => format!("tomorrow at {}", self.time),
            Day::Later(day) => format!("{day} at {}", self.time),
        }
    }

    /// What follows 'it opens'.
    fn after_verb(&self) -> String {
        match &self.day {
            Day::Today => format!("at {}", self.time),
            Day::Tomorrow => format!("tomorrow at {}", self.time),
            Day::Later(day) => format!("on {day} at {}", self.time),
        }
    }
}

impl CompanyProfile {
    /// A moment on the company's clocks as it is told to a customer: `Tuesday, November 24 at 9:00 AM`, with the year when it is not that
    /// of `now`. Always with the weekday: that is what people check.
    pub fn describe_moment(&self, moment: Timestamp, now: Timestamp) -> String {
        let zone = self.time_zone.rules();
        let (here, today) = (zone.to_datetime(moment), zone.to_datetime(now));
        let year = if here.year() == today.year() {
            String::new()
        } else {
            format!(", {}", here.year())
        };
        format!(
            "{}, {} {}{year} at {}",
            weekday_name(here.weekday()),
            month(here.month()),
            here.day(),
            ClockTime::of(here.time()).readable()
        )
    }

    /// Open or closed at `now`, until when and why, in sentences that can be spoken as they are.
    pub fn describe_status(&self, now: Timestamp) -> String {
        let here = now.to_zoned(self.time_zone.rules().clone());
        let name = &self.name;
        match self.status(now) {
            OpeningStatus::Open { until, holiday } => {
                let special = holiday
                    .map(|day| format!(" with special hours for {}", day.name))
                    .unwrap_or_default();
                match until {
                    Some(until) => {
                        format!(
                            "{name} is open now{special}, until {}.",
                            Moment::seen_from(&here, &until).after_until()
                        )
                    }
                    None => format!("{name} is open now{special}, around the clock."),
                }
            }
            OpeningStatus::Closed { until, reason, holiday } => {
                let because = match (holiday, reason) {
                    (Some(day), ClosedReason::AllDay) => format!("closed today for {}", day.name),
                    (None, ClosedReason::AllDay) => "closed today".to_owned(),
                    (Some(day), _) => format!("closed now, with special hours today for {}", day.name),
                    (None, ClosedReason::BeforeOpening) => "not open yet today".to_owned(),
                    (None, ClosedReason::Break) => "closed for a break".to_owned(),
                    (None, ClosedReason::AfterClosing) => "closed for today".to_owned(),
                };
                match until {
                    Some(opens) => {
                        format!(
                            "{name} is {because}. It opens {}.",
                            Moment::seen_from(&here, &opens).after_verb()
                        )
                    }
                    None => format!("{name} is {because}. No next opening is set."),
                }
            }
        }
    }
}

/// The known word that a mistyped one most likely means: at most a third of its letters differ.
pub(crate) fn closest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    /// Longest word that is compared; longer ones are no slips of the finger.
    const LIMIT: usize = 64;
    if word.chars().count() > LIMIT {
        return None;
    }
    let tolerance = word.chars().count().div_ceil(3);
    known
        .map(|candidate| (edits(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= tolerance)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance: insertions, deletions and replacements of one character each.
fn edits(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut previous: Vec<usize> = (0..=to.len()).collect();
    for (row, letter) in from.chars().enumerate() {
        let mut left = row + 1;
        let mut diagonal = row;
        for (above, other) in previous.iter_mut().skip(1).zip(&to) {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = *above;
            left = replaced.min(left + 1).min(diagonal + 1);
            *above = left;
        }
        if let Some(first) = previous.first_mut() {
            *first = row + 1;
        }
    }
    previous.last().copied().unwrap_or_default()
}
