//! `cargo xtask run`: from a bare machine to the window. Where there is no display or no audio device, a headless sample call shows
//! the same receptionist at work.

use std::path::Path;

use anyhow::bail;

use crate::programs::{self, Programs};
use crate::setup::{self, Purpose};
use crate::step::{Shell, say};
use crate::workspace;

/// Options of `run`.
#[derive(clap::Args)]
pub struct Options {
    /// Make the headless sample call also where there is a display.
    #[arg(long)]
    headless: bool,
    /// Arguments for the app.
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// Sets up, builds and starts.
pub fn run(options: &Options) -> anyhow::Result<()> {
    setup::ensure_system_packages(Purpose::Run)?;
    if let Some(reason) = why_no_window(options) {
        let frontdeskd = programs::headless()?;
        setup::ensure_models(&frontdeskd)?;
        return sample_call(&frontdeskd, reason);
    }
    let node = setup::ensure_node()?;
    setup::ensure_ui(&node)?;
    let Programs { frontdeskd, window } = programs::all()?;
    setup::ensure_models(&frontdeskd)?;
    if !has_audio(&frontdeskd) {
        return sample_call(&frontdeskd, "There is no audio device.");
    }
    say("▸ open the window (close it to end)");
    match Shell::new(window).args(&options.arguments).code()? {
        Some(0) => Ok(()),
        code => bail!("Frontdesk ended with {code:?}"),
    }
}

/// The sentence that says why there is no window, where that is known before anything is built.
fn why_no_window(options: &Options) -> Option<&'static str> {
    if options.headless {
        return Some("A headless call was asked for.");
    }
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_headless = cfg!(target_os = "linux") && !is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY");
    is_headless.then_some("There is no display.")
}

/// Whether there is something to speak and listen with; `devices` ends with exit code 3 where there is not.
fn has_audio(frontdeskd: &Path) -> bool {
    Shell::new(frontdeskd).args(["devices", "--json"]).succeeds()
}

/// A whole call without a window: a recorded caller, the conversation printed as it happens, the transcript exported.
fn sample_call(frontdeskd: &Path, reason: &str) -> anyhow::Result<()> {
    say(&format!("▸ {reason} Here is a call with a recorded caller instead."));
    let callers = workspace::root().join("tests/fixtures/callers");
    let transcript = workspace::target().join("sample-call.md");
    let mut call = Shell::new(frontdeskd).args(["call", "--backend", "local"]);
    for turn in ["1-opening-hours.wav", "2-oil-change.wav", "3-goodbye.wav"] {
        call = call.arg("--input").arg(callers.join(turn));
    }
    call.arg("--export").arg(&transcript).run()
}
