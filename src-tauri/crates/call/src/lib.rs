//! The call engine: one [`CallEvent`] stream per call, made by pure state machines that one actor carries out.
//!
//! # Map
//! - [`event`]: the contract. Everything that happens in a call, in order; readers are the window, the journal, the exports.
//! - [`leg`], [`voice_model`], [`tool`], [`journal`]: the four borders. The engine never knows which implementation it has.
//! - [`problem`]: failures in people's words.
//! - [`frame`]: the audio unit at the borders, 480 samples of 24 kHz mono PCM16.
//!
//! Runs on the tokio runtime; audio threads and databases live behind the borders.

pub mod config;
pub mod event;
mod event_log;
pub mod frame;
pub mod identity;
pub mod journal;
pub mod leg;
mod machine;
mod order;
pub mod problem;
pub mod provider_error;
mod recorder;
mod session;
pub mod tool;
pub mod transcript;
pub mod voice_model;

pub use config::{CallLimits, CallPrompts, SessionConfig, TurnTaking};
pub use event::{CallEvent, CallEventBody};
pub use event_log::CallEvents;
pub use identity::CallId;
pub use machine::{Command, PURPOSE_LABEL};
pub use problem::{Problem, ProblemAction, ProblemKind};
pub use session::{COMMAND_CAPACITY, CallEnd, CallHandle, CallParts, CommandRefused, start_call, start_call_as};
pub use transcript::Transcript;
