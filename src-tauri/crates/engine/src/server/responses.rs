//! One response as a series of events: what is sent when it begins, grows and ends.
//!
//! Pure: it writes events into a list and knows nothing of sockets or threads. The order is the one that clients of the protocol expect.

use std::collections::BTreeMap;

use frontdesk_protocol::{
    AudioBytes, AudioDelta, ContentPartEvent, ContentPosition, ErrorCode, ErrorDetail, FunctionArgumentsDelta,
    FunctionArgumentsDone, Item, ItemEvent, ItemId, ItemStatus, MaxOutputTokens, Modality, OutputItemEvent,
    RateLimitsUpdated, Response, ResponseAudio, ResponseAudioOutput, ResponseEvent, ResponseId, ResponsePart,
    ResponseStatus, ServerEvent, StatusDetails, StatusReason, TextDelta, TextDone, TranscriptDone, Usage, Voice,
};

use super::codec::Codec;
use super::conversation::{Conversation, Line};
use super::ids;
use super::settings::Offered;
use crate::dialogue::{FunctionRequest, Purpose};
use crate::speech::{SpokenClause, clauses};

/// Metadata label by which the product's own client says what a response is for.
const PURPOSE_LABEL: &str = "frontdesk_purpose";

/// How a response differs from the session.
#[derive(Clone, Debug)]
pub(crate) struct ResponseSettings {
    /// Audio or text.
    pub modality: Modality,
    /// Shown in the response.
    pub voice: Option<Voice>,
    /// Format of its sound.
    pub codec: Codec,
    /// Shown in the response.
    pub max_output_tokens: Option<MaxOutputTokens>,
    /// The client's labels.
    pub metadata: Option<BTreeMap<String, String>>,
    /// Instructions of this response alone.
    pub instructions: Option<String>,
    /// Functions of this response alone; none means the session's.
    pub tools: Option<Offered>,
    /// Out of band: what it says does not enter the conversation.
    pub detached: bool,
    /// What it answers in place of the conversation.
    pub context: Option<Conversation>,
}

impl ResponseSettings {
    /// What the words are for, as the client's label says.
    pub fn purpose(&self) -> Purpose {
        let label = self
            .metadata
            .as_ref()
            .and_then(|labels| labels.get(PURPOSE_LABEL))
            .map(String::as_str);
        match label {
            Some("greeting") => Purpose::Greeting,
            Some("idleQuestion") => Purpose::IdleQuestion,
            Some("goodbye") => Purpose::Goodbye,
            _ => Purpose::Open,
        }
    }
}

/// The response that runs.
#[derive(Clone, Debug)]
pub(crate) struct ActiveResponse {
    /// Its id.
    pub id: ResponseId,
    /// Number for the mouth; larger is later.
    pub serial: u64,
    /// How it differs from the session.
    pub settings: ResponseSettings,
    /// The message in it, once it has one.
    pub message: Option<ItemId>,
    /// All words of the reply so far.
    pub words: String,
    /// Functions to call after the message.
    pub calls: Vec<FunctionRequest>,
    /// Waits for the caller's words to be written down.
    pub waits_for_words: bool,
    output: Vec<ItemId>,
}

/// How a response ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Whole.
    Completed,
    /// Stopped, and why.
    Cancelled(StatusReason),
    /// The engine could not. In plain words.
    Failed(String),
}

impl ActiveResponse {
    /// A response that has just been asked for.
    pub fn new(serial: u64, settings: ResponseSettings) -> Self {
        Self {
            id: ids::response_id(),
            serial,
            settings,
            message: None,
            words: String::new(),
            calls: Vec::new(),
            waits_for_words: true,
            output: Vec::new(),
        }
    }

    /// `response.created`, and the limits of rate: the engine has none, and says so.
    pub fn begun(&self) -> Vec<ServerEvent> {
        let created = ResponseEvent {
            response: self.shown(ResponseStatus::InProgress, Vec::new()),
        };
        let limits = RateLimitsUpdated {
            rate_limits: Vec::new(),
        };
        vec![
            ServerEvent::ResponseCreated(Box::new(created)),
            ServerEvent::RateLimitsUpdated(limits),
        ]
    }

