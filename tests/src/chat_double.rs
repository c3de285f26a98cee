//! A scriptable server of the Chat Completions API, streamed as OpenAI streams it, and with what servers do on bad days. Its own small HTTP:
//! one request for each connection. All it received is recorded as raw JSON, so a test never compares this project's types with themselves.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// Most bytes of a request.
const REQUEST_LIMIT: usize = 1024 * 1024;

/// What the double does with one request for an answer.
pub enum ChatTurn {
    /// Says this, in pieces.
    Say(String),
    /// Says what follows from the request.
    SayFrom(Box<dyn Fn(&Value) -> String + Send>),
    /// Calls these tools: name and arguments. The pieces of the calls alternate.
    Call(Vec<(String, String)>),
    /// Refuses with a status, a code, and more header lines, each with its line end.
    Refuse(u16, String, String),
    /// Sends the head of a stream and nothing more.
    Hang,
    /// Says this and closes the connection in the middle of the answer.
    SayAndDie(String),
}

impl ChatTurn {
    /// Says `words`.
    pub fn say(words: &str) -> Self {
        Self::Say(words.to_owned())
    }

    /// One call.
    pub fn call(name: &str, arguments: &str) -> Self {
        Self::Call(vec![(name.to_owned(), arguments.to_owned())])
    }

    /// A refusal without more headers.
    pub fn refuse(status: u16, code: &str) -> Self {
        Self::Refuse(status, code.to_owned(), String::new())
    }
}

/// One request.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Method and path with query.
    pub line: String,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body; null where there is none.
    pub body: Value,
}

impl Asked {
    /// Value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The results that the request carries, in order.
    pub fn results(&self) -> Vec<Value> {
        let messages = self.body["messages"].as_array().cloned().unwrap_or_default();
        messages
            .iter()
            .filter(|message| message["role"] == "tool")
            .filter_map(|message| serde_json::from_str(message["content"].as_str()?).ok())
            .collect()
    }
}

struct Shared {
    turns: Mutex<VecDeque<ChatTurn>>,
    models: Value,
    asked: watch::Sender<Vec<Asked>>,
    /// Clients that left while the double hung.
    left: watch::Sender<usize>,
}

/// A double that listens on loopback. Dropping it closes every connection.
pub struct ChatDouble {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

impl ChatDouble {
    /// Does `turns` in their order, one for each request; then it refuses with 500. Must be called on a tokio runtime.
    pub async fn start(turns: impl IntoIterator<Item = ChatTurn>) -> std::io::Result<Self> {
        Self::listing(turns, json!({ "object": "list", "data": [] })).await
    }

    /// The same with a list of models.
    pub async fn listing(turns: impl IntoIterator<Item = ChatTurn>, models: Value) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            turns: Mutex::new(turns.into_iter().collect()),
            models,
            asked: watch::Sender::default(),
            left: watch::Sender::default(),
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self {
            address,
            shared,
            accepting,
        })
    }

    /// Base address for a setting.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Requests for an answer so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.asked.borrow().clone()
    }

    /// Waits for this many requests for an answer.
    pub async fn asked_times(&self, count: usize) -> Vec<Asked> {
        let mut asked = self.shared.asked.subscribe();
        match asked.wait_for(|asked| asked.len() >= count).await {
            Ok(asked) => asked.clone(),
            Err(_) => Vec::new(),
        }
    }

    /// Waits until a client has left while the double hung.
    pub async fn left(&self) {
        let mut left = self.shared.left.subscribe();
        // The sender lives as long as this double.
        let _ = left.wait_for(|left| *left > 0).await;
    }
}

