//! A caller of the engine's server in real time: speaks recordings frame by frame, is silent between them, and notes when what arrives.
//!
//! One task. The microphone's clock goes on whatever the engine does: a frame that leaves late counts from the moment it was due.

use std::ops::Range;
use std::time::Duration;

use frontdesk_engine::server::EngineHandle;
use frontdesk_engine::speech::{HEARING_RATE, WIRE_RATE, resample_clip, to_pcm16};
use frontdesk_protocol::{AudioDelta, ClientEvent, ResponseParameters, ResponseStatus, ServerEvent};
use futures_util::{SinkExt, StreamExt};
use secrecy::ExposeSecret;
use tokio::net::TcpStream;
use tokio::time::{Instant, Interval, timeout_at};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::recordings::{Question, spoken_part};

/// One frame of the microphone.
const FRAME: Duration = Duration::from_millis(20);
const FRAME_SAMPLES: usize = 480;

/// How long a caller who listens to the end waits behind it, before saying something.
const BREATH: Duration = Duration::from_millis(700);

/// Something to say.
pub struct Recording {
    wire: Vec<i16>,
    /// First to last sample of speech.
    spoken: Range<usize>,
}

impl Recording {
    /// A recorded question as it goes over the wire.
    pub fn of(question: &Question) -> Self {
        let wire = resample_clip(&question.samples(), HEARING_RATE, WIRE_RATE).unwrap();
        Self {
            spoken: spoken_part(&wire, WIRE_RATE),
            wire: to_pcm16(&wire),
        }
    }
}

/// What was measured of one question, in ms.
pub struct Turn {
    /// From the last sample of speech to the first sound of the answer.
    pub since_speech: f64,
    /// From the engine's word that the turn is over to the same.
    pub since_stopped: f64,
    /// How long the caller's speaker had nothing to play in the middle of the answer.
    pub starved: f64,
}

/// What was measured of one interruption.
pub struct Interruption {
    /// From the first sample of speech to `speech_started`, in ms.
    pub onset: f64,
    /// Deltas of the interrupted reply that came after that.
    pub deltas_after: usize,
    /// The reply was still being made, and was cancelled.
    pub was_cancelled: bool,
}

/// The caller's speaker, which plays the sound of a reply as soon as it comes.
#[derive(Default)]
struct Speaker {
    first: Option<Instant>,
    /// When all that came has been played.
    until: Option<Instant>,
    starved: Duration,
}

impl Speaker {
    fn take(&mut self, now: Instant, delta: &AudioDelta) {
        let samples = delta.delta.to_pcm16().unwrap().len();
        self.first.get_or_insert(now);
        let due = self.until.unwrap_or(now);
        self.starved += now.saturating_duration_since(due);
        self.until = Some(due.max(now) + sound(samples));
    }
}

/// One call.
pub struct Caller {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    microphone: Interval,
    saying: Vec<i16>,
    /// Samples of that which were said.
    said: usize,
    /// When its first sample was spoken.
    began: Option<Instant>,
}

impl Caller {
    /// Calls, and is silent.
    pub async fn connect(engine: &EngineHandle) -> Self {
        let mut request = format!("ws://{}/v1/realtime", engine.address())
            .into_client_request()
            .unwrap();
        let bearer = format!("Bearer {}", engine.bearer().expose_secret());
        request.headers_mut().insert("authorization", bearer.parse().unwrap());
        let (socket, _) = connect_async(request).await.unwrap();
        Self {
            socket,
            microphone: tokio::time::interval(FRAME),
            saying: Vec::new(),
            said: 0,
            began: None,
        }
    }

    /// Asks, and goes on with silence until the answer is whole; where `listens`, until it has been played.
    pub async fn ask(&mut self, question: &Recording, listens: bool) -> Turn {
        self.say(question);
        let (mut stopped, mut speaker) = (None, Speaker::default());
        loop {
            let (now, event) = self.next().await;
            match event {
                // Somebody who draws breath in the middle speaks on, and the answer to the first half is for nobody.
                ServerEvent::SpeechStarted(_) => speaker = Speaker::default(),
                ServerEvent::SpeechStopped(_) => stopped = Some(now),
                ServerEvent::OutputAudioDelta(delta) => speaker.take(now, &delta),
                ServerEvent::ResponseDone(done) if done.response.status == Some(ResponseStatus::Completed) => break,
                _ => {}
            }
        }
        if listens {
            self.be_silent_until(speaker.until.unwrap() + BREATH).await;
        }
        let (first, spoken) = (speaker.first.unwrap(), self.moment(question.spoken.end));
        Turn {
            since_speech: between(spoken, first),
            since_stopped: between(stopped.unwrap(), first),
            starved: milliseconds(speaker.starved),
        }
    }

