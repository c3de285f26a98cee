//! The microphone callback: from the device to the ring. Law of the parent module: no allocation, lock, log, channel or clock.
//!
//! The ring holds interleaved floats at the device's rate; mixing down is the audio thread's work. NaN and infinity end here.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use ringbuf::HeapProd;
use ringbuf::traits::{Observer, Producer};

use super::DeviceSample;
use crate::signal::sanitized;

/// What the callback and the audio thread share.
#[derive(Debug, Default)]
pub struct CaptureShared {
    /// Callbacks so far that brought at least one frame; 0 before the first.
    pub callbacks: AtomicU64,
    /// Frames that found the ring full and were dropped: the newest, for the callback may not touch what is being read.
    pub dropped_frames: AtomicU64,
    /// Frames of the largest callback so far.
    pub largest_callback: AtomicU32,
    /// Frames between capture and the latest callback, as its timestamps say.
    pub latency: AtomicU32,
}

/// The body of the microphone callback.
pub struct CaptureCallback {
    ring: HeapProd<f32>,
    shared: Arc<CaptureShared>,
    channels: usize,
}

impl CaptureCallback {
    /// For a stream of `channels` interleaved channels whose samples go into `ring`.
    #[must_use]
    pub fn new(ring: HeapProd<f32>, shared: Arc<CaptureShared>, channels: u16) -> Self {
        Self {
            ring,
            shared,
            channels: usize::from(channels.max(1)),
        }
    }

    /// Takes one buffer of interleaved frames. `latency` is the number of frames since its first one was captured.
    pub fn process<T: DeviceSample>(&mut self, data: &[T], latency: u32) {
        let frames = data.len() / self.channels;
        if frames == 0 {
            return;
        }
        // Whole frames only: half a frame would swap the channels for the rest of the call.
        let fitting = frames.min(self.ring.vacant_len() / self.channels);
        self.ring.push_iter(
            data[..fitting * self.channels]
                .iter()
                .map(|sample| sanitized(sample.to_float())),
        );
        if fitting < frames {
            self.shared
                .dropped_frames
                .fetch_add((frames - fitting) as u64, Ordering::Relaxed);
        }
        self.shared.largest_callback.fetch_max(frames as u32, Ordering::Relaxed);
        self.shared.latency.store(latency, Ordering::Relaxed);
        self.shared.callbacks.fetch_add(1, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use ringbuf::HeapRb;
    use ringbuf::traits::{Consumer, Split};

    use super::*;

    #[test]
    fn a_full_ring_drops_the_newest_whole_frames_and_counts_them() {
        let (producer, mut consumer) = HeapRb::new(5).split();
        let shared = Arc::new(CaptureShared::default());
        let mut callback = CaptureCallback::new(producer, Arc::clone(&shared), 2);
        callback.process(&[1i16, 2, 3, 4, 5, 6, 7], 0);
        assert_eq!(consumer.occupied_len(), 4, "never half a frame");
        assert_eq!(shared.dropped_frames.load(Ordering::Relaxed), 1);
        assert_eq!(consumer.try_pop(), Some(1.0 / 32_768.0));
    }

    #[test]
    fn not_a_number_and_infinity_are_silence_behind_the_callback() {
        let (producer, mut consumer) = HeapRb::new(8).split();
        let mut callback = CaptureCallback::new(producer, Arc::new(CaptureShared::default()), 1);
        callback.process(&[f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 0.25], 0);
        let samples: Vec<f32> = consumer.pop_iter().collect();
        assert_eq!(samples, [0.0, 0.0, 0.0, 0.25]);
    }

    #[test]
    fn an_empty_buffer_is_not_a_sign_of_life() {
        let (producer, _consumer) = HeapRb::new(8).split();
        let shared = Arc::new(CaptureShared::default());
        CaptureCallback::new(producer, Arc::clone(&shared), 2).process::<f32>(&[], 0);
        assert_eq!(shared.callbacks.load(Ordering::Relaxed), 0);
    }
}
