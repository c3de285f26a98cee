//! How others reach the audio thread: one bounded queue of messages.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use frontdesk_call::identity::ItemId;

use crate::device::id::{DeviceChoice, InputDeviceId, OutputDeviceId};
use crate::device::stream::{OpenedMicrophone, OpenedSpeaker};
use crate::error::AudioError;
use crate::processing::ProcessingSettings;
use crate::recovery::Generation;

/// Messages that may wait for the audio thread. It empties the queue every 3 ms, so a full one means that it has stood still for many
/// seconds: the message is refused and counted, and the leg fails instead of going on without, say, a flush.
pub const MAILBOX_CAPACITY: usize = 4_096;

/// What the audio thread is told.
pub(crate) enum Message {
    Open,
    Play { item: ItemId, samples: Vec<i16> },
    Finish { item: ItemId },
    Flush,
    Mute(bool),
    ChooseInput(DeviceChoice<InputDeviceId>),
    ChooseOutput(DeviceChoice<OutputDeviceId>),
    Processing(ProcessingSettings),
    MicrophoneOpened(Generation, Result<Box<OpenedMicrophone>, AudioError>),
    SpeakerOpened(Generation, Result<Box<OpenedSpeaker>, AudioError>),
    Close,
}

/// The sending end.
#[derive(Clone)]
pub struct Mailbox {
    sender: SyncSender<Message>,
    refused: Arc<AtomicU64>,
}

/// A mailbox and its reader.
pub(crate) fn mailbox() -> (Mailbox, Receiver<Message>) {
    let (sender, receiver) = sync_channel(MAILBOX_CAPACITY);
    (
        Mailbox {
            sender,
            refused: Arc::new(AtomicU64::new(0)),
        },
        receiver,
    )
}

impl Mailbox {
    /// Sends without waiting. After the end of the call the message is dropped; nobody is left to act on it.
    pub(crate) fn send(&self, message: Message) {
        if let Err(std::sync::mpsc::TrySendError::Full(_)) = self.sender.try_send(message) {
            self.refused.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Sends from a stream's thread, which may wait. After the end of the call the stream is dropped with its message.
    pub(crate) fn report(&self, message: Message) {
        self.sender.send(message).ok();
    }

    /// Messages refused because the queue was full.
    pub(crate) fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }
}
