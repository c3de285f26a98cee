//! Which sample of which item is at which place of the stream: the way back from what a loudspeaker played to what a caller heard.
//!
//! Positions are counted in samples at the session's rate since the stream (or the last flush) began, padding included, as they go into the
//! resamplers. Pure bookkeeping on the audio thread.

use std::collections::VecDeque;

use frontdesk_call::frame::SAMPLE_RATE;
use frontdesk_call::identity::ItemId;

/// How a device's frames come back to session samples: the ratio of the rates and the delay of everything in between.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mapping {
    /// Frames per second of the device.
    pub device_rate: u32,
    /// Delay of both resamplers, in frames of the device.
    pub delay_frames: f64,
}

impl Mapping {
    /// The session sample that was heard last when `frames` frames had left the loudspeaker. Rounded down: a truncation may never name
    /// audio that was not heard.
    #[must_use]
    pub fn session_position(&self, frames: u64) -> u64 {
        let position = (frames as f64 - self.delay_frames) * f64::from(SAMPLE_RATE) / f64::from(self.device_rate);
        // A negative position (the delay is not through yet) casts to 0.
        position.floor() as u64
    }

    /// Session samples of padding after which the last real sample has left the resamplers.
    #[must_use]
    pub fn drain_samples(&self) -> usize {
        (self.delay_frames * f64::from(SAMPLE_RATE) / f64::from(self.device_rate)).ceil() as usize + 1
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Segment {
    item: ItemId,
    /// Position of the segment's first sample in the stream.
    start: u64,
    /// The same sample's place in the item.
    offset: u64,
    length: u64,
}

/// What was fed since the stream began and has not been heard to its end.
#[derive(Debug, Default)]
pub struct Ledger {
    segments: VecDeque<Segment>,
    fed: u64,
}

impl Ledger {
    /// Notes that `length` samples of `item`, from its sample `offset` on, were fed.
    pub fn feed(&mut self, item: &ItemId, offset: u64, length: u64) {
        match self.segments.back_mut() {
            Some(last)
                if last.item == *item
                    && last.offset + last.length == offset
                    && last.start + last.length == self.fed =>
            {
                last.length += length;
            }
            _ => self.segments.push_back(Segment {
                item: item.clone(),
                start: self.fed,
                offset,
                length,
            }),
        }
        self.fed += length;
    }

    /// Notes that silence was fed which belongs to no item.
    pub fn pad(&mut self, length: u64) {
        self.fed += length;
    }

    /// Tells for each item that is under way how much of it was heard when the stream had been heard up to `position`; forgets what is
    /// through.
    pub fn heard(&mut self, position: u64, mut report: impl FnMut(&ItemId, u64)) {
        while let Some(segment) = self.segments.front() {
            if position <= segment.start {
                return;
            }
            let heard = (position - segment.start).min(segment.length);
            report(&segment.item, segment.offset + heard);
            if heard < segment.length {
                return;
            }
            self.segments.pop_front();
        }
    }

    /// Begins a new stream.
    pub fn clear(&mut self) {
        self.segments.clear();
        self.fed = 0;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_is_heard_before_the_delay_is_through() {
        let mapping = Mapping {
            device_rate: 48_000,
            delay_frames: 240.0,
        };
        assert_eq!(mapping.session_position(0), 0);
        assert_eq!(mapping.session_position(240), 0);
        assert_eq!(mapping.session_position(243), 1, "half a sample does not count");
    }

    proptest! {
        #[test]
        fn heard_never_exceeds_fed_never_goes_back_and_ends_complete(
            pieces in prop::collection::vec((0usize..4, 1u64..5_000, any::<bool>()), 1..40),
            steps in prop::collection::vec(1u64..20_000, 1..60),
        ) {
            let mut ledger = Ledger::default();
            let mut fed: HashMap<ItemId, u64> = HashMap::new();
            for (item, length, padded) in pieces {
                let item = ItemId::new(format!("item{item}"));
                let offset = fed.entry(item.clone()).or_default();
                ledger.feed(&item, *offset, length);
                *offset += length;
                if padded {
                    ledger.pad(77);
                }
            }
            let mut heard: HashMap<ItemId, u64> = HashMap::new();
            let mut position = 0;
            let total = ledger.fed;
            for step in steps.into_iter().chain([total]) {
                position += step;
                ledger.heard(position, |item, samples| {
                    let before = heard.insert(item.clone(), samples).unwrap_or(0);
                    assert!(before <= samples, "{before} then {samples}");
                });
                let sum: u64 = heard.values().sum();
                prop_assert!(sum <= position);
            }
            prop_assert_eq!(heard, fed);
        }

        #[test]
        fn draining_by_the_stated_padding_brings_the_last_sample_out(rate in 4_000u32..192_000, delay in 0.0f64..600.0, fed in 1u64..100_000) {
            let mapping = Mapping { device_rate: rate, delay_frames: delay };
            let device_frames = (fed + mapping.drain_samples() as u64) as f64 * f64::from(rate) / f64::from(SAMPLE_RATE);
            prop_assert!(mapping.session_position(device_frames.ceil() as u64) >= fed);
        }
    }
}
