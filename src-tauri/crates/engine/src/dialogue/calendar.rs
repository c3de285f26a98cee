//! Days and times that a caller names: "tomorrow", "next Friday", "December 25th", "Christmas", "at half past five".
//!
//! Pure functions; today is an input. Holidays are first looked up by name in the profile; names that the language fixes to a date
//! (Christmas, the Fourth of July, Thanksgiving) are known here.

use std::ops::Range;
use std::sync::LazyLock;

use frontdesk_company::{CompanyProfile, HolidayDate};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::spoken_numbers::quantity_at;
use super::values::amounts_in;
use super::words::{Word, stem, words};
use crate::english::{MONTHS, WEEKDAYS, ordinal};

/// What a caller means by a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DayWish {
    /// One date, with how the caller named it: "today", "Christmas".
    Date {
        /// The date.
        date: Date,
        /// The name of an occasion, where one was used.
        occasion: Option<String>,
    },
    /// A day of the week in general, or the next one.
    Weekday(Weekday),
    /// Saturday and Sunday.
    Weekend,
    /// Monday to Friday.
    Weekdays,
    /// A whole month, 1–12.
    Month(i8),
    /// Holidays in general.
    Holidays,
}

/// A time of day that a caller names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeWish {
    /// Minutes since midnight, as said; below 12 h where the half of the day is open.
    pub minutes: u16,
    /// True when the half of the day is known ("7 PM", "17:30", "noon").
    pub certain: bool,
}

/// The days of a month, as they are counted.
static ORDINALS: LazyLock<Vec<String>> = LazyLock::new(|| (1..=31).map(ordinal).collect());

/// The days that the words name, in order, and which words name each. A day that is named twice comes once, with its first words.
pub(crate) fn days_named(said: &[Word], today: Date, profile: &CompanyProfile) -> Vec<(DayWish, Range<usize>)> {
    let mut found: Vec<(DayWish, Range<usize>)> = Vec::new();
    let mut at = 0;
    while at < said.len() {
        match day_at(&said[at..], today, profile) {
            Some((wish, used)) => {
                let used = used.max(1);
                if found.iter().all(|(known, _)| *known != wish) {
                    found.push((wish, at..at + used));
                }
                at += used;
            }
            None => at += 1,
        }
    }
    found
}

/// The day that the first of the words name, and how many of them do.
pub(crate) fn day_at(said: &[Word], today: Date, profile: &CompanyProfile) -> Option<(DayWish, usize)> {
    let text = |at: usize| said.get(at).map(|word| word.text.as_str()).unwrap_or_default();
    let date = |date: Date| DayWish::Date { date, occasion: None };
    if let Some(named) = occasion_at(said, today, profile) {
        return Some(named);
    }
    // "The day after Thanksgiving".
    if let ("day", "after" | "before") = (text(0), text(1))
        && let Some((DayWish::Date { date: of, .. }, used)) = occasion_at(&said[2..], today, profile)
    {
        let beside = if text(1) == "after" {
            of.tomorrow()
        } else {
            of.yesterday()
        };
        return Some((date(beside.ok()?), 2 + used));
    }
    match (text(0), text(1), text(2)) {
        ("day", "after", "tomorrow") => return Some((date(today.checked_add(2.days()).ok()?), 3)),
        ("today" | "tonight", ..) => return Some((date(today), 1)),
        ("tomorrow", ..) => return Some((date(today.tomorrow().ok()?), 1)),
        ("weekend" | "weekends", ..) => return Some((DayWish::Weekend, 1)),
        ("weekday" | "weekdays", ..) | ("during", "week", _) => return Some((DayWish::Weekdays, 1)),
        ("holiday" | "holidays", ..) => return Some((DayWish::Holidays, 1)),
        _ => {}
    }
    if let Some(weekday) = weekday_of(text(0)) {
        return Some((DayWish::Weekday(weekday), 1));
    }
    dated(said, today)
        .map(|(found, used)| (date(found), used))
        .or_else(|| Some((DayWish::Month(month_named(said.first()?)?), 1)))
}

/// The number of a month that is named; "may" is too often a verb to count alone, and so is "march".
fn month_named(word: &Word) -> Option<i8> {
    let position = MONTHS
        .iter()
        .position(|month| *month == word.text && !matches!(*month, "may" | "march"))?;
    i8::try_from(position + 1).ok()
}

/// The day of the week that a word names, "Tuesday" or "Tuesdays".
pub(crate) fn weekday_of(word: &str) -> Option<Weekday> {
    let bare = word.strip_suffix('s').unwrap_or(word);
    let position = WEEKDAYS.iter().position(|name| *name == bare)?;
    Weekday::from_monday_zero_offset(i8::try_from(position).ok()?).ok()
}

