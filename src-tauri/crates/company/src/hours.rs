//! Opening hours as the wall clock shows them: times, intervals, days and the week.
//!
//! Pure values, usable on any thread. No date and no time zone here; `calendar` brings them together.
//!
//! An interval belongs to the day on which it opens. One that runs past midnight stays a part of that day:
//! `friday = "18:00-2:00"` ends early on Saturday.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Time, Weekday};
use serde::{Deserialize, Serialize};

use crate::error::{Malformed, text_in_serde};
use crate::wording::weekday_name;

/// Minutes of a day on the wall clock.
const DAY: u16 = 24 * 60;

/// A time on the wall clock from 0:00 to 24:00, to the minute. 24:00 is the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClockTime(u16);

impl ClockTime {
    /// The minute in which a time of day lies.
    pub fn of(time: Time) -> Self {
        // jiff keeps hours in 0–23 and minutes in 0–59, so neither is ever negative.
        Self(u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs()))
    }

    /// Minutes since midnight, 0–1440.
    pub fn minutes(self) -> u16 {
        self.0
    }

    /// The time on the 12-hour clock: `8:00 AM`, `noon`, `midnight`.
    pub fn readable(self) -> String {
        let (hour, minute) = (self.0 / 60, self.0 % 60);
        match (hour, minute) {
            (0 | 24, 0) => "midnight".to_owned(),
            (12, 0) => "noon".to_owned(),
            (hour, minute) => {
                let half = if hour < 12 { "AM" } else { "PM" };
                let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
                format!("{hour}:{minute:02} {half}")
            }
        }
    }
}

impl FromStr for ClockTime {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed = |reason: &str| Malformed::new(text, reason);
        let number = |part: &str| {
            let short = matches!(part.len(), 1 | 2) && part.bytes().all(|byte| byte.is_ascii_digit());
            short.then(|| part.parse::<u16>().ok()).flatten()
        };
        let parts = text
            .split_once(':')
            .and_then(|(hour, minute)| Some((number(hour)?, number(minute)?, minute.len())));
        match parts {
            Some((hour, minute, 2)) if hour <= 24 && minute <= 59 && hour * 60 + minute <= DAY => {
                Ok(Self(hour * 60 + minute))
            }
            Some((_, minute, 2)) if minute > 59 => Err(malformed("minutes lie between 00 and 59")),
            Some((_, _, 2)) => Err(malformed("an hour must lie between 0:00 and 24:00")),
            _ => Err(malformed("write times on the 24-hour clock, such as 8:00 or 17:30")),
        }
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{:02}", self.0 / 60, self.0 % 60)
    }
}

text_in_serde!(ClockTime);

/// One stretch of opening, at most 24 hours long.
///
/// In the file and in serde: `"8:00-18:00"`. A closing time before the opening time means the next morning when the
/// company opens at noon or later and closes by 6:00 (`"18:00-2:00"`). Other such pairs are more often a slip
/// (`"8:00-6:00"` for six in the evening), so they must say it: `"20:00-8:00 next day"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Interval {
    /// Minutes after the midnight that starts the day.
    opens: u16,
    /// Minutes after the same midnight; above 1440 when it closes on the next day.
    closes: u16,
}

impl Interval {
    const NEXT_DAY: &str = "next day";
    const NIGHT_OPENS_FROM: u16 = 12 * 60;
    const NIGHT_CLOSES_BY: u16 = 6 * 60;

    /// When it opens, 0:00–23:59.
    pub fn opens(&self) -> ClockTime {
        ClockTime(self.opens)
    }

    /// When it closes, on the wall clock of the day on which it closes.
    pub fn closes(&self) -> ClockTime {
        ClockTime(if self.closes > DAY {
            self.closes - DAY
        } else {
            self.closes
        })
    }

    /// Whether it runs past midnight. Closing at midnight sharp does not.
    pub fn closes_next_day(&self) -> bool {
        self.closes > DAY
    }

    /// Opening and closing in minutes after the midnight that starts the day; the second is at most 2880.
    pub(crate) fn minutes(&self) -> (u16, u16) {
        (self.opens, self.closes)
    }

