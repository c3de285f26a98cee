//! Prints a call as people read it: who said what, as it happens. Pure text in `line_of`.

use frontdesk_call::CallEvent;
use frontdesk_call::event::{CallEventBody, CallState, Medium, ToolOutcome};

/// The line that an event adds to a printed conversation; none for events that only move meters and states.
pub fn line_of(event: &CallEvent) -> Option<String> {
    let seconds = event.ms / 1_000;
    let clock = format!("{:>3}:{:02}", seconds / 60, seconds % 60);
    let text = match &event.body {
        CallEventBody::CallStarted {
            company,
            backend,
            model,
            ..
        } => format!("— {company} · {backend} · {model}"),
        CallEventBody::CallerTranscript { text, medium, .. } => match (text.as_str(), medium) {
            ("", _) => "Caller        [inaudible]".into(),
            (text, Medium::Voice) => format!("Caller        {text}"),
            (text, Medium::Text) => format!("Caller types  {text}"),
        },
        CallEventBody::ReplyTranscript { text, .. } => format!("Receptionist  {text}"),
        CallEventBody::ReplyInterrupted { heard_text, .. } => format!("              interrupted after: {heard_text}"),
        CallEventBody::ToolStarted { name, arguments, .. } => format!("→ {name} {arguments}"),
        CallEventBody::ToolFinished {
            outcome,
            duration_ms,
            output,
            ..
        } => {
            let word = if *outcome == ToolOutcome::Done {
                "done"
            } else {
                "failed"
            };
            format!("← {word} in {duration_ms} ms: {output}")
        }
        CallEventBody::Warning { problem } => format!("! {problem}"),
        CallEventBody::Reconnecting { attempt } => format!("! connection lost, try {attempt} to restore it"),
        CallEventBody::Reconnected => "! connection restored".into(),
        CallEventBody::StateChanged {
            state: CallState::Connecting,
        } => "— connecting".into(),
        CallEventBody::CallEnded { reason, problem } => match problem {
            Some(problem) => format!("— ended: {problem}"),
            None => format!("— ended ({})", reason_words(*reason)),
        },
        _ => return None,
    };
    Some(format!("{clock}  {text}"))
}

fn reason_words(reason: frontdesk_call::event::EndReason) -> &'static str {
    use frontdesk_call::event::EndReason;
    match reason {
        EndReason::HungUp => "hung up",
        EndReason::LegClosed => "the caller had nothing more to say",
        EndReason::Goodbye => "the receptionist said goodbye",
        EndReason::Idle => "nobody spoke",
        EndReason::MaximumLength => "longest length reached",
        EndReason::Interrupted => "interrupted",
        _ => "failed",
    }
}
