//! `cargo xtask bench`: how fast and how large it is, as one table with median, spread and the figure to reach.
//!
//! Three sources: criterion benches (their raw samples, because percentiles are wanted and not criterion's mean), the engine's bench, which
//! prints figures, and the real window on a virtual desktop. A figure that is not reached is said and is no failure: a busy machine is no
//! defect of the program. Runs on the main thread; what is measured runs in processes of its own.

mod app;
mod desktop;
mod figure;
mod process_tree;
mod report;
mod samples;

use crate::setup::{self, Purpose};
use crate::step::{say, step};
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
    /// The window: start, memory, idle processor time.
    Window,
}

impl Part {
    const ALL: [Self; 6] = [
        Self::Protocol,
        Self::Call,
        Self::Audio,
        Self::Store,
        Self::Engine,
        Self::Window,
    ];

    /// Measures it.
    fn measure(self) -> anyhow::Result<Vec<Figure>> {
        match self {
            Self::Protocol => criterion("frontdesk-protocol", &["events"]),
            Self::Call => criterion("frontdesk-call", &["frame"]),
            Self::Audio => criterion("frontdesk-audio", &["processing", "latency"]),
            Self::Store => criterion("frontdesk-store", &["journal"]),
            Self::Engine => {
                setup::ensure_models()?;
                engine()
            }
            Self::Window => {
                setup::ensure_system_packages(Purpose::Test)?;
                app::measure()
            }
        }
    }
}

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

/// Runs criterion benches of one package and reads their samples.
fn criterion(package: &str, benches: &[&str]) -> anyhow::Result<Vec<Figure>> {
    // A place of its own, emptied first: results of another day must not pass for today's, and a developer's comparisons stay untouched.
    let results = workspace::target().join("bench").join(package);
    if results.exists() {
        std::fs::remove_dir_all(&results)?;
    }
    let mut figures = Vec::new();
    for bench in benches {
        let results = results.join(bench);
        step(&format!("measure {bench} of {package}"), || {
            workspace::cargo()
                .args([
                    "bench",
                    "--quiet",
                    "--package",
                    package,
                    "--bench",
                    bench,
                    "--",
                    "--noplot",
                ])
                .env("CRITERION_HOME", &results)
                .output()
        })?;
        figures.extend(samples::read(&results)?);
    }
    Ok(figures)
}

/// Runs the engine's bench and reads the figures that it prints.
fn engine() -> anyhow::Result<Vec<Figure>> {
    let package = "frontdesk-engine";
    let output = step(&format!("measure speech of {package}"), || {
        workspace::cargo()
            .args(["bench", "--quiet", "--package", package, "--bench", "speech"])
            .output()
    })?;
    samples::read_lines(&output)
}
