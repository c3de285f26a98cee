//! Writes events into the tables: the event itself, the call's summary row, and the words for the search.
//!
//! Runs on the writer thread, inside the transaction that [`super::writer`] opened. Knows SQL and events, no threads and no channels.

use frontdesk_call::event::{CallerDetails, EndReason};
use frontdesk_call::{CallEvent, CallEventBody, CallId};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Longest preview of a call, in characters.
const PREVIEW_LENGTH: usize = 160;
/// Key of the passage with the caller's details.
const DETAILS_KEY: &str = "details";

/// Why an event was not written.
#[derive(Debug)]
pub(super) enum LedgerError {
    /// SQLite refused.
    Sqlite(rusqlite::Error),
    /// The event is not the next one of its call.
    OutOfOrder { call: CallId, expected: u64, given: u64 },
    /// The event cannot be turned into JSON.
    Encoding,
}

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

/// A call's row while its events are written.
struct CallRow {
    number: i64,
    next_seq: u64,
}

/// Writes `events` in their order. An event that is already there, unchanged, is passed over: a caller may repeat an append whose answer
/// it never got.
pub(super) fn write_events(connection: &Connection, instance: &str, events: &[CallEvent]) -> Result<(), LedgerError> {
    for event in events {
        write_event(connection, instance, event)?;
    }
    Ok(())
}

fn write_event(connection: &Connection, instance: &str, event: &CallEvent) -> Result<(), LedgerError> {
    let body = serde_json::to_string(event).map_err(|_| LedgerError::Encoding)?;
    let row = match find_call(connection, &event.call_id)? {
        Some(row) => row,
        None => begin_call(connection, instance, event)?,
    };
    if event.seq != row.next_seq {
        let stored: Option<String> = connection
            .prepare_cached("SELECT body FROM events WHERE call = ?1 AND seq = ?2")?
            .query_row(params![row.number, to_sql(event.seq)], |stored| stored.get(0))
            .optional()?;
        return match stored {
            Some(stored) if stored == body => Ok(()),
            _ => Err(out_of_order(event, row.next_seq)),
        };
    }
    connection
        .prepare_cached("INSERT INTO events (call, seq, body) VALUES (?1, ?2, ?3)")?
        .execute(params![row.number, to_sql(event.seq), body])?;
    connection
        .prepare_cached("UPDATE calls SET event_count = ?2, duration_ms = max(duration_ms, ?3) WHERE number = ?1")?
        .execute(params![row.number, to_sql(event.seq + 1), to_sql(event.ms)])?;
    summarise(connection, row.number, &event.body)
}

fn find_call(connection: &Connection, call: &CallId) -> rusqlite::Result<Option<CallRow>> {
    connection
        .prepare_cached("SELECT number, event_count FROM calls WHERE id = ?1")?
        .query_row([call.as_str()], |row| {
            Ok(CallRow {
                number: row.get(0)?,
                next_seq: from_sql(row.get(1)?),
            })
        })
        .optional()
}

