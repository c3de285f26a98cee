//! Numbers as words.
//!
//! Pure. Knows how to say a number, not when: that is decided by the matchers beside this file.

use crate::english::{BELOW_TWENTY, cardinal};

/// Numbers with more digits are no quantities but codes, and are said digit by digit.
const MOST_DIGITS: usize = 15;

/// A number as it was written: `1,200`, `3.5`, `007`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Literal<'a> {
    /// Digits before the point, group commas included.
    pub whole: &'a str,
    /// Digits after the point.
    pub fraction: Option<&'a str>,
    /// Length in bytes of the whole literal.
    pub length: usize,
}

impl<'a> Literal<'a> {
    /// Reads the number at the start of `text`.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let mut end = digits(text).len();
        if end == 0 {
            return None;
        }
        // A comma belongs to the number only in front of exactly three digits: "rooms 1,200 and 3".
        if end <= 3 {
            while text[end..].starts_with(',') && digits(&text[end + 1..]).len() == 3 {
                end += 4;
            }
        }
        let fraction = text[end..]
            .strip_prefix('.')
            .map(digits)
            .filter(|fraction| !fraction.is_empty());
        Some(Self {
            whole: &text[..end],
            fraction,
            length: end + fraction.map_or(0, |fraction| fraction.len() + 1),
        })
    }

    /// The value of the digits before the point; none when there are too many.
    pub(super) fn value(&self) -> Option<u64> {
        let digits: String = self.whole.chars().filter(char::is_ascii_digit).collect();
        if digits.len() > MOST_DIGITS {
            None
        } else {
            digits.parse().ok()
        }
    }

    /// Whether this is the number one and nothing else, which takes the singular.
    pub(super) fn is_one(&self) -> bool {
        self.fraction.is_none() && self.value() == Some(1)
    }

    /// Whether commas group the digits, which only quantities have.
    pub(super) fn is_grouped(&self) -> bool {
        self.whole.contains(',')
    }

    /// The number as a quantity.
    pub(super) fn words(&self) -> String {
        let code = self.whole.len() > 1 && self.whole.starts_with('0');
        let whole = match self.value() {
            Some(value) if !code => cardinal(value),
            _ => spelled(self.whole),
        };
        match self.fraction {
            Some(fraction) => format!("{whole} point {}", spelled(fraction)),
            None => whole,
        }
    }
}

/// The ASCII digits at the start of `text`.
pub(super) fn digits(text: &str) -> &str {
    &text[..text.bytes().take_while(u8::is_ascii_digit).count()]
}

/// A year, a house number or a model number in pairs: 1995 as "nineteen ninety five", 105 as "one oh five".
pub(super) fn paired(value: u64) -> String {
    if !(100..10_000).contains(&value) || value.is_multiple_of(1000) || (2000..2010).contains(&value) {
        return cardinal(value);
    }
    let head = cardinal(value / 100);
    match value % 100 {
        0 => format!("{head} hundred"),
        rest @ 1..10 => format!("{head} oh {}", cardinal(rest)),
        rest => format!("{head} {}", cardinal(rest)),
    }
}

/// Each digit by itself; everything else is skipped.
pub(super) fn spelled(text: &str) -> String {
    text.bytes()
        .filter(u8::is_ascii_digit)
        .map(|digit| BELOW_TWENTY[usize::from(digit - b'0')])
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_and_codes_are_said_as_people_say_them() {
        assert_eq!(paired(1995), "nineteen ninety five");
        assert_eq!(paired(2006), "two thousand six");
        assert_eq!(paired(123), "one twenty three");
        assert_eq!(paired(1200), "twelve hundred");
        assert_eq!(spelled("555-0142"), "five five five zero one four two");
    }

    #[test]
    fn literals_end_where_the_number_ends() {
        let parse = |text| Literal::parse(text).map(|literal| (literal.length, literal.words()));
        assert_eq!(
            parse("1,200.50 net"),
            Some((8, "one thousand two hundred point five zero".into()))
        );
        assert_eq!(parse("3, 4"), Some((1, "three".into())));
        assert_eq!(parse("12."), Some((2, "twelve".into())));
        assert_eq!(parse("007"), Some((3, "zero zero seven".into())));
        assert_eq!(parse("x"), None);
    }
}
