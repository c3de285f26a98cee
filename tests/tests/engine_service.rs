//! `frontdeskd engine`: the local engine for programs of others. Real models; the client is a plain WebSocket that knows the protocol only.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::Output;

use frontdesk_tests::engine_service::{Service, command};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

const TOKEN: &str = "a token that nobody can guess";

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

fn refused(arguments: &[&str], token: Option<&str>) -> Output {
    let data = tempfile::tempdir().unwrap();
    command(&data, arguments, token).unwrap().output().unwrap()
}

/// Opens a session; a refusal is its HTTP status.
async fn connect(service: &Service, query: &str, headers: &[(&'static str, &str)]) -> Result<Socket, u16> {
    let mut request = format!("{}{query}", service.address).into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    match connect_async(request).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(response)) => Err(response.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

async fn next(socket: &mut Socket) -> Value {
    let Some(Ok(Message::Text(text))) = socket.next().await else {
        panic!("no event came");
    };
    serde_json::from_str(&text).unwrap()
}

/// What is said as text: the answer to a typed question, or the greeting where nothing is asked.
async fn answer(socket: &mut Socket, question: Option<&str>) -> String {
    let session = json!({ "type": "realtime", "output_modalities": ["text"] });
    let mut events = vec![json!({ "type": "session.update", "session": session })];
    if let Some(text) = question {
        let item = json!({ "type": "message", "role": "user", "content": [{ "type": "input_text", "text": text }] });
        events.push(json!({ "type": "conversation.item.create", "item": item }));
    }
    events.push(json!({ "type": "response.create" }));
    for event in events {
        socket.send(Message::text(event.to_string())).await.unwrap();
    }
    loop {
        let event = next(socket).await;
        assert_ne!(event["type"], "error", "{event}");
        if event["type"] == "response.output_text.done" {
            return event["text"].as_str().unwrap().to_owned();
        }
    }
}

#[tokio::test]
async fn without_a_token_any_program_of_this_computer_talks_and_no_foreign_page() {
    let service = Service::start(&[], None).unwrap();
    assert!(service.greeting.contains("Prime Auto Lab"), "{}", service.greeting);
    assert!(service.greeting.contains("Any token is taken"), "{}", service.greeting);
    let mut socket = connect(&service, "?model=gpt-realtime", &[("authorization", "Bearer anything")])
        .await
        .unwrap();
    assert_eq!(next(&mut socket).await["type"], "session.created");
    let said = answer(&mut socket, Some("How much is an oil change?")).await;
    assert!(said.contains("$50"), "{said}");
    for foreign in [("origin", "https://elsewhere.example"), ("host", "elsewhere.example")] {
        assert_eq!(connect(&service, "", &[foreign]).await.err(), Some(403), "{foreign:?}");
    }
    assert!(service.terminate().unwrap().success(), "told to end, it ended well");
    let farewell = loop {
        match socket.next().await.unwrap().unwrap() {
            Message::Close(farewell) => break farewell.unwrap(),
            _said_before => {}
        }
    };
    assert_eq!(u16::from(farewell.code), 1001, "{farewell:?}");
}

#[tokio::test]
async fn with_a_token_only_its_bearers_talk_and_the_session_ends_as_configured() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let company = |place: &str| tests.join(place).display().to_string();
    let workshop = company("../src-tauri/crates/company/companies/prime-auto-lab.toml");
    let dentist = company("fixtures/companies/harbour-lane-dental.toml");
    let arguments = ["--session-minutes", "5", "--company", &workshop, &dentist];
    let service = Service::start(&arguments, Some(TOKEN)).unwrap();
    assert!(
        service.greeting.contains("Clients need the token."),
        "{}",
        service.greeting
    );
    assert!(!service.greeting.contains(TOKEN));
    let bearer = format!("Bearer {TOKEN}");
    assert_eq!(connect(&service, "", &[]).await.err(), Some(401));
    assert_eq!(
        connect(&service, "", &[("authorization", "Bearer wrong")]).await.err(),
        Some(401)
    );
    let query = "?company=harbour-lane-dental";
    let mut socket = connect(&service, query, &[("authorization", &bearer)]).await.unwrap();
    let created = next(&mut socket).await;
    let left = created["session"]["expires_at"].as_i64().unwrap() - jiff::Timestamp::now().as_second();
    assert!((0..=300).contains(&left), "{left} s are left");
    let said = answer(&mut socket, None).await;
    assert!(said.contains("Harbour Lane Dental"), "{said}");
}

#[test]
fn what_cannot_be_served_is_refused_in_words() {
    let beyond = refused(&["--listen", "0.0.0.0:0"], None);
    let said = String::from_utf8_lossy(&beyond.stderr);
    assert_eq!(beyond.status.code(), Some(2), "{said}");
    assert!(said.contains("not a loopback address"), "{said}");
    let short = refused(&[], Some("short"));
    assert_eq!(short.status.code(), Some(2));
    assert!(!String::from_utf8_lossy(&short.stderr).contains("\"short\""));
    let missing = refused(&["--company", "no-such-file.toml"], None);
    assert_eq!(missing.status.code(), Some(2));
}
