//! The speaker callback: from the ring to the device. Law of the parent module: no allocation, lock, log, channel or clock.
//!
//! The ring holds mono at the device's rate. Every change of loudness (start, flush, a ring that runs dry) is a ramp of [`RAMP_SECONDS`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use ringbuf::HeapCons;
use ringbuf::traits::{Consumer, Observer};

use super::DeviceSample;
use super::clock::{PlaybackClock, PlaybackReading};

/// Length of every ramp in seconds: no click, and still silent 40 ms after a flush.
pub const RAMP_SECONDS: f32 = 0.004;

/// Voice goes to the front pair only: the others are subwoofers and surrounds, or further outputs of an interface.
const VOICE_CHANNELS: usize = 2;

/// What the audio thread and the callback share.
#[derive(Debug, Default)]
pub struct PlaybackShared {
    /// Raised by the audio thread: ramp out and drop the ring.
    pub generation: AtomicU32,
    /// True while the audio thread means the ring to hold sound: an empty ring is then an underrun and not rest.
    pub playing: AtomicBool,
    /// Times that the ring ran dry while it was meant to hold sound.
    pub underruns: AtomicU64,
    /// Frames of the largest callback so far; the audio thread keeps two of them ready.
    pub largest_callback: AtomicU32,
    /// What was played.
    pub clock: PlaybackClock,
}

/// The body of the speaker callback.
pub struct PlaybackCallback {
    ring: HeapCons<f32>,
    shared: Arc<PlaybackShared>,
    channels: usize,
    ramp_step: f32,
    gain: f32,
    reading: PlaybackReading,
}

impl PlaybackCallback {
    /// For a stream of `channels` channels at `rate` frames per second that plays what comes through `ring`.
    #[must_use]
    pub fn new(ring: HeapCons<f32>, shared: Arc<PlaybackShared>, channels: u16, rate: u32) -> Self {
        let generation = shared.generation.load(Ordering::Acquire);
        Self {
            ring,
            shared,
            channels: usize::from(channels.max(1)),
            ramp_step: 1.0 / (RAMP_SECONDS * rate as f32).max(1.0),
            gain: 0.0,
            reading: PlaybackReading {
                generation,
                ..PlaybackReading::default()
            },
        }
    }

    /// Fills one buffer of interleaved frames. `latency` is the number of frames until its first one is heard.
    pub fn process<T: DeviceSample>(&mut self, data: &mut [T], latency: u32) {
        let frames = data.len() / self.channels;
        let wanted = self.shared.generation.load(Ordering::Acquire);
        let flushing = wanted != self.reading.generation;
        let taken = self.copy(data, frames, flushing);
        if flushing && (self.gain == 0.0 || self.ring.is_empty()) {
            self.ring.clear();
            self.gain = 0.0;
            self.reading.generation = wanted;
        } else if !flushing && taken < frames {
            if self.gain > 0.0 && self.shared.playing.load(Ordering::Relaxed) {
                self.shared.underruns.fetch_add(1, Ordering::Relaxed);
            }
            self.gain = 0.0;
        }
        self.shared.largest_callback.fetch_max(frames as u32, Ordering::Relaxed);
        let rested = (frames - taken) as u64;
        let reading = &mut self.reading;
        reading.callbacks += 1;
        reading.popped += taken as u64;
        reading.rendered += frames as u64;
        reading.silence_since = if taken > 0 {
            rested
        } else {
            reading.silence_since + rested
        };
        reading.frames = frames as u32;
        reading.latency = latency;
        self.shared.clock.publish(reading);
    }

    /// Copies from the ring with the ramps applied, fills the rest with silence, and answers how many frames came from the ring.
    fn copy<T: DeviceSample>(&mut self, data: &mut [T], frames: usize, flushing: bool) -> usize {
        let available = self.ring.occupied_len().min(frames);
        // A ring that runs dry in this buffer is faded out ahead of its end: the next callback would be too late.
        let dry = available < frames;
        let (first, second) = self.ring.as_slices();
        let mut taken = 0;
        for (sample, frame) in first
            .iter()
            .chain(second)
            .take(available)
            .zip(data.chunks_exact_mut(self.channels))
        {
            if flushing {
                if self.gain <= 0.0 {
                    break;
                }
                // Half a step is rounding: the ramp has a fixed length.
                self.gain -= self.ramp_step;
                self.gain = if self.gain < self.ramp_step / 2.0 {
                    0.0
                } else {
                    self.gain
                };
            } else {
                self.gain = (self.gain + self.ramp_step).min(1.0);
            }
            let left = if dry {
                (available - taken) as f32 * self.ramp_step
            } else {
                1.0
            };
            let value = T::from_float(sample * self.gain * left.min(1.0));
            for (channel, place) in frame.iter_mut().enumerate() {
                *place = if channel < VOICE_CHANNELS {
                    value
                } else {
                    T::from_float(0.0)
                };
            }
            taken += 1;
        }
        self.ring.skip(taken);
        data[taken * self.channels..].fill(T::from_float(0.0));
        taken
    }
}

