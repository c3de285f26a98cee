//! How appointments and times are said. No company fact and no claim stands here. Pure.

use frontdesk_company::{ClockTime, weekday_name};
use jiff::civil::{Date, DateTime};

/// "Tuesday, December 1".
pub(super) fn day(date: Date) -> String {
    format!("{}, {}", weekday_name(date.weekday()), date.strftime("%B %-d"))
}

/// "9:00 AM".
pub(super) fn clock(time: DateTime) -> String {
    ClockTime::of(time.time()).readable()
}

/// "Tuesday, December 1 at 9:00 AM".
pub(super) fn moment(time: DateTime) -> String {
    format!("{} at {}", day(time.date()), clock(time))
}

/// Times in a choice: "Tuesday, December 1 at 9:00 AM, 10:30 AM or 2:00 PM". A day is named when it changes.
pub(super) fn choice(times: &[DateTime]) -> String {
    let mut told: Vec<String> = Vec::new();
    let mut before = None;
    for time in times {
        let same_day = before == Some(time.date());
        told.push(if same_day { clock(*time) } else { moment(*time) });
        before = Some(time.date());
    }
    match told.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// A confirmation number, digit by digit with a pause: "4 8 2, 1 9 3".
pub(super) fn digits_apart(number: &str) -> String {
    let digits: Vec<char> = number.chars().collect();
    let group = |digits: &[char]| digits.iter().map(char::to_string).collect::<Vec<_>>().join(" ");
    digits.chunks(3).map(group).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_day_is_named_once() {
        let at = |day, hour| date(2026, 12, day).at(hour, 30, 0, 0);
        assert_eq!(
            choice(&[at(1, 9), at(1, 14), at(2, 9)]),
            "Tuesday, December 1 at 9:30 AM, 2:30 PM or Wednesday, December 2 at 9:30 AM"
        );
        assert_eq!(digits_apart("482193"), "4 8 2, 1 9 3");
    }
}
