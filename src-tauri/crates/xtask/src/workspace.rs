//! Places: the checkout, the cache that survives it, and the cargo that runs us.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::step::Shell;

/// The top of the checkout.
pub fn root() -> PathBuf {
    // Baked in at compile time, so it is right from every working directory.
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(3)
        .map_or_else(PathBuf::new, Path::to_path_buf)
}

/// The interface's folder.
pub fn ui() -> PathBuf {
    root().join("ui")
}

/// A command of the cargo that started this program, in the checkout.
pub fn cargo() -> Shell {
    Shell::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())).directory(&root())
}

/// The target triple of this machine, which cargo builds for.
pub fn host() -> anyhow::Result<String> {
    let version = cargo().arg("-vV").output()?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("cargo does not name its host")?.to_owned())
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Tools and intermediate builds that outlive a checkout. Never needed, only faster.
pub fn tool_cache() -> anyhow::Result<PathBuf> {
    let base = match std::env::var_os("FRONTDESK_CACHE_DIR") {
        Some(directory) if !directory.is_empty() => PathBuf::from(directory),
        _ => user_cache().context("there is no home directory; set FRONTDESK_CACHE_DIR to a folder for downloads")?,
    };
    let tools = base.join("tools");
    std::fs::create_dir_all(&tools).with_context(|| format!("cannot create {}", tools.display()))?;
    Ok(tools)
}

fn user_cache() -> Option<PathBuf> {
    let variable = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    if cfg!(target_os = "windows") {
        return variable("LOCALAPPDATA").map(|base| base.join("frontdesk"));
    }
    if cfg!(target_os = "macos") {
        return variable("HOME").map(|home| home.join("Library/Caches/frontdesk"));
    }
    variable("XDG_CACHE_HOME")
        .or_else(|| variable("HOME").map(|home| home.join(".cache")))
        .map(|base| base.join("frontdesk"))
}
