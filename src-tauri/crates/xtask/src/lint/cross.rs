//! Type-checks the code for Windows and macOS on Linux, so that no platform branch rots unseen. Links nothing.
//!
//! Debian's security archive carries a Rust with its library sources (`rustc-web`, `cargo-web`, `rust-web-src`), so the standard
//! library is built for the target instead of being downloaded. A few packages compile C or Objective-C; a check needs no object code, so a
//! program that writes empty files stands in for that compiler. Only Windows resources are made by a real tool, from Debian's binutils.

use std::path::Path;

use crate::step::{Shell, say};
use crate::workspace;

/// The Windows target. The GNU one, for which Debian has the resource compiler.
pub const WINDOWS: &str = "x86_64-pc-windows-gnu";

/// The macOS target.
pub const MACOS: &str = "aarch64-apple-darwin";

const COMPILER: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";

/// Compiler stand-in: creates the file after `-o`.
const EMPTY_COMPILER: &str = "#!/bin/sh\n\
    o=; while [ $# -gt 0 ]; do [ \"$1\" = -o ] && o=$2; shift; done; [ -n \"$o\" ] && : > \"$o\"; exit 0\n";

/// Archiver stand-in: creates the archive that it is told to fill.
const EMPTY_ARCHIVER: &str = "#!/bin/sh\ncase \"$1\" in *q*|*r*) : > \"$2\";; esac; exit 0\n";

/// Checks every product crate for `target`.
pub fn check(target: &str) -> anyhow::Result<()> {
    if !cfg!(target_os = "linux") || !Path::new(CARGO).exists() || !Path::new(COMPILER).exists() {
        // Other systems check their own code when they build it.
        say("  only checked on Debian, with its rustc-web, cargo-web and rust-web-src");
        return Ok(());
    }
    let cache = workspace::tool_cache()?;
    let compiler = stand_in(&cache, "empty-compiler", EMPTY_COMPILER)?;
    let archiver = stand_in(&cache, "empty-archiver", EMPTY_ARCHIVER)?;
    let variable = target.replace('-', "_");
    let command = Shell::new(CARGO)
        .directory(&workspace::root())
        .args(["check", "--quiet", "--locked"])
        .args(["-Z", "build-std=std,panic_unwind", "--target", target])
        .args(["frontdesk", "frontdesk-headless", "xtask"].map(|name| format!("--package={name}")))
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", COMPILER)
        .env(&format!("CC_{variable}"), compiler)
        .env(&format!("AR_{variable}"), archiver)
        // Kept between checkouts: the standard library and all packages take minutes.
        .env("CARGO_TARGET_DIR", cache.join("cross-target"));
    command.run()
}

fn stand_in(directory: &Path, name: &str, text: &str) -> anyhow::Result<std::path::PathBuf> {
    let path = directory.join(name);
    std::fs::write(&path, text)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755))?;
    }
    Ok(path)
}
