//! Tool `endCall`: the receptionist hangs up after the goodbye. Runs on the tokio runtime.
//!
//! It decides nothing and touches nothing: it tells the session that the call may end, and the session waits until the goodbye was heard.

use std::time::Duration;

use frontdesk_call::tool::ToolDescription;
use frontdesk_call::voice_model::BoxFuture;
use serde_json::{Value, json};

use crate::registry::{Circumstances, Tool, ToolAnswer, ToolFailure};

/// Ends the call once the goodbye was heard; a caller who speaks over the goodbye keeps it.
pub struct EndCall;

impl Tool for EndCall {
    fn description(&self) -> ToolDescription {
        ToolDescription {
            name: "endCall".into(),
            description: "Hangs up once your goodbye has been heard. Call it only after the caller has said goodbye or has said \
                          that there is nothing more, in the same reply as your goodbye: the sentence first, then this. Never \
                          call it because of silence, a misunderstanding or an open question."
                .into(),
            parameters: json!({ "type": "object", "properties": {}, "additionalProperties": false }),
            timeout: Duration::from_secs(2),
        }
    }

    fn run(&self, _: Value, _: Circumstances) -> BoxFuture<'_, Result<ToolAnswer, ToolFailure>> {
        Box::pin(async {
            Ok(ToolAnswer {
                output: json!({
                    "result": "The call ends once your goodbye has been heard. If the caller speaks first, it goes on."
                }),
                caller_details: None,
                ends_call: true,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use frontdesk_call::identity::{CallId, ToolCallId, WallTime};
    use frontdesk_call::tool::{ToolProvider as _, ToolRequest, ToolResult};

    use super::*;
    use crate::registry::ToolRegistry;

    fn called_with(arguments: &str) -> ToolResult {
        let registry = ToolRegistry::new(vec![Arc::new(EndCall)]).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        runtime.block_on(registry.call(ToolRequest {
            call_id: CallId::random(),
            tool_call_id: ToolCallId::from("call_1"),
            name: "endCall".into(),
            arguments: arguments.into(),
            now: WallTime("2026-11-23T15:00:00Z".parse().unwrap()),
        }))
    }

    #[test]
    fn it_asks_the_session_to_end_the_call() {
        for arguments in ["", "{}"] {
            let result = called_with(arguments);
            assert!(result.succeeded && result.ends_call, "{arguments}: {result:?}");
        }
    }

    #[test]
    fn a_call_that_does_not_fit_its_schema_ends_nothing() {
        let result = called_with(r#"{"reason":"bored"}"#);
        assert!(!result.succeeded && !result.ends_call, "{result:?}");
    }
}
