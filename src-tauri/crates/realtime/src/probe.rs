//! One short connection to learn whether address, key and model work: for "Test key" and for `doctor`.
//!
//! It says nothing, so it costs nothing.

use std::time::Duration;

use frontdesk_call::provider_error::problem_of;
use frontdesk_call::voice_model::{ModelEvent, VoiceModel};
use frontdesk_call::{Problem, ProblemAction, ProblemKind};
use frontdesk_protocol::ServerEvent;
use tokio::time::timeout;

/// Longest wait for the first event after the socket is open.
const FIRST_EVENT_TIMEOUT: Duration = Duration::from_secs(10);

/// Connects and waits for `session.created`. The handshake alone proves little: some servers accept any key and complain in the first event.
///
/// # Errors
/// Why a call would not start, in people's words.
pub async fn probe(model: &dyn VoiceModel) -> Result<(), Problem> {
    let mut connection = model.connect().await?;
    let first_word = async {
        while let Some(event) = connection.events.recv().await {
            match event {
                ModelEvent::Event(event) => match *event {
                    ServerEvent::SessionCreated(_) => return Ok(()),
                    ServerEvent::Error(event) => return Err(problem_of(&event.error, model.backend_name())),
                    _ => {}
                },
                ModelEvent::Malformed { .. } => {}
                ModelEvent::Closed(reason) => return Err(reason.problem),
            }
        }
        Err(no_session(model))
    };
    timeout(FIRST_EVENT_TIMEOUT, first_word)
        .await
        .unwrap_or_else(|_| Err(no_session(model)))
}

fn no_session(model: &dyn VoiceModel) -> Problem {
    let sentence = format!("{} takes the connection and then says nothing.", model.backend_name());
    Problem::new(ProblemKind::ProviderFailed, sentence).with_action(ProblemAction::TryAgain)
}