impl Drop for ChatDouble {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Shared {
    fn turns(&self) -> MutexGuard<'_, VecDeque<ChatTurn>> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    // The set ends its tasks when the double is dropped.
    let mut connections = JoinSet::new();
    while let Ok((socket, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        // A client that leaves in the middle is its own affair.
        connections.spawn(async move { serve(socket, &shared).await.ok() });
    }
}

async fn serve(mut socket: TcpStream, shared: &Shared) -> anyhow::Result<()> {
    let asked = read_request(&mut socket).await?;
    if asked.line.contains("/models") {
        return whole(&mut socket, 200, "", &shared.models).await;
    }
    let turn = shared.turns().pop_front();
    let body = asked.body.clone();
    shared.asked.send_modify(|all| all.push(asked));
    match turn {
        None => whole(&mut socket, 500, "", &json!({ "error": { "code": "server_error" } })).await,
        Some(ChatTurn::Refuse(status, code, headers)) => {
            let message = format!("The double refuses: {code}. Key: sk-of-somebody");
            whole(
                &mut socket,
                status,
                &headers,
                &json!({ "error": { "code": code, "message": message } }),
            )
            .await
        }
        Some(ChatTurn::SayAndDie(words)) => unfinished(&mut socket, &words).await,
        Some(ChatTurn::Hang) => {
            unfinished(&mut socket, "").await?;
            let mut nothing = [0; 64];
            while socket.read(&mut nothing).await.is_ok_and(|count| count > 0) {}
            shared.left.send_modify(|left| *left += 1);
            Ok(())
        }
        Some(ChatTurn::Say(words)) => stream(&mut socket, &said(&words)).await,
        Some(ChatTurn::SayFrom(make)) => {
            let words = make(&body);
            stream(&mut socket, &said(&words)).await
        }
        Some(ChatTurn::Call(calls)) => stream(&mut socket, &called(&calls)).await,
    }
}

/// The deltas of words.
fn said(words: &str) -> Vec<(Value, Value)> {
    let mut deltas = vec![(json!({ "role": "assistant", "content": "" }), Value::Null)];
    let pieces = words.split_inclusive(' ');
    deltas.extend(pieces.map(|piece| (json!({ "content": piece }), Value::Null)));
    deltas.push((json!({}), json!("stop")));
    deltas
}

/// The deltas of calls: names first, then the arguments in halves, round by round.
fn called(calls: &[(String, String)]) -> Vec<(Value, Value)> {
    let delta = |index: usize, id: Value, name: Value, arguments: &str| {
        let function = json!({ "name": name, "arguments": arguments });
        (
            json!({ "tool_calls": [{ "index": index, "id": id, "type": "function", "function": function }] }),
            Value::Null,
        )
    };
    let mut deltas = Vec::new();
    for (index, (name, _)) in calls.iter().enumerate() {
        deltas.push(delta(index, json!(format!("call_{index}")), json!(name), ""));
    }
    for half in 0..2 {
        for (index, (_, arguments)) in calls.iter().enumerate() {
            let middle = arguments.floor_char_boundary(arguments.len() / 2);
            let (first, second) = arguments.split_at(middle);
            deltas.push(delta(
                index,
                Value::Null,
                Value::Null,
                if half == 0 { first } else { second },
            ));
        }
    }
    deltas.push((json!({}), json!("tool_calls")));
    deltas
}

/// The head of a stream and words, and no end.
async fn unfinished(socket: &mut TcpStream, words: &str) -> anyhow::Result<()> {
    head(socket, 200, "Content-Type: text/event-stream\r\n").await?;
    let mut deltas = said(words);
    deltas.pop();
    chunks(socket, &deltas).await
}

async fn chunks(socket: &mut TcpStream, deltas: &[(Value, Value)]) -> anyhow::Result<()> {
    for (delta, finish) in deltas {
        let choice = json!({ "index": 0, "delta": delta, "finish_reason": finish });
        let chunk = json!({ "id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [choice] });
        socket.write_all(format!("data: {chunk}\n\n").as_bytes()).await?;
    }
    Ok(())
}

async fn stream(socket: &mut TcpStream, deltas: &[(Value, Value)]) -> anyhow::Result<()> {
    head(socket, 200, "Content-Type: text/event-stream\r\n").await?;
    chunks(socket, deltas).await?;
    let usage = json!({ "prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120 });
    let figures = json!({ "id": "chatcmpl-1", "choices": [], "usage": usage });
    let end = format!("data: {figures}\n\ndata: [DONE]\n\n");
    Ok(socket.write_all(end.as_bytes()).await?)
}

async fn head(socket: &mut TcpStream, status: u16, more: &str) -> anyhow::Result<()> {
    let head = format!("HTTP/1.1 {status} As asked\r\nConnection: close\r\n{more}\r\n");
    Ok(socket.write_all(head.as_bytes()).await?)
}

async fn whole(socket: &mut TcpStream, status: u16, more: &str, body: &Value) -> anyhow::Result<()> {
    let body = body.to_string();
    let length = body.len();
    let more = format!("Content-Type: application/json\r\nContent-Length: {length}\r\n{more}");
    head(socket, status, &more).await?;
    Ok(socket.write_all(body.as_bytes()).await?)
}

async fn read_request(socket: &mut TcpStream) -> anyhow::Result<Asked> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        read_more(socket, &mut bytes).await?;
    };
    let head = String::from_utf8(bytes[..head_end].to_vec())?;
    let mut lines = head.lines();
    let line = lines.next().context("a request has a first line")?.to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.map_or(Ok(0), |(_, value)| value.parse())?;
    let body_start = head_end + 4;
    while bytes.len() < body_start + length {
        read_more(socket, &mut bytes).await?;
    }
    let body = serde_json::from_slice(&bytes[body_start..body_start + length]).unwrap_or_default();
    Ok(Asked { line, headers, body })
}

async fn read_more(socket: &mut TcpStream, bytes: &mut Vec<u8>) -> anyhow::Result<()> {
    let read = socket.read_buf(bytes).await?;
    anyhow::ensure!(read > 0 && bytes.len() <= REQUEST_LIMIT, "no complete request");
    Ok(())
}
