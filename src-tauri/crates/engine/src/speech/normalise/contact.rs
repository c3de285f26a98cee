//! Telephone numbers, e-mail and web addresses.
//!
//! Pure. Telephone numbers are said digit by digit with a breath between their groups: callers write them down.

use super::numbers::{digits, spelled};
use super::{Match, Pause, Place, Spoken, letters, push, say, spell};

/// Fewest digits that make a telephone number.
const FEWEST_DIGITS: usize = 7;
/// Most digits that E.164 allows.
const MOST_DIGITS: usize = 15;
/// Endings that make a dotted word a web address.
const DOMAINS: [&str; 22] = [
    "com", "org", "net", "edu", "gov", "io", "co", "us", "uk", "ca", "de", "eu", "au", "app", "dev", "ai", "biz",
    "info", "shop", "store", "online", "me",
];

/// `(555) 123-4567`, `555-0142`, `+1 415 555 0198`, `5551234567`, each with an extension.
pub(super) fn telephone(place: Place<'_>) -> Option<Match> {
    let rest = place.rest;
    let mut groups: Vec<&str> = Vec::new();
    let mut position = usize::from(rest.starts_with('+'));
    loop {
        let open = usize::from(rest[position..].starts_with('('));
        let group = digits(&rest[position + open..]);
        let close = usize::from(rest[position + open + group.len()..].starts_with(')'));
        if group.is_empty() || open != close {
            break;
        }
        groups.push(group);
        position += open + group.len() + close;
        let gap = match rest[position..].bytes().next() {
            Some(b' ' | b'-' | b'.') if close == 0 => 1,
            Some(b' ' | b'-') => 1,
            Some(b'0'..=b'9') if close == 1 => 0,
            _ => break,
        };
        if !rest[position + gap..].starts_with(|next: char| next.is_ascii_digit() || next == '(') {
            break;
        }
        position += gap;
    }
    let count: usize = groups.iter().map(|group| group.len()).sum();
    if !is_telephone(rest, &groups, count) || rest[position..].starts_with(|next: char| next.is_ascii_alphabetic()) {
        return None;
    }
    let mut spoken = Vec::new();
    let split = split_groups(&groups);
    for group in &split {
        push(&mut spoken, Spoken::Pause(Pause::Comma));
        say(&mut spoken, &spelled(group));
    }
    if let Some((extension, length)) = extension(&rest[position..]) {
        spoken.push(Spoken::Pause(Pause::Comma));
        say(&mut spoken, &format!("extension {}", spelled(extension)));
        position += length;
    }
    Some(Match {
        length: position,
        spoken,
    })
}

fn is_telephone(rest: &str, groups: &[&str], count: usize) -> bool {
    let explicit = rest.starts_with(['+', '(']);
    let last = groups.last().map_or(0, |group| group.len());
    match groups {
        _ if !(FEWEST_DIGITS..=MOST_DIGITS).contains(&count) => false,
        // A run of digits is a number of things unless it has the length of a telephone number.
        [single] => {
            explicit
                || matches!(
                    (single.len(), single.as_bytes()),
                    (10, [b'2'..=b'9', ..]) | (11, [b'1', ..])
                )
        }
        // Blanks alone also part the numbers of a list; telephone groups end in four digits, as "555 0142".
        _ => explicit || (groups.iter().all(|group| group.len() <= 4) && last >= 3),
    }
}

/// The groups as written; a run without gaps is cut in the American way.
fn split_groups<'a>(groups: &[&'a str]) -> Vec<&'a str> {
    match groups {
        [single] if single.len() == 10 => vec![&single[..3], &single[3..6], &single[6..]],
        [single] if single.len() == 11 => vec![&single[..1], &single[1..4], &single[4..7], &single[7..]],
        _ => groups.to_vec(),
    }
}

/// ` ext. 12`, `x12`.
fn extension(rest: &str) -> Option<(&str, usize)> {
    let trimmed = rest.trim_start_matches([' ', ',']);
    let marker = ["extension", "ext.", "ext", "x"].into_iter().find(|marker| {
        trimmed
            .get(..marker.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(marker))
    })?;
    let after = trimmed[marker.len()..].trim_start_matches(' ');
    let number = digits(after);
    (!number.is_empty()).then(|| (number, rest.len() - after.len() + number.len()))
}

/// `info@primeautolab.com`
pub(super) fn email(place: Place<'_>) -> Option<Match> {
    let length = address_length(place.rest, "._-+@");
    let (name, domain) = place.rest[..length].split_once('@')?;
    if name.is_empty() || !domain.contains('.') || domain.contains('@') {
        return None;
    }
    let mut spoken = Vec::new();
    say_address(&mut spoken, name);
    say(&mut spoken, "at");
    say_address(&mut spoken, domain);
    Some(Match { length, spoken })
}

/// `https://www.example.com/booking`, `example.com`
pub(super) fn web_address(place: Place<'_>) -> Option<Match> {
    let length = address_length(place.rest, "._-/:?=&#%~");
    let written = &place.rest[..length];
    let bare = written
        .strip_prefix("https://")
        .or_else(|| written.strip_prefix("http://"))
        .unwrap_or(written);
    let host = bare.split(['/', '?', '#', ':']).next()?;
    let domain = host.rsplit('.').next().filter(|domain| *domain != host)?;
    if !DOMAINS.contains(&domain.to_ascii_lowercase().as_str())
        || !host.starts_with(|c: char| c.is_ascii_alphanumeric())
    {
        return None;
    }
    let mut spoken = Vec::new();
    say_address(&mut spoken, bare.trim_end_matches('/'));
    Some(Match { length, spoken })
}

/// Bytes of an address at the start of `text`, without the punctuation of the sentence around it.
fn address_length(text: &str, signs: &str) -> usize {
    let end = text
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || signs.as_bytes().contains(byte))
        .count();
    text[..end].trim_end_matches(['.', ':', '?', '-', '&', '#']).len()
}

fn say_address(spoken: &mut Vec<Spoken>, address: &str) {
    let mut rest = address;
    while let Some(sign) = rest.chars().next() {
        let word = letters(rest);
        let number = digits(rest);
        let length = if !word.is_empty() {
            let is_speakable = word.bytes().any(|byte| b"aeiouyAEIOUY".contains(&byte)) && word.len() > 2;
            if is_speakable || matches!(word, "co" | "me" | "io" | "my" | "go" | "we") {
                say(spoken, &word.to_ascii_lowercase());
            } else {
                spell(spoken, word);
            }
            word.len()
        } else if !number.is_empty() {
            say(spoken, &spelled(number));
            number.len()
        } else {
            let name = match sign {
                '.' => "dot",
                '-' => "dash",
                '_' => "underscore",
                '+' => "plus",
                '/' => "slash",
                ':' => "colon",
                '?' => "question mark",
                '=' => "equals",
                '&' => "and",
                '#' => "hash",
                '%' => "percent",
                _ => "",
            };
            say(spoken, name);
            sign.len_utf8()
        };
        rest = &rest[length..];
    }
}
