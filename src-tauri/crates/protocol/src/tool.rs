//! Tools that the model may call, and whether it may.
//!
//! The function form is flat here (`name` beside `type`), unlike chat completions, which nests it. Pure data, usable on any thread.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

use crate::Raw;

/// One tool of a session or response.
#[derive(Clone, Debug, PartialEq)]
pub enum Tool {
    /// A function that this side runs.
    Function(FunctionTool),
    /// An MCP server that the model's server calls, or a kind this version does not know; passed on unread. Its `Debug` hides credentials.
    Other(Raw),
}

/// A function that the model may call. `strict` is not part of the protocol and is refused by servers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FunctionTool {
    /// Name, unique in the session.
    pub name: String,
    /// What it does, for the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// JSON Schema of the arguments object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Value>,
}

impl Serialize for Tool {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Tagged<'a> {
            #[serde(rename = "type")]
            kind: &'static str,
            #[serde(flatten)]
            tool: &'a FunctionTool,
        }

        match self {
            Self::Function(tool) => Tagged { kind: "function", tool }.serialize(serializer),
            Self::Other(raw) => raw.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Tool {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        match value.get("type").and_then(Value::as_str) {
            Some("function") => FunctionTool::deserialize(value)
                .map(Self::Function)
                .map_err(D::Error::custom),
            _ => Ok(Self::Other(Raw(value))),
        }
    }
}

/// Whether the model may call tools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToolChoice {
    /// The model decides.
    Auto,
    /// No calls.
    Never,
    /// At least one call.
    Required,
    /// This function.
    Function {
        /// Its name.
        name: String,
    },
    /// A tool of this MCP server.
    Mcp {
        /// Label of the server.
        server_label: String,
        /// One tool of it, or any.
        name: Option<String>,
    },
}

impl Serialize for ToolChoice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Auto => serializer.serialize_str("auto"),
            Self::Never => serializer.serialize_str("none"),
            Self::Required => serializer.serialize_str("required"),
            Self::Function { name } => json!({ "type": "function", "name": name }).serialize(serializer),
            Self::Mcp {
                server_label,
                name: None,
            } => json!({ "type": "mcp", "server_label": server_label }).serialize(serializer),
            Self::Mcp {
                server_label,
                name: Some(name),
            } => json!({ "type": "mcp", "server_label": server_label, "name": name }).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for ToolChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let member = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        match value.as_str().or_else(|| value.get("type").and_then(Value::as_str)) {
            Some("auto") => Some(Self::Auto),
            Some("none") => Some(Self::Never),
            Some("required") => Some(Self::Required),
            Some("function") => member("name").map(|name| Self::Function { name }),
            Some("mcp") => member("server_label").map(|server_label| Self::Mcp {
                server_label,
                name: member("name"),
            }),
            _ => None,
        }
        .ok_or_else(|| D::Error::custom("an unknown tool choice"))
    }
}
