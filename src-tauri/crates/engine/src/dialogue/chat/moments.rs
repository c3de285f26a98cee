//! When an appointment is, as a claim names it and as a result tells it, and whether the two are the same. Pure, any thread.

use std::ops::Range;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::{Timestamp, ToSpan, Zoned};
use serde_json::Value;

use crate::dialogue::calendar::{TimeWish, day_of_month, month_and_day, time_at, weekday_of};
use crate::dialogue::values::{TimeWanted, is_taken_back, times_in};
use crate::dialogue::words::{Word, words};
use crate::english::MONTHS;

/// Minutes of half a day: where the half is open, both may be meant.
const HALF_OF_DAY: u16 = 12 * 60;

/// The days and times of one appointment, as far as words name them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    weekday: Option<Weekday>,
    /// Month and day.
    date: Option<(i8, i8)>,
    /// The day of a month that is not named.
    day: Option<i8>,
    time: Option<TimeWish>,
}

/// What is known of one appointment. A list is empty where nothing is known; it has several entries where a result tells more than one,
/// such as a start and an end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    weekdays: Vec<Weekday>,
    dates: Vec<(i8, i8)>,
    times: Vec<TimeWish>,
    /// Digits of the numbers by which it is told from others: the confirmation number.
    ids: Vec<String>,
}

/// How what is named goes together with what is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// Something named is another than known.
    Contradicts,
    /// Nothing of what is named is known.
    Unknown,
    /// Something named is known, and nothing contradicts.
    Agrees,
}

/// One value and where it stands.
enum Mark {
    Weekday(Weekday),
    Date((i8, i8)),
    Day(i8),
    Time(TimeWish),
}

/// The appointments that a text in lower case names, in order: "Tuesday at nine and Thursday at three" are two. Values that are taken back
/// ("not Monday"), and ranges and limits ("by ten"), name none. With `moves`, what stands before "to Thursday" is the old place, which
/// nothing needs to know.
pub(super) fn named(text: &str, today: Option<Date>, moves: bool) -> Vec<Named> {
    let said = words(text);
    let mut values = values(&said, today);
    if moves {
        let leads = |at: usize| {
            let before = |back: usize| at.checked_sub(back).map_or("", |at| said[at].text.as_str());
            before(1) == "to" || (matches!(before(1), "on" | "the" | "this" | "next") && before(2) == "to")
        };
        if let Some(new) = values.iter().rposition(|(at, _)| leads(*at)) {
            values.drain(..new);
        }
    }
    let mut named: Vec<Named> = Vec::new();
    for (_, value) in values {
        if !named.last_mut().is_some_and(|last| last.takes(&value)) {
            let mut next = Named::default();
            next.takes(&value);
            named.push(next);
        }
    }
    named
}

impl Named {
    /// Takes the value in; false where another one has its place.
    fn takes(&mut self, value: &Mark) -> bool {
        fn put<T: Copy + PartialEq>(place: &mut Option<T>, value: T) -> bool {
            *place.get_or_insert(value) == value
        }
        match value {
            Mark::Weekday(weekday) => put(&mut self.weekday, *weekday),
            Mark::Date(date) => put(&mut self.date, *date),
            Mark::Day(day) => put(&mut self.day, *day),
            Mark::Time(time) => put(&mut self.time, *time),
        }
    }
}

