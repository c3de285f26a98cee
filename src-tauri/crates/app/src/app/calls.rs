//! Making calls: from microphone and speaker, or from audio files. One call at a time, of either kind, from the wish to its end. What is slow
//! (keychain, model files) is done before anything is opened, and a call that is cancelled meanwhile opens nothing.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use frontdesk_agent::ToolRegistry;
use frontdesk_audio::wav::{CallerTurn, FileLeg, Recording, open_file_leg};
use frontdesk_audio::{AudioError, LegControl, NativeLeg};
use frontdesk_call::identity::CallId;
use frontdesk_call::leg::Leg;
use frontdesk_call::problem::{Problem, ProblemAction, ProblemKind};
use frontdesk_call::voice_model::VoiceModel;
use frontdesk_call::{
    CallEvent, CallEvents, CallHandle, CallParts, Command, CommandRefused, SessionConfig, start_call,
};
use frontdesk_company::CompanyProfile;
use jiff::Timestamp;
use tokio::time::timeout;

use super::line::{NativeCall, no_call};
use super::sound::audio_settings;
use super::tools::CallTools;
use super::{App, SpokenFiles};
use crate::backends::{self, Backend, BackendChoice};
use crate::session_plan::{Answerer, session_config};
use crate::settings::{BackendKind, BackendSettings, EngineSettings};

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
    /// What finds the local engine's words; as the settings say when absent.
    pub dialogue: Option<EngineSettings>,
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

/// All of a call but its leg, made ready before anything is opened.
struct Prepared {
    config: SessionConfig,
    model: Arc<dyn VoiceModel>,
    tools: ToolRegistry,
}

impl App {
    /// Starts a call with microphone and speaker. Resolves when the call has an identity; how it goes on is told by its events. Gives
    /// nothing when [`App::end_call`] was faster; then no device was opened.
    ///
    /// # Errors
    /// A [`Problem`] when another call is being made or in progress, or something to set up is missing: key, model files, settings.
    pub async fn connect(&self) -> Result<Option<CallId>, Problem> {
        let mut reservation = self.inner.line.reserve()?;
        self.stop_microphone_preview();
        let Some(prepared) = reservation
            .prepare(self.prepare(&BackendChoice::Settings, None))
            .await?
        else {
            return Ok(None);
        };
        let audio = self.audio()?;
        let begun = reservation.begin(|| {
            let settings = audio_settings(&self.settings().audio);
            let NativeLeg { leg, control } = audio.open_leg(&settings).map_err(Problem::from)?;
            let handle = self.begin(leg, prepared);
            Ok(NativeCall { handle, control })
        })?;
        let Some(NativeCall { handle, .. }) = begun else {
            return Ok(None);
        };
        let id = handle.id().clone();
        self.call_changed();
        let app = self.clone();
        tokio::spawn(async move {
            handle.ended().await;
            app.call_changed();
        });
        Ok(Some(id))
    }

    /// Makes a call in which audio files speak for the caller. The files are read and checked before anything connects, and the recording is
    /// begun when all else is ready: what stands in its place is not lost to a call that cannot start.
    ///
    /// # Errors
    /// A [`Problem`] that names the file, or what has to be set up; or another call is being made or in progress, or this one was cancelled.
    pub async fn call_files(&self, call: FileCall) -> Result<RunningFileCall, Problem> {
        let FileCall {
            inputs,
            record,
            backend,
            dialogue,
        } = call;
        let mut reservation = self.inner.line.reserve()?;
        let place = record.clone();
        let read = move || {
            place.as_deref().map_or(Ok(()), Self::look_at_recording_place)?;
            let turns = inputs.iter().map(|path| CallerTurn::read(path));
            turns.collect::<Result<Vec<_>, _>>().map_err(Problem::from)
        };
        let prepare = async {
            let turns = tokio::task::spawn_blocking(read)
                .await
                .map_err(|_| Problem::new(ProblemKind::Internal, "The audio files could not be read."))??;
            Ok((turns, self.prepare(&backend, dialogue).await?))
        };
        let cancelled = || Problem::new(ProblemKind::Internal, "The call was cancelled.");
        let (turns, prepared) = reservation.prepare(prepare).await?.ok_or_else(cancelled)?;
        let spoken = SpokenFiles::new(&turns);
        let FileLeg { leg, recording } = open_file_leg(turns, record.as_deref()).map_err(Problem::from)?;
        let handle = self.begin(leg, prepared);
        let mut events = handle.subscribe();
        // The line is taken to the end of the call. Events, and no handle: a call that nobody else holds is hung up.
        tokio::spawn(async move {
            while events.next().await.is_some() {}
            drop(reservation);
        });
        Ok(RunningFileCall {
            handle,
            recording,
            spoken,
        })
    }

    /// Looks whether a recording could be written there, and leaves what stands there as it is. Blocking, for a moment.
    ///
    /// # Errors
    /// Why it could not.
    pub fn look_at_recording_place(path: &Path) -> Result<(), Problem> {
        let mut options = OpenOptions::new();
        options.write(true);
        let looked = match options.open(path) {
            // Nothing there: a file is made to learn whether one can be, and taken away again.
            Err(error) if error.kind() == io::ErrorKind::NotFound => options
                .create_new(true)
                .open(path)
                .and_then(|_made| std::fs::remove_file(path)),
            other => other.map(drop),
        };
        looked.map_err(|error| {
            let reason = match error.kind() {
                io::ErrorKind::NotFound => "its folder does not exist".to_owned(),
                kind => kind.to_string(),
            };
            let path = path.to_owned();
            Problem::from(AudioError::RecordingFailed { path, reason })
        })
    }

