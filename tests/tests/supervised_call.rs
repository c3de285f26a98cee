//! A call to a keyed voice model with a supervisor behind it: the text model works with the tools, and the voice model gets the sentence to
//! say. Real program, real database, scripted servers on both sides.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::process::Stdio;
use std::time::Duration;

use frontdesk_call::CallEvent;
use frontdesk_call::event::{CallEventBody, ToolOutcome};
use frontdesk_call::problem::ProblemKind;
use frontdesk_tests::chat_double::{Asked, ChatDouble, ChatTurn};
use frontdesk_tests::realtime_double::{Output, RealtimeDouble, Reply};
use frontdesk_tests::workshop::{WISH, Workshop, caller, next_week, receptionist};
use serde_json::{Value, json};
use tokio::process::Command;

const SUPERVISOR: &str = "getNextResponseFromSupervisor";
const KEY: &str = "sk-voice-0123456789abcdef";

/// One call in which the voice model asks its supervisor once.
struct Call {
    workshop: Workshop,
    voice: RealtimeDouble,
    chat: ChatDouble,
}

/// What came of it.
struct Outcome {
    events: Vec<CallEvent>,
    /// What the voice model was told.
    told: Value,
    asked: Vec<Asked>,
}

impl Call {
    async fn with(turns: impl IntoIterator<Item = ChatTurn>) -> Self {
        let chat = ChatDouble::start(turns).await.unwrap();
        let settings = format!(
            "[supervisor]\nkind = \"compatible\"\nbaseUrl = \"{}\"\nmodel = \"words-1\"\n",
            chat.base_url()
        );
        let context = json!({ "relevantContextFromLastUserMessage": "tune-up, next week at nine" });
        let asks = Reply::new([
            Output::Speech {
                transcript: "One moment, let me check.".into(),
                milliseconds: 1_500,
            },
            Output::FunctionCall {
                name: SUPERVISOR.into(),
                arguments: context.to_string(),
            },
        ]);
        let script = receptionist([asks, Reply::speech("As my supervisor says.", 400)]).requiring_key(KEY);
        Self {
            workshop: Workshop::new(&settings).unwrap(),
            voice: RealtimeDouble::start([script]).await.unwrap(),
            chat,
        }
    }

    fn command(&self) -> Command {
        let caller = caller().display().to_string();
        let arguments = [
            "call",
            "--json",
            "--backend",
            &self.voice.base_url(),
            "--input",
            &caller,
        ];
        let mut command = self.workshop.command(&arguments).unwrap();
        command.env("FRONTDESK_API_KEY", KEY);
        command
    }

    async fn made(&self) -> Outcome {
        let output = self.command().output().await.unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let events = events(&output.stdout);
        let outputs: Vec<Value> = self
            .voice
            .recording()
            .events()
            .iter()
            .filter_map(|event| serde_json::from_str(event["item"]["output"].as_str()?).ok())
            .collect();
        let [told] = outputs.as_slice() else {
            panic!("one call, one output: {outputs:#?}")
        };
        Outcome {
            events,
            told: told.clone(),
            asked: self.chat.asked(),
        }
    }
}

