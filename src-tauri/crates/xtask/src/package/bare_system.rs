//! The packages' own test: `tests/tests/package_install.rs`, in a Debian system that has nothing but its base. Not part of `cargo xtask
//! test`, since it installs a whole desktop's libraries.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::step::{Shell, step};
use crate::test::ensure_driver;
use crate::workspace;

/// The oldest Debian that the packages are for.
const RELEASE: &str = "bookworm";

/// Installs and uses what lies in `packages`.
pub fn test(packages: &Path) -> anyhow::Result<()> {
    if !Shell::new("id").arg("-u").output()?.trim().eq("0") {
        bail!("the test of the packages installs into another system tree, which only root may do; start it with sudo");
    }
    let driver = ensure_driver()?;
    let base = ensure_base()?;
    step("install and use the packages in a bare system", || {
        workspace::cargo()
            .args(["test", "--package", "frontdesk-tests", "--test", "package_install"])
            .env("FRONTDESK_TEST_PACKAGES", packages)
            .env("FRONTDESK_TEST_BARE_SYSTEM", base)
            .env("FRONTDESK_TEST_DRIVER", driver)
            .run()
    })
}

/// The base system as an archive in the tool cache, made once.
fn ensure_base() -> anyhow::Result<PathBuf> {
    let archive = workspace::tool_cache()?.join(format!("bare-{RELEASE}.tar"));
    if archive.is_file() {
        return Ok(archive);
    }
    let directory = archive.with_extension("building");
    if directory.exists() {
        std::fs::remove_dir_all(&directory).context("cannot remove the rest of an interrupted run")?;
    }
    step(&format!("get the base of Debian {RELEASE} (once)"), || {
        Shell::new("debootstrap")
            .args(["--variant=minbase", RELEASE])
            .arg(&directory)
            .output()
            .map(drop)
    })?;
    let unfinished = archive.with_extension("part");
    Shell::new("tar")
        .arg("--create")
        .arg("--file")
        .arg(&unfinished)
        .arg("--directory")
        .arg(&directory)
        .arg(".")
        .run()?;
    std::fs::rename(&unfinished, &archive)?;
    std::fs::remove_dir_all(&directory)?;
    Ok(archive)
}
