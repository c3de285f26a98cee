//! A number that is told in pieces, over several breaths: telephone numbers and confirmation numbers. Pure, any thread.

use std::ops::RangeInclusive;

use super::spoken_numbers::{FEWEST_PHONE_DIGITS, MOST_PHONE_DIGITS};

/// How many digits a telephone number has.
pub(crate) const PHONE_DIGITS: RangeInclusive<usize> = FEWEST_PHONE_DIGITS..=MOST_PHONE_DIGITS;

/// The pieces so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NumberPieces(String);

/// What became of a piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Collected {
    /// The number; the pieces are used up.
    Whole(String),
    /// More must follow.
    Part,
    /// No number has so many digits: a piece was told twice. All of them are dropped.
    TooMany,
}

impl NumberPieces {
    /// Adds a piece, digits with a leading `+` where one was given, to a number of `digits` digits.
    pub fn add(&mut self, piece: &str, digits: RangeInclusive<usize>) -> Collected {
        self.0.push_str(piece);
        match self.count() {
            count if digits.contains(&count) => Collected::Whole(std::mem::take(&mut self.0)),
            count if count > *digits.end() => {
                self.clear();
                Collected::TooMany
            }
            _ => Collected::Part,
        }
    }

    /// How many digits were told.
    pub fn count(&self) -> usize {
        self.0.bytes().filter(u8::is_ascii_digit).count()
    }

    /// True before the first piece.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was told, as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Forgets all pieces.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_become_a_number_when_there_are_enough_digits() {
        let mut pieces = NumberPieces::default();
        assert_eq!(pieces.add("+1312", PHONE_DIGITS), Collected::Part);
        assert_eq!((pieces.count(), pieces.as_str()), (4, "+1312"));
        assert_eq!(
            pieces.add("5550142", PHONE_DIGITS),
            Collected::Whole("+13125550142".to_owned())
        );
        assert!(pieces.is_empty(), "a whole number leaves nothing behind");
    }

    #[test]
    fn too_many_digits_are_dropped() {
        let mut pieces = NumberPieces::default();
        assert_eq!(pieces.add("48219", 6..=8), Collected::Part);
        assert_eq!(pieces.add("482193", 6..=8), Collected::TooMany);
        assert_eq!(pieces.add("482193", 6..=8), Collected::Whole("482193".to_owned()));
    }
}
