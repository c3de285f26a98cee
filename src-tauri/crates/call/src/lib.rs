//! The call engine: one [`CallEvent`] stream per call, made by pure state machines that one actor carries out.
//!
//! [`start_call`] takes what a call is made of and gives a [`CallHandle`]; everything else is seen in the events.
//!
//! # Map
//! - [`event`]: the contract. Everything that happens in a call, in order; readers are the window, the journal, the exports.
//! - [`leg`], [`voice_model`], [`tool`], [`journal`]: the four borders. The engine never knows which implementation it has.
//! - [`config`]: what a call is configured with, and the `session.update` that follows from it.
//! - `machine`: the laws of a call as one pure state machine; its header maps the concerns.
//! - `session`: the actor that carries out what the machine decides. `recorder`: numbers events, journals them, then shows them.
//! - [`transcript`]: the events of a call as rows. [`call_view`]: a call as its tools see it.
//! - [`problem`], [`provider_error`]: failures in people's words.
//! - [`loopback`]: which hosts are this computer.
//! - [`frame`]: the audio unit at the borders, 480 samples of 24 kHz mono PCM16.
//!
//! # Tasks and queues
//! Two tokio tasks for each call: the session and the recorder. Commands ([`COMMAND_CAPACITY`], refuse when full) and the leg's events
//! ([`leg::LEG_EVENT_CAPACITY`], the leg drops frames) and the model's events ([`voice_model::MODEL_EVENT_CAPACITY`], the socket waits) go
//! into the session, and reports of tools ([`call_view::REPORT_CAPACITY`], dropped when full); events go from it to the recorder (1,024, the session waits, which the recorder never lets happen). Audio of the
//! caller is held for at most 2 s while there is no connection (oldest dropped). Audio threads and databases live behind the borders.

pub mod call_view;
pub mod config;
pub mod event;
mod event_log;
pub mod frame;
pub mod identity;
pub mod journal;
pub mod leg;
pub mod loopback;
mod machine;
mod order;
pub mod problem;
pub mod provider_error;
mod recorder;
mod session;
pub mod tool;
pub mod transcript;
pub mod voice_model;

pub use call_view::{CallReport, CallView};
pub use config::{CallLimits, CallPrompts, SessionConfig, TurnTaking};
pub use event::{CallEvent, CallEventBody};
pub use event_log::CallEvents;
pub use identity::CallId;
pub use machine::{Command, PURPOSE_LABEL};
pub use problem::{Problem, ProblemAction, ProblemKind};
pub use session::{COMMAND_CAPACITY, CallEnd, CallHandle, CallParts, CommandRefused, start_call, start_call_as};
pub use transcript::Transcript;
