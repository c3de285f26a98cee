//! The protocol's side of the double: client events in, steps out. Pure, no clock and no socket.

use std::collections::VecDeque;
use std::time::Duration;

use frontdesk_protocol::*;

use super::script::{CallerTurn, Reply, Script, TranscriptTiming, error};
use super::settings::{default_settings, merge};

/// Milliseconds of PCM16 at 24 kHz are 48 bytes each.
const BYTES_PER_MS: u64 = 48;

/// Least audio that may be committed.
const LEAST_COMMIT_MS: u64 = 100;

/// One thing to send or to wait for.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Send this event.
    Send(ServerEvent),
    /// Wait before the next step.
    Pause(Duration),
}

/// State of one session.
pub(crate) struct Conversation {
    session: EffectiveSession,
    pub(crate) replies: VecDeque<Reply>,
    turns: VecDeque<CallerTurn>,
    pub(crate) steps: VecDeque<Step>,
    /// The response whose steps are not all done.
    pub(crate) active: Option<ResponseId>,
    /// The turn that is being spoken, with its item.
    speaking: Option<(CallerTurn, ItemId)>,
    pub(crate) last_item: Option<ItemId>,
    heard_bytes: u64,
    uncommitted_bytes: u64,
    coined: u64,
}

impl Conversation {
    pub(crate) fn new(script: &Script) -> Self {
        let mut conversation = Self {
            session: EffectiveSession::default(),
            replies: script.replies.clone().into(),
            turns: script.turns.clone().into(),
            steps: VecDeque::new(),
            active: None,
            speaking: None,
            last_item: None,
            heard_bytes: 0,
            uncommitted_bytes: 0,
            coined: 0,
        };
        conversation.session = EffectiveSession {
            id: Some("sess_double".into()),
            object: Some("realtime.session".to_owned()),
            expires_at: None,
            settings: default_settings(),
        };
        let session = conversation.session.clone();
        conversation.send(ServerEvent::SessionCreated(Box::new(SessionEvent { session })));
        conversation
    }

    /// The next step, if there is one.
    pub(crate) fn next_step(&mut self) -> Option<Step> {
        let step = self.steps.pop_front();
        if let Some(Step::Send(ServerEvent::ResponseDone(done))) = &step
            && done.response.id == self.active
        {
            self.active = None;
        }
        step
    }

    /// True when something waits to be sent.
    pub(crate) fn has_steps(&self) -> bool {
        !self.steps.is_empty()
    }

    /// An id that was not used before on this connection.
    pub(crate) fn coin(&mut self, prefix: &str) -> String {
        self.coined += 1;
        format!("{prefix}_{}", self.coined)
    }

    /// Answers one client event.
    pub(crate) fn handle(&mut self, event: ClientEvent) {
        let event_id = event.event_id().cloned();
        match event {
            ClientEvent::SessionUpdate(update) => self.update_session(update.session),
            ClientEvent::InputAudioAppend(append) => self.hear(append.audio.len() as u64),
            ClientEvent::InputAudioCommit(_) => self.commit(event_id),
            ClientEvent::InputAudioClear(_) => {
                self.uncommitted_bytes = 0;
                self.send(ServerEvent::InputCleared(NoMembers {}));
            }
            ClientEvent::ItemCreate(create) => self.create_item(create.item),
            ClientEvent::ItemRetrieve(select) => {
                self.complain(
                    "invalid_request_error",
                    "item_retrieve_item_not_found",
                    Some(select.item_id.as_str()),
                    event_id,
                );
            }
            ClientEvent::ItemTruncate(truncate) => self.send(ServerEvent::ItemTruncated(ItemTruncated {
                item_id: truncate.item_id,
                content_index: truncate.content_index,
                audio_end_ms: truncate.audio_end_ms,
            })),
            ClientEvent::ItemDelete(select) => self.send(ServerEvent::ItemDeleted(ItemRef {
                item_id: select.item_id,
            })),
            ClientEvent::ResponseCreate(create) => {
                let parameters = create.response.unwrap_or_default();
                if self.active.is_some() && parameters.conversation != Some(ConversationScope::Detached) {
                    self.complain(
                        "invalid_request_error",
                        "conversation_already_has_active_response",
                        None,
                        event_id,
                    );
                } else {
                    self.respond(&parameters);
                }
            }
            ClientEvent::ResponseCancel(_) if self.active.is_some() => self.cancel(StatusReason::ClientCancelled),
            ClientEvent::ResponseCancel(_) => {
                self.complain("invalid_request_error", "response_cancel_not_active", None, event_id);
            }
            ClientEvent::OutputAudioClear(_) | ClientEvent::Unknown(_) => {
                self.complain(
                    "invalid_request_error",
                    "unknown_or_invalid_event",
                    Some("type"),
                    event_id,
                );
            }
        }
    }

