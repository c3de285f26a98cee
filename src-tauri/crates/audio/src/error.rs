//! Failures of the audio crate and what they are in people's words. Pure data, made on any thread.

use std::path::PathBuf;

use frontdesk_call::{Problem, ProblemAction, ProblemKind};

/// Which side of the sound card a failure is about.
pub use frontdesk_call::event::AudioDirection;

/// Why audio could not be opened, read or written. The variants are told apart by who can do something about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AudioError {
    /// The computer has no sound system that can be reached. The person starts one or makes a headless call.
    #[error("no sound system can be reached: {detail}")]
    HostUnavailable {
        /// What the sound system answered.
        detail: String,
    },
    /// The setting names a sound system that this computer does not have. The person corrects the setting.
    #[error("the sound system '{name}' is not known here")]
    UnknownHost {
        /// The name as given.
        name: String,
    },
    /// No device, or the chosen one is not there. The person plugs one in or chooses another.
    #[error("no {} is available", noun(*.direction))]
    NoDevice {
        /// Which side.
        direction: AudioDirection,
    },
    /// The operating system denies the microphone. The person allows it.
    #[error("access to the {} was denied", noun(*.direction))]
    Denied {
        /// Which side.
        direction: AudioDirection,
    },
    /// Another program holds the device. The person closes it; trying again may help.
    #[error("the {} is used by another program", noun(*.direction))]
    Busy {
        /// Which side.
        direction: AudioDirection,
    },
    /// The device speaks no format that can be converted. The person chooses another.
    #[error("the {} offers no usable format: {detail}", noun(*.direction))]
    UnsupportedFormat {
        /// Which side.
        direction: AudioDirection,
        /// What was refused.
        detail: String,
    },
    /// The device or its driver failed. Trying again may help.
    #[error("the {} failed: {detail}", noun(*.direction))]
    DeviceFailed {
        /// Which side.
        direction: AudioDirection,
        /// What the driver answered.
        detail: String,
    },
    /// A caller's audio file cannot be used. The person gives another file.
    #[error("{}: {reason}", .path.display())]
    FileInvalid {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, as the end of a sentence.
        reason: String,
    },
    /// The recording cannot be written. The person frees space or chooses another place.
    #[error("the recording {} cannot be written: {reason}", .path.display())]
    RecordingFailed {
        /// The file.
        path: PathBuf,
        /// What the system answered.
        reason: String,
    },
    /// An operating-system limit or a fault inside Frontdesk.
    #[error("the audio thread could not be started: {detail}")]
    Internal {
        /// What happened.
        detail: String,
    },
}

/// The device of a direction as people call it.
pub(crate) const fn noun(direction: AudioDirection) -> &'static str {
    match direction {
        AudioDirection::Input => "microphone",
        AudioDirection::Output => "speaker",
    }
}

impl From<AudioError> for Problem {
    fn from(error: AudioError) -> Self {
        match error {
            AudioError::HostUnavailable { .. } => Problem::new(
                ProblemKind::NoDevice,
                "The sound system of this computer cannot be reached.",
            )
            .with_action(ProblemAction::TryAgain),
            AudioError::UnknownHost { name } => Problem::new(
                ProblemKind::SettingsInvalid,
                format!("This computer has no sound system named '{name}'."),
            )
            .with_action(ProblemAction::OpenSettings),
            AudioError::NoDevice { direction } => {
                Problem::new(ProblemKind::NoDevice, format!("No {} was found.", noun(direction)))
                    .with_action(ProblemAction::OpenSettings)
            }
            AudioError::Denied { direction } => Problem::new(
                ProblemKind::MicrophoneDenied,
                format!("The system does not let Frontdesk use the {}.", noun(direction)),
            )
            .with_action(ProblemAction::OpenSystemPrivacy),
            AudioError::Busy { direction } => Problem::new(
                ProblemKind::DeviceBusy,
                format!("Another program is using the {}.", noun(direction)),
            )
            .with_action(ProblemAction::TryAgain),
            AudioError::UnsupportedFormat { direction, .. } | AudioError::DeviceFailed { direction, .. } => {
                Problem::new(
                    ProblemKind::DeviceLost,
                    format!("The {} does not work at the moment.", noun(direction)),
                )
                .with_action(ProblemAction::UseDefaultDevice)
            }
            AudioError::FileInvalid { path, reason } => Problem::new(
                ProblemKind::AudioFileInvalid,
                format!("The audio file {} cannot be used: {reason}.", path.display()),
            ),
            AudioError::RecordingFailed { path, reason } => Problem::new(
                ProblemKind::StorageFailed,
                format!("The recording {} cannot be written: {reason}.", path.display()),
            ),
            AudioError::Internal { .. } => Problem::new(ProblemKind::Internal, "The audio could not be started.")
                .with_action(ProblemAction::TryAgain),
        }
    }
}
