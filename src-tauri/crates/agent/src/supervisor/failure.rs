//! What can go wrong between the receptionist and the text model: for the window as a [`Problem`], for the caller as one of four sentences.
//! Pure. A provider's own text is never repeated: it may quote keys and callers' words.

use frontdesk_call::problem::{Problem, ProblemAction, ProblemKind};

use super::stream::StreamFault;
use super::wire::{ErrorBody, Refusal};

/// Why there is no next sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChatFailure {
    /// The server cannot be reached.
    Offline,
    /// The time for one answer to the caller is over.
    TooSlow,
    /// The server asks to slow down or is overloaded.
    Busy,
    /// The account has no credit left.
    NoQuota,
    /// The server refuses the key, or wants one and there is none.
    BadKey,
    /// The key or the region may not use this.
    Forbidden,
    /// The server has no such model.
    ModelGone,
    /// The conversation is longer than the model can read.
    TooLong,
    /// The server refuses the request as it is.
    Refused,
    /// The server refuses the member `reasoning_effort`; the same request without it may do.
    EffortRefused,
    /// The provider's filter stopped the answer.
    Filtered,
    /// The server has a fault.
    ServerFault,
    /// An answer that the API does not allow, or that broke off.
    Malformed,
    /// Ten rounds of tools and still no sentence.
    TooManyRounds,
}

/// What the caller hears. Each is honest, names no cause that a caller could not care for, and offers a way forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpokenFailure {
    /// The model went round in circles.
    TooManyRounds,
    /// Too many requests at the moment.
    Busy,
    /// Key, account or model have to be mended by the company.
    NotSetUp,
    /// Anything else.
    Unavailable,
}

impl SpokenFailure {
    /// The sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::TooManyRounds => {
                "I'm sorry, I could not work that out on my own. May I take your name and number, so that a colleague can call you back \
                 about it?"
            }
            Self::Busy => {
                "I'm sorry, our system is very busy right now. We can try again in a moment, or I take a message and a colleague calls \
                 you back."
            }
            Self::NotSetUp => {
                "I'm sorry, I can't get into our booking system today. May I take a message, so that a colleague can call you back?"
            }
            Self::Unavailable => {
                "I'm sorry, I can't look that up at the moment. May I take a message, so that a colleague can call you back?"
            }
        }
    }
}

impl ChatFailure {
    /// What an HTTP status and its body mean. `body` may be anything.
    pub(super) fn of_status(status: u16, body: &str) -> Self {
        let error = serde_json::from_str::<Refusal>(body).ok().and_then(|body| body.error);
        let error = error.unwrap_or_default();
        if error.param == "reasoning_effort" {
            return Self::EffortRefused;
        }
        Self::of_code(&error).unwrap_or(match status {
            401 => Self::BadKey,
            403 => Self::Forbidden,
            404 => Self::ModelGone,
            402 => Self::NoQuota,
            413 => Self::TooLong,
            429 => Self::Busy,
            408 | 409 | 500.. => Self::ServerFault,
            _ => Self::Refused,
        })
    }

    /// What a stream that is no answer means.
    pub(super) fn of_stream(fault: &StreamFault) -> Self {
        match fault {
            StreamFault::Reported(error) => Self::of_code(error).unwrap_or(Self::ServerFault),
            StreamFault::TooLong | StreamFault::Malformed | StreamFault::BrokenOff => Self::Malformed,
        }
    }

    /// The code first: the type of `credit_balance_exhausted` may still be the older word.
    fn of_code(error: &ErrorBody) -> Option<Self> {
        [error.code.as_str(), error.kind.as_str()].into_iter().find_map(|word| {
            Some(match word {
                "invalid_api_key" | "authentication_error" | "invalid_authentication" => Self::BadKey,
                "insufficient_quota"
                | "credit_balance_exhausted"
                | "billing_hard_limit_reached"
                | "billing_not_active" => Self::NoQuota,
                "model_not_found" | "model_deprecated" | "DeploymentNotFound" => Self::ModelGone,
                "context_length_exceeded" => Self::TooLong,
                "content_filter" | "content_policy_violation" => Self::Filtered,
                "rate_limit_exceeded" | "slow_down" | "server_is_overloaded" | "rate_limit_error" => Self::Busy,
                "server_error" => Self::ServerFault,
                _ => return None,
            })
        })
    }

    /// True when the same request may succeed a moment later.
    #[must_use]
    pub fn may_pass(self) -> bool {
        matches!(self, Self::Offline | Self::Busy | Self::ServerFault | Self::Malformed)
    }

    /// What the caller hears.
    #[must_use]
    pub fn spoken(self) -> SpokenFailure {
        match self {
            Self::TooManyRounds => SpokenFailure::TooManyRounds,
            Self::Busy => SpokenFailure::Busy,
            Self::NoQuota | Self::BadKey | Self::Forbidden | Self::ModelGone => SpokenFailure::NotSetUp,
            Self::Offline
            | Self::TooSlow
            | Self::TooLong
            | Self::Refused
            | Self::EffortRefused
            | Self::Filtered
            | Self::ServerFault
            | Self::Malformed => SpokenFailure::Unavailable,
        }
    }

