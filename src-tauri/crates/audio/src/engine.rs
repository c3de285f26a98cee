//! The audio thread of one call: everything slow between the device callbacks and the session.
//!
//! One named thread with raised priority, woken by a message or every [`WAKE_INTERVAL`]; it owns all state, and others reach it through the
//! bounded mailbox. It never opens or closes a device itself (that may block): stream threads do, and report here.

mod mailbox;
mod side;
mod step;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use frontdesk_call::leg::LegEvent;
use frontdesk_call::{Problem, ProblemAction, ProblemKind};
use tokio::sync::watch;

pub use mailbox::{MAILBOX_CAPACITY, Mailbox};
pub(crate) use mailbox::{Message, mailbox};

use crate::block::{BLOCK_SAMPLES, PROCESSING_RATE};
use crate::capture::{Framer, MicrophoneEnd};
use crate::device::id::{DeviceChoice, InputDeviceId, OutputDeviceId};
use crate::device::list::DeviceList;
use crate::device::stream::StreamOpener;
use crate::diagnostics::Diagnostics;
use crate::error::AudioError;
use crate::level::{LevelSender, Levels};
use crate::microphone::Microphone;
use crate::outbox::Outbox;
use crate::playback::{Playback, SpeakerEnd};
use crate::processing::{ProcessingSettings, VoiceProcessor};
use side::Side;

/// The longest sleep of the audio thread. Callbacks may not wake it (they touch no lock), so it looks by itself, three times per callback.
const WAKE_INTERVAL: Duration = Duration::from_millis(3);

/// Time between two diagnostics.
const DIAGNOSTICS_INTERVAL: Duration = Duration::from_millis(500);

/// Time that a closing call gives the speaker to ramp out.
const RAMP_OUT: Duration = Duration::from_millis(20);

/// What one audio thread is for.
pub(crate) struct Purpose {
    /// The microphone, if there is to be one.
    pub input: Option<DeviceChoice<InputDeviceId>>,
    /// The speaker, if there is to be one.
    pub output: Option<DeviceChoice<OutputDeviceId>>,
    /// What is done to the microphone.
    pub processing: ProcessingSettings,
}

/// What the starter of an audio thread gets.
pub(crate) struct EngineHandle {
    pub mailbox: Mailbox,
    pub events: tokio::sync::mpsc::Receiver<LegEvent>,
    pub levels: watch::Sender<Levels>,
    pub diagnostics: watch::Receiver<Diagnostics>,
}

/// State of the audio thread.
pub(crate) struct Engine {
    messages: Receiver<Message>,
    mailbox: Mailbox,
    outbox: Outbox,
    lists: watch::Receiver<Arc<DeviceList>>,
    listed_at: Option<Instant>,
    opener: StreamOpener,
    input: Option<Side<InputDeviceId, MicrophoneEnd>>,
    output: Option<Side<OutputDeviceId, SpeakerEnd>>,
    microphone: Microphone,
    microphone_end: Option<MicrophoneEnd>,
    framer: Framer,
    processor: VoiceProcessor,
    processing_failure_told: bool,
    playback: Playback,
    levels: LevelSender,
    diagnostics: watch::Sender<Diagnostics>,
    diagnostics_due: Instant,
    longest_pause: Duration,
    raised_priority: bool,
    open: bool,
}

impl Engine {
    /// Starts the thread; the devices open in the background.
    pub(crate) fn start(
        purpose: Purpose,
        opener: StreamOpener,
        lists: watch::Receiver<Arc<DeviceList>>,
    ) -> Result<EngineHandle, AudioError> {
        let internal = |error: &dyn std::error::Error| AudioError::Internal {
            detail: error.to_string(),
        };
        let (mailbox, messages) = mailbox();
        let (outbox, events) = Outbox::new();
        let levels = LevelSender::new();
        let (diagnostics, diagnostics_reader) = watch::channel(Diagnostics::default());
        let level_sender = levels.sender();
        let playback = Playback::new().map_err(|error| internal(&error))?;
        let now = Instant::now();
        let known = lists.borrow().clone();
        let input = purpose
            .input
            .map(|choice| Side::start(choice, known.inputs.clone(), now, microphone_opener(&opener, &mailbox)));
        let session_delay = playback.session_delay();
        let output = purpose.output.map(|choice| {
            Side::start(
                choice,
                known.outputs.clone(),
                now,
                speaker_opener(&opener, &mailbox, session_delay),
            )
        });
        let engine = Self {
            messages,
            mailbox: mailbox.clone(),
            outbox,
            lists,
            listed_at: None,
            opener,
            input,
            output,
            microphone: Microphone::new(),
            microphone_end: None,
            framer: Framer::new().map_err(|error| internal(&error))?,
            processor: VoiceProcessor::new(purpose.processing),
            processing_failure_told: false,
            playback,
            levels,
            diagnostics,
            diagnostics_due: now,
            longest_pause: Duration::ZERO,
            raised_priority: false,
            open: false,
        };
        std::thread::Builder::new()
            .name("frontdesk-audio".to_owned())
            .spawn(move || engine.run())
            .map_err(|error| internal(&error))?;
        Ok(EngineHandle {
            mailbox,
            events,
            levels: level_sender,
            diagnostics: diagnostics_reader,
        })
    }

