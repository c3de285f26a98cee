//! Appointments as an iCalendar file (RFC 5545) for any calendar program. Pure.
//!
//! Times are UTC, which every program shows in its own zone and which needs no time zone table in the file. An appointment keeps its
//! identity and counts its changes, so that importing a newer file moves it instead of adding a second one.

use frontdesk_company::CompanyProfile;
use frontdesk_store::agenda::Booking;
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};
use jiff::Timestamp;

use crate::text;

/// The file of these appointments, cancelled ones marked as such. `now` is when the file is made.
#[must_use]
pub fn write(company: &CompanyProfile, bookings: &[Booking], now: Timestamp) -> String {
    // Not `new`, which names the library as the program that made the file; RFC 5545 §3.7.3 allows one name.
    let mut calendar = Calendar::empty();
    for (name, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//Frontdesk//Frontdesk//EN"),
        ("CALSCALE", "GREGORIAN"),
    ] {
        calendar.append_property(Property::new(name, value));
    }
    calendar.name(&company.name);
    for booking in bookings {
        calendar.push(event(company, booking, now));
    }
    calendar.to_string()
}

fn event(company: &CompanyProfile, booking: &Booking, now: Timestamp) -> Event {
    let mut event = Event::new();
    event
        .uid(&booking.id)
        .sequence(booking.revision)
        .add_property("DTSTAMP", utc(now))
        .add_property("CREATED", utc(booking.created_at.0))
        .add_property("LAST-MODIFIED", utc(booking.changed_at.0))
        .add_property("DTSTART", utc(booking.starts_at.0))
        .add_property("DTEND", utc(booking.ends_at.0))
        .summary(&text::one_line(&format!(
            "{}: {}",
            booking.service_name, booking.customer_name
        )))
        .description(&description(booking))
        .status(if booking.cancelled {
            EventStatus::Cancelled
        } else {
            EventStatus::Confirmed
        });
    if let Some(address) = &company.contact.address {
        event.location(address);
    }
    event.done()
}

fn description(booking: &Booking) -> String {
    let mut lines = vec![
        format!("Confirmation number {}", booking.confirmation),
        format!("Phone {}", booking.customer_phone),
    ];
    if !booking.notes.is_empty() {
        lines.push(text::lines(&booking.notes));
    }
    lines.join("\n")
}

/// RFC 5545 §3.3.5, form 2.
fn utc(moment: Timestamp) -> String {
    moment.strftime("%Y%m%dT%H%M%SZ").to_string()
}
