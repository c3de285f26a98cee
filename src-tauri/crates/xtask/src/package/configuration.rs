//! What the bundler is told beyond `tauri.conf.json`: the fixed part for each system lies in `src-tauri/bundle`, the part that names
//! staged files is written here.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::{Map, Value, json};

use super::Size;
use super::staging::Stage;
use crate::workspace;

/// The fixed part for this system, relative to `src-tauri`.
pub const OF_THIS_SYSTEM: &str = if cfg!(target_os = "macos") {
    "bundle/macos.json"
} else if cfg!(target_os = "windows") {
    "bundle/windows.json"
} else {
    "bundle/linux.json"
};

/// Environment variable with the thumbprint of the certificate in the user's store that signs on Windows; nothing is signed without it.
const CERTIFICATE_VARIABLE: &str = "WINDOWS_CERTIFICATE_THUMBPRINT";

/// Writes the configuration for one stage. Gives its path.
pub fn write(stage: &Stage, size: Size) -> anyhow::Result<PathBuf> {
    let path = stage.directory().join("tauri.json");
    let configuration = if cfg!(target_os = "linux") {
        linux(stage, &version(size)?)
    } else {
        other(stage)
    };
    std::fs::write(&path, serde_json::to_string_pretty(&configuration)?)?;
    Ok(path)
}

/// deb, rpm and AppImage: the app looks for its models in `../lib/frontdesk` from its program.
fn linux(stage: &Stage, version: &str) -> Value {
    let models = stage
        .models()
        .map(|(name, path)| (format!("/usr/lib/frontdesk/models/{name}"), text(&path)));
    let documents = stage
        .documents()
        .map(|(name, path)| (format!("/usr/share/doc/frontdesk/{name}"), text(&path)));
    let files: Map<String, Value> = models.chain(documents).collect();
    json!({
        "version": version,
        "bundle": {
            "externalBin": [text(&stage.program())],
            "linux": {
                "deb": { "files": files },
                "rpm": { "files": files },
                "appimage": { "files": files },
            },
        },
    })
}

/// macOS and Windows: resources. Windows puts them beside the program, where the app looks in a folder of that name.
fn other(stage: &Stage) -> Value {
    let base = if cfg!(target_os = "windows") { "resources/" } else { "" };
    let models = stage
        .models()
        .map(|(name, path)| (key(&path), json!(format!("{base}models/{name}"))));
    let documents = stage
        .documents()
        .map(|(name, path)| (key(&path), json!(format!("{base}licences/{name}"))));
    let resources: Map<String, Value> = models.chain(documents).collect();
    let mut bundle = json!({ "externalBin": [text(&stage.program())], "resources": resources });
    if let Ok(thumbprint) = std::env::var(CERTIFICATE_VARIABLE) {
        bundle["windows"] = json!({ "certificateThumbprint": thumbprint });
    }
    json!({ "bundle": bundle })
}

/// The version of a package. The full one counts as the newer of two that are otherwise the same, so that installing it over the small
/// one is an ordinary upgrade.
fn version(size: Size) -> anyhow::Result<String> {
    let path = workspace::root().join("src-tauri/tauri.conf.json");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let configuration: Value = serde_json::from_str(&text)?;
    let version = configuration["version"]
        .as_str()
        .context("tauri.conf.json names no version")?;
    Ok(match size {
        Size::Small => version.to_owned(),
        Size::Full => format!("{version}+full"),
    })
}

fn text(path: &Path) -> Value {
    json!(key(path))
}

fn key(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
