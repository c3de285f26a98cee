//! `cargo xtask lint`: all that can be checked without running the product.

mod cross;
mod edges;
mod uses;

use anyhow::bail;

use crate::setup::{self, Purpose};
use crate::step::{Shell, step};
use crate::workspace;

/// Options of `lint`.
#[derive(clap::Args)]
pub struct Options {
    /// Leave out the type-check for Windows and macOS, which takes minutes the first time.
    #[arg(long)]
    no_cross: bool,
}

/// Runs every check and names all that failed.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let purpose = if options.no_cross {
        Purpose::Run
    } else {
        Purpose::CrossCheck
    };
    setup::ensure_system_packages(purpose)?;
    let node = setup::ensure_node()?;
    setup::ensure_ui(&node)?;
    let interface = |script: &str| node.npm(["run", "--silent", script]).directory(&workspace::ui()).run();
    let mut failures = Vec::new();
    let mut check = |title: &'static str, work: &dyn Fn() -> anyhow::Result<()>| {
        if let Err(error) = step(title, work) {
            crate::step::say(&format!("  {error:#}"));
            failures.push(title);
        }
    };
    check("formatting", &|| {
        workspace::cargo().args(["fmt", "--all", "--", "--check"]).run()
    });
    check("clippy", &|| {
        let command = workspace::cargo().args([
            "clippy",
            "--quiet",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]);
        command.run()
    });
    check(
        "edges between our crates, and the packages that the plan fixes",
        &|| {
            let metadata = workspace::cargo()
                .args(["metadata", "--format-version", "1", "--no-deps", "--locked"])
                .output()?;
            edges::check(&metadata)?;
            uses::check(&metadata)
        },
    );
    check("types of the interface", &|| interface("check"));
    check("size of the interface's first load", &|| interface("size"));
    check("generated types and schemas are up to date", &generated);
    if !options.no_cross {
        check("code for Windows", &|| cross::check(cross::WINDOWS));
        check("code for macOS", &|| cross::check(cross::MACOS));
    }
    if failures.is_empty() {
        Ok(())
    } else {
        bail!("not clean: {}", failures.join(", "))
    }
}

/// The tests that compare committed generated files with what the types say; all have `generated` in their name.
fn generated() -> anyhow::Result<()> {
    let packages = ["frontdesk-store", "frontdesk-tests"].map(|name| format!("--package={name}"));
    let command: Shell = workspace::cargo().args(["test", "--quiet"]).args(packages);
    command.args(["--", "generated"]).run()
}
