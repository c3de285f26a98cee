//! Embeds the interface, checks the capability file, and declares the commands, so that none can be called that no capability names.

/// Every command of the window; the same names as in `src/commands` and in the interface's `tauri-api.ts`.
const COMMANDS: &[&str] = &["get_overview"];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        // The one way in which a build script can fail with a message.
        panic!("{error:#}");
    }
}
