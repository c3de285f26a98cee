//! Calls to the local engine in which a chat model finds the words. Real program, real speech models, real database; the chat model's server is
//! scripted.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;

use frontdesk_call::CallEvent;
use frontdesk_call::event::{CallEventBody, ToolOutcome};
use frontdesk_call::problem::ProblemKind;
use frontdesk_tests::chat_double::{ChatDouble, ChatTurn};
use frontdesk_tests::workshop::{Workshop, next_week};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::process::Command;

const CLAIM: &str = "You are booked for nine o'clock. Is there anything else?";

/// What a call was.
struct Outcome {
    events: Vec<CallEvent>,
}

fn recordings(names: &[&str]) -> Vec<String> {
    let callers = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/callers");
    names
        .iter()
        .map(|name| callers.join(name).display().to_string())
        .collect()
}

fn command(workshop: &Workshop, server: &str, callers: &[&str]) -> Command {
    let dialogue = format!("words-1@{server}");
    let inputs = recordings(callers);
    let mut arguments = vec![
        "call",
        "--json",
        "--backend",
        "local",
        "--dialogue",
        &dialogue,
        "--input",
    ];
    arguments.extend(inputs.iter().map(String::as_str));
    let mut command = workshop.command(&arguments).unwrap();
    command.env("FRONTDESK_CACHE_DIR", frontdesk_tests::model_cache().unwrap());
    command
}

async fn called(workshop: &Workshop, server: &str, callers: &[&str]) -> Outcome {
    let output = command(workshop, server, callers).output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    Outcome {
        events: events(&output.stdout),
    }
}

fn events(lines: &[u8]) -> Vec<CallEvent> {
    let text = std::str::from_utf8(lines).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

impl Outcome {
    /// What the receptionist said, reply by reply, the greeting left out.
    fn said(&self) -> Vec<String> {
        let replies = self.events.iter().filter_map(|event| match &event.body {
            CallEventBody::ReplyTranscript { text, .. } => Some(text.trim().to_owned()),
            _ => None,
        });
        replies.skip(1).collect()
    }

    fn warnings(&self) -> Vec<(ProblemKind, String)> {
        let warnings = self.events.iter().filter_map(|event| match &event.body {
            CallEventBody::Warning { problem } => Some((problem.kind, problem.sentence.clone())),
            _ => None,
        });
        warnings.collect()
    }

    fn tools(&self) -> Vec<ToolOutcome> {
        let finished = self.events.iter().filter_map(|event| match &event.body {
            CallEventBody::ToolFinished { outcome, .. } => Some(*outcome),
            _ => None,
        });
        finished.collect()
    }
}

fn booking(date: &str) -> ChatTurn {
    let arguments = json!({ "date": date, "time": "09:00", "serviceType": "Tune-up", "customerName": "Dana Whitfield",
        "customerPhone": "(202) 555-0143" });
    ChatTurn::call("bookAppointment", &arguments.to_string())
}

#[tokio::test]
async fn a_chat_model_answers_and_books_through_the_sessions_tools() {
    let date = next_week();
    let read_back = |request: &Value| {
        let messages = request["messages"].as_array().unwrap();
        let booked: Value = serde_json::from_str(messages.last().unwrap()["content"].as_str().unwrap()).unwrap();
        let number = booked["appointment"]["spokenConfirmationNumber"].as_str().unwrap();
        format!("You are booked for nine o'clock. Your confirmation number is {number}.")
    };
    let chat = ChatDouble::start([
        ChatTurn::say("Sure, **a tune-up** takes one hour. When would you like to come?"),
        booking(&date),
        ChatTurn::SayFrom(Box::new(read_back)),
    ])
    .await
    .unwrap();
    let workshop = Workshop::new("").unwrap();
    let callers = ["2-oil-change.wav", "7-agreed.wav"];
    let outcome = called(&workshop, &chat.base_url(), &callers).await;

    let kept = workshop.bookings(&date).await.unwrap();
    assert_eq!(kept.len(), 1, "{kept:#?}");
    let said = outcome.said();
    assert_eq!(
        said[0], "Sure, a tune-up takes one hour. When would you like to come?",
        "{said:#?}"
    );
    assert!(
        said.last().unwrap().starts_with("You are booked for nine o'clock."),
        "{said:#?}"
    );
    assert_eq!(outcome.tools(), [ToolOutcome::Done]);
    assert_eq!(outcome.warnings(), []);

    let asked = chat.asked();
    let first = &asked[0].body;
    let instructions = first["messages"][0]["content"].as_str().unwrap();
    assert!(
        instructions.contains("Second Gear") && instructions.contains(&date),
        "{instructions}"
    );
    let offered: Vec<&str> = first["tools"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|tool| tool["function"]["name"].as_str())
        .collect();
    assert!(
        offered.contains(&"bookAppointment") && offered.contains(&"endCall"),
        "{offered:?}"
    );
    assert!(
        first["tools"][0]["function"]["description"].as_str().unwrap().len() > 10,
        "{first}"
    );
    let heard = first["messages"].as_array().unwrap().last().unwrap()["content"]
        .as_str()
        .unwrap();
    assert!(heard.to_lowercase().contains("oil change"), "{heard}");
}

#[tokio::test]
async fn a_booking_that_was_not_made_is_never_said() {
    let refused = json!({ "date": "2020-01-01", "time": "09:00", "serviceType": "Tune-up", "customerName": "Dana Whitfield",
        "customerPhone": "(202) 555-0143" });
    let chat = ChatDouble::start([
        ChatTurn::say(CLAIM),
        ChatTurn::say("Which day suits you?"),
        ChatTurn::call("bookAppointment", &refused.to_string()),
        ChatTurn::say(CLAIM),
        ChatTurn::say(CLAIM),
    ])
    .await
    .unwrap();
    let workshop = Workshop::new("").unwrap();
    let callers = ["2-oil-change.wav", "7-agreed.wav"];
    let outcome = called(&workshop, &chat.base_url(), &callers).await;
    let said = outcome.said();
    assert_eq!(said[0], "Which day suits you?", "{said:#?}");
    assert!(said.last().unwrap().contains("no confirmation yet"), "{said:#?}");
    assert!(!said.iter().any(|text| text.contains("You are booked")), "{said:#?}");
    assert_eq!(outcome.tools(), [ToolOutcome::Failed]);
    assert_eq!(chat.asked().len(), 5);
}

#[tokio::test]
async fn a_server_that_dies_in_mid_sentence_is_told_and_asked_again_in_the_next_turn() {
    let chat = ChatDouble::start([
        ChatTurn::SayAndDie("We open at nine. On Saturday and ".into()),
        ChatTurn::say("We open at nine every day."),
    ])
    .await
    .unwrap();
    let workshop = Workshop::new("").unwrap();
    let callers = ["1-opening-hours.wav", "2-oil-change.wav"];
    let outcome = called(&workshop, &chat.base_url(), &callers).await;
    let said = outcome.said();
    assert!(
        said[0].starts_with("We open at nine.") && said[0].contains("lost my thread"),
        "{said:#?}"
    );
    assert_eq!(said[1], "We open at nine every day.");
    let warnings = outcome.warnings();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].1.contains("model"), "{warnings:?}");
}

