//! Words, abbreviations, acronyms and codes of letters and digits.
//!
//! Pure. Decides what is said as a word and what is spelled; how a word sounds is the dictionary's business.

use super::numbers::{digits, paired, spelled};
use super::{Match, Pause, Place, Spoken, letters, say, spell};
use crate::english::cardinal;

/// Abbreviations that a full stop follows, and what they mean.
const ABBREVIATIONS: [(&str, &str); 37] = [
    ("mr", "mister"),
    ("mrs", "missus"),
    ("ms", "ms"),
    ("prof", "professor"),
    ("jr", "junior"),
    ("sr", "senior"),
    ("ave", "avenue"),
    ("blvd", "boulevard"),
    ("rd", "road"),
    ("ln", "lane"),
    ("ct", "court"),
    ("pkwy", "parkway"),
    ("hwy", "highway"),
    ("ste", "suite"),
    ("apt", "apartment"),
    ("bldg", "building"),
    ("fl", "floor"),
    ("mt", "mount"),
    ("ft", "feet"),
    ("inc", "incorporated"),
    ("ltd", "limited"),
    ("corp", "corporation"),
    ("dept", "department"),
    ("appt", "appointment"),
    ("appts", "appointments"),
    ("approx", "approximately"),
    ("est", "estimated"),
    ("incl", "including"),
    ("max", "maximum"),
    ("min", "minimum"),
    ("tel", "telephone"),
    ("ext", "extension"),
    ("vs", "versus"),
    ("etc", "et cetera"),
    ("hrs", "hours"),
    ("mins", "minutes"),
    ("govt", "government"),
];
/// Of those, the ones that are never a word and need no full stop.
const WITHOUT_STOP: [&str; 20] = [
    "mr", "mrs", "blvd", "rd", "ln", "pkwy", "hwy", "ste", "apt", "bldg", "ltd", "dept", "appt", "appts", "approx",
    "incl", "vs", "hrs", "mins", "govt",
];
/// Capital letters that are said as a word.
const SAID_ACRONYMS: [&str; 14] = [
    "NASA", "NATO", "ASAP", "VIN", "PIN", "ZIP", "RAM", "SIM", "COVID", "OSHA", "LASIK", "PPO", "AIDS", "SWAT",
];
/// Short words that stay words when somebody writes them in capitals.
const SHORT_WORDS: [&str; 39] = [
    "a", "all", "i", "am", "an", "and", "any", "are", "as", "at", "be", "but", "by", "can", "car", "do", "for", "free",
    "go", "he", "if", "in", "is", "it", "me", "my", "new", "no", "not", "now", "of", "on", "or", "our", "so", "the",
    "to", "we", "you",
];
const STATES: [(&str, &str); 51] = [
    ("AL", "alabama"),
    ("AK", "alaska"),
    ("AZ", "arizona"),
    ("AR", "arkansas"),
    ("CA", "california"),
    ("CO", "colorado"),
    ("CT", "connecticut"),
    ("DE", "delaware"),
    ("DC", "d c"),
    ("FL", "florida"),
    ("GA", "georgia"),
    ("HI", "hawaii"),
    ("ID", "idaho"),
    ("IL", "illinois"),
    ("IN", "indiana"),
    ("IA", "iowa"),
    ("KS", "kansas"),
    ("KY", "kentucky"),
    ("LA", "louisiana"),
    ("ME", "maine"),
    ("MD", "maryland"),
    ("MA", "massachusetts"),
    ("MI", "michigan"),
    ("MN", "minnesota"),
    ("MS", "mississippi"),
    ("MO", "missouri"),
    ("MT", "montana"),
    ("NE", "nebraska"),
    ("NV", "nevada"),
    ("NH", "new hampshire"),
    ("NJ", "new jersey"),
    ("NM", "new mexico"),
    ("NY", "new york"),
    ("NC", "north carolina"),
    ("ND", "north dakota"),
    ("OH", "ohio"),
    ("OK", "oklahoma"),
    ("OR", "oregon"),
    ("PA", "pennsylvania"),
    ("RI", "rhode island"),
    ("SC", "south carolina"),
    ("SD", "south dakota"),
    ("TN", "tennessee"),
    ("TX", "texas"),
    ("UT", "utah"),
    ("VT", "vermont"),
    ("VA", "virginia"),
    ("WA", "washington"),
    ("WV", "west virginia"),
    ("WI", "wisconsin"),
    ("WY", "wyoming"),
];

/// Whether a full stop after `word` belongs to the word, so that it ends no sentence.
pub(crate) fn is_abbreviation(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    matches!(lower.as_str(), "st" | "dr" | "no" | "e.g" | "i.e")
        || (word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_uppercase()))
        || ABBREVIATIONS
            .iter()
            .any(|(name, _)| *name == lower && !matches!(*name, "etc" | "min" | "max" | "est"))
}

