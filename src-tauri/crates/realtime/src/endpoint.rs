//! Where to connect, as which kind of server, checked before anything is opened.
//!
//! Pure: no I/O, no key. Sources of the addresses: OpenAI's and Microsoft's documents of the GA protocol (no `api-version`, no beta header).

use std::net::SocketAddr;

use frontdesk_call::loopback::is_this_computer;
use frontdesk_call::{Problem, ProblemAction, ProblemKind};
use url::{Host, Url};

/// Longest address that is accepted, in characters.
const LONGEST_ADDRESS: usize = 2_000;

/// Kind of server; it decides how the key is sent and what people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// OpenAI itself.
    OpenAi,
    /// Azure OpenAI, API version 1: the key goes into the header `api-key`, the model is the name of a deployment.
    Azure,
    /// Any other server of the protocol.
    Compatible,
    /// The local engine on loopback.
    Local,
}

/// Why an address cannot be used. The person who entered it must act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Not an address at all.
    #[error("The server's address cannot be read. It should look like wss://example.com/v1.")]
    NotAnAddress,
    /// Another scheme than `wss`, `ws`, `https`, `http`.
    #[error("The server's address must begin with wss:// or https://.")]
    WrongScheme,
    /// `user:password@` in the address, which would end up in logs.
    #[error("The server's address must not hold a user name or password. Enter the key in the field for the key.")]
    HoldsCredentials,
    /// No model or deployment was chosen.
    #[error("No voice model is chosen.")]
    NoModel,
}

impl EndpointError {
    /// The error for people.
    pub fn problem(self) -> Problem {
        Problem::new(ProblemKind::SettingsInvalid, self.to_string()).with_action(ProblemAction::OpenSettings)
    }
}

impl From<EndpointError> for Problem {
    fn from(error: EndpointError) -> Self {
        error.problem()
    }
}

/// A checked place to connect to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    url: Url,
    provider: Provider,
    backend: String,
    model: String,
}

impl Endpoint {
    /// `wss://api.openai.com/v1/realtime?model=…`
    ///
    /// # Errors
    /// Only for an empty model name.
    pub fn open_ai(model: &str) -> Result<Self, EndpointError> {
        Self::build(
            "wss://api.openai.com",
            "/v1/realtime",
            Provider::OpenAi,
            "OpenAI",
            model,
        )
    }

    /// `wss://<resource>.openai.azure.com/openai/v1/realtime?model=<deployment>`; `resource` is the address of the Azure resource.
    ///
    /// # Errors
    /// For an address that cannot be used, or an empty deployment.
    pub fn azure(resource: &str, deployment: &str) -> Result<Self, EndpointError> {
        Self::build(
            resource,
            "/openai/v1/realtime",
            Provider::Azure,
            "Azure OpenAI",
            deployment,
        )
    }

    /// A server of the protocol under a base address such as `wss://host/v1` or `https://host/v1`; `/realtime` is added where it is missing,
    /// a query is kept. For people it is named by its host.
    ///
    /// # Errors
    /// For an address that cannot be used, or an empty model name.
    pub fn compatible(base: &str, model: &str) -> Result<Self, EndpointError> {
        let mut endpoint = Self::build(base, "/v1/realtime", Provider::Compatible, "", model)?;
        endpoint
            .url
            .host_str()
            .unwrap_or_default()
            .clone_into(&mut endpoint.backend);
        Ok(endpoint)
    }

    /// The local engine; `company` chooses the profile that this connection answers for.
    ///
    /// # Errors
    /// Only for an empty model name.
    pub fn local_engine(address: SocketAddr, model: &str, company: Option<&str>) -> Result<Self, EndpointError> {
        let base = format!("ws://{address}");
        let mut endpoint = Self::build(&base, "/v1/realtime", Provider::Local, "Local engine", model)?;
        if let Some(company) = company {
            endpoint.url.query_pairs_mut().append_pair("company", company);
        }
        Ok(endpoint)
    }