    fn shown(&self, status: ResponseStatus, output: Vec<Item>) -> Response {
        let voice = self
            .settings
            .voice
            .clone()
            .filter(|_| self.settings.modality == Modality::Audio);
        let audio = ResponseAudio {
            output: Some(ResponseAudioOutput {
                format: Some(self.settings.codec.format()),
                voice,
            }),
        };
        Response {
            id: Some(self.id.clone()),
            object: Some("realtime.response".to_owned()),
            status: Some(status),
            output,
            conversation_id: (!self.settings.detached).then(|| CONVERSATION.to_owned()),
            output_modalities: Some(vec![self.settings.modality.clone()]),
            audio: (self.settings.modality == Modality::Audio).then_some(audio),
            max_output_tokens: Some(self.settings.max_output_tokens.unwrap_or(MaxOutputTokens::Unlimited)),
            metadata: self.settings.metadata.clone(),
            ..Response::default()
        }
    }

    fn at(&self, item: &ItemId) -> ContentPosition {
        ContentPosition {
            response_id: self.id.clone(),
            item_id: item.clone(),
            output_index: self.index_of(item),
            content_index: 0,
        }
    }

    fn index_of(&self, item: &ItemId) -> u32 {
        self.output
            .iter()
            .position(|known| known == item)
            .and_then(|at| u32::try_from(at).ok())
            .unwrap_or_default()
    }

    /// Begins an item: it enters the response and the conversation.
    fn begin_item(&mut self, conversation: &mut Conversation, line: Line, events: &mut Vec<ServerEvent>) -> ItemId {
        let id = ids::item_id();
        let previous_item_id = conversation.last_id();
        conversation.push(id.clone(), line, ItemStatus::InProgress);
        self.output.push(id.clone());
        if let Some(item) = conversation.entry(&id).map(|entry| begun(entry.item())) {
            let output_index = self.index_of(&id);
            let added = OutputItemEvent {
                response_id: self.id.clone(),
                output_index,
                item: item.clone(),
            };
            events.push(ServerEvent::OutputItemAdded(Box::new(added)));
            if !self.settings.detached {
                events.push(ServerEvent::ItemAdded(Box::new(ItemEvent { previous_item_id, item })));
            }
        }
        id
    }

    /// Ends an item.
    fn end_item(
        &self,
        conversation: &mut Conversation,
        id: &ItemId,
        status: ItemStatus,
        events: &mut Vec<ServerEvent>,
    ) {
        conversation.finish(id, status);
        // An item that the client has deleted meanwhile is gone from the conversation, and there is nothing left to tell.
        let Some(item) = conversation.entry(id).map(|entry| entry.item()) else {
            return;
        };
        let done = OutputItemEvent {
            response_id: self.id.clone(),
            output_index: self.index_of(id),
            item: item.clone(),
        };
        events.push(ServerEvent::OutputItemDone(Box::new(done)));
        if !self.settings.detached {
            let previous_item_id = conversation.id_before(id);
            events.push(ServerEvent::ItemDone(Box::new(ItemEvent { previous_item_id, item })));
        }
    }

    /// Begins the message.
    pub fn begin_message(&mut self, conversation: &mut Conversation, events: &mut Vec<ServerEvent>) {
        let spoken = self.settings.modality == Modality::Audio;
        let line = Line::Receptionist {
            text: String::new(),
            spoken,
            samples: 0,
            unheard: false,
            clauses: Vec::new(),
            heard: None,
        };
        let id = self.begin_item(conversation, line, events);
        let part = if spoken {
            ResponsePart::Audio {
                transcript: Some(String::new()),
            }
        } else {
            ResponsePart::Text { text: String::new() }
        };
        events.push(ServerEvent::ContentPartAdded(ContentPartEvent {
            at: self.at(&id),
            part: Some(part),
        }));
        self.message = Some(id);
    }

    /// Adds a clause to the message: its words, then its sound in small pieces.
    pub fn say(
        &self,
        conversation: &mut Conversation,
        clause: &SpokenClause,
        deltas: Vec<AudioBytes>,
        events: &mut Vec<ServerEvent>,
    ) {
        let Some(id) = &self.message else { return };
        conversation.say(id, clause);
        let delta = TextDelta {
            at: self.at(id),
            delta: clause.text.clone(),
        };
        if self.settings.modality == Modality::Text {
            events.push(ServerEvent::OutputTextDelta(delta));
            return;
        }
        events.push(ServerEvent::OutputTranscriptDelta(delta));
        for delta in deltas {
            let ContentPosition {
                response_id,
                item_id,
                output_index,
                content_index,
            } = self.at(id);
            events.push(ServerEvent::OutputAudioDelta(AudioDelta {
                response_id,
                item_id,
                output_index,
                content_index,
                delta,
            }));
        }
    }

