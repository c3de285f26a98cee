//! The caller's voice on its way to the session: ring → mono → 48 kHz → processing → 24 kHz → frames of 20 ms.
//!
//! Runs on the audio thread, a step each time it wakes. Converters and mixer belong to one stream and are made anew with it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use frontdesk_call::frame::{FRAME_SAMPLES, Frame};
use ringbuf::traits::{Consumer, Observer, Split};
use ringbuf::{HeapCons, HeapRb};

use crate::block::{BLOCK_SAMPLES, Block, SESSION_BLOCK_SAMPLES};
use crate::callback::capture::{CaptureCallback, CaptureShared};
use crate::downmix::Downmix;
use crate::resample::{BlockToSession, DeviceToBlock, UnsupportedRate};
use crate::signal::{fade_in, fade_out, to_i16};

/// Seconds of device samples that may wait for the audio thread. When the ring is full the callback drops the newest and counts them.
pub const CAPTURE_RING_SECONDS: usize = 1;

/// Makes the two ends of a capture stream: one for the callback, one for the audio thread.
///
/// # Errors
/// [`UnsupportedRate`] when no converter from `rate` can be made.
pub fn microphone_ring(rate: u32, channels: u16) -> Result<(MicrophoneEnd, CaptureCallback), UnsupportedRate> {
    let converter = DeviceToBlock::new(rate)?;
    let channel_count = usize::from(channels.max(1));
    let capacity = CAPTURE_RING_SECONDS * rate as usize * channel_count;
    let (producer, consumer) = HeapRb::new(capacity).split();
    let shared = Arc::new(CaptureShared::default());
    let callback = CaptureCallback::new(producer, Arc::clone(&shared), channels);
    let end = MicrophoneEnd {
        ring: consumer,
        shared,
        channels: channel_count,
        downmix: Downmix::new(channel_count, rate),
        converter,
        mono: Vec::with_capacity(capacity / channel_count),
    };
    Ok((end, callback))
}

/// One microphone as the audio thread sees it.
pub struct MicrophoneEnd {
    ring: HeapCons<f32>,
    shared: Arc<CaptureShared>,
    channels: usize,
    downmix: Downmix,
    converter: DeviceToBlock,
    mono: Vec<f32>,
}

impl MicrophoneEnd {
    /// What the callback shares, for the watchdog and diagnostics.
    #[must_use]
    pub fn shared(&self) -> Arc<CaptureShared> {
        Arc::clone(&self.shared)
    }

    /// Frames that wait in the ring.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.ring.occupied_len() / self.channels
    }

    /// Frames that found the ring full.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.shared.dropped_frames.load(Ordering::Relaxed)
    }

    /// Takes what the callback has delivered.
    pub fn collect(&mut self) {
        self.mono.clear();
        let (first, second) = self.ring.as_slices();
        let taken = first.len() + second.len();
        self.downmix.mix(first, &mut self.mono);
        self.downmix.mix(second, &mut self.mono);
        self.ring.skip(taken);
        self.converter.push(&self.mono);
    }

    /// The next 10 ms, when they are there.
    pub fn next_block(&mut self, block: &mut Block) -> bool {
        self.converter.next_block(block)
    }
}

/// Cuts cleaned blocks into frames for the session.
pub struct Framer {
    converter: BlockToSession,
    frame: [i16; FRAME_SAMPLES],
    filled: usize,
    closed: bool,
}

impl Framer {
    /// A closed framer without a past.
    ///
    /// # Errors
    /// Never for the fixed rates; the type is the resampler's.
    pub fn new() -> Result<Self, UnsupportedRate> {
        Ok(Self {
            converter: BlockToSession::new()?,
            frame: [0; FRAME_SAMPLES],
            filled: 0,
            closed: true,
        })
    }

    /// Adds a block; answers a frame when one is full. A closed framer fades out, completes its frame with silence and then gives nothing;
    /// an opened one fades in.
    pub fn push(&mut self, block: &Block, open: bool) -> Option<Frame> {
        let mut samples = [0.0; SESSION_BLOCK_SAMPLES];
        self.converter.convert(block, &mut samples);
        let was_closed = std::mem::replace(&mut self.closed, !open);
        match (was_closed, open) {
            (false, true) => {}
            (true, true) => fade_in(&mut samples),
            (false, false) => fade_out(&mut samples),
            (true, false) if self.filled == 0 => return None,
            (true, false) => samples.fill(0.0),
        }
        self.append(&samples)
    }

