//! The caller's audio on its way to the backend: one append per frame, and at most two seconds held while there is no connection.
//!
//! Runs in the session actor. A frame costs two allocations (the bytes of the event, its box in the pump's queue); nothing is parsed.

use std::collections::VecDeque;

use frontdesk_protocol::ClientEvent;

use crate::frame::Frame;
use crate::voice_model::{ModelSender, SendFailed};

/// Frames that are held while there is no connection: 2 s. When it is full the oldest frame is dropped and counted, because old audio would
/// answer a question that has passed.
pub(crate) const HELD_FRAME_CAPACITY: usize = 100;

/// See the module's header.
#[derive(Debug, Default)]
pub(crate) struct Uplink {
    held: VecDeque<Frame>,
    dropped: u64,
}

impl Uplink {
    /// Sends one frame.
    pub(crate) fn send(sender: &mut dyn ModelSender, frame: &Frame) -> Result<(), SendFailed> {
        sender.send(ClientEvent::append_pcm16(&frame.0))
    }

    /// Keeps a frame until there is a connection.
    pub(crate) fn hold(&mut self, frame: Frame) {
        if self.held.len() == HELD_FRAME_CAPACITY {
            self.held.pop_front();
            self.dropped += 1;
        }
        self.held.push_back(frame);
    }

    /// Sends all held frames, oldest first. Returns how many.
    pub(crate) fn release(&mut self, sender: &mut dyn ModelSender) -> u64 {
        let mut sent = 0;
        for frame in self.held.drain(..) {
            if Self::send(sender, &frame).is_err() {
                break;
            }
            sent += 1;
        }
        self.report();
        sent
    }

    /// Forgets the held frames.
    pub(crate) fn forget(&mut self) {
        self.held.clear();
        self.report();
    }

    fn report(&mut self) {
        if self.dropped > 0 {
            tracing::debug!(frames = self.dropped, "audio captured without a connection was dropped");
            self.dropped = 0;
        }
    }
}
