//! The steps of one response of the double, from `response.created` to `response.done`, in the order that OpenAI documents.
//!
//! Pure: steps are queued, not sent.

use std::time::Duration;

use frontdesk_protocol::{
    AudioBytes, AudioDelta, ContentPart, ContentPartEvent, ContentPosition, ConversationScope, FunctionArgumentsDelta,
    FunctionArgumentsDone, FunctionCall, Item, ItemEvent, ItemId, ItemStatus, Message, OutputItemEvent, PCM_RATE,
    RateLimitsUpdated, Response, ResponseEvent, ResponseId, ResponseParameters, ResponsePart, ResponseStatus, Role,
    ServerEvent, StatusDetails, StatusReason, TextDelta, TextDone, ToolCallId, TranscriptDone, Usage,
};

use super::conversation::{Conversation, Step};
use super::script::{Ending, Output, Reply};

/// Length of one audio delta; OpenAI sends pieces of this order.
const DELTA_MS: u64 = 100;

impl Conversation {
    /// The steps of one response, from `response.created` to `response.done`.
    pub(crate) fn respond(&mut self, parameters: &ResponseParameters) {
        let reply = self.replies.pop_front().unwrap_or_else(|| Reply::new([]));
        let in_band = parameters.conversation != Some(ConversationScope::Detached);
        let id = ResponseId::from(self.coin("resp"));
        if in_band {
            self.active = Some(id.clone());
        }
        let mut response = Response {
            id: Some(id.clone()),
            status: Some(ResponseStatus::InProgress),
            metadata: parameters.metadata.clone(),
            conversation_id: in_band.then(|| "conv_double".to_owned()),
            ..Response::default()
        };
        self.send(ServerEvent::ResponseCreated(Box::new(ResponseEvent {
            response: response.clone(),
        })));
        self.send(ServerEvent::RateLimitsUpdated(RateLimitsUpdated::default()));
        for (index, output) in reply.outputs.iter().enumerate() {
            let item = self.output(&id, index as u32, output, reply.pace, in_band);
            response.output.push(item);
        }
        let (status, reason, error) = match reply.ending {
            Ending::Completed => (ResponseStatus::Completed, None, None),
            Ending::Incomplete => (ResponseStatus::Incomplete, Some(StatusReason::MaxOutputTokens), None),
            Ending::Failed(error) => (ResponseStatus::Failed, None, Some(error)),
        };
        response.status = Some(status.clone());
        if reason.is_some() || error.is_some() {
            response.status_details = Some(StatusDetails {
                kind: Some(status),
                reason,
                error,
            });
        }
        response.usage = Some(Usage {
            total_tokens: 30,
            input_tokens: 20,
            output_tokens: 10,
            ..Usage::default()
        });
        self.send(ServerEvent::ResponseDone(Box::new(ResponseEvent { response })));
    }

    fn output(
        &mut self,
        response_id: &ResponseId,
        output_index: u32,
        output: &Output,
        pace: Duration,
        in_band: bool,
    ) -> Item {
        let item_id = ItemId::from(self.coin("item"));
        let at = ContentPosition {
            response_id: response_id.clone(),
            item_id: item_id.clone(),
            output_index,
            content_index: 0,
        };
        let call_id = ToolCallId::from(self.coin("call"));
        let item = |status: ItemStatus| match output {
            Output::Speech { transcript, .. } => Item::Message(Message {
                status: Some(status),
                ..Message::new(
                    Role::Assistant,
                    ContentPart::OutputAudio {
                        audio: None,
                        transcript: Some(transcript.clone()),
                    },
                )
                .with_id(item_id.clone())
            }),
            Output::Text(text) => Item::Message(Message {
                status: Some(status),
                ..Message::assistant(text.as_str()).with_id(item_id.clone())
            }),
            Output::FunctionCall { name, arguments } => Item::FunctionCall(FunctionCall {
                id: Some(item_id.clone()),
                status: Some(status),
                call_id: Some(call_id.clone()),
                name: name.clone(),
                arguments: arguments.clone(),
            }),
        };
        let event = |item| {
            Box::new(OutputItemEvent {
                response_id: response_id.clone(),
                output_index,
                item,
            })
        };
        self.send(ServerEvent::OutputItemAdded(event(item(ItemStatus::InProgress))));
        let previous_item_id = if in_band {
            self.last_item.replace(item_id.clone())
        } else {
            None
        };
        let entry = |item| {
            Box::new(ItemEvent {
                previous_item_id: previous_item_id.clone(),
                item,
            })
        };
        if in_band {
            self.send(ServerEvent::ItemAdded(entry(item(ItemStatus::InProgress))));
        }
        match output {
            Output::Speech {
                transcript,
                milliseconds,
            } => self.speak(&at, transcript, *milliseconds, pace),
            Output::Text(text) => self.write(&at, text, pace),
            Output::FunctionCall { name, arguments } => self.call(&at, call_id.clone(), name, arguments, pace),
        }
        let whole = item(ItemStatus::Completed);
        self.send(ServerEvent::OutputItemDone(event(whole.clone())));
        if in_band {
            self.send(ServerEvent::ItemDone(entry(whole.clone())));
        }
        whole
    }

