//! A real Secret Service of its own: a private session bus with gnome-keyring, in a private home directory.
//!
//! Needs the packages `dbus` and `gnome-keyring`. Nothing of the user's own session is used or touched. Everything ends with the value.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use tempfile::TempDir;

/// How long the daemons may take to be ready.
const START_LIMIT: Duration = Duration::from_secs(30);
/// Password of the login keyring. An empty one would make no keyring at all.
const KEYRING_PASSWORD: &str = "only for tests";

/// A session bus, and on it a keychain that can be locked, stopped and started again.
#[derive(Debug)]
pub struct SecretService {
    home: TempDir,
    address: String,
    bus: Child,
    keyring: Option<Child>,
}

impl SecretService {
    /// Starts the bus and the keychain, unlocked and empty.
    ///
    /// # Errors
    /// A sentence that names the missing package or the step that failed.
    pub fn start() -> anyhow::Result<Self> {
        let mut service = Self::start_bus_only()?;
        service.start_keyring()?;
        Ok(service)
    }

    /// Starts the bus without any keychain on it; the bus knows no way to start one.
    ///
    /// # Errors
    /// As for [`SecretService::start`].
    pub fn start_bus_only() -> anyhow::Result<Self> {
        let home = tempfile::tempdir().context("no directory for a private home")?;
        let runtime = home.path().join("run");
        std::fs::create_dir(&runtime)?;
        // Unlike the system's configuration this one starts no services by itself.
        let configuration = home.path().join("bus.conf");
        std::fs::write(
            &configuration,
            format!(
                "<busconfig><type>session</type><listen>unix:dir={}</listen><auth>EXTERNAL</auth>\
                 <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
                 <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>",
                runtime.display()
            ),
        )?;
        let mut bus = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", configuration.display()))
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("dbus-daemon cannot be started; install the package dbus")?;
        let output = bus.stdout.take().context("dbus-daemon has no output")?;
        let mut address = String::new();
        BufReader::new(output).read_line(&mut address)?;
        ensure!(!address.trim().is_empty(), "dbus-daemon gave no address");
        Ok(Self {
            home,
            address: address.trim().to_owned(),
            bus,
            keyring: None,
        })
    }

    /// Starts the keychain and unlocks it, with what is stored in it since the first start.
    ///
    /// # Errors
    /// As for [`SecretService::start`].
    pub fn start_keyring(&mut self) -> anyhow::Result<()> {
        let mut keyring = self
            .command("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("gnome-keyring-daemon cannot be started; install the package gnome-keyring")?;
        let mut input = keyring.stdin.take().context("gnome-keyring-daemon has no input")?;
        input.write_all(KEYRING_PASSWORD.as_bytes())?;
        drop(input);
        self.keyring = Some(keyring);
        let begun = Instant::now();
        while !self.is_ready()? {
            ensure!(
                begun.elapsed() < START_LIMIT,
                "gnome-keyring-daemon did not come up in {START_LIMIT:?}"
            );
        }
        Ok(())
    }

    /// Ends the keychain; the bus stays.
    ///
    /// # Errors
    /// When the process cannot be ended.
    pub fn stop_keyring(&mut self) -> anyhow::Result<()> {
        if let Some(mut keyring) = self.keyring.take() {
            keyring.kill()?;
            keyring.wait()?;
        }
        Ok(())
    }

    /// Locks the keychain. There is nobody to type its password, so it stays locked until it is started again.
    ///
    /// # Errors
    /// When the keychain refuses.
    pub fn lock(&self) -> anyhow::Result<()> {
        let locked = self
            .ask_bus(
                "org.freedesktop.secrets",
                "/org/freedesktop/secrets",
                "org.freedesktop.Secret.Service.Lock",
            )
            .arg("array:objpath:/org/freedesktop/secrets/collection/login")
            .output()?;
        ensure!(locked.status.success(), "the keyring cannot be locked");
        Ok(())
    }

    /// The private home directory; the keychain's files are below it.
    #[must_use]
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// A command whose environment leads to this keychain and home, and to nothing of the user's session.
    #[must_use]
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        for (name, value) in self.environment() {
            command.env(name, value);
        }
        for name in [
            "XDG_DATA_HOME",
            "XDG_CONFIG_HOME",
            "XDG_CACHE_HOME",
            "DISPLAY",
            "GNOME_KEYRING_CONTROL",
        ] {
            command.env_remove(name);
        }
        command
    }

    /// The variables that lead to this keychain.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        vec![
            ("HOME", self.home.path().to_owned()),
            ("XDG_RUNTIME_DIR", self.home.path().join("run")),
            ("DBUS_SESSION_BUS_ADDRESS", PathBuf::from(&self.address)),
        ]
    }

    /// The keychain is on the bus and its login keyring is unlocked.
    fn is_ready(&self) -> anyhow::Result<bool> {
        let login = "/org/freedesktop/secrets/collection/login";
        let answer = self
            .ask_bus("org.freedesktop.secrets", login, "org.freedesktop.DBus.Properties.Get")
            .args(["string:org.freedesktop.Secret.Collection", "string:Locked"])
            .output()
            .context("dbus-send cannot be started; install the package dbus")?;
        Ok(String::from_utf8_lossy(&answer.stdout).contains("boolean false"))
    }

    fn ask_bus(&self, destination: &str, object: &str, method: &str) -> Command {
        let mut command = self.command("dbus-send");
        command.args(["--session", "--print-reply", "--reply-timeout=5000"]);
        command.args([&format!("--dest={destination}"), object, method]);
        command
    }
}

impl Drop for SecretService {
    fn drop(&mut self) {
        // A process that is already gone needs no end.
        let _ = self.stop_keyring();
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}
