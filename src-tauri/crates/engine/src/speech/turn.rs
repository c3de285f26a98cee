//! Turns: from one probability per frame to "started speaking" and "stopped speaking".
//!
//! A pure state machine. Time is counted in samples of the audio itself, so a late or fast-running stream gives the same
//! turns as a live one. Field names and meanings follow `server_vad` of the Realtime protocol.

use super::vad::{FRAME_SAMPLES, HEARING_RATE};

/// When somebody counts as speaking.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TurnSettings {
    /// Probability, 0 to 1, from which a frame counts as speech.
    pub threshold: f32,
    /// How far below [`threshold`](Self::threshold) a frame must fall to count as silence again. Without this gap a voice
    /// that hovers at the threshold would flicker.
    pub hysteresis: f32,
    /// Audio in front of the first speech frame that belongs to the turn, in ms.
    pub prefix_padding_ms: u32,
    /// Silence that ends a turn, in ms.
    pub silence_duration_ms: u32,
    /// Speech shorter than this, in ms, is a click or a cough and starts no turn.
    pub min_speech_ms: u32,
    /// The same while the caller hears a reply. A loudspeaker's echo that a canceller lets through for a moment is such speech, too; somebody
    /// who interrupts goes on speaking.
    pub min_speech_over_reply_ms: u32,
}

impl Default for TurnSettings {
    fn default() -> Self {
        Self {
            threshold: 0.5,
            hysteresis: 0.15,
            prefix_padding_ms: 300,
            silence_duration_ms: 500,
            min_speech_ms: 96,
            min_speech_over_reply_ms: 160,
        }
    }
}

/// What the detector found, in ms since the stream began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TurnEvent {
    /// Somebody speaks.
    SpeechStarted {
        /// First audio of the turn: the first speech frame less the prefix padding, never before the end of the turn
        /// before.
        audio_start_ms: u64,
    },
    /// Nobody speaks any more.
    SpeechStopped {
        /// End of the audio of the turn, the closing silence included.
        audio_end_ms: u64,
        /// End of the last speech frame: the moment from which a caller waits for an answer.
        speech_end_ms: u64,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Silence,
    /// Speech that is still too short to count, since this frame.
    Candidate {
        first: u64,
    },
    /// A turn; the last frame with speech in it.
    Speaking {
        last: u64,
    },
}

/// Finds turns in a stream of probabilities.
#[derive(Debug, Clone)]
pub struct TurnDetector {
    settings: TurnSettings,
    state: State,
    /// Silence that ends the open turn, in ms.
    silence_ms: u32,
    /// The caller hears a reply.
    over_reply: bool,
    /// Frames taken so far.
    frames: u64,
    /// End of the turn before, in samples; padding does not reach behind it.
    floor: u64,
}

impl TurnDetector {
    /// A detector at time zero.
    #[must_use]
    pub fn new(settings: TurnSettings) -> Self {
        Self {
            settings,
            state: State::Silence,
            silence_ms: settings.silence_duration_ms,
            over_reply: false,
            frames: 0,
            floor: 0,
        }
    }

    /// Tells whether the caller hears a reply in the frames that come. Says nothing about a turn that is open.
    pub fn set_over_reply(&mut self, over_reply: bool) {
        self.over_reply = over_reply;
    }

    /// Asks for another silence than the settings' to end the open turn, in ms, because its words tell that more follows, or nothing more.
    /// Each turn begins with the settings' own.
    pub fn set_silence_ms(&mut self, silence_ms: u32) {
        self.silence_ms = silence_ms;
    }

    /// Takes the probability of the next frame of [`FRAME_SAMPLES`] samples.
    pub fn push(&mut self, probability: f32) -> Option<TurnEvent> {
        let frame = self.frames;
        self.frames += 1;
        // NaN compares false with everything: it can neither start speech nor count as a frame of it.
        let enters = probability >= self.settings.threshold;
        let stays = probability >= self.settings.threshold - self.settings.hysteresis;
        match self.state {
            State::Silence if enters => self.count_candidate(frame, frame),
            State::Silence => None,
            State::Candidate { first } if stays => self.count_candidate(first, frame),
            State::Candidate { .. } => {
                self.state = State::Silence;
                None
            }
            State::Speaking { .. } if stays => {
                self.state = State::Speaking { last: frame };
                None
            }
            State::Speaking { last } => (samples_of(frame - last) >= samples(self.silence_ms)).then(|| self.stop(last)),
        }
    }

