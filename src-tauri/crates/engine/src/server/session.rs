//! One session of the Realtime protocol, server side, as a pure state machine: what comes in, what goes out.
//!
//! Knows no socket, thread or clock. The connection carries out what it returns, in order. Order of events follows the protocol's flow of a
//! server-detected turn: `speech_started`, `speech_stopped`, `committed`, item added and done, `response.created`, transcription, the
//! reply's items and deltas, `response.done`.

mod replies;
mod requests;
#[cfg(test)]
mod tests;

use frontdesk_protocol::{
    ClientEvent, ErrorCode, ErrorDetail, ErrorEvent, InputCommitted, ItemEvent, ItemId, ItemStatus, ServerEvent,
    SessionEvent, SpeechStarted, SpeechStopped, StatusReason, TimeoutTriggered, TranscriptionCompleted,
    TranscriptionDelta, TranscriptionFailed, TranscriptionUsage,
};
use std::collections::VecDeque;

use jiff::Timestamp;

use super::conversation::{Conversation, Line};
use super::ear::{EarCommand, EarEvent, rest_after};
use super::ids;
use super::mouth::{MouthEvent, Speak};
use super::responses::{ActiveResponse, ResponseSettings};
use super::settings::Settings;
use crate::dialogue::{Dialogue, Expectation, ModelNews, ModelQuestion};
use crate::speech::LocalVoice;
use replies::{Aside, Beside};

/// What comes in.
#[derive(Debug)]
pub(crate) enum Input {
    /// An event of the client, or what is answered to one that could not be read.
    Client(Result<ClientEvent, ErrorDetail>),
    /// The ear tells something.
    Ear(EarEvent),
    /// The mouth tells something about a reply.
    Mouth {
        /// The reply's number.
        serial: u64,
        /// What.
        event: MouthEvent,
    },
    /// The model tells something about a question.
    Model {
        /// Whose question.
        asker: Asker,
        /// What.
        news: ModelNews,
    },
    /// The session has reached its longest length.
    Expired,
}

/// Who asks the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    /// The reply of this number.
    Reply(u64),
    /// An answer in writing that stands beside the conversation, by its own number.
    Beside(u64),
}

/// What goes out.
#[derive(Debug)]
pub(crate) enum Output {
    /// To the client.
    Send(ServerEvent),
    /// To the ear.
    Ear(EarCommand),
    /// To the mouth.
    Mouth(Speak),
    /// To the model. An earlier question of the same asker is dropped.
    Ask {
        /// Whose question.
        asker: Asker,
        /// The question.
        question: Box<ModelQuestion>,
    },
    /// The model's answer is not wanted any more.
    Forget(Asker),
    /// The number of the reply that is wanted; the mouth and the model drop any other.
    Current(u64),
    /// Close the connection.
    Close {
        /// WebSocket close code.
        code: u16,
        /// At most 123 bytes.
        reason: &'static str,
    },
}

/// Makes a dialogue that remembers nothing.
pub(crate) type Newcomer = Box<dyn Fn() -> Box<dyn Dialogue> + Send>;

/// A turn of the caller whose text is not known yet.
struct SpokenTurn {
    /// The item that it becomes.
    item: ItemId,
    /// The words that were told already.
    told: String,
}

impl SpokenTurn {
    fn begin() -> Self {
        Self {
            item: ids::item_id(),
            told: String::new(),
        }
    }
}

/// The state of one session.
pub(crate) struct Session {
    settings: Settings,
    conversation: Conversation,
    dialogue: Box<dyn Dialogue>,
    /// For responses with a context of their own.
    newcomer: Newcomer,
    response: Option<ActiveResponse>,
    /// What the running response answers in place of the conversation; one out of band writes there, too.
    aside: Option<Aside>,
    /// Answers in writing that stand beside the conversation and wait for the model.
    besides: Vec<Beside>,
    /// Numbers them.
    besides_begun: u64,
    /// Numbers the replies.
    serial: u64,
    /// The turn that is being spoken.
    open_turn: Option<SpokenTurn>,
    /// Turns whose words are being written down, in the order in which the ear will tell them.
    unwritten: VecDeque<SpokenTurn>,
    /// The last message that was (partly) sent, to learn whether it was heard.
    last_reply: Option<ItemId>,
    /// A turn ended while a response ran that may not be interrupted: it is answered afterwards.
    answer_waits: bool,
    /// Audio of a reply went out.
    has_spoken: bool,
    /// What kind of answer the ear was told to wait for.
    expectation: Expectation,
    /// Audio appended since the last commit or clear, in microseconds.
    buffered_us: u64,
    outputs: Vec<Output>,
}

