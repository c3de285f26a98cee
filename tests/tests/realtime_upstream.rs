//! The upstream connection against the scriptable double: opening, talking, keeping alive, ending. Real sockets where the network matters,
//! an in-memory pipe under a paused clock where time matters.

#[path = "realtime_upstream/opening.rs"]
mod opening;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use frontdesk_call::voice_model::{CloseReason, ModelConnection, ModelEvent, VoiceModel};
use frontdesk_call::{Problem, ProblemKind};
use frontdesk_protocol::{
    ClientEvent, ErrorCode, InputAudio, Item, Message, ResponseStatus, ServerEvent, Session, SessionAudio,
    Transcription,
};
use frontdesk_realtime::{
    AUDIO_QUEUE_CAPACITY, DEAD_AFTER, Direction, Endpoint, PING_INTERVAL, RealtimeModel, WireTap, probe,
};
use frontdesk_tests::realtime_double::{
    Action, CallerTurn, RealtimeDouble, Received, Recording, Reply, Script, TranscriptTiming, When, error, pipe,
};
use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep, timeout};

const KEY: &str = "sk-test-4711-do-not-print";

/// The moments of a start, in order: before the first event, after it, in place of the update's answer, after that.
const START_SEQUENCE: [When; 4] = [
    When::Accepted,
    When::After("session.created"),
    When::Received("session.update"),
    When::After("session.updated"),
];

fn model_at(base: &str) -> RealtimeModel {
    Endpoint::compatible(base, "gpt-realtime-2.1")
        .map_err(Problem::from)
        .and_then(|endpoint| RealtimeModel::new(endpoint, Some(SecretString::from(KEY))))
        .unwrap_or_else(|problem| panic!("{problem}"))
}

async fn connect_to(double: &RealtimeDouble) -> Result<ModelConnection, Problem> {
    model_at(&double.base_url()).connect().await
}

async fn over_pipe(script: Script) -> (ModelConnection, Arc<Recording>) {
    let (client, recording) = pipe(script);
    let connection = model_at("ws://localhost:1").connect_over(client).await;
    (connection.unwrap_or_else(|problem| panic!("{problem}")), recording)
}

async fn start(script: Script) -> RealtimeDouble {
    RealtimeDouble::start([script])
        .await
        .unwrap_or_else(|error| panic!("no loopback socket: {error}"))
}

/// Everything up to the end of the connection.
async fn until_closed(connection: &mut ModelConnection) -> (Vec<ModelEvent>, CloseReason) {
    let mut events = Vec::new();
    while let Some(event) = connection.events.recv().await {
        match event {
            ModelEvent::Closed(reason) => return (events, reason),
            event => events.push(event),
        }
    }
    panic!("the connection ended without a reason after {events:?}")
}

/// The next event of this type; others before it are returned too.
async fn until(connection: &mut ModelConnection, kind: &str) -> Vec<ServerEvent> {
    let mut events = Vec::new();
    loop {
        match connection.events.recv().await {
            Some(ModelEvent::Event(event)) => {
                let is_it = event.kind() == kind;
                events.push(*event);
                if is_it {
                    return events;
                }
            }
            other => panic!("{kind} did not come, but {other:?} after {events:?}"),
        }
    }
}

fn kinds(events: &[ServerEvent]) -> Vec<&str> {
    events.iter().map(ServerEvent::kind).collect()
}

fn send(connection: &mut ModelConnection, event: ClientEvent) {
    connection.sender.send(event).unwrap_or_else(|error| panic!("{error}"));
}

fn transcribing() -> ClientEvent {
    let input = InputAudio {
        transcription: Transcription::default().into(),
        ..InputAudio::default()
    };
    let audio = SessionAudio {
        input: Some(input),
        output: None,
    };
    ClientEvent::session_update(Session {
        audio: Some(audio),
        ..Session::default()
    })
}

fn frame() -> ClientEvent {
    ClientEvent::append_pcm16(&[0; 480])
}

