//! The desk through its public face.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "desk/booking.rs"]
mod booking;
#[path = "desk/room.rs"]
mod room;
#[path = "desk/tools.rs"]
mod tools;
