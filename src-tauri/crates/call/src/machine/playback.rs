//! The playback ledger: of every reply, what was received, what was really heard, and what follows when it is cut off.
//!
//! Truncation uses only samples that the leg reports as heard, never a wall clock, and never names more than was received; a wrong
//! number makes the backend throw away what the caller did hear. Pure arithmetic; samples are at [`crate::frame::SAMPLE_RATE`].

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use super::moment::Moment;
use crate::frame::samples_to_ms;
use crate::identity::{ItemId, ResponseId};
use crate::leg::Heard;

/// Longest wait for a leg's answer to a flush; then its last report of heard samples counts.
pub(crate) const FLUSH_DEADLINE: Duration = Duration::from_millis(500);

/// Beyond their own length, the longest time in which nothing more is reported heard of replies that are whole. A speaker that was lost has
/// been found again by then, or there is none.
pub(crate) const UNHEARD_GRACE: Duration = Duration::from_secs(10);

/// One reply of the receptionist.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Reply {
    /// Response that makes it; `None` for a reply whose connection is gone.
    pub(crate) response: Option<ResponseId>,
    /// Samples received and given to the leg.
    pub(crate) received: u64,
    /// Samples of it that were heard, never more than received.
    pub(crate) heard: u64,
    /// Words so far.
    pub(crate) text: String,
    /// Its words came as text and not as the transcript of a voice.
    pub(crate) written: bool,
    /// All words are known.
    pub(crate) text_complete: bool,
    /// The backend sends no more of it.
    pub(crate) generated: bool,
    /// Its connection broke before it was whole.
    pub(crate) cut_short: bool,
    /// It was silenced: what still arrives of it is dropped.
    pub(crate) silenced: bool,
    /// Its last event was emitted.
    pub(crate) over: bool,
    /// Its conversation item is unknown to the connection in use, so it cannot be truncated there.
    pub(crate) restored: bool,
    /// The leg was told that no more audio comes.
    pub(crate) finish_told: bool,
    /// Its first sound was reported.
    pub(crate) audible: bool,
    /// How many bytes of text had arrived before which sample: aligns words with audio while the reply grows.
    marks: Vec<Mark>,
}

/// Text up to `bytes` had arrived when `received` samples had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    received: u64,
    bytes: usize,
}

/// What the backend is told about a reply that was cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Nothing: no audio of it was received, or all of it was heard.
    Nothing,
    /// Nothing of it was heard: remove it.
    Delete,
    /// This many milliseconds were heard.
    Truncate(u64),
}

impl Reply {
    /// Adds words.
    pub(crate) fn add_text(&mut self, delta: &str) {
        self.text.push_str(delta);
        let mark = Mark {
            received: self.received,
            bytes: self.text.len(),
        };
        match self.marks.last_mut() {
            Some(last) if last.received == mark.received => *last = mark,
            _ => self.marks.push(mark),
        }
    }

    /// Sets all words at once, as the backend finally gives them.
    pub(crate) fn set_text(&mut self, text: &str) {
        if self.text != text {
            text.clone_into(&mut self.text);
            self.marks.clear();
        }
        self.text_complete = true;
    }

    /// Takes a report of heard samples. Reports never take back what was heard.
    pub(crate) fn hear(&mut self, samples: u64) {
        self.heard = self.heard.max(samples).min(self.received);
    }

    /// True when all of it was made and heard.
    pub(crate) fn is_fully_heard(&self) -> bool {
        self.generated && !self.cut_short && self.heard >= self.received
    }

    /// True when sound of it was received, or words of it were written.
    fn says_something(&self) -> bool {
        self.received > 0 || (self.written && !self.text.is_empty())
    }

    /// Milliseconds that were heard, rounded down.
    pub(crate) fn heard_ms(&self) -> u64 {
        samples_to_ms(self.heard.min(self.received))
    }

    /// What the backend has to know when it is silenced now.
    pub(crate) fn cut(&self) -> Cut {
        if self.received == 0 || self.restored || self.is_fully_heard() {
            Cut::Nothing
        } else if self.heard_ms() == 0 {
            Cut::Delete
        } else {
            Cut::Truncate(self.heard_ms())
        }
    }

