//! Words of an utterance or of a profile text: split, lower-cased, contractions opened, reduced to stems.
//!
//! Pure functions, any thread. Nothing here knows what a word means; that is [`super::lexicon`].

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// Lower case, without punctuation.
    pub text: String,
    /// What inflections of the word share.
    pub stem: String,
    /// As it was written, for names that are read back.
    pub shown: String,
    /// True when a comma, full stop, question mark or similar follows.
    pub ends_clause: bool,
    /// True when a full stop, question mark or exclamation mark follows.
    pub ends_sentence: bool,
    /// True when a question mark follows.
    pub asks: bool,
    /// True when a hyphen ties the next word to it: "Mary-Kate".
    pub hyphenated: bool,
}

impl Word {
    fn new(text: &str, shown: &str, mark: Option<char>) -> Self {
        let ends_clause = mark.is_some();
        let ends_sentence = matches!(mark, Some('.' | '?' | '!' | '…'));
        Self {
            text: text.to_owned(),
            stem: stem(text),
            shown: shown.to_owned(),
            ends_clause,
            ends_sentence,
            asks: mark == Some('?'),
            hyphenated: false,
        }
    }

    /// True when the word is a number in figures.
    pub fn is_figures(&self) -> bool {
        !self.text.is_empty() && self.text.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// Longest utterance that is looked at, in words; more is no question to a receptionist.
const MAX_WORDS: usize = 400;

/// Splits a text into words. Apostrophes are opened ("what's" becomes "what is"), hyphens separate, single letters in a row ("A.C.",
/// "a c") become one word of two or more letters only where [`join_letters`] is asked to.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, first)) = rest.next() {
        if !is_word_part(first) {
            continue;
        }
        let mut end = start + first.len_utf8();
        while let Some(&(at, character)) = rest.peek() {
            let inside_number = matches!(character, ':' | '.' | ',')
                && text[..at].ends_with(|before: char| before.is_ascii_digit())
                && text[at + 1..].starts_with(|after: char| after.is_ascii_digit());
            if !is_word_part(character) && !is_apostrophe(character) && !inside_number {
                break;
            }
            end = at + character.len_utf8();
            rest.next();
        }
        let shown = text[start..end].trim_end_matches(is_apostrophe);
        let after = text[end..].trim_start_matches(['"', ')']).chars().next();
        push_opened(
            &mut found,
            shown,
            after.filter(|mark| matches!(mark, '.' | ',' | ';' | '?' | '!' | ':' | '…')),
        );
        join_old_spelling(&mut found);
        let tied = text[end..].strip_prefix(['-', '\u{2010}', '\u{2011}']);
        if tied.is_some_and(|next| next.starts_with(char::is_alphabetic))
            && let Some(last) = found.last_mut()
        {
            last.hyphenated = true;
        }
        if found.len() >= MAX_WORDS {
            break;
        }
    }
    found
}

/// The recogniser now and then spells "tomorrow", "today" and "tonight" as books did a century ago, with a hyphen.
fn join_old_spelling(found: &mut Vec<Word>) {
    if let [.., to, day] = found.as_mut_slice()
        && to.hyphenated
        && to.text == "to"
        && matches!(day.text.as_str(), "day" | "morrow" | "night")
    {
        day.text.insert_str(0, "to");
        day.stem = stem(&day.text);
        day.shown = format!("{}{}", to.shown, day.shown);
        found.remove(found.len() - 2);
    }
}

fn is_word_part(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '$' | '€' | '£' | '+' | '@')
}

fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '’')
}

/// Contractions are two words: a rule about "is" must see the one in "what's".
fn push_opened(found: &mut Vec<Word>, shown: &str, mark: Option<char>) {
    let lower = shown.to_lowercase().replace('’', "'");
    // "7pm" is two words.
    for half in ["am", "pm"] {
        if let Some(hour) = lower
            .strip_suffix(half)
            .filter(|hour| hour.starts_with(|first: char| first.is_ascii_digit()))
        {
            found.push(Word::new(hour, hour, None));
            return found.push(Word::new(half, half, mark));
        }
    }
    let negated = |base: &str| [base.to_owned(), "not".to_owned()];
    let parts: [String; 2] = match lower.as_str() {
        "can't" | "cannot" => negated("can"),
        "won't" => negated("will"),
        "shan't" => negated("shall"),
        "let's" => ["let".to_owned(), "us".to_owned()],
        "o'clock" => return found.push(Word::new("oclock", shown, mark)),
        other => match other.split_once('\'') {
            None => return found.push(Word::new(other, shown, mark)),
            Some((base, "t")) => negated(base.strip_suffix('n').unwrap_or(base)),
            Some((base, "s")) if is_pronoun(base) => [base.to_owned(), "is".to_owned()],
            Some((base, "s")) => return found.push(Word::new(base, shown, mark)),
            Some((base, "re")) => [base.to_owned(), "are".to_owned()],
            Some((base, "ll")) => [base.to_owned(), "will".to_owned()],
            Some((base, "ve")) => [base.to_owned(), "have".to_owned()],
            Some((base, "d")) => [base.to_owned(), "would".to_owned()],
            Some((base, "m")) => [base.to_owned(), "am".to_owned()],
            Some(_) => return found.push(Word::new(&other.replace('\'', ""), shown, mark)),
        },
    };
    let [first, second] = parts;
    let base = shown.split(is_apostrophe).next().unwrap_or_default();
    found.push(Word::new(&first, base, None));
    found.push(Word::new(&second, &second, mark));
}

/// After these an apostrophe and "s" is a verb, after others it shows possession.
fn is_pronoun(word: &str) -> bool {
    matches!(
        word,
        "what"
            | "who"
            | "where"
            | "when"
            | "how"
            | "that"
            | "there"
            | "it"
            | "he"
            | "she"
            | "here"
            | "this"
            | "name"
            | "which"
    )
}

