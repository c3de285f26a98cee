//! Days of an appointment: "next Tuesday", "the third", "in two weeks", "a week from Monday", "next week on Thursday". Pure.
//!
//! A bare day of the week is the coming one, never today: who means today says so. "Next Tuesday" is the Tuesday of the next calendar
//! week, which begins on Monday. Whatever is understood is read back with its date.

use std::ops::Range;

use frontdesk_company::CompanyProfile;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::Found;
use crate::dialogue::calendar::{DayWish, day_at, day_of_month, weekday_of};
use crate::dialogue::spoken_numbers::quantity_at;
use crate::dialogue::words::Word;
use crate::english::MONTHS;

/// Days from `first` to `last`, both included; one day when they are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Days {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl Days {
    /// A single day.
    pub fn one(date: Date) -> Self {
        Self {
            first: date,
            last: date,
        }
    }

    /// True for a single day.
    pub fn is_one(self) -> bool {
        self.first == self.last
    }
}

/// What a place in an utterance names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Days(Days),
    /// A day of the week without more.
    Weekday(Weekday),
    /// A week, from its Monday.
    Week(Date),
}

/// All days that the words name, in order.
pub(crate) fn days_in(said: &[Word], today: Date, profile: &CompanyProfile) -> Vec<Found<Days>> {
    let reader = Reader { said, today, profile };
    let mut named: Vec<(Named, Range<usize>)> = Vec::new();
    let mut at = 0;
    while at < said.len() {
        match reader.named_at(at) {
            Some((what, used)) => {
                let span = at..at + used.max(1);
                at = span.end;
                match named.last_mut() {
                    // "Next week on Thursday", "Thursday next week", "Tuesday, December 1st".
                    Some((before, range)) if at - range.end <= used + 2 && joined(*before, what).is_some() => {
                        *before = joined(*before, what).unwrap_or(what);
                        range.end = at;
                    }
                    _ => named.push((what, span)),
                }
            }
            None => at += 1,
        }
    }
    named
        .into_iter()
        .filter_map(|(what, span)| {
            Some(Found {
                value: reader.resolved(what)?,
                span,
            })
        })
        .collect()
}

/// Two neighbours that name one day together.
fn joined(before: Named, after: Named) -> Option<Named> {
    match (before, after) {
        (Named::Weekday(day), Named::Week(monday)) | (Named::Week(monday), Named::Weekday(day)) => {
            Some(Named::Days(Days::one(in_week(monday, day)?)))
        }
        // "Friday instead of tomorrow" names two.
        (Named::Weekday(day), Named::Days(days)) if days.is_one() && days.first.weekday() == day => {
            Some(Named::Days(days))
        }
        _ => None,
    }
}

fn in_week(monday: Date, day: Weekday) -> Option<Date> {
    monday.checked_add(i32::from(day.to_monday_zero_offset()).days()).ok()
}

fn monday_of(date: Date) -> Option<Date> {
    date.checked_sub(i32::from(date.weekday().to_monday_zero_offset()).days())
        .ok()
}

/// The first such day after `date`.
fn coming(day: Weekday, date: Date) -> Option<Date> {
    date.nth_weekday(1, day).ok()
}

struct Reader<'a> {
    said: &'a [Word],
    today: Date,
    profile: &'a CompanyProfile,
}

