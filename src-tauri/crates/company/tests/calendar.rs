//! Open or closed, until when and why: on ordinary days, holidays, past midnight and when the clocks change.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests, outside the test functions that clippy.toml exempts"
)]

use frontdesk_company::{ClosedReason, CompanyProfile, OpeningStatus, WallClock};
use jiff::{Timestamp, Zoned};

const HARBOUR_LANE_DENTAL: &str = include_str!("../../../../tests/fixtures/companies/harbour-lane-dental.toml");

fn dental() -> CompanyProfile {
    CompanyProfile::parse(HARBOUR_LANE_DENTAL).unwrap()
}

fn company(zone: &str, lines: &str) -> CompanyProfile {
    let text = format!("name = \"Blue Door\"\ntrade = \"bar\"\ntime_zone = \"{zone}\"\n{lines}");
    CompanyProfile::parse(&text).unwrap_or_else(|error| panic!("{error}"))
}

/// A moment on the company's wall clock, such as `2026-11-23T09:00`; an offset may follow to tell doubled hours apart.
fn at(company: &CompanyProfile, wall: &str) -> Timestamp {
    let zone = company.time_zone.name();
    format!("{wall}[{zone}]").parse::<Zoned>().unwrap().timestamp()
}

/// A moment in short: `2026-11-23T08:00-06:00`.
fn short(moment: Option<&Zoned>) -> String {
    moment.map_or_else(
        || "never".to_owned(),
        |moment| moment.strftime("%Y-%m-%dT%H:%M%:z").to_string(),
    )
}

/// The status in one line, for comparison.
fn status(company: &CompanyProfile, wall: &str) -> String {
    let day =
        |holiday: Option<&frontdesk_company::Holiday>| holiday.map(|day| format!(", {}", day.name)).unwrap_or_default();
    match company.status(at(company, wall)) {
        OpeningStatus::Open { until, holiday } => format!("open until {}{}", short(until.as_ref()), day(holiday)),
        OpeningStatus::Closed { until, reason, holiday } => {
            format!("closed until {}, {reason:?}{}", short(until.as_ref()), day(holiday))
        }
    }
}

#[test]
fn an_ordinary_day_goes_from_before_opening_over_the_break_to_after_closing() {
    let dental = dental();
    assert_eq!(
        status(&dental, "2026-11-23T08:29"),
        "closed until 2026-11-23T08:30+00:00, BeforeOpening"
    );
    assert_eq!(status(&dental, "2026-11-23T08:30"), "open until 2026-11-23T12:30+00:00");
    assert_eq!(
        status(&dental, "2026-11-23T12:30"),
        "closed until 2026-11-23T13:30+00:00, Break"
    );
    assert_eq!(status(&dental, "2026-11-23T17:29"), "open until 2026-11-23T17:30+00:00");
    assert_eq!(
        status(&dental, "2026-11-23T17:30"),
        "closed until 2026-11-24T08:30+00:00, AfterClosing"
    );
    assert_eq!(
        status(&dental, "2026-11-28T12:00"),
        "closed until 2026-11-30T08:30+00:00, AllDay"
    );
}

#[test]
fn holidays_close_the_day_or_change_its_hours_and_give_the_reason() {
    let dental = dental();
    assert_eq!(
        status(&dental, "2026-12-25T10:00"),
        "closed until 2026-12-28T08:30+00:00, AllDay, Christmas Day"
    );
    assert_eq!(
        status(&dental, "2029-12-25T10:00"),
        "closed until 2029-12-27T08:30+00:00, AllDay, Christmas Day"
    );
    assert_eq!(
        status(&dental, "2026-12-24T10:00"),
        "open until 2026-12-24T12:00+00:00, Christmas Eve"
    );
    assert_eq!(
        status(&dental, "2026-12-24T14:00"),
        "closed until 2026-12-28T08:30+00:00, AfterClosing, Christmas Eve"
    );
    assert_eq!(
        status(&dental, "2027-08-05T10:00"),
        "closed until 2027-08-16T08:30+01:00, AllDay, our summer holiday"
    );
    assert_eq!(
        status(&dental, "2027-05-08T11:00"),
        "open until 2027-05-08T15:00+01:00, the children's open day"
    );
}

#[test]
fn a_dated_holiday_goes_before_one_of_every_year() {
    let bar = company(
        "UTC",
        "hours.friday = \"18:00-2:00\"\n[[holidays]]\nname = \"Christmas\"\ndate = \"12-25\"\n\
         [[holidays]]\nname = \"Jubilee\"\ndate = \"2026-12-25\"\nhours = \"20:00-22:00\"\n",
    );
    assert_eq!(
        status(&bar, "2026-12-25T21:00"),
        "open until 2026-12-25T22:00+00:00, Jubilee"
    );
}

