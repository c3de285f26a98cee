//! The WebSocket opening handshake (RFC 6455 §4.1) over any byte stream.
//!
//! It is done here and not by the WebSocket library for two reasons: the library writes the whole request, key included, to its trace log;
//! and of a refusal it keeps only what came with the headers, while the body says whether an account is out of credit or merely too fast.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use frontdesk_protocol::{ErrorDetail, MAX_EVENT_BYTES};

use crate::endpoint::{Endpoint, Provider};
use crate::failure::ConnectFailure;

/// Most bytes of answer headers that are read.
const HEAD_LIMIT: usize = 16 * 1024;

/// Most headers in an answer.
const HEADER_COUNT: usize = 96;

/// Most bytes of a refusal's body that are read; an error object has a few hundred.
const BODY_LIMIT: usize = 16 * 1024;

/// Longest wait for a refusal's body. It only makes the message better, so it must not hold up the answer.
const BODY_TIMEOUT: Duration = Duration::from_secs(2);

/// Socket read buffer in bytes: enough for the common event. The library's default of 128 KiB is allocated for every connection.
const READ_BUFFER: usize = 8 * 1024;

/// Opens the WebSocket on a connected stream.
///
/// # Errors
/// [`ConnectFailure`] for anything but a valid upgrade. The stream is gone then.
pub(crate) async fn open<S>(
    mut stream: S,
    endpoint: &Endpoint,
    key: Option<&SecretString>,
) -> Result<WebSocketStream<S>, ConnectFailure>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let nonce = generate_key();
    let request = request(endpoint, key, &nonce);
    let broken = |error: std::io::Error| ConnectFailure::Broken(error.kind());
    stream
        .write_all(request.expose_secret().as_bytes())
        .await
        .map_err(broken)?;
    stream.flush().await.map_err(broken)?;

    let mut received = Vec::with_capacity(2_048);
    let head = loop {
        if stream.read_buf(&mut received).await.map_err(broken)? == 0 {
            return Err(if received.is_empty() {
                ConnectFailure::Broken(std::io::ErrorKind::UnexpectedEof)
            } else {
                ConnectFailure::NotWebSocket
            });
        }
        if let Some(head) = Head::parse(&received, &nonce)? {
            break head;
        }
        if received.len() > HEAD_LIMIT {
            return Err(ConnectFailure::NotWebSocket);
        }
    };
    let rest = received.split_off(head.length);
    if head.status != 101 {
        let detail = error_in_body(stream, rest, head.body_length).await;
        return Err(ConnectFailure::Refused {
            status: head.status,
            detail,
        });
    }
    if !head.upgrades {
        return Err(ConnectFailure::NotWebSocket);
    }
    // The server may have sent its first event in the same packet; those bytes belong to the WebSocket.
    Ok(WebSocketStream::from_partially_read(stream, rest, Role::Client, Some(socket_config())).await)
}

/// Limits and buffers of the socket: one write for each message, since waiting for more would only delay a 20 ms frame.
fn socket_config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(2 * MAX_EVENT_BYTES)
        .max_message_size(Some(MAX_EVENT_BYTES))
        .max_frame_size(Some(MAX_EVENT_BYTES))
}

/// The request, a secret as a whole. There is no beta header: servers that know it answer it with a refusal.
fn request(endpoint: &Endpoint, key: Option<&SecretString>, nonce: &str) -> SecretString {
    let authorization = match key.map(ExposeSecret::expose_secret) {
        Some(key) if endpoint.provider() == Provider::Azure => format!("api-key: {key}\r\n"),
        Some(key) => format!("Authorization: Bearer {key}\r\n"),
        None => String::new(),
    };
    let (path, host, version) = (
        endpoint.path_and_query(),
        endpoint.host_header(),
        env!("CARGO_PKG_VERSION"),
    );
    SecretString::from(format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: {nonce}\r\nUser-Agent: frontdesk/{version}\r\n{authorization}\r\n"
    ))
}

/// What matters of the answer's head.
struct Head {
    /// Bytes up to the body.
    length: usize,
    status: u16,
    /// All three headers of RFC 6455 are right.
    upgrades: bool,
    /// `Content-Length`, where given.
    body_length: Option<usize>,
}

