//! Who may connect: the checks of the opening handshake, in the order Host, Origin, path, bearer, company.
//!
//! A page of the browser can reach loopback and the house's network too, so the Host and Origin headers are looked at before anything else: a
//! page of elsewhere names its origin, and one that points its own name here (DNS rebinding) names itself as the host. Pure, any thread.

use std::net::{Ipv4Addr, Ipv6Addr};

use frontdesk_company::CompanyId;
use secrecy::SecretString;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::header::{AUTHORIZATION, HOST, HeaderValue, ORIGIN, SEC_WEBSOCKET_PROTOCOL};
use tokio_tungstenite::tungstenite::http::{HeaderMap, StatusCode};

use super::is_bearer;
use crate::dialogue::CompanyKnowledge;

/// The only path.
pub(crate) const PATH: &str = "/v1/realtime";

/// Subprotocol that browsers offer; it is the one chosen.
const PROTOCOL: &str = "realtime";

/// Subprotocol that carries a bearer, because browsers cannot set headers.
const PROTOCOL_BEARER: &str = "openai-insecure-api-key.";

/// Header that asks for the retired beta.
const BETA_HEADER: &str = "OpenAI-Beta";

/// Who is let in.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    /// What clients must present; absent when everybody on this computer may connect.
    pub bearer: Option<SecretString>,
    /// The engine listens beyond this computer, so clients name it by its IP address.
    pub by_address: bool,
}

/// What an admitted client asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Admission {
    /// Position of the company.
    pub company: usize,
    /// The retired beta: told so and closed.
    pub beta: bool,
}

