//! The ear: one thread per connection that finds turns in the caller's audio and writes them down.
//!
//! Blocks on inference. Time is counted in samples of the audio itself, so a stream that runs faster than real time gives the same turns.
//! Recognition starts on trial at [`TRIAL_SILENCE_MS`] of silence; when the turn then ends without another word, the text is ready. The
//! words heard so far tell how long that silence must be: see [`patience`].

mod partial;
mod patience;
mod plausible;

use std::sync::Arc;

use tokio::sync::mpsc;

use partial::Partial;
use plausible::is_plausible;

use super::connection::WorkerEvent;
use super::limits::{LONGEST_TURN_MS, PARTIAL_BACKLOG, REPLY_TAIL_MS, TRIAL_SILENCE_MS};
use super::local_speech::{Hearing, LocalSpeech};
use crate::dialogue::Expectation;
use crate::speech::{HEARING_RATE, HearingResampler, SpeechError, TurnDetector, TurnEvent, TurnSettings, WIRE_RATE};

/// What the ear is told.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum EarCommand {
    /// How turns are found; `None` leaves that to the client.
    Configure(Option<TurnSettings>),
    /// Silence after a reply, in ms, after which the caller counts as idle; `None` for never.
    IdleAfter(Option<u64>),
    /// PCM16 of the caller.
    Audio {
        /// The samples.
        samples: Vec<i16>,
        /// Samples per second, as the session's format has them.
        rate: u32,
    },
    /// The audio since the last commit or clear is a turn.
    Commit,
    /// Forget the audio since the last commit.
    Clear,
    /// So many more samples of a reply, at 24 kHz, are on their way to the caller's ear.
    ReplySounds(u64),
    /// The caller hears no reply any more.
    ReplyEnded,
    /// What kind of answer the last reply waits for.
    Expect(Expectation),
    /// Whether words are told while a turn goes on.
    WriteAlong(bool),
}

/// What the ear tells. Times are ms of input audio since the connection began.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum EarEvent {
    /// Somebody speaks.
    Started {
        /// First audio of the turn.
        audio_start_ms: u64,
    },
    /// Words of the open turn beside those told before; the turn's text most likely begins with them.
    Words(String),
    /// Nobody has spoken for as long as was configured, since the last reply was over.
    Idle {
        /// End of that reply.
        audio_start_ms: u64,
        /// Now.
        audio_end_ms: u64,
    },
    /// Nobody speaks any more.
    Stopped {
        /// End of the turn's audio.
        audio_end_ms: u64,
    },
    /// The text of a turn that was stopped or committed, in that order.
    Text {
        /// The words; empty when nothing was understood, or nothing that can have been said.
        text: String,
        /// 0 to 1.
        confidence: f32,
        /// Length of the turn in seconds.
        seconds: f64,
    },
    /// A turn could not be written down. In plain words.
    Failed(String),
}

pub(super) use partial::rest_after;

/// The text of a turn with the recogniser's confidence, or why there is none, in plain words.
type Written = Result<(String, f32), String>;

/// One connection's hearing.
struct Ear<'a> {
    speech: &'a dyn LocalSpeech,
    hearing: Box<dyn Hearing>,
    resampler: HearingResampler,
    /// Samples per second that come in.
    rate: u32,
    detector: Option<TurnDetector>,
    /// 16 kHz audio that a turn may still need; its first sample is number `dropped`.
    audio: Vec<f32>,
    dropped: u64,
    /// Samples before this one belong to a turn that is over, or were cleared.
    floor: u64,
    /// Frames that the detector has taken since it was made, and the sample at which it was.
    detector_origin: u64,
    /// First sample of the open turn.
    turn_start: Option<u64>,
    /// Text of the open turn up to a silence, with the end of the audio it was made from.
    trial: Option<(u64, Written)>,
    prefix_samples: u64,
    /// Silence that ends a turn where its words do not tell otherwise, in ms.
    usual_silence_ms: u32,
    /// What kind of answer is waited for.
    expectation: Expectation,
    /// Words are told while a turn goes on.
    writes_along: bool,
    /// The words of the open turn so far.
    partial: Partial,
    /// Sample up to which a reply is heard by the caller, its echo included. An estimate: the client plays as it arrives.
    reply_until: u64,
    /// Samples of silence after a reply, after which the caller counts as idle.
    idle_after: Option<u64>,
    /// A reply was sent, and since then nobody has spoken and no idleness was told.
    awaits_caller: bool,
}