impl Session {
    /// A session and what it says first. `voices` are those that it can speak with.
    pub fn begin(newcomer: Newcomer, voices: Vec<LocalVoice>, expires_at: u64) -> (Self, Vec<Output>) {
        let settings = Settings::new(ids::session_id(), voices, expires_at);
        let mut session = Self {
            settings,
            conversation: Conversation::default(),
            dialogue: newcomer(),
            newcomer,
            response: None,
            aside: None,
            besides: Vec::new(),
            besides_begun: 0,
            serial: 0,
            open_turn: None,
            unwritten: VecDeque::new(),
            last_reply: None,
            answer_waits: false,
            has_spoken: false,
            expectation: Expectation::default(),
            buffered_us: 0,
            outputs: Vec::new(),
        };
        let created = SessionEvent {
            session: session.settings.effective(),
        };
        session.send(ServerEvent::SessionCreated(Box::new(created)));
        session
            .outputs
            .push(Output::Ear(EarCommand::Configure(session.settings.turns())));
        let outputs = std::mem::take(&mut session.outputs);
        (session, outputs)
    }

    /// Takes one input; returns what follows from it, in order.
    pub fn step(&mut self, input: Input, now: Timestamp) -> Vec<Output> {
        match input {
            Input::Client(Ok(event)) => {
                let event_id = event.event_id().cloned();
                if let Err(mut error) = self.client(event, now) {
                    error.event_id = event_id;
                    self.send(ServerEvent::Error(ErrorEvent { error }));
                }
            }
            Input::Client(Err(error)) => self.send(ServerEvent::Error(ErrorEvent { error })),
            Input::Ear(event) => self.ear(event, now),
            Input::Mouth { serial, event } => self.mouth(serial, event, now),
            Input::Model { asker, news } => self.model(asker, news, now),
            Input::Expired => {
                let message = "the session has reached its maximum length";
                self.send(ServerEvent::Error(ErrorEvent {
                    error: complaint(ErrorCode::SessionExpired, message),
                }));
                self.outputs.push(Output::Close {
                    code: 1001,
                    reason: "session expired",
                });
            }
        }
        std::mem::take(&mut self.outputs)
    }

    fn send(&mut self, event: ServerEvent) {
        self.outputs.push(Output::Send(event));
    }

    fn send_all(&mut self, events: Vec<ServerEvent>) {
        self.outputs.extend(events.into_iter().map(Output::Send));
    }

    fn ear(&mut self, event: EarEvent, now: Timestamp) {
        match event {
            EarEvent::Started { audio_start_ms } => {
                let turn = SpokenTurn::begin();
                self.send(ServerEvent::SpeechStarted(SpeechStarted {
                    audio_start_ms,
                    item_id: Some(turn.item.clone()),
                }));
                self.open_turn = Some(turn);
                if self.settings.turn_taking().interrupts {
                    self.cancel(StatusReason::TurnDetected);
                }
            }
            EarEvent::Words(words) => self.tell_words(&words),
            EarEvent::Idle {
                audio_start_ms,
                audio_end_ms,
            } => self.idle(audio_start_ms, audio_end_ms, now),
            EarEvent::Stopped { audio_end_ms } => {
                let turn = self.open_turn.take().unwrap_or_else(SpokenTurn::begin);
                self.send(ServerEvent::SpeechStopped(SpeechStopped {
                    audio_end_ms,
                    item_id: Some(turn.item.clone()),
                }));
                self.commit(turn);
                if self.settings.turn_taking().answers {
                    self.answer(now);
                }
            }
            EarEvent::Text {
                text,
                confidence,
                seconds,
            } => {
                if let Some(turn) = self.unwritten.pop_front() {
                    self.write_down(turn, text, confidence, seconds, now);
                }
            }
            EarEvent::Failed(reason) => {
                tracing::warn!(reason, "the local engine could not hear");
                if let Some(SpokenTurn { item: item_id, .. }) = self.unwritten.pop_front() {
                    let error = ErrorDetail {
                        kind: Some("server_error".to_owned()),
                        message: reason,
                        ..ErrorDetail::default()
                    };
                    self.conversation.write_down(&item_id, String::new(), 0.0);
                    self.send(ServerEvent::TranscriptionFailed(TranscriptionFailed {
                        item_id,
                        content_index: 0,
                        error,
                    }));
                    self.produce_if_ready(now);
                }
            }
        }
    }

