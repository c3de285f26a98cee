//! `cargo xtask bench`: how fast and how large it is, as one table with median, spread and the figure to reach.
//!
//! Three sources: criterion benches (their raw samples, because percentiles are wanted and not criterion's mean), the engine's benches, which
//! print figures, and the real window on a virtual desktop. A figure that is not reached is said and is no failure: a busy machine is no
//! defect of the program. With `--under-load` the machine is made busy. Runs on the main thread; what is measured runs in processes of its
//! own.

mod app;
mod conditions;
mod desktop;
mod figure;
mod process_tree;
mod report;
mod samples;

use crate::programs;
use crate::setup::{self, Purpose};
use crate::step::{Shell, say, step};
use crate::workspace;
use conditions::Conditions;
use figure::Figure;

/// Options of `bench`.
#[derive(clap::Args)]
pub struct Options {
    /// Measure only these parts; all when none is named.
    #[arg(value_enum)]
    parts: Vec<Part>,
    /// Measure while `stress-ng --cpu 2` runs beside it; nothing has to be reached then.
    #[arg(long)]
    under_load: bool,
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
    /// The local engine's models: recognition, the voice, memory.
    Engine,
    /// Words that the local engine mishears: on a clear line, on a telephone, with others talking.
    Hearing,
    /// Spoken calls with the local engine: first audio, interruptions, two at once, memory, idle processor time.
    Calls,
    /// What callers say, written and spoken: how much of it is understood.
    Understanding,
    /// A hundred simulated callers who book by voice: how many have what they wanted in the calendar.
    Bookings,
    /// The window: start, memory, idle processor time.
    Window,
}

impl Part {
    const ALL: [Self; 10] = [
        Self::Protocol,
        Self::Call,
        Self::Audio,
        Self::Store,
        Self::Engine,
        Self::Hearing,
        Self::Calls,
        Self::Understanding,
        Self::Bookings,
        Self::Window,
    ];

    /// Measures it.
    fn measure(self, conditions: Conditions) -> anyhow::Result<Vec<Figure>> {
        match self {
            Self::Protocol => criterion(&["events"], conditions),
            Self::Call => criterion(&["frame"], conditions),
            Self::Audio => criterion(&["processing", "latency"], conditions),
            Self::Store => criterion(&["journal"], conditions),
            Self::Engine => with_models("speech", conditions),
            Self::Hearing => with_voices("hearing", conditions),
            Self::Calls => with_models("calls", conditions),
            Self::Understanding => with_models("understanding", conditions),
            Self::Bookings => with_voices("booking_calls", conditions),
            Self::Window => {
                setup::ensure_system_packages(Purpose::Test)?;
                app::measure(conditions)
            }
        }
    }
}

/// Every package with benches. Cargo is always given all of them and the name of one bench: with another selection of packages the features
/// of their dependencies differ, and everything would be compiled again for each.
const PACKAGES: [&str; 6] = [
    "frontdesk-protocol",
    "frontdesk-call",
    "frontdesk-audio",
    "frontdesk-store",
    "frontdesk-engine",
    "frontdesk-tests",
];

/// Measures and prints the table.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let parts = if options.parts.is_empty() {
        &Part::ALL[..]
    } else {
        &options.parts
    };
    let conditions = if options.under_load {
        Conditions::UnderLoad
    } else {
        Conditions::Usual
    };
    conditions.ensure()?;
    let mut figures = Vec::new();
    for part in parts {
        figures.extend(part.measure(conditions)?);
    }
    for line in report::table(&figures, conditions) {
        say(&line);
    }
    Ok(())
}

/// Runs criterion benches and reads their samples.
fn criterion(benches: &[&str], conditions: Conditions) -> anyhow::Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for bench in benches {
        // A place of its own, emptied first: results of another day must not pass for today's, and a developer's comparisons stay untouched.
        let results = workspace::target().join("bench").join(bench);
        if results.exists() {
            std::fs::remove_dir_all(&results)?;
        }
        measured(bench, conditions, |command| {
            command.args(["--", "--noplot"]).env("CRITERION_HOME", &results)
        })?;
        figures.extend(samples::read(&results)?);
    }
    Ok(figures)
}

/// Runs one of the engine's benches, for which the models are fetched first, and reads the figures that it prints.
fn with_models(bench: &str, conditions: Conditions) -> anyhow::Result<Vec<Figure>> {
    setup::ensure_models(&programs::headless()?)?;
    samples::read_lines(&measured(bench, conditions, |command| command)?)
}

/// The same for one whose callers speak with the better voices.
fn with_voices(bench: &str, conditions: Conditions) -> anyhow::Result<Vec<Figure>> {
    let node = setup::ensure_node()?;
    setup::ensure_better_voices(&programs::headless()?, &node)?;
    with_models(bench, conditions)
}

/// Builds one bench of the workspace and runs it under these conditions. Gives what it prints.
fn measured(bench: &str, conditions: Conditions, adapted: impl Fn(Shell) -> Shell) -> anyhow::Result<String> {
    step(&format!("build the bench {bench}"), || {
        cargo_bench(bench).arg("--no-run").output()
    })?;
    step(&format!("measure {bench}"), || {
        let _load = conditions.begin()?;
        adapted(cargo_bench(bench)).output()
    })
}

/// One bench of the workspace, in the optimised build.
fn cargo_bench(bench: &str) -> Shell {
    let packages = PACKAGES.iter().flat_map(|package| ["--package", package]);
    workspace::cargo()
        .args(["bench", "--quiet"])
        .args(packages)
        .args(["--bench", bench])
}
