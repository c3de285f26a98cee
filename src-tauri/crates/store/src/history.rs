//! The calls that are kept: lists, search, one call with its events, deletion. Async and cheap to clone; the work is done on tokio's
//! blocking threads and, for deletions, on the writer thread. Never run on the audio or the window thread.

mod search;
mod summary;
#[cfg(test)]
mod tests;

use std::path::Path;

use frontdesk_call::{CallEvent, CallId};
use jiff::tz::TimeZone;
use rusqlite::{Connection, OptionalExtension, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::database::Database;
use crate::database::ledger::from_sql;
use crate::database::readers::ReadError;
use crate::error::StoreError;
use crate::export::{self, ExportFormat};
pub use search::ExcerptPart;
pub use summary::{CallCounts, CallSummary};

/// Most calls in one page, whatever was asked for.
pub const PAGE_LIMIT: u32 = 500;

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "store.ts", rename_all = "camelCase")]
pub struct PageRequest {
    /// How many of the newest to pass over.
    pub offset: u32,
    /// How many are wanted, at most [`PAGE_LIMIT`].
    pub limit: u32,
}

/// A part of the history, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "store.ts", rename_all = "camelCase")]
pub struct CallPage {
    /// Calls in the whole list.
    #[ts(type = "number")]
    pub total: u64,
    /// The asked part.
    pub calls: Vec<CallSummary>,
}

/// A part of what a search found, newest call first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "store.ts", rename_all = "camelCase")]
pub struct SearchPage {
    /// Calls that were found in all.
    #[ts(type = "number")]
    pub total: u64,
    /// The asked part.
    pub hits: Vec<SearchHit>,
}

/// One call that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "store.ts", rename_all = "camelCase")]
pub struct SearchHit {
    /// The call.
    pub call: CallSummary,
    /// Its first matching words, with what was found marked.
    pub excerpt: Vec<ExcerptPart>,
}

/// One call whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "store.ts", rename_all = "camelCase")]
pub struct CallRecord {
    /// What lists show of it.
    pub summary: CallSummary,
    /// All its events, in order.
    pub events: Vec<CallEvent>,
    /// Events of types that this version does not know; they stay in the database.
    #[ts(type = "number")]
    pub unknown_events: u64,
}

/// What a person's short name for a call means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallMatch {
    /// Exactly this call.
    One(CallId),
    /// None.
    None,
    /// Several calls begin like that; the newest few of them.
    Several(Vec<CallId>),
}

/// The calls of one database.
#[derive(Clone, Debug)]
pub struct History {
    database: Database,
}

impl History {
    pub(crate) fn new(database: Database) -> Self {
        Self { database }
    }

