//! Adds up the tests of several runners from the lines they print. Pure text.

/// Tests that passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Passed.
    pub passed: u64,
    /// Failed.
    pub failed: u64,
}

impl Counts {
    /// Reads one line of cargo's test harness (`test result: ok. 3 passed; 0 failed; …`), of Vitest (`Tests  2 failed | 3 passed (5)`)
    /// or of our own scripts (`3 passed, 0 failed`); any other line counts nothing.
    pub fn read(&mut self, line: &str) {
        let plain = without_colours(line);
        let plain = plain.trim();
        let is_summary = plain.starts_with("test result:")
            || plain
                .strip_prefix("Tests ")
                .is_some_and(|rest| rest.contains("passed") || rest.contains("failed"))
            || is_own_summary(plain);
        if is_summary {
            self.passed += number_before(plain, "passed").unwrap_or(0);
            self.failed += number_before(plain, "failed").unwrap_or(0);
        }
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)
    }
}

fn is_own_summary(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    matches!(words.as_slice(), [passed, "passed,", failed, "failed"] if is_number(passed) && is_number(failed))
}

fn is_number(word: &str) -> bool {
    word.parse::<u64>().is_ok()
}

fn number_before(line: &str, word: &str) -> Option<u64> {
    line.split(word).next()?.split_whitespace().last()?.parse().ok()
}

fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            // An escape sequence ends with its first letter.
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(lines: &[&str]) -> Counts {
        let mut counts = Counts::default();
        lines.iter().for_each(|line| counts.read(line));
        counts
    }

    #[test]
    fn summaries_of_all_runners_add_up() {
        let counts = counted(&[
            "running 3 tests",
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[31m2 failed\u{1b}[39m | \u{1b}[32m40 passed\u{1b}[39m (42)",
            "      Tests  5 passed (5)",
            " Test Files  3 passed (3)",
            "7 passed, 0 failed",
        ]);
        assert_eq!(counts, Counts { passed: 54, failed: 3 });
    }

    #[test]
    fn ordinary_lines_count_nothing() {
        assert_eq!(
            counted(&["assertion failed: 3 passed; 4 failed", "Tests are fun", ""]),
            Counts::default()
        );
    }
}