fn dated(said: &[Word], today: Date) -> Option<(Date, usize)> {
    let ((month, day), used) = month_and_day(said)?;
    Some((coming(month, day, today)?, used))
}

/// "December 25th", "25th of December", "the fourth of July", as month and day with the words they take; "12/25" has become two words and is
/// not read.
pub(crate) fn month_and_day(said: &[Word]) -> Option<((i8, i8), usize)> {
    let month_at = |at: usize| -> Option<i8> {
        let position = MONTHS
            .iter()
            .position(|month| said.get(at).is_some_and(|word| word.text == *month))?;
        i8::try_from(position + 1).ok()
    };
    if let Some(month) = month_at(0) {
        let skip = usize::from(said.get(1).is_some_and(|word| word.text == "the"));
        let (day, used) = day_number(said.get(1 + skip..)?)?;
        return Some(((month, day), 1 + skip + used));
    }
    let (day, used) = day_number(said)?;
    let skip = usize::from(said.get(used).is_some_and(|word| word.text == "of"));
    let month = month_at(used + skip)?;
    Some(((month, day), used + skip + 1))
}

/// A day of the month that is counted, "third" or "21st", and not only a number; with the words it takes.
pub(crate) fn day_of_month(said: &[Word]) -> Option<(i8, usize)> {
    let (day, used) = day_number(said)?;
    let last = &said.get(used - 1)?.text;
    let counted = ["st", "nd", "rd", "th", "first", "second", "third"]
        .iter()
        .any(|ending| last.ends_with(ending));
    counted.then_some((day, used))
}

fn day_number(said: &[Word]) -> Option<(i8, usize)> {
    let first = said.first()?;
    let figures = first
        .text
        .trim_end_matches(|character: char| character.is_ascii_alphabetic());
    if let Ok(day) = figures.parse::<i8>() {
        return (1..=31).contains(&day).then_some((day, 1));
    }
    let pair = said
        .get(1)
        .map(|second| format!("{} {}", first.text, second.text))
        .unwrap_or_default();
    for (at, ordinal) in ORDINALS.iter().enumerate().rev() {
        let used = if *ordinal == pair {
            2
        } else {
            usize::from(*ordinal == first.text)
        };
        if used > 0 {
            return Some((i8::try_from(at + 1).ok()?, used));
        }
    }
    let (day, used) = quantity_at(said)?;
    i8::try_from(day)
        .ok()
        .filter(|day| (1..=31).contains(day))
        .map(|day| (day, used))
}

/// The next date with this month and day, today included.
fn coming(month: i8, day: i8, today: Date) -> Option<Date> {
    (today.year()..=today.year() + 4)
        .filter_map(|year| Date::new(year, month, day).ok())
        .find(|date| *date >= today)
}

/// A holiday by name: one of the profile's, else one that the language knows.
fn occasion_at(said: &[Word], today: Date, profile: &CompanyProfile) -> Option<(DayWish, usize)> {
    for holiday in &profile.holidays {
        let name: Vec<Word> = words(&holiday.name)
            .into_iter()
            .filter(|word| word.text != "the")
            .collect();
        let matched = name
            .iter()
            .zip(said)
            .take_while(|(known, heard)| known.stem == heard.stem)
            .count();
        // "Christmas" is enough for "Christmas Day"; "New" is not enough for "New Year's Day".
        let enough = matched == name.len() || (matched > 0 && name.iter().skip(matched).all(|word| word.text == "day"));
        if enough && said.get(matched).is_none_or(|word| word.text != "eve") {
            let date = match holiday.date {
                HolidayDate::Once(date) => Some(date),
                HolidayDate::EveryYear { month, day } => coming(month, day, today),
            }?;
            return Some((
                DayWish::Date {
                    date,
                    occasion: Some(holiday.name.clone()),
                },
                matched,
            ));
        }
    }
    let starts = |wanted: &[String]| {
        (said.len() >= wanted.len() && wanted.iter().zip(said).all(|(stem, word)| *stem == word.stem))
            .then_some(wanted.len())
    };
    OCCASION_STEMS
        .iter()
        .zip(FIXED_OCCASIONS)
        .find_map(|(stems, (_, name, date))| {
            let used = starts(stems)?;
            let date = date.next_from(today)?;
            Some((
                DayWish::Date {
                    date,
                    occasion: Some((*name).to_owned()),
                },
                used,
            ))
        })
}

