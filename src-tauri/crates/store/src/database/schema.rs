//! Format of the database file: versions, the refusal of newer ones, and migrations with a copy before each.
//!
//! Runs once, when the database is opened, under a lock that keeps other processes of Frontdesk out. Blocking.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};

use crate::agenda::folded;
use crate::error::{StorageFault, StoreError};

/// How long a statement waits for another process that writes.
const BUSY_WAIT: Duration = Duration::from_secs(5);
/// "FDsk": tells `file` and other tools whose database this is.
const APPLICATION_ID: i32 = 0x4644_736b;
/// First bytes of every SQLite database, <https://www.sqlite.org/fileformat.html>.
const HEADER_MAGIC: &[u8] = b"SQLite format 3\0";
/// The header up to and with `user_version`, four bytes, big-endian, at offset 60.
const HEADER_LENGTH: usize = 64;
const STEPS: &[M<'static>] = &[
    M::up(include_str!("schema/1_calls.sql")),
    M::up(include_str!("schema/2_agenda.sql")),
];

/// All formats, in order. The n-th migration makes format n.
pub(super) const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);

/// Opens a connection that may write.
pub(crate) fn connect(file: &Path) -> Result<Connection, StoreError> {
    let failed = |error| StoreError::sqlite("open", file, &error);
    let connection = Connection::open(file).map_err(failed)?;
    configure(&connection).map_err(failed)?;
    Ok(connection)
}

/// Gives SQLite the comparison of names that it has not: its own knows the case of English letters only.
fn add_functions(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("folded", 1, flags, |context| {
        let name = context.get_raw(0).as_str()?;
        Ok(folded(name))
    })
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_WAIT)?;
    add_functions(connection)?;
    // In WAL mode, NORMAL survives the death of the process without a flush per commit, which is what the journal promises.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // A deleted call is overwritten, not only unlinked.
    connection.pragma_update(None, "secure_delete", true)
}

/// Opens a connection that can only read.
pub(super) fn connect_to_read(file: &Path) -> rusqlite::Result<Connection> {
    let connection =
        Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY_WAIT)?;
    add_functions(&connection)?;
    Ok(connection)
}

/// Brings `file` to the newest format that `migrations` know, making it if needed. A copy goes to `copies` before an existing one changes.
///
/// # Errors
/// [`StoreError::NewerDatabase`] with the file untouched; otherwise what SQLite could not do.
pub(super) fn prepare(file: &Path, copies: &Path, migrations: &Migrations<'_>) -> Result<(), StoreError> {
    let known = newest(file, migrations)?;
    let found = version(file)?;
    if found > known {
        return Err(StoreError::NewerDatabase {
            file: file.to_owned(),
            found,
            known,
        });
    }
    let failed = |error: rusqlite::Error| StoreError::sqlite("open", file, &error);
    let mut connection = connect(file)?;
    // Kept in the file, so readers and later starts have it too.
    connection.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
    if found == known {
        return Ok(());
    }
    if found > 0 {
        let copy = copy_before_migration(&connection, file, copies, found)?;
        tracing::info!(from = found, to = known, copy = %copy.display(), "migrating the database");
    }
    connection
        .pragma_update(None, "application_id", APPLICATION_ID)
        .map_err(failed)?;
    migrations
        .to_latest(&mut connection)
        .map_err(|error| migration_failed(file, error))
}

/// Format version that `migrations` lead to.
fn newest(file: &Path, migrations: &Migrations<'_>) -> Result<i64, StoreError> {
    // An empty database in memory has all of them pending.
    let empty = Connection::open_in_memory().map_err(|error| StoreError::sqlite("open", file, &error))?;
    migrations
        .pending_migrations(&empty)
        .map(i64::from)
        .map_err(|error| migration_failed(file, error))
}

fn migration_failed(file: &Path, error: rusqlite_migration::Error) -> StoreError {
    match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => StoreError::sqlite("update", file, &err),
        other => {
            tracing::error!(error = %other, "migration failed");
            StoreError::Database {
                task: "update",
                file: file.to_owned(),
                fault: StorageFault::Unexpected,
            }
        }
    }
}