    /// The words that were heard, whole words only: an estimate from the share of the audio that was heard.
    ///
    /// When all audio is known, words are spread evenly over it. While the reply grows, the words may run ahead of the audio, so the
    /// estimate is also held below the words that had arrived before the heard sample. Written words without any sound were shown, and that
    /// is all there is to hear of them.
    pub(crate) fn heard_text(&self) -> &str {
        if self.written && self.received == 0 {
            return &self.text;
        }
        let heard = self.heard.min(self.received);
        if heard == 0 {
            return "";
        }
        if self.is_fully_heard() {
            return &self.text;
        }
        let share = scale(self.text.len(), heard, self.received);
        let bytes = if self.generated && !self.cut_short {
            share
        } else {
            share.min(self.aligned_bytes(heard))
        };
        whole_words(&self.text, bytes)
    }

    /// Bytes of text that belong to the first `heard` samples, when each piece of text belongs to the audio that followed it.
    fn aligned_bytes(&self, heard: u64) -> usize {
        let mut begin = 0;
        for (at, mark) in self.marks.iter().enumerate() {
            let until = self.marks.get(at + 1).map_or(self.received, |next| next.received);
            if heard < until {
                let part = scale(
                    mark.bytes - begin,
                    heard.saturating_sub(mark.received),
                    until - mark.received,
                );
                return begin + part;
            }
            if until == mark.received {
                // The audio of these words has not arrived.
                return begin;
            }
            begin = mark.bytes;
        }
        begin
    }
}

/// `length * part / whole` for audio and text lengths; 0 when there is no whole.
fn scale(length: usize, part: u64, whole: u64) -> usize {
    let scaled = (length as u128 * u128::from(part))
        .checked_div(u128::from(whole))
        .unwrap_or(0);
    usize::try_from(scaled).unwrap_or(length).min(length)
}

/// The longest start of `text` within `bytes` that ends at the end of a word.
fn whole_words(text: &str, bytes: usize) -> &str {
    let word_ends = text
        .char_indices()
        .filter(|(_, character)| character.is_whitespace())
        .map(|(at, _)| at);
    let end = word_ends
        .chain([text.len()])
        .take_while(|end| *end <= bytes)
        .last()
        .unwrap_or(0);
    text.get(..end).unwrap_or_default().trim_end()
}

/// A flush that the leg has not answered.
#[derive(Clone, Debug)]
struct Flush {
    items: Vec<ItemId>,
    since: Moment,
}

/// Replies that are whole and wait to be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Awaited {
    replies: usize,
    /// Samples of them that were not heard.
    left: u64,
}

/// How a reply ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Conclusion {
    /// It had no sound.
    Unspoken,
    /// It was heard to its end.
    Played,
    /// It was cut off.
    Interrupted {
        /// The words that were heard.
        heard_text: String,
        /// Milliseconds that were heard.
        heard_ms: u64,
        /// What the backend is told.
        cut: Cut,
    },
}

/// What silencing needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Silenced {
    /// The leg must flush; the replies are concluded when it answers.
    Flushing,
    /// The leg has nothing of these replies: they are concluded at once.
    Unheard(Vec<ItemId>),
}

/// All replies of the call. See the module's header.
#[derive(Debug, Default)]
pub(crate) struct Playback {
    replies: HashMap<ItemId, Reply>,
    /// Replies that are not over, in playing order.
    live: Vec<ItemId>,
    flushes: VecDeque<Flush>,
    /// What is awaited, and since when nothing more of it was heard.
    awaited: Option<(Awaited, Moment)>,
}

impl Playback {
    /// The reply `item`; a new one is live.
    pub(crate) fn open(&mut self, item: &ItemId, response: &ResponseId) -> &mut Reply {
        if !self.replies.contains_key(item) {
            self.live.push(item.clone());
        }
        self.replies.entry(item.clone()).or_insert_with(|| Reply {
            response: Some(response.clone()),
            ..Reply::default()
        })
    }

    /// A known reply.
    pub(crate) fn get(&self, item: &ItemId) -> Option<&Reply> {
        self.replies.get(item)
    }

    /// A known reply, to change.
    pub(crate) fn get_mut(&mut self, item: &ItemId) -> Option<&mut Reply> {
        self.replies.get_mut(item)
    }

    /// The reply is over; tells how it ended. `None` when that was told before. Its text becomes what was heard.
    pub(crate) fn close(&mut self, item: &ItemId) -> Option<Conclusion> {
        self.live.retain(|live| live != item);
        let reply = self.replies.get_mut(item).filter(|reply| !reply.over)?;
        let conclusion = if reply.received == 0 && reply.generated && !reply.cut_short {
            Conclusion::Unspoken
        } else if reply.is_fully_heard() {
            Conclusion::Played
        } else {
            let heard_text = reply.heard_text().to_owned();
            reply.text.clone_from(&heard_text);
            Conclusion::Interrupted {
                heard_text,
                heard_ms: reply.heard_ms(),
                cut: reply.cut(),
            }
        };
        reply.over = true;
        reply.silenced = true;
        reply.marks = Vec::new();
        Some(conclusion)
    }

