//! Protocol doubles and fixtures for the end-to-end tests.

pub mod bare_system;
pub mod chat_double;
pub mod desktop;
pub mod engine_service;
pub mod leak_search;
pub mod model_mirror;
pub mod native_call;
pub mod native_leg;
pub mod realtime_double;
pub mod recorded_caller;
pub mod sdk_clients;
pub mod second_peer;
pub mod secret_service;
pub mod simulated_calls;
pub mod spoken_questions;
pub mod virtual_audio;
pub mod window;
pub mod workshop;

use std::path::PathBuf;

use anyhow::Context as _;

/// The cache directory that holds the model files; the one of the user, or `FRONTDESK_CACHE_DIR`.
///
/// # Errors
/// When a file is missing; `cargo xtask test` fetches them.
pub fn model_cache() -> anyhow::Result<PathBuf> {
    let locations = frontdesk_app::locations::Locations::from_environment(Some(std::path::Path::new("/nonexistent")))?;
    let cache = locations.cache.clone();
    let missing = frontdesk_app::models::ModelStore::new(&locations).problem();
    match missing {
        None => Ok(cache),
        Some(problem) => Err(problem).context("the local engine's files are needed; `cargo xtask test` fetches them"),
    }
}

/// Interrupts a program that runs, as Ctrl-C in its terminal does.
///
/// # Errors
/// It has ended already, or there is no `kill`.
pub async fn interrupt(program: &tokio::process::Child) -> anyhow::Result<()> {
    let process = program.id().context("the program has ended")?.to_string();
    let status = tokio::process::Command::new("kill").args(["-INT", &process]).status();
    anyhow::ensure!(status.await?.success(), "the program cannot be interrupted");
    Ok(())
}

/// A place that `cargo xtask package --test` names.
///
/// # Errors
/// The variable is not set.
pub fn named(variable: &str) -> anyhow::Result<PathBuf> {
    let place = std::env::var_os(variable).map(PathBuf::from);
    place.with_context(|| format!("{variable} is not set; start this test with `cargo xtask package --test`"))
}

/// A program whose place `cargo xtask test` names.
///
/// # Errors
/// The variable is not set, or names no file.
pub fn program(variable: &str) -> anyhow::Result<PathBuf> {
    let path = std::env::var_os(variable).map(PathBuf::from);
    path.filter(|path| path.is_file()).with_context(|| {
        format!(
            "the variable {variable} must name a built program; run the tests with `cargo xtask test`, which builds it"
        )
    })
}
