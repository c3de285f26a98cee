//! Why there is no connection, or no longer one: for the log, and in people's words.
//!
//! Pure. Nothing of what a server wrote is repeated except codes that were recognised.

use std::fmt;

use frontdesk_call::provider_error::{ends_the_call, problem_of};
use frontdesk_call::voice_model::CloseReason;
use frontdesk_call::{Problem, ProblemAction, ProblemKind};
use frontdesk_protocol::{ErrorCode, ErrorDetail};
use rustls::CertificateError;

use crate::endpoint::{Endpoint, Provider};

/// Why a connection could not be opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectFailure {
    /// The host has no address: no network, or a wrong name.
    #[error("the host name could not be resolved")]
    NameUnknown,
    /// No address of the host took the connection.
    #[error("the host could not be reached ({0})")]
    Unreachable(std::io::ErrorKind),
    /// Nothing within the time for all steps together.
    #[error("the connection was not open in time")]
    TimedOut,
    /// The name stands for another computer, though it looks like this one.
    #[error("the name of this computer resolves to another one")]
    NotLoopback,
    /// No list of certificate authorities on this computer.
    #[error("the system has no usable certificate authorities")]
    NoAuthorities,
    /// The server's certificate is not trusted.
    #[error("the server's certificate was refused")]
    CertificateRefused,
    /// The certificate is not valid today, which is most often a wrong clock on this side.
    #[error("the server's certificate is not valid at this time")]
    CertificateOutOfDate,
    /// TLS failed in another way.
    #[error("the secure connection could not be set up")]
    TlsFailed,
    /// The server answered the request with another status than 101.
    #[error("the server refused the WebSocket with HTTP status {status}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// The error object in the answer's body, if there was one.
        detail: Option<ErrorDetail>,
    },
    /// What answered is not a WebSocket server.
    #[error("the answer is not that of a WebSocket server")]
    NotWebSocket,
    /// The connection broke while it was opened.
    #[error("the connection broke while it was opened ({0})")]
    Broken(std::io::ErrorKind),
}

impl ConnectFailure {
    /// Sorts a failure of the TLS handshake.
    pub(crate) fn from_tls(error: &std::io::Error) -> Self {
        let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
        match tls {
            Some(rustls::Error::InvalidCertificate(
                CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. },
            )) => Self::CertificateOutOfDate,
            Some(rustls::Error::InvalidCertificate(_)) => Self::CertificateRefused,
            Some(_) => Self::TlsFailed,
            None => Self::Broken(error.kind()),
        }
    }

    /// The failure for people.
    pub(crate) fn problem(&self, endpoint: &Endpoint) -> Problem {
        let backend = endpoint.backend();
        match self {
            Self::Refused { status, detail } => {
                let problem = refused(*status, detail.as_ref(), endpoint);
                if problem.kind == ProblemKind::BadKey && !endpoint.may_carry_a_key() {
                    return settings(format!("{backend} asks for a key. {WITHHELD}"));
                }
                problem
            }
            _ if endpoint.provider() == Provider::Local => {
                let sentence = "The local engine does not answer. Restart Frontdesk.";
                Problem::new(ProblemKind::ProviderFailed, sentence).with_action(ProblemAction::TryAgain)
            }
            Self::NameUnknown | Self::Unreachable(_) => {
                offline(format!("{backend} cannot be reached. Check the internet connection."))
            }
            Self::Broken(_) if !endpoint.may_carry_a_key() => offline(format!(
                "{backend} was reached and closed the connection. Perhaps it wants a key. {WITHHELD}"
            )),
            Self::Broken(_) => offline(format!(
                "{backend} was reached and closed the connection. Check the address in the settings, or try again later."
            )),
            Self::TimedOut => offline(format!(
                "{backend} did not answer in time. Check the internet connection."
            )),
            Self::NotLoopback => settings(format!(
                "{backend} is not on this computer, so no key was sent. Use an address with wss://."
            )),
            Self::NoAuthorities => Problem::new(
                ProblemKind::ProviderFailed,
                "This computer has no list of trusted certificates, so no secure connection is possible. Install the system's CA certificates.",
            ),
            Self::CertificateRefused => settings(format!(
                "The certificate of {backend} is not trusted, so nothing was sent. Check the address, or ask who runs this network."
            )),
            Self::CertificateOutOfDate => {
                let sentence = format!(
                    "The certificate of {backend} is not valid today. Check the date and time of this computer."
                );
                Problem::new(ProblemKind::ProviderFailed, sentence).with_action(ProblemAction::TryAgain)
            }
            Self::TlsFailed | Self::NotWebSocket => settings(format!(
                "What answers at {backend} is not a voice server. Check the address in the settings."
            )),
        }
    }
}