#[tokio::test]
async fn a_spoken_turn_travels_both_ways_over_a_real_socket() {
    let turn = CallerTurn {
        starts_at_ms: 200,
        ends_at_ms: 900,
        transcript: "Are you open?".to_owned(),
        timing: TranscriptTiming::Late,
    };
    let double = start(
        Script::new()
            .requiring_key(KEY)
            .hearing(turn)
            .replying(Reply::speech("Yes, until six.", 1_000)),
    )
    .await;
    let mut connection = connect_to(&double).await.unwrap();
    until(&mut connection, "session.created").await;
    send(&mut connection, transcribing());
    until(&mut connection, "session.updated").await;
    for _ in 0..50 {
        send(&mut connection, frame());
    }
    let events = until(&mut connection, "conversation.item.input_audio_transcription.completed").await;
    let order = kinds(&events);
    let position = |kind: &str| {
        order
            .iter()
            .position(|other| *other == kind)
            .unwrap_or_else(|| panic!("{kind} in {order:?}"))
    };
    let expected = [
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.added",
        "response.created",
        "response.output_audio.delta",
        "response.output_audio_transcript.done",
        "response.done",
        "conversation.item.input_audio_transcription.completed",
    ];
    assert!(
        expected.windows(2).all(|pair| position(pair[0]) < position(pair[1])),
        "{order:?}"
    );
    let samples: usize = events
        .iter()
        .filter_map(|event| match event {
            ServerEvent::OutputAudioDelta(delta) => Some(delta.delta.to_pcm16().unwrap().len()),
            _ => None,
        })
        .sum();
    assert_eq!(samples, 24_000);
}