    /// Replies that are not over, in playing order.
    pub(crate) fn live(&self) -> Vec<ItemId> {
        self.live.clone()
    }

    /// True when nothing is playing, queued or growing.
    pub(crate) fn is_quiet(&self) -> bool {
        self.live.is_empty()
    }

    /// True when the leg has audio that was not heard.
    pub(crate) fn is_playing(&self) -> bool {
        self.live_replies().any(|reply| reply.received > 0 && !reply.silenced)
    }

    /// True when some reply is being heard.
    pub(crate) fn is_heard(&self) -> bool {
        self.live_replies().any(|reply| reply.heard > 0 && !reply.silenced)
    }

    /// Live replies of `response`.
    pub(crate) fn of_response(&self, response: Option<&ResponseId>) -> Vec<ItemId> {
        let of_it = |item: &&ItemId| {
            self.replies
                .get(*item)
                .is_some_and(|reply| reply.response.as_ref() == response)
        };
        self.live.iter().filter(of_it).cloned().collect()
    }

    /// True when `response` has said something: sound, or words that were written.
    pub(crate) fn has_spoken(&self, response: Option<&ResponseId>) -> bool {
        response.is_some()
            && self
                .replies
                .values()
                .any(|reply| reply.response.as_ref() == response && reply.says_something())
    }

    /// True when any response of the call has said something.
    pub(crate) fn has_ever_spoken(&self) -> bool {
        self.replies.values().any(Reply::says_something)
    }

    fn live_replies(&self) -> impl Iterator<Item = &Reply> {
        self.live.iter().filter_map(|item| self.replies.get(item))
    }

    /// Silences every live reply.
    pub(crate) fn silence(&mut self, now: Moment) -> Silenced {
        let mut items = Vec::new();
        let mut must_flush = false;
        for item in &self.live {
            if let Some(reply) = self.replies.get_mut(item)
                && !reply.silenced
            {
                reply.silenced = true;
                must_flush |= reply.received > 0;
                items.push(item.clone());
            }
        }
        if !must_flush {
            return Silenced::Unheard(items);
        }
        self.flushes.push_back(Flush { items, since: now });
        Silenced::Flushing
    }

    /// The leg's answer to the oldest flush. Returns the replies to conclude.
    pub(crate) fn flushed(&mut self, heard: &[Heard]) -> Vec<ItemId> {
        for Heard { item, samples } in heard {
            if let Some(reply) = self.replies.get_mut(item) {
                reply.hear(*samples);
            }
        }
        self.flushes.pop_front().map(|flush| flush.items).unwrap_or_default()
    }

    /// When the oldest flush counts as answered.
    pub(crate) fn flush_deadline(&self) -> Option<Moment> {
        self.flushes.front().map(|flush| flush.since + FLUSH_DEADLINE)
    }

    /// Notes what is awaited. Every report of the leg begins the wait anew, so that a slow one cuts nothing off.
    pub(crate) fn observe(&mut self, now: Moment) {
        let awaited = self.all_awaited();
        if awaited != self.awaited.map(|(awaited, _)| awaited) {
            self.awaited = awaited.map(|awaited| (awaited, now));
        }
    }

    /// What has to be heard, once no live reply grows any more.
    fn all_awaited(&self) -> Option<Awaited> {
        let whole = |reply: &Reply| reply.finish_told && !reply.silenced;
        (!self.live.is_empty() && self.live_replies().all(whole)).then(|| Awaited {
            replies: self.live.len(),
            left: self.live_replies().map(|reply| reply.received - reply.heard).sum(),
        })
    }

    /// When nobody can be hearing what is awaited: without a speaker a leg reports nothing, and the call would wait for ever.
    pub(crate) fn unheard_deadline(&self) -> Option<Moment> {
        self.awaited
            .map(|(awaited, since)| since + Duration::from_millis(samples_to_ms(awaited.left)) + UNHEARD_GRACE)
    }

    /// Replies that the backend has not finished and nobody has cut off.
    pub(crate) fn growing(&self) -> Vec<ItemId> {
        let growing = |item: &&ItemId| {
            self.replies
                .get(*item)
                .is_some_and(|reply| !reply.generated && !reply.silenced)
        };
        self.live.iter().filter(growing).cloned().collect()
    }

