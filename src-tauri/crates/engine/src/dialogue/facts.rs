//! Facts of the profile as sentences that can be spoken as they are. Every number, name and time comes from the profile or from a tool's
//! answer; nothing is added. Pure, any thread.

mod prices;

use frontdesk_company::{AlikeDays, ClockTime, CompanyProfile, DayHours, HolidayDate, Service, weekday_name};
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};

use super::calendar::{DayWish, TimeWish};
use super::wishes::{Asked, Extreme};

pub(crate) use prices::{all_within, compared};

/// A list in a sentence: "a", "a and b", "a, b and c".
pub(crate) fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A name inside a sentence: "Brake repair" becomes "brake repair", "AC service" and "Invisalign" in capitals stay.
pub(crate) fn in_sentence(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if first.is_uppercase() && second.is_lowercase() => {
            first.to_lowercase().chain(name.chars().skip(1)).collect()
        }
        _ => name.to_owned(),
    }
}

/// A name at the start of a sentence.
pub(crate) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// A sentence with its full stop.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let ended = text.ends_with(['.', '!', '?', '…']);
    if ended || text.is_empty() {
        text
    } else {
        format!("{text}.")
    }
}

/// Price and duration of a service as asked; what the profile leaves open is said to be open.
pub(crate) fn about_service(service: &Service, asked: Asked) -> String {
    let name = capitalised(&service.name);
    let cost = service.price.map(|price| match price.readable() {
        free if free == "free" => "is free of charge".to_owned(),
        price => format!("costs {price}"),
    });
    let time = service
        .minutes
        .map(|minutes| format!("takes {}", about(&minutes.readable())));
    let described = || {
        service
            .description
            .as_deref()
            .map(|text| format!(" {}", sentence(text)))
            .unwrap_or_default()
    };
    let both = asked.price == asked.duration;
    match (cost, time) {
        (Some(cost), Some(time)) if both => format!(
            "{name} {cost} and {time}.{}",
            if asked.nothing() { described() } else { String::new() }
        ),
        (Some(cost), _) if asked.price && !asked.duration => format!("{name} {cost}."),
        (_, Some(time)) if asked.duration && !asked.price => format!("{name} {time}."),
        (Some(cost), None) if both => format!(
            "{name} {cost}.{}{}",
            missing(asked.duration, "how long it takes"),
            described()
        ),
        (None, Some(time)) if both => format!("{name} {time}.{}{}", missing(asked.price, "its price"), described()),
        (_, _) => {
            let lacking = match (asked.price, asked.duration) {
                (true, false) => missing(true, "its price"),
                (false, true) => missing(true, "how long it takes"),
                (true, true) => missing(true, "its price or how long it takes"),
                (false, false) => String::new(),
            };
            format!("Yes, we offer {}.{lacking}{}", in_sentence(&service.name), described())
        }
    }
}

fn missing(asked: bool, what: &str) -> String {
    if asked {
        format!(" I don't have information on {what}.")
    } else {
        String::new()
    }
}

/// A duration as it is said: "about 1 hour and 30 minutes".
fn about(duration: &str) -> String {
    let mut told = String::from("about");
    let mut after_hours = false;
    for word in duration.split(' ') {
        if after_hours && word.starts_with(|first: char| first.is_ascii_digit()) {
            told.push_str(" and");
        }
        told.push(' ');
        told.push_str(word);
        after_hours = word.starts_with("hour");
    }
    told
}

/// The names of all services, with what was asked beside them.
pub(crate) fn all_services(profile: &CompanyProfile, asked: Asked) -> String {
    let entries: Vec<String> = profile
        .services
        .iter()
        .map(|service| {
            let beside: Vec<String> = [
                service.price.filter(|_| asked.price).map(|price| price.readable()),
                service
                    .minutes
                    .filter(|_| asked.duration)
                    .map(|minutes| minutes.readable()),
            ]
            .into_iter()
            .flatten()
            .collect();
            match beside.as_slice() {
                [] => in_sentence(&service.name),
                beside => format!("{} for {}", in_sentence(&service.name), beside.join(", ")),
            }
        })
        .collect();
    match entries.as_slice() {
        [] => "I don't have a list of services.".to_owned(),
        entries => format!("We offer {}.", listed(entries)),
    }
}

