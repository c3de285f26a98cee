//! Amounts of money: "sixty dollars", "a hundred and twenty bucks", "$49.99", and what somebody wants of one: "under sixty", "more than
//! eighty dollars". Pure.
//!
//! An amount is told by its sign or its word, so that no hour and no telephone number becomes one, and none of its words is read as a digit
//! of a number or as a time. Only in a sentence about a price a number stands for an amount without either.

use std::ops::Range;

use frontdesk_company::{Currency, Money};

use super::Found;
use crate::dialogue::spoken_numbers::quantity_at;
use crate::dialogue::words::Word;

/// What an amount is counted in, as callers name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    /// Any dollar: callers mean that of the country.
    Dollar,
    Euro,
    Pound,
    /// Not named.
    Open,
}

/// An amount that was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Amount {
    /// Hundredths of the unit.
    hundredths: u64,
    unit: Unit,
}

/// Largest amount in whole units that is one; more is a number of something else.
const MOST_UNITS: u64 = 1_000_000;

impl Amount {
    /// The amount in a currency; none when another one was named.
    pub fn in_currency(self, currency: Currency) -> Option<Money> {
        let fits = match self.unit {
            Unit::Open => true,
            Unit::Dollar => matches!(currency.code(), "USD" | "CAD" | "AUD" | "NZD" | "SGD" | "HKD"),
            Unit::Euro => currency == Currency::EUR,
            Unit::Pound => currency == Currency::GBP,
        };
        let minor = self.hundredths * 10_u64.pow(currency.decimals()) / 100;
        fits.then_some(Money { minor, currency })
    }
}

/// On which side of an amount a price should lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// Less: "under sixty dollars".
    Under,
    /// That much or less: "for sixty dollars", "up to sixty".
    UpTo,
    /// More: "is it more than eighty?"
    Over,
    /// That much or more.
    AtLeast,
}

/// An amount with the side that is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PriceLimit {
    /// The side.
    pub bound: Bound,
    /// The amount.
    pub amount: Amount,
}

/// All amounts that are told by a sign or a word of money, in order.
pub(crate) fn amounts_in(said: &[Word]) -> Vec<Found<Amount>> {
    // Most utterances hold none, and every reader of numbers asks.
    if !said.iter().any(|word| names_money(&word.text)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at < said.len() {
        match amount_at(&said[at..]) {
            Some((value, used)) => {
                found.push(Found {
                    value,
                    span: at..at + used,
                });
                at += used;
            }
            None => at += 1,
        }
    }
    found
}

fn names_money(text: &str) -> bool {
    text.contains(['$', '€', '£']) || unit_of(text).is_some() || is_hundredth(text) || text == "grand"
}

fn unit_of(text: &str) -> Option<Unit> {
    match text {
        "dollar" | "dollars" | "buck" | "bucks" | "usd" => Some(Unit::Dollar),
        "euro" | "euros" | "eur" => Some(Unit::Euro),
        "pound" | "pounds" | "quid" | "gbp" => Some(Unit::Pound),
        _ => None,
    }
}

fn is_hundredth(text: &str) -> bool {
    matches!(text, "cent" | "cents" | "pence")
}

fn text(said: &[Word], at: usize) -> &str {
    said.get(at).map_or("", |word| word.text.as_str())
}

/// The amount at the start of the words, and how many of them name it.
fn amount_at(said: &[Word]) -> Option<(Amount, usize)> {
    let (hundredths, sign, used) = number_at(said)?;
    let amount = |hundredths: u64, unit| (hundredths <= MOST_UNITS * 100).then_some(Amount { hundredths, unit });
    let next = text(said, used);
    if is_hundredth(next) && sign.is_none() {
        return Some((amount(hundredths / 100, Unit::Open)?, used + 1));
    }
    if next == "grand" {
        return Some((
            amount(hundredths.checked_mul(1_000)?, sign.unwrap_or(Unit::Open))?,
            used + 1,
        ));
    }
    let named = unit_of(next);
    let unit = named.or(sign)?;
    let used = used + usize::from(named.is_some());
    let (more, beside) = hundredths_at(&said[used..]).unwrap_or_default();
    Some((amount(hundredths.checked_add(more)?, unit)?, used + beside))
}

/// "… and fifty cents".
fn hundredths_at(said: &[Word]) -> Option<(u64, usize)> {
    let joined = usize::from(text(said, 0) == "and");
    let (count, used) = quantity_at(said.get(joined..)?)?;
    let fits = (1..100).contains(&count) && is_hundredth(text(said, joined + used));
    fits.then_some((u64::from(count), joined + used + 1))
}

/// A number in figures or words as hundredths, the sign that stands at it, and the words it takes.
fn number_at(said: &[Word]) -> Option<(u64, Option<Unit>, usize)> {
    let sign_of = |sign: char| match sign {
        '$' => Some(Unit::Dollar),
        '€' => Some(Unit::Euro),
        '£' => Some(Unit::Pound),
        _ => None,
    };
    let first = text(said, 0);
    let before = first.chars().next().and_then(sign_of);
    let after = first.chars().last().and_then(sign_of);
    let bare = first.trim_matches(['$', '€', '£']);
    if before.is_some() && bare.is_empty() {
        let (hundredths, _, used) = number_at(said.get(1..)?)?;
        return Some((hundredths, before, used + 1));
    }
    if let Some(hundredths) = figures(bare) {
        let (factor, more) = match text(said, 1) {
            "hundred" => (100, 1),
            "thousand" => (1_000, 1),
            _ => (1, 0),
        };
        return Some((hundredths.checked_mul(factor)?, before.or(after), 1 + more));
    }
    let (value, used) = cardinal(said)?;
    Some((value * 100, None, used))
}

/// "60", "49.99", "1,200.50" as hundredths; no clock time, and nothing with another number of decimals.
fn figures(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "00"));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let thousands: Vec<&str> = groups.collect();
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let grouped = thousands.iter().all(|group| group.len() == 3 && digits(group));
    if !digits(first) || !grouped || first.len() > 7 || thousands.len() > 1 || fraction.len() != 2 || !digits(fraction)
    {
        return None;
    }
    let units: u64 = format!("{first}{}", thousands.concat()).parse().ok()?;
    Some(units.checked_mul(100)? + fraction.parse::<u64>().ok()?)
}