/// When an occasion is, by the rules of the calendar.
enum OccasionDate {
    /// Month and day.
    Fixed(i8, i8),
    /// The n-th such weekday of a month; -1 is the last.
    Nth(i8, Weekday, i8),
    /// Days after Easter Sunday.
    Easter(i32),
}

impl OccasionDate {
    fn next_from(&self, today: Date) -> Option<Date> {
        (today.year()..=today.year() + 1)
            .filter_map(|year| self.in_year(year))
            .find(|date| *date >= today)
    }

    fn in_year(&self, year: i16) -> Option<Date> {
        match *self {
            Self::Fixed(month, day) => Date::new(year, month, day).ok(),
            Self::Nth(month, weekday, nth) => Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok(),
            Self::Easter(days) => easter_sunday(year)?.checked_add(days.days()).ok(),
        }
    }
}

/// Longer names first.
const FIXED_OCCASIONS: &[(&str, &str, OccasionDate)] = &[
    ("christmas eve", "Christmas Eve", OccasionDate::Fixed(12, 24)),
    ("christmas", "Christmas", OccasionDate::Fixed(12, 25)),
    ("new year eve", "New Year's Eve", OccasionDate::Fixed(12, 31)),
    ("new year", "New Year's Day", OccasionDate::Fixed(1, 1)),
    ("boxing day", "Boxing Day", OccasionDate::Fixed(12, 26)),
    ("independence day", "Independence Day", OccasionDate::Fixed(7, 4)),
    ("fourth of july", "Independence Day", OccasionDate::Fixed(7, 4)),
    ("halloween", "Halloween", OccasionDate::Fixed(10, 31)),
    (
        "thanksgiving",
        "Thanksgiving",
        OccasionDate::Nth(11, Weekday::Thursday, 4),
    ),
    ("labor day", "Labor Day", OccasionDate::Nth(9, Weekday::Monday, 1)),
    (
        "memorial day",
        "Memorial Day",
        OccasionDate::Nth(5, Weekday::Monday, -1),
    ),
    ("good friday", "Good Friday", OccasionDate::Easter(-2)),
    ("easter monday", "Easter Monday", OccasionDate::Easter(1)),
    ("easter", "Easter Sunday", OccasionDate::Easter(0)),
];

/// The stems of the names in [`FIXED_OCCASIONS`]: they are compared at every word of every utterance.
static OCCASION_STEMS: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    let stems = |phrase: &str| phrase.split(' ').map(stem).collect();
    FIXED_OCCASIONS.iter().map(|(phrase, ..)| stems(phrase)).collect()
});

/// Easter Sunday of the Gregorian calendar, by the anonymous algorithm (Meeus).
fn easter_sunday(year: i16) -> Option<Date> {
    let year = i32::from(year);
    let (golden, century, rest) = (year % 19, year / 100, year % 100);
    let moon = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    let week = (32 + 2 * (century % 4) + 2 * (rest / 4) - moon - rest % 4) % 7;
    let shift = (golden + 11 * moon + 22 * week) / 451;
    let sum = moon + week - 7 * shift + 114;
    Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(sum / 31).ok()?,
        i8::try_from(sum % 31 + 1).ok()?,
    )
    .ok()
}

/// The time of day that the words name, if any ("at 7 PM", "half past five", "17:30", "noon"), and which words name it.
pub(crate) fn time_named(said: &[Word]) -> Option<(TimeWish, Range<usize>)> {
    let amounts = amounts_in(said);
    let is_money = |at: usize| amounts.iter().any(|amount| amount.span.contains(&at));
    (0..said.len())
        .filter(|at| !is_money(*at))
        .find_map(|at| time_at(said, at).map(|(time, used)| (time, at..at + used)))
}

