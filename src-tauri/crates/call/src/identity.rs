//! Identities and times of a call. Pure data: no I/O, no clock is read here.

use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use ts_rs::TS;
use uuid::Uuid;

pub use frontdesk_protocol::{ItemId, ResponseId, ToolCallId};

/// Names one call for ever: in the journal, in exports and on the command line. Sorts by start time (UUID version 7).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, TS)]
#[ts(export_to = "call.ts")]
pub struct CallId(String);

impl CallId {
    /// A new identity that no other call has.
    #[must_use]
    pub fn random() -> Self {
        Self(Uuid::now_v7().simple().to_string())
    }

    /// Takes an identity that was written down before, for example a row of the journal.
    #[must_use]
    pub fn from_recorded(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The identity as text: 32 lower-case hexadecimal digits when made by [`CallId::random`].
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CallId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A moment on the wall clock, UTC, written as RFC 3339 with milliseconds (`2026-11-22T19:42:00.123Z`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, JsonSchema, TS)]
#[schemars(with = "String")]
#[ts(export_to = "call.ts", type = "string")]
pub struct WallTime(pub Timestamp);

impl fmt::Display for WallTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0.strftime("%Y-%m-%dT%H:%M:%S%.3fZ"))
    }
}

impl Serialize for WallTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for WallTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(D::Error::custom)
    }
}