    /// A part of all calls, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn list(&self, page: PageRequest) -> Result<CallPage, StoreError> {
        self.database
            .readers()
            .read(move |connection| Ok(list(connection, page.offset, page.limit.min(PAGE_LIMIT))?))
            .await
    }

    /// The newest calls, `most` of them or all, however many those are: for a command line. A window asks for pages.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn newest(&self, most: Option<u32>) -> Result<CallPage, StoreError> {
        self.database
            .readers()
            .read(move |connection| Ok(list(connection, 0, most.unwrap_or(u32::MAX))?))
            .await
    }

    /// The calls in which all the typed words were said in one turn, newest first; the last word may be unfinished. Also finds the
    /// caller's name, number and reason. No words find nothing.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn search(&self, typed: &str, page: PageRequest) -> Result<SearchPage, StoreError> {
        let Some(query) = search::query_for(typed) else {
            return Ok(SearchPage {
                total: 0,
                hits: Vec::new(),
            });
        };
        self.database
            .readers()
            .read(move |connection| Ok(find(connection, &query, page)?))
            .await
    }

    /// One call with its events.
    ///
    /// # Errors
    /// [`StoreError::NoSuchCall`], or when the database cannot be read.
    pub async fn call(&self, id: &CallId) -> Result<CallRecord, StoreError> {
        let id = id.clone();
        self.database
            .readers()
            .read(move |connection| record(connection, &id))
            .await
    }

    /// The call that a person means by an id, the beginning of one, or `latest`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn resolve(&self, name: &str) -> Result<CallMatch, StoreError> {
        let name = name.trim().to_lowercase();
        self.database
            .readers()
            .read(move |connection| Ok(resolve(connection, &name)?))
            .await
    }

    /// Deletes a call that has ended, and overwrites what was said in it.
    ///
    /// # Errors
    /// [`StoreError::NoSuchCall`], [`StoreError::CallStillOpen`], or when the database cannot be written.
    pub async fn delete(&self, id: &CallId) -> Result<(), StoreError> {
        self.database.delete_call(id.clone()).await
    }

    /// Writes one call to `path` in `format`, with times in `zone`. The file is there whole or not at all.
    ///
    /// # Errors
    /// [`StoreError::NoSuchCall`], or when the file cannot be written.
    pub async fn export(
        &self,
        id: &CallId,
        format: ExportFormat,
        zone: TimeZone,
        path: &Path,
    ) -> Result<(), StoreError> {
        let (id, path) = (id.clone(), path.to_owned());
        let write = move |connection: &Connection| {
            let record = record(connection, &id)?;
            let bytes = export::export(format, &record.events, &zone)?;
            Ok(export::file::write(&path, &bytes)?)
        };
        self.database.readers().read(write).await
    }

    /// Writes every call that has ended into one zip archive at `path`, newest first, one file each. Returns how many. One call at a time
    /// is in memory.
    ///
    /// # Errors
    /// When the database cannot be read or the file cannot be written.
    pub async fn export_all(&self, format: ExportFormat, zone: TimeZone, path: &Path) -> Result<usize, StoreError> {
        let (path, database) = (path.to_owned(), self.database.file().to_owned());
        let write = move |connection: &Connection| {
            let calls = ended_calls(connection)?;
            let mut records = calls.iter().map(|id| {
                record(connection, id).map_err(|error| match error {
                    ReadError::Store(error) => error,
                    ReadError::Sqlite(error) => StoreError::sqlite("read", &database, &error),
                })
            });
            Ok(export::archive::write(&path, format, &zone, &mut records)?)
        };
        self.database.readers().read(write).await
    }
}

fn list(connection: &Connection, offset: u32, limit: u32) -> rusqlite::Result<CallPage> {
    let total = connection
        .prepare_cached("SELECT count(*) FROM calls")?
        .query_row([], |row| row.get(0))?;
    let calls = connection
        .prepare_cached(&format!(
            "SELECT {} FROM calls ORDER BY started_at DESC, number DESC LIMIT ?1 OFFSET ?2",
            summary::SUMMARY_COLUMNS
        ))?
        .query_map(params![limit, offset], CallSummary::from_row)?
        .collect::<Result<_, _>>()?;
    Ok(CallPage {
        total: from_sql(total),
        calls,
    })
}