    /// `8:00 AM to 6:00 PM`; `all day` for the whole day.
    pub fn readable(&self) -> String {
        match (self.opens, self.closes) {
            (0, DAY) => "all day (24 hours)".to_owned(),
            (_, closes) if closes > DAY => {
                format!(
                    "{} to {} the next day",
                    self.opens().readable(),
                    self.closes().readable()
                )
            }
            _ => format!("{} to {}", self.opens().readable(), self.closes().readable()),
        }
    }

    fn is_night(opens: u16, closes: u16) -> bool {
        opens >= Self::NIGHT_OPENS_FROM && closes <= Self::NIGHT_CLOSES_BY
    }
}

impl FromStr for Interval {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed = |reason: String| Malformed::new(text, reason);
        let (times, says_next_day) = match text.trim().strip_suffix(Self::NEXT_DAY) {
            Some(times) => (times, true),
            None => (text, false),
        };
        let Some((opens, closes)) = times.split_once(['-', '–']) else {
            return Err(malformed(
                "write opening hours as \"8:00-18:00\", or \"closed\"".to_owned(),
            ));
        };
        let clock = |time: &str| {
            time.trim()
                .parse::<ClockTime>()
                .map_err(|error| malformed(error.reason().to_owned()))
        };
        let (opens, mut closes) = (clock(opens)?.0, clock(closes)?.0);
        if opens == DAY {
            return Err(malformed(
                "24:00 is the end of a day; write 0:00 on the next one".to_owned(),
            ));
        }
        // Closing at 0:00 can only mean the midnight that ends the day.
        if closes == 0 && opens > 0 {
            closes = DAY;
        }
        match (closes.cmp(&opens), says_next_day) {
            (std::cmp::Ordering::Greater, false) => Ok(Self { opens, closes }),
            (std::cmp::Ordering::Greater, true) if closes < DAY => Err(malformed(
                "this is longer than 24 hours; write one interval for each day".to_owned(),
            )),
            (std::cmp::Ordering::Greater, true) => Ok(Self { opens, closes }),
            (_, true) => Ok(Self {
                opens,
                closes: closes + DAY,
            }),
            (std::cmp::Ordering::Equal, false) => Err(malformed(
                "it opens and closes at the same time; round the clock is \"0:00-24:00\"".to_owned(),
            )),
            (std::cmp::Ordering::Less, false) if Self::is_night(opens, closes) => Ok(Self {
                opens,
                closes: closes + DAY,
            }),
            (std::cmp::Ordering::Less, false) => Err(malformed(format!(
                "it closes before it opens; if it stays open overnight, write \"{}-{} next day\"",
                ClockTime(opens),
                ClockTime(closes)
            ))),
        }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", self.opens(), self.closes())?;
        if self.closes_next_day() && !Self::is_night(self.opens, self.closes - DAY) {
            write!(formatter, " {}", Self::NEXT_DAY)?;
        }
        Ok(())
    }
}

text_in_serde!(Interval);

/// The opening hours of one day: no interval (closed), one, or several in order that do not overlap.
///
/// In the file and in serde: `"closed"`, `"8:00-18:00"` or `["8:00-12:00", "13:00-18:00"]`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "FileForm", into = "FileForm")]
pub struct DayHours(Vec<Interval>);

impl DayHours {
    /// Sorts the intervals. They may touch (`"8:00-12:00", "12:00-18:00"`) and then count as one stretch.
    ///
    /// # Errors
    /// When two of them overlap.
    pub fn new(mut intervals: Vec<Interval>) -> Result<Self, Malformed> {
        intervals.sort();
        for pair in intervals.windows(2) {
            if let [first, second] = pair
                && second.opens < first.closes
            {
                return Err(Malformed::new(
                    &second.to_string(),
                    format!("it overlaps with '{first}' on the same day"),
                ));
            }
        }
        Ok(Self(intervals))
    }

    /// Closed all day.
    pub fn closed() -> Self {
        Self::default()
    }

    /// Whether a text of the file is the word for a closed day.
    pub(crate) fn says_closed(text: &str) -> bool {
        text.trim().eq_ignore_ascii_case("closed")
    }

    /// Whether the company does not open on such a day.
    pub fn is_closed(&self) -> bool {
        self.0.is_empty()
    }

