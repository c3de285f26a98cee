//! The files of the local engine.

use frontdesk_app::app::App;
use frontdesk_call::problem::Problem;
use tauri::State;

/// Downloads what is missing; progress arrives as messages of the application.
#[tauri::command]
pub async fn fetch_models(app: State<'_, App>) -> Result<(), Problem> {
    app.fetch_models();
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

/// Deletes the downloaded files.
#[tauri::command]
pub async fn remove_models(app: State<'_, App>) -> Result<(), Problem> {
    app.remove_models().await
}