    /// Growing replies will not grow any more, although they are not whole. Returns them.
    pub(crate) fn cut_short(&mut self) -> Vec<ItemId> {
        let growing = self.growing();
        for item in &growing {
            if let Some(reply) = self.replies.get_mut(item) {
                reply.cut_short = true;
                reply.generated = true;
            }
        }
        growing
    }

    /// The connection is gone: replies that were growing are cut short and returned, and none can be truncated any more.
    pub(crate) fn connection_lost(&mut self) -> Vec<ItemId> {
        for reply in self.replies.values_mut() {
            reply.restored = true;
            reply.response = None;
        }
        self.cut_short()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reply(text: &str, received: u64, heard: u64) -> Reply {
        let mut reply = Reply {
            received,
            generated: true,
            ..Reply::default()
        };
        reply.set_text(text);
        reply.hear(heard);
        reply
    }

    #[test]
    fn a_reply_of_which_nothing_arrived_is_left_alone() {
        assert_eq!(Reply::default().cut(), Cut::Nothing);
    }

    #[test]
    fn a_reply_of_which_nothing_was_heard_is_deleted() {
        assert_eq!(reply("Hello there", 24_000, 0).cut(), Cut::Delete);
        assert_eq!(
            reply("Hello there", 24_000, 23).cut(),
            Cut::Delete,
            "less than a millisecond is nothing"
        );
    }

    #[test]
    fn a_reply_heard_in_part_is_cut_at_whole_milliseconds_rounded_down() {
        assert_eq!(reply("Hello there", 24_000, 12_047).cut(), Cut::Truncate(501));
    }

    #[test]
    fn a_reply_heard_to_its_end_is_left_alone() {
        assert_eq!(reply("Hello there", 24_000, 24_000).cut(), Cut::Nothing);
    }

    #[test]
    fn a_growing_reply_is_cut_even_when_all_that_arrived_was_heard() {
        let mut reply = reply("Hello there", 24_000, 24_000);
        reply.generated = false;
        assert_eq!(reply.cut(), Cut::Truncate(1_000));
    }

    #[test]
    fn half_of_the_audio_is_half_of_the_words() {
        assert_eq!(reply("one two three four", 48_000, 24_000).heard_text(), "one two");
    }

    #[test]
    fn words_that_ran_ahead_of_the_audio_do_not_count_as_heard() {
        let mut reply = Reply::default();
        reply.add_text("First sentence here. ");
        reply.received = 24_000;
        reply.add_text("Second sentence, with many more words that nobody has heard yet.");
        reply.hear(24_000);
        assert_eq!(reply.heard_text(), "First sentence here.");
    }

    #[test]
    fn written_words_count_as_heard_and_a_transcript_without_its_voice_does_not() {
        let mut reply = Reply::default();
        reply.add_text("We are open until");
        assert_eq!(reply.heard_text(), "");
        reply.written = true;
        assert_eq!(reply.heard_text(), "We are open until");
        assert_eq!(reply.cut(), Cut::Nothing);
        reply.received = 24_000;
        assert_eq!(reply.heard_text(), "", "once it has a voice, the voice counts");
    }

    proptest! {
        #[test]
        fn heard_text_is_a_start_of_the_text_and_grows_with_what_was_heard(
            pieces in prop::collection::vec(("[a-zé ]{0,12}", 0_u64..9_000), 0..12),
            generated: bool,
            first in 0_u64..60_000,
            more in 0_u64..60_000,
        ) {
            let mut reply = Reply { generated, ..Reply::default() };
            for (text, samples) in &pieces {
                reply.add_text(text);
                reply.received += samples;
            }
            reply.hear(first);
            let before = reply.heard_text().to_owned();
            prop_assert!(reply.text.starts_with(&before));
            reply.hear(first + more);
            prop_assert!(reply.heard_text().starts_with(&before));
        }

        #[test]
        fn a_cut_never_names_more_than_was_heard_or_received(
            received in 0_u64..1_000_000, heard: u64, generated: bool, cut_short: bool,
        ) {
            let mut reply = Reply { received, generated, cut_short, ..Reply::default() };
            reply.hear(heard);
            if let Cut::Truncate(ms) = reply.cut() {
                prop_assert!(ms > 0 && ms <= samples_to_ms(received) && ms <= samples_to_ms(heard.min(received)));
            }
        }
    }
}