impl Head {
    /// `None` while the head is not complete.
    fn parse(received: &[u8], nonce: &str) -> Result<Option<Self>, ConnectFailure> {
        let mut headers = [httparse::EMPTY_HEADER; HEADER_COUNT];
        let mut answer = httparse::Response::new(&mut headers);
        let httparse::Status::Complete(length) = answer.parse(received).map_err(|_| ConnectFailure::NotWebSocket)?
        else {
            return Ok(None);
        };
        let value = |name: &str| {
            let header = answer
                .headers
                .iter()
                .find(|header| header.name.eq_ignore_ascii_case(name))?;
            std::str::from_utf8(header.value).ok().map(str::trim)
        };
        let upgrade = value("upgrade").is_some_and(|value| value.eq_ignore_ascii_case("websocket"));
        let connection = value("connection")
            .is_some_and(|value| value.split(',').any(|word| word.trim().eq_ignore_ascii_case("upgrade")));
        let accepted = value("sec-websocket-accept") == Some(derive_accept_key(nonce.as_bytes()).as_str());
        Ok(Some(Self {
            length,
            status: answer.code.unwrap_or_default(),
            upgrades: upgrade && connection && accepted,
            body_length: value("content-length").and_then(|value| value.parse().ok()),
        }))
    }
}

/// Reads the error object out of a refusal's body, as far as it comes in time.
async fn error_in_body<S: AsyncRead + Unpin>(
    mut stream: S,
    mut body: Vec<u8>,
    length: Option<usize>,
) -> Option<ErrorDetail> {
    let wanted = length.unwrap_or(BODY_LIMIT).min(BODY_LIMIT);
    let reading = async {
        while body.len() < wanted {
            match stream.read_buf(&mut body).await {
                Ok(0) | Err(_) => break,
                Ok(_) if error_object(&body).is_some() => break,
                Ok(_) => {}
            }
        }
    };
    if timeout(BODY_TIMEOUT, reading).await.is_err() {
        tracing::debug!("refusal_body_incomplete");
    }
    error_object(&body)
}

/// The outermost braces, so that the frame of a chunked body around them does not matter.
fn error_object(body: &[u8]) -> Option<ErrorDetail> {
    #[derive(serde::Deserialize)]
    struct Body {
        error: ErrorDetail,
    }

    let start = body.iter().position(|byte| *byte == b'{')?;
    let end = body.iter().rposition(|byte| *byte == b'}')?;
    let object = body.get(start..=end)?;
    serde_json::from_slice::<Body>(object).ok().map(|body| body.error)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn request_text(endpoint: &Endpoint, key: Option<&str>) -> String {
        request(endpoint, key.map(SecretString::from).as_ref(), "nonce")
            .expose_secret()
            .to_owned()
    }

    #[test]
    fn the_request_carries_the_key_where_the_provider_wants_it_and_no_beta_header() {
        let open_ai = request_text(&Endpoint::open_ai("m").unwrap(), Some("sk-1"));
        assert!(
            open_ai.starts_with("GET /v1/realtime?model=m HTTP/1.1\r\nHost: api.openai.com\r\n"),
            "{open_ai}"
        );
        assert!(open_ai.contains("\r\nAuthorization: Bearer sk-1\r\n") && open_ai.ends_with("\r\n\r\n"));
        let azure = request_text(
            &Endpoint::azure("https://shop.openai.azure.com", "d").unwrap(),
            Some("abc"),
        );
        assert!(
            azure.contains("\r\napi-key: abc\r\n") && !azure.contains("Authorization"),
            "{azure}"
        );
        let keyless = request_text(&Endpoint::compatible("ws://localhost:1", "m").unwrap(), None);
        for request in [open_ai, azure, keyless] {
            assert!(!request.to_ascii_lowercase().contains("openai-beta"), "{request}");
        }
    }

    #[test]
    fn an_upgrade_counts_only_with_the_answer_to_our_nonce() {
        let answer = |accept: &str| {
            format!(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\nrest"
            )
        };
        let right = answer(&derive_accept_key(b"nonce"));
        let head = Head::parse(right.as_bytes(), "nonce").unwrap().unwrap();
        assert!(head.upgrades && head.status == 101);
        assert_eq!(&right[head.length..], "rest");
        assert!(
            !Head::parse(answer("wrong").as_bytes(), "nonce")
                .unwrap()
                .unwrap()
                .upgrades
        );
        assert!(Head::parse(&right.as_bytes()[..60], "nonce").unwrap().is_none());
    }

    #[test]
    fn the_error_is_found_in_a_chunked_body_too() {
        let body = b"3b\r\n{\"error\":{\"code\":\"insufficient_quota\",\"message\":\"x\"}}\r\n0\r\n\r\n";
        assert_eq!(error_object(body).unwrap().code.unwrap().as_str(), "insufficient_quota");
        assert_eq!(error_object(b"<html>{}</html>"), None);
    }

    proptest! {
        #[test]
        fn no_answer_panics(answer in prop::collection::vec(any::<u8>(), 0..200)) {
            let with_status_line = [b"HTTP/1.1 401 No\r\n".as_slice(), &answer].concat();
            let _ = (Head::parse(&answer, "nonce"), Head::parse(&with_status_line, "nonce"), error_object(&answer));
        }
    }
}