    pub(crate) fn send(&mut self, event: ServerEvent) {
        self.steps.push_back(Step::Send(event));
    }

    /// Errors overtake a running response, as they do at OpenAI.
    fn complain(&mut self, kind: &str, code: &str, param: Option<&str>, event_id: Option<EventId>) {
        let error = ErrorDetail {
            param: param.map(str::to_owned),
            event_id,
            ..error(kind, code)
        };
        self.steps
            .push_front(Step::Send(ServerEvent::Error(ErrorEvent { error })));
    }

    fn update_session(&mut self, update: Session) {
        merge(&mut self.session.settings, update);
        let session = self.session.clone();
        self.send(ServerEvent::SessionUpdated(Box::new(SessionEvent { session })));
    }

    fn create_item(&mut self, mut item: Item) {
        let id = item.id().unwrap_or_else(|| ItemId::from(self.coin("item")));
        match &mut item {
            Item::Message(message) => message.id = Some(id.clone()),
            Item::FunctionCall(call) => call.id = Some(id.clone()),
            Item::FunctionCallOutput(output) => output.id = Some(id.clone()),
            Item::Reference(_) | Item::Other(_) => {}
        }
        self.add_item(id, item);
    }

    fn add_item(&mut self, id: ItemId, item: Item) {
        let previous_item_id = self.last_item.replace(id);
        let event = Box::new(ItemEvent { previous_item_id, item });
        self.send(ServerEvent::ItemAdded(event.clone()));
        self.send(ServerEvent::ItemDone(event));
    }

    fn hear(&mut self, bytes: u64) {
        self.heard_bytes += bytes;
        self.uncommitted_bytes += bytes;
        let heard_ms = self.heard_bytes / BYTES_PER_MS;
        let begins = self.turns.front().is_some_and(|turn| turn.starts_at_ms <= heard_ms);
        if self.speaking.is_none()
            && begins
            && let Some(turn) = self.turns.pop_front()
        {
            let item_id = ItemId::from(self.coin("item"));
            if self.active.is_some() && self.interrupts() {
                self.cancel(StatusReason::TurnDetected);
            }
            let started = SpeechStarted {
                audio_start_ms: turn.starts_at_ms,
                item_id: Some(item_id.clone()),
            };
            self.steps.push_front(Step::Send(ServerEvent::SpeechStarted(started)));
            self.speaking = Some((turn, item_id));
        }
        if let Some((turn, item_id)) = self.speaking.take_if(|(turn, _)| turn.ends_at_ms <= heard_ms) {
            let stopped = SpeechStopped {
                audio_end_ms: turn.ends_at_ms,
                item_id: Some(item_id.clone()),
            };
            self.send(ServerEvent::SpeechStopped(stopped));
            self.end_turn(turn, item_id);
        }
    }

    fn end_turn(&mut self, turn: CallerTurn, item_id: ItemId) {
        self.uncommitted_bytes = 0;
        let previous_item_id = self.last_item.clone();
        self.send(ServerEvent::InputCommitted(InputCommitted {
            previous_item_id,
            item_id: Some(item_id.clone()),
        }));
        let part = ContentPart::InputAudio {
            audio: None,
            transcript: None,
        };
        self.add_item(
            item_id.clone(),
            Item::Message(Message::new(Role::User, part).with_id(item_id.clone())),
        );
        if turn.timing == TranscriptTiming::Early {
            self.transcribe(&turn.transcript, item_id.clone());
        }
        if self.responds() {
            self.respond(&ResponseParameters::default());
        }
        match turn.timing {
            TranscriptTiming::Late => self.transcribe(&turn.transcript, item_id),
            TranscriptTiming::Failed => {
                let error = error("transcription_error", "audio_unintelligible");
                self.send(ServerEvent::TranscriptionFailed(TranscriptionFailed {
                    item_id,
                    content_index: 0,
                    error,
                }));
            }
            TranscriptTiming::Early | TranscriptTiming::Never => {}
        }
    }

