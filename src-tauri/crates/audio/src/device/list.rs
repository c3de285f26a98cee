//! The devices there are. Listing talks to the sound system for 3–150 ms and belongs to the device thread.

use std::time::Instant;

use cpal::traits::{DeviceTrait, HostTrait};

use super::id::{DeviceChoice, DeviceId, InputDeviceId, OutputDeviceId};
use crate::error::AudioError;

/// One device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceEntry<Id> {
    /// What to remember.
    pub id: Id,
    /// What to show.
    pub name: String,
}

/// The devices of one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Devices<Id> {
    /// Those that can be opened, in the system's order.
    pub entries: Vec<DeviceEntry<Id>>,
    /// What 'System default' means at the moment.
    pub default: Option<DeviceEntry<Id>>,
}

impl<Id> Default for Devices<Id> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            default: None,
        }
    }
}

/// ALSA's device that hears silence and plays to nobody. It is listed on every computer, above all on one without sound.
const NULL_DEVICE: &str = "alsa:null";

/// One line of a device menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuEntry<Id> {
    /// What choosing it means.
    pub choice: DeviceChoice<Id>,
    /// What it is called.
    pub name: String,
}

impl<Id: DeviceId> Devices<Id> {
    /// The menu: 'System default' with the device it means at the moment, then all devices. Empty when there is none at all.
    #[must_use]
    pub fn menu(&self) -> Vec<MenuEntry<Id>> {
        if self.entries.is_empty() && self.default.is_none() {
            return Vec::new();
        }
        let name = match &self.default {
            Some(device) => format!("System default · {}", device.name),
            None => "System default".to_owned(),
        };
        let devices = self.entries.iter().map(|device| MenuEntry {
            choice: DeviceChoice::Device(device.id.clone()),
            name: device.name.clone(),
        });
        std::iter::once(MenuEntry {
            choice: DeviceChoice::SystemDefault,
            name,
        })
        .chain(devices)
        .collect()
    }

    /// True when the device is there.
    #[must_use]
    pub fn contains(&self, id: &Id) -> bool {
        self.entries.iter().any(|device| device.id == *id)
    }
}

/// Everything that can be opened at one moment.
#[derive(Clone, Debug)]
pub struct DeviceList {
    /// Sound system in use, in its own short name.
    pub host: String,
    /// Microphones.
    pub inputs: Devices<InputDeviceId>,
    /// Speakers.
    pub outputs: Devices<OutputDeviceId>,
    /// Why the list is empty, where the sound system did not answer.
    pub problem: Option<AudioError>,
    /// When listing began. A stream opened later may be on a device that this list does not know yet.
    pub listed_at: Instant,
}

impl DeviceList {
    /// True when there is nothing to speak or listen with.
    pub(super) fn is_empty(&self) -> bool {
        self.inputs == Devices::default() && self.outputs == Devices::default()
    }

    /// True when both lists hold the same devices, whenever they were made.
    #[must_use]
    pub fn same_devices(&self, other: &Self) -> bool {
        self.host == other.host
            && self.inputs == other.inputs
            && self.outputs == other.outputs
            && self.problem == other.problem
    }

    /// An empty list with its reason.
    pub(super) fn unavailable(problem: AudioError, listed_at: Instant) -> Self {
        Self {
            host: String::new(),
            inputs: Devices::default(),
            outputs: Devices::default(),
            problem: Some(problem),
            listed_at,
        }
    }

    /// Asks the sound system.
    pub(super) fn query(host: &cpal::Host, listed_at: Instant) -> Result<Self, AudioError> {
        let devices: Vec<cpal::Device> = host
            .devices()
            .map_err(|error| AudioError::HostUnavailable {
                detail: error.to_string(),
            })?
            .collect();
        let inputs = devices
            .iter()
            .filter(|device| is_microphone(device))
            .filter_map(entry)
            .collect();
        let outputs = devices
            .iter()
            .filter(|device| is_speaker(device))
            .filter_map(entry)
            .collect();
        Ok(Self {
            host: host.id().name().to_lowercase(),
            inputs: Devices {
                entries: inputs,
                default: default_microphone(host).as_ref().and_then(entry),
            },
            outputs: Devices {
                entries: outputs,
                default: default_speaker(host).as_ref().and_then(entry),
            },
            problem: None,
            listed_at,
        })
    }
}

/// The system's default microphone, if it is one: on a computer without any, PulseAudio names the speaker's monitor, and the receptionist
/// would listen to itself.
pub(super) fn default_microphone(host: &cpal::Host) -> Option<cpal::Device> {
    host.default_input_device().filter(is_microphone)
}

/// The system's default speaker, if it can be opened: ALSA names one on a computer without any.
pub(super) fn default_speaker(host: &cpal::Host) -> Option<cpal::Device> {
    host.default_output_device().filter(is_speaker)
}

fn is_microphone(device: &cpal::Device) -> bool {
    !has_id(device, |id| id == NULL_DEVICE || id.ends_with(".monitor")) && device.default_input_config().is_ok()
}

fn is_speaker(device: &cpal::Device) -> bool {
    !has_id(device, |id| id == NULL_DEVICE) && device.default_output_config().is_ok()
}

fn has_id(device: &cpal::Device, is_wanted: impl FnOnce(&str) -> bool) -> bool {
    device.id().is_ok_and(|id| is_wanted(&id.to_string()))
}

/// What is remembered and shown of a device.
pub(super) fn entry<Id: DeviceId>(device: &cpal::Device) -> Option<DeviceEntry<Id>> {
    let id = Id::from_recorded(&device.id().ok()?.to_string());
    let name = device
        .description()
        .map_or_else(|_| id.to_string(), |description| description.name().to_owned());
    Some(DeviceEntry { id, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menu_begins_with_the_system_default_and_says_what_that_is() {
        let built_in = DeviceEntry {
            id: InputDeviceId::from_recorded("alsa:hw"),
            name: "Built-in".to_owned(),
        };
        let devices = Devices {
            entries: vec![built_in.clone()],
            default: Some(built_in.clone()),
        };
        let menu = devices.menu();
        assert_eq!(
            menu[0],
            MenuEntry {
                choice: DeviceChoice::SystemDefault,
                name: "System default · Built-in".to_owned()
            }
        );
        assert_eq!(menu[1].choice, DeviceChoice::Device(built_in.id));
        assert!(Devices::<InputDeviceId>::default().menu().is_empty());
    }
}
