//! One session of the Realtime protocol, server side, as a pure state machine: what comes in, what goes out.
//!
//! Knows no socket, thread or clock. The connection carries out what it returns, in order. Order of events follows the protocol's flow of a
//! server-detected turn: `speech_started`, `speech_stopped`, `committed`, item added and done, `response.created`, transcription, the
//! reply's items and deltas, `response.done`.

mod requests;
#[cfg(test)]
mod tests;

use frontdesk_protocol::{
    ClientEvent, ErrorCode, ErrorDetail, ErrorEvent, InputCommitted, ItemEvent, ItemId, ItemStatus, Modality,
    ServerEvent, SessionEvent, SpeechStarted, SpeechStopped, StatusReason, TimeoutTriggered, TranscriptionCompleted,
    TranscriptionDelta, TranscriptionFailed, TranscriptionUsage,
};
use std::collections::VecDeque;

use jiff::Timestamp;

use super::conversation::{Conversation, Line};
use super::ear::{EarCommand, EarEvent, rest_after};
use super::ids;
use super::mouth::{MouthEvent, Speak};
use super::responses::{ActiveResponse, Outcome, ResponseSettings};
use super::settings::Settings;
use crate::dialogue::{Dialogue, Expectation, PastLine, Prompt, Reply};

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
    /// The session has reached its longest length.
    Expired,
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
    /// The number of the reply that is wanted; the mouth drops any other.
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
    aside: Option<Conversation>,
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
    /// A session and what it says first.
    pub fn begin(newcomer: Newcomer, expires_at: u64) -> (Self, Vec<Output>) {
        let settings = Settings::new(ids::session_id(), expires_at);
        let mut session = Self {
            settings,
            conversation: Conversation::default(),
            dialogue: newcomer(),
            newcomer,
            response: None,
            aside: None,
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

    fn begin_response(&mut self, mut settings: ResponseSettings, now: Timestamp) {
        self.aside = settings.context.take();
        self.serial += 1;
        let response = ActiveResponse::new(self.serial, settings);
        self.send_all(response.begun());
        self.response = Some(response);
        self.outputs.push(Output::Current(self.serial));
        self.produce_if_ready(now);
    }

    /// Answers out of band in writing: at once, and beside a response that runs.
    fn answer_beside(&mut self, mut settings: ResponseSettings, now: Timestamp) {
        let mut context = settings.context.take().unwrap_or_default();
        let mut dialogue = (self.newcomer)();
        dialogue.offer_tools(settings.tools.clone().unwrap_or_else(|| self.settings.tools()));
        let Reply { text, calls } = words_of(&mut *dialogue, &mut context, &settings, now);
        let mut response = ActiveResponse::new(self.serial, settings);
        response.calls = calls;
        let mut events = response.begun();
        response.write(&mut context, &text, &mut events);
        response.end(&mut context, Outcome::Completed, &mut events);
        self.send_all(events);
    }

    /// Asks the dialogue for the reply as soon as all words of the caller are there.
    fn produce_if_ready(&mut self, now: Timestamp) {
        // A context of its own is complete as it is.
        if self.aside.is_none() && self.conversation.awaits_words() {
            return;
        }
        let Some(mut response) = self.response.take_if(|response| response.waits_for_words) else {
            return;
        };
        response.waits_for_words = false;
        let Reply { text, calls } = self.reply(&response.settings, now);
        response.calls = calls;
        self.expect_answer_to(&text);
        let mut events = Vec::new();
        let spoken = response.settings.modality == Modality::Audio && !text.is_empty();
        let conversation = place(&mut self.aside, &mut self.conversation, response.settings.detached);
        if spoken {
            response.begin_message(conversation, &mut events);
        } else {
            response.write(conversation, &text, &mut events);
        }
        self.send_all(events);
        if !response.settings.detached && response.message.is_some() {
            self.last_reply.clone_from(&response.message);
        }
        if spoken {
            self.outputs.push(Output::Mouth(Speak {
                serial: response.serial,
                text,
                speed: self.settings.speed(),
                codec: response.settings.codec,
            }));
            self.response = Some(response);
        } else {
            self.response = Some(response);
            self.end_response(Outcome::Completed, now);
        }
    }

    fn reply(&mut self, settings: &ResponseSettings, now: Timestamp) -> Reply {
        let offer = settings.tools.clone().unwrap_or_else(|| self.settings.tools());
        if let Some(aside) = &mut self.aside {
            let mut dialogue = (self.newcomer)();
            dialogue.offer_tools(offer);
            let reply = words_of(&mut *dialogue, aside, settings, now);
            if !settings.detached {
                // Said in the conversation, though about something else.
                self.dialogue.recall(PastLine::Receptionist(&reply.text), now);
            }
            return reply;
        }
        if self
            .last_reply
            .take()
            .is_some_and(|reply| !self.conversation.was_heard(&reply))
        {
            self.dialogue.withdraw();
        }
        self.dialogue.offer_tools(offer);
        words_of(&mut *self.dialogue, &mut self.conversation, settings, now)
    }

    /// Tells the ear what kind of answer comes, where that is another than before.
    fn expect_answer_to(&mut self, reply: &str) {
        let expectation = match self.dialogue.expects() {
            Expectation::Anything => Expectation::of_question(reply),
            told => told,
        };
        if std::mem::replace(&mut self.expectation, expectation) != expectation {
            self.outputs.push(Output::Ear(EarCommand::Expect(expectation)));
        }
    }

    fn mouth(&mut self, serial: u64, event: MouthEvent, now: Timestamp) {
        let Some(response) = self.response.as_ref().filter(|response| response.serial == serial) else {
            return;
        };
        match event {
            MouthEvent::Clause { clause, deltas } => {
                let mut events = Vec::new();
                response.say(
                    place(&mut self.aside, &mut self.conversation, response.settings.detached),
                    &clause,
                    deltas,
                    &mut events,
                );
                self.send_all(events);
                self.has_spoken = true;
                self.outputs
                    .push(Output::Ear(EarCommand::ReplySounds(clause.samples.len() as u64)));
            }
            MouthEvent::End => self.end_response(Outcome::Completed, now),
            MouthEvent::Failed(reason) => {
                tracing::warn!(reason, "the local engine could not speak");
                self.end_response(Outcome::Failed(reason), now);
            }
        }
    }

    fn end_response(&mut self, outcome: Outcome, now: Timestamp) {
        if let Some(response) = self.response.take() {
            let mut events = Vec::new();
            let detached = response.settings.detached;
            response.end(
                place(&mut self.aside, &mut self.conversation, detached),
                outcome,
                &mut events,
            );
            self.aside = None;
            self.send_all(events);
        }
        if std::mem::take(&mut self.answer_waits) {
            self.answer(now);
        }
    }

    /// Stops the running response; false when none runs.
    fn cancel(&mut self, reason: StatusReason) -> bool {
        let Some(response) = self.response.take() else {
            return false;
        };
        self.serial += 1;
        self.outputs.push(Output::Current(self.serial));
        self.outputs.push(Output::Ear(EarCommand::ReplyEnded));
        let mut events = Vec::new();
        let detached = response.settings.detached;
        let place = place(&mut self.aside, &mut self.conversation, detached);
        response.end(place, Outcome::Cancelled(reason), &mut events);
        self.aside = None;
        self.send_all(events);
        true
    }
}

/// Where the items of a response belong.
fn place<'a>(
    aside: &'a mut Option<Conversation>,
    conversation: &'a mut Conversation,
    detached: bool,
) -> &'a mut Conversation {
    aside.as_mut().filter(|_| detached).unwrap_or(conversation)
}

/// Lets a dialogue answer what is open in a conversation, or speak unasked where nothing is.
fn words_of(
    dialogue: &mut dyn Dialogue,
    conversation: &mut Conversation,
    settings: &ResponseSettings,
    now: Timestamp,
) -> Reply {
    let pending = conversation.take_pending(dialogue, now);
    let mut reply = Reply::default();
    if !pending.outcomes.is_empty() {
        reply = dialogue.respond(Prompt::Outcomes(&pending.function_outcomes()), now);
    }
    if let Some((text, confidence)) = &pending.caller {
        let more = dialogue.respond(
            Prompt::Caller {
                text,
                confidence: *confidence,
            },
            now,
        );
        let text = [reply.text, more.text]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        reply = Reply { text, ..more };
    }
    if pending.outcomes.is_empty() && pending.caller.is_none() {
        let (purpose, instructions) = (settings.purpose(), settings.instructions.as_deref());
        reply = dialogue.respond(Prompt::Unprompted { purpose, instructions }, now);
    }
    reply
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
