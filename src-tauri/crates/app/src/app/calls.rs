//! Making calls: from microphone and speaker, or from audio files. One native call at a time; file calls are counted like it.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use frontdesk_agent::ToolRegistry;
use frontdesk_agent::tools::{CheckOpeningHours, EndCall, SaveCallerDetails};
use frontdesk_audio::wav::{CallerTurn, FileLeg, Recording, open_file_leg};
use frontdesk_audio::{LegControl, NativeLeg};
use frontdesk_call::identity::CallId;
use frontdesk_call::leg::Leg;
use frontdesk_call::problem::{Problem, ProblemAction, ProblemKind};
use frontdesk_call::voice_model::VoiceModel;
use frontdesk_call::{CallEvent, CallEvents, CallHandle, CallParts, Command, start_call};
use frontdesk_company::CompanyProfile;
use jiff::Timestamp;
use tokio::time::timeout;

use super::sound::audio_settings;
use super::{App, SpokenFiles};
use crate::backends::{self, Backend, BackendChoice};
use crate::session_plan::{Answerer, session_config};
use crate::settings::{BackendKind, BackendSettings};

/// Longest wait at the end of the program for a call's last events to reach the database.
const SAVE_LIMIT: Duration = Duration::from_secs(3);

/// A call in which audio files speak for the caller.
#[derive(Clone, Debug, Default)]
pub struct FileCall {
    /// WAV files, one caller turn each, in this order.
    pub inputs: Vec<PathBuf>,
    /// Where to record the call as stereo WAV.
    pub record: Option<PathBuf>,
    /// Who answers.
    pub backend: BackendChoice,
}

/// A call from files that was started.
pub struct RunningFileCall {
    /// The call.
    pub handle: CallHandle,
    /// Its recording, where one was asked for; finished when the call is over.
    pub recording: Option<Recording>,
    /// Tells which files were spoken, when it is given the call's events.
    pub spoken: SpokenFiles,
}

/// The native call in progress, or the last one: a window may subscribe to a call that has just failed.
pub(super) struct CurrentCall {
    handle: CallHandle,
    over: bool,
    control: LegControl,
}

impl App {
    /// Starts a call with microphone and speaker. Resolves when the call has an identity; how it goes on is told by its events.
    ///
    /// # Errors
    /// A [`Problem`] when another call is in progress, or something to set up is missing: key, model files, settings.
    pub async fn connect(&self) -> Result<CallId, Problem> {
        self.refuse_second_call()?;
        self.stop_microphone_preview();
        // Devices open while the backend is made ready: opening a headset takes seconds.
        let settings = self.settings();
        let NativeLeg { leg, control } = self
            .audio()?
            .open_leg(&audio_settings(&settings.audio))
            .map_err(Problem::from)?;
        let handle = self.start_call(leg, &BackendChoice::Settings).await?;
        let id = handle.id().clone();
        self.keep(CurrentCall {
            handle,
            over: false,
            control,
        });
        self.announce_overview().await;
        Ok(id)
    }

    /// Makes a call in which audio files speak for the caller. The files are read and checked before anything connects.
    ///
    /// # Errors
    /// A [`Problem`] that names the file, or what has to be set up.
    pub async fn call_files(&self, call: FileCall) -> Result<RunningFileCall, Problem> {
        let FileCall {
            inputs,
            record,
            backend,
        } = call;
        let read = move || {
            inputs
                .iter()
                .map(|path| CallerTurn::read(path))
                .collect::<Result<Vec<_>, _>>()
        };
        let turns = tokio::task::spawn_blocking(read)
            .await
            .map_err(|_| Problem::new(ProblemKind::Internal, "The audio files could not be read."))?
            .map_err(Problem::from)?;
        let spoken = SpokenFiles::new(&turns);
        // The recording is begun here, so that a place that cannot be written is said before anything connects.
        let FileLeg { leg, recording } = open_file_leg(turns, record.as_deref()).map_err(Problem::from)?;
        Ok(RunningFileCall {
            handle: self.start_call(leg, &backend).await?,
            recording,
            spoken,
        })
    }

    /// Asks the call in progress to do something.
    ///
    /// # Errors
    /// A [`Problem`] when no call is in progress, or it is just ending.
    pub fn command(&self, command: Command) -> Result<(), Problem> {
        let call = self.inner.call.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(call) = call.as_ref().filter(|call| !call.over) else {
            return Err(no_call());
        };
        call.handle.command(command).map_err(|_| no_call())
    }

