//! What is tried again, and when. Pure: time and chance are inputs.
//!
//! Rules of the official clients: two more tries; the server's own wish comes first, where it is at most two minutes; else half a second,
//! doubling to eight, shortened by up to a quarter by chance. A wait that does not fit into what is left of the caller's patience is no try.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

use super::failure::ChatFailure;

/// Tries after the first.
pub const RETRIES: u32 = 2;

/// A server that asks to wait longer than this is not tried again.
const LONGEST_WISH: Duration = Duration::from_secs(120);

/// Wait before the second try, without a wish of the server.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// Longest wait without a wish of the server.
const LONGEST_WAIT: Duration = Duration::from_secs(8);

/// What a refusal says about another try.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RetryHints {
    /// How long the server asks to wait.
    pub wish: Option<Duration>,
    /// `x-should-retry`: the server's own decision.
    pub decision: Option<bool>,
}

impl RetryHints {
    /// Reads the headers. `header` gives the value of a name, where there is one; `now` is for dates.
    pub fn read<'a>(header: impl Fn(&str) -> Option<&'a str>, now: Timestamp) -> Self {
        let in_ms = header("retry-after-ms").and_then(|text| seconds_of(text.trim(), 1_000.0));
        let wish = in_ms.or_else(|| {
            let text = header("retry-after")?.trim();
            seconds_of(text, 1.0).or_else(|| until(text, now))
        });
        let decision = match header("x-should-retry").map(str::trim) {
            Some("true") => Some(true),
            Some("false") => Some(false),
            _ => None,
        };
        Self { wish, decision }
    }
}

/// A number that is a time, `per_second` of its units in a second.
fn seconds_of(text: &str, per_second: f64) -> Option<Duration> {
    let seconds = text.parse::<f64>().ok()? / per_second;
    Duration::try_from_secs_f64(seconds).ok()
}

/// The time until a date of HTTP: `Sun, 06 Nov 1994 08:49:37 GMT`.
fn until(text: &str, now: Timestamp) -> Option<Duration> {
    let date = DateTimeParser::new().parse_timestamp(text).ok()?;
    Duration::try_from(date.duration_since(now)).ok()
}

/// The wait before the next try, or none where there is none. `tries` were made so far, at least one; `remaining` is what is left of the
/// whole; `chance` is 0 … 1.
#[must_use]
pub fn wait_before_next(
    tries: u32,
    failure: ChatFailure,
    hints: RetryHints,
    remaining: Duration,
    chance: f64,
) -> Option<Duration> {
    // The server's word goes over the status, not over what a person has to mend.
    let worth_it = match hints.decision {
        Some(decision) => decision && (failure.may_pass() || failure == ChatFailure::Refused),
        None => failure.may_pass(),
    };
    if tries > RETRIES || !worth_it {
        return None;
    }
    let wait = match hints.wish {
        Some(wish) if wish > LONGEST_WISH => return None,
        Some(wish) if wish > Duration::ZERO => wish,
        _ => {
            let doubled = FIRST_WAIT * 2_u32.saturating_pow(tries.saturating_sub(1));
            doubled.min(LONGEST_WAIT).mul_f64(1.0 - 0.25 * chance.clamp(0.0, 1.0))
        }
    };
    (wait < remaining).then_some(wait)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PLENTY: Duration = Duration::from_secs(600);

    fn hints(headers: &[(&str, &str)]) -> RetryHints {
        let now = "2026-11-23T15:00:00Z".parse().unwrap();
        let header = |wanted: &str| {
            headers
                .iter()
                .find(|(name, _)| *name == wanted)
                .map(|(_, value)| *value)
        };
        RetryHints::read(header, now)
    }

    fn wait(headers: &[(&str, &str)], tries: u32, failure: ChatFailure) -> Option<Duration> {
        wait_before_next(tries, failure, hints(headers), PLENTY, 0.0)
    }

    #[test]
    fn the_servers_wish_is_read_in_all_its_forms_and_milliseconds_go_first() {
        let busy = |headers: &[(&str, &str)]| wait(headers, 1, ChatFailure::Busy);
        assert_eq!(
            busy(&[("retry-after-ms", "250"), ("retry-after", "9")]),
            Some(Duration::from_millis(250))
        );
        assert_eq!(busy(&[("retry-after", "2.5")]), Some(Duration::from_millis(2_500)));
        assert_eq!(
            busy(&[("retry-after", "Mon, 23 Nov 2026 15:00:07 GMT")]),
            Some(Duration::from_secs(7))
        );
        assert_eq!(busy(&[("retry-after", "120")]), Some(Duration::from_secs(120)));
        assert_eq!(busy(&[("retry-after", "121")]), None, "too long to wait");
        for nonsense in ["", "soon", "-1", "NaN", "Mon, 23 Nov 2026 14:00:00 GMT", "0"] {
            assert_eq!(busy(&[("retry-after", nonsense)]), Some(FIRST_WAIT), "{nonsense}");
        }
    }

    #[test]
    fn there_are_two_more_tries_with_doubling_waits() {
        let fault = |tries| wait(&[], tries, ChatFailure::ServerFault);
        assert_eq!(fault(1), Some(Duration::from_millis(500)));
        assert_eq!(fault(2), Some(Duration::from_secs(1)));
        assert_eq!(fault(3), None);
    }

    #[test]
    fn the_server_may_decide_but_not_for_what_has_to_be_mended() {
        assert_eq!(wait(&[("x-should-retry", "false")], 1, ChatFailure::ServerFault), None);
        assert!(wait(&[("x-should-retry", "true")], 1, ChatFailure::Refused).is_some());
        assert_eq!(wait(&[("x-should-retry", "true")], 1, ChatFailure::NoQuota), None);
        assert_eq!(wait(&[], 1, ChatFailure::Refused), None);
    }

    proptest! {
        #[test]
        fn no_wait_outlasts_what_remains_or_the_longest_wish(
            tries in 1_u32..6,
            remaining_ms in 0_u64..20_000,
            chance in 0.0_f64..1.0,
            wish_ms in prop::option::of(0_u64..200_000),
        ) {
            let hints = RetryHints { wish: wish_ms.map(Duration::from_millis), decision: None };
            let remaining = Duration::from_millis(remaining_ms);
            if let Some(wait) = wait_before_next(tries, ChatFailure::Busy, hints, remaining, chance) {
                prop_assert!(wait < remaining && wait <= LONGEST_WISH && tries <= RETRIES);
                prop_assert!(wait > Duration::ZERO);
            }
        }
    }
}
