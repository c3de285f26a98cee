//! Callers from audio files: each file is one turn of the caller, spoken when the receptionist has finished.
//!
//! [`caller`] decides what is spoken when, [`leg`] runs it on a virtual clock of 20 ms frames, [`reader`] validates and converts the files
//! before anything connects, [`recording`] writes down both sides. Played positions are exact: they are counted in samples of that clock.

pub mod caller;
pub mod leg;
pub mod reader;
pub mod recording;

pub use leg::{FileLeg, open_file_leg};
pub use reader::CallerTurn;
pub use recording::{Recording, RecordingSummary};
