//! How an unknown word probably sounds.
//!
//! Pure. Rules of our own for names and other words that the dictionary lacks: spelling patterns to sounds, longest
//! first, then stress by syllable count. Words that end in a full vowel ("Yamamoto", "Garibaldi") are read with the vowels
//! of the continent, others with English ones.

use super::arpabet::{Phone, Stress};

/// What must stand beside a pattern.
#[derive(Debug, Clone, Copy)]
enum Beside {
    Anything,
    /// The edge of the word.
    Edge,
    /// One of a, e, i, o, u, y.
    Vowel,
    /// A letter that is none of them.
    Consonant,
    /// e, i or y, which soften c and g.
    Front,
    /// One consonant and then a silent e at the end: "mate".
    SilentE,
}

use Beside::{Anything, Consonant, Edge, Front, SilentE, Vowel};

/// Before, pattern, after, sounds (vowels without stress).
type Rule = (Beside, &'static str, Beside, &'static str);

/// English readings. Of the rules that fit, the one with the longest pattern wins; among equals the first.
const ENGLISH: &[Rule] = &[
    (Anything, "augh", Anything, "AO"),
    (Anything, "eigh", Anything, "EY"),
    (Anything, "ough", Edge, "OW"),
    (Anything, "ought", Anything, "AO T"),
    (Anything, "tion", Anything, "SH AH N"),
    (Anything, "sion", Anything, "ZH AH N"),
    (Anything, "cious", Anything, "SH AH S"),
    (Anything, "tious", Anything, "SH AH S"),
    (Anything, "ture", Edge, "CH ER"),
    (Anything, "stein", Edge, "S T AY N"),
    (Anything, "sch", Anything, "SH"),
    (Anything, "tch", Anything, "CH"),
    (Anything, "igh", Anything, "AY"),
    (Anything, "air", Anything, "EH R"),
    (Anything, "are", Edge, "EH R"),
    (Anything, "ear", Anything, "IH R"),
    (Anything, "eer", Anything, "IH R"),
    (Anything, "oor", Anything, "AO R"),
    (Anything, "our", Anything, "AO R"),
    (Anything, "ire", Edge, "AY ER"),
    (Anything, "ure", Edge, "Y UH R"),
    (Anything, "eau", Anything, "OW"),
    (Anything, "que", Edge, "K"),
    (Anything, "gue", Edge, "G"),
    (Anything, "dge", Anything, "JH"),
    (Anything, "czy", Anything, "CH IH"),
    (Anything, "szcz", Anything, "SH CH"),
    (Anything, "ski", Edge, "S K IY"),
    (Anything, "sky", Edge, "S K IY"),
    (Edge, "ngu", Anything, "N UW"),
    (Edge, "xi", Vowel, "SH"),
    (Edge, "zh", Anything, "JH"),
    (Edge, "kn", Anything, "N"),
    (Edge, "wr", Anything, "R"),
    (Edge, "gn", Anything, "N"),
    (Edge, "ps", Anything, "S"),
    (Edge, "ng", Anything, "N"),
    (Edge, "x", Anything, "Z"),
    (Anything, "cz", Anything, "CH"),
    (Anything, "sz", Anything, "SH"),
    (Anything, "rz", Edge, "R Z"),
    (Anything, "dz", Anything, "D Z"),
    (Anything, "ch", Anything, "CH"),
    (Anything, "sh", Anything, "SH"),
    (Anything, "th", Anything, "TH"),
    (Anything, "ph", Anything, "F"),
    (Anything, "gh", Edge, ""),
    (Edge, "gh", Anything, "G"),
    (Anything, "gh", Anything, ""),
    (Anything, "kh", Anything, "K"),
    (Anything, "bh", Anything, "B"),
    (Anything, "dh", Anything, "D"),
    (Anything, "wh", Anything, "W"),
    (Anything, "ck", Anything, "K"),
    (Anything, "cc", Front, "K S"),
    (Anything, "qu", Anything, "K W"),
    (Anything, "ng", Edge, "NG"),
    (Anything, "ng", Consonant, "NG"),
    (Anything, "ng", Front, "N JH"),
    (Anything, "ng", Anything, "NG G"),
    (Anything, "nk", Anything, "NG K"),
    (Anything, "mb", Edge, "M"),
    (Anything, "ee", Anything, "IY"),
    (Anything, "ea", Anything, "IY"),
    (Anything, "ei", Anything, "EY"),
    (Anything, "ey", Edge, "IY"),
    (Anything, "ey", Anything, "EY"),
    (Anything, "ie", Edge, "IY"),
    (Anything, "ie", Anything, "IY"),
    (Anything, "oo", Anything, "UW"),
    (Anything, "ou", Anything, "AW"),
    (Anything, "ow", Edge, "OW"),
    (Anything, "ow", Consonant, "AW"),
    (Anything, "ow", Vowel, "AW"),
    (Anything, "oa", Anything, "OW"),
    (Anything, "oi", Anything, "OY"),
    (Anything, "oy", Anything, "OY"),
    (Anything, "oe", Edge, "OW"),
    (Anything, "ai", Anything, "EY"),
    (Anything, "ay", Anything, "EY"),
    (Anything, "au", Anything, "AO"),
    (Anything, "aw", Anything, "AO"),
    (Anything, "ew", Anything, "UW"),
    (Anything, "eu", Anything, "OY"),
    (Anything, "ui", Anything, "UW"),
    (Anything, "ue", Edge, "UW"),
    (Anything, "uy", Anything, "AY"),
    (Anything, "aa", Anything, "AA"),
    (Anything, "er", Edge, "ER"),
    (Anything, "er", Consonant, "ER"),
    (Anything, "ir", Consonant, "ER"),
    (Anything, "ir", Edge, "ER"),
    (Anything, "ur", Consonant, "ER"),
    (Anything, "ur", Edge, "ER"),
    (Anything, "or", Edge, "ER"),
    (Anything, "or", Anything, "AO R"),
    (Anything, "ar", Anything, "AA R"),
    (Anything, "al", Edge, "AH L"),
    (Anything, "le", Edge, "AH L"),
    (Anything, "es", Edge, "IH Z"),
    (Anything, "a", SilentE, "EY"),
    (Anything, "i", SilentE, "AY"),
    (Anything, "o", SilentE, "OW"),
    (Anything, "u", SilentE, "UW"),
    (Anything, "y", SilentE, "AY"),
    (Anything, "e", Edge, ""),
    (Anything, "a", Edge, "AH"),
    (Anything, "i", Edge, "IY"),
    (Anything, "o", Edge, "OW"),
    (Anything, "u", Edge, "UW"),
    (Anything, "y", Edge, "IY"),
    (Edge, "y", Vowel, "Y"),
    (Vowel, "y", Vowel, "Y"),
    (Anything, "a", Anything, "AE"),
    (Anything, "e", Anything, "EH"),
    (Anything, "i", Anything, "IH"),
    (Anything, "o", Anything, "AA"),
    (Anything, "u", Anything, "AH"),
    (Anything, "y", Anything, "IH"),
    (Anything, "c", Front, "S"),
    (Anything, "g", Front, "JH"),
    (Edge, "g", Front, "G"),
    (Vowel, "s", Vowel, "Z"),
    (Vowel, "h", Consonant, ""),
    (Vowel, "h", Edge, ""),
    (Edge, "w", Anything, "W"),
    (Vowel, "w", Consonant, ""),
    (Anything, "b", Anything, "B"),
    (Anything, "c", Anything, "K"),
    (Anything, "d", Anything, "D"),
    (Anything, "f", Anything, "F"),
    (Anything, "g", Anything, "G"),
    (Anything, "h", Anything, "HH"),
    (Anything, "j", Anything, "JH"),
    (Anything, "k", Anything, "K"),
    (Anything, "l", Anything, "L"),
    (Anything, "m", Anything, "M"),
    (Anything, "n", Anything, "N"),
    (Anything, "p", Anything, "P"),
    (Anything, "q", Anything, "K"),
    (Anything, "r", Anything, "R"),
    (Anything, "s", Anything, "S"),
    (Anything, "t", Anything, "T"),
    (Anything, "v", Anything, "V"),
    (Anything, "w", Anything, "W"),
    (Anything, "x", Anything, "K S"),
    (Anything, "z", Anything, "Z"),
];

