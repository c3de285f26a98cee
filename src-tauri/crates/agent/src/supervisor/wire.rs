//! Wire types of the Chat Completions API: what is sent, and the chunks that come back. Pure data, no I/O.
//!
//! Reading is tolerant: unknown members are ignored, `null` is the same as absent, and an answer that a server sends whole although a stream
//! was asked for reads like a stream of one chunk.

use frontdesk_call::tool::ToolDescription;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

/// One message of the conversation as the text model reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "role", rename_all = "lowercase")]
pub enum ChatMessage {
    /// What the model works by.
    System {
        /// The text.
        content: String,
    },
    /// The caller, or the receptionist who asks on the caller's behalf.
    User {
        /// The text.
        content: String,
    },
    /// What the receptionist said, or the calls that the model made.
    Assistant {
        /// The text; `null` beside calls.
        content: Option<String>,
        /// Calls of this message, each answered by one [`ChatMessage::Tool`].
        #[serde(skip_serializing_if = "Vec::is_empty")]
        tool_calls: Vec<ToolCall>,
    },
    /// The result of one call.
    Tool {
        /// Which call.
        tool_call_id: String,
        /// JSON text.
        content: String,
    },
}

impl ChatMessage {
    /// Instructions.
    pub fn system(content: impl Into<String>) -> Self {
        Self::System {
            content: content.into(),
        }
    }

    /// Words of the caller.
    pub fn user(content: impl Into<String>) -> Self {
        Self::User {
            content: content.into(),
        }
    }

    /// Words of the receptionist.
    pub fn assistant(content: impl Into<String>) -> Self {
        Self::Assistant {
            content: Some(content.into()),
            tool_calls: Vec::new(),
        }
    }
}

/// One call of a tool.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(into = "ToolCallMessage")]
pub struct ToolCall {
    /// The model's id of the call; its result carries the same.
    pub id: String,
    /// Which tool.
    pub name: String,
    /// JSON text as the model wrote it, possibly invalid.
    pub arguments: String,
}

/// A call as the API nests it.
#[derive(Serialize)]
struct ToolCallMessage {
    id: String,
    r#type: &'static str,
    function: FunctionMessage,
}

#[derive(Serialize)]
struct FunctionMessage {
    name: String,
    arguments: String,
}

impl From<ToolCall> for ToolCallMessage {
    fn from(call: ToolCall) -> Self {
        let ToolCall { id, name, arguments } = call;
        Self {
            id,
            r#type: "function",
            function: FunctionMessage { name, arguments },
        }
    }
}

/// Whether the model may call tools in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ToolChoice {
    /// As it likes.
    Auto,
    /// It must answer in words.
    None,
    /// It must call one. To name one function is to send that function alone with this: not every server takes the form with a name.
    Required,
}

/// How long a reasoning model may think before it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ReasoningEffort {
    /// Not at all. The caller waits, and newer models take tools over this API in no other way.
    None,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChatRequest {
    /// Model, or the deployment's name.
    pub model: String,
    /// The conversation.
    pub messages: Vec<ChatMessage>,
    /// Tools as [`tool`] writes them. Absent, and `tool_choice` with them, when there are none: servers refuse an empty list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<Value>,
    /// Whether they may be called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_choice: Option<ToolChoice>,
    /// Absent where the server does not know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning_effort: Option<ReasoningEffort>,
    /// Always true.
    pub stream: bool,
    /// Asks for the figures at the end of the stream.
    pub stream_options: StreamOptions,
}

/// What is sent beside the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct StreamOptions {
    /// A last chunk with the tokens used.
    pub include_usage: bool,
}

impl ChatRequest {
    /// A streamed request.
    #[must_use]
    pub fn new(
        model: impl Into<String>,
        messages: Vec<ChatMessage>,
        tools: &[ToolDescription],
        choice: ToolChoice,
    ) -> Self {
        Self {
            model: model.into(),
            messages,
            tools: tools.iter().map(tool).collect(),
            tool_choice: (!tools.is_empty()).then_some(choice),
            reasoning_effort: None,
            stream: true,
            stream_options: StreamOptions { include_usage: true },
        }
    }
}

/// A tool as the API nests it; the Realtime protocol writes it flat.
fn tool(description: &ToolDescription) -> Value {
    json!({
        "type": "function",
        "function": {
            "name": description.name,
            "description": description.description,
            "parameters": description.parameters,
        }
    })
}

