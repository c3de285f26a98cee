//! What a client may ask for, event by event. A refusal is an error event that names the client's event; the session goes on.

use frontdesk_protocol::{
    AudioAppend, AudioDecodeError, ClientEvent, ConversationScope, ErrorCode, ErrorDetail, Item, ItemCreate, ItemEvent,
    ItemId, ItemRef, ItemTruncate, ItemTruncated, Modality, NoMembers, ResponseCancel, ResponseCreate,
    ResponseParameters, ServerEvent, SessionEvent, SessionUpdate, StatusReason,
};
use jiff::Timestamp;

use super::{Output, Session, SpokenTurn, complaint};
use crate::server::conversation::ItemRefused;
use crate::server::ear::EarCommand;
use crate::server::ids;
use crate::server::limits::{MAX_APPEND_BYTES, SHORTEST_COMMIT_MS};
use crate::server::responses::ResponseSettings;
use crate::server::settings::{check_limit, check_tools, codec_of, modality, offered, refused};

/// Most labels of a response.
const MAX_LABELS: usize = 16;

type Refusable = Result<(), ErrorDetail>;

impl Session {
    pub(super) fn client(&mut self, event: ClientEvent, now: Timestamp) -> Refusable {
        match event {
            ClientEvent::SessionUpdate(update) => self.update_session(*update),
            ClientEvent::InputAudioAppend(append) => self.append(&append),
            ClientEvent::InputAudioCommit(_) => self.commit_by_hand(),
            ClientEvent::InputAudioClear(_) => {
                self.buffered_us = 0;
                self.open_turn = None;
                self.outputs.push(Output::Ear(EarCommand::Clear));
                self.send(ServerEvent::InputCleared(NoMembers {}));
                Ok(())
            }
            ClientEvent::OutputAudioClear(_) => Err(complaint(
                ErrorCode::UnknownOrInvalidEvent,
                "output_audio_buffer.clear is for WebRTC; on a WebSocket the client plays",
            )),
            ClientEvent::ItemCreate(create) => self.create_item(*create),
            ClientEvent::ItemRetrieve(select) => self.retrieve(&select.item_id),
            ClientEvent::ItemTruncate(truncate) => self.truncate(truncate),
            ClientEvent::ItemDelete(select) => self.delete(select.item_id),
            ClientEvent::ResponseCreate(create) => self.create_response(*create, now),
            ClientEvent::ResponseCancel(cancel) => self.cancel_response(&cancel),
            ClientEvent::Unknown(unknown) => Err(complaint(
                ErrorCode::UnknownOrInvalidEvent,
                &format!("the event type `{}` is not known", unknown.kind),
            )),
        }
    }

    fn update_session(&mut self, update: SessionUpdate) -> Refusable {
        let (before, idle_before) = (self.settings.turns(), self.settings.idle_timeout_ms());
        let along_before = self.settings.transcription().is_some();
        let voice = update.session.output().and_then(|output| output.voice.as_ref());
        if self.has_spoken && voice.is_some_and(|voice| Some(voice) != self.settings.voice().as_ref()) {
            return Err(ErrorDetail {
                param: Some("session.audio.output.voice".to_owned()),
                ..complaint(
                    ErrorCode::Other("cannot_update_voice".to_owned()),
                    "the voice cannot change once the session has spoken",
                )
            });
        }
        self.settings.update(update.session)?;
        let (turns, idle) = (self.settings.turns(), self.settings.idle_timeout_ms());
        if idle != idle_before {
            self.outputs.push(Output::Ear(EarCommand::IdleAfter(idle)));
        }
        let along = self.settings.transcription().is_some();
        if along != along_before {
            self.outputs.push(Output::Ear(EarCommand::WriteAlong(along)));
        }
        if turns != before {
            self.open_turn = None;
            self.outputs.push(Output::Ear(EarCommand::Configure(turns)));
        }
        let session = self.settings.effective();
        self.send(ServerEvent::SessionUpdated(Box::new(SessionEvent { session })));
        Ok(())
    }