    fn build(
        base: &str,
        default_path: &str,
        provider: Provider,
        backend: &str,
        model: &str,
    ) -> Result<Self, EndpointError> {
        let (base, model) = (base.trim(), model.trim());
        if model.is_empty() {
            return Err(EndpointError::NoModel);
        }
        if base.len() > LONGEST_ADDRESS {
            return Err(EndpointError::NotAnAddress);
        }
        let (scheme, rest) = base.split_once("://").ok_or(EndpointError::NotAnAddress)?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "wss" | "https" => "wss",
            "ws" | "http" => "ws",
            _ => return Err(EndpointError::WrongScheme),
        };
        let mut url = Url::parse(&format!("{scheme}://{rest}")).map_err(|_| EndpointError::NotAnAddress)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EndpointError::HoldsCredentials);
        }
        url.set_fragment(None);
        let path = realtime_path(url.path(), default_path);
        url.set_path(&path);
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(name, _)| name != "model")
            .map(into_owned)
            .collect();
        url.query_pairs_mut()
            .clear()
            .extend_pairs(kept)
            .append_pair("model", model);
        Ok(Self {
            url,
            provider,
            backend: backend.to_owned(),
            model: model.to_owned(),
        })
    }

    /// Kind of server.
    pub fn provider(&self) -> Provider {
        self.provider
    }

    /// The server's name for people.
    pub fn backend(&self) -> &str {
        &self.backend
    }

    /// The model, or at Azure the deployment.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// Scheme, host and port: a key belongs to this and is sent nowhere else.
    pub fn origin(&self) -> String {
        format!("{}://{}:{}", self.url.scheme(), self.host_text(), self.port())
    }

    /// True for `wss`.
    pub fn is_encrypted(&self) -> bool {
        self.url.scheme() == "wss"
    }

    /// True when the host is this computer by its name or number.
    pub fn is_loopback(&self) -> bool {
        self.url.host_str().is_some_and(is_this_computer)
    }

    /// True when a key may be sent there: encrypted, or never leaving this computer.
    pub fn may_carry_a_key(&self) -> bool {
        self.is_encrypted() || self.is_loopback()
    }

    /// Host for resolving and for the TLS name; an IPv6 number without brackets.
    pub(crate) fn host(&self) -> String {
        match self.url.host() {
            Some(Host::Domain(name)) => name.to_owned(),
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => address.to_string(),
            None => String::new(),
        }
    }

    /// Port, given or that of the scheme.
    pub(crate) fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or(443)
    }

    /// `Host` header: an IPv6 number in brackets, the port only where it is not that of the scheme.
    pub(crate) fn host_header(&self) -> String {
        match self.url.port() {
            Some(port) => format!("{}:{port}", self.host_text()),
            None => self.host_text().to_owned(),
        }
    }

    /// Path and query of the request, percent-encoded.
    pub(crate) fn path_and_query(&self) -> String {
        match self.url.query() {
            Some(query) => format!("{}?{query}", self.url.path()),
            None => self.url.path().to_owned(),
        }
    }

    fn host_text(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }
}

fn into_owned((name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)) -> (String, String) {
    (name.into_owned(), value.into_owned())
}

