//! The call engine and the upstream connection against a Realtime server that others wrote: typed turns, tool calls, refusals. What the
//! server understood is read from the server.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;
use std::time::Duration;

use frontdesk_call::event::{CallEventBody, CallState, EndReason, LegKind, Medium, ToolOutcome};
use frontdesk_call::identity::ItemId;
use frontdesk_call::journal::Journal;
use frontdesk_call::leg::{LEG_EVENT_CAPACITY, Leg, LegEvent, LegSink};
use frontdesk_call::tool::{ToolDescription, ToolProvider, ToolRequest, ToolResult};
use frontdesk_call::transcript::Speaker;
use frontdesk_call::voice_model::BoxFuture;
use frontdesk_call::{
    CallEvent, CallEvents, CallHandle, CallParts, Command, Problem, ProblemKind, SessionConfig, Transcript, start_call,
};
use frontdesk_realtime::{Endpoint, RealtimeModel};
use frontdesk_tests::second_peer::SecondPeer;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::timeout;

const KEY: &str = "sk-second-peer-4711";
const INSTRUCTIONS: &str = "You answer the telephone of Prime Auto Lab.";
const GREETING: &str = "Greet the caller in the name of Prime Auto Lab.";
const GREETED: &str = "Prime Auto Lab, how may I help you?";

/// A hang fails the test instead of holding it; nothing is measured.
const PATIENCE: Duration = Duration::from_secs(60);

/// A caller who only types: no audio comes from them, and none is played to them.
struct TypingLeg(mpsc::Sender<LegEvent>);

impl TypingLeg {
    fn open() -> Leg {
        let (says, events) = mpsc::channel(LEG_EVENT_CAPACITY);
        Leg {
            kind: LegKind::Native,
            truncates_itself: false,
            events,
            sink: Box::new(Self(says)),
        }
    }
}

impl LegSink for TypingLeg {
    fn open(&mut self) {}
    fn play(&mut self, item: &ItemId, samples: &[i16]) {
        panic!("a peer without a voice sent {} samples of {item}", samples.len());
    }
    fn finish(&mut self, _item: &ItemId) {}
    fn flush(&mut self) {
        self.0.try_send(LegEvent::Flushed { heard: Vec::new() }).unwrap();
    }
    fn set_muted(&mut self, _muted: bool) {}
    fn set_busy(&mut self, _busy: bool) {}
    fn close(&mut self) {}
}

/// One tool that knows what no server can: a number that this test drew.
struct AppointmentBook {
    bay: u32,
}

impl ToolProvider for AppointmentBook {
    fn tools(&self) -> Vec<ToolDescription> {
        vec![ToolDescription {
            name: "findAppointment".into(),
            description: "Finds the appointment of a caller by name.".into(),
            parameters: json!({"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}),
            timeout: Duration::from_secs(10),
        }]
    }

    fn call(&self, request: ToolRequest) -> BoxFuture<'_, ToolResult> {
        let arguments: Value = serde_json::from_str(&request.arguments).unwrap();
        let output = json!({"name": arguments["name"], "bay": format!("bay {}", self.bay)});
        Box::pin(async move {
            ToolResult {
                output,
                succeeded: true,
                caller_details: None,
                ends_call: false,
            }
        })
    }
}

/// Keeps nothing: what a call is remembered by is tested elsewhere.
struct Forgetful;

impl Journal for Forgetful {
    fn append(&self, _events: Vec<CallEvent>) -> BoxFuture<'_, Result<(), Problem>> {
        Box::pin(async { Ok(()) })
    }
}

/// A call with the peer, and all of its events so far.
struct Conversation {
    call: CallHandle,
    reader: CallEvents,
    events: Vec<CallEvent>,
}

