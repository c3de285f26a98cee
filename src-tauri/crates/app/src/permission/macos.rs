//! macOS: AVFoundation's authorisation. Asking needs `NSMicrophoneUsageDescription` and the audio-input entitlement in the bundle.

use block2::RcBlock;
use objc2::runtime::Bool;
use objc2_av_foundation::{AVAuthorizationStatus, AVCaptureDevice, AVMediaTypeAudio};

use crate::view::MicrophonePermission;

#[allow(unsafe_code, reason = "AVFoundation is reached by unsafe calls only")]
pub(super) fn microphone() -> MicrophonePermission {
    // SAFETY: the constant is set by the framework when it is loaded, which linking guarantees; the audio media type is one of the two
    // that the method accepts.
    let status = unsafe { AVMediaTypeAudio.map(|audio| AVCaptureDevice::authorizationStatusForMediaType(audio)) };
    match status {
        Some(AVAuthorizationStatus::Denied) => MicrophonePermission::Denied,
        // A restriction by the computer's administrator, which the person cannot lift for one program.
        Some(AVAuthorizationStatus::Restricted) => MicrophonePermission::OffForAll,
        Some(AVAuthorizationStatus::NotDetermined) => MicrophonePermission::NotAsked,
        _ => MicrophonePermission::Granted,
    }
}

#[allow(unsafe_code, reason = "AVFoundation is reached by unsafe calls only")]
pub(super) fn request_microphone() {
    let answered =
        RcBlock::new(|granted: Bool| tracing::info!(granted = granted.as_bool(), "microphone_permission_answered"));
    // SAFETY: as above; the block takes the argument that the framework passes, and is kept by it until it was called.
    unsafe {
        if let Some(audio) = AVMediaTypeAudio {
            AVCaptureDevice::requestAccessForMediaType_completionHandler(audio, &answered);
        }
    }
}
