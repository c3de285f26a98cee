//! The table of bookings: one function for each statement, on any connection.

use frontdesk_call::CallId;
use frontdesk_call::identity::WallTime;
use jiff::Timestamp;
use rusqlite::{Connection, Params, Row, named_params, params};
use uuid::Uuid;

use super::{Booking, NewBooking, Occupied, Place, Reservation};

/// Columns that [`booking`] reads, in its order.
const COLUMNS: &str = "bookings.id, confirmation, service, service_name, resource, starts_at, ends_at, occupied_until, contacts.id, \
     customer_name, contacts.phone, bookings.notes, cancelled, revision, call, bookings.created_at, bookings.changed_at";

/// A moment of the database.
pub(super) fn moment(milliseconds: i64) -> WallTime {
    WallTime(Timestamp::from_millisecond(milliseconds).unwrap_or_default())
}

fn booking(row: &Row<'_>) -> rusqlite::Result<Booking> {
    let time = |column| row.get(column).map(moment);
    Ok(Booking {
        id: row.get(0)?,
        confirmation: row.get(1)?,
        service: row.get(2)?,
        service_name: row.get(3)?,
        resource: row.get(4)?,
        starts_at: time(5)?,
        ends_at: time(6)?,
        occupied_until: time(7)?,
        contact: row.get(8)?,
        customer_name: row.get(9)?,
        customer_phone: row.get(10)?,
        notes: row.get(11)?,
        cancelled: row.get(12)?,
        revision: row.get(13)?,
        call: row.get::<_, Option<String>>(14)?.map(CallId::from_recorded),
        created_at: time(15)?,
        changed_at: time(16)?,
    })
}

fn select(connection: &Connection, condition: &str, parameters: impl Params) -> rusqlite::Result<Vec<Booking>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM bookings JOIN contacts ON contacts.number = bookings.contact
             WHERE {condition} ORDER BY starts_at, bookings.number"
        ))?
        .query_map(parameters, booking)?
        .collect()
}

pub(super) fn reservations(
    connection: &Connection,
    company: &str,
    span: Occupied,
    except: Option<&str>,
) -> rusqlite::Result<Vec<Reservation>> {
    connection
        .prepare_cached(
            "SELECT resource, service, starts_at, occupied_until FROM bookings
             WHERE company = :company AND cancelled = 0
               AND starts_at < :until AND occupied_until > :from AND id IS NOT :except
             ORDER BY starts_at",
        )?
        .query_map(
            named_params! {
                ":company": company, ":from": span.from.0.as_millisecond(),
                ":until": span.until.0.as_millisecond(), ":except": except,
            },
            |row| {
                Ok(Reservation {
                    resource: row.get(0)?,
                    service: row.get(1)?,
                    time: Occupied {
                        from: moment(row.get(2)?),
                        until: moment(row.get(3)?),
                    },
                })
            },
        )?
        .collect()
}

pub(super) fn between(
    connection: &Connection,
    company: &str,
    span: Occupied,
    with_cancelled: bool,
) -> rusqlite::Result<Vec<Booking>> {
    select(
        connection,
        "bookings.company = ?1 AND starts_at < ?2 AND ends_at > ?3 AND cancelled <= ?4",
        params![
            company,
            span.until.0.as_millisecond(),
            span.from.0.as_millisecond(),
            with_cancelled
        ],
    )
}

pub(super) fn of_contact(
    connection: &Connection,
    company: &str,
    contact: &str,
    after: WallTime,
) -> rusqlite::Result<Vec<Booking>> {
    select(
        connection,
        "bookings.company = ?1 AND contacts.id = ?2 AND ends_at > ?3 AND cancelled = 0",
        params![company, contact, after.0.as_millisecond()],
    )
}

/// The one booking of a company with `value` in a column.
fn one(connection: &Connection, company: &str, condition: &str, value: &str) -> rusqlite::Result<Option<Booking>> {
    let found = select(
        connection,
        &format!("bookings.company = ?1 AND {condition}"),
        params![company, value],
    )?;
    Ok(found.into_iter().next())
}

pub(super) fn by_id(connection: &Connection, company: &str, id: &str) -> rusqlite::Result<Option<Booking>> {
    one(connection, company, "bookings.id = ?2", id)
}

pub(super) fn by_confirmation(
    connection: &Connection,
    company: &str,
    confirmation: &str,
) -> rusqlite::Result<Option<Booking>> {
    one(connection, company, "confirmation = ?2", confirmation)
}

pub(super) fn by_request(connection: &Connection, company: &str, key: &str) -> rusqlite::Result<Option<Booking>> {
    one(connection, company, "request_key = ?2 AND cancelled = 0", key)
}

/// What was just written under this id.
fn written(connection: &Connection, company: &str, id: &str) -> rusqlite::Result<Booking> {
    by_id(connection, company, id)?.ok_or(rusqlite::Error::QueryReturnedNoRows)
}

pub(super) fn insert(
    connection: &Connection,
    company: &str,
    new: &NewBooking,
    now: WallTime,
) -> rusqlite::Result<Booking> {
    let id = Uuid::now_v7().to_string();
    connection
        .prepare_cached(
            "INSERT INTO bookings (id, company, confirmation, service, service_name, resource, starts_at, ends_at, occupied_until,
                 contact, customer_name, notes, request_key, call, created_at, changed_at)
             VALUES (:id, :company, :confirmation, :service, :service_name, :resource, :starts_at, :ends_at, :occupied_until,
                 (SELECT number FROM contacts WHERE id = :contact AND company = :company), :customer_name, :notes, :request_key, :call,
                 :now, :now)",
        )?
        .execute(named_params! {
            ":id": id, ":company": company, ":confirmation": new.confirmation, ":service": new.service,
            ":service_name": new.service_name, ":resource": new.place.resource,
            ":starts_at": new.place.starts_at.0.as_millisecond(), ":ends_at": new.place.ends_at.0.as_millisecond(),
            ":occupied_until": new.place.occupied_until.0.as_millisecond(), ":contact": new.contact,
            ":customer_name": new.customer_name, ":notes": new.notes, ":request_key": new.request_key,
            ":call": new.call.as_ref().map(CallId::as_str), ":now": now.0.as_millisecond(),
        })?;
    written(connection, company, &id)
}

pub(super) fn relocate(
    connection: &Connection,
    company: &str,
    id: &str,
    place: &Place,
    now: WallTime,
) -> rusqlite::Result<Option<Booking>> {
    // The request that made it asked for the old time: the same request may be made again.
    let changed = connection
        .prepare_cached(
            "UPDATE bookings SET resource = ?3, starts_at = ?4, ends_at = ?5, occupied_until = ?6, request_key = NULL,
                 revision = revision + 1, changed_at = ?7
             WHERE company = ?1 AND id = ?2 AND cancelled = 0",
        )?
        .execute(params![
            company,
            id,
            place.resource,
            place.starts_at.0.as_millisecond(),
            place.ends_at.0.as_millisecond(),
            place.occupied_until.0.as_millisecond(),
            now.0.as_millisecond()
        ])?;
    (changed > 0).then(|| written(connection, company, id)).transpose()
}

pub(super) fn cancel(
    connection: &Connection,
    company: &str,
    id: &str,
    now: WallTime,
) -> rusqlite::Result<Option<Booking>> {
    connection
        .prepare_cached(
            "UPDATE bookings SET cancelled = 1, revision = revision + 1, changed_at = ?3
             WHERE company = ?1 AND id = ?2 AND cancelled = 0",
        )?
        .execute(params![company, id, now.0.as_millisecond()])?;
    by_id(connection, company, id)
}
