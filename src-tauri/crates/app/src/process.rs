//! What a program that holds the application does before anything else, on its main thread.

use frontdesk_engine::speech::TELEMETRY_SWITCH;

/// Switches off what the inference library would tell its maker.
///
/// # Safety
/// Call it first in `main`: it changes the environment, which is sound only while the process has one thread.
#[allow(
    unsafe_code,
    reason = "the library reads this setting from the environment only, and changing that is unsafe"
)]
pub unsafe fn prepare() {
    // SAFETY: the caller promises that no other thread is there that could read the environment meanwhile.
    unsafe { std::env::set_var(TELEMETRY_SWITCH, "1") };
}