    /// Ends a turn that is open, because the stream ended or was committed by hand.
    pub fn finish(&mut self) -> Option<TurnEvent> {
        match self.state {
            State::Speaking { last } => Some(self.stop(last)),
            State::Silence | State::Candidate { .. } => {
                self.state = State::Silence;
                None
            }
        }
    }

    /// Whether a turn is open.
    #[must_use]
    pub fn is_speaking(&self) -> bool {
        matches!(self.state, State::Speaking { .. })
    }

    /// Silence since the last speech frame of the open turn, in ms; none while no turn is open. Lets recognition start
    /// before the turn is over.
    #[must_use]
    pub fn trailing_silence_ms(&self) -> Option<u64> {
        match self.state {
            State::Speaking { last } => Some(milliseconds(samples_of(self.frames - 1 - last))),
            State::Silence | State::Candidate { .. } => None,
        }
    }

    /// Time heard so far, in ms.
    #[must_use]
    pub fn elapsed_ms(&self) -> u64 {
        milliseconds(samples_of(self.frames))
    }

    fn count_candidate(&mut self, first: u64, frame: u64) -> Option<TurnEvent> {
        let shortest = if self.over_reply {
            self.settings.min_speech_over_reply_ms
        } else {
            self.settings.min_speech_ms
        };
        if samples_of(frame + 1 - first) < samples(shortest) {
            self.state = State::Candidate { first };
            return None;
        }
        self.state = State::Speaking { last: frame };
        self.silence_ms = self.settings.silence_duration_ms;
        let start = samples_of(first)
            .saturating_sub(samples(self.settings.prefix_padding_ms))
            .max(self.floor);
        Some(TurnEvent::SpeechStarted {
            audio_start_ms: milliseconds(start),
        })
    }

    fn stop(&mut self, last: u64) -> TurnEvent {
        self.state = State::Silence;
        self.floor = samples_of(self.frames);
        TurnEvent::SpeechStopped {
            audio_end_ms: milliseconds(self.floor),
            speech_end_ms: milliseconds(samples_of(last + 1)),
        }
    }
}

fn samples_of(frames: u64) -> u64 {
    frames * FRAME_SAMPLES as u64
}

fn samples(milliseconds: u32) -> u64 {
    u64::from(milliseconds) * u64::from(HEARING_RATE) / 1000
}

