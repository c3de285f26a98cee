//! Times of an appointment: "half past two", "two thirty", "fourteen thirty", "Friday morning", "after lunch", "as early as possible". Pure.
//!
//! Clock times that are led by "at" or marked by "PM" are read by the calendar module. What is added here needs to know that a time is
//! talked about: `bare` allows "ten" and "two thirty" without either.

use std::ops::Range;

use super::{Found, amounts_in};
use crate::dialogue::calendar::{TimeWish, time_at};
use crate::dialogue::spoken_numbers::{digit_runs, quantity_at};
use crate::dialogue::words::Word;

/// What a caller wants of the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeWanted {
    /// This time of day.
    At(TimeWish),
    /// A start from `from` on and before `until`, in minutes since midnight.
    Within {
        /// The first minute.
        from: u16,
        /// The minute after the last.
        until: u16,
    },
    /// The first that is free.
    Earliest,
    /// The last that is free.
    Latest,
    /// Any.
    Any,
}

const NOON: u16 = 12 * 60;
const DAY: u16 = 24 * 60;
/// When lunch is over, for whoever comes "after lunch".
const AFTER_LUNCH: u16 = 13 * 60;
/// When an evening begins.
const EVENING: u16 = 17 * 60;
/// The half of the day is open before this hour: nobody means 3 in the morning by "after three".
const FIRST_WAKING: u16 = 7 * 60;
/// More digits in a row than a time has.
const DIGITS_OF_A_TIME: usize = 4;

/// Turns of phrase without a clock time.
const PHRASES: &[(&[&str], TimeWanted)] = &[
    (&["as", "early", "as", "possible"], TimeWanted::Earliest),
    (&["as", "early", "as", "you", "can"], TimeWanted::Earliest),
    (&["as", "soon", "as", "possible"], TimeWanted::Earliest),
    (&["as", "soon", "as", "you", "can"], TimeWanted::Earliest),
    (&["asap"], TimeWanted::Earliest),
    (&["first", "thing"], TimeWanted::Earliest),
    (&["first", "available"], TimeWanted::Earliest),
    (&["next", "available"], TimeWanted::Earliest),
    (&["earliest"], TimeWanted::Earliest),
    (&["soonest"], TimeWanted::Earliest),
    (&["as", "late", "as", "possible"], TimeWanted::Latest),
    (&["last", "thing"], TimeWanted::Latest),
    (&["end", "of", "the", "day"], TimeWanted::Latest),
    (&["latest"], TimeWanted::Latest),
    (&["any", "time"], TimeWanted::Any),
    (&["anytime"], TimeWanted::Any),
    (&["whenever"], TimeWanted::Any),
    (&["does", "not", "matter"], TimeWanted::Any),
    (&["do", "not", "care"], TimeWanted::Any),
    (&["do", "not", "mind"], TimeWanted::Any),
    (&["no", "preference"], TimeWanted::Any),
    (&["after", "lunch"], within(AFTER_LUNCH, EVENING)),
    (&["before", "lunch"], within(0, NOON)),
    (&["before", "noon"], within(0, NOON)),
    (&["after", "work"], within(EVENING, DAY)),
    (&["after", "noon"], within(NOON, DAY)),
    (&["lunchtime"], within(NOON - 30, AFTER_LUNCH + 30)),
    (&["lunch", "time"], within(NOON - 30, AFTER_LUNCH + 30)),
    (&["over", "lunch"], within(NOON - 30, AFTER_LUNCH + 30)),
    (&["around", "lunch"], within(NOON - 30, AFTER_LUNCH + 30)),
    (&["at", "lunch"], within(NOON - 30, AFTER_LUNCH + 30)),
    (&["early", "morning"], within(0, 10 * 60)),
    (&["late", "morning"], within(10 * 60, NOON)),
    (&["early", "afternoon"], within(NOON, 15 * 60)),
    (&["late", "afternoon"], within(15 * 60, EVENING + 60)),
    (&["morning"], within(0, NOON)),
    (&["mornings"], within(0, NOON)),
    (&["afternoon"], within(NOON, EVENING + 60)),
    (&["afternoons"], within(NOON, EVENING + 60)),
    (&["evening"], within(EVENING, DAY)),
    (&["tonight"], within(EVENING, DAY)),
];

