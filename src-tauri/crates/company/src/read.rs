//! From the text of a company file to a checked profile, with every problem that is found on the way.
//!
//! Pure and single-threaded; any thread may call it. It reads the tree that the TOML parser gives, with the place of
//! each value, instead of deserialising: serde stops at the first problem and forgets places, and an owner who repairs a
//! file wants to see all of them.

mod booking;
mod report;
mod section;
mod services;

use std::str::FromStr;

use toml::de::DeTable;

use self::report::Report;
use self::section::{Entry, Section};
use crate::duration::DurationRange;
use crate::error::{Malformed, ProfileError};
use crate::holiday::{Holiday, HolidayDate, parse_date};
use crate::hours::{DayHours, WeeklyHours};
use crate::identity::CompanyId;
use crate::profile::{CompanyProfile, Contact, Policy, Question, VoicePreference};
use crate::{FILE_LIMIT_BYTES, country, wording};

/// Longest greeting, in characters: about a minute of speech.
const GREETING_LIMIT: usize = 800;

impl CompanyProfile {
    /// Reads the text of a company file.
    ///
    /// # Errors
    /// [`ProfileError::TooLarge`] above [`FILE_LIMIT_BYTES`]; otherwise [`ProfileError::Invalid`] with all problems:
    /// those of the TOML syntax when there are any, else those of the content.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        if text.len() > FILE_LIMIT_BYTES {
            return Err(ProfileError::TooLarge {
                size: text.len(),
                limit: FILE_LIMIT_BYTES,
            });
        }
        let report = Report::new(text);
        let (document, syntax_errors) = DeTable::parse_recoverable(text);
        if !syntax_errors.is_empty() {
            // What the parser recovered is not what the author meant: judging it would only add confusing lines.
            for error in syntax_errors {
                let place = error.span().unwrap_or(0..0);
                let reason = match text.get(place.clone()).map(str::trim) {
                    None | Some("") => error.message().to_owned(),
                    Some(culprit) => Malformed::new(culprit, error.message()).to_string(),
                };
                report.problem(place, "", format!("this is not valid TOML: {reason}"));
            }
            return Err(report.into_error());
        }
        match company(&report, document.get_ref()) {
            Some(profile) if report.is_clean() => Ok(profile),
            _ => Err(report.into_error()),
        }
    }
}

impl FromStr for CompanyProfile {
    type Err = ProfileError;

    fn from_str(text: &str) -> Result<Self, ProfileError> {
        Self::parse(text)
    }
}

/// Reads every part before it puts them together, so that one missing part hides no other problem.
fn company(report: &Report, document: &DeTable) -> Option<CompanyProfile> {
    let mut root = Section::root(report, document);
    let name = root.required("name").and_then(|entry| entry.name());
    let trade = root.required("trade").and_then(|entry| entry.name());
    let id = match root.optional("id") {
        Some(entry) => entry.parsed(),
        None => name
            .as_ref()
            .and_then(|name| root.checked("name", CompanyId::from_name(name))),
    };
    let description = root.optional("description").and_then(|entry| entry.prose());
    let time_zone = root.required("time_zone").and_then(|entry| entry.parsed());
    let currency = root.optional("currency").and_then(|entry| entry.parsed());
    let greeting = root
        .optional("greeting")
        .and_then(|entry| entry.text_up_to(GREETING_LIMIT));
    let brief = root.optional("brief").and_then(|entry| entry.prose());
    let voice = root
        .optional("voice")
        .and_then(|entry| entry.section())
        .map(voice)
        .unwrap_or_default();
    let contact = root
        .optional("contact")
        .and_then(|entry| entry.section())
        .map(contact)
        .unwrap_or_default();
    let hours = root.required("hours").and_then(|entry| weekly_hours(&entry));
    let holidays = holidays(&root.entries("holidays"));
    let resources = booking::resources(&root.entries("resources"));
    let services = services::services(&root.entries("services"), currency, &resources);
    let policies = root
        .entries("policies")
        .iter()
        .filter_map(|entry| policy(entry.section()?))
        .collect();
    let questions = root
        .entries("questions")
        .iter()
        .filter_map(|entry| question(entry.section()?))
        .collect();
    let booking = root
        .optional("booking")
        .and_then(|entry| entry.section())
        .map(booking::rules)
        .unwrap_or_default();
    root.refuse_unknown();
    Some(CompanyProfile {
        id: id?,
        name: name?,
        trade: trade?,
        description,
        time_zone: time_zone?,
        currency,
        greeting,
        brief,
        voice,
        contact,
        hours: hours?,
        holidays,
        services,
        policies,
        questions,
        resources,
        booking,
    })
}

fn voice(mut section: Section) -> VoicePreference {
    let voice = VoicePreference {
        realtime: section.optional("realtime").and_then(|entry| entry.name()),
        local: section.optional("local").and_then(|entry| entry.name()),
    };
    section.refuse_unknown();
    voice
}

fn contact(mut section: Section) -> Contact {
    let contact = Contact {
        phone: section
            .optional("phone")
            .and_then(|entry| entry.checked_name(check_phone)),
        email: section
            .optional("email")
            .and_then(|entry| entry.checked_name(check_email)),
        address: section.optional("address").and_then(|entry| entry.name()),
        country: section
            .optional("country")
            .and_then(|entry| entry.checked_name(country::check)),
    };
    section.refuse_unknown();
    contact
}

