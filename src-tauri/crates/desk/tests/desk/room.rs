//! A desk with an empty database on a Monday morning, for the tests.

use std::sync::Arc;

use frontdesk_call::CallId;
use frontdesk_call::identity::WallTime;
use frontdesk_company::CompanyProfile;
use frontdesk_desk::{BookingRequest, Desk, DeskError, Origin};
use frontdesk_store::Database;
use frontdesk_store::agenda::Booking;
use jiff::Timestamp;
use jiff::civil::{DateTime, date};
use tempfile::TempDir;

/// The sample company's desk.
pub struct Room {
    /// The desk.
    pub desk: Desk,
    /// Where its appointments are.
    pub database: Database,
    call: CallId,
    _directory: TempDir,
}

impl Room {
    /// With the sample as it is.
    pub fn new() -> Self {
        Self::with(|_| ())
    }

    /// With a changed sample.
    pub fn with(change: impl FnOnce(&mut CompanyProfile)) -> Self {
        let mut company = frontdesk_company::sample().unwrap();
        change(&mut company);
        let directory = tempfile::tempdir().unwrap();
        let database = Database::open(directory.path()).unwrap();
        Self {
            desk: Desk::new(&database, Arc::new(company)),
            database,
            call: CallId::random(),
            _directory: directory,
        }
    }

    /// The present moment: Monday, November 23, 2026, 9:00 in Chicago.
    pub fn now(&self) -> Timestamp {
        self.at("2026-11-23T09:00")
    }

    /// A moment on the company's clocks.
    pub fn at(&self, wall: &str) -> Timestamp {
        let wall: DateTime = wall.parse().unwrap();
        self.desk.moment(wall.date(), wall.time()).unwrap()
    }

    /// What the company's clocks show.
    pub fn local(&self, moment: WallTime) -> String {
        let zone = self.desk.company().time_zone.rules();
        zone.to_datetime(moment.0).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// A wish of the one call of this room.
    pub fn wish(&self, service: &str, start: &str, name: &str, phone: &str) -> BookingRequest {
        BookingRequest {
            service: service.to_owned(),
            start: self.at(start),
            name: name.to_owned(),
            phone: phone.to_owned(),
            notes: String::new(),
            origin: Origin::Call(self.call.clone()),
        }
    }

    /// Asks for an appointment.
    pub async fn book(&self, service: &str, start: &str, name: &str, phone: &str) -> Result<Booking, DeskError> {
        let booked = self
            .desk
            .book(self.wish(service, start, name, phone), self.now())
            .await?;
        Ok(booked.booking)
    }

    /// Every appointment, cancelled ones too.
    pub async fn all(&self) -> Vec<Booking> {
        self.desk
            .bookings(date(2026, 1, 1), date(2028, 1, 1), true)
            .await
            .unwrap()
    }
}
