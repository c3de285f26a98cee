//! ALSA writes its complaints to the process's standard error, dozens of lines for each look at the devices of a computer without sound.
//! They belong into the log. Works on the calling thread only, which is the device thread or a stream's own.

use alsa::Output;

/// Runs `body` and notes what ALSA complained about meanwhile at debug level.
pub(super) fn noted<T>(body: impl FnOnce() -> T) -> T {
    // Replaces what the thread collected before. Without memory for a buffer the lines go where they went.
    let collected = Output::local_error_handler().ok();
    let result = body();
    if let Some(collected) = collected {
        let words = collected.borrow().to_string();
        if !words.is_empty() {
            tracing::debug!(%words, "ALSA complained");
        }
    }
    result
}
