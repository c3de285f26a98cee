//! How much a word that was heard resembles a word that is known: inflection, spelling, sound.
//!
//! The recogniser writes what it hears, so "brake" arrives as "break" and "battery" as "battary". Pure functions, any thread.

use super::lexicon;
use super::words::Word;

/// Resemblance from which two words count as the same without anything else that speaks for it.
pub(crate) const CERTAIN: f32 = 0.75;

/// Resemblance of words that merely sound alike; it needs a second word that fits.
pub(crate) const SOUNDS_ALIKE: f32 = 0.6;

/// 1 for the same word, 0 for nothing in common.
pub(crate) fn resemblance(heard: &Word, known: &Word) -> f32 {
    if heard.stem == known.stem || heard.text == known.text {
        return 1.0;
    }
    if lexicon::are_homophones(&heard.stem, &known.stem) {
        return 0.95;
    }
    if shares_long_beginning(&heard.stem, &known.stem) {
        return 0.85;
    }
    // A word that callers use in its own right is no slip for another one: "charge" is not "change".
    if heard.is_figures() || lexicon::is_everyday(heard) {
        return 0.0;
    }
    let (shorter, longer) = (
        heard.text.len().min(known.text.len()),
        heard.text.len().max(known.text.len()),
    );
    let allowed = match shorter {
        0..=5 => 0,
        6..=8 => 1,
        _ => 2,
    };
    if longer - shorter <= allowed && allowed > 0 && edits(&heard.text, &known.text) <= allowed {
        return 0.8;
    }
    let key = sound(&heard.text);
    if shorter >= 4 && key.len() >= 3 && key == sound(&known.text) {
        return SOUNDS_ALIKE;
    }
    0.0
}

/// "diagnos" and "diagnost", "mainten" and "maintenanc".
fn shares_long_beginning(one: &str, other: &str) -> bool {
    let common = one
        .bytes()
        .zip(other.bytes())
        .take_while(|(left, right)| left == right)
        .count();
    common >= 5 && common * 4 >= one.len().max(other.len()) * 3
}

/// Damerau's distance: insertions, deletions, replacements and swaps of neighbours.
fn edits(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let width = other.len() + 1;
    let mut table = vec![0_usize; (one.len() + 1) * width];
    for row in 0..=one.len() {
        for column in 0..=other.len() {
            let at = row * width + column;
            table[at] = if row == 0 {
                column
            } else if column == 0 {
                row
            } else {
                let same = one[row - 1] == other[column - 1];
                let mut best = (table[at - width] + 1)
                    .min(table[at - 1] + 1)
                    .min(table[at - width - 1] + usize::from(!same));
                let swapped =
                    row > 1 && column > 1 && one[row - 1] == other[column - 2] && one[row - 2] == other[column - 1];
                if swapped {
                    best = best.min(table[at - 2 * width - 2] + 1);
                }
                best
            };
        }
    }
    table.last().copied().unwrap_or_default()
}

/// A rough key of how an English word sounds: consonants by class, every run of vowels one mark, silent letters gone.
fn sound(word: &str) -> String {
    let trimmed = match word {
        word if word.starts_with("kn")
            || word.starts_with("gn")
            || word.starts_with("wr")
            || word.starts_with("ps") =>
        {
            &word[1..]
        }
        word => word,
    };
    let letters: Vec<char> = trimmed.chars().collect();
    let mut key = String::new();
    for (at, &letter) in letters.iter().enumerate() {
        let next = letters.get(at + 1).copied().unwrap_or(' ');
        let previous = if at == 0 { ' ' } else { letters[at - 1] };
        let last = at + 1 == letters.len();
        let mark = match letter {
            'e' if last && key.len() > 1 => continue,
            'a' | 'e' | 'i' | 'o' | 'u' => 'a',
            'y' if at > 0 => 'a',
            'h' if at > 0 => continue,
            'w' if at > 0 => continue,
            'g' if next == 'h' && at > 0 => continue,
            'p' if next == 'h' => 'f',
            's' | 'c' if next == 'h' => 'x',
            't' if next == 'h' => '0',
            'c' if matches!(next, 'e' | 'i' | 'y') => 's',
            'g' if matches!(next, 'e' | 'i' | 'y') => 'j',
            'd' if next == 'g' => continue,
            'c' | 'q' if previous == 's' && next == 'h' => continue,
            'c' | 'q' | 'k' => 'k',
            'x' => 'k',
            'z' => 's',
            other => other,
        };
        if !key.ends_with(mark) {
            key.push(mark);
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::words::words;

    fn between(heard: &str, known: &str) -> f32 {
        resemblance(&words(heard)[0], &words(known)[0])
    }

    #[test]
    fn homophones_and_slips_of_the_recogniser_are_certain() {
        for (heard, known) in [
            ("breaks", "brake"),
            ("tyres", "tire"),
            ("battary", "battery"),
            ("diagnosis", "diagnostics"),
        ] {
            assert!(between(heard, known) >= CERTAIN, "{heard} and {known}");
        }
    }

    #[test]
    fn other_words_do_not_resemble() {
        for (heard, known) in [
            ("tour", "tire"),
            ("charge", "change"),
            ("house", "hours"),
            ("paint", "payment"),
            ("filter", "filling"),
        ] {
            assert!(between(heard, known) < CERTAIN, "{heard} and {known}");
        }
    }
}
