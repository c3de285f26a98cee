//! The arguments of the desk's tools: their JSON schemas, their types, and the reading of dates and times in them. Pure.

use std::ops::Range;
use std::time::Duration;

use frontdesk_call::tool::ToolDescription;
use frontdesk_company::CompanyProfile;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{BOOK_APPOINTMENT, CANCEL_APPOINTMENT, CHECK_AVAILABILITY, LOOKUP_CUSTOMER, RESCHEDULE_APPOINTMENT};

/// Longest window of one question.
const LONGEST_WINDOW_DAYS: i32 = 62;

/// `checkAvailability`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Check {
    start: String,
    end: String,
    pub(super) service_type: String,
    time_zone: Option<String>,
}

/// `bookAppointment`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Book {
    pub(super) date: String,
    pub(super) time: String,
    pub(super) customer_name: String,
    pub(super) customer_phone: String,
    pub(super) service_type: String,
    pub(super) notes: Option<String>,
}

/// `lookupCustomer`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Look {
    pub(super) phone: String,
    pub(super) name: String,
}

/// `rescheduleAppointment`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Move {
    pub(super) confirmation_number: String,
    pub(super) customer_name: String,
    pub(super) date: String,
    pub(super) time: String,
}

/// `cancelAppointment`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cancel {
    pub(super) confirmation_number: String,
    pub(super) customer_name: String,
}

impl Check {
    /// The window that is asked about. An end that is a date means that whole day.
    pub(super) fn window(&self, company: &CompanyProfile) -> Result<Range<Timestamp>, String> {
        let zone = match &self.time_zone {
            None => company.time_zone.rules().clone(),
            Some(name) => TimeZone::get(name).map_err(|_| {
                format!("{name} is no time zone. Leave timeZone out, or give an IANA name such as America/Chicago.")
            })?,
        };
        let start = moment(&self.start, &zone)?;
        let end = match self.end.trim().parse::<Date>() {
            Ok(date) if !self.end.contains(':') => in_zone(date.saturating_add(1.day()).at(0, 0, 0, 0), &zone)?,
            _ => moment(&self.end, &zone)?,
        };
        if start >= end {
            return Err("The end must be later than the start.".to_owned());
        }
        let limit = start.to_zoned(zone).saturating_add(LONGEST_WINDOW_DAYS.days());
        if end > limit.timestamp() {
            return Err(format!("Ask about at most {LONGEST_WINDOW_DAYS} days at once."));
        }
        Ok(start..end)
    }
}

/// A moment in ISO 8601: with an offset as it is, else on the clocks of `zone`; a date alone is the midnight that starts it.
fn moment(text: &str, zone: &TimeZone) -> Result<Timestamp, String> {
    let text = text.trim();
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    if let Ok(zoned) = text.parse::<Zoned>() {
        return Ok(zoned.timestamp());
    }
    let wall = text
        .parse::<DateTime>()
        .map_err(|_| format!("{text} is no time in ISO 8601, such as 2026-11-24T09:00:00."))?;
    in_zone(wall, zone)
}

fn in_zone(wall: DateTime, zone: &TimeZone) -> Result<Timestamp, String> {
    zone.to_ambiguous_timestamp(wall)
        .compatible()
        .map_err(|_| format!("{wall} is no time that a calendar can hold."))
}

/// A date as `2026-11-24` and a time as `09:00` or `9:00 AM`.
pub(super) fn date_and_time(date: &str, time: &str) -> Result<(Date, Time), String> {
    let date = date
        .trim()
        .parse::<Date>()
        .map_err(|_| format!("{date} is no date. Give it as YYYY-MM-DD."))?;
    let time = clock_time(time.trim()).ok_or_else(|| format!("{time} is no time of day. Give it as HH:MM."))?;
    Ok((date, time))
}

fn clock_time(text: &str) -> Option<Time> {
    let plain = text.to_ascii_uppercase().replace([' ', '.'], "");
    ["%H:%M", "%H:%M:%S", "%I:%M%p", "%I%p"]
        .iter()
        .find_map(|format| Time::strptime(format, &plain).ok())
}

