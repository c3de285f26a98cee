//! Replies from the first word to the last sound: words and audio in, heard samples back, one conclusion each.

use frontdesk_protocol::{AudioDelta, ClientEvent, ContentPosition, EventId};

use super::playback::{Conclusion, Cut, Reply, Silenced};
use super::server::HARMLESS_ID;
use super::{Effect, Machine, Moment};
use crate::event::{CallEventBody, Medium};
use crate::frame::samples_to_ms;
use crate::identity::{ItemId, ResponseId};

impl Machine {
    /// More words of a reply: of its voice, or written.
    pub(super) fn reply_words(&mut self, at: &ContentPosition, delta: &str, medium: Medium, now: Moment) {
        self.sign(&at.response_id, now);
        if delta.is_empty() {
            return;
        }
        let Some(reply) = self.growing_reply(&at.item_id, &at.response_id) else {
            return;
        };
        reply.written |= medium == Medium::Text;
        if !reply.text_complete {
            reply.add_text(delta);
            self.emit(CallEventBody::ReplyDelta {
                item_id: at.item_id.clone(),
                delta: delta.to_owned(),
            });
        }
    }

    /// All words of a reply.
    pub(super) fn reply_text(&mut self, at: &ContentPosition, text: &str, medium: Medium, now: Moment) {
        self.sign(&at.response_id, now);
        if text.is_empty() {
            return;
        }
        if let Some(reply) = self.growing_reply(&at.item_id, &at.response_id) {
            reply.written |= medium == Medium::Text;
            self.complete_text(&at.item_id, text);
        }
    }

    /// More sound of a reply.
    pub(super) fn reply_audio(&mut self, event: &AudioDelta, now: Moment) {
        self.sign(&event.response_id, now);
        let samples = match event.delta.to_pcm16() {
            Ok(samples) if samples.is_empty() => return,
            Ok(samples) => samples,
            Err(error) => {
                tracing::debug!(%error, "a piece of the reply's audio was dropped");
                return;
            }
        };
        let Some(reply) = self.growing_reply(&event.item_id, &event.response_id) else {
            return;
        };
        reply.received += samples.len() as u64;
        self.effects.push(Effect::Play {
            item: event.item_id.clone(),
            samples,
        });
    }

    /// The reply, begun by its first word or sound; `None` when it was cut off and this is a late piece.
    fn growing_reply(&mut self, item: &ItemId, response: &ResponseId) -> Option<&mut Reply> {
        let late = self.responses.is_discarded(response);
        let known = self.playback.get(item);
        if late || known.is_some_and(|reply| reply.silenced || reply.generated) {
            return None;
        }
        if known.is_none() && self.conversation.show(item) {
            let previous_item_id = self.conversation.predecessor(item);
            self.emit(CallEventBody::ReplyStarted {
                item_id: item.clone(),
                previous_item_id,
            });
        }
        Some(self.playback.open(item, response))
    }

    /// The backend sends no more of a reply. `words` are all of them, where the backend repeats them here.
    pub(super) fn reply_generated(&mut self, item: &ItemId, words: &str) {
        let Some(reply) = self
            .playback
            .get_mut(item)
            .filter(|reply| !reply.generated && !reply.silenced)
        else {
            return;
        };
        reply.generated = true;
        let text = if words.is_empty() {
            reply.text.clone()
        } else {
            words.to_owned()
        };
        if !text.is_empty() {
            self.complete_text(item, &text);
        }
        self.finish_playing(item);
    }

    fn complete_text(&mut self, item: &ItemId, text: &str) {
        if let Some(reply) = self.playback.get_mut(item).filter(|reply| !reply.text_complete) {
            reply.set_text(text);
            self.emit(CallEventBody::ReplyTranscript {
                item_id: item.clone(),
                text: text.to_owned(),
            });
        }
    }

    /// Tells the leg, once, that no more audio of `item` comes.
    pub(super) fn finish_playing(&mut self, item: &ItemId) {
        let Some(reply) = self
            .playback
            .get_mut(item)
            .filter(|reply| !reply.finish_told && !reply.silenced)
        else {
            return;
        };
        reply.finish_told = true;
        if reply.received == 0 {
            self.conclude(item);
        } else {
            self.effects.push(Effect::FinishPlaying(item.clone()));
        }
    }

    /// The leg reports heard samples.
    pub(super) fn played(&mut self, item: &ItemId, samples: u64, now: Moment) {
        if let Some(ending) = &mut self.ending {
            ending.sign(now);
        }
        let Some(reply) = self.playback.get_mut(item).filter(|reply| !reply.over) else {
            return;
        };
        reply.hear(samples);
        if reply.heard > 0 && !reply.audible && !reply.silenced {
            reply.audible = true;
            // The report comes after the sound, by as much as was heard since.
            let sound = now.before(std::time::Duration::from_millis(samples_to_ms(reply.heard)));
            let since_speech_end_ms = self.turns.take_latency(sound);
            self.emit(CallEventBody::ReplyAudible {
                item_id: item.clone(),
                since_speech_end_ms,
            });
        }
    }

    /// The leg has played all of an item.
    pub(super) fn played_to_the_end(&mut self, item: &ItemId, now: Moment) {
        let Some(reply) = self.playback.get(item).filter(|reply| reply.finish_told) else {
            return;
        };
        let (received, silenced) = (reply.received, reply.silenced);
        self.played(item, received, now);
        if !silenced {
            self.conclude(item);
        }
    }

    /// A flush that the leg never answered counts as answered with what it had reported before. Replies that nobody can be hearing are cut
    /// off: a speaker that is found much later does not play them.
    pub(super) fn playback_overdue(&mut self, now: Moment) {
        while self.playback.flush_deadline().is_some_and(|deadline| now >= deadline) {
            for item in self.playback.flushed(&[]) {
                self.conclude(&item);
            }
        }
        if self.playback.unheard_deadline().is_some_and(|deadline| now >= deadline) {
            tracing::warn!("a reply was not heard in its time");
            self.silence(now);
        }
    }

    /// Silences all replies; they are concluded when the leg has told what was heard.
    pub(super) fn silence(&mut self, now: Moment) {
        match self.playback.silence(now) {
            Silenced::Flushing => self.effects.push(Effect::Flush),
            Silenced::Unheard(items) => items.iter().for_each(|item| self.conclude(item)),
        }
    }

    /// A reply is over: its one last event, and what the backend has to know.
    pub(super) fn conclude(&mut self, item: &ItemId) {
        let Some(conclusion) = self.playback.close(item) else {
            return;
        };
        let item_id = item.clone();
        match conclusion {
            Conclusion::Unspoken => {}
            Conclusion::Played => self.emit(CallEventBody::ReplyPlayed { item_id }),
            Conclusion::Interrupted {
                heard_text,
                heard_ms,
                cut,
            } => {
                self.emit(CallEventBody::ReplyInterrupted {
                    item_id,
                    heard_text,
                    heard_ms,
                });
                self.tell_cut(item, cut);
            }
        }
    }

    fn tell_cut(&mut self, item: &ItemId, cut: Cut) {
        if self.setup.truncates_itself || !self.is_ready() {
            return;
        }
        let event = match cut {
            Cut::Nothing => return,
            Cut::Delete => ClientEvent::delete_item(item.clone()),
            Cut::Truncate(heard_ms) => ClientEvent::truncate_item(item.clone(), heard_ms),
        };
        // The backend may have dropped the item already; such a refusal changes nothing.
        self.send(event.with_event_id(EventId::new(format!("{HARMLESS_ID}{item}"))));
    }
}
