//! Times of day and dates.
//!
//! Pure. American order of month and day, as the rest of the voice is American; ISO dates are understood.

use super::numbers::{digits, paired};
use super::{Match, Pause, Place, Spoken, letters, range_sign, say, spell, starts_word};
use crate::english::{MONTHS, WEEKDAYS, cardinal, ordinal};

/// Half of the day, where it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Morning,
    Afternoon,
}

#[derive(Debug, Clone, Copy)]
struct Time {
    hour: u64,
    minute: Option<u64>,
    half: Option<Half>,
    /// Whether only a 24-hour clock writes it so.
    military: bool,
    length: usize,
}

/// `9:30`, `9 am`, `17:45`, and ranges of them: `8:00-18:00`, `9-5 pm`.
pub(super) fn time(place: Place<'_>) -> Option<Match> {
    let rest = place.rest;
    let from = clock_reading(rest)?;
    let range = range_sign(&rest[from.length..])
        .and_then(|between| Some((between, clock_reading(&rest[from.length + between..])?)))
        .filter(|(_, to)| is_time(&from) || is_time(to));
    let mut spoken = Vec::new();
    let length = match range {
        Some((between, to)) => {
            let military = from.military || to.military;
            say_time(&mut spoken, from, military);
            say(&mut spoken, "to");
            say_time(&mut spoken, to, military);
            from.length + between + to.length
        }
        None if is_time(&from) => {
            say_time(&mut spoken, from, from.military);
            from.length
        }
        None => return None,
    };
    // The point of "p.m." at the end of a sentence ends it too.
    if rest[..length].ends_with('.') && !goes_on(&rest[length..]) {
        spoken.push(Spoken::Pause(Pause::Stop));
    }
    Some(Match { length, spoken })
}

fn is_time(time: &Time) -> bool {
    time.minute.is_some() || time.half.is_some()
}

/// Whether a sentence goes on in lower case or with a number.
fn goes_on(rest: &str) -> bool {
    rest.trim_start_matches(' ')
        .starts_with(|next: char| next.is_ascii_lowercase() || next.is_ascii_digit() || next == '-')
        || rest.starts_with([',', ';', ')', '?', '!'])
}

fn clock_reading(text: &str) -> Option<Time> {
    let hour_digits = digits(text);
    let hour = hour_digits
        .parse()
        .ok()
        .filter(|hour| *hour <= 24 && hour_digits.len() <= 2)?;
    let mut length = hour_digits.len();
    let minute = text[length..]
        .strip_prefix(':')
        .map(digits)
        .filter(|minute| minute.len() == 2);
    let minute = minute
        .and_then(|minute| minute.parse().ok())
        .filter(|minute| *minute < 60);
    if minute.is_some() {
        length += 3;
        // Seconds are not said.
        if text[length..]
            .strip_prefix(':')
            .is_some_and(|seconds| digits(seconds).len() == 2)
        {
            length += 3;
        }
    }
    let half = half_of_day(&text[length..]);
    length += half.map_or(0, |(_, bytes)| bytes);
    let ends = !text[length..].starts_with(|next: char| next.is_ascii_alphanumeric() || next == ':');
    let half = half.map(|(half, _)| half);
    let military = half.is_none() && minute.is_some() && (hour > 12 || hour == 0 || hour_digits.starts_with('0'));
    ends.then_some(Time {
        hour,
        minute,
        half,
        military,
        length,
    })
}

fn half_of_day(text: &str) -> Option<(Half, usize)> {
    let blank = usize::from(text.starts_with(' '));
    let written = &text[blank..];
    let forms = [
        ("a.m.", Half::Morning),
        ("p.m.", Half::Afternoon),
        ("am", Half::Morning),
        ("pm", Half::Afternoon),
    ];
    let (form, half) = forms.into_iter().find(|(form, _)| starts_word(written, form))?;
    Some((half, blank + form.len()))
}

fn say_time(spoken: &mut Vec<Spoken>, time: Time, military: bool) {
    let half = match time.half {
        None if military && time.hour % 24 < 12 => Some(Half::Morning),
        None if military => Some(Half::Afternoon),
        written => written,
    };
    let hour = if military || time.hour == 0 {
        (time.hour + 11) % 12 + 1
    } else {
        time.hour
    };
    say(spoken, &cardinal(hour));
    match time.minute {
        None | Some(0) if half.is_some() => {}
        None => {}
        Some(0) => say(spoken, "o'clock"),
        Some(minute @ 1..10) => say(spoken, &format!("oh {}", cardinal(minute))),
        Some(minute) => say(spoken, &cardinal(minute)),
    }
    match half {
        // "Eight A M" runs together: of 72 spoken ones, our own ear took 22 for "Aam" or "A T M". A person on a telephone has no better.
        Some(Half::Morning) if hour == 8 && matches!(time.minute, None | Some(0)) => {
            say(spoken, "o'clock in the morning")
        }
        Some(Half::Morning) => spell(spoken, "am"),
        Some(Half::Afternoon) => spell(spoken, "pm"),
        None => {}
    }
}

/// `2026-11-22`, `11/22/2026`, `Nov. 22, 2026`, `22 November`, `Mon`, `Mon-Fri`.
pub(super) fn date(place: Place<'_>) -> Option<Match> {
    numeric_date(place.rest)
        .or_else(|| named_date(place.rest))
        .or_else(|| weekday(place))
}

