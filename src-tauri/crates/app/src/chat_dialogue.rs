//! The chat model behind the local engine's dialogue: from the settings to the engine's border. Runs on the tokio runtime; a question that the
//! engine drops cancels its request.

use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use frontdesk_agent::supervisor::answer_stream::{ChatPiece, Patience};
use frontdesk_agent::supervisor::client::ChatClient;
use frontdesk_agent::supervisor::endpoint::ChatEndpoint;
use frontdesk_agent::supervisor::failure::ChatFailure;
use frontdesk_agent::supervisor::http::HttpTransport;
use frontdesk_agent::supervisor::wire::{ChatMessage, ChatRequest, ToolCall, ToolChoice};
use frontdesk_call::problem::{Problem, ProblemAction, ProblemKind};
use frontdesk_call::tool::{ToolDescription, ToolProvider, ToolRequest, ToolResult};
use frontdesk_call::voice_model::BoxFuture;
use frontdesk_call::{CallReport, CallView};
use frontdesk_engine::dialogue::{
    CallWish, ChatModel, FunctionRequest, ModelFailure, ModelLine, ModelNews, ModelQuestion, ToolOffer,
};
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;

use crate::settings::{DialogueKind, EngineSettings};

/// How long an answer may take. A model on this computer reads a long brief for seconds before its first word; nobody waits much longer than
/// that on the telephone.
const PATIENCE: Patience = Patience {
    first: Duration::from_secs(15),
    between: Duration::from_secs(8),
    whole: Duration::from_secs(45),
};

/// The form in which a command line names it.
const FORM: &str = "a dialogue is built-in, or a model and its server: MODEL@http://127.0.0.1:11434/v1";

impl FromStr for EngineSettings {
    type Err = String;

    /// `built-in`, or `MODEL@ADDRESS`. The name of a model may hold an `@` too.
    fn from_str(text: &str) -> Result<Self, String> {
        if text == "built-in" {
            return Ok(Self::default());
        }
        let scheme = text.find("://").ok_or(FORM)?;
        let at = text.get(..scheme).and_then(|before| before.rfind('@')).ok_or(FORM)?;
        let (model, server) = (
            text.get(..at).unwrap_or_default(),
            text.get(at + 1..).unwrap_or_default(),
        );
        ChatEndpoint::compatible(server, model).map_err(|error| error.to_string())?;
        Ok(Self {
            dialogue: DialogueKind::ChatModel,
            server: server.to_owned(),
            model: model.to_owned(),
        })
    }
}

/// Where the chat model of the settings is; none where the built-in dialogue is chosen.
///
/// # Errors
/// A [`Problem`] when no server or model is named, or the address cannot be used.
pub(crate) fn endpoint(settings: &EngineSettings) -> Result<Option<ChatEndpoint>, Problem> {
    let missing = |sentence: &str| {
        Err(Problem::new(ProblemKind::SettingsInvalid, sentence).with_action(ProblemAction::OpenSettings))
    };
    match settings.dialogue {
        DialogueKind::BuiltIn => Ok(None),
        DialogueKind::ChatModel if settings.server.trim().is_empty() => missing(
            "No server of the chat model is set. Find it on this computer, or enter its address in the settings.",
        ),
        DialogueKind::ChatModel if settings.model.trim().is_empty() => {
            missing("No chat model is chosen. Choose one in the settings.")
        }
        DialogueKind::ChatModel => Ok(Some(ChatEndpoint::compatible(&settings.server, &settings.model)?)),
    }
}

/// A chat model for an engine that no call of this program uses; it has no keychain.
///
/// # Errors
/// As for [`endpoint`], or when no request could ever be made.
pub(crate) fn model_without_key(settings: &EngineSettings) -> Result<Option<Arc<dyn ChatModel>>, Problem> {
    let Some(endpoint) = endpoint(settings)? else {
        return Ok(None);
    };
    let transport = Arc::new(HttpTransport::new(&endpoint, None)?);
    Ok(Some(Arc::new(EngineChat::new(
        &endpoint,
        transport,
        CallWatch::default(),
    ))))
}

/// A chat model as the engine asks it.
pub(crate) struct EngineChat {
    client: ChatClient,
    watch: CallWatch,
}

impl EngineChat {
    /// The model at `endpoint`; what fails is told to the call that `watch` attends.
    pub(crate) fn new(endpoint: &ChatEndpoint, transport: Arc<HttpTransport>, watch: CallWatch) -> Self {
        let client = ChatClient::new(transport, endpoint.server(), endpoint.model());
        Self { client, watch }
    }
}

impl ChatModel for EngineChat {
    fn ask(&self, question: ModelQuestion) -> BoxStream<'static, ModelNews> {
        let request = request(self.client.model(), question);
        let (client, watch) = (self.client.clone(), self.watch.clone());
        let told = self.client.stream(request, PATIENCE).map(move |piece| match piece {
            Ok(ChatPiece::Words(words)) => ModelNews::Words(words),
            Ok(ChatPiece::End(calls)) => ModelNews::End(calls.into_iter().filter_map(function).collect()),
            Err(failure) => {
                watch.warn(problem_of(failure, &client));
                ModelNews::Failed(if is_lasting(failure) {
                    ModelFailure::Lasting
                } else {
                    ModelFailure::Passing
                })
            }
        });
        told.boxed()
    }
}

fn request(model: &str, question: ModelQuestion) -> ChatRequest {
    let ModelQuestion { lines, tools, calls } = question;
    let messages = lines.into_iter().map(message).collect();
    let tools: Vec<ToolDescription> = tools.into_iter().map(description).collect();
    let choice = match calls {
        CallWish::AsNeeded => ToolChoice::Auto,
        CallWish::AtLeastOne => ToolChoice::Required,
    };
    ChatRequest::new(model, messages, &tools, choice)
}

