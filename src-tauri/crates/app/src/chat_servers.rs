//! Chat models on this computer: which of the usual programs run, what models they have, and whether one answers. Runs on the tokio runtime;
//! only loopback addresses are asked when looking around.

use std::sync::Arc;
use std::time::{Duration, Instant};

use frontdesk_agent::supervisor::client::ChatClient;
use frontdesk_agent::supervisor::endpoint::ChatEndpoint;
use frontdesk_agent::supervisor::http::HttpTransport;
use frontdesk_agent::supervisor::model_list::ModelList;
use frontdesk_agent::supervisor::wire::{ChatMessage, ChatRequest, ToolChoice};
use frontdesk_call::problem::{Problem, ProblemAction, ProblemKind};
use futures_util::future::join_all;
use tokio::time::timeout;

use crate::app::App;
use crate::chat_dialogue::endpoint;
use crate::settings::{DialogueKind, EngineSettings};
use crate::view::{ChatServerView, ChatTestView};

/// The programs that serve chat models, and the ports that they take where nobody chose another.
const USUAL: [(&str, &str); 3] = [
    ("Ollama", "http://127.0.0.1:11434/v1"),
    ("LM Studio", "http://127.0.0.1:1234/v1"),
    ("llama.cpp", "http://127.0.0.1:8080/v1"),
];

/// Longest wait for a program on this computer to list its models; one that is there answers at once.
const LOOK_LIMIT: Duration = Duration::from_millis(1_500);

/// Longest wait for a test answer: the model may have to be loaded first.
const TEST_LIMIT: Duration = Duration::from_secs(60);

/// Most characters of a test answer that are shown.
const SHOWN: usize = 200;

impl App {
    /// The servers of chat models that run on this computer, at their usual ports.
    pub async fn find_chat_servers(&self) -> Vec<ChatServerView> {
        find(&USUAL).await
    }

    /// Asks a chat model for one sentence.
    ///
    /// # Errors
    /// A [`Problem`] that says why calls would go without it.
    pub async fn test_chat_model(&self, server: &str, model: &str) -> Result<ChatTestView, Problem> {
        let settings = EngineSettings {
            dialogue: DialogueKind::ChatModel,
            server: server.to_owned(),
            model: model.to_owned(),
        };
        let Some(endpoint) = endpoint(&settings)? else {
            return Err(Problem::new(ProblemKind::SettingsInvalid, "No chat model is chosen."));
        };
        let Some(transport) = self.transport(&endpoint, false).await? else {
            return Err(Problem::new(
                ProblemKind::BadKey,
                "The chat model's server needs a key.",
            ));
        };
        let client = ChatClient::new(transport, endpoint.server(), endpoint.model());
        let messages = vec![
            ChatMessage::system("You answer the telephone of a small company. Answer in one short sentence."),
            ChatMessage::user("Hello, who is there?"),
        ];
        let request = ChatRequest::new(endpoint.model(), messages, &[], ToolChoice::Auto);
        let begun = Instant::now();
        let answer = client.answer(&request, tokio::time::Instant::now() + TEST_LIMIT).await;
        let answer = answer.map_err(|failure| {
            let problem = failure.problem(endpoint.server(), endpoint.model());
            if problem.kind == ProblemKind::Offline {
                let sentence = format!(
                    "Nothing answers at {}. Start the program that serves the model.",
                    endpoint.origin()
                );
                return Problem::new(ProblemKind::Offline, sentence).with_action(ProblemAction::TryAgain);
            }
            problem
        })?;
        Ok(ChatTestView {
            words: answer.text.trim().chars().take(SHOWN).collect(),
            milliseconds: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        })
    }

    /// Whether the dialogue of the settings can be used: for the built-in one always, for a chat model when its server has it.
    ///
    /// # Errors
    /// A plain sentence with what is missing.
    pub(crate) async fn look_at_dialogue(&self) -> Result<String, String> {
        let settings = self.settings().engine;
        let Some(endpoint) = endpoint(&settings).map_err(|problem| problem.sentence)? else {
            return Ok("The built-in dialogue finds the local engine's words.".into());
        };
        let transport = self
            .transport(&endpoint, false)
            .await
            .map_err(|problem| problem.sentence)?;
        let transport = transport.ok_or("The chat model's server needs a key.")?;
        let listed = timeout(LOOK_LIMIT, ModelList::ask(&transport)).await.ok().flatten();
        let (server, model) = (endpoint.server(), endpoint.model());
        match listed {
            None => Err(format!(
                "The chat model's server at {} does not answer; the built-in dialogue would take over.",
                endpoint.origin()
            )),
            Some(list) if list.names().any(|name| name == model) => Ok(format!(
                "The chat model {model} at {server} finds the local engine's words."
            )),
            Some(_) => Err(format!("The server at {server} does not have the chat model {model}.")),
        }
    }
}

/// Those of `places` that answer with a list of models, in this order.
async fn find(places: &[(&str, &str)]) -> Vec<ChatServerView> {
    let looks = places.iter().map(|(name, address)| async move {
        // Any name of a model: only the list is asked for.
        let endpoint = ChatEndpoint::compatible(address, "any")
            .ok()
            .filter(ChatEndpoint::is_loopback)?;
        let transport = Arc::new(HttpTransport::new(&endpoint, None).ok()?);
        let list = timeout(LOOK_LIMIT, ModelList::ask(&transport)).await.ok().flatten()?;
        Some(ChatServerView {
            name: (*name).to_owned(),
            address: (*address).to_owned(),
            models: list.names().map(str::to_owned).collect(),
        })
    });
    join_all(looks).await.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use wiremock::matchers::{method, path};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;

    async fn server(body: &str) -> MockServer {
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(200).set_body_raw(body, "application/json");
        Mock::given(method("GET"))
            .and(path("/v1/models"))
            .respond_with(answer)
            .mount(&server)
            .await;
        server
    }

    #[tokio::test]
    async fn only_programs_on_this_computer_that_list_models_are_found() {
        let _installed_before = rustls::crypto::ring::default_provider().install_default();
        let (one, none, other) = (
            server(r#"{"object":"list","data":[{"id":"qwen3:1.7b"},{"id":"llama3.2"}]}"#).await,
            server(r#"{"object":"list","data":[]}"#).await,
            server("<html>A web page</html>").await,
        );
        let address = |server: &MockServer| format!("{}/v1", server.uri());
        let (one, none, other) = (address(&one), address(&none), address(&other));
        let places = [
            ("First", one.as_str()),
            ("Empty", none.as_str()),
            ("Page", other.as_str()),
            ("Nobody", "http://127.0.0.1:9/v1"),
            ("Elsewhere", "http://192.0.2.1/v1"),
        ];
        let found = find(&places).await;
        let seen: Vec<(&str, usize)> = found
            .iter()
            .map(|server| (server.name.as_str(), server.models.len()))
            .collect();
        assert_eq!(seen, [("First", 2), ("Empty", 0)]);
        assert_eq!(found[0].models, ["qwen3:1.7b", "llama3.2"]);
    }
}
