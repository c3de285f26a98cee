//! Parts of the protocol that this product passes on without looking inside: MCP tools and items, tracing, log probabilities.
//!
//! Pure data, usable on any thread.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A JSON value kept as it came.
///
/// `Debug` shows its `type` and size only: an MCP tool carries `authorization` and `headers`, which must not reach a log.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Raw(pub Value);

impl Raw {
    /// The `type` member, where the value is an object that has one.
    pub fn kind(&self) -> Option<&str> {
        self.text("type")
    }

    /// A text member of the object.
    pub fn text(&self, member: &str) -> Option<&str> {
        self.0.get(member).and_then(Value::as_str)
    }
}

impl fmt::Debug for Raw {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members = match &self.0 {
            Value::Object(map) => map.len(),
            Value::Array(list) => list.len(),
            _ => 0,
        };
        formatter
            .debug_struct("Raw")
            .field("type", &self.kind())
            .field("members", &members)
            .finish_non_exhaustive()
    }
}