#[tokio::test]
async fn without_its_server_the_built_in_dialogue_takes_over_and_says_so() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = format!("http://{}/v1", listener.local_addr().unwrap());
    drop(listener);
    let workshop = Workshop::new("").unwrap();
    let callers = ["1-opening-hours.wav", "2-oil-change.wav"];
    let outcome = called(&workshop, &server, &callers).await;
    let said = outcome.said();
    // The opening hours come from a tool, so they are a reply of their own.
    assert!(
        said[0].contains("does not answer") && said[1].contains("open"),
        "{said:#?}"
    );
    let later = said[1..].concat();
    assert!(!later.contains("does not answer"), "once is enough: {said:#?}");
    assert!(later.contains("Which service"), "{said:#?}");
    let warnings = outcome.warnings();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert_eq!(warnings[0].0, ProblemKind::Offline);
    assert!(warnings[0].1.contains("cannot be reached"), "{warnings:?}");
}

#[tokio::test]
async fn the_settings_name_the_chat_model_and_doctor_tells_of_it() {
    let models = json!({ "object": "list", "data": [{ "id": "words-1" }] });
    let chat = ChatDouble::listing([], models).await.unwrap();
    for (model, ready) in [("words-1", true), ("words-2", false)] {
        let server = chat.base_url();
        let settings = format!("[engine]\ndialogue = \"chatModel\"\nserver = \"{server}\"\nmodel = \"{model}\"\n");
        let workshop = Workshop::new(&settings).unwrap();
        let output = workshop.command(&["doctor", "--json"]).unwrap().output().await.unwrap();
        let findings: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
        let finding = findings
            .iter()
            .find(|finding| finding["subject"] == "dialogue")
            .unwrap();
        assert_eq!(finding["ready"], ready, "{finding}");
        assert!(finding["sentence"].as_str().unwrap().contains(model), "{finding}");
    }
}
