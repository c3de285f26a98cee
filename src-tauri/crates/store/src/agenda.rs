//! The agenda of one company: its bookings and its contact book. Async and cheap to clone; the work is done on tokio's blocking threads.
//!
//! Knows rows and transactions. What may be booked is the desk's business: it asks and decides inside one [`Agenda::change`], so that
//! nobody books between its question and its answer, in this process or another.

mod bookings;
pub(crate) mod connection;
mod contacts;
mod folding;
#[cfg(test)]
mod tests;
mod view;

use std::sync::Arc;
use std::time::{Duration, Instant};

use frontdesk_call::CallId;
use frontdesk_call::identity::WallTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::database::Database;
use crate::database::readers::ReadError;
use crate::error::StoreError;
pub use folding::folded;
pub use view::{AgendaEdit, AgendaView};

/// One appointment. Times are UTC with milliseconds; the company's zone turns them into days and hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "store.ts", rename_all = "camelCase")]
pub struct Booking {
    /// Names it for ever, also in calendar files.
    pub id: String,
    /// The digits that the customer was told.
    pub confirmation: String,
    /// Id of the service in the company file.
    pub service: String,
    /// Name of the service when it was booked.
    pub service_name: String,
    /// Name of what it occupies; empty where the company names no resources.
    pub resource: String,
    /// When it begins.
    pub starts_at: WallTime,
    /// When it ends.
    pub ends_at: WallTime,
    /// Until when the resource is occupied, at least to the end.
    pub occupied_until: WallTime,
    /// Id of the contact.
    pub contact: String,
    /// Whom it is for.
    pub customer_name: String,
    /// The contact's phone number.
    pub customer_phone: String,
    /// What else was said, possibly empty.
    pub notes: String,
    /// It was called off; its time is free.
    pub cancelled: bool,
    /// How often it was changed, from 0.
    #[ts(type = "number")]
    pub revision: u32,
    /// The call that made it; absent when it was made by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub call: Option<CallId>,
    /// When it was made.
    pub created_at: WallTime,
    /// When it was last changed.
    pub changed_at: WallTime,
}

/// An appointment that is to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBooking {
    /// Digits for the customer, unique in the company.
    pub confirmation: String,
    /// Id of the service.
    pub service: String,
    /// Its name now.
    pub service_name: String,
    /// What it occupies.
    pub place: Place,
    /// Id of the contact.
    pub contact: String,
    /// Whom it is for.
    pub customer_name: String,
    /// What else was said.
    pub notes: String,
    /// What a repeated request has in common with the first one.
    pub request_key: Option<String>,
    /// The call that asks.
    pub call: Option<CallId>,
}

/// Where on the agenda an appointment stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Name of the resource.
    pub resource: String,
    /// Begin, before the end.
    pub starts_at: WallTime,
    /// End.
    pub ends_at: WallTime,
    /// Until when the resource is occupied, at least to the end.
    pub occupied_until: WallTime,
}

/// A time in which one of a resource's units is taken, the end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occupied {
    /// From this moment.
    pub from: WallTime,
    /// To before this moment.
    pub until: WallTime,
}

/// What a booking occupies: of which resource, for which service, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// Name of the resource when it was booked.
    pub resource: String,
    /// Id of the service.
    pub service: String,
    /// When one of the resource's units is taken.
    pub time: Occupied,
}

/// One person in the contact book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "store.ts", rename_all = "camelCase")]
pub struct Contact {
    /// Names the contact for ever.
    pub id: String,
    /// Phone number in the form in which it is compared; unique in the company.
    pub phone: String,
    /// Name, possibly empty.
    pub name: String,
    /// E-mail address, possibly empty.
    pub email: String,
    /// What else is known, possibly empty.
    pub notes: String,
    /// When it was made.
    pub created_at: WallTime,
    /// When it was last changed.
    pub changed_at: WallTime,
}

/// What is kept of a contact beside its own entry, and goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "store.ts", rename_all = "camelCase")]
pub struct ContactTraces {
    /// Appointments in all, past and cancelled ones too.
    #[ts(type = "number")]
    pub appointments: u64,
    /// Those of them that are still to come.
    #[ts(type = "number")]
    pub to_come: u64,
}

/// A part of the contact book, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "store.ts", rename_all = "camelCase")]
pub struct ContactPage {
    /// Contacts that fit in all.
    #[ts(type = "number")]
    pub total: u64,
    /// The asked part.
    pub contacts: Vec<Contact>,
}

/// How long a change waits for others and other processes when nobody said by when it has to be done.
const PATIENCE: Duration = Duration::from_secs(20);

/// The agenda of one company.
#[derive(Clone, Debug)]
pub struct Agenda {
    database: Database,
    company: Arc<str>,
    deadline: Option<Instant>,
}

impl Agenda {
    pub(crate) fn new(database: Database, company: &str) -> Self {
        Self {
            database,
            company: company.into(),
            deadline: None,
        }
    }

    /// The same agenda for somebody who waits until `deadline` only: no change through it is written later.
    #[must_use]
    pub fn until(&self, deadline: Instant) -> Self {
        Self {
            deadline: Some(deadline),
            ..self.clone()
        }
    }

    /// Looks at one state of the agenda.
    ///
    /// # Errors
    /// What `look` answers, or when the database cannot be read.
    pub async fn read<T, F>(&self, look: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&AgendaView<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let (company, file) = (Arc::clone(&self.company), self.database.file().to_owned());
        self.database
            .readers()
            .read(move |connection| {
                // One snapshot, whatever is asked of it.
                let snapshot = connection.unchecked_transaction()?;
                look(&AgendaView::new(&snapshot, &company, &file)).map_err(ReadError::Store)
            })
            .await
    }

    /// Changes the agenda: whole when `work` succeeds, else not at all. Nothing else is written between what `work` reads and what it
    /// writes. Waits for other processes until the deadline, 20 s where there is none.
    ///
    /// # Errors
    /// What `work` answers, or when the database cannot be written, or not in time. Nothing was changed then.
    pub async fn change<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&AgendaEdit<'_>) -> Result<T, E> + Send + 'static,
    {
        let connection = self.database.agenda_connection();
        let (company, file) = (Arc::clone(&self.company), self.database.file().to_owned());
        let deadline = self.deadline.unwrap_or_else(|| Instant::now() + PATIENCE);
        connection
            .change(deadline, move |transaction| {
                work(&AgendaEdit::new(transaction, &company, &file))
            })
            .await
    }
}
