//! The number that a customer is told: six digits, the first not zero. Digits alone survive a telephone line and a spelling in any accent.

use rand::{Rng, RngExt as _};

/// Digits of a confirmation number. Six give 900,000: a shop with twenty appointments a day meets a taken one now and then and draws again.
pub const DIGITS: usize = 6;

/// Draws a number; whether it is free is the caller's to ask.
pub fn draw(random: &mut impl Rng) -> String {
    random.random_range(100_000..=999_999_u32).to_string()
}

/// As it is told: digits one by one, with a pause in the middle: `4 8 2, 1 9 3`.
#[must_use]
pub fn speakable(confirmation: &str) -> String {
    let digits: Vec<char> = confirmation.chars().collect();
    let group = |digits: &[char]| digits.iter().map(char::to_string).collect::<Vec<_>>().join(" ");
    digits.chunks(3).map(group).collect::<Vec<_>>().join(", ")
}

/// What somebody said or typed as a confirmation number, when it can be one: separators do not count.
#[must_use]
pub fn recognise(text: &str) -> Option<String> {
    let digits: String = text
        .chars()
        .filter(|character| !matches!(character, ' ' | '-' | ',' | '.' | '#'))
        .collect();
    (digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_is_recognised_in_every_form_it_is_written_in() {
        for _ in 0..1_000 {
            let drawn = draw(&mut rand::rng());
            assert_eq!(recognise(&drawn), Some(drawn.clone()));
            assert_eq!(
                recognise(&speakable(&drawn)),
                Some(drawn.clone()),
                "{}",
                speakable(&drawn)
            );
        }
        assert_eq!(speakable("482193"), "4 8 2, 1 9 3");
        assert_eq!(recognise("# 482-193"), Some("482193".to_owned()));
    }

    #[test]
    fn what_cannot_be_one_is_none() {
        for text in ["", "48219", "4821934", "48219O", "four eight two"] {
            assert_eq!(recognise(text), None, "{text}");
        }
    }
}
