//! From a sentence to its thoughts: words in lower case, without contractions, cut where a new thought begins. Pure, any thread.

/// The words of a sentence in lower case, contractions written out, cut where a new thought begins.
pub(super) fn parts(sentence: &str) -> Vec<Vec<String>> {
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