fn check_phone(text: &str) -> Result<(), Malformed> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if !(3..=20).contains(&digits) {
        return Err(Malformed::new(text, "a phone number has 3 to 20 digits"));
    }
    Ok(())
}

fn check_email(text: &str) -> Result<(), Malformed> {
    let plausible = text.split_once('@').is_some_and(|(person, host)| {
        !person.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !host.contains('@')
    });
    if !plausible || text.contains(char::is_whitespace) {
        return Err(Malformed::new(text, "an e-mail address looks like info@example.com"));
    }
    Ok(())
}

/// One day's hours: a text or a list of texts. Every interval is checked, also after a bad one.
fn day_hours(entry: &Entry) -> Option<DayHours> {
    let texts = entry.texts()?;
    if let [only] = texts.as_slice()
        && DayHours::says_closed(only.text())
    {
        return Some(DayHours::closed());
    }
    let intervals: Vec<_> = texts.iter().map(|text| text.parsed()).collect();
    entry.checked(DayHours::new(intervals.into_iter().collect::<Option<_>>()?))
}

fn weekly_hours(entry: &Entry) -> Option<WeeklyHours> {
    let mut section = entry.section()?;
    let mut complete = true;
    let mut day = |name| match section.optional(name) {
        None => DayHours::closed(),
        Some(entry) => day_hours(&entry).unwrap_or_else(|| {
            complete = false;
            DayHours::closed()
        }),
    };
    let week = WeeklyHours {
        monday: day("monday"),
        tuesday: day("tuesday"),
        wednesday: day("wednesday"),
        thursday: day("thursday"),
        friday: day("friday"),
        saturday: day("saturday"),
        sunday: day("sunday"),
    };
    section.refuse_unknown();
    if !complete {
        return None;
    }
    if week.days().all(|(_, hours)| hours.is_closed()) {
        entry.problem("no opening hours are given; add at least one line such as monday = \"8:00-18:00\"");
    }
    for (weekday, hours) in week.days() {
        let next = weekday.next();
        if let Some((night, morning)) = hours.overlap_into(week.on(next)) {
            let (today, tomorrow) = (wording::weekday_name(weekday), wording::weekday_name(next));
            section.problem_at(
                &today.to_lowercase(),
                &format!("'{night}' runs into {tomorrow}, where '{morning}' has already begun"),
            );
        }
    }
    Some(week)
}

fn holidays(entries: &[Entry]) -> Vec<Holiday> {
    let mut holidays: Vec<(usize, Holiday)> = Vec::new();
    for entry in entries {
        let Some(holiday) = entry.section().and_then(holiday) else {
            continue;
        };
        if let Some((line, earlier)) = holidays.iter().find(|(_, earlier)| earlier.collides(&holiday)) {
            entry.problem(&format!(
                "it falls on the same day as '{}' on line {line}",
                earlier.name
            ));
        }
        holidays.push((entry.line(), holiday));
    }
    holidays.into_iter().map(|(_, holiday)| holiday).collect()
}

fn holiday(mut section: Section) -> Option<Holiday> {
    let name = section.required("name").and_then(|entry| entry.name());
    let date = section
        .required("date")
        .and_then(|entry| entry.date_text())
        .and_then(|entry| entry.parsed());
    let until_entry = section.optional("until").and_then(|entry| entry.date_text());
    let until = until_entry
        .as_ref()
        .and_then(|entry| entry.checked(parse_date(entry.text())));
    let hours = match section.optional("hours") {
        None => Some(DayHours::closed()),
        Some(entry) => day_hours(&entry),
    };
    section.refuse_unknown();
    if let (Some(entry), Some(until), Some(date)) = (until_entry, until, date) {
        match date {
            HolidayDate::EveryYear { .. } => {
                entry.problem("a holiday of every year is a single day; give a year in 'date' or leave 'until' out");
            }
            HolidayDate::Once(first) if until < first => entry.problem("the last day lies before the first one"),
            HolidayDate::Once(first) if (until - first).get_days() > Holiday::LONGEST_DAYS => {
                entry.problem("a holiday lasts at most a year");
            }
            HolidayDate::Once(_) => {}
        }
    }
    Some(Holiday {
        name: name?,
        date: date?,
        until,
        hours: hours?,
    })
}

fn policy(mut section: Section) -> Option<Policy> {
    let topic = section.required("topic").and_then(|entry| entry.name());
    let keywords = section
        .optional("keywords")
        .and_then(|entry| entry.names())
        .unwrap_or_default();
    let text = section.required("text").and_then(|entry| entry.prose());
    section.refuse_unknown();
    Some(Policy {
        topic: topic?,
        keywords,
        text: text?,
    })
}

fn question(mut section: Section) -> Option<Question> {
    let ask = section.required("ask").and_then(|entry| entry.names());
    let answer = section.required("answer").and_then(|entry| entry.prose());
    section.refuse_unknown();
    Some(Question {
        ask: ask?,
        answer: answer?,
    })
}

/// A service's duration: a number of minutes or a text such as `30-45`.
fn duration(entry: &Entry) -> Option<DurationRange> {
    entry.checked(
        entry
            .number_or_text("a number of minutes such as 30, or \"30-45\"")?
            .parse(),
    )
}
