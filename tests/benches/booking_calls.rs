//! How many of a hundred simulated callers have what they wanted in the calendar: over all, per twist and per line.
//!
//! Run with `cargo xtask bench bookings`; it needs the local models and the better voices. `FRONTDESK_BENCH_CALLS` is how many calls are made,
//! `FRONTDESK_BENCH_SEED` another seed for work on the dialogue. Each figure is one line of JSON after `figure `, as the engine's benches
//! print theirs; a call that failed is printed whole.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement that cannot go on stops, and its output is its result"
)]

use std::collections::BTreeMap;

use frontdesk_tests::simulated_calls::plan::plans;
use frontdesk_tests::simulated_calls::{SEED, make};
use serde_json::json;

/// Calls of the whole measurement.
const CALLS: usize = 100;

fn main() {
    // `cargo test --benches` wants to know whether it starts and gives no `--bench`.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let given = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let count = given("FRONTDESK_BENCH_CALLS").map_or(CALLS, |count| usize::try_from(count).unwrap());
    let seed = given("FRONTDESK_BENCH_SEED").unwrap_or(SEED);
    let mut succeeded: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let mut turns = Vec::new();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let made = runtime.block_on(make(&plans(seed, count), |plan, outcome| {
        let line = if plan.telephone { "telephone" } else { "wide band" };
        for group in ["all".to_owned(), format!("{:?}", plan.twist), line.to_owned()] {
            let (good, all) = succeeded.entry(group).or_default();
            *all += 1;
            *good += u32::from(outcome.grade.is_ok());
        }
        turns.push(f64::from(u32::try_from(outcome.turns).unwrap()));
        match &outcome.grade {
            Ok(()) => println!("call {}: booked in {} turns", plan.number, outcome.turns),
            Err(why) => println!(
                "call {}: {why}\n{plan:?}\n{}\n",
                plan.number,
                outcome.conversation.join("\n")
            ),
        }
    }));
    made.unwrap();
    for (group, (good, all)) in succeeded {
        println!("{group}: {good} of {all}");
        let failed = 100.0 * f64::from(all - good) / f64::from(all);
        figure(&format!("bookings/calls that fail, {group}"), "%", &[failed]);
    }
    figure("bookings/turns of a call", "count", &turns);
}

fn figure(name: &str, unit: &str, values: &[f64]) {
    println!("figure {}", json!({ "name": name, "unit": unit, "values": values }));
}