/// The service at one end of a comparison, with the value that decides. Services without that value cannot be compared and are left out.
pub(crate) fn extreme(services: &[&Service], extreme: Extreme) -> Option<String> {
    let price_key = |service: &&&Service| service.price.map(|price| price.lowest().minor);
    let top_key = |service: &&&Service| service.price.map(|price| price.highest().minor);
    let time_key = |service: &&&Service| service.minutes.map(|minutes| minutes.longest().0);
    let comparable =
        |has: &dyn Fn(&&&Service) -> bool| services.iter().filter(|service| has(service)).collect::<Vec<_>>();
    let priced = comparable(&|service| service.price.is_some());
    let timed = comparable(&|service| service.minutes.is_some());
    let (found, word, value) = match extreme {
        Extreme::Cheapest => {
            let best = priced.into_iter().min_by_key(|service| price_key(service))?;
            (best, "least expensive", format!("at {}", best.price?.readable()))
        }
        Extreme::Dearest => {
            let best = priced.into_iter().max_by_key(|service| top_key(service))?;
            (best, "most expensive", format!("at {}", best.price?.readable()))
        }
        Extreme::Quickest => {
            let best = timed.into_iter().min_by_key(|service| time_key(service))?;
            (best, "quickest", format!("with {}", best.minutes?.readable()))
        }
        Extreme::Longest => {
            let best = timed.into_iter().max_by_key(|service| time_key(service))?;
            (best, "longest", format!("with {}", best.minutes?.readable()))
        }
    };
    Some(format!("The {word} is {}, {value}.", in_sentence(&found.name)))
}

/// The week, days with the same hours together.
pub(crate) fn week(profile: &CompanyProfile) -> String {
    let (closed, open): (Vec<AlikeDays<'_>>, Vec<_>) = profile
        .hours
        .alike_days()
        .into_iter()
        .partition(|days| days.hours.is_closed());
    let open: Vec<String> = open
        .iter()
        .map(|days| format!("{days} from {}", days.hours.readable()))
        .collect();
    let closed: Vec<String> = closed.iter().map(ToString::to_string).collect();
    match closed.as_slice() {
        [] => format!("We are open {}.", open.join(", ")),
        closed => format!("We are open {}. We are closed on {}.", open.join(", "), listed(closed)),
    }
}

/// The hours of one date, however they were learned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DayFacts {
    /// How the day is called in the answer: "today", "tomorrow", "on Saturday", "on Christmas Day".
    pub label: String,
    /// From–to in words; empty when closed.
    pub hours: Vec<String>,
    /// Why the day is special.
    pub holiday: Option<String>,
}

impl DayFacts {
    /// From the profile.
    pub fn of(profile: &CompanyProfile, date: Date, label: String) -> Self {
        let plan = profile.hours_on(date);
        let hours = plan
            .hours
            .intervals()
            .iter()
            .map(|interval| interval.readable())
            .collect();
        Self {
            label,
            hours,
            holiday: plan.holiday.map(|holiday| holiday.name.clone()),
        }
    }

    /// In a sentence.
    pub fn told(&self) -> String {
        let named = self.holiday.as_ref().filter(|name| !self.label.contains(name.as_str()));
        let because = named.map(|name| format!(" for {name}")).unwrap_or_default();
        let label = capitalised(&self.label);
        match self.hours.as_slice() {
            [] => format!("{label} we are closed{because}."),
            hours => {
                let special = named
                    .map(|name| format!(", with special hours for {name}"))
                    .unwrap_or_default();
                format!("{label} we are open from {}{special}.", listed(hours))
            }
        }
    }
}

/// "open from 8:00 AM to 6:00 PM", or "closed".
pub(crate) fn open_from(hours: &DayHours) -> String {
    if hours.is_closed() {
        hours.readable()
    } else {
        format!("open from {}", hours.readable())
    }
}

/// How a date is called as seen from today.
pub(crate) fn day_label(date: Date, occasion: Option<&str>, today: Date) -> String {
    if let Some(occasion) = occasion {
        let article = if occasion.starts_with(char::is_uppercase) {
            "on "
        } else {
            "during "
        };
        return format!("{article}{occasion}");
    }
    if date == today {
        return "today".to_owned();
    }
    if today.tomorrow().is_ok_and(|tomorrow| tomorrow == date) {
        return "tomorrow".to_owned();
    }
    let weekday = weekday_name(date.weekday());
    match today.until(date).map(|span| span.get_days()) {
        Ok(days) if (0..7).contains(&days) => format!("on {weekday}"),
        _ => format!("on {weekday}, {}", date.strftime("%B %-d")),
    }
}

