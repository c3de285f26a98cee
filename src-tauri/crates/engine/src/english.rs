//! Number words and the names of the calendar, in one place for both directions: what callers say is read by them, and what is written is
//! spoken by them. Pure data and functions, any thread.

/// The words of 0 to 19.
pub(crate) const BELOW_TWENTY: [&str; 20] = [
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

/// The words of 20, 30 … 90.
pub(crate) const TENS: [&str; 8] = [
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];

/// Whether a word in lower case is a number below a hundred, or "hundred".
pub(crate) fn is_number_word(word: &str) -> bool {
    BELOW_TWENTY.contains(&word) || TENS.contains(&word) || word == "hundred"
}

const SCALES: [(u64, &str); 4] = [
    (1_000_000_000_000, "trillion"),
    (1_000_000_000, "billion"),
    (1_000_000, "million"),
    (1_000, "thousand"),
];

/// The months, January first.
pub(crate) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The days of the week, Monday first.
pub(crate) const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// 123 as "one hundred twenty three".
pub(crate) fn cardinal(value: u64) -> String {
    if value < 20 {
        return BELOW_TWENTY[value as usize].to_owned();
    }
    if value < 100 {
        return joined(TENS[(value / 10 - 2) as usize].to_owned(), value % 10);
    }
    if value < 1000 {
        return joined(format!("{} hundred", BELOW_TWENTY[(value / 100) as usize]), value % 100);
    }
    match SCALES.iter().find(|(scale, _)| value >= *scale) {
        Some((scale, name)) => joined(format!("{} {name}", cardinal(value / scale)), value % scale),
        None => BELOW_TWENTY[0].to_owned(),
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
pub(crate) fn ordinal(value: u64) -> String {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cardinals_and_ordinals_are_said_as_people_say_them() {
        assert_eq!(cardinal(0), "zero");
        assert_eq!(cardinal(90), "ninety");
        assert_eq!(cardinal(12_000), "twelve thousand");
        assert_eq!(cardinal(1_000_123), "one million one hundred twenty three");
        assert_eq!(ordinal(22), "twenty second");
        assert_eq!(ordinal(30), "thirtieth");
        assert_eq!(ordinal(112), "one hundred twelfth");
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
