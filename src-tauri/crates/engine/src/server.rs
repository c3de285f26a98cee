//! The engine as a server: the Realtime protocol (GA), over loopback unless it has a token, so that the product's client code is the same for it as for a
//! provider.
//!
//! Runs on the tokio runtime; each connection has one task and two worker threads, because hearing and speaking block on inference. The
//! server never links tools, stores or the call engine: it gets company profiles by value and reaches tools through function calls.
//!
//! ```text
//! socket ─► connection task ─► Session (pure) ─► events ─► socket
//!                 │    ▲                        EAR_CAPACITY commands     ear thread: resample, voice activity, recognition
//!                 └────┼──────────────────────► MOUTH_CAPACITY commands   mouth thread: a clause at a time
//!                 ▲    └── WORKER_EVENT_CAPACITY events ◄─ both threads
//!                 └─ what a chat model says, where one finds the words
//! ```
//!
//! # Map
//! - [`EngineServer`]: start and stop · `gate`: who may connect · `limits`: every number that bounds something
//! - `connection`: one socket and its threads · `codec`: formats of audio · `ear`, `mouth`: the threads · `thinking`: open questions to a chat model · [`LocalSpeech`]: the border to the models
//! - `reading`: a client's message, strictly · `session`: the protocol as a pure state machine, with `settings`, `conversation`, `responses`

mod codec;
mod connection;
mod conversation;
mod ear;
mod gate;
mod ids;
mod limits;
mod local_speech;
mod mouth;
mod reading;
mod responses;
mod session;
mod settings;
mod thinking;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use frontdesk_company::{CompanyId, CompanyProfile};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

use crate::dialogue::{ChatModel, CompanyKnowledge};
use connection::Shared;
use gate::Door;

pub use codec::Codec;
pub use limits::{MAX_APPEND_BYTES, MAX_CONNECTIONS, MAX_MESSAGE_BYTES, SESSION_LIMIT};
pub use local_speech::{Hearing, LocalSpeech, Speaking};

/// Tells the present moment; "now" for opening hours.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Who may connect. Foreign pages (`Origin`) and foreign names (`Host`) are refused in each case.
#[derive(Clone)]
pub enum Access {
    /// Whoever presents a token that is made for this run: [`EngineHandle::bearer`].
    OwnBearer,
    /// Whoever presents this token.
    Bearer(SecretString),
    /// Everybody on this computer. Only where the address is a loopback one.
    Anybody,
}

/// What an engine is started with.
pub struct EngineConfig {
    /// Companies that it answers for; `?company=ID` chooses, the first is the default.
    pub companies: Vec<CompanyProfile>,
    /// The loaded models, shared by all connections.
    pub speech: Arc<dyn LocalSpeech>,
    /// A chat model that finds the words; without one the built-in dialogue does.
    pub chat: Option<Arc<dyn ChatModel>>,
    /// Where to listen; a loopback address, unless a token was given. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Who may connect.
    pub access: Access,
    /// Longest time of one session; [`SESSION_LIMIT`] is the provider's.
    pub session_limit: Duration,
    /// The clock.
    pub clock: Clock,
}

/// Why an engine did not start.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// No company was given.
    #[error("the local engine has no company to answer for")]
    NoCompany,
    /// Two companies have the same id.
    #[error("two companies have the id '{0}'; give one of them another")]
    SameCompany(CompanyId),
    /// Others than this computer's programs could connect, without a token of theirs.
    #[error(
        "without a token of its own the local engine listens on this computer only, and {0} is not a loopback address"
    )]
    NotLoopback(SocketAddr),
    /// The port could not be taken.
    #[error("the local engine cannot listen on {address}: {source}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the operating system says.
        source: std::io::Error,
    },
}

/// The engine's server.
pub struct EngineServer;

