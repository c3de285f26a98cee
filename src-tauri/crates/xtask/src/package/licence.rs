//! Licence expressions: whether a package may be shipped with a program under MIT or Apache-2.0. Pure text.

/// Licences whose terms are kept by bringing their texts along. MPL-2.0 covers its own files only, which we take unchanged and which
/// anyone can get where we got them.
const ACCEPTED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Whether the expression can be fulfilled with accepted licences alone; a broken one cannot. `/` is the old way to write `OR`.
pub fn is_accepted(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    either(&mut rest) == Some(true) && rest.is_empty()
}

/// `a OR b`; nothing where the expression is broken, as in the functions below.
fn either(words: &mut &[&str]) -> Option<bool> {
    let mut accepted = all(words)?;
    while take(words, "OR") {
        // Both sides are read, whatever the first gives.
        accepted |= all(words)?;
    }
    Some(accepted)
}

/// `a AND b`
fn all(words: &mut &[&str]) -> Option<bool> {
    let mut accepted = one(words)?;
    while take(words, "AND") {
        accepted &= one(words)?;
    }
    Some(accepted)
}

/// A group, or a licence, with an exception where it has one.
fn one(words: &mut &[&str]) -> Option<bool> {
    if take(words, "(") {
        let accepted = either(words)?;
        return take(words, ")").then_some(accepted);
    }
    let name = next(words)?;
    if take(words, "WITH") {
        let exception = next(words)?;
        return Some(ACCEPTED.contains(&format!("{name} WITH {exception}").as_str()));
    }
    Some(ACCEPTED.contains(&name))
}

fn next<'text>(words: &mut &[&'text str]) -> Option<&'text str> {
    let (first, rest) = words.split_first()?;
    *words = rest;
    Some(first)
}

/// Drops the next word where it is this one.
fn take(words: &mut &[&str], word: &str) -> bool {
    match words.split_first() {
        Some((first, rest)) if *first == word => {
            *words = rest;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_accepted;

    #[test]
    fn permissive_licences_in_every_notation_are_accepted() {
        for expression in [
            "MIT",
            "MIT OR Apache-2.0",
            "MIT/Apache-2.0",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT",
        ] {
            assert!(is_accepted(expression), "{expression}");
        }
    }

    #[test]
    fn one_acceptable_alternative_is_enough_and_one_unacceptable_part_too_much() {
        assert!(is_accepted("LGPL-2.1-or-later OR MIT"));
        assert!(is_accepted("MIT OR (GPL-3.0-only AND MIT)"));
        assert!(!is_accepted("GPL-3.0-only"));
        assert!(!is_accepted("MIT AND GPL-3.0-only"));
        assert!(!is_accepted("GPL-2.0-only WITH Classpath-exception-2.0"));
    }

    #[test]
    fn broken_expressions_are_refused() {
        for expression in ["", "MIT OR", "(MIT", "MIT)", "MIT Apache-2.0", "AND MIT", "MIT WITH"] {
            assert!(!is_accepted(expression), "{expression}");
        }
    }
}