/// "Eighty five", "a hundred and twenty", "two thousand five hundred", "twelve hundred".
fn cardinal(said: &[Word]) -> Option<(u64, usize)> {
    let (value, used) = below_thousand(said)?;
    if text(said, used) != "thousand" {
        return Some((value, used));
    }
    let joined = used + 1 + usize::from(text(said, used + 1) == "and");
    match said.get(joined..).and_then(below_thousand) {
        Some((rest, more)) if rest < 1_000 => Some((value * 1_000 + rest, joined + more)),
        _ => Some((value * 1_000, used + 1)),
    }
}

fn below_thousand(said: &[Word]) -> Option<(u64, usize)> {
    let small = |said: &[Word]| {
        let (value, used) = quantity_at(said)?;
        (value < 100 && !said[0].is_figures()).then_some((u64::from(value), used))
    };
    let leads = matches!(text(said, 0), "a" | "an") && matches!(text(said, 1), "hundred" | "thousand");
    let (value, used) = if leads { (1, 1) } else { small(said)? };
    if text(said, used) != "hundred" {
        return Some((value, used));
    }
    let joined = used + 1 + usize::from(text(said, used + 1) == "and");
    match said.get(joined..).and_then(small) {
        Some((rest, more)) => Some((value * 100 + rest, joined + more)),
        None => Some((value * 100, used + 1)),
    }
}

/// Turns of phrase right before an amount, longest first.
const LEADS: &[(&[&str], Bound)] = &[
    (&["no", "more", "than"], Bound::UpTo),
    (&["not", "more", "than"], Bound::UpTo),
    (&["not", "over"], Bound::UpTo),
    (&["not", "above"], Bound::UpTo),
    (&["no", "less", "than"], Bound::AtLeast),
    (&["not", "under"], Bound::AtLeast),
    (&["less", "than"], Bound::Under),
    (&["less", "expensive", "than"], Bound::Under),
    (&["more", "expensive", "than"], Bound::Over),
    (&["cheaper", "than"], Bound::Under),
    (&["lower", "than"], Bound::Under),
    (&["more", "than"], Bound::Over),
    (&["higher", "than"], Bound::Over),
    (&["greater", "than"], Bound::Over),
    (&["up", "to"], Bound::UpTo),
    (&["at", "most"], Bound::UpTo),
    (&["at", "least"], Bound::AtLeast),
    (&["under"], Bound::Under),
    (&["below"], Bound::Under),
    (&["within"], Bound::UpTo),
    (&["max"], Bound::UpTo),
    (&["maximum"], Bound::UpTo),
    (&["over"], Bound::Over),
    (&["above"], Bound::Over),
    (&["exceed"], Bound::Over),
];

