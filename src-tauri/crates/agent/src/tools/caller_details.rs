//! Tool `saveCallerDetails`: keeps the caller's name, telephone number and reason with the call. Runs on the tokio runtime.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use frontdesk_call::event::CallerDetails;
use frontdesk_call::identity::CallId;
use frontdesk_call::tool::ToolDescription;
use frontdesk_call::voice_model::BoxFuture;
use serde_json::{Value, json};

use crate::registry::{Circumstances, Tool, ToolAnswer, ToolFailure};

/// Longest text kept of one detail, in characters.
const DETAIL_LIMIT: usize = 300;

/// Fewest and most digits of a telephone number (ITU-T E.164 allows 15; local numbers without area code have 7).
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// Keeps what the caller has told so far. Each call of the tool adds to or corrects what is known; the session writes the whole into
/// the call's event stream, which is what makes it durable.
#[derive(Default)]
pub struct SaveCallerDetails {
    /// Held for a copy only, never across an await.
    known: Mutex<HashMap<CallId, CallerDetails>>,
}

impl SaveCallerDetails {
    fn merge(&self, arguments: &Value, call_id: CallId) -> Result<CallerDetails, ToolFailure> {
        let text = |name: &str| {
            arguments[name]
                .as_str()
                .map(str::trim)
                .filter(|text| !text.is_empty())
                .map(|text| text.chars().take(DETAIL_LIMIT).collect::<String>())
        };
        let (name, phone, reason) = (text("name"), text("phone"), text("reason"));
        if name.is_none() && phone.is_none() && reason.is_none() {
            return Err(ToolFailure("Give at least one of name, phone and reason.".into()));
        }
        if let Some(phone) = &phone {
            let digits = phone.chars().filter(char::is_ascii_digit).count();
            if !PHONE_DIGITS.contains(&digits) {
                return Err(ToolFailure(format!(
                    "The phone number has {digits} digits; it needs {} to {}. Ask the caller to repeat it.",
                    PHONE_DIGITS.start(),
                    PHONE_DIGITS.end()
                )));
            }
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let details = known.entry(call_id).or_default();
        details.name = name.or_else(|| details.name.take());
        details.phone = phone.or_else(|| details.phone.take());
        details.reason = reason.or_else(|| details.reason.take());
        Ok(details.clone())
    }
}

impl Tool for SaveCallerDetails {
    fn description(&self) -> ToolDescription {
        ToolDescription {
            name: "saveCallerDetails".into(),
            description: "Keeps the caller's name, phone number and reason for calling so that the company can call back. \
                          Call it once you have read a detail back and the caller agreed, and again when a detail changes."
                .into(),
            parameters: json!({
                "type": "object",
                "properties": {
                    "name": { "type": "string", "description": "The caller's name." },
                    "phone": { "type": "string", "description": "The caller's phone number, digits in groups: (555) 014-2367." },
                    "reason": { "type": "string", "description": "Why they call, in a few words." }
                },
                "additionalProperties": false
            }),
            timeout: Duration::from_secs(2),
        }
    }

    fn run(&self, arguments: Value, circumstances: Circumstances) -> BoxFuture<'_, Result<ToolAnswer, ToolFailure>> {
        let merged = self.merge(&arguments, circumstances.call_id);
        Box::pin(async move {
            let details = merged?;
            Ok(ToolAnswer {
                output: json!({ "saved": { "name": details.name, "phone": details.phone, "reason": details.reason } }),
                caller_details: Some(details),
                ends_call: false,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_call::identity::WallTime;

    use super::*;

    fn run(tool: &SaveCallerDetails, call: &CallId, arguments: Value) -> Result<ToolAnswer, ToolFailure> {
        let circumstances = Circumstances {
            call_id: call.clone(),
            now: WallTime("2026-11-23T15:00:00Z".parse().unwrap()),
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(tool.run(arguments, circumstances))
    }

    #[test]
    fn later_details_add_to_earlier_ones() {
        let (tool, call) = (SaveCallerDetails::default(), CallId::random());
        run(&tool, &call, json!({ "name": " Sarah Thompson " })).unwrap();
        let answer = run(&tool, &call, json!({ "phone": "(555) 014-2367", "name": "" })).unwrap();
        assert_eq!(
            answer.caller_details,
            Some(CallerDetails {
                name: Some("Sarah Thompson".into()),
                phone: Some("(555) 014-2367".into()),
                reason: None
            })
        );
    }

    #[test]
    fn one_calls_details_are_not_anothers() {
        let tool = SaveCallerDetails::default();
        run(&tool, &CallId::random(), json!({ "name": "Sarah" })).unwrap();
        let answer = run(&tool, &CallId::random(), json!({ "reason": "brakes" })).unwrap();
        assert_eq!(answer.caller_details.unwrap().name, None);
    }

    #[test]
    fn a_number_that_cannot_be_one_is_sent_back() {
        let failure = run(
            &SaveCallerDetails::default(),
            &CallId::random(),
            json!({ "phone": "555 01" }),
        )
        .unwrap_err();
        assert!(failure.0.contains("5 digits"), "{failure}");
    }

    #[test]
    fn nothing_to_save_is_said() {
        assert!(
            run(
                &SaveCallerDetails::default(),
                &CallId::random(),
                json!({ "name": "  " })
            )
            .is_err()
        );
    }
}
