//! Border `Leg`: who speaks and listens. Implemented by native audio, WAV files and, through the relay, pages, SDK clients and phones.
//!
//! A leg is two halves. Its [`LegEvent`]s arrive at the session over a bounded channel; its [`LegSink`] takes the receptionist's audio.
//! A leg reports **played** samples per item: what the caller really heard, never what was merely received (design §5.3). All sample
//! counts are at [`crate::frame::SAMPLE_RATE`] and start at 0 for each item.

use tokio::sync::mpsc;

use crate::event::{AudioDirection, DeviceChangeReason, LegKind, MicrophoneState};
use crate::frame::Frame;
use crate::identity::ItemId;
use crate::problem::Problem;

/// Events from a leg that may wait for the session: 2 s of frames. When it is full a leg drops its *oldest* frame and counts it;
/// all other events wait.
pub const LEG_EVENT_CAPACITY: usize = 128;

/// One caller's connection to the session.
pub struct Leg {
    /// What it is, for the journal.
    pub kind: LegKind,
    /// True where the client truncates replies itself (SDK clients): the session then sends no truncation of its own.
    pub truncates_itself: bool,
    /// What the leg says. Closed by the leg when it is gone for good.
    pub events: mpsc::Receiver<LegEvent>,
    /// What the leg is told.
    pub sink: Box<dyn LegSink>,
}

/// What a leg tells the session.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "frames are the usual case and are moved by value, so that audio threads neither allocate nor free"
)]
pub enum LegEvent {
    /// 20 ms of the caller, echo already removed. Only after [`LegSink::open`].
    Frame(Frame),
    /// How much of an item has been heard so far. Monotonic per item; sent at least every 100 ms while it plays.
    Played {
        /// The item.
        item: ItemId,
        /// Samples of it that were really heard.
        samples: u64,
    },
    /// All audio of an item was heard, after [`LegSink::finish`].
    Finished {
        /// The item.
        item: ItemId,
    },
    /// Answer to [`LegSink::flush`]: playback is silent, and this is what had been heard of every item that was queued or playing.
    Flushed {
        /// Heard samples per item, in playing order; 0 for an item of which nothing was heard.
        heard: Vec<Heard>,
    },
    /// The microphone's state changed.
    Microphone(MicrophoneState),
    /// A device changed.
    Device {
        /// Which side.
        direction: AudioDirection,
        /// Name for people.
        name: String,
        /// Why.
        reason: DeviceChangeReason,
    },
    /// Something failed and the leg goes on.
    Warning(Problem),
    /// The caller has nothing more to say (last file played, page left). The session ends the call after the running reply.
    Closed,
    /// The leg cannot go on.
    Failed(Problem),
}

/// What was heard of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The item.
    pub item: ItemId,
    /// Samples of it that were really heard.
    pub samples: u64,
}

/// The receptionist's side of a leg. Called from the session actor; no method may block or wait.
pub trait LegSink: Send {
    /// The session is ready: frames may come. Devices may have been opened before, nothing was sent.
    fn open(&mut self);

    /// Queues audio of `item` behind all that is queued. Arrives faster than real time; a leg buffers it (at least 10 minutes).
    fn play(&mut self, item: &ItemId, samples: &[i16]);

    /// No more audio of `item` will come.
    fn finish(&mut self, item: &ItemId);

    /// Silences playback now (3–5 ms ramp), drops what is queued, and answers with exactly one [`LegEvent::Flushed`].
    fn flush(&mut self);

    /// The person's mute switch. A muted leg sends no frames.
    fn set_muted(&mut self, muted: bool);

    /// The session takes part in turn-taking: true from the moment a reply is expected until it has been played. File legs speak
    /// their next turn when this becomes false; others ignore it.
    fn set_busy(&mut self, busy: bool);

    /// The call is over. The leg stops and closes its events.
    fn close(&mut self);
}