fn message(line: ModelLine) -> ChatMessage {
    match line {
        ModelLine::Instructions(text) => ChatMessage::system(text),
        ModelLine::Caller(text) => ChatMessage::user(text),
        ModelLine::Receptionist { text, calls } => ChatMessage::Assistant {
            content: Some(text).filter(|text| !text.is_empty()),
            tool_calls: calls
                .into_iter()
                .map(|call| ToolCall {
                    id: call.id,
                    name: call.name,
                    arguments: call.arguments,
                })
                .collect(),
        },
        ModelLine::Outcome { id, output } => ChatMessage::Tool {
            tool_call_id: id,
            content: output,
        },
    }
}

fn description(offer: ToolOffer) -> ToolDescription {
    ToolDescription {
        name: offer.name,
        description: offer.description,
        parameters: offer.parameters,
        // Whoever runs the function keeps its time.
        timeout: Duration::MAX,
    }
}

/// A call without a name is none.
fn function(call: ToolCall) -> Option<FunctionRequest> {
    (!call.name.is_empty()).then_some(FunctionRequest {
        name: call.name,
        arguments: call.arguments,
    })
}

/// Whether somebody has to mend something before the model can answer.
fn is_lasting(failure: ChatFailure) -> bool {
    use ChatFailure::{BadKey, Forbidden, ModelGone, NoQuota, Refused, TooLong};
    matches!(failure, BadKey | Forbidden | ModelGone | NoQuota | Refused | TooLong)
}

/// What the window shows: why there is no answer. Who goes on is heard.
fn problem_of(failure: ChatFailure, client: &ChatClient) -> Problem {
    let problem = failure.problem(client.server(), client.model());
    let why = match failure {
        // Most such servers are on this computer, where the internet has no part in it.
        ChatFailure::Offline => format!("The chat model's server at {} cannot be reached.", client.server()),
        ChatFailure::TooSlow => format!("The chat model {} did not answer in time.", client.model()),
        _ => problem.sentence.clone(),
    };
    let told = Problem::new(problem.kind, why);
    match failure {
        ChatFailure::Offline | ChatFailure::TooSlow => told.with_action(ProblemAction::OpenSettings),
        _ => problem.action.map_or(told.clone(), |action| told.with_action(action)),
    }
}

/// Tells the call in progress what fails behind it: the engine is a server and knows no call. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct CallWatch(Arc<Mutex<Option<CallView>>>);

impl CallWatch {
    fn warn(&self, problem: Problem) {
        tracing::warn!(kind = ?problem.kind, "chat_model_failed");
        let call = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(call) = call {
            call.report(CallReport::Warning(problem));
        }
    }
}

/// Brings no tool; it is how a call lets itself be attended.
impl ToolProvider for CallWatch {
    fn tools(&self) -> Vec<ToolDescription> {
        Vec::new()
    }

    fn attend(&self, call: CallView) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(call);
    }

    fn call(&self, request: ToolRequest) -> BoxFuture<'_, ToolResult> {
        let sentence = format!("There is no tool named {}.", request.name);
        Box::pin(async move {
            ToolResult {
                output: serde_json::json!({ "error": sentence }),
                succeeded: false,
                caller_details: None,
                ends_call: false,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_names_a_model_and_its_server_or_none() {
        let parsed = |text: &str| text.parse::<EngineSettings>();
        assert_eq!(parsed("built-in"), Ok(EngineSettings::default()));
        let chosen = parsed("qwen3@q4@http://127.0.0.1:11434/v1").unwrap();
        assert_eq!(
            (chosen.dialogue, chosen.model.as_str(), chosen.server.as_str()),
            (DialogueKind::ChatModel, "qwen3@q4", "http://127.0.0.1:11434/v1")
        );
        for wrong in ["", "qwen3", "http://127.0.0.1:1/v1", "@http://127.0.0.1:1", "m@ftp://x"] {
            assert!(parsed(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_the_client_wants_of_its_functions_is_told_the_model_where_there_are_any() {
        let asked = |calls: CallWish, tools: Vec<ToolOffer>| {
            let question = ModelQuestion {
                lines: vec![ModelLine::Caller("A table for two.".into())],
                tools,
                calls,
            };
            serde_json::to_value(request("words-1", question)).unwrap()
        };
        let tool = ToolOffer {
            name: "reserve_table".into(),
            description: String::new(),
            parameters: serde_json::json!({ "type": "object" }),
        };
        assert_eq!(asked(CallWish::AsNeeded, vec![tool.clone()])["tool_choice"], "auto");
        assert_eq!(asked(CallWish::AtLeastOne, vec![tool])["tool_choice"], "required");
        assert_eq!(asked(CallWish::AtLeastOne, Vec::new()).get("tool_choice"), None);
    }

    #[test]
    fn a_chat_model_without_server_or_name_is_said_and_the_built_in_dialogue_needs_neither() {
        let settings = |server: &str, model: &str| EngineSettings {
            dialogue: DialogueKind::ChatModel,
            server: server.into(),
            model: model.into(),
        };
        assert_eq!(endpoint(&EngineSettings::default()), Ok(None));
        for (server, model) in [("", "m"), ("http://127.0.0.1:1", " "), ("nowhere", "m")] {
            let problem = endpoint(&settings(server, model)).unwrap_err();
            assert_eq!(
                (problem.kind, problem.action),
                (ProblemKind::SettingsInvalid, Some(ProblemAction::OpenSettings))
            );
        }
        assert!(endpoint(&settings("http://127.0.0.1:1", "m")).unwrap().is_some());
    }
}
