//! The calls that were kept: lists, search, exports. All work is done on blocking threads by the store.

use std::path::Path;

use frontdesk_call::CallEvent;
use frontdesk_call::identity::CallId;
use frontdesk_call::problem::{Problem, ProblemAction, ProblemKind};
use frontdesk_store::StoreError;
use frontdesk_store::export::{self, ExportFormat};
use frontdesk_store::history::PageRequest;
use jiff::tz::TimeZone;

use super::App;
use crate::view::{HistoryPage, HistoryQuery};

impl App {
    /// One page of the history, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn list_calls(&self, query: &HistoryQuery) -> Result<HistoryPage, Problem> {
        let history = self.history()?;
        // A page beyond four billion calls is empty, as the largest offset is.
        let page = PageRequest {
            offset: u32::try_from(query.offset).unwrap_or(u32::MAX),
            limit: u32::try_from(query.limit).unwrap_or(u32::MAX),
        };
        if query.search.trim().is_empty() {
            let page = history.list(page).await?;
            return Ok(HistoryPage {
                calls: page.calls,
                total: page.total,
            });
        }
        let found = history.search(&query.search, page).await?;
        Ok(HistoryPage {
            calls: found.hits.into_iter().map(|hit| hit.call).collect(),
            total: found.total,
        })
    }

    /// Writes one call to a file, times in this computer's zone.
    ///
    /// # Errors
    /// When there is no such call or the file cannot be written.
    pub async fn export_call(&self, id: &CallId, format: ExportFormat, path: &Path) -> Result<(), Problem> {
        Ok(self.history()?.export(id, format, TimeZone::system(), path).await?)
    }

    /// Looks whether an export could be written there, and changes nothing. Blocking, for a moment: for before the call that is exported.
    ///
    /// # Errors
    /// Why it could not.
    pub fn look_at_export_place(path: &Path) -> Result<(), Problem> {
        if path.is_dir() {
            let sentence = format!("Frontdesk cannot write {}: it is a folder.", path.display());
            return Err(Problem::new(ProblemKind::StorageFailed, sentence));
        }
        Ok(export::file::Replacement::begin(path).map(drop)?)
    }

    /// Writes a call of which these are all the events, whether a database has it or not.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn export_events(events: Vec<CallEvent>, format: ExportFormat, path: &Path) -> Result<(), Problem> {
        let path = path.to_owned();
        let write = move || -> Result<(), StoreError> {
            export::file::write(&path, &export::export(format, &events, &TimeZone::system())?)
        };
        tokio::task::spawn_blocking(write)
            .await
            .map_err(|_| Problem::new(ProblemKind::Internal, "The export stopped."))??;
        Ok(())
    }

    /// Writes all calls to one archive and gives their number.
    ///
    /// # Errors
    /// When the database cannot be read or the file cannot be written.
    pub async fn export_all(&self, format: ExportFormat, path: &Path) -> Result<usize, Problem> {
        Ok(self.history()?.export_all(format, TimeZone::system(), path).await?)
    }

    /// A file name for an export of this call.
    ///
    /// # Errors
    /// When there is no such call.
    pub async fn suggested_file_name(&self, id: &CallId, format: ExportFormat) -> Result<String, Problem> {
        let record = self.history()?.call(id).await?;
        Ok(export::suggested_file_name(
            &record.summary,
            format,
            &TimeZone::system(),
        ))
    }

    /// Writes the event log to a file, one JSON object a line.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn export_wire_log(&self, path: &Path) -> Result<(), Problem> {
        let text = self.wire_log().to_json_lines();
        tokio::fs::write(path, text).await.map_err(|error| {
            Problem::new(
                ProblemKind::StorageFailed,
                format!("{} cannot be written ({error}).", path.display()),
            )
            .with_action(ProblemAction::TryAgain)
        })
    }
}