const fn within(from: u16, until: u16) -> TimeWanted {
    TimeWanted::Within { from, until }
}

/// All times that the words name, in order, outside `taken` (the words of days). With `bare`, a number alone is a time.
pub(crate) fn times_in(said: &[Word], taken: &[Range<usize>], bare: bool) -> Vec<Found<TimeWanted>> {
    let long: Vec<Range<usize>> = digit_runs(said)
        .into_iter()
        .filter(|run| run.digits.len() > DIGITS_OF_A_TIME)
        .map(|run| run.start..run.end)
        .collect();
    let reader = Reader { said, bare };
    let amounts: Vec<Range<usize>> = amounts_in(said).into_iter().map(|found| found.span).collect();
    let is_other = |at: usize| taken.iter().chain(&long).chain(&amounts).any(|span| span.contains(&at));
    let mut found: Vec<Found<TimeWanted>> = Vec::new();
    let mut at = 0;
    while at < said.len() {
        // "After nine bucks": the lead of a time belongs to the amount.
        let free = |used: &usize| !amounts.iter().any(|span| (at..at + used).contains(&span.start));
        let time = (!is_other(at)).then(|| reader.time_from(at)).flatten();
        match time.filter(|(_, used)| free(used)) {
            Some((value, used)) => {
                let span = at..at + used.max(1);
                at = span.end;
                found.push(Found { value, span });
            }
            None => at += 1,
        }
    }
    merged(found)
}

/// "Friday morning at nine", "two in the afternoon": the part of the day settles the half of the clock time.
fn merged(found: Vec<Found<TimeWanted>>) -> Vec<Found<TimeWanted>> {
    let mut kept: Vec<Found<TimeWanted>> = Vec::new();
    for next in found {
        let both = kept.last().map(|before| (before.value, next.value));
        let one = match both {
            Some((TimeWanted::At(time), TimeWanted::Within { from, until })) => settled(time, from, until),
            Some((TimeWanted::Within { from, until }, TimeWanted::At(time))) => settled(time, from, until),
            _ => None,
        };
        match (one, kept.last_mut()) {
            (Some(time), Some(before)) => {
                before.value = TimeWanted::At(time);
                before.span.end = next.span.end;
            }
            _ => kept.push(next),
        }
    }
    kept
}

/// The clock time in this part of the day, where its half is open and one half lies in it.
fn settled(time: TimeWish, from: u16, until: u16) -> Option<TimeWish> {
    let inside = |minutes: u16| (from..until).contains(&minutes);
    let sure = |minutes: u16| TimeWish { minutes, certain: true };
    let later = (time.minutes + NOON) % DAY;
    match (time.certain, inside(time.minutes), inside(later)) {
        (true, true, _) | (false, true, _) => Some(sure(time.minutes)),
        (false, false, true) => Some(sure(later)),
        _ => None,
    }
}

struct Reader<'a> {
    said: &'a [Word],
    bare: bool,
}