impl Reader<'_> {
    fn text(&self, at: usize) -> &str {
        self.said.get(at).map_or("", |word| word.text.as_str())
    }

    fn resolved(&self, named: Named) -> Option<Days> {
        match named {
            Named::Days(days) => Some(days),
            Named::Weekday(day) => coming(day, self.today).map(Days::one),
            Named::Week(monday) => Some(Days {
                first: monday.max(self.today),
                last: in_week(monday, Weekday::Sunday)?,
            }),
        }
    }

    fn named_at(&self, at: usize) -> Option<(Named, usize)> {
        self.distance(at)
            .or_else(|| self.of_month(at))
            .or_else(|| self.with_pointer(at))
            .or_else(|| self.number_of_month(at))
            .or_else(|| self.plain(at))
    }

    /// "In two weeks", "a week from Monday", "three days from now".
    fn distance(&self, at: usize) -> Option<(Named, usize)> {
        let leads = usize::from(matches!(self.text(at), "in" | "within"));
        let (count, used) = match (
            self.text(at + leads),
            self.text(at + leads + 1),
            self.text(at + leads + 2),
        ) {
            ("a", "couple", "of") => (2, 3),
            ("a" | "an" | "one", ..) => (1, 1),
            _ => quantity_at(self.said.get(at + leads..)?)?,
        };
        let unit = leads + used;
        let days = match self.text(at + unit) {
            "day" | "days" => 1,
            "week" | "weeks" => 7,
            "fortnight" => 14,
            _ => return None,
        };
        let days = (i32::try_from(count).ok()?.checked_mul(days)?).days();
        let beyond = |date: Date| date.checked_add(days).ok().map(|date| Named::Days(Days::one(date)));
        if matches!(self.text(at + unit + 1), "from" | "after") {
            let from = at + unit + 2;
            if matches!(self.text(from), "now" | "today") {
                return Some((beyond(self.today)?, unit + 3));
            }
            let (what, more) = self.with_pointer(from).or_else(|| self.plain(from))?;
            return Some((beyond(self.resolved(what)?.first)?, unit + 2 + more));
        }
        (leads > 0)
            .then(|| beyond(self.today))
            .flatten()
            .map(|named| (named, unit + 1))
    }

    /// "Next Tuesday", "this Friday", "next week", "the week after next", "Friday after next".
    fn with_pointer(&self, at: usize) -> Option<(Named, usize)> {
        let monday = monday_of(self.today)?;
        let ahead = |weeks: i32| monday.checked_add((7 * weeks).days()).ok();
        if self.text(at) == "week" && self.text(at + 1) == "after" && self.text(at + 2) == "next" {
            return Some((Named::Week(ahead(2)?), 3));
        }
        let pointer = self.text(at);
        let next = match pointer {
            "next" | "following" => true,
            "this" | "coming" => false,
            _ => {
                let Some((DayWish::Weekday(day), used)) = day_at(self.said.get(at..)?, self.today, self.profile) else {
                    return None;
                };
                let after_next = self.text(at + used) == "after" && self.text(at + used + 1) == "next";
                return after_next
                    .then(|| ahead(2).and_then(|monday| in_week(monday, day)))
                    .flatten()
                    .map(|date| (Named::Days(Days::one(date)), used + 2));
            }
        };
        // "This coming Friday".
        let skip = usize::from(pointer == "this" && self.text(at + 1) == "coming");
        let week = ahead(i32::from(next))?;
        match self.text(at + 1 + skip) {
            "week" => return Some((Named::Week(week), 2 + skip)),
            "weekend" => return Some((Named::Days(weekend(week)?), 2 + skip)),
            "month" if next => {
                let first = self.today.last_of_month().tomorrow().ok()?;
                let last = first.last_of_month();
                return Some((Named::Days(Days { first, last }), 2));
            }
            _ => {}
        }
        let (DayWish::Weekday(day), used) = day_at(self.said.get(at + 1 + skip..)?, self.today, self.profile)? else {
            return None;
        };
        let date = if next {
            in_week(week, day)?
        } else {
            coming(day, self.today.yesterday().ok()?)?
        };
        Some((Named::Days(Days::one(date)), 1 + skip + used))
    }

    /// "The first Monday in December", "last Friday of the month".
    fn of_month(&self, at: usize) -> Option<(Named, usize)> {
        const PLACES: [(&str, i8); 5] = [("first", 1), ("second", 2), ("third", 3), ("fourth", 4), ("last", -1)];
        let (_, place) = PLACES.into_iter().find(|(word, _)| self.text(at) == *word)?;
        let day = weekday_of(self.text(at + 1))?;
        if !matches!(self.text(at + 2), "in" | "of") {
            return None;
        }
        let skip = usize::from(matches!(self.text(at + 3), "the" | "this" | "next"));
        let month = at + 3 + skip;
        let first = match (self.text(at + 3), self.text(month)) {
            ("next", "month") => self.today.last_of_month().tomorrow().ok()?,
            (_, "month") => self.today.first_of_month(),
            (_, name) => {
                let number = MONTHS.iter().position(|month| *month == name)?;
                let number = i8::try_from(number + 1).ok()?;
                let year = self.today.year() + i16::from(number < self.today.month());
                Date::new(year, number, 1).ok()?
            }
        };
        let date = first.nth_weekday_of_month(place, day).ok()?;
        Some((Named::Days(Days::one(date)), 4 + skip))
    }

    /// "The third", "the 21st": the next day of a month with that number.
    fn number_of_month(&self, at: usize) -> Option<(Named, usize)> {
        if self.text(at) != "the" {
            return None;
        }
        let (number, used) = day_of_month(self.said.get(at + 1..)?)?;
        // "The first one", "the second time you mentioned" choose, they name no day.
        let follows = self.text(at + 1 + used);
        let chooses = matches!(
            follows,
            "one"
                | "time"
                | "available"
                | "thing"
                | "opening"
                | "slot"
                | "appointment"
                | "option"
                | "choice"
                | "free"
                | "of"
        );
        let alone = self.said.len() <= 1 + used;
        if chooses || alone && number <= 3 {
            return None;
        }
        let month = std::iter::successors(Some(self.today.first_of_month()), |first| {
            first.last_of_month().tomorrow().ok()
        });
        let date = month
            .take(3)
            .filter_map(|first| Date::new(first.year(), first.month(), number).ok())
            .find(|date| *date >= self.today)?;
        Some((Named::Days(Days::one(date)), 1 + used))
    }

    /// What names a day without pointing: "tomorrow", "Tuesday", "December 3rd", "the weekend", a holiday.
    fn plain(&self, at: usize) -> Option<(Named, usize)> {
        let (wish, used) = day_at(self.said.get(at..)?, self.today, self.profile)?;
        let monday = monday_of(self.today)?;
        let named = match wish {
            DayWish::Date { date, .. } => Named::Days(Days::one(date)),
            DayWish::Weekday(day) => Named::Weekday(day),
            DayWish::Weekend => Named::Days(weekend(monday)?),
            DayWish::Month(month) => {
                let year = self.today.year() + i16::from(month < self.today.month());
                let first = Date::new(year, month, 1).ok()?;
                Named::Days(Days {
                    first: first.max(self.today),
                    last: first.last_of_month(),
                })
            }
            DayWish::Weekdays | DayWish::Holidays => return None,
        };
        Some((named, used))
    }
}

