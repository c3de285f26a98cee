//! A small company in which appointments are booked over calls: `frontdeskd` over a data directory of its own, and a caller who wants one.

use std::path::{Path, PathBuf};
use std::process::Output;

use anyhow::Context as _;
use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

use crate::realtime_double::{CallerTurn, Reply, Script, TranscriptTiming};

/// Open at all hours, so that a test may run at any; one place, so that it can be full.
const COMPANY: &str = r#"
name = "Second Gear"
trade = "bicycle workshop"
time_zone = "UTC"
contact = { phone = "+1 202-555-0100", country = "US" }
hours.monday = "0:00-24:00"
hours.tuesday = "0:00-24:00"
hours.wednesday = "0:00-24:00"
hours.thursday = "0:00-24:00"
hours.friday = "0:00-24:00"
hours.saturday = "0:00-24:00"
hours.sunday = "0:00-24:00"

[[services]]
name = "Tune-up"
minutes = 60

[[resources]]
name = "stand"
count = 1
"#;

/// What the caller of [`receptionist`] says.
pub const WISH: &str = "A tune-up next week at nine, please. Dana Whitfield, 202 555 0143.";

/// `frontdeskd` over a data directory of its own whose settings name the company above.
pub struct Workshop {
    data: TempDir,
}

impl Workshop {
    /// `settings` are further lines of the settings file.
    ///
    /// # Errors
    /// When the files cannot be written.
    pub fn new(settings: &str) -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        let company = data.path().join("company.toml");
        std::fs::write(&company, COMPANY)?;
        let settings = format!("companyFile = {company:?}\n{settings}");
        std::fs::write(data.path().join("settings.toml"), settings)?;
        Ok(Self { data })
    }

    /// The program with these arguments, not yet started.
    ///
    /// # Errors
    /// When the program was not built.
    pub fn command(&self, arguments: &[&str]) -> anyhow::Result<Command> {
        let mut command = Command::new(crate::program("FRONTDESK_TEST_HEADLESS")?);
        command.arg("--data-dir").arg(self.data.path()).args(arguments);
        Ok(command)
    }

    /// Runs the program to its end, which must be a success.
    ///
    /// # Errors
    /// When it was none, with what it said.
    pub async fn run(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        let output = self.command(arguments)?.output().await?;
        let said = String::from_utf8_lossy(&output.stderr);
        anyhow::ensure!(output.status.success(), "{arguments:?}: {said}");
        Ok(output)
    }

    /// The appointments of one day.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn bookings(&self, date: &str) -> anyhow::Result<Vec<Value>> {
        let output = self.run(&["bookings", "--json", "--from", date, "--days", "1"]).await?;
        serde_json::from_slice(&output.stdout).context("the appointments are JSON")
    }
}

/// A recording of a caller.
#[must_use]
pub fn caller() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/callers/3-goodbye.wav")
}

/// A server whose model greets, hears one turn, and then does and says this.
pub fn receptionist(replies: impl IntoIterator<Item = Reply>) -> Script {
    let turn = CallerTurn {
        starts_at_ms: 1_000,
        ends_at_ms: 4_000,
        transcript: WISH.to_owned(),
        timing: TranscriptTiming::Early,
    };
    let script = Script::new()
        .hearing(turn)
        .replying(Reply::speech("Second Gear, how may I help you?", 400));
    replies.into_iter().fold(script, Script::replying)
}

/// A day a week from now, on which nothing is booked yet.
#[must_use]
pub fn next_week() -> String {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    today.saturating_add(7.days()).to_string()
}
