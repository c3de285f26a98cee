//! Windows: the consent store in the registry. One switch for all programs, one for those that did not come from the store (ours).

use windows_registry::CURRENT_USER;

use crate::view::MicrophonePermission;

const CONSENT: &str = r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore\microphone";
const DESKTOP_PROGRAMS: &str =
    r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore\microphone\NonPackaged";

pub(super) fn microphone() -> MicrophonePermission {
    if is_denied(CONSENT) {
        MicrophonePermission::OffForAll
    } else if is_denied(DESKTOP_PROGRAMS) {
        MicrophonePermission::Denied
    } else {
        // Older systems have no such key and no switch.
        MicrophonePermission::Granted
    }
}

fn is_denied(path: &str) -> bool {
    CURRENT_USER
        .open(path)
        .and_then(|key| key.get_string("Value"))
        .is_ok_and(|value| value.eq_ignore_ascii_case("deny"))
}
