//! The supervisor as the voice model meets it: one tool, `getNextResponseFromSupervisor`. Runs on the tokio runtime; when the call ends its
//! future is dropped, and with it the request and every tool that runs.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use frontdesk_call::event::ToolOutcome;
use frontdesk_call::tool::{ToolDescription, ToolProvider, ToolRequest, ToolResult};
use frontdesk_call::voice_model::BoxFuture;
use frontdesk_call::{CallReport, CallView, ProblemKind, Transcript};
use frontdesk_company::CompanyProfile;
use serde_json::{Value, json};

use super::client::ChatClient;
use super::rounds::{Question, Rounds, Unanswered, UsedTool, WALL_CLOCK};
use super::{conversation, prompt};

/// Name of the tool.
pub const SUPERVISOR_TOOL: &str = "getNextResponseFromSupervisor";

/// The one argument.
const CONTEXT: &str = "relevantContextFromLastUserMessage";

/// Added to the supervisor's own deadline: it keeps that itself, this is the net below it.
const GRACE: Duration = Duration::from_secs(1);

/// Longest wait until what was said before the question is shown. Events are committed within 20 ms.
const TRANSCRIPT_PATIENCE: Duration = Duration::from_millis(250);

/// The supervisor of one call.
pub struct Supervisor {
    client: ChatClient,
    tools: Arc<dyn ToolProvider>,
    company: Arc<CompanyProfile>,
    books: bool,
    call: OnceLock<CallView>,
}

impl Supervisor {
    /// A supervisor that works with `tools` for one call to `company`; `books` says whether those for appointments are among them.
    pub fn new(client: ChatClient, tools: Arc<dyn ToolProvider>, company: Arc<CompanyProfile>, books: bool) -> Self {
        Self {
            client,
            tools,
            company,
            books,
            call: OnceLock::new(),
        }
    }

    async fn answer(&self, request: ToolRequest) -> ToolResult {
        let arguments: Value = serde_json::from_str(&request.arguments).unwrap_or_default();
        let context = arguments[CONTEXT].as_str().unwrap_or_default();
        let transcript = match self.call.get() {
            Some(call) => call.transcript_up_to(&request.tool_call_id, TRANSCRIPT_PATIENCE).await,
            None => Transcript::default(),
        };
        let question = Question {
            call_id: request.call_id,
            tool_call_id: request.tool_call_id,
            now: request.now,
            instructions: prompt::supervisor_instructions(
                &self.company,
                self.books,
                &transcript.details,
                request.now.0,
            ),
            conversation: conversation::messages(&transcript, context),
        };
        let rounds = Rounds {
            client: &self.client,
            tools: &*self.tools,
            report: &|used| self.report(used),
        };
        match rounds.answer(question).await {
            Ok(sentence) => result(json!({ "nextResponse": sentence }), true),
            Err(unanswered) => {
                let problem = unanswered.failure.problem(self.client.server(), self.client.model());
                if problem.kind == ProblemKind::BadKey {
                    tracing::error!(failure = ?unanswered.failure, "text_model_refuses_the_key");
                }
                if let Some(call) = self.call.get() {
                    call.report(CallReport::Warning(problem));
                }
                result(failed(&unanswered), false)
            }
        }
    }

    fn report(&self, used: UsedTool) {
        let Some(call) = self.call.get() else { return };
        call.report(CallReport::ToolUsed {
            tool_call_id: used.id,
            name: used.name,
            arguments: used.arguments,
            outcome: if used.result.succeeded {
                ToolOutcome::Done
            } else {
                ToolOutcome::Failed
            },
            took: used.took,
            output: used.result.output.to_string(),
        });
    }
}

/// What the voice model is told when there is no sentence: what to say, and what is true all the same.
fn failed(unanswered: &Unanswered) -> Value {
    let mut output = json!({ "error": "The supervisor gave no answer.", "nextResponse": unanswered.to_string() });
    let mut add = |name: &str, value: Value| {
        if let Some(members) = output.as_object_mut() {
            members.insert(name.to_owned(), value);
        }
    };
    if unanswered.cut_off {
        let note = "A tool was stopped in the middle, so whether it did its work is not known. Do not say that anything was booked, \
                    moved or cancelled, nor that it was not; a colleague will check.";
        add("note", note.into());
    }
    if !unanswered.done.is_empty() {
        let done: Vec<Value> = unanswered
            .done
            .iter()
            .map(|(tool, output)| json!({ "tool": tool, "result": output }))
            .collect();
        add("doneBefore", done.into());
    }
    output
}

