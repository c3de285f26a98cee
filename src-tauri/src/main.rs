//! `frontdesk`: the window. Thin over `frontdesk_app`: commands, streams, dialogs. No call logic.
//!
//! The main thread runs the window; every command is async and works on the tokio runtime, so that nothing can freeze it.

// A release build on Windows opens no console beside its window.
#![cfg_attr(all(not(debug_assertions), target_os = "windows"), windows_subsystem = "windows")]

mod commands;
mod platform;
mod start_failure;
mod streams;

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Parser;
use frontdesk_app::app::{App, StartOptions};
use frontdesk_app::locations::Locations;
use frontdesk_app::log_filter;
use tauri::Manager as _;
use tracing_subscriber::EnvFilter;

use streams::Streams;

/// The AI receptionist that you install like any app.
#[derive(Parser)]
#[command(name = "frontdesk", version)]
struct Arguments {
    /// Folder for settings and database instead of the system's
    #[arg(long, value_name = "FOLDER", env = "FRONTDESK_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// What to log to standard error, for example debug
    #[arg(long, value_name = "FILTER", env = "FRONTDESK_LOG", default_value = "warn")]
    log: String,
}

fn main() -> anyhow::Result<()> {
    // First of all: it may change the environment, which is sound only while there is one thread.
    platform::prepare();
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_new(log_filter::capped(&arguments.log));
    let unreadable = filter.is_err();
    tracing_subscriber::fmt()
        .with_env_filter(filter.unwrap_or_else(|_| EnvFilter::new("warn")))
        .with_ansi(log_filter::colours())
        .with_writer(std::io::stderr)
        .init();
    if unreadable {
        // A window opens all the same: nobody may be there who typed it.
        tracing::warn!(filter = arguments.log, "log_filter_unreadable");
    }
    let locations = Locations::from_environment(arguments.data_dir.as_deref());
    let mut context = tauri::generate_context!();
    if locations.is_err() {
        // The web view has no place for its files either; only the reason is shown.
        context.config_mut().app.windows.clear();
    }
    tauri::Builder::default()
        // First, as its documentation asks: a second start ends here and brings the first window forward.
        .plugin(tauri_plugin_single_instance::init(|app, _arguments, _directory| {
            platform::bring_forward(app)
        }))
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .manage(Streams::default())
        .setup(move |window_app| {
            let started = locations.and_then(|locations| {
                let options = StartOptions {
                    locations,
                    company_file: None,
                    provider_key: None,
                };
                tauri::async_runtime::block_on(App::start(options))
            });
            match started {
                Ok(app) => {
                    let warming = app.clone();
                    tauri::async_runtime::spawn(async move { warming.warm_up().await });
                    window_app.manage(app);
                }
                Err(problem) => start_failure::tell(window_app.handle(), &problem),
            }
            Ok(())
        })
        .invoke_handler(tauri::generate_handler![
            commands::overview::get_overview,
            commands::overview::subscribe_app,
            commands::call::connect,
            commands::call::end_call,
            commands::call::send_text,
            commands::call::set_muted,
            commands::call::push_to_talk,
            commands::call::subscribe_call,
            commands::sound::list_devices,
            commands::sound::choose_input,
            commands::sound::choose_output,
            commands::sound::subscribe_levels,
            commands::sound::unsubscribe_levels,
            commands::sound::get_sound_diagnostics,
            commands::sound::play_test_tone,
            commands::sound::start_microphone_preview,
            commands::sound::stop_microphone_preview,
            commands::sound::request_microphone,
            commands::sound::open_system_privacy,
            commands::history::list_calls,
            commands::history::get_call,
            commands::history::delete_call,
            commands::history::export_call,
            commands::history::export_all,
            commands::desk::get_agenda,
            commands::desk::book,
            commands::desk::move_booking,
            commands::desk::cancel_booking,
            commands::desk::export_agenda,
            commands::desk::list_contacts,
            commands::desk::edit_contact,
            commands::desk::get_contact_traces,
            commands::desk::erase_contact,
            commands::wire::subscribe_wire,
            commands::wire::unsubscribe_wire,
            commands::wire::export_wire_log,
            commands::settings::save_settings,
            commands::settings::choose_company_file,
            commands::settings::close_introduction,
            commands::settings::set_key,
            commands::settings::test_key,
            commands::settings::delete_key,
            commands::settings::find_chat_servers,
            commands::settings::test_chat_model,
            commands::models::fetch_models,
            commands::models::cancel_fetch_models,
            commands::models::verify_models,
            commands::models::remove_models,
            commands::models::preview_voice,
            commands::models::measure_voices,
        ])
        .build(context)
        .context("the window cannot be opened")?
        .run(|window_app, event| {
            if let tauri::RunEvent::Exit = event {
                // The call ends cleanly and its last events reach the database before the process goes.
                if let Some(app) = window_app.try_state::<App>() {
                    tauri::async_runtime::block_on(app.shut_down());
                }
            }
        });
    Ok(())
}
