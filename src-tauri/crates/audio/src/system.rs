//! The audio of this computer as the rest of the program sees it: devices, calls, microphone preview, test tone.
//!
//! All handles are cheap to clone or move and may be used on any thread; nothing here waits for a sound system except where it is async.

use std::sync::Arc;

use frontdesk_call::event::{LegKind, MicrophoneState};
use frontdesk_call::frame::SAMPLE_RATE;
use frontdesk_call::identity::ItemId;
use frontdesk_call::leg::{Leg, LegEvent, LegSink};
use frontdesk_call::{Problem, ProblemKind};
use tokio::sync::{mpsc, watch};

use crate::device::host::HostChoice;
use crate::device::id::{DeviceChoice, InputDeviceId, OutputDeviceId};
use crate::device::list::DeviceList;
use crate::device::stream::StreamOpener;
use crate::device::watcher::DeviceWatcher;
use crate::diagnostics::Diagnostics;
use crate::engine::{Engine, EngineHandle, Mailbox, Message, Purpose};
use crate::error::AudioError;
use crate::level::Levels;
use crate::processing::ProcessingSettings;
use crate::settings::AudioSettings;
use crate::signal::{fade_in, fade_out, sine_sample, to_i16};

/// Length of the test tone in samples: one second.
const TONE_SAMPLES: usize = SAMPLE_RATE as usize;

/// Pitch of the test tone in hertz.
const TONE_HERTZ: f64 = 440.0;

/// Loudness of the test tone: −12 dB, heard on any speaker and not a shock on headphones.
const TONE_AMPLITUDE: f32 = 0.25;

/// Samples over which the test tone rises and falls.
const TONE_RAMP: usize = SAMPLE_RATE as usize / 50;

/// The audio of this computer.
#[derive(Clone)]
pub struct AudioSystem {
    watcher: DeviceWatcher,
    opener: StreamOpener,
}

/// A call over this computer's microphone and speaker.
pub struct NativeLeg {
    /// For the session.
    pub leg: Leg,
    /// For the person.
    pub control: LegControl,
}

impl AudioSystem {
    /// Starts the device thread. Devices are listed in the background.
    ///
    /// # Errors
    /// [`AudioError::Internal`] when the system gives no thread. A missing sound system is no error here; the list says so.
    pub fn start(host: HostChoice) -> Result<Self, AudioError> {
        Ok(Self {
            watcher: DeviceWatcher::start(host.clone())?,
            opener: StreamOpener::new(host),
        })
    }

    /// The devices as they come and go. While a receiver lives they are looked at every two seconds.
    #[must_use]
    pub fn devices(&self) -> watch::Receiver<Arc<DeviceList>> {
        self.watcher.subscribe()
    }

    /// A fresh list of devices.
    pub async fn refresh_devices(&self) -> Arc<DeviceList> {
        self.watcher.refresh().await
    }

    /// Opens microphone and speaker for a call, in the background: what becomes of them arrives as events. No frame comes before
    /// [`LegSink::open`].
    ///
    /// # Errors
    /// [`AudioError::Internal`] when the system gives no thread. Missing devices are warnings of the leg: they may come back.
    pub fn open_leg(&self, settings: &AudioSettings) -> Result<NativeLeg, AudioError> {
        let engine = self.start_engine(Purpose {
            input: Some(settings.input.clone()),
            output: Some(settings.output.clone()),
            processing: settings.processing,
        })?;
        let control = LegControl {
            mailbox: engine.mailbox.clone(),
            levels: engine.levels,
            diagnostics: engine.diagnostics,
        };
        let sink = Box::new(NativeSink {
            mailbox: engine.mailbox,
        });
        let leg = Leg {
            kind: LegKind::Native,
            truncates_itself: false,
            events: engine.events,
            sink,
        };
        Ok(NativeLeg { leg, control })
    }

    /// Listens to a microphone without a call, for its meter. Nothing that it hears leaves the audio thread.
    ///
    /// # Errors
    /// [`AudioError::Internal`] when the system gives no thread.
    pub fn preview_microphone(&self, input: DeviceChoice<InputDeviceId>) -> Result<MicrophonePreview, AudioError> {
        let engine = self.start_engine(Purpose {
            input: Some(input),
            output: None,
            processing: ProcessingSettings::NONE,
        })?;
        Ok(MicrophonePreview {
            mailbox: engine.mailbox,
            events: engine.events,
            levels: engine.levels,
        })
    }

    /// Plays a tone of one second.
    ///
    /// # Errors
    /// As [`play_clip`](Self::play_clip).
    pub fn play_test_tone(&self, output: DeviceChoice<OutputDeviceId>) -> Result<Clip, AudioError> {
        let mut tone: Vec<f32> = (0..TONE_SAMPLES)
            .map(|index| sine_sample(index, TONE_HERTZ, SAMPLE_RATE, TONE_AMPLITUDE))
            .collect();
        fade_in(&mut tone[..TONE_RAMP]);
        fade_out(&mut tone[TONE_SAMPLES - TONE_RAMP..]);
        self.play_clip(output, tone.into_iter().map(to_i16).collect())
    }

    /// Plays some sound: mono PCM16 at 24 kHz.
    ///
    /// # Errors
    /// [`AudioError::Internal`] when the system gives no thread; a speaker that does not open is told by [`Clip::played`].
    pub fn play_clip(&self, output: DeviceChoice<OutputDeviceId>, samples: Vec<i16>) -> Result<Clip, AudioError> {
        let engine = self.start_engine(Purpose {
            input: None,
            output: Some(output),
            processing: ProcessingSettings::NONE,
        })?;
        let item = ItemId::new("clip");
        engine.mailbox.send(Message::Play {
            item: item.clone(),
            samples,
        });
        engine.mailbox.send(Message::Finish { item });
        Ok(Clip {
            mailbox: engine.mailbox,
            events: engine.events,
        })
    }

