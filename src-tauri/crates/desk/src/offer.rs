//! What an appointment for a service needs: a length, a buffer, and units of a resource. Pure, from the company file.

use frontdesk_company::{CompanyProfile, Resource, Service};
use frontdesk_store::agenda::{Booking, Occupied, Reservation};
use jiff::{SignedDuration, Timestamp};

/// What one appointment needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Id of the service.
    pub service: String,
    /// Its name.
    pub name: String,
    /// How long the customer's time is.
    pub length: SignedDuration,
    /// How long the resource stays occupied after that.
    pub buffer: SignedDuration,
    /// Name of the resource; empty where the company names none.
    pub resource: String,
    /// How many appointments the resource takes at the same time, at least 1.
    pub capacity: usize,
}

impl Offer {
    /// The offer for a service. The longest time of a range is reserved, so that the next customer never waits. A company without
    /// resources serves one customer at a time.
    #[must_use]
    pub fn of(company: &CompanyProfile, service: &Service) -> Self {
        let rules = &company.booking;
        let resource = needed_by(company, service);
        let minutes = |minutes: u32| SignedDuration::from_mins(i64::from(minutes));
        Self {
            service: service.id.to_string(),
            name: service.name.clone(),
            length: minutes(service.minutes.map_or(rules.usual_minutes, |range| range.longest()).0),
            buffer: minutes(service.buffer_minutes.unwrap_or(rules.buffer_minutes).0),
            resource: resource.map(|resource| resource.name.clone()).unwrap_or_default(),
            capacity: resource.map_or(1, |resource| resource.count.max(1) as usize),
        }
    }

    /// The offer for an appointment that was made before: as long and on what it was, whatever the company file says of its service now.
    #[must_use]
    pub fn again(company: &CompanyProfile, booking: &Booking) -> Self {
        let resource = resource_now(company, &booking.resource, &booking.service);
        Self {
            service: booking.service.clone(),
            name: booking.service_name.clone(),
            length: booking.starts_at.0.duration_until(booking.ends_at.0),
            buffer: booking.ends_at.0.duration_until(booking.occupied_until.0),
            resource: resource.map(|resource| resource.name.clone()).unwrap_or_default(),
            capacity: resource.map_or(1, |resource| resource.count.max(1) as usize),
        }
    }

    /// When units of its resource are taken, of all that is taken in the company.
    #[must_use]
    pub fn taken(&self, company: &CompanyProfile, reservations: &[Reservation]) -> Vec<Occupied> {
        reservations
            .iter()
            .filter(|reservation| {
                let resource = resource_now(company, &reservation.resource, &reservation.service);
                resource.map(|resource| resource.name.as_str()).unwrap_or_default() == self.resource
            })
            .map(|reservation| reservation.time)
            .collect()
    }

    /// When an appointment that begins at `start` ends.
    #[must_use]
    pub fn end(&self, start: Timestamp) -> Timestamp {
        start.saturating_add(self.length).unwrap_or(start)
    }

    /// Until when an appointment that begins at `start` occupies its resource.
    #[must_use]
    pub fn occupied_until(&self, start: Timestamp) -> Timestamp {
        let end = self.end(start);
        end.saturating_add(self.buffer).unwrap_or(end)
    }
}

fn needed_by<'c>(company: &'c CompanyProfile, service: &Service) -> Option<&'c Resource> {
    match &service.resource {
        Some(name) => company.resources.iter().find(|resource| resource.name == *name),
        None => company.resources.first(),
    }
}

/// What an appointment occupies that was made on `booked` for a service. When the company file has no such resource any more, because it was
/// renamed or taken out, it is what the service needs now, and else the first one: an appointment does not stop to count because the file
/// says it in another word.
fn resource_now<'c>(company: &'c CompanyProfile, booked: &str, service: &str) -> Option<&'c Resource> {
    let by_name = company.resources.iter().find(|resource| resource.name == booked);
    by_name
        .or_else(|| {
            let service = company.services.iter().find(|known| known.id.as_str() == service)?;
            needed_by(company, service)
        })
        .or_else(|| company.resources.first())
}
