//! `cargo xtask run`: from a bare machine to the window. Where there is no display or no audio device, a headless sample call shows
//! the same receptionist at work.

use std::path::PathBuf;

use anyhow::bail;

use crate::setup::{self, Purpose};
use crate::step::{Shell, say, step};
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
    let frontdeskd = setup::ensure_models()?;
    if let Some(reason) = why_no_window(options, &frontdeskd) {
        say(&format!("▸ {reason} Here is a call with a recorded caller instead."));
        return sample_call(&frontdeskd);
    }
    let node = setup::ensure_node()?;
    setup::ensure_ui(&node)?;
    step("build Frontdesk", || {
        workspace::cargo().args(["build", "--package", "frontdesk"]).run()
    })?;
    say("▸ open the window (close it to end)");
    let app = workspace::target()
        .join("debug")
        .join(if cfg!(windows) { "frontdesk.exe" } else { "frontdesk" });
    match Shell::new(app).args(&options.arguments).code()? {
        Some(0) => Ok(()),
        code => bail!("Frontdesk ended with {code:?}"),
    }
}

/// The sentence that says why there is no window, where that is so.
fn why_no_window(options: &Options, frontdeskd: &PathBuf) -> Option<&'static str> {
    if options.headless {
        return Some("A headless call was asked for.");
    }
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(target_os = "linux") && !is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY") {
        return Some("There is no display.");
    }
    // Exit code 3: no device to speak or listen with.
    let devices = Shell::new(frontdeskd).args(["devices", "--json"]).succeeds();
    (!devices).then_some("There is no audio device.")
}

/// A whole call without a window: a recorded caller, the conversation printed as it happens, the transcript exported.
fn sample_call(frontdeskd: &PathBuf) -> anyhow::Result<()> {
    let callers = workspace::root().join("tests/fixtures/callers");
    let transcript = workspace::target().join("sample-call.md");
    let mut call = Shell::new(frontdeskd).args(["call", "--backend", "local"]);
    for turn in ["1-opening-hours.wav", "2-oil-change.wav", "3-goodbye.wav"] {
        call = call.arg("--input").arg(callers.join(turn));
    }
    call.arg("--export").arg(&transcript).run()?;
    say(&format!("The transcript is in {}", transcript.display()));
    Ok(())
}
