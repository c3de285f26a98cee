//! A new connection for a running call: how long to wait, what to tell the new one.
//!
//! A backend cannot resume a session, so the conversation is replayed as text. Pure; chance is a seed given from outside.

use std::time::Duration;

use frontdesk_protocol::{FunctionCall, FunctionCallOutput, Item, Message};

use super::conversation::Conversation;
use super::playback::Playback;
use super::tool_calls::ToolCalls;
use crate::identity::{ItemId, ToolCallId};

/// Most items that are replayed; the newest are kept.
pub(crate) const REPLAY_ITEMS: usize = 120;

/// Most characters of words that are replayed: about 12,000 tokens, less than half of the smallest context in use.
pub(crate) const REPLAY_CHARACTERS: usize = 48_000;

/// Longest id that is replayed. Servers accept ids chosen by clients up to this length.
const LONGEST_ID: usize = 32;

/// Growing, slightly random waits between attempts, so that many clients do not return in the same moment.
#[derive(Debug)]
pub(crate) struct Backoff {
    first: Duration,
    attempts: u32,
    attempt: u32,
    random: u64,
}

impl Backoff {
    /// Waits for at most `attempts` attempts; the second comes after about `first`.
    pub(crate) fn new(first: Duration, attempts: u32, seed: u64) -> Self {
        Self {
            first,
            attempts,
            attempt: 0,
            random: seed,
        }
    }

    /// The next attempt and the wait before it; `None` when all were used. The first comes at once, then the wait doubles up to 16 times
    /// its start, each shortened by up to a quarter.
    pub(crate) fn next(&mut self) -> Option<(u32, Duration)> {
        if self.attempt >= self.attempts {
            return None;
        }
        self.attempt += 1;
        if self.attempt == 1 {
            return Some((1, Duration::ZERO));
        }
        let longest = self.first * (1 << (self.attempt - 2).min(4));
        Some((self.attempt, longest - longest.mul_f64(self.chance() / 4.0)))
    }

    /// The connection holds again.
    pub(crate) fn reset(&mut self) {
        self.attempt = 0;
    }

    /// A number in 0 … 1 (SplitMix64).
    fn chance(&mut self) -> f64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        (mixed >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// The conversation so far as items for a new connection, oldest first, and, where something was said, the note that it goes on.
///
/// Replies go as what was heard of them, unfinished tool calls not at all. When it is long, the oldest part is left out and the note says so.
pub(crate) fn replay(
    conversation: &Conversation,
    playback: &Playback,
    tools: &ToolCalls,
    note: Option<&str>,
) -> Vec<Item> {
    let mut newest_first: Vec<Item> = Vec::new();
    let mut characters = 0;
    let mut left_out = false;
    for id in conversation.items().iter().rev() {
        let (items, length) = items_at(id, conversation, playback, tools);
        if items.is_empty() {
            continue;
        }
        characters += length;
        if newest_first.len() + items.len() > REPLAY_ITEMS || characters > REPLAY_CHARACTERS {
            left_out = true;
            break;
        }
        newest_first.extend(items.into_iter().rev());
    }
    newest_first.reverse();
    if let Some(note) = note
        && !newest_first.is_empty()
    {
        let beginning = if left_out {
            "An earlier part of the conversation is left out. "
        } else {
            ""
        };
        newest_first.push(Item::Message(Message::system(format!("{beginning}{note}"))));
    }
    newest_first
}

fn items_at(id: &ItemId, conversation: &Conversation, playback: &Playback, tools: &ToolCalls) -> (Vec<Item>, usize) {
    let short_id = |id: &ItemId| (id.as_str().len() <= LONGEST_ID).then(|| id.clone());
    if let Some(call) = tools.answered_at(id) {
        let output = call.output.clone().unwrap_or_default();
        // A name that the new connection cannot give to a call of its own.
        let call_id = ToolCallId::new(format!("earlier-{}", call.number));
        let length = call.arguments.len() + output.len();
        let asked = FunctionCall {
            id: short_id(id),
            status: None,
            call_id: Some(call_id.clone()),
            name: call.name.clone(),
            arguments: call.arguments.clone(),
        };
        let answered = FunctionCallOutput {
            id: None,
            status: None,
            call_id,
            output,
        };
        return (
            vec![Item::FunctionCall(asked), Item::FunctionCallOutput(answered)],
            length,
        );
    }
    let message = if let Some(turn) = conversation.turn(id) {
        Some((
            Message::user(turn.text.as_str()),
            turn.text.len(),
            turn.text.trim().is_empty(),
        ))
    } else {
        playback.get(id).map(|reply| {
            // A reply that is being silenced ends where the caller cut it off; one that still plays will be heard.
            let text = if reply.silenced && !reply.over {
                reply.heard_text()
            } else {
                &reply.text
            };
            (Message::assistant(text), text.len(), text.trim().is_empty())
        })
    };
    match message {
        Some((message, length, false)) => {
            let message = Message {
                id: short_id(id),
                ..message
            };
            (vec![Item::Message(message)], length)
        }
        _ => (Vec::new(), 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_with_chance_and_end() {
        let mut backoff = Backoff::new(Duration::from_millis(500), 5, 7);
        let waits: Vec<_> = std::iter::from_fn(|| backoff.next()).collect();
        assert_eq!(waits.len(), 5);
        assert_eq!(waits[0], (1, Duration::ZERO));
        for (attempt, longest_ms) in [(2_u32, 500_u128), (3, 1_000), (4, 2_000), (5, 4_000)] {
            let (number, wait) = waits[attempt as usize - 1];
            assert_eq!(number, attempt);
            assert!(
                (longest_ms * 3 / 4..=longest_ms).contains(&wait.as_millis()),
                "attempt {attempt}: {wait:?}"
            );
        }
    }

    #[test]
    fn a_connection_that_held_begins_anew() {
        let mut backoff = Backoff::new(Duration::from_millis(500), 1, 7);
        assert!(backoff.next().is_some() && backoff.next().is_none());
        backoff.reset();
        assert!(backoff.next().is_some());
    }
}
