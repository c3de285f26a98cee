//! Days and times as claims name them.

use jiff::civil::date;

use super::*;

fn of(text: &str) -> Vec<String> {
    let today = Some(date(2026, 11, 30));
    let show = |named: &Named| {
        let day = named.weekday.map(|weekday| format!("{weekday:?}"));
        let date = named.date.map(|(month, day)| format!("{month}/{day}"));
        let count = named.day.map(|day| format!("the {day}"));
        let time = named
            .time
            .map(|time| format!("{}:{:02}", time.minutes / 60, time.minutes % 60));
        [day, date, count, time]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    };
    named(text, today, false).iter().map(show).collect()
}

#[test]
fn each_appointment_is_named_by_its_own_day_and_time() {
    for (text, told) in [
        ("tuesday at nine", vec!["Tuesday 9:00"]),
        ("9 a.m, on tuesday", vec!["Tuesday 9:00"]),
        (
            "tuesday at nine and thursday at 3 pm",
            vec!["Tuesday 9:00", "Thursday 15:00"],
        ),
        (
            "at nine on tuesday and at three on thursday",
            vec!["Tuesday 9:00", "Thursday 3:00"],
        ),
        (
            "tuesday, december 1st, 2026, at half past nine",
            vec!["Tuesday 12/1 9:30"],
        ),
        ("tomorrow at 9:15", vec!["Tuesday 12/1 9:15"]),
        ("the day after tomorrow at nine", vec!["Wednesday 12/2 9:00"]),
        ("for today at nine", vec!["Monday 11/30 9:00"]),
        ("on the third at noon", vec!["the 3 12:00"]),
        ("may 3 at nine in the morning", vec!["5/3 9:00"]),
    ] {
        assert_eq!(of(text), told, "{text}");
    }
}

#[test]
fn numbers_that_tell_no_time_are_none() {
    for text in [
        "for two oil changes",
        "at 5 main street",
        "in 30 minutes",
        "by 8:45",
        "between nine and ten",
        "the first appointment",
        "on the second floor",
        "you may take two",
        "confirmation number 4 8 2, 1 9 3",
        "not on monday",
        "thank you for calling today",
        "a week from today",
    ] {
        assert_eq!(of(text), [""; 0], "{text}");
    }
    assert_eq!(of("a table for two at seven"), ["7:00"]);
}
