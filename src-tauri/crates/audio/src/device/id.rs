//! Identities of devices and what a person may choose. Pure data, usable on any thread.
//!
//! A device is remembered by identity and shown by name: names are translated, change with drivers and are not unique.

use std::fmt;

use frontdesk_call::event::AudioDirection;
use serde::{Deserialize, Serialize};

/// What the two kinds of device identity have in common.
pub trait DeviceId: Clone + Eq + fmt::Debug + fmt::Display + Send + Sync + 'static {
    /// Which side it is about.
    const DIRECTION: AudioDirection;

    /// Takes an identity that was written down before.
    fn from_recorded(text: &str) -> Self;

    /// `host:device`, as it is stored.
    fn as_str(&self) -> &str;
}

macro_rules! device_id {
    ($(#[$meta:meta])* $name:ident, $direction:expr) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub struct $name(String);

        impl DeviceId for $name {
            const DIRECTION: AudioDirection = $direction;

            fn from_recorded(text: &str) -> Self {
                Self(text.to_owned())
            }

            fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

device_id! {
    /// One microphone, as `host:device` (`pulseaudio:alsa_input.usb-Jabra`). Stable over restarts as far as the sound system is.
    InputDeviceId, AudioDirection::Input
}
device_id! {
    /// One speaker, as `host:device` (`wasapi:{0.0.0.00000000}`). Stable over restarts as far as the sound system is.
    OutputDeviceId, AudioDirection::Output
}

/// What a person chose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum DeviceChoice<Id> {
    /// Whatever the system uses, followed when it changes.
    #[default]
    SystemDefault,
    /// This device. While it is away the system default stands in; the choice stays.
    Device(Id),
}

impl<Id: DeviceId> DeviceChoice<Id> {
    /// From a setting: an empty text is the system default.
    #[must_use]
    pub fn from_setting(text: &str) -> Self {
        if text.is_empty() {
            Self::SystemDefault
        } else {
            Self::Device(Id::from_recorded(text))
        }
    }

    /// As a setting.
    #[must_use]
    pub fn as_setting(&self) -> &str {
        match self {
            Self::SystemDefault => "",
            Self::Device(id) => id.as_str(),
        }
    }
}