/// Turns of phrase right after an amount.
const TRAILS: &[(&[&str], Bound)] = &[
    (&["or", "less"], Bound::UpTo),
    (&["or", "under"], Bound::UpTo),
    (&["or", "below"], Bound::UpTo),
    (&["at", "most"], Bound::UpTo),
    (&["tops"], Bound::UpTo),
    (&["max"], Bound::UpTo),
    (&["maximum"], Bound::UpTo),
    (&["or", "more"], Bound::AtLeast),
    (&["or", "over"], Bound::AtLeast),
];

/// What tells that a sentence is about what somebody pays or has to pay: there a number after "under" is an amount.
pub(crate) fn is_about_paying(text: &str) -> bool {
    matches!(
        text,
        "cost"
            | "costs"
            | "price"
            | "priced"
            | "spend"
            | "spending"
            | "pay"
            | "budget"
            | "afford"
            | "charge"
            | "charges"
            | "enough"
    )
}

/// What is counted by another unit than money: "under thirty minutes".
fn counts_other(text: &str) -> bool {
    matches!(
        text,
        "minute"
            | "minutes"
            | "hour"
            | "hours"
            | "day"
            | "days"
            | "week"
            | "weeks"
            | "month"
            | "months"
            | "year"
            | "years"
            | "mile"
            | "miles"
            | "percent"
            | "am"
            | "pm"
            | "oclock"
            | "people"
            | "cars"
            | "tires"
            | "times"
    )
}

/// The amount that a price is held against, with its side and the words that name both.
pub(crate) fn price_limit_in(said: &[Word]) -> Option<Found<PriceLimit>> {
    let marked = amounts_in(said);
    let limits = marked.iter().filter_map(|found| limit_of(said, found));
    limits.into_iter().next().or_else(|| bare_limit(said))
}

fn limit_of(said: &[Word], found: &Found<Amount>) -> Option<Found<PriceLimit>> {
    let says = |texts: &[&str]| said.iter().any(|word| texts.contains(&word.text.as_str()));
    let before = found.span.start.checked_sub(1).map_or("", |at| text(said, at));
    let spends = says(&["spend", "spending", "budget", "afford"]);
    let (bound, span) = match side_of(said, found.span.clone()) {
        // "I can't spend more than a hundred."
        Some((Bound::Over, span)) if spends && says(&["not"]) => (Bound::UpTo, span),
        Some(side) => side,
        None if spends || before == "for" || says(&["enough"]) => (Bound::UpTo, found.span.clone()),
        None => return None,
    };
    Some(Found {
        value: PriceLimit {
            bound,
            amount: found.value,
        },
        span,
    })
}

/// What the words around a number say about its side, and the words of all of it.
fn side_of(said: &[Word], number: Range<usize>) -> Option<(Bound, Range<usize>)> {
    let stands = |phrase: &[&str], at: usize| {
        let words = said.get(at..at + phrase.len());
        words.is_some_and(|words| words.iter().zip(phrase).all(|(word, text)| word.text == *text))
    };
    let led = LEADS.iter().find_map(|(lead, bound)| {
        let from = number.start.checked_sub(lead.len())?;
        stands(lead, from).then_some((*bound, from..number.end))
    });
    led.or_else(|| {
        let (trail, bound) = TRAILS.iter().find(|(trail, _)| stands(trail, number.end))?;
        Some((*bound, number.start..number.end + trail.len()))
    })
}

