//! A call's audio on a software device that keeps real time: the callbacks, the chain and the outbox are the product's own.
//!
//! Two threads: the device calls both callbacks every [`PERIOD`]; the audio thread wakes as often as the product's does and takes the same
//! steps (that thread itself opens devices, so it is not public; what it drives is). Moments that the sound system would know are told as
//! [`Mark`]s.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, TryRecvError, channel, sync_channel};
use std::time::{Duration, Instant};

use frontdesk_audio::block::SILENT_BLOCK;
use frontdesk_audio::callback::capture::CaptureCallback;
use frontdesk_audio::callback::playback::PlaybackCallback;
use frontdesk_audio::capture::{Framer, MicrophoneEnd, microphone_ring};
use frontdesk_audio::outbox::Outbox;
use frontdesk_audio::playback::{Playback, speaker_ring};
use frontdesk_audio::processing::{ProcessingSettings, VoiceProcessor};
use frontdesk_call::event::LegKind;
use frontdesk_call::identity::ItemId;
use frontdesk_call::leg::{Leg, LegEvent, LegSink};

/// Frames per second of the device.
const RATE: u32 = 48_000;

/// Time between two callbacks, and what each carries: the usual period of desktop sound systems.
const PERIOD: Duration = Duration::from_millis(10);
const PERIOD_FRAMES: usize = 480;

/// The longest sleep of the product's audio thread.
const WAKE_INTERVAL: Duration = Duration::from_millis(3);

/// Length of one word of the caller, in periods.
const WORD_PERIODS: u32 = 6;

/// Messages that may wait for the audio thread; far more than a call of one caller ever has.
const MAILBOX_CAPACITY: usize = 256;

/// A moment on the way of the sound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mark {
    /// The microphone callback that brought the first sample of a word.
    WordCaptured(Instant),
    /// The first sample of a reply was put into the speaker's ring.
    ReplyQueued(Instant),
    /// The first sample of a reply left through the speaker callback.
    ReplyHeard,
    /// The first sample of silence after a reply, as the device plays the callback's buffer.
    ReplySilent(Instant),
}

/// The caller's mouth. The call's audio stops when it is dropped.
pub struct Caller(Sender<u32>);

impl Caller {
    /// Speaks a word, that many periods from now.
    pub fn speak_after(&self, periods: u32) {
        self.0.send(periods).expect("the device runs");
    }
}

/// Opens the desk: a leg for the session, the caller, and the marks.
pub fn open_desk() -> (Leg, Caller, Receiver<Mark>) {
    let (marks, marked) = channel();
    let (mouth, words) = channel();
    let (mailbox, messages) = sync_channel(MAILBOX_CAPACITY);
    let (outbox, events) = Outbox::new();
    let (microphone, capture) = microphone_ring(RATE, 1).unwrap();
    let mut playback = Playback::new().unwrap();
    let (speaker, speak) = speaker_ring(RATE, 1, playback.session_delay()).unwrap();
    playback.attach(speaker);
    let device = Device {
        capture,
        speak,
        words,
        marks: marks.clone(),
    };
    let audio = AudioThread {
        messages,
        outbox,
        microphone,
        framer: Framer::new().unwrap(),
        processor: VoiceProcessor::new(ProcessingSettings::ALL),
        playback,
        open: false,
        marks,
    };
    std::thread::spawn(move || device.run());
    std::thread::spawn(move || audio.run());
    let leg = Leg {
        kind: LegKind::Native,
        truncates_itself: false,
        events,
        sink: Box::new(Sink(mailbox)),
    };
    (leg, Caller(mouth), marked)
}

/// The sound system: a clock and two callbacks.
struct Device {
    capture: CaptureCallback,
    speak: PlaybackCallback,
    words: Receiver<u32>,
    marks: Sender<Mark>,
}

