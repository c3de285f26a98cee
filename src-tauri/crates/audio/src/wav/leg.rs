//! The leg of a caller from files: one task on the tokio runtime whose clock ticks every 20 ms of tokio time.
//!
//! Each tick sends a frame to the session and plays a frame of the receptionist, so both sides share one clock and every figure is exact.
//! In real time by default; with a paused clock a test runs as fast as the machine.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use frontdesk_call::event::{LegKind, MicrophoneState};
use frontdesk_call::frame::{FRAME_MS, FRAME_SAMPLES, Frame};
use frontdesk_call::identity::ItemId;
use frontdesk_call::leg::{Leg, LegEvent, LegSink};
use frontdesk_call::{Problem, ProblemKind};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::caller::FileCaller;
use super::reader::CallerTurn;
use super::recording::{Pair, Recording};
use crate::error::AudioError;
use crate::outbox::Outbox;
use crate::playback::PlaybackQueue;
use crate::signal::{fade_out, to_i16};

/// Commands that may wait for the task, which takes them at once. A full queue means that it has stopped: the leg fails.
const COMMAND_CAPACITY: usize = 4_096;

/// Samples of the ramp of a flush: 4 ms.
const FLUSH_RAMP: usize = 96;

/// A call from files.
pub struct FileLeg {
    /// For the session.
    pub leg: Leg,
    /// The recording, where one was asked for.
    pub recording: Option<Recording>,
}

/// Makes the leg of a caller who speaks `turns`, and records both sides to `recording`. Must be called on a tokio runtime.
///
/// # Errors
/// [`AudioError::RecordingFailed`] when the recording cannot be created.
pub fn open_file_leg(turns: Vec<CallerTurn>, recording: Option<&Path>) -> Result<FileLeg, AudioError> {
    let (recording, recorder) = match recording.map(Recording::create).transpose()? {
        Some((recording, recorder)) => (Some(recording), Some(recorder)),
        None => (None, None),
    };
    let (commands, received) = mpsc::channel(COMMAND_CAPACITY);
    let overrun = Arc::new(AtomicBool::new(false));
    let (outbox, events) = Outbox::new();
    let task = FileTask {
        caller: FileCaller::new(turns),
        commands: received,
        overrun: Arc::clone(&overrun),
        outbox,
        queue: PlaybackQueue::default(),
        flushes: 0,
        recorder,
        open: false,
        muted: false,
        busy: true,
        closed_told: false,
    };
    tokio::spawn(task.run());
    let sink = Box::new(FileSink { commands, overrun });
    Ok(FileLeg {
        leg: Leg {
            kind: LegKind::File,
            truncates_itself: false,
            events,
            sink,
        },
        recording,
    })
}

enum Command {
    Open,
    Play { item: ItemId, samples: Vec<i16> },
    Finish { item: ItemId },
    Flush,
    Mute(bool),
    Busy(bool),
    Close,
}

struct FileTask {
    caller: FileCaller,
    commands: mpsc::Receiver<Command>,
    overrun: Arc<AtomicBool>,
    outbox: Outbox,
    queue: PlaybackQueue,
    /// Flushes to be answered with the next tick.
    flushes: usize,
    recorder: Option<mpsc::Sender<Pair>>,
    open: bool,
    muted: bool,
    busy: bool,
    closed_told: bool,
}

impl FileTask {
    async fn run(mut self) {
        let mut clock = interval(Duration::from_millis(FRAME_MS));
        // A late task catches up: the call has as many frames as time has passed.
        clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
        loop {
            tokio::select! {
                // Commands first: what was said before the tick belongs to it.
                biased;
                command = self.commands.recv() => match command {
                    Some(Command::Close) | None => return,
                    Some(command) => self.accept(command),
                },
                _ = clock.tick() => self.tick().await,
            }
            if self.overrun.load(Ordering::Relaxed) {
                let sentence = "The audio of the file could not keep up.";
                self.outbox
                    .send(LegEvent::Failed(Problem::new(ProblemKind::Internal, sentence)));
                return;
            }
            if self.outbox.is_closed() {
                return;
            }
        }
    }