/// Said where a server may have missed a key: see [`Endpoint::may_carry_a_key`].
const WITHHELD: &str = "No key is sent over an unencrypted connection. Use an address with wss://.";

/// A server that speaks HTTP and says no.
fn refused(status: u16, detail: Option<&ErrorDetail>, endpoint: &Endpoint) -> Problem {
    let backend = endpoint.backend();
    if let Some(detail) = detail {
        let problem = problem_of(detail, backend);
        if problem.kind != ProblemKind::ProviderFailed {
            return problem;
        }
    }
    let by_code = |code: &str| {
        problem_of(
            &ErrorDetail {
                code: Some(ErrorCode::from(code)),
                ..ErrorDetail::default()
            },
            backend,
        )
    };
    match status {
        401 => by_code("invalid_api_key"),
        404 => by_code("model_not_found"),
        429 => by_code("rate_limit_exceeded"),
        // Azure answers a wrong deployment with 400 and a code that is really spelt `OpperationNotSupported`.
        400 if endpoint.provider() == Provider::Azure => by_code("model_not_found"),
        403 => settings(format!(
            "{backend} does not allow this for the account behind the key, or not from this country."
        )),
        300..=399 => settings(format!(
            "{backend} points to another address. Frontdesk does not follow it, so that the key stays with the server it belongs to."
        )),
        500..=599 => by_code("server_error"),
        _ => settings(format!(
            "{backend} does not offer voice conversations at this address (HTTP {status}). Check the address in the settings."
        )),
    }
}

fn offline(sentence: String) -> Problem {
    Problem::new(ProblemKind::Offline, sentence).with_action(ProblemAction::TryAgain)
}

fn settings(sentence: String) -> Problem {
    Problem::new(ProblemKind::ProviderFailed, sentence).with_action(ProblemAction::OpenSettings)
}

/// How an open connection ended. Debug shows what Display shows: a server may quote the key in the text of its close frame.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum End {
    /// The server sent a close frame; without a code it is 1005 by RFC 6455.
    ServerClosed {
        /// WebSocket close code.
        code: u16,
        /// The frame's text.
        reason: String,
    },
    /// The socket broke without a close frame.
    Lost,
    /// No frame for [`crate::DEAD_AFTER`].
    Silent,
    /// The peer does not take what we write.
    Stuck,
    /// A message larger than [`frontdesk_protocol::MAX_EVENT_BYTES`].
    TooLarge,
    /// Frames that break RFC 6455.
    BrokenFrames,
    /// The session let go of the connection.
    Released,
}

impl fmt::Display for End {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            Self::ServerClosed { code, reason } => {
                write!(formatter, "closed by the server with code {code}")?;
                return match recognised(reason) {
                    Some((_, error_code)) => write!(formatter, " ({error_code})"),
                    None => Ok(()),
                };
            }
            Self::Lost => "broken without a close frame",
            Self::Silent => "no frame for too long",
            Self::Stuck => "the peer takes nothing",
            Self::TooLarge => "a message is too large",
            Self::BrokenFrames => "broken frames",
            Self::Released => "released by the session",
        };
        formatter.write_str(words)
    }
}

