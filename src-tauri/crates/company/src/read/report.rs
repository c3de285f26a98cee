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
    found: RefCell<Vec<Found>>,
}

/// A problem at a byte of the text. Its column is counted only when it is shown: a hostile file of one endless line
/// with a hundred thousand problems would otherwise take minutes.
#[derive(PartialEq, Eq)]
struct Found {
    offset: usize,
    field: String,
    reason: String,
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
            found: RefCell::default(),
        }
    }

    /// Notes a problem at a range of bytes; only its start counts.
    pub(super) fn problem(&self, place: Range<usize>, field: &str, reason: impl Into<String>) {
        let found = Found {
            offset: place.start,
            field: field.to_owned(),
            reason: reason.into(),
        };
        self.found.borrow_mut().push(found);
    }

    /// The line of a byte, counted from 1.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset).max(1)
    }

    /// The column of a byte in its line, counted in characters from 1.
    fn column(&self, offset: usize) -> usize {
        let start = self.line_starts.get(self.line(offset) - 1).copied().unwrap_or_default();
        let before = self.text.get(start..offset).unwrap_or_default();
        // A byte order mark takes no column on the screen.
        before.chars().filter(|character| *character != '\u{feff}').count() + 1
    }

    pub(super) fn is_clean(&self) -> bool {
        self.found.borrow().is_empty()
    }

    /// The problems in the order of the file, the first few of them.
    pub(super) fn into_error(self) -> ProfileError {
        let mut found = self.found.take();
        found.sort_by_key(|problem| problem.offset);
        found.dedup();
        let omitted = found.len().saturating_sub(ProfileError::REPORTED_PROBLEMS);
        found.truncate(ProfileError::REPORTED_PROBLEMS);
        let problems = found.into_iter().map(|Found { offset, field, reason }| Problem {
            line: self.line(offset),
            column: self.column(offset),
            field,
            reason,
        });
        ProfileError::Invalid {
            problems: problems.collect(),
            omitted,
        }
    }
}
