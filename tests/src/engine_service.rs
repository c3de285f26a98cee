//! `frontdeskd engine` as a process of its own, as programs of others meet it. Real models.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, ExitStatus, Stdio};

use anyhow::{Context as _, bail};
use tempfile::TempDir;

/// A running service; it ends with the value.
#[derive(Debug)]
pub struct Service {
    process: Child,
    /// What it said when it was ready.
    pub greeting: String,
    /// Where it listens, as a WebSocket address with its path.
    pub address: String,
    _data: TempDir,
}

/// The service's command line: its data lie in `data`; clients need `token`, if there is one.
///
/// # Errors
/// The program or its model files are missing; `cargo xtask test` sees to both.
pub fn command(data: &TempDir, arguments: &[&str], token: Option<&str>) -> anyhow::Result<Command> {
    let mut command = Command::new(crate::program("FRONTDESK_TEST_HEADLESS")?);
    command
        .arg("--data-dir")
        .arg(data.path())
        .arg("engine")
        .args(arguments)
        .env("FRONTDESK_CACHE_DIR", crate::model_cache()?)
        .env("FRONTDESK_ENGINE_KEY", token.unwrap_or_default());
    Ok(command)
}

impl Service {
    /// Starts it on a free port of this computer, and waits until it listens.
    ///
    /// # Errors
    /// What it complained of.
    pub fn start(arguments: &[&str], token: Option<&str>) -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        let mut process = command(&data, &[&["--listen", "127.0.0.1:0"], arguments].concat(), token)?
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut greeting = String::new();
        BufReader::new(process.stdout.take().context("no output")?).read_line(&mut greeting)?;
        let Some(address) = greeting.split_whitespace().nth(2).map(str::to_owned) else {
            let mut said = String::new();
            process.stderr.take().context("no errors")?.read_to_string(&mut said)?;
            process.wait()?;
            bail!("the service did not start: {said}");
        };
        Ok(Self {
            process,
            greeting,
            address,
            _data: data,
        })
    }

    /// Ends it as a service manager does.
    ///
    /// # Errors
    /// It could not be told.
    pub fn terminate(mut self) -> anyhow::Result<ExitStatus> {
        let told = Command::new("kill").arg(self.process.id().to_string()).status()?;
        if !told.success() {
            bail!("the service could not be told to end: {told}");
        }
        Ok(self.process.wait()?)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // One that has ended already needs no end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
