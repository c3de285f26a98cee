//! Many calls in one zip archive, one file each, one call in memory at a time. Blocking.

use std::io::{self, Write};
use std::path::Path;

use frontdesk_call::identity::WallTime;
use jiff::tz::TimeZone;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::file::Replacement;
use super::{ExportFormat, export, suggested_file_name};
use crate::error::{StorageFault, StoreError};
use crate::history::CallRecord;

/// Writes `calls` to a new archive at `path`, each as [`suggested_file_name`] names it. Returns how many.
///
/// # Errors
/// The first failure of `calls` or of the file; nothing is left at `path` then.
pub fn write(
    path: &Path,
    format: ExportFormat,
    zone: &TimeZone,
    calls: &mut dyn Iterator<Item = Result<CallRecord, StoreError>>,
) -> Result<usize, StoreError> {
    let failed = |error: zip::result::ZipError| match error {
        zip::result::ZipError::Io(error) => StoreError::file("write", path, &error),
        other => {
            tracing::warn!(error = %other, "archive failure");
            StoreError::File {
                task: "write",
                path: path.to_owned(),
                fault: StorageFault::Unexpected,
            }
        }
    };
    let mut replacement = Replacement::begin(path)?;
    let mut archive = ZipWriter::new(io::BufWriter::new(replacement.file()));
    let mut count = 0;
    for call in calls {
        let call = call?;
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(modified(call.summary.started_at, zone));
        archive
            .start_file(suggested_file_name(&call.summary, format, zone), options)
            .map_err(failed)?;
        let bytes = export(format, &call.events, zone)?;
        archive
            .write_all(&bytes)
            .map_err(|error| StoreError::file("write", path, &error))?;
        count += 1;
    }
    let mut buffer = archive.finish().map_err(failed)?;
    buffer
        .flush()
        .map_err(|error| StoreError::file("write", path, &error))?;
    drop(buffer);
    replacement.finish()?;
    Ok(count)
}

/// Local time of the call as the file's time. Zip holds years 1980 to 2107; others become the first of them.
fn modified(at: WallTime, zone: &TimeZone) -> DateTime {
    let local = at.0.to_zoned(zone.clone());
    let part = |value: i8| u8::try_from(value).unwrap_or_default();
    u16::try_from(local.year())
        .ok()
        .and_then(|year| {
            let (month, day) = (part(local.month()), part(local.day()));
            DateTime::from_date_and_time(
                year,
                month,
                day,
                part(local.hour()),
                part(local.minute()),
                part(local.second()),
            )
            .ok()
        })
        .unwrap_or_default()
}