    /// Nobody speaks: the silence becomes an item without words, and a response asks whether somebody is there.
    fn idle(&mut self, audio_start_ms: u64, audio_end_ms: u64, now: Timestamp) {
        if self.response.is_some() || self.conversation.awaits_words() {
            return;
        }
        let item_id = ids::item_id();
        self.send(ServerEvent::TimeoutTriggered(TimeoutTriggered {
            audio_start_ms,
            audio_end_ms,
            item_id: item_id.clone(),
        }));
        self.commit_as(item_id, Line::Silence);
        let settings = self.session_response();
        self.begin_response(settings, now);
    }

    /// The audio of a turn becomes an item whose words come later.
    fn commit(&mut self, turn: SpokenTurn) {
        let item_id = turn.item.clone();
        self.unwritten.push_back(turn);
        let line = Line::Caller {
            text: None,
            confidence: 0.0,
            spoken: true,
        };
        self.commit_as(item_id, line);
    }

    fn commit_as(&mut self, item_id: ItemId, line: Line) {
        let previous_item_id = self.conversation.last_id();
        self.conversation.push(item_id.clone(), line, ItemStatus::Completed);
        self.buffered_us = 0;
        let committed = InputCommitted {
            previous_item_id: previous_item_id.clone(),
            item_id: Some(item_id.clone()),
        };
        self.send(ServerEvent::InputCommitted(committed));
        if let Some(item) = self.conversation.entry(&item_id).map(|entry| entry.item()) {
            let event = ItemEvent { previous_item_id, item };
            self.send(ServerEvent::ItemAdded(Box::new(event.clone())));
            self.send(ServerEvent::ItemDone(Box::new(event)));
        }
    }

    /// Words of the turn that is being spoken. A turn that was committed or cleared meanwhile gets no more of them.
    fn tell_words(&mut self, words: &str) {
        if let Some(turn) = self
            .open_turn
            .as_mut()
            .filter(|_| self.settings.transcription().is_some())
        {
            turn.told.push_str(words);
            let item_id = turn.item.clone();
            self.send_words(item_id, words);
        }
    }

    fn send_words(&mut self, item_id: ItemId, words: &str) {
        self.send(ServerEvent::TranscriptionDelta(TranscriptionDelta {
            item_id,
            content_index: 0,
            delta: words.to_owned(),
            logprobs: None,
        }));
    }

    fn write_down(&mut self, turn: SpokenTurn, text: String, confidence: f32, seconds: f64, now: Timestamp) {
        let SpokenTurn { item: item_id, told } = turn;
        self.conversation.write_down(&item_id, text.clone(), confidence);
        if self.settings.transcription().is_some() {
            // Where the recogniser has changed its mind about words that were told, the whole text that follows is what counts.
            if let Some(rest) = rest_after(&text, &told).filter(|rest| !rest.is_empty()) {
                self.send_words(item_id.clone(), rest);
            }
            self.send(ServerEvent::TranscriptionCompleted(TranscriptionCompleted {
                item_id,
                content_index: 0,
                transcript: text,
                usage: Some(TranscriptionUsage::Duration { seconds }),
                logprobs: None,
            }));
        }
        self.produce_if_ready(now);
    }

    /// Answers a turn that the server found, now or after the running response.
    fn answer(&mut self, now: Timestamp) {
        if self.response.is_some() {
            self.answer_waits = true;
        } else {
            let settings = self.session_response();
            self.begin_response(settings, now);
        }
    }

    fn session_response(&self) -> ResponseSettings {
        ResponseSettings {
            modality: self.settings.modality(),
            voice: self.settings.voice(),
            codec: self.settings.output_codec(),
            max_output_tokens: self.settings.effective().settings.max_output_tokens,
            metadata: None,
            instructions: None,
            tools: None,
            detached: false,
            context: None,
        }
    }
}

/// An error of the client's making.
pub(super) fn complaint(code: ErrorCode, message: &str) -> ErrorDetail {
    ErrorDetail {
        kind: Some("invalid_request_error".to_owned()),
        code: Some(code),
        message: message.to_owned(),
        ..ErrorDetail::default()
    }
}
