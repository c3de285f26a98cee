//! The table of text pieces that Moonshine writes with.
//!
//! Pure. The file is a sequence of pieces: a length (one byte, or two from 128 on: low byte less 128, then the number of
//! 128s), then that many bytes. Pieces are bytes and not text: one letter may be spread over several.

/// Start of the decoder's output.
pub(super) const START: i64 = 1;
/// End of the decoder's output.
pub(super) const END: i64 = 2;
/// Pieces that Moonshine tiny and base need at least; a shorter table was cut off.
const SMALLEST_TABLE: usize = 32_000;
/// From here on the pieces are markers without a text.
const FIRST_MARKER: usize = 32_000;
/// SentencePiece's visible space, U+2581.
const SPACE: &[u8] = "\u{2581}".as_bytes();

/// Text pieces by token number.
pub(super) struct Vocabulary {
    pieces: Vec<Box<[u8]>>,
}

/// Digits as callers say them.
const DIGIT_WORDS: [&str; 11] = [
    "zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
];

impl Vocabulary {
    /// Reads the table; the error says what is wrong with it.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let mut pieces = Vec::with_capacity(SMALLEST_TABLE + 768);
        let mut rest = bytes;
        while let Some((first, after)) = rest.split_first() {
            let (length, after) = if *first < 128 {
                (usize::from(*first), after)
            } else {
                let (second, after) = after.split_first().ok_or("it ends inside a length")?;
                (usize::from(*first) - 128 + 128 * usize::from(*second), after)
            };
            let (piece, after) = after.split_at_checked(length).ok_or("it ends inside a piece")?;
            pieces.push(piece.into());
            rest = after;
        }
        if pieces.len() < SMALLEST_TABLE {
            return Err(format!("it holds {} of at least {SMALLEST_TABLE} pieces", pieces.len()));
        }
        Ok(Self { pieces })
    }

    /// The text of a sequence of tokens; markers have none.
    pub(super) fn text(&self, tokens: &[i64]) -> String {
        let mut bytes = Vec::with_capacity(tokens.len() * 4);
        for token in tokens {
            bytes.extend_from_slice(self.piece(*token));
        }
        let text = String::from_utf8_lossy(&bytes).replace('\u{2581}', " ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether people say a phrase of these tokens twice in a row: digits in figures, such as 555-5555, and two digits in words ("seven nine
    /// seven nine"). One digit in words is what the recogniser itself falls into after "five five five".
    pub(super) fn repeats_honestly(&self, phrase: &[i64]) -> bool {
        let (first, second) = phrase.split_at(phrase.len() / 2);
        phrase.iter().all(|token| self.is_figures(*token))
            || first != second
                && phrase
                    .iter()
                    .all(|token| self.is_figures(*token) || self.is_digit_word(*token))
    }

    /// Whether the token writes only digits and what stands between them.
    fn is_figures(&self, token: i64) -> bool {
        self.word(token)
            .iter()
            .all(|byte| byte.is_ascii_digit() || b"-.,: ".contains(byte))
    }

    fn is_digit_word(&self, token: i64) -> bool {
        DIGIT_WORDS
            .iter()
            .any(|word| self.word(token).eq_ignore_ascii_case(word.as_bytes()))
    }

    /// The piece without the space before it.
    fn word(&self, token: i64) -> &[u8] {
        let piece = self.piece(token);
        piece.strip_prefix(SPACE).unwrap_or(piece)
    }

    fn piece(&self, token: i64) -> &[u8] {
        match usize::try_from(token) {
            Ok(index) if index > END as usize && index < FIRST_MARKER => self.pieces.get(index).map_or(&[], |p| p),
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Vec<u8> {
        let mut bytes = Vec::new();
        for index in 0..SMALLEST_TABLE {
            let piece = match index {
                3 => "\u{2581}caf".as_bytes().to_vec(),
                4 => vec![0xc3],
                5 => vec![0xa9],
                6 => "\u{2581}55".as_bytes().to_vec(),
                7 => vec![b'x'; 200],
                8 => "\u{2581}Seven".as_bytes().to_vec(),
                9 => "\u{2581}nine".as_bytes().to_vec(),
                10 => b",".to_vec(),
                _ => b"?".to_vec(),
            };
            if piece.len() < 128 {
                bytes.push(piece.len() as u8);
            } else {
                bytes.extend([128 + (piece.len() % 128) as u8, (piece.len() / 128) as u8]);
            }
            bytes.extend(piece);
        }
        bytes
    }

    #[test]
    fn letters_spread_over_tokens_are_joined_before_decoding() {
        let vocabulary = Vocabulary::parse(&table()).unwrap();
        assert_eq!(vocabulary.text(&[3, 4, 5, END]), "café");
        assert_eq!(vocabulary.text(&[7]).len(), 200);
        assert_eq!(vocabulary.text(&[-1, 99_999]), "");
    }

    #[test]
    fn digits_repeat_honestly_and_one_digit_in_words_does_not() {
        let vocabulary = Vocabulary::parse(&table()).unwrap();
        assert!(vocabulary.repeats_honestly(&[6, 6, 6, 6]));
        assert!(vocabulary.repeats_honestly(&[8, 10, 9, 10]));
        assert!(!vocabulary.repeats_honestly(&[8, 10, 8, 10]));
        assert!(!vocabulary.repeats_honestly(&[3, 6, 6, 6]));
    }

    #[test]
    fn a_table_cut_anywhere_is_refused() {
        let table = table();
        for length in [0, 1, table.len() / 2, table.len() - 1] {
            assert!(Vocabulary::parse(&table[..length]).is_err(), "cut at {length}");
        }
    }
}
