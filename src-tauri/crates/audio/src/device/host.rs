//! Which sound system is used. Called on the device thread and on stream threads, never on a callback or the window's thread: connecting
//! to a sound server may take two seconds.

use std::str::FromStr;

use cpal::{Host, HostId};

use crate::error::AudioError;

/// Name of the environment variable that overrides the choice: `pulseaudio`, `alsa`, `coreaudio`, `wasapi`.
pub const HOST_VARIABLE: &str = "FRONTDESK_AUDIO_HOST";

/// Hosts in the order in which they are tried on Linux. PulseAudio comes first because PipeWire serves it too, it knows a default device,
/// and its list holds only devices that can be opened; ALSA lists plug-ins as devices. Elsewhere there is one host.
const PREFERRED_HOSTS: [&str; 2] = ["pulseaudio", "alsa"];

/// Which sound system to use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum HostChoice {
    /// The best that answers.
    #[default]
    Automatic,
    /// The one of this name, or none.
    Named(String),
}

impl HostChoice {
    /// The choice of the environment, `setting` where it has none; an empty text is automatic.
    #[must_use]
    pub fn from_environment_or(setting: &str) -> Self {
        let name = std::env::var(HOST_VARIABLE).unwrap_or_else(|_| setting.to_owned());
        if name.is_empty() {
            Self::Automatic
        } else {
            Self::Named(name)
        }
    }

    /// Asks the sound system something, on the calling thread: `connected`, or a new connection where there is none.
    pub(super) fn ask<T>(
        &self,
        connected: Option<Host>,
        question: impl FnOnce(Host) -> Result<T, AudioError>,
    ) -> Result<T, AudioError> {
        let ask = || connected.map_or_else(|| self.connect(), Ok).and_then(question);
        #[cfg(target_os = "linux")]
        return super::alsa_words::noted(ask);
        #[cfg(not(target_os = "linux"))]
        ask()
    }

    fn connect(&self) -> Result<Host, AudioError> {
        #[cfg(target_os = "linux")]
        super::pulse_cookie::ensure();
        match self {
            Self::Named(name) => {
                let id = HostId::from_str(name).map_err(|_| AudioError::UnknownHost { name: name.clone() })?;
                cpal::host_from_id(id).map_err(|error| AudioError::HostUnavailable {
                    detail: error.to_string(),
                })
            }
            Self::Automatic => {
                let available = cpal::available_hosts();
                let preferred = PREFERRED_HOSTS.iter().filter_map(|name| HostId::from_str(name).ok());
                let candidates = preferred
                    .filter(|id| available.contains(id))
                    .chain(available.iter().copied());
                let mut detail = "none is installed".to_owned();
                for id in candidates {
                    match cpal::host_from_id(id) {
                        Ok(host) => return Ok(host),
                        Err(error) => detail = error.to_string(),
                    }
                }
                Err(AudioError::HostUnavailable { detail })
            }
        }
    }
}