/// The time of day that the words from `at` on name, and how many of them do, without a mark such as "PM".
pub(crate) fn time_at(said: &[Word], at: usize) -> Option<(TimeWish, usize)> {
    let text = |offset: usize| said.get(at + offset).map(|word| word.text.as_str()).unwrap_or_default();
    let before = if at == 0 { "" } else { said[at - 1].text.as_str() };
    match (text(0), text(1)) {
        ("noon" | "midday", _) => {
            return Some((
                TimeWish {
                    minutes: 12 * 60,
                    certain: true,
                },
                1,
            ));
        }
        ("midnight", _) => {
            return Some((
                TimeWish {
                    minutes: 0,
                    certain: true,
                },
                1,
            ));
        }
        ("half", "past") => return clock(said, at + 2, 30).map(|time| (time, 3)),
        ("quarter", "past") => return clock(said, at + 2, 15).map(|time| (time, 3)),
        ("quarter", "to") => return clock(said, at + 2, -15).map(|time| (time, 3)),
        _ => {}
    }
    let (first, used) = match text(0).split_once([':', '.']) {
        Some((hour, minute)) if hour.len() <= 2 && minute.len() == 2 => {
            let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
            return half_of_day(hour, minute, text(1), text(2)).map(|time| (time, 1));
        }
        _ => quantity_at(&said[at..])?,
    };
    let hour = u16::try_from(first).ok().filter(|hour| *hour <= 24)?;
    let (minute, more) = match quantity_at(said.get(at + used..).unwrap_or_default()) {
        Some((minute, more)) if (10..60).contains(&minute) => (u16::try_from(minute).ok()?, more),
        _ => (0, 0),
    };
    let (next, after) = (text(used + more), text(used + more + 1));
    let marked = matches!(next, "am" | "pm" | "oclock")
        || matches!((next, after), ("a" | "p", "m"))
        || (next == "in" && after == "the");
    let led = matches!(
        before,
        "at" | "until" | "till" | "by" | "around" | "before" | "after" | "past"
    );
    (marked || led)
        .then(|| half_of_day(hour, minute, next, after))
        .flatten()
        .map(|time| (time, used + more))
}

fn clock(said: &[Word], at: usize, shift: i32) -> Option<TimeWish> {
    let (hour, used) = quantity_at(said.get(at..)?)?;
    let text = |offset: usize| {
        said.get(at + used + offset)
            .map(|word| word.text.as_str())
            .unwrap_or_default()
    };
    let whole = half_of_day(u16::try_from(hour).ok()?, 0, text(0), text(1))?;
    let minutes = (i32::from(whole.minutes) + shift).rem_euclid(24 * 60);
    Some(TimeWish {
        minutes: u16::try_from(minutes).ok()?,
        certain: whole.certain,
    })
}

fn half_of_day(hour: u16, minute: u16, next: &str, after: &str) -> Option<TimeWish> {
    if hour > 24 || minute > 59 {
        return None;
    }
    let morning = next == "am" || (next, after) == ("a", "m");
    let evening = next == "pm" || (next, after) == ("p", "m");
    let hour_of_day = match (morning, evening) {
        (true, _) => hour % 12,
        (_, true) => hour % 12 + 12,
        _ => hour % 24,
    };
    Some(TimeWish {
        minutes: hour_of_day * 60 + minute,
        certain: morning || evening || hour > 12 || hour == 0,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn named(text: &str) -> Vec<DayWish> {
        let profile = frontdesk_company::sample().expect("the sample is whole");
        days_named(&words(text), date(2026, 11, 22), &profile)
            .into_iter()
            .map(|(wish, _)| wish)
            .collect()
    }

    fn on(text: &str) -> Option<Date> {
        match named(text).first() {
            Some(DayWish::Date { date, .. }) => Some(*date),
            _ => None,
        }
    }

    #[test]
    fn dates_are_read_in_the_forms_that_people_use() {
        for said in [
            "on December 3rd",
            "the third of December",
            "december three",
            "3 December",
        ] {
            assert_eq!(on(said), Some(date(2026, 12, 3)), "{said}");
        }
        assert_eq!(on("are you open tomorrow"), Some(date(2026, 11, 23)));
        assert_eq!(on("the day after tomorrow"), Some(date(2026, 11, 24)));
        assert_eq!(on("on Thanksgiving"), Some(date(2026, 11, 26)));
        assert_eq!(on("on Easter Monday"), Some(date(2027, 3, 29)));
    }

    #[test]
    fn weekdays_and_weekends_are_days_too() {
        assert_eq!(
            named("Saturdays and Sunday"),
            [DayWish::Weekday(Weekday::Saturday), DayWish::Weekday(Weekday::Sunday)]
        );
        assert_eq!(named("at the weekend"), [DayWish::Weekend]);
    }

    #[test]
    fn times_are_read_with_and_without_the_half_of_the_day() {
        let time = |text: &str| time_named(&words(text)).map(|(wish, _)| (wish.minutes, wish.certain));
        assert_eq!(time("at 7 pm"), Some((19 * 60, true)));
        assert_eq!(time("at seven thirty"), Some((7 * 60 + 30, false)));
        assert_eq!(time("half past five"), Some((17 * 60 + 30 - 12 * 60, false)));
        assert_eq!(time("until 17:30"), Some((17 * 60 + 30, true)));
        assert_eq!(time("at noon"), Some((720, true)));
        assert_eq!(time("I have two cars"), None);
    }
}
