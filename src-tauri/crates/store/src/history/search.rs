//! Full-text search: what a person types becomes a safe query, and matches become marked excerpts. Pure text, any thread.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Marks the start of a matched word inside an excerpt that comes from SQLite. A control character: nobody says or types it.
pub(super) const MATCH_START: char = '\u{1}';
/// Marks the end of a matched word.
pub(super) const MATCH_END: char = '\u{2}';
/// Words of an excerpt around the match.
pub(super) const EXCERPT_WORDS: u32 = 16;

/// A piece of an excerpt, so that the window can mark what was found without parsing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "store.ts", rename_all = "camelCase")]
pub struct ExcerptPart {
    /// The text, never empty.
    pub text: String,
    /// It is what was searched for.
    pub matched: bool,
}

/// Turns typed words into a query that finds passages with all of them, the last one also as the beginning of a word.
///
/// `None` when there is nothing to search for. Nothing that is typed is an operator of the query language.
pub(super) fn query_for(typed: &str) -> Option<String> {
    let words: Vec<&str> = typed
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() {
        return None;
    }
    // Words have no quotation marks left in them, so quoting cannot be broken out of.
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    Some(format!("{} *", quoted.join(" AND ")))
}

/// Splits a marked excerpt at its marks.
pub(super) fn excerpt_parts(marked: &str) -> Vec<ExcerptPart> {
    let mut parts = Vec::new();
    let mut matched = false;
    for piece in marked.split_inclusive([MATCH_START, MATCH_END]) {
        let text = piece.trim_end_matches([MATCH_START, MATCH_END]);
        if !text.is_empty() {
            parts.push(ExcerptPart {
                text: text.to_owned(),
                matched,
            });
        }
        match piece.chars().last() {
            Some(MATCH_START) => matched = true,
            Some(MATCH_END) => matched = false,
            _ => {}
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_operators_are_only_words() {
        assert_eq!(
            query_for("oil OR \"NEAR(").as_deref(),
            Some("\"oil\" AND \"OR\" AND \"NEAR\" *")
        );
        assert_eq!(query_for("  \"*-() "), None);
    }

    #[test]
    fn marks_become_parts() {
        let parts = excerpt_parts("the \u{1}oil\u{2} is hot");
        let texts: Vec<_> = parts.iter().map(|part| (part.text.as_str(), part.matched)).collect();
        assert_eq!(texts, [("the ", false), ("oil", true), (" is hot", false)]);
    }
}
