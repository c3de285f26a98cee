//! How a bench tells what it measured, and what Linux counts of this process.
//!
//! A figure is one line of JSON after `figure `, with every value that was measured, so that `cargo xtask bench` can say median and spread.

#![allow(
    dead_code,
    clippy::print_stdout,
    reason = "each bench uses another part of it, and the output of a measurement is its result"
)]

use std::time::Instant;

use serde_json::json;

/// Tells one figure. Units are those of `bench/samples.rs` in xtask; a figure without values is not told.
pub fn figure(name: &str, unit: &str, values: &[f64]) {
    if !values.is_empty() {
        println!("figure {}", json!({ "name": name, "unit": unit, "values": values }));
    }
}

/// Time since then, in ms.
pub fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}

/// Memory of this process in MB, as the share that Linux counts where pages are used by several; none on other systems.
pub fn memory_megabytes() -> Option<f64> {
    let rollup = std::fs::read_to_string("/proc/self/smaps_rollup").ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    Some(line.split_whitespace().next()?.parse::<f64>().ok()? / 1_024.0)
}

/// Seconds that a processor has worked for the threads of this process that live now, without its main thread; none on other systems.
pub fn processor_seconds_beside_main() -> Option<f64> {
    let main = std::process::id().to_string();
    let mut nanoseconds = 0.0;
    for thread in std::fs::read_dir("/proc/self/task").ok()?.flatten() {
        if thread.file_name() != main.as_str() {
            nanoseconds += worked(&thread.path().join("schedstat")).unwrap_or(0.0);
        }
    }
    Some(nanoseconds / 1e9)
}

/// Seconds that a processor has worked for this thread; none on other systems.
pub fn processor_seconds_of_this_thread() -> Option<f64> {
    Some(worked("/proc/thread-self/schedstat".as_ref())? / 1e9)
}

/// Nanoseconds of processor time of one thread; none when it has ended.
fn worked(schedstat: &std::path::Path) -> Option<f64> {
    let text = std::fs::read_to_string(schedstat).ok()?;
    text.split_whitespace().next()?.parse().ok()
}
