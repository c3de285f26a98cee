//! A table and a value of the file, each knowing its place and its path, with the checks all fields share.
//!
//! Every method that cannot give a value has noted the problem in the report before it returns `None`.
//! Lives on the stack of one parse; not shared between threads.

use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};
use std::str::FromStr;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::report::Report;
use crate::error::Malformed;
use crate::wording::closest;

/// Longest name, alias or question, in characters: what a caller can take in as one phrase.
const NAME_LIMIT: usize = 200;

/// One table. It remembers which fields were asked for, so that the rest is known to be a mistake.
pub(super) struct Section<'r, 't> {
    report: &'r Report<'t>,
    path: String,
    table: &'r DeTable<'r>,
    place: Range<usize>,
    known: Vec<&'static str>,
}

impl<'r, 't> Section<'r, 't> {
    pub(super) fn root(report: &'r Report<'t>, table: &'r DeTable<'r>) -> Self {
        Self {
            report,
            path: String::new(),
            table,
            place: 0..0,
            known: Vec::new(),
        }
    }

    pub(super) fn optional(&mut self, field: &'static str) -> Option<Entry<'r, 't>> {
        self.known.push(field);
        let value = self.table.get(field)?;
        Some(Entry {
            report: self.report,
            path: self.path_of(field),
            place: value.span(),
            value: value.get_ref().into(),
        })
    }

    pub(super) fn required(&mut self, field: &'static str) -> Option<Entry<'r, 't>> {
        let entry = self.optional(field);
        if entry.is_none() {
            self.report
                .problem(self.place.clone(), &self.path_of(field), "this field is missing");
        }
        entry
    }

    /// The entries of a list of tables, `[[field]]`; none when the field is absent.
    pub(super) fn entries(&mut self, field: &'static str) -> Vec<Entry<'r, 't>> {
        let Some(entry) = self.optional(field) else {
            return Vec::new();
        };
        match entry.value {
            Value::Tree(DeValue::Array(_)) => entry.elements(),
            _ => {
                entry.problem(&format!("write [[{field}]] with double brackets above each entry"));
                Vec::new()
            }
        }
    }

    /// Notes a failure that concerns a field of this table.
    pub(super) fn checked<T>(&self, field: &str, result: Result<T, Malformed>) -> Option<T> {
        result.map_err(|error| self.problem_at(field, &error.to_string())).ok()
    }

    /// Notes a problem at a field of this table, or at the table when it has no such field.
    pub(super) fn problem_at(&self, field: &str, reason: &str) {
        let place = self.table.get(field).map_or_else(|| self.place.clone(), Spanned::span);
        self.report.problem(place, &self.path_of(field), reason);
    }

    /// Call it last: whatever was not asked for until then is unknown.
    pub(super) fn refuse_unknown(&self) {
        for key in self
            .table
            .keys()
            .filter(|key| !self.known.contains(&key.get_ref().as_ref()))
        {
            let advice = match closest(key.get_ref(), self.known.iter().copied()) {
                Some(field) => format!("did you mean '{field}'?"),
                None => format!("known here are {}", self.known.join(", ")),
            };
            self.report.problem(
                key.span(),
                &self.path_of(key.get_ref()),
                format!("there is no such field; {advice}"),
            );
        }
    }

    fn path_of(&self, field: &str) -> String {
        // An unknown key can hold anything; it is shown in one short line.
        let field: String = field
            .chars()
            .filter(|character| !character.is_control())
            .take(NAME_LIMIT)
            .collect();
        match self.path.as_str() {
            "" => field,
            path => format!("{path}.{field}"),
        }
    }
}

/// A value as the parser gave it, or a text that stands for it (a TOML date as the text of the date).
enum Value<'r> {
    Tree(&'r DeValue<'r>),
    Text(Cow<'r, str>),
}

impl<'r> From<&'r DeValue<'r>> for Value<'r> {
    fn from(value: &'r DeValue<'r>) -> Self {
        match value {
            DeValue::String(text) => Value::Text(Cow::Borrowed(text)),
            other => Value::Tree(other),
        }
    }
}

/// One value with its place and its path.
pub(super) struct Entry<'r, 't> {
    report: &'r Report<'t>,
    path: String,
    place: Range<usize>,
    value: Value<'r>,
}

impl<'r, 't> Entry<'r, 't> {
    /// The line of the value, counted from 1.
    pub(super) fn line(&self) -> usize {
        self.report.line(self.place.start)
    }

    pub(super) fn problem(&self, reason: &str) {
        self.report.problem(self.place.clone(), &self.path, reason);
    }

    pub(super) fn checked<T>(&self, result: Result<T, Malformed>) -> Option<T> {
        result.map_err(|error| self.problem(&error.to_string())).ok()
    }

    /// The text without space around it; empty when the value is no text.
    pub(super) fn text(&self) -> &str {
        match &self.value {
            Value::Text(text) => text.trim(),
            Value::Tree(_) => "",
        }
    }

    /// A value that reads itself from a text.
    pub(super) fn parsed<T: FromStr<Err = Malformed>>(&self) -> Option<T> {
        let text = self.some_text()?;
        self.checked(text.parse())
    }

    /// A short text in one line.
    pub(super) fn name(&self) -> Option<String> {
        self.checked_name(|_| Ok(()))
    }

    /// A short text in one line that passes a further check.
    pub(super) fn checked_name(&self, check: impl Fn(&str) -> Result<(), Malformed>) -> Option<String> {
        let text = self.some_text()?;
        if text.contains(char::is_control) {
            self.problem("this is one line without control characters");
            return None;
        }
        self.within(text, NAME_LIMIT)?;
        self.checked(check(text))?;
        Some(text.to_owned())
    }

