//! The receptionist's audio that has not been heard yet. The model sends faster than real time, so this queue is long; it keeps each sample
//! until it has left the loudspeaker, so that a new stream can go on at the first unheard one. Bookkeeping on the audio thread.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use frontdesk_call::frame::SAMPLE_RATE;
use frontdesk_call::identity::ItemId;
use frontdesk_call::leg::{Heard, LegEvent};

use crate::signal::from_i16;

/// Samples that may wait: 15 minutes, half as much again as a leg must hold. Overflow drops the newest and counts them.
pub const PLAYBACK_CAPACITY_SAMPLES: usize = 15 * 60 * SAMPLE_RATE as usize;

/// Items whose late audio is refused because they were flushed: more than one cancelled reply can be under way, never dozens.
const FLUSHED_MEMORY: usize = 32;

/// Longest time between two played positions while an item plays; the border asks for 100 ms.
const PLAYED_INTERVAL: Duration = Duration::from_millis(50);

#[derive(Debug)]
struct Entry {
    item: ItemId,
    /// From the first unheard sample on.
    samples: VecDeque<i16>,
    heard: u64,
    fed: u64,
    received: u64,
    finished: bool,
    /// The last heard figure that was told, and when.
    told: Option<(u64, Instant)>,
}

impl Entry {
    fn is_through(&self) -> bool {
        self.finished && self.heard == self.received
    }
}

/// Items in playing order.
#[derive(Debug, Default)]
pub struct PlaybackQueue {
    entries: VecDeque<Entry>,
    stored: usize,
    dropped: u64,
    flushed: VecDeque<ItemId>,
    late: u64,
}

impl PlaybackQueue {
    /// Adds audio behind all that is queued. Audio of a flushed item is late: it is refused and counted.
    pub fn play(&mut self, item: &ItemId, samples: &[i16]) {
        if self.flushed.contains(item) {
            self.late += samples.len() as u64;
            return;
        }
        let fitting = samples.len().min(PLAYBACK_CAPACITY_SAMPLES - self.stored);
        self.dropped += (samples.len() - fitting) as u64;
        self.stored += fitting;
        let entry = self.entry(item);
        entry.samples.extend(&samples[..fitting]);
        entry.received += fitting as u64;
    }

    /// Marks an item as complete. An item without audio is complete as soon as its turn comes.
    pub fn finish(&mut self, item: &ItemId) {
        if !self.flushed.contains(item) {
            self.entry(item).finished = true;
        }
    }

    fn entry(&mut self, item: &ItemId) -> &mut Entry {
        let index = self
            .entries
            .iter()
            .position(|entry| entry.item == *item)
            .unwrap_or_else(|| {
                self.entries.push_back(Entry {
                    item: item.clone(),
                    samples: VecDeque::new(),
                    heard: 0,
                    fed: 0,
                    received: 0,
                    finished: false,
                    told: None,
                });
                self.entries.len() - 1
            });
        &mut self.entries[index]
    }

    /// Copies the next unfed samples and tells `placed` which they are: item, first sample, count. Answers how many were copied.
    pub fn feed(&mut self, output: &mut [f32], mut placed: impl FnMut(&ItemId, u64, u64)) -> usize {
        let mut written = 0;
        for entry in &mut self.entries {
            let room = output.len() - written;
            let start = (entry.fed - entry.heard) as usize;
            let count = room.min(entry.samples.len() - start);
            if count == 0 {
                continue;
            }
            for (place, sample) in output[written..]
                .iter_mut()
                .zip(entry.samples.range(start..start + count))
            {
                *place = from_i16(*sample);
            }
            placed(&entry.item, entry.fed, count as u64);
            entry.fed += count as u64;
            written += count;
        }
        written
    }

    /// Samples that wait to be fed.
    #[must_use]
    pub fn unfed(&self) -> usize {
        self.entries
            .iter()
            .map(|entry| (entry.received - entry.fed) as usize)
            .sum()
    }

