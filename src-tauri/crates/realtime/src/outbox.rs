//! The queue from the session to the pump: never waits, never grows without end.
//!
//! The session pushes from its own task, the pump's task takes. Order is kept between audio and everything else, because a commit means the
//! audio before it. Audio that a slow connection cannot take is dropped, the oldest first, since late audio is worth less than none; anything
//! else is never dropped, and when even that piles up the connection counts as lost.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use frontdesk_call::voice_model::SendFailed;
use frontdesk_protocol::ClientEvent;
use tokio::sync::Notify;

/// Appended pieces of audio that may wait: five seconds in 20 ms frames. A recogniser can use that much at once; more would only answer late.
pub const AUDIO_QUEUE_CAPACITY: usize = 250;

/// Other events that may wait. A reconnect replays a whole conversation at once, so this is several hundred turns and not a handful.
pub const EVENT_QUEUE_CAPACITY: usize = 2_048;

/// The queue, shared by the session's sender and the pump.
#[derive(Default)]
pub(crate) struct Outbox {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    queue: VecDeque<ClientEvent>,
    /// How many of the queue are audio.
    audio: usize,
    /// Pieces of audio dropped since the pump last asked.
    dropped: u64,
    /// The pump is gone, or the queue overflowed.
    closed: bool,
}

/// What the pump is to do next.
pub(crate) enum Next {
    /// Write this event. `dropped` pieces of audio before it were lost.
    Event {
        /// The event.
        event: ClientEvent,
        /// Pieces of audio dropped since the last event.
        dropped: u64,
    },
    /// More waits than a working connection would leave waiting.
    Overflow,
}

impl Outbox {
    /// Queues one event.
    ///
    /// # Errors
    /// When the connection is gone, or just became so because too much waits.
    pub(crate) fn push(&self, event: ClientEvent) -> Result<(), SendFailed> {
        let mut state = self.lock();
        if state.closed {
            return Err(SendFailed);
        }
        if is_audio(&event) {
            if state.audio == AUDIO_QUEUE_CAPACITY {
                state.drop_oldest_audio();
            }
            state.audio += 1;
        } else if state.queue.len() - state.audio == EVENT_QUEUE_CAPACITY {
            state.closed = true;
            drop(state);
            self.changed.notify_one();
            return Err(SendFailed);
        }
        state.queue.push_back(event);
        drop(state);
        self.changed.notify_one();
        Ok(())
    }

    /// Waits for the next thing to do. One task only. Safe to drop while waiting: nothing is taken before it is returned.
    pub(crate) async fn next(&self) -> Next {
        loop {
            if let Some(next) = self.take() {
                return next;
            }
            self.changed.notified().await;
        }
    }

    /// From now on every push fails.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
    }

    fn take(&self) -> Option<Next> {
        let mut state = self.lock();
        if state.closed {
            return Some(Next::Overflow);
        }
        let event = state.queue.pop_front()?;
        state.audio -= usize::from(is_audio(&event));
        Some(Next::Event {
            event,
            dropped: std::mem::take(&mut state.dropped),
        })
    }

    /// A panic while holding the lock cannot leave the state half changed in a way that matters, so a poisoned lock is used on.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn drop_oldest_audio(&mut self) {
        if let Some(oldest) = self.queue.iter().position(is_audio) {
            self.queue.remove(oldest);
            self.audio -= 1;
            self.dropped += 1;
        }
    }
}

fn is_audio(event: &ClientEvent) -> bool {
    matches!(event, ClientEvent::InputAudioAppend(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn audio(value: i16) -> ClientEvent {
        ClientEvent::append_pcm16(&[value])
    }

    fn taken(outbox: &Outbox) -> Vec<(ClientEvent, u64)> {
        std::iter::from_fn(|| match outbox.take()? {
            Next::Event { event, dropped } => Some((event, dropped)),
            Next::Overflow => None,
        })
        .collect()
    }

    #[test]
    fn events_leave_in_the_order_they_came() {
        let outbox = Outbox::default();
        let pushed = [
            audio(1),
            ClientEvent::commit_input(),
            audio(2),
            ClientEvent::create_response(None),
        ];
        for event in pushed.clone() {
            outbox.push(event).unwrap();
        }
        let left: Vec<_> = taken(&outbox).into_iter().map(|(event, _)| event).collect();
        assert_eq!(left, pushed);
    }

    #[test]
    fn too_much_audio_drops_the_oldest_and_counts_it_while_other_events_stay() {
        let outbox = Outbox::default();
        outbox.push(ClientEvent::clear_input()).unwrap();
        for value in 0..AUDIO_QUEUE_CAPACITY as i16 + 3 {
            outbox.push(audio(value)).unwrap();
        }
        let left = taken(&outbox);
        assert_eq!(left[0], (ClientEvent::clear_input(), 3));
        assert_eq!(left[1], (audio(3), 0));
        assert_eq!(left.len(), 1 + AUDIO_QUEUE_CAPACITY);
    }

    #[test]
    fn too_many_other_events_close_the_queue() {
        let outbox = Outbox::default();
        for _ in 0..EVENT_QUEUE_CAPACITY {
            outbox.push(ClientEvent::clear_input()).unwrap();
        }
        assert_eq!(outbox.push(ClientEvent::clear_input()), Err(SendFailed));
        assert_eq!(outbox.push(audio(1)), Err(SendFailed));
        assert!(matches!(outbox.take(), Some(Next::Overflow)));
    }

    #[test]
    fn a_closed_queue_takes_nothing() {
        let outbox = Outbox::default();
        outbox.close();
        assert_eq!(outbox.push(audio(1)), Err(SendFailed));
    }
}
