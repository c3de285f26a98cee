//! The way to a text model over real sockets: where the key goes, in which header, and that it never follows a redirect.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;
use std::time::Duration;

use frontdesk_agent::supervisor::client::ChatClient;
use frontdesk_agent::supervisor::endpoint::ChatEndpoint;
use frontdesk_agent::supervisor::failure::ChatFailure;
use frontdesk_agent::supervisor::http::HttpTransport;
use frontdesk_agent::supervisor::model_list::ModelList;
use frontdesk_agent::supervisor::wire::{ChatMessage, ChatRequest, ToolChoice};
use frontdesk_tests::chat_double::{ChatDouble, ChatTurn};
use secrecy::SecretString;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::time::Instant;

const KEY: &str = "sk-words-0123456789abcdef";

fn transport(endpoint: &ChatEndpoint) -> Arc<HttpTransport> {
    // Refused only where another test of this process was first.
    let _installed_before = rustls::crypto::ring::default_provider().install_default();
    Arc::new(HttpTransport::new(endpoint, Some(&SecretString::from(KEY))).unwrap())
}

async fn ask(endpoint: &ChatEndpoint) -> Result<String, ChatFailure> {
    let client = ChatClient::new(transport(endpoint), endpoint.server(), endpoint.model());
    let request = ChatRequest::new(
        endpoint.model(),
        vec![ChatMessage::user("Hello?")],
        &[],
        ToolChoice::Auto,
    );
    let deadline = Instant::now() + Duration::from_secs(12);
    client.answer(&request, deadline).await.map(|answer| answer.text)
}

#[tokio::test]
async fn each_kind_of_server_gets_the_key_in_its_own_header() {
    let double = ChatDouble::start([ChatTurn::say("Good day."), ChatTurn::say("Good day.")])
        .await
        .unwrap();
    let base = double.base_url();
    let compatible = ChatEndpoint::compatible(&base, "words-1").unwrap();
    assert_eq!(ask(&compatible).await.as_deref(), Ok("Good day."));
    let dated = format!("{base}?api-version=2024-10-21");
    let azure = ChatEndpoint::azure(&dated, "desk").unwrap();
    assert_eq!(ask(&azure).await.as_deref(), Ok("Good day."));

    let asked = double.asked();
    let bearer = format!("Bearer {KEY}");
    assert_eq!(asked[0].header("authorization"), Some(bearer.as_str()));
    assert_eq!(asked[1].header("api-key"), Some(KEY));
    assert_eq!(asked[1].header("authorization"), None);
    assert_eq!(
        asked[1].line,
        "POST /openai/deployments/desk/chat/completions?api-version=2024-10-21 HTTP/1.1"
    );
    assert_eq!(asked[0].body["stream"], true);
}

#[tokio::test]
async fn a_redirect_is_a_refusal_and_no_way_for_the_key() {
    let elsewhere = ChatDouble::start([ChatTurn::say("Give me the key.")]).await.unwrap();
    let location = format!("Location: {}/chat/completions\r\n", elsewhere.base_url());
    let double = ChatDouble::start([ChatTurn::Refuse(307, "moved".into(), location)])
        .await
        .unwrap();
    let endpoint = ChatEndpoint::compatible(&double.base_url(), "words-1").unwrap();
    assert_eq!(ask(&endpoint).await, Err(ChatFailure::Refused));
    assert!(elsewhere.asked().is_empty());
}

#[tokio::test]
async fn a_server_that_is_not_there_is_offline() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let endpoint = ChatEndpoint::compatible(&base, "words-1").unwrap();
    assert_eq!(ask(&endpoint).await, Err(ChatFailure::Offline));
}

#[tokio::test]
async fn the_list_of_models_tells_of_an_end_that_is_near() {
    let models = json!({ "data": [{ "id": "words-1", "shutdown_date": "2027-01-14" }] });
    let double = ChatDouble::listing([], models).await.unwrap();
    let endpoint = ChatEndpoint::compatible(&double.base_url(), "words-1").unwrap();
    let list = ModelList::fetch(&transport(&endpoint)).await;
    let warning = list.warning("words-1", endpoint.server(), "2026-12-24".parse().unwrap());
    assert!(warning.unwrap().sentence.contains("January 14, 2027"));
}
