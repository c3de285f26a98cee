//! `cargo xtask test`: every test there is, with one count at the end. Prepares the parts that the end-to-end tests need, so that no
//! test has to be skipped.

use std::path::PathBuf;

use anyhow::{Context as _, bail};

use crate::counts::Counts;
use crate::programs::{self, Programs};
use crate::setup::{self, Node, Purpose};
use crate::step::{Shell, say, step};
use crate::workspace;

/// The WebDriver bridge for the window's tests; pinned, since the newest is for another Tauri.
const DRIVER: &str = "2.1.0";

/// Options of `test`.
#[derive(clap::Args)]
pub struct Options {
    /// Only the Rust tests of this package.
    #[arg(long)]
    package: Option<String>,
}

/// Sets up and runs everything; fails when anything failed.
pub fn run(options: &Options) -> anyhow::Result<()> {
    setup::ensure_system_packages(Purpose::Test)?;
    let node = setup::ensure_node()?;
    setup::ensure_ui(&node)?;
    let second_peer = setup::ensure_second_peer(&node)?;
    let sdk_python = setup::ensure_sdk_clients(&node)?;
    let driver = ensure_driver()?;
    // For all tests the tests as well, so that `cargo test` below finds everything built.
    let Programs { frontdeskd, window } = match &options.package {
        Some(_) => programs::all()?,
        None => programs::all_with_tests()?,
    };
    setup::ensure_models(&frontdeskd)?;
    setup::ensure_better_voices(&frontdeskd, &node)?;

    let mut counts = Counts::default();
    let mut failures = Vec::new();
    let mut suite = |title: &'static str, command: Shell, counts: &mut Counts| -> anyhow::Result<()> {
        if !step(title, || command.watch(|line| counts.read(line)))? {
            failures.push(title);
        }
        Ok(())
    };
    // The tests start these programs; they are told where, since a test binary cannot depend on another package's program.
    let scope = match &options.package {
        Some(package) => vec!["--package", package],
        None => vec!["--workspace"],
    };
    let rust = workspace::cargo()
        .args(["test", "--no-fail-fast"])
        .args(scope)
        .env("FRONTDESK_TEST_APP", window)
        .env("FRONTDESK_TEST_HEADLESS", frontdeskd)
        .env("FRONTDESK_TEST_DRIVER", driver)
        .env("FRONTDESK_TEST_NODE", node.program()?)
        .env("FRONTDESK_TEST_SECOND_PEER", second_peer)
        .env("FRONTDESK_TEST_SDK_PYTHON", sdk_python);
    suite("Rust tests", rust, &mut counts)?;
    if options.package.is_none() {
        suite("interface tests", interface(&node, "test"), &mut counts)?;
        suite(
            "every state of the window, rendered and checked",
            interface(&node, "test:states"),
            &mut counts,
        )?;
    }

    if counts.failed > 0 || !failures.is_empty() {
        // A suite that died before it could count still is a failure.
        counts.failed = counts.failed.max(failures.len() as u64);
        say(&counts.to_string());
        bail!(
            "failed: {}",
            if failures.is_empty() {
                "see above".into()
            } else {
                failures.join(", ")
            }
        );
    }
    if counts.passed == 0 {
        bail!("no test ran");
    }
    say(&counts.to_string());
    Ok(())
}

fn interface(node: &Node, script: &str) -> Shell {
    node.npm(["run", "--silent", script])
        .directory(&workspace::ui())
        .env("CI", "true")
}

/// The WebDriver bridge, built once into the tool cache.
pub fn ensure_driver() -> anyhow::Result<PathBuf> {
    let place = workspace::tool_cache()?.join(format!("tauri-driver-{DRIVER}"));
    let driver = place.join("bin/tauri-driver");
    if !driver.is_file() {
        step("build the WebDriver bridge (once)", || {
            workspace::cargo()
                .args([
                    "install",
                    "--quiet",
                    "--locked",
                    "--debug",
                    "--version",
                    DRIVER,
                    "tauri-driver",
                    "--root",
                ])
                .arg(&place)
                // Its own build folder, so that it neither waits for ours nor fills it.
                .env("CARGO_TARGET_DIR", place.join("target"))
                .run()
        })?;
        std::fs::remove_dir_all(place.join("target")).context("cannot tidy up after building the WebDriver bridge")?;
    }
    Ok(driver)
}
