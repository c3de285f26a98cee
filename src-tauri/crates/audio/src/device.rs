//! All use of the sound system (cpal) in the program: which host, which devices, opening and closing streams. cpal changes its interface
//! with every release; only this module may know.
//!
//! Listing runs on the device thread ([`watcher`]), each stream on a thread of its own ([`stream`]). Nothing here may run on the window's
//! thread or on the audio thread.

#[cfg(target_os = "linux")]
mod alsa_words;
pub mod fault;
pub mod host;
pub mod id;
pub mod list;
#[cfg(target_os = "linux")]
mod pulse_cookie;
mod sample;
pub mod stream;
pub mod watcher;
