//! What a sound system reports about a running stream, deduplicated: some report 400,000 times a second. Written in the error callback
//! (atomics only), read on the audio thread.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};

use cpal::ErrorKind;

/// Why a stream cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamFault {
    /// The device is gone.
    Gone,
    /// The stream must be made anew; the device may be there.
    Invalidated,
    /// The system took the permission away.
    Denied,
}

/// Reports of one stream since it was opened.
#[derive(Debug, Default)]
pub struct StreamReports {
    fault: AtomicU8,
    xruns: AtomicU64,
    unexplained: AtomicU64,
    realtime_denied: AtomicBool,
}

impl StreamReports {
    /// Takes a report of the sound system. Called in the error callback.
    pub(super) fn note(&self, kind: ErrorKind) {
        match kind {
            ErrorKind::Xrun => {
                self.xruns.fetch_add(1, Ordering::Relaxed);
            }
            ErrorKind::RealtimeDenied => self.realtime_denied.store(true, Ordering::Relaxed),
            // The stream goes on; the list of devices shows the new default.
            ErrorKind::DeviceChanged => {}
            ErrorKind::DeviceNotAvailable | ErrorKind::HostUnavailable => self.set(StreamFault::Gone),
            ErrorKind::StreamInvalidated => self.set(StreamFault::Invalidated),
            ErrorKind::PermissionDenied => self.set(StreamFault::Denied),
            _ => {
                self.unexplained.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn set(&self, fault: StreamFault) {
        self.fault.store(fault as u8 + 1, Ordering::Relaxed);
    }

    /// The reason why the stream cannot go on, if one was reported.
    #[must_use]
    pub fn fault(&self) -> Option<StreamFault> {
        [StreamFault::Gone, StreamFault::Invalidated, StreamFault::Denied]
            .into_iter()
            .find(|fault| *fault as u8 + 1 == self.fault.load(Ordering::Relaxed))
    }

    /// Buffers that came too late, as the sound system counts them.
    #[must_use]
    pub fn xruns(&self) -> u64 {
        self.xruns.load(Ordering::Relaxed)
    }

    /// Reports that say nothing; single ones are normal.
    #[must_use]
    pub fn unexplained(&self) -> u64 {
        self.unexplained.load(Ordering::Relaxed)
    }

    /// True when the system refused real-time priority for the callback.
    #[must_use]
    pub fn realtime_denied(&self) -> bool {
        self.realtime_denied.load(Ordering::Relaxed)
    }
}
