//! Text as it is written → words as they are said, in English.
//!
//! Pure. "$50–80", "9:30 a.m." and "info@example.com" become words, letters and pauses; what remains is looked up in the
//! dictionary. Works on one clause at a time and never fails: a sign that cannot be said is left out.

mod clock;
mod contact;
mod fold;
mod numbers;
mod quantity;
mod words;

pub(crate) use words::is_abbreviation;

/// One thing to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spoken {
    /// A word in lower-case ASCII letters and apostrophes.
    Word(String),
    /// A letter said by its name, in lower case.
    Letter(char),
    /// A break, with the melody of its sign.
    Pause(Pause),
}

/// The kinds of break, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pause {
    /// The voice stays up.
    Comma,
    /// The voice falls.
    Stop,
    /// The voice falls with force.
    Exclamation,
    /// The voice rises.
    Question,
}

/// Where a matcher looks: the rest of the text and what stood before it.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    /// The text from here to the end.
    rest: &'a str,
    /// The word before, as written; empty at the start and after a break.
    previous: &'a str,
    /// Whether the text goes on right behind that word, without a blank.
    glued: bool,
}

/// What a matcher found: so many bytes, to be said so.
struct Match {
    length: usize,
    spoken: Vec<Spoken>,
}

impl Match {
    /// The words of `text`, separated by white space.
    fn words(length: usize, text: &str) -> Self {
        let mut spoken = Vec::new();
        say(&mut spoken, text);
        Self { length, spoken }
    }
}

type Matcher = fn(Place<'_>) -> Option<Match>;

/// Tried in this order at the start of each word; the first that knows the text wins. The more special stands first: a
/// telephone number is also a number.
const MATCHERS: [Matcher; 9] = [
    contact::email,
    contact::web_address,
    clock::date,
    contact::telephone,
    quantity::money,
    clock::time,
    quantity::number,
    words::abbreviation,
    words::word,
];

/// What to say for `text`.
#[must_use]
pub fn normalise(text: &str) -> Vec<Spoken> {
    let folded = fold::fold(text);
    let mut spoken: Vec<Spoken> = Vec::new();
    let mut position = 0;
    let mut previous = 0..0;
    while position < folded.len() {
        let before = &folded[previous.clone()];
        let glued = !before.is_empty() && previous.end == position;
        let place = Place {
            rest: &folded[position..],
            previous: before,
            glued,
        };
        if let Some(found) = MATCHERS.iter().find_map(|matcher| matcher(place)) {
            previous = position..position + found.length;
            position += found.length;
            for item in found.spoken {
                push(&mut spoken, item);
            }
            continue;
        }
        if let Some(pause) = pause(place.rest) {
            previous = position..position;
            push(&mut spoken, Spoken::Pause(pause));
        } else if let Some(word) = sign_word(place.rest) {
            previous = position..position + 1;
            say(&mut spoken, word);
        }
        position += 1;
    }
    spoken
}

/// Appends the words of `text`.
fn say(spoken: &mut Vec<Spoken>, text: &str) {
    spoken.extend(text.split_whitespace().map(|word| Spoken::Word(word.to_owned())));
}

/// Appends the letters of `text`.
fn spell(spoken: &mut Vec<Spoken>, text: &str) {
    let letters = text.chars().filter(char::is_ascii_alphabetic);
    spoken.extend(letters.map(|letter| Spoken::Letter(letter.to_ascii_lowercase())));
}

/// Appends one item. Breaks do not pile up: the strongest of neighbours stays, and none stands at the start.
fn push(spoken: &mut Vec<Spoken>, item: Spoken) {
    match (&item, spoken.last_mut()) {
        (Spoken::Pause(_), None) => {}
        (Spoken::Pause(new), Some(Spoken::Pause(last))) => *last = (*last).max(*new),
        _ => spoken.push(item),
    }
}

/// The break at the start of `rest`, if its sign is one here.
fn pause(rest: &str) -> Option<Pause> {
    let next_is_space = rest.chars().nth(1).is_none_or(|next| !next.is_alphanumeric());
    match rest.chars().next()? {
        '.' if next_is_space => Some(Pause::Stop),
        '\n' => Some(Pause::Stop),
        '!' => Some(Pause::Exclamation),
        '?' => Some(Pause::Question),
        ',' | ';' | '(' | ')' | '[' | ']' => Some(Pause::Comma),
        ':' | '-' | '/' if next_is_space => Some(Pause::Comma),
        _ => None,
    }
}

/// Signs that are read out.
fn sign_word(rest: &str) -> Option<&'static str> {
    let mut signs = rest.chars();
    let sign = signs.next()?;
    match sign {
        '&' => Some("and"),
        '+' => Some("plus"),
        '=' => Some("equals"),
        '@' => Some("at"),
        '%' => Some("percent"),
        '/' => Some("or"),
        '#' if signs.next().is_some_and(|next| next.is_ascii_digit()) => Some("number"),
        _ => None,
    }
}

/// Whether `rest` begins with `prefix` and then something that does not go on with the word.
fn starts_word(rest: &str, prefix: &str) -> bool {
    rest.get(..prefix.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(prefix))
        && !rest[prefix.len()..].starts_with(|next: char| next.is_ascii_alphanumeric())
}

/// The letters at the start of `text`.
fn letters(text: &str) -> &str {
    &text[..text.bytes().take_while(u8::is_ascii_alphabetic).count()]
}

/// Bytes of a hyphen at the start of `text` that joins two ends of a range, with the blanks around it.
fn range_sign(text: &str) -> Option<usize> {
    let blanks = |text: &str| text.bytes().take_while(|byte| *byte == b' ').count();
    let before = blanks(text);
    let after = text[before..].strip_prefix('-')?;
    Some(before + 1 + blanks(after))
}

#[cfg(test)]
mod tests;
