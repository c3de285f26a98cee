//! A desktop without a screen: virtual display, session bus and sound server, private to one measurement, in a folder of their own.
//!
//! The sound server matters for idle figures: the app looks after devices, and without a server it would look at ALSA's plug-ins instead.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

/// Longest wait for a part of the desktop on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running desktop; ends with its owner.
pub struct Desktop {
    folder: PathBuf,
    display: String,
    bus: String,
    windows: Receiver<Instant>,
    _processes: Vec<Process>,
}

/// A process that ends with its owner.
pub struct Process(pub Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

impl Desktop {
    /// Starts display, bus and sound server.
    pub fn start() -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("frontdesk-bench-{}", std::process::id()));
        create_private(&folder)?;
        let (screen, number) = start_and_read(Command::new("Xvfb").args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1600x1000x24",
            "-nolisten",
            "tcp",
        ]))?;
        let (bus_process, bus) = start_and_read(Command::new("dbus-daemon").args([
            "--session",
            "--nofork",
            "--nopidfile",
            "--print-address=1",
        ]))?;
        let display = format!(":{number}");
        let sound = sound_server(&folder)?;
        let (watcher, windows) = watch_windows(&display)?;
        Ok(Self {
            folder,
            display,
            bus,
            windows,
            _processes: vec![watcher, sound, bus_process, screen],
        })
    }

    /// A folder for what the app writes.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Starts a program on this desktop; gives it and the time until its window was on the screen.
    pub fn open(&self, program: &mut Command) -> anyhow::Result<(Process, Duration)> {
        while self.windows.try_recv().is_ok() {}
        program
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("XDG_RUNTIME_DIR", &self.folder)
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let started = Instant::now();
        let process = Process(program.spawn().context("the app does not start")?);
        let Ok(mapped) = self.windows.recv_timeout(PATIENCE) else {
            bail!("no window came within {} seconds", PATIENCE.as_secs());
        };
        Ok((process, mapped - started))
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        // A file that the sound server still writes may survive in the folder for temporary files.
        let _left_over = std::fs::remove_dir_all(&self.folder);
    }
}

/// A sound server with one speaker, whose monitor is the microphone.
fn sound_server(folder: &Path) -> anyhow::Result<Process> {
    let server = Command::new("pulseaudio")
        .args(["-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"])
        .args(["-L", "module-native-protocol-unix"])
        .args([
            "-L",
            "module-null-sink sink_name=speaker norewinds=1 rate=48000 channels=2",
        ])
        .args([
            "-L",
            "module-remap-source source_name=microphone master=speaker.monitor",
        ])
        .env("XDG_RUNTIME_DIR", folder)
        .env("HOME", folder)
        .env_remove("PULSE_SERVER")
        .env_remove("PULSE_RUNTIME_PATH")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map(Process)
        .context("the program 'pulseaudio' is missing; `cargo xtask test` installs it")?;
    let socket = folder.join("pulse/native");
    let deadline = Instant::now() + PATIENCE;
    while !socket.exists() {
        if Instant::now() > deadline {
            bail!("the sound server did not start");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(server)
}

/// Tells when a window that belongs to nobody's menu or hint appears on the display.
fn watch_windows(display: &str) -> anyhow::Result<(Process, Receiver<Instant>)> {
    let mut command = Command::new("xev");
    command
        .args(["-root", "-event", "substructure"])
        .env("DISPLAY", display);
    let (process, output) = start(&mut command)?;
    let (mapped, windows) = channel();
    std::thread::spawn(move || {
        let mut is_map = false;
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if line.starts_with("MapNotify") {
                is_map = true;
            } else if std::mem::take(&mut is_map)
                && line.contains("override NO")
                && mapped.send(Instant::now()).is_err()
            {
                return;
            }
        }
    });
    Ok((process, windows))
}

/// Starts a program and reads the one line with which it says that it is ready.
fn start_and_read(command: &mut Command) -> anyhow::Result<(Process, String)> {
    let (process, output) = start(command)?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    let line = line.trim().to_owned();
    if line.is_empty() {
        bail!("{} did not start", command.get_program().to_string_lossy());
    }
    Ok((process, line))
}

fn start(command: &mut Command) -> anyhow::Result<(Process, ChildStdout)> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| {
            let program = command.get_program().to_string_lossy();
            format!("the program '{program}' is missing; `cargo xtask test` installs it")
        })?;
    let output = child.stdout.take().context("a started program has an output")?;
    Ok((Process(child), output))
}

/// A folder that only its owner can enter: the sound server and the bus refuse any other.
fn create_private(folder: &Path) -> anyhow::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .with_context(|| format!("cannot create {}", folder.display()))
}
