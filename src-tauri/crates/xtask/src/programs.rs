//! Our own programs, as development builds. All that a command needs is built in one cargo call: a second call with another selection of
//! packages asks for other features of what they share, and compiles serde, tokio and all that stands on them once more.

use std::path::PathBuf;

use crate::step::step;
use crate::workspace;

/// The built programs.
pub struct Programs {
    /// The receptionist without a window.
    pub frontdeskd: PathBuf,
    /// The window.
    pub window: PathBuf,
}

/// Builds `frontdeskd` alone, for what needs no window. Gives its place.
pub fn headless() -> anyhow::Result<PathBuf> {
    build("build frontdeskd", &["--package", "frontdesk-headless"])?;
    Ok(place("frontdeskd"))
}

/// Builds the window and `frontdeskd`. The interface must be built before: the window holds it.
pub fn all() -> anyhow::Result<Programs> {
    build(
        "build Frontdesk",
        &["--package", "frontdesk", "--package", "frontdesk-headless"],
    )?;
    Ok(places())
}

/// Builds the programs as the tests of the whole workspace will have them, tests included: what only tests depend on adds features too.
pub fn all_with_tests() -> anyhow::Result<Programs> {
    build("build Frontdesk and its tests", &["--workspace", "--bins", "--tests"])?;
    Ok(places())
}

fn build(title: &str, selection: &[&str]) -> anyhow::Result<()> {
    step(&format!("{title} (the first time: 5 to 15 minutes)"), || {
        workspace::cargo().arg("build").args(selection).run()
    })
}

fn places() -> Programs {
    Programs {
        frontdeskd: place("frontdeskd"),
        window: place("frontdesk"),
    }
}

fn place(name: &str) -> PathBuf {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    workspace::target().join("debug").join(file)
}
