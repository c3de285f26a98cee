//! A server in memory for the tests of client and rounds: it does what its script says, and time can stand still meanwhile.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use frontdesk_call::voice_model::BoxFuture;
use futures_util::StreamExt as _;
use futures_util::stream;
use serde_json::{Value, json};

use super::client::{ChatReply, ChatTransport, Unreachable};
use super::retry::RetryHints;

/// What the server does with one request.
pub(super) enum Step {
    Reply {
        status: u16,
        wish: Option<Duration>,
        whole: bool,
        body: String,
    },
    Unreachable,
    Hang,
    /// Sends this of a stream and then nothing more.
    Begin(String),
    /// The same of an answer in one piece.
    BeginWhole(String),
}

impl Step {
    pub(super) fn body(body: &str) -> Self {
        Self::Reply {
            status: 200,
            wish: None,
            whole: false,
            body: body.to_owned(),
        }
    }

    pub(super) fn say(words: &str) -> Self {
        let chunk = json!({ "choices": [{ "delta": { "content": words }, "finish_reason": "stop" }] });
        Self::body(&format!("data: {chunk}\n\ndata: [DONE]\n\n"))
    }

    /// Calls tools: id, name, arguments.
    pub(super) fn call(calls: &[(&str, &str, &str)]) -> Self {
        let calls: Vec<Value> = (0..)
            .zip(calls)
            .map(|(index, (id, name, arguments))| {
                json!({ "index": index, "id": id, "function": { "name": name, "arguments": arguments } })
            })
            .collect();
        let chunk = json!({ "choices": [{ "delta": { "tool_calls": calls }, "finish_reason": "tool_calls" }] });
        Self::body(&format!("data: {chunk}\n\ndata: [DONE]\n\n"))
    }

    pub(super) fn whole(body: &str) -> Self {
        Self::Reply {
            status: 200,
            wish: None,
            whole: true,
            body: body.to_owned(),
        }
    }

    pub(super) fn refuse(status: u16, code: &str) -> Self {
        let body = json!({ "error": { "code": code, "message": "Incorrect key sk-secret" } });
        Self::status(status, &body.to_string())
    }

    pub(super) fn status(status: u16, body: &str) -> Self {
        Self::Reply {
            status,
            wish: None,
            whole: true,
            body: body.to_owned(),
        }
    }

    pub(super) fn asking_to_wait(self, time: Duration) -> Self {
        match self {
            Self::Reply {
                status, whole, body, ..
            } => Self::Reply {
                status,
                wish: Some(time),
                whole,
                body,
            },
            other => other,
        }
    }
}

/// The server.
pub(super) struct Scripted {
    steps: Mutex<VecDeque<Step>>,
    requests: Mutex<Vec<Value>>,
}

impl Scripted {
    pub(super) fn new(steps: Vec<Step>) -> Self {
        Self {
            steps: Mutex::new(steps.into()),
            requests: Mutex::default(),
        }
    }

    /// Everything that was asked, as JSON.
    pub(super) fn requests(&self) -> Vec<Value> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The beginning of an answer after which nothing comes.
fn begun(body: String, whole: bool) -> ChatReply {
    ChatReply {
        status: 200,
        hints: RetryHints::default(),
        whole,
        pieces: stream::iter([Ok(body.into_bytes())]).chain(stream::pending()).boxed(),
    }
}

impl ChatTransport for Scripted {
    fn post(&self, body: String) -> BoxFuture<'_, Result<ChatReply, Unreachable>> {
        let request = serde_json::from_str(&body).expect("requests are JSON");
        self.requests.lock().unwrap().push(request);
        let step = self
            .steps
            .lock()
            .unwrap()
            .pop_front()
            .expect("the script has a step for this request");
        Box::pin(async move {
            match step {
                Step::Unreachable => Err(Unreachable),
                Step::Hang => std::future::pending().await,
                Step::Begin(body) => Ok(begun(body, false)),
                Step::BeginWhole(body) => Ok(begun(body, true)),
                Step::Reply {
                    status,
                    wish,
                    whole,
                    body,
                } => Ok(ChatReply {
                    status,
                    hints: RetryHints { wish, decision: None },
                    whole,
                    pieces: stream::iter([Ok(body.into_bytes())]).boxed(),
                }),
            }
        })
    }
}