    /// What the window shows: the real cause and what can be done. `server` is its name for people, `model` that of the text model.
    #[must_use]
    pub fn problem(self, server: &str, model: &str) -> Problem {
        use ProblemAction::{OpenSettings, TryAgain};
        let (kind, sentence, action) = match self {
            Self::Offline => (
                ProblemKind::Offline,
                format!("The text model at {server} cannot be reached. Check the internet connection."),
                TryAgain,
            ),
            Self::TooSlow => (
                ProblemKind::ProviderFailed,
                format!("The text model {model} did not answer in time. A faster one can be chosen in the settings."),
                OpenSettings,
            ),
            Self::Busy => (
                ProblemKind::RateLimited,
                format!("{server} is busy or asks to slow down, so the text model gave no answer."),
                TryAgain,
            ),
            Self::NoQuota => (
                ProblemKind::NoQuota,
                format!("The account at {server} has no credit left for the text model."),
                OpenSettings,
            ),
            Self::BadKey => (
                ProblemKind::BadKey,
                format!("{server} refused the API key for the text model. Check the key in the settings."),
                OpenSettings,
            ),
            Self::Forbidden => (
                ProblemKind::BadKey,
                format!("{server} does not allow this key or this region to use the text model {model}."),
                OpenSettings,
            ),
            Self::ModelGone => (
                ProblemKind::ModelGone,
                format!("{server} does not offer the text model {model}. Choose another one in the settings."),
                OpenSettings,
            ),
            Self::TooLong => (
                ProblemKind::ProviderFailed,
                format!("The call has become too long for the text model {model}."),
                OpenSettings,
            ),
            Self::Refused | Self::EffortRefused => (
                ProblemKind::ProviderFailed,
                format!(
                    "{server} refused a request for the text model {model}. Check model and address in the settings."
                ),
                OpenSettings,
            ),
            Self::Filtered => (
                ProblemKind::ProviderFailed,
                format!("The content filter of {server} stopped an answer of the text model."),
                TryAgain,
            ),
            Self::ServerFault => (
                ProblemKind::ProviderFailed,
                format!("{server} has a fault at the moment, so the text model gave no answer."),
                TryAgain,
            ),
            Self::Malformed => (
                ProblemKind::ProviderFailed,
                format!("{server} sent an answer of the text model that cannot be read."),
                TryAgain,
            ),
            Self::TooManyRounds => (
                ProblemKind::ProviderFailed,
                format!("The text model {model} called tools without end. Another one can be chosen in the settings."),
                OpenSettings,
            ),
        };
        Problem::new(kind, sentence).with_action(action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_has_its_meaning_and_the_code_goes_before_the_status() {
        for (status, body, expected) in [
            (401, "", ChatFailure::BadKey),
            (403, "{}", ChatFailure::Forbidden),
            (404, "<html>", ChatFailure::ModelGone),
            (
                400,
                r#"{"error":{"type":"invalid_request_error"}}"#,
                ChatFailure::Refused,
            ),
            (
                400,
                r#"{"error":{"code":"context_length_exceeded"}}"#,
                ChatFailure::TooLong,
            ),
            (
                429,
                r#"{"error":{"code":"rate_limit_exceeded","type":"requests"}}"#,
                ChatFailure::Busy,
            ),
            (429, r#"{"error":{"code":"insufficient_quota"}}"#, ChatFailure::NoQuota),
            (
                429,
                r#"{"error":{"code":"credit_balance_exhausted","type":"insufficient_quota"}}"#,
                ChatFailure::NoQuota,
            ),
            (
                429,
                r#"{"error":{"code":null,"type":"insufficient_quota"}}"#,
                ChatFailure::NoQuota,
            ),
            (503, "", ChatFailure::ServerFault),
            (408, "", ChatFailure::ServerFault),
            (302, "", ChatFailure::Refused),
        ] {
            assert_eq!(ChatFailure::of_status(status, body), expected, "{status} {body}");
        }
    }

    #[test]
    fn what_has_to_be_mended_is_not_tried_again() {
        for failure in [
            ChatFailure::NoQuota,
            ChatFailure::BadKey,
            ChatFailure::Forbidden,
            ChatFailure::ModelGone,
            ChatFailure::Refused,
            ChatFailure::TooLong,
        ] {
            assert!(!failure.may_pass(), "{failure:?}");
        }
    }

    #[test]
    fn a_callers_sentence_offers_a_way_forward_and_names_no_technical_cause() {
        let forms = [
            SpokenFailure::TooManyRounds,
            SpokenFailure::Busy,
            SpokenFailure::NotSetUp,
            SpokenFailure::Unavailable,
        ];
        for form in forms {
            let sentence = form.sentence();
            assert!(
                sentence.starts_with("I'm sorry") && sentence.contains("colleague"),
                "{sentence}"
            );
            for word in ["API", "key", "model", "server", "error", "quota"] {
                assert!(!sentence.contains(word), "{sentence}");
            }
        }
    }
}
