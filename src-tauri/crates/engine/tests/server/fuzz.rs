//! The engine's server under clients that send anything: valid events in any order, events with parts exchanged, dropped or cut, binary
//! frames, garbage. Whatever comes, nothing panics, every answer is an event of the protocol, and the session answers or says why it closed.
//!
//! A fixed number of cases as a test; `cargo xtask fuzz` runs it for as long as is asked for (`FRONTDESK_FUZZ_MINUTES`) and then also looks at the
//! memory of the process.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Once};
use std::time::{Duration, Instant};

use frontdesk_engine::server::{Access, EngineConfig, EngineHandle, EngineServer, SESSION_LIMIT};
use frontdesk_protocol::{AudioBytes, ServerEvent};
use futures_util::{SinkExt, StreamExt};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::double::{self, Double};

/// Cases of the test, and of one round of a longer run.
const CASES: u32 = 96;

/// Longest time for a session to answer everything of one case; many times what it takes.
const DEADLINE: Duration = Duration::from_secs(60);

/// How much the process may grow between the first tenth of a long run and its end, in KiB.
const GROWTH_KIB: u64 = 96 * 1024;

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Names of the threads whose panics count; other tests of this process have theirs.
const THREADS: [&str; 2] = ["fuzz-", "engine-"];

/// Panics of tasks and threads end nowhere else: they are counted.
fn count_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let thread = std::thread::current();
            let name = thread.name().unwrap_or_default();
            if THREADS.iter().any(|counted| name.starts_with(counted)) {
                PANICS.fetch_add(1, Ordering::Relaxed);
            }
            print(panic);
        }));
    });
}

/// What is done to an event before it leaves.
#[derive(Clone, Debug)]
enum Mutation {
    /// Nothing.
    Valid,
    /// The value at a place, counted through, is another one.
    Exchanged(usize, Value),
    /// The value at a place is gone.
    Dropped(usize),
    /// The text ends early, by so many hundredths.
    Cut(usize),
    /// One character is another one.
    Garbled(usize, char),
    /// The text is sent as a binary frame.
    Binary,
}

/// What a client does.
#[derive(Clone, Debug)]
enum Step {
    Event(usize, Mutation),
    /// Appends so many ms of a tone, or of silence, in pieces of so many samples.
    Sound(bool, usize, usize),
    Garbage(String),
    Ping,
}

