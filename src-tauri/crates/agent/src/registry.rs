//! The tool registry: every function call of a voice model goes through it. Runs on the tokio runtime.
//!
//! A call passes four gates in order: the name is known, the arguments are JSON, they fit the tool's schema, and the tool answers
//! within its time. Whatever happens, also a panic inside a tool, the model gets exactly one output that it can act on.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use frontdesk_call::CallView;
use frontdesk_call::event::CallerDetails;
use frontdesk_call::identity::{CallId, WallTime};
use frontdesk_call::tool::{ToolDescription, ToolProvider, ToolRequest, ToolResult};
use frontdesk_call::voice_model::BoxFuture;
use futures_util::FutureExt as _;
use jsonschema::Validator;
use serde_json::{Value, json};

/// Longest arguments text that is parsed, in bytes. Real arguments are far below 1 KiB; more is a model in a loop.
pub const ARGUMENTS_LIMIT_BYTES: usize = 64 * 1024;

/// Schema errors named in one refusal; the model corrects a few at a time and a long list costs tokens.
const SCHEMA_ERRORS_NAMED: usize = 3;

/// One tool.
pub trait Tool: Send + Sync {
    /// What the model sees of it. The same for the life of the tool.
    fn description(&self) -> ToolDescription;

    /// Does the work. `arguments` fit the schema. Dropping the future cancels it.
    fn run(&self, arguments: Value, circumstances: Circumstances) -> BoxFuture<'_, Result<ToolAnswer, ToolFailure>>;
}

/// In which call and at which moment a tool runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circumstances {
    /// The call.
    pub call_id: CallId,
    /// "Now" for the tool.
    pub now: WallTime,
}

/// What a tool answers when it did its work.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ToolAnswer {
    /// JSON for the model.
    pub output: Value,
    /// What was learned of the caller.
    pub caller_details: Option<CallerDetails>,
    /// True when the call shall end once the goodbye was heard.
    pub ends_call: bool,
}

impl From<Value> for ToolAnswer {
    fn from(output: Value) -> Self {
        Self {
            output,
            ..Self::default()
        }
    }
}

/// Why a tool could not do its work, as a sentence that the model can act on. Never a secret, never Debug text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ToolFailure(pub String);

/// Why there is no answer, for the log. The sentence for the model may quote what the caller said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FailureKind {
    UnknownTool,
    ArgumentsTooLong,
    ArgumentsNotJson,
    ArgumentsDoNotFit,
    ToolRefused,
    ToolPanicked,
    TimedOut,
}

/// No answer: what the log and what the model is told.
type Failed = (FailureKind, ToolFailure);

