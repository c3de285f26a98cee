//! Whether the operating system lets this program hear the microphone. Windows and macOS have a switch; a program without permission
//! gets silence and no error, so the switch is read before the microphone is blamed. Answers at once; called from any thread.

#[cfg(target_os = "macos")]
#[path = "permission/macos.rs"]
mod system;
#[cfg(target_os = "windows")]
#[path = "permission/windows.rs"]
mod system;

use crate::view::MicrophonePermission;

/// The permission as it is now.
#[must_use]
pub fn microphone() -> MicrophonePermission {
    #[cfg(any(target_os = "macos", target_os = "windows"))]
    return system::microphone();
    // Linux has no switch for programs outside of a sandbox.
    #[cfg(not(any(target_os = "macos", target_os = "windows")))]
    MicrophonePermission::Granted
}

/// Makes the system ask the person, where it has not asked before. The answer comes later; read it with [`microphone`].
pub fn request_microphone() {
    #[cfg(target_os = "macos")]
    system::request_microphone();
}

/// Address of the system's page for microphone privacy; none where the system has no such page.
#[must_use]
pub fn privacy_page() -> Option<&'static str> {
    if cfg!(target_os = "macos") {
        Some("x-apple.systempreferences:com.apple.preference.security?Privacy_Microphone")
    } else if cfg!(target_os = "windows") {
        Some("ms-settings:privacy-microphone")
    } else {
        None
    }
}
