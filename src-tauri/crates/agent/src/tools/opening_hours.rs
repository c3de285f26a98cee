//! Tool `checkOpeningHours`: open now, the hours of a date, the next opening. All arithmetic is the company crate's; the model never
//! computes a date. Runs on the tokio runtime.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_call::tool::ToolDescription;
use frontdesk_call::voice_model::BoxFuture;
use frontdesk_company::CompanyProfile;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::registry::{Circumstances, Tool, ToolAnswer, ToolFailure};

/// Answers from one company's profile.
pub struct CheckOpeningHours {
    company: Arc<CompanyProfile>,
}

impl CheckOpeningHours {
    /// The tool for one company.
    #[must_use]
    pub fn new(company: Arc<CompanyProfile>) -> Self {
        Self { company }
    }

    /// `{now, timeZone, openNow, status, nextOpening?, date, weekday, hours: [{opens, closes}], closedAllDay, holiday?}`.
    fn answer(&self, date: Option<&str>, now: Timestamp) -> Result<Value, ToolFailure> {
        let company = &self.company;
        let today = company.date_of(now);
        let date = match date {
            None => today,
            Some(text) => text
                .parse::<Date>()
                .map_err(|_| ToolFailure(format!("{text} is no date. Give it as YYYY-MM-DD; today is {today}.")))?,
        };
        let plan = company.hours_on(date);
        let hours: Vec<Value> = plan
            .hours
            .intervals()
            .iter()
            .map(|interval| json!({ "opens": interval.opens().readable(), "closes": interval.closes().readable() }))
            .collect();
        Ok(json!({
            "now": now.to_zoned(company.time_zone.rules().clone()).strftime("%A %Y-%m-%d %H:%M").to_string(),
            "timeZone": company.time_zone.name(),
            "openNow": company.is_open(now),
            "status": company.describe_status(now),
            "nextOpening": company.next_opening(now).map(|at| at.strftime("%A %Y-%m-%d %H:%M").to_string()),
            "date": date.to_string(),
            "weekday": date.strftime("%A").to_string(),
            "hours": hours,
            "closedAllDay": plan.hours.is_closed(),
            "holiday": plan.holiday.map(|holiday| holiday.name.clone()),
        }))
    }
}

impl Tool for CheckOpeningHours {
    fn description(&self) -> ToolDescription {
        ToolDescription {
            name: "checkOpeningHours".into(),
            description:
                "Tells whether the company is open now, when it opens next, and the hours of a given date, holidays \
                          included. Use it for every question about being open on a day or at a time."
                    .into(),
            parameters: json!({
                "type": "object",
                "properties": {
                    "date": {
                        "type": "string",
                        "pattern": "^\\d{4}-\\d{2}-\\d{2}$",
                        "description": "The day asked about, as YYYY-MM-DD in the company's time zone. Leave it out for today."
                    }
                },
                "additionalProperties": false
            }),
            timeout: Duration::from_secs(2),
        }
    }

    fn run(&self, arguments: Value, circumstances: Circumstances) -> BoxFuture<'_, Result<ToolAnswer, ToolFailure>> {
        let answer = self.answer(arguments["date"].as_str(), circumstances.now.0);
        Box::pin(async move { answer.map(ToolAnswer::from) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(date: Option<&str>, now: &str) -> Result<Value, ToolFailure> {
        let company = Arc::new(frontdesk_company::sample().unwrap());
        CheckOpeningHours::new(company).answer(date, now.parse().unwrap())
    }

    #[test]
    fn sunday_is_closed_and_monday_is_next() {
        // Sunday noon in Chicago.
        let answer = answer(None, "2026-11-22T18:00:00Z").unwrap();
        assert_eq!(answer["openNow"], false);
        assert_eq!(answer["closedAllDay"], true);
        assert_eq!(answer["nextOpening"], "Monday 2026-11-23 08:00");
    }

    #[test]
    fn a_given_date_has_its_own_hours() {
        let answer = answer(Some("2026-11-28"), "2026-11-23T15:00:00Z").unwrap();
        assert_eq!(answer["openNow"], true);
        assert_eq!(answer["weekday"], "Saturday");
        assert_eq!(answer["hours"], json!([{ "opens": "9:00 AM", "closes": "4:00 PM" }]));
    }

    #[test]
    fn today_is_the_companys_day_and_not_utcs() {
        // Monday 02:00 UTC is still Sunday evening in Chicago.
        assert_eq!(answer(None, "2026-11-23T02:00:00Z").unwrap()["date"], "2026-11-22");
    }

    #[test]
    fn a_date_that_does_not_exist_is_sent_back() {
        assert!(
            answer(Some("2026-02-30"), "2026-11-23T15:00:00Z")
                .unwrap_err()
                .0
                .contains("YYYY-MM-DD")
        );
    }
}
