//! The next days as a table for a language model: how callers name a day, its date, its hours. A model computes no dates; it looks them up
//! here. Pure: `now` is an input.

use jiff::{Timestamp, ToSpan as _};

use crate::profile::CompanyProfile;

/// Days in the table, today included: two weeks, which is as far as callers speak of days by their weekday.
const TABLE_DAYS: i64 = 14;

impl CompanyProfile {
    /// One line for each of the next fourteen days on the company's own calendar: `- tomorrow: Tuesday 2026-11-24, 8:00 AM to 6:00 PM`.
    #[must_use]
    pub fn day_table(&self, now: Timestamp) -> String {
        let today = self.date_of(now);
        let line = |ahead: i64| {
            let date = today.saturating_add(ahead.days());
            let weekday = date.strftime("%A");
            let words = match ahead {
                0 => "today".to_owned(),
                1 => "tomorrow".to_owned(),
                2 => format!("the day after tomorrow, this {weekday}"),
                3..7 => format!("this {weekday}"),
                7 => format!("{weekday} next week, today in a week"),
                _ => format!("{weekday} next week"),
            };
            let plan = self.hours_on(date);
            let holiday = plan.holiday.map(|day| format!(" ({})", day.name)).unwrap_or_default();
            format!("- {words}: {weekday} {date}, {}{holiday}\n", plan.hours.readable())
        };
        (0..TABLE_DAYS).map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_begins_today_on_the_companys_own_calendar() {
        let company = crate::sample().unwrap();
        // Monday evening in Chicago, Tuesday by UTC.
        let table = company.day_table("2026-11-24T02:00:00Z".parse().unwrap());
        assert!(table.starts_with("- today: Monday 2026-11-23, "), "{table}");
        assert!(table.contains("- tomorrow: Tuesday 2026-11-24, "), "{table}");
        assert_eq!(table.lines().count(), 14, "{table}");
    }
}
