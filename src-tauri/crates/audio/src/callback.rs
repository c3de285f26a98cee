//! What runs inside the sound system's callbacks, and nothing else does.
//!
//! Law of this module (design §5.1): copy to or from a preallocated ring, apply gain ramps, read and write atomics, return. No allocation,
//! no lock, no log, no channel, no clock. `tests/callback_allocation.rs` proves it with a counting allocator. The bodies are plain structs
//! without a device, so that a test can drive them with buffers of every size and content.

pub mod capture;
pub mod clock;
pub mod playback;

/// A sample as a device knows it. Implemented for every format of the device layer by one blanket implementation there.
pub trait DeviceSample: Copy {
    /// As a fraction of full scale; may be anything at all for float formats.
    fn to_float(self) -> f32;

    /// From a fraction of full scale.
    fn from_float(sample: f32) -> Self;
}
