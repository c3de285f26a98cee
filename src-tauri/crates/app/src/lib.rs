//! The application without its window: settings, model catalogue, session factory and the wiring of all crates. No Tauri.
//!
//! Runs on the tokio runtime. Both binaries (`frontdesk`, the window, and `frontdeskd`, headless) are thin over this crate.

pub mod app;
pub mod backends;
mod chat_dialogue;
mod chat_servers;
pub mod company_source;
pub mod diagnosis;
pub mod engine_service;
mod local_engine;
pub mod local_voices;
pub mod locations;
pub mod log_filter;
pub mod models;
pub mod permission;
pub mod process;
pub mod session_plan;
pub mod settings;
pub mod settings_file;
pub mod view;
pub mod wire_log;

pub use frontdesk_desk::text::one_line;
pub use frontdesk_store::agenda::{Booking, Contact, ContactPage, ContactTraces};
pub use frontdesk_store::export::ExportFormat;
pub use frontdesk_store::history::{CallMatch, CallSummary};
pub use frontdesk_store::secrets::KeyStatus;
