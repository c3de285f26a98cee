//! Collects the problems of one file and finds the line and column of each.
//!
//! Lives on the stack of one parse; not shared between threads.

use std::cell::RefCell;
use std::ops::Range;

use crate::error::{Problem, ProfileError};

/// The problems found so far. Readers of nested sections all write into the same report, hence the cell.
pub(super) struct Report<'t> {
    text: &'t str,
    /// Byte offset at which each line starts; the first is 0.
    line_starts: Vec<usize>,
    problems: RefCell<Vec<Problem>>,
}

impl<'t> Report<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let after_breaks = text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(offset, _)| offset + 1);
        Self {
            text,
            line_starts: std::iter::once(0).chain(after_breaks).collect(),
            problems: RefCell::default(),
        }
    }

    /// Notes a problem at a range of bytes; only its start counts.
    pub(super) fn problem(&self, place: Range<usize>, field: &str, reason: impl Into<String>) {
        let (line, column) = self.position(place.start);
        let problem = Problem {
            line,
            column,
            field: field.to_owned(),
            reason: reason.into(),
        };
        self.problems.borrow_mut().push(problem);
    }

    /// Line and column of a byte, both counted from 1, the column in characters.
    pub(super) fn position(&self, offset: usize) -> (usize, usize) {
        let line = self.line_starts.partition_point(|start| *start <= offset).max(1);
        let start = self.line_starts.get(line - 1).copied().unwrap_or_default();
        let before = self.text.get(start..offset).unwrap_or_default();
        // A byte order mark takes no column on the screen.
        (
            line,
            before.chars().filter(|character| *character != '\u{feff}').count() + 1,
        )
    }

    pub(super) fn is_clean(&self) -> bool {
        self.problems.borrow().is_empty()
    }

    /// The problems in the order of the file, the first few of them.
    pub(super) fn into_error(self) -> ProfileError {
        let mut problems = self.problems.into_inner();
        problems.sort_by_key(|problem| (problem.line, problem.column));
        problems.dedup();
        let omitted = problems.len().saturating_sub(ProfileError::REPORTED_PROBLEMS);
        problems.truncate(ProfileError::REPORTED_PROBLEMS);
        ProfileError::Invalid { problems, omitted }
    }
}