impl Reader<'_> {
    fn text(&self, at: usize) -> &str {
        self.said.get(at).map_or("", |word| word.text.as_str())
    }

    fn time_from(&self, at: usize) -> Option<(TimeWanted, usize)> {
        self.bounded(at)
            .or_else(|| self.phrase(at))
            .or_else(|| self.clock(at).map(|(time, used)| (TimeWanted::At(time), used)))
    }

    fn phrase(&self, at: usize) -> Option<(TimeWanted, usize)> {
        let fits = |phrase: &[&str]| {
            phrase
                .iter()
                .enumerate()
                .all(|(offset, text)| self.text(at + offset) == *text)
        };
        let (phrase, wanted) = PHRASES.iter().find(|(phrase, _)| fits(phrase))?;
        // "Good morning" greets.
        let greets = at > 0 && self.text(at - 1) == "good";
        (!greets).then_some((*wanted, phrase.len()))
    }

    /// "After three", "before ten", "between two and four", "from two to four".
    fn bounded(&self, at: usize) -> Option<(TimeWanted, usize)> {
        let skip = usize::from(matches!(self.text(at + 1), "like" | "about" | "around"));
        let lead = 1 + skip;
        let at_hour = || self.any_clock(at + lead);
        match self.text(at) {
            "after" | "past" => {
                let (time, used) = at_hour()?;
                Some((within(waking(time), DAY), lead + used))
            }
            "before" | "by" | "until" | "till" => {
                let (time, used) = at_hour()?;
                Some((within(0, waking(time)), lead + used))
            }
            "between" | "from" => {
                let (first, used) = at_hour()?;
                let joins = at + lead + used;
                if !matches!(self.text(joins), "and" | "to" | "till" | "until") {
                    return (self.text(joins) == "on").then(|| (within(waking(first), DAY), lead + used + 1));
                }
                let (last, more) = self.any_clock(joins + 1)?;
                let (from, until) = (waking(first), waking(last));
                let until = if until <= from { (until + NOON).min(DAY) } else { until };
                Some((within(from, until), lead + used + 1 + more))
            }
            _ => None,
        }
    }

    /// A clock time in a place where only one can stand.
    fn any_clock(&self, at: usize) -> Option<(TimeWish, usize)> {
        let bare = Reader {
            said: self.said,
            bare: true,
        };
        bare.clock(at).filter(|(_, used)| !self.counts(at + used))
    }

    /// What follows makes a number a count: "after two days".
    fn counts(&self, at: usize) -> bool {
        matches!(
            self.text(at),
            "day"
                | "days"
                | "week"
                | "weeks"
                | "hour"
                | "hours"
                | "minute"
                | "minutes"
                | "month"
                | "months"
                | "car"
                | "cars"
                | "tires"
                | "dollars"
                | "people"
                | "year"
                | "years"
                | "of"
                | "new"
                | "digits"
                | "more"
                | "other"
                | "wheels"
                | "times"
        )
    }

    fn clock(&self, at: usize) -> Option<(TimeWish, usize)> {
        // "At twenty past eleven" is not eight in the evening.
        let led = (self.text(at) == "at")
            .then(|| self.beside_hour(at + 1))
            .flatten()
            .map(|(time, used)| (time, used + 1));
        let (time, used) = led
            .or_else(|| time_at(self.said, at).map(|(time, used)| (time, used + self.marks(at + used))))
            .or_else(|| self.spoken(at))?;
        Some(self.with_part(time, at, used))
    }

    /// Words of the mark that belong to the time: "PM", "o'clock", "in the".
    fn marks(&self, at: usize) -> usize {
        match (self.text(at), self.text(at + 1)) {
            ("am" | "pm" | "oclock" | "sharp", _) => 1,
            ("a" | "p", "m") => 2,
            _ => 0,
        }
    }

    /// "… in the afternoon", "… at night".
    fn with_part(&self, time: TimeWish, at: usize, used: usize) -> (TimeWish, usize) {
        let after = at + used;
        let part = match (self.text(after), self.text(after + 1), self.text(after + 2)) {
            ("in", "the", "morning") => Some((0, NOON, 3)),
            ("in", "the", "afternoon") => Some((NOON, 19 * 60, 3)),
            ("in", "the", "evening") | ("at", "night", _) => {
                Some((16 * 60, DAY, if self.text(after) == "at" { 2 } else { 3 }))
            }
            _ => None,
        };
        match part.and_then(|(from, until, more)| Some((settled(time, from, until)?, used + more))) {
            Some(settled) => settled,
            None => (time, used),
        }
    }

    fn hour_at(&self, at: usize) -> Option<(u16, usize)> {
        let (hour, used) = quantity_at(self.said.get(at..)?)?;
        let hour = u16::try_from(hour).ok().filter(|hour| (1..=23).contains(hour))?;
        Some((hour, used))
    }

    /// Minutes told from an hour: "ten past nine", "a quarter to three", "half two".
    fn beside_hour(&self, at: usize) -> Option<(TimeWish, usize)> {
        if matches!(self.text(at), "half" | "quarter") {
            let quarter = self.text(at) == "quarter";
            let (shift, lead) = match self.text(at + 1) {
                "after" => (if quarter { 15 } else { 30 }, 2),
                "of" | "till" | "til" | "before" if quarter => (-15, 2),
                _ if !quarter => (30, 1),
                _ => return None,
            };
            let (hour, used) = self.hour_at(at + lead)?;
            return Some((shifted(hour, shift), lead + used));
        }
        let (first, used) = quantity_at(self.said.get(at..)?)?;
        let minutes_word = usize::from(matches!(self.text(at + used), "minutes"));
        if let Some(before) = match self.text(at + used + minutes_word) {
            "past" | "after" => Some(false),
            "to" | "before" => Some(true),
            _ => None,
        } && matches!(first, 5 | 10 | 15 | 20 | 25)
            && let Some((hour, more)) = self.hour_at(at + used + minutes_word + 1)
        {
            let minutes = i32::try_from(first).ok()?;
            let shift = if before { -minutes } else { minutes };
            return Some((shifted(hour, shift), used + minutes_word + 1 + more));
        }
        None
    }

    /// Forms without a leading "at": "ten past nine", "half two", "two thirty", "fourteen thirty", and with `bare` "ten".
    fn spoken(&self, at: usize) -> Option<(TimeWish, usize)> {
        if let Some(found) = self.beside_hour(at) {
            return Some(found);
        }
        let (hour, used) = self.hour_at(at)?;
        let next = at + used;
        // "Not nine, ten": after a comma another hour begins.
        let ended = self.said.get(next - 1).is_some_and(|word| word.ends_clause);
        let minute = match quantity_at(self.said.get(next..)?) {
            _ if ended => None,
            Some((minute, more)) if (10..60).contains(&minute) => Some((u16::try_from(minute).ok()?, more)),
            _ if matches!(self.text(next), "oh" | "o") => quantity_at(self.said.get(next + 1..)?)
                .filter(|(minute, _)| (1..10).contains(minute))
                .and_then(|(minute, more)| Some((u16::try_from(minute).ok()?, more + 1))),
            _ => None,
        };
        let round = |minute: u16| minute.is_multiple_of(15);
        let made = at >= 2 && self.text(at - 2) == "make" && matches!(self.text(at - 1), "it" | "that");
        let bare = self.bare || made;
        match minute {
            Some((minute, more)) if (bare || round(minute)) && !self.counts(next + more) => {
                let time = TimeWish {
                    minutes: hour * 60 + minute,
                    certain: hour > 12,
                };
                Some((time, used + more + self.marks(next + more)))
            }
            None if bare && !self.counts(next) && hour_stands_alone(self.text(at)) => Some((
                TimeWish {
                    minutes: hour * 60,
                    certain: hour > 12,
                },
                used,
            )),
            _ => None,
        }
    }
}

