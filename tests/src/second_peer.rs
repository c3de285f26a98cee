//! A server of the Realtime protocol that others wrote (`@copilotkit/aimock`), as a process of its own: what this project believes of the
//! protocol is not tested against this project alone.
//!
//! It answers with text and function calls by rules that a test gives it, and tells what it understood. It has no voice and hears none.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use anyhow::{Context as _, anyhow};
use serde_json::{Value, json};

/// A running peer. It ends with the value.
#[derive(Debug)]
pub struct SecondPeer {
    process: Child,
    port: u16,
    dialogue: Mutex<Dialogue>,
}

/// Both ends of the conversation with the process, one line each way.
#[derive(Debug)]
struct Dialogue {
    /// Closed first when the peer is to end.
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl SecondPeer {
    /// Starts it on a free port of this computer. It takes only `key`, and answers by `fixtures`, in the form of aimock's fixture files;
    /// the first that fits counts.
    ///
    /// # Errors
    /// A sentence that names `cargo xtask test` where a part is missing, or what the process complained of.
    pub fn start(key: &str, fixtures: &Value) -> anyhow::Result<Self> {
        let node = crate::program("FRONTDESK_TEST_NODE")?;
        let script = crate::program("FRONTDESK_TEST_SECOND_PEER")?;
        let mut process = Command::new(node)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("the second peer cannot be started")?;
        let mut dialogue = Dialogue {
            input: process.stdin.take(),
            output: BufReader::new(process.stdout.take().context("the second peer has no output")?),
        };
        let started = dialogue
            .ask(&json!({ "keys": [key], "fixtures": fixtures }))
            .context("the second peer did not start; `cargo xtask test` installs its package");
        let started = match started {
            Ok(started) => started,
            Err(error) => {
                // It may be alive and silent; nobody would end it later.
                let _ended_already = process.kill();
                process.wait()?;
                return Err(error);
            }
        };
        let port = started["port"].as_u64().and_then(|port| u16::try_from(port).ok());
        Ok(Self {
            process,
            port: port.with_context(|| format!("no port in {started}"))?,
            dialogue: Mutex::new(dialogue),
        })
    }

    /// Base address for a client, without path.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("ws://127.0.0.1:{}", self.port)
    }

    /// What it understood: for each response that was asked for, the conversation at that moment as chat messages.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn understood(&self) -> anyhow::Result<Vec<Vec<Value>>> {
        let mut dialogue = self.dialogue.lock().map_err(|_| anyhow!("a question failed before"))?;
        Ok(serde_json::from_value(dialogue.ask(&json!("understood"))?)?)
    }
}

impl Dialogue {
    fn ask(&mut self, question: &Value) -> anyhow::Result<Value> {
        let input = self.input.as_mut().context("the second peer has no input")?;
        writeln!(input, "{question}")?;
        let mut answer = String::new();
        self.output.read_line(&mut answer)?;
        serde_json::from_str(&answer).with_context(|| format!("the second peer answered {answer:?}"))
    }
}

impl Drop for SecondPeer {
    fn drop(&mut self) {
        if let Ok(dialogue) = self.dialogue.get_mut() {
            dialogue.input = None;
        }
        // Its end of input ends it; this is for a process that hangs. One that is gone already needs no end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
