//! The values of an utterance, resolved: a service by its name in the profile, a date on the calendar, a time of day. Pure.

use frontdesk_company::CompanyProfile;
use jiff::civil::{Date, Time};

use super::AskedFor;
use crate::dialogue::booking::{Errand, minutes_on};
use crate::dialogue::calendar::TimeWish;
use crate::dialogue::spoken_numbers::digit_runs;
use crate::dialogue::utterance::Utterance;
use crate::dialogue::values::{Days, Found, TimeWanted, days_in, holding, letters_joined, times_in};
use crate::dialogue::wishes::Wish;
use crate::dialogue::words::Word;

/// A part of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayPart {
    /// Before noon.
    Morning,
    /// From noon to the end of the working day.
    Afternoon,
    /// After that.
    Evening,
}

impl DayPart {
    /// Its name in the labels.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Morning => "morning",
            Self::Afternoon => "afternoon",
            Self::Evening => "evening",
        }
    }
}

/// The values of an utterance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slots {
    /// Id of the service in the profile.
    pub service: Option<String>,
    /// One date on the company's calendar.
    pub date: Option<Date>,
    /// A time of day; the bound of a span such as "after three".
    pub time: Option<Time>,
    /// A part of the day.
    pub part: Option<DayPart>,
    /// The caller's name.
    pub name: Option<String>,
    /// Telephone number: digits only, or a piece of it where it was asked for.
    pub phone: Option<String>,
    /// E-mail address, in lower case.
    pub email: Option<String>,
    /// Confirmation number: digits and capitals.
    pub confirmation: Option<String>,
}

/// Noon and the beginning of the evening, in minutes.
const NOON: u16 = 12 * 60;
const EVENING: u16 = 17 * 60;

/// Digits of a confirmation number that is not called so.
const CONFIRMATION_DIGITS: std::ops::RangeInclusive<usize> = 4..=6;

pub(super) fn slots(utterance: &Utterance, asked: AskedFor, profile: &CompanyProfile, today: Date) -> Slots {
    let said = &letters_joined(&utterance.said)[..];
    let heard = &utterance.heard;
    let days = days_in(said, today, profile);
    let taken: Vec<_> = days.iter().map(|found| found.span.clone()).collect();
    let day = holding(&days, said).filter(|found| !is_plural(said, found));
    let date = day
        .map(|found| found.value)
        .filter(|days| days.is_one())
        .map(|days| days.first);
    let bare = matches!(asked, AskedFor::Day | AskedFor::Time { .. } | AskedFor::Confirmation);
    let times = times_in(said, &taken, bare);
    let on = date.unwrap_or(match asked {
        AskedFor::Time { day } => day,
        _ => today,
    });
    let (time, part) = holding(&times, said).map_or((None, None), |found| time_and_part(&found, said, on, profile));
    let confirmation = heard.code.clone().or_else(|| bare_number(utterance));
    let pieces = Some(heard.digits.clone()).filter(|digits| asked == AskedFor::Phone && digits.len() >= 3);
    let phone = heard
        .phone
        .clone()
        .or(pieces)
        .map(|phone| phone.trim_start_matches('+').to_owned());
    Slots {
        service: service(utterance, profile),
        date,
        time,
        part,
        name: heard.name.clone(),
        phone: phone.filter(|phone| confirmation.as_ref() != Some(phone)),
        email: heard.email.clone(),
        confirmation,
    }
}

/// "Saturdays" are no date.
fn is_plural(said: &[Word], found: &Found<Days>) -> bool {
    said[found.span.clone()]
        .iter()
        .any(|word| word.text.ends_with("days") && word.text != "days")
}

/// The service that was told, else the first that something was asked about.
fn service(utterance: &Utterance, profile: &CompanyProfile) -> Option<String> {
    let asked = utterance.parts.iter().flat_map(|part| part.services.iter());
    let index = utterance.heard.named.first().or_else(|| asked.into_iter().next())?;
    let service = profile.services.get(*index)?;
    Some(service.id.as_str().to_owned())
}

/// A clock time, or a part of the day where no clock stands in it.
fn time_and_part(
    found: &Found<TimeWanted>,
    said: &[Word],
    on: Date,
    profile: &CompanyProfile,
) -> (Option<Time>, Option<DayPart>) {
    let clock = |wish: TimeWish| {
        let minutes = minutes_on(wish, on, profile);
        let part = |value: u16| i8::try_from(value).ok();
        Time::new(part(minutes / 60)?, part(minutes % 60)?, 0, 0).ok()
    };
    let sure = |minutes: u16| clock(TimeWish { minutes, certain: true });
    match found.value {
        TimeWanted::At(wish) => (clock(wish), None),
        TimeWanted::Within { from, until } => {
            let words = &said[found.span.clone()];
            let first = words.first().map_or("", |word| word.text.as_str());
            let last = words.last().map_or("", |word| word.text.as_str());
            let names_part = matches!(last, "lunch" | "noon" | "work" | "lunchtime" | "time");
            match first {
                "after" | "past" | "from" | "between" if !names_part => (sure(from), None),
                "before" | "by" | "until" | "till" if !names_part => (sure(until), None),
                _ => (None, Some(part_of(from, until))),
            }
        }
        TimeWanted::Earliest if said[found.span.clone()].iter().any(|word| word.text == "thing") => {
            (None, Some(DayPart::Morning))
        }
        _ => (None, None),
    }
}

fn part_of(from: u16, until: u16) -> DayPart {
    if until <= NOON {
        DayPart::Morning
    } else if from >= EVENING {
        DayPart::Evening
    } else {
        DayPart::Afternoon
    }
}

/// The number that a change of an appointment names without calling it a confirmation number.
fn bare_number(utterance: &Utterance) -> Option<String> {
    let changes =
        matches!(utterance.errand, Some(Errand::Move | Errand::Cancel)) || utterance.wished.contains(&Wish::LookUp);
    let runs = changes.then(|| digit_runs(&utterance.said))?;
    let digits = runs.into_iter().map(|run| run.digits);
    digits
        .into_iter()
        .find(|digits| CONFIRMATION_DIGITS.contains(&digits.len()))
}
