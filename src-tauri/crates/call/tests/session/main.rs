//! Whole calls over in-memory doubles of leg, backend, tools and journal, on a paused clock: no socket, no sleep, no device.

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