    /// A text that may have several lines, as long as the file allows.
    pub(super) fn prose(&self) -> Option<String> {
        self.text_up_to(usize::MAX)
    }

    /// A text that may have several lines, up to a number of characters.
    pub(super) fn text_up_to(&self, limit: usize) -> Option<String> {
        let text = self.some_text()?;
        if text.contains(|character: char| character.is_control() && !matches!(character, '\n' | '\r' | '\t')) {
            self.problem("the text holds a control character; please remove it");
            return None;
        }
        self.within(text, limit)?;
        Some(text.to_owned())
    }

    /// One text or a list of texts, as single entries. An empty list is a problem.
    pub(super) fn texts(&self) -> Option<Vec<Entry<'r, 't>>> {
        match &self.value {
            Value::Text(text) => Some(vec![Entry {
                report: self.report,
                path: self.path.clone(),
                place: self.place.clone(),
                value: Value::Text(text.clone()),
            }]),
            Value::Tree(DeValue::Array(array)) if array.is_empty() => {
                self.problem("the list is empty; fill it or remove the line");
                None
            }
            Value::Tree(DeValue::Array(_)) => Some(self.elements()),
            Value::Tree(other) => {
                self.problem(&format!(
                    "this is a text in quotes, or a list of them, not {}",
                    kind(other)
                ));
                None
            }
        }
    }

    /// One short text or a list of them.
    pub(super) fn names(&self) -> Option<Vec<String>> {
        let names: Vec<Option<String>> = self.texts()?.iter().map(Entry::name).collect();
        names.into_iter().collect()
    }

    /// A table.
    pub(super) fn section(&self) -> Option<Section<'r, 't>> {
        match self.value {
            Value::Tree(DeValue::Table(table)) => Some(Section {
                report: self.report,
                path: self.path.clone(),
                table,
                place: self.place.clone(),
                known: Vec::new(),
            }),
            Value::Tree(DeValue::Array(_)) => {
                self.problem(&format!(
                    "there is one such section only; write [{}] with single brackets",
                    self.path
                ));
                None
            }
            Value::Tree(other) => {
                self.problem(&format!(
                    "this is a section with fields of its own, not {}",
                    kind(other)
                ));
                None
            }
            Value::Text(_) => {
                self.problem("this is a section with fields of its own, not a text");
                None
            }
        }
    }

    /// A date, written as a text or as a TOML date, as the text of the date.
    pub(super) fn date_text(self) -> Option<Entry<'r, 't>> {
        let text = match self.value {
            Value::Tree(DeValue::Datetime(date)) => Cow::Owned(date.to_string()),
            Value::Text(text) => text,
            Value::Tree(other) => {
                let reason = format!("this is a date such as \"2026-12-25\", not {}", kind(other));
                self.report.problem(self.place, &self.path, reason);
                return None;
            }
        };
        Some(Entry {
            value: Value::Text(text),
            ..self
        })
    }

    /// A whole number within bounds.
    pub(super) fn whole_number(&self, bounds: RangeInclusive<u32>) -> Option<u32> {
        let number = match &self.value {
            Value::Tree(DeValue::Integer(number)) => u32::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        let number = number.filter(|number| bounds.contains(number));
        if number.is_none() {
            self.problem(&format!(
                "this is a whole number from {} to {}, without quotes",
                bounds.start(),
                bounds.end()
            ));
        }
        number
    }

    /// True or false.
    pub(super) fn flag(&self) -> Option<bool> {
        if let Value::Tree(DeValue::Boolean(flag)) = self.value {
            return Some(*flag);
        }
        self.problem("this is true or false, without quotes");
        None
    }

    /// A number as it is written, or a text. Numbers stay digits: a price never passes through floating point.
    pub(super) fn number_or_text(&self, expected: &str) -> Option<String> {
        match &self.value {
            Value::Tree(DeValue::Integer(number)) => Some(number.to_string()),
            Value::Tree(DeValue::Float(number)) => Some(number.to_string()),
            Value::Tree(other) => {
                self.problem(&format!("this is {expected}, not {}", kind(other)));
                None
            }
            Value::Text(_) => self.some_text().map(str::to_owned),
        }
    }

    /// The entries of an array, each under its number counted from 1; empty for any other value.
    fn elements(&self) -> Vec<Entry<'r, 't>> {
        let Value::Tree(DeValue::Array(array)) = self.value else {
            return Vec::new();
        };
        let entry = |(index, value): (usize, &'r Spanned<DeValue<'r>>)| Entry {
            report: self.report,
            path: format!("{}[{}]", self.path, index + 1),
            place: value.span(),
            value: value.get_ref().into(),
        };
        array.iter().enumerate().map(entry).collect()
    }

    fn some_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) if text.trim().is_empty() => {
                self.problem("this is empty; fill it or remove the line");
                None
            }
            Value::Text(text) => Some(text.trim()),
            Value::Tree(other) => {
                self.problem(&format!("this is a text in quotes, not {}", kind(other)));
                None
            }
        }
    }

    fn within(&self, text: &str, limit: usize) -> Option<()> {
        let length = text.chars().count();
        if length > limit {
            self.problem(&format!(
                "this has {length} characters; at most {limit} are allowed here"
            ));
            return None;
        }
        Some(())
    }
}

/// What a value is, in words for people.
fn kind(value: &DeValue) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}