/// All days and times with the index of their first word, in order.
fn values(said: &[Word], today: Option<Date>) -> Vec<(usize, Mark)> {
    let mut found = Vec::new();
    let mut taken = Vec::new();
    let mut at = 0;
    while let Some(word) = said.get(at) {
        let from = at;
        at += 1;
        if is_taken_back(said, from) {
            continue;
        }
        if let Some(weekday) = weekday_of(&word.text) {
            found.push((from, Mark::Weekday(weekday)));
        } else if let Some((date, used)) = month_and_day(&said[from..]).filter(|_| names_a_month(said, from)) {
            found.push((from, Mark::Date(date)));
            at = from + used;
            taken.push(from..at);
        } else if let Some((day, used)) = day_of_month(&said[from..]).filter(|(_, used)| is_a_date(said, from, *used)) {
            found.push((from, Mark::Day(day)));
            at = from + used;
            taken.push(from..at);
        } else if let Some(date) = today.and_then(|today| relative(said, from, today)) {
            found.push((from, Mark::Weekday(date.weekday())));
            found.push((from, Mark::Date((date.month(), date.day()))));
        }
    }
    let mut times: Vec<(usize, TimeWish, Telling)> = Vec::new();
    for time in times_in(said, &taken, true) {
        if let TimeWanted::At(wish) = time.value
            && let Some(telling) = telling(said, &time.span, wish)
            && !is_taken_back(said, time.span.start)
        {
            times.push((time.span.start, wish, telling));
        }
    }
    // "A table for two at seven."
    if times.iter().any(|(_, _, telling)| *telling == Telling::Plain) {
        times.retain(|(_, _, telling)| *telling == Telling::Plain);
    }
    found.extend(times.into_iter().map(|(at, wish, _)| (at, Mark::Time(wish))));
    found.sort_by_key(|(at, _)| *at);
    found
}

/// "May" and "March" are verbs too: they name a month only in front of a counted day or behind one.
fn names_a_month(said: &[Word], at: usize) -> bool {
    let is_counted = day_of_month(&said[at..]).is_some();
    let month = said.get(at).map_or("", |word| word.text.as_str());
    match month {
        "may" | "march" => {
            let next = said.get(at + 1..).unwrap_or_default();
            day_of_month(next).is_some() || next.first().is_some_and(Word::is_figures)
        }
        month => {
            MONTHS.contains(&month)
                || is_counted
                || said
                    .get(at + 1)
                    .is_some_and(|word| MONTHS.contains(&word.text.as_str()))
        }
    }
}

/// "On the first", and not "the first appointment" or "on the second floor".
fn is_a_date(said: &[Word], at: usize, used: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).map_or("", |at| said[at].text.as_str());
    let is_led = before(1) == "the" && (matches!(before(2), "on" | "for" | "to") || weekday_of(before(2)).is_some());
    let ends = said.get(at + used - 1).is_some_and(|word| word.ends_clause);
    let next = said.get(at + used).map_or("", |word| word.text.as_str());
    is_led && (ends || matches!(next, "" | "at" | "of" | "and"))
}

/// "Tomorrow", "the day after tomorrow", "for today". "Thank you for calling today" names no day of an appointment, and "a week from today"
/// another one.
fn relative(said: &[Word], at: usize, today: Date) -> Option<Date> {
    let text = |at: Option<usize>| at.and_then(|at| said.get(at)).map_or("", |word| word.text.as_str());
    let before = text(at.checked_sub(1));
    match text(Some(at)) {
        "tomorrow" if before == "after" => today.checked_add(2.days()).ok(),
        "tomorrow" if before != "from" => today.tomorrow().ok(),
        "today" | "tonight" if matches!(before, "for" | "to" | "is") || text(Some(at + 1)) == "at" => Some(today),
        _ => None,
    }
}

/// How sure it is that a number is a time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Telling {
    /// It is marked as one, or "at" leads to it.
    Plain,
    /// It may also be a count: "for two".
    Likely,
}

