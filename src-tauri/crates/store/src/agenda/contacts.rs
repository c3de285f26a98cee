//! The table of contacts: one function for each statement, on any connection.

use frontdesk_call::identity::WallTime;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::bookings::moment;
use super::{Contact, ContactPage, ContactTraces, folded};
use crate::database::ledger::from_sql;
use crate::history::{PAGE_LIMIT, PageRequest};

/// Columns that [`contact`] reads, in its order.
const COLUMNS: &str = "id, phone, name, email, notes, created_at, changed_at";

fn contact(row: &Row<'_>) -> rusqlite::Result<Contact> {
    Ok(Contact {
        id: row.get(0)?,
        phone: row.get(1)?,
        name: row.get(2)?,
        email: row.get(3)?,
        notes: row.get(4)?,
        created_at: row.get(5).map(moment)?,
        changed_at: row.get(6).map(moment)?,
    })
}

pub(super) fn by_phone(connection: &Connection, company: &str, phone: &str) -> rusqlite::Result<Option<Contact>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM contacts WHERE company = ?1 AND phone = ?2"
        ))?
        .query_row(params![company, phone], contact)
        .optional()
}

pub(super) fn list(
    connection: &Connection,
    company: &str,
    typed: &str,
    international: Option<&str>,
    page: PageRequest,
) -> rusqlite::Result<ContactPage> {
    // instr and not LIKE: what somebody types has no wildcards. A number in international form is compared from its begin.
    const FITS: &str =
        "company = ?1 AND (instr(folded(name), ?2) > 0 OR (?3 <> '' AND instr(phone, ?3) > 0) OR instr(phone, ?4) = 1
         OR ?2 = '')";
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let typed = folded(typed);
    let total = connection
        .prepare_cached(&format!("SELECT count(*) FROM contacts WHERE {FITS}"))?
        .query_row(params![company, typed, digits, international], |row| row.get(0))?;
    let contacts = connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM contacts WHERE {FITS} ORDER BY name COLLATE NOCASE, number LIMIT ?5 OFFSET ?6"
        ))?
        .query_map(
            params![
                company,
                typed,
                digits,
                international,
                page.limit.min(PAGE_LIMIT),
                page.offset
            ],
            contact,
        )?
        .collect::<Result<_, _>>()?;
    Ok(ContactPage {
        total: from_sql(total),
        contacts,
    })
}

pub(super) fn find_or_add(
    connection: &Connection,
    company: &str,
    phone: &str,
    name: &str,
    now: WallTime,
) -> rusqlite::Result<Contact> {
    let now = now.0.as_millisecond();
    connection
        .prepare_cached(
            "INSERT INTO contacts (id, company, phone, name, created_at, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)
             ON CONFLICT (company, phone) DO UPDATE SET name = excluded.name, changed_at = excluded.changed_at
             WHERE name = '' AND excluded.name <> ''",
        )?
        .execute(params![Uuid::now_v7().to_string(), company, phone, name, now])?;
    by_phone(connection, company, phone)?.ok_or(rusqlite::Error::QueryReturnedNoRows)
}

pub(super) fn edit(
    connection: &Connection,
    company: &str,
    edited: &Contact,
    now: WallTime,
) -> rusqlite::Result<Option<Contact>> {
    connection
        .prepare_cached(
            "UPDATE contacts SET name = ?3, email = ?4, notes = ?5, changed_at = ?6 WHERE company = ?1 AND id = ?2",
        )?
        .execute(params![
            company,
            edited.id,
            edited.name,
            edited.email,
            edited.notes,
            now.0.as_millisecond()
        ])?;
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM contacts WHERE company = ?1 AND id = ?2"
        ))?
        .query_row(params![company, edited.id], contact)
        .optional()
}

pub(super) fn traces(
    connection: &Connection,
    company: &str,
    id: &str,
    now: WallTime,
) -> rusqlite::Result<Option<ContactTraces>> {
    connection
        .prepare_cached(
            "SELECT (SELECT count(*) FROM bookings WHERE contact = contacts.number),
                 (SELECT count(*) FROM bookings WHERE contact = contacts.number AND cancelled = 0 AND ends_at > ?3)
             FROM contacts WHERE company = ?1 AND id = ?2",
        )?
        .query_row(params![company, id, now.0.as_millisecond()], |row| {
            Ok(ContactTraces {
                appointments: from_sql(row.get(0)?),
                to_come: from_sql(row.get(1)?),
            })
        })
        .optional()
}

pub(super) fn erase(
    connection: &Connection,
    company: &str,
    id: &str,
    now: WallTime,
) -> rusqlite::Result<Option<ContactTraces>> {
    let traces = traces(connection, company, id, now)?;
    for statement in [
        "DELETE FROM bookings WHERE contact = (SELECT number FROM contacts WHERE company = ?1 AND id = ?2)",
        "DELETE FROM contacts WHERE company = ?1 AND id = ?2",
    ] {
        connection.prepare_cached(statement)?.execute(params![company, id])?;
    }
    Ok(traces)
}
