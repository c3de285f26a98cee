//! The receptionist's voice on its way to a speaker: queue → 24 → 48 kHz → device rate → ring, and the way back of what was heard.
//!
//! Runs on the audio thread, a step each time it wakes; time is an input. Silence is not pushed while nothing plays, so that the first
//! sample of a reply is in the ring at once; the echo canceller's far end is what the callback has rendered.

mod ledger;
mod queue;
mod reference;
mod speaker;

use std::time::{Duration, Instant};

use frontdesk_call::frame::SAMPLE_RATE;
use frontdesk_call::identity::ItemId;
use frontdesk_call::leg::{Heard, LegEvent};

pub use ledger::{Ledger, Mapping};
pub use queue::{PLAYBACK_CAPACITY_SAMPLES, PlaybackQueue};
pub use speaker::{PLAYBACK_RING_SECONDS, SpeakerEnd, speaker_ring};

use crate::block::{BLOCK_SAMPLES, Block, SESSION_BLOCK_SAMPLES};
use crate::resample::{SessionToBlock, UnsupportedRate};
use crate::signal::{fade_in, fade_out};

/// A reply starts when this much is queued …
const START_QUEUED_SAMPLES: usize = SAMPLE_RATE as usize * 40 / 1_000;

/// … or this long after its first piece arrived, whichever comes first.
const START_WAIT: Duration = Duration::from_millis(60);

/// Length of the fade around an underrun: 5 ms. As much is held back from an unfinished item, so that there is always something to fade.
const FADE_SAMPLES: usize = SAMPLE_RATE as usize * 5 / 1_000;

/// How long a flush waits for the callback's word before it answers with what is known. A callback comes every 10–50 ms.
const FLUSH_PATIENCE: Duration = Duration::from_millis(150);

/// Where the source is between silence and speech.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Source {
    /// Nothing is queued.
    Resting,
    /// Something is queued, less than the start threshold.
    Priming { since: Instant },
    /// Blocks go out.
    Playing,
    /// Silence goes out until the last sample has left the resamplers.
    Draining { samples: usize },
}

/// A flush that waits for the callback.
struct Flush {
    queue: PlaybackQueue,
    deadline: Instant,
    /// Answers of further flushes that came meanwhile; nothing of theirs was ever fed.
    later: Vec<Vec<Heard>>,
}

/// Counters of the playback side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlaybackCounters {
    /// Times that the model was too slow and the voice paused with a fade.
    pub starved: u64,
    /// Samples that found the queue full.
    pub dropped_samples: u64,
    /// Samples of flushed items that came late and were refused.
    pub late_samples: u64,
    /// Samples waiting.
    pub queued_samples: usize,
    /// Times that the ring ran dry in the middle of a reply, over all speakers of the call.
    pub underruns: u64,
    /// Frames in the ring to the callback.
    pub ring_frames: usize,
}

/// The speaker side of one call.
pub struct Playback {
    queue: PlaybackQueue,
    flush: Option<Flush>,
    ledger: Ledger,
    source: Source,
    resume_faded: bool,
    converter: SessionToBlock,
    speaker: Option<SpeakerEnd>,
    counters: PlaybackCounters,
}

impl Playback {
    /// A silent side without a speaker.
    ///
    /// # Errors
    /// Never for the fixed rates; the type is the resampler's.
    pub fn new() -> Result<Self, UnsupportedRate> {
        Ok(Self {
            queue: PlaybackQueue::default(),
            flush: None,
            ledger: Ledger::default(),
            source: Source::Resting,
            resume_faded: false,
            converter: SessionToBlock::new()?,
            speaker: None,
            counters: PlaybackCounters::default(),
        })
    }

    /// Delay of this side's own resampler in samples at 48 kHz, which a speaker's end has to know.
    #[must_use]
    pub fn session_delay(&self) -> usize {
        self.converter.delay()
    }

    /// Queues audio. Audio of a flushed item is late and is dropped.
    pub fn play(&mut self, item: &ItemId, samples: &[i16]) {
        self.queue.play(item, samples);
    }

    /// No more audio of `item` will come.
    pub fn finish(&mut self, item: &ItemId) {
        self.queue.finish(item);
    }

    /// Silences the speaker and drops the queue. The answer comes from [`Playback::tick`] when the callback has done its ramp.
    pub fn flush(&mut self, now: Instant) {
        let queue = self.queue.flush();
        match &mut self.flush {
            Some(flush) => flush.later.push(queue.heard_so_far().collect()),
            None => {
                if let Some(speaker) = &mut self.speaker {
                    speaker.start_flush();
                }
                self.flush = Some(Flush {
                    queue,
                    deadline: now + FLUSH_PATIENCE,
                    later: Vec::new(),
                });
            }
        }
        self.source = Source::Resting;
        self.resume_faded = false;
    }

    /// Goes on at the first unheard sample with another speaker. The old one, if any, is faded out.
    pub fn attach(&mut self, speaker: SpeakerEnd) {
        self.detach();
        self.speaker = Some(speaker);
    }

    /// Lets go of the speaker; what was not heard waits for the next one.
    pub fn detach(&mut self) {
        self.note_heard();
        if let Some(mut old) = self.speaker.take() {
            self.counters.underruns += old.underruns();
            old.start_flush();
        }
        self.queue.rewind();
        self.ledger.clear();
        self.converter.reset();
        self.source = Source::Resting;
        self.resume_faded = true;
    }

    /// True while blocks are meant to be heard.
    #[must_use]
    pub fn is_feeding(&self) -> bool {
        matches!(self.source, Source::Playing | Source::Draining { .. })
    }

