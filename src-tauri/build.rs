//! Embeds the interface, checks the capability file, and declares the commands, so that none can be called that no capability names.

/// Every command of the window; the same names as in `src/commands` and in the interface's `tauri-api.ts`.
const COMMANDS: &[&str] = &[
    "get_overview",
    "subscribe_app",
    "connect",
    "end_call",
    "send_text",
    "set_muted",
    "push_to_talk",
    "subscribe_call",
    "list_devices",
    "choose_input",
    "choose_output",
    "subscribe_levels",
    "unsubscribe_levels",
    "get_sound_diagnostics",
    "play_test_tone",
    "start_microphone_preview",
    "stop_microphone_preview",
    "request_microphone",
    "open_system_privacy",
    "list_calls",
    "get_call",
    "delete_call",
    "export_call",
    "export_all",
    "get_agenda",
    "book",
    "move_booking",
    "cancel_booking",
    "export_agenda",
    "list_contacts",
    "edit_contact",
    "get_contact_traces",
    "erase_contact",
    "subscribe_wire",
    "unsubscribe_wire",
    "export_wire_log",
    "save_settings",
    "choose_company_file",
    "close_introduction",
    "set_key",
    "test_key",
    "delete_key",
    "find_chat_servers",
    "test_chat_model",
    "fetch_models",
    "cancel_fetch_models",
    "verify_models",
    "remove_models",
    "preview_voice",
    "measure_voices",
];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        // The one way in which a build script can fail with a message.
        panic!("{error:#}");
    }
}