/// The tools as a model sees them. The services stand in the schema by name, so that the model chooses one that exists.
pub(super) fn descriptions(company: &CompanyProfile, timeout: Duration) -> Vec<ToolDescription> {
    let services: Vec<&str> = company.services.iter().map(|service| service.name.as_str()).collect();
    let service = json!({
        "type": "string",
        "maxLength": 200,
        "description": format!("The service, by name: {}.", services.join(", ")),
    });
    let date = json!({
        "type": "string",
        "maxLength": 40,
        "description": format!("The day as YYYY-MM-DD, on the calendar of {}.", company.time_zone),
    });
    let time = json!({
        "type": "string",
        "maxLength": 40,
        "description": format!("The time of day as HH:MM on the 24-hour clock of {}.", company.time_zone),
    });
    let phone =
        json!({ "type": "string", "maxLength": 60, "description": "The customer's phone number, as it was said." });
    let number =
        json!({ "type": "string", "maxLength": 40, "description": "The six digits that the customer was told." });
    let name_on_it = json!({
        "type": "string",
        "minLength": 1,
        "maxLength": 200,
        "description": "The name that the appointment was made for, as the caller said it.",
    });
    let tool = |name: &str, description: &str, properties: Value, required: &[&str]| ToolDescription {
        name: name.to_owned(),
        description: description.to_owned(),
        parameters: json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        }),
        timeout,
    };
    vec![
        tool(
            CHECK_AVAILABILITY,
            "Finds the free times for a service between two moments. Ask before offering or booking any time.",
            json!({
                "start": { "type": "string", "maxLength": 60, "description": "Begin of the window, ISO 8601." },
                "end": { "type": "string", "maxLength": 60, "description": "End of the window, ISO 8601. A date alone means that whole day." },
                "serviceType": service,
                "timeZone": {
                    "type": "string",
                    "maxLength": 60,
                    "description": "IANA name of the zone of start and end. Leave it out for the company's own.",
                },
            }),
            &["start", "end", "serviceType"],
        ),
        tool(
            BOOK_APPOINTMENT,
            "Books an appointment. Only after the time was found free and the customer has agreed to it, and has given a name and a phone \
             number. Nothing is booked unless the answer says so.",
            json!({
                "date": date, "time": time,
                "customerName": { "type": "string", "minLength": 1, "maxLength": 200, "description": "Whom it is for." },
                "customerPhone": phone,
                "serviceType": service,
                "notes": { "type": "string", "maxLength": 2000, "description": "What else the customer said about it." },
            }),
            &["date", "time", "customerName", "customerPhone", "serviceType"],
        ),
        tool(
            LOOKUP_CUSTOMER,
            "Looks up a customer by phone number and name: the appointments to come, without their confirmation numbers. Ask the caller for \
             both. When the name does not match, nothing but that is told.",
            json!({
                "phone": phone,
                "name": { "type": "string", "minLength": 1, "maxLength": 200, "description": "The caller's name as they said it." },
            }),
            &["phone", "name"],
        ),
        tool(
            RESCHEDULE_APPOINTMENT,
            "Moves an appointment to another time. Needs its confirmation number and the name that it was made for. Nothing is moved unless \
             the answer says so.",
            json!({ "confirmationNumber": number, "customerName": name_on_it, "date": date, "time": time }),
            &["confirmationNumber", "customerName", "date", "time"],
        ),
        tool(
            CANCEL_APPOINTMENT,
            "Cancels an appointment. Needs its confirmation number, the name that it was made for, and the customer's clear wish. Nothing is \
             cancelled unless the answer says so.",
            json!({ "confirmationNumber": number, "customerName": name_on_it }),
            &["confirmationNumber", "customerName"],
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(start: &str, end: &str, zone: Option<&str>) -> Result<String, String> {
        let check = Check {
            start: start.to_owned(),
            end: end.to_owned(),
            service_type: "Oil change".to_owned(),
            time_zone: zone.map(str::to_owned),
        };
        let window = check.window(&frontdesk_company::sample().unwrap())?;
        Ok(format!("{} {}", window.start, window.end))
    }

    #[test]
    fn a_window_is_read_in_the_zone_that_it_names_or_the_companys() {
        let chicago = Ok("2026-11-24T15:00:00Z 2026-11-24T18:00:00Z".to_owned());
        assert_eq!(window("2026-11-24T09:00", "2026-11-24T12:00", None), chicago);
        assert_eq!(
            window("2026-11-24T09:00:00-06:00", "2026-11-24T18:00:00Z", None),
            chicago
        );
        assert_eq!(
            window("2026-11-24 10:00", "2026-11-24 13:00", Some("America/New_York")),
            chicago
        );
        let day = Ok("2026-11-24T06:00:00Z 2026-11-25T06:00:00Z".to_owned());
        assert_eq!(window("2026-11-24", "2026-11-24", None), day);
        // Clocks are set back on November 1: the day has 25 hours.
        let long = Ok("2026-11-01T05:00:00Z 2026-11-02T06:00:00Z".to_owned());
        assert_eq!(window("2026-11-01", "2026-11-01", None), long);
    }

    #[test]
    fn a_window_that_is_none_is_refused_in_words() {
        for (start, end, zone) in [
            ("tomorrow", "2026-11-24", None),
            ("2026-11-24", "2026-11-23", None),
            ("2026-11-24T10:00", "2026-11-24T10:00", None),
            ("2026-11-24", "2027-11-24", None),
            ("2026-11-24", "2026-11-25", Some("Chicago")),
            ("-009999-01-01", "+009999-12-31", None),
        ] {
            let refused = window(start, end, zone).unwrap_err();
            assert!(refused.ends_with('.'), "{refused}");
        }
    }

    #[test]
    fn times_are_read_as_people_and_models_write_them() {
        for (text, read) in [
            ("09:00", Some("09:00:00")),
            ("9:00", Some("09:00:00")),
            ("14:30:00", Some("14:30:00")),
            ("2:30 PM", Some("14:30:00")),
            ("2:30 p.m.", Some("14:30:00")),
            ("12 AM", Some("00:00:00")),
            ("24:30", None),
            ("noonish", None),
            ("", None),
        ] {
            let time = clock_time(text).map(|time| time.to_string());
            assert_eq!(time.as_deref(), read, "{text}");
        }
        assert!(date_and_time("2026-02-30", "9:00").is_err());
    }
}
