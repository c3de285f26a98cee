//! The event log of this run.

use std::path::PathBuf;
use std::time::Duration;

use frontdesk_app::app::App;
use frontdesk_app::view::WireEntry;
use frontdesk_call::problem::Problem;
use tauri::ipc::Channel;
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt as _;
use tokio::sync::oneshot;

use crate::streams::{Stream, Streams};

/// Entries are sent in batches this far apart: a call has 50 messages of audio a second, and each push costs the web view memory.
const BATCH_INTERVAL: Duration = Duration::from_millis(250);

/// First what is kept of this run, then batches as messages pass.
#[tauri::command]
pub async fn subscribe_wire(
    app: State<'_, App>,
    streams: State<'_, Streams>,
    channel: Channel<Vec<WireEntry>>,
) -> Result<(), Problem> {
    let app = app.inner().clone();
    streams.start(Stream::Wire, async move {
        let mut newest = app.wire_log().newest();
        let mut sent = 0;
        loop {
            let entries = app.wire_log().after(sent);
            sent = entries.last().map_or(sent, |entry| entry.number);
            if channel.send(entries).is_err() || newest.wait_for(|number| *number > sent).await.is_err() {
                return;
            }
            tokio::time::sleep(BATCH_INTERVAL).await;
        }
    });
    Ok(())
}

/// Stops the event log's stream.
#[tauri::command]
pub async fn unsubscribe_wire(streams: State<'_, Streams>) -> Result<(), Problem> {
    streams.stop(Stream::Wire);
    Ok(())
}

/// Writes the event log to a file that the person names.
#[tauri::command]
pub async fn export_wire_log(app: State<'_, App>, handle: AppHandle) -> Result<Option<String>, Problem> {
    let Some(path) = choose_path(&handle, "frontdesk-event-log.jsonl", "JSON Lines", "jsonl").await else {
        return Ok(None);
    };
    app.export_wire_log(&path).await?;
    Ok(Some(path.display().to_string()))
}

/// The native save dialog; nothing when it was closed.
pub async fn choose_path(handle: &AppHandle, name: &str, kind: &str, extension: &str) -> Option<PathBuf> {
    let (answer, chosen) = oneshot::channel();
    handle
        .dialog()
        .file()
        .set_file_name(name)
        .add_filter(kind, &[extension])
        .save_file(move |path| {
            // The command was dropped with its window: nobody waits for the answer.
            let _nobody_waits = answer.send(path);
        });
    chosen.await.ok().flatten()?.into_path().ok()
}
