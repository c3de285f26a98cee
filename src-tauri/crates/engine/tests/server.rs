//! The engine's server over a real socket: the protocol with a double for the models, and spoken calls with the models themselves.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "server/chat.rs"]
mod chat;
#[path = "server/client.rs"]
mod client;
#[path = "server/double.rs"]
mod double;
#[path = "support/files.rs"]
mod files;
#[path = "server/fuzz.rs"]
mod fuzz;
#[path = "support/generated_company.rs"]
mod generated_company;
#[path = "server/hard_audio.rs"]
mod hard_audio;
#[path = "server/hard_clients.rs"]
mod hard_clients;
#[path = "server/models.rs"]
mod models;
#[path = "server/patience.rs"]
mod patience;
#[path = "server/protocol.rs"]
mod protocol;
#[path = "support/recordings.rs"]
mod recordings;
#[path = "server/spoken_facts.rs"]
mod spoken_facts;
#[path = "support/words.rs"]
mod words;
#[path = "server/words_along.rs"]
mod words_along;

use std::sync::Arc;

use frontdesk_company::CompanyProfile;
use frontdesk_engine::dialogue::ChatModel;
use frontdesk_engine::server::{Access, EngineConfig, EngineHandle, EngineServer, LocalSpeech, SESSION_LIMIT};
use jiff::Timestamp;
use secrecy::SecretString;

/// Monday morning in Chicago.
const NOW: &str = "2026-11-23T15:00:00Z";

/// An engine for one company.
async fn engine(company: CompanyProfile, speech: Arc<dyn LocalSpeech>) -> EngineHandle {
    engine_with_model(company, speech, None).await
}

/// The same with a chat model that finds the words.
async fn engine_with_model(
    company: CompanyProfile,
    speech: Arc<dyn LocalSpeech>,
    chat: Option<Arc<dyn ChatModel>>,
) -> EngineHandle {
    let now: Timestamp = NOW.parse().unwrap();
    let config = EngineConfig {
        companies: vec![company],
        speech,
        chat,
        listen: "127.0.0.1:0".parse().unwrap(),
        access: Access::Bearer(SecretString::from("the bearer of this test")),
        session_limit: SESSION_LIMIT,
        clock: Arc::new(move || now),
    };
    EngineServer::start(config).await.unwrap()
}
