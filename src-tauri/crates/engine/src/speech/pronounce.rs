//! Words → the phonemes that the voice reads.
//!
//! Pure after loading. A word comes from the dictionary, or as a known word with an ending, or as two known words in one,
//! or from the letter-to-sound rules, in that order.

mod arpabet;
mod letter_to_sound;
pub(crate) mod lexicon;

use arpabet::{Phone, ipa};
use letter_to_sound::letter_to_sound;
use lexicon::Lexicon;

use super::normalise::{Pause, Spoken};

/// Shortest part of a compound. Shorter ones would find "a", "on" and "er" everywhere.
const SHORTEST_PART: usize = 3;
/// Most parts of a compound.
const MOST_PARTS: usize = 3;

/// Words without stress inside a sentence.
const WEAK_WORDS: [&str; 66] = [
    "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do", "does", "for", "from",
    "had", "has", "have", "he", "her", "his", "i", "i'll", "i'm", "if", "in", "is", "it", "it's", "its", "may", "me",
    "my", "of", "on", "or", "our", "shall", "she", "should", "so", "than", "that", "the", "their", "them", "they",
    "they're", "to", "us", "was", "we", "we'll", "we're", "were", "will", "with", "would", "you", "you'll", "you're",
    "you've", "your", "we've",
];
/// Names of the letters a to z.
const LETTERS: [&str; 26] = [
    "EY1",
    "B IY1",
    "S IY1",
    "D IY1",
    "IY1",
    "EH1 F",
    "JH IY1",
    "EY1 CH",
    "AY1",
    "JH EY1",
    "K EY1",
    "EH1 L",
    "EH1 M",
    "EH1 N",
    "OW1",
    "P IY1",
    "K Y UW1",
    "AA1 R",
    "EH1 S",
    "T IY1",
    "Y UW1",
    "V IY1",
    "D AH1 B AH0 L Y UW0",
    "EH1 K S",
    "W AY1",
    "Z IY1",
];

/// Turns words into phonemes.
pub(crate) struct Pronouncer {
    lexicon: Lexicon,
}

impl Pronouncer {
    pub(crate) fn new(lexicon: Lexicon) -> Self {
        Self { lexicon }
    }

    /// The phonemes of one clause in IPA, words parted by blanks, breaks as punctuation.
    pub(crate) fn phonemes(&self, spoken: &[Spoken]) -> String {
        let mut line = String::with_capacity(spoken.len() * 8);
        for (index, item) in spoken.iter().enumerate() {
            let (before, after) = (&spoken[..index], &spoken[index + 1..]);
            let sound = match item {
                Spoken::Pause(pause) => {
                    line.push(match pause {
                        Pause::Comma => ',',
                        Pause::Stop => '.',
                        Pause::Exclamation => '!',
                        Pause::Question => '?',
                    });
                    continue;
                }
                Spoken::Letter(letter) => letter_name(*letter, matches!(after.first(), Some(Spoken::Letter(_)))),
                Spoken::Word(word) => self.word(word, before, after),
            };
            // Spelled letters are one word, and an ending such as "'s" belongs to the letter before it.
            let goes_on = match item {
                Spoken::Letter(_) => matches!(before.last(), Some(Spoken::Letter(_))),
                Spoken::Word(word) => word == "'s",
                Spoken::Pause(_) => false,
            };
            if !line.is_empty() && !sound.is_empty() && !goes_on {
                line.push(' ');
            }
            line.push_str(&sound);
        }
        line
    }

    fn word(&self, word: &str, before: &[Spoken], after: &[Spoken]) -> String {
        let previous = match before.last() {
            Some(Spoken::Word(word)) => word.as_str(),
            _ => "",
        };
        if word == "'s" {
            return "z".to_owned();
        }
        if let Some(weak) = self.weak_form(word, after) {
            return weak.to_owned();
        }
        let next = match after.first() {
            Some(Spoken::Word(word)) => word.as_str(),
            _ => "",
        };
        let is_last = !matches!(after.first(), Some(Spoken::Word(_) | Spoken::Letter(_)));
        let accented = is_last || !WEAK_WORDS.contains(&word);
        let parts = match heteronym(word, previous, next) {
            Some(sounds) => vec![Phone::parse_all(sounds)],
            None => self.parts(word),
        };
        parts
            .iter()
            .map(|phones| ipa(phones, accented))
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Small words whose sound depends on what follows.
    fn weak_form(&self, word: &str, after: &[Spoken]) -> Option<&'static str> {
        let follows = !matches!(after.first(), None | Some(Spoken::Pause(_)));
        let before_vowel = match after.first() {
            Some(Spoken::Word(next)) => self
                .parts(next)
                .first()
                .and_then(|part| part.first())
                .is_some_and(|phone| phone.is_vowel()),
            Some(Spoken::Letter(letter)) => "aefhilmnorsx".contains(*letter),
            _ => false,
        };
        match word {
            "the" if before_vowel => Some("ðɪ"),
            "the" => Some("ðə"),
            "a" => Some("ɐ"),
            "an" => Some("ɐn"),
            "and" => Some("ænd"),
            "to" if !follows => Some("tˈuː"),
            "to" if before_vowel => Some("tʊ"),
            "to" => Some("tə"),
            "your" => Some("jʊɹ"),
            _ => None,
        }
    }

