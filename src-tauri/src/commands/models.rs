//! The files of the local engine.

use frontdesk_app::app::App;
use frontdesk_app::models::Bundle;
use frontdesk_call::problem::Problem;
use tauri::State;

/// Downloads what the engine, or else its better voices, are missing; progress arrives as messages of the application.
#[tauri::command]
pub async fn fetch_models(app: State<'_, App>, better_voices: bool) -> Result<(), Problem> {
    app.fetch_models(Bundle::from_flag(better_voices));
    Ok(())
}

/// Stops the download.
#[tauri::command]
pub async fn cancel_fetch_models(app: State<'_, App>) -> Result<(), Problem> {
    app.cancel_fetch_models();
    Ok(())
}

/// Checks every file by its checksum.
#[tauri::command]
pub async fn verify_models(app: State<'_, App>) -> Result<(), Problem> {
    app.verify_models().await
}

/// Deletes the downloaded files of the engine, or else of its better voices.
#[tauri::command]
pub async fn remove_models(app: State<'_, App>, better_voices: bool) -> Result<(), Problem> {
    app.remove_models(Bundle::from_flag(better_voices)).await
}

/// Speaks a sample with a voice of the local engine; ends with it.
#[tauri::command]
pub async fn preview_voice(app: State<'_, App>, name: String) -> Result<(), Problem> {
    app.preview_voice(&name).await
}

/// Measures whether this computer is fast enough for the better voices.
#[tauri::command]
pub async fn measure_voices(app: State<'_, App>) -> Result<(), Problem> {
    app.measure_voices().await.map(drop)
}
