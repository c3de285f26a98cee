//! What the backend says, told to the concern that it concerns; and what becomes of errors and of ended responses.

use std::time::Duration;

use frontdesk_protocol::{
    ErrorCode, ErrorDetail, Item, ItemStatus, OutputItemEvent, Response, ResponseId, ResponseStatus, ServerEvent, Usage,
};

use super::responses::{Active, Overdue, Purpose, Refusal, Wanted};
use super::{Machine, Moment};
use crate::event::{CallEventBody, EndReason, Medium, UsageFigures};
use crate::problem::{Problem, ProblemAction, ProblemKind};
use crate::provider_error::{ends_the_call, problem_of};

/// Wait before a failed response is asked for again; doubles with each failure in a row.
const FAILED_RESPONSE_DELAY: Duration = Duration::from_secs(1);

/// Failed responses in a row that are asked for again.
const MOST_FAILURES: u8 = 3;

/// Start of the ids of events whose refusal is harmless.
pub(super) const HARMLESS_ID: &str = "cut-";

impl Machine {
    pub(super) fn server_event(&mut self, event: ServerEvent, now: Moment) {
        match event {
            ServerEvent::Error(event) => self.server_error(&event.error, now),
            ServerEvent::SessionCreated(event) => self.session_created(&event.session, now),
            ServerEvent::SessionUpdated(_) => self.session_updated(now),
            // Until the session is configured nothing else means anything.
            _ if !self.is_ready() => {}
            ServerEvent::ItemAdded(event) | ServerEvent::ItemDone(event) | ServerEvent::ItemCreated(event) => {
                if let Some(id) = event.item.id() {
                    self.unconfirmed.remove(&id);
                }
                self.conversation.announce(&event.item, event.previous_item_id.as_ref());
            }
            ServerEvent::SpeechStarted(event) => self.speech_started(event.item_id, now),
            ServerEvent::SpeechStopped(event) => self.speech_stopped(event.item_id, event.audio_end_ms, now),
            ServerEvent::InputCommitted(event) => {
                self.committed(event.item_id.as_ref(), event.previous_item_id.as_ref(), now);
            }
            ServerEvent::TranscriptionDelta(event) => self.caller_words(&event.item_id, &event.delta),
            ServerEvent::TranscriptionCompleted(event) => self.caller_text(&event.item_id, event.transcript.trim()),
            ServerEvent::TranscriptionFailed(event) => self.caller_text(&event.item_id, ""),
            ServerEvent::ResponseCreated(event) => self.response_created(&event.response, now),
            ServerEvent::ResponseDone(event) => self.response_done(&event.response, now),
            ServerEvent::OutputItemAdded(event) => self.sign(&event.response_id, now),
            ServerEvent::OutputItemDone(event) => self.output_item_done(&event, now),
            ServerEvent::OutputAudioDelta(event) => self.reply_audio(&event, now),
            ServerEvent::OutputTranscriptDelta(event) => {
                self.reply_words(&event.at, &event.delta, Medium::Voice, now);
            }
            ServerEvent::OutputTextDelta(event) => self.reply_words(&event.at, &event.delta, Medium::Text, now),
            ServerEvent::OutputTranscriptDone(event) => {
                self.reply_text(&event.at, &event.transcript, Medium::Voice, now);
            }
            ServerEvent::OutputTextDone(event) => self.reply_text(&event.at, &event.text, Medium::Text, now),
            ServerEvent::FunctionArgumentsDelta(event) => self.sign(&event.response_id, now),
            // Everything else has a counterpart above, belongs to WebRTC, or is unknown: normal, and logged by the actor.
            _ => {}
        }
    }

    /// Something of a response was seen.
    pub(super) fn sign(&mut self, response: &ResponseId, now: Moment) {
        self.responses.sign(response, now);
        if let Some(ending) = &mut self.ending {
            ending.sign(now);
        }
    }

    fn server_error(&mut self, error: &ErrorDetail, now: Moment) {
        if !self.is_ready() {
            return self.setup_refused(error, now);
        }
        let busy = error.code == Some(ErrorCode::ConversationAlreadyHasActiveResponse);
        match self.responses.refused(error, busy, now) {
            Refusal::Requeued => return,
            Refusal::Dropped(purpose) => return self.request_refused(purpose, error, now),
            Refusal::NotOurs if busy => return,
            Refusal::NotOurs => {}
        }
        match &error.code {
            Some(ErrorCode::SessionExpired) => self.restore(now),
            Some(
                ErrorCode::ResponseCancelNotActive
                | ErrorCode::InputAudioBufferCommitEmpty
                | ErrorCode::UnsupportedContentType,
            ) => {}
            _ if error
                .event_id
                .as_ref()
                .is_some_and(|id| id.as_str().starts_with(HARMLESS_ID)) => {}
            _ => self.report(problem_of(error, &self.setup.backend), now),
        }
    }

    /// A request for a response was refused for good.
    fn request_refused(&mut self, purpose: Purpose, error: &ErrorDetail, now: Moment) {
        let problem = problem_of(error, &self.setup.backend);
        tracing::warn!(?purpose, kind = ?problem.kind, "the backend refused a response");
        self.report(problem, now);
    }

