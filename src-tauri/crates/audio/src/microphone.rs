//! The state of the microphone as people see it: starting, live, muted, silent, lost. A pure machine; time is an input.

use std::time::{Duration, Instant};

use frontdesk_call::event::MicrophoneState;

use crate::block::Block;

/// A microphone that gives zeros for this long is told to the person: a hardware switch, or a headset that never woke up.
pub const SILENCE_UNTIL_TOLD: Duration = Duration::from_secs(5);

/// Below half a step of 16 bits a sample is zero.
const ZERO: f32 = 0.5 / 32_768.0;

/// Follows one call's microphone.
#[derive(Debug)]
pub struct Microphone {
    muted: bool,
    stream: Stream,
    told: Option<MicrophoneState>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stream {
    Starting,
    /// Samples arrive; the latest that was not zero came at `heard`.
    Running {
        heard: Instant,
    },
    Lost,
}

impl Microphone {
    /// A microphone that is being opened.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            muted: false,
            stream: Stream::Starting,
            told: None,
        }
    }

    /// A block of samples, before any processing.
    pub fn delivered(&mut self, block: &Block, now: Instant) {
        let sounding = block.iter().any(|sample| sample.abs() > ZERO);
        match self.stream {
            Stream::Running { .. } if !sounding => {}
            _ => self.stream = Stream::Running { heard: now },
        }
    }

    /// The stream broke and no other has delivered yet.
    pub fn lost(&mut self) {
        self.stream = Stream::Lost;
    }

    /// The person's switch.
    pub fn set_muted(&mut self, muted: bool) {
        self.muted = muted;
    }

    /// True while the person's switch is off.
    #[must_use]
    pub const fn is_muted(&self) -> bool {
        self.muted
    }

    /// The state at `now`.
    #[must_use]
    pub fn state(&self, now: Instant) -> MicrophoneState {
        match self.stream {
            Stream::Lost => MicrophoneState::Lost,
            _ if self.muted => MicrophoneState::Muted,
            Stream::Starting => MicrophoneState::Starting,
            Stream::Running { heard } if now.saturating_duration_since(heard) >= SILENCE_UNTIL_TOLD => {
                MicrophoneState::Silent
            }
            Stream::Running { .. } => MicrophoneState::Live,
        }
    }

    /// The state when it is another than the last one told.
    pub fn changed(&mut self, now: Instant) -> Option<MicrophoneState> {
        let state = self.state(now);
        (self.told.replace(state) != Some(state)).then_some(state)
    }
}

impl Default for Microphone {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::{BLOCK_SAMPLES, SILENT_BLOCK};

    const SOUND: Block = [0.1; BLOCK_SAMPLES];

    #[test]
    fn it_is_live_with_the_first_samples_and_silent_after_five_seconds_of_zeros() {
        let mut microphone = Microphone::new();
        let start = Instant::now();
        assert_eq!(microphone.changed(start), Some(MicrophoneState::Starting));
        microphone.delivered(&SOUND, start);
        assert_eq!(microphone.changed(start), Some(MicrophoneState::Live));
        microphone.delivered(&SILENT_BLOCK, start + Duration::from_secs(4));
        assert_eq!(microphone.changed(start + Duration::from_secs(4)), None);
        microphone.delivered(&SILENT_BLOCK, start + Duration::from_secs(5));
        assert_eq!(
            microphone.changed(start + Duration::from_secs(5)),
            Some(MicrophoneState::Silent)
        );
        microphone.delivered(&SOUND, start + Duration::from_secs(6));
        assert_eq!(
            microphone.changed(start + Duration::from_secs(6)),
            Some(MicrophoneState::Live)
        );
    }

    #[test]
    fn a_lost_microphone_is_told_although_it_is_muted() {
        let mut microphone = Microphone::new();
        let now = Instant::now();
        microphone.delivered(&SOUND, now);
        microphone.set_muted(true);
        assert_eq!(microphone.changed(now), Some(MicrophoneState::Muted));
        microphone.lost();
        assert_eq!(microphone.changed(now), Some(MicrophoneState::Lost));
        microphone.delivered(&SILENT_BLOCK, now);
        assert_eq!(microphone.changed(now), Some(MicrophoneState::Muted));
    }
}
