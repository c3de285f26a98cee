//! From a sentence to its thoughts: words in lower case, without contractions, cut where a new thought begins. Pure, any thread.

/// One thought.
pub(super) struct Part {
    words: Vec<String>,
    /// It follows "once you agree", or goes on with "then" after a condition: what it says to be so is not so yet.
    pub(super) is_conditional: bool,
}

impl Part {
    /// Its words in lower case, contractions written out.
    pub(super) fn words(&self) -> Vec<&str> {
        self.words.iter().map(String::as_str).collect()
    }
}

/// Words by which somebody tells that the condition is fulfilled: "once I had your name, it was booked".
const PAST: &[&str] = &[
    "had", "got", "was", "were", "did", "said", "told", "gave", "came", "went",
];

/// The thoughts of a sentence, in order. None is empty.
pub(super) fn parts(sentence: &str) -> Vec<Part> {
    let cut = cut(sentence);
    let mut parts: Vec<Part> = Vec::with_capacity(cut.len());
    for words in cut {
        let is_condition = |part: &Part| {
            let words = part.words();
            let opens = matches!(words.first(), Some(&"once")) || words.starts_with(&["as", "soon", "as"]);
            opens && !words.iter().any(|word| PAST.contains(word))
        };
        let goes_on = words.first().is_some_and(|word| word == "then");
        let has_condition = |part: &Part| {
            part.words
                .iter()
                .any(|word| matches!(word.as_str(), "if" | "once" | "when"))
        };
        let is_conditional = parts.last().is_some_and(is_condition) || (goes_on && parts.iter().any(has_condition));
        parts.push(Part { words, is_conditional });
    }
    parts
}

fn cut(sentence: &str) -> Vec<Vec<String>> {
    let plain = sentence.to_lowercase().replace(['\u{2019}', '\u{2018}'], "'");
    let mut parts = vec![Vec::new()];
    let words: Vec<&str> = plain.split_whitespace().collect();
    for (at, raw) in words.iter().enumerate() {
        // "No problem, I have booked it" denies nothing.
        let is_polite = *raw == "no"
            && words.get(at + 1).is_some_and(|next| {
                ["problem", "worries", "trouble", "doubt"]
                    .iter()
                    .any(|word| next.starts_with(word))
            });
        if is_polite {
            continue;
        }
        // "Once more, you are booked" sets no condition.
        let repeats = *raw == "once"
            && words
                .get(at + 1)
                .is_some_and(|next| ["again", "more"].iter().any(|word| next.starts_with(word)));
        if repeats {
            continue;
        }
        let ends =
            *raw == "-" || raw.ends_with([',', ';', ':', '.', '!', '?', '\u{2014}', '\u{2013}', '\u{2026}', ')']);
        for piece in raw.split(['\u{2014}', '\u{2013}', '/', '(', ')']) {
            let word = piece.trim_matches(|sign: char| !sign.is_alphanumeric());
            if word.is_empty() {
                continue;
            }
            if matches!(word, "but" | "because") && parts.last().is_some_and(|part| !part.is_empty()) {
                parts.push(Vec::new());
            }
            if let Some(part) = parts.last_mut() {
                // "You should be all set" is heard as "you are".
                if word == "be" && part.last().is_some_and(|before| before == "should") {
                    part.pop();
                    part.push("are".to_owned());
                } else {
                    part.extend(written_out(word));
                }
            }
        }
        if ends || raw.contains('\u{2014}') {
            parts.push(Vec::new());
        }
    }
    // "…, and you are booked": a new thought with a subject of its own.
    let mut cut = Vec::new();
    for part in parts {
        let mut from = 0;
        for at in 1..part.len() {
            let subject = part
                .get(at + 1)
                .is_some_and(|word| matches!(word.as_str(), "i" | "you" | "we" | "it" | "your" | "that"));
            let links = part.get(at).is_some_and(|word| matches!(word.as_str(), "and" | "so"));
            if links && subject {
                cut.push(part.get(from..at).unwrap_or_default().to_vec());
                from = at + 1;
            }
        }
        cut.push(part.get(from..).unwrap_or_default().to_vec());
    }
    cut.retain(|part| !part.is_empty());
    cut
}

fn written_out(word: &str) -> Vec<String> {
    let whole = |first: &str, second: &str| vec![first.to_owned(), second.to_owned()];
    match word {
        "can't" => return vec!["cannot".to_owned()],
        "won't" => return whole("will", "not"),
        "let's" => return whole("let", "us"),
        _ => {}
    }
    for (ending, meaning) in [
        ("n't", "not"),
        ("'re", "are"),
        ("'ve", "have"),
        ("'ll", "will"),
        ("'d", "would"),
        ("'m", "am"),
    ] {
        if let Some(stem) = word.strip_suffix(ending) {
            return whole(stem, meaning);
        }
    }
    match word.strip_suffix("'s") {
        Some(
            stem @ ("it" | "that" | "this" | "everything" | "there" | "he" | "she" | "appointment" | "booking" | "all"),
        ) => whole(stem, "is"),
        _ => vec![word.to_owned()],
    }
}