    fn append(&mut self, append: &AudioAppend) -> Refusable {
        let about_audio = |message: &str| ErrorDetail {
            param: Some("audio".to_owned()),
            ..complaint(ErrorCode::InvalidEvent, message)
        };
        if append.audio.as_slice().len() > MAX_APPEND_BYTES {
            return Err(about_audio("one append holds at most 15 MiB of audio"));
        }
        let codec = self.settings.input_codec();
        let samples = codec
            .decode(&append.audio)
            .map_err(|error: AudioDecodeError| about_audio(&error.to_string()))?;
        let rate = codec.rate();
        self.buffered_us = self
            .buffered_us
            .saturating_add(samples.len() as u64 * 1_000_000 / u64::from(rate));
        // In pieces, so that what waits for the ear is bounded by its length and the ear stays open to other commands.
        for piece in samples.chunks(rate as usize) {
            let samples = piece.to_vec();
            self.outputs.push(Output::Ear(EarCommand::Audio { samples, rate }));
        }
        Ok(())
    }

    fn commit_by_hand(&mut self) -> Refusable {
        if self.buffered_us < SHORTEST_COMMIT_MS * 1_000 {
            let message = "the input buffer holds less than 100 ms of audio";
            return Err(complaint(ErrorCode::InputAudioBufferCommitEmpty, message));
        }
        let turn = self.open_turn.take().unwrap_or_else(SpokenTurn::begin);
        self.outputs.push(Output::Ear(EarCommand::Commit));
        self.commit(turn);
        Ok(())
    }

    fn create_item(&mut self, create: ItemCreate) -> Refusable {
        if matches!(create.item, Item::Reference(_)) {
            return Err(complaint(
                ErrorCode::InvalidEvent,
                "item_reference stands only in the input of a response",
            ));
        }
        let id = create.item.id().unwrap_or_else(ids::item_id);
        let previous_item_id = self
            .conversation
            .create(id.clone(), create.item, create.previous_item_id.as_ref())
            .map_err(not_creatable)?;
        if let Some(item) = self.conversation.entry(&id).map(|entry| entry.item()) {
            let event = ItemEvent { previous_item_id, item };
            self.send(ServerEvent::ItemAdded(Box::new(event.clone())));
            self.send(ServerEvent::ItemDone(Box::new(event)));
        }
        Ok(())
    }

    fn retrieve(&mut self, id: &ItemId) -> Refusable {
        let item = self
            .conversation
            .entry(id)
            .map(|entry| entry.item())
            .ok_or_else(no_such_item)?;
        // Where the item stands is told when it enters the conversation, and has no place in this event.
        self.send(ServerEvent::ItemRetrieved(Box::new(ItemEvent {
            previous_item_id: None,
            item,
        })));
        Ok(())
    }

    fn truncate(&mut self, truncate: ItemTruncate) -> Refusable {
        let ItemTruncate {
            item_id,
            content_index,
            audio_end_ms,
            ..
        } = truncate;
        self.conversation
            .truncate(&item_id, audio_end_ms)
            .map_err(|message| complaint(ErrorCode::UnsupportedContentType, message))?;
        // A client truncates when it has stopped playing.
        self.outputs.push(Output::Ear(EarCommand::ReplyEnded));
        self.send(ServerEvent::ItemTruncated(ItemTruncated {
            item_id,
            content_index,
            audio_end_ms,
        }));
        Ok(())
    }

    fn delete(&mut self, item_id: ItemId) -> Refusable {
        if !self.conversation.delete(&item_id) {
            return Err(no_such_item());
        }
        self.send(ServerEvent::ItemDeleted(ItemRef { item_id }));
        Ok(())
    }

