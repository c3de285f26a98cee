//! Where the text model is, as which kind of server, checked before anything is opened. Pure: no I/O, no key.
//!
//! Azure has two forms: version 1, where the deployment is named as the model, and the older one with `api-version` in the address. An
//! address that holds `api-version` means the older one.

use frontdesk_call::loopback::is_this_computer;
use frontdesk_call::problem::{Problem, ProblemAction, ProblemKind};
use reqwest::Url;

/// Longest address that is accepted, in characters.
const LONGEST_ADDRESS: usize = 2_000;

/// How a server takes the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyHeader {
    /// `Authorization: Bearer …`
    Bearer,
    /// `api-key: …`, as Azure wants it.
    ApiKey,
}

/// Why an address cannot be used. The person who entered it must act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChatEndpointError {
    /// Not an address at all.
    #[error("The text model's address cannot be read. It should look like https://example.com/v1.")]
    NotAnAddress,
    /// Another scheme than `https` or `http`.
    #[error("The text model's address must begin with https://.")]
    WrongScheme,
    /// `user:password@` in the address, which would end up in logs.
    #[error("The text model's address must not hold a user name or password. Enter the key in the field for the key.")]
    HoldsCredentials,
    /// No model or deployment was chosen.
    #[error("No text model is chosen.")]
    NoModel,
}

impl From<ChatEndpointError> for Problem {
    fn from(error: ChatEndpointError) -> Self {
        Self::new(ProblemKind::SettingsInvalid, error.to_string()).with_action(ProblemAction::OpenSettings)
    }
}

/// A checked place of a text model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatEndpoint {
    completions: Url,
    models: Option<Url>,
    key_header: KeyHeader,
    takes_effort: bool,
    server: String,
    model: String,
}

impl ChatEndpoint {
    /// `https://api.openai.com/v1/chat/completions`
    ///
    /// # Errors
    /// Only for an empty model name.
    pub fn open_ai(model: &str) -> Result<Self, ChatEndpointError> {
        let mut endpoint = Self::compatible("https://api.openai.com/v1", model)?;
        "OpenAI".clone_into(&mut endpoint.server);
        endpoint.takes_effort = true;
        Ok(endpoint)
    }

    /// `https://<resource>.openai.azure.com/openai/v1/chat/completions`, or, for an address with `api-version`,
    /// `https://<resource>.openai.azure.com/openai/deployments/<deployment>/chat/completions?api-version=…`.
    ///
    /// # Errors
    /// For an address that cannot be used, or an empty deployment.
    pub fn azure(resource: &str, deployment: &str) -> Result<Self, ChatEndpointError> {
        let (base, model) = (parsed(resource)?, named(deployment)?);
        let dated = base.query_pairs().any(|(name, _)| name == "api-version");
        let mut completions = base.clone();
        let mut models = None;
        if dated {
            let segments = ["openai", "deployments", model, "chat", "completions"];
            set_segments(&mut completions, &segments)?;
        } else {
            completions.set_path("/openai/v1/chat/completions");
            let mut list = base;
            list.set_path("/openai/v1/models");
            models = Some(list);
        }
        Ok(Self {
            completions,
            models,
            key_header: KeyHeader::ApiKey,
            takes_effort: true,
            server: "Azure OpenAI".to_owned(),
            model: model.to_owned(),
        })
    }

    /// A server of the API under a base address such as `https://host/v1`; `/chat/completions` is added where it is missing, a query is kept.
    /// For people it is named by its host.
    ///
    /// # Errors
    /// For an address that cannot be used, or an empty model name.
    pub fn compatible(base: &str, model: &str) -> Result<Self, ChatEndpointError> {
        let (base, model) = (parsed(base)?, named(model)?);
        let path = base.path().trim_end_matches('/');
        let path = path.strip_suffix("/chat/completions").unwrap_or(path);
        let path = if path.is_empty() { "/v1" } else { path };
        let at = |end: &str| {
            let mut url = base.clone();
            url.set_path(&format!("{path}/{end}"));
            url
        };
        Ok(Self {
            completions: at("chat/completions"),
            models: Some(at("models")),
            key_header: KeyHeader::Bearer,
            takes_effort: false,
            server: base.host_str().unwrap_or_default().to_owned(),
            model: model.to_owned(),
        })
    }

    /// The server's name for people.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.server
    }

    /// The model, or at Azure the deployment.
    #[must_use]
    pub fn model(&self) -> &str {
        &self.model
    }

    /// How it takes the key.
    #[must_use]
    pub fn key_header(&self) -> KeyHeader {
        self.key_header
    }

    /// True where `reasoning_effort` is known: at OpenAI and Azure. Others may refuse what they do not know.
    #[must_use]
    pub fn takes_effort(&self) -> bool {
        self.takes_effort
    }

    /// Scheme, host and port: a key belongs to this and is sent nowhere else.
    #[must_use]
    pub fn origin(&self) -> String {
        let url = &self.completions;
        let port = url.port_or_known_default().unwrap_or(443);
        format!("{}://{}:{port}", url.scheme(), url.host_str().unwrap_or_default())
    }

    /// True when the host is this computer by its name or number.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.completions.host_str().is_some_and(is_this_computer)
    }

    /// True when a key may be sent there: encrypted, or never leaving this computer.
    #[must_use]
    pub fn may_carry_a_key(&self) -> bool {
        self.completions.scheme() == "https" || self.is_loopback()
    }

    pub(super) fn completions(&self) -> &Url {
        &self.completions
    }

    /// The list of models, where the server has one.
    pub(super) fn models(&self) -> Option<&Url> {
        self.models.as_ref()
    }
}