    /// The intervals, earliest first.
    pub fn intervals(&self) -> &[Interval] {
        &self.0
    }

    /// `closed`, or `8:00 AM to noon and 1:00 PM to 6:00 PM`.
    pub fn readable(&self) -> String {
        match self.0.as_slice() {
            [] => "closed".to_owned(),
            intervals => intervals
                .iter()
                .map(Interval::readable)
                .collect::<Vec<_>>()
                .join(" and "),
        }
    }

    /// Where a day's last interval runs into the first of the next day's, that pair.
    pub(crate) fn overlap_into<'a>(&'a self, next: &'a DayHours) -> Option<(&'a Interval, &'a Interval)> {
        let (last, first) = (self.0.last()?, next.0.first()?);
        (last.closes > DAY + first.opens).then_some((last, first))
    }
}

/// What stands in the file: one text, or a list of them.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum FileForm {
    One(String),
    Several(Vec<String>),
}

impl TryFrom<FileForm> for DayHours {
    type Error = Malformed;

    fn try_from(form: FileForm) -> Result<Self, Malformed> {
        match form {
            FileForm::One(text) if Self::says_closed(&text) => Ok(Self::closed()),
            FileForm::One(text) => Self::new(vec![text.parse()?]),
            FileForm::Several(texts) => Self::new(texts.iter().map(|text| text.parse()).collect::<Result<_, _>>()?),
        }
    }
}

impl From<DayHours> for FileForm {
    fn from(hours: DayHours) -> Self {
        match hours.0.as_slice() {
            [] => FileForm::One("closed".to_owned()),
            [interval] => FileForm::One(interval.to_string()),
            intervals => FileForm::Several(intervals.iter().map(Interval::to_string).collect()),
        }
    }
}

/// The regular opening hours of a week. A day that the file leaves out is closed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WeeklyHours {
    /// Hours on Mondays.
    pub monday: DayHours,
    /// Hours on Tuesdays.
    pub tuesday: DayHours,
    /// Hours on Wednesdays.
    pub wednesday: DayHours,
    /// Hours on Thursdays.
    pub thursday: DayHours,
    /// Hours on Fridays.
    pub friday: DayHours,
    /// Hours on Saturdays.
    pub saturday: DayHours,
    /// Hours on Sundays.
    pub sunday: DayHours,
}

impl WeeklyHours {
    /// The regular hours of a weekday.
    pub fn on(&self, weekday: Weekday) -> &DayHours {
        match weekday {
            Weekday::Monday => &self.monday,
            Weekday::Tuesday => &self.tuesday,
            Weekday::Wednesday => &self.wednesday,
            Weekday::Thursday => &self.thursday,
            Weekday::Friday => &self.friday,
            Weekday::Saturday => &self.saturday,
            Weekday::Sunday => &self.sunday,
        }
    }

    /// Monday to Sunday with their hours.
    pub fn days(&self) -> impl Iterator<Item = (Weekday, &DayHours)> {
        Weekday::Monday
            .cycle_forward()
            .take(7)
            .map(|weekday| (weekday, self.on(weekday)))
    }

    /// Monday to Sunday, neighbours with the same hours together.
    #[must_use]
    pub fn alike_days(&self) -> Vec<AlikeDays<'_>> {
        let mut runs: Vec<AlikeDays<'_>> = Vec::new();
        for (weekday, hours) in self.days() {
            match runs.last_mut() {
                Some(run) if run.hours == hours => run.last = weekday,
                _ => runs.push(AlikeDays {
                    first: weekday,
                    last: weekday,
                    hours,
                }),
            }
        }
        runs
    }
}

/// Neighbouring weekdays with the same hours; one day where its neighbours have others. Shown as "Monday", "Monday and Tuesday" or "Monday to
/// Friday".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlikeDays<'a> {
    /// The first of them.
    pub first: Weekday,
    /// The last of them, itself included.
    pub last: Weekday,
    /// The hours of each.
    pub hours: &'a DayHours,
}

impl fmt::Display for AlikeDays<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = (weekday_name(self.first), weekday_name(self.last));
        match self.last.since(self.first) {
            0 => formatter.write_str(first),
            1 => write!(formatter, "{first} and {last}"),
            _ => write!(formatter, "{first} to {last}"),
        }
    }
}
