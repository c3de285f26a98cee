//! How much silence ends a turn: the session's setting is the usual one, and what was said so far, held against what was asked, shortens
//! or lengthens it.
//!
//! Pure. A caller is never waited for longer than [`LONGEST_MS`], unless the session itself asks for more.

use crate::dialogue::{Completeness, Expectation};
use crate::server::limits::{
    SILENCE_AFTER_ALL, SILENCE_WHILE_PAUSING_MS, SILENCE_WHILE_UNFINISHED_MS, TRIAL_SILENCE_MS,
};

/// Longest silence in ms that words can ask for.
const LONGEST_MS: u32 = 3_000;

/// Silence in ms that ends a turn with these words.
pub(super) fn silence_ms(expectation: Expectation, text: &str, usual_ms: u32) -> u32 {
    let longer = |by: u32| (usual_ms + by).min(LONGEST_MS).max(usual_ms);
    match expectation.completeness(text) {
        // Not below what the words were heard at: the turn would have ended before.
        Completeness::Complete => (usual_ms * SILENCE_AFTER_ALL / 100).max(usual_ms.min(TRIAL_SILENCE_MS as u32)),
        Completeness::Open => usual_ms,
        Completeness::Pausing => longer(SILENCE_WHILE_PAUSING_MS),
        Completeness::Unfinished => longer(SILENCE_WHILE_UNFINISHED_MS),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_piece_of_a_number_is_waited_for_and_a_yes_is_not() {
        let asked_for_number = |text| silence_ms(Expectation::phone(0), text, 500);
        assert!(
            asked_for_number("555 014") > 1_200 + 300,
            "a breath of 1.2 s, with some room"
        );
        assert_eq!(asked_for_number("312 555 0142"), 500);
        assert!(silence_ms(Expectation::YesOrNo, "Yes.", 500) <= 300);
        assert_eq!(silence_ms(Expectation::Anything, "Yes.", 500), 500);
    }

    proptest! {
        #[test]
        fn patience_is_bounded_and_grows_with_the_setting(text in "[a-z0-9 ,.]{0,40}", usual in 0_u32..10_000, more in 0_u32..2_000) {
            for expectation in [Expectation::Anything, Expectation::YesOrNo, Expectation::phone(0), Expectation::Name] {
                let silence = silence_ms(expectation, &text, usual);
                prop_assert!(silence <= usual.max(LONGEST_MS));
                prop_assert!(silence >= usual * SILENCE_AFTER_ALL / 100);
                prop_assert!(silence <= silence_ms(expectation, &text, usual + more));
            }
        }
    }
}
