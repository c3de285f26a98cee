//! Items of a conversation: messages, function calls and their outputs; other kinds are carried unread.
//!
//! Pure data, usable on any thread. Reading never fails on an unknown kind of item or content, because one odd item must not hide the
//! response it came in.

mod content;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

pub use content::{ContentPart, ImageDetail, ResponsePart};

use crate::open_text::open_text;
use crate::tolerant::or_default;
use crate::{ItemId, Raw, ToolCallId};

open_text! {
    /// How far an item got. Without effect when a client sends it.
    ItemStatus {
        /// Whole.
        Completed = "completed",
        /// Cut off.
        Incomplete = "incomplete",
        /// Still growing.
        InProgress = "in_progress",
    }
}

open_text! {
    /// Whose words a message holds.
    Role {
        /// Instructions within the conversation.
        System = "system",
        /// The caller.
        User = "user",
        /// The model.
        Assistant = "assistant",
    }
}

/// One item of a conversation.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// Words of the system, the caller or the model.
    Message(Message),
    /// The model asks for a function to be run.
    FunctionCall(FunctionCall),
    /// What the function gave back.
    FunctionCallOutput(FunctionCallOutput),
    /// An existing item, named in the `input` of a response instead of repeated.
    Reference(ItemReference),
    /// MCP items and kinds this version does not know.
    Other(Raw),
}

impl Item {
    /// The item's id, of whatever kind it is.
    pub fn id(&self) -> Option<ItemId> {
        match self {
            Self::Message(message) => message.id.clone(),
            Self::FunctionCall(call) => call.id.clone(),
            Self::FunctionCallOutput(output) => output.id.clone(),
            Self::Reference(reference) => Some(reference.id.clone()),
            Self::Other(raw) => raw.text("id").map(ItemId::from),
        }
    }

    /// The item's `type` as it travels; empty when an unknown kind has none.
    pub fn kind(&self) -> &str {
        match self {
            Self::Message(_) => "message",
            Self::FunctionCall(_) => "function_call",
            Self::FunctionCallOutput(_) => "function_call_output",
            Self::Reference(_) => "item_reference",
            Self::Other(raw) => raw.kind().unwrap_or_default(),
        }
    }
}

/// Words of somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// May be chosen by the client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ItemId>,
    /// How far it got.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ItemStatus>,
    /// Whose words.
    pub role: Role,
    /// What was said, written or shown.
    #[serde(default, deserialize_with = "or_default")]
    pub content: Vec<ContentPart>,
}

impl Message {
    /// A message with one part and no id of its own.
    pub fn new(role: Role, part: ContentPart) -> Self {
        Self {
            id: None,
            status: None,
            role,
            content: vec![part],
        }
    }

    /// Words for the model that the caller does not hear.
    pub fn system(text: impl Into<String>) -> Self {
        Self::new(Role::System, ContentPart::InputText { text: text.into() })
    }

    /// Words of the caller, typed or transcribed.
    pub fn user(text: impl Into<String>) -> Self {
        Self::new(Role::User, ContentPart::InputText { text: text.into() })
    }

    /// Words of the model. A client can create only text ones; audio of the model cannot be replayed.
    pub fn assistant(text: impl Into<String>) -> Self {
        Self::new(Role::Assistant, ContentPart::OutputText { text: text.into() })
    }

    /// The same message under an id chosen here.
    pub fn with_id(mut self, id: ItemId) -> Self {
        self.id = Some(id);
        self
    }
}

/// A function call of the model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionCall {
    /// The item's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ItemId>,
    /// Completed means that the arguments are whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ItemStatus>,
    /// Id that the output must carry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_id: Option<ToolCallId>,
    /// Function to run; some servers leave it empty until the call is complete.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// JSON text; may be anything, models make mistakes.
    #[serde(default, deserialize_with = "or_default")]
    pub arguments: String,
}

/// Result of a function call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionCallOutput {
    /// The item's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ItemId>,
    /// How far it got.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ItemStatus>,
    /// The call that is answered.
    pub call_id: ToolCallId,
    /// Text for the model, usually JSON.
    #[serde(default, deserialize_with = "or_default")]
    pub output: String,
}

/// The id of an item that the server already has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemReference {
    /// Its id.
    pub id: ItemId,
}

#[derive(Serialize)]
struct Tagged<'a, T> {
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(flatten)]
    members: &'a T,
}

impl Serialize for Item {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kind = self.kind();
        match self {
            Self::Message(members) => Tagged { kind, members }.serialize(serializer),
            Self::FunctionCall(members) => Tagged { kind, members }.serialize(serializer),
            Self::FunctionCallOutput(members) => Tagged { kind, members }.serialize(serializer),
            Self::Reference(members) => Tagged { kind, members }.serialize(serializer),
            Self::Other(raw) => raw.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Item {
    /// An item of a known kind with wrong members is kept unread, like one of an unknown kind.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let item = match value.get("type").and_then(Value::as_str) {
            Some("message") => Message::deserialize(&value).map(Self::Message).ok(),
            Some("function_call") => FunctionCall::deserialize(&value).map(Self::FunctionCall).ok(),
            Some("function_call_output") => FunctionCallOutput::deserialize(&value)
                .map(Self::FunctionCallOutput)
                .ok(),
            Some("item_reference") => ItemReference::deserialize(&value).map(Self::Reference).ok(),
            _ => None,
        };
        Ok(item.unwrap_or(Self::Other(Raw(value))))
    }
}