#[test]
fn a_night_belongs_to_the_day_on_which_it_began() {
    let bar = company(
        "America/New_York",
        "hours.friday = \"18:00-2:00\"\nhours.saturday = \"18:00-2:00\"\n[[holidays]]\nname = \"Repairs\"\ndate = \"2026-11-21\"\n",
    );
    assert_eq!(
        status(&bar, "2026-11-21T01:30"),
        "open until 2026-11-21T02:00-05:00, Repairs"
    );
    assert_eq!(
        status(&bar, "2026-11-21T20:00"),
        "closed until 2026-11-27T18:00-05:00, AllDay, Repairs"
    );
    assert_eq!(status(&bar, "2026-11-29T01:59"), "open until 2026-11-29T02:00-05:00");
    assert_eq!(
        status(&bar, "2026-11-28T02:00"),
        "closed until 2026-11-28T18:00-05:00, BeforeOpening"
    );
    let plan = bar.hours_on("2026-11-21".parse().unwrap());
    assert!(plan.hours.is_closed() && plan.holiday.is_some());
}

#[test]
fn stretches_that_touch_at_midnight_are_one() {
    let always = "hours = { monday = \"0:00-24:00\", tuesday = \"0:00-24:00\", wednesday = \"0:00-24:00\", \
                  thursday = \"0:00-24:00\", friday = \"0:00-24:00\", saturday = \"0:00-24:00\", sunday = \"0:00-24:00\" }\n";
    let station = company("Asia/Tokyo", always);
    assert_eq!(status(&station, "2026-11-23T23:59"), "open until never");
    assert_eq!(station.next_opening(at(&station, "2026-11-23T12:00")), None);
    let with_rest = company(
        "Asia/Tokyo",
        &format!("{always}[[holidays]]\nname = \"New Year\"\ndate = \"01-01\"\n"),
    );
    assert_eq!(
        status(&with_rest, "2026-11-23T23:59"),
        "open until 2027-01-01T00:00+09:00"
    );
    assert_eq!(
        short(with_rest.next_opening(at(&with_rest, "2026-11-23T12:00")).as_ref()),
        "2027-01-02T00:00+09:00"
    );
}

#[test]
fn the_next_opening_skips_the_one_that_is_running() {
    let dental = dental();
    let next = |wall| short(dental.next_opening(at(&dental, wall)).as_ref());
    assert_eq!(next("2026-11-23T07:00"), "2026-11-23T08:30+00:00");
    assert_eq!(next("2026-11-23T08:30"), "2026-11-23T13:30+00:00");
    assert_eq!(next("2026-11-27T09:00"), "2026-11-30T08:30+00:00");
}

#[test]
fn a_year_of_holidays_has_no_next_opening_within_sight() {
    let closed = company(
        "UTC",
        "hours.monday = \"8:00-18:00\"\n[[holidays]]\nname = \"Rebuilding\"\ndate = \"2026-11-24\"\nuntil = \"2027-11-24\"\n\
         [[holidays]]\nname = \"More rebuilding\"\ndate = \"2027-11-25\"\nuntil = \"2028-02-01\"\n",
    );
    assert_eq!(
        status(&closed, "2026-11-25T12:00"),
        "closed until never, AllDay, Rebuilding"
    );
    assert_eq!(status(&closed, "2026-11-23T12:00"), "open until 2026-11-23T18:00+00:00");
}

#[test]
fn an_interval_over_the_spring_change_is_an_hour_shorter_and_the_autumn_one_longer() {
    // Chicago: 2026-03-08 2:00 becomes 3:00; 2026-11-01 2:00 becomes 1:00 again.
    let bar = company("America/Chicago", "hours.saturday = \"22:00-5:00\"\n");
    let length = |wall: &str| match bar.status(at(&bar, wall)) {
        OpeningStatus::Open { until: Some(until), .. } => (until.timestamp() - at(&bar, wall)).get_seconds() / 3600,
        closed => panic!("{closed:?}"),
    };
    assert_eq!(length("2026-02-28T22:00"), 7);
    assert_eq!(length("2026-03-07T22:00"), 6);
    assert_eq!(length("2026-10-31T22:00"), 8);
}

#[test]
fn opening_or_closing_in_the_skipped_hour_means_the_moment_of_the_change() {
    let early = company(
        "America/Chicago",
        "hours.saturday = \"20:00-2:30\"\nhours.sunday = \"2:45-9:00\"\n",
    );
    // 2:30 and 2:45 do not exist: both mean 3:00 daylight time, so the stretches join.
    assert_eq!(status(&early, "2026-03-07T23:00"), "open until 2026-03-08T09:00-05:00");
    assert_eq!(status(&early, "2026-03-14T23:00"), "open until 2026-03-15T02:30-05:00");
    let vanished = company("America/Chicago", "hours.sunday = \"2:10-2:50\"\n");
    assert_eq!(
        status(&vanished, "2026-03-08T01:00"),
        "closed until 2026-03-15T02:10-05:00, AllDay"
    );
}

