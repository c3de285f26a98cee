//! A Debian system that has nothing but its base, in a folder, and commands in it: as root, who installs, and as an ordinary user.
//!
//! `cargo xtask package --test` unpacks it and says where it is. Whatever starts in it has its own processes and mounts, which end with
//! the command, so that nothing stays behind.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context as _, ensure};

/// The system.
#[derive(Debug)]
pub struct BareSystem {
    root: PathBuf,
    entrance: PathBuf,
}

/// Who starts a command in the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person {
    /// Installs and removes.
    Root,
    /// An ordinary user, who can do no more than use what is installed.
    Caller,
}

impl Person {
    /// The name of the account.
    fn account(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Caller => "caller",
        }
    }
}

impl BareSystem {
    /// The home folder of [`Person::Caller`], as seen in the system.
    pub const HOME: &str = "/home/caller";

    /// The one that `cargo xtask package --test` has unpacked.
    ///
    /// # Errors
    /// The variables that name it are not set.
    pub fn find() -> anyhow::Result<Self> {
        Ok(Self {
            root: crate::named("FRONTDESK_TEST_BARE_SYSTEM")?,
            entrance: crate::named("FRONTDESK_TEST_BARE_ENTRANCE")?,
        })
    }

    /// Its folder on this machine.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path of the system, seen from this machine.
    #[must_use]
    pub fn inside(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    /// Runs a command to its end.
    ///
    /// # Errors
    /// It cannot be started; that it failed is no error.
    pub fn run(&self, person: Person, command: &[&str]) -> anyhow::Result<Output> {
        Command::new(&self.entrance)
            .arg(&self.root)
            .arg(person.account())
            .args(command)
            .output()
            .with_context(|| format!("the bare system cannot be entered for {command:?}"))
    }

    /// Runs a command that has to succeed, and gives all that it said.
    ///
    /// # Errors
    /// It failed; with its words.
    pub fn must(&self, person: Person, command: &[&str]) -> anyhow::Result<String> {
        let output = self.run(person, command)?;
        let said = said(&output);
        ensure!(
            output.status.success(),
            "{command:?} as {person:?}: {}\n{said}",
            output.status
        );
        Ok(said)
    }

    /// Whether an ordinary user can start this program.
    ///
    /// # Errors
    /// The system cannot be entered.
    pub fn has(&self, program: &str) -> anyhow::Result<bool> {
        let found = self.run(Person::Caller, &["sh", "-c", &format!("command -v {program}")])?;
        Ok(found.status.success())
    }

    /// Installs a Debian package with what it depends on, from the system's own package sources.
    ///
    /// # Errors
    /// The words of the package client.
    pub fn install(&self, package: &Path) -> anyhow::Result<()> {
        let inside = self.take_in(package)?;
        // What is only recommended stays out, so that the dependencies have to be complete.
        self.must(
            Person::Root,
            &["apt-get", "install", "-y", "-qq", "--no-install-recommends", &inside],
        )?;
        Ok(std::fs::remove_file(self.inside(&inside))?)
    }

    /// Copies a file into the system. Gives its path there.
    ///
    /// # Errors
    /// The file cannot be read, or there is no room.
    pub fn take_in(&self, file: &Path) -> anyhow::Result<String> {
        let name = file.file_name().context("a file has a name")?.to_string_lossy();
        let inside = format!("/tmp/{name}");
        std::fs::copy(file, self.inside(&inside)).with_context(|| format!("cannot copy {}", file.display()))?;
        Ok(inside)
    }

    /// Everything outside home and temporary folders that has this word in its name, in any case of letters.
    ///
    /// # Errors
    /// The system cannot be searched.
    pub fn traces_of(&self, word: &str) -> anyhow::Result<String> {
        let pattern = format!("*{word}*");
        let search = "find / -xdev ( -path /home -o -path /tmp -o -path /proc ) -prune -o -iname";
        let mut command: Vec<&str> = search.split(' ').collect();
        command.extend([&pattern, "-print"]);
        self.must(Person::Root, &command)
    }
}

/// Everything that a command said.
#[must_use]
pub fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}
