//! From a response that was asked for to its end: what the dialogue says, part by part, on its way to mouth, paper and client.
//!
//! A reply comes whole, or in parts while a model is asked. Its parts go to the mouth as they come; the response ends when the dialogue has said
//! all and the mouth has spoken it.

use frontdesk_protocol::{ErrorCode, ErrorDetail, Modality, ResponseId, StatusReason};
use jiff::Timestamp;

use super::{Asker, Output, Session, complaint};
use crate::dialogue::{Dialogue, Expectation, ModelNews, PastLine, Prompt, Reply, Then};
use crate::server::conversation::Conversation;
use crate::server::ear::EarCommand;
use crate::server::limits::MAX_BESIDES;
use crate::server::mouth::{MouthEvent, Speak};
use crate::server::responses::{ActiveResponse, Outcome, ResponseSettings};
use crate::server::settings::{Offered, Settings};

/// What a response answers in place of the conversation, and who answers it.
pub(super) struct Aside {
    conversation: Conversation,
    dialogue: Box<dyn Dialogue>,
}

/// An answer in writing that waits for the model.
pub(super) struct Beside {
    number: u64,
    response: ActiveResponse,
    context: Conversation,
    dialogue: Box<dyn Dialogue>,
}

impl Session {
    pub(super) fn begin_response(&mut self, mut settings: ResponseSettings, now: Timestamp) {
        let dialogue = &self.newcomer;
        self.aside = settings.context.take().map(|conversation| Aside {
            conversation,
            dialogue: dialogue(),
        });
        self.serial += 1;
        let response = ActiveResponse::new(self.serial, settings);
        self.send_all(response.begun());
        self.response = Some(response);
        self.outputs.push(Output::Current(self.serial));
        self.produce_if_ready(now);
    }

    /// Answers out of band in writing: beside a response that runs, and at once where no model has to be asked.
    ///
    /// # Errors
    /// When too many such answers wait for the model.
    pub(super) fn answer_beside(&mut self, mut settings: ResponseSettings, now: Timestamp) -> Result<(), ErrorDetail> {
        if self.besides.len() >= MAX_BESIDES {
            let message = "too many responses out of band wait for an answer; wait for one of them";
            return Err(complaint(ErrorCode::Other("rate_limit_exceeded".to_owned()), message));
        }
        let mut context = settings.context.take().unwrap_or_default();
        let mut dialogue = (self.newcomer)();
        prepare(&mut *dialogue, &self.settings, &settings);
        let reply = words_of(&mut *dialogue, &mut context, &settings, now);
        self.besides_begun += 1;
        let response = ActiveResponse::new(self.serial, settings);
        self.send_all(response.begun());
        let beside = Beside {
            number: self.besides_begun,
            response,
            context,
            dialogue,
        };
        self.write_beside(beside, reply);
        Ok(())
    }

    /// The next part of an answer beside the conversation.
    fn write_beside(&mut self, mut beside: Beside, reply: Reply) {
        let mut events = Vec::new();
        beside.response.write(&mut beside.context, &reply.text, &mut events);
        let asker = Asker::Beside(beside.number);
        match reply.then {
            Then::Done => {
                beside.response.calls = reply.calls;
                beside
                    .response
                    .end(&mut beside.context, Outcome::Completed, &mut events);
                self.outputs.push(Output::Forget(asker));
            }
            Then::Ask(question) => {
                self.outputs.push(Output::Ask { asker, question });
                self.besides.push(beside);
            }
            Then::GoOn => self.besides.push(beside),
        }
        self.send_all(events);
    }

    /// Stops an answer beside the conversation; false when there is none such.
    pub(super) fn cancel_beside(&mut self, wanted: &ResponseId) -> bool {
        let Some(at) = self.besides.iter().position(|beside| beside.response.id == *wanted) else {
            return false;
        };
        let mut beside = self.besides.remove(at);
        let mut events = Vec::new();
        let outcome = Outcome::Cancelled(StatusReason::ClientCancelled);
        beside.response.end(&mut beside.context, outcome, &mut events);
        self.outputs.push(Output::Forget(Asker::Beside(beside.number)));
        self.send_all(events);
        true
    }

    /// Asks the dialogue for the reply as soon as all words of the caller are there.
    pub(super) fn produce_if_ready(&mut self, now: Timestamp) {
        // A context of its own is complete as it is.
        if self.aside.is_none() && self.conversation.awaits_words() {
            return;
        }
        let Some(mut response) = self.response.take_if(|response| response.waits_for_words) else {
            return;
        };
        response.waits_for_words = false;
        let reply = self.reply(&response.settings, now);
        self.carry_on(response, reply, now);
    }

