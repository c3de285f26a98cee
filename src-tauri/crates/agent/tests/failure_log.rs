//! What a failed tool call leaves in the log. In a process of its own: whether a place in the code logs at all is remembered for the whole
//! process, and a test without a subscriber on another thread may be the one that is asked.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Write;
use std::sync::{Arc, Mutex};

use frontdesk_agent::ToolRegistry;
use frontdesk_agent::tools::CheckOpeningHours;
use frontdesk_call::CallId;
use frontdesk_call::identity::{ToolCallId, WallTime};
use frontdesk_call::tool::{ToolProvider as _, ToolRequest};

/// What is logged, as text.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_logged_by_tool_and_kind_without_a_word_of_the_caller() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .init();
    let company = Arc::new(frontdesk_company::sample().unwrap());
    let registry = ToolRegistry::new(vec![Arc::new(CheckOpeningHours::new(company))]).unwrap();
    for (name, arguments) in [
        ("checkOpeningHours", r#"{"date":"Ana Perez"}"#),
        ("checkOpeningHours", r#"{"Ana Perez":1"#),
        ("Ana Perez", "{}"),
    ] {
        let request = ToolRequest {
            call_id: CallId::random(),
            tool_call_id: ToolCallId::from("call_1"),
            name: name.into(),
            arguments: arguments.into(),
            now: WallTime("2026-11-23T15:00:00Z".parse().unwrap()),
        };
        assert!(!registry.call(request).await.succeeded);
    }
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for kind in ["ArgumentsDoNotFit", "ArgumentsNotJson", "UnknownTool"] {
        assert!(text.contains(kind), "{text}");
    }
    assert!(text.contains("checkOpeningHours") && !text.contains("Perez"), "{text}");
}
