//! Whose turn it is: voice activity reported by the backend, or a key that the person holds.
//!
//! Pure; time is an input.

use std::time::Duration;

use super::moment::Moment;
use crate::frame::FRAME_MS;
use crate::identity::ItemId;

/// Shortest press of the push-to-talk key that counts. Backends refuse to commit less audio than this.
pub(crate) const SHORTEST_PRESS: Duration = Duration::from_millis(100);

/// Longest wait for the response that a backend starts by itself after a turn. It may find the turn empty and start none.
pub(crate) const AUTOMATIC_RESPONSE_DEADLINE: Duration = Duration::from_secs(5);

/// A press of the push-to-talk key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Press {
    since: Moment,
    /// Frames that were captured during it.
    frames: u64,
}

/// What the release of the key means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Release {
    /// The key was not down.
    NotPressed,
    /// Too short to mean anything: forget the audio.
    TooShort,
    /// A turn.
    Turn,
}

/// See the module's header.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    /// The caller speaks, by the backend's voice activity detection. The item is absent where the backend does not name it.
    speaking: Option<Option<ItemId>>,
    press: Option<Press>,
    /// A response is expected until this moment, although nobody has announced one.
    awaiting_until: Option<Moment>,
    /// End of the caller's last speech or keystroke, until a reply to it was heard.
    speech_end: Option<Moment>,
    /// Frames sent on this connection: the backend counts its audio positions from there.
    frames_sent: u64,
}

impl Turns {
    /// The caller began to speak.
    pub(crate) fn speech_started(&mut self, item: Option<ItemId>) {
        self.speaking = Some(item);
        self.awaiting_until = None;
        self.speech_end = None;
    }

    /// The caller stopped. `audio_end_ms` is the backend's position in the audio of this connection, `closing_silence` the silence that
    /// it waited for before it called that the end. Returns the item that was being spoken.
    pub(crate) fn speech_stopped(
        &mut self,
        audio_end_ms: u64,
        closing_silence: Duration,
        now: Moment,
    ) -> Option<ItemId> {
        let sent_ms = self.frames_sent * FRAME_MS;
        // A position of zero is one that the backend left out.
        let age = if audio_end_ms == 0 {
            0
        } else {
            sent_ms.saturating_sub(audio_end_ms)
        };
        self.speech_end = Some(now.before(Duration::from_millis(age) + closing_silence));
        self.awaiting_until = Some(now + AUTOMATIC_RESPONSE_DEADLINE);
        self.speaking.take().flatten()
    }

    /// A turn was given to the backend, which may answer it by itself.
    pub(crate) fn committed(&mut self, now: Moment) {
        self.speaking = None;
        self.speech_end.get_or_insert(now);
        self.awaiting_until = Some(now + AUTOMATIC_RESPONSE_DEADLINE);
    }

    /// The caller typed something.
    pub(crate) fn typed(&mut self, now: Moment) {
        self.speech_end = Some(now);
    }

    /// A response began or was asked for: nothing is awaited blindly any more.
    pub(crate) fn answered(&mut self) {
        self.awaiting_until = None;
    }

    /// Milliseconds from the end of the caller's speech to `sound`, once per turn.
    pub(crate) fn take_latency(&mut self, sound: Moment) -> Option<u64> {
        self.speech_end
            .take()
            .map(|end| super::moment::whole_ms(sound.since(end)))
    }

    /// True while the caller speaks or holds the key.
    pub(crate) fn is_speaking(&self) -> bool {
        self.speaking.is_some() || self.press.is_some()
    }

    /// True while the backend is expected to answer a turn by itself.
    pub(crate) fn is_awaiting(&self) -> bool {
        self.awaiting_until.is_some()
    }

    /// True while the key is down.
    pub(crate) fn is_pressed(&self) -> bool {
        self.press.is_some()
    }

    /// The key goes down. False when it was down already.
    pub(crate) fn press(&mut self, now: Moment) -> bool {
        let first = self.press.is_none();
        self.press.get_or_insert(Press { since: now, frames: 0 });
        first
    }

    /// The key goes up.
    pub(crate) fn release(&mut self, now: Moment) -> Release {
        let Some(press) = self.press.take() else {
            return Release::NotPressed;
        };
        let captured = Duration::from_millis(press.frames * FRAME_MS);
        if now.since(press.since) < SHORTEST_PRESS || captured < SHORTEST_PRESS {
            return Release::TooShort;
        }
        self.speech_end = Some(now);
        Release::Turn
    }

    /// A frame of the caller was taken.
    pub(crate) fn count_frame(&mut self) {
        if let Some(press) = &mut self.press {
            press.frames += 1;
        }
    }

    /// Frames went to the backend.
    pub(crate) fn count_sent(&mut self, frames: u64) {
        self.frames_sent += frames;
    }

    /// The call ends: what the caller does now is nobody's turn.
    pub(crate) fn stop_listening(&mut self) {
        self.speaking = None;
        self.press = None;
        self.awaiting_until = None;
    }

    /// The connection is gone. Returns true when the caller waited for an answer of the backend's own.
    pub(crate) fn connection_lost(&mut self) -> bool {
        self.frames_sent = 0;
        self.speaking = None;
        self.awaiting_until.take().is_some()
    }

    /// When [`Self::overdue`] has something to do.
    pub(crate) fn deadline(&self) -> Option<Moment> {
        self.awaiting_until
    }

    /// The backend found nothing to answer.
    pub(crate) fn overdue(&mut self, now: Moment) {
        self.awaiting_until = self.awaiting_until.filter(|until| now < *until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Moment {
        Moment(Duration::from_millis(ms))
    }

    #[test]
    fn the_end_of_speech_lies_before_the_silence_that_proved_it() {
        let mut turns = Turns::default();
        turns.count_sent(150);
        turns.speech_started(None);
        turns.speech_stopped(2_900, Duration::from_millis(500), at(10_000));
        assert_eq!(
            turns.take_latency(at(10_400)),
            Some(1_000),
            "100 ms on the way, 500 ms of silence, 400 ms until the sound"
        );
        assert_eq!(
            turns.take_latency(at(11_000)),
            None,
            "only the first sound after a turn is an answer to it"
        );
    }

    #[test]
    fn a_press_counts_when_it_lasted_and_something_was_captured() {
        let mut turns = Turns::default();
        turns.press(at(0));
        assert_eq!(turns.release(at(99)), Release::TooShort);
        turns.press(at(1_000));
        assert_eq!(
            turns.release(at(2_000)),
            Release::TooShort,
            "a dead microphone gives no turn"
        );
        turns.press(at(3_000));
        (0..5).for_each(|_| turns.count_frame());
        assert_eq!(turns.release(at(3_100)), Release::Turn);
        assert_eq!(turns.release(at(3_200)), Release::NotPressed);
    }
}
