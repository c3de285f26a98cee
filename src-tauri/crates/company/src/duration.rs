//! How long a service takes, in whole minutes.
//!
//! Pure values, usable on any thread.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::Malformed;

/// A length of time in whole minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Minutes(pub u32);

impl Minutes {
    /// The length as people say it: `45 minutes`, `1 hour`, `1 hour 30 minutes`.
    pub fn readable(self) -> String {
        let (hours, minutes) = (self.0 / 60, self.0 % 60);
        match (hours, minutes) {
            (0, minutes) => counted(minutes, "minute"),
            (hours, 0) => counted(hours, "hour"),
            (hours, minutes) => format!("{} {}", counted(hours, "hour"), counted(minutes, "minute")),
        }
    }
}

fn counted(count: u32, unit: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

/// How long a service takes: a fixed length, or from–to. Between one minute and one week.
///
/// In the file and in serde: `minutes = 30` or `minutes = "30-45"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "FileForm", into = "FileForm")]
pub struct DurationRange {
    shortest: Minutes,
    longest: Minutes,
}

impl DurationRange {
    /// One week: a car may stay that long; more is a typing error.
    const LIMIT: Minutes = Minutes(7 * 24 * 60);

    /// # Errors
    /// When the bounds are zero, longer than a week, or the wrong way round.
    pub fn new(shortest: Minutes, longest: Minutes) -> Result<Self, Malformed> {
        let range = Self { shortest, longest };
        let reason = if shortest.0 == 0 {
            "a service takes at least 1 minute"
        } else if longest > Self::LIMIT {
            "a service takes at most one week (10080 minutes)"
        } else if shortest > longest {
            "the shorter time comes first"
        } else {
            return Ok(range);
        };
        Err(Malformed::new(&range.to_string(), reason))
    }

    /// The least it takes; what a caller may hope for.
    pub fn shortest(&self) -> Minutes {
        self.shortest
    }

    /// The most it takes; what a booking reserves.
    pub fn longest(&self) -> Minutes {
        self.longest
    }

    /// Whether both bounds are the same.
    pub fn is_fixed(&self) -> bool {
        self.shortest == self.longest
    }

    /// The range as people say it: `30 minutes`, `30 to 45 minutes`, `45 minutes to 2 hours`.
    pub fn readable(&self) -> String {
        match (self.shortest.0, self.longest.0) {
            (shortest, longest) if shortest == longest => self.shortest.readable(),
            (shortest, longest) if longest < 60 => format!("{shortest} to {longest} minutes"),
            _ => format!("{} to {}", self.shortest.readable(), self.longest.readable()),
        }
    }
}

impl fmt::Display for DurationRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.is_fixed() {
            true => write!(formatter, "{}", self.shortest.0),
            false => write!(formatter, "{}-{}", self.shortest.0, self.longest.0),
        }
    }
}

impl FromStr for DurationRange {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let (shortest, longest) = text.split_once(['-', '–']).unwrap_or((text, text));
        let minutes = |part: &str| {
            let digits = part.trim();
            let whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            match whole.then(|| digits.parse()) {
                Some(Ok(count)) => Ok(Minutes(count)),
                Some(Err(_)) => Err(Malformed::new(text, "a service takes at most one week (10080 minutes)")),
                None => Err(Malformed::new(
                    text,
                    "write whole minutes: 30, or \"30-45\" for a range",
                )),
            }
        };
        Self::new(minutes(shortest)?, minutes(longest)?)
    }
}

/// What stands in the file: a number for a fixed length, a text for a range.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum FileForm {
    Fixed(u32),
    Text(String),
}

impl TryFrom<FileForm> for DurationRange {
    type Error = Malformed;

    fn try_from(form: FileForm) -> Result<Self, Malformed> {
        match form {
            FileForm::Fixed(minutes) => Self::new(Minutes(minutes), Minutes(minutes)),
            FileForm::Text(text) => text.parse(),
        }
    }
}

impl From<DurationRange> for FileForm {
    fn from(range: DurationRange) -> Self {
        match range.is_fixed() {
            true => FileForm::Fixed(range.shortest.0),
            false => FileForm::Text(range.to_string()),
        }
    }
}