    fn create_response(&mut self, create: ResponseCreate, now: Timestamp) -> Refusable {
        let settings = self.response_settings(create.response.unwrap_or_default())?;
        if settings.detached && settings.modality == Modality::Text {
            return self.answer_beside(settings, now);
        }
        // Also out of band: the session has one voice.
        if let Some(active) = &self.response {
            let message = format!("the conversation already has an active response: {}", active.id);
            return Err(complaint(ErrorCode::ConversationAlreadyHasActiveResponse, &message));
        }
        self.begin_response(settings, now);
        Ok(())
    }

    fn response_settings(&self, parameters: ResponseParameters) -> Result<ResponseSettings, ErrorDetail> {
        let detached = match parameters.conversation {
            None | Some(ConversationScope::Auto) => false,
            Some(ConversationScope::Detached) => true,
            Some(ConversationScope::Other(_)) => {
                return Err(refused("response.conversation", "conversation is auto or none"));
            }
        };
        let context = match parameters.input {
            Some(items) => Some(self.conversation.only(items).map_err(|reason| ErrorDetail {
                param: Some("response.input".to_owned()),
                ..not_creatable(reason)
            })?),
            None => detached.then(|| self.conversation.copy()),
        };
        if parameters
            .metadata
            .as_ref()
            .is_some_and(|labels| labels.len() > MAX_LABELS)
        {
            return Err(complaint(
                ErrorCode::Other("invalid_value".to_owned()),
                "metadata has at most 16 labels",
            ));
        }
        check_tools(parameters.tools.as_deref(), "response.tools")?;
        check_limit(parameters.max_output_tokens, "response.max_output_tokens")?;
        let output = parameters.audio.as_ref().and_then(|audio| audio.output.as_ref());
        self.settings.check_voice(
            output.and_then(|output| output.voice.as_ref()),
            "response.audio.output.voice",
        )?;
        let mut settings = self.session_response();
        if let Some(output) = output {
            settings.codec =
                codec_of(output.format.as_ref(), "response.audio.output.format")?.unwrap_or(settings.codec);
            settings.voice = output.voice.clone().or(settings.voice);
        }
        if let Some(list) = &parameters.output_modalities {
            settings.modality = modality(list)?;
        }
        if parameters.tools.is_some() || parameters.tool_choice.is_some() {
            let session = self.settings.effective().settings;
            let tools = parameters.tools.or(session.tools).unwrap_or_default();
            settings.tools = Some(offered(
                &tools,
                parameters.tool_choice.as_ref().or(session.tool_choice.as_ref()),
            ));
        }
        settings.max_output_tokens = parameters.max_output_tokens.or(settings.max_output_tokens);
        settings.detached = detached;
        settings.context = context;
        settings.metadata = parameters.metadata;
        settings.instructions = parameters.instructions;
        Ok(settings)
    }

    fn cancel_response(&mut self, cancel: &ResponseCancel) -> Refusable {
        let runs = self
            .response
            .as_ref()
            .is_some_and(|active| cancel.response_id.as_ref().is_none_or(|id| *id == active.id));
        if runs && self.cancel(StatusReason::ClientCancelled) {
            return Ok(());
        }
        if cancel.response_id.as_ref().is_some_and(|id| self.cancel_beside(id)) {
            return Ok(());
        }
        Err(complaint(
            ErrorCode::ResponseCancelNotActive,
            "no such response is active",
        ))
    }
}

fn not_creatable(reason: ItemRefused) -> ErrorDetail {
    let message = match reason {
        ItemRefused::Unknown => "the item that is referred to does not exist",
        ItemRefused::SameId => "an item with this id exists",
        ItemRefused::TooLong => "the item's text, id or name is too long",
        ItemRefused::NotCreatable => "audio of the assistant cannot be created; send output_text",
    };
    complaint(ErrorCode::InvalidEvent, message)
}

fn no_such_item() -> ErrorDetail {
    ErrorDetail {
        param: Some("item_id".to_owned()),
        ..complaint(ErrorCode::Other("item_not_found".to_owned()), "there is no such item")
    }
}