#[tokio::test(start_paused = true)]
async fn a_quiet_server_is_pinged_and_kept() {
    let (mut connection, recording) = over_pipe(Script::new()).await;
    until(&mut connection, "session.created").await;
    sleep(PING_INTERVAL * 30).await;
    let pings = recording
        .all()
        .iter()
        .filter(|received| **received == Received::Ping)
        .count();
    assert!((29..=30).contains(&pings), "{pings} pings in ten minutes");
    send(&mut connection, ClientEvent::clear_input());
    until(&mut connection, "input_audio_buffer.cleared").await;
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_is_dead_after_forty_seconds_and_may_be_tried_again() {
    let (mut connection, _recording) =
        over_pipe(Script::new().with(When::After("session.created"), Action::FallSilent)).await;
    until(&mut connection, "session.created").await;
    let began = Instant::now();
    let (events, reason) = until_closed(&mut connection).await;
    assert_eq!(began.elapsed().as_secs(), DEAD_AFTER.as_secs());
    assert!(events.is_empty());
    assert!(reason.retryable && reason.code.is_none());
    assert_eq!(reason.problem.kind, ProblemKind::ConnectionLost);
}

#[tokio::test(start_paused = true)]
async fn every_close_code_at_every_point_of_the_start_is_reported_and_sorted() {
    let retryable = [1001, 1011, 1012, 1013];
    for when in START_SEQUENCE {
        for code in [
            1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 1012, 1013, 3000, 4000, 4999,
        ] {
            let (mut connection, _recording) = over_pipe(Script::new().with(when, Action::close(code, "bye"))).await;
            send(&mut connection, ClientEvent::session_update(Session::default()));
            let (_, reason) = until_closed(&mut connection).await;
            assert_eq!(reason.code, Some(code), "{when:?}");
            assert_eq!(reason.retryable, retryable.contains(&code), "{code} {when:?}");
            assert!(connection.sender.send(ClientEvent::clear_input()).is_err());
            assert!(connection.events.recv().await.is_none());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_socket_that_vanishes_at_any_point_of_the_start_may_be_tried_again() {
    for when in START_SEQUENCE {
        for (action, code) in [(Action::Vanish, None), (Action::CloseWithoutCode, Some(1005))] {
            let (mut connection, _recording) = over_pipe(Script::new().with(when, action)).await;
            send(&mut connection, ClientEvent::session_update(Session::default()));
            let (_, reason) = until_closed(&mut connection).await;
            assert_eq!((reason.code, reason.retryable), (code, true), "{when:?}");
            assert_eq!(reason.problem.kind, ProblemKind::ConnectionLost);
        }
    }
}

#[tokio::test]
async fn a_socket_that_vanishes_in_the_middle_of_a_reply_ends_a_real_connection_too() {
    let script = Script::new()
        .replying(Reply::speech("We are open.", 2_000))
        .with(When::After("response.output_audio.delta"), Action::Vanish);
    let double = start(script).await;
    let mut connection = connect_to(&double).await.unwrap();
    send(&mut connection, ClientEvent::create_response(None));
    let (events, reason) = until_closed(&mut connection).await;
    assert!(
        events
            .iter()
            .any(|event| matches!(event, ModelEvent::Event(event) if event.kind() == "response.output_audio.delta"))
    );
    assert!(reason.retryable);
}

#[tokio::test(start_paused = true)]
async fn a_rejected_beta_is_final_and_says_what_to_check() {
    let code = "beta_api_shape_disabled";
    let script = Script::new()
        .with(When::Accepted, Action::complain("invalid_request_error", code))
        .with(
            When::Before("session.created"),
            Action::close(4000, "invalid_request_error.beta_api_shape_disabled"),
        );
    let (mut connection, _recording) = over_pipe(script).await;
    let (events, reason) = until_closed(&mut connection).await;
    assert!(
        matches!(&events[..], [ModelEvent::Event(event)] if event.kind() == "error"),
        "{events:?}"
    );
    assert_eq!((reason.code, reason.retryable), (Some(4000), false));
    assert_eq!(reason.problem.kind, ProblemKind::ProviderFailed);
}

#[tokio::test(start_paused = true)]
async fn a_bad_key_or_a_missing_model_told_by_an_event_is_final_whatever_the_close_code() {
    for (code, kind) in [
        ("invalid_api_key", ProblemKind::BadKey),
        ("model_not_found", ProblemKind::ModelGone),
    ] {
        for end in [Action::close(1011, ""), Action::Vanish] {
            let script = Script::new()
                .with(When::Accepted, Action::complain("invalid_request_error", code))
                .with(When::Before("session.created"), end);
            let (mut connection, _recording) = over_pipe(script).await;
            let (_, reason) = until_closed(&mut connection).await;
            assert_eq!((reason.problem.kind, reason.retryable), (kind, false));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_expired_session_may_be_tried_again() {
    let script = Script::new()
        .with(
            When::After("session.created"),
            Action::complain("invalid_request_error", "session_expired"),
        )
        .with(
            When::Received("input_audio_buffer.clear"),
            Action::close(1001, "session expired"),
        );
    let (mut connection, _recording) = over_pipe(script).await;
    let events = until(&mut connection, "error").await;
    let Some(ServerEvent::Error(expired)) = events.last() else {
        panic!("{events:?}")
    };
    assert_eq!(expired.error.code, Some(ErrorCode::SessionExpired));
    send(&mut connection, ClientEvent::clear_input());
    assert!(until_closed(&mut connection).await.1.retryable);
}

#[tokio::test(start_paused = true)]
async fn an_empty_account_is_told_in_the_failed_response() {
    let quota = error("insufficient_quota", "insufficient_quota");
    let (mut connection, _recording) = over_pipe(Script::new().replying(Reply::failing(quota))).await;
    send(&mut connection, ClientEvent::create_response(None));
    let events = until(&mut connection, "response.done").await;
    let Some(ServerEvent::ResponseDone(done)) = events.last() else {
        panic!("{events:?}")
    };
    assert_eq!(done.response.status, Some(ResponseStatus::Failed));
    let failure = done
        .response
        .status_details
        .as_ref()
        .and_then(|details| details.error.as_ref())
        .unwrap();
    assert_eq!(failure.code, Some(ErrorCode::InsufficientQuota));
}

#[tokio::test(start_paused = true)]
async fn unreadable_messages_and_unknown_events_do_not_end_the_connection() {
    let after = When::After("session.created");
    let texts = [
        "{\"type\":\"session.updated\"",
        "no json at all",
        "[]",
        "{\"type\":\"conversation.item.added\"}",
        "",
    ];
    let mut script = Script::new().with(after, Action::SendText(texts[0].to_owned()));
    for kind in ["input_audio_buffer.clear"; 4].into_iter().zip(&texts[1..]) {
        script = script.with(When::Received(kind.0), Action::SendText((*kind.1).to_owned()));
    }
    let unknown = Action::SendText("{\"type\":\"ping\",\"timestamp\":1}".to_owned());
    let script = script.with(When::Received("response.cancel"), unknown).with(
        When::Received("input_audio_buffer.commit"),
        Action::SendBinary(vec![1, 2, 3]),
    );
    let (mut connection, _recording) = over_pipe(script).await;
    until(&mut connection, "session.created").await;
    assert_eq!(
        connection.events.recv().await,
        Some(ModelEvent::Malformed { size: texts[0].len() })
    );
    for text in &texts[1..] {
        send(&mut connection, ClientEvent::clear_input());
        assert_eq!(
            connection.events.recv().await,
            Some(ModelEvent::Malformed { size: text.len() })
        );
    }
    send(&mut connection, ClientEvent::commit_input());
    assert_eq!(connection.events.recv().await, Some(ModelEvent::Malformed { size: 3 }));
    send(&mut connection, ClientEvent::cancel_response(None));
    until(&mut connection, "ping").await;
    send(&mut connection, ClientEvent::clear_input());
    until(&mut connection, "input_audio_buffer.cleared").await;
}

#[tokio::test(start_paused = true)]
async fn a_message_beyond_the_limit_ends_the_connection_with_its_reason() {
    let huge = format!(
        "{{\"type\":\"ping\",\"pad\":\"{}\"}}",
        "x".repeat(frontdesk_protocol::MAX_EVENT_BYTES)
    );
    let (mut connection, _recording) =
        over_pipe(Script::new().with(When::After("session.created"), Action::SendText(huge))).await;
    let (_, reason) = until_closed(&mut connection).await;
    assert_eq!(reason.problem.kind, ProblemKind::ProviderFailed);
    assert!(reason.retryable, "the call goes on over a new connection");
}

#[tokio::test(start_paused = true)]
async fn a_slow_session_makes_the_server_wait_and_loses_nothing() {
    let long = Reply::text(&"word ".repeat(5_000));
    let (mut connection, _recording) = over_pipe(Script::new().replying(long)).await;
    send(&mut connection, ClientEvent::create_response(None));
    sleep(DEAD_AFTER * 3).await;
    let events = until(&mut connection, "response.done").await;
    let deltas = events
        .iter()
        .filter(|event| event.kind() == "response.output_text.delta")
        .count();
    assert_eq!(deltas, 5_000);
}

/// Remembers the traffic.
#[derive(Default)]
struct Traffic {
    messages: Mutex<Vec<(Direction, String, usize)>>,
    dropped: Mutex<u64>,
}

impl WireTap for Traffic {
    fn message(&self, direction: Direction, kind: &str, bytes: usize) {
        self.messages
            .lock()
            .unwrap_or_else(|error| panic!("{error}"))
            .push((direction, kind.to_owned(), bytes));
    }

    fn audio_dropped(&self, pieces: u64) {
        *self.dropped.lock().unwrap_or_else(|error| panic!("{error}")) += pieces;
    }
}

/// A connection over a pipe whose traffic is watched.
async fn tapped(script: Script) -> (ModelConnection, Arc<Recording>, Arc<Traffic>) {
    let (client, recording) = pipe(script);
    let traffic = Arc::new(Traffic::default());
    // Its type widens to the trait's only when it is given away.
    let tap = Arc::clone(&traffic);
    let model = model_at("ws://localhost:1").with_tap(tap);
    let connection = model
        .connect_over(client)
        .await
        .unwrap_or_else(|problem| panic!("{problem}"));
    (connection, recording, traffic)
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_read_costs_old_audio_and_nothing_else() {
    let stall = Duration::from_secs(30);
    let script = Script::new().with(When::After("session.created"), Action::Pause(stall));
    let (mut connection, recording, traffic) = tapped(script).await;
    until(&mut connection, "session.created").await;

    // More than the pipe and the queue hold together.
    let sent = 2_000;
    let texts = 20;
    for number in 0..sent {
        send(&mut connection, frame());
        if number % (sent / texts) == 0 {
            send(
                &mut connection,
                ClientEvent::create_item(Item::Message(Message::user(number.to_string()))),
            );
        }
        tokio::task::yield_now().await;
    }
    send(&mut connection, ClientEvent::clear_input());
    until(&mut connection, "input_audio_buffer.cleared").await;

    let kinds = recording.kinds();
    let arrived = kinds.iter().filter(|kind| *kind == "input_audio_buffer.append").count();
    let dropped = *traffic.dropped.lock().unwrap() as usize;
    assert!(
        dropped > 0 && arrived >= AUDIO_QUEUE_CAPACITY,
        "{arrived} arrived, {dropped} dropped"
    );
    assert_eq!(arrived + dropped, sent);
    let numbers: Vec<_> = recording
        .events()
        .iter()
        .filter_map(|event| event["item"]["content"][0]["text"].as_str()?.parse::<usize>().ok())
        .collect();
    assert_eq!(
        numbers,
        (0..texts).map(|index| index * sent / texts).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn letting_go_of_a_connection_closes_its_socket_politely() {
    let double = start(Script::new()).await;
    let mut connection = connect_to(&double).await.unwrap();
    until(&mut connection, "session.created").await;
    drop(connection);
    double
        .recording()
        .until(|received| received.contains(&Received::Gone(Some(1000))))
        .await;
}

#[tokio::test(start_paused = true)]
async fn the_tap_sees_direction_type_and_size_of_each_message() {
    let script = Script::new().with(When::Accepted, Action::SendText("oops".to_owned()));
    let (mut connection, recording, traffic) = tapped(script).await;
    assert_eq!(connection.events.recv().await, Some(ModelEvent::Malformed { size: 4 }));
    until(&mut connection, "session.created").await;
    send(&mut connection, frame());
    recording.event("input_audio_buffer.append", 1).await;
    let messages = traffic.messages.lock().unwrap().clone();
    assert_eq!(messages[0], (Direction::Received, "malformed".to_owned(), 4));
    assert_eq!(messages[1].1, "session.created");
    assert_eq!(
        messages[2],
        (
            Direction::Sent,
            "input_audio_buffer.append".to_owned(),
            frame().to_json().len()
        )
    );
}

#[tokio::test]
async fn a_probe_tells_whether_a_call_could_start() {
    let good = start(Script::new().requiring_key(KEY)).await;
    assert_eq!(probe(&model_at(&good.base_url())).await, Ok(()));

    let wrong_key = start(Script::new().requiring_key("another")).await;
    assert_eq!(
        probe(&model_at(&wrong_key.base_url())).await.unwrap_err().kind,
        ProblemKind::BadKey
    );

    let late_refusal = start(Script::new().with(
        When::Accepted,
        Action::complain("invalid_request_error", "invalid_api_key"),
    ))
    .await;
    assert_eq!(
        probe(&model_at(&late_refusal.base_url())).await.unwrap_err().kind,
        ProblemKind::BadKey
    );

    let closing = start(Script::new().with(When::Accepted, Action::close(1013, ""))).await;
    assert_eq!(
        probe(&model_at(&closing.base_url())).await.unwrap_err().kind,
        ProblemKind::RateLimited
    );
}

#[tokio::test]
async fn each_connection_of_a_double_follows_its_own_script() {
    let scripts = [
        Script::new().with(When::After("session.created"), Action::close(1012, "restart")),
        Script::new(),
    ];
    let double = RealtimeDouble::start(scripts).await.unwrap();
    let mut first = connect_to(&double).await.unwrap();
    assert!(until_closed(&mut first).await.1.retryable);
    let mut second = connect_to(&double).await.unwrap();
    send(&mut second, ClientEvent::clear_input());
    until(&mut second, "input_audio_buffer.cleared").await;
    assert_eq!(double.recording().connections(), 2);
}