/// Valid events of every type; some fit only at some moments.
fn valid_events() -> Vec<Value> {
    let audio = AudioBytes::from_pcm16(&double::tone(0)).encode();
    let session = |members: Value| {
        let mut session = json!({ "type": "realtime" });
        session
            .as_object_mut()
            .unwrap()
            .extend(members.as_object().unwrap().clone());
        json!({ "type": "session.update", "event_id": "update", "session": session })
    };
    let input = |input: Value| session(json!({ "audio": { "input": input } }));
    let tool = |name: &str| json!({ "type": "function", "name": name, "description": "d", "parameters": { "type": "object", "properties": { "date": { "type": "string" } } } });
    let message = |role: &str, kind: &str, text: &str| json!({ "type": "conversation.item.create", "previous_item_id": "root", "item": { "id": format!("m-{role}"), "type": "message", "role": role, "content": [{ "type": kind, "text": text }] } });
    vec![
        json!({ "type": "input_audio_buffer.append", "audio": audio }),
        json!({ "type": "input_audio_buffer.commit" }),
        json!({ "type": "input_audio_buffer.clear" }),
        json!({ "type": "output_audio_buffer.clear" }),
        json!({ "type": "response.create" }),
        json!({ "type": "response.create", "event_id": "mine", "response": { "metadata": { "frontdesk_purpose": "greeting" }, "instructions": "say exactly: \"Hi.\"" } }),
        json!({ "type": "response.create", "response": { "conversation": "none", "output_modalities": ["text"], "input": [{ "type": "item_reference", "id": "m-user" }] } }),
        json!({ "type": "response.create", "response": { "audio": { "output": { "format": { "type": "audio/pcma" }, "voice": "marin" } }, "tools": [tool("endCall")], "tool_choice": "auto", "max_output_tokens": 64 } }),
        json!({ "type": "response.cancel" }),
        json!({ "type": "conversation.item.retrieve", "item_id": "m-user" }),
        json!({ "type": "conversation.item.delete", "item_id": "m-user" }),
        json!({ "type": "conversation.item.truncate", "item_id": "m-assistant", "content_index": 0, "audio_end_ms": 100 }),
        message(
            "user",
            "input_text",
            "I want an oil change on Tuesday at half past two, my name is Anna Carter.",
        ),
        message("assistant", "output_text", "What is your phone number?"),
        message("system", "input_text", "Do not greet again."),
        json!({ "type": "conversation.item.create", "item": { "type": "function_call", "call_id": "c", "name": "checkOpeningHours", "arguments": "{}" } }),
        json!({ "type": "conversation.item.create", "item": { "type": "function_call_output", "call_id": "c", "output": "{\"hours\":[]}" } }),
        json!({ "type": "conversation.item.create", "item": { "type": "mcp_call", "id": "x", "server_label": "y" } }),
        input(json!({ "turn_detection": null })),
        input(
            json!({ "turn_detection": { "type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300, "silence_duration_ms": 500, "create_response": true, "interrupt_response": true, "idle_timeout_ms": 5000 } }),
        ),
        input(json!({ "turn_detection": { "type": "semantic_vad", "eagerness": "low" } })),
        input(json!({ "format": { "type": "audio/pcmu" }, "transcription": { "model": "whisper-1" } })),
        input(json!({ "format": { "type": "audio/pcm", "rate": 24000 }, "noise_reduction": { "type": "near_field" } })),
        session(json!({ "output_modalities": ["text"], "instructions": "x", "tool_choice": "none" })),
        session(
            json!({ "output_modalities": ["audio"], "tools": [tool("checkOpeningHours"), tool("saveCallerDetails")], "audio": { "output": { "speed": 1.5 } } }),
        ),
    ]
}

fn strange_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        "\\PC{0,40}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([{ "type": "message" }, null, [[]]])),
        Just(json!("none")),
        Just(json!("x".repeat(40_000))),
        (1_usize..600).prop_map(|depth| (0..depth).fold(json!(1), |inner, _| json!([inner]))),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let mutation = prop_oneof![
        6 => Just(Mutation::Valid),
        4 => (any::<usize>(), strange_value()).prop_map(|(place, value)| Mutation::Exchanged(place, value)),
        2 => any::<usize>().prop_map(Mutation::Dropped),
        2 => (0_usize..100).prop_map(Mutation::Cut),
        2 => (any::<usize>(), any::<char>()).prop_map(|(place, character)| Mutation::Garbled(place, character)),
        // Ends the session, so it is rare.
        1 => prop_oneof![9 => Just(Mutation::Valid), 1 => Just(Mutation::Binary)],
    ];
    prop_oneof![
        6 => (any::<usize>(), mutation).prop_map(|(event, mutation)| Step::Event(event, mutation)),
        2 => (any::<bool>(), 0_usize..2_000, 1_usize..5_000).prop_map(|(loud, ms, piece)| Step::Sound(loud, ms, piece)),
        1 => "\\PC{0,80}".prop_map(Step::Garbage),
        1 => Just(Step::Ping),
    ]
}

/// Paths to every value of an event, the event itself included.
fn paths(value: &Value, path: &str, found: &mut Vec<String>) {
    found.push(path.to_owned());
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(name, value)| paths(value, &format!("{path}/{name}"), found)),
        Value::Array(elements) => elements
            .iter()
            .enumerate()
            .for_each(|(at, value)| paths(value, &format!("{path}/{at}"), found)),
        _ => {}
    }
}

fn mutated(mut event: Value, mutation: &Mutation) -> Message {
    let mut places = Vec::new();
    paths(&event, "", &mut places);
    match mutation {
        Mutation::Exchanged(place, value) => {
            *event.pointer_mut(&places[place % places.len()]).unwrap() = value.clone();
        }
        Mutation::Dropped(place) => {
            let path = &places[place % places.len()];
            if let Some((parent, name)) = path.rsplit_once('/')
                && let Some(members) = event.pointer_mut(parent).and_then(Value::as_object_mut)
            {
                members.remove(name);
            }
        }
        _ => {}
    }
    let text = event.to_string();
    match mutation {
        Mutation::Cut(hundredths) => {
            let characters = text.chars().count() * hundredths / 100;
            Message::text(text.chars().take(characters).collect::<String>())
        }
        Mutation::Garbled(place, character) => {
            let mut characters: Vec<char> = text.chars().collect();
            let place = place % characters.len();
            characters[place] = *character;
            Message::text(characters.into_iter().collect::<String>())
        }
        Mutation::Binary => Message::binary(text.into_bytes()),
        _ => Message::text(text),
    }
}

fn messages(step: &Step, valid: &[Value]) -> Vec<Message> {
    match step {
        Step::Event(event, mutation) => vec![mutated(valid[event % valid.len()].clone(), mutation)],
        Step::Sound(loud, ms, piece) => {
            let sound = if *loud { double::tone(7) } else { double::silence(2_000) };
            let sound = &sound[..(24 * ms).min(sound.len())];
            let append = |piece: &[i16]| json!({ "type": "input_audio_buffer.append", "audio": AudioBytes::from_pcm16(piece).encode() });
            // Crumbs, but not so many that one case is nothing else.
            let pieces = sound.chunks(*piece).take(400);
            pieces.map(|piece| Message::text(append(piece).to_string())).collect()
        }
        Step::Garbage(text) => vec![Message::text(text.clone())],
        Step::Ping => vec![Message::Ping(vec![1, 2, 3].into())],
    }
}

