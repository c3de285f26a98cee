//! `cargo xtask fuzz`: the local engine's server under random clients for as long as is asked for. The same test runs a fixed number of cases
//! in `cargo xtask test`.

use crate::step::step;
use crate::workspace;

/// Options of `fuzz`.
#[derive(clap::Args)]
pub struct Options {
    /// How long, in minutes.
    #[arg(long, default_value_t = 10)]
    minutes: u64,
}

/// Runs until the time is over or a case fails, which is then printed as small as it can be.
pub fn run(options: &Options) -> anyhow::Result<()> {
    step("random clients of the local engine", || {
        workspace::cargo()
            .args([
                "test",
                "--package",
                "frontdesk-engine",
                "--test",
                "server",
                "--",
                "fuzz::",
                "--nocapture",
            ])
            .env("FRONTDESK_FUZZ_MINUTES", options.minutes.to_string())
            .run()
    })
}