    /// True when every queued item is complete: nothing more will come for them.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.entries.iter().all(|entry| entry.finished)
    }

    /// Notes that `samples` samples of `item` were heard and lets go of them. Lower figures than before change nothing.
    pub fn heard(&mut self, item: &ItemId, samples: u64) {
        let Some(entry) = self.entries.iter_mut().find(|entry| entry.item == *item) else {
            return;
        };
        let newly = samples.min(entry.received).saturating_sub(entry.heard) as usize;
        entry.samples.drain(..newly);
        entry.heard += newly as u64;
        entry.fed = entry.fed.max(entry.heard);
        self.stored -= newly;
    }

    /// What was heard of every item that is queued or playing, in playing order.
    pub fn heard_so_far(&self) -> impl Iterator<Item = Heard> + '_ {
        self.entries.iter().map(|entry| Heard {
            item: entry.item.clone(),
            samples: entry.heard,
        })
    }

    /// Tells what was heard since the last time, and removes the items that are through, in their order.
    pub fn report(&mut self, now: Instant, events: &mut Vec<LegEvent>) {
        for entry in &mut self.entries {
            let due = entry.told.map_or(entry.heard > 0, |(told, at)| {
                entry.heard > told && (entry.is_through() || now.saturating_duration_since(at) >= PLAYED_INTERVAL)
            });
            if due {
                entry.told = Some((entry.heard, now));
                events.push(LegEvent::Played {
                    item: entry.item.clone(),
                    samples: entry.heard,
                });
            }
        }
        while self.entries.front().is_some_and(Entry::is_through) {
            events.extend(
                self.entries
                    .pop_front()
                    .map(|entry| LegEvent::Finished { item: entry.item }),
            );
        }
    }

    /// Goes back to the first unheard sample of everything: the next stream plays from there.
    pub fn rewind(&mut self) {
        for entry in &mut self.entries {
            entry.fed = entry.heard;
        }
    }

    /// Samples in memory.
    #[must_use]
    pub const fn stored(&self) -> usize {
        self.stored
    }

    /// Samples dropped because the queue was full.
    #[must_use]
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Samples of flushed items that came late.
    #[must_use]
    pub const fn late(&self) -> u64 {
        self.late
    }

    /// Empties the queue and answers what was in it, to be heard to the end of the ramp. Counters go on; late audio of these items will
    /// be refused.
    #[must_use]
    pub fn flush(&mut self) -> Self {
        for entry in &self.entries {
            if self.flushed.len() == FLUSHED_MEMORY {
                self.flushed.pop_front();
            }
            self.flushed.push_back(entry.item.clone());
        }
        Self {
            entries: std::mem::take(&mut self.entries),
            stored: std::mem::take(&mut self.stored),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(name: &str) -> ItemId {
        ItemId::new(name)
    }

    #[test]
    fn items_are_fed_in_order_across_their_border() {
        let mut queue = PlaybackQueue::default();
        queue.play(&item("a"), &[100; 3]);
        queue.play(&item("b"), &[200; 5]);
        let mut output = [0.0; 6];
        let mut places = Vec::new();
        assert_eq!(
            queue.feed(&mut output, |item, offset, count| places.push((
                item.clone(),
                offset,
                count
            ))),
            6
        );
        assert_eq!(places, [(item("a"), 0, 3), (item("b"), 0, 3)]);
        assert_eq!(queue.unfed(), 2);
    }

    #[test]
    fn after_a_rewind_the_first_unheard_sample_is_next() {
        let mut queue = PlaybackQueue::default();
        queue.play(&item("a"), &[1, 2, 3, 4, 5, 6]);
        queue.feed(&mut [0.0; 5], |_, _, _| ());
        queue.heard(&item("a"), 2);
        queue.rewind();
        let mut output = [0.0; 1];
        queue.feed(&mut output, |_, offset, _| assert_eq!(offset, 2));
        assert_eq!(output[0], from_i16(3));
        assert_eq!(queue.stored(), 4);
    }

    #[test]
    fn an_item_is_finished_only_when_complete_and_heard_and_in_its_turn() {
        let mut queue = PlaybackQueue::default();
        let mut events = Vec::new();
        let now = Instant::now();
        queue.play(&item("a"), &[1, 2]);
        queue.finish(&item("b"));
        queue.heard(&item("a"), 2);
        queue.report(now, &mut events);
        assert_eq!(
            events,
            [LegEvent::Played {
                item: item("a"),
                samples: 2
            }],
            "more of a may come"
        );
        queue.finish(&item("a"));
        queue.report(now, &mut events);
        let finished = |name| LegEvent::Finished { item: item(name) };
        assert_eq!(
            events[1..],
            [finished("a"), finished("b")],
            "an item without audio ends in its turn"
        );
    }

    #[test]
    fn positions_are_told_at_once_then_every_fifty_milliseconds_then_at_the_end() {
        let mut queue = PlaybackQueue::default();
        queue.play(&item("a"), &[0; 480]);
        queue.finish(&item("a"));
        let start = Instant::now();
        let mut told = Vec::new();
        for (millisecond, heard) in [(0, 1), (10, 100), (50, 200), (90, 300), (95, 480)] {
            let mut events = Vec::new();
            queue.heard(&item("a"), heard);
            queue.report(start + Duration::from_millis(millisecond), &mut events);
            told.extend(events.into_iter().filter_map(|event| match event {
                LegEvent::Played { samples, .. } => Some((millisecond, samples)),
                _ => None,
            }));
        }
        assert_eq!(told, [(0, 1), (50, 200), (95, 480)]);
    }

    #[test]
    fn a_full_queue_drops_the_newest_and_counts_it() {
        let mut queue = PlaybackQueue::default();
        let minute = vec![7; 60 * SAMPLE_RATE as usize];
        for _ in 0..16 {
            queue.play(&item("a"), &minute);
        }
        assert_eq!(queue.stored(), PLAYBACK_CAPACITY_SAMPLES);
        assert_eq!(queue.dropped(), minute.len() as u64);
    }
}
