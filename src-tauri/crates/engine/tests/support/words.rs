//! How the tests compare what was said with what was heard.

use frontdesk_engine::speech::{Spoken, normalise};

/// Other spellings of the same sounds, in lower case: no recogniser can hear the difference.
const SAME_SOUNDS: [(&str, &str); 6] = [
    ("brake", "break"),
    ("brakes", "breaks"),
    ("alright", "all right"),
    ("goodbye", "good bye"),
    ("ok", "okay"),
    ("anymore", "any more"),
];

/// The words of a text as they are said, so that "$50" equals "fifty dollars"; breaks are left out.
pub fn words(text: &str) -> Vec<String> {
    let said = normalise(&groups_apart(text))
        .into_iter()
        .filter_map(|item| match item {
            Spoken::Word(word) => Some(word),
            Spoken::Letter(letter) => Some(letter.to_string()),
            Spoken::Pause(_) => None,
        });
    let spelled = said.map(|word| {
        let same = SAME_SOUNDS.iter().find(|(other, _)| *other == word);
        same.map_or(word, |(_, usual)| (*usual).to_owned())
    });
    spelled
        .collect::<Vec<_>>()
        .join(" ")
        .split(' ')
        .map(str::to_owned)
        .filter(|word| !word.is_empty())
        .collect()
}

/// A hyphen behind three digits and before others separates groups of a number, as a blank does: "553-901" is no range. Amounts of money
/// are left as they are.
fn groups_apart(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let is_digit = |at: Option<usize>| at.and_then(|at| signs.get(at)).is_some_and(char::is_ascii_digit);
    let separates = |at: usize| {
        signs[at] == '-'
            && (1..=3).all(|back| is_digit(at.checked_sub(back)))
            && is_digit(Some(at + 1))
            && !text.contains('$')
    };
    (0..signs.len())
        .map(|at| if separates(at) { ' ' } else { signs[at] })
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
