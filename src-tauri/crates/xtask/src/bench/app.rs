//! The real window on a virtual desktop: how fast it opens, how much memory it takes, and what it does while nobody does anything.
//!
//! Linux only: memory and processor time are read from `/proc`. Without models, and with the introduction behind it.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use super::conditions::Conditions;
use super::desktop::{Desktop, Process};
use super::figure::{Figure, Unit};
use super::process_tree;
use crate::setup;
use crate::step::step;
use crate::workspace;

/// Name of the figure: from the start of the program to its window on the screen, warm.
pub const START: &str = "window/start to window";
/// Name of the figure: memory of the program with its web processes.
pub const MEMORY: &str = "window/memory of the process tree";
/// Name of the figure: processor time at rest.
pub const IDLE: &str = "window/idle processor time";

/// Starts that are measured; one more goes before them, for the file cache and the database.
const STARTS: usize = 10;

/// Rest before memory and processor time are read.
const SETTLING: Duration = Duration::from_secs(15);

/// Times that the resting app is looked at, and the time between two looks.
const LOOKS: usize = 10;
const LOOK_INTERVAL: Duration = Duration::from_secs(5);

/// Longest wait for the web processes of an app that was ended.
const ENDING: Duration = Duration::from_secs(10);

/// Measures the built app.
pub fn measure(conditions: Conditions) -> anyhow::Result<Vec<Figure>> {
    if !cfg!(target_os = "linux") {
        bail!("the window is measured on Linux only");
    }
    let app = built_app()?;
    let desktop = Desktop::start()?;
    let _load = conditions.begin()?;
    let home = desktop.folder().join("home");
    std::fs::create_dir_all(&home)?;
    std::fs::write(home.join("settings.toml"), "introductionSeen = true\n")?;
    let open = || {
        let mut command = Command::new(&app);
        command
            .env("HOME", &home)
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("FRONTDESK_DATA_DIR", &home)
            .env("FRONTDESK_CACHE_DIR", home.join("no-models"))
            .env("FRONTDESK_AUDIO_HOST", "pulseaudio");
        desktop.open(&mut command)
    };
    let starts = step(&format!("open the window {} times", STARTS + 1), || {
        end(open()?.0)?;
        let mut starts = Vec::new();
        for _ in 0..STARTS {
            let (process, time) = open()?;
            starts.push(time.as_secs_f64() * 1e9);
            // It is ended when it has gone through its start, as a person would.
            std::thread::sleep(Duration::from_secs(2));
            end(process)?;
        }
        Ok(starts)
    })?;
    let (memory, idle) = step("look at the resting window", || {
        let (process, _) = open()?;
        std::thread::sleep(SETTLING);
        let rest = rest(process.0.id());
        end(process)?;
        Ok(rest)
    })?;
    let figures = [
        Figure::new(START, Unit::Nanoseconds, starts),
        Figure::new(MEMORY, Unit::Megabytes, memory),
        Figure::new(IDLE, Unit::Percent, idle),
    ];
    Ok(figures.into_iter().flatten().collect())
}

/// Memory in MB and processor time in percent of a core, per look.
fn rest(app: u32) -> (Vec<f64>, Vec<f64>) {
    let (mut memory, mut idle) = (Vec::new(), Vec::new());
    for _ in 0..LOOKS {
        let (since, used) = (Instant::now(), process_tree::processor_seconds(app));
        std::thread::sleep(LOOK_INTERVAL);
        let used = process_tree::processor_seconds(app) - used;
        idle.push(100.0 * used / since.elapsed().as_secs_f64());
        memory.push(process_tree::memory_megabytes(app));
    }
    (memory, idle)
}

/// Ends the app and waits until its web processes are gone, so that the next start shares nothing with them.
fn end(process: Process) -> anyhow::Result<()> {
    let members = process_tree::members(process.0.id());
    drop(process);
    let deadline = Instant::now() + ENDING;
    while members.iter().any(|member| process_tree::is_alive(*member)) {
        if Instant::now() > deadline {
            bail!("a web process of the app does not end");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// The release build of the code as it stands: one that lies there from before would be measured in its place.
fn built_app() -> anyhow::Result<PathBuf> {
    let node = setup::ensure_node()?;
    setup::ensure_ui(&node)?;
    step("build Frontdesk", || {
        workspace::cargo()
            .args(["build", "--quiet", "--release", "--package", "frontdesk"])
            .run()
    })
    .context("there is no built app to measure")?;
    Ok(workspace::target().join("release/frontdesk"))
}
