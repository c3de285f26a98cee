//! The unit of audio at every border: 20 ms of 24 kHz mono PCM16. Pure data, used on any thread.

/// Samples per second at the borders. The Realtime protocol knows only this rate for PCM.
pub const SAMPLE_RATE: u32 = 24_000;

/// Samples in one frame: 20 ms at [`SAMPLE_RATE`].
pub const FRAME_SAMPLES: usize = 480;

/// Length of one frame in milliseconds.
pub const FRAME_MS: u64 = 20;

/// One capture frame: [`FRAME_SAMPLES`] samples, moved by value so that no audio thread frees what another allocated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame(pub [i16; FRAME_SAMPLES]);

impl Frame {
    /// A frame of silence.
    pub const SILENCE: Self = Self([0; FRAME_SAMPLES]);
}

/// Whole milliseconds in `samples` at [`SAMPLE_RATE`], rounded down: truncation may never name audio that was not heard.
#[must_use]
pub const fn samples_to_ms(samples: u64) -> u64 {
    samples * 1_000 / SAMPLE_RATE as u64
}
