//! The way to a text model over HTTP. Runs on the tokio runtime. A key goes only where it may (`https`, or this computer), never after a
//! redirect, and never into a log.

use std::time::Duration;

use frontdesk_call::problem::{Problem, ProblemKind};
use frontdesk_call::voice_model::BoxFuture;
use futures_util::StreamExt as _;
use jiff::Timestamp;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, RequestBuilder, Url, redirect};
use secrecy::{ExposeSecret as _, SecretString};

use super::client::{ChatReply, ChatTransport, Unreachable};
use super::endpoint::{ChatEndpoint, KeyHeader};
use super::retry::RetryHints;

/// Longest wait for a connection: the caller is on the line.
const CONNECT_LIMIT: Duration = Duration::from_secs(4);

/// Header in which Azure wants its key.
const API_KEY: HeaderName = HeaderName::from_static("api-key");

/// One server over HTTP.
pub struct HttpTransport {
    client: Client,
    completions: Url,
    models: Option<Url>,
    /// The header that carries the key; marked as sensitive, so that Debug shows nothing of it.
    key: Option<(HeaderName, HeaderValue)>,
}

impl HttpTransport {
    /// The way to `endpoint` with `key`, which is left out where it may not go.
    ///
    /// # Errors
    /// A [`Problem`] when the key cannot stand in a header, or no connection could ever be made.
    pub fn new(endpoint: &ChatEndpoint, key: Option<&SecretString>) -> Result<Self, Problem> {
        let key = key
            .filter(|_| endpoint.may_carry_a_key())
            .map(|key| header(endpoint.key_header(), key))
            .transpose()?;
        let builder = Client::builder()
            .connect_timeout(CONNECT_LIMIT)
            .redirect(redirect::Policy::none());
        // A proxy of the environment would see an unencrypted key.
        let builder = if endpoint.is_loopback() {
            builder.no_proxy()
        } else {
            builder
        };
        let client = builder
            .build()
            .map_err(|_| Problem::new(ProblemKind::Internal, "Requests to the text model cannot be made."))?;
        Ok(Self {
            client,
            completions: endpoint.completions().clone(),
            models: endpoint.models().cloned(),
            key,
        })
    }

    /// The text of the server's list of models; none where it has no such list or does not give it.
    pub(super) async fn models(&self, most: usize) -> Option<String> {
        let request = self.with_key(self.client.get(self.models.clone()?));
        let mut response = request
            .send()
            .await
            .ok()
            .filter(|response| response.status().is_success())?;
        let mut bytes = Vec::new();
        while let Some(piece) = response.chunk().await.ok()? {
            bytes.extend_from_slice(&piece);
            if bytes.len() > most {
                return None;
            }
        }
        String::from_utf8(bytes).ok()
    }

    fn with_key(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.key {
            Some((name, value)) => request.header(name.clone(), value.clone()),
            None => request,
        }
    }
}

impl ChatTransport for HttpTransport {
    fn post(&self, body: String) -> BoxFuture<'_, Result<ChatReply, Unreachable>> {
        let request = self
            .with_key(self.client.post(self.completions.clone()))
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        Box::pin(async move {
            let response = request.send().await.map_err(unreachable)?;
            let headers = response.headers();
            let hints = RetryHints::read(|name| text(headers, name), Timestamp::now());
            let whole = text(headers, "content-type").is_some_and(|kind| kind.starts_with("application/json"));
            Ok(ChatReply {
                status: response.status().as_u16(),
                hints,
                whole,
                pieces: response
                    .bytes_stream()
                    .map(|piece| piece.map(|bytes| bytes.to_vec()).map_err(unreachable))
                    .boxed(),
            })
        })
    }
}

/// An error of the HTTP client holds the address; only its kind is told.
fn unreachable(error: reqwest::Error) -> Unreachable {
    tracing::debug!(
        timeout = error.is_timeout(),
        connect = error.is_connect(),
        "text_model_unreachable"
    );
    Unreachable
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn header(kind: KeyHeader, key: &SecretString) -> Result<(HeaderName, HeaderValue), Problem> {
    let (name, text) = match kind {
        KeyHeader::Bearer => (AUTHORIZATION, format!("Bearer {}", key.expose_secret())),
        KeyHeader::ApiKey => (API_KEY, key.expose_secret().to_owned()),
    };
    let mut value = HeaderValue::from_str(&text).map_err(|_| {
        Problem::new(
            ProblemKind::BadKey,
            "The stored API key holds signs that no key has. Enter it again in the settings.",
        )
    })?;
    value.set_sensitive(true);
    Ok((name, value))
}