impl Device {
    fn run(mut self) {
        raise_priority();
        let mut due = Instant::now();
        let mut countdown = None;
        let mut speaking = 0;
        let mut sounding = false;
        loop {
            due += PERIOD;
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            match self.words.try_recv() {
                Ok(periods) => countdown = Some(periods),
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Disconnected) => return,
            }
            countdown = match countdown {
                Some(0) => {
                    speaking = WORD_PERIODS;
                    None
                }
                waiting => waiting.map(|periods| periods - 1),
            };
            let now = Instant::now();
            let word: [f32; PERIOD_FRAMES] = std::array::from_fn(|index| {
                if speaking > 0 {
                    (index as f32 * std::f32::consts::TAU * 400.0 / RATE as f32).sin() * 0.5
                } else {
                    0.0
                }
            });
            if speaking == WORD_PERIODS {
                self.tell(Mark::WordCaptured(now));
            }
            speaking = speaking.saturating_sub(1);
            self.capture.process(&word, 0);

            let mut heard = [0.0f32; PERIOD_FRAMES];
            self.speak.process(&mut heard, 0);
            let sound = heard
                .iter()
                .rposition(|sample| *sample != 0.0)
                .map_or(0, |last| last + 1);
            if !sounding && sound > 0 {
                sounding = true;
                self.tell(Mark::ReplyHeard);
            }
            if sounding && sound < PERIOD_FRAMES {
                sounding = false;
                self.tell(Mark::ReplySilent(
                    now + PERIOD.mul_f64(sound as f64 / PERIOD_FRAMES as f64),
                ));
            }
        }
    }

    fn tell(&self, mark: Mark) {
        // Nobody listens any more while the measurement ends.
        let _ended = self.marks.send(mark);
    }
}

enum Message {
    Open,
    Play(ItemId, Vec<i16>),
    Finish(ItemId),
    Flush,
    Close,
}

/// The session's end of the leg.
struct Sink(SyncSender<Message>);

impl Sink {
    fn send(&self, message: Message) {
        // The audio thread ends before the session when the measurement is over.
        let _ended = self.0.try_send(message);
    }
}

impl LegSink for Sink {
    fn open(&mut self) {
        self.send(Message::Open);
    }

    fn play(&mut self, item: &ItemId, samples: &[i16]) {
        self.send(Message::Play(item.clone(), samples.to_vec()));
    }

    fn finish(&mut self, item: &ItemId) {
        self.send(Message::Finish(item.clone()));
    }

    fn flush(&mut self) {
        self.send(Message::Flush);
    }

    fn set_muted(&mut self, _: bool) {}
    fn set_busy(&mut self, _: bool) {}

    fn close(&mut self) {
        self.send(Message::Close);
    }
}

/// The audio thread's steps, in its order.
struct AudioThread {
    messages: Receiver<Message>,
    outbox: Outbox,
    microphone: MicrophoneEnd,
    framer: Framer,
    processor: VoiceProcessor,
    playback: Playback,
    open: bool,
    marks: Sender<Mark>,
}

impl AudioThread {
    fn run(mut self) {
        raise_priority();
        while !self.outbox.is_closed() {
            let mut message = match self.messages.recv_timeout(WAKE_INTERVAL) {
                Ok(message) => Some(message),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            while let Some(received) = message {
                match received {
                    Message::Open => self.open = true,
                    Message::Play(item, samples) => self.playback.play(&item, &samples),
                    Message::Finish(item) => self.playback.finish(&item),
                    Message::Flush => self.playback.flush(Instant::now()),
                    Message::Close => return,
                }
                message = self.messages.try_recv().ok();
            }
            self.capture();
            self.play();
            self.outbox.flush();
        }
    }

    fn capture(&mut self) {
        let processor = &mut self.processor;
        self.playback.rendered(|block| processor.far_end(block));
        self.microphone.collect();
        let mut block = SILENT_BLOCK;
        while self.microphone.next_block(&mut block) {
            self.processor.near_end(&mut block);
            if let Some(frame) = self.framer.push(&block, self.open) {
                self.outbox.send(LegEvent::Frame(frame));
            }
        }
    }

    fn play(&mut self) {
        let was_feeding = self.playback.is_feeding();
        let mut events = Vec::new();
        self.playback.tick(Instant::now(), |_| (), &mut events);
        if !was_feeding && self.playback.is_feeding() {
            // Nobody listens any more while the measurement ends.
            let _ended = self.marks.send(Mark::ReplyQueued(Instant::now()));
        }
        for event in events {
            self.outbox.send(event);
        }
    }
}

/// Both threads ask for what they get in the product; a refusal is normal without a real-time service.
fn raise_priority() {
    let _refused = audio_thread_priority::promote_current_thread_to_real_time(PERIOD_FRAMES as u32, RATE);
}