    /// Has the engine say something long, and speaks so much later than its first sound.
    pub async fn interrupt(&mut self, text: &str, later: Duration, question: &Recording) -> Interruption {
        let parameters = ResponseParameters {
            instructions: Some(format!("Say exactly: \"{text}\"")),
            ..ResponseParameters::default()
        };
        self.send(&ClientEvent::create_response(Some(parameters))).await;
        let (first, reply) = loop {
            if let (now, ServerEvent::OutputAudioDelta(delta)) = self.next().await {
                break (now, delta.response_id);
            }
        };
        self.be_silent_until(first + later).await;
        self.say(question);
        let (mut started, mut deltas_after, mut was_cancelled) = (None, 0, false);
        loop {
            let (now, event) = self.next().await;
            match event {
                ServerEvent::SpeechStarted(_) => {
                    started.get_or_insert(now);
                }
                ServerEvent::OutputAudioDelta(delta) if delta.response_id == reply => {
                    deltas_after += usize::from(started.is_some());
                }
                ServerEvent::ResponseDone(done) if done.response.id.as_ref() == Some(&reply) => {
                    was_cancelled = started.is_some() && done.response.status == Some(ResponseStatus::Cancelled);
                }
                // The answer to what was said.
                ServerEvent::ResponseDone(done) if done.response.status == Some(ResponseStatus::Completed) => break,
                _ => {}
            }
        }
        Interruption {
            onset: between(self.moment(question.spoken.start), started.unwrap()),
            deltas_after,
            was_cancelled,
        }
    }

    /// Sends silence and takes no notice of what comes.
    pub async fn be_silent_until(&mut self, end: Instant) {
        while timeout_at(end, self.next()).await.is_ok() {}
    }

    fn say(&mut self, recording: &Recording) {
        self.saying.clone_from(&recording.wire);
        (self.said, self.began) = (0, None);
    }

    /// When a sample of what is said was spoken.
    fn moment(&self, sample: usize) -> Instant {
        self.began.unwrap() + sound(sample)
    }

    /// Speaks on until something comes.
    async fn next(&mut self) -> (Instant, ServerEvent) {
        loop {
            tokio::select! {
                due = self.microphone.tick() => self.speak(due).await,
                message = self.socket.next() => {
                    let now = Instant::now();
                    let message = message.expect("the engine stays connected").unwrap();
                    let Message::Text(text) = message else { continue };
                    let event = ServerEvent::parse(&text).unwrap();
                    assert!(!matches!(event, ServerEvent::Error(_)), "the engine refused: {event:?}");
                    return (now, event);
                }
            }
        }
    }

    /// The frame that is complete at this moment.
    async fn speak(&mut self, due: Instant) {
        let mut frame = [0; FRAME_SAMPLES];
        let rest = &self.saying[self.said..];
        let length = rest.len().min(FRAME_SAMPLES);
        frame[..length].copy_from_slice(&rest[..length]);
        if length > 0 {
            self.began.get_or_insert(due - FRAME);
        }
        self.said += length;
        self.send(&ClientEvent::append_pcm16(&frame)).await;
    }

    async fn send(&mut self, event: &ClientEvent) {
        self.socket.send(Message::text(event.to_json())).await.unwrap();
    }
}

/// How long so many samples sound.
fn sound(samples: usize) -> Duration {
    Duration::from_secs_f64(samples as f64 / f64::from(WIRE_RATE))
}

/// From one moment to another in ms; negative when the other was first.
fn between(one: Instant, other: Instant) -> f64 {
    milliseconds(other.saturating_duration_since(one)) - milliseconds(one.saturating_duration_since(other))
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