impl EngineServer {
    /// Starts listening. The tasks run until [`EngineHandle::shut_down`] or until the handle is dropped.
    ///
    /// # Errors
    /// [`EngineError`], in plain words.
    pub async fn start(config: EngineConfig) -> Result<EngineHandle, EngineError> {
        let EngineConfig {
            companies,
            speech,
            chat,
            listen,
            access,
            session_limit,
            clock,
        } = config;
        if !listen.ip().is_loopback() && !matches!(access, Access::Bearer(_)) {
            return Err(EngineError::NotLoopback(listen));
        }
        for (at, company) in companies.iter().enumerate() {
            if companies.iter().take(at).any(|other| other.id == company.id) {
                return Err(EngineError::SameCompany(company.id.clone()));
            }
        }
        if companies.is_empty() {
            return Err(EngineError::NoCompany);
        }
        let failed = |source| EngineError::Listen {
            address: listen,
            source,
        };
        let listener = TcpListener::bind(listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let anybody = matches!(access, Access::Anybody);
        let bearer = match access {
            Access::Bearer(bearer) => bearer,
            Access::OwnBearer | Access::Anybody => SecretString::from(ids::random_bearer()),
        };
        let door = Door {
            bearer: (!anybody).then(|| bearer.clone()),
            by_address: !listen.ip().is_loopback(),
        };
        let companies = companies
            .into_iter()
            .map(|company| CompanyKnowledge::new(Arc::new(company)))
            .collect();
        let shared = Arc::new(Shared {
            companies,
            speech,
            chat,
            door,
            session_limit,
            clock,
        });
        let (stop, stopping) = watch::channel(false);
        let accepting = tokio::spawn(accept(listener, shared, stopping));
        Ok(EngineHandle {
            address,
            bearer,
            stop,
            accepting: Some(accepting),
        })
    }
}

/// A running engine. Dropping it stops the engine without waiting.
pub struct EngineHandle {
    address: SocketAddr,
    bearer: SecretString,
    stop: watch::Sender<bool>,
    accepting: Option<JoinHandle<()>>,
}

impl EngineHandle {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address to connect to, for one company.
    #[must_use]
    pub fn url(&self, company: &CompanyId) -> String {
        format!(
            "ws://{}{}?model={}&company={company}",
            self.address,
            gate::PATH,
            settings::MODEL
        )
    }

    /// What a client presents as `Authorization: Bearer …`; where anybody may connect, this is one of the tokens that are taken.
    #[must_use]
    pub fn bearer(&self) -> &SecretString {
        &self.bearer
    }

    /// Closes every connection with code 1001 and waits until all are closed.
    pub async fn shut_down(mut self) {
        self.stop.send_replace(true);
        if let Some(accepting) = self.accepting.take() {
            // Its only failure is a panic of the accept loop, after which nothing is left to wait for.
            let _ = accepting.await;
        }
    }
}

impl Drop for EngineHandle {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

impl std::fmt::Debug for EngineHandle {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("EngineHandle")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// Accepts connections until the engine stops, then waits for those that run.
async fn accept(listener: TcpListener, shared: Arc<Shared>, mut stopping: watch::Receiver<bool>) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let stream = tokio::select! {
            _ = stopping.changed() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Out of file descriptors, most likely: waiting lets connections end.
                    tracing::warn!(%error, "the local engine could not accept a connection");
                    tokio::time::sleep(limits::ACCEPT_PAUSE).await;
                    continue;
                }
            },
        };
        match Arc::clone(&places).try_acquire_owned() {
            Ok(place) => {
                let (shared, stopping) = (Arc::clone(&shared), stopping.clone());
                tokio::spawn(async move {
                    connection::serve(stream, shared, stopping).await;
                    drop(place);
                });
            }
            Err(_) => tracing::warn!("the local engine refused a connection: {MAX_CONNECTIONS} are open"),
        }
    }
    let everyone = u32::try_from(MAX_CONNECTIONS).unwrap_or(u32::MAX);
    // The semaphore is never closed, so this only ends when every connection has.
    let _ = places.acquire_many(everyone).await;
}

/// What the gate compares; kept here so that the secret is exposed in one place.
fn is_bearer(expected: &SecretString, presented: &str) -> bool {
    use subtle::ConstantTimeEq;
    expected.expose_secret().as_bytes().ct_eq(presented.as_bytes()).into()
}
