//! What can be wrong with a company file, in sentences for the person who wrote it.
//!
//! Pure values; nothing here prints or logs. The texts quote the file, never anything else.

use std::fmt;

/// Why a company file was refused. The file's author must act; the sentence says where and how.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// The text is larger than [`FILE_LIMIT_BYTES`](crate::FILE_LIMIT_BYTES), so it was not read at all.
    #[error("the company file has {size} bytes; at most {limit} are read. Is it the right file?")]
    TooLarge {
        /// Size of the text in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// The text is not TOML, or its content is not a company. One line per problem, in the order of the file.
    #[error("{}", list(problems, *omitted))]
    Invalid {
        /// The problems, sorted by place; at most [`ProfileError::REPORTED_PROBLEMS`].
        problems: Vec<Problem>,
        /// How many more were found and left out.
        omitted: usize,
    },
}

impl ProfileError {
    /// How many problems one refusal lists. Nobody repairs more in one go, and the text stays bounded.
    pub const REPORTED_PROBLEMS: usize = 50;

    /// The problems with their places; empty for [`ProfileError::TooLarge`].
    pub fn problems(&self) -> &[Problem] {
        match self {
            ProfileError::TooLarge { .. } => &[],
            ProfileError::Invalid { problems, .. } => problems,
        }
    }
}

fn list(problems: &[Problem], omitted: usize) -> String {
    let mut lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
    if omitted > 0 {
        lines.push(format!("and {omitted} more"));
    }
    lines.join("\n")
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line in the file, counted from 1.
    pub line: usize,
    /// Column in that line, counted in characters from 1.
    pub column: usize,
    /// The field as a path, such as `hours.monday` or `services[2].price` (entries counted from 1). Empty when the text
    /// is not TOML, because then no field is known.
    pub field: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}, column {}: ", self.line, self.column)?;
        if !self.field.is_empty() {
            write!(formatter, "{}: ", self.field)?;
        }
        formatter.write_str(&self.reason)
    }
}

/// A single value that does not read as what it should be: the value and the reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{value}' — {reason}")]
pub struct Malformed {
    value: String,
    reason: String,
}

impl Malformed {
    /// Longest part of a bad value that is quoted back, in characters.
    const QUOTED_CHARACTERS: usize = 60;

    /// `value` is quoted, shortened and without control characters; `reason` is a plain clause.
    pub(crate) fn new(value: &str, reason: impl Into<String>) -> Self {
        let mut quoted: String = value
            .chars()
            .filter(|c| !c.is_control())
            .take(Self::QUOTED_CHARACTERS)
            .collect();
        if value.chars().count() > Self::QUOTED_CHARACTERS {
            quoted.push('…');
        }
        Self {
            value: quoted,
            reason: reason.into(),
        }
    }

    /// The reason alone, without the quoted value.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

/// Makes a type that is one text in the file (`FromStr` and `Display`) the same text in serde.
macro_rules! text_in_serde {
    ($name:ty) => {
        impl TryFrom<String> for $name {
            type Error = $crate::error::Malformed;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.to_string()
            }
        }
    };
}
pub(crate) use text_in_serde;
