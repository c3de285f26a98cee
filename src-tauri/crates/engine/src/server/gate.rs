//! Who may connect: the checks of the opening handshake, in the order Host, Origin, path, bearer, company.
//!
//! A page of the browser can reach loopback too, so the Host and Origin headers are looked at before anything else. Pure, any thread.

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
    bearer: &SecretString,
) -> Result<(Admission, Response), Box<ErrorResponse>> {
    let headers = request.headers();
    if !text(headers, HOST.as_str()).is_some_and(is_loopback_host) {
        return Err(refusal(
            StatusCode::FORBIDDEN,
            "this server answers to its loopback address only",
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
    if !by_header
        .or(by_protocol)
        .is_some_and(|presented| is_bearer(bearer, presented))
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

/// `127.0.0.1`, `localhost` or `[::1]`, with any port.
fn is_loopback_host(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
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
        let mut request = Request::new(());
        *request.uri_mut() = uri.parse().unwrap();
        for (name, value) in headers {
            request.headers_mut().append(*name, value.parse().unwrap());
        }
        let companies = [CompanyKnowledge::new(Arc::new(frontdesk_company::sample().unwrap()))];
        admit(&request, Response::new(()), &companies, &SecretString::from(BEARER))
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
