//! The CMU pronouncing dictionary in memory.
//!
//! Kept as the one text that it is on disk, with an index of line starts: 4 MB instead of the 30 MB that a map of strings
//! would take. Read-only after loading, shared by all calls.

use super::arpabet::Phone;

/// Fewest entries of a dictionary worth the name.
const FEWEST_ENTRIES: usize = 1000;

/// Pronunciations by word.
pub(crate) struct Lexicon {
    text: String,
    /// Where each entry begins, in the order of its words. Variants such as `read(2)` are entries of their own.
    lines: Vec<u32>,
}

impl Lexicon {
    /// Reads the dictionary; the error says what is wrong with it.
    pub(crate) fn parse(bytes: Vec<u8>) -> Result<Self, String> {
        let text = String::from_utf8(bytes).map_err(|_| "it is not a text".to_owned())?;
        if u32::try_from(text.len()).is_err() {
            return Err("it is too large".to_owned());
        }
        if !text.ends_with('\n') {
            return Err("its last line is cut off".to_owned());
        }
        let mut lines = Vec::with_capacity(text.len() / 24);
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            if !line.starts_with(";;;") && line.contains(' ') {
                lines.push(start as u32);
            }
            start += line.len();
        }
        if lines.len() < FEWEST_ENTRIES {
            return Err(format!("it holds only {} words", lines.len()));
        }
        lines.sort_by_cached_key(|start| word_at(&text, *start).to_owned());
        lines.shrink_to_fit();
        Ok(Self { text, lines })
    }

    /// Whether the word stands in the dictionary.
    pub(super) fn contains(&self, word: &str) -> bool {
        self.find(word).is_some()
    }

    /// The sounds of a lower-case word, in its first pronunciation.
    pub(super) fn phones(&self, word: &str) -> Option<Vec<Phone>> {
        let line = self.find(word)?;
        let symbols = line.split('#').next().unwrap_or(line);
        Some(Phone::parse_all(symbols.split_once(' ')?.1))
    }

    fn find(&self, word: &str) -> Option<&str> {
        let index = self
            .lines
            .binary_search_by(|start| word_at(&self.text, *start).cmp(word))
            .ok()?;
        self.text[self.lines[index] as usize..].lines().next()
    }
}

fn word_at(text: &str, start: u32) -> &str {
    let rest = &text[start as usize..];
    &rest[..rest.find(' ').unwrap_or(rest.len())]
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::arpabet::ipa;
    use super::*;

    /// A dictionary of the given lines, filled up with words nobody looks for.
    pub(in super::super) fn lexicon(lines: &[&str]) -> Lexicon {
        let mut text = String::new();
        for number in 0..FEWEST_ENTRIES {
            text.push_str(&format!("zz{number:04} Z\n"));
        }
        for line in lines {
            text.push_str(line);
            text.push('\n');
        }
        Lexicon::parse(text.into_bytes()).unwrap()
    }

    #[test]
    fn words_are_found_whatever_the_order_of_the_file() {
        let lexicon = lexicon(&["tire T AY1 ER0", "auto AO1 T OW0 # a remark", "auto(2) AA1 T OW0"]);
        assert_eq!(ipa(&lexicon.phones("auto").unwrap(), true), "ˈɔːɾoʊ");
        assert_eq!(ipa(&lexicon.phones("tire").unwrap(), true), "tˈaɪɚ");
        assert!(lexicon.phones("tires").is_none());
        assert!(!lexicon.contains(""));
    }

    #[test]
    fn a_cut_off_or_foreign_file_is_refused_with_a_reason() {
        for (bytes, reason) in [
            (b"a AH0\nb B IY1".to_vec(), "cut off"),
            (b"a AH0\n".to_vec(), "only 1 words"),
            (vec![0xff, 0xfe, b'\n'], "not a text"),
            (Vec::new(), "cut off"),
        ] {
            let error = Lexicon::parse(bytes).err().unwrap();
            assert!(error.contains(reason), "{error}");
        }
    }
}