    fn start_engine(&self, purpose: Purpose) -> Result<EngineHandle, AudioError> {
        Engine::start(purpose, self.opener.clone(), self.watcher.subscribe())
    }
}

/// What a person can do with a call's audio while it runs. Ends with the call; then it does nothing.
#[derive(Clone)]
pub struct LegControl {
    mailbox: Mailbox,
    levels: watch::Sender<Levels>,
    diagnostics: watch::Receiver<Diagnostics>,
}

impl LegControl {
    /// Changes the microphone. The old one is used until the new one delivers; when that fails, it stays.
    pub fn switch_input(&self, choice: DeviceChoice<InputDeviceId>) {
        self.mailbox.send(Message::ChooseInput(choice));
    }

    /// Changes the speaker. The voice goes on at the first unheard sample.
    pub fn switch_output(&self, choice: DeviceChoice<OutputDeviceId>) {
        self.mailbox.send(Message::ChooseOutput(choice));
    }

    /// The person's mute switch.
    pub fn set_muted(&self, muted: bool) {
        self.mailbox.send(Message::Mute(muted));
    }

    /// Switches echo cancellation, noise suppression and gain control.
    pub fn set_processing(&self, settings: ProcessingSettings) {
        self.mailbox.send(Message::Processing(settings));
    }

    /// Levels of both sides, 15 times a second for as long as the receiver lives. Drop it while nobody looks.
    #[must_use]
    pub fn levels(&self) -> watch::Receiver<Levels> {
        self.levels.subscribe()
    }

    /// The latest snapshot of the audio path, at most half a second old; after the end of the call, the last one.
    #[must_use]
    pub fn diagnostics(&self) -> Diagnostics {
        self.diagnostics.borrow().clone()
    }
}

/// The session's end of a native leg.
struct NativeSink {
    mailbox: Mailbox,
}

impl LegSink for NativeSink {
    fn open(&mut self) {
        self.mailbox.send(Message::Open);
    }

    fn play(&mut self, item: &ItemId, samples: &[i16]) {
        self.mailbox.send(Message::Play {
            item: item.clone(),
            samples: samples.to_vec(),
        });
    }

    fn finish(&mut self, item: &ItemId) {
        self.mailbox.send(Message::Finish { item: item.clone() });
    }

    fn flush(&mut self) {
        self.mailbox.send(Message::Flush);
    }

    fn set_muted(&mut self, muted: bool) {
        self.mailbox.send(Message::Mute(muted));
    }

    fn set_busy(&mut self, _busy: bool) {
        // A person needs no telling when to speak.
    }

    fn close(&mut self) {
        self.mailbox.send(Message::Close);
    }
}

impl Drop for NativeSink {
    fn drop(&mut self) {
        // A session that ends without a word must not leave the microphone open.
        self.mailbox.send(Message::Close);
    }
}

/// A microphone that is listened to for its meter. Dropping it closes the microphone.
pub struct MicrophonePreview {
    mailbox: Mailbox,
    events: mpsc::Receiver<LegEvent>,
    levels: watch::Sender<Levels>,
}

/// What a preview has to say.
#[derive(Clone, Debug, PartialEq)]
pub enum PreviewEvent {
    /// The microphone's state changed.
    State(MicrophoneState),
    /// This device is heard.
    Device(String),
    /// It does not work, for this reason.
    Problem(Problem),
}

impl MicrophonePreview {
    /// The meter.
    #[must_use]
    pub fn levels(&self) -> watch::Receiver<Levels> {
        self.levels.subscribe()
    }

    /// Listens to another microphone.
    pub fn switch(&self, choice: DeviceChoice<InputDeviceId>) {
        self.mailbox.send(Message::ChooseInput(choice));
    }

    /// The next news; `None` after the end.
    pub async fn next(&mut self) -> Option<PreviewEvent> {
        loop {
            match self.events.recv().await? {
                LegEvent::Microphone(state) => return Some(PreviewEvent::State(state)),
                LegEvent::Device { name, .. } => return Some(PreviewEvent::Device(name)),
                LegEvent::Warning(problem) | LegEvent::Failed(problem) => return Some(PreviewEvent::Problem(problem)),
                _ => {}
            }
        }
    }
}

impl Drop for MicrophonePreview {
    fn drop(&mut self) {
        self.mailbox.send(Message::Close);
    }
}

/// Sound that is being played. Dropping it stops it.
pub struct Clip {
    mailbox: Mailbox,
    events: mpsc::Receiver<LegEvent>,
}

impl Clip {
    /// Waits until it was heard to its end and answers the name of the speaker.
    ///
    /// # Errors
    /// Why the speaker does not work.
    pub async fn played(mut self) -> Result<String, Problem> {
        let mut speaker = String::new();
        while let Some(event) = self.events.recv().await {
            match event {
                LegEvent::Device { name, .. } => speaker = name,
                LegEvent::Finished { .. } => return Ok(speaker),
                LegEvent::Warning(problem) | LegEvent::Failed(problem) => return Err(problem),
                _ => {}
            }
        }
        Err(Problem::new(ProblemKind::Internal, "The sound was stopped."))
    }
}

impl Drop for Clip {
    fn drop(&mut self) {
        self.mailbox.send(Message::Close);
    }
}
