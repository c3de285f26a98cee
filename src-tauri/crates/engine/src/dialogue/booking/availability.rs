//! What the calendar answers about free times, and which of them are offered. Pure.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::dialogue::tools;

/// Most times in one offer: nobody keeps more in mind.
pub(super) const MOST_OFFERED: usize = 3;

/// Free times, on the company's clocks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Availability {
    /// Starts that are free in the window, in order.
    pub free: Vec<DateTime>,
    /// The company is closed in the whole window.
    pub closed: bool,
    /// The first free start after an empty window.
    pub next: Option<DateTime>,
}

impl Availability {
    /// Reads an answer; none when the calendar could not be asked or the answer has another shape.
    pub fn read(output: &str, zone: &TimeZone) -> Option<Self> {
        let answer = tools::success(output)?;
        let free = answer.get("available")?.as_array()?;
        let mut free: Vec<DateTime> = free.iter().map(|time| start(time, zone)).collect::<Option<_>>()?;
        free.sort_unstable();
        Some(Self {
            free,
            closed: answer.get("reason").and_then(Value::as_str) == Some("closed"),
            next: answer.get("nextAvailable").and_then(|time| start(time, zone)),
        })
    }
}

/// The other times that a refusal names, on the company's clocks.
pub(super) fn alternatives(output: &str, zone: &TimeZone) -> Vec<DateTime> {
    let answer: Value = serde_json::from_str(output).unwrap_or_default();
    let times = answer.get("alternatives").and_then(Value::as_array);
    let mut found: Vec<DateTime> = times
        .into_iter()
        .flatten()
        .filter_map(|time| start(time, zone))
        .collect();
    found.sort_unstable();
    found.dedup();
    found.truncate(MOST_OFFERED);
    found
}

fn start(time: &Value, zone: &TimeZone) -> Option<DateTime> {
    let text = time.get("start")?.as_str()?;
    match text.parse::<Timestamp>() {
        Ok(moment) => Some(zone.to_datetime(moment)),
        Err(_) => text.parse::<DateTime>().ok(),
    }
}

/// The times nearest to `wanted`, in order.
pub(super) fn nearest(times: &[DateTime], wanted: DateTime) -> Vec<DateTime> {
    let mut near = times.to_vec();
    near.sort_by_key(|time| time.duration_since(wanted).abs());
    near.dedup();
    near.truncate(MOST_OFFERED);
    near.sort_unstable();
    near
}

/// Times over the whole span: the first, one in the middle and the last.
pub(super) fn spread(times: &[DateTime]) -> Vec<DateTime> {
    match times {
        [first, .., last] if times.len() > MOST_OFFERED => vec![*first, times[times.len() / 2], *last],
        few => few.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn chicago() -> TimeZone {
        TimeZone::get("America/Chicago").unwrap()
    }

    #[test]
    fn times_are_read_on_the_companys_clocks() {
        let answer = r#"{"available": [{"start": "2026-12-01T09:00:00-06:00"}, {"start": "2026-12-01T16:30:00Z"}]}"#;
        let read = Availability::read(answer, &chicago()).unwrap();
        let at = |hour, minute| date(2026, 12, 1).at(hour, minute, 0, 0);
        assert_eq!(read.free, [at(9, 0), at(10, 30)]);
        let closed =
            r#"{"available": [], "reason": "closed", "nextAvailable": {"start": "2026-12-01T08:00:00-06:00"}}"#;
        let read = Availability::read(closed, &chicago()).unwrap();
        assert!(read.closed && read.next == Some(at(8, 0)));
    }

    #[test]
    fn what_is_no_answer_is_none() {
        for output in [
            "",
            "null",
            "{}",
            r#"{"available": "many"}"#,
            r#"{"available": [{"start": "soon"}]}"#,
            r#"{"error": "x"}"#,
        ] {
            assert_eq!(Availability::read(output, &chicago()), None, "{output}");
        }
    }

    #[test]
    fn an_offer_is_three_times_at_most() {
        let times: Vec<DateTime> = (8..18).map(|hour| date(2026, 12, 1).at(hour, 0, 0, 0)).collect();
        let hours = |times: Vec<DateTime>| times.iter().map(|time| time.hour()).collect::<Vec<_>>();
        assert_eq!(hours(spread(&times)), [8, 13, 17]);
        assert_eq!(hours(nearest(&times, times[4])), [11, 12, 13]);
    }
}
