//! The window's subscriptions. It has at most one of each kind: a new one ends the old, so a reloaded page leaves nothing behind.
//! Each stream is one task on the tokio runtime; it ends when its page no longer listens.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Mutex, PoisonError};

use tauri::async_runtime::JoinHandle;

/// Kind of subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stream {
    /// Devices, models, overview.
    App,
    /// Events of the call.
    Call,
    /// Levels of both sides.
    Levels,
    /// The event log.
    Wire,
}

/// The running subscriptions.
#[derive(Default)]
pub struct Streams(Mutex<HashMap<Stream, JoinHandle<()>>>);

impl Streams {
    /// Starts a subscription in place of the one before.
    pub fn start(&self, stream: Stream, work: impl Future<Output = ()> + Send + 'static) {
        let task = tauri::async_runtime::spawn(work);
        let before = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(stream, task);
        if let Some(before) = before {
            before.abort();
        }
    }

    /// Ends a subscription, if there is one.
    pub fn stop(&self, stream: Stream) {
        let task = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&stream);
        if let Some(task) = task {
            task.abort();
        }
    }
}
