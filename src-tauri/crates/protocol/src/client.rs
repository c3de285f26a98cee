//! The eleven events that a client sends.
//!
//! Reading them is for this product's own servers (local engine, relay). Pure data, usable on any thread.

use serde::{Deserialize, Serialize};

use crate::event::vocabulary;
use crate::parse::event_type;
use crate::tolerant::{index, whole};
use crate::{AudioBytes, EventId, Item, ItemId, ParseError, ResponseId, ResponseParameters, Session};

vocabulary! {
    /// An event from client to server.
    ///
    /// Each payload has an optional `event_id`; the server repeats it in `error.event_id` when it refuses the event.
    pub enum ClientEvent {
        /// Changes the settings that are present. Answered by `session.updated`.
        SessionUpdate(Box<SessionUpdate>) = "session.update",
        /// Adds audio to the input buffer. Not answered.
        InputAudioAppend(AudioAppend) = "input_audio_buffer.append",
        /// Turns the input buffer into a user item; makes no response. Only without turn detection.
        InputAudioCommit(BufferCommand) = "input_audio_buffer.commit",
        /// Forgets the input buffer.
        InputAudioClear(BufferCommand) = "input_audio_buffer.clear",
        /// Stops the server's playback. WebRTC and SIP only: never sent on a WebSocket, where the client owns playback.
        OutputAudioClear(BufferCommand) = "output_audio_buffer.clear",
        /// Adds an item to the conversation. Answered by `conversation.item.added` and `.done`.
        ItemCreate(Box<ItemCreate>) = "conversation.item.create",
        /// Asks for an item with its audio.
        ItemRetrieve(ItemSelect) = "conversation.item.retrieve",
        /// Tells how much of the model's speech was heard, so that the conversation holds no more than that.
        ItemTruncate(ItemTruncate) = "conversation.item.truncate",
        /// Removes an item.
        ItemDelete(ItemSelect) = "conversation.item.delete",
        /// Asks the model to answer. One at a time for the session's conversation.
        ResponseCreate(Box<ResponseCreate>) = "response.create",
        /// Stops a response.
        ResponseCancel(ResponseCancel) = "response.cancel",
    }
}

