//! Whether a name that was said over the telephone can be the one that is written in the book. Pure.
//!
//! The name is the second thing, beside a number, that a caller has to know. It comes from speech recognition, so that `Perez` may be
//! heard as `Peres`; and people say a part of it. One word of it has to fit.

use frontdesk_store::agenda::folded;
use strsim::jaro_winkler;

/// How alike two words have to be, from 0 to 1: `Catherine` and `Catharine` are, `John` and `Joan` are not.
const ALIKE: f64 = 0.88;

/// What stands beside names of many people and says nothing of one of them.
const NO_NAMES: [&str; 22] = [
    "MR", "MRS", "MS", "MISS", "MX", "DR", "DOCTOR", "SIR", "MADAM", "PROF", "DE", "DA", "DI", "DU", "DEL", "DER",
    "DEN", "LA", "LE", "VAN", "VON", "AND",
];

/// They stand within a name: O'Brien.
const APOSTROPHES: [char; 2] = ['\'', '’'];

/// Whether `said` can be `written`: one word of both is the same or sounds close.
#[must_use]
pub fn fits(said: &str, written: &str) -> bool {
    let (said, written) = (words(said), words(written));
    said.iter().any(|said| {
        written
            .iter()
            .any(|written| said == written || jaro_winkler(said, written) >= ALIKE)
    })
}

/// The words that name somebody; all of them where none does.
fn words(name: &str) -> Vec<String> {
    let folded = folded(name);
    let all = || {
        folded
            .split(|character: char| !character.is_alphanumeric() && !APOSTROPHES.contains(&character))
            .map(|word| word.replace(APOSTROPHES, ""))
            .filter(|word| !word.is_empty())
    };
    let telling: Vec<String> = all()
        .filter(|word| word.chars().nth(1).is_some() && !NO_NAMES.contains(&word.as_str()))
        .collect();
    if telling.is_empty() { all().collect() } else { telling }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_fits_as_it_is_said_heard_and_shortened() {
        for (said, written) in [
            ("Ana Perez", "Ana Perez"),
            ("ana pérez", "Ana Perez"),
            ("Perez", "Ana Perez"),
            ("Ana", "Ana María Pérez-Gómez"),
            ("Mrs. Peres", "Ana Perez"),
            ("Anna Paris", "Ana Perez"),
            ("Catharine", "Catherine Jones"),
            ("Jon Smyth", "John Smith"),
            ("Bo Li", "Bo Li"),
            ("Li", "Bo Li"),
            ("O'Brien", "Pat O’Brien"),
            ("Van", "Le Van"),
            ("J.", "J."),
        ] {
            assert!(fits(said, written), "{said} / {written}");
        }
    }

    #[test]
    fn another_name_does_not_fit() {
        for (said, written) in [
            ("Bob Miller", "Ana Perez"),
            ("Mrs. Miller", "Mrs. Perez"),
            ("Joan Miller", "John Smith"),
            ("Jo de Groot", "Ana de Silva"),
            ("A.", "Ana Perez"),
            ("Lee", "Bo Li"),
            ("", "Ana Perez"),
            ("Ana Perez", ""),
            ("", ""),
        ] {
            assert!(!fits(said, written), "{said} / {written}");
        }
    }
}
