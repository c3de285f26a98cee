//! Settings, company and key. A key passes through `set_key` once and is in no answer.

use frontdesk_app::app::App;
use frontdesk_app::settings::Settings;
use frontdesk_app::view::{ChatServerView, ChatTestView, Overview};
use frontdesk_call::problem::Problem;
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt as _;
use tokio::sync::oneshot;

/// Puts settings in force and writes them down.
#[tauri::command]
pub async fn save_settings(app: State<'_, App>, settings: Settings) -> Result<Overview, Problem> {
    app.save_settings(settings).await?;
    Ok(app.overview().await)
}

/// Takes another company file that the person chooses; nothing when the dialog was closed.
#[tauri::command]
pub async fn choose_company_file(app: State<'_, App>, handle: AppHandle) -> Result<Option<Overview>, Problem> {
    let (answer, chosen) = oneshot::channel();
    handle
        .dialog()
        .file()
        .add_filter("Company file", &["toml"])
        .pick_file(move |path| {
            let _nobody_waits = answer.send(path);
        });
    let Some(path) = chosen.await.ok().flatten().and_then(|path| path.into_path().ok()) else {
        return Ok(None);
    };
    let mut settings = app.settings();
    settings.company_file = path.display().to_string();
    app.save_settings(settings).await?;
    Ok(Some(app.overview().await))
}

/// The introduction was finished or skipped.
#[tauri::command]
pub async fn close_introduction(app: State<'_, App>) -> Result<(), Problem> {
    app.close_introduction().await
}

/// Stores the provider's key.
#[tauri::command]
pub async fn set_key(app: State<'_, App>, key: String, keep_in_memory: bool) -> Result<(), Problem> {
    app.set_key(&key, keep_in_memory).await
}

/// Asks the provider whether it takes the stored key.
#[tauri::command]
pub async fn test_key(app: State<'_, App>) -> Result<(), Problem> {
    app.test_key().await
}

/// Forgets the stored key.
#[tauri::command]
pub async fn delete_key(app: State<'_, App>) -> Result<(), Problem> {
    app.delete_key().await
}

/// The servers of chat models that run on this computer, at their usual ports.
#[tauri::command]
pub async fn find_chat_servers(app: State<'_, App>) -> Result<Vec<ChatServerView>, Problem> {
    Ok(app.find_chat_servers().await)
}

/// Asks a chat model for one sentence.
#[tauri::command]
pub async fn test_chat_model(app: State<'_, App>, server: String, model: String) -> Result<ChatTestView, Problem> {
    app.test_chat_model(&server, &model).await
}
