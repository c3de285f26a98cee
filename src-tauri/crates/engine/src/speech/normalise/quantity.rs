//! Amounts of money, measures, ranges, ordinals, fractions and plain numbers.
//!
//! Pure.

use super::fold::{EURO, POUND};
use super::numbers::{Literal, digits, paired, spelled};
use super::{Match, Matcher, Place, letters, range_sign, starts_word};
use crate::english::{cardinal, ordinal};

/// Written unit, and what is said for one and for more.
const UNITS: [(&str, &str, &str); 36] = [
    ("min", "minute", "minutes"),
    ("mins", "minutes", "minutes"),
    ("h", "hour", "hours"),
    ("hr", "hour", "hours"),
    ("hrs", "hours", "hours"),
    ("sec", "second", "seconds"),
    ("secs", "seconds", "seconds"),
    ("ms", "millisecond", "milliseconds"),
    ("wk", "week", "weeks"),
    ("wks", "weeks", "weeks"),
    ("mo", "month", "months"),
    ("mos", "months", "months"),
    ("yr", "year", "years"),
    ("yrs", "years", "years"),
    ("mi", "mile", "miles"),
    ("km", "kilometer", "kilometers"),
    ("cm", "centimeter", "centimeters"),
    ("mm", "millimeter", "millimeters"),
    ("ft", "foot", "feet"),
    ("yd", "yard", "yards"),
    ("sq", "square", "square"),
    ("lb", "pound", "pounds"),
    ("lbs", "pounds", "pounds"),
    ("oz", "ounce", "ounces"),
    ("kg", "kilogram", "kilograms"),
    ("g", "gram", "grams"),
    ("l", "liter", "liters"),
    ("ml", "milliliter", "milliliters"),
    ("gal", "gallon", "gallons"),
    ("qt", "quart", "quarts"),
    ("hp", "horsepower", "horsepower"),
    ("mph", "mile per hour", "miles per hour"),
    ("kwh", "kilowatt hour", "kilowatt hours"),
    ("mb", "megabyte", "megabytes"),
    ("gb", "gigabyte", "gigabytes"),
    ("k", "thousand", "thousand"),
];

/// Words after a house number, within three words, that show it is one.
const STREETS: [&str; 26] = [
    "street",
    "st",
    "avenue",
    "ave",
    "road",
    "rd",
    "drive",
    "dr",
    "lane",
    "ln",
    "boulevard",
    "blvd",
    "court",
    "ct",
    "way",
    "place",
    "pl",
    "highway",
    "hwy",
    "parkway",
    "pkwy",
    "square",
    "terrace",
    "circle",
    "plaza",
    "trail",
];