/// People enter the bare host, the API's base or the whole address; all of them mean the same place.
fn realtime_path(given: &str, default_path: &str) -> String {
    let given = given.trim_end_matches('/');
    if given.is_empty() {
        default_path.to_owned()
    } else if given.ends_with("/realtime") {
        given.to_owned()
    } else {
        format!("{given}/realtime")
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use proptest::prelude::*;

    use super::*;

    fn compatible(base: &str) -> Result<String, EndpointError> {
        Endpoint::compatible(base, "m").map(|endpoint| endpoint.url.to_string())
    }

    #[test]
    fn openai_is_reached_without_any_version_or_beta_member() {
        let endpoint = Endpoint::open_ai("gpt-realtime-2.1").unwrap();
        assert_eq!(
            endpoint.url.as_str(),
            "wss://api.openai.com/v1/realtime?model=gpt-realtime-2.1"
        );
        assert_eq!(
            (endpoint.host_header().as_str(), endpoint.port()),
            ("api.openai.com", 443)
        );
    }

    #[test]
    fn azure_names_the_deployment_as_the_model() {
        for base in [
            "https://shop.openai.azure.com",
            "https://shop.openai.azure.com/",
            "wss://shop.openai.azure.com/openai/v1/",
        ] {
            let endpoint = Endpoint::azure(base, "front desk").unwrap();
            assert_eq!(
                endpoint.url.as_str(),
                "wss://shop.openai.azure.com/openai/v1/realtime?model=front+desk"
            );
        }
    }

    #[test]
    fn a_compatible_server_may_be_given_by_host_base_or_whole_address() {
        for base in [
            "wss://voice.example",
            "https://voice.example/v1",
            "https://voice.example/v1/realtime?model=old",
            " wss://voice.example/v1/ ",
        ] {
            assert_eq!(
                compatible(base),
                Ok("wss://voice.example/v1/realtime?model=m".to_owned()),
                "{base}"
            );
        }
        assert_eq!(
            compatible("ws://[::1]:9/x?key=1#part"),
            Ok("ws://[::1]:9/x/realtime?key=1&model=m".to_owned())
        );
    }

    #[test]
    fn an_address_that_cannot_be_used_says_why() {
        assert_eq!(compatible("voice.example"), Err(EndpointError::NotAnAddress));
        assert_eq!(compatible("wss://"), Err(EndpointError::NotAnAddress));
        assert_eq!(compatible("ftp://voice.example"), Err(EndpointError::WrongScheme));
        assert_eq!(
            compatible("wss://me:secret@voice.example"),
            Err(EndpointError::HoldsCredentials)
        );
        assert_eq!(Endpoint::open_ai(" "), Err(EndpointError::NoModel));
    }

    #[test]
    fn a_key_may_travel_encrypted_or_within_this_computer_only() {
        for (base, allowed) in [
            ("wss://voice.example", true),
            ("ws://voice.example", false),
            ("ws://LOCALHOST:5", true),
            // Other ways to write 127.0.0.1 and 192.168.1.2.
            ("ws://127.1", true),
            ("ws://[::ffff:7f00:1]:5", true),
            ("ws://3232235778", false),
        ] {
            assert_eq!(
                Endpoint::compatible(base, "m").unwrap().may_carry_a_key(),
                allowed,
                "{base}"
            );
        }
    }

    #[test]
    fn the_origin_names_scheme_host_and_port() {
        assert_eq!(Endpoint::open_ai("m").unwrap().origin(), "wss://api.openai.com:443");
        assert_eq!(
            Endpoint::compatible("http://[::1]:81/a", "m").unwrap().origin(),
            "ws://[::1]:81"
        );
    }

    #[test]
    fn the_local_engine_is_told_the_company() {
        let endpoint =
            Endpoint::local_engine("127.0.0.1:7".parse().unwrap(), "local", Some("prime auto & co")).unwrap();
        assert_eq!(
            endpoint.path_and_query(),
            "/v1/realtime?model=local&company=prime+auto+%26+co"
        );
        assert_eq!(endpoint.backend(), "Local engine");
    }

    proptest! {
        #[test]
        fn no_address_panics_and_none_lets_a_key_leave_unencrypted(scheme in "(wss?|https?|ftp|)", rest in ".{0,40}") {
            let base = format!("{scheme}://{rest}");
            if let Ok(endpoint) = Endpoint::compatible(&base, "m") {
                let stays_here = endpoint.host() == "localhost"
                    || endpoint.host().parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback());
                prop_assert_eq!(endpoint.may_carry_a_key(), endpoint.url.scheme() == "wss" || stays_here);
                let request = format!("{}{}", endpoint.path_and_query(), endpoint.host_header());
                prop_assert!(request.chars().all(|character| character.is_ascii_graphic()), "{}", request);
            }
        }
    }
}
