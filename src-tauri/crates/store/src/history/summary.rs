//! What lists show of a call, and how it is read from the summary row. Pure data and one row mapping.

use frontdesk_call::CallId;
use frontdesk_call::event::{CallerDetails, EndReason, LegKind};
use frontdesk_call::identity::WallTime;
use jiff::Timestamp;
use rusqlite::Row;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::database::ledger::{from_sql, from_word};

/// One line of the call history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "store.ts", rename_all = "camelCase")]
pub struct CallSummary {
    /// The call.
    pub id: CallId,
    /// When it began, UTC.
    pub started_at: WallTime,
    /// Milliseconds from the start to the last event.
    #[ts(type = "number")]
    pub duration_ms: u64,
    /// Where the caller spoke. A kind that this version does not know reads as [`LegKind::Native`].
    pub leg: LegKind,
    /// Company that answered.
    pub company: String,
    /// Backend that answered, for people.
    pub backend: String,
    /// Voice model, as the backend names it.
    pub model: String,
    /// First words of the caller, or of the receptionist where the caller said none; shortened, on one line, possibly empty.
    pub preview: String,
    /// What is known of the caller.
    pub details: CallerDetails,
    /// The call has not ended; another process may be running it.
    pub open: bool,
    /// Why it ended; absent while it is open, and for a reason that this version does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub end_reason: Option<EndReason>,
    /// The program died in the middle of it.
    pub interrupted: bool,
    /// How much happened.
    pub counts: CallCounts,
}

/// How much happened in a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "store.ts", rename_all = "camelCase")]
pub struct CallCounts {
    /// Events of every type.
    #[ts(type = "number")]
    pub events: u64,
    /// Finished turns of the caller.
    #[ts(type = "number")]
    pub caller_turns: u64,
    /// Replies that were begun.
    #[ts(type = "number")]
    pub replies: u64,
    /// Tools that were asked for.
    #[ts(type = "number")]
    pub tool_calls: u64,
    /// Failures that the call survived.
    #[ts(type = "number")]
    pub warnings: u64,
}

/// Columns that [`CallSummary::from_row`] reads, in its order.
pub(super) const SUMMARY_COLUMNS: &str = "calls.id, calls.started_at, calls.duration_ms, calls.leg, calls.company, calls.backend, \
     calls.model, CASE calls.caller_words WHEN '' THEN calls.reply_words ELSE calls.caller_words END, calls.details, \
     calls.end_reason, calls.event_count, calls.caller_turns, calls.replies, calls.tool_calls, calls.warnings";

impl CallSummary {
    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let end_word: Option<String> = row.get(9)?;
        let open = end_word.is_none();
        let end_reason = end_word.and_then(from_word);
        let details: String = row.get(8)?;
        Ok(Self {
            id: CallId::from_recorded(row.get::<_, String>(0)?),
            started_at: WallTime(Timestamp::from_millisecond(row.get(1)?).unwrap_or_default()),
            duration_ms: from_sql(row.get(2)?),
            leg: from_word(row.get(3)?).unwrap_or(LegKind::Native),
            company: row.get(4)?,
            backend: row.get(5)?,
            model: row.get(6)?,
            preview: row.get(7)?,
            details: serde_json::from_str(&details).unwrap_or_default(),
            open,
            end_reason,
            interrupted: end_reason == Some(EndReason::Interrupted),
            counts: CallCounts {
                events: from_sql(row.get(10)?),
                caller_turns: from_sql(row.get(11)?),
                replies: from_sql(row.get(12)?),
                tool_calls: from_sql(row.get(13)?),
                warnings: from_sql(row.get(14)?),
            },
        })
    }
}