/// Vowels of the continent; they win over English rules of the same length.
const CONTINENTAL: &[Rule] = &[
    (Anything, "ai", Anything, "AY"),
    (Anything, "ei", Anything, "EY"),
    (Anything, "au", Anything, "AW"),
    (Anything, "ie", Anything, "IY EH"),
    (Anything, "io", Anything, "IY OW"),
    (Anything, "ia", Anything, "IY AH"),
    (Anything, "ea", Anything, "EY AH"),
    (Anything, "ou", Anything, "UW"),
    (Anything, "ue", Anything, "W EY"),
    (Anything, "ng", Anything, "NG G"),
    (Anything, "ch", Anything, "CH"),
    (Anything, "a", Edge, "AH"),
    (Anything, "e", Edge, "EY"),
    (Anything, "a", Anything, "AA"),
    (Anything, "e", Anything, "EH"),
    (Anything, "i", Anything, "IY"),
    (Anything, "o", Anything, "OW"),
    (Anything, "u", Anything, "UW"),
];

/// The probable sounds of a word in lower-case letters.
pub(super) fn letter_to_sound(word: &str) -> Vec<Phone> {
    let letters: Vec<u8> = word.bytes().filter(u8::is_ascii_lowercase).collect();
    let continental = letters.len() > 3 && matches!(letters.last(), Some(b'a' | b'i' | b'o' | b'u'));
    let mut phones: Vec<Phone> = Vec::new();
    let mut position = 0;
    while position < letters.len() {
        let from_continent = continental.then(|| best(CONTINENTAL, &letters, position)).flatten();
        let from_english = best(ENGLISH, &letters, position);
        let rule = match (from_continent, from_english) {
            (Some(continent), Some(english)) if english.1.len() > continent.1.len() => Some(english),
            (Some(continent), _) => Some(continent),
            (None, english) => english,
        };
        let Some((_, pattern, _, sounds)) = rule else {
            position += 1;
            continue;
        };
        for phone in Phone::parse_all(sounds) {
            // A doubled consonant sounds once.
            if phone.is_vowel() || phones.last() != Some(&phone) {
                phones.push(phone);
            }
        }
        position += pattern.len();
    }
    stressed(phones)
}