fn result(output: Value, succeeded: bool) -> ToolResult {
    ToolResult {
        output,
        succeeded,
        caller_details: None,
        ends_call: false,
    }
}

impl ToolProvider for Supervisor {
    fn tools(&self) -> Vec<ToolDescription> {
        vec![ToolDescription {
            name: SUPERVISOR_TOOL.into(),
            description: "Asks your supervisor for the next thing to say: for appointments, free times, opening on a day, this caller's \
                          bookings, and everything that the brief does not say. Say first, in the same reply, that you are checking. Then \
                          read the nextResponse out."
                .into(),
            parameters: json!({
                "type": "object",
                "properties": {
                    CONTEXT: {
                        "type": "string",
                        "description": "What the caller's last message adds, in the caller's own words where names, numbers, days or \
                                        times are in it. It may be empty when the message added nothing."
                    }
                },
                "required": [CONTEXT],
                "additionalProperties": false
            }),
            timeout: WALL_CLOCK + GRACE,
        }]
    }

    fn attend(&self, call: CallView) {
        self.tools.attend(call.clone());
        // A second call would be another's conversation; the first stays.
        let _attends_already = self.call.set(call);
    }

    fn call(&self, request: ToolRequest) -> BoxFuture<'_, ToolResult> {
        Box::pin(self.answer(request))
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_call::identity::{CallId, ToolCallId, WallTime};

    use super::super::scripted::{Scripted, Step};
    use super::*;
    use crate::registry::ToolRegistry;
    use crate::tools::CheckOpeningHours;

    async fn asked(steps: Vec<Step>) -> (ToolResult, Vec<Value>) {
        let scripted = Arc::new(Scripted::new(steps));
        let company = Arc::new(frontdesk_company::sample().unwrap());
        let tools = ToolRegistry::new(vec![Arc::new(CheckOpeningHours::new(Arc::clone(&company)))]).unwrap();
        let client = ChatClient::new(scripted.clone(), "Double", "words-1");
        let supervisor = Supervisor::new(client, Arc::new(tools), company, true);
        let registry = ToolRegistry::with_providers(Vec::new(), vec![Arc::new(supervisor)]).unwrap();
        let request = ToolRequest {
            call_id: CallId::random(),
            tool_call_id: ToolCallId::from("call_v"),
            name: SUPERVISOR_TOOL.into(),
            arguments: json!({ CONTEXT: "open on Saturday?" }).to_string(),
            now: WallTime("2026-11-23T15:00:00Z".parse().unwrap()),
        };
        (registry.call(request).await, scripted.requests())
    }

    #[tokio::test(start_paused = true)]
    async fn the_next_sentence_comes_back_by_its_name() {
        let (result, requests) = asked(vec![
            Step::call(&[("a", "checkOpeningHours", r#"{"date":"2026-11-28"}"#)]),
            Step::say("On Saturday we are open from nine to four."),
        ])
        .await;
        assert!(result.succeeded);
        assert_eq!(
            result.output,
            json!({ "nextResponse": "On Saturday we are open from nine to four." })
        );
        let first = &requests[0]["messages"];
        assert!(
            first[0]["content"].as_str().unwrap().contains("2026-11-28"),
            "the day is in the table"
        );
        assert!(first[1]["content"].as_str().unwrap().contains("open on Saturday?"));
        assert_eq!(requests[0]["tools"][0]["function"]["name"], "checkOpeningHours");
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_a_sentence_for_the_caller_and_keeps_what_was_done() {
        let (result, _) = asked(vec![
            Step::call(&[("a", "checkOpeningHours", "{}")]),
            Step::refuse(401, "invalid_api_key"),
        ])
        .await;
        assert!(!result.succeeded);
        let sentence = result.output["nextResponse"].as_str().unwrap();
        assert!(sentence.contains("colleague"), "{sentence}");
        assert_eq!(result.output["doneBefore"][0]["tool"], "checkOpeningHours");
        assert!(!result.output.to_string().contains("sk-"));
    }
}