    /// The message in writing, or its next part; nothing when there are no words.
    pub fn write(&mut self, conversation: &mut Conversation, text: &str, events: &mut Vec<ServerEvent>) {
        if text.is_empty() {
            return;
        }
        if self.message.is_none() {
            self.begin_message(conversation, events);
        }
        for clause in clauses(text) {
            let silent = SpokenClause {
                text: text[clause.range].to_owned(),
                samples: Vec::new(),
                speech_samples: 0,
            };
            self.say(conversation, &silent, Vec::new(), events);
        }
    }

    /// Ends the message, whole or not.
    fn end_message(&self, conversation: &mut Conversation, status: ItemStatus, events: &mut Vec<ServerEvent>) {
        let Some(id) = &self.message else { return };
        let text = match conversation.entry(id).map(|entry| &entry.line) {
            Some(Line::Receptionist { text, .. }) => text.clone(),
            _ => String::new(),
        };
        let at = self.at(id);
        let part = if self.settings.modality == Modality::Audio {
            events.push(ServerEvent::OutputAudioDone(at.clone()));
            events.push(ServerEvent::OutputTranscriptDone(TranscriptDone {
                at: at.clone(),
                transcript: text.clone(),
            }));
            ResponsePart::Audio { transcript: Some(text) }
        } else {
            events.push(ServerEvent::OutputTextDone(TextDone {
                at: at.clone(),
                text: text.clone(),
            }));
            ResponsePart::Text { text }
        };
        events.push(ServerEvent::ContentPartDone(ContentPartEvent { at, part: Some(part) }));
        self.end_item(conversation, id, status, events);
    }

    /// Calls the functions.
    fn call_functions(&mut self, conversation: &mut Conversation, events: &mut Vec<ServerEvent>) {
        for FunctionRequest { name, arguments } in std::mem::take(&mut self.calls) {
            let call_id = ids::call_id();
            let line = Line::Call {
                name: name.clone(),
                arguments: arguments.clone(),
                call_id: call_id.clone(),
            };
            let id = self.begin_item(conversation, line, events);
            let ContentPosition {
                response_id,
                item_id,
                output_index,
                ..
            } = self.at(&id);
            let delta = FunctionArgumentsDelta {
                response_id: response_id.clone(),
                item_id: item_id.clone(),
                output_index,
                call_id: Some(call_id.clone()),
                delta: arguments.clone(),
            };
            events.push(ServerEvent::FunctionArgumentsDelta(delta));
            let done = FunctionArgumentsDone {
                response_id,
                item_id,
                output_index,
                call_id: Some(call_id),
                name: Some(name),
                arguments,
            };
            events.push(ServerEvent::FunctionArgumentsDone(done));
            self.end_item(conversation, &id, ItemStatus::Completed, events);
        }
    }

    /// Ends the response.
    pub fn end(mut self, conversation: &mut Conversation, outcome: Outcome, events: &mut Vec<ServerEvent>) {
        let whole = outcome == Outcome::Completed;
        self.end_message(
            conversation,
            if whole {
                ItemStatus::Completed
            } else {
                ItemStatus::Incomplete
            },
            events,
        );
        if whole {
            self.call_functions(conversation, events);
        }
        let output = self
            .output
            .iter()
            .filter_map(|id| conversation.entry(id))
            .map(|entry| entry.item())
            .collect();
        let (status, status_details) = match outcome {
            Outcome::Completed => (ResponseStatus::Completed, None),
            Outcome::Cancelled(reason) => {
                let details = StatusDetails {
                    kind: Some(ResponseStatus::Cancelled),
                    reason: Some(reason),
                    error: None,
                };
                (ResponseStatus::Cancelled, Some(details))
            }
            Outcome::Failed(message) => {
                let error = ErrorDetail {
                    kind: Some("server_error".to_owned()),
                    code: Some(ErrorCode::ServerError),
                    message,
                    ..ErrorDetail::default()
                };
                let details = StatusDetails {
                    kind: Some(ResponseStatus::Failed),
                    reason: None,
                    error: Some(error),
                };
                (ResponseStatus::Failed, Some(details))
            }
        };
        // There are no tokens here; clients that add up cost read zeros.
        let response = Response {
            status_details,
            usage: Some(Usage::default()),
            ..self.shown(status, output)
        };
        events.push(ServerEvent::ResponseDone(Box::new(ResponseEvent { response })));
    }
}

/// The one conversation of a session.
const CONVERSATION: &str = "conv_1";

/// An item as it is announced: nothing said, no arguments yet.
fn begun(item: Item) -> Item {
    match item {
        Item::Message(message) => Item::Message(frontdesk_protocol::Message {
            content: Vec::new(),
            ..message
        }),
        Item::FunctionCall(call) => Item::FunctionCall(frontdesk_protocol::FunctionCall {
            arguments: String::new(),
            ..call
        }),
        other => other,
    }
}
