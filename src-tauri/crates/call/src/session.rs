//! A running call: the actor that carries out what the machine decides, and the handle that others hold.
//!
//! One task owns the leg, the connection, the tools and the clock; nothing else touches them. Everything a caller could feel happens here
//! without waiting: tools and connection attempts run beside it, the journal behind the recorder's queue.

mod actor;
mod uplink;

use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use crate::call_view::CallView;
use crate::config::SessionConfig;
use crate::event::{CallEventBody, EndReason};
use crate::event_log::{CallEvents, EventLog, Progress};
use crate::identity::CallId;
use crate::journal::Journal;
use crate::leg::Leg;
use crate::machine::Command;
use crate::problem::Problem;
use crate::recorder::{DRAFT_CAPACITY, Recorder};
use crate::tool::ToolProvider;
use crate::voice_model::VoiceModel;
use actor::{Actor, Channels};

/// Commands that may wait for the session. When it is full a command is refused; a person never gets there.
pub const COMMAND_CAPACITY: usize = 64;

/// Everything that a call is made of.
pub struct CallParts {
    /// What it is configured with.
    pub config: SessionConfig,
    /// Where the caller speaks.
    pub leg: Leg,
    /// Who answers.
    pub model: Arc<dyn VoiceModel>,
    /// What the receptionist can do.
    pub tools: Arc<dyn ToolProvider>,
    /// Where events are kept.
    pub journal: Arc<dyn Journal>,
}

/// Starts a call. Must be called within a tokio runtime with timers.
///
/// Failures do not come back from here: they are events, and the last event of the call says why it ended.
#[must_use = "a call that nobody holds is hung up"]
pub fn start_call(parts: CallParts) -> CallHandle {
    start_call_as(CallId::random(), parts)
}

/// Starts a call under an identity that was coined before, because a recording or a lock already carries it.
#[must_use = "a call that nobody holds is hung up"]
pub fn start_call_as(id: CallId, parts: CallParts) -> CallHandle {
    let log = EventLog::new();
    let (drafts, drafts_out) = mpsc::channel(DRAFT_CAPACITY);
    let (commands, commands_out) = mpsc::channel(COMMAND_CAPACITY);
    tokio::spawn(Recorder::new(id.clone(), Arc::clone(&log), parts.journal, drafts_out).run());
    let (view, reports) = CallView::new(CallEvents::new(&log));
    parts.tools.attend(view);
    let channels = Channels {
        commands: commands_out,
        reports,
        drafts,
    };
    let actor = Actor::new(id.clone(), parts.config, parts.leg, parts.model, parts.tools, channels);
    tokio::spawn(actor.run());
    CallHandle { id, log, commands }
}

/// One call, as others see it. Cheap to clone. When the last handle is dropped the call is hung up.
#[derive(Clone, Debug)]
pub struct CallHandle {
    id: CallId,
    log: Arc<EventLog>,
    commands: mpsc::Sender<Command>,
}

impl CallHandle {
    /// The call's identity.
    #[must_use]
    pub fn id(&self) -> &CallId {
        &self.id
    }

    /// A reader of all events of the call, from the first: what has happened so far is ready at once, the rest follows without a gap.
    #[must_use]
    pub fn subscribe(&self) -> CallEvents {
        CallEvents::new(&self.log)
    }

    /// Asks the call to do something. Does not wait until it is done; what comes of it is seen in the events.
    ///
    /// # Errors
    /// [`CommandRefused`] when the call is over or too many commands wait.
    pub fn command(&self, command: Command) -> Result<(), CommandRefused> {
        self.commands.try_send(command).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => CommandRefused::TooMany,
            mpsc::error::TrySendError::Closed(_) => CommandRefused::Over,
        })
    }

    /// True when the call is over and readers have its last event.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.log.watch().borrow().closed
    }

    /// Resolves when the call is over and readers have its last event. Events that the journal could not take may still be waiting; see
    /// [`Self::saved`].
    pub async fn ended(&self) -> CallEnd {
        self.reached(|progress| progress.closed).await;
        let last = self.log.range(0, self.log.len()).pop();
        match last.map(|event| event.body.clone()) {
            Some(CallEventBody::CallEnded { reason, problem }) => CallEnd { reason, problem },
            // Unreachable: a log closes with its last event. Named as the fault it would be.
            _ => CallEnd {
                reason: EndReason::Failed,
                problem: None,
            },
        }
    }

    /// Resolves when the call is over and the journal keeps all of it. During a lasting outage that may be never; give it a limit.
    pub async fn saved(&self) {
        let log = Arc::clone(&self.log);
        self.reached(move |progress| progress.closed && progress.saved == log.len())
            .await;
    }

    async fn reached(&self, condition: impl FnMut(&Progress) -> bool) {
        let mut progress: watch::Receiver<Progress> = self.log.watch();
        // The sender lives in the log that this handle holds, so the wait ends only with the condition.
        let _ = progress.wait_for(condition).await;
    }
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallEnd {
    /// Why.
    pub reason: EndReason,
    /// The failure, where the reason is one.
    pub problem: Option<Problem>,
}

/// A command that was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandRefused {
    /// The call is over.
    #[error("the call is over")]
    Over,
    /// [`COMMAND_CAPACITY`] commands wait already.
    #[error("too many commands are waiting for the call")]
    TooMany,
}
