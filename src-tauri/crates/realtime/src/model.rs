//! The voice model over an endpoint and a key: opens connections, and hands each to a pump of its own.
//!
//! Cheap to keep; `connect` is called again for every reconnect, and knows nothing of the connections before.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use frontdesk_call::voice_model::{BoxFuture, ModelConnection, VoiceModel};
use frontdesk_call::{Problem, ProblemAction, ProblemKind};
use secrecy::{ExposeSecret, SecretString};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

use crate::dial::dial;
use crate::endpoint::{Endpoint, Provider};
use crate::failure::ConnectFailure;
use crate::handshake;
use crate::pump;
use crate::tap::{Untapped, WireTap};

/// Longest wait for name, TCP, TLS and upgrade together.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A Realtime server as a voice model.
pub struct RealtimeModel {
    endpoint: Endpoint,
    key: Option<SecretString>,
    tap: Arc<dyn WireTap>,
}

impl RealtimeModel {
    /// A model at an endpoint. A compatible server may need no key; an empty key counts as none.
    ///
    /// # Errors
    /// When the provider needs a key and there is none, when the key cannot be a key, or when the endpoint is unencrypted and another
    /// computer: a key is never sent there.
    pub fn new(endpoint: Endpoint, key: Option<SecretString>) -> Result<Self, Problem> {
        let key = key.filter(|key| !key.expose_secret().is_empty());
        match &key {
            None if matches!(endpoint.provider(), Provider::OpenAi | Provider::Azure) => {
                let sentence = format!("{} needs an API key. Enter one in the settings.", endpoint.backend());
                return Err(Problem::new(ProblemKind::NoKey, sentence).with_action(ProblemAction::OpenSettings));
            }
            Some(key)
                if !key
                    .expose_secret()
                    .chars()
                    .all(|character| character.is_ascii_graphic()) =>
            {
                let sentence =
                    "The API key holds characters that no key has. Copy it again, without spaces or line breaks.";
                return Err(Problem::new(ProblemKind::BadKey, sentence).with_action(ProblemAction::OpenSettings));
            }
            Some(_) if !endpoint.may_carry_a_key() => {
                let sentence = format!(
                    "The address of {} is not encrypted, so the API key is not sent there. Use an address that begins with wss://.",
                    endpoint.backend()
                );
                return Err(
                    Problem::new(ProblemKind::SettingsInvalid, sentence).with_action(ProblemAction::OpenSettings)
                );
            }
            _ => {}
        }
        Ok(Self {
            endpoint,
            key,
            tap: Arc::new(Untapped),
        })
    }

    /// Reports the traffic of all later connections to an observer.
    #[must_use]
    pub fn with_tap(mut self, tap: Arc<dyn WireTap>) -> Self {
        self.tap = tap;
        self
    }

    /// Where it connects to.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Opens the WebSocket over a stream that is already connected: a socket of one's own, or one end of a pipe.
    ///
    /// # Errors
    /// As [`VoiceModel::connect`].
    pub async fn connect_over<S>(&self, stream: S) -> Result<ModelConnection, Problem>
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        self.open(async { Ok(stream) }).await
    }

    async fn open<S>(
        &self,
        dialling: impl Future<Output = Result<S, ConnectFailure>>,
    ) -> Result<ModelConnection, Problem>
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let opening = async { handshake::open(dialling.await?, &self.endpoint, self.key.as_ref()).await };
        match timeout(CONNECT_TIMEOUT, opening)
            .await
            .unwrap_or(Err(ConnectFailure::TimedOut))
        {
            Ok(socket) => Ok(pump::attach(socket, self.endpoint.backend(), Arc::clone(&self.tap))),
            Err(failure) => {
                tracing::info!(backend = self.endpoint.backend(), %failure, "voice_model_not_connected");
                Err(failure.problem(&self.endpoint))
            }
        }
    }
}

impl VoiceModel for RealtimeModel {
    fn backend_name(&self) -> &str {
        self.endpoint.backend()
    }

    fn model_name(&self) -> &str {
        self.endpoint.model()
    }

    fn connect(&self) -> BoxFuture<'_, Result<ModelConnection, Problem>> {
        Box::pin(self.open(dial(&self.endpoint)))
    }
}

impl fmt::Debug for RealtimeModel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = if self.key.is_some() { "set" } else { "none" };
        formatter
            .debug_struct("RealtimeModel")
            .field("endpoint", &self.endpoint)
            .field("key", &key)
            .finish_non_exhaustive()
    }
}