/// Whether a number is a time and no count, no house and no price: it is marked as one, or it is led to and nothing is counted by it.
fn telling(said: &[Word], span: &Range<usize>, wish: TimeWish) -> Option<Telling> {
    let text = |at: usize| said.get(at).map_or("", |word| word.text.as_str());
    let last = span.end.saturating_sub(1);
    let is_marked = wish.certain
        || (span.start..=span.end).any(|at| {
            matches!(
                text(at),
                "am" | "pm" | "oclock" | "half" | "quarter" | "noon" | "midday"
            )
        })
        || text(span.start).contains(':');
    let before = span.start.checked_sub(1).map_or("", &text);
    let is_led = time_at(said, span.start).is_some();
    let may_be_led = matches!(before, "for" | "to" | "is" | "now" | "down") || weekday_of(before).is_some();
    let ends = said.get(last).is_some_and(|word| word.ends_clause)
        || matches!(
            text(span.end),
            "" | "on"
                | "tomorrow"
                | "today"
                | "tonight"
                | "this"
                | "next"
                | "with"
                | "for"
                | "and"
                | "then"
                | "sharp"
                | "is"
                | "under"
        )
        || weekday_of(text(span.end)).is_some();
    match (is_marked, is_led, may_be_led) {
        (true, ..) => Some(Telling::Plain),
        (_, true, _) if ends => Some(Telling::Plain),
        (_, _, true) if ends => Some(Telling::Likely),
        _ => None,
    }
}

impl Known {
    /// What a result tells, or the arguments of a call: JSON, or plain text. Moments with an offset are told in the zone of `now`.
    pub(super) fn of(text: &str, now: Option<&Zoned>) -> Self {
        let mut known = Self::default();
        match serde_json::from_str::<Value>(text) {
            Ok(value) => known.read_value("", appointment_in(&value), now),
            Err(_) => known.read_text("", text, now),
        }
        known
    }

    /// The same of a value that stands for one appointment.
    pub(super) fn of_value(value: &Value, now: Option<&Zoned>) -> Self {
        let mut known = Self::default();
        known.read_value("", value, now);
        known
    }

    /// Whether a day or a time is known.
    pub(super) fn tells_when(&self) -> bool {
        !(self.weekdays.is_empty() && self.dates.is_empty() && self.times.is_empty())
    }

    /// Whether its number is this one; nothing where it is not known.
    pub(super) fn has_number(&self, digits: &str) -> Option<bool> {
        is_in(&self.ids, |known| known.contains(digits))
    }

    /// Whether both may be the same appointment, though perhaps at another time: they share a number, or have none to be told apart by.
    pub(super) fn may_be(&self, other: &Self) -> bool {
        self.ids.is_empty() || other.ids.is_empty() || self.ids.iter().any(|number| other.ids.contains(number))
    }

    /// The same with the days and times of another.
    pub(super) fn with_the_time_of(self, other: Self) -> Self {
        let Self {
            weekdays, dates, times, ..
        } = other;
        Self {
            weekdays,
            dates,
            times,
            ids: self.ids,
        }
    }

    /// Whether both are told to be on days, or else at times, of which none is the same.
    pub(super) fn is_at_another_time_than(&self, other: &Self) -> bool {
        let differ = |one: Option<bool>| one == Some(false);
        let dates = is_in(&self.dates, |date| other.dates.contains(date)).filter(|_| !other.dates.is_empty());
        let weekdays = is_in(&self.weekdays, |day| other.weekdays.contains(day)).filter(|_| !other.weekdays.is_empty());
        let is_told = |time: &TimeWish| other.times.iter().any(|other| is_same_time(*time, *other));
        let times = is_in(&self.times, is_told).filter(|_| !other.times.is_empty());
        differ(dates) || differ(weekdays) || differ(times)
    }

    /// Whether both are told to be at the same day and time.
    pub(super) fn is_at_the_time_of(&self, other: &Self) -> bool {
        let shares = |own: &[(i8, i8)], others: &[(i8, i8)]| own.iter().any(|date| others.contains(date));
        let same_day =
            shares(&self.dates, &other.dates) || self.weekdays.iter().any(|day| other.weekdays.contains(day));
        same_day
            && self
                .times
                .iter()
                .any(|time| other.times.iter().any(|other| is_same_time(*time, *other)))
    }

