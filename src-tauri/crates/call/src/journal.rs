//! Border `Journal`: where events are kept before anyone sees them. Implemented by `store`.

use crate::event::CallEvent;
use crate::problem::Problem;
use crate::voice_model::BoxFuture;

/// Keeps events. One writer per process; a call's events arrive in order.
pub trait Journal: Send + Sync {
    /// Resolves when all `events` are durable against the death of this process.
    ///
    /// # Errors
    /// The [`Problem`] that kept them from being written; none of them was, and the same events may be given again.
    fn append(&self, events: Vec<CallEvent>) -> BoxFuture<'_, Result<(), Problem>>;
}
