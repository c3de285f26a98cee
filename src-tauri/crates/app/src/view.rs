//! What a window sees of the application: the arguments and answers of its commands and the messages of its streams. Pure data,
//! exported to TypeScript. No secret has a place here: a provider key goes in as an argument and is never part of an answer.

mod desk;

use frontdesk_audio::Diagnostics;
use frontdesk_call::event::{CallEvent, MicrophoneState};
use frontdesk_call::identity::{CallId, WallTime};
use frontdesk_call::problem::Problem;
use frontdesk_store::history::CallSummary;
use frontdesk_store::secrets::KeyStatus;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use desk::{AgendaBooking, AgendaDay, AgendaQuery, AgendaView, BookingWish, ContactQuery, Minutes, calendar_date};

use crate::settings::Settings;

/// All that the window needs to draw itself the first time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct Overview {
    /// Version of Frontdesk.
    pub version: String,
    /// Settings in force.
    pub settings: Settings,
    /// The company that answers.
    pub company: CompanyView,
    /// Key of the configured provider.
    pub key: KeyView,
    /// Files of the local engine.
    pub models: ModelsView,
    /// May this program use the microphone?
    pub microphone_permission: MicrophonePermission,
    /// The call in progress, if there is one.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_id: Option<CallId>,
    /// True until a first call was made or the introduction was closed.
    pub first_run: bool,
    /// Standing problems: database, company file, settings.
    pub problems: Vec<Problem>,
}

/// What is known of the provider's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub enum KeyView {
    /// In the keychain.
    Set,
    /// In memory, until the program ends.
    SetForThisRun,
    /// There is none.
    NotSet,
    /// The keychain cannot be asked, and there is none in memory.
    KeychainUnavailable,
    /// The keychain was asked and has not answered yet: it may be showing a dialog. What it answers is told by a new overview.
    Asking,
}

impl From<KeyStatus> for KeyView {
    fn from(status: KeyStatus) -> Self {
        match status {
            KeyStatus::Set => Self::Set,
            KeyStatus::SetForThisRun => Self::SetForThisRun,
            KeyStatus::NotSet => Self::NotSet,
            KeyStatus::Unavailable => Self::KeychainUnavailable,
        }
    }
}

/// The company that answers, for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct CompanyView {
    /// Name.
    pub name: String,
    /// Path of its file; absent for the built-in sample.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// What is open now, in one line: "Open until 6:00 PM".
    pub hours_line: String,
}

/// Whether this program may use the microphone, as the operating system says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub enum MicrophonePermission {
    /// Allowed, or this system does not ask.
    Granted,
    /// The system will ask at first use.
    NotAsked,
    /// Denied for this program.
    Denied,
    /// Switched off for all programs.
    OffForAll,
}

/// Files of the local engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct ModelsView {
    /// Every file that the engine cannot do without.
    pub files: Vec<ModelFileView>,
    /// True when a local call can start.
    pub ready: bool,
    /// The files of the better voices.
    pub better_voices: Vec<ModelFileView>,
    /// Seconds of computing per second of speech with the better voices; absent before it was measured.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pace: Option<f64>,
    /// Every voice of the local engine, the light one first.
    pub voices: Vec<LocalVoiceView>,
    /// A download in progress.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub download: Option<DownloadView>,
    /// Why the last download or check failed.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// One file of the local engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct ModelFileView {
    /// Name, for example `moonshine-tiny-en/encoder_model.ort`.
    pub name: String,
    /// What it is for, in plain words.
    pub purpose: String,
    /// Size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Licence, as an SPDX expression or its name.
    pub licence: String,
    /// Its state on this computer.
    pub state: ModelFileState,
}

/// One voice of the local engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct LocalVoiceView {
    /// Name, for the setting.
    pub name: String,
    /// What it is like, for people.
    pub title: String,
    /// Whether it can speak.
    pub state: LocalVoiceState,
}

