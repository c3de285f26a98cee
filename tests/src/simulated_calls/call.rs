//! One simulated call: the connection, the product's own tools over a calendar of its own, and the grade from the database.
//!
//! The line runs faster than real time: the engine counts time in samples. While a reply would be heard the caller's side is silent for as
//! long, as on a real line.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use frontdesk_agent::ToolRegistry;
use frontdesk_agent::tools::{CheckOpeningHours, EndCall, SaveCallerDetails};
use frontdesk_call::identity::{CallId, ToolCallId, WallTime};
use frontdesk_call::tool::{ToolProvider as _, ToolRequest};
use frontdesk_company::CompanyProfile;
use frontdesk_desk::{BookingRequest, Desk, Origin};
use frontdesk_engine::server::EngineHandle;
use frontdesk_engine::speech::Speech;
use frontdesk_protocol::AudioBytes;
use frontdesk_store::Database;
use frontdesk_store::agenda::Booking;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, ToSpan as _};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::caller::Caller;
use super::line::Line;
use super::plan::{Plan, Twist, Wanted};

/// Longest conversation, in turns of the caller.
const LONGEST: usize = 24;
/// A server that says nothing for so long has not understood that somebody spoke; far beyond what any answer takes.
const SILENCE: Duration = Duration::from_secs(60);
/// Silence sent at a time while the end of a turn is waited for, in ms of the line's time, and the pause between two of them.
const QUIET_MS: u64 = 100;
const QUIET_EVERY: Duration = Duration::from_millis(20);
/// Silence behind a turn after which every turn has ended, in ms of the line's time.
const LONGEST_QUIET_MS: u64 = 6_000;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// How a call went.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What both said, one line each; for the caller also what was understood.
    pub conversation: Vec<String>,
    /// How often the caller spoke.
    pub turns: usize,
    /// The row in the calendar is what the caller wanted, and the caller was told so; otherwise why not.
    pub grade: Result<(), String>,
}

/// The company on one day, with an empty calendar.
pub struct Place {
    desk: Desk,
    now: Timestamp,
    _database: Database,
    _directory: TempDir,
}

impl Place {
    /// An empty calendar.
    ///
    /// # Errors
    /// When its database cannot be made.
    pub fn open(company: &Arc<CompanyProfile>, now: Timestamp) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let database = Database::open(directory.path())?;
        Ok(Self {
            desk: Desk::new(&database, Arc::clone(company)),
            now,
            _database: database,
            _directory: directory,
        })
    }

    /// Makes the call.
    ///
    /// # Errors
    /// When the engine refuses the connection or an event. A conversation that fails is an outcome.
    pub async fn call(&self, engine: &EngineHandle, voices: &Arc<Speech>, plan: &Plan) -> Result<Outcome> {
        if plan.twist == Twist::FullSlot {
            self.fill(&plan.told).await?;
        }
        let line = if plan.telephone { Line::Telephone } else { Line::Wide };
        let today = self.desk.company().date_of(self.now);
        let mut caller = Caller::new(plan, today);
        let mut connection = self.connect(engine, line).await?;
        let mut conversation = Vec::new();
        let mut reply = connection.greeting().await?;
        let mut turns = 0;
        loop {
            conversation.push(format!("receptionist: {}", reply.text));
            let Some(said) = caller
                .answer(&reply.text)
                .filter(|_| turns < LONGEST && !reply.hangs_up)
            else {
                break;
            };
            turns += 1;
            conversation.push(format!("caller: {said}"));
            let (voices, voice, words) = (Arc::clone(voices), plan.voice, said.clone());
            let sound = tokio::task::spawn_blocking(move || line.spoken(&voices, voice, &words)).await??;
            connection.wait_for(reply.sounds_ms).await?;
            let Some(next) = connection.speak(sound).await? else {
                conversation.push("receptionist: (nothing)".to_owned());
                reply = Reply::default();
                continue;
            };
            conversation.push(format!("    heard: {}", next.heard));
            reply = next;
        }
        let grade = self.grade(&caller, today).await?;
        Ok(Outcome {
            conversation,
            turns,
            grade,
        })
    }

    /// Takes every place at the time that the caller will ask for.
    async fn fill(&self, wanted: &Wanted) -> Result<()> {
        let places: u32 = self
            .desk
            .company()
            .resources
            .iter()
            .map(|resource| resource.count)
            .sum();
        for place in 0..places {
            let request = BookingRequest {
                service: wanted.service.to_owned(),
                start: self.moment(wanted.start)?,
                name: format!("Somebody Else {place}"),
                phone: format!("312555010{place}"),
                notes: String::new(),
                origin: Origin::Hand,
            };
            self.desk.book(request, self.now).await.map_err(refused)?;
        }
        Ok(())
    }

    fn moment(&self, start: DateTime) -> Result<Timestamp> {
        let moment = self.desk.moment(start.date(), start.time());
        moment.map_err(refused)
    }

    async fn connect(&self, engine: &EngineHandle, line: Line) -> Result<Connection> {
        let company = self.desk.company();
        let desk = frontdesk_desk::tools::provider(self.desk.clone()).context("the company takes bookings")?;
        let tools = ToolRegistry::with_providers(
            vec![
                Arc::new(CheckOpeningHours::new(Arc::clone(company))),
                Arc::new(SaveCallerDetails::default()),
                Arc::new(EndCall),
            ],
            vec![desk],
        )?;
        let mut request = engine.url(&company.id).into_client_request()?;
        let bearer = format!("Bearer {}", engine.bearer().expose_secret());
        request.headers_mut().insert("authorization", bearer.parse()?);
        let (socket, _) = connect_async(request).await?;
        let (mouth, ear) = socket.split();
        let mut connection = Connection {
            mouth,
            ear,
            tools,
            line,
            call: CallId::random(),
            now: self.now,
        };
        connection.set_up().await?;
        Ok(connection)
    }

    /// Compares what stands in the calendar with what was wanted.
    async fn grade(&self, caller: &Caller, today: Date) -> Result<Result<(), String>> {
        let ahead = today.saturating_add(120.days());
        let all = self.desk.bookings(today, ahead, false).await.map_err(refused)?;
        let made: Vec<&Booking> = all.iter().filter(|booking| booking.call.is_some()).collect();
        let goal = &caller.goal;
        let [booking] = made.as_slice() else {
            return Ok(Err(format!(
                "{} appointments were made, wanted was {goal:?}",
                made.len()
            )));
        };
        let name = format!("{} {}", goal.name.first, goal.name.last);
        let start = self.moment(goal.start)?;
        let wrong = [
            ("service", booking.service != goal.service),
            ("time", booking.starts_at.0 != start),
            ("name", !booking.customer_name.eq_ignore_ascii_case(&name)),
            ("phone", booking.customer_phone != format!("+1{}", goal.phone)),
        ];
        Ok(match wrong.iter().find(|(_, wrong)| *wrong) {
            Some((what, _)) => Err(format!("the {what} is wrong: {booking:?}, wanted was {goal:?}")),
            None if !caller.is_booked() => Err("it is booked, and the caller was not told".to_owned()),
            None => Ok(()),
        })
    }
}

