//! Dated exceptions to the weekly hours: holidays, company outings, longer evenings.
//!
//! Pure values, usable on any thread.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::error::{Malformed, text_in_serde};
use crate::hours::DayHours;
use crate::wording;

/// A day, or several days in a row, with other hours than usual.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// What callers hear as the reason, such as `Christmas Day`.
    pub name: String,
    /// The day, or the first of several.
    pub date: HolidayDate,
    /// The last day, inclusive; only with a dated first day and at most a year after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The hours on each of these days; closed unless the file says otherwise.
    #[serde(default)]
    pub hours: DayHours,
}

impl Holiday {
    /// Longest holiday, in days after its first. Bounds how far a search for the next opening looks.
    pub(crate) const LONGEST_DAYS: i32 = 366;

    /// Whether the holiday covers a date.
    pub fn covers(&self, date: Date) -> bool {
        match self.date {
            HolidayDate::Once(first) => first <= date && date <= self.until.unwrap_or(first),
            HolidayDate::EveryYear { month, day } => (date.month(), date.day()) == (month, day),
        }
    }

    /// Whether two holidays of the same kind (dated, or every year) claim a day; then it is unclear which one holds.
    /// A dated one simply goes before one of every year.
    pub(crate) fn collides(&self, other: &Holiday) -> bool {
        match (self.date, other.date) {
            (HolidayDate::Once(mine), HolidayDate::Once(theirs)) => self.covers(theirs) || other.covers(mine),
            (mine, theirs) => mine == theirs,
        }
    }

    /// `Friday, December 25, 2026`, `December 24, 2026 to January 2, 2027` or `every year on December 25`.
    pub fn readable_date(&self) -> String {
        match (self.date, self.until) {
            (HolidayDate::Once(first), Some(last)) => {
                format!("{} to {}", wording::date(first), wording::date(last))
            }
            (HolidayDate::Once(date), None) => {
                format!("{}, {}", wording::weekday_name(date.weekday()), wording::date(date))
            }
            (HolidayDate::EveryYear { month, day }, _) => format!("every year on {} {day}", wording::month(month)),
        }
    }
}

/// When a holiday is. In the file and in serde: `"2026-12-25"` once, `"12-25"` every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum HolidayDate {
    /// On this date only.
    Once(Date),
    /// On this day of each year. February 29 counts in leap years only.
    EveryYear {
        /// Month, 1–12.
        month: i8,
        /// Day of the month, 1–31.
        day: i8,
    },
}

/// Reads `2026-12-25`, or gives the reason why it is no date.
pub(crate) fn parse_date(text: &str) -> Result<Date, Malformed> {
    // jiff reads more forms than that (times, compact and signed years); one form in the file is enough.
    if text.len() != "2026-12-25".len() || text.bytes().filter(|byte| *byte == b'-').count() != 2 {
        return Err(Malformed::new(text, "write a date as \"2026-12-25\""));
    }
    text.parse()
        .map_err(|_| Malformed::new(text, "there is no such date; write it as \"2026-12-25\""))
}

impl FromStr for HolidayDate {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        if text.len() != "12-25".len() {
            let reason = "write a date as \"2026-12-25\", or \"12-25\" for every year";
            return parse_date(text).map(Self::Once).map_err(|error| {
                if text.len() == 10 {
                    error
                } else {
                    Malformed::new(text, reason)
                }
            });
        }
        // A leap year, so that February 29 is a day.
        match parse_date(&format!("2024-{text}")) {
            Ok(date) => Ok(Self::EveryYear {
                month: date.month(),
                day: date.day(),
            }),
            Err(_) => Err(Malformed::new(
                text,
                "there is no such day; write \"12-25\" for December 25 of every year",
            )),
        }
    }
}

impl fmt::Display for HolidayDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HolidayDate::Once(date) => write!(formatter, "{date}"),
            HolidayDate::EveryYear { month, day } => write!(formatter, "{month:02}-{day:02}"),
        }
    }
}

text_in_serde!(HolidayDate);
