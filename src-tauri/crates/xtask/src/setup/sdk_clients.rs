//! The official SDKs whose callers test the engine's server: npm packages beside their scripts, Python packages in an environment of their
//! own in the cache. Both are fixed by a lock file, with the checksum of every package.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::models::python;
use super::{Node, ensure_packages};
use crate::step::{Shell, step};
use crate::workspace;

/// Installs what is missing. Gives the Python that has the SDK.
pub fn ensure_sdk_clients(node: &Node) -> anyhow::Result<PathBuf> {
    let scripts = workspace::root().join("tests/sdk");
    ensure_packages(node, &scripts.join("npm"), "install the npm SDKs from the lock file")?;
    ensure_environment(
        &scripts.join("python/requirements.txt"),
        &workspace::tool_cache()?.join("python-sdk"),
    )
}

/// The environment's Python; made anew where the requirements are others than those that were installed, or where it does not start: it
/// does not outlive the Python that it was made with.
fn ensure_environment(requirements: &Path, place: &Path) -> anyhow::Result<PathBuf> {
    let program = place.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    let wanted = std::fs::read(requirements).with_context(|| format!("cannot read {}", requirements.display()))?;
    let installed = place.join("installed.txt");
    let works = Shell::new(&program)
        .args(["-c", "import openai, websockets"])
        .succeeds();
    if works && std::fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(program);
    }
    step("install the Python SDK from the lock file", || {
        python().args(["-m", "venv", "--clear"]).arg(place).run()?;
        Shell::new(&program)
            .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
            .args(["-m", "pip", "install", "--quiet", "--require-hashes", "--requirement"])
            .arg(requirements)
            .run()
    })?;
    std::fs::write(&installed, wanted).with_context(|| format!("cannot write {}", installed.display()))?;
    Ok(program)
}
