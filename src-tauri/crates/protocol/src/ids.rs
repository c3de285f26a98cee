//! Identifiers of the protocol as distinct types, so that an item can never be passed where a response is meant.
//!
//! All of them are opaque strings that either side may coin; nothing is read out of them. Pure data, usable on any thread.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! string_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS)]
        // A newtype is its inner text in JSON, schema and TypeScript without `serde(transparent)`, which ts-rs does not understand.
        pub struct $name(String);

        impl $name {
            /// Takes the text as it is; ids are opaque, so there is nothing to validate.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The id as it travels.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

string_id! {
    /// One conversation item: a message, a function call or its output. A client may choose it (OpenAI's own demo stays within 32 characters).
    ItemId
}
string_id! {
    /// One answer of the model (`resp_…`).
    ResponseId
}
string_id! {
    /// One event. A client's id comes back in `error.event_id` when that event was refused; at most 512 characters.
    EventId
}
string_id! {
    /// One function call (`call_id`); its output must carry the same one.
    ToolCallId
}
string_id! {
    /// One session of the server (`sess_…` at OpenAI, anything elsewhere).
    SessionId
}