/// Joins single letters in a row, so that "a c" and "A.C." find the abbreviation "AC".
pub(crate) fn join_letters(words: Vec<Word>) -> Vec<Word> {
    let mut joined: Vec<Word> = Vec::with_capacity(words.len());
    let mut open = false;
    for word in words {
        let letter =
            word.text.len() == 1 && word.text.bytes().all(|byte| byte.is_ascii_alphabetic()) && word.text != "i";
        match joined.last_mut() {
            Some(last) if letter && open && !(last.ends_clause && last.text.len() > 1) => {
                last.text.push_str(&word.text);
                last.shown.push_str(&word.shown);
                last.stem = stem(&last.text);
                last.ends_clause = word.ends_clause;
                last.ends_sentence = word.ends_sentence;
                last.asks = word.asks;
            }
            _ => joined.push(word),
        }
        open = letter;
    }
    joined
}

/// Endings that are cut off, longest first, with the fewest letters that must remain.
const ENDINGS: &[(&str, usize)] = &[
    ("isation", 4),
    ("ization", 4),
    ("ation", 4),
    ("ement", 4),
    ("ment", 3),
    ("ness", 3),
    ("ance", 4),
    ("ence", 4),
    ("ency", 4),
    ("able", 4),
    ("ible", 4),
    ("ical", 4),
    ("ing", 3),
    ("ion", 4),
    ("ive", 4),
    ("ity", 4),
    ("ful", 4),
    ("ate", 4),
    ("est", 4),
    ("ed", 3),
    ("er", 4),
    ("or", 4),
    ("al", 4),
    ("ic", 4),
    ("ly", 3),
    ("e", 3),
];

/// What inflections and close derivations of a word share. Not a dictionary form: both sides of a comparison go through it.
pub(crate) fn stem(word: &str) -> String {
    if word.len() <= 3 || !word.is_ascii() || word.bytes().any(|byte| byte.is_ascii_digit()) {
        return word.to_owned();
    }
    let mut rest = singular(word);
    // Twice, because endings are stacked: "conditioner" has two.
    for _ in 0..2 {
        let base = ENDINGS.iter().find_map(|(ending, remain)| {
            rest.strip_suffix(ending)
                .filter(|base| base.len() >= *remain && has_vowel(base))
                .map(str::to_owned)
        });
        match base {
            Some(base) => rest = base,
            None => break,
        }
    }
    // "vaccinated" has become "vaccinat", "vaccinate" has become "vaccin".
    if rest.len() >= 7
        && let Some(base) = rest.strip_suffix("at")
    {
        rest = base.to_owned();
    }
    let bytes = rest.as_bytes();
    if let [.., before, last] = bytes
        && before == last
        && !b"aeiou".contains(last)
        && bytes.len() > 3
    {
        rest.pop();
    }
    rest
}

fn singular(word: &str) -> String {
    if let Some(base) = word.strip_suffix("ies")
        && base.len() >= 2
    {
        return format!("{base}y");
    }
    for ending in ["sses", "shes", "ches", "xes", "zes"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    match word.strip_suffix('s') {
        Some(base) if !base.ends_with(['s', 'u', 'i']) => base.to_owned(),
        _ => word.to_owned(),
    }
}

fn has_vowel(text: &str) -> bool {
    text.bytes().any(|byte| b"aeiouy".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn contractions_and_punctuation_are_opened() {
        assert_eq!(
            texts("What's that, don't you know?"),
            ["what", "is", "that", "do", "not", "you", "know"]
        );
        assert_eq!(
            texts("I can’t at 9:30 o'clock."),
            ["i", "can", "not", "at", "9:30", "oclock"]
        );
        assert_eq!(texts("my dog's teeth"), ["my", "dog", "teeth"]);
    }

    #[test]
    fn the_old_spelling_of_tomorrow_is_one_word() {
        let heard = words("To-morrow, or to-night? Go to day care.");
        let texts: Vec<&str> = heard.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(texts, ["tomorrow", "or", "tonight", "go", "to", "day", "care"]);
        assert!(heard[0].ends_clause && heard[2].asks, "{heard:?}");
    }

    #[test]
    fn clause_ends_are_marked() {
        let marked: Vec<bool> = words("Yes, please. Thanks")
            .iter()
            .map(|word| word.ends_clause)
            .collect();
        assert_eq!(marked, [true, true, false]);
    }

    #[test]
    fn inflections_share_a_stem() {
        for group in [
            &["cancel", "cancelled", "cancelling", "cancellation", "cancellations"][..],
            &["repair", "repairs", "repairing", "repaired"],
            &["pay", "paying", "payment", "payments"],
            &["replace", "replacing", "replacement"],
            &["inspect", "inspection", "inspections"],
            &["battery", "batteries"],
            &["vaccine", "vaccination", "vaccinate", "vaccinated"],
            &["condition", "conditioner", "conditioning"],
            &["tire", "tires"],
        ] {
            let stems: Vec<String> = group.iter().map(|word| stem(word)).collect();
            assert!(
                stems.windows(2).all(|pair| pair[0] == pair[1]),
                "{group:?} became {stems:?}"
            );
        }
    }

    #[test]
    fn single_letters_in_a_row_become_one_abbreviation() {
        let joined: Vec<String> = join_letters(words("my A.C. is broken"))
            .into_iter()
            .map(|word| word.text)
            .collect();
        assert_eq!(joined, ["my", "ac", "is", "broken"]);
        let spelled: Vec<String> = join_letters(words("C-A-R-T-E-R"))
            .into_iter()
            .map(|word| word.text)
            .collect();
        assert_eq!(spelled, ["carter"]);
    }
}
