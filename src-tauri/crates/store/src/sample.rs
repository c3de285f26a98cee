//! Calls for the tests: a script of turns becomes numbered events.

use frontdesk_call::event::{CallEventBody, CallerDetails, EndReason, LegKind, Medium, ToolOutcome};
use frontdesk_call::identity::WallTime;
use frontdesk_call::{CallEvent, CallId};
use jiff::{SignedDuration, Timestamp};

/// Events of one call while they are written.
pub(crate) struct Script {
    id: CallId,
    start: Timestamp,
    ms: u64,
    pub(crate) events: Vec<CallEvent>,
}

impl Script {
    /// A call with its first event, at `start` (RFC 3339).
    pub(crate) fn begin(id: &str, start: &str) -> Self {
        let (id, start) = (CallId::from_recorded(id), start.parse().unwrap());
        let mut script = Self {
            id,
            start,
            ms: 0,
            events: Vec::new(),
        };
        script.push(CallEventBody::CallStarted {
            leg: LegKind::Native,
            company: "Prime Auto Lab".to_owned(),
            backend: "Local engine".to_owned(),
            model: "moonshine-piper".to_owned(),
        });
        script
    }

    pub(crate) fn id(&self) -> CallId {
        self.id.clone()
    }

    pub(crate) fn after(&mut self, ms: u64) -> &mut Self {
        self.ms += ms;
        self
    }

    pub(crate) fn push(&mut self, body: CallEventBody) -> &mut Self {
        let since = SignedDuration::from_millis(self.ms.cast_signed());
        self.events.push(CallEvent {
            v: 1,
            seq: self.events.len() as u64,
            call_id: self.id.clone(),
            at: WallTime(self.start.checked_add(since).unwrap()),
            ms: self.ms,
            body,
        });
        self
    }

    /// The caller speaks for a second; the text is known 300 ms later.
    pub(crate) fn caller(&mut self, item: &str, text: &str) -> &mut Self {
        self.push(CallEventBody::CallerTurnStarted {
            item_id: item.into(),
            previous_item_id: None,
        });
        self.after(1000)
            .push(CallEventBody::CallerTurnStopped { item_id: item.into() });
        self.after(300).push(CallEventBody::CallerTranscript {
            item_id: item.into(),
            previous_item_id: None,
            text: text.to_owned(),
            medium: Medium::Voice,
        })
    }

    pub(crate) fn typed(&mut self, item: &str, text: &str) -> &mut Self {
        self.push(CallEventBody::CallerTranscript {
            item_id: item.into(),
            previous_item_id: None,
            text: text.to_owned(),
            medium: Medium::Text,
        })
    }

    /// The receptionist begins to speak, 400 ms after the caller.
    fn reply_begins(&mut self, item: &str, text: &str) -> &mut Self {
        self.after(400).push(CallEventBody::ReplyStarted {
            item_id: item.into(),
            previous_item_id: None,
        });
        self.push(CallEventBody::ReplyAudible {
            item_id: item.into(),
            since_speech_end_ms: Some(700),
        });
        self.after(200).push(CallEventBody::ReplyTranscript {
            item_id: item.into(),
            text: text.to_owned(),
        })
    }

    /// A reply that is heard to its end, two seconds long.
    pub(crate) fn reply(&mut self, item: &str, text: &str) -> &mut Self {
        self.reply_begins(item, text)
            .after(1800)
            .push(CallEventBody::ReplyPlayed { item_id: item.into() })
    }

    /// A reply of which only `heard` is heard.
    pub(crate) fn interrupted_reply(&mut self, item: &str, text: &str, heard: &str) -> &mut Self {
        let body = CallEventBody::ReplyInterrupted {
            item_id: item.into(),
            heard_text: heard.to_owned(),
            heard_ms: 900,
        };
        self.reply_begins(item, text).after(700).push(body)
    }

    pub(crate) fn tool(
        &mut self,
        id: &str,
        name: &str,
        arguments: &str,
        outcome: ToolOutcome,
        output: &str,
    ) -> &mut Self {
        self.push(CallEventBody::ToolStarted {
            tool_call_id: id.into(),
            name: name.to_owned(),
            arguments: arguments.to_owned(),
        });
        self.after(12).push(CallEventBody::ToolFinished {
            tool_call_id: id.into(),
            outcome,
            duration_ms: 12,
            output: output.to_owned(),
        })
    }

    pub(crate) fn details(&mut self, name: &str, phone: &str, reason: &str) -> &mut Self {
        let known = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let details = CallerDetails {
            name: known(name),
            phone: known(phone),
            reason: known(reason),
        };
        self.push(CallEventBody::CallerDetails { details })
    }

    pub(crate) fn end(&mut self, reason: EndReason) -> &mut Self {
        self.push(CallEventBody::CallEnded { reason, problem: None })
    }
}
