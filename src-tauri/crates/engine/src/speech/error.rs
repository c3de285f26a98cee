//! What can go wrong in local speech, in words for people.
//!
//! Pure data. Every variant says which file or which stage is at fault and offers one action; none carries audio or
//! recognised text, so an error may be logged.

use std::path::PathBuf;

use super::files::ModelFile;

/// The stage of the speech chain that failed at run time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Deciding whether somebody speaks (Silero).
    VoiceActivity,
    /// Turning audio into text (Moonshine).
    Recognition,
    /// Turning phonemes into audio (Piper).
    Synthesis,
    /// Changing the sample rate.
    Resampling,
}

impl std::fmt::Display for Stage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::VoiceActivity => "speech detection",
            Self::Recognition => "speech recognition",
            Self::Synthesis => "the voice",
            Self::Resampling => "sample rate conversion",
        })
    }
}

/// A failure of the local speech chain.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SpeechError {
    /// A file of the engine is not on disk. Expected before the first download.
    #[error("{file} is missing: there is no file {}", path.display())]
    Missing {
        /// Which file.
        file: ModelFile,
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A file is there and is not what it should be: truncated, overwritten, or another model.
    #[error("{file} is damaged ({reason}): {}", path.display())]
    Damaged {
        /// Which file.
        file: ModelFile,
        /// Where it is.
        path: PathBuf,
        /// What was found wrong, for the log and the details view.
        reason: String,
    },
    /// The operating system refused to read a file that exists.
    #[error("{file} cannot be read ({source}): {}", path.display())]
    Unreadable {
        /// Which file.
        file: ModelFile,
        /// Where it is.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The inference library is there and cannot be used: wrong platform, too old, or refused by the system.
    #[error("the inference library cannot be loaded ({reason}): {}", path.display())]
    Runtime {
        /// The library file.
        path: PathBuf,
        /// What the loader said.
        reason: String,
    },
    /// A loaded model failed on an input. The call goes on; the turn is lost.
    #[error("{stage} failed: {reason}")]
    Inference {
        /// Which stage.
        stage: Stage,
        /// What the runtime said.
        reason: String,
    },
}

impl SpeechError {
    /// What a person can do about it, as the label of one button.
    #[must_use]
    pub fn action(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "Download the local engine",
            Self::Damaged { .. } | Self::Runtime { .. } => "Download again",
            Self::Unreadable { .. } | Self::Inference { .. } => "Try again",
        }
    }

    /// Whether fetching the named file again is what helps.
    #[must_use]
    pub fn is_cured_by_download(&self) -> bool {
        matches!(self, Self::Missing { .. } | Self::Damaged { .. } | Self::Runtime { .. })
    }

    pub(crate) fn inference(stage: Stage, error: impl std::fmt::Display) -> Self {
        Self::Inference {
            stage,
            reason: error.to_string(),
        }
    }
}