    /// How what a claim names goes together with this.
    pub(super) fn fits(&self, named: &Named) -> Fit {
        let days: Vec<i8> = self.dates.iter().map(|(_, day)| *day).collect();
        let answers = [
            named
                .weekday
                .and_then(|weekday| is_in(&self.weekdays, |known| *known == weekday)),
            named.date.and_then(|date| is_in(&self.dates, |known| *known == date)),
            named.day.and_then(|day| is_in(&days, |known| *known == day)),
            named
                .time
                .and_then(|time| is_in(&self.times, |known| is_same_time(*known, time))),
        ];
        if answers.contains(&Some(false)) {
            Fit::Contradicts
        } else if answers.contains(&Some(true)) {
            Fit::Agrees
        } else {
            Fit::Unknown
        }
    }

    fn read_value(&mut self, name: &str, value: &Value, now: Option<&Zoned>) {
        match value {
            Value::String(text) => self.read_text(name, text, now),
            Value::Number(number) => self.read_text(name, &number.to_string(), now),
            Value::Array(list) => list.iter().for_each(|value| self.read_value(name, value, now)),
            Value::Object(members) => members
                .iter()
                .for_each(|(name, value)| self.read_value(name, value, now)),
            Value::Bool(_) | Value::Null => {}
        }
    }

    fn read_text(&mut self, name: &str, text: &str, now: Option<&Zoned>) {
        let name = name.to_lowercase();
        if name.contains("confirmation") || name.contains("reference") {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            if !digits.is_empty() {
                self.ids.push(digits);
            }
            return;
        }
        let mut rest = String::new();
        for token in text.split_whitespace() {
            let written = token.trim_matches(|sign: char| !sign.is_alphanumeric());
            if let Some((date, time)) = written_moment(written, now) {
                self.weekdays.push(date.weekday());
                self.dates.push((date.month(), date.day()));
                self.times.extend(time);
                rest.push_str(". ");
            } else {
                rest.push_str(token);
                rest.push(' ');
            }
        }
        for (_, value) in values(&words(&rest.to_lowercase()), now.map(Zoned::date)) {
            match value {
                Mark::Weekday(weekday) => self.weekdays.push(weekday),
                Mark::Date(date) => self.dates.push(date),
                Mark::Time(time) => self.times.push(time),
                Mark::Day(_) => {}
            }
        }
    }
}

/// Whether one of what is known is so; nothing where nothing is known.
fn is_in<T>(known: &[T], is_so: impl Fn(&T) -> bool) -> Option<bool> {
    (!known.is_empty()).then(|| known.iter().any(is_so))
}

fn is_same_time(one: TimeWish, other: TimeWish) -> bool {
    let is_open = !(one.certain && other.certain);
    one.minutes == other.minutes || (is_open && one.minutes % HALF_OF_DAY == other.minutes % HALF_OF_DAY)
}

/// The appointment in a result that holds other things too, such as further free times.
fn appointment_in(value: &Value) -> &Value {
    ["appointment", "booking", "reservation", "event"]
        .iter()
        .find_map(|member| value.get(member).filter(|found| found.is_object()))
        .unwrap_or(value)
}

/// "2026-12-01", "2026-12-01T09:00", "2026-12-01T15:00:00Z".
fn written_moment(text: &str, now: Option<&Zoned>) -> Option<(Date, Option<TimeWish>)> {
    let wish = |time: Time| TimeWish {
        minutes: u16::try_from(i32::from(time.hour()) * 60 + i32::from(time.minute())).unwrap_or_default(),
        certain: true,
    };
    if text.len() == "2026-12-01".len() {
        return Some((text.parse().ok()?, None));
    }
    let has_time = text.get(10..11).is_some_and(|sign| matches!(sign, "T" | "t"));
    if !has_time {
        return None;
    }
    if let (Ok(moment), Some(now)) = (text.parse::<Timestamp>(), now) {
        let local = moment.to_zoned(now.time_zone().clone());
        return Some((local.date(), Some(wish(local.time()))));
    }
    let local: DateTime = text.parse().ok()?;
    Some((local.date(), Some(wish(local.time()))))
}

#[cfg(test)]
mod tests;