fn find(connection: &Connection, query: &str, page: PageRequest) -> rusqlite::Result<SearchPage> {
    let total = connection
        .prepare_cached(
            "SELECT count(DISTINCT passages.call) FROM passage_index
             JOIN passages ON passages.number = passage_index.rowid WHERE passage_index MATCH ?1",
        )?
        .query_row([query], |row| row.get(0))?;
    let mut found = connection.prepare_cached(&format!(
        "SELECT {}, hits.passage FROM calls JOIN (
             SELECT passages.call AS call, min(passages.number) AS passage FROM passage_index
             JOIN passages ON passages.number = passage_index.rowid
             WHERE passage_index MATCH ?1 GROUP BY passages.call
         ) AS hits ON hits.call = calls.number
         ORDER BY calls.started_at DESC, calls.number DESC LIMIT ?2 OFFSET ?3",
        summary::SUMMARY_COLUMNS
    ))?;
    let calls = found
        .query_map(params![query, page.limit.min(PAGE_LIMIT), page.offset], |row| {
            Ok((CallSummary::from_row(row)?, row.get::<_, i64>(15)?))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    // Excerpts are made for this page only: they cost more than finding.
    let mut excerpt = connection.prepare_cached(
        "SELECT snippet(passage_index, 0, ?3, ?4, '…', ?5) FROM passage_index
         WHERE passage_index MATCH ?1 AND rowid = ?2",
    )?;
    let (start, end) = (search::MATCH_START.to_string(), search::MATCH_END.to_string());
    let mut hits = Vec::with_capacity(calls.len());
    for (call, passage) in calls {
        let marked: Option<String> = excerpt
            .query_row(params![query, passage, start, end, search::EXCERPT_WORDS], |row| {
                row.get(0)
            })
            .optional()?;
        hits.push(SearchHit {
            call,
            excerpt: search::excerpt_parts(&marked.unwrap_or_default()),
        });
    }
    Ok(SearchPage {
        total: from_sql(total),
        hits,
    })
}

fn record(connection: &Connection, id: &CallId) -> Result<CallRecord, ReadError> {
    // One snapshot: the summary and the events of a running call belong to the same moment.
    let snapshot = connection.unchecked_transaction()?;
    let summary = snapshot
        .prepare_cached(&format!("SELECT {} FROM calls WHERE id = ?1", summary::SUMMARY_COLUMNS))?
        .query_row([id.as_str()], CallSummary::from_row)
        .optional()?
        .ok_or_else(|| StoreError::NoSuchCall { call: id.to_string() })?;
    let mut events = Vec::new();
    let mut unknown_events = 0;
    {
        let mut bodies = snapshot.prepare_cached(
            "SELECT events.body FROM events JOIN calls ON calls.number = events.call
             WHERE calls.id = ?1 ORDER BY events.seq",
        )?;
        let mut rows = bodies.query([id.as_str()])?;
        while let Some(row) = rows.next()? {
            match serde_json::from_str(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?) {
                Ok(event) => events.push(event),
                Err(_) => unknown_events += 1,
            }
        }
    }
    if unknown_events > 0 {
        tracing::debug!(call = %id, unknown_events, "events of unknown types");
    }
    Ok(CallRecord {
        summary,
        events,
        unknown_events,
    })
}

fn resolve(connection: &Connection, name: &str) -> rusqlite::Result<CallMatch> {
    let mut ids = if name == "latest" {
        connection
            .prepare_cached("SELECT id FROM calls ORDER BY started_at DESC, number DESC LIMIT 1")?
            .query_map([], |row| row.get::<_, String>(0))?
            .collect::<Result<Vec<_>, _>>()?
    } else if name.is_empty() {
        Vec::new()
    } else {
        connection
            .prepare_cached(
                "SELECT id FROM calls WHERE substr(id, 1, length(?1)) = ?1
                 ORDER BY id = ?1 DESC, started_at DESC, number DESC LIMIT 5",
            )?
            .query_map([name], |row| row.get::<_, String>(0))?
            .collect::<Result<Vec<_>, _>>()?
    };
    // An id that is given in full is meant, even where a longer one begins with it.
    if ids.first().is_some_and(|first| first == name) {
        ids.truncate(1);
    }
    Ok(match ids.len() {
        0 => CallMatch::None,
        1 => CallMatch::One(CallId::from_recorded(ids.remove(0))),
        _ => CallMatch::Several(ids.into_iter().map(CallId::from_recorded).collect()),
    })
}

fn ended_calls(connection: &Connection) -> rusqlite::Result<Vec<CallId>> {
    connection
        .prepare_cached("SELECT id FROM calls WHERE end_reason IS NOT NULL ORDER BY started_at DESC, number DESC")?
        .query_map([], |row| Ok(CallId::from_recorded(row.get::<_, String>(0)?)))?
        .collect()
}
