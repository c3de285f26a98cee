//! E-mail addresses, written ("jane@example.com") or spoken ("jane dot smith at example dot com"). Pure.

use crate::dialogue::spoken_numbers::digit_runs;
use crate::dialogue::words::Word;

/// Endings by which an address is told from "at" in a sentence.
const ENDINGS: &[&str] = &[
    "com", "net", "org", "edu", "gov", "info", "io", "me", "us", "uk", "ca", "de", "au", "biz", "co", "app", "dev",
    "eu",
];

/// Most words before "at" that belong to the address.
const LOCAL_WORDS: usize = 12;

/// The address that the words hold, in lower case.
pub(crate) fn email_in(said: &[Word]) -> Option<String> {
    // Written: the recogniser splits it at its full stops, as words end there.
    let at = said
        .iter()
        .position(|word| word.text == "at" || (word.text.contains('@') && word.text.len() > 1))?;
    (at..said.len()).find_map(|at| {
        let word = &said[at].text;
        match word.split_once('@') {
            Some((local, host)) if !local.is_empty() || at > 0 => {
                let local = format!("{}{local}", before(said, at, !local.is_empty()));
                address(&local, &after(said, at + 1, host)?)
            }
            None if word == "at" && at > 0 => {
                let host = after(said, at + 1, "")?;
                let led = led_name(said, at).and_then(|local| address(&local, &host));
                led.or_else(|| address(&before(said, at, false), &host))
            }
            _ => None,
        }
    })
}

fn address(local: &str, host: &str) -> Option<String> {
    let plain = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-' | '+'))
    };
    let ending = host.rsplit_once('.').map(|(_, ending)| ending)?;
    (plain(local) && plain(host) && ENDINGS.contains(&ending)).then(|| format!("{local}@{host}"))
}

/// A piece of an address: a word, a mark that is said, or digits.
fn piece(said: &[Word], at: usize) -> String {
    let word = said[at].text.as_str();
    match word {
        "dot" | "point" => ".".to_owned(),
        "underscore" => "_".to_owned(),
        "dash" | "hyphen" | "minus" => "-".to_owned(),
        "plus" => "+".to_owned(),
        word => match digit_runs(&said[at..=at]).first() {
            Some(run) => run.digits.clone(),
            None => word.to_owned(),
        },
    }
}

/// Words that lead to an address.
fn leads(word: &str) -> bool {
    matches!(
        word,
        "is" | "to"
            | "my"
            | "its"
            | "it"
            | "email"
            | "mail"
            | "address"
            | "and"
            | "use"
            | "at"
            | "the"
            | "e"
            | "uh"
            | "um"
    )
}

/// "My e-mail is sarah miller at …": a few words that follow a lead directly are one name.
fn led_name(said: &[Word], at: usize) -> Option<String> {
    const MOST_WORDS: usize = 4;
    let length = said[..at].iter().rev().take_while(|word| !leads(&word.text)).count();
    let words = &said[at - length..at];
    let led = at > length || said[at..].len() <= LOCAL_WORDS;
    let plain = words.iter().all(|word| !word.ends_clause);
    let led = led && plain && (1..=MOST_WORDS).contains(&length);
    led.then(|| {
        let mut name = String::new();
        let mut place = 0;
        while place < words.len() {
            match digit_runs(&words[place..])
                .into_iter()
                .next()
                .filter(|run| run.start == 0)
            {
                Some(run) => {
                    name.push_str(&run.digits);
                    place += run.end;
                }
                None => {
                    name.push_str(&piece(words, place));
                    place += 1;
                }
            }
        }
        name
    })
}

/// What stands before the sign, back to where the address begins. `partly` tells that the sign's own word has a part already.
fn before(said: &[Word], at: usize, partly: bool) -> String {
    let mut parts: Vec<String> = Vec::new();
    for place in (0..at).rev().take(LOCAL_WORDS) {
        let word = &said[place];
        let dotted = partly && parts.is_empty() && word.ends_sentence;
        let leads = leads(&word.text);
        // Two whole words that no mark and no spelling joins are two words of a sentence.
        let next_is_mark = parts.last().is_some_and(|next| next.len() == 1) || parts.is_empty();
        let is_mark = piece(said, place).len() == 1;
        if leads || (partly && parts.is_empty() && !dotted) || !(next_is_mark || is_mark || word.is_figures()) {
            break;
        }
        let text = piece(said, place);
        parts.push(if dotted { format!("{text}.") } else { text });
    }
    parts.reverse();
    parts.concat()
}

/// What stands behind the sign, up to the ending.
fn after(said: &[Word], at: usize, begun: &str) -> Option<String> {
    let mut host = begun.to_owned();
    for place in at..said.len().min(at + LOCAL_WORDS) {
        let ended = |host: &str| {
            host.rsplit_once('.')
                .is_some_and(|(_, ending)| ENDINGS.contains(&ending))
        };
        let continues = matches!(said[place].text.as_str(), "dot" | "point");
        if ended(&host) && !continues {
            break;
        }
        let text = piece(said, place);
        let joins = host.is_empty() || host.ends_with(['.', '-']) || text.len() == 1;
        // "jane@example.com" has become the words "jane@example" and "com".
        let written = !begun.is_empty() && place > 0 && said[place - 1].ends_sentence;
        if !joins && !written && ENDINGS.contains(&text.as_str()) {
            return None;
        }
        if written && !host.ends_with('.') {
            host.push('.');
        }
        host.push_str(&text);
    }
    (!host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::words::words;

    #[test]
    fn addresses_are_read_written_and_spoken() {
        for (said, address) in [
            ("my e-mail is jane@example.com.", "jane@example.com"),
            ("It's jane dot smith at example dot com", "jane.smith@example.com"),
            (
                "jane underscore smith at mail dot example dot co dot uk",
                "jane_smith@mail.example.co.uk",
            ),
            (
                "send it to a b c four two at example dot org please",
                "abc42@example.org",
            ),
            ("bob@gmail.com", "bob@gmail.com"),
        ] {
            assert_eq!(email_in(&words(said)).as_deref(), Some(address), "{said}");
        }
    }

    #[test]
    fn a_sentence_is_no_address() {
        for said in [
            "I'd like to come at ten",
            "at",
            "@",
            "meet me at the office dot",
            "look at that, com",
        ] {
            assert_eq!(email_in(&words(said)), None, "{said}");
        }
    }
}