/// One piece of an answer, or a whole one.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Chunk {
    /// One choice is asked for. Empty in the chunk that carries the figures.
    #[serde(default, deserialize_with = "or_default")]
    pub(super) choices: Vec<Choice>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) usage: Option<ChatUsage>,
    /// Servers that fail in the middle say so in the stream.
    #[serde(default, deserialize_with = "or_default")]
    pub(super) error: Option<ErrorBody>,
}

/// One choice of a chunk.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Choice {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) index: u32,
    /// `message` in an answer that came whole.
    #[serde(default, alias = "message", deserialize_with = "or_default")]
    pub(super) delta: Delta,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) finish_reason: Option<String>,
}

/// What a chunk adds.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Delta {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) content: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) tool_calls: Vec<ToolCallDelta>,
}

/// What a chunk adds to one call. Id and name come once, the arguments in pieces.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct ToolCallDelta {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) index: Option<usize>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) id: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) function: FunctionDelta,
}

/// The function of a call, or a piece of it.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct FunctionDelta {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) name: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) arguments: String,
}

/// Tokens that one answer cost. Zero where the server reports nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ChatUsage {
    /// Tokens in.
    #[serde(default, deserialize_with = "or_default")]
    pub prompt_tokens: u64,
    /// Tokens out.
    #[serde(default, deserialize_with = "or_default")]
    pub completion_tokens: u64,
}

/// An error object. Its message is not read: providers quote keys and callers' words in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) struct ErrorBody {
    /// Broad class.
    #[serde(default, rename = "type", deserialize_with = "or_default")]
    pub(super) kind: String,
    /// What exactly; a few servers write a number.
    #[serde(default, deserialize_with = "text_or_number")]
    pub(super) code: String,
    /// The member that is refused.
    #[serde(default, deserialize_with = "or_default")]
    pub(super) param: String,
}

/// The body of a refusal.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Refusal {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) error: Option<ErrorBody>,
}

/// `null` is the same as absent.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_request_nests_its_functions_and_asks_for_the_figures() {
        let tools = [ToolDescription {
            name: "checkAvailability".into(),
            description: "Free times.".into(),
            parameters: json!({ "type": "object" }),
            timeout: Duration::from_secs(8),
        }];
        let call = ToolCall {
            id: "call_1".into(),
            name: "checkAvailability".into(),
            arguments: "{}".into(),
        };
        let messages = vec![
            ChatMessage::system("Work."),
            ChatMessage::user("Tuesday?"),
            ChatMessage::Assistant {
                content: None,
                tool_calls: vec![call],
            },
            ChatMessage::Tool {
                tool_call_id: "call_1".into(),
                content: "{}".into(),
            },
        ];
        let request = ChatRequest::new("words-1", messages, &tools, ToolChoice::None);
        assert_eq!(
            serde_json::to_value(&request).unwrap(),
            json!({
                "model": "words-1",
                "messages": [
                    { "role": "system", "content": "Work." },
                    { "role": "user", "content": "Tuesday?" },
                    { "role": "assistant", "content": null, "tool_calls": [{
                        "id": "call_1", "type": "function",
                        "function": { "name": "checkAvailability", "arguments": "{}" }
                    }] },
                    { "role": "tool", "tool_call_id": "call_1", "content": "{}" },
                ],
                "tools": [{ "type": "function", "function": {
                    "name": "checkAvailability", "description": "Free times.", "parameters": { "type": "object" }
                } }],
                "tool_choice": "none",
                "stream": true,
                "stream_options": { "include_usage": true },
            })
        );
    }

    #[test]
    fn without_tools_no_choice_of_tools_is_sent() {
        let request = ChatRequest::new("m", vec![ChatMessage::assistant("Hello.")], &[], ToolChoice::Auto);
        let written = serde_json::to_value(&request).unwrap();
        assert!(
            written.get("tools").is_none() && written.get("tool_choice").is_none(),
            "{written}"
        );
        assert_eq!(
            written["messages"][0],
            json!({ "role": "assistant", "content": "Hello." })
        );
    }

    #[test]
    fn an_error_may_hold_anything_in_its_members() {
        for (text, code) in [
            (
                r#"{"error":{"code":"rate_limit_exceeded","message":"…"}}"#,
                "rate_limit_exceeded",
            ),
            (r#"{"error":{"code":429,"type":null}}"#, "429"),
            (r#"{"error":{"code":null}}"#, ""),
        ] {
            let refusal: Refusal = serde_json::from_str(text).unwrap();
            assert_eq!(refusal.error.unwrap().code, code, "{text}");
        }
    }
}
