//! The echo canceller's far end: what one speaker's callback has really rendered, silence included, in blocks of 10 ms at 48 kHz.
//!
//! Runs on the audio thread, no I/O. Blocks wait here from the moment they are queued until the callback has taken them from its ring. So the
//! delay from far end to echo is the device's own, the same in every reply; counted from the queueing it would move by up to one callback
//! with each reply, and by the whole fill of the ring after a fault, and the canceller would have to learn it again each time.

use std::collections::VecDeque;

use crate::block::{BLOCK_SAMPLES, Block, PROCESSING_RATE};
use crate::callback::clock::PlaybackReading;

/// Most blocks that one look gives out. A speaker that rendered more between two looks was stalled; the canceller's own delay search is
/// then faster than seconds of far end at once.
const MOST_BLOCKS: usize = 25;

/// What was queued and not rendered, and how far the callback was at the last look.
#[derive(Debug, Default)]
pub struct Reference {
    waiting: VecDeque<f32>,
    /// The callback at the last look.
    seen: PlaybackReading,
    /// Samples at 48 kHz given out for its frames.
    given: u64,
    /// Samples of the block that is being filled.
    pending: Vec<f32>,
}

impl Reference {
    /// Notes a block that was queued for the ring.
    pub fn queued(&mut self, block: &Block) {
        self.waiting.extend(block);
    }

    /// Gives out the blocks that were rendered since the last look. `rate` is the device's, `is_empty` tells that its ring is.
    pub fn rendered(&mut self, reading: PlaybackReading, rate: u32, is_empty: bool, mut far_end: impl FnMut(&Block)) {
        let frames = reading.rendered.saturating_sub(self.seen.rendered);
        let popped = reading.popped.saturating_sub(self.seen.popped).min(frames);
        let silence = frames - popped;
        // Between two looks there is at most one beginning or one end: silence that is not at the end was at the beginning.
        let after = silence.min(reading.silence_since);
        let mut position = self.seen.rendered;
        for (frames, sounds) in [(silence - after, false), (popped, true), (after, false)] {
            position += frames;
            let until = position * u64::from(PROCESSING_RATE) / u64::from(rate);
            let samples = until.saturating_sub(self.given) as usize;
            self.given = until;
            for _ in 0..samples {
                let sample = if sounds { self.waiting.pop_front() } else { None };
                self.pending.push(sample.unwrap_or(0.0));
            }
        }
        // A flush dropped the rest of the ring; and what rounding left over of one reply would shift the next.
        if is_empty || reading.generation != self.seen.generation {
            self.waiting.clear();
        }
        self.seen = reading;
        let skipped = (self.pending.len() / BLOCK_SAMPLES).saturating_sub(MOST_BLOCKS);
        let (blocks, rest) = self.pending.as_chunks::<BLOCK_SAMPLES>();
        let whole = self.pending.len() - rest.len();
        blocks.iter().skip(skipped).for_each(&mut far_end);
        self.pending.drain(..whole);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A speaker that counts as the callback does.
    #[derive(Default)]
    struct Speaker {
        reading: PlaybackReading,
        reference: Reference,
        far_end: Vec<f32>,
    }

    impl Speaker {
        /// One callback of `frames`, of which the first `popped` came from the ring.
        fn callback(&mut self, frames: u64, popped: u64) {
            self.reading.rendered += frames;
            self.reading.popped += popped;
            self.reading.silence_since = if popped > 0 {
                frames - popped
            } else {
                self.reading.silence_since + frames
            };
        }

        fn look(&mut self, rate: u32, is_empty: bool) {
            let far_end = &mut self.far_end;
            self.reference
                .rendered(self.reading, rate, is_empty, |block| far_end.extend_from_slice(block));
        }
    }

    #[test]
    fn sound_stands_where_the_callback_rendered_it() {
        let mut speaker = Speaker::default();
        speaker.callback(960, 0);
        speaker.look(48_000, true);
        speaker.reference.queued(&[0.5; BLOCK_SAMPLES]);
        // Rest and the beginning of the reply between two looks.
        speaker.callback(960, 0);
        speaker.callback(240, 240);
        speaker.look(48_000, false);
        speaker.callback(960, 240);
        speaker.look(48_000, true);
        assert_eq!(speaker.far_end.len(), 2_880);
        let sounding: Vec<usize> = (0..2_880).filter(|index| speaker.far_end[*index] != 0.0).collect();
        assert_eq!((sounding[0], sounding.len()), (1_920, 480));
        assert_eq!(sounding[479], 2_399, "without a hole");
    }

    #[test]
    fn another_rate_is_counted_without_drift() {
        let mut speaker = Speaker::default();
        for _ in 0..1_000 {
            speaker.reference.queued(&[0.5; BLOCK_SAMPLES]);
            speaker.callback(441, 441);
            speaker.look(44_100, false);
        }
        assert_eq!(speaker.far_end.len(), 480_000);
        assert!(speaker.far_end.iter().all(|sample| *sample == 0.5));
    }

    #[test]
    fn what_a_flush_dropped_never_comes() {
        let mut speaker = Speaker::default();
        speaker.reference.queued(&[0.5; BLOCK_SAMPLES]);
        speaker.callback(480, 100);
        speaker.reading.generation = 1;
        speaker.look(48_000, true);
        speaker.callback(960, 960);
        speaker.look(48_000, true);
        assert_eq!(speaker.far_end.iter().filter(|sample| **sample != 0.0).count(), 100);
    }

    #[test]
    fn a_stalled_speaker_gives_no_flood() {
        let mut speaker = Speaker::default();
        speaker.callback(480_000, 0);
        speaker.look(48_000, true);
        assert_eq!(speaker.far_end.len(), MOST_BLOCKS * BLOCK_SAMPLES);
    }
}
