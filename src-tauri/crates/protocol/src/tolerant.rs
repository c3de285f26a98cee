//! Readers for members that servers send carelessly: `null` where a value belongs, `1500.0` for a whole number, numbers in a text map.
//!
//! Used with `#[serde(default, deserialize_with = "…")]`. Pure functions, usable on any thread.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// `null` reads as the default value. Several servers send every unset member as `null`.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// A whole number that may arrive as `null`, as a fraction or negative: rounded down, never below zero, never above `u64::MAX`.
pub(crate) fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    Ok(optional_whole(deserializer)?.unwrap_or(0))
}

/// Like [`whole`], but keeps absence apart from zero.
pub(crate) fn optional_whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(Option::<Number>::deserialize(deserializer)?.map(Number::floor))
}

/// Like [`whole`], for list positions.
pub(crate) fn index<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    Ok(u32::try_from(whole(deserializer)?).unwrap_or(u32::MAX))
}

/// A map of texts in which a careless sender put numbers or objects: those read as their JSON text, `null` values vanish.
pub(crate) fn text_map<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<BTreeMap<String, String>>, D::Error> {
    let map = Option::<BTreeMap<String, Value>>::deserialize(deserializer)?;
    Ok(map.map(|map| {
        map.into_iter()
            .filter_map(|(key, value)| match value {
                Value::Null => None,
                Value::String(text) => Some((key, text)),
                other => Some((key, other.to_string())),
            })
            .collect()
    }))
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Whole(u64),
    Fraction(f64),
}

impl Number {
    fn floor(self) -> u64 {
        match self {
            Self::Whole(number) => number,
            // `as` saturates: negative and not-a-number become 0.
            Self::Fraction(number) => number.floor() as u64,
        }
    }
}
