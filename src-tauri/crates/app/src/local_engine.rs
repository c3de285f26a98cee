//! The local engine of this process: loaded at its first call, kept for the next ones. Loading blocks for about a second and runs on a
//! blocking thread; afterwards each call costs nothing to start.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use frontdesk_call::problem::{Problem, ProblemAction, ProblemKind};
use frontdesk_company::CompanyProfile;
use frontdesk_engine::dialogue::ChatModel;
use frontdesk_engine::server::{Access, EngineConfig, EngineHandle, EngineServer, LocalSpeech, SESSION_LIMIT};
use frontdesk_engine::speech::{LocalVoice, ModelFiles, Speech, SpeechError};
use frontdesk_realtime::{Endpoint, RealtimeModel};
use jiff::Timestamp;
use tokio::sync::Mutex;

use crate::wire_log::WireLog;

/// Model name in the address and in the journal.
const MODEL: &str = "frontdesk-local";

/// The engine, once it was needed.
pub(crate) struct LocalEngine {
    files: ModelFiles,
    /// Held while the engine is loaded, so that two calls do not load it twice.
    loaded: Mutex<Loaded>,
}

/// What is there of it.
#[derive(Default)]
struct Loaded {
    /// The models.
    speech: Option<Arc<dyn LocalSpeech>>,
    running: Option<Running>,
}

struct Running {
    server: EngineHandle,
    /// The company that the server answers for; another one starts another server over the same models.
    company: Arc<CompanyProfile>,
    /// A chat model finds the words. Its key and address may be others for the next call, so that starts another server too.
    chats: bool,
}

impl LocalEngine {
    /// An engine that loads these files when it is first needed.
    pub(crate) fn new(files: ModelFiles) -> Self {
        Self {
            files,
            loaded: Mutex::default(),
        }
    }

    /// A voice model that the local engine answers for `company`, in the words of `chat` where one is given.
    ///
    /// # Errors
    /// A [`Problem`] when files are missing or damaged, or when no loopback port can be taken.
    pub(crate) async fn model(
        &self,
        company: Arc<CompanyProfile>,
        chat: Option<Arc<dyn ChatModel>>,
        wire: Arc<WireLog>,
    ) -> Result<RealtimeModel, Problem> {
        let mut loaded = self.loaded.lock().await;
        let is_current = loaded
            .running
            .as_ref()
            .is_some_and(|running| Arc::ptr_eq(&running.company, &company) && !running.chats && chat.is_none());
        if !is_current {
            let speech = self.speech_of(&mut loaded).await?;
            loaded.running = None;
            loaded.running = Some(start(speech, company, chat).await?);
        }
        let Some(engine) = &loaded.running else {
            return Err(failed("it did not start"));
        };
        let endpoint = Endpoint::local_engine(engine.server.address(), MODEL, Some(engine.company.id.as_str()))?;
        Ok(RealtimeModel::new(endpoint, Some(engine.server.bearer().clone()))?.with_tap(wire))
    }

    /// Loads the models before they are needed, and what `voice` needs, so that the first call starts at once. Failures show at that call.
    pub(crate) async fn warm_up(&self, voice: LocalVoice) {
        if let Err(problem) = self.with_speech(move |speech| speech.prepare(voice)).await {
            tracing::info!(%problem, "local_engine_not_ready");
        }
    }

    /// Lets the models do something on a blocking thread; loads them first where nobody has.
    ///
    /// # Errors
    /// A [`Problem`] when files are missing or damaged, or what the work fails with.
    pub(crate) async fn with_speech<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn LocalSpeech) -> Result<T, SpeechError> + Send + 'static,
    ) -> Result<T, Problem> {
        let speech = self.speech_of(&mut *self.loaded.lock().await).await?;
        match tokio::task::spawn_blocking(move || work(speech.as_ref())).await {
            Ok(done) => done.map_err(|error| problem_of(&error)),
            Err(_) => Err(failed("its work broke off")),
        }
    }

    async fn speech_of(&self, loaded: &mut Loaded) -> Result<Arc<dyn LocalSpeech>, Problem> {
        if let Some(speech) = &loaded.speech {
            return Ok(Arc::clone(speech));
        }
        let speech = load_speech(self.files.clone()).await?;
        loaded.speech = Some(Arc::clone(&speech));
        Ok(speech)
    }
}

/// Loads the models, which takes about a second of a blocking thread.
///
/// # Errors
/// A [`Problem`] when files are missing or damaged.
pub(crate) async fn load_speech(files: ModelFiles) -> Result<Arc<dyn LocalSpeech>, Problem> {
    match tokio::task::spawn_blocking(move || Speech::load(&files)).await {
        Ok(Ok(speech)) => Ok(Arc::new(speech)),
        Ok(Err(error)) => Err(problem_of(&error)),
        Err(_) => Err(failed("loading it broke off")),
    }
}

async fn start(
    speech: Arc<dyn LocalSpeech>,
    company: Arc<CompanyProfile>,
    chat: Option<Arc<dyn ChatModel>>,
) -> Result<Running, Problem> {
    let chats = chat.is_some();
    let config = EngineConfig {
        companies: vec![company.as_ref().clone()],
        speech,
        chat,
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        access: Access::OwnBearer,
        session_limit: SESSION_LIMIT,
        clock: Arc::new(Timestamp::now),
    };
    let server = EngineServer::start(config)
        .await
        .map_err(|error| failed(&error.to_string()))?;
    Ok(Running { server, company, chats })
}

fn problem_of(error: &SpeechError) -> Problem {
    let kind = match error {
        SpeechError::Missing { .. } => ProblemKind::ModelsMissing,
        _ if error.is_cured_by_download() => ProblemKind::ModelsDamaged,
        _ => ProblemKind::Internal,
    };
    let problem = Problem::new(kind, format!("The local engine cannot start: {error}."));
    if error.is_cured_by_download() {
        problem.with_action(ProblemAction::DownloadModels)
    } else {
        problem
    }
}

fn failed(reason: &str) -> Problem {
    Problem::new(
        ProblemKind::Internal,
        format!("The local engine cannot start: {reason}."),
    )
    .with_action(ProblemAction::TryAgain)
}