/// "One" is a pronoun more often than an hour.
fn hour_stands_alone(word: &str) -> bool {
    word != "one" && word != "o"
}

fn shifted(hour: u16, shift: i32) -> TimeWish {
    let minutes = (i32::from(hour) * 60 + shift).rem_euclid(i32::from(DAY));
    TimeWish {
        minutes: u16::try_from(minutes).unwrap_or_default(),
        certain: hour > 12,
    }
}

/// The minute that is meant where people are awake.
fn waking(time: TimeWish) -> u16 {
    if time.certain || time.minutes >= FIRST_WAKING {
        time.minutes
    } else {
        time.minutes + NOON
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::dialogue::words::words;

    fn times(text: &str, bare: bool) -> Vec<TimeWanted> {
        let found = times_in(&words(text), &[], bare);
        found.into_iter().map(|found| found.value).collect()
    }

    fn at(hour: u16, minute: u16, certain: bool) -> TimeWanted {
        TimeWanted::At(TimeWish {
            minutes: hour * 60 + minute,
            certain,
        })
    }

    #[test]
    fn clock_times_are_read_in_every_usual_form() {
        for (said, wanted) in [
            ("half past two", at(2, 30, false)),
            ("half two", at(2, 30, false)),
            ("at two thirty", at(2, 30, false)),
            ("two thirty", at(2, 30, false)),
            ("2:30 PM", at(14, 30, true)),
            ("at 2.30", at(2, 30, false)),
            ("quarter to nine", at(8, 45, false)),
            ("a quarter after nine", at(9, 15, false)),
            ("ten past nine", at(9, 10, false)),
            ("twenty to three", at(2, 40, false)),
            ("five minutes past four", at(4, 5, false)),
            ("noon", at(12, 0, true)),
            ("2 pm", at(14, 0, true)),
            ("2 p.m.", at(14, 0, true)),
            ("fourteen thirty", at(14, 30, true)),
            ("at 14:30", at(14, 30, true)),
            ("nine o'clock", at(9, 0, false)),
            ("two in the afternoon", at(14, 0, true)),
            ("nine in the morning", at(9, 0, true)),
            ("Friday morning at nine", at(9, 0, true)),
            ("Tuesday afternoon, three thirty", at(15, 30, true)),
        ] {
            assert_eq!(times(said, false), [wanted], "{said}");
        }
        assert_eq!(times("ten", true), [at(10, 0, false)]);
        assert_eq!(times("nine oh five", true), [at(9, 5, false)]);
        assert_eq!(times("let's say 10", true), [at(10, 0, false)]);
        assert_eq!(times("nine, ten", true), [at(9, 0, false), at(10, 0, false)]);
    }

    #[test]
    fn parts_of_the_day_and_bounds_are_spans() {
        for (said, from, until) in [
            ("Friday morning", 0, 720),
            ("in the afternoon", 720, 1080),
            ("after lunch", 780, 1020),
            ("after three", 900, 1440),
            ("before ten", 0, 600),
            ("between two and four", 840, 960),
            ("from 2 to 4", 840, 960),
            ("early in the evening", 1020, 1440),
            ("late morning", 600, 720),
        ] {
            assert_eq!(times(said, false), [within(from, until)], "{said}");
        }
        assert_eq!(times("as early as possible", false), [TimeWanted::Earliest]);
        assert_eq!(times("any time is fine", false), [TimeWanted::Any]);
    }

    #[test]
    fn numbers_that_are_no_times_are_left_alone() {
        for text in [
            "I have two cars",
            "five five five oh one four two",
            "555 0142",
            "good morning",
            "I need four tires",
            "my number is three one two, five five five, oh one four two",
        ] {
            assert_eq!(times(text, false), [], "{text}");
        }
        assert_eq!(times("the first one", true), []);
        assert_eq!(times("555 014 2367", true), []);
    }

    proptest! {
        #[test]
        fn no_words_panic_and_every_time_lies_in_a_day(
            text in "((half|quarter|past|to|at|after|before|between|and|two|thirty|14:30|25|pm|in the|morning|noon|99|oh) ){1,10}",
            bare: bool,
        ) {
            for time in times(&text, bare) {
                match time {
                    TimeWanted::At(time) => prop_assert!(time.minutes < DAY, "{text}"),
                    TimeWanted::Within { from, until } => prop_assert!(from < DAY && until <= DAY, "{text}"),
                    _ => {}
                }
            }
        }
    }
}