impl fmt::Debug for End {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Close codes after which a new connection may help: those that OpenAI's own clients retry.
const RETRYABLE_CODES: [u16; 7] = [1001, 1005, 1006, 1011, 1012, 1013, 1015];

/// Tells the session why its connection ended. `fatal` is the last error event of this connection that no reconnect can cure.
pub(crate) fn close_reason(end: &End, fatal: Option<&Problem>, backend: &str) -> CloseReason {
    let (code, retryable, problem) = match end {
        End::ServerClosed { code, reason } => (
            Some(*code),
            RETRYABLE_CODES.contains(code),
            closed_by_server(*code, reason, backend),
        ),
        End::Lost => (None, true, lost(format!("The connection to {backend} broke."))),
        End::Silent => (None, true, lost(format!("{backend} has stopped answering."))),
        End::Stuck => (None, true, lost(format!("The connection to {backend} is too slow."))),
        End::TooLarge => (
            None,
            true,
            failed(format!("{backend} sent a message that is too large.")),
        ),
        End::BrokenFrames => (
            None,
            true,
            failed(format!("{backend} sent something that cannot be read.")),
        ),
        End::Released => (None, false, lost(format!("The connection to {backend} was closed."))),
    };
    match fatal {
        Some(fatal) => CloseReason {
            code,
            retryable: false,
            problem: fatal.clone(),
        },
        None => CloseReason {
            code,
            retryable: retryable && !ends_the_call(problem.kind),
            problem,
        },
    }
}

/// OpenAI writes `type.code` into the close frame, for example `invalid_request_error.beta_api_shape_disabled`. Both, when the code is a
/// known one.
fn recognised(reason: &str) -> Option<(&str, ErrorCode)> {
    let (kind, code) = reason.split_once('.')?;
    let code = ErrorCode::from(code);
    (!matches!(code, ErrorCode::Other(_))).then_some((kind, code))
}

fn closed_by_server(code: u16, reason: &str, backend: &str) -> Problem {
    if let Some((kind, error_code)) = recognised(reason) {
        let detail = ErrorDetail {
            kind: Some(kind.to_owned()),
            code: Some(error_code),
            ..ErrorDetail::default()
        };
        return problem_of(&detail, backend);
    }
    match code {
        4000 => problem_of(
            &ErrorDetail {
                code: Some(ErrorCode::BetaApiShapeDisabled),
                ..ErrorDetail::default()
            },
            backend,
        ),
        1002 | 1003 | 1007..=1010 => failed(format!("{backend} refused what it was sent (close code {code}).")),
        1013 => problem_of(
            &ErrorDetail {
                code: Some(ErrorCode::SlowDown),
                ..ErrorDetail::default()
            },
            backend,
        ),
        1011 | 1012 => failed(format!("{backend} has a fault at the moment.")),
        _ => lost(format!("{backend} ended the connection.")),
    }
}

fn lost(sentence: String) -> Problem {
    Problem::new(ProblemKind::ConnectionLost, sentence).with_action(ProblemAction::TryAgain)
}

fn failed(sentence: String) -> Problem {
    Problem::new(ProblemKind::ProviderFailed, sentence).with_action(ProblemAction::TryAgain)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What people are told of a failure at this address.
    fn told(failure: &ConnectFailure, address: &str) -> Problem {
        failure.problem(&Endpoint::compatible(address, "m").unwrap())
    }

    #[test]
    fn a_server_that_closes_the_connection_is_not_told_as_out_of_reach() {
        let closed = ConnectFailure::Broken(std::io::ErrorKind::UnexpectedEof);
        let gone = ConnectFailure::Unreachable(std::io::ErrorKind::ConnectionRefused);
        for address in ["wss://voice.example", "ws://voice.example"] {
            let problem = told(&closed, address);
            assert!(problem.sentence.contains("closed the connection"), "{problem}");
            assert!(!problem.sentence.contains("cannot be reached"), "{problem}");
            assert!(told(&gone, address).sentence.contains("cannot be reached"));
        }
    }

    #[test]
    fn where_no_key_may_travel_a_server_that_wants_one_is_told_with_the_reason() {
        let closed = ConnectFailure::Broken(std::io::ErrorKind::ConnectionReset);
        let refused = ConnectFailure::Refused {
            status: 401,
            detail: None,
        };
        for failure in [&closed, &refused] {
            let problem = told(failure, "ws://voice.example");
            assert!(problem.sentence.contains("No key is sent"), "{problem}");
            assert!(problem.sentence.contains("wss://"), "{problem}");
            for address in ["wss://voice.example", "ws://localhost:9"] {
                let problem = told(failure, address);
                assert!(!problem.sentence.contains("No key is sent"), "{address}: {problem}");
            }
        }
        assert_eq!(told(&refused, "wss://voice.example").kind, ProblemKind::BadKey);
        assert_ne!(told(&refused, "ws://voice.example").kind, ProblemKind::BadKey);
    }

    fn closed(reason: &str) -> End {
        End::ServerClosed {
            code: 4000,
            reason: reason.to_owned(),
        }
    }

    #[test]
    fn the_log_repeats_of_a_close_frame_only_what_is_recognised() {
        for quoted in [
            "bad key sk-secret",
            "invalid_request_error.sk-secret",
            "sk-secret.invalid_api_key",
        ] {
            let shown = format!("{:?} {0}", closed(quoted));
            assert!(shown.contains("4000") && !shown.contains("sk-secret"), "{shown}");
        }
        let known = closed("invalid_request_error.beta_api_shape_disabled").to_string();
        assert!(known.contains("beta_api_shape_disabled"), "{known}");
    }
}