    fn transcribe(&mut self, transcript: &str, item_id: ItemId) {
        if self
            .session
            .settings
            .input()
            .is_none_or(|input| input.transcription.value().is_none())
        {
            return;
        }
        for word in transcript.split_inclusive(' ') {
            let delta = TranscriptionDelta {
                item_id: item_id.clone(),
                content_index: 0,
                delta: word.to_owned(),
                logprobs: None,
            };
            self.send(ServerEvent::TranscriptionDelta(delta));
        }
        self.send(ServerEvent::TranscriptionCompleted(TranscriptionCompleted {
            item_id,
            content_index: 0,
            transcript: transcript.to_owned(),
            usage: Some(TranscriptionUsage::Duration { seconds: 1.0 }),
            logprobs: None,
        }));
    }

    fn commit(&mut self, event_id: Option<EventId>) {
        if self.uncommitted_bytes / BYTES_PER_MS < LEAST_COMMIT_MS {
            return self.complain(
                "invalid_request_error",
                "input_audio_buffer_commit_empty",
                None,
                event_id,
            );
        }
        let turn = self.turns.pop_front().unwrap_or(CallerTurn {
            starts_at_ms: 0,
            ends_at_ms: 0,
            transcript: String::new(),
            timing: TranscriptTiming::Never,
        });
        let item_id = ItemId::from(self.coin("item"));
        self.end_turn(turn, item_id);
    }

    /// Turn detection answers by itself unless it is off or told not to.
    fn responds(&self) -> bool {
        self.detection(|vad| vad.create_response, |vad| vad.create_response)
    }

    fn interrupts(&self) -> bool {
        self.detection(|vad| vad.interrupt_response, |vad| vad.interrupt_response)
    }

    fn detection(&self, server: fn(&ServerVad) -> Option<bool>, semantic: fn(&SemanticVad) -> Option<bool>) -> bool {
        match self.session.settings.input().map(|input| &input.turn_detection) {
            Some(Setting::Set(TurnDetection::ServerVad(vad))) => server(vad).unwrap_or(true),
            Some(Setting::Set(TurnDetection::SemanticVad(vad))) => semantic(vad).unwrap_or(true),
            Some(Setting::Set(TurnDetection::Other(_)) | Setting::Off) => false,
            Some(Setting::Absent) | None => true,
        }
    }

    /// Drops what the running response has not sent yet and ends it as cancelled; what belongs to nothing else stays.
    fn cancel(&mut self, reason: StatusReason) {
        let Some(id) = self.active.clone() else { return };
        self.steps
            .retain(|step| matches!(step, Step::Send(event) if !belongs_to(event, &id)));
        let response = Response {
            id: Some(id),
            status: Some(ResponseStatus::Cancelled),
            status_details: Some(StatusDetails {
                kind: Some(ResponseStatus::Cancelled),
                reason: Some(reason),
                error: None,
            }),
            usage: Some(Usage::default()),
            ..Response::default()
        };
        self.send(ServerEvent::ResponseDone(Box::new(ResponseEvent { response })));
    }
}

/// Whether an event is a piece of this response. Item events carry no response id; they stay, which is harmless.
fn belongs_to(event: &ServerEvent, id: &ResponseId) -> bool {
    match event {
        ServerEvent::ResponseCreated(event) | ServerEvent::ResponseDone(event) => {
            event.response.id.as_ref() == Some(id)
        }
        ServerEvent::OutputItemAdded(event) | ServerEvent::OutputItemDone(event) => event.response_id == *id,
        ServerEvent::ContentPartAdded(event) | ServerEvent::ContentPartDone(event) => event.at.response_id == *id,
        ServerEvent::OutputTextDelta(event) | ServerEvent::OutputTranscriptDelta(event) => event.at.response_id == *id,
        ServerEvent::OutputTextDone(event) => event.at.response_id == *id,
        ServerEvent::OutputTranscriptDone(event) => event.at.response_id == *id,
        ServerEvent::OutputAudioDelta(event) => event.response_id == *id,
        ServerEvent::OutputAudioDone(at) => at.response_id == *id,
        ServerEvent::FunctionArgumentsDelta(event) => event.response_id == *id,
        ServerEvent::FunctionArgumentsDone(event) => event.response_id == *id,
        _ => false,
    }
}