/// Whether a match may begin here: not in the middle of a word such as "mp3".
fn begins(place: Place<'_>) -> Option<Place<'_>> {
    place
        .rest
        .starts_with(|sign: char| sign.is_ascii_digit() || sign == '-')
        .then_some(place)
}

/// `$50`, `$49.99`, `$50-80`, `$1.5 million`, and the same in pounds and euros.
pub(super) fn money(place: Place<'_>) -> Option<Match> {
    let rest = place.rest;
    let (sign, one, more, cent) = match rest.chars().next()? {
        '$' => ('$', "dollar", "dollars", "cent"),
        POUND => (POUND, "pound", "pounds", "penn"),
        EURO => (EURO, "euro", "euros", "cent"),
        _ => return None,
    };
    let start = sign.len_utf8();
    let amount = Literal::parse(&rest[start..])?;
    let mut length = start + amount.length;
    if let Some((between, end)) = range_sign(&rest[length..]).and_then(|between| {
        let after = &rest[length + between..];
        let skipped = if after.starts_with(sign) { start } else { 0 };
        Some((between + skipped, Literal::parse(&after[skipped..])?))
    }) {
        length += between + end.length;
        return Some(Match::words(
            length,
            &format!("{} to {} {more}", amount.words(), end.words()),
        ));
    }
    for scale in ["thousand", "million", "billion"] {
        let after = &rest[length..];
        if after.strip_prefix(' ').is_some_and(|word| starts_word(word, scale)) {
            return Some(Match::words(
                length + 1 + scale.len(),
                &format!("{} {scale} {more}", amount.words()),
            ));
        }
    }
    if starts_word(&rest[length..], "k") {
        return Some(Match::words(length + 1, &format!("{} thousand {more}", amount.words())));
    }
    let cents = amount
        .fraction
        .filter(|fraction| fraction.len() == 2)
        .and_then(|fraction| fraction.parse::<u64>().ok());
    let whole = Literal {
        fraction: None,
        ..amount
    };
    let unit = if whole.is_one() { one } else { more };
    let cents_unit = |count: u64| match (cent, count) {
        ("penn", 1) => "penny",
        ("penn", _) => "pence",
        (_, 1) => "cent",
        _ => "cents",
    };
    let words = match (cents, whole.value()) {
        (Some(0), _) => format!("{} {unit}", whole.words()),
        (Some(cents), Some(0)) => format!("{} {}", cardinal(cents), cents_unit(cents)),
        (Some(cents), _) => format!("{} {unit} and {} {}", whole.words(), cardinal(cents), cents_unit(cents)),
        (None, _) => format!("{} {}", amount.words(), if amount.is_one() { one } else { more }),
    };
    Some(with_rate(rest, length, words))
}

/// Numbers of every kind that is neither time, date, money nor telephone.
pub(super) fn number(place: Place<'_>) -> Option<Match> {
    let place = begins(place)?;
    if let Some(positive) = place.rest.strip_prefix('-') {
        let amount = Literal::parse(positive).filter(|_| !place.glued)?;
        return Some(Match::words(1 + amount.length, &format!("minus {}", amount.words())));
    }
    let kinds: [Matcher; 5] = [fraction, ordinal_number, decade, range, plain];
    kinds.iter().find_map(|kind| kind(place))
}

/// `1/2`, `2 1/2`, `24/7`.
fn fraction(place: Place<'_>) -> Option<Match> {
    let numerator = digits(place.rest);
    let mixed = place.rest[numerator.len()..].strip_prefix(' ').and_then(|rest| {
        let (words, length) = half_third_quarter(rest)?;
        Some(Match::words(
            numerator.len() + 1 + length,
            &format!("{} and {words}", Literal::parse(numerator)?.words()),
        ))
    });
    if mixed.is_some() {
        return mixed;
    }
    if let Some((words, length)) = half_third_quarter(place.rest) {
        return Some(Match::words(length, words));
    }
    starts_word(place.rest, "24/7").then(|| Match::words(4, "twenty four seven"))
}

fn half_third_quarter(text: &str) -> Option<(&'static str, usize)> {
    let words = match text.get(..3)? {
        "1/2" => "a half",
        "1/3" => "a third",
        "2/3" => "two thirds",
        "1/4" => "a quarter",
        "3/4" => "three quarters",
        _ => return None,
    };
    (!text[3..].starts_with(|next: char| next.is_ascii_digit() || next == '/')).then_some((words, 3))
}

/// `1st`, `22nd`.
fn ordinal_number(place: Place<'_>) -> Option<Match> {
    let amount = digits(place.rest);
    let suffix = letters(&place.rest[amount.len()..]);
    let fits = matches!(suffix.to_ascii_lowercase().as_str(), "st" | "nd" | "rd" | "th");
    let value = amount.parse().ok().filter(|_| fits)?;
    Some(Match::words(amount.len() + suffix.len(), &ordinal(value)))
}

/// `1990s`.
fn decade(place: Place<'_>) -> Option<Match> {
    let year = digits(place.rest);
    let value = year
        .parse()
        .ok()
        .filter(|_| year.len() == 4 && starts_word(&place.rest[4..], "s"))?;
    let words = paired(value);
    let plural = words
        .strip_suffix('y')
        .map_or_else(|| format!("{words}s"), |stem| format!("{stem}ies"));
    Some(Match::words(5, &plural))
}

/// `30-45 min`, `3-5`.
fn range(place: Place<'_>) -> Option<Match> {
    let from = Literal::parse(place.rest)?;
    let between = range_sign(&place.rest[from.length..])?;
    let to = Literal::parse(&place.rest[from.length + between..])?;
    // More than one hyphen is a code, and a house number with a suffix does not count up.
    let length = from.length + between + to.length;
    let rest = &place.rest[length..];
    if rest.starts_with('-') || rest.starts_with(|next: char| next.is_ascii_alphabetic() && unit(rest, &to).is_none()) {
        return None;
    }
    Some(measured(
        place.rest,
        length,
        &to,
        &format!("{} to {}", from.words(), to.words()),
    ))
}

/// One number, with its unit if it has one.
fn plain(place: Place<'_>) -> Option<Match> {
    let amount = Literal::parse(place.rest)?;
    let rest = &place.rest[amount.length..];
    if rest.starts_with(|next: char| next.is_ascii_alphabetic()) && unit(rest, &amount).is_none() {
        return None;
    }
    let integer = amount.fraction.is_none() && !amount.is_grouped();
    let has_unit = unit(rest, &amount).is_some();
    let words = match (amount.whole.len(), amount.value()) {
        (5, _) if integer && !has_unit && follows_state(place.previous) => spelled(amount.whole),
        (3..=4, Some(value)) if integer && !has_unit && precedes_street(rest) => paired(value),
        (4, Some(value @ 1900..2100)) if integer && !has_unit && !precedes_plural(rest) => paired(value),
        _ => amount.words(),
    };
    Some(measured(place.rest, amount.length, &amount, &words))
}

/// A ZIP code stands after a state: two capital letters.
fn follows_state(previous: &str) -> bool {
    previous.len() == 2 && previous.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// "12,000 miles" is a count; "2015 Honda" is a year.
fn precedes_plural(rest: &str) -> bool {
    let word = rest.strip_prefix(' ').map_or("", letters);
    word.ends_with('s') && word.starts_with(|first: char| first.is_ascii_lowercase())
}

fn precedes_street(rest: &str) -> bool {
    let line = rest.split(['\n', ',']).next().unwrap_or_default();
    line.split_whitespace().take(4).any(|word| {
        let word = word.trim_end_matches('.').to_ascii_lowercase();
        STREETS.contains(&word.as_str())
    })
}

/// The unit at the start of `rest`: bytes it takes and what to say.
fn unit(rest: &str, amount: &Literal<'_>) -> Option<(usize, &'static str)> {
    if rest.starts_with('%') {
        return Some((1, "percent"));
    }
    let blank = usize::from(rest.starts_with(' '));
    let word = letters(&rest[blank..]);
    let glued = !rest[blank + word.len()..].starts_with(|next: char| next.is_ascii_alphanumeric() || next == '\'');
    let (_, one, more) = UNITS
        .iter()
        .find(|(name, _, _)| glued && word.eq_ignore_ascii_case(name))?;
    // "Plan 4 D" is no four days: single letters count in lower case only.
    if word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    Some((blank + word.len(), if amount.is_one() { one } else { more }))
}

fn measured(text: &str, length: usize, amount: &Literal<'_>, words: &str) -> Match {
    match unit(&text[length..], amount) {
        Some((bytes, name)) => {
            let mut length = length + bytes;
            // The point of "min." in the middle of a sentence belongs to the unit.
            let goes_on = |rest: &str| {
                rest.strip_prefix(". ")
                    .is_some_and(|r| r.starts_with(|c: char| c.is_lowercase()))
            };
            if goes_on(&text[length..]) {
                length += 1;
            }
            with_rate(text, length, format!("{words} {name}"))
        }
        None => Match::words(length, words),
    }
}

/// `/hour` after an amount is "per hour".
fn with_rate(text: &str, length: usize, words: String) -> Match {
    match text[length..]
        .strip_prefix('/')
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
    {
        Some(_) => Match::words(length + 1, &format!("{words} per")),
        None => Match::words(length, &words),
    }
}
