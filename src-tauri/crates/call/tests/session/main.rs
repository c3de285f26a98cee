//! Whole calls over in-memory doubles of leg, backend, tools and journal, on a paused clock: no socket, no sleep, no device.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod answering;
mod barge_in;
mod doubles;
mod endings;
mod journal;
mod reconnect;
mod stage;
mod start;
mod tools;
mod transcripts;
mod turns;
