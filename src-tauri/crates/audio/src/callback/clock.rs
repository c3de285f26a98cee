//! How a playback callback tells the audio thread what it has done: a handful of counters that are read together or not at all.
//!
//! One callback writes, the audio thread reads. A sequence number makes the set consistent (a seqlock of atomics): the writer never waits,
//! the reader tries again when it was overtaken. Without it a played position could combine the samples of this callback with the
//! silence of the last one, and a truncation would name audio that nobody heard.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};

/// State of a playback stream after its latest callback. Frames are at the device's rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlaybackReading {
    /// Callbacks so far; 0 before the first.
    pub callbacks: u64,
    /// Frames taken from the ring so far; silence of an empty ring is not counted.
    pub popped: u64,
    /// Frames rendered so far, silence included.
    pub rendered: u64,
    /// Frames of silence rendered since the last frame from the ring.
    pub silence_since: u64,
    /// Frames of the latest callback.
    pub frames: u32,
    /// Frames between the latest callback and its first sample being heard, as the callback's timestamps say.
    pub latency: u32,
    /// The flush that has been carried out.
    pub generation: u32,
}

impl PlaybackReading {
    /// Frames from the ring that have left the loudspeaker, at the moment of the latest callback.
    #[must_use]
    pub fn heard(&self) -> u64 {
        let in_flight = (u64::from(self.frames) + u64::from(self.latency)).saturating_sub(self.silence_since);
        self.popped.saturating_sub(in_flight)
    }
}

/// Written by one playback callback, read by the audio thread.
#[derive(Debug, Default)]
pub struct PlaybackClock {
    sequence: AtomicU32,
    callbacks: AtomicU64,
    popped: AtomicU64,
    rendered: AtomicU64,
    silence_since: AtomicU64,
    frames: AtomicU32,
    latency: AtomicU32,
    generation: AtomicU32,
}

impl PlaybackClock {
    /// Publishes a reading. Wait-free; only the callback may call it.
    pub fn publish(&self, reading: &PlaybackReading) {
        let sequence = self.sequence.load(Ordering::Relaxed);
        self.sequence.store(sequence.wrapping_add(1), Ordering::Relaxed);
        fence(Ordering::Release);
        self.callbacks.store(reading.callbacks, Ordering::Relaxed);
        self.popped.store(reading.popped, Ordering::Relaxed);
        self.rendered.store(reading.rendered, Ordering::Relaxed);
        self.silence_since.store(reading.silence_since, Ordering::Relaxed);
        self.frames.store(reading.frames, Ordering::Relaxed);
        self.latency.store(reading.latency, Ordering::Relaxed);
        self.generation.store(reading.generation, Ordering::Relaxed);
        self.sequence.store(sequence.wrapping_add(2), Ordering::Release);
    }

    /// The latest whole reading.
    #[must_use]
    pub fn read(&self) -> PlaybackReading {
        loop {
            let before = self.sequence.load(Ordering::Acquire);
            let reading = PlaybackReading {
                callbacks: self.callbacks.load(Ordering::Relaxed),
                popped: self.popped.load(Ordering::Relaxed),
                rendered: self.rendered.load(Ordering::Relaxed),
                silence_since: self.silence_since.load(Ordering::Relaxed),
                frames: self.frames.load(Ordering::Relaxed),
                latency: self.latency.load(Ordering::Relaxed),
                generation: self.generation.load(Ordering::Relaxed),
            };
            fence(Ordering::Acquire);
            if before.is_multiple_of(2) && self.sequence.load(Ordering::Relaxed) == before {
                return reading;
            }
            std::hint::spin_loop();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn what_is_in_the_ring_of_the_device_is_not_heard_yet() {
        let reading = PlaybackReading {
            callbacks: 3,
            popped: 1_440,
            rendered: 1_440,
            silence_since: 0,
            frames: 480,
            latency: 240,
            generation: 0,
        };
        assert_eq!(reading.heard(), 720);
    }

    #[test]
    fn after_enough_silence_everything_was_heard() {
        let playing = PlaybackReading {
            callbacks: 9,
            popped: 1_000,
            rendered: 4_320,
            silence_since: 0,
            frames: 480,
            latency: 960,
            generation: 0,
        };
        let ended = PlaybackReading {
            silence_since: 1_440,
            ..playing
        };
        assert_eq!(ended.heard(), 1_000);
        assert!(playing.heard() < ended.heard());
    }

    #[test]
    fn a_reader_never_sees_half_of_a_reading() {
        let clock = Arc::new(PlaybackClock::default());
        let writer = {
            let clock = Arc::clone(&clock);
            std::thread::spawn(move || {
                for count in 1..200_000u64 {
                    let small = count as u32;
                    clock.publish(&PlaybackReading {
                        callbacks: count,
                        popped: count,
                        rendered: count,
                        silence_since: count,
                        frames: small,
                        latency: small,
                        generation: small,
                    });
                }
            })
        };
        while !writer.is_finished() {
            let reading = clock.read();
            assert_eq!(reading.popped, reading.callbacks);
            assert_eq!(reading.silence_since, reading.callbacks);
            assert_eq!(u64::from(reading.generation), reading.callbacks);
        }
        writer.join().unwrap();
    }
}
