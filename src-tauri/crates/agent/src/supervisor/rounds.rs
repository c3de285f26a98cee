//! From a conversation to the next sentence: rounds of tool calls until the model answers in words, at most ten, within one deadline. Runs
//! on the tokio runtime; dropping the future cancels the request and every tool that runs.

use std::fmt;
use std::time::Duration;

use frontdesk_call::identity::{CallId, ToolCallId, WallTime};
use frontdesk_call::tool::{ToolProvider, ToolRequest, ToolResult};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use super::client::ChatClient;
use super::failure::ChatFailure;
use super::stream::Answer;
use super::wire::{ChatMessage, ChatRequest, ToolCall, ToolChoice};

/// Most answers of the model to one question; in the last it may not call tools.
pub const MOST_ROUNDS: u32 = 10;

/// The whole time for one question: longer than this nobody waits on the telephone.
pub const WALL_CLOCK: Duration = Duration::from_secs(12);

/// Most calls of one round that run; a model that wants more gets a refusal for the rest.
const MOST_CALLS_AT_ONCE: usize = 8;

/// Messages of the conversation that are kept when it is too long for the model.
const MESSAGES_WHEN_TOO_LONG: usize = 6;

/// One question of the voice model.
pub(super) struct Question {
    /// In which call.
    pub(super) call_id: CallId,
    /// The voice model's own id of this question.
    pub(super) tool_call_id: ToolCallId,
    /// "Now" for the tools.
    pub(super) now: WallTime,
    /// What the model works by.
    pub(super) instructions: String,
    /// Who said what, and what is wanted now.
    pub(super) conversation: Vec<ChatMessage>,
}

/// A tool that has run.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct UsedTool {
    /// Unique in the call.
    pub(super) id: ToolCallId,
    pub(super) name: String,
    pub(super) arguments: String,
    pub(super) result: ToolResult,
    pub(super) took: Duration,
}

/// Why there is no sentence.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Unanswered {
    pub(super) failure: ChatFailure,
    /// What tools have done before: it is done, whatever failed after it.
    pub(super) done: Vec<(String, Value)>,
    /// A tool was cut off by the deadline: whether it did its work is not known.
    pub(super) cut_off: bool,
}

impl fmt::Display for Unanswered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.failure.spoken().sentence())
    }
}

/// Works a question out. See the module's header.
pub(super) struct Rounds<'a> {
    pub(super) client: &'a ChatClient,
    pub(super) tools: &'a dyn ToolProvider,
    /// Told of every tool that has run.
    pub(super) report: &'a (dyn Fn(UsedTool) + Sync),
}

impl Rounds<'_> {
    /// The next sentence to be spoken.
    ///
    /// # Errors
    /// [`Unanswered`] with what was done all the same.
    pub(super) async fn answer(&self, question: Question) -> Result<String, Unanswered> {
        let deadline = Instant::now() + WALL_CLOCK;
        let mut done = Vec::new();
        let mut cut_off = false;
        let worked = self.work(&question, deadline, &mut done, &mut cut_off).await;
        worked.map_err(|failure| Unanswered { failure, done, cut_off })
    }

    async fn work(
        &self,
        question: &Question,
        deadline: Instant,
        done: &mut Vec<(String, Value)>,
        cut_off: &mut bool,
    ) -> Result<String, ChatFailure> {
        let descriptions = self.tools.tools();
        let mut conversation = question.conversation.clone();
        let mut exchanged: Vec<ChatMessage> = Vec::new();
        let mut shortened = false;
        let mut round = 1;
        loop {
            let choice = if round < MOST_ROUNDS {
                ToolChoice::Auto
            } else {
                ToolChoice::None
            };
            let messages = std::iter::once(ChatMessage::system(question.instructions.clone()))
                .chain(conversation.iter().cloned())
                .chain(exchanged.iter().cloned())
                .collect();
            let request = ChatRequest::new(self.client.model(), messages, &descriptions, choice);
            let answer = match self.client.answer(&request, deadline).await {
                Err(ChatFailure::TooLong) if !shortened && conversation.len() > MESSAGES_WHEN_TOO_LONG => {
                    shortened = true;
                    conversation.drain(..conversation.len() - MESSAGES_WHEN_TOO_LONG);
                    continue;
                }
                other => other?,
            };
            let Answer { text, calls, .. } = answer;
            if calls.is_empty() {
                let text = spoken(&text);
                return if text.is_empty() {
                    Err(ChatFailure::Malformed)
                } else {
                    Ok(text)
                };
            }
            if choice == ToolChoice::None {
                // It was told that it may not, and did.
                return Err(ChatFailure::TooManyRounds);
            }
            let results = self.run(question, round, &calls, deadline, done, cut_off).await?;
            exchanged.push(ChatMessage::Assistant {
                content: Some(text).filter(|text| !text.is_empty()),
                tool_calls: calls,
            });
            exchanged.extend(results);
            round += 1;
        }
    }

    /// Runs the calls of one round side by side; every call id gets exactly one result.
    async fn run(
        &self,
        question: &Question,
        round: u32,
        calls: &[ToolCall],
        deadline: Instant,
        done: &mut Vec<(String, Value)>,
        cut_off: &mut bool,
    ) -> Result<Vec<ChatMessage>, ChatFailure> {
        let runs = calls
            .iter()
            .enumerate()
            .map(|(place, call)| self.run_one(question, format!("{round}.{}", place + 1), place, call, deadline));
        let mut messages = Vec::with_capacity(calls.len());
        for (call, result) in calls.iter().zip(join_all(runs).await) {
            let Some(result) = result else {
                *cut_off = true;
                continue;
            };
            messages.push(ChatMessage::Tool {
                tool_call_id: call.id.clone(),
                content: result.output.to_string(),
            });
            if result.succeeded {
                done.push((call.name.clone(), result.output));
            }
        }
        if *cut_off {
            Err(ChatFailure::TooSlow)
        } else {
            Ok(messages)
        }
    }

    /// One call; nothing when the deadline was first.
    async fn run_one(
        &self,
        question: &Question,
        number: String,
        place: usize,
        call: &ToolCall,
        deadline: Instant,
    ) -> Option<ToolResult> {
        if place >= MOST_CALLS_AT_ONCE {
            let sentence =
                format!("Too many calls at once, so this one was not made. Make at most {MOST_CALLS_AT_ONCE}.");
            return Some(ToolResult {
                output: json!({ "error": sentence }),
                succeeded: false,
                caller_details: None,
                ends_call: false,
            });
        }
        let id = ToolCallId::new(format!("{}/{number}", question.tool_call_id));
        let begun = Instant::now();
        let request = ToolRequest {
            call_id: question.call_id.clone(),
            tool_call_id: id.clone(),
            name: call.name.clone(),
            arguments: call.arguments.clone(),
            now: question.now,
        };
        let result = timeout_at(deadline, self.tools.call(request)).await.ok()?;
        (self.report)(UsedTool {
            id,
            name: call.name.clone(),
            arguments: call.arguments.clone(),
            result: result.clone(),
            took: begun.elapsed(),
        });
        Some(result)
    }
}

/// The answer as it can be spoken: signs of Markdown and line breaks mean nothing to a voice.
fn spoken(text: &str) -> String {
    let plain: String = text
        .chars()
        .filter(|character| !matches!(character, '*' | '`' | '#' | '_'))
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