fn best(rules: &'static [Rule], letters: &[u8], position: usize) -> Option<&'static Rule> {
    let fits = |rule: &&Rule| {
        let (before, pattern, after, _) = rule;
        letters[position..].starts_with(pattern.as_bytes())
            && stands_before(*before, letters, position)
            && stands_after(*after, letters, position + pattern.len())
    };
    rules
        .iter()
        .filter(fits)
        .reduce(|best, next| if next.1.len() > best.1.len() { next } else { best })
}

fn is_vowel(letter: u8) -> bool {
    b"aeiouy".contains(&letter)
}

fn stands_before(beside: Beside, letters: &[u8], position: usize) -> bool {
    let letter = position.checked_sub(1).and_then(|index| letters.get(index)).copied();
    stands(beside, letter)
}

fn stands_after(beside: Beside, letters: &[u8], position: usize) -> bool {
    match beside {
        SilentE => matches!(letters[position..], [consonant, b'e'] if !is_vowel(consonant)),
        _ => stands(beside, letters.get(position).copied()),
    }
}

fn stands(beside: Beside, letter: Option<u8>) -> bool {
    match (beside, letter) {
        (Anything, _) | (Edge, None) => true,
        (Vowel, Some(letter)) => is_vowel(letter),
        (Consonant, Some(letter)) => !is_vowel(letter),
        (Front, Some(letter)) => b"eiy".contains(&letter),
        _ => false,
    }
}

/// Puts the stress: on the only vowel, on the first of two, on the last but one where its syllable is heavy (a full vowel
/// or two consonants behind it), else before that.
fn stressed(mut phones: Vec<Phone>) -> Vec<Phone> {
    let vowels: Vec<usize> = (0..phones.len()).filter(|index| phones[*index].is_vowel()).collect();
    let is_light = |index: usize, next: usize| {
        matches!(phones[index], Phone::Vowel("AE" | "AH" | "EH" | "ER" | "IH", _)) && next - index <= 2
    };
    let chosen = match vowels.as_slice() {
        [] => return phones,
        [only] => *only,
        [first, _] => *first,
        [.., before, last_but_one, last] if is_light(*last_but_one, *last) => *before,
        [.., last_but_one, _] => *last_but_one,
    };
    for index in vowels {
        if let Phone::Vowel(name, stress) = &mut phones[index] {
            *stress = if index == chosen { Stress::Primary } else { Stress::None };
            // A weak a at the end of a syllable without stress: "Garcia".
            if *stress == Stress::None && *name == "AE" {
                *name = "AH";
            }
        }
    }
    phones
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::arpabet::ipa;
    use super::letter_to_sound;

    fn written(word: &str) -> String {
        ipa(&letter_to_sound(word), true)
    }

    #[test]
    fn names_come_out_close_to_how_they_are_said() {
        assert_eq!(written("subaru"), "suːbˈɑːɹuː");
        assert_eq!(written("kowalczyk"), "kaʊˈæltʃɪk");
        assert_eq!(written("yamamoto"), "jɑːmɑːmˈoʊɾoʊ");
        assert_eq!(written("thackeray"), "θˈækɛɹeɪ");
        assert_eq!(written("lyft"), "lˈɪft");
        assert_eq!(written("brake"), "bɹˈeɪk");
    }

    #[test]
    fn a_word_without_vowels_still_sounds() {
        assert_eq!(written("brr"), "bɹ");
        assert_eq!(written(""), "");
    }

    proptest! {
        #[test]
        fn every_word_with_a_vowel_letter_inside_has_exactly_one_stress(word in "[bdfklmnprst][aiou][bdfklmnprst]{1,3}[a-z]{0,8}") {
            prop_assert_eq!(written(&word).matches('ˈ').count(), 1);
        }
    }
}