/// What stands between a voice and a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub enum LocalVoiceState {
    /// Nothing.
    Ready,
    /// Its files are not here, or not whole.
    NotHere,
    /// Nobody knows whether this computer is fast enough.
    NotMeasured,
    /// This computer would let callers wait.
    TooSlow,
}

/// State of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub enum ModelFileState {
    /// There, with the right size.
    Present,
    /// Not there.
    Missing,
    /// There with a wrong size or checksum.
    Damaged,
}

/// Progress of a download.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct DownloadView {
    /// File being fetched.
    pub file: String,
    /// Bytes that are here, of all files.
    #[ts(type = "number")]
    pub done_bytes: u64,
    /// Bytes of all files.
    #[ts(type = "number")]
    pub total_bytes: u64,
}

/// A server of chat models on this computer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct ChatServerView {
    /// The program that usually listens there.
    pub name: String,
    /// Base URL for the setting.
    pub address: String,
    /// Its models; empty when it has none yet.
    pub models: Vec<String>,
}

/// What a chat model answered to a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct ChatTestView {
    /// Its words.
    pub words: String,
    /// How long the whole answer took.
    #[ts(type = "number")]
    pub milliseconds: u64,
}

/// One entry of a device menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct DeviceView {
    /// Stable identity; absent for "System default".
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Name for people: "System default · Built-in microphone".
    pub name: String,
}

/// Both device menus, "System default" first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct DevicesView {
    /// Microphones.
    pub inputs: Vec<DeviceView>,
    /// Speakers.
    pub outputs: Vec<DeviceView>,
    /// Why a menu is empty.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// Levels of both sides, 15 times a second while someone looks. Peak and mean in decibels of full scale, −60 … 0.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct LevelsView {
    /// Microphone, peak.
    pub input_peak_db: f32,
    /// Microphone, root mean square.
    pub input_rms_db: f32,
    /// Speaker, peak.
    pub output_peak_db: f32,
    /// Speaker, root mean square.
    pub output_rms_db: f32,
    /// State of the microphone.
    pub microphone: MicrophoneState,
}

/// What the audio path of a call counts: the call in progress, or the last one as it was at its end.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct SoundDiagnosticsView {
    /// The call.
    pub call_id: CallId,
    /// True while it is in progress: the figures go on.
    pub in_progress: bool,
    /// The figures, at most half a second old.
    pub figures: Diagnostics,
}

/// One page of the call history, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct HistoryPage {
    /// The calls of this page.
    pub calls: Vec<CallSummary>,
    /// Calls that match in all.
    #[ts(type = "number")]
    pub total: u64,
}

/// Which calls to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct HistoryQuery {
    /// Words to find in transcripts; empty for all calls.
    pub search: String,
    /// Calls to skip.
    #[ts(type = "number")]
    pub offset: u64,
    /// Calls to give, 1 … 200.
    #[ts(type = "number")]
    pub limit: u64,
}

/// One message between this program and the voice model, for the event log. Never audio, never a secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct WireEntry {
    /// Position in the log of this run.
    #[ts(type = "number")]
    pub number: u64,
    /// When.
    pub at: WallTime,
    /// True for messages of this program, false for the model's.
    pub sent: bool,
    /// Protocol type, for example `response.create`.
    pub kind: String,
    /// Size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// What the application tells the window outside of a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(
    export_to = "app.ts",
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum AppMessage {
    /// Devices came or went.
    DevicesChanged {
        /// The new menus.
        devices: DevicesView,
    },
    /// The local engine's files changed, or a download went on.
    ModelsChanged {
        /// The new state.
        models: ModelsView,
    },
    /// The overview changed: settings, company, key, problems, or the call in progress.
    OverviewChanged {
        /// The new overview.
        overview: Box<Overview>,
    },
}

/// What a subscriber of a call gets: first everything so far, then each event as it happens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(
    export_to = "app.ts",
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum CallMessage {
    /// All events so far.
    Snapshot {
        /// In order.
        events: Vec<CallEvent>,
    },
    /// One more event.
    Event {
        /// The event; its `seq` follows the last one.
        event: Box<CallEvent>,
    },
}
