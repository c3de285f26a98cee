//! The fixed inner format: 10 ms of 48 kHz mono. Devices of every kind are brought to it at the edge, so echo canceller, levels and mixing
//! know one rate only. Constants, used on the audio thread.

/// Samples per second between the edges. The echo canceller runs at it, so a device switch never changes the canceller's filter.
pub const PROCESSING_RATE: u32 = 48_000;

/// Samples of one block: 10 ms, the step of the echo canceller.
pub const BLOCK_SAMPLES: usize = 480;

/// Samples of one block at the session's rate of 24 kHz.
pub const SESSION_BLOCK_SAMPLES: usize = 240;

/// 10 ms of 48 kHz mono, full scale ±1.
pub type Block = [f32; BLOCK_SAMPLES];

/// A block of silence.
pub const SILENT_BLOCK: Block = [0.0; BLOCK_SAMPLES];
