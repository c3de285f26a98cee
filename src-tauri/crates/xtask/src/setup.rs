//! Sets a machine up. Every step looks first and does only what is missing, so a second start takes seconds.

mod better_voices;
mod models;
mod node;
mod sdk_clients;
mod system;

pub use better_voices::ensure_better_voices;
pub use models::ensure_models;
pub use node::{Node, ensure_node};
pub use sdk_clients::ensure_sdk_clients;
pub use system::{Purpose, ensure_system_packages};

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::step::{say, step};
use crate::workspace;

/// Installs the interface's packages from the lock file and builds it, each only where something changed since.
pub fn ensure_ui(node: &Node) -> anyhow::Result<()> {
    let ui = workspace::ui();
    ensure_packages(node, &ui, "install the interface's packages from the lock file")?;
    let sources = ["src", "index.html", "package-lock.json", "vite.config.ts"].map(|name| newest(&ui.join(name)));
    if sources.into_iter().max() > Some(newest(&ui.join("dist/index.html"))) {
        step("build the interface", || {
            node.npm(["run", "--silent", "build"]).directory(&workspace::ui()).run()
        })?;
    } else {
        say("▸ the interface is up to date");
    }
    Ok(())
}

/// Installs the packages of the second Realtime peer of the end-to-end tests. Gives the script that starts it.
pub fn ensure_second_peer(node: &Node) -> anyhow::Result<PathBuf> {
    let place = workspace::root().join("tests/second-peer");
    ensure_packages(node, &place, "install the second Realtime peer from the lock file")?;
    Ok(place.join("start.js"))
}

/// Installs the packages of one lock file where it changed since.
fn ensure_packages(node: &Node, directory: &Path, title: &str) -> anyhow::Result<()> {
    if newest(&directory.join("package-lock.json")) <= newest(&directory.join("node_modules/.package-lock.json")) {
        return Ok(());
    }
    step(title, || {
        node.npm(["ci", "--loglevel=error"]).directory(directory).run()
    })
}

/// Latest change below a path; the beginning of time when there is nothing.
fn newest(path: &Path) -> SystemTime {
    let Ok(metadata) = std::fs::metadata(path) else {
        return SystemTime::UNIX_EPOCH;
    };
    let own = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
    if !metadata.is_dir() {
        return own;
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| newest(&entry.path())).max().unwrap_or(own)
}