    /// Gives out what the speaker has rendered since the last look, silence included. Without a speaker: nothing.
    pub fn rendered(&mut self, far_end: impl FnMut(&Block)) {
        if let Some(speaker) = &mut self.speaker {
            speaker.rendered(far_end);
        }
    }

    /// One step: takes back what was heard, answers a flush, feeds the ring. Each block that is queued is shown to `queued` first.
    pub fn tick(&mut self, now: Instant, mut queued: impl FnMut(&Block), events: &mut Vec<LegEvent>) {
        self.note_heard();
        if self.flush.is_none() {
            // During a flush the final figures come with its answer.
            self.queue.report(now, events);
        }
        self.answer_flush(now, events);
        self.feed(now, &mut queued);
    }

    /// Counters for diagnostics.
    #[must_use]
    pub fn counters(&self) -> PlaybackCounters {
        PlaybackCounters {
            dropped_samples: self.queue.dropped(),
            late_samples: self.queue.late(),
            queued_samples: self.queue.stored(),
            underruns: self.counters.underruns + self.speaker.as_ref().map_or(0, SpeakerEnd::underruns),
            ring_frames: self.speaker.as_ref().map_or(0, SpeakerEnd::occupied),
            ..self.counters
        }
    }

    fn note_heard(&mut self) {
        let Some(speaker) = &self.speaker else { return };
        let queue = self.flush.as_mut().map_or(&mut self.queue, |flush| &mut flush.queue);
        self.ledger
            .heard(speaker.heard_position(), |item, samples| queue.heard(item, samples));
    }

    fn answer_flush(&mut self, now: Instant, events: &mut Vec<LegEvent>) {
        let Some(flush) = &self.flush else { return };
        let silent = self.speaker.as_ref().is_none_or(SpeakerEnd::is_flushed);
        if !silent && now < flush.deadline {
            return;
        }
        let Some(flush) = self.flush.take() else { return };
        self.ledger.clear();
        self.converter.reset();
        events.push(LegEvent::Flushed {
            heard: flush.queue.heard_so_far().collect(),
        });
        events.extend(flush.later.into_iter().map(|heard| LegEvent::Flushed { heard }));
    }

    fn feed(&mut self, now: Instant, queued: &mut impl FnMut(&Block)) {
        if self.flush.is_some() {
            return;
        }
        while self.speaker.as_mut().is_some_and(SpeakerEnd::wants_block) {
            let mut input = [0.0; SESSION_BLOCK_SAMPLES];
            if !self.next_input(now, &mut input) {
                break;
            }
            let mut block = [0.0; BLOCK_SAMPLES];
            self.converter.convert(&input, &mut block);
            queued(&block);
            if let Some(speaker) = &mut self.speaker {
                speaker.push(&block);
            }
        }
        let playing = self.source == Source::Playing;
        if let Some(speaker) = &self.speaker {
            speaker.set_playing(playing);
        }
    }

    /// Decides what the next 10 ms are. False: nothing, for now.
    fn next_input(&mut self, now: Instant, input: &mut [f32; SESSION_BLOCK_SAMPLES]) -> bool {
        let unfed = self.queue.unfed();
        let complete = self.queue.complete();
        loop {
            match self.source {
                Source::Resting if unfed == 0 => return false,
                Source::Resting => self.source = Source::Priming { since: now },
                Source::Priming { since } => {
                    let ready = unfed >= START_QUEUED_SAMPLES
                        || complete
                        || (now.saturating_duration_since(since) >= START_WAIT && unfed > FADE_SAMPLES);
                    if !ready {
                        return false;
                    }
                    self.source = Source::Playing;
                }
                Source::Playing => return self.next_of_playing(unfed, complete, input),
                Source::Draining { samples: 0 } => self.source = Source::Resting,
                Source::Draining { samples } => {
                    let left = samples.saturating_sub(SESSION_BLOCK_SAMPLES);
                    self.source = Source::Draining { samples: left };
                    self.ledger.pad(SESSION_BLOCK_SAMPLES as u64);
                    return true;
                }
            }
        }
    }

    fn next_of_playing(&mut self, unfed: usize, complete: bool, input: &mut [f32; SESSION_BLOCK_SAMPLES]) -> bool {
        let whole = unfed >= SESSION_BLOCK_SAMPLES + FADE_SAMPLES;
        if !whole && !complete && self.speaker.as_ref().is_some_and(|speaker| !speaker.runs_low()) {
            // The next piece has time to arrive.
            return false;
        }
        let ledger = &mut self.ledger;
        let copied = self
            .queue
            .feed(input, |item, offset, count| ledger.feed(item, offset, count));
        ledger.pad((SESSION_BLOCK_SAMPLES - copied) as u64);
        if std::mem::take(&mut self.resume_faded) {
            fade_in(&mut input[..copied.min(FADE_SAMPLES)]);
        }
        let ends = if complete { copied == unfed } else { !whole };
        if ends {
            if !complete {
                // The model is too slow: down in 5 ms instead of a click, and up again when more arrives.
                fade_out(&mut input[copied.saturating_sub(FADE_SAMPLES)..copied]);
                self.resume_faded = true;
                self.counters.starved += 1;
            }
            let drain = self.speaker.as_ref().map_or(0, SpeakerEnd::drain_samples);
            self.source = Source::Draining { samples: drain };
        }
        true
    }
}

#[cfg(test)]
#[path = "playback/tests.rs"]
mod tests;