/// Plays one case on a connection of its own.
async fn play(engine: &EngineHandle, steps: &[Step], valid: &[Value]) -> Result<(), String> {
    let request = format!("ws://{}/v1/realtime", engine.address());
    let (socket, _) = connect_async(request.into_client_request().unwrap())
        .await
        .map_err(|error| format!("no connection: {error}"))?;
    let (mut sending, mut receiving) = socket.split();
    let sent: Vec<Message> = steps.iter().flat_map(|step| messages(step, valid)).collect();
    let last =
        json!({ "type": "conversation.item.retrieve", "event_id": "the-last-of-this-case", "item_id": "nobody" });
    let send = async {
        for message in sent.into_iter().chain([Message::text(last.to_string())]) {
            // After a close the server takes nothing more, and says so by itself.
            if sending.send(message).await.is_err() {
                break;
            }
        }
        std::future::pending::<()>().await;
    };
    let receive = async {
        loop {
            match receiving.next().await {
                Some(Ok(Message::Text(text))) => match ServerEvent::parse(&text) {
                    Ok(ServerEvent::Error(event))
                        if event
                            .error
                            .event_id
                            .as_ref()
                            .is_some_and(|id| id.as_str() == "the-last-of-this-case") =>
                    {
                        return Ok(());
                    }
                    Ok(ServerEvent::Unknown(unknown)) => return Err(format!("the server sent a {}", unknown.kind)),
                    Ok(_) => {}
                    Err(error) => return Err(format!("the server sent no event: {error}")),
                },
                Some(Ok(Message::Close(Some(frame)))) if [1003, 1009].contains(&u16::from(frame.code)) => return Ok(()),
                Some(Ok(Message::Close(frame))) => return Err(format!("the server closed with {frame:?}")),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(format!("the connection broke: {error}")),
                None => return Err("the connection ended without a goodbye".to_owned()),
            }
        }
    };
    tokio::select! {
        () = send => unreachable!("the sender waits for ever"),
        outcome = timeout(DEADLINE, receive) => outcome.unwrap_or_else(|_| Err("the session does not answer any more".to_owned())),
    }
}

async fn engine() -> EngineHandle {
    let words = [
        "How much is an oil change?",
        "five five five",
        "Yes, please.",
        "the the the the",
        "My name is",
        "Goodbye.",
        "I would like an appointment on Tuesday at nine.",
        "",
    ];
    let now = "2026-11-23T15:00:00Z".parse().unwrap();
    let config = EngineConfig {
        companies: vec![frontdesk_company::sample().unwrap()],
        speech: Arc::new(Double::hearing(&words)),
        listen: "127.0.0.1:0".parse().unwrap(),
        access: Access::Anybody,
        session_limit: SESSION_LIMIT,
        chat: None,
        clock: Arc::new(move || now),
    };
    EngineServer::start(config).await.unwrap()
}

/// Memory of this process in KiB; only Linux tells it in a file.
fn resident_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").trim().parse().ok()
}

/// Plays random cases; a failing one is made as small as it can be.
fn round(runtime: &Runtime, engine: &EngineHandle, valid: &[Value]) {
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    };
    let steps = proptest::collection::vec(step(), 1..24);
    let outcome = TestRunner::new(config).run(&steps, |steps| {
        let before = PANICS.load(Ordering::Relaxed);
        let outcome = runtime.block_on(play(engine, &steps, valid));
        outcome.map_err(TestCaseError::fail)?;
        prop_assert_eq!(PANICS.load(Ordering::Relaxed), before, "something panicked");
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

#[test]
fn whatever_a_client_sends_is_answered_or_refused_and_nothing_panics() {
    count_panics();
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("fuzz-runtime")
        .enable_all()
        .build()
        .unwrap();
    let engine = runtime.block_on(engine());
    let valid = valid_events();
    let minutes = std::env::var("FRONTDESK_FUZZ_MINUTES")
        .ok()
        .map(|text| text.parse::<u64>().unwrap());
    let length = Duration::from_secs(60 * minutes.unwrap_or(0));
    let started = Instant::now();
    let (mut rounds, mut settled) = (0, None);
    loop {
        round(&runtime, &engine, &valid);
        rounds += 1;
        if started.elapsed() >= length / 10 {
            settled = settled.or(resident_kib());
        }
        if started.elapsed() >= length {
            break;
        }
    }
    runtime.block_on(engine.shut_down());
    assert_eq!(
        PANICS.load(Ordering::Relaxed),
        0,
        "something panicked while the engine stopped"
    );
    println!(
        "{} cases in {} s; memory {settled:?} KiB after the first tenth, {:?} KiB at the end",
        rounds * CASES,
        started.elapsed().as_secs(),
        resident_kib()
    );
    // In a short run other tests of this process load their models meanwhile.
    if let (Some(_), Some(settled), Some(end)) = (minutes, settled, resident_kib()) {
        assert!(
            end <= settled + GROWTH_KIB,
            "the process grew from {settled} to {end} KiB"
        );
    }
}
