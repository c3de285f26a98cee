//! What an appointment for a service needs: a length, a buffer, and units of a resource. Pure, from the company file.

use frontdesk_company::{CompanyProfile, Service};
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
        let resource = match &service.resource {
            Some(name) => company.resources.iter().find(|resource| resource.name == *name),
            None => company.resources.first(),
        };
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