/// Saturday and Sunday of the week that begins on `monday`.
fn weekend(monday: Date) -> Option<Days> {
    Some(Days {
        first: in_week(monday, Weekday::Saturday)?,
        last: in_week(monday, Weekday::Sunday)?,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::dialogue::words::words;

    /// A Monday.
    const TODAY: Date = date(2026, 11, 23);

    fn named(text: &str) -> Vec<Days> {
        let profile = frontdesk_company::sample().expect("the sample is whole");
        let found = days_in(&words(text), TODAY, &profile);
        found.into_iter().map(|found| found.value).collect()
    }

    #[test]
    fn days_are_read_as_callers_name_them() {
        for (said, month, day) in [
            ("today", 11, 23),
            ("tomorrow", 11, 24),
            ("the day after tomorrow", 11, 25),
            ("on Tuesday", 11, 24),
            ("this Friday", 11, 27),
            ("this coming Friday", 11, 27),
            ("next Tuesday", 12, 1),
            ("next Friday", 12, 4),
            ("Monday", 11, 30),
            ("December 3rd", 12, 3),
            ("December third", 12, 3),
            ("the third of December", 12, 3),
            ("could we do the third", 12, 3),
            ("on the 27th please", 11, 27),
            ("the twenty seventh", 11, 27),
            ("Tuesday, December 1st", 12, 1),
            ("Tuesday the first works", 12, 1),
            ("in two weeks", 12, 7),
            ("in 3 days", 11, 26),
            ("in a week", 11, 30),
            ("a week from Monday", 12, 7),
            ("a week from today", 11, 30),
            ("two weeks from tomorrow", 12, 8),
            ("a week after next Tuesday", 12, 8),
            ("next week on Thursday", 12, 3),
            ("Thursday next week", 12, 3),
            ("Thursday of next week", 12, 3),
            ("Friday after next", 12, 11),
            ("Christmas Eve", 12, 24),
        ] {
            assert_eq!(named(said), [Days::one(date(2026, month, day))], "{said}");
        }
    }

    #[test]
    fn spans_of_days_stay_spans() {
        let span = |first, last| Days { first, last };
        assert_eq!(
            named("sometime next week"),
            [span(date(2026, 11, 30), date(2026, 12, 6))]
        );
        assert_eq!(named("this week"), [span(TODAY, date(2026, 11, 29))]);
        assert_eq!(named("at the weekend"), [span(date(2026, 11, 28), date(2026, 11, 29))]);
        assert_eq!(
            named("the week after next"),
            [span(date(2026, 12, 7), date(2026, 12, 13))]
        );
        assert_eq!(named("in December"), [span(date(2026, 12, 1), date(2026, 12, 31))]);
        assert_eq!(named("next month"), [span(date(2026, 12, 1), date(2026, 12, 31))]);
    }

    #[test]
    fn what_names_no_day_gives_none() {
        for text in [
            "the first one",
            "the second available slot",
            "I have two cars",
            "in a moment",
            "the first",
            "555 0142",
            "at half past two",
        ] {
            assert_eq!(named(text), [], "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_said_no_day_lies_before_today_or_panics(
            text in "(next|this|in|a|two|week|weeks|from|the|third|monday|tuesday|tomorrow|after|day|december|31st| ){1,12}"
        ) {
            for days in named(&text) {
                prop_assert!(days.first <= days.last);
                prop_assert!(days.first >= TODAY, "{text}: {days:?}");
            }
        }
    }
}