impl Conversation {
    fn begin(peer: &SecondPeer, key: &str, book: AppointmentBook) -> Self {
        let endpoint = Endpoint::compatible(&peer.base_url(), "gpt-realtime-2.1").unwrap();
        let model = RealtimeModel::new(endpoint, Some(SecretString::from(key))).unwrap();
        let mut config = SessionConfig::new("Prime Auto Lab", INSTRUCTIONS);
        config.greeting = Some(GREETING.into());
        let call = start_call(CallParts {
            config,
            leg: TypingLeg::open(),
            model: Arc::new(model),
            tools: Arc::new(book),
            journal: Arc::new(Forgetful),
        });
        Self {
            reader: call.subscribe(),
            call,
            events: Vec::new(),
        }
    }

    async fn until(&mut self, what: &str, is_it: impl Fn(&CallEventBody) -> bool) -> CallEventBody {
        let reading = async {
            while let Some(event) = self.reader.next().await {
                self.events.push(event.as_ref().clone());
                if is_it(&event.body) {
                    return Some(event.body.clone());
                }
            }
            None
        };
        match timeout(PATIENCE, reading).await {
            Ok(Some(body)) => body,
            outcome => panic!("{what} did not come ({outcome:?}) after {:#?}", self.events),
        }
    }

    /// The whole text of the next reply, when it is the caller's turn again: who types into a reply cuts it off.
    async fn reply(&mut self) -> String {
        let is_reply = |body: &CallEventBody| matches!(body, CallEventBody::ReplyTranscript { .. });
        let CallEventBody::ReplyTranscript { text, .. } = self.until("a reply", is_reply).await else {
            unreachable!("the condition above")
        };
        let listening = CallEventBody::StateChanged {
            state: CallState::Listening,
        };
        self.until("the caller's turn", |body| *body == listening).await;
        text
    }

    fn types(&self, words: &str) {
        self.call.command(Command::SendText(words.into())).unwrap();
    }

    async fn hang_up(mut self) -> Vec<CallEvent> {
        self.call.command(Command::EndCall).unwrap();
        let is_end = |body: &CallEventBody| matches!(body, CallEventBody::CallEnded { .. });
        self.until("the end", is_end).await;
        self.events
    }
}

/// The rows of a transcript as `C words` and `R words`.
fn rows(events: &[CallEvent]) -> Vec<String> {
    let rows = Transcript::from_events(events).rows;
    rows.iter()
        .map(|row| match row.speaker {
            Speaker::Caller => format!("C {}", row.text),
            Speaker::Receptionist => format!("R {}", row.text),
        })
        .collect()
}

fn answers(to: Value, content: &str) -> Value {
    json!({"match": to, "response": {"content": content}})
}