fn begin_call(connection: &Connection, instance: &str, event: &CallEvent) -> Result<CallRow, LedgerError> {
    let CallEventBody::CallStarted {
        leg,
        company,
        backend,
        model,
    } = &event.body
    else {
        return Err(out_of_order(event, 0));
    };
    let mut insert = connection.prepare_cached(
        "INSERT INTO calls (id, instance, started_at, leg, company, backend, model)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let started_at = event.at.0.as_millisecond();
    let leg = to_word(leg)?;
    insert.execute(params![
        event.call_id.as_str(),
        instance,
        started_at,
        leg,
        company,
        backend,
        model
    ])?;
    Ok(CallRow {
        number: connection.last_insert_rowid(),
        next_seq: 0,
    })
}

/// Keeps the summary row and the searchable words in step with one event.
fn summarise(connection: &Connection, call: i64, body: &CallEventBody) -> Result<(), LedgerError> {
    match body {
        CallEventBody::CallerTranscript { item_id, text, .. } => {
            connection
                .prepare_cached(
                    "UPDATE calls SET caller_turns = caller_turns + 1,
                            caller_words = CASE caller_words WHEN '' THEN ?2 ELSE caller_words END
                     WHERE number = ?1",
                )?
                .execute(params![call, preview(text)])?;
            set_passage(connection, call, &item_key(item_id.as_str()), text)
        }
        CallEventBody::ReplyStarted { .. } => count(connection, call, Counter::Replies),
        CallEventBody::ReplyTranscript { item_id, text } => {
            connection
                .prepare_cached(
                    "UPDATE calls SET reply_words = CASE reply_words WHEN '' THEN ?2 ELSE reply_words END
                     WHERE number = ?1",
                )?
                .execute(params![call, preview(text)])?;
            set_passage(connection, call, &item_key(item_id.as_str()), text)
        }
        CallEventBody::ReplyInterrupted {
            item_id, heard_text, ..
        } => set_passage(connection, call, &item_key(item_id.as_str()), heard_text),
        CallEventBody::ToolStarted { .. } => count(connection, call, Counter::ToolCalls),
        CallEventBody::Warning { .. } => count(connection, call, Counter::Warnings),
        CallEventBody::CallerDetails { details } => set_details(connection, call, details),
        CallEventBody::CallEnded { reason, .. } => {
            connection
                .prepare_cached("UPDATE calls SET end_reason = ?2 WHERE number = ?1")?
                .execute(params![call, to_word(reason)?])?;
            Ok(())
        }
        _ => Ok(()),
    }
}

/// A column of `calls` that counts events.
enum Counter {
    Replies,
    ToolCalls,
    Warnings,
}

fn count(connection: &Connection, call: i64, counter: Counter) -> Result<(), LedgerError> {
    let statement = match counter {
        Counter::Replies => "UPDATE calls SET replies = replies + 1 WHERE number = ?1",
        Counter::ToolCalls => "UPDATE calls SET tool_calls = tool_calls + 1 WHERE number = ?1",
        Counter::Warnings => "UPDATE calls SET warnings = warnings + 1 WHERE number = ?1",
    };
    connection.prepare_cached(statement)?.execute([call])?;
    Ok(())
}

fn set_details(connection: &Connection, call: i64, details: &CallerDetails) -> Result<(), LedgerError> {
    let json = serde_json::to_string(details).map_err(|_| LedgerError::Encoding)?;
    connection
        .prepare_cached("UPDATE calls SET details = ?2 WHERE number = ?1")?
        .execute(params![call, json])?;
    let known: Vec<&str> = [&details.name, &details.phone, &details.reason]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    set_passage(connection, call, DETAILS_KEY, &known.join("\n"))
}

/// Makes `text` the searchable text under `key`; an empty text leaves nothing to find.
fn set_passage(connection: &Connection, call: i64, key: &str, text: &str) -> Result<(), LedgerError> {
    if text.trim().is_empty() {
        connection
            .prepare_cached("DELETE FROM passages WHERE call = ?1 AND key = ?2")?
            .execute(params![call, key])?;
    } else {
        connection
            .prepare_cached(
                "INSERT INTO passages (call, key, text) VALUES (?1, ?2, ?3)
                 ON CONFLICT (call, key) DO UPDATE SET text = excluded.text",
            )?
            .execute(params![call, key, text])?;
    }
    Ok(())
}

fn item_key(item: &str) -> String {
    format!("item:{item}")
}

/// The first words, on one line.
fn preview(text: &str) -> String {
    let mut line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = line.char_indices().nth(PREVIEW_LENGTH) {
        line.truncate(cut);
        line.push('…');
    }
    line
}

/// Closes every open call of `instance` as interrupted: one more event after its last, at the time of that last one. Returns how many.
pub(super) fn close_interrupted(connection: &Connection, instance: &str) -> Result<usize, LedgerError> {
    let mut open = connection.prepare_cached(
        "SELECT events.body FROM calls JOIN events ON events.call = calls.number AND events.seq = calls.event_count - 1
         WHERE calls.instance = ?1 AND calls.end_reason IS NULL",
    )?;
    let last_events = open
        .query_map([instance], |row| row.get::<_, String>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    for last in &last_events {
        let envelope: Envelope = serde_json::from_str(last).map_err(|_| LedgerError::Encoding)?;
        let ended = CallEvent {
            v: frontdesk_call::event::EVENT_VERSION,
            seq: envelope.seq + 1,
            call_id: envelope.call_id,
            at: envelope.at,
            ms: envelope.ms,
            body: CallEventBody::CallEnded {
                reason: EndReason::Interrupted,
                problem: None,
            },
        };
        write_event(connection, instance, &ended)?;
    }
    Ok(last_events.len())
}

/// The members that every event has, whatever its type; so a type of a later version does not stop the recovery.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    seq: u64,
    call_id: CallId,
    at: frontdesk_call::identity::WallTime,
    ms: u64,
}

/// Deletes a call with all that belongs to it.
pub(super) fn delete_call(connection: &Connection, call: &CallId) -> Result<Deletion, LedgerError> {
    let open: Option<bool> = connection
        .prepare_cached("SELECT end_reason IS NULL FROM calls WHERE id = ?1")?
        .query_row([call.as_str()], |row| row.get(0))
        .optional()?;
    match open {
        None => Ok(Deletion::Unknown),
        Some(true) => Ok(Deletion::StillOpen),
        Some(false) => {
            connection
                .prepare_cached("DELETE FROM calls WHERE id = ?1")?
                .execute([call.as_str()])?;
            Ok(Deletion::Done)
        }
    }
}

/// What became of a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deletion {
    Done,
    StillOpen,
    Unknown,
}

fn out_of_order(event: &CallEvent, expected: u64) -> LedgerError {
    LedgerError::OutOfOrder {
        call: event.call_id.clone(),
        expected,
        given: event.seq,
    }
}

/// The word that a plain enum has in JSON, as it is kept in its column.
fn to_word<T: Serialize>(value: &T) -> Result<String, LedgerError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(LedgerError::Encoding),
    }
}

/// The enum value that [`to_word`] wrote; `None` for a word of a later version.
pub(crate) fn from_word<T: DeserializeOwned>(word: String) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word)).ok()
}

/// SQLite has signed integers only; nothing here comes near the limit.
fn to_sql(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A number that was written from an unsigned one.
pub(crate) fn from_sql(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}
