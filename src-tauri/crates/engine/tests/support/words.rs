//! How the tests compare what was said with what was heard.

use frontdesk_engine::speech::{Spoken, normalise};

/// The words of a text as they are said, so that "$50" equals "fifty dollars"; breaks are left out.
pub fn words(text: &str) -> Vec<String> {
    normalise(text)
        .into_iter()
        .filter_map(|item| match item {
            // The recogniser cannot hear the difference.
            Spoken::Word(word) if word == "brake" => Some("break".to_owned()),
            Spoken::Word(word) => Some(word),
            Spoken::Letter(letter) => Some(letter.to_string()),
            Spoken::Pause(_) => None,
        })
        .collect()
}

/// Fewest insertions, deletions and replacements that turn `said` into `heard`.
pub fn word_errors(said: &[String], heard: &[String]) -> usize {
    let mut row: Vec<usize> = (0..=heard.len()).collect();
    for (index, word) in said.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, other) in heard.iter().enumerate() {
            let replaced = diagonal + usize::from(word != other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[heard.len()]
}
