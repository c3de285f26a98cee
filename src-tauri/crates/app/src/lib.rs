//! The application without its window: settings, model catalogue, session factory and the wiring of all crates. No Tauri.
//!
//! Runs on the tokio runtime. Both binaries (`frontdesk`, the window, and `frontdeskd`, headless) are thin over this crate.

pub mod company_source;
pub mod locations;
pub mod models;
pub mod session_plan;
pub mod settings;
pub mod settings_file;
pub mod view;