    /// The sounds of one word, found in the dictionary or worked out. A compound has several parts, which are said as
    /// words of their own: a web address is easier to follow so.
    fn parts(&self, word: &str) -> Vec<Vec<Phone>> {
        let known = self
            .lexicon
            .phones(word)
            .or_else(|| self.with_ending(word))
            .map(|phones| vec![phones]);
        known
            .or_else(|| self.compound(word))
            .unwrap_or_else(|| vec![letter_to_sound(word)])
    }

    /// A known word with `'s`, `s`, `ed`, `ing` or `ly`.
    fn with_ending(&self, word: &str) -> Option<Vec<Phone>> {
        for (ending, sounds) in [("'s", "Z"), ("s", "Z"), ("ed", "D"), ("ing", "IH0 NG"), ("ly", "L IY0")] {
            let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() >= SHORTEST_PART) else {
                continue;
            };
            let silent_e = matches!(ending, "ed" | "ing").then(|| format!("{stem}e"));
            let doubled = stem
                .as_bytes()
                .last_chunk::<2>()
                .filter(|[a, b]| a == b)
                .map(|_| stem[..stem.len() - 1].to_owned());
            let stems = [Some(stem.to_owned()), silent_e, doubled];
            let Some(mut phones) = stems.into_iter().flatten().find_map(|stem| self.lexicon.phones(&stem)) else {
                continue;
            };
            phones.extend(Phone::parse_all(assimilated(ending, sounds, phones.last().copied())));
            return Some(phones);
        }
        None
    }

    /// Known words run together: "autolab", "checkin".
    fn compound(&self, word: &str) -> Option<Vec<Vec<Phone>>> {
        self.divided(word, MOST_PARTS)?
            .into_iter()
            .map(|part| self.lexicon.phones(part))
            .collect()
    }

    /// The known words that `word` consists of. Of two, the cut with the longest shorter part wins; three are tried when
    /// two do not fit.
    fn divided<'w>(&self, word: &'w str, most: usize) -> Option<Vec<&'w str>> {
        if word.len() < 2 * SHORTEST_PART || most < 2 || !word.is_ascii() {
            return None;
        }
        let mut cuts: Vec<usize> = (SHORTEST_PART..=word.len() - SHORTEST_PART).collect();
        cuts.sort_by_key(|cut| std::cmp::Reverse((*cut).min(word.len() - cut)));
        let two = cuts
            .iter()
            .map(|cut| word.split_at(*cut))
            .find(|(head, tail)| self.lexicon.contains(head) && self.lexicon.contains(tail));
        if let Some((head, tail)) = two {
            return Some(vec![head, tail]);
        }
        cuts.iter()
            .rev()
            .map(|cut| word.split_at(*cut))
            .filter(|(head, _)| self.lexicon.contains(head))
            .find_map(|(head, tail)| {
                let mut parts = vec![head];
                parts.extend(self.divided(tail, most - 1)?);
                Some(parts)
            })
    }
}