/// "Does it cost more than eighty?", "an oil change for under sixty": a number without a unit, in a sentence about a price.
fn bare_limit(said: &[Word]) -> Option<Found<PriceLimit>> {
    let paying = said.iter().any(|word| is_about_paying(&word.text));
    (1..said.len()).find_map(|start| {
        let (hundredths, _, used) = number_at(&said[start..])?;
        let end = start + used;
        let (bound, span) = side_of(said, start..end)?;
        let for_it = span.start >= 1 && text(said, span.start - 1) == "for";
        let counts = counts_other(text(said, end)) || said.get(end..).and_then(quantity_at).is_some();
        let fits = (paying || for_it) && !counts && hundredths <= MOST_UNITS * 100;
        let amount = Amount {
            hundredths,
            unit: Unit::Open,
        };
        fits.then_some(Found {
            value: PriceLimit { bound, amount },
            span,
        })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::dialogue::spoken_numbers::digit_runs;
    use crate::dialogue::values::times_in;
    use crate::dialogue::words::words;

    fn dollars(text: &str) -> Vec<String> {
        let found = amounts_in(&words(text));
        let told = found.iter().map(|found| found.value.in_currency(Currency::USD));
        told.map(|money| money.map_or_else(|| "other".to_owned(), |money| money.readable()))
            .collect()
    }

    #[test]
    fn amounts_are_read_as_callers_say_and_recognisers_write_them() {
        for (said, amount) in [
            ("is it more than eighty dollars", "$80"),
            ("I only want to spend 100 bucks", "$100"),
            ("for $49.99", "$49.99"),
            ("$1,200", "$1200"),
            ("1,200 dollars", "$1200"),
            ("a hundred bucks", "$100"),
            ("a hundred and twenty five dollars", "$125"),
            ("one hundred twenty dollars", "$120"),
            ("twelve hundred dollars", "$1200"),
            ("two thousand five hundred dollars", "$2500"),
            ("2 thousand dollars", "$2000"),
            ("sixty dollars and fifty cents", "$60.50"),
            ("seventy five cents", "$0.75"),
            ("a thousand dollars", "$1000"),
            ("two grand", "$2000"),
            ("sixty-five dollars", "$65"),
            ("60 euros", "other"),
        ] {
            assert_eq!(dollars(said), [amount], "{said}");
        }
        assert_eq!(dollars("between $50 and $80"), ["$50", "$80"]);
    }

    #[test]
    fn numbers_of_other_things_are_no_amounts() {
        for said in [
            "at nine thirty",
            "my number is 312 555 0142",
            "four tires",
            "in 30 minutes",
            "December 3rd",
            "under 60",
            "",
        ] {
            assert_eq!(dollars(said), Vec::<String>::new(), "{said}");
        }
    }

    #[test]
    fn an_amount_is_no_time_and_no_digit_of_a_number() {
        for said in [
            "at twenty dollars",
            "by 10 dollars",
            "two thirty dollars",
            "I only have a hundred and twenty dollars",
            "after 9 bucks",
            "a hundred bucks",
            "5 hundred dollars",
        ] {
            let said = words(said);
            assert!(times_in(&said, &[], true).is_empty(), "{said:?}");
        }
        for said in ["I only have 100 dollars", "sixty dollars", "12 hundred dollars"] {
            assert!(digit_runs(&words(said)).is_empty(), "{said}");
        }
        let said = words("It's 312 555 0142, and I pay sixty dollars");
        let digits: Vec<String> = digit_runs(&said).into_iter().map(|run| run.digits).collect();
        assert_eq!(digits, ["3125550142"]);
    }

    #[test]
    fn a_limit_is_told_by_the_words_around_it() {
        let limit = |text: &str| {
            let limit = price_limit_in(&words(text))?.value;
            Some((limit.bound, limit.amount.in_currency(Currency::USD)?.readable()))
        };
        for (said, bound, amount) in [
            ("can I get an oil change for under 60 dollars", Bound::Under, "$60"),
            ("an oil change for under sixty", Bound::Under, "$60"),
            ("is it more than eighty dollars", Bound::Over, "$80"),
            ("does it cost more than eighty", Bound::Over, "$80"),
            ("I can't spend more than a hundred bucks", Bound::UpTo, "$100"),
            ("I only want to spend 100 bucks", Bound::UpTo, "$100"),
            ("no more than $50", Bound::UpTo, "$50"),
            ("for 60 dollars or less", Bound::UpTo, "$60"),
            ("can I get it for 60 dollars", Bound::UpTo, "$60"),
            ("is it at least 40 dollars", Bound::AtLeast, "$40"),
        ] {
            assert_eq!(limit(said), Some((bound, amount.to_owned())), "{said}");
        }
        for said in [
            "is it more than an hour",
            "under 30 minutes",
            "after nine",
            "I paid 80 dollars last time",
            "over 312 555 0142",
        ] {
            assert_eq!(limit(said), None, "{said}");
        }
    }

    proptest! {
        #[test]
        fn every_amount_in_figures_comes_back(units in 0_u64..1_000_000) {
            prop_assert_eq!(dollars(&format!("${units}")), vec![format!("${units}")]);
            prop_assert_eq!(dollars(&format!("{units} dollars")), vec![format!("${units}")]);
        }

        #[test]
        fn no_utterance_panics(text in "\\PC{0,80}") {
            let said = words(&format!("{text} dollars"));
            prop_assert!(amounts_in(&said).iter().all(|found| found.span.start < found.span.end && found.span.end <= said.len()));
            let _limit = price_limit_in(&said);
        }
    }
}