fn named(model: &str) -> Result<&str, ChatEndpointError> {
    Some(model.trim())
        .filter(|model| !model.is_empty())
        .ok_or(ChatEndpointError::NoModel)
}

/// `wss` and `ws` are read as `https` and `http`: people paste the address of the voice model.
fn parsed(base: &str) -> Result<Url, ChatEndpointError> {
    let base = base.trim();
    if base.len() > LONGEST_ADDRESS {
        return Err(ChatEndpointError::NotAnAddress);
    }
    let (scheme, rest) = base.split_once("://").ok_or(ChatEndpointError::NotAnAddress)?;
    let scheme = match scheme.to_ascii_lowercase().as_str() {
        "https" | "wss" => "https",
        "http" | "ws" => "http",
        _ => return Err(ChatEndpointError::WrongScheme),
    };
    let mut url = Url::parse(&format!("{scheme}://{rest}")).map_err(|_| ChatEndpointError::NotAnAddress)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(ChatEndpointError::HoldsCredentials);
    }
    url.set_fragment(None);
    Ok(url)
}

/// A deployment's name may hold anything, so it is encoded as one segment.
fn set_segments(url: &mut Url, segments: &[&str]) -> Result<(), ChatEndpointError> {
    url.path_segments_mut()
        .map_err(|()| ChatEndpointError::NotAnAddress)?
        .clear()
        .extend(segments);
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(endpoint: Result<ChatEndpoint, ChatEndpointError>) -> Result<String, ChatEndpointError> {
        endpoint.map(|endpoint| endpoint.completions.to_string())
    }

    #[test]
    fn openai_is_reached_at_its_own_address() {
        let endpoint = ChatEndpoint::open_ai("words-1").unwrap();
        assert_eq!(
            endpoint.completions.as_str(),
            "https://api.openai.com/v1/chat/completions"
        );
        assert_eq!(endpoint.models().unwrap().as_str(), "https://api.openai.com/v1/models");
        assert_eq!(endpoint.origin(), "https://api.openai.com:443");
        assert_eq!(
            (endpoint.server(), endpoint.key_header()),
            ("OpenAI", KeyHeader::Bearer)
        );
    }

    #[test]
    fn azure_has_the_form_that_its_address_asks_for() {
        assert_eq!(
            address(ChatEndpoint::azure("https://shop.openai.azure.com", "words")),
            Ok("https://shop.openai.azure.com/openai/v1/chat/completions".to_owned())
        );
        assert_eq!(
            address(ChatEndpoint::azure(
                "https://shop.openai.azure.com/openai?api-version=2024-10-21",
                "front/desk"
            )),
            Ok(
                "https://shop.openai.azure.com/openai/deployments/front%2Fdesk/chat/completions?api-version=2024-10-21"
                    .to_owned()
            )
        );
        let endpoint = ChatEndpoint::azure("wss://shop.openai.azure.com/openai/v1", "words").unwrap();
        assert_eq!(endpoint.key_header(), KeyHeader::ApiKey);
    }

    #[test]
    fn a_compatible_server_may_be_given_by_host_base_or_whole_address() {
        for base in [
            "https://words.example",
            "https://words.example/v1/",
            " wss://words.example/v1/chat/completions ",
        ] {
            assert_eq!(
                address(ChatEndpoint::compatible(base, "m")),
                Ok("https://words.example/v1/chat/completions".to_owned()),
                "{base}"
            );
        }
        assert_eq!(
            address(ChatEndpoint::compatible("http://[::1]:9/api?tier=2#part", "m")),
            Ok("http://[::1]:9/api/chat/completions?tier=2".to_owned())
        );
    }

    #[test]
    fn an_address_that_cannot_be_used_says_why() {
        let refused = |base: &str| ChatEndpoint::compatible(base, "m").err();
        assert_eq!(refused("words.example"), Some(ChatEndpointError::NotAnAddress));
        assert_eq!(refused("ftp://words.example"), Some(ChatEndpointError::WrongScheme));
        assert_eq!(
            refused("https://me:secret@words.example"),
            Some(ChatEndpointError::HoldsCredentials)
        );
        assert_eq!(ChatEndpoint::open_ai(" ").err(), Some(ChatEndpointError::NoModel));
    }

    proptest! {
        #[test]
        fn no_address_lets_a_key_leave_unencrypted(scheme in "(wss?|https?|ftp|)", rest in ".{0,40}") {
            if let Ok(endpoint) = ChatEndpoint::compatible(&format!("{scheme}://{rest}"), "m") {
                let here = endpoint.completions.host_str().is_some_and(is_this_computer);
                prop_assert_eq!(endpoint.may_carry_a_key(), endpoint.completions.scheme() == "https" || here);
            }
        }
    }
}
