//! Where a key belongs: scheme, host and port of a provider, read from its base URL. Pure data.

use std::fmt;

use frontdesk_call::loopback::is_this_computer;
use url::{Host, Url};

/// Why a base URL names no provider. Never holds the URL: it may have a password in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// It is not a URL with a host.
    #[error("This is not a complete address. It begins with https:// or wss:// and has a host name.")]
    NotAnAddress,
    /// Another scheme than http, https, ws or wss.
    #[error("This address is neither for the web nor for WebSockets. It begins with https:// or wss://.")]
    Scheme,
    /// A user name or password stands before the host.
    #[error("This address has a user name or password in it. Remove that, and enter the key as a key.")]
    Credentials,
}

/// A provider: encrypted or not, host, port. `wss` counts as `https` and `ws` as `http`, because a WebSocket begins as that request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProviderOrigin {
    encrypted: bool,
    host: Host<String>,
    port: u16,
}

impl ProviderOrigin {
    /// Reads the origin of a base URL; path and query do not matter.
    ///
    /// # Errors
    /// [`OriginError`] with what is wrong.
    pub fn parse(base_url: &str) -> Result<Self, OriginError> {
        let url = Url::parse(base_url.trim()).map_err(|_| OriginError::NotAnAddress)?;
        let encrypted = match url.scheme() {
            "https" | "wss" => true,
            "http" | "ws" => false,
            _ => return Err(OriginError::Scheme),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(OriginError::Credentials);
        }
        let host = url.host().ok_or(OriginError::NotAnAddress)?.to_owned();
        let port = url.port_or_known_default().ok_or(OriginError::NotAnAddress)?;
        Ok(Self { encrypted, host, port })
    }

    /// A key may be sent there: over TLS anywhere, unencrypted only within this computer.
    #[must_use]
    pub fn may_carry_key(&self) -> bool {
        self.encrypted || self.is_loopback()
    }

    /// It is this computer, by the same rule as that of an endpoint in `frontdesk-realtime`.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_this_computer(&self.host.to_string())
    }
}

/// `https://api.openai.com:443`, always with the port: also the name of the key in the keychain.
impl fmt::Display for ProviderOrigin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.encrypted { "https" } else { "http" };
        write!(formatter, "{scheme}://{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(url: &str) -> ProviderOrigin {
        ProviderOrigin::parse(url).unwrap()
    }

    #[test]
    fn scheme_host_and_port_make_the_origin_and_nothing_else_does() {
        let openai = origin("https://api.openai.com/v1");
        assert_eq!(openai.to_string(), "https://api.openai.com:443");
        for same in [
            "wss://API.OpenAI.com/v1/realtime?model=m",
            "https://api.openai.com:443",
            " https://api.openai.com/ ",
        ] {
            assert_eq!(origin(same), openai, "{same}");
        }
        for other in [
            "https://api.openai.com:8443",
            "http://api.openai.com",
            "https://api.openai.com.evil.example",
            "https://openai.com",
        ] {
            assert_ne!(origin(other), openai, "{other}");
        }
    }

    #[test]
    fn only_encrypted_or_local_addresses_carry_a_key() {
        for (address, allowed) in [
            ("wss://voice.example", true),
            ("ws://voice.example", false),
            ("http://localhost:5", true),
            ("ws://LOCALHOST", true),
            ("ws://[::1]:5", true),
            ("http://localhost.example", false),
        ] {
            assert_eq!(origin(address).may_carry_key(), allowed, "{address}");
        }
    }

    #[test]
    fn an_address_that_is_none_is_refused() {
        assert_eq!(ProviderOrigin::parse("api.openai.com"), Err(OriginError::NotAnAddress));
        assert_eq!(ProviderOrigin::parse("file:///etc/passwd"), Err(OriginError::Scheme));
        assert_eq!(
            ProviderOrigin::parse("https://user:pass@h.example"),
            Err(OriginError::Credentials)
        );
        assert_eq!(ProviderOrigin::parse("https://"), Err(OriginError::NotAnAddress));
    }
}
