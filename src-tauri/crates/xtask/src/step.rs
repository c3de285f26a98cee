//! Steps and commands: says what happens, how long it took, and what failed. Runs on the main thread.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, bail};

/// Runs one step with a headline, and prints its time when it took longer than a moment.
pub fn step<T>(title: &str, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    say(&format!("▸ {title}"));
    let started = Instant::now();
    let result = work().with_context(|| format!("step failed: {title}"));
    let seconds = started.elapsed().as_secs_f32();
    if seconds > 1.0 || result.is_err() {
        say(&format!(
            "  {} after {seconds:.1} s",
            if result.is_ok() { "done" } else { "FAILED" }
        ));
    }
    result
}

/// Prints one line at once, also where output goes to a file.
pub fn say(line: &str) {
    let mut output = std::io::stdout().lock();
    // A closed pipe must not stop a set-up half way.
    let _closed_pipe = writeln!(output, "{line}").and_then(|()| output.flush());
}

/// A command that is shown and must succeed.
pub struct Shell(Command);

impl Shell {
    /// Starts a command line.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        Self(Command::new(program))
    }

    /// Adds one argument.
    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.0.arg(argument);
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.0.args(arguments);
        self
    }

    /// Sets one environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.0.env(name, value);
        self
    }

    /// Sets the working directory.
    #[must_use]
    pub fn directory(mut self, path: &Path) -> Self {
        self.0.current_dir(path);
        self
    }

    /// Runs with this terminal's input and output.
    pub fn run(mut self) -> anyhow::Result<()> {
        let line = self.line();
        let status = self.0.status().with_context(|| format!("cannot start: {line}"))?;
        if status.success() {
            Ok(())
        } else {
            bail!("{status}: {line}")
        }
    }

    /// Runs and gives the exit code; none when a signal ended it.
    pub fn code(mut self) -> anyhow::Result<Option<i32>> {
        let line = self.line();
        Ok(self.0.status().with_context(|| format!("cannot start: {line}"))?.code())
    }

    /// Runs silently and gives its standard output.
    pub fn output(mut self) -> anyhow::Result<String> {
        let line = self.line();
        let output = self
            .0
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("cannot start: {line}"))?;
        if !output.status.success() {
            bail!("{}: {line}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Whether it can be started and succeeds; prints nothing.
    pub fn succeeds(mut self) -> bool {
        self.0
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// Runs with its output shown line by line and handed to `read` as well.
    pub fn watch(mut self, mut read: impl FnMut(&str)) -> anyhow::Result<bool> {
        use std::io::{BufRead as _, BufReader};
        let line = self.line();
        let mut child = self
            .0
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start: {line}"))?;
        if let Some(output) = child.stdout.take() {
            for text in BufReader::new(output).split(b'\n') {
                let text = text?;
                let text = String::from_utf8_lossy(&text);
                say(&text);
                read(&text);
            }
        }
        Ok(child.wait()?.success())
    }

    fn line(&self) -> String {
        let mut line = self.0.get_program().to_string_lossy().into_owned();
        for argument in self.0.get_args() {
            // Writing into a String cannot fail.
            let _infallible = write!(line, " {}", argument.to_string_lossy());
        }
        line
    }
}
