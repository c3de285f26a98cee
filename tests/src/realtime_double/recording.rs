//! What a double received, for assertions and for waiting without sleeping.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::sync::Notify;

/// One thing that a client did.
#[derive(Clone, Debug, PartialEq)]
pub enum Received {
    /// It asked for a WebSocket.
    Handshake {
        /// Path and query.
        path: String,
        /// Headers in order, names in lower case.
        headers: Vec<(String, String)>,
    },
    /// It sent a text frame with JSON.
    Event(Value),
    /// It sent a text frame that is no JSON.
    NotJson(String),
    /// It sent a ping.
    Ping,
    /// It sent a close frame, or left.
    Gone(Option<u16>),
}

/// Everything that a double received, over all its connections.
#[derive(Debug, Default)]
pub struct Recording {
    received: Mutex<Vec<Received>>,
    changed: Notify,
}

impl Recording {
    /// All of it so far.
    pub fn all(&self) -> Vec<Received> {
        self.lock().clone()
    }

    /// The client events so far.
    pub fn events(&self) -> Vec<Value> {
        self.all()
            .into_iter()
            .filter_map(|received| match received {
                Received::Event(event) => Some(event),
                _ => None,
            })
            .collect()
    }

    /// The types of the client events so far.
    pub fn kinds(&self) -> Vec<String> {
        self.events()
            .iter()
            .map(|event| event["type"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Value of a header in the last handshake.
    pub fn header(&self, name: &str) -> Option<String> {
        self.all().into_iter().rev().find_map(|received| match received {
            Received::Handshake { headers, .. } => {
                headers.into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
            }
            _ => None,
        })
    }

    /// Number of handshakes so far.
    pub fn connections(&self) -> usize {
        self.all()
            .iter()
            .filter(|received| matches!(received, Received::Handshake { .. }))
            .count()
    }

    /// Waits until what was received satisfies the condition, and returns it.
    pub async fn until(&self, condition: impl Fn(&[Received]) -> bool) -> Vec<Received> {
        loop {
            // Registered before looking, so that a change between the two is not missed.
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let received = self.all();
            if condition(&received) {
                return received;
            }
            changed.await;
        }
    }

    /// Waits for this many client events of a type, and returns the last of them.
    pub async fn event(&self, kind: &str, count: usize) -> Value {
        let is_meant = |received: &&Received| matches!(received, Received::Event(event) if event["type"] == kind);
        let received = self
            .until(|received| received.iter().filter(is_meant).count() >= count)
            .await;
        match received.iter().filter(is_meant).nth(count.saturating_sub(1)) {
            Some(Received::Event(event)) => event.clone(),
            _ => Value::Null,
        }
    }

    pub(crate) fn note(&self, received: Received) {
        self.lock().push(received);
        self.changed.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Received>> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
