//! What the receptionist can do in one call, and who does it: the voice model itself, or the supervisor behind it.

use std::sync::Arc;

use frontdesk_agent::supervisor::Supervisor;
use frontdesk_agent::supervisor::client::ChatClient;
use frontdesk_agent::supervisor::endpoint::ChatEndpoint;
use frontdesk_agent::supervisor::http::HttpTransport;
use frontdesk_agent::supervisor::model_list::ModelList;
use frontdesk_agent::tools::{CheckOpeningHours, EndCall, SaveCallerDetails};
use frontdesk_agent::{Tool, ToolRegistry};
use frontdesk_call::problem::{Problem, ProblemKind};
use frontdesk_call::tool::ToolProvider;
use frontdesk_company::CompanyProfile;
use frontdesk_engine::dialogue::ChatModel;
use frontdesk_realtime::Provider;
use frontdesk_store::secrets::ProviderOrigin;
use jiff::Timestamp;

use super::App;
use super::keys::unusable_origin;
use crate::backends::{self, Backend};
use crate::chat_dialogue::{self, EngineChat};
use crate::session_plan::Answerer;
use crate::settings::EngineSettings;

/// The tools of one call.
pub(super) struct CallTools {
    /// What the voice model is offered.
    pub(super) registry: ToolRegistry,
    /// Who answers with them.
    pub(super) answerer: Answerer,
    /// The tools for appointments are among them, or among the supervisor's.
    pub(super) books: bool,
}

impl App {
    /// The tools for a call that `backend` answers. New for each call: they remember what this caller has said.
    ///
    /// # Errors
    /// A [`Problem`] when the text model's address or key cannot be used.
    pub(super) async fn call_tools(
        &self,
        backend: &Backend,
        company: &Arc<CompanyProfile>,
    ) -> Result<CallTools, Problem> {
        // Without a database there is no calendar; the call itself goes on.
        let desk = self.desk().ok().and_then(frontdesk_desk::tools::provider);
        let books = desk.is_some();
        let hours: Arc<dyn Tool> = Arc::new(CheckOpeningHours::new(Arc::clone(company)));
        let details: Arc<dyn Tool> = Arc::new(SaveCallerDetails::default());
        let end: Arc<dyn Tool> = Arc::new(EndCall);
        let mut desk: Vec<Arc<dyn ToolProvider>> = desk.into_iter().collect();
        if let Some(client) = self.text_model(backend).await? {
            // What has to be decided goes to the supervisor; what belongs to the talk itself stays with the voice.
            let work = registry(vec![hours], desk)?;
            let supervisor: Arc<dyn ToolProvider> =
                Arc::new(Supervisor::new(client, Arc::new(work), Arc::clone(company), books));
            return Ok(CallTools {
                registry: registry(vec![details, end], vec![supervisor])?,
                answerer: Answerer::SupervisedProvider,
                books,
            });
        }
        if *backend == Backend::Local {
            // A chat model that fails behind the engine is told to this call.
            desk.push(Arc::new(self.inner.chat_watch.clone()));
        }
        Ok(CallTools {
            registry: registry(vec![hours, details, end], desk)?,
            answerer: match backend {
                Backend::Local => Answerer::LocalEngine,
                Backend::Server(_) => Answerer::Provider,
            },
            books,
        })
    }

    /// The text model behind a voice model, where one is configured and its key is there.
    async fn text_model(&self, backend: &Backend) -> Result<Option<ChatClient>, Problem> {
        let settings = self.settings();
        let Backend::Server(voice) = backend else {
            return Ok(None);
        };
        let text = backends::text_model(&settings, voice)?;
        let Some(endpoint) = text else {
            // The voice model's own end is told all the same, where its provider lists it.
            if voice.provider() == Provider::OpenAi {
                let endpoint = ChatEndpoint::open_ai(voice.model())?;
                if let Some(transport) = self.transport(&endpoint, true).await? {
                    self.warn_of_ended_models(transport, endpoint, vec![voice.model().to_owned()]);
                }
            }
            return Ok(None);
        };
        let needs_key = !backends::is_compatible(settings.supervisor.kind);
        let Some(transport) = self.transport(&endpoint, needs_key).await? else {
            // The voice model can do the work itself, if less well.
            tracing::warn!("text_model_without_key");
            return Ok(None);
        };
        let mut models = vec![endpoint.model().to_owned()];
        if voice.provider() == Provider::OpenAi && endpoint.server() == voice.backend() {
            models.push(voice.model().to_owned());
        }
        let client = ChatClient::new(Arc::clone(&transport) as Arc<_>, endpoint.server(), endpoint.model())
            .telling_effort(endpoint.takes_effort());
        self.warn_of_ended_models(transport, endpoint, models);
        Ok(Some(client))
    }

    /// The chat model that finds the local engine's words; none where the built-in dialogue does.
    ///
    /// # Errors
    /// A [`Problem`] when its address or key cannot be used.
    pub(super) async fn chat_model(&self, settings: &EngineSettings) -> Result<Option<Arc<dyn ChatModel>>, Problem> {
        let Some(endpoint) = chat_dialogue::endpoint(settings)? else {
            return Ok(None);
        };
        let Some(transport) = self.transport(&endpoint, false).await? else {
            return Ok(None);
        };
        let chat = EngineChat::new(&endpoint, transport, self.inner.chat_watch.clone());
        Ok(Some(Arc::new(chat)))
    }

    /// The way to a text model; none where it needs a key and there is none.
    pub(crate) async fn transport(
        &self,
        endpoint: &ChatEndpoint,
        needs_key: bool,
    ) -> Result<Option<Arc<HttpTransport>>, Problem> {
        let origin = ProviderOrigin::parse(&endpoint.origin()).map_err(unusable_origin)?;
        let key = if endpoint.may_carry_a_key() {
            // A keychain that cannot be used is no reason to make no call: the voice model's key may come from elsewhere.
            self.key_at(&origin, true).await?
        } else {
            None
        };
        if needs_key && key.is_none() {
            return Ok(None);
        }
        Ok(Some(Arc::new(HttpTransport::new(endpoint, key.as_ref())?)))
    }

    /// Looks, beside the call, whether the provider has announced the end of one of these models, and tells the windows.
    fn warn_of_ended_models(&self, transport: Arc<HttpTransport>, endpoint: ChatEndpoint, models: Vec<String>) {
        let app = self.clone();
        tokio::spawn(async move {
            let list = ModelList::fetch(&transport).await;
            let today = app.company().date_of(Timestamp::now());
            let warnings = models
                .iter()
                .filter_map(|model| list.warning(model, endpoint.server(), today));
            app.replace_standing(ProblemKind::ModelGone, warnings.collect());
        });
    }
}

fn registry(tools: Vec<Arc<dyn Tool>>, providers: Vec<Arc<dyn ToolProvider>>) -> Result<ToolRegistry, Problem> {
    ToolRegistry::with_providers(tools, providers).map_err(|error| {
        Problem::new(
            ProblemKind::Internal,
            format!("The receptionist's tools are broken: {error}."),
        )
    })
}