/// What the receptionist said.
#[derive(Clone, Debug, Default)]
struct Reply {
    text: String,
    /// What was understood of the caller.
    heard: String,
    /// How long it sounds.
    sounds_ms: u64,
    /// The receptionist has ended the call.
    hangs_up: bool,
}

/// The caller's side of one session.
struct Connection {
    mouth: SplitSink<Socket, Message>,
    ear: SplitStream<Socket>,
    tools: ToolRegistry,
    line: Line,
    call: CallId,
    now: Timestamp,
}

impl Connection {
    async fn send(&mut self, event: Value) -> Result<()> {
        Ok(self.mouth.send(Message::text(event.to_string())).await?)
    }

    async fn next(&mut self) -> Result<Value> {
        event_of(
            timeout(SILENCE, self.ear.next())
                .await
                .context("the engine is silent")?,
        )
    }

    async fn until(&mut self, kind: &str) -> Result<Value> {
        loop {
            let event = self.next().await?;
            if event["type"] == kind {
                return Ok(event);
            }
        }
    }

    /// The session as the product makes it: turns found by the server, words written down, the tools.
    async fn set_up(&mut self) -> Result<()> {
        let tools: Vec<Value> = self
            .tools
            .tools()
            .into_iter()
            .map(|tool| {
                json!({
                    "type": "function",
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": tool.parameters,
                })
            })
            .collect();
        let session = json!({
            "type": "realtime",
            "tools": tools,
            "audio": {
                "input": {
                    "format": self.line.format(),
                    "transcription": { "model": "gpt-transcribe" },
                    "turn_detection": { "type": "server_vad" },
                },
                "output": { "format": self.line.format() },
            },
        });
        self.until("session.created").await?;
        self.send(json!({ "type": "session.update", "session": session }))
            .await?;
        self.until("session.updated").await?;
        Ok(())
    }

    async fn greeting(&mut self) -> Result<Reply> {
        self.send(json!({ "type": "response.create" })).await?;
        let mut turn = Turn::default();
        while !turn.is_answered {
            let event = self.next().await?;
            self.take(&event, &mut turn).await?;
        }
        Ok(turn.reply)
    }