/// `St.`, `Dr.`, `e.g.`, `U.S.`, `TX 75001`, `w/o`.
pub(super) fn abbreviation(place: Place<'_>) -> Option<Match> {
    let rest = place.rest;
    for (written, words) in [
        ("e.g.", "for example"),
        ("i.e.", "that is"),
        ("w/o", "without"),
        ("w/", "with"),
        ("and/or", "and or"),
    ] {
        if rest
            .get(..written.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(written))
        {
            return Some(Match::words(written.len(), words));
        }
    }
    initials(rest)
        .or_else(|| initial(place))
        .or_else(|| state(rest))
        .or_else(|| name_or_place(place))
        .or_else(|| listed(rest))
}

/// Letters with a full stop after each: `U.S.`, `D.C.`
fn initials(rest: &str) -> Option<Match> {
    let bytes = rest.as_bytes();
    let mut length = 0;
    while bytes.get(length).is_some_and(u8::is_ascii_alphabetic) && bytes.get(length + 1) == Some(&b'.') {
        length += 2;
    }
    if length < 4 {
        return None;
    }
    let mut spoken = Vec::new();
    spell(&mut spoken, &rest[..length]);
    if ends_sentence(&rest[length..]) {
        spoken.push(Spoken::Pause(Pause::Stop));
    }
    Some(Match { length, spoken })
}

/// One letter with its full stop in front of a name: "J. Smith", and "4821 W. Elm" for the points of the compass.
fn initial(place: Place<'_>) -> Option<Match> {
    let letter = place.rest.chars().next().filter(char::is_ascii_uppercase)?;
    let follows_name = place.rest[1..]
        .strip_prefix(". ")
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
    if !follows_name || place.previous.eq_ignore_ascii_case("plan") {
        return None;
    }
    let follows_number = place.previous.ends_with(|sign: char| sign.is_ascii_digit());
    let point = match letter {
        'N' => "north",
        'E' => "east",
        'S' => "south",
        'W' => "west",
        _ => "",
    };
    if follows_number && !point.is_empty() {
        return Some(Match::words(2, point));
    }
    Some(Match {
        length: 2,
        spoken: vec![Spoken::Letter(letter.to_ascii_lowercase())],
    })
}

fn ends_sentence(rest: &str) -> bool {
    rest.trim().is_empty() || (rest.starts_with(' ') && rest[1..].starts_with(|next: char| next.is_ascii_uppercase()))
}

/// A state in front of a ZIP code.
fn state(rest: &str) -> Option<Match> {
    let (_, name) = STATES.iter().find(|(code, _)| rest.starts_with(code))?;
    let zip = rest[2..].strip_prefix(' ').map(digits)?;
    if zip.len() != 5 {
        return None;
    }
    if *name == "d c" {
        let mut spoken = Vec::new();
        spell(&mut spoken, name);
        return Some(Match { length: 2, spoken });
    }
    Some(Match::words(2, name))
}

/// `St` and `Dr` in front of a name are a person, behind one a street; `No.` in front of digits is a number.
fn name_or_place(place: Place<'_>) -> Option<Match> {
    let word = letters(place.rest);
    let after = &place.rest[word.len()..];
    let stop = usize::from(after.starts_with('.'));
    let next = after[stop..].strip_prefix(' ').unwrap_or("");
    let capital = |text: &str| text.starts_with(|first: char| first.is_ascii_uppercase());
    let titles = capital(next) && !capital(place.previous);
    let words = match word {
        "St" if titles => "saint",
        "Dr" if titles => "doctor",
        "St" => "street",
        "Dr" => "drive",
        "No" if stop == 1 && next.starts_with(|first: char| first.is_ascii_digit()) => "number",
        _ => return None,
    };
    Some(with_stop(place.rest, word.len(), words))
}

fn listed(rest: &str) -> Option<Match> {
    let word = letters(rest);
    let lower = word.to_ascii_lowercase();
    let (name, words) = ABBREVIATIONS.iter().find(|(name, _)| *name == lower)?;
    let stop = rest[word.len()..].starts_with('.');
    let ends = !rest[word.len()..].starts_with(|next: char| next.is_ascii_alphanumeric() || next == '\'');
    // "A fl. oz" aside, these words also exist: "est" and "min" need their stop, and "ft" stands after a number.
    (ends && (WITHOUT_STOP.contains(name) || stop || (*name == "ft" && lower == word)))
        .then(|| with_stop(rest, word.len(), words))
}

/// Takes the stop of an abbreviation along; at the end of a sentence it also ends it.
fn with_stop(rest: &str, length: usize, words: &str) -> Match {
    let mut found = Match::words(length, words);
    if rest[length..].starts_with('.') {
        found.length += 1;
        let title = matches!(
            words,
            "saint" | "doctor" | "mister" | "missus" | "ms" | "professor" | "mount"
        );
        if ends_sentence(&rest[length + 1..]) && !title {
            found.spoken.push(Spoken::Pause(Pause::Stop));
        }
    }
    found
}