/// Runs until the commands end or nobody takes the events.
pub(crate) fn run(
    speech: &Arc<dyn LocalSpeech>,
    mut commands: mpsc::Receiver<EarCommand>,
    events: &mpsc::Sender<WorkerEvent>,
) {
    let resampler = match HearingResampler::new(WIRE_RATE) {
        Ok(resampler) => resampler,
        Err(error) => {
            let _ = events.blocking_send(WorkerEvent::Ear(EarEvent::Failed(error.to_string())));
            return;
        }
    };
    let mut ear = Ear {
        speech: &**speech,
        hearing: speech.listen(),
        resampler,
        rate: WIRE_RATE,
        detector: None,
        audio: Vec::new(),
        dropped: 0,
        floor: 0,
        detector_origin: 0,
        turn_start: None,
        trial: None,
        prefix_samples: 0,
        usual_silence_ms: 0,
        expectation: Expectation::default(),
        writes_along: false,
        partial: Partial::begin(),
        reply_until: 0,
        idle_after: None,
        awaits_caller: false,
    };
    while let Some(command) = commands.blocking_recv() {
        let mut heard = Vec::new();
        if let Err(error) = ear.take(command, &mut heard) {
            // Of no turn: told as a turn's failure, it would be taken for that of one that waits to be written down.
            tracing::warn!(%error, "some of the caller's sound was lost");
        }
        if commands.len() <= PARTIAL_BACKLOG {
            ear.write_along(&mut heard);
        }
        for event in heard {
            if events.blocking_send(WorkerEvent::Ear(event)).is_err() {
                return;
            }
        }
    }
}

