//! Everything between a caller's ear and the session: devices, streams, rings, resampling, echo cancellation, levels, and callers from
//! audio files.
//!
//! # Map
//! - [`system`]: the way in. [`AudioSystem`] lists devices and opens a [`NativeLeg`], a microphone preview or a test tone.
//! - [`wav`]: callers from audio files, on a virtual clock, and the recording of a call.
//! - [`device`]: all use of the sound system (cpal). One thread lists, each stream has a thread of its own.
//! - [`callback`]: the bodies of the device callbacks; they copy, ramp and count, and do nothing else.
//! - `engine`: the audio thread of a call. It owns [`capture`], [`playback`], [`processing`], [`microphone`], [`level`], [`outbox`] and, for
//!   each side, the [`recovery`] machine.
//! - [`diagnostics`]: what all of it counts.
//!
//! ```text
//! mic callback ─ring─► audio thread: mono → 48 k → echo canceller → 24 k → frames ─outbox─► session
//! session ─mailbox─► audio thread: queue → 48 k [far end] → device rate ─ring─► speaker callback ─clock─► played positions
//! ```

pub mod block;
pub mod callback;
pub mod capture;
pub mod device;
pub mod diagnostics;
pub mod downmix;
mod engine;
pub mod error;
pub mod level;
pub mod microphone;
pub mod outbox;
pub mod playback;
pub mod processing;
pub mod recovery;
pub mod resample;
pub mod settings;
pub mod signal;
pub mod system;
pub mod wav;

pub use device::host::HostChoice;
pub use device::id::{DeviceChoice, DeviceId, InputDeviceId, OutputDeviceId};
pub use device::list::{DeviceList, Devices, MenuEntry};
pub use diagnostics::Diagnostics;
pub use error::AudioError;
pub use level::{Level, Levels};
pub use processing::ProcessingSettings;
pub use settings::AudioSettings;
pub use system::{AudioSystem, Clip, LegControl, MicrophonePreview, NativeLeg, PreviewEvent};
