//! The audio thread's end of one playback stream: the resampler to its rate, the ring, and the counters of its callback.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use ringbuf::traits::{Observer, Producer, Split};
use ringbuf::{HeapProd, HeapRb};

use super::ledger::Mapping;
use super::reference::Reference;
use crate::block::{Block, PROCESSING_RATE};
use crate::callback::playback::{PlaybackCallback, PlaybackShared};
use crate::resample::{BlockToDevice, UnsupportedRate};

/// Seconds of audio that the ring to the speaker callback can hold: room for hosts that ask for two seconds at once. It is filled to
/// [`FILL_MS`] only. When it is full the audio thread waits.
pub const PLAYBACK_RING_SECONDS: u32 = 4;

/// Milliseconds that are kept ready in the ring: five callbacks, so that the audio thread may be late on a busy machine. It costs no
/// latency, because a reply's first sample goes into an empty ring.
const FILL_MS: u32 = 50;

/// Below this much, beyond one callback, a slow model is treated as an underrun: the fade must still reach the ring in time.
const LOW_MS: u32 = 15;

/// Makes the two ends of a playback stream: one for the audio thread, one for the callback.
///
/// # Errors
/// [`UnsupportedRate`] when no converter to `rate` can be made.
pub fn speaker_ring(
    rate: u32,
    channels: u16,
    session_delay_frames: usize,
) -> Result<(SpeakerEnd, PlaybackCallback), UnsupportedRate> {
    let converter = BlockToDevice::new(rate)?;
    let capacity = (rate * PLAYBACK_RING_SECONDS) as usize;
    let (producer, consumer) = HeapRb::new(capacity).split();
    let shared = Arc::new(PlaybackShared::default());
    let callback = PlaybackCallback::new(consumer, Arc::clone(&shared), channels, rate);
    let delay_frames =
        session_delay_frames as f64 * f64::from(rate) / f64::from(PROCESSING_RATE) + converter.delay() as f64;
    let mapping = Mapping {
        device_rate: rate,
        delay_frames,
    };
    Ok((
        SpeakerEnd {
            ring: producer,
            shared,
            converter,
            mapping,
            reference: Reference::default(),
            stream_start: 0,
            anew: false,
        },
        callback,
    ))
}

/// One speaker as the audio thread sees it.
pub struct SpeakerEnd {
    ring: HeapProd<f32>,
    shared: Arc<PlaybackShared>,
    converter: BlockToDevice,
    mapping: Mapping,
    reference: Reference,
    /// Frames that had been taken from the ring when the stream began.
    stream_start: u64,
    /// True from a flush until the callback has carried it out: then a new stream begins.
    anew: bool,
}

impl SpeakerEnd {
    /// What the callback shares, for the watchdog and diagnostics.
    #[must_use]
    pub fn shared(&self) -> Arc<PlaybackShared> {
        Arc::clone(&self.shared)
    }

    /// True while less than the wanted fill is in the ring. Never during a flush: the callback would drop new audio with the old.
    pub fn wants_block(&mut self) -> bool {
        if !self.is_flushed() {
            return false;
        }
        if std::mem::take(&mut self.anew) {
            self.begin_stream();
        }
        let largest = self.shared.largest_callback.load(Ordering::Relaxed);
        let wanted = (2 * largest).max(self.converter.rate() * FILL_MS / 1_000) as usize;
        self.ring.occupied_len() < wanted && self.ring.vacant_len() >= self.converter.longest_block()
    }

    /// True when the ring holds so little that the next piece of audio would come too late.
    #[must_use]
    pub fn runs_low(&self) -> bool {
        let largest = self.shared.largest_callback.load(Ordering::Relaxed);
        self.ring.occupied_len() < (largest + self.converter.rate() * LOW_MS / 1_000) as usize
    }

    /// Times that the ring ran dry in the middle of a reply.
    #[must_use]
    pub fn underruns(&self) -> u64 {
        self.shared.underruns.load(Ordering::Relaxed)
    }

    /// Frames in the ring.
    #[must_use]
    pub fn occupied(&self) -> usize {
        self.ring.occupied_len()
    }

    /// Queues a block. The caller has asked [`SpeakerEnd::wants_block`].
    pub fn push(&mut self, block: &Block) {
        self.reference.queued(block);
        self.ring.push_slice(self.converter.convert(block));
    }

    /// Gives out what the callback has rendered since the last look, for the echo canceller.
    pub fn rendered(&mut self, far_end: impl FnMut(&Block)) {
        // The ring first: what is empty now was rendered before the reading that follows.
        let is_empty = self.ring.is_empty();
        let reading = self.shared.clock.read();
        self.reference
            .rendered(reading, self.converter.rate(), is_empty, far_end);
    }

    /// Tells the callback whether an empty ring is an underrun.
    pub fn set_playing(&self, playing: bool) {
        self.shared.playing.store(playing, Ordering::Relaxed);
    }

    /// Tells the callback to ramp out and drop the ring.
    pub fn start_flush(&mut self) {
        self.set_playing(false);
        self.anew = true;
        self.shared.generation.fetch_add(1, Ordering::AcqRel);
    }

    /// True when the callback has carried out the last flush.
    #[must_use]
    pub fn is_flushed(&self) -> bool {
        self.shared.clock.read().generation == self.shared.generation.load(Ordering::Acquire)
    }

    /// Counts from here, with fresh resampler state: the tail of what was flushed is not heard.
    fn begin_stream(&mut self) {
        self.stream_start = self.shared.clock.read().popped;
        // Cannot fail: the same rate was accepted before.
        if let Ok(converter) = BlockToDevice::new(self.converter.rate()) {
            self.converter = converter;
        }
    }

    /// Session samples of this stream that were heard.
    #[must_use]
    pub fn heard_position(&self) -> u64 {
        self.mapping
            .session_position(self.shared.clock.read().heard().saturating_sub(self.stream_start))
    }

    /// Session samples of silence that push the last real sample out of the resamplers.
    #[must_use]
    pub fn drain_samples(&self) -> usize {
        self.mapping.drain_samples()
    }
}