impl Ear<'_> {
    fn take(&mut self, command: EarCommand, heard: &mut Vec<EarEvent>) -> Result<(), SpeechError> {
        match command {
            EarCommand::Configure(settings) => self.configure(settings),
            EarCommand::IdleAfter(after) => self.idle_after = after.map(samples),
            EarCommand::Audio { samples, rate } => self.listen(&samples, rate, heard)?,
            EarCommand::Commit => self.commit(heard),
            EarCommand::Clear => self.clear(),
            EarCommand::ReplySounds(wire_samples) => {
                let length = wire_samples * u64::from(HEARING_RATE) / u64::from(WIRE_RATE);
                self.reply_until = self.reply_until.max(self.end() + samples(REPLY_TAIL_MS)) + length;
                self.awaits_caller = true;
            }
            EarCommand::Expect(expectation) => self.expectation = expectation,
            EarCommand::WriteAlong(along) => self.writes_along = along,
            EarCommand::ReplyEnded => self.reply_until = self.reply_until.min(self.end() + samples(REPLY_TAIL_MS)),
        }
        Ok(())
    }

    fn configure(&mut self, settings: Option<TurnSettings>) {
        self.prefix_samples = settings.map_or(0, |settings| samples(u64::from(settings.prefix_padding_ms)));
        self.usual_silence_ms = settings.map_or(0, |settings| settings.silence_duration_ms);
        self.detector = settings.map(TurnDetector::new);
        self.detector_origin = self.end();
        self.turn_start = None;
        self.trial = None;
    }

    /// Number of samples heard so far.
    fn end(&self) -> u64 {
        self.dropped + self.audio.len() as u64
    }

    fn listen(&mut self, wire: &[i16], rate: u32, heard: &mut Vec<EarEvent>) -> Result<(), SpeechError> {
        if rate != self.rate {
            // The format changed between two pieces; the filter's last milliseconds are of the old one.
            self.resampler = HearingResampler::new(rate)?;
            self.rate = rate;
        }
        let new = self.resampler.push(wire)?;
        self.audio.extend_from_slice(&new);
        let probabilities = self.hearing.push(&new)?;
        for probability in probabilities {
            self.frame(probability, heard);
        }
        self.notice_idleness(heard);
        self.forget();
        Ok(())
    }

    fn notice_idleness(&mut self, heard: &mut Vec<EarEvent>) {
        let Some(after) = self.idle_after.filter(|_| self.awaits_caller) else {
            return;
        };
        let (start, end) = (self.reply_until, self.end());
        if self.turn_start.is_none() && end >= start + after {
            self.awaits_caller = false;
            heard.push(EarEvent::Idle {
                audio_start_ms: milliseconds(start),
                audio_end_ms: milliseconds(end),
            });
        }
    }

    fn frame(&mut self, probability: f32, heard: &mut Vec<EarEvent>) {
        let origin = self.detector_origin;
        let end = self.end();
        let Some(detector) = &mut self.detector else { return };
        detector.set_over_reply(end < self.reply_until);
        match detector.push(probability) {
            Some(TurnEvent::SpeechStarted { audio_start_ms }) => {
                let start = (origin + samples(audio_start_ms)).max(self.floor);
                self.turn_start = Some(start);
                self.trial = None;
                self.partial = Partial::begin();
                self.awaits_caller = false;
                heard.push(EarEvent::Started {
                    audio_start_ms: milliseconds(start),
                });
            }
            Some(TurnEvent::SpeechStopped { speech_end_ms, .. }) => {
                // However long the silence was: a client takes the usual one off to learn when the caller fell silent.
                let usual = samples(u64::from(self.usual_silence_ms));
                let end = (origin + samples(speech_end_ms) + usual).min(self.end());
                heard.push(EarEvent::Stopped {
                    audio_end_ms: milliseconds(end),
                });
                self.finish(end, heard);
            }
            None => match detector.trailing_silence_ms() {
                Some(silence) if silence >= TRIAL_SILENCE_MS && self.trial.is_none() => self.try_out(heard),
                Some(silence) if silence < TRIAL_SILENCE_MS && self.trial.take().is_some() => {
                    detector.set_silence_ms(self.usual_silence_ms);
                }
                _ => {}
            },
        }
    }

    /// Writes the open turn down as if it were over, and learns from the words how long to wait for more.
    fn try_out(&mut self, heard: &mut Vec<EarEvent>) {
        let Some(start) = self.turn_start else { return };
        let end = self.end();
        let written = self.write(start, end);
        let text = written.as_ref().map_or("", |(text, _)| text.as_str());
        let silence_ms = patience::silence_ms(self.expectation, text, self.usual_silence_ms);
        if self.writes_along {
            heard.extend(self.partial.take(text, milliseconds(end - start)).map(EarEvent::Words));
        }
        self.trial = Some((end, written));
        if let Some(detector) = &mut self.detector {
            detector.set_silence_ms(silence_ms);
        }
    }

    /// Tells words of the open turn while somebody speaks, where that is wanted and due.
    fn write_along(&mut self, heard: &mut Vec<EarEvent>) {
        let Some(start) = self.turn_start.filter(|_| self.writes_along) else {
            return;
        };
        let speaks = self.detector.as_ref().and_then(TurnDetector::trailing_silence_ms) == Some(0);
        let end = self.end();
        let length_ms = milliseconds(end - start);
        if speaks && self.partial.is_due(length_ms) {
            // A failure is told when the turn is over.
            let text = self.write(start, end).map_or_else(|_| String::new(), |(text, _)| text);
            heard.extend(self.partial.take(&text, length_ms).map(EarEvent::Words));
        }
    }

    /// Ends the open turn at a sample and tells its text.
    fn finish(&mut self, end: u64, heard: &mut Vec<EarEvent>) {
        let start = self.turn_start.take().unwrap_or(self.floor);
        let written = match self.trial.take() {
            Some((_, written)) => written,
            None => self.write(start, end),
        };
        let seconds = end.saturating_sub(start) as f64 / f64::from(HEARING_RATE);
        heard.push(match written {
            Ok((text, confidence)) => EarEvent::Text {
                text,
                confidence,
                seconds,
            },
            Err(reason) => EarEvent::Failed(reason),
        });
        self.floor = end;
    }

    fn write(&self, start: u64, end: u64) -> Written {
        let within = |sample: u64| {
            usize::try_from(sample.saturating_sub(self.dropped))
                .unwrap_or(usize::MAX)
                .min(self.audio.len())
        };
        let clip = &self.audio[within(start)..within(end).max(within(start))];
        let recognition = self.speech.recognise(clip).map_err(|error| error.to_string())?;
        let (text, confidence) = (recognition.text.trim(), recognition.confidence());
        if is_plausible(text, clip.len() as f64 / f64::from(HEARING_RATE)) {
            Ok((text.to_owned(), confidence))
        } else {
            tracing::debug!(
                words = text.split_whitespace().count(),
                "a text that nobody can have said was refused"
            );
            Ok((String::new(), 0.0))
        }
    }

    fn commit(&mut self, heard: &mut Vec<EarEvent>) {
        let end = self.end();
        self.trial = None;
        self.turn_start = Some(self.turn_start.unwrap_or(self.floor));
        self.finish(end, heard);
        self.restart();
    }

    fn clear(&mut self) {
        self.floor = self.end();
        self.turn_start = None;
        self.trial = None;
        self.restart();
    }

    /// A detector without an open turn, from here on.
    fn restart(&mut self) {
        if let Some(detector) = &mut self.detector {
            let _ = detector.finish();
        }
    }

    /// Drops audio that no turn can need any more.
    fn forget(&mut self) {
        let longest = samples(LONGEST_TURN_MS);
        let oldest = match (self.turn_start, &self.detector) {
            (Some(start), _) => start,
            // A start is found a little after it happened, and padding reaches further back.
            (None, Some(_)) => self
                .end()
                .saturating_sub(self.prefix_samples + samples(LEAST_KEPT_MS))
                .max(self.floor),
            (None, None) => self.floor,
        };
        let keep_from = oldest.max(self.end().saturating_sub(longest)).max(self.dropped);
        let drop = usize::try_from(keep_from - self.dropped)
            .unwrap_or(usize::MAX)
            .min(self.audio.len());
        if drop >= FORGET_SAMPLES {
            self.audio.drain(..drop);
            self.dropped += drop as u64;
        }
    }
}

/// Audio kept before a possible start, beside the padding, in ms: the shortest speech that counts lies in it.
const LEAST_KEPT_MS: u64 = 1_000;

/// Audio is dropped in blocks, so that the buffer is not moved with every frame.
const FORGET_SAMPLES: usize = HEARING_RATE as usize;

fn samples(milliseconds: u64) -> u64 {
    milliseconds * u64::from(HEARING_RATE) / 1_000
}

fn milliseconds(samples: u64) -> u64 {
    samples * 1_000 / u64::from(HEARING_RATE)
}