    fn reply(&mut self, settings: &ResponseSettings, now: Timestamp) -> Reply {
        if let Some(mut aside) = self.aside.take() {
            prepare(&mut *aside.dialogue, &self.settings, settings);
            let reply = words_of(&mut *aside.dialogue, &mut aside.conversation, settings, now);
            self.aside = Some(aside);
            return reply;
        }
        if self
            .last_reply
            .take()
            .is_some_and(|reply| !self.conversation.was_heard(&reply))
        {
            self.dialogue.withdraw();
        }
        prepare(&mut *self.dialogue, &self.settings, settings);
        words_of(&mut *self.dialogue, &mut self.conversation, settings, now)
    }

    /// The model has something for a reply.
    pub(super) fn model(&mut self, asker: Asker, news: ModelNews, now: Timestamp) {
        match asker {
            Asker::Reply(serial) => {
                let Some(response) = self.response.take_if(|response| response.serial == serial) else {
                    return;
                };
                let dialogue = match &mut self.aside {
                    Some(aside) => &mut aside.dialogue,
                    None => &mut self.dialogue,
                };
                let reply = dialogue.go_on(news, now);
                self.carry_on(response, reply, now);
            }
            Asker::Beside(number) => {
                let Some(at) = self.besides.iter().position(|beside| beside.number == number) else {
                    return;
                };
                let mut beside = self.besides.remove(at);
                let reply = beside.dialogue.go_on(news, now);
                self.write_beside(beside, reply);
            }
        }
    }

    /// Puts the next part of a reply on its way.
    fn carry_on(&mut self, mut response: ActiveResponse, reply: Reply, now: Timestamp) {
        let Reply { text, calls, then } = reply;
        let (serial, detached) = (response.serial, response.settings.detached);
        let is_voice = response.settings.modality == Modality::Audio;
        let mut events = Vec::new();
        let conversation = place(&mut self.aside, &mut self.conversation, detached);
        if !is_voice {
            response.write(conversation, &text, &mut events);
        } else if !text.is_empty() && response.message.is_none() {
            response.begin_message(conversation, &mut events);
        }
        self.send_all(events);
        if !detached && response.message.is_some() {
            self.last_reply.clone_from(&response.message);
        }
        if self.aside.is_some() && !detached && !text.is_empty() {
            // Said in the conversation, though about something else.
            self.dialogue.recall(PastLine::Receptionist(&text), now);
        }
        if !text.is_empty() && !detached {
            // The question may have come in parts.
            response.words.push_str(&text);
            self.expect_answer_to(&response.words);
        }
        let is_last = then == Then::Done;
        let speaks = is_voice && response.message.is_some();
        if speaks && (is_last || !text.is_empty()) {
            self.outputs.push(Output::Mouth(Speak {
                serial,
                text,
                is_last,
                voice: self.settings.local_voice(response.settings.voice.as_ref()),
                speed: self.settings.speed(),
                codec: response.settings.codec,
            }));
        }
        response.calls = calls;
        self.response = Some(response);
        match then {
            Then::Ask(question) => {
                let asker = Asker::Reply(serial);
                self.outputs.push(Output::Ask { asker, question });
            }
            Then::GoOn => {}
            Then::Done => {
                self.outputs.push(Output::Forget(Asker::Reply(serial)));
                if !speaks {
                    self.end_response(Outcome::Completed, now);
                }
            }
        }
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

    pub(super) fn mouth(&mut self, serial: u64, event: MouthEvent, now: Timestamp) {
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
                // What the model still says is for nobody.
                self.outputs.push(Output::Forget(Asker::Reply(serial)));
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
    pub(super) fn cancel(&mut self, reason: StatusReason) -> bool {
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

/// Tells a dialogue what the client wants of the next reply.
fn prepare(dialogue: &mut dyn Dialogue, session: &Settings, response: &ResponseSettings) {
    let Offered { tools, wish } = response.tools.clone().unwrap_or_else(|| session.tools());
    dialogue.offer_tools(tools, wish);
    dialogue.instruct(
        session.instructions(),
        response.instructions.as_deref().unwrap_or_default(),
    );
}

/// Where the items of a response belong.
fn place<'a>(aside: &'a mut Option<Aside>, conversation: &'a mut Conversation, detached: bool) -> &'a mut Conversation {
    match aside {
        Some(aside) if detached => &mut aside.conversation,
        _ => conversation,
    }
}

/// Lets a dialogue answer what is open in a conversation, or speak unasked where nothing is.
fn words_of(
    dialogue: &mut dyn Dialogue,
    conversation: &mut Conversation,
    settings: &ResponseSettings,
    now: Timestamp,
) -> Reply {
    let pending = conversation.take_pending(dialogue, now);
    dialogue.look_back(&mut conversation.heard());
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
