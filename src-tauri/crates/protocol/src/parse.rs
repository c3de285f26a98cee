//! Reading a message: its size, its type, its members; and what can be wrong with each.
//!
//! Error texts never repeat content of the message, because it may be audio, a caller's words or a credential. Pure functions, any thread.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer as _, IgnoredAny, MapAccess, Visitor};

/// Largest message that is read or written, in bytes of JSON text.
///
/// The protocol allows 15 MiB of audio in one append, which are 20 MiB of Base64; this is room for that and its envelope, and a wall against a
/// peer that sends without end.
pub const MAX_EVENT_BYTES: usize = 21 * 1024 * 1024;

/// Why a message could not be read. The connection can go on after any of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Larger than [`MAX_EVENT_BYTES`]; not looked at.
    #[error("the message has {bytes} bytes, more than the allowed {MAX_EVENT_BYTES}")]
    TooLarge {
        /// Size of the refused message.
        bytes: usize,
    },
    /// Not JSON, or cut short.
    #[error("the message is not valid JSON (line {line}, column {column})")]
    NotJson {
        /// Line of the first fault, from 1.
        line: usize,
        /// Column of the first fault, from 1.
        column: usize,
    },
    /// JSON, but not an object with a text member `type`.
    #[error("the message is not an event: it has no `type`")]
    NoType,
    /// A known event whose members are missing or of the wrong kind.
    #[error("the event `{event}` has a missing or wrong member (line {line}, column {column})")]
    WrongShape {
        /// Type of the event.
        event: &'static str,
        /// Line where reading stopped, from 1.
        line: usize,
        /// Column where reading stopped, from 1.
        column: usize,
    },
}

/// The `type` of an event, without reading the rest: stops at the member, which most servers send first.
///
/// A returned type does not yet mean that the whole message is valid JSON.
pub fn event_type(text: &str) -> Result<Cow<'_, str>, ParseError> {
    if text.len() > MAX_EVENT_BYTES {
        return Err(ParseError::TooLarge { bytes: text.len() });
    }
    let mut found = None;
    let outcome = serde_json::Deserializer::from_str(text).deserialize_map(TypeFinder { found: &mut found });
    match (found, outcome) {
        // Leaving the object early makes serde_json report the rest as unexpected; that report is meant to be ignored.
        (Some(kind), _) => Ok(kind),
        (None, Err(error)) if !error.is_data() => Err(not_json(&error)),
        (None, _) => Err(ParseError::NoType),
    }
}

/// Reads the members of a known event.
pub(crate) fn payload<T: DeserializeOwned>(text: &str, event: &'static str) -> Result<T, ParseError> {
    serde_json::from_str(text).map_err(|error| {
        if error.is_data() {
            ParseError::WrongShape {
                event,
                line: error.line(),
                column: error.column(),
            }
        } else {
            not_json(&error)
        }
    })
}

/// Checks that an event of unknown type is whole JSON.
pub(crate) fn well_formed(text: &str) -> Result<(), ParseError> {
    serde_json::from_str::<IgnoredAny>(text)
        .map(drop)
        .map_err(|error| not_json(&error))
}

fn not_json(error: &serde_json::Error) -> ParseError {
    ParseError::NotJson {
        line: error.line(),
        column: error.column(),
    }
}

/// Text that stays in the message unless it holds escapes.
#[derive(Deserialize)]
struct Borrowed<'a>(#[serde(borrow)] Cow<'a, str>);

struct TypeFinder<'a, 'de> {
    found: &'a mut Option<Cow<'de, str>>,
}

impl<'de> Visitor<'de> for TypeFinder<'_, 'de> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an event object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(Borrowed(name)) = members.next_key()? {
            if name == "type" {
                let Borrowed(kind) = members.next_value()?;
                *self.found = Some(kind);
                return Ok(());
            }
            members.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}