    fn run(mut self) {
        // A refusal is normal without a real-time service and costs punctuality only; diagnostics show it.
        self.raised_priority =
            audio_thread_priority::promote_current_thread_to_real_time(BLOCK_SAMPLES as u32, PROCESSING_RATE).is_ok();
        let mut stepped_at = Instant::now();
        while !self.outbox.is_closed() {
            let mut message = match self.messages.recv_timeout(WAKE_INTERVAL) {
                Ok(message) => Some(message),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            let now = Instant::now();
            let mut closing = false;
            while let Some(received) = message {
                closing |= self.accept(received, now);
                message = self.messages.try_recv().ok();
            }
            if closing {
                break;
            }
            self.longest_pause = self.longest_pause.max(now.saturating_duration_since(stepped_at));
            stepped_at = now;
            self.step(now);
            if self.mailbox.refused() > 0 {
                let sentence = "The audio of this computer could not keep up.";
                let problem = Problem::new(ProblemKind::Internal, sentence).with_action(ProblemAction::TryAgain);
                self.outbox.send(LegEvent::Failed(problem));
                break;
            }
        }
        // What went wrong at the very end counts too: this snapshot stays for as long as somebody holds the call.
        let last = self.diagnose();
        self.diagnostics.send_replace(last);
        self.playback.detach();
        std::thread::sleep(RAMP_OUT);
    }

    /// Takes a message; true when the call is over.
    fn accept(&mut self, message: Message, now: Instant) -> bool {
        match message {
            Message::Open => self.open = true,
            Message::Play { item, samples } => self.playback.play(&item, &samples),
            Message::Finish { item } => self.playback.finish(&item),
            Message::Flush => self.playback.flush(now),
            Message::Mute(muted) => self.microphone.set_muted(muted),
            Message::ChooseInput(choice) => {
                if let Some(input) = &mut self.input {
                    input.choose(choice, now);
                }
            }
            Message::ChooseOutput(choice) => {
                if let Some(output) = &mut self.output {
                    output.choose(choice, now);
                }
            }
            Message::Processing(settings) => self.processor.set(settings),
            Message::MicrophoneOpened(generation, outcome) => {
                if let Some(input) = &mut self.input {
                    input.opened(generation, outcome, now);
                }
            }
            Message::SpeakerOpened(generation, outcome) => {
                if let Some(output) = &mut self.output {
                    output.opened(generation, outcome, now);
                }
            }
            Message::Close => return true,
        }
        false
    }
}

fn microphone_opener(opener: &StreamOpener, mailbox: &Mailbox) -> side::OpenStream<InputDeviceId> {
    let (opener, mailbox) = (opener.clone(), mailbox.clone());
    Box::new(move |generation, choice| {
        let mailbox = mailbox.clone();
        opener.open_microphone(choice, move |outcome| {
            mailbox.report(Message::MicrophoneOpened(generation, outcome.map(Box::new)));
        })
    })
}

fn speaker_opener(opener: &StreamOpener, mailbox: &Mailbox, session_delay: usize) -> side::OpenStream<OutputDeviceId> {
    let (opener, mailbox) = (opener.clone(), mailbox.clone());
    Box::new(move |generation, choice| {
        let mailbox = mailbox.clone();
        opener.open_speaker(choice, session_delay, move |outcome| {
            mailbox.report(Message::SpeakerOpened(generation, outcome.map(Box::new)));
        })
    })
}