    /// Shows a failure of the backend; one that nothing can follow ends the call.
    fn report(&mut self, problem: Problem, now: Moment) {
        if ends_the_call(problem.kind) {
            self.finish(EndReason::Failed, Some(problem), now);
        } else {
            self.warn(problem, now);
        }
    }

    fn response_created(&mut self, response: &Response, now: Moment) {
        // One response at a time: one that the backend forgot to end is over now.
        for item in self.playback.growing() {
            self.reply_generated(&item, "");
        }
        let by_itself = self.responses.created(response, now);
        self.turns.answered();
        self.answering.response_created();
        if by_itself && self.unconfirmed.is_empty() {
            // It has read every tool output and typed word that a queued response was wanted for.
            self.responses.drop_automatic();
        }
        if let Some(ending) = &mut self.ending {
            ending.sign(now);
        }
    }

    fn output_item_done(&mut self, event: &OutputItemEvent, now: Moment) {
        self.sign(&event.response_id, now);
        match &event.item {
            Item::Message(message) => {
                let Some(id) = &message.id else { return };
                let words: String = message.content.iter().filter_map(|part| part.text()).collect();
                self.reply_generated(id, &words);
            }
            Item::FunctionCall(call)
                if call
                    .status
                    .as_ref()
                    .is_none_or(|status| *status == ItemStatus::Completed) =>
            {
                self.tool_called(&event.response_id, call, now);
            }
            _ => {}
        }
    }

    fn response_done(&mut self, response: &Response, now: Moment) {
        let id = response
            .id
            .as_ref()
            .or_else(|| self.responses.active().and_then(|active| active.id.as_ref()))
            .cloned();
        if let Some(id) = &id {
            self.sign(id, now);
            // Servers that never send `response.output_item.done` still list complete calls here.
            for item in &response.output {
                if let Item::FunctionCall(call) = item
                    && call.status == Some(ItemStatus::Completed)
                {
                    self.tool_called(id, call, now);
                }
            }
            self.tools.response_done(id);
            for item in self.playback.of_response(Some(id)) {
                self.reply_generated(&item, "");
            }
        }
        let ended = self.responses.done(response.id.as_ref());
        if let Some(usage) = &response.usage {
            self.emit(CallEventBody::Usage { usage: figures(usage) });
        }
        if response.status == Some(ResponseStatus::Failed) {
            self.response_failed(response, ended, now);
        } else {
            self.failures = 0;
            self.last_words_lost(ended.as_ref(), id.as_ref());
        }
    }

    fn response_failed(&mut self, response: &Response, ended: Option<Active>, now: Moment) {
        let error = response
            .status_details
            .as_ref()
            .and_then(|details| details.error.clone())
            .unwrap_or_default();
        let problem = problem_of(&error, &self.setup.backend);
        self.failures = self.failures.saturating_add(1);
        let unheard = !self.playback.has_spoken(response.id.as_ref());
        let again = ended.filter(|active| {
            !active.is_cancelled() && unheard && self.failures <= MOST_FAILURES && self.ending.is_none()
        });
        self.report(problem, now);
        if let Some(active) = again {
            let wanted = active.wanted.unwrap_or_else(|| Wanted::plain(Purpose::Answer));
            let delay = FAILED_RESPONSE_DELAY * (1 << (self.failures - 1));
            self.responses.want_again(wanted, delay, now);
        }
    }

    pub(super) fn responses_overdue(&mut self, now: Moment) {
        while self.is_ready()
            && let Some(overdue) = self.responses.overdue(now)
        {
            match overdue {
                Overdue::Stalled(cancel) => {
                    self.send(cancel);
                    for item in self.playback.cut_short() {
                        self.finish_playing(&item);
                    }
                    self.warn(self.no_answer(), now);
                }
                Overdue::GaveUp(purpose) => {
                    tracing::warn!(?purpose, "the backend did not begin a response that was asked for");
                    self.warn(self.no_answer(), now);
                }
                Overdue::Freed => {}
            }
        }
    }

    fn no_answer(&self) -> Problem {
        let sentence = format!("{} did not answer in time.", self.setup.backend);
        Problem::new(ProblemKind::ProviderFailed, sentence).with_action(ProblemAction::TryAgain)
    }

    /// Silences the receptionist: flush, cancel, and truncation when the leg has told what was heard.
    ///
    /// `backend_cancels`: the backend cancels its response by itself, so no cancellation is sent.
    pub(super) fn interrupt(&mut self, backend_cancels: bool, now: Moment) {
        if let Some(cancel) = self.responses.interrupt(backend_cancels, now)
            && self.is_ready()
        {
            self.send(cancel);
        }
        self.silence(now);
    }
}

fn figures(usage: &Usage) -> UsageFigures {
    UsageFigures {
        input_text_tokens: usage.input_token_details.kinds.text_tokens,
        input_audio_tokens: usage.input_token_details.kinds.audio_tokens,
        cached_tokens: usage.input_token_details.cached_tokens,
        output_text_tokens: usage.output_token_details.text_tokens,
        output_audio_tokens: usage.output_token_details.audio_tokens,
    }
}
