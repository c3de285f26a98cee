//! A desktop of its own for end-to-end tests: a virtual display with a window manager, a home, and what X says about its windows.
//!
//! Needs `xvfb`, `openbox`, `x11-utils` and `xdotool`; `cargo xtask test` installs them. There is no session bus on it unless a test brings
//! one, so nothing of the machine's own session is used or touched. Everything ends with the value.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::DirBuilderExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use frontdesk_engine::speech::TELEMETRY_SWITCH;
use tempfile::TempDir;

/// Longest wait for something that a person would see within seconds; generous, for a machine that is busy with other tests.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The root window, as `xprop` takes it.
const ROOT: &[&str] = &["-root"];

/// A display, its window manager, and a home.
pub struct Desktop {
    /// Holds settings, database and everything else of this run.
    pub home: TempDir,
    display: String,
    _manager: Process,
    _screen: Process,
}

/// A process that ends with its owner.
pub struct Process(Child);

impl Process {
    /// Starts a program.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start(command: &mut Command) -> Result<Self> {
        let name = command.get_program().to_owned();
        let process = command.spawn().with_context(|| format!("{name:?} does not start"))?;
        Ok(Self(process))
    }

    /// Waits until it ends by itself.
    ///
    /// # Errors
    /// It goes on for longer than [`PATIENCE`].
    pub async fn ended(mut self) -> Result<ExitStatus> {
        let (tell, told) = tokio::sync::oneshot::channel();
        let id = self.0.id();
        std::thread::spawn(move || {
            // Only a test that has failed does not listen any more.
            let _failed = tell.send(self.0.wait());
        });
        match tokio::time::timeout(PATIENCE, told).await {
            Ok(status) => Ok(status??),
            Err(_) => bail!("the process {id} does not end"),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

impl Desktop {
    /// Starts the display and its window manager.
    ///
    /// # Errors
    /// Names the missing program.
    pub fn start() -> Result<Self> {
        let home = tempfile::tempdir()?;
        std::fs::DirBuilder::new().mode(0o700).create(home.path().join("run"))?;
        // It chooses the number itself.
        let mut screen = Command::new("Xvfb");
        screen.args(["-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]);
        let (screen, number) = start_until_ready(&mut screen)?;
        let display = format!(":{number}");
        // Before it says so, X does not even know the names of the properties that are asked for.
        let mut manager = Command::new("openbox");
        manager.args(["--startup", "echo ready"]).env("DISPLAY", &display);
        let (manager, _ready) = start_until_ready(&mut manager)?;
        Ok(Self {
            home,
            display,
            _manager: manager,
            _screen: screen,
        })
    }

    /// A command on this display and in this home; what it says on standard error goes to [`Desktop::said`].
    ///
    /// # Errors
    /// The home has no place for files.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Result<Command> {
        let home = self.home.path();
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(home.join("app.log"))?;
        let mut command = Command::new(program);
        command
            .env("DISPLAY", &self.display)
            .env("HOME", home)
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("XDG_RUNTIME_DIR", home.join("run"))
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env_remove("WAYLAND_DISPLAY")
            // The tests have it from cargo; a program of ours sets it by itself.
            .env_remove(TELEMETRY_SWITCH)
            .stdout(Stdio::null())
            .stderr(log);
        Ok(command)
    }

    /// A command that starts the app on this desktop, with settings and database in its home.
    ///
    /// # Errors
    /// As for [`Desktop::command`], or files of the local engine are missing.
    pub fn app(&self, program: impl AsRef<std::ffi::OsStr>) -> Result<Command> {
        let mut command = self.command(program)?;
        command
            .env("FRONTDESK_DATA_DIR", self.home.path().join("frontdesk"))
            .env("FRONTDESK_CACHE_DIR", crate::model_cache()?)
            .env("FRONTDESK_LOG", "info");
        Ok(command)
    }

    /// The home folder of everything that is started here.
    pub fn home(&self) -> &std::path::Path {
        self.home.path()
    }

    /// The words of everything that was started here, for a failing test.
    pub fn said(&self) -> String {
        std::fs::read_to_string(self.home.path().join("app.log")).unwrap_or_default()
    }

    /// The windows that the window manager knows, the oldest first.
    ///
    /// # Errors
    /// X does not answer.
    pub fn windows(&self) -> Result<Vec<String>> {
        let list = self.xprop(ROOT).arg("_NET_CLIENT_LIST").output()?;
        ensure!(list.status.success(), "xprop failed: {list:?}");
        Ok(window_ids(&String::from_utf8(list.stdout)?))
    }

    /// Waits until there are so many windows, and gives them, the oldest first.
    ///
    /// # Errors
    /// There are not.
    pub fn wait_for_windows(&self, count: usize) -> Result<Vec<String>> {
        let what = format!("{count} windows");
        let value = self.wait_for(&what, ROOT, "_NET_CLIENT_LIST", |value| {
            window_ids(value).len() == count
        })?;
        Ok(window_ids(&value))
    }

    /// Waits until this window is in front of all others and has the keyboard.
    ///
    /// # Errors
    /// It does not come forward.
    pub fn wait_until_in_front(&self, window: &str) -> Result<()> {
        let what = format!("{window} in front");
        self.wait_for(&what, ROOT, "_NET_ACTIVE_WINDOW", |value| {
            window_ids(value).first().is_some_and(|active| active == window)
        })?;
        self.wait_for(&what, ROOT, "_NET_CLIENT_LIST_STACKING", |value| {
            window_ids(value).last().is_some_and(|top| top == window)
        })?;
        Ok(())
    }

    /// Waits until this window is an icon, or is none.
    ///
    /// # Errors
    /// It stays as it was.
    pub fn wait_until_minimised(&self, window: &str, minimised: bool) -> Result<()> {
        let state = if minimised { "Iconic" } else { "Normal" };
        self.wait_for(state, &["-id", window], "WM_STATE", |value| value.contains(state))?;
        Ok(())
    }

    /// The title of a window.
    ///
    /// # Errors
    /// X does not answer.
    pub fn title(&self, window: &str) -> Result<String> {
        self.xdotool(&["getwindowname", window])
    }

    /// Does what `xdotool` can do, and gives what it says.
    ///
    /// # Errors
    /// It cannot.
    pub fn xdotool(&self, words: &[&str]) -> Result<String> {
        let output = Command::new("timeout")
            .arg(PATIENCE.as_secs().to_string())
            .arg("xdotool")
            .args(words)
            .env("DISPLAY", &self.display)
            .output()?;
        ensure!(output.status.success(), "xdotool {words:?} failed");
        Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
    }

    /// Waits for a value of a property, as `xprop` writes it; X tells of each change.
    fn wait_for(&self, what: &str, target: &[&str], property: &str, wanted: impl Fn(&str) -> bool) -> Result<String> {
        let mut spy = self
            .xprop(target)
            .args(["-spy", property])
            .stdout(Stdio::piped())
            .spawn()?;
        let output = spy.stdout.take().context("xprop has no output")?;
        let _spy = Process(spy);
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // Nobody listens once the value is there.
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        let mut last = String::new();
        while let Ok(value) = told.recv_timeout(PATIENCE) {
            if wanted(&value) {
                return Ok(value);
            }
            last = value;
        }
        bail!("there is no {what}: {last}\n{}", self.said())
    }

    fn xprop(&self, target: &[&str]) -> Command {
        let mut xprop = Command::new("xprop");
        xprop.env("DISPLAY", &self.display).args(target).stderr(Stdio::null());
        xprop
    }
}

/// The numbers of windows in a property, as `xprop` writes them.
fn window_ids(value: &str) -> Vec<String> {
    let words = value.split(|letter: char| letter.is_whitespace() || letter == ',');
    words
        .filter(|word| word.starts_with("0x") && *word != "0x0")
        .map(str::to_owned)
        .collect()
}

/// Starts a program that says a word when it is ready.
fn start_until_ready(command: &mut Command) -> Result<(Process, String)> {
    let mut process = Process::start(command.stdout(Stdio::piped()).stderr(Stdio::null()))
        .context("a program is missing; `cargo xtask test` installs it")?;
    let output = process.0.stdout.take().context("it has no output")?;
    let mut word = String::new();
    BufReader::new(output).read_line(&mut word)?;
    let word = word.trim();
    ensure!(!word.is_empty(), "{:?} did not start", command.get_program());
    Ok((process, word.to_owned()))
}
