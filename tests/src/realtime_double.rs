//! A scriptable server of the Realtime protocol (GA), as OpenAI behaves by its documents and by what client authors report.
//!
//! It keeps a conversation, answers every client event, paces replies, and does on request what servers do on bad days. Tests reach it over a
//! real loopback socket ([`RealtimeDouble`]) or over an in-memory pipe ([`pipe`]), which keeps working under a paused clock.
//!
//! It does not listen to audio: caller turns are scripted by how much audio has been appended. All it received is recorded as raw JSON, so a
//! test never compares this project's types with themselves.

mod connection;
mod conversation;
mod recording;
mod reply;
mod script;
mod settings;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::DuplexStream;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use recording::{Received, Recording};
pub use script::{Action, CallerTurn, Ending, Output, Reply, Script, TranscriptTiming, When, error};

/// Bytes that an in-memory pipe holds in each direction; a socket's buffer is of the same order.
const PIPE_BYTES: usize = 256 * 1024;

/// A double that listens on loopback. Dropping it closes the listener and every connection.
pub struct RealtimeDouble {
    address: SocketAddr,
    recording: Arc<Recording>,
    accepting: JoinHandle<()>,
}

impl RealtimeDouble {
    /// Listens on a free port. The first connection follows the first script, and so on; the last script serves all later connections.
    pub async fn start(scripts: impl IntoIterator<Item = Script>) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let recording = Arc::new(Recording::default());
        let accepting = tokio::spawn(accept(listener, scripts.into_iter().collect(), Arc::clone(&recording)));
        Ok(Self {
            address,
            recording,
            accepting,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Base address for a client, without path.
    pub fn base_url(&self) -> String {
        format!("ws://{}", self.address)
    }

    /// What it received.
    pub fn recording(&self) -> &Arc<Recording> {
        &self.recording
    }
}

impl Drop for RealtimeDouble {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, scripts: Vec<Script>, recording: Arc<Recording>) {
    // The set ends its tasks when the double is dropped.
    let mut connections = tokio::task::JoinSet::new();
    let mut scripts = scripts.into_iter().peekable();
    let mut script = Script::default();
    while let Ok((socket, _)) = listener.accept().await {
        if let Some(next) = scripts.next() {
            script = next;
        }
        connections.spawn(connection::serve(socket, script.clone(), Arc::clone(&recording)));
    }
}

/// One connection over an in-memory pipe: the client's end, and what the server's end receives.
pub fn pipe(script: Script) -> (DuplexStream, Arc<Recording>) {
    let (client, server) = tokio::io::duplex(PIPE_BYTES);
    let recording = Arc::new(Recording::default());
    tokio::spawn(connection::serve(server, script, Arc::clone(&recording)));
    (client, recording)
}
