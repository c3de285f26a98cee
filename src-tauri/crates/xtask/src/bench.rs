//! `cargo xtask bench`: how fast and how large it is, as one table with median, spread and the figure to reach.
//!
//! Three sources: criterion benches (their raw samples, because percentiles are wanted and not criterion's mean), the engine's benches, which
//! print figures, and the real window on a virtual desktop. A figure that is not reached is said and is no failure: a busy machine is no
//! defect of the program. Runs on the main thread; what is measured runs in processes of its own.

mod app;
mod desktop;
mod figure;
mod process_tree;
mod report;
mod samples;

use crate::programs;
use crate::setup::{self, Purpose};
use crate::step::{Shell, say, step};
use crate::workspace;
use figure::Figure;

/// Options of `bench`.
#[derive(clap::Args)]
pub struct Options {
    /// Measure only these parts; all when none is named.
    #[arg(value_enum)]
    parts: Vec<Part>,
}

/// What can be measured by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Reading and writing of protocol events.
    Protocol,
    /// The session's own cost.
    Call,
    /// Echo canceller, resamplers, and the time that sound is on its way.
    Audio,
    /// The journal.
    Store,
    /// The local engine: recognition, first audio, memory.
    Engine,
    /// What callers say, written and spoken: how much of it is understood.
    Understanding,
    /// The window: start, memory, idle processor time.
    Window,
}

impl Part {
    const ALL: [Self; 7] = [
        Self::Protocol,
        Self::Call,
        Self::Audio,
        Self::Store,
        Self::Engine,
        Self::Understanding,
        Self::Window,
    ];

    /// Measures it.
    fn measure(self) -> anyhow::Result<Vec<Figure>> {
        match self {
            Self::Protocol => criterion(&["events"]),
            Self::Call => criterion(&["frame"]),
            Self::Audio => criterion(&["processing", "latency"]),
            Self::Store => criterion(&["journal"]),
            Self::Engine => {
                setup::ensure_models(&programs::headless()?)?;
                printed("speech")
            }
            Self::Understanding => {
                setup::ensure_models(&programs::headless()?)?;
                printed("understanding")
            }
            Self::Window => {
                setup::ensure_system_packages(Purpose::Test)?;
                app::measure()
            }
        }
    }
}

/// Every package with benches. Cargo is always given all of them and the name of one bench: with another selection of packages the features
/// of their dependencies differ, and everything would be compiled again for each.
const PACKAGES: [&str; 5] = [
    "frontdesk-protocol",
    "frontdesk-call",
    "frontdesk-audio",
    "frontdesk-store",
    "frontdesk-engine",
];

/// Measures and prints the table.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let parts = if options.parts.is_empty() {
        &Part::ALL[..]
    } else {
        &options.parts
    };
    let mut figures = Vec::new();
    for part in parts {
        figures.extend(part.measure()?);
    }
    for line in report::table(&figures) {
        say(&line);
    }
    Ok(())
}

/// Runs criterion benches and reads their samples.
fn criterion(benches: &[&str]) -> anyhow::Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for bench in benches {
        // A place of its own, emptied first: results of another day must not pass for today's, and a developer's comparisons stay untouched.
        let results = workspace::target().join("bench").join(bench);
        if results.exists() {
            std::fs::remove_dir_all(&results)?;
        }
        step(&format!("measure {bench}"), || {
            cargo_bench(bench)
                .args(["--", "--noplot"])
                .env("CRITERION_HOME", &results)
                .output()
        })?;
        figures.extend(samples::read(&results)?);
    }
    Ok(figures)
}

/// Runs one of the engine's benches and reads the figures that it prints.
fn printed(bench: &str) -> anyhow::Result<Vec<Figure>> {
    let output = step(&format!("measure {bench}"), || cargo_bench(bench).output())?;
    samples::read_lines(&output)
}

/// One bench of the workspace, in the optimised build.
fn cargo_bench(bench: &str) -> Shell {
    let packages = PACKAGES.iter().flat_map(|package| ["--package", package]);
    workspace::cargo()
        .args(["bench", "--quiet"])
        .args(packages)
        .args(["--bench", bench])
}
