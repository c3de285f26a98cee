//! Random names of everything that the server coins. Any thread.

use frontdesk_protocol::{EventId, ItemId, ResponseId, SessionId, ToolCallId};

/// 16 random bytes as 32 hexadecimal digits.
fn random_text(prefix: &str) -> String {
    format!("{prefix}_{:032x}", rand::random::<u128>())
}

/// A bearer for one run: 32 random bytes.
pub(crate) fn random_bearer() -> String {
    format!("{:032x}{:032x}", rand::random::<u128>(), rand::random::<u128>())
}

/// A new event id.
pub(crate) fn event_id() -> EventId {
    EventId::new(random_text("event"))
}

/// A new item id.
pub(crate) fn item_id() -> ItemId {
    // Clients keep item ids within 32 characters, and some refuse longer ones.
    ItemId::new(format!("item_{:026x}", rand::random::<u128>() >> 24))
}

/// A new response id.
pub(crate) fn response_id() -> ResponseId {
    ResponseId::new(random_text("resp"))
}

/// A new session id.
pub(crate) fn session_id() -> SessionId {
    SessionId::new(random_text("sess"))
}

/// A new id of a function call.
pub(crate) fn call_id() -> ToolCallId {
    ToolCallId::new(random_text("call"))
}
