//! `cargo xtask`: everything a developer or a newcomer starts. Builds and calls the other crates and depends on none of them.
//!
//! - `run`: set up this machine, build, open the window; without a display a headless sample call.
//! - `test`: set up, then every test there is.
//! - `lint`: everything that is checked without running the product.
//! - `fuzz`: the local engine under random clients, for as long as is asked for.
//! - `bench`: how fast and how large it is, against the figures to reach.
//! - `package`: installable packages, in two sizes, and their test in a bare system.
//!
//! One thread; every step prints what it does before it does it.

mod bench;
mod counts;
mod fuzz;
mod lint;
mod package;
mod programs;
mod run;
mod setup;
mod step;
mod test;
mod workspace;

use clap::{Parser, Subcommand};

/// Builds, runs, tests and packages Frontdesk.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Set this machine up, build, and open the window (or make a headless sample call where there is no display).
    Run(run::Options),
    /// Set this machine up and run every test: Rust, interface, end to end.
    Test(test::Options),
    /// Check formatting, lints, types, generated files, crate edges, sizes, and the code for Windows and macOS.
    Lint(lint::Options),
    /// Let random clients at the local engine for some minutes; nothing may panic, hang or grow.
    Fuzz(fuzz::Options),
    /// Measure speed, latency and memory, and print them beside the figures to reach.
    Bench(bench::Options),
    /// Make installable packages for this system; with --test, install and use one in a bare system.
    Package(package::Options),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Run(options) => run::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Lint(options) => lint::run(&options),
        Command::Fuzz(options) => fuzz::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Package(options) => package::run(&options),
    }
}