    /// Everything of the call so far, and a reader for what follows.
    ///
    /// # Errors
    /// A [`Problem`] when this is neither the call in progress nor the last one.
    pub fn subscribe_call(&self, id: &CallId) -> Result<(Vec<CallEvent>, CallEvents), Problem> {
        let call = self.inner.call.lock().unwrap_or_else(PoisonError::into_inner);
        let call = call
            .as_ref()
            .filter(|call| call.handle.id() == id)
            .ok_or_else(no_call)?;
        let mut events = call.handle.subscribe();
        let snapshot = events.ready().iter().map(|event| event.as_ref().clone()).collect();
        Ok((snapshot, events))
    }

    /// Ends the call in progress and waits until its last events are kept. For the end of the program.
    pub async fn shut_down(&self) {
        let call = self.inner.call.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(call) = call else { return };
        // Refused only when it is over already.
        let _over_already = call.handle.command(Command::EndCall);
        if timeout(SAVE_LIMIT, call.handle.saved()).await.is_err() {
            tracing::warn!("last_events_not_saved");
        }
    }

    /// Loads the local engine before the first call where it will answer, so that Connect answers at once.
    pub async fn warm_up(&self) {
        if self.backend(&BackendChoice::Settings, &self.settings().backend).await == Ok(Backend::Local) {
            self.inner
                .engine
                .warm_up(self.company(), Arc::clone(&self.inner.wire))
                .await;
        }
    }

    /// Who answers. The keychain is asked only where its answer decides: it may show a dialog.
    pub(crate) async fn backend(&self, choice: &BackendChoice, settings: &BackendSettings) -> Result<Backend, Problem> {
        let is_open = *choice == BackendChoice::Settings && settings.kind == BackendKind::Automatic;
        let key_is_set = is_open && self.openai_key_is_set().await;
        backends::resolve(choice, settings, key_is_set)
    }

    pub(super) fn current_call_id(&self) -> Option<CallId> {
        let call = self.inner.call.lock().unwrap_or_else(PoisonError::into_inner);
        call.as_ref()
            .filter(|call| !call.over)
            .map(|call| call.handle.id().clone())
    }

    pub(super) fn leg_control(&self) -> Option<LegControl> {
        let call = self.inner.call.lock().unwrap_or_else(PoisonError::into_inner);
        call.as_ref().filter(|call| !call.over).map(|call| call.control.clone())
    }

    fn refuse_second_call(&self) -> Result<(), Problem> {
        if self.current_call_id().is_some() {
            return Err(Problem::new(
                ProblemKind::Internal,
                "A call is in progress. End it before you start another.",
            ));
        }
        Ok(())
    }

    async fn start_call(&self, leg: Leg, choice: &BackendChoice) -> Result<CallHandle, Problem> {
        self.reload_company().await;
        let company = self.company();
        let (model, answerer) = self.voice_model(choice, &company).await?;
        let config = session_config(&self.settings(), &company, answerer, Timestamp::now());
        let tools = ToolRegistry::new(vec![
            Arc::new(CheckOpeningHours::new(Arc::clone(&company))),
            // New for each call: it remembers what this caller has said.
            Arc::new(SaveCallerDetails::default()),
            Arc::new(EndCall),
        ])
        .map_err(|error| {
            Problem::new(
                ProblemKind::Internal,
                format!("The receptionist's tools are broken: {error}."),
            )
        })?;
        Ok(start_call(CallParts {
            config,
            leg,
            model,
            tools: Arc::new(tools),
            journal: self.journal(),
        }))
    }

    async fn voice_model(
        &self,
        choice: &BackendChoice,
        company: &Arc<CompanyProfile>,
    ) -> Result<(Arc<dyn VoiceModel>, Answerer), Problem> {
        let settings = self.settings();
        match self.backend(choice, &settings.backend).await? {
            Backend::Local => {
                if let Some(problem) = self.models_problem() {
                    return Err(problem);
                }
                let model = self
                    .inner
                    .engine
                    .model(Arc::clone(company), Arc::clone(&self.inner.wire))
                    .await?;
                Ok((Arc::new(model), Answerer::LocalEngine))
            }
            Backend::Server(endpoint) => Ok((Arc::new(self.server_model(endpoint).await?), Answerer::Provider)),
        }
    }

    /// Keeps a call as the one in progress, until it ends.
    fn keep(&self, call: CurrentCall) {
        let handle = call.handle.clone();
        *self.inner.call.lock().unwrap_or_else(PoisonError::into_inner) = Some(call);
        self.sounding_changed();
        let app = self.clone();
        tokio::spawn(async move {
            handle.ended().await;
            app.call_ended(handle.id()).await;
        });
    }

    async fn call_ended(&self, id: &CallId) {
        {
            let mut call = self.inner.call.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(call) = call.as_mut().filter(|call| call.handle.id() == id) {
                call.over = true;
            }
        }
        self.sounding_changed();
        self.announce_overview().await;
    }
}

fn no_call() -> Problem {
    Problem::new(ProblemKind::Internal, "There is no call in progress.").with_action(ProblemAction::TryAgain)
}
