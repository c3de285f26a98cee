//! One state of a company's agenda, and one change of it: SQLite's answers with the company and the file's name for errors filled in.

use std::ops::Deref;
use std::path::Path;

use frontdesk_call::identity::WallTime;
use rusqlite::Connection;

use super::{
    Booking, Contact, ContactPage, ContactTraces, NewBooking, Occupied, Place, Reservation, bookings, contacts,
};
use crate::error::StoreError;
use crate::history::PageRequest;

/// One state of the agenda, to look at.
pub struct AgendaView<'c> {
    connection: &'c Connection,
    company: &'c str,
    file: &'c Path,
}

impl<'c> AgendaView<'c> {
    pub(super) fn new(connection: &'c Connection, company: &'c str, file: &'c Path) -> Self {
        Self {
            connection,
            company,
            file,
        }
    }

    fn answer<T>(&self, task: &'static str, result: rusqlite::Result<T>) -> Result<T, StoreError> {
        result.map_err(|error| StoreError::sqlite(task, self.file, &error))
    }

    /// What is taken within `span`, in the order in which it begins; `except` names a booking that does not count.
    ///
    /// # Errors
    /// When the database cannot be read; so below.
    pub fn reservations(&self, span: Occupied, except: Option<&str>) -> Result<Vec<Reservation>, StoreError> {
        self.answer(
            "read",
            bookings::reservations(self.connection, self.company, span, except),
        )
    }

    /// The bookings that begin or run within `span`, in order of time. Cancelled ones only when asked for.
    ///
    /// # Errors
    /// See [`AgendaView::reservations`].
    pub fn bookings(&self, span: Occupied, with_cancelled: bool) -> Result<Vec<Booking>, StoreError> {
        self.answer(
            "read",
            bookings::between(self.connection, self.company, span, with_cancelled),
        )
    }

    /// The bookings of a contact that end after `after`, in order of time, cancelled ones not.
    ///
    /// # Errors
    /// See [`AgendaView::reservations`].
    pub fn bookings_of(&self, contact: &str, after: WallTime) -> Result<Vec<Booking>, StoreError> {
        self.answer(
            "read",
            bookings::of_contact(self.connection, self.company, contact, after),
        )
    }

    /// The booking with this id.
    ///
    /// # Errors
    /// See [`AgendaView::reservations`].
    pub fn booking(&self, id: &str) -> Result<Option<Booking>, StoreError> {
        self.answer("read", bookings::by_id(self.connection, self.company, id))
    }

    /// The booking with this confirmation number.
    ///
    /// # Errors
    /// See [`AgendaView::reservations`].
    pub fn confirmed(&self, confirmation: &str) -> Result<Option<Booking>, StoreError> {
        self.answer(
            "read",
            bookings::by_confirmation(self.connection, self.company, confirmation),
        )
    }

    /// The booking that an earlier request with this key made, unless it was cancelled since.
    ///
    /// # Errors
    /// See [`AgendaView::reservations`].
    pub fn requested(&self, key: &str) -> Result<Option<Booking>, StoreError> {
        self.answer("read", bookings::by_request(self.connection, self.company, key))
    }

    /// The contact with this phone number.
    ///
    /// # Errors
    /// See [`AgendaView::reservations`].
    pub fn contact(&self, phone: &str) -> Result<Option<Contact>, StoreError> {
        self.answer("read", contacts::by_phone(self.connection, self.company, phone))
    }

    /// The contacts whose name or number contains `typed`, or whose number begins with `international`, by name; all for an empty text.
    ///
    /// # Errors
    /// See [`AgendaView::reservations`].
    pub fn contacts(
        &self,
        typed: &str,
        international: Option<&str>,
        page: PageRequest,
    ) -> Result<ContactPage, StoreError> {
        self.answer(
            "read",
            contacts::list(self.connection, self.company, typed, international, page),
        )
    }

    /// What is kept of a contact beside its own entry. `None` when there is no such contact.
    ///
    /// # Errors
    /// See [`AgendaView::reservations`].
    pub fn contact_traces(&self, id: &str, now: WallTime) -> Result<Option<ContactTraces>, StoreError> {
        self.answer("read", contacts::traces(self.connection, self.company, id, now))
    }
}

/// One change of the agenda; everything that can be asked of a state can be asked in it too.
pub struct AgendaEdit<'c> {
    view: AgendaView<'c>,
}

impl<'c> Deref for AgendaEdit<'c> {
    type Target = AgendaView<'c>;

    fn deref(&self) -> &AgendaView<'c> {
        &self.view
    }
}

impl<'c> AgendaEdit<'c> {
    pub(super) fn new(connection: &'c Connection, company: &'c str, file: &'c Path) -> Self {
        Self {
            view: AgendaView::new(connection, company, file),
        }
    }

    /// Writes a new booking down.
    ///
    /// # Errors
    /// When the database cannot be written, also when the confirmation number or the request key is taken; so below.
    pub fn add(&self, booking: &NewBooking, now: WallTime) -> Result<Booking, StoreError> {
        let written = bookings::insert(self.connection, self.company, booking, now);
        self.answer("write", written)
    }

    /// Gives a booking another place and free time its old one. `None` when there is no such booking or it was cancelled.
    ///
    /// # Errors
    /// See [`AgendaEdit::add`].
    pub fn relocate(&self, id: &str, place: &Place, now: WallTime) -> Result<Option<Booking>, StoreError> {
        let moved = bookings::relocate(self.connection, self.company, id, place, now);
        self.answer("write", moved)
    }

    /// Calls a booking off; once more changes nothing. `None` when there is no such booking.
    ///
    /// # Errors
    /// See [`AgendaEdit::add`].
    pub fn cancel(&self, id: &str, now: WallTime) -> Result<Option<Booking>, StoreError> {
        let cancelled = bookings::cancel(self.connection, self.company, id, now);
        self.answer("write", cancelled)
    }

    /// The contact with this phone number, made if needed. A name that is given replaces an empty one only: what somebody wrote into the
    /// book by hand is not overwritten by what was heard.
    ///
    /// # Errors
    /// See [`AgendaEdit::add`].
    pub fn find_or_add_contact(&self, phone: &str, name: &str, now: WallTime) -> Result<Contact, StoreError> {
        let contact = contacts::find_or_add(self.connection, self.company, phone, name, now);
        self.answer("write", contact)
    }

    /// Replaces name, e-mail address and notes of a contact. `None` when there is no such contact.
    ///
    /// # Errors
    /// See [`AgendaEdit::add`].
    pub fn edit_contact(&self, edited: &Contact, now: WallTime) -> Result<Option<Contact>, StoreError> {
        let contact = contacts::edit(self.connection, self.company, edited, now);
        self.answer("write", contact)
    }

    /// Erases a contact and all its bookings, and answers what that was. `None` when there was no such contact.
    ///
    /// # Errors
    /// See [`AgendaEdit::add`].
    pub fn erase_contact(&self, id: &str, now: WallTime) -> Result<Option<ContactTraces>, StoreError> {
        let erased = contacts::erase(self.connection, self.company, id, now);
        self.answer("write", erased)
    }
}
