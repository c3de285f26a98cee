//! The spoken questions in `fixtures/speech` and what a right answer contains. Its README says how they are compared.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// Facts that must all be there; for each one of its alternatives is enough.
pub type Facts = Vec<Vec<String>>;

/// One question.
#[derive(Debug, Deserialize)]
pub struct SpokenQuestion {
    /// File name of the recording.
    file: String,
    /// Who speaks.
    pub voice: String,
    /// What is said.
    pub text: String,
    /// What a recognition must contain.
    pub heard: Facts,
    /// What a right answer must contain.
    pub expected: Facts,
}

impl SpokenQuestion {
    /// The recording.
    pub fn recording(&self) -> PathBuf {
        folder().join(&self.file)
    }
}

/// All questions.
///
/// # Errors
/// The file of questions is broken.
pub fn all() -> Result<Vec<SpokenQuestion>> {
    #[derive(Deserialize)]
    struct Questions {
        question: Vec<SpokenQuestion>,
    }
    let path = folder().join("questions.toml");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    Ok(toml::from_str::<Questions>(&text)?.question)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/speech")
}

/// True when all facts are in the text.
pub fn contains(text: &str, facts: &Facts) -> bool {
    let apart = words(text);
    let together = join_numbers(&apart);
    let told = |alternative: &String| {
        let wanted = format!(" {} ", words(alternative).join(" "));
        [&apart, &together]
            .into_iter()
            .any(|form| format!(" {} ", form.join(" ")).contains(&wanted))
    };
    facts.iter().all(|fact| fact.iter().any(told))
}

/// Lower case words; a comma or point that groups thousands is dropped, everything else that is no letter or digit separates, and so does
/// the border between letters and a number.
fn words(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.to_lowercase().chars().collect();
    let is_digit = |index: usize| letters.get(index).is_some_and(char::is_ascii_digit);
    let groups_thousands = |index: usize| {
        index > 0 && is_digit(index - 1) && (1..=3).all(|offset| is_digit(index + offset)) && !is_digit(index + 4)
    };
    let mut plain = String::new();
    for (index, letter) in letters.iter().enumerate() {
        if letter.is_alphanumeric() {
            if index > 0 && is_digit(index) != is_digit(index - 1) {
                plain.push(' ');
            }
            plain.push(*letter);
        } else if !(matches!(letter, ',' | '.') && groups_thousands(index)) {
            plain.push(' ');
        }
    }
    plain.split_whitespace().map(str::to_owned).collect()
}

fn join_numbers(words: &[String]) -> Vec<String> {
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let mut joined: Vec<String> = Vec::new();
    for word in words {
        match joined.last_mut() {
            Some(last) if is_number(last) && is_number(word) => last.push_str(word),
            _ => joined.push(word.clone()),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(alternatives: &[&str]) -> Facts {
        vec![alternatives.iter().map(|words| (*words).to_owned()).collect()]
    }

    #[test]
    fn alternatives_are_whole_words_and_numbers_may_be_grouped() {
        assert!(contains("Our number is 555-123-4567.", &facts(&["5551234567"])));
        assert!(contains("Twelve months or 12,000 miles", &facts(&["12000 miles"])));
        assert!(contains("From 9am to 4pm", &facts(&["9 am"])));
        assert!(contains("From $50 to $80", &facts(&["fifty", "50"])));
        assert!(!contains("From $150", &facts(&["50"])));
        assert!(!contains("We closed it", &facts(&["close"])));
    }
}
