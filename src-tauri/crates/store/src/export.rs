//! Exports: a call's events become the bytes of a file. Pure functions of events, format and time zone; any thread, no clock, no I/O,
//! except [`file`] and [`archive`], which write.
//!
//! Every format keeps to its own rules of escaping, whatever was said: nothing that a caller says becomes markup, a formula or a cue.

pub mod archive;
mod comma_separated;
mod cues;
pub mod file;
pub mod json;
mod markdown;
mod plain_text;
mod sub_rip;
#[cfg(test)]
mod tests;
mod web_vtt;
mod wording;

use std::path::Path;

use frontdesk_call::CallEvent;
use frontdesk_call::transcript::Transcript;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::StoreError;
use crate::history::CallSummary;

/// What an exported call can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "store.ts", rename_all = "camelCase")]
pub enum ExportFormat {
    /// For reading, with formatting.
    Markdown,
    /// For reading anywhere.
    Text,
    /// For programs: everything, as [`json::CallExport`].
    Json,
    /// Subtitles for the web, with speakers.
    #[serde(rename = "vtt")]
    #[ts(rename = "vtt")]
    WebVtt,
    /// Subtitles for players and editors.
    Srt,
    /// A table for spreadsheets.
    Csv,
}

impl ExportFormat {
    /// All formats, in the order in which menus show them.
    pub const ALL: [Self; 6] = [
        Self::Markdown,
        Self::Text,
        Self::Json,
        Self::WebVtt,
        Self::Srt,
        Self::Csv,
    ];

    /// The format that a file name asks for by its extension, in any case; `None` when it has none that is known.
    #[must_use]
    pub fn from_path(path: &Path) -> Option<Self> {
        Self::from_name(path.extension()?.to_str()?)
    }

    /// The format with this extension or common name (`md`, `markdown`, `vtt`, `webvtt` …), in any case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "md" | "markdown" => Some(Self::Markdown),
            "txt" | "text" => Some(Self::Text),
            "json" => Some(Self::Json),
            "vtt" | "webvtt" => Some(Self::WebVtt),
            "srt" => Some(Self::Srt),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }

    /// The usual extension, without the dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Text => "txt",
            Self::Json => "json",
            Self::WebVtt => "vtt",
            Self::Srt => "srt",
            Self::Csv => "csv",
        }
    }

    /// Name for menus and messages.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Markdown => "Markdown",
            Self::Text => "Plain text",
            Self::Json => "JSON",
            Self::WebVtt => "WebVTT subtitles",
            Self::Srt => "SRT subtitles",
            Self::Csv => "CSV table",
        }
    }
}

/// The file of a call, in UTF-8. Times are local times of `zone`; a call that was cut off exports what there is.
///
/// # Errors
/// [`StoreError::Encoding`] when the format cannot hold the call, which no known event causes.
pub fn export(format: ExportFormat, events: &[CallEvent], zone: &TimeZone) -> Result<Vec<u8>, StoreError> {
    let transcript = Transcript::from_events(events);
    Ok(match format {
        ExportFormat::Markdown => markdown::write(&transcript, zone).into_bytes(),
        ExportFormat::Text => plain_text::write(&transcript, zone).into_bytes(),
        ExportFormat::Json => json::write(events, &transcript, zone)?,
        ExportFormat::WebVtt => web_vtt::write(&transcript, zone).into_bytes(),
        ExportFormat::Srt => sub_rip::write(&transcript).into_bytes(),
        ExportFormat::Csv => comma_separated::write(&transcript, zone).into_bytes(),
    })
}

/// A file name for the save dialog and the archive: sorts by time, unique by the call's id, safe on every system.
#[must_use]
pub fn suggested_file_name(call: &CallSummary, format: ExportFormat, zone: &TimeZone) -> String {
    let started = call
        .started_at
        .0
        .to_zoned(zone.clone())
        .strftime("%Y-%m-%d %H.%M.%S")
        .to_string();
    let id: String = call.id.as_str().chars().filter(char::is_ascii_alphanumeric).collect();
    format!("Call {started} {id}.{}", format.extension())
}
