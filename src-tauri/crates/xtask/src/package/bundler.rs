//! Tauri's bundler: its command-line tool from the npm package, pinned, in the tool cache.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::staging::Stage;
use super::{Profile, Size, configuration};
use crate::setup::Node;
use crate::step::{Shell, step};
use crate::workspace;

/// Version of the tool; the same line as the `tauri` crate.
const VERSION: &str = "2.12.5";

/// Endings of the files that count as packages; everything else that the bundler leaves is intermediate.
const ENDINGS: [&str; 6] = ["deb", "rpm", "AppImage", "dmg", "exe", "msi"];

/// The kinds of package that are usual on this system.
const USUAL: &[&str] = if cfg!(target_os = "macos") {
    &["app", "dmg"]
} else if cfg!(target_os = "windows") {
    &["nsis", "msi"]
} else {
    &["deb", "rpm"]
};

/// The bundler, ready to use.
pub struct Bundler<'node> {
    node: &'node Node,
    script: PathBuf,
}

impl<'node> Bundler<'node> {
    /// Finds the tool in the cache, or fetches it.
    pub fn ensure(node: &'node Node) -> anyhow::Result<Self> {
        let place = workspace::tool_cache()?.join(format!("tauri-cli-{VERSION}"));
        let script = place.join("node_modules/@tauri-apps/cli/tauri.js");
        if !script.is_file() {
            step("get Tauri's bundler", || {
                node.npm(["install", "--loglevel=error", "--prefix"])
                    .arg(&place)
                    .arg(format!("@tauri-apps/cli@{VERSION}"))
                    .run()
            })?;
        }
        Ok(Self { node, script })
    }

    /// Builds both programs. The window's is built by the tool, which turns Tauri's production mode on. It takes the place of the development
    /// build; cargo puts that one back at the next `cargo build`, which `run` and `test` begin with.
    pub fn build(&self, profile: Profile) -> anyhow::Result<()> {
        self.command("build", profile).arg("--no-bundle").run()?;
        let headless = workspace::cargo().args(["build", "--quiet", "--package", "frontdesk-headless"]);
        match profile {
            Profile::Debug => headless.run(),
            Profile::Release => headless.arg("--release").run(),
        }
    }

    /// Makes packages of what was built and staged. Gives their paths.
    pub fn bundle(
        &self,
        profile: Profile,
        bundles: &[String],
        stage: &Stage,
        size: Size,
    ) -> anyhow::Result<Vec<PathBuf>> {
        // An earlier run's packages must not pass for this one's.
        let output = profile.directory().join("bundle");
        if output.exists() {
            std::fs::remove_dir_all(&output).with_context(|| format!("cannot empty {}", output.display()))?;
        }
        let configuration = configuration::write(stage, size)?;
        let bundles = if bundles.is_empty() {
            USUAL.join(",")
        } else {
            bundles.join(",")
        };
        self.command("bundle", profile)
            .args([
                "--bundles",
                &bundles,
                "--config",
                configuration::OF_THIS_SYSTEM,
                // The kind of package would be written into cargo's own file of the program, for an updater that we do not have.
                "--no-binary-patching",
                "--config",
            ])
            .arg(&configuration)
            .run()?;
        let mut packages = Vec::new();
        for kind in std::fs::read_dir(&output).with_context(|| format!("no packages in {}", output.display()))? {
            packages.extend(packages_in(&kind?.path())?);
        }
        if packages.is_empty() {
            bail!("the bundler made no package of {bundles}");
        }
        packages.sort();
        Ok(packages)
    }

    fn command(&self, verb: &str, profile: Profile) -> Shell {
        let command = self
            .node
            .script(&self.script)
            .arg(verb)
            .directory(&workspace::root().join("src-tauri"))
            .env("CI", "true");
        match profile {
            Profile::Debug => command.arg("--debug"),
            Profile::Release => command,
        }
    }
}

fn packages_in(directory: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut packages = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        let is_package = path
            .extension()
            .is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known));
        if is_package && path.is_file() {
            packages.push(path);
        }
    }
    Ok(packages)
}