    /// Says nothing for as long as a reply is heard.
    async fn wait_for(&mut self, milliseconds: u64) -> Result<()> {
        self.append(self.line.silence(milliseconds)).await
    }

    async fn append(&mut self, pieces: Vec<AudioBytes>) -> Result<()> {
        for piece in pieces {
            self.send(json!({ "type": "input_audio_buffer.append", "audio": piece.encode() }))
                .await?;
        }
        Ok(())
    }

    /// Speaks, keeps the line open, and waits for the answer; none when it was not noticed that somebody spoke.
    async fn speak(&mut self, sound: Vec<AudioBytes>) -> Result<Option<Reply>> {
        self.append(sound).await?;
        let mut turn = Turn::default();
        let mut quiet_ms = 0;
        while !(turn.is_answered && turn.stopped > 0 && !turn.speaks) {
            let waits = turn.stopped > 0 && !turn.speaks;
            tokio::select! {
                received = self.ear.next() => {
                    let event = event_of(received)?;
                    self.take(&event, &mut turn).await?;
                }
                () = tokio::time::sleep(QUIET_EVERY), if !waits && quiet_ms < LONGEST_QUIET_MS => {
                    quiet_ms += QUIET_MS;
                    self.append(self.line.silence(QUIET_MS)).await?;
                }
                () = tokio::time::sleep(SILENCE) => return Ok(None),
            }
        }
        Ok(Some(turn.reply))
    }

    /// Takes an event into the turn; functions are called, and the answer goes on with what they gave.
    async fn take(&mut self, event: &Value, turn: &mut Turn) -> Result<()> {
        let text = |member: &str| event[member].as_str().unwrap_or_default().to_owned();
        match event["type"].as_str().unwrap_or_default() {
            // The caller went on speaking, and what answers that is begun: it comes in place of the answer that was asked for.
            "error" if event["error"]["code"] == "conversation_already_has_active_response" => {}
            "error" => bail!("the engine refused: {event}"),
            "input_audio_buffer.speech_started" => {
                turn.speaks = true;
                turn.is_answered = false;
            }
            "input_audio_buffer.speech_stopped" => {
                turn.speaks = false;
                turn.stopped += 1;
                // What was begun before the caller had finished does not count.
                turn.reply.text.clear();
            }
            "conversation.item.input_audio_transcription.completed" => {
                turn.reply.heard = format!("{} {}", turn.reply.heard, text("transcript")).trim().to_owned();
            }
            "response.output_audio.delta" => {
                turn.reply.sounds_ms += self.line.milliseconds(AudioBytes::decode(&text("delta"))?.len());
            }
            "response.output_audio_transcript.delta" => turn.reply.text.push_str(&text("delta")),
            "response.function_call_arguments.done" => {
                turn.calls.push((text("call_id"), text("name"), text("arguments")));
            }
            "response.done" => {
                if event["response"]["status"] != "completed" {
                    return Ok(());
                }
                let calls = std::mem::take(&mut turn.calls);
                let is_last = calls.is_empty();
                let mut hangs_up = false;
                for (id, name, arguments) in calls {
                    hangs_up |= self.run(id, name, arguments).await?;
                }
                turn.reply.hangs_up |= hangs_up;
                turn.is_answered = is_last || hangs_up;
                if !turn.is_answered {
                    self.send(json!({ "type": "response.create" })).await?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Runs one function as the session does; true when it ends the call.
    async fn run(&mut self, id: String, name: String, arguments: String) -> Result<bool> {
        let result = self
            .tools
            .call(ToolRequest {
                call_id: self.call.clone(),
                tool_call_id: ToolCallId::from(id.clone()),
                name,
                arguments,
                now: WallTime(self.now),
            })
            .await;
        let output = result.output.to_string();
        let item = json!({ "type": "function_call_output", "call_id": id, "output": output });
        self.send(json!({ "type": "conversation.item.create", "item": item }))
            .await?;
        Ok(result.ends_call)
    }
}

/// What has happened since the caller began to speak.
#[derive(Debug, Default)]
struct Turn {
    reply: Reply,
    /// Functions that the response in progress calls: call, name, arguments.
    calls: Vec<(String, String, String)>,
    speaks: bool,
    stopped: usize,
    is_answered: bool,
}

/// The desk's no to something that must work here.
fn refused(why: impl std::fmt::Debug) -> anyhow::Error {
    anyhow::anyhow!("the desk refuses: {why:?}")
}

fn event_of(received: Option<Result<Message, tokio_tungstenite::tungstenite::Error>>) -> Result<Value> {
    match received.context("the engine has hung up")?? {
        Message::Text(text) => Ok(serde_json::from_str(&text)?),
        other => bail!("no event but {other:?}"),
    }
}
