//! Prices: whole minor units (cents) with their currency, never floating point.
//!
//! Pure values, usable on any thread.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Malformed, text_in_serde};

/// A currency by its ISO 4217 code, such as `USD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// United States dollar.
    pub const USD: Currency = Currency(*b"USD");
    /// Pound sterling.
    pub const GBP: Currency = Currency(*b"GBP");
    /// Euro.
    pub const EUR: Currency = Currency(*b"EUR");

    /// The three capital letters.
    pub fn code(&self) -> &str {
        // The constructors let only ASCII letters in, so this never takes the empty side.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Digits after the decimal point (ISO 4217): 2 for most, 0 for the yen, 3 for the Kuwaiti dinar.
    pub fn decimals(&self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX"
            | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }

    /// The sign written before an amount, for currencies whose sign callers know.
    fn sign(&self) -> Option<&'static str> {
        match &self.0 {
            b"USD" => Some("$"),
            b"GBP" => Some("£"),
            b"EUR" => Some("€"),
            _ => None,
        }
    }
}

impl FromStr for Currency {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        match <[u8; 3]>::try_from(text.as_bytes()) {
            Ok(code) if code.iter().all(u8::is_ascii_uppercase) => Ok(Self(code)),
            _ => Err(Malformed::new(
                text,
                "a currency is three capital letters such as USD, EUR or GBP",
            )),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

text_in_serde!(Currency);

/// An amount of money in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// The amount in the smallest unit of the currency, for example cents.
    pub minor: u64,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// The amount as people write it: `$50`, `£49.90`, `75 CHF`. Whole amounts have no decimals.
    pub fn readable(&self) -> String {
        match self.currency.sign() {
            Some(sign) => format!("{sign}{}", self.amount()),
            None => format!("{} {}", self.amount(), self.currency),
        }
    }

    /// The bare number: `50`, `49.90`.
    fn amount(&self) -> String {
        let unit = 10_u64.pow(self.currency.decimals());
        let (whole, fraction) = (self.minor / unit, self.minor % unit);
        match fraction {
            0 => whole.to_string(),
            fraction => format!("{whole}.{fraction:0width$}", width = self.currency.decimals() as usize),
        }
    }
}

/// What a service costs: a fixed price, or from–to.
///
/// In serde and, with its currency, in the file: `"50-80 USD"` or `"49.90 EUR"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PriceRange {
    lowest: u64,
    highest: u64,
    currency: Currency,
}

impl PriceRange {
    /// Largest price in whole units; more is a typing error, and the limit keeps all arithmetic far from overflow.
    const LIMIT_UNITS: u64 = 100_000_000;

    /// Bounds in minor units of `currency`.
    ///
    /// # Errors
    /// When the bounds are the wrong way round or above a hundred million.
    pub fn new(lowest: u64, highest: u64, currency: Currency) -> Result<Self, Malformed> {
        let range = Self {
            lowest,
            highest,
            currency,
        };
        let reason = if lowest > highest {
            "the lower price comes first"
        } else if highest > Self::LIMIT_UNITS * 10_u64.pow(currency.decimals()) {
            "a price is at most 100000000"
        } else {
            return Ok(range);
        };
        Err(Malformed::new(&range.to_string(), reason))
    }

    /// Reads `50`, `49.90`, `50-80` or any of them with a currency code behind; without one `usual` is meant.
    ///
    /// # Errors
    /// A plain reason when the text is no price.
    pub fn parse(text: &str, usual: Option<Currency>) -> Result<Self, Malformed> {
        let trimmed = text.trim();
        let (amounts, currency) = match trimmed.rsplit_once(char::is_whitespace) {
            Some((amounts, code)) if code.starts_with(|c: char| c.is_alphabetic()) => (amounts, Some(code.parse()?)),
            _ => (trimmed, usual),
        };
        let Some(currency) = currency else {
            return Err(Malformed::new(
                text,
                "the currency is not known; add a line such as currency = \"USD\" at the top of the file",
            ));
        };
        if amounts.trim_start().starts_with(['-', '−']) {
            return Err(Malformed::new(text, "a price cannot be negative"));
        }
        let (lowest, highest) = amounts.split_once(['-', '–']).unwrap_or((amounts, amounts));
        let minor = |amount: &str| minor_units(amount.trim(), currency).map_err(|reason| Malformed::new(text, reason));
        Self::new(minor(lowest)?, minor(highest)?, currency).map_err(|error| Malformed::new(text, error.reason()))
    }

    /// The least it costs.
    pub fn lowest(&self) -> Money {
        Money {
            minor: self.lowest,
            currency: self.currency,
        }
    }

    /// The most it costs.
    pub fn highest(&self) -> Money {
        Money {
            minor: self.highest,
            currency: self.currency,
        }
    }

    /// Whether both bounds are the same.
    pub fn is_fixed(&self) -> bool {
        self.lowest == self.highest
    }

    /// The price as people write it: `$50`, `$50 to $80`, `free`.
    pub fn readable(&self) -> String {
        match (self.lowest, self.highest) {
            (0, 0) => "free".to_owned(),
            (lowest, highest) if lowest == highest => self.lowest().readable(),
            _ => format!("{} to {}", self.lowest().readable(), self.highest().readable()),
        }
    }
}

fn minor_units(amount: &str, currency: Currency) -> Result<u64, String> {
    let form = "write a price as 50, 49.90 or \"50-80\", without a currency sign or thousands separator";
    let (whole, fraction) = match amount.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
        Some(_) => return Err(form.to_owned()),
        None => (amount, ""),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return Err(form.to_owned());
    }
    let decimals = currency.decimals() as usize;
    if fraction.len() > decimals {
        return Err(format!("{currency} has {decimals} digits after the point"));
    }
    format!("{whole}{fraction:0<decimals$}")
        .parse()
        .map_err(|_| "a price is at most 100000000".to_owned())
}

impl FromStr for PriceRange {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        Self::parse(text, None)
    }
}

impl fmt::Display for PriceRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.lowest().amount())?;
        if !self.is_fixed() {
            write!(formatter, "-{}", self.highest().amount())?;
        }
        write!(formatter, " {}", self.currency)
    }
}

text_in_serde!(PriceRange);
