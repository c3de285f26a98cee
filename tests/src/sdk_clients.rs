//! Callers made with the official SDKs, as processes of their own: what the engine's server says is judged by clients that others wrote.
//!
//! The scripts lie in `tests/sdk`. Each gets a plan in a file, and tells on its standard output what it heard.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context as _, ensure};
use frontdesk_audio::wav::reader::CallerTurn;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tempfile::TempDir;

use crate::engine_service::Service;

/// A caller's script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// The npm package `openai`, in a spoken conversation.
    OpenAi,
    /// The npm package `@openai/agents-realtime`, in a spoken conversation.
    Agents,
    /// The Python package `openai`, in a spoken conversation.
    Converse,
    /// The Python package `openai`, asking for everything else that the protocol has.
    Exercise,
}

/// What a caller does.
#[derive(Clone, Debug)]
pub struct Errand {
    /// Functions that the receptionist may call: name, description, parameters.
    pub tools: Value,
    /// What they answer, by name.
    pub answers: Value,
    /// Recordings, one for each turn.
    pub turns: Vec<PathBuf>,
}

/// The errand as a script reads it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Plan<'a> {
    base_url: String,
    token: &'a str,
    tools: &'a Value,
    answers: &'a Value,
    turns: Vec<PathBuf>,
    folder: &'a Path,
}

/// One turn as a caller met it.
#[derive(Clone, Debug, Deserialize)]
pub struct Turn {
    /// What the server understood.
    pub heard: String,
    /// What it answered, in words.
    pub said: String,
    /// What it answered, in sound: the file.
    reply: PathBuf,
}

/// A function that was called.
#[derive(Clone, Debug, Deserialize)]
pub struct Call {
    /// Which.
    pub name: String,
    /// With what.
    pub arguments: Value,
}

/// What a caller tells.
#[derive(Clone, Debug, Deserialize)]
pub struct Report {
    /// The conversation.
    #[serde(default)]
    pub turns: Vec<Turn>,
    /// Functions that were called, in order.
    #[serde(default)]
    pub calls: Vec<Call>,
    /// Kinds of the items in the SDK's own history, where it keeps one.
    #[serde(default)]
    pub history: Vec<String>,
    /// Types of events that the SDK's own schemas did not let through.
    #[serde(default)]
    pub unread: Vec<String>,
}

/// A conversation that is over.
#[derive(Debug)]
pub struct Held {
    /// What the caller tells.
    pub report: Report,
    /// Every event of the server, as it came, one JSON text each.
    pub events: Vec<String>,
    _folder: TempDir,
}

impl Held {
    /// The types of all events, each once.
    ///
    /// # Errors
    /// One is no JSON.
    pub fn types(&self) -> anyhow::Result<std::collections::BTreeSet<String>> {
        self.events
            .iter()
            .map(|event| {
                let event: Value = serde_json::from_str(event)?;
                Ok(event["type"].as_str().context("an event without type")?.to_owned())
            })
            .collect()
    }
}

impl Turn {
    /// The sound of the answer: PCM16 at 24 kHz.
    ///
    /// # Errors
    /// The caller left no file.
    pub fn sound(&self) -> anyhow::Result<Vec<i16>> {
        let bytes = fs::read(&self.reply).with_context(|| self.reply.display().to_string())?;
        let (samples, _) = bytes.as_chunks::<2>();
        Ok(samples.iter().map(|sample| i16::from_le_bytes(*sample)).collect())
    }
}

impl Script {
    fn command(self) -> anyhow::Result<Command> {
        match self {
            Self::OpenAi => node("openai.js"),
            Self::Agents => node("agents.js"),
            Self::Converse => python("converse.py"),
            Self::Exercise => python("exercise.py"),
        }
    }

    /// Calls `service` with `token` and does the errand.
    ///
    /// # Errors
    /// A sentence that names `cargo xtask test` where a part is missing, or what the caller complained of.
    pub fn call(self, service: &Service, token: &str, errand: &Errand) -> anyhow::Result<Held> {
        let folder = tempfile::tempdir()?;
        let address = service.address.strip_suffix("/realtime").context("another path")?;
        let plan = Plan {
            base_url: address.replacen("ws://", "http://", 1),
            token,
            tools: &errand.tools,
            answers: &errand.answers,
            turns: on_the_wire(&errand.turns, folder.path())?,
            folder: folder.path(),
        };
        let place = folder.path().join("plan.json");
        fs::write(&place, serde_json::to_vec(&plan)?)?;
        let output = self.command()?.arg(&place).output()?;
        let told = succeeded(&format!("{self:?}"), &output)?;
        let events = fs::read_to_string(folder.path().join("events.jsonl"))?;
        Ok(Held {
            report: serde_json::from_slice(told).with_context(|| String::from_utf8_lossy(told).into_owned())?,
            events: events.lines().map(str::to_owned).collect(),
            _folder: folder,
        })
    }
}

/// An event that does not fit the official models, and why.
#[derive(Clone, Debug, Deserialize)]
pub struct Misfit {
    /// As the server sent it.
    pub event: String,
    /// What is wrong with it.
    pub faults: Vec<String>,
}

/// The events that do not fit the models of the official Python SDK.
///
/// # Errors
/// The check itself failed.
pub fn misfits(events: &[String]) -> anyhow::Result<Vec<Misfit>> {
    let mut process = python("strict_events.py")?
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut input = process.stdin.take().context("no input")?;
    // It reads everything before it writes, so neither side waits for the other.
    for event in events {
        writeln!(input, "{event}")?;
    }
    drop(input);
    let output = process.wait_with_output()?;
    Ok(serde_json::from_slice(succeeded("the check of events", &output)?)?)
}

fn succeeded<'a>(who: &str, output: &'a Output) -> anyhow::Result<&'a [u8]> {
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{who} failed ({}): {said}", output.status);
    Ok(&output.stdout)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sdk")
}

fn node(script: &str) -> anyhow::Result<Command> {
    let place = folder().join("npm");
    ensure!(
        place.join("node_modules/openai").is_dir(),
        "the npm packages of the SDKs are missing; `cargo xtask test` installs them"
    );
    let mut command = Command::new(crate::program("FRONTDESK_TEST_NODE")?);
    command.arg(place.join(script));
    Ok(command)
}

fn python(script: &str) -> anyhow::Result<Command> {
    let mut command = Command::new(crate::program("FRONTDESK_TEST_SDK_PYTHON")?);
    command
        .arg(folder().join("python").join(script))
        // The sources stay as they are, and no proxy of the user's stands between two programs of this computer.
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("no_proxy", "127.0.0.1");
    Ok(command)
}

/// The recordings as they travel: PCM16 at 24 kHz, without a header.
fn on_the_wire(recordings: &[PathBuf], folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let convert = |(at, recording): (usize, &PathBuf)| {
        let samples = CallerTurn::read(recording)?.samples;
        let place = folder.join(format!("turn-{}.pcm", at + 1));
        fs::write(
            &place,
            samples
                .iter()
                .flat_map(|sample| sample.to_le_bytes())
                .collect::<Vec<_>>(),
        )?;
        Ok(place)
    };
    recordings.iter().enumerate().map(convert).collect()
}
