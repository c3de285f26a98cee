//! Devices, levels, test tone, microphone permission.

use frontdesk_app::app::App;
use frontdesk_app::permission;
use frontdesk_app::view::{DevicesView, LevelsView, SoundDiagnosticsView};
use frontdesk_call::problem::{Problem, ProblemKind};
use tauri::ipc::Channel;
use tauri::{AppHandle, State};
use tauri_plugin_opener::OpenerExt as _;

use crate::streams::{Stream, Streams};

/// Both device menus.
#[tauri::command]
pub async fn list_devices(app: State<'_, App>) -> Result<DevicesView, Problem> {
    Ok(app.devices().await)
}

/// Takes a microphone; nothing is the system default.
#[tauri::command]
pub async fn choose_input(app: State<'_, App>, id: Option<String>) -> Result<(), Problem> {
    app.choose_input(id).await
}

/// Takes a speaker; nothing is the system default.
#[tauri::command]
pub async fn choose_output(app: State<'_, App>, id: Option<String>) -> Result<(), Problem> {
    app.choose_output(id).await
}

/// Levels of both sides, 15 times a second.
#[tauri::command]
pub async fn subscribe_levels(
    app: State<'_, App>,
    streams: State<'_, Streams>,
    channel: Channel<LevelsView>,
) -> Result<(), Problem> {
    let mut levels = app.levels();
    streams.start(Stream::Levels, async move {
        while let Some(view) = levels.next().await {
            if channel.send(view).is_err() {
                return;
            }
        }
    });
    Ok(())
}

/// Stops the levels.
#[tauri::command]
pub async fn unsubscribe_levels(streams: State<'_, Streams>) -> Result<(), Problem> {
    streams.stop(Stream::Levels);
    Ok(())
}

/// What the audio path of the call in progress or the last one counts; nothing before the first call. The window asks while it shows it.
#[tauri::command]
pub async fn get_sound_diagnostics(app: State<'_, App>) -> Result<Option<SoundDiagnosticsView>, Problem> {
    Ok(app.sound_diagnostics())
}

/// Plays a short tone on the chosen speaker.
#[tauri::command]
pub async fn play_test_tone(app: State<'_, App>) -> Result<(), Problem> {
    app.play_test_tone().await
}

/// Opens the microphone for its level only.
#[tauri::command]
pub async fn start_microphone_preview(app: State<'_, App>) -> Result<(), Problem> {
    app.start_microphone_preview().await
}

/// Closes it again.
#[tauri::command]
pub async fn stop_microphone_preview(app: State<'_, App>) -> Result<(), Problem> {
    app.stop_microphone_preview();
    Ok(())
}

/// Lets the system ask for the microphone.
#[tauri::command]
pub async fn request_microphone() -> Result<(), Problem> {
    permission::request_microphone();
    Ok(())
}

/// Opens the system's page for microphone privacy.
#[tauri::command]
pub async fn open_system_privacy(handle: AppHandle) -> Result<(), Problem> {
    let no_page = || {
        Problem::new(
            ProblemKind::MicrophoneDenied,
            "This system has no page for microphone privacy.",
        )
    };
    let page = permission::privacy_page().ok_or_else(no_page)?;
    handle.opener().open_url(page, None::<&str>).map_err(|error| {
        tracing::warn!(%error, "privacy_page_not_opened");
        Problem::new(
            ProblemKind::Internal,
            "The system's privacy page could not be opened. Open it from the system settings.",
        )
    })
}