/// The next date on which a wish for a weekday falls, today included.
pub(crate) fn next_weekday(weekday: Weekday, today: Date) -> Date {
    std::iter::successors(Some(today), |date| date.tomorrow().ok())
        .take(7)
        .find(|date| date.weekday() == weekday)
        .unwrap_or(today)
}

/// The dates that a wish for days means, each with its label.
pub(crate) fn dates_of(wish: &DayWish, today: Date) -> Vec<(Date, String)> {
    let weekday = |weekday: Weekday| (next_weekday(weekday, today), format!("on {}", weekday_name(weekday)));
    match wish {
        DayWish::Date { date, occasion } => vec![(*date, day_label(*date, occasion.as_deref(), today))],
        DayWish::Weekday(day) => vec![weekday(*day)],
        DayWish::Weekend => vec![weekday(Weekday::Saturday), weekday(Weekday::Sunday)],
        DayWish::Weekdays | DayWish::Month(_) | DayWish::Holidays => Vec::new(),
    }
}

/// The regular hours of Monday to Friday.
pub(crate) fn working_days(profile: &CompanyProfile) -> String {
    let days: Vec<(Weekday, &DayHours)> = profile.hours.days().take(5).collect();
    match days.as_slice() {
        [(_, first), rest @ ..] if rest.iter().all(|(_, hours)| hours == first) => match first.is_closed() {
            true => "From Monday to Friday we are closed.".to_owned(),
            false => format!("From Monday to Friday we are open from {}.", first.readable()),
        },
        _ => week(profile),
    }
}

/// The holidays with their hours, those of one month if it is given.
pub(crate) fn holidays(profile: &CompanyProfile, today: Date, month: Option<i8>) -> Option<String> {
    let coming: Vec<String> = profile
        .holidays
        .iter()
        .filter(|holiday| match holiday.date {
            HolidayDate::Once(first) => {
                let last = holiday.until.unwrap_or(first);
                last >= today && month.is_none_or(|month| month == first.month() || month == last.month())
            }
            HolidayDate::EveryYear { month: its, .. } => month.is_none_or(|month| month == its),
        })
        .map(|holiday| {
            let label = day_label(today, Some(&holiday.name), today);
            match holiday.hours.is_closed() {
                true => format!("{label} we are closed"),
                false => format!("{label} we are open from {}", holiday.hours.readable()),
            }
        })
        .collect();
    (!coming.is_empty()).then(|| sentence(&capitalised(&coming.join("; "))))
}

/// Whether a time of day lies within the hours of a date; none when the half of the day is open and matters.
pub(crate) fn is_open_at(profile: &CompanyProfile, date: Date, time: TimeWish) -> Option<bool> {
    let at = |minutes: u16| -> Option<Timestamp> {
        let (hour, minute) = (i8::try_from(minutes / 60 % 24).ok()?, i8::try_from(minutes % 60).ok()?);
        let wall = date.at(hour, minute, 0, 0);
        profile
            .time_zone
            .rules()
            .to_ambiguous_zoned(wall)
            .compatible()
            .ok()
            .map(|zoned| zoned.timestamp())
    };
    let stated = profile.is_open(at(time.minutes)?);
    if time.certain {
        return Some(stated);
    }
    let later = profile.is_open(at(time.minutes + 12 * 60)?);
    (stated == later).then_some(stated)
}

/// A time of day in words.
pub(crate) fn time_told(time: TimeWish) -> String {
    let clock =
        |minutes: u16| jiff::civil::Time::new((minutes / 60 % 24) as i8, (minutes % 60) as i8, 0, 0).map(ClockTime::of);
    match clock(time.minutes) {
        Ok(told) if time.certain => told.readable(),
        Ok(told) => told
            .readable()
            .trim_end_matches(" AM")
            .trim_end_matches(" PM")
            .to_owned(),
        Err(_) => String::new(),
    }
}
