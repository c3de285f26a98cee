//! Failures in people's words: a kind for programs, a plain sentence and an action for people, a spoken form for a caller.
//! Pure data. Nothing here may carry a secret, a file's content or Debug text.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What went wrong, as a stable code. Kinds are added, never renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "call.ts", rename_all = "camelCase")]
#[non_exhaustive]
pub enum ProblemKind {
    /// The provider refused the API key.
    BadKey,
    /// A keyed provider is chosen and no key is stored.
    NoKey,
    /// The operating system's keychain cannot be reached.
    KeychainUnavailable,
    /// The account has no credit left.
    NoQuota,
    /// The model is unknown to the provider or was shut down.
    ModelGone,
    /// The provider asks to slow down.
    RateLimited,
    /// The provider cannot be reached at all.
    Offline,
    /// The provider answered in a way that the protocol does not allow, or refused the request.
    ProviderFailed,
    /// The connection broke and could not be restored in time.
    ConnectionLost,
    /// The computer has no microphone or no speaker.
    NoDevice,
    /// The operating system denies access to the microphone.
    MicrophoneDenied,
    /// A device went away or stopped delivering.
    DeviceLost,
    /// Another program holds the device.
    DeviceBusy,
    /// A model file of the local engine is missing.
    ModelsMissing,
    /// A model file of the local engine is damaged.
    ModelsDamaged,
    /// The company file cannot be used.
    CompanyInvalid,
    /// A setting has a value that cannot be used.
    SettingsInvalid,
    /// An audio file cannot be read.
    AudioFileInvalid,
    /// Call events cannot be written to disk at the moment.
    NotSaved,
    /// The database was written by a newer version of Frontdesk.
    DatabaseNewer,
    /// The database or a file cannot be opened, read or written.
    StorageFailed,
    /// An appointment or a contact cannot be what was asked for; another wish may be granted.
    BookingRefused,
    /// A fault inside Frontdesk itself.
    Internal,
}

/// What the person can do about it; the window shows it as a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "call.ts", rename_all = "camelCase")]
#[non_exhaustive]
pub enum ProblemAction {
    /// Open the settings of Frontdesk.
    OpenSettings,
    /// Do the same again.
    TryAgain,
    /// Go on with the system's default device.
    UseDefaultDevice,
    /// Open the privacy page of the operating system.
    OpenSystemPrivacy,
    /// Download the files of the local engine.
    DownloadModels,
    /// Answer with the local engine instead.
    UseLocalEngine,
    /// Keep the key in memory for this run.
    KeepKeyInMemory,
}

/// One failure as people meet it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "call.ts", rename_all = "camelCase")]
pub struct Problem {
    /// For programs.
    pub kind: ProblemKind,
    /// For people: one or two plain sentences that end with a full stop.
    pub sentence: String,
    /// What can be done, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub action: Option<ProblemAction>,
}

impl Problem {
    /// A problem without an action.
    #[must_use]
    pub fn new(kind: ProblemKind, sentence: impl Into<String>) -> Self {
        Self {
            kind,
            sentence: sentence.into(),
            action: None,
        }
    }

    /// The same problem with the action that helps.
    #[must_use]
    pub fn with_action(mut self, action: ProblemAction) -> Self {
        self.action = Some(action);
        self
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.sentence)
    }
}

impl std::error::Error for Problem {}
