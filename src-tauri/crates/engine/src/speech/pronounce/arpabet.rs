//! The sounds of American English, and how the voice writes them.
//!
//! Pure. Dictionary and rules speak ARPAbet; the Piper voice was trained on the IPA that eSpeak NG writes for `en-us`.
//! This file is the bridge, with the habits of that accent: flapped t, r-coloured vowels, no length on weak vowels.

/// How strongly a vowel is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stress {
    None,
    Primary,
    Secondary,
}

/// One sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phone {
    /// ARPAbet name without digit, and stress.
    Vowel(&'static str, Stress),
    /// ARPAbet name.
    Consonant(&'static str),
}

const VOWELS: [&str; 15] = [
    "AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW",
];
const CONSONANTS: [(&str, &str); 24] = [
    ("B", "b"),
    ("CH", "tʃ"),
    ("D", "d"),
    ("DH", "ð"),
    ("F", "f"),
    ("G", "ɡ"),
    ("HH", "h"),
    ("JH", "dʒ"),
    ("K", "k"),
    ("L", "l"),
    ("M", "m"),
    ("N", "n"),
    ("NG", "ŋ"),
    ("P", "p"),
    ("R", "ɹ"),
    ("S", "s"),
    ("SH", "ʃ"),
    ("T", "t"),
    ("TH", "θ"),
    ("V", "v"),
    ("W", "w"),
    ("Y", "j"),
    ("Z", "z"),
    ("ZH", "ʒ"),
];

impl Phone {
    /// Reads one ARPAbet symbol such as `AH0` or `NG`.
    pub(super) fn parse(symbol: &str) -> Option<Self> {
        let name = symbol.trim_end_matches(|sign: char| sign.is_ascii_digit());
        if let Some(vowel) = VOWELS.iter().find(|vowel| **vowel == name) {
            let stress = match symbol.as_bytes().last() {
                Some(b'1') => Stress::Primary,
                Some(b'2') => Stress::Secondary,
                _ => Stress::None,
            };
            return Some(Self::Vowel(vowel, stress));
        }
        CONSONANTS
            .iter()
            .find(|(consonant, _)| *consonant == symbol)
            .map(|(consonant, _)| Self::Consonant(consonant))
    }

    /// Reads a line of symbols; unknown ones are left out.
    pub(super) fn parse_all(symbols: &str) -> Vec<Self> {
        symbols.split_ascii_whitespace().filter_map(Self::parse).collect()
    }

    pub(super) fn is_vowel(self) -> bool {
        matches!(self, Self::Vowel(..))
    }

    fn is(self, name: &str) -> bool {
        match self {
            Self::Vowel(own, _) | Self::Consonant(own) => own == name,
        }
    }
}

/// The sounds of one word in the voice's IPA. An `accented` word carries stress marks, a weak one ("of", "to") none.
pub(super) fn ipa(phones: &[Phone], accented: bool) -> String {
    let mut written = String::with_capacity(phones.len() * 3);
    for (index, phone) in phones.iter().enumerate() {
        let next = phones.get(index + 1).copied();
        match *phone {
            Phone::Consonant("T") if is_flapped(phones, index) => written.push('ɾ'),
            Phone::Consonant(name) => {
                written.push_str(
                    CONSONANTS
                        .iter()
                        .find(|(own, _)| *own == name)
                        .map_or("", |(_, sign)| sign),
                );
            }
            Phone::Vowel(name, stress) => {
                match stress {
                    Stress::Primary if accented => written.push('ˈ'),
                    Stress::Secondary if accented => written.push('ˌ'),
                    _ => {}
                }
                written.push_str(vowel(name, stress, next));
            }
        }
    }
    written
}

fn vowel(name: &str, stress: Stress, next: Option<Phone>) -> &'static str {
    let weak = stress == Stress::None;
    let before_r = next.is_some_and(|phone| phone.is("R"));
    match name {
        "AA" => "ɑː",
        "AE" => "æ",
        "AH" if weak => "ə",
        "AH" => "ʌ",
        "AO" => "ɔː",
        "AW" => "aʊ",
        "AY" => "aɪ",
        "EH" => "ɛ",
        "ER" if weak && next.is_some_and(Phone::is_vowel) => "ɚɹ",
        "ER" if weak => "ɚ",
        "ER" if next.is_some_and(Phone::is_vowel) => "ɜːɹ",
        "ER" => "ɜː",
        "EY" => "eɪ",
        "IY" if before_r => "ɪ",
        "IY" if weak => "i",
        "IY" => "iː",
        "IH" => "ɪ",
        "OW" => "oʊ",
        "OY" => "ɔɪ",
        "UW" if before_r => "ʊ",
        "UH" => "ʊ",
        _ => "uː",
    }
}

/// American t between vowels, the second of them weak: "water", "party".
fn is_flapped(phones: &[Phone], index: usize) -> bool {
    let before = index.checked_sub(1).and_then(|before| phones.get(before));
    let follows = before.is_some_and(|phone| phone.is_vowel() || phone.is("R"));
    follows && matches!(phones.get(index + 1), Some(Phone::Vowel(_, Stress::None)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(symbols: &str) -> String {
        ipa(&Phone::parse_all(symbols), true)
    }

    #[test]
    fn words_are_written_as_the_voice_learned_them() {
        // What eSpeak NG 1.51 writes for en-us.
        assert_eq!(written("K AA1 R"), "kˈɑːɹ");
        assert_eq!(written("W AO1 T ER0"), "wˈɔːɾɚ");
        assert_eq!(written("P AA1 R T IY0"), "pˈɑːɹɾi");
        assert_eq!(written("HH OW0 T EH1 L"), "hoʊtˈɛl");
        assert_eq!(written("B AE1 T ER0 IY0"), "bˈæɾɚɹi");
        assert_eq!(written("OY1 L"), "ˈɔɪl");
        assert_eq!(written("L IH1 T AH0 L"), "lˈɪɾəl");
        assert_eq!(written("CH EY1 N JH"), "tʃˈeɪndʒ");
    }

    #[test]
    fn weak_words_carry_no_stress() {
        assert_eq!(ipa(&Phone::parse_all("F AO1 R"), false), "fɔːɹ");
    }

    #[test]
    fn symbols_that_do_not_exist_are_left_out() {
        assert_eq!(Phone::parse("QQ"), None);
        assert_eq!(written("K ?? AA1"), "kˈɑː");
    }
}
