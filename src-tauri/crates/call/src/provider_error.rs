//! A provider's complaints in people's words: the one place where error codes become a [`Problem`].
//!
//! The provider's own message is never shown, because providers quote parts of keys and of callers' words in it. Pure functions.

use frontdesk_protocol::{ErrorCode, ErrorDetail};

use crate::problem::{Problem, ProblemAction, ProblemKind};

/// Longest code or parameter name that is repeated to people, in characters.
const LONGEST_NAME: usize = 60;

/// What a provider complained about, in people's words. `backend` names it: "OpenAI", "Local engine".
#[must_use]
pub fn problem_of(error: &ErrorDetail, backend: &str) -> Problem {
    let kind = kind_of(error);
    let problem = Problem::new(kind, sentence(kind, error, backend));
    match action(kind) {
        Some(action) => problem.with_action(action),
        None => problem,
    }
}

/// True when no later request of this call can succeed, so the call has to end.
#[must_use]
pub fn ends_the_call(kind: ProblemKind) -> bool {
    matches!(
        kind,
        ProblemKind::BadKey | ProblemKind::NoQuota | ProblemKind::ModelGone
    )
}

fn kind_of(error: &ErrorDetail) -> ProblemKind {
    let by_code = error.code.as_ref().and_then(|code| match code {
        ErrorCode::InvalidApiKey => Some(ProblemKind::BadKey),
        ErrorCode::InvalidModel | ErrorCode::ModelNotFound => Some(ProblemKind::ModelGone),
        ErrorCode::InsufficientQuota | ErrorCode::CreditBalanceExhausted => Some(ProblemKind::NoQuota),
        ErrorCode::RateLimitExceeded | ErrorCode::ServerIsOverloaded | ErrorCode::SlowDown => {
            Some(ProblemKind::RateLimited)
        }
        ErrorCode::SessionExpired => Some(ProblemKind::ConnectionLost),
        other => kind_of_word(other.as_str()),
    });
    by_code
        .or_else(|| error.kind.as_deref().and_then(kind_of_word))
        .unwrap_or(ProblemKind::ProviderFailed)
}

/// Words that servers use as a code or as the broad class of an error.
fn kind_of_word(word: &str) -> Option<ProblemKind> {
    match word {
        "authentication_error"
        | "invalid_authentication"
        | "permission_error"
        | "unauthorized"
        | "account_deactivated" => Some(ProblemKind::BadKey),
        "insufficient_quota" | "billing_hard_limit_reached" | "billing_not_active" => Some(ProblemKind::NoQuota),
        "rate_limit_error" | "rate_limit_exceeded" | "too_many_requests" => Some(ProblemKind::RateLimited),
        "DeploymentNotFound" | "model_deprecated" => Some(ProblemKind::ModelGone),
        _ => None,
    }
}

fn sentence(kind: ProblemKind, error: &ErrorDetail, backend: &str) -> String {
    match kind {
        ProblemKind::BadKey => format!("{backend} refused the API key. Check the key in the settings."),
        ProblemKind::NoQuota => format!("The account at {backend} has no credit left."),
        ProblemKind::ModelGone => {
            format!("{backend} does not offer the chosen voice model. Choose another one in the settings.")
        }
        ProblemKind::RateLimited => format!("{backend} is busy or asks to slow down. Wait a moment, then try again."),
        ProblemKind::ConnectionLost => {
            format!("{backend} ended the session because it had reached its longest length.")
        }
        _ => match (&error.code, error.param.as_deref().and_then(plain_name)) {
            (Some(ErrorCode::ServerError), _) => format!("{backend} has a fault at the moment. Try again."),
            (Some(ErrorCode::BetaApiShapeDisabled), _) => {
                format!("{backend} speaks another version of the voice protocol. Check the address in the settings.")
            }
            (_, Some(member)) => format!("{backend} does not accept the setting {member}."),
            (Some(code), None) => match plain_name(code.as_str()) {
                Some(code) => format!("{backend} refused a request ({code})."),
                None => format!("{backend} refused a request."),
            },
            (None, None) => format!("{backend} refused a request."),
        },
    }
}

fn action(kind: ProblemKind) -> Option<ProblemAction> {
    match kind {
        ProblemKind::BadKey | ProblemKind::ModelGone => Some(ProblemAction::OpenSettings),
        ProblemKind::NoQuota => Some(ProblemAction::UseLocalEngine),
        _ => Some(ProblemAction::TryAgain),
    }
}

/// A code or member name that is safe to repeat: letters, digits and `_ . [ ]` only, short, and nothing that looks like a key.
fn plain_name(text: &str) -> Option<&str> {
    let plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | '[' | ']');
    (!text.is_empty() && text.len() <= LONGEST_NAME && text.chars().all(plain)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(kind: &str, code: Option<&str>) -> ErrorDetail {
        ErrorDetail {
            kind: Some(kind.into()),
            code: code.map(ErrorCode::from),
            ..ErrorDetail::default()
        }
    }

    #[test]
    fn each_known_complaint_has_its_kind() {
        for (kind, code, expected) in [
            ("invalid_request_error", Some("invalid_api_key"), ProblemKind::BadKey),
            ("authentication_error", None, ProblemKind::BadKey),
            ("invalid_request_error", Some("model_not_found"), ProblemKind::ModelGone),
            (
                "insufficient_quota",
                Some("credit_balance_exhausted"),
                ProblemKind::NoQuota,
            ),
            ("insufficient_quota", None, ProblemKind::NoQuota),
            ("requests", Some("rate_limit_exceeded"), ProblemKind::RateLimited),
            (
                "invalid_request_error",
                Some("session_expired"),
                ProblemKind::ConnectionLost,
            ),
            ("server_error", None, ProblemKind::ProviderFailed),
            ("", Some("a_word_of_tomorrow"), ProblemKind::ProviderFailed),
        ] {
            assert_eq!(
                problem_of(&error(kind, code), "OpenAI").kind,
                expected,
                "{kind} {code:?}"
            );
        }
    }

    #[test]
    fn the_message_of_the_provider_is_never_repeated() {
        let detail = ErrorDetail {
            message: "Incorrect API key provided: sk-secret".into(),
            ..error("x", Some("invalid_api_key"))
        };
        assert!(!problem_of(&detail, "OpenAI").sentence.contains("sk-"));
    }

    #[test]
    fn a_refused_setting_is_named() {
        let detail = ErrorDetail {
            param: Some("session.audio.output.speed".into()),
            ..error("invalid_request_error", Some("unknown_parameter"))
        };
        assert!(
            problem_of(&detail, "Azure OpenAI")
                .sentence
                .contains("session.audio.output.speed")
        );
    }

    #[test]
    fn a_strange_code_is_left_out() {
        let problem = problem_of(&error("x", Some("sk-live key <b>")), "OpenAI");
        assert_eq!(problem.sentence, "OpenAI refused a request.");
    }
}