impl ClientEvent {
    /// Reads a client's message. An unknown type is [`ClientEvent::Unknown`]; audio is decoded from the borrowed text.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        Self::parse_as(&event_type(text)?, text)
    }

    /// The message to send.
    pub fn to_json(&self) -> String {
        self.write(None)
    }

    /// The event's own id, if the client gave one.
    pub fn event_id(&self) -> Option<&EventId> {
        match self {
            Self::SessionUpdate(event) => event.event_id.as_ref(),
            Self::InputAudioAppend(event) => event.event_id.as_ref(),
            Self::InputAudioCommit(event) | Self::InputAudioClear(event) | Self::OutputAudioClear(event) => {
                event.event_id.as_ref()
            }
            Self::ItemCreate(event) => event.event_id.as_ref(),
            Self::ItemRetrieve(event) | Self::ItemDelete(event) => event.event_id.as_ref(),
            Self::ItemTruncate(event) => event.event_id.as_ref(),
            Self::ResponseCreate(event) => event.event_id.as_ref(),
            Self::ResponseCancel(event) => event.event_id.as_ref(),
            Self::Unknown(_) => None,
        }
    }

    /// The same event under an id, so that a later `error` can be matched to it.
    pub fn with_event_id(mut self, id: EventId) -> Self {
        let slot = match &mut self {
            Self::SessionUpdate(event) => &mut event.event_id,
            Self::InputAudioAppend(event) => &mut event.event_id,
            Self::InputAudioCommit(event) | Self::InputAudioClear(event) | Self::OutputAudioClear(event) => {
                &mut event.event_id
            }
            Self::ItemCreate(event) => &mut event.event_id,
            Self::ItemRetrieve(event) | Self::ItemDelete(event) => &mut event.event_id,
            Self::ItemTruncate(event) => &mut event.event_id,
            Self::ResponseCreate(event) => &mut event.event_id,
            Self::ResponseCancel(event) => &mut event.event_id,
            Self::Unknown(_) => return self,
        };
        *slot = Some(id);
        self
    }

    /// `session.update`.
    pub fn session_update(session: Session) -> Self {
        Self::SessionUpdate(Box::new(SessionUpdate {
            event_id: None,
            session,
        }))
    }

    /// `input_audio_buffer.append` of PCM16 samples at 24 kHz.
    pub fn append_pcm16(samples: &[i16]) -> Self {
        Self::InputAudioAppend(AudioAppend {
            event_id: None,
            audio: AudioBytes::from_pcm16(samples),
        })
    }

    /// `input_audio_buffer.commit`.
    pub fn commit_input() -> Self {
        Self::InputAudioCommit(BufferCommand::default())
    }

    /// `input_audio_buffer.clear`.
    pub fn clear_input() -> Self {
        Self::InputAudioClear(BufferCommand::default())
    }

    /// `conversation.item.create` at the end of the conversation.
    pub fn create_item(item: Item) -> Self {
        Self::ItemCreate(Box::new(ItemCreate {
            event_id: None,
            previous_item_id: None,
            item,
        }))
    }

    /// `conversation.item.truncate` of the first content part; `heard_ms` is audio that was really heard.
    pub fn truncate_item(item_id: ItemId, heard_ms: u64) -> Self {
        Self::ItemTruncate(ItemTruncate {
            event_id: None,
            item_id,
            content_index: 0,
            audio_end_ms: heard_ms,
        })
    }

    /// `conversation.item.delete`.
    pub fn delete_item(item_id: ItemId) -> Self {
        Self::ItemDelete(ItemSelect {
            event_id: None,
            item_id,
        })
    }

    /// `response.create`; `None` takes everything from the session.
    pub fn create_response(response: Option<ResponseParameters>) -> Self {
        Self::ResponseCreate(Box::new(ResponseCreate {
            event_id: None,
            response,
        }))
    }

    /// `response.cancel`; `None` cancels the one that runs in the session's conversation.
    pub fn cancel_response(response_id: Option<ResponseId>) -> Self {
        Self::ResponseCancel(ResponseCancel {
            event_id: None,
            response_id,
        })
    }
}

/// Payload of `session.update`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionUpdate {
    /// Id of this event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<EventId>,
    /// What to change.
    pub session: Session,
}

/// Payload of `input_audio_buffer.append`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudioAppend {
    /// Id of this event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<EventId>,
    /// Audio in the session's input format, at most 15 MiB.
    pub audio: AudioBytes,
}

/// Payload of the buffer events that say everything with their type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BufferCommand {
    /// Id of this event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<EventId>,
}

/// Payload of `conversation.item.create`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemCreate {
    /// Id of this event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<EventId>,
    /// Item to follow; `root` is the front, absent the end, an unknown id an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_item_id: Option<ItemId>,
    /// The new item.
    pub item: Item,
}

/// Payload of `conversation.item.retrieve` and `.delete`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemSelect {
    /// Id of this event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<EventId>,
    /// Which item.
    pub item_id: ItemId,
}

/// Payload of `conversation.item.truncate`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemTruncate {
    /// Id of this event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<EventId>,
    /// Which item of the model.
    pub item_id: ItemId,
    /// Which part of it; 0 in practice.
    #[serde(default, deserialize_with = "index")]
    pub content_index: u32,
    /// Where to cut, in milliseconds of that part's audio; more than it has is an error.
    #[serde(default, deserialize_with = "whole")]
    pub audio_end_ms: u64,
}

/// Payload of `response.create`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ResponseCreate {
    /// Id of this event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<EventId>,
    /// What differs from the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<ResponseParameters>,
}

/// Payload of `response.cancel`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseCancel {
    /// Id of this event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<EventId>,
    /// Which response; absent means the running one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_id: Option<ResponseId>,
}
