//! A sound card made of software: a private PulseAudio server with null sinks as speakers and microphones.
//!
//! Every test has its own server in its own process, because the sound system finds its server by the process's environment; so tests never
//! touch the sound of the machine. They run one after another: sound happens in real time, and two tests would take it from each other. Recipe and traps: `norewinds=1`, or a null sink works in blocks of two seconds;
//! `XDG_RUNTIME_DIR` and not `PULSE_RUNTIME_PATH`, which the client library misreads.

pub mod sound;

use std::ffi::OsString;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

/// Set in the process that runs a test's body: the folder of its server.
const FOLDER_VARIABLE: &str = "FRONTDESK_VIRTUAL_AUDIO";

/// Rate of every recording, in samples per second.
pub const RECORDING_RATE: u32 = 48_000;

/// How long the server may take to start on a busy machine.
const START_PATIENCE: Duration = Duration::from_secs(20);

/// Seconds without clients after which a server ends by itself, should its test have been killed.
const IDLE_SECONDS: u32 = 60;

/// Rate and channels of a virtual device.
#[derive(Clone, Copy, Debug)]
pub struct DeviceFormat {
    /// Frames per second.
    pub rate: u32,
    /// Channels.
    pub channels: u16,
}

impl Default for DeviceFormat {
    fn default() -> Self {
        Self {
            rate: 48_000,
            channels: 2,
        }
    }
}

/// A loaded module; a device or a connection between devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module(String);

/// A virtual microphone: what is played into its feed is heard by whoever records it.
#[derive(Clone, Debug)]
pub struct VirtualMicrophone {
    /// Its name; `pulseaudio:NAME` is its identity.
    pub name: String,
    modules: Vec<Module>,
}

/// A virtual speaker.
#[derive(Clone, Debug)]
pub struct VirtualSpeaker {
    /// Its name; `pulseaudio:NAME` is its identity.
    pub name: String,
    module: Module,
}

/// A private sound server.
pub struct VirtualAudio {
    folder: PathBuf,
    /// Only in the process that started the server.
    server: Option<(Child, TempDir)>,
}

/// Held while a test has its sound server.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Runs `body` in a process of its own with a private sound server. `test` is the full name of the calling test.
///
/// # Errors
/// What went wrong in the body, or what is missing on this machine.
pub fn with_virtual_audio(test: &str, body: impl FnOnce(VirtualAudio) -> Result<()>) -> Result<()> {
    if let Some(folder) = std::env::var_os(FOLDER_VARIABLE) {
        return body(VirtualAudio {
            folder: folder.into(),
            server: None,
        });
    }
    // A test that failed has left nothing behind that the next one could see.
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let audio = VirtualAudio::start()?;
    let run = Command::new(std::env::current_exe()?)
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .envs(audio.environment())
        .env(FOLDER_VARIABLE, &audio.folder)
        .env("RUST_BACKTRACE", "0")
        .output()?;
    if !run.status.success() {
        // Indented, or the summary of that process would be counted as one of ours.
        let output = [run.stdout, run.stderr].concat();
        let output = String::from_utf8_lossy(&output);
        let output: String = output.lines().map(|line| format!("  | {line}\n")).collect();
        bail!("{test} failed in its own process:\n{output}");
    }
    Ok(())
}