    /// Words and sound interleaved, the words a little ahead.
    fn speak(&mut self, at: &ContentPosition, transcript: &str, milliseconds: u64, pace: Duration) {
        let part = |transcript: &str| {
            Some(ResponsePart::Audio {
                transcript: Some(transcript.to_owned()),
            })
        };
        self.send(ServerEvent::ContentPartAdded(ContentPartEvent {
            at: at.clone(),
            part: part(""),
        }));
        let mut words = transcript.split_inclusive(' ');
        let mut sent_ms = 0;
        loop {
            let word = words.next();
            if let Some(word) = word {
                self.send(ServerEvent::OutputTranscriptDelta(TextDelta {
                    at: at.clone(),
                    delta: word.to_owned(),
                }));
            }
            let piece_ms = DELTA_MS.min(milliseconds - sent_ms);
            if piece_ms > 0 {
                self.pause(pace);
                let ContentPosition {
                    response_id,
                    item_id,
                    output_index,
                    content_index,
                } = at.clone();
                let delta = tone(sent_ms, piece_ms);
                self.send(ServerEvent::OutputAudioDelta(AudioDelta {
                    response_id,
                    item_id,
                    output_index,
                    content_index,
                    delta,
                }));
                sent_ms += piece_ms;
            }
            if word.is_none() && piece_ms == 0 {
                break;
            }
        }
        self.send(ServerEvent::OutputAudioDone(at.clone()));
        self.send(ServerEvent::OutputTranscriptDone(TranscriptDone {
            at: at.clone(),
            transcript: transcript.to_owned(),
        }));
        self.send(ServerEvent::ContentPartDone(ContentPartEvent {
            at: at.clone(),
            part: part(transcript),
        }));
    }

    fn write(&mut self, at: &ContentPosition, text: &str, pace: Duration) {
        let part = |text: &str| Some(ResponsePart::Text { text: text.to_owned() });
        self.send(ServerEvent::ContentPartAdded(ContentPartEvent {
            at: at.clone(),
            part: part(""),
        }));
        for word in text.split_inclusive(' ') {
            self.pause(pace);
            self.send(ServerEvent::OutputTextDelta(TextDelta {
                at: at.clone(),
                delta: word.to_owned(),
            }));
        }
        self.send(ServerEvent::OutputTextDone(TextDone {
            at: at.clone(),
            text: text.to_owned(),
        }));
        self.send(ServerEvent::ContentPartDone(ContentPartEvent {
            at: at.clone(),
            part: part(text),
        }));
    }

    fn call(&mut self, at: &ContentPosition, call_id: ToolCallId, name: &str, arguments: &str, pace: Duration) {
        let ContentPosition {
            response_id,
            item_id,
            output_index,
            ..
        } = at.clone();
        for piece in arguments.split_inclusive(',') {
            self.pause(pace);
            self.send(ServerEvent::FunctionArgumentsDelta(FunctionArgumentsDelta {
                response_id: response_id.clone(),
                item_id: item_id.clone(),
                output_index,
                call_id: Some(call_id.clone()),
                delta: piece.to_owned(),
            }));
        }
        self.send(ServerEvent::FunctionArgumentsDone(FunctionArgumentsDone {
            response_id,
            item_id,
            output_index,
            call_id: Some(call_id),
            name: Some(name.to_owned()),
            arguments: arguments.to_owned(),
        }));
    }

    fn pause(&mut self, pace: Duration) {
        if !pace.is_zero() {
            self.steps.push_back(Step::Pause(pace));
        }
    }
}

/// A 440 Hz sine at a quarter of full scale that goes on over the pieces without a step.
fn tone(from_ms: u64, length_ms: u64) -> AudioBytes {
    let rate = f64::from(PCM_RATE);
    let per_ms = u64::from(PCM_RATE / 1_000);
    let samples: Vec<i16> = (from_ms * per_ms..(from_ms + length_ms) * per_ms)
        .map(|index| (8_000.0 * (index as f64 * 440.0 * std::f64::consts::TAU / rate).sin()) as i16)
        .collect();
    AudioBytes::from_pcm16(&samples)
}
