//! Under which a measurement runs: on the machine as it is, or while `stress-ng` keeps two processors busy.
//!
//! The load runs only while something is measured, never while it is built, and ends with what holds it.

use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, bail};

use crate::setup::{self, Purpose};
use crate::step::Shell;

/// The program that works for nothing, and on how many processors.
const PROGRAM: &str = "stress-ng";
const ARGUMENTS: [&str; 3] = ["--cpu", "2", "--quiet"];

/// What else the machine does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conditions {
    /// What it does anyway.
    Usual,
    /// `stress-ng --cpu 2`.
    UnderLoad,
}

impl Conditions {
    /// Makes sure that there is what they need.
    pub fn ensure(self) -> anyhow::Result<()> {
        if self == Self::Usual {
            return Ok(());
        }
        if cfg!(windows) {
            bail!("under load is measured on Linux and macOS only");
        }
        // Who has the program, from wherever, needs no package of it.
        if Shell::new(PROGRAM).arg("--version").succeeds() {
            return Ok(());
        }
        setup::ensure_system_packages(Purpose::BenchUnderLoad)
    }

    /// Begins them; they last as long as what is given.
    pub fn begin(self) -> anyhow::Result<Option<Load>> {
        match self {
            Self::Usual => Ok(None),
            Self::UnderLoad => Load::begin().map(Some),
        }
    }
}

/// A load that ends with its owner.
pub struct Load(Child);

impl Load {
    fn begin() -> anyhow::Result<Self> {
        let load = Command::new(PROGRAM)
            .args(ARGUMENTS)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("the program 'stress-ng' does not start; install the package of that name (on macOS: brew install stress-ng)")?;
        Ok(Self(load))
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        // Asked to end it ends its workers too; killed it would leave that to them.
        if !Shell::new("kill").arg(self.0.id().to_string()).succeeds() {
            // It has ended already, or does not listen.
            let _ended = self.0.kill();
        }
        let _reaped = self.0.wait();
    }
}