fn greets() -> Value {
    answers(json!({"systemMessage": GREETING}), GREETED)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_typed_turn_is_answered_in_the_transcript() {
    let lane = format!("We are at {} Motor Lane.", rand::random_range(1..10_000));
    let fixtures = json!([answers(json!({"userMessage": "where are you"}), &lane), greets()]);
    let peer = SecondPeer::start(KEY, &fixtures).unwrap();
    let mut call = Conversation::begin(&peer, KEY, AppointmentBook { bay: 0 });
    assert_eq!(call.reply().await, GREETED);
    call.types("Hello, where are you?");
    assert_eq!(call.reply().await, lane);
    let events = call.hang_up().await;
    assert_eq!(
        rows(&events),
        [
            format!("R {GREETED}"),
            "C Hello, where are you?".to_owned(),
            format!("R {lane}")
        ]
    );
    let typed = |event: &CallEvent| {
        matches!(
            event.body,
            CallEventBody::CallerTranscript {
                medium: Medium::Text,
                ..
            }
        )
    };
    assert!(events.iter().any(typed), "{events:#?}");
    let troubled = |event: &CallEvent| {
        matches!(
            event.body,
            CallEventBody::Warning { .. } | CallEventBody::Reconnecting { .. }
        )
    };
    assert!(!events.iter().any(troubled), "{events:#?}");

    let understood = peer.understood().unwrap();
    assert_eq!(
        understood.len(),
        2,
        "one response was asked for per turn: {understood:?}"
    );
    assert_eq!(
        understood[1],
        [
            json!({"role": "system", "content": INSTRUCTIONS}),
            json!({"role": "assistant", "content": GREETED}),
            json!({"role": "user", "content": [{"type": "text", "text": "Hello, where are you?"}]}),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_call_gets_its_result_and_the_reply_is_made_of_it() {
    let book = AppointmentBook {
        bay: rand::random_range(100..100_000),
    };
    let found = format!("Please come to bay {}.", book.bay);
    let wanted = json!({"name": "Ada Lovelace-Byron of a name that is longer than one piece"}).to_string();
    let fixtures = json!([
        {
            "match": {"userMessage": "my appointment", "hasToolResult": false},
            "response": {"toolCalls": [{"name": "findAppointment", "arguments": wanted, "id": "call_appointment"}]},
        },
        answers(json!({"toolResultContains": format!("bay {}", book.bay)}), &found),
        greets(),
    ]);
    let peer = SecondPeer::start(KEY, &fixtures).unwrap();
    let mut call = Conversation::begin(&peer, KEY, book);
    assert_eq!(call.reply().await, GREETED);
    call.types("Where is my appointment?");
    assert_eq!(call.reply().await, found);
    let events = call.hang_up().await;
    let tools: Vec<_> = events
        .iter()
        .filter_map(|event| match &event.body {
            CallEventBody::ToolStarted { name, arguments, .. } => Some(format!("{name} {arguments}")),
            CallEventBody::ToolFinished { outcome, .. } => Some(format!("{outcome:?}")),
            _ => None,
        })
        .collect();
    assert_eq!(
        tools,
        [format!("findAppointment {wanted}"), format!("{:?}", ToolOutcome::Done)]
    );
    assert_eq!(
        rows(&events),
        [
            format!("R {GREETED}"),
            "C Where is my appointment?".to_owned(),
            format!("R {found}")
        ]
    );

    let understood = peer.understood().unwrap();
    assert_eq!(
        understood.len(),
        3,
        "greeting, function call, answer and nothing else: {understood:?}"
    );
    let [.., asked, result] = &understood[2][..] else {
        panic!("{understood:?}")
    };
    assert_eq!(asked["tool_calls"][0]["function"]["arguments"], wanted);
    assert_eq!(
        (&result["role"], &result["tool_call_id"]),
        (&json!("tool"), &json!("call_appointment"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_key_than_the_peers_is_told_as_a_bad_key() {
    let peer = SecondPeer::start(KEY, &json!([greets()])).unwrap();
    let mut call = Conversation::begin(&peer, "sk-another", AppointmentBook { bay: 0 });
    let is_end = |body: &CallEventBody| matches!(body, CallEventBody::CallEnded { .. });
    let end = call.until("the end", is_end).await;
    let CallEventBody::CallEnded { reason, problem } = end else {
        panic!("{end:?}")
    };
    assert_eq!(reason, EndReason::Failed);
    assert_eq!(problem.unwrap().kind, ProblemKind::BadKey);
    assert!(peer.understood().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_whose_account_is_out_of_credit_ends_the_call_with_that_reason() {
    let empty = json!({
        "match": {"userMessage": "still there"},
        "response": {"status": 429, "error": {"type": "insufficient_quota", "code": "insufficient_quota", "message": "x"}},
    });
    let peer = SecondPeer::start(KEY, &json!([empty, greets()])).unwrap();
    let mut call = Conversation::begin(&peer, KEY, AppointmentBook { bay: 0 });
    assert_eq!(call.reply().await, GREETED);
    call.types("Are you still there?");
    let is_end = |body: &CallEventBody| matches!(body, CallEventBody::CallEnded { .. });
    let end = call.until("the end", is_end).await;
    let CallEventBody::CallEnded { problem, .. } = end else {
        panic!("{end:?}")
    };
    assert_eq!(problem.unwrap().kind, ProblemKind::NoQuota);
}