    fn accept(&mut self, command: Command) {
        match command {
            Command::Open => {
                self.open = true;
                self.tell_microphone();
            }
            Command::Play { item, samples } => self.queue.play(&item, &samples),
            Command::Finish { item } => self.queue.finish(&item),
            Command::Flush => self.flush(),
            Command::Mute(muted) => {
                self.muted = muted;
                self.tell_microphone();
            }
            Command::Busy(busy) => self.busy = busy,
            Command::Close => {}
        }
    }

    fn tell_microphone(&mut self) {
        let state = if self.muted {
            MicrophoneState::Muted
        } else {
            MicrophoneState::Live
        };
        self.outbox.send(LegEvent::Microphone(state));
    }

    /// Nothing is heard between two ticks, so a flush without sound is answered at once; otherwise the ramp is played first.
    fn flush(&mut self) {
        if self.flushes > 0 || self.queue.unfed() > 0 {
            self.flushes += 1;
            return;
        }
        self.answer_flush();
    }

    fn answer_flush(&mut self) {
        let flushed = self.queue.flush();
        self.outbox.send(LegEvent::Flushed {
            heard: flushed.heard_so_far().collect(),
        });
    }

    async fn tick(&mut self) {
        if !self.open {
            return;
        }
        let receptionist = self.play();
        let caller = if self.muted {
            Frame::SILENCE
        } else {
            self.caller.next_frame(self.busy)
        };
        if !self.muted {
            self.outbox.send(LegEvent::Frame(caller));
        }
        if let Some(recorder) = &self.recorder
            && recorder.send(Pair { caller, receptionist }).await.is_err()
        {
            // The thread has ended and has its reason; whoever waits for the recording gets it.
            self.recorder = None;
            let sentence = "The recording of this call could not be continued.";
            self.outbox
                .send(LegEvent::Warning(Problem::new(ProblemKind::StorageFailed, sentence)));
        }
        if self.caller.is_done() && !std::mem::replace(&mut self.closed_told, true) {
            self.outbox.send(LegEvent::Closed);
        }
        self.outbox.flush();
    }

    /// Plays 20 ms of the receptionist; all of it is heard in the same tick.
    fn play(&mut self) -> Frame {
        let flushing = self.flushes > 0;
        let mut output = [0.0; FRAME_SAMPLES];
        let room = if flushing { FLUSH_RAMP } else { FRAME_SAMPLES };
        let mut heard: Vec<(ItemId, u64)> = Vec::new();
        let count = self.queue.feed(&mut output[..room], |item, offset, count| {
            heard.push((item.clone(), offset + count))
        });
        for (item, samples) in heard {
            self.queue.heard(&item, samples);
        }
        if flushing {
            fade_out(&mut output[..count]);
            for _ in 0..std::mem::take(&mut self.flushes) {
                self.answer_flush();
            }
        }
        let mut events = Vec::new();
        self.queue.report(Instant::now().into_std(), &mut events);
        for event in events {
            self.outbox.send(event);
        }
        Frame(output.map(to_i16))
    }
}

/// The session's end.
struct FileSink {
    commands: mpsc::Sender<Command>,
    overrun: Arc<AtomicBool>,
}

impl FileSink {
    fn send(&self, command: Command) {
        // After the end of the call the command is dropped; nobody is left to act on it.
        if let Err(mpsc::error::TrySendError::Full(_)) = self.commands.try_send(command) {
            self.overrun.store(true, Ordering::Relaxed);
        }
    }
}

impl LegSink for FileSink {
    fn open(&mut self) {
        self.send(Command::Open);
    }

    fn play(&mut self, item: &ItemId, samples: &[i16]) {
        self.send(Command::Play {
            item: item.clone(),
            samples: samples.to_vec(),
        });
    }

    fn finish(&mut self, item: &ItemId) {
        self.send(Command::Finish { item: item.clone() });
    }

    fn flush(&mut self) {
        self.send(Command::Flush);
    }

    fn set_muted(&mut self, muted: bool) {
        self.send(Command::Mute(muted));
    }

    fn set_busy(&mut self, busy: bool) {
        self.send(Command::Busy(busy));
    }

    fn close(&mut self) {
        self.send(Command::Close);
    }
}

#[cfg(test)]
#[path = "leg/tests.rs"]
mod tests;
