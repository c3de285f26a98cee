//! The packages' own test: `tests/tests/package_install.rs`, in a Debian system that has nothing but its base. Not part of `cargo xtask
//! test`, since it installs a whole desktop's libraries.
//!
//! The bare system is a folder. Whatever starts in it has its own processes and mounts, which end with it, so that nothing stays behind.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::step::{Shell, step};
use crate::test::ensure_driver;
use crate::workspace;

/// The oldest Debian that the packages are for.
const RELEASE: &str = "bookworm";

/// The ordinary user in the bare system.
const USER: &str = "caller";

/// Where the bare system finds packages: updates and security fixes too, as on a person's machine.
const SOURCES: &str = "deb http://deb.debian.org/debian bookworm main\n\
    deb http://deb.debian.org/debian bookworm-updates main\n\
    deb http://deb.debian.org/debian-security bookworm-security main\n";

/// Installs and uses what lies in `packages`.
pub fn test(packages: &Path) -> anyhow::Result<()> {
    if Shell::new("id").arg("-u").output()?.trim() != "0" {
        bail!("the test of the packages installs into another system tree, which only root may do; start it with sudo");
    }
    let driver = ensure_driver()?;
    let base = ensure_base()?;
    let system = packages.join("bare-system");
    step("unpack a bare system", || unpack(&base, &system))?;
    let tested = step("install and use the packages in the bare system", || {
        workspace::cargo()
            .args(["test", "--package", "frontdesk-tests", "--test", "package_install"])
            .env("FRONTDESK_TEST_PACKAGES", packages)
            .env("FRONTDESK_TEST_BARE_SYSTEM", &system)
            .env("FRONTDESK_TEST_BARE_ENTRANCE", entrance())
            .env("FRONTDESK_TEST_APP", packages.join("window-in-bare-system"))
            .env("FRONTDESK_TEST_DRIVER", driver)
            .run()
    });
    std::fs::remove_dir_all(&system).context("cannot remove the bare system")?;
    tested
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
        .args(["--create", "--file"])
        .arg(&unfinished)
        .arg("--directory")
        .arg(&directory)
        .arg(".")
        .run()?;
    std::fs::rename(&unfinished, &archive)?;
    std::fs::remove_dir_all(&directory)?;
    Ok(archive)
}

/// A fresh bare system with an ordinary user, and the script that opens the window in it.
fn unpack(base: &Path, system: &Path) -> anyhow::Result<()> {
    if system.exists() {
        std::fs::remove_dir_all(system).context("cannot remove the bare system of an interrupted run")?;
    }
    std::fs::create_dir_all(system)?;
    Shell::new("tar")
        .args(["--extract", "--file"])
        .arg(base)
        .arg("--directory")
        .arg(system)
        .run()?;
    std::fs::write(system.join("etc/apt/sources.list"), SOURCES)?;
    // The machine's own way to names and packages.
    std::fs::copy("/etc/resolv.conf", system.join("etc/resolv.conf"))?;
    Shell::new("chroot")
        .arg(system)
        .args(["useradd", "--create-home", "--shell", "/bin/sh", USER])
        .run()?;
    // A window's program cannot be given arguments by the driver.
    let window = system.with_file_name("window-in-bare-system");
    let line = format!(
        "exec '{}' '{}' {USER} frontdesk",
        entrance().display(),
        system.display()
    );
    std::fs::write(&window, format!("#!/bin/sh\n{line}\n"))?;
    Shell::new("chmod").arg("755").arg(&window).run()
}

/// The script that starts something in a bare system.
fn entrance() -> PathBuf {
    workspace::root().join("src-tauri/crates/xtask/src/package/in-bare-system.sh")
}