fn milliseconds(samples: u64) -> u64 {
    samples * 1000 / u64::from(HEARING_RATE)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn events(settings: TurnSettings, probabilities: &[f32]) -> Vec<TurnEvent> {
        let mut detector = TurnDetector::new(settings);
        probabilities
            .iter()
            .filter_map(|probability| detector.push(*probability))
            .collect()
    }

    fn frames(pieces: &[(usize, f32)]) -> Vec<f32> {
        pieces
            .iter()
            .flat_map(|(count, probability)| std::iter::repeat_n(*probability, *count))
            .collect()
    }

    #[test]
    fn speech_between_silences_is_one_turn_with_padding_and_closing_silence() {
        let heard = events(TurnSettings::default(), &frames(&[(50, 0.0), (40, 0.9), (50, 0.0)]));
        assert_eq!(
            heard,
            [
                TurnEvent::SpeechStarted {
                    audio_start_ms: 50 * 32 - 300
                },
                TurnEvent::SpeechStopped {
                    audio_end_ms: 106 * 32,
                    speech_end_ms: 90 * 32
                },
            ]
        );
    }

    #[test]
    fn a_click_shorter_than_the_minimum_starts_no_turn() {
        assert!(events(TurnSettings::default(), &frames(&[(10, 0.0), (2, 0.99), (30, 0.0)])).is_empty());
    }

    #[test]
    fn over_a_reply_a_moment_of_echo_starts_no_turn_and_a_caller_does() {
        let mut detector = TurnDetector::new(TurnSettings::default());
        let mut speak = |frames: usize| (0..frames).filter_map(|_| detector.push(0.9)).count();
        assert_eq!(speak(3), 1, "without a reply a short word is one");
        let mut detector = TurnDetector::new(TurnSettings::default());
        detector.set_over_reply(true);
        for _ in 0..4 {
            assert_eq!(detector.push(0.9), None);
        }
        assert_eq!(detector.push(0.0), None);
        for _ in 0..4 {
            assert_eq!(detector.push(0.9), None);
        }
        assert_eq!(detector.push(0.9), Some(TurnEvent::SpeechStarted { audio_start_ms: 0 }));
    }

    #[test]
    fn a_pause_shorter_than_the_silence_keeps_the_turn_open() {
        let heard = events(
            TurnSettings::default(),
            &frames(&[(10, 0.9), (14, 0.0), (10, 0.9), (20, 0.0)]),
        );
        assert_eq!(heard.len(), 2);
    }

    #[test]
    fn one_turn_may_wait_longer_and_the_next_waits_as_usual() {
        let mut detector = TurnDetector::new(TurnSettings::default());
        let mut stops_after = |silence_ms: Option<u32>| {
            for _ in 0..10 {
                detector.push(0.9);
            }
            if let Some(silence_ms) = silence_ms {
                detector.set_silence_ms(silence_ms);
            }
            (1..200).find(|_| detector.push(0.0).is_some())
        };
        assert_eq!(stops_after(Some(2_000)), Some(63));
        assert_eq!(stops_after(None), Some(16));
        assert_eq!(stops_after(Some(300)), Some(10));
    }

    #[test]
    fn a_voice_that_hovers_below_the_threshold_stays_in_the_turn() {
        let heard = events(TurnSettings::default(), &frames(&[(10, 0.9), (100, 0.4)]));
        assert_eq!(heard, [TurnEvent::SpeechStarted { audio_start_ms: 0 }]);
    }

    #[test]
    fn padding_does_not_reach_into_the_turn_before() {
        let heard = events(
            TurnSettings::default(),
            &frames(&[(10, 0.9), (16, 0.0), (3, 0.0), (10, 0.9)]),
        );
        assert_eq!(
            heard[2],
            TurnEvent::SpeechStarted {
                audio_start_ms: 26 * 32
            }
        );
    }

    #[test]
    fn finishing_closes_an_open_turn_once() {
        let mut detector = TurnDetector::new(TurnSettings::default());
        for _ in 0..10 {
            detector.push(0.9);
        }
        assert_eq!(detector.trailing_silence_ms(), Some(0));
        assert!(matches!(
            detector.finish(),
            Some(TurnEvent::SpeechStopped {
                audio_end_ms: 320,
                speech_end_ms: 320
            })
        ));
        assert_eq!(detector.finish(), None);
    }

    prop_compose! {
        fn settings()(
            threshold in 0.2_f32..0.9,
            hysteresis in 0.0_f32..0.2,
            prefix_padding_ms in 0_u32..1000,
            silence_duration_ms in 0_u32..2000,
            min_speech_ms in 0_u32..500,
            min_speech_over_reply_ms in 0_u32..500,
        ) -> TurnSettings {
            TurnSettings {
                threshold, hysteresis, prefix_padding_ms, silence_duration_ms, min_speech_ms, min_speech_over_reply_ms,
            }
        }
    }

    proptest! {
        #[test]
        fn starts_and_stops_alternate_and_time_never_runs_back(
            settings in settings(),
            frames in proptest::collection::vec((prop_oneof![0.0_f32..1.0, Just(f32::NAN)], any::<bool>()), 0..600),
        ) {
            let mut detector = TurnDetector::new(settings);
            let mut heard: Vec<TurnEvent> = frames
                .iter()
                .filter_map(|(probability, over_reply)| {
                    detector.set_over_reply(*over_reply);
                    detector.push(*probability)
                })
                .collect();
            heard.extend(detector.finish());
            let mut clock = 0;
            for (index, event) in heard.iter().enumerate() {
                match event {
                    TurnEvent::SpeechStarted { audio_start_ms } => {
                        prop_assert_eq!(index % 2, 0);
                        prop_assert!(*audio_start_ms >= clock);
                        clock = *audio_start_ms;
                    }
                    TurnEvent::SpeechStopped { audio_end_ms, speech_end_ms } => {
                        prop_assert_eq!(index % 2, 1);
                        prop_assert!(speech_end_ms <= audio_end_ms && *speech_end_ms > clock);
                        clock = *audio_end_ms;
                    }
                }
            }
            prop_assert_eq!(heard.len() % 2, 0);
            prop_assert!(clock <= detector.elapsed_ms());
        }

        #[test]
        fn a_turn_is_closed_exactly_when_the_silence_is_long_enough(
            settings in settings(),
            speech in 20_usize..60,
        ) {
            let mut detector = TurnDetector::new(settings);
            for _ in 0..speech {
                detector.push(1.0);
            }
            let needed = (u64::from(settings.silence_duration_ms) * 16).div_ceil(512).max(1);
            for _ in 1..needed {
                prop_assert_eq!(detector.push(0.0), None);
            }
            let stopped = matches!(detector.push(0.0), Some(TurnEvent::SpeechStopped { .. }));
            prop_assert!(stopped);
        }
    }
}
