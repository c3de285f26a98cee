//! The desk: the built-in calendar and contact book. What may be booked, when, by which rules, and the tools through which a receptionist
//! does it.
//!
//! # Map
//! - [`Desk`]: free times, book, move, cancel, contacts; each change in one transaction in which the rules are checked again.
//! - [`offer`]: what a service needs · [`slots`]: which starts fit, as pure functions · [`refusal`]: why not, in people's words
//! - [`confirmation`]: the number a customer is told · [`phone`]: the one form of a phone number · [`name`]: whether a name
//!   that was said is the one in the book · [`text`]: what may stand in the book · [`calendar_file`]: `.ics`
//! - [`tools`]: the face for voice and text models
//!
//! Nothing here blocks: the agenda works on tokio's blocking threads. The present moment is always an input.

pub mod calendar_file;
pub mod confirmation;
mod desk;
pub mod name;
pub mod offer;
pub mod phone;
pub mod refusal;
pub mod slots;
pub mod text;
pub mod tools;

pub use desk::{Availability, Booked, BookingRequest, Desk, Origin};
pub use refusal::{DeskError, Refusal};
