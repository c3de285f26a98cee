//! Numbers as words.
//!
//! Pure. Knows how to say a number, not when: that is decided by the matchers beside this file.

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = [
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];
const SCALES: [(u64, &str); 4] = [
    (1_000_000_000_000, "trillion"),
    (1_000_000_000, "billion"),
    (1_000_000, "million"),
    (1_000, "thousand"),
];
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

/// 123 as "one hundred twenty three".
pub(super) fn cardinal(value: u64) -> String {
    if value < 20 {
        return SMALL[value as usize].to_owned();
    }
    if value < 100 {
        return joined(TENS[(value / 10) as usize].to_owned(), value % 10);
    }
    if value < 1000 {
        return joined(format!("{} hundred", SMALL[(value / 100) as usize]), value % 100);
    }
    match SCALES.iter().find(|(scale, _)| value >= *scale) {
        Some((scale, name)) => joined(format!("{} {name}", cardinal(value / scale)), value % scale),
        None => SMALL[0].to_owned(),
    }
}

fn joined(head: String, rest: u64) -> String {
    if rest == 0 {
        head
    } else {
        format!("{head} {}", cardinal(rest))
    }
}

/// 22 as "twenty second".
pub(super) fn ordinal(value: u64) -> String {
    let cardinal = cardinal(value);
    let (head, last) = cardinal
        .rsplit_once(' ')
        .map_or(("", cardinal.as_str()), |(head, last)| (head, last));
    let last = match last {
        "one" => "first".to_owned(),
        "two" => "second".to_owned(),
        "three" => "third".to_owned(),
        "five" => "fifth".to_owned(),
        "eight" => "eighth".to_owned(),
        "nine" => "ninth".to_owned(),
        "twelve" => "twelfth".to_owned(),
        tens if tens.ends_with('y') => format!("{}ieth", &tens[..tens.len() - 1]),
        other => format!("{other}th"),
    };
    format!("{head} {last}").trim_start().to_owned()
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
        .map(|digit| SMALL[usize::from(digit - b'0')])
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cardinals_ordinals_and_pairs_are_said_as_people_say_them() {
        assert_eq!(cardinal(0), "zero");
        assert_eq!(cardinal(12_000), "twelve thousand");
        assert_eq!(cardinal(1_000_123), "one million one hundred twenty three");
        assert_eq!(ordinal(22), "twenty second");
        assert_eq!(ordinal(30), "thirtieth");
        assert_eq!(ordinal(112), "one hundred twelfth");
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

    proptest! {
        #[test]
        fn every_number_has_words_and_different_numbers_have_different_words(
            left in 0_u64..2_000_000_000_000_000,
            right in 0_u64..2_000_000_000_000_000,
        ) {
            prop_assert_eq!(left == right, cardinal(left) == cardinal(right));
            prop_assert!(ordinal(left).chars().all(|c| c == ' ' || c.is_ascii_lowercase()));
        }
    }
}