#[test]
fn opening_and_closing_in_the_doubled_hour_mean_the_first_one() {
    let bar = company("America/Chicago", "hours.saturday = \"20:00-1:30\"\n");
    assert_eq!(
        status(&bar, "2026-11-01T01:15-05:00"),
        "open until 2026-11-01T01:30-05:00"
    );
    assert_eq!(
        status(&bar, "2026-11-01T01:15-06:00"),
        "closed until 2026-11-07T20:00-06:00, AllDay"
    );
}

#[test]
fn a_zone_that_changes_at_midnight_and_one_that_skipped_a_day_are_no_exception() {
    // Beirut skips from 0:00 to 1:00 on 2026-03-29. Samoa went without 2011-12-30, a Friday.
    let beirut = company("Asia/Beirut", "hours.sunday = \"0:00-8:00\"\n");
    assert_eq!(
        status(&beirut, "2026-03-28T23:00"),
        "closed until 2026-03-29T01:00+03:00, AllDay"
    );
    let samoa = company(
        "Pacific/Apia",
        "hours.thursday = \"20:00-4:00\"\nhours.friday = \"8:00-18:00\"\nhours.saturday = \"9:00-12:00\"\n",
    );
    assert_eq!(status(&samoa, "2011-12-29T21:00"), "open until 2011-12-31T00:00+14:00");
    assert_eq!(
        status(&samoa, "2011-12-31T08:00"),
        "closed until 2011-12-31T09:00+14:00, BeforeOpening"
    );
}

#[test]
fn the_ends_of_the_calendar_are_answered_without_fault() {
    let dental = dental();
    for edge in [Timestamp::MIN, Timestamp::MAX] {
        let _ = dental.is_open(edge);
        assert!(!dental.describe_status(edge).is_empty());
        let _ = dental.next_opening(edge);
    }
    assert_eq!(dental.next_opening(Timestamp::MAX), None);
}

#[test]
fn the_status_is_told_in_sentences() {
    let dental = dental();
    let told = |wall| dental.describe_status(at(&dental, wall));
    insta::assert_snapshot!(
        [
            told("2026-11-23T07:00"),
            told("2026-11-23T09:00"),
            told("2026-11-23T12:45"),
            told("2026-11-23T18:00"),
            told("2026-11-27T18:00"),
            told("2026-12-24T10:00"),
            told("2026-12-24T13:00"),
            told("2026-12-25T13:00"),
            told("2027-08-05T13:00"),
            told("2026-12-31T19:00"),
        ]
        .join("\n")
    );
}

#[test]
fn reasons_are_told_apart() {
    let dental = dental();
    let reason = |wall| match dental.status(at(&dental, wall)) {
        OpeningStatus::Closed { reason, .. } => Some(reason),
        OpeningStatus::Open { .. } => None,
    };
    assert_eq!(reason("2026-11-23T06:00"), Some(ClosedReason::BeforeOpening));
    assert_eq!(reason("2026-11-23T13:00"), Some(ClosedReason::Break));
    assert_eq!(reason("2026-11-23T14:00"), None);
}

#[test]
fn what_touches_is_one_stretch_and_the_bounds_cut_none() {
    let company = company(
        "America/Chicago",
        "[hours]\nmonday = [\"8:00-12:00\", \"12:00-18:00\"]\ntuesday = [\"8:00-12:00\", \"13:00-18:00\"]\nfriday = \"18:00-2:00\"",
    );
    let stretches = |from: &str, until: &str| -> Vec<String> {
        company
            .stretches_between(at(&company, from), at(&company, until))
            .iter()
            .map(|stretch| {
                let wall = |moment: Timestamp| {
                    moment
                        .to_zoned(company.time_zone.rules().clone())
                        .strftime("%a %H:%M")
                        .to_string()
                };
                format!("{}-{}", wall(stretch.opens), wall(stretch.closes))
            })
            .collect()
    };
    assert_eq!(
        stretches("2026-11-23T10:00", "2026-11-24T13:00"),
        ["Mon 08:00-Mon 18:00", "Tue 08:00-Tue 12:00"]
    );
    assert_eq!(
        stretches("2026-11-28T01:00", "2026-11-28T03:00"),
        ["Fri 18:00-Sat 02:00"]
    );
    assert_eq!(stretches("2026-11-23T18:00", "2026-11-24T08:00"), Vec::<String>::new());
}

#[test]
fn a_time_that_the_clocks_skip_is_no_moment_and_one_that_comes_twice_is_the_first() {
    let company = company("America/Chicago", "[hours]\nmonday = \"8:00-18:00\"");
    let spring = company.moment_of(jiff::civil::date(2027, 3, 14), jiff::civil::time(2, 30, 0, 0));
    assert_eq!(spring, WallClock::Skipped);
    let autumn = company.moment_of(jiff::civil::date(2027, 11, 7), jiff::civil::time(1, 30, 0, 0));
    assert_eq!(autumn, WallClock::At(at(&company, "2027-11-07T01:30-05:00")));
}
