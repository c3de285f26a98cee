//! What a person can set about audio. Pure data.

use crate::device::id::{DeviceChoice, InputDeviceId, OutputDeviceId};
use crate::processing::ProcessingSettings;

/// Devices and processing of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AudioSettings {
    /// The microphone.
    pub input: DeviceChoice<InputDeviceId>,
    /// The speaker.
    pub output: DeviceChoice<OutputDeviceId>,
    /// Echo cancellation, noise suppression, gain control.
    pub processing: ProcessingSettings,
}