/// Format version of the file as it is, 0 where there is none. Changes nothing.
fn version(file: &Path) -> Result<i64, StoreError> {
    let failed = |error| StoreError::sqlite("open", file, &error);
    if !file.metadata().is_ok_and(|metadata| metadata.len() > 0) {
        return Ok(0);
    }
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    if Path::new(&log).exists() {
        // The newest header may still stand in the log, which only SQLite reads.
        return connect_to_read(file)
            .and_then(|connection| connection.pragma_query_value(None, "user_version", |row| row.get(0)))
            .map_err(failed);
    }
    // Without a log SQLite would make one even to read; the header says the same and nothing is left beside a file that is not ours.
    let mut header = [0; HEADER_LENGTH];
    let complete = std::fs::File::open(file).and_then(|mut opened| opened.read_exact(&mut header));
    match complete {
        Ok(()) if header.starts_with(HEADER_MAGIC) => {
            let [.., a, b, c, d] = header;
            Ok(i64::from(i32::from_be_bytes([a, b, c, d])))
        }
        Err(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => Err(StoreError::file("open", file, &error)),
        _ => Err(StoreError::Database {
            task: "open",
            file: file.to_owned(),
            fault: StorageFault::Damaged,
        }),
    }
}

/// Writes a whole, compact copy of the database, named by its format and the time.
fn copy_before_migration(
    connection: &Connection,
    file: &Path,
    copies: &Path,
    format: i64,
) -> Result<PathBuf, StoreError> {
    super::create_private_directory(copies)?;
    let moment = Timestamp::now().strftime("%Y%m%dT%H%M%S%3fZ");
    let copy = copies.join(format!("frontdesk-format{format}-{moment}.sqlite3"));
    let text = copy.to_str().ok_or_else(|| StoreError::File {
        task: "write",
        path: copy.clone(),
        fault: StorageFault::Unexpected,
    })?;
    connection
        .execute("VACUUM INTO ?1", [text])
        .map_err(|error| StoreError::sqlite("copy", file, &error))?;
    Ok(copy)
}

#[cfg(test)]
mod tests {
    use frontdesk_call::event::EndReason;
    use frontdesk_call::identity::WallTime;

    use super::*;
    use crate::Database;
    use crate::database::{self, ledger};
    use crate::history::PageRequest;
    use crate::sample::Script;

    /// The formats that there are and one invented later one.
    fn later() -> Migrations<'static> {
        Migrations::new(vec![
            M::up(include_str!("schema/1_calls.sql")),
            M::up(include_str!("schema/2_agenda.sql")),
            M::up("ALTER TABLE calls ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue';"),
        ])
    }

    #[test]
    fn every_migration_is_valid_sql() {
        MIGRATIONS.validate().unwrap();
    }

    #[test]
    fn a_migration_keeps_the_data_and_leaves_a_copy_of_the_old_format() {
        let directory = tempfile::tempdir().unwrap();
        let (file, copies) = (directory.path().join("d.sqlite3"), directory.path().join("copies"));
        prepare(&file, &copies, &MIGRATIONS).unwrap();
        assert!(!copies.exists(), "a new database needs no copy");
        connect(&file)
            .unwrap()
            .execute(
                "INSERT INTO calls (id, instance, started_at, leg, company, backend, model)
                 VALUES ('kept', 'i', 1, 'native', 'c', 'b', 'm')",
                [],
            )
            .unwrap();

        prepare(&file, &copies, &later()).unwrap();

        let colour: String = connect(&file)
            .unwrap()
            .query_row("SELECT colour FROM calls WHERE id = 'kept'", [], |row| row.get(0))
            .unwrap();
        assert_eq!(colour, "blue");
        let copy = std::fs::read_dir(&copies).unwrap().next().unwrap().unwrap().path();
        assert_eq!(version(&copy).unwrap(), 2);
        let kept: String = connect_to_read(&copy)
            .unwrap()
            .query_row("SELECT id FROM calls", [], |row| row.get(0))
            .unwrap();
        assert_eq!(kept, "kept");
    }

    #[tokio::test]
    async fn a_database_from_before_the_calendar_keeps_its_calls_and_gets_one() {
        let directory = tempfile::tempdir().unwrap();
        let (file, copies) = (
            directory.path().join(database::DATABASE_FILE),
            directory.path().join(database::COPIES_DIRECTORY),
        );
        let first = Migrations::new(vec![M::up(include_str!("schema/1_calls.sql"))]);
        prepare(&file, &copies, &first).unwrap();
        let mut call = Script::begin("old", "2026-11-20T10:00:00Z");
        call.caller("c1", "How much is an oil change for a Citroën?")
            .details("Ana Perez", "555-0199", "Oil change")
            .end(EndReason::Goodbye);
        ledger::write_events(&connect(&file).unwrap(), "instance", &call.events).unwrap();
        assert_eq!(version(&file).unwrap(), 1);

        let database = Database::open(directory.path()).unwrap();

        let page = PageRequest { offset: 0, limit: 10 };
        let found = database.history().search("citroen", page).await.unwrap();
        let ids: Vec<&str> = found.hits.iter().map(|hit| hit.call.id.as_str()).collect();
        assert_eq!(ids, ["old"]);
        assert_eq!(database.history().call(&call.id()).await.unwrap().events, call.events);
        let now = WallTime("2026-11-23T09:00:00Z".parse().unwrap());
        let made = database
            .agenda("garage")
            .change(move |edit| edit.find_or_add_contact("+15550101", "Ana", now))
            .await;
        assert_eq!(made.unwrap().name, "Ana");
        let copy = std::fs::read_dir(&copies).unwrap().next().unwrap().unwrap().path();
        assert_eq!(version(&copy).unwrap(), 1);
    }

    #[test]
    fn a_newer_format_is_refused_with_both_versions_and_not_a_byte_changed() {
        let directory = tempfile::tempdir().unwrap();
        let (file, copies) = (directory.path().join("d.sqlite3"), directory.path().join("copies"));
        prepare(&file, &copies, &later()).unwrap();
        let before = std::fs::read(&file).unwrap();

        let refused = prepare(&file, &copies, &MIGRATIONS).unwrap_err();

        assert_eq!(
            refused,
            StoreError::NewerDatabase {
                file: file.clone(),
                found: 3,
                known: 2
            }
        );
        assert_eq!(std::fs::read(&file).unwrap(), before);
        let names: Vec<_> = std::fs::read_dir(directory.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(names, ["d.sqlite3"], "nothing is left beside it");
    }

    #[test]
    fn a_newer_format_that_stands_only_in_the_log_of_a_dead_process_is_refused_too() {
        let directory = tempfile::tempdir().unwrap();
        let (file, copies) = (directory.path().join("d.sqlite3"), directory.path().join("copies"));
        prepare(&file, &copies, &MIGRATIONS).unwrap();
        let newer = connect(&file).unwrap();
        newer.pragma_update(None, "user_version", 7).unwrap();
        let refused = prepare(&file, &copies, &MIGRATIONS).unwrap_err();
        assert!(
            matches!(refused, StoreError::NewerDatabase { found: 7, known: 2, .. }),
            "{refused:?}"
        );
    }

    #[test]
    fn a_file_that_is_no_database_is_damaged_and_stays_as_it_is() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("d.sqlite3");
        std::fs::write(
            &file,
            "dear diary, this is no database at all, not even a short one".repeat(40),
        )
        .unwrap();
        let before = std::fs::read(&file).unwrap();
        let refused = prepare(&file, &directory.path().join("copies"), &MIGRATIONS).unwrap_err();
        assert!(
            matches!(
                refused,
                StoreError::Database {
                    fault: StorageFault::Damaged,
                    ..
                }
            ),
            "{refused:?}"
        );
        assert_eq!(std::fs::read(&file).unwrap(), before);
    }
}
