//! The small values: how they are read, written and told.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests, outside the test functions that clippy.toml exempts"
)]

use frontdesk_company::{
    ClockTime, CompanyZone, Currency, DayHours, DurationRange, HolidayDate, Interval, Minutes, PriceRange,
};

fn price(text: &str) -> PriceRange {
    PriceRange::parse(text, Some(Currency::USD)).unwrap()
}

#[test]
fn prices_are_exact_and_told_with_their_currency() {
    for (text, told, written) in [
        ("50", "$50", "50 USD"),
        ("49.9", "$49.90", "49.90 USD"),
        ("0.05", "$0.05", "0.05 USD"),
        ("50-80", "$50 to $80", "50-80 USD"),
        ("50 – 79.50 EUR", "€50 to €79.50", "50-79.50 EUR"),
        ("75 CHF", "75 CHF", "75 CHF"),
        ("5000 JPY", "5000 JPY", "5000 JPY"),
        ("1.125 KWD", "1.125 KWD", "1.125 KWD"),
        ("0", "free", "0 USD"),
    ] {
        let price = price(text);
        assert_eq!((price.readable().as_str(), price.to_string().as_str()), (told, written));
        assert_eq!(price.to_string().parse(), Ok(price));
    }
    assert_eq!(price("49.90").lowest().minor, 4990);
    assert_eq!(price("100000000").highest().minor, 10_000_000_000);
    assert!(PriceRange::parse("100000000.01", Some(Currency::USD)).is_err());
}

#[test]
fn durations_are_told_in_hours_and_minutes() {
    for (shortest, longest, told) in [
        (1, 1, "1 minute"),
        (30, 45, "30 to 45 minutes"),
        (45, 120, "45 minutes to 2 hours"),
        (60, 60, "1 hour"),
        (61, 61, "1 hour 1 minute"),
    ] {
        let range = DurationRange::new(Minutes(shortest), Minutes(longest)).unwrap();
        assert_eq!(range.readable(), told);
        assert_eq!(range.to_string().parse(), Ok(range));
    }
}

#[test]
fn times_are_told_on_the_twelve_hour_clock() {
    for (time, told) in [
        ("0:00", "midnight"),
        ("0:05", "12:05 AM"),
        ("08:00", "8:00 AM"),
        ("12:00", "noon"),
        ("12:30", "12:30 PM"),
        ("23:59", "11:59 PM"),
        ("24:00", "midnight"),
    ] {
        assert_eq!(time.parse::<ClockTime>().unwrap().readable(), told);
    }
    for no_time in ["24:01", "8", "8:0", "008:00", "+8:00", "8:00 am", "8:00:00", "", "٨:00"] {
        assert!(no_time.parse::<ClockTime>().is_err(), "{no_time}");
    }
}

#[test]
fn intervals_run_past_midnight_where_that_is_plausible_or_said() {
    for (text, written, told) in [
        ("8:00 - 18:00", "8:00-18:00", "8:00 AM to 6:00 PM"),
        ("8:00–18:00", "8:00-18:00", "8:00 AM to 6:00 PM"),
        ("18:00-02:00", "18:00-2:00", "6:00 PM to 2:00 AM the next day"),
        (
            "20:00-8:00 next day",
            "20:00-8:00 next day",
            "8:00 PM to 8:00 AM the next day",
        ),
        (
            "8:00-8:00 next day",
            "8:00-8:00 next day",
            "8:00 AM to 8:00 AM the next day",
        ),
        ("8:00-0:00", "8:00-24:00", "8:00 AM to midnight"),
        ("0:00-24:00", "0:00-24:00", "all day (24 hours)"),
    ] {
        let interval: Interval = text.parse().unwrap();
        assert_eq!(
            (interval.to_string().as_str(), interval.readable().as_str()),
            (written, told)
        );
        assert_eq!(interval.to_string().parse(), Ok(interval));
    }
    for doubtful in ["8:00-6:00", "18:00-8:00", "11:00-2:00", "9:00-9:00"] {
        assert!(doubtful.parse::<Interval>().is_err(), "{doubtful}");
    }
}

#[test]
fn a_day_keeps_its_intervals_in_order_without_overlap() {
    let intervals = |texts: [&str; 2]| DayHours::new(texts.iter().map(|text| text.parse().unwrap()).collect());
    assert_eq!(
        intervals(["13:00-18:00", "8:00-12:00"]).unwrap().readable(),
        "8:00 AM to noon and 1:00 PM to 6:00 PM"
    );
    assert!(intervals(["8:00-12:00", "12:00-18:00"]).is_ok());
    assert!(intervals(["8:00-12:01", "12:00-18:00"]).is_err());
    assert_eq!(
        serde_json::from_str::<DayHours>("\"Closed\"").unwrap(),
        DayHours::closed()
    );
}

#[test]
fn holiday_dates_are_once_or_every_year() {
    assert_eq!("02-29".parse(), Ok(HolidayDate::EveryYear { month: 2, day: 29 }));
    assert!(matches!("2028-02-29".parse(), Ok(HolidayDate::Once(_))));
    for no_date in [
        "2027-02-29",
        "02-30",
        "13-01",
        "25.12.2026",
        "2026-1-1",
        "tomorrow",
        "+002026-12",
        "",
    ] {
        assert!(no_date.parse::<HolidayDate>().is_err(), "{no_date}");
    }
}

#[test]
fn zones_have_their_official_spelling_and_mistakes_get_advice() {
    assert_eq!("europe/london".parse::<CompanyZone>().unwrap().name(), "Europe/London");
    let advice = |text: &str| text.parse::<CompanyZone>().unwrap_err().to_string();
    assert!(advice("Europe/Londn").ends_with("did you mean 'Europe/London'?"));
    assert!(advice("Somewhere else entirely").contains("such as 'America/Chicago'"));
    assert!("Etc/Unknown".parse::<CompanyZone>().is_err());
}