#[cfg(test)]
mod tests {
    use ringbuf::HeapRb;
    use ringbuf::traits::{Producer, Split};

    use super::*;
    use crate::signal::largest_step;

    const RATE: u32 = 48_000;

    fn callback(capacity: usize, channels: u16) -> (ringbuf::HeapProd<f32>, Arc<PlaybackShared>, PlaybackCallback) {
        let (producer, consumer) = HeapRb::new(capacity).split();
        let shared = Arc::new(PlaybackShared::default());
        let callback = PlaybackCallback::new(consumer, Arc::clone(&shared), channels, RATE);
        (producer, shared, callback)
    }

    #[test]
    fn a_flush_is_silent_within_the_ramp_and_drops_the_rest() {
        let (mut ring, shared, mut callback) = callback(4_800, 1);
        ring.push_slice(&[0.8; 4_000]);
        let mut buffer = [0.0f32; 480];
        callback.process(&mut buffer, 0);
        shared.generation.store(1, Ordering::Release);
        callback.process(&mut buffer, 0);
        let ramp = (RAMP_SECONDS * RATE as f32) as usize;
        assert!(buffer[0] > 0.7 && largest_step(&buffer) < 0.01, "the flush is a ramp");
        assert!(buffer[ramp..].iter().all(|sample| *sample == 0.0));
        let reading = shared.clock.read();
        assert_eq!(reading.generation, 1);
        assert_eq!(reading.popped, 480 + ramp as u64, "what was dropped was not played");
        callback.process(&mut buffer, 0);
        assert_eq!(shared.clock.read().popped, 480 + ramp as u64);
    }

    #[test]
    fn a_flush_takes_several_callbacks_where_they_are_shorter_than_the_ramp() {
        let (mut ring, shared, mut callback) = callback(4_800, 1);
        ring.push_slice(&[0.8; 4_000]);
        callback.process(&mut [0.0f32; 480], 0);
        shared.generation.store(1, Ordering::Release);
        let mut heard = Vec::new();
        for _ in 0..12 {
            let mut buffer = [1.0f32; 24];
            callback.process(&mut buffer, 0);
            heard.extend_from_slice(&buffer);
        }
        assert!(largest_step(&heard) < 0.01);
        assert_eq!(*heard.last().unwrap(), 0.0);
        assert_eq!(shared.clock.read().generation, 1);
    }

    #[test]
    fn a_dry_ring_fades_out_and_counts_one_underrun_only_while_playing() {
        for (playing, expected) in [(true, 1), (false, 0)] {
            let (mut ring, shared, mut callback) = callback(4_800, 1);
            shared.playing.store(playing, Ordering::Relaxed);
            ring.push_slice(&[0.8; 900]);
            let mut heard = Vec::new();
            for _ in 0..4 {
                let mut buffer = [0.0f32; 480];
                callback.process(&mut buffer, 0);
                heard.extend_from_slice(&buffer);
            }
            assert!(largest_step(&heard) < 0.01, "no click at the end");
            assert_eq!(shared.underruns.load(Ordering::Relaxed), expected);
            let reading = shared.clock.read();
            assert_eq!((reading.popped, reading.silence_since), (900, 60 + 960));
        }
    }

    #[test]
    fn the_voice_comes_from_the_front_pair_of_eight_channels() {
        let (mut ring, _, mut callback) = callback(4_800, 8);
        ring.push_slice(&[0.5; 480]);
        let mut buffer = [7i16; 480 * 8 + 3];
        callback.process(&mut buffer[..480 * 8], 0);
        let frame = &buffer[400 * 8..401 * 8];
        assert_eq!(frame[0], frame[1]);
        assert!(frame[0] > 16_000);
        assert!(frame[2..].iter().all(|sample| *sample == 0));
    }

    #[test]
    fn silence_is_the_middle_of_unsigned_formats() {
        let (_ring, _, mut callback) = callback(480, 2);
        let mut buffer = [0u8; 64];
        callback.process(&mut buffer, 0);
        assert!(buffer.iter().all(|sample| *sample == 128));
    }
}
