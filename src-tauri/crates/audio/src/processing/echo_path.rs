//! Knows when the microphone cannot hear the speaker at all, as with headphones, and lets a caller pass whom the canceller would take away.
//!
//! An echo canceller that has found no echo yet cannot know that there is none, and takes every sound beside the far end for one: in its
//! first seconds a caller on headphones who speaks over a reply loses 60 dB. But a speaker that is loud while the microphone is not shows
//! how weak an echo can be at most. After a second of that, what is far louder than such an echo is somebody's voice, and passes as it came.
//!
//! It ends with the first window in which the microphone sounds like the speaker, or with three that are a little alike at one and the same
//! delay, which two voices never are: the headphones were pulled out. Runs on the audio thread, a block at a time; never allocates.

/// Share of the far end's energy below which an echo cannot be told from silence: −40 dB.
const INAUDIBLE: f32 = 1e-4;

/// How much louder than the weakest audible echo a microphone must be to hold somebody's voice: 10 dB.
const VOICE_OVER_ECHO: f32 = 10.0;

/// Far end below which nothing can be learnt of its echo: −50 dBFS.
const FAR_END_HEARD: f32 = 1e-5;

/// Comparisons without an audible echo after which there is none: a second of a loud speaker.
const EVIDENCE: u32 = 100;

/// Blocks for which a voice goes on passing after it was loud: as long as the quiet parts within a word.
const HOLD_BLOCKS: u32 = 15;

/// Correlation from which the delay of a window says something: the echo of a far wall.
const A_LITTLE_ALIKE: f32 = 0.25;

/// Windows in a row with one delay, beside the first, that make an echo of it.
const REPEATED: u32 = 2;

/// What is known of the way from the speaker to the microphone.
#[derive(Debug, Default)]
pub(super) struct EchoPath {
    /// Blocks in which the speaker was loud and no echo audible, since the last echo.
    without_echo: u32,
    /// Blocks for which a caller's voice passes.
    hold: u32,
    /// How much of the untouched microphone passes, 0 to 1.
    share: f32,
    /// Delay of the last window that was a little alike.
    delay: Option<i64>,
    /// Windows behind it with the same one.
    repeated: u32,
    /// Blocks since then.
    since: u32,
}

impl EchoPath {
    /// Notes one block: mean squares of the far end over the time in which its echo may arrive, and of the microphone. `correlation` is how
    /// alike both are, where they were compared: the square is the most of the microphone's energy that can be echo.
    pub fn note(&mut self, far: f32, near: f32, correlation: Option<f32>) {
        let alike = correlation.map_or(1.0, |correlation| correlation * correlation);
        self.since = self.since.saturating_add(1);
        if far > FAR_END_HEARD && near * alike < INAUDIBLE * far {
            self.without_echo = (self.without_echo + 1).min(EVIDENCE);
        }
        if self.is_absent() && far > FAR_END_HEARD && near > VOICE_OVER_ECHO * INAUDIBLE * far {
            self.hold = HOLD_BLOCKS;
        } else {
            self.hold = self.hold.saturating_sub(1);
        }
    }

    /// Notes where a window is most like the far end. Only windows that have no sample in common tell more than the one before.
    pub fn compared(&mut self, correlation: f32, delay: i64, window_blocks: u32, same_delay: i64) {
        if correlation < A_LITTLE_ALIKE || (self.delay.is_some() && self.since < window_blocks) {
            return;
        }
        let same = self.delay.is_some_and(|before| (delay - before).abs() <= same_delay);
        self.repeated = if same { self.repeated + 1 } else { 0 };
        self.delay = Some(delay);
        self.since = 0;
        if self.repeated >= REPEATED {
            self.is_there();
        }
    }

    /// The microphone sounds like the speaker.
    pub fn is_there(&mut self) {
        self.without_echo = 0;
        self.hold = 0;
    }

    /// No echo was audible for long enough.
    fn is_absent(&self) -> bool {
        self.without_echo >= EVIDENCE
    }

    /// Puts the microphone as it came in the place of what the canceller left of it, while a caller passes; from one to the other over a
    /// block.
    pub fn restore(&mut self, raw: &[f32], cleaned: &mut [f32]) {
        let target = if self.hold > 0 { 1.0 } else { 0.0 };
        let step = (target - self.share) / raw.len() as f32;
        if target == 0.0 && step == 0.0 {
            return;
        }
        for (cleaned, raw) in cleaned.iter_mut().zip(raw) {
            self.share += step;
            *cleaned += self.share * (raw - *cleaned);
        }
        self.share = target;
    }
}