/// Any other run of letters, digits and apostrophes.
pub(super) fn word(place: Place<'_>) -> Option<Match> {
    let end = place
        .rest
        .char_indices()
        .find(|(index, sign)| {
            let inner =
                *sign == '\'' && *index > 0 && place.rest[index + 1..].starts_with(|c: char| c.is_ascii_alphabetic());
            !(sign.is_ascii_alphanumeric() || inner)
        })
        .map_or(place.rest.len(), |(index, _)| index);
    let written = &place.rest[..end];
    if written.is_empty() {
        return None;
    }
    let is_code = written.bytes().any(|byte| byte.is_ascii_digit());
    let model = if is_code || (written.len() <= 3 && is_capitals(written)) {
        model_number(&place.rest[end..])
    } else {
        0
    };
    if is_code || model > 0 {
        return Some(code(&place.rest[..end + model]));
    }
    let mut spoken = Vec::new();
    let (stem, suffix) = plural_of_capitals(written);
    if is_spelled(stem, place) {
        spell(&mut spoken, stem);
        if !suffix.is_empty() {
            // "SUVs": the last letter's name takes the ending, which the dictionary has as a word of its own.
            spoken.push(Spoken::Word("'s".to_owned()));
        }
    } else {
        for part in humps(written) {
            say(&mut spoken, &part.to_ascii_lowercase());
        }
    }
    Some(Match { length: end, spoken })
}

/// Bytes of `-150` behind the letters of a model.
fn model_number(rest: &str) -> usize {
    let number = rest.strip_prefix('-').map_or("", digits);
    let ends =
        !rest[rest.len().min(number.len() + 1)..].starts_with(|next: char| next.is_ascii_alphanumeric() || next == '-');
    if ends && (1..=4).contains(&number.len()) {
        number.len() + 1
    } else {
        0
    }
}

/// `SUVs` as stem and ending.
fn plural_of_capitals(written: &str) -> (&str, &str) {
    for suffix in ["'s", "s"] {
        if let Some(stem) = written
            .strip_suffix(suffix)
            .filter(|stem| stem.len() >= 2 && is_capitals(stem))
        {
            return (stem, suffix);
        }
    }
    (written, "")
}

fn is_capitals(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Whether capitals are read letter by letter. Among other capitals they are only loud.
fn is_spelled(word: &str, place: Place<'_>) -> bool {
    if word.len() == 1 {
        // "A" and "I" are words where a word can stand; other single letters have only their names.
        let lower = word.to_ascii_lowercase();
        return !matches!(lower.as_str(), "a" | "i") || (lower == "a" && word == "A" && is_label(place));
    }
    if !is_capitals(word) || SAID_ACRONYMS.contains(&word) {
        return false;
    }
    let has_vowel = word.bytes().any(|byte| b"AEIOUY".contains(&byte));
    let lower = word.to_ascii_lowercase();
    !has_vowel || (word.len() <= 4 && !SHORT_WORDS.contains(&lower.as_str()) && !is_loud(place))
}

/// "Plan A", "A/C", "A-1": a letter and no article.
fn is_label(place: Place<'_>) -> bool {
    let rest = &place.rest[1..];
    rest.starts_with(['/', '-', '.', ',', '?', '!', ')']) || rest.trim().is_empty()
}

/// Whether the words around are in capitals too.
fn is_loud(place: Place<'_>) -> bool {
    let ordinary = |word: &str| word.len() >= 4 || SHORT_WORDS.contains(&word.to_ascii_lowercase().as_str());
    let loud = |word: &str| word.len() >= 2 && is_capitals(word) && ordinary(word);
    let next = place.rest.split_whitespace().nth(1).map_or("", letters);
    loud(place.previous) || loud(next)
}

/// Codes such as `F150`, `5W`, `RAV4`: letters by name or word, digits as in a model number.
fn code(written: &str) -> Match {
    let mut spoken = Vec::new();
    let mut rest = written;
    while let Some(sign) = rest.chars().next() {
        let run = if sign.is_ascii_digit() {
            digits(rest)
        } else {
            letters(rest)
        };
        if run.is_empty() {
            rest = &rest[sign.len_utf8()..];
            continue;
        }
        let has_vowel = run.bytes().any(|byte| b"aeiouAEIOU".contains(&byte));
        match run.parse::<u64>() {
            Ok(value) if run.starts_with('0') || run.len() > 4 => {
                say(
                    &mut spoken,
                    &if value == 0 && run.len() == 1 {
                        cardinal(0)
                    } else {
                        spelled(run)
                    },
                );
            }
            Ok(value) => say(&mut spoken, &paired(value)),
            Err(_) if has_vowel && run.len() >= 3 => say(&mut spoken, &run.to_ascii_lowercase()),
            Err(_) => spell(&mut spoken, run),
        }
        rest = &rest[run.len()..];
    }
    Match {
        length: written.len(),
        spoken,
    }
}

/// The words of `CarPlay`.
fn humps(written: &str) -> Vec<&str> {
    let bytes = written.as_bytes();
    let mut parts = Vec::new();
    let mut start = 0;
    for index in 1..bytes.len() {
        let boundary = bytes[index - 1].is_ascii_lowercase() && bytes[index].is_ascii_uppercase();
        // "McDonald" and "DeLuca" are one name.
        if boundary && index - start > 2 {
            parts.push(&written[start..index]);
            start = index;
        }
    }
    parts.push(&written[start..]);
    parts
}
