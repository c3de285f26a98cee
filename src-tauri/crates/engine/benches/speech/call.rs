//! A spoken call with the engine's server in real time: when does the caller hear the first sound of the answer?
//!
//! In real time, because the engine uses the silence at the end of a turn to recognise it. One task speaks and listens.

use std::sync::Arc;
use std::time::{Duration, Instant};

use frontdesk_engine::server::{Access, EngineConfig, EngineServer, SESSION_LIMIT};
use frontdesk_engine::speech::{HEARING_RATE, Speech, WIRE_RATE, resample_clip, to_pcm16};
use frontdesk_protocol::{ClientEvent, ServerEvent};
use futures_util::{SinkExt, StreamExt};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// One frame of the caller.
const FRAME: Duration = Duration::from_millis(20);
const FRAME_SAMPLES: usize = 480;

/// Silence at the end of every recording, in samples of the wire.
const CLOSING_SILENCE: usize = WIRE_RATE as usize / 4;

/// What was measured, in milliseconds, one value per question.
pub struct FirstAudio {
    /// From the last sample of speech to the first audio of the answer.
    pub since_speech: Vec<f64>,
    /// From the engine's word that the turn is over to the first audio of the answer.
    pub since_stopped: Vec<f64>,
}

/// Asks every question and waits for the end of its answer.
pub fn ask(speech: Arc<Speech>, questions: impl Iterator<Item = Vec<f32>>) -> FirstAudio {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let engine = EngineServer::start(EngineConfig {
            companies: vec![frontdesk_company::sample().unwrap()],
            speech,
            chat: None,
            listen: "127.0.0.1:0".parse().unwrap(),
            access: Access::OwnBearer,
            session_limit: SESSION_LIMIT,
            clock: Arc::new(Timestamp::now),
        })
        .await
        .unwrap();
        let mut request = format!("ws://{}/v1/realtime", engine.address())
            .into_client_request()
            .unwrap();
        let bearer = format!("Bearer {}", engine.bearer().expose_secret());
        request.headers_mut().insert("authorization", bearer.parse().unwrap());
        let (socket, _) = connect_async(request).await.unwrap();
        let mut call = Call { socket };
        let mut measured = FirstAudio {
            since_speech: Vec::new(),
            since_stopped: Vec::new(),
        };
        for question in questions {
            let wire = to_pcm16(&resample_clip(&question, HEARING_RATE, WIRE_RATE).unwrap());
            let turn = call.ask(&wire).await;
            measured
                .since_speech
                .push((turn.first_audio - turn.speech_ended).as_secs_f64() * 1_000.0);
            measured
                .since_stopped
                .push((turn.first_audio - turn.stopped).as_secs_f64() * 1_000.0);
        }
        engine.shut_down().await;
        measured
    })
}

/// The moments of one turn.
struct Turn {
    speech_ended: Instant,
    stopped: Instant,
    first_audio: Instant,
}

struct Call {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Call {
    /// Speaks the question frame by frame and goes on with silence until the answer is complete.
    async fn ask(&mut self, wire: &[i16]) -> Turn {
        let mut clock = tokio::time::interval(FRAME);
        let mut frames = wire.chunks(FRAME_SAMPLES);
        let mut to_speak = wire.len().saturating_sub(CLOSING_SILENCE) / FRAME_SAMPLES;
        let (mut speech_ended, mut stopped, mut first_audio) = (None, None, None);
        loop {
            tokio::select! {
                _ = clock.tick() => {
                    let frame = frames.next().unwrap_or(&[0; FRAME_SAMPLES]);
                    let event = ClientEvent::append_pcm16(frame).to_json();
                    self.socket.send(Message::text(event)).await.unwrap();
                    to_speak = to_speak.saturating_sub(1);
                    if to_speak == 0 {
                        speech_ended.get_or_insert_with(Instant::now);
                    }
                }
                message = self.socket.next() => {
                    let message = message.expect("the engine stays connected").unwrap();
                    let Message::Text(text) = message else { continue };
                    match ServerEvent::parse(&text).unwrap() {
                        ServerEvent::SpeechStopped(_) => stopped = Some(Instant::now()),
                        ServerEvent::OutputAudioDelta(_) => {
                            first_audio.get_or_insert_with(Instant::now);
                        }
                        ServerEvent::ResponseDone(_) => {
                            return Turn {
                                speech_ended: speech_ended.expect("a question that was asked"),
                                stopped: stopped.expect("a turn that was heard"),
                                first_audio: first_audio.expect("an answer that was spoken"),
                            };
                        }
                        ServerEvent::Error(error) => panic!("the engine refused: {error:?}"),
                        _ => {}
                    }
                }
            }
        }
    }
}
