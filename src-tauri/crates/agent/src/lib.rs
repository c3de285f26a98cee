//! What makes a voice model a receptionist: the instructions it works by and the tools it may use.
//!
//! - [`instructions`]: text for the model, built from the company profile.
//! - [`registry`]: the one door of every function call: schema first, then the tool under its time-out, always one result.
//! - [`tools`]: the tools that Frontdesk brings along.
//! - [`supervisor`]: a text model behind the voice model; it works with the tools and writes what is said next.
//!
//! Tools run on the tokio runtime, never on an audio thread.

pub mod instructions;
pub mod registry;
pub mod supervisor;
pub mod tools;

pub use registry::{Tool, ToolAnswer, ToolFailure, ToolRegistry};