impl VirtualAudio {
    /// Starts a server without devices.
    ///
    /// # Errors
    /// Names the missing program.
    pub fn start() -> Result<Self> {
        let temporary = TempDir::new()?;
        let folder = temporary.path().to_owned();
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700))?;
        let log = std::fs::File::create(folder.join("server.log"))?;
        let mut audio = Self { folder, server: None };
        let server = audio
            .command("pulseaudio")
            .args(["-n", "--daemonize=no", "--use-pid-file=no", "--disable-shm=yes"])
            .arg(format!("--exit-idle-time={IDLE_SECONDS}"))
            .args(["-L", "module-native-protocol-unix"])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .context("the program 'pulseaudio' is needed: apt-get install pulseaudio pulseaudio-utils")?;
        audio.server = Some((server, temporary));
        let deadline = Instant::now() + START_PATIENCE;
        while audio.control(&["info"]).is_err() {
            if Instant::now() > deadline {
                let log = std::fs::read_to_string(audio.folder.join("server.log")).unwrap_or_default();
                bail!("the virtual sound server did not start: {log}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(audio)
    }

    /// A folder for the test's files; it goes with the server.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What a program needs in its environment to use this server and no other.
    pub fn environment(&self) -> Vec<(&'static str, OsString)> {
        vec![
            ("XDG_RUNTIME_DIR", self.folder.clone().into()),
            ("XDG_CONFIG_HOME", self.folder.join("config").into()),
            // The sound library of the product looks for it in the home directory alone, which a test may have moved.
            ("PULSE_COOKIE", self.folder.join("config/pulse/cookie").into()),
            ("FRONTDESK_AUDIO_HOST", "pulseaudio".into()),
        ]
    }

    /// Adds a speaker. The first one becomes the default.
    ///
    /// # Errors
    /// The server's words.
    pub fn add_speaker(&self, name: &str, format: DeviceFormat) -> Result<VirtualSpeaker> {
        Ok(VirtualSpeaker {
            name: name.to_owned(),
            module: self.add_sink(name, format)?,
        })
    }

    /// Adds a microphone.
    ///
    /// # Errors
    /// The server's words.
    pub fn add_microphone(&self, name: &str, format: DeviceFormat) -> Result<VirtualMicrophone> {
        let feed = self.add_sink(&feed(name), format)?;
        let master = format!("master={}.monitor", self::feed(name));
        let source = self.load(
            "module-remap-source",
            &[format!("source_name={name}"), master, description("source", name)],
        )?;
        Ok(VirtualMicrophone {
            name: name.to_owned(),
            modules: vec![source, feed],
        })
    }

    fn add_sink(&self, name: &str, format: DeviceFormat) -> Result<Module> {
        self.load(
            "module-null-sink",
            &[
                format!("sink_name={name}"),
                "norewinds=1".to_owned(),
                format!("rate={}", format.rate),
                format!("channels={}", format.channels),
                "format=float32le".to_owned(),
                description("sink", name),
            ],
        )
    }

    /// Lets everything that one speaker plays be heard by `sink` too: a room, or an echo into a microphone's feed.
    ///
    /// # Errors
    /// The server's words.
    pub fn connect(&self, speaker: &VirtualSpeaker, sink: &str, latency_ms: u32) -> Result<Module> {
        self.load(
            "module-loopback",
            &[
                format!("source={}.monitor", speaker.name),
                format!("sink={sink}"),
                format!("latency_msec={latency_ms}"),
                // Both ends have one clock. Left alone the server would play up to a percent faster or slower to hold the latency exactly,
                // which moves an echo as no room does.
                "adjust_time=0".to_owned(),
            ],
        )
    }

    /// Makes a connection quieter or louder by some decibels.
    ///
    /// # Errors
    /// The server's words, or it has no such connection.
    pub fn set_gain(&self, connection: &Module, decibels: f64) -> Result<()> {
        let owner = format!("Owner Module: {}", connection.0);
        let inputs = self.control(&["list", "sink-inputs"])?;
        let input = inputs
            .split("Sink Input #")
            .find(|input| input.lines().any(|line| line.trim() == owner))
            .and_then(|input| input.lines().next())
            .context("the connection plays into no device")?;
        self.control(&["set-sink-input-volume", input, &format!("{decibels}dB")])
            .map(drop)
    }

    /// Pulls out a speaker.
    ///
    /// # Errors
    /// The server's words.
    pub fn remove_speaker(&self, speaker: &VirtualSpeaker) -> Result<()> {
        self.unload(&speaker.module)
    }

    /// Pulls out a microphone.
    ///
    /// # Errors
    /// The server's words.
    pub fn remove_microphone(&self, microphone: &VirtualMicrophone) -> Result<()> {
        microphone.modules.iter().try_for_each(|module| self.unload(module))
    }

    /// Makes a speaker the default.
    ///
    /// # Errors
    /// The server's words.
    pub fn set_default_speaker(&self, name: &str) -> Result<()> {
        self.control(&["set-default-sink", name]).map(drop)
    }

    /// Makes a microphone the default.
    ///
    /// # Errors
    /// The server's words.
    pub fn set_default_microphone(&self, name: &str) -> Result<()> {
        self.control(&["set-default-source", name]).map(drop)
    }

    /// Speaks a WAV file into a microphone, in real time, until the file ends or the answer is dropped.
    ///
    /// # Errors
    /// Names the missing program.
    pub fn speak(&self, microphone: &VirtualMicrophone, wav: &Path) -> Result<Speaking> {
        let child = self
            .command("paplay")
            // The player's own buffer, which it must keep filled on a busy machine.
            .args(["--latency-msec=100", "-d", &feed(&microphone.name)])
            .arg(wav)
            .spawn()
            .context("the program 'paplay' is needed: apt-get install pulseaudio-utils")?;
        Ok(Speaking(child))
    }

    /// Records what a speaker plays, mono at [`RECORDING_RATE`], from the moment this returns.
    ///
    /// # Errors
    /// Names the missing program.
    pub fn record(&self, sink: &str) -> Result<Listening> {
        let mut child = self
            .command("parec")
            .args([
                "--latency-msec=20",
                "--channels=1",
                "--format=s16le",
                "-d",
                &format!("{sink}.monitor"),
            ])
            .arg(format!("--rate={RECORDING_RATE}"))
            .stdout(Stdio::piped())
            .spawn()
            .context("the program 'parec' is needed: apt-get install pulseaudio-utils")?;
        let mut output = child.stdout.take().context("parec has no output")?;
        let (started, waiting) = mpsc::channel();
        let reader = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let mut piece = [0; 4_096];
            while let Ok(count @ 1..) = output.read(&mut piece) {
                bytes.extend_from_slice(&piece[..count]);
                // Only the first one is waited for.
                started.send(()).ok();
            }
            bytes
        });
        waiting
            .recv_timeout(START_PATIENCE)
            .context("parec heard nothing, not even silence")?;
        Ok(Listening {
            child,
            reader: Some(reader),
        })
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .envs(self.environment())
            .env_remove("PULSE_RUNTIME_PATH")
            .env_remove("PULSE_SERVER")
            .stdin(Stdio::null());
        command
    }

    fn load(&self, module: &str, arguments: &[String]) -> Result<Module> {
        let words: Vec<&str> = ["load-module", module]
            .into_iter()
            .chain(arguments.iter().map(String::as_str))
            .collect();
        Ok(Module(self.control(&words)?.trim().to_owned()))
    }

    /// Takes out a device or a connection.
    ///
    /// # Errors
    /// The server's words.
    pub fn unload(&self, module: &Module) -> Result<()> {
        self.control(&["unload-module", &module.0]).map(drop)
    }

    fn control(&self, words: &[&str]) -> Result<String> {
        let output = self
            .command("pactl")
            .args(words)
            .output()
            .context("the program 'pactl' is needed: apt-get install pulseaudio-utils")?;
        ensure!(
            output.status.success(),
            "pactl {words:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

impl Drop for VirtualAudio {
    fn drop(&mut self) {
        if let Some((server, _)) = &mut self.server {
            server.kill().ok();
            server.wait().ok();
        }
    }
}

fn feed(microphone: &str) -> String {
    format!("{microphone}_feed")
}

fn description(kind: &str, name: &str) -> String {
    format!("{kind}_properties=device.description={}", name.replace('_', "-"))
}

/// A voice at a microphone; silent when dropped.
pub struct Speaking(Child);

impl Speaking {
    /// Waits until the file was spoken to its end.
    ///
    /// # Errors
    /// The player failed.
    pub fn finish(mut self) -> Result<()> {
        let status = self.0.wait()?;
        ensure!(status.success(), "paplay failed");
        Ok(())
    }
}

impl Drop for Speaking {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// An ear at a speaker.
pub struct Listening {
    child: Child,
    reader: Option<JoinHandle<Vec<u8>>>,
}

impl Listening {
    /// Everything heard so far, mono at [`RECORDING_RATE`].
    ///
    /// # Errors
    /// The recorder failed.
    pub fn stop(mut self) -> Result<Vec<i16>> {
        self.child.kill()?;
        let Some(reader) = self.reader.take() else {
            bail!("the recording was stopped before")
        };
        let Ok(bytes) = reader.join() else {
            bail!("the recording failed")
        };
        Ok(bytes
            .as_chunks::<2>()
            .0
            .iter()
            .map(|pair| i16::from_le_bytes(*pair))
            .collect())
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