/// The ending as it sounds behind `last`: cats, dogs, boxes; walked, called, painted.
fn assimilated(ending: &str, sounds: &'static str, last: Option<Phone>) -> &'static str {
    let Some(Phone::Consonant(last)) = last else {
        return sounds;
    };
    match (ending, last) {
        ("s" | "'s", "S" | "Z" | "SH" | "ZH" | "CH" | "JH") => "IH0 Z",
        ("s" | "'s", "P" | "T" | "K" | "F" | "TH") => "S",
        ("ed", "T" | "D") => "IH0 D",
        ("ed", "P" | "K" | "F" | "TH" | "S" | "SH" | "CH") => "T",
        _ => sounds,
    }
}

/// A letter by its name; inside a row of letters the last one carries the stress.
fn letter_name(letter: char, goes_on: bool) -> String {
    let index = u32::from(letter).wrapping_sub(u32::from('a')) as usize;
    let name = ipa(&Phone::parse_all(LETTERS.get(index).copied().unwrap_or_default()), true);
    if goes_on { name.replace('ˈ', "ˌ") } else { name }
}

/// Words that are written alike and said differently, as a receptionist uses them. The dictionary gives one reading; here
/// are the words where its choice is wrong in some places, and what decides.
fn heteronym(word: &str, previous: &str, next: &str) -> Option<&'static str> {
    let after_determiner = matches!(
        previous,
        "the" | "a" | "an" | "this" | "that" | "any" | "our" | "your" | "my" | "of" | "free" | "for" | "no"
    );
    match word {
        // "We close at six", and "close to the station".
        "close" if matches!(next, "to" | "by" | "enough") => Some("K L OW1 S"),
        "close" => Some("K L OW1 Z"),
        "use" if after_determiner => Some("Y UW1 S"),
        "use" => Some("Y UW1 Z"),
        "read"
            if matches!(
                previous,
                "to" | "can" | "will" | "please" | "could" | "me" | "i'll" | "let"
            ) =>
        {
            Some("R IY1 D")
        }
        "live" if matches!(next, "music" | "chat" | "agent" | "person" | "person's") => Some("L AY1 V"),
        "live" => Some("L IH1 V"),
        "excuse" if !after_determiner => Some("IH0 K S K Y UW1 Z"),
        "estimate" if matches!(previous, "to" | "can" | "we" | "i" | "would" | "will") => Some("EH1 S T AH0 M EY2 T"),
        // The dictionary has a full "dee" at its end.
        "thirty" => Some("TH ER1 T IY0"),
        "record" if matches!(previous, "to" | "will" | "we" | "may" | "can") => Some("R IH0 K AO1 R D"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::normalise::normalise;
    use super::Pronouncer;
    use super::lexicon::tests::lexicon;

    fn pronouncer() -> Pronouncer {
        Pronouncer::new(lexicon(&[
            "auto AO1 T OW0",
            "call K AO1 L",
            "car K AA1 R",
            "close K L OW1 S",
            "go G OW1",
            "lab L AE1 B",
            "of AH1 V",
            "oil OY1 L",
            "prime P R AY1 M",
            "six S IH1 K S",
            "at AE1 T",
            "tire T AY1 ER0",
            "use Y UW1 S",
            "walk W AO1 K",
            "we W IY1",
        ]))
    }

    fn phonemes(text: &str) -> String {
        pronouncer().phonemes(&normalise(text))
    }

    #[test]
    fn a_clause_is_words_with_weak_forms_and_punctuation() {
        assert_eq!(phonemes("We close at six."), "wiː klˈoʊz æt sˈɪks.");
        assert_eq!(phonemes("a car, the oil"), "ɐ kˈɑːɹ, ðɪ ˈɔɪl");
        assert_eq!(phonemes("the car of"), "ðə kˈɑːɹ ˈʌv");
    }

    #[test]
    fn to_and_the_listen_to_the_next_sound() {
        assert_eq!(phonemes("to go"), "tə ɡˈoʊ");
        assert_eq!(phonemes("to oil"), "tʊ ˈɔɪl");
        assert_eq!(phonemes("the SUV"), "ðɪ ˌɛsjˌuːvˈiː");
    }

    #[test]
    fn endings_are_put_on_known_words() {
        assert_eq!(phonemes("cars"), "kˈɑːɹz");
        assert_eq!(phonemes("walked"), "wˈɔːkt");
        assert_eq!(phonemes("calling"), "kˈɔːlɪŋ");
        assert_eq!(phonemes("six's"), "sˈɪksɪz");
    }

    #[test]
    fn words_run_together_are_read_as_their_parts() {
        assert_eq!(phonemes("autolab"), "ˈɔːɾoʊ lˈæb");
        assert_eq!(phonemes("primeautolab"), "pɹˈaɪm ˈɔːɾoʊ lˈæb");
    }

    #[test]
    fn words_written_alike_are_told_apart_by_their_neighbours() {
        assert_eq!(phonemes("close to six"), "klˈoʊs tə sˈɪks");
        assert!(phonemes("the use of").contains("jˈuːs"));
        assert!(phonemes("we use oil").contains("jˈuːz"));
    }

    #[test]
    fn an_unknown_name_still_gets_sounds() {
        assert_eq!(phonemes("Mr. Kowalczyk"), phonemes("mister kowalczyk"));
        assert!(phonemes("Kowalczyk").contains('ˈ'));
    }
}
