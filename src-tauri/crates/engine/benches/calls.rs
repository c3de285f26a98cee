//! Spoken calls with the engine's server in real time: when the caller hears the first sound of an answer, how soon the receptionist falls
//! silent when somebody speaks, two calls at once, and what the engine takes of the machine.
//!
//! Run with `cargo bench -p frontdesk-engine --bench calls`; it needs the local models. In real time, because the engine uses the silence at
//! the end of a turn to recognise it. The callers live on the main thread and the engine on all others, so that both are told apart.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a measurement that cannot go on stops"
)]

#[path = "calls/caller.rs"]
mod caller;
#[path = "support/figures.rs"]
mod figures;
#[path = "../tests/support/files.rs"]
mod files;
#[path = "../tests/support/recordings.rs"]
mod recordings;

use std::sync::Arc;
use std::time::Duration;

use caller::{Caller, Interruption, Recording, Turn};
use figures::{figure, memory_megabytes, processor_seconds_beside_main};
use frontdesk_engine::server::{Access, EngineConfig, EngineHandle, EngineServer, SESSION_LIMIT};
use frontdesk_engine::speech::Speech;
use jiff::Timestamp;
use tokio::time::Instant;

/// Looks at a silent call, the time between two, and the rest before the first.
const LOOKS: usize = 4;
const LOOK_INTERVAL: Duration = Duration::from_secs(5);
const SETTLING: Duration = Duration::from_secs(2);

/// Questions that interrupt a reply.
const INTERRUPTIONS: usize = 12;

/// How long after the first sound of a reply the first of them is asked, and how much later each other one: no multiple of the 32 ms in
/// which the engine looks for speech, so that their beginnings fall on all places in them.
const FIRST_INTERRUPTION: Duration = Duration::from_millis(100);
const LATER: Duration = Duration::from_millis(21);

/// A reply of half a minute. It is said three times over, so that it is still being made on every computer when somebody interrupts.
const LONG_REPLY: &str = "Let me tell you what we do when you bring in your car. First, one of our technicians looks at the engine, the \
    brakes, the tires and the battery. Then we call you, and tell you what we have found, and what it would cost to mend it. Nothing is \
    done before you agree. When all is done, we take the car for a short drive, and wash it. You can wait here with a cup of coffee, or \
    take our shuttle home. In the evening we call you again, and you pick up your car when it suits you, until six in the evening, on \
    every day from Monday to Friday, or on a Saturday until four in the afternoon.";

fn main() {
    // `cargo test --benches` wants to know whether it starts and gives no `--bench`.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let questions: Vec<Recording> = recordings::questions().iter().map(Recording::of).collect();
    let speech = Arc::new(Speech::load(&files::model_files()).unwrap_or_else(|error| panic!("{error}")));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let engine = runtime.block_on(start(speech));
    let callers = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    callers.block_on(async {
        silent_call(&engine).await;
        questions_in_a_call(&engine, &questions).await;
        interruptions(&engine, &questions).await;
        two_calls(&engine, &questions).await;
    });
    figure(
        "calls/memory with all models, after the calls",
        "MB",
        memory_megabytes().as_slice(),
    );
    runtime.block_on(engine.shut_down());
}

async fn start(speech: Arc<Speech>) -> EngineHandle {
    let config = EngineConfig {
        companies: vec![frontdesk_company::sample().unwrap()],
        speech,
        chat: None,
        listen: "127.0.0.1:0".parse().unwrap(),
        access: Access::OwnBearer,
        session_limit: SESSION_LIMIT,
        clock: Arc::new(Timestamp::now),
    };
    EngineServer::start(config).await.unwrap()
}

/// Nobody says anything; the microphone's silence is sent and listened to.
async fn silent_call(engine: &EngineHandle) {
    let mut caller = Caller::connect(engine).await;
    caller.be_silent_until(Instant::now() + SETTLING).await;
    let mut shares = Vec::new();
    for _ in 0..LOOKS {
        let (since, before) = (Instant::now(), processor_seconds_beside_main());
        caller.be_silent_until(since + LOOK_INTERVAL).await;
        let worked = processor_seconds_beside_main().zip(before);
        shares.extend(worked.map(|(after, before)| 100.0 * (after - before) / since.elapsed().as_secs_f64()));
    }
    figure("calls/processor time of a silent call", "%", &shares);
}

/// One caller, who listens to every answer.
async fn questions_in_a_call(engine: &EngineHandle, questions: &[Recording]) {
    let mut caller = Caller::connect(engine).await;
    let mut turns = Vec::new();
    for question in questions {
        turns.push(caller.ask(question, true).await);
    }
    told("", &turns);
}

/// One caller, who lets nobody finish.
async fn interruptions(engine: &EngineHandle, questions: &[Recording]) {
    let mut caller = Caller::connect(engine).await;
    let (mut interruptions, reply) = (Vec::new(), [LONG_REPLY; 3].join(" "));
    for (at, question) in (0_u32..).zip(questions.iter().take(INTERRUPTIONS)) {
        let later = FIRST_INTERRUPTION + at * LATER;
        interruptions.push(caller.interrupt(&reply, later, question).await);
    }
    assert!(
        interruptions.iter().all(|interruption| interruption.was_cancelled),
        "a reply was over before it could be interrupted"
    );
    let each = |value: fn(&Interruption) -> f64| interruptions.iter().map(value).collect::<Vec<f64>>();
    let onset = each(|interruption| interruption.onset);
    let deltas = each(|interruption| interruption.deltas_after as f64);
    figure("calls/onset of speech in a reply to speech_started", "ms", &onset);
    figure(
        "calls/deltas of an interrupted reply after speech_started",
        "count",
        &deltas,
    );
}

/// Two callers, who go on as soon as an answer is whole, with other questions at the same time.
async fn two_calls(engine: &EngineHandle, questions: &[Recording]) {
    let call = async |rotation: usize| {
        let mut caller = Caller::connect(engine).await;
        let mut turns = Vec::new();
        for question in questions.iter().cycle().skip(rotation).take(questions.len()) {
            turns.push(caller.ask(question, false).await);
        }
        turns
    };
    let (mut turns, others) = tokio::join!(call(0), call(questions.len() / 2));
    turns.extend(others);
    told("two at once, ", &turns);
}

/// The figures of the turns of one or more calls; `which` stands before their names.
fn told(which: &str, turns: &[Turn]) {
    let each = |value: fn(&Turn) -> f64| turns.iter().map(value).collect::<Vec<f64>>();
    let since_speech = each(|turn| turn.since_speech);
    let since_stopped = each(|turn| turn.since_stopped);
    let starved = each(|turn| turn.starved);
    figure(
        &format!("calls/{which}end of speech to first audio"),
        "ms",
        &since_speech,
    );
    figure(
        &format!("calls/{which}speech_stopped to first audio"),
        "ms",
        &since_stopped,
    );
    figure(&format!("calls/{which}gaps in the sound of an answer"), "ms", &starved);
}