    fn append(&mut self, samples: &[f32; SESSION_BLOCK_SAMPLES]) -> Option<Frame> {
        // A frame is exactly two blocks, so it is full at the end of a block or not at all.
        const { assert!(FRAME_SAMPLES == 2 * SESSION_BLOCK_SAMPLES && BLOCK_SAMPLES == FRAME_SAMPLES) };
        for (place, sample) in self.frame[self.filled..].iter_mut().zip(samples) {
            *place = to_i16(*sample);
        }
        self.filled = (self.filled + SESSION_BLOCK_SAMPLES) % FRAME_SAMPLES;
        (self.filled == 0).then_some(Frame(self.frame))
    }

    /// Forgets what went through; the next block fades in.
    pub fn reset(&mut self) {
        self.converter.reset();
        self.filled = 0;
        self.closed = true;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::block::PROCESSING_RATE;
    use crate::signal::sine_sample;

    /// A sine as the session gets it from a device that delivers in pieces of the given sizes.
    fn session_samples(rate: u32, channels: u16, pieces: &[usize], seconds: usize) -> Vec<i16> {
        let (mut microphone, mut callback) = microphone_ring(rate, channels).unwrap();
        let mut framer = Framer::new().unwrap();
        let mut samples = Vec::new();
        let mut position = 0;
        let mut block = [0.0; BLOCK_SAMPLES];
        for piece in pieces.iter().cycle() {
            if position >= seconds * rate as usize {
                break;
            }
            let data: Vec<f32> = (position..position + piece)
                .flat_map(|index| std::iter::repeat_n(sine_sample(index, 440.0, rate, 0.5), usize::from(channels)))
                .collect();
            position += piece;
            callback.process(&data, 0);
            microphone.collect();
            while microphone.next_block(&mut block) {
                samples.extend(framer.push(&block, true).into_iter().flat_map(|frame| frame.0));
            }
        }
        samples
    }

    /// Periods per second from the upward zero crossings.
    fn frequency(samples: &[i16]) -> f64 {
        let crossings: Vec<usize> = (1..samples.len())
            .filter(|index| samples[index - 1] < 0 && samples[*index] >= 0)
            .collect();
        let (first, last) = (crossings[0], *crossings.last().unwrap());
        (crossings.len() - 1) as f64 * 24_000.0 / (last - first) as f64
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]

        #[test]
        fn any_device_becomes_frames_of_the_right_pitch_and_number(
            rate in prop_oneof![Just(8_000u32), Just(44_100), Just(48_000), 8_000u32..96_000],
            channels in 1u16..9,
            pieces in prop::collection::vec(1usize..2_000, 1..6),
        ) {
            let samples = session_samples(rate, channels, &pieces, 1);
            prop_assert_eq!(samples.len() % FRAME_SAMPLES, 0);
            // Less than the last piece, one block and one frame may still wait.
            let waiting = 24_000 * 2_000 / rate as usize + 3 * FRAME_SAMPLES;
            prop_assert!(samples.len() <= 24_000 + waiting && samples.len() + waiting >= 24_000, "{}", samples.len());
            let pitch = frequency(&samples[2_400..]);
            prop_assert!((pitch - 440.0).abs() < 1.0, "{pitch} Hz at {rate}");
        }
    }

    #[test]
    fn muting_ends_with_a_fade_and_a_whole_frame_and_then_gives_nothing() {
        let mut framer = Framer::new().unwrap();
        let tone: Block = std::array::from_fn(|index| sine_sample(index, 1_000.0, PROCESSING_RATE, 0.5));
        let mut frames = Vec::new();
        for _ in 0..3 {
            frames.extend(framer.push(&tone, true));
        }
        for _ in 0..5 {
            frames.extend(framer.push(&tone, false));
        }
        assert_eq!(frames.len(), 2);
        assert!(
            frames[1].0[FRAME_SAMPLES - 1].abs() < 50,
            "the last sample before the pause is silence"
        );
        frames.clear();
        for _ in 0..2 {
            frames.extend(framer.push(&tone, true));
        }
        assert_eq!(frames.len(), 1);
        assert!(
            frames[0].0[0].abs() < 100,
            "the first sample after the pause is faded in"
        );
    }

    #[test]
    fn a_thread_that_sleeps_too_long_loses_the_newest_and_goes_on() {
        let (mut microphone, mut callback) = microphone_ring(48_000, 1).unwrap();
        callback.process(&vec![0.1f32; 60_000], 0);
        microphone.collect();
        let dropped = microphone.dropped();
        assert_eq!(dropped, 12_000);
        let mut block = [0.0; BLOCK_SAMPLES];
        assert!(microphone.next_block(&mut block));
    }
}
