//! The mouth: one thread per connection that speaks replies, a clause at a time.
//!
//! Blocks on inference. A reply comes in one part or several; it is dropped between two clauses as soon as its number is no longer the
//! current one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use frontdesk_protocol::AudioBytes;
use tokio::sync::mpsc;

use super::codec::Codec;
use super::connection::WorkerEvent;
use super::local_speech::LocalSpeech;
use crate::speech::{LocalVoice, SpeechError, SpokenClause};

/// A reply to speak, or a part of one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Speak {
    /// Number of the reply; larger is later.
    pub serial: u64,
    /// The words.
    pub text: String,
    /// Who speaks them.
    pub voice: LocalVoice,
    /// No part follows.
    pub is_last: bool,
    /// 1 is the natural pace.
    pub speed: f32,
    /// Format of the sound.
    pub codec: Codec,
}

impl Speak {
    /// Puts the next part behind this one, while both still wait: then they are one.
    pub fn append(&mut self, next: Self) {
        self.text.push_str(&next.text);
        self.is_last = next.is_last;
    }
}

/// What became of a reply.
#[derive(Debug)]
pub(crate) enum MouthEvent {
    /// A clause is spoken.
    Clause {
        /// Its words, and its sound as it was made.
        clause: SpokenClause,
        /// Its sound in the session's format, piece by piece.
        deltas: Vec<AudioBytes>,
    },
    /// No more clauses of the reply follow.
    End,
    /// The voice failed; no more clauses follow. In plain words.
    Failed(String),
}

/// Runs until the commands end or nobody takes the events. `current` is the number of the reply that is wanted.
pub(crate) fn run(
    speech: &Arc<dyn LocalSpeech>,
    mut commands: mpsc::Receiver<Speak>,
    events: &mpsc::Sender<WorkerEvent>,
    current: &AtomicU64,
) {
    while let Some(Speak {
        serial,
        text,
        voice,
        is_last,
        speed,
        codec,
    }) = commands.blocking_recv()
    {
        let mut clauses = speech.speak(voice, &text, speed);
        loop {
            if current.load(Ordering::Acquire) != serial {
                break;
            }
            let spoken = clauses.next().map(|clause| {
                let clause = clause?;
                let deltas = codec.deltas(&clause.samples)?;
                Ok::<_, SpeechError>((clause, deltas))
            });
            let (event, last) = match spoken {
                Some(Ok((clause, deltas))) => (MouthEvent::Clause { clause, deltas }, false),
                Some(Err(error)) => (MouthEvent::Failed(error.to_string()), true),
                None if is_last => (MouthEvent::End, true),
                None => break,
            };
            if events.blocking_send(WorkerEvent::Mouth { serial, event }).is_err() {
                return;
            }
            if last {
                break;
            }
        }
    }
}
