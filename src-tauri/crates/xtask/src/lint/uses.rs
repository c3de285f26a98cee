//! The packages that the plan fixes are not only listed but used: the sources of the crate that must use one name it. A dependency that is
//! kept for a table would pass the check of edges. Reads source files; lines of comment do not count.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde_json::Value;

use super::edges::FIXED;

/// Checks the sources of the packages in the output of `cargo metadata --no-deps`.
pub fn check(metadata: &str) -> anyhow::Result<()> {
    let metadata: Value = serde_json::from_str(metadata).context("cargo metadata gave no JSON")?;
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata names no packages")?;
    let mut faults = Vec::new();
    for (outside, user) in FIXED {
        let manifest = packages
            .iter()
            .find(|package| package["name"] == *user)
            .and_then(|package| package["manifest_path"].as_str())
            .with_context(|| format!("cargo metadata names no {user}"))?;
        let sources = Path::new(manifest).with_file_name("src");
        if !any_names(&sources, outside)? {
            faults.push(format!("the sources of {user} do not use {outside}"));
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        bail!("{}", faults.join("\n"))
    }
}

/// True when a Rust file below `folder` names the package.
fn any_names(folder: &Path, package: &str) -> anyhow::Result<bool> {
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let inside: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
            waiting.extend(inside?);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            if names(&text, package) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// True when a path in the code begins with the package's crate.
fn names(source: &str, package: &str) -> bool {
    let path = format!("{}::", package.replace('-', "_"));
    let mut code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.any(|line| {
        line.match_indices(&path).any(|(at, _)| {
            let before = line.get(..at).unwrap_or_default();
            !before.ends_with(|character: char| character.is_alphanumeric() || character == '_' || character == ':')
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_attributes_are_uses() {
        assert!(names(
            "use tokio_tungstenite::tungstenite::Message;",
            "tokio-tungstenite"
        ));
        assert!(names("    #[tokio::main]", "tokio"));
        assert!(names("let text = serde_json::to_string(&event)?;", "serde_json"));
    }

    #[test]
    fn comments_longer_names_and_parts_of_paths_are_none() {
        assert!(!names("//! Like cpal::Stream, but ours.", "cpal"));
        assert!(!names("/// See [`cpal::Stream`].", "cpal"));
        assert!(!names("use mycpal::Stream;", "cpal"));
        assert!(!names("use crate::keyring::Entry;", "keyring"));
        assert!(!names("use serde_json::Value;", "serde"));
    }

    #[test]
    fn the_sources_of_this_crate_use_what_they_use_and_nothing_else() {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        assert!(any_names(&sources, "anyhow").unwrap());
        assert!(!any_names(&sources, "rubato").unwrap());
    }
}
