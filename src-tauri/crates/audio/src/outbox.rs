//! What the leg has to tell the session, and the policy when the session is slow: the oldest frame goes, everything else waits.
//!
//! Runs on the audio thread, which may not block: events go through `try_send`, and what does not fit waits here in order.

use std::collections::VecDeque;

use frontdesk_call::leg::{LEG_EVENT_CAPACITY, LegEvent};
use tokio::sync::mpsc;

/// Frames that may wait here when the channel of [`LEG_EVENT_CAPACITY`] events is full; with it 3 s. Overflow drops the oldest waiting
/// frame and counts it.
pub const WAITING_FRAMES: usize = 32;

/// Events of all kinds that may wait. A session that leaves this many unread has stopped: the leg counts as closed.
pub const WAITING_EVENTS: usize = 1_024;

/// The sending half of a leg's events.
pub struct Outbox {
    sender: mpsc::Sender<LegEvent>,
    waiting: VecDeque<LegEvent>,
    waiting_frames: usize,
    dropped_frames: u64,
}

impl Outbox {
    /// An outbox and the receiver for the session.
    #[must_use]
    pub fn new() -> (Self, mpsc::Receiver<LegEvent>) {
        let (sender, receiver) = mpsc::channel(LEG_EVENT_CAPACITY);
        let outbox = Self {
            sender,
            waiting: VecDeque::with_capacity(2 * WAITING_FRAMES),
            waiting_frames: 0,
            dropped_frames: 0,
        };
        (outbox, receiver)
    }

    /// Sends now or as soon as there is room.
    pub fn send(&mut self, event: LegEvent) {
        if matches!(event, LegEvent::Frame(_)) {
            if self.waiting_frames == WAITING_FRAMES
                && let Some(oldest) = self
                    .waiting
                    .iter()
                    .position(|event| matches!(event, LegEvent::Frame(_)))
            {
                self.waiting.remove(oldest);
                self.waiting_frames -= 1;
                self.dropped_frames += 1;
            }
            self.waiting_frames += 1;
        }
        self.waiting.push_back(event);
        self.flush();
    }

    /// Sends what fits by now.
    pub fn flush(&mut self) {
        while let Some(event) = self.waiting.pop_front() {
            let is_frame = matches!(event, LegEvent::Frame(_));
            match self.sender.try_send(event) {
                Ok(()) => self.waiting_frames -= usize::from(is_frame),
                Err(mpsc::error::TrySendError::Full(event)) => {
                    self.waiting.push_front(event);
                    return;
                }
                Err(mpsc::error::TrySendError::Closed(_)) => {
                    self.waiting.clear();
                    self.waiting_frames = 0;
                }
            }
        }
    }

    /// True when the session has dropped its half or stopped reading: the call is over.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.sender.is_closed() || self.waiting.len() >= WAITING_EVENTS
    }

    /// Events that wait because the channel is full.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Frames dropped because the session was too slow.
    #[must_use]
    pub const fn dropped_frames(&self) -> u64 {
        self.dropped_frames
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_call::event::MicrophoneState;
    use frontdesk_call::frame::Frame;

    use super::*;

    fn numbered(number: usize) -> LegEvent {
        let mut frame = Frame::SILENCE;
        frame.0[0] = number as i16;
        LegEvent::Frame(frame)
    }

    #[test]
    fn a_slow_session_loses_the_oldest_waiting_frames_and_nothing_else() {
        let (mut outbox, mut receiver) = Outbox::new();
        for number in 0..LEG_EVENT_CAPACITY {
            outbox.send(numbered(number));
        }
        outbox.send(LegEvent::Microphone(MicrophoneState::Muted));
        for number in 0..WAITING_FRAMES + 10 {
            outbox.send(numbered(1_000 + number));
        }
        assert_eq!(outbox.dropped_frames(), 10);
        let mut received = Vec::new();
        loop {
            while let Ok(event) = receiver.try_recv() {
                received.push(event);
            }
            outbox.flush();
            if receiver.is_empty() {
                break;
            }
        }
        assert_eq!(received.len(), LEG_EVENT_CAPACITY + 1 + WAITING_FRAMES);
        assert_eq!(
            received[LEG_EVENT_CAPACITY],
            LegEvent::Microphone(MicrophoneState::Muted)
        );
        assert_eq!(received[LEG_EVENT_CAPACITY + 1], numbered(1_010));
    }
}