fn events(lines: &[u8]) -> Vec<CallEvent> {
    let text = std::str::from_utf8(lines).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

impl Outcome {
    /// Tools in the order in which they were finished, and how.
    fn tools(&self) -> Vec<(String, ToolOutcome)> {
        let name_of = |wanted| {
            self.events.iter().find_map(|event| match &event.body {
                CallEventBody::ToolStarted { tool_call_id, name, .. } if tool_call_id == wanted => Some(name.clone()),
                _ => None,
            })
        };
        self.events
            .iter()
            .filter_map(|event| match &event.body {
                CallEventBody::ToolFinished {
                    tool_call_id, outcome, ..
                } => Some((name_of(tool_call_id)?, *outcome)),
                _ => None,
            })
            .collect()
    }

    fn warnings(&self) -> Vec<ProblemKind> {
        self.events
            .iter()
            .filter_map(|event| match &event.body {
                CallEventBody::Warning { problem } => Some(problem.kind),
                _ => None,
            })
            .collect()
    }

    fn sentence(&self) -> &str {
        self.told["nextResponse"].as_str().unwrap()
    }
}

#[tokio::test]
async fn a_keyed_call_checks_books_and_reads_back() {
    let date = next_week();
    let check = json!({ "start": date, "end": date, "serviceType": "tune-up" }).to_string();
    let book = json!({ "date": date, "time": "09:00", "serviceType": "Tune-up", "customerName": "Dana Whitfield",
        "customerPhone": "(202) 555-0143" })
    .to_string();
    let read_back = |request: &Value| {
        let messages = request["messages"].as_array().unwrap();
        let booked: Value = serde_json::from_str(messages.last().unwrap()["content"].as_str().unwrap()).unwrap();
        format!(
            "You are booked, number {}.",
            booked["appointment"]["confirmationNumber"].as_str().unwrap()
        )
    };
    let call = Call::with([
        ChatTurn::Call(vec![
            ("checkAvailability".into(), check),
            (
                "lookupCustomer".into(),
                json!({ "phone": "202 555 0143", "name": "Dana Whitfield" }).to_string(),
            ),
        ]),
        ChatTurn::call("bookAppointment", &book),
        ChatTurn::SayFrom(Box::new(read_back)),
    ])
    .await;
    let outcome = call.made().await;

    let kept = call.workshop.bookings(&date).await.unwrap();
    assert_eq!(kept.len(), 1, "{kept:#?}");
    let number = kept[0]["confirmation"].as_str().unwrap();
    assert_eq!(outcome.sentence(), format!("You are booked, number {number}."));
    let done = |name: &str| (name.to_owned(), ToolOutcome::Done);
    let mut tools = outcome.tools();
    // The first two ran side by side.
    tools[..2].sort_by(|left, right| left.0.cmp(&right.0));
    assert_eq!(
        tools,
        [
            done("checkAvailability"),
            done("lookupCustomer"),
            done("bookAppointment"),
            done(SUPERVISOR)
        ]
    );

    // The voice model has the talk, the text model has the work.
    let update = call.voice.recording().event("session.update", 1).await;
    let offered: Vec<&str> = update["session"]["tools"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tool| tool["name"].as_str().unwrap())
        .collect();
    assert_eq!(offered, ["saveCallerDetails", "endCall", SUPERVISOR]);
    let first = &outcome.asked[0];
    assert_eq!(first.line, "POST /v1/chat/completions HTTP/1.1");
    assert_eq!(
        first.header("authorization"),
        None,
        "the key is for the voice model's origin alone"
    );
    let work: Vec<&str> = first.body["tools"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tool| tool["function"]["name"].as_str().unwrap())
        .collect();
    assert!(
        work.contains(&"bookAppointment") && work.contains(&"checkOpeningHours"),
        "{work:?}"
    );
    assert!(!work.contains(&"endCall") && !work.contains(&SUPERVISOR), "{work:?}");
    let messages = first.body["messages"].as_array().unwrap();
    let instructions = messages[0]["content"].as_str().unwrap();
    assert!(
        instructions.contains(&date) && instructions.contains("(UTC)"),
        "{instructions}"
    );
    let said: Vec<(&str, &str)> = messages[1..]
        .iter()
        .map(|message| (message["role"].as_str().unwrap(), message["content"].as_str().unwrap()))
        .collect();
    assert_eq!(
        said[..2],
        [("assistant", "Second Gear, how may I help you?"), ("user", WISH)]
    );
    let (role, note) = said[said.len() - 1];
    assert!(role == "user" && note.contains("tune-up, next week at nine"), "{note}");
    assert!(outcome.warnings().is_empty(), "{:?}", outcome.warnings());
}

#[tokio::test]
async fn bad_arguments_unknown_tools_and_a_busy_server_are_lived_with() {
    let busy = ChatTurn::Refuse(429, "rate_limit_exceeded".into(), "Retry-After: 1\r\n".into());
    let call = Call::with([
        busy,
        ChatTurn::Call(vec![
            ("bookAppointment".into(), "{date".into()),
            ("bookAppointment".into(), json!({ "date": "never" }).to_string()),
            ("orderPizza".into(), "{}".into()),
        ]),
        ChatTurn::say("May I have the day again, please?"),
    ])
    .await;
    let outcome = call.made().await;
    assert_eq!(outcome.sentence(), "May I have the day again, please?");
    assert_eq!(outcome.asked.len(), 3);
    let results = outcome.asked[2].results();
    let words = ["not valid JSON", "do not fit", "no tool named orderPizza"];
    for (result, words) in results.iter().zip(words) {
        assert!(result["error"].as_str().unwrap().contains(words), "{result}");
    }
    assert_eq!(results.len(), words.len());
    assert!(call.workshop.bookings(&next_week()).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_eleventh_round_does_not_come_and_the_caller_hears_a_way_forward() {
    let rounds = (0..12).map(|_| ChatTurn::call("checkOpeningHours", "{}"));
    let outcome = Call::with(rounds).await.made().await;
    assert_eq!(outcome.asked.len(), 10);
    assert_eq!(outcome.asked[9].body["tool_choice"], "none");
    assert!(
        outcome.sentence().contains("could not work that out"),
        "{}",
        outcome.told
    );
    assert_eq!(outcome.warnings(), [ProblemKind::ProviderFailed]);
}

#[tokio::test]
async fn a_server_with_a_fault_is_asked_three_times_and_the_caller_is_offered_a_message() {
    let faults = (0..3).map(|_| ChatTurn::refuse(500, "server_error"));
    let outcome = Call::with(faults).await.made().await;
    assert_eq!(outcome.asked.len(), 3);
    assert!(outcome.sentence().contains("take a message"), "{}", outcome.told);
    assert_eq!(outcome.warnings(), [ProblemKind::ProviderFailed]);
    assert_eq!(outcome.tools(), [(SUPERVISOR.to_owned(), ToolOutcome::Failed)]);
}

#[tokio::test]
async fn a_refused_key_is_named_in_the_window_and_not_to_the_caller() {
    let outcome = Call::with([ChatTurn::refuse(401, "invalid_api_key")])
        .await
        .made()
        .await;
    assert_eq!(outcome.asked.len(), 1);
    assert_eq!(outcome.warnings(), [ProblemKind::BadKey]);
    assert!(
        outcome.sentence().contains("colleague") && !outcome.sentence().contains("key"),
        "{}",
        outcome.told
    );
    assert!(!format!("{:?}", outcome.events).contains("sk-of-somebody"));
}

#[tokio::test]
async fn hanging_up_cancels_the_request() {
    let call = Call::with([ChatTurn::Hang]).await;
    let running = call
        .command()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    call.chat.asked_times(1).await;
    frontdesk_tests::interrupt(&running).await.unwrap();
    // The wall clock would end it too, much later.
    tokio::time::timeout(Duration::from_secs(9), call.chat.left())
        .await
        .unwrap();
    let output = running.wait_with_output().await.unwrap();
    let events = events(&output.stdout);
    let finished = |event: &CallEvent| matches!(event.body, CallEventBody::ToolFinished { .. });
    assert_eq!(events.iter().filter(|event| finished(event)).count(), 1);
    assert!(matches!(events.last().unwrap().body, CallEventBody::CallEnded { .. }));
}