    /// Ends the native call in progress, and cancels a call that is still being made. Does nothing when there is none.
    ///
    /// # Errors
    /// Only when the call takes no more commands for the moment.
    pub fn end_call(&self) -> Result<(), Problem> {
        self.inner.line.cancel();
        let Some(call) = self.inner.line.in_progress() else {
            return Ok(());
        };
        match call.handle.command(Command::EndCall) {
            Ok(()) | Err(CommandRefused::Over) => Ok(()),
            Err(CommandRefused::TooMany) => Err(Problem::new(
                ProblemKind::Internal,
                "The call does not answer at the moment.",
            )
            .with_action(ProblemAction::TryAgain)),
        }
    }

    /// Asks the call in progress to do something.
    ///
    /// # Errors
    /// A [`Problem`] when no call is in progress, or it is just ending.
    pub fn command(&self, command: Command) -> Result<(), Problem> {
        let call = self.inner.line.in_progress().ok_or_else(no_call)?;
        call.handle.command(command).map_err(|_| no_call())
    }

    /// Everything of the call so far, and a reader for what follows.
    ///
    /// # Errors
    /// A [`Problem`] when this is neither the call in progress nor the last one.
    pub fn subscribe_call(&self, id: &CallId) -> Result<(Vec<CallEvent>, CallEvents), Problem> {
        let call = self.inner.line.call(id).ok_or_else(no_call)?;
        let mut events = call.handle.subscribe();
        let snapshot = events.ready().iter().map(|event| event.as_ref().clone()).collect();
        Ok((snapshot, events))
    }

    /// Ends the call in progress and waits until its last events are kept; a call that is still being made does not begin. For the end of
    /// the program.
    pub async fn shut_down(&self) {
        self.inner.line.cancel();
        let Some(call) = self.inner.line.take() else { return };
        // Refused only when it is over already.
        let _over_already = call.handle.command(Command::EndCall);
        if timeout(SAVE_LIMIT, call.handle.saved()).await.is_err() {
            tracing::warn!("last_events_not_saved");
        }
    }

    /// Loads the local engine before the first call where it will answer, so that Connect answers at once.
    pub async fn warm_up(&self) {
        if self.backend(&BackendChoice::Settings, &self.settings().backend).await == Ok(Backend::Local) {
            let company = self.company();
            let voice = self.local_voice(&company);
            self.inner.engine.warm_up(voice).await;
        }
    }

    /// Who answers. The keychain is asked only where its answer decides: it may show a dialog.
    pub(crate) async fn backend(&self, choice: &BackendChoice, settings: &BackendSettings) -> Result<Backend, Problem> {
        let is_open = *choice == BackendChoice::Settings && settings.kind == BackendKind::Automatic;
        let key_is_set = is_open && self.openai_key_is_set().await;
        backends::resolve(choice, settings, key_is_set)
    }

    pub(super) fn current_call_id(&self) -> Option<CallId> {
        self.inner.line.in_progress().map(|call| call.handle.id().clone())
    }

    pub(super) fn leg_control(&self) -> Option<LegControl> {
        self.inner.line.in_progress().map(|call| call.control)
    }

    /// All that a call needs but its leg. May wait for a person at the keychain, and for the local engine's files.
    async fn prepare(&self, choice: &BackendChoice, dialogue: Option<EngineSettings>) -> Result<Prepared, Problem> {
        self.reload_company().await;
        let company = self.company();
        let backend = self.backend(choice, &self.settings().backend).await?;
        let CallTools {
            registry,
            answerer,
            books,
        } = self.call_tools(&backend, &company).await?;
        let dialogue = dialogue.unwrap_or_else(|| self.settings().engine);
        let model = self.voice_model(backend, &company, &dialogue).await?;
        let mut config = session_config(&self.settings(), &company, answerer, books, Timestamp::now());
        if answerer == Answerer::LocalEngine {
            config.voice = Some(self.local_voice(&company).name().to_owned());
        }
        Ok(Prepared {
            config,
            model,
            tools: registry,
        })
    }

    fn begin(&self, leg: Leg, prepared: Prepared) -> CallHandle {
        let Prepared { config, model, tools } = prepared;
        start_call(CallParts {
            config,
            leg,
            model,
            tools: Arc::new(tools),
            journal: self.journal(),
        })
    }

    async fn voice_model(
        &self,
        backend: Backend,
        company: &Arc<CompanyProfile>,
        dialogue: &EngineSettings,
    ) -> Result<Arc<dyn VoiceModel>, Problem> {
        match backend {
            Backend::Local => {
                if let Some(problem) = self.models_problem() {
                    return Err(problem);
                }
                let chat = self.chat_model(dialogue).await?;
                // On a task of its own: when the call is cancelled the engine is loaded all the same, once, for the next one.
                let (app, company) = (self.clone(), Arc::clone(company));
                let loading =
                    tokio::spawn(
                        async move { app.inner.engine.model(company, chat, Arc::clone(&app.inner.wire)).await },
                    );
                let model = loading
                    .await
                    .map_err(|_| Problem::new(ProblemKind::Internal, "The local engine could not be loaded."))??;
                Ok(Arc::new(model))
            }
            Backend::Server(endpoint) => Ok(Arc::new(self.server_model(endpoint).await?)),
        }
    }

    /// Tells those who show calls and levels that a call has begun or ended.
    fn call_changed(&self) {
        self.sounding_changed();
        self.announce_known_overview();
    }
}