/// Why a registry could not be made; a fault of the program that adds the tool.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// Two tools have one name.
    #[error("there are two tools named {0}")]
    DuplicateName(String),
    /// A tool's parameters are no JSON Schema.
    #[error("the parameters of the tool {name} are no JSON Schema: {reason}")]
    InvalidSchema {
        /// Name of the tool.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// All tools of one session.
pub struct ToolRegistry {
    entries: BTreeMap<String, Entry>,
    /// Names in the order given, which is the order the model sees.
    order: Vec<String>,
    providers: Vec<Arc<dyn ToolProvider>>,
}

struct Entry {
    source: Source,
    description: ToolDescription,
    validator: Validator,
}

/// Who does the work of a tool.
enum Source {
    /// A tool of our own.
    Tool(Arc<dyn Tool>),
    /// Somebody who brings several, such as the desk.
    Provider(Arc<dyn ToolProvider>),
}

impl ToolRegistry {
    /// A registry of `tools`, offered to the model in this order.
    ///
    /// # Errors
    /// [`RegistryError`] when two share a name or a schema cannot be compiled.
    pub fn new(tools: Vec<Arc<dyn Tool>>) -> Result<Self, RegistryError> {
        Self::with_providers(tools, Vec::new())
    }

    /// A registry of `tools` and, behind them, of everything that `providers` bring. What a provider brings passes the same gates.
    ///
    /// # Errors
    /// [`RegistryError`] when two share a name or a schema cannot be compiled.
    pub fn with_providers(
        tools: Vec<Arc<dyn Tool>>,
        providers: Vec<Arc<dyn ToolProvider>>,
    ) -> Result<Self, RegistryError> {
        let mut registry = Self {
            entries: BTreeMap::new(),
            order: Vec::new(),
            providers: providers.clone(),
        };
        let own = tools.into_iter().map(|tool| (tool.description(), Source::Tool(tool)));
        let provided = providers.into_iter().flat_map(|provider| {
            let tools = provider.tools();
            tools
                .into_iter()
                .map(move |description| (description, Source::Provider(Arc::clone(&provider))))
        });
        for (description, source) in own.chain(provided) {
            let name = description.name.clone();
            let validator =
                jsonschema::validator_for(&description.parameters).map_err(|error| RegistryError::InvalidSchema {
                    name: name.clone(),
                    reason: error.to_string(),
                })?;
            registry.order.push(name.clone());
            if registry
                .entries
                .insert(
                    name.clone(),
                    Entry {
                        source,
                        description,
                        validator,
                    },
                )
                .is_some()
            {
                return Err(RegistryError::DuplicateName(name));
            }
        }
        Ok(registry)
    }

    /// The arguments as a value, or the sentence that tells the model what to correct.
    fn checked_arguments(entry: &Entry, text: &str) -> Result<Value, Failed> {
        if text.len() > ARGUMENTS_LIMIT_BYTES {
            let sentence = format!("The arguments are longer than {ARGUMENTS_LIMIT_BYTES} bytes.");
            return Err((FailureKind::ArgumentsTooLong, ToolFailure(sentence)));
        }
        // A tool without parameters is often called with an empty text.
        let text = if text.trim().is_empty() { "{}" } else { text };
        let arguments: Value = serde_json::from_str(text).map_err(|error| {
            let sentence = format!("The arguments are not valid JSON: {error}. Call the tool again.");
            (FailureKind::ArgumentsNotJson, ToolFailure(sentence))
        })?;
        let errors: Vec<String> = entry
            .validator
            .iter_errors(&arguments)
            .take(SCHEMA_ERRORS_NAMED)
            .map(|error| match error.instance_path().as_str() {
                "" => error.to_string(),
                path => format!("{path}: {error}"),
            })
            .collect();
        if errors.is_empty() {
            Ok(arguments)
        } else {
            let sentence = format!("The arguments do not fit: {}. Call the tool again.", errors.join("; "));
            Err((FailureKind::ArgumentsDoNotFit, ToolFailure(sentence)))
        }
    }

    async fn answer(&self, request: ToolRequest) -> Result<ToolResult, Failed> {
        let Some(entry) = self.entries.get(&request.name) else {
            let (name, tools) = (request.name, self.order.join(", "));
            let sentence = format!("There is no tool named {name}. The tools are: {tools}.");
            return Err((FailureKind::UnknownTool, ToolFailure(sentence)));
        };
        let arguments = Self::checked_arguments(entry, &request.arguments)?;
        let work = AssertUnwindSafe(entry.source.run(arguments, request)).catch_unwind();
        match tokio::time::timeout(entry.description.timeout, work).await {
            Ok(Ok(answer)) => answer.map_err(|failure| (FailureKind::ToolRefused, failure)),
            // The panic's message may hold anything, so it stays out of the answer; the panic hook has logged it.
            Ok(Err(_panic)) => {
                let sentence = "The tool failed unexpectedly and did nothing more.".into();
                Err((FailureKind::ToolPanicked, ToolFailure(sentence)))
            }
            Err(_elapsed) => {
                let seconds = entry.description.timeout.as_secs_f32();
                let sentence =
                    format!("The tool did not answer within {seconds} seconds. Whether it did its work is not known.");
                Err((FailureKind::TimedOut, ToolFailure(sentence)))
            }
        }
    }
}

impl Source {
    /// Does the work; the arguments have passed the gates.
    async fn run(&self, arguments: Value, request: ToolRequest) -> Result<ToolResult, ToolFailure> {
        match self {
            Self::Tool(tool) => {
                let circumstances = Circumstances {
                    call_id: request.call_id,
                    now: request.now,
                };
                let answer = tool.run(arguments, circumstances).await?;
                Ok(ToolResult {
                    output: answer.output,
                    succeeded: true,
                    caller_details: answer.caller_details,
                    ends_call: answer.ends_call,
                })
            }
            // An empty text may have stood for no arguments.
            Self::Provider(provider) => Ok(provider
                .call(ToolRequest {
                    arguments: arguments.to_string(),
                    ..request
                })
                .await),
        }
    }
}

impl ToolProvider for ToolRegistry {
    fn tools(&self) -> Vec<ToolDescription> {
        self.order
            .iter()
            .filter_map(|name| self.entries.get(name))
            .map(|entry| entry.description.clone())
            .collect()
    }

    fn attend(&self, call: CallView) {
        for provider in &self.providers {
            provider.attend(call.clone());
        }
    }

    fn call(&self, request: ToolRequest) -> BoxFuture<'_, ToolResult> {
        Box::pin(async move {
            // A name that the model made up may be anything the caller said.
            let name = self.entries.get_key_value(&request.name).map(|(name, _)| name.as_str());
            match self.answer(request).await {
                Ok(result) => result,
                Err((kind, ToolFailure(sentence))) => {
                    tracing::warn!(tool = name, ?kind, "tool_failed");
                    ToolResult {
                        output: json!({ "error": sentence }),
                        succeeded: false,
                        caller_details: None,
                        ends_call: false,
                    }
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use frontdesk_call::identity::ToolCallId;
    use proptest::prelude::*;

    use super::*;

    /// Answers as told by its one argument.
    struct Moody;

    impl Tool for Moody {
        fn description(&self) -> ToolDescription {
            ToolDescription {
                name: "moody".into(),
                description: "Answers as told.".into(),
                parameters: json!({
                    "type": "object",
                    "properties": { "mood": { "enum": ["answer", "fail", "panic", "hang"] } },
                    "required": ["mood"],
                    "additionalProperties": false
                }),
                timeout: Duration::from_secs(5),
            }
        }

        fn run(&self, arguments: Value, _: Circumstances) -> BoxFuture<'_, Result<ToolAnswer, ToolFailure>> {
            Box::pin(async move {
                match arguments["mood"].as_str() {
                    Some("answer") => Ok(json!({ "fine": true }).into()),
                    Some("fail") => Err(ToolFailure("No luck today.".into())),
                    Some("hang") => std::future::pending().await,
                    _ => panic!("in a mood"),
                }
            })
        }
    }

    fn registry() -> ToolRegistry {
        ToolRegistry::new(vec![Arc::new(Moody)]).unwrap()
    }

    fn request(name: &str, arguments: &str) -> ToolRequest {
        ToolRequest {
            call_id: CallId::random(),
            tool_call_id: ToolCallId::from("call_1"),
            name: name.into(),
            arguments: arguments.into(),
            now: WallTime("2026-11-23T15:00:00Z".parse().unwrap()),
        }
    }

    fn error_of(result: &ToolResult) -> &str {
        assert!(!result.succeeded);
        result.output["error"].as_str().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_good_call_gives_the_tools_output() {
        let result = registry().call(request("moody", r#"{"mood":"answer"}"#)).await;
        assert!(result.succeeded);
        assert_eq!(result.output, json!({ "fine": true }));
    }

    /// Says which request came.
    struct Echo;

    impl ToolProvider for Echo {
        fn tools(&self) -> Vec<ToolDescription> {
            ["first", "second"]
                .map(|name| ToolDescription {
                    name: name.into(),
                    ..Moody.description()
                })
                .to_vec()
        }

        fn call(&self, request: ToolRequest) -> BoxFuture<'_, ToolResult> {
            Box::pin(async move {
                ToolResult {
                    output: json!({ "name": request.name, "arguments": request.arguments }),
                    succeeded: request.name == "first",
                    caller_details: None,
                    ends_call: false,
                }
            })
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_provider_brings_passes_the_same_gates_and_its_result_is_not_changed() {
        let registry = ToolRegistry::with_providers(vec![Arc::new(Moody)], vec![Arc::new(Echo)]).unwrap();
        let names: Vec<String> = registry.tools().into_iter().map(|tool| tool.name).collect();
        assert_eq!(names, ["moody", "first", "second"]);
        for (name, succeeded) in [("first", true), ("second", false)] {
            let result = registry.call(request(name, r#"{"mood":"answer"}"#)).await;
            assert_eq!(result.succeeded, succeeded);
            assert_eq!(
                result.output,
                json!({ "name": name, "arguments": r#"{"mood":"answer"}"# })
            );
            let refused = registry.call(request(name, r#"{"mood":"sulk"}"#)).await;
            assert!(error_of(&refused).contains("/mood"), "{refused:?}");
        }
        let twice = ToolRegistry::with_providers(Vec::new(), vec![Arc::new(Echo), Arc::new(Echo)]);
        assert_eq!(twice.err(), Some(RegistryError::DuplicateName("first".into())));
    }

    #[tokio::test(start_paused = true)]
    async fn arguments_are_checked_before_the_tool_runs() {
        let result = registry().call(request("moody", r#"{"mood":"sulk"}"#)).await;
        assert!(error_of(&result).contains("/mood"), "{result:?}");
        let result = registry().call(request("moody", r#"{"temper":1}"#)).await;
        assert!(error_of(&result).contains("do not fit"), "{result:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn broken_json_and_unknown_names_are_told_to_the_model() {
        assert!(error_of(&registry().call(request("moody", "{mood")).await).contains("not valid JSON"));
        assert!(error_of(&registry().call(request("fly", "{}")).await).contains("moody"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_tool_that_hangs_is_given_up_after_its_time() {
        let result = registry().call(request("moody", r#"{"mood":"hang"}"#)).await;
        assert!(error_of(&result).contains("within 5 seconds"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_in_a_tool_is_a_failed_call_and_nothing_more() {
        let registry = registry();
        let result = registry.call(request("moody", r#"{"mood":"panic"}"#)).await;
        assert!(!error_of(&result).contains("in a mood"));
        assert!(registry.call(request("moody", r#"{"mood":"answer"}"#)).await.succeeded);
    }

    #[test]
    fn two_tools_of_one_name_are_refused() {
        let made = ToolRegistry::new(vec![Arc::new(Moody), Arc::new(Moody)]);
        assert_eq!(made.err(), Some(RegistryError::DuplicateName("moody".into())));
    }

    proptest! {
        #[test]
        fn any_arguments_give_exactly_one_result(name in ".{0,12}", arguments in ".{0,200}") {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
            let result = runtime.block_on(registry().call(request(&name, &arguments)));
            prop_assert!(!result.succeeded);
            prop_assert!(result.output["error"].is_string());
        }
    }
}
