//! The calls that were kept, and their exports.

use frontdesk_app::ExportFormat;
use frontdesk_app::app::App;
use frontdesk_app::view::{HistoryPage, HistoryQuery};
use frontdesk_call::problem::Problem;
use frontdesk_call::{CallEvent, CallId};
use tauri::{AppHandle, State};

use super::wire::choose_path;

/// One page of the history.
#[tauri::command]
pub async fn list_calls(app: State<'_, App>, query: HistoryQuery) -> Result<HistoryPage, Problem> {
    app.list_calls(&query).await
}

/// Every event of one call.
#[tauri::command]
pub async fn get_call(app: State<'_, App>, id: CallId) -> Result<Vec<CallEvent>, Problem> {
    Ok(app.history()?.call(&id).await?.events)
}

/// Deletes one call.
#[tauri::command]
pub async fn delete_call(app: State<'_, App>, id: CallId) -> Result<(), Problem> {
    Ok(app.history()?.delete(&id).await?)
}

/// Writes one call to a file that the person names.
#[tauri::command]
pub async fn export_call(
    app: State<'_, App>,
    handle: AppHandle,
    id: CallId,
    format: ExportFormat,
) -> Result<Option<String>, Problem> {
    let name = app.suggested_file_name(&id, format).await?;
    let Some(path) = choose_path(&handle, &name, format.label(), format.extension()).await else {
        return Ok(None);
    };
    app.export_call(&id, format, &path).await?;
    Ok(Some(path.display().to_string()))
}

/// Writes all calls to one archive that the person names.
#[tauri::command]
pub async fn export_all(app: State<'_, App>, handle: AppHandle) -> Result<Option<String>, Problem> {
    let Some(path) = choose_path(&handle, "frontdesk-calls.zip", "Archive", "zip").await else {
        return Ok(None);
    };
    app.export_all(ExportFormat::Json, &path).await?;
    Ok(Some(path.display().to_string()))
}