/// Checks a request; on success the response chooses the subprotocol.
pub(crate) fn admit(
    request: &Request,
    mut response: Response,
    companies: &[CompanyKnowledge],
    door: &Door,
) -> Result<(Admission, Response), Box<ErrorResponse>> {
    let headers = request.headers();
    let own_host = |host: &str| is_loopback_host(host) || (door.by_address && is_address(host));
    if !text(headers, HOST.as_str()).is_some_and(own_host) {
        return Err(refusal(
            StatusCode::FORBIDDEN,
            "this server answers to its own address only",
        ));
    }
    if headers
        .get(ORIGIN)
        .is_some_and(|origin| !origin.to_str().is_ok_and(is_loopback_origin))
    {
        return Err(refusal(StatusCode::FORBIDDEN, "pages of other origins may not connect"));
    }
    if request.uri().path() != PATH {
        return Err(refusal(StatusCode::NOT_FOUND, "the only path is /v1/realtime"));
    }
    let protocols: Vec<&str> = headers
        .get_all(SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    let by_header = text(headers, AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Bearer "));
    let by_protocol = protocols
        .iter()
        .find_map(|protocol| protocol.strip_prefix(PROTOCOL_BEARER));
    let presented = by_header.or(by_protocol);
    if let Some(bearer) = &door.bearer
        && !presented.is_some_and(|presented| is_bearer(bearer, presented))
    {
        return Err(refusal(StatusCode::UNAUTHORIZED, "the bearer is missing or wrong"));
    }
    let company = company(request.uri().query().unwrap_or_default(), companies)
        .ok_or_else(|| refusal(StatusCode::NOT_FOUND, "there is no such company"))?;
    if protocols.contains(&PROTOCOL) {
        response
            .headers_mut()
            .insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(PROTOCOL));
    }
    Ok((
        Admission {
            company,
            beta: headers.contains_key(BETA_HEADER),
        },
        response,
    ))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The host without its port.
fn name_of(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// `127.0.0.1`, `localhost` or `[::1]`, with any port.
fn is_loopback_host(host: &str) -> bool {
    matches!(name_of(host), "127.0.0.1" | "localhost" | "[::1]")
}

/// An IP address and no name: nobody can point an address somewhere else.
fn is_address(host: &str) -> bool {
    let name = name_of(host);
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    match bare {
        Some(bare) => bare.parse::<Ipv6Addr>().is_ok(),
        None => name.parse::<Ipv4Addr>().is_ok(),
    }
}

fn is_loopback_origin(origin: &str) -> bool {
    origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"))
        .is_some_and(is_loopback_host)
}

/// The company that the query names; the first when it names none.
fn company(query: &str, companies: &[CompanyKnowledge]) -> Option<usize> {
    let named = query.split('&').find_map(|pair| pair.strip_prefix("company="));
    match named {
        None => Some(0),
        Some(name) => {
            let id: CompanyId = name.parse().ok()?;
            companies.iter().position(|company| company.profile().id == id)
        }
    }
}

/// A refusal in plain words. Boxed, because the handshake's own type is large.
fn refusal(status: StatusCode, reason: &str) -> Box<ErrorResponse> {
    let mut response = ErrorResponse::new(Some(reason.to_owned()));
    *response.status_mut() = status;
    Box::new(response)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const BEARER: &str = "right";

    fn outcome(headers: &[(&'static str, &str)], uri: &str) -> Result<Admission, u16> {
        let door = Door {
            bearer: Some(SecretString::from(BEARER)),
            by_address: false,
        };
        outcome_at(&door, headers, uri)
    }

    fn outcome_at(door: &Door, headers: &[(&'static str, &str)], uri: &str) -> Result<Admission, u16> {
        let mut request = Request::new(());
        *request.uri_mut() = uri.parse().unwrap();
        for (name, value) in headers {
            request.headers_mut().append(*name, value.parse().unwrap());
        }
        let companies = [CompanyKnowledge::new(Arc::new(frontdesk_company::sample().unwrap()))];
        admit(&request, Response::new(()), &companies, door)
            .map(|(admission, _)| admission)
            .map_err(|refusal| refusal.status().as_u16())
    }

    const HERE: (&str, &str) = ("host", "127.0.0.1:4000");
    const KEY: (&str, &str) = ("authorization", "Bearer right");

    #[test]
    fn a_client_with_the_bearer_is_admitted_by_header_or_subprotocol() {
        assert_eq!(outcome(&[HERE, KEY], "/v1/realtime?model=x"), Ok(Admission::default()));
        let offered = ("sec-websocket-protocol", "realtime, openai-insecure-api-key.right");
        assert_eq!(
            outcome(&[HERE, offered], "/v1/realtime?company=prime-auto-lab"),
            Ok(Admission::default())
        );
    }

    #[test]
    fn without_a_token_anybody_here_is_admitted_and_a_foreign_page_is_not() {
        let door = Door {
            bearer: None,
            by_address: false,
        };
        for token in [&[HERE, KEY][..], &[HERE, ("authorization", "Bearer other")], &[HERE]] {
            assert_eq!(outcome_at(&door, token, "/v1/realtime"), Ok(Admission::default()));
        }
        let page = [HERE, ("origin", "https://evil.example")];
        assert_eq!(outcome_at(&door, &page, "/v1/realtime"), Err(403));
        assert_eq!(outcome_at(&door, &[("host", "evil.example")], "/v1/realtime"), Err(403));
    }

    #[test]
    fn beyond_this_computer_the_address_is_a_host_and_a_name_is_none() {
        let door = Door {
            bearer: Some(SecretString::from(BEARER)),
            by_address: true,
        };
        for host in ["192.168.1.5:4000", "[fd00::5]:4000", "192.168.1.5", "localhost:4000"] {
            let headers = [("host", host), KEY];
            assert_eq!(
                outcome_at(&door, &headers, "/v1/realtime"),
                Ok(Admission::default()),
                "{host}"
            );
            assert_eq!(outcome_at(&door, &[("host", host)], "/v1/realtime"), Err(401), "{host}");
        }
        for host in ["shop.example:4000", "192.168.1.5.evil.example", "[shop]", ""] {
            assert_eq!(
                outcome_at(&door, &[("host", host), KEY], "/v1/realtime"),
                Err(403),
                "{host}"
            );
        }
        assert_eq!(outcome(&[("host", "192.168.1.5:4000"), KEY], "/v1/realtime"), Err(403));
    }

    #[test]
    fn foreign_hosts_origins_paths_keys_and_companies_are_refused() {
        assert_eq!(outcome(&[KEY], "/v1/realtime"), Err(403));
        assert_eq!(outcome(&[("host", "evil.example"), KEY], "/v1/realtime"), Err(403));
        assert_eq!(
            outcome(&[("host", "127.0.0.1.evil.example:1"), KEY], "/v1/realtime"),
            Err(403)
        );
        assert_eq!(
            outcome(&[HERE, ("origin", "https://evil.example"), KEY], "/v1/realtime"),
            Err(403)
        );
        assert_eq!(outcome(&[HERE, ("origin", "null"), KEY], "/v1/realtime"), Err(403));
        assert_eq!(outcome(&[HERE, KEY], "/v1/other"), Err(404));
        assert_eq!(outcome(&[HERE], "/v1/realtime"), Err(401));
        assert_eq!(
            outcome(&[HERE, ("authorization", "Bearer wrong")], "/v1/realtime"),
            Err(401)
        );
        assert_eq!(outcome(&[HERE, KEY], "/v1/realtime?company=nobody"), Err(404));
    }

    #[test]
    fn the_retired_beta_is_noticed() {
        assert_eq!(
            outcome(&[HERE, KEY, ("openai-beta", "realtime=v1")], "/v1/realtime").map(|admission| admission.beta),
            Ok(true)
        );
    }
}