fn numeric_date(rest: &str) -> Option<Match> {
    let first = digits(rest);
    let separator = rest[first.len()..]
        .chars()
        .next()
        .filter(|sign| matches!(sign, '-' | '/'))?;
    let after = &rest[first.len() + 1..];
    let second = digits(after);
    let third = after[second.len()..]
        .strip_prefix(separator)
        .map(digits)
        .filter(|third| !third.is_empty());
    let length = first.len() + 1 + second.len() + third.map_or(0, |third| third.len() + 1);
    if rest[length..].starts_with(|next: char| next.is_ascii_digit() || next == separator) {
        return None;
    }
    let (year, month, day) = match (separator, third) {
        ('-', Some(day)) if first.len() == 4 && second.len() == 2 && day.len() == 2 => (Some(first), second, day),
        ('/', Some(year)) if matches!(year.len(), 2 | 4) => (Some(year), first, second),
        // "11/22" is a date, "1/2" is a half: only a day that is no denominator tells them apart.
        ('/', None) if second.parse::<u64>().is_ok_and(|day| day > 12) => (None, first, second),
        _ => return None,
    };
    let month = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
    let day = day.parse().ok().filter(|day| (1..=31).contains(day))?;
    let year = year.and_then(|year| {
        let value: u64 = year.parse().ok()?;
        Some(if year.len() == 2 { 2000 + value } else { value })
    });
    Some(Match::words(length, &dated(month, day, year)))
}

fn dated(month: &str, day: u64, year: Option<u64>) -> String {
    match year {
        Some(year) => format!("{month} {} {}", ordinal(day), paired(year)),
        None => format!("{month} {}", ordinal(day)),
    }
}

fn named_date(rest: &str) -> Option<Match> {
    if let Some((month, length)) = month_name(rest) {
        let after = rest[length..].strip_prefix(' ')?;
        let (day, day_length) = day_number(after)?;
        let length = length + 1 + day_length;
        let year = rest[length..]
            .strip_prefix(',')
            .unwrap_or(&rest[length..])
            .strip_prefix(' ')
            .map(digits);
        let year = year
            .filter(|year| year.len() == 4)
            .and_then(|year| Some((year.parse().ok()?, year)));
        return Some(match year {
            Some((value, _)) => {
                let comma = usize::from(rest[length..].starts_with(','));
                Match::words(length + comma + 5, &dated(month, day, Some(value)))
            }
            None => Match::words(length, &dated(month, day, None)),
        });
    }
    let (day, length) = day_number(rest)?;
    let after = rest[length..].strip_prefix(' ')?;
    let (month, month_length) = month_name(after).filter(|(_, bytes)| *bytes > 3)?;
    Some(Match::words(length + 1 + month_length, &dated(month, day, None)))
}

fn day_number(text: &str) -> Option<(u64, usize)> {
    let number = digits(text);
    let day = number.parse().ok().filter(|day| (1..=31).contains(day))?;
    let suffix = letters(&text[number.len()..]);
    let ends = !text[number.len() + suffix.len()..].starts_with([':', '/', '%', '-']);
    let fits = matches!(suffix, "" | "st" | "nd" | "rd" | "th");
    (fits && ends).then_some((day, number.len() + suffix.len()))
}

/// A month in full or short, capitalised. "may" and "march" are also verbs, so case counts.
fn month_name(text: &str) -> Option<(&'static str, usize)> {
    let word = letters(text);
    let capital = word.starts_with(|first: char| first.is_ascii_uppercase());
    let lower = word.to_ascii_lowercase();
    let month = MONTHS.iter().find(|month| {
        **month == lower
            || (matches!(lower.len(), 3..=4) && month.starts_with(&lower))
            || (lower == "sept" && month.starts_with("sep"))
    });
    let month = month.filter(|_| capital && lower.len() >= 3)?;
    let point = usize::from(lower.len() < month.len() && text[word.len()..].starts_with('.'));
    Some((month, word.len() + point))
}

/// A short weekday, also as a range. "Sun" and "Sat" are also words: they need a sign beside them.
fn weekday(place: Place<'_>) -> Option<Match> {
    let (from, length) = short_weekday(place.rest)?;
    let rest = &place.rest[length..];
    if let Some((between, (to, to_length))) =
        range_sign(rest).and_then(|between| Some((between, short_weekday(&rest[between..])?)))
    {
        return Some(Match::words(length + between + to_length, &format!("{from} to {to}")));
    }
    let word = letters(place.rest);
    let clear = !matches!(word, "Sun" | "Sat" | "Wed")
        || rest.is_empty()
        || rest.starts_with(['.', ',', ':', ')', '-', '\n'])
        || rest.trim_start().starts_with(|next: char| next.is_ascii_digit());
    (clear && word.len() < from.len()).then(|| {
        let point = usize::from(rest.starts_with('.') && goes_on(&rest[1..]));
        Match::words(length + point, from)
    })
}

fn short_weekday(text: &str) -> Option<(&'static str, usize)> {
    let word = letters(text);
    let lower = word.to_ascii_lowercase();
    let capital = word.starts_with(|first: char| first.is_ascii_uppercase());
    let known = matches!(
        lower.as_str(),
        "mon" | "tue" | "tues" | "wed" | "weds" | "thu" | "thur" | "thurs" | "fri" | "sat" | "sun"
    );
    let day = WEEKDAYS
        .iter()
        .find(|day| **day == lower || (known && day.starts_with(&lower[..3])))?;
    capital.then_some((day, word.len()))
}
