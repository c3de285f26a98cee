//! The desk of one company: asks the agenda, applies the rules, writes down. Async; runs on the caller's runtime, cheap to clone.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use frontdesk_call::CallId;
use frontdesk_call::identity::WallTime;
use frontdesk_company::{CompanyProfile, WallClock};
use frontdesk_store::agenda::{Agenda, Booking, Contact, ContactPage, NewBooking, Occupied, Place, folded};
use frontdesk_store::history::PageRequest;
use frontdesk_store::{Database, StoreError};
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::offer::Offer;
use crate::refusal::{DeskError, Refusal};
use crate::slots::{self, Asker};
use crate::{confirmation, phone};

/// Most free starts that one question gets.
pub const STARTS_LIMIT: usize = 400;
/// How far a search for the next free time looks, beyond the window that was asked for.
const SEARCH_AHEAD: SignedDuration = SignedDuration::from_hours(24 * 60);

/// The desk of one company.
#[derive(Clone, Debug)]
pub struct Desk {
    agenda: Agenda,
    company: Arc<CompanyProfile>,
}

/// Who asks for an appointment, and through what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A customer on the line.
    Call(CallId),
    /// Somebody at the desk, by hand.
    Hand,
}

impl Origin {
    fn asker(&self) -> Asker {
        match self {
            Self::Call(_) => Asker::Customer,
            Self::Hand => Asker::Owner,
        }
    }
}

/// A wish for an appointment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookingRequest {
    /// Id, name or alias of the service.
    pub service: String,
    /// When it shall begin.
    pub start: Timestamp,
    /// Whom it is for.
    pub name: String,
    /// How to reach them, in any form.
    pub phone: String,
    /// What else was said, possibly empty.
    pub notes: String,
    /// Who asks.
    pub origin: Origin,
}

/// An appointment that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booked {
    /// The appointment.
    pub booking: Booking,
    /// An earlier request of the same call had made it; nothing was added.
    pub already: bool,
}

/// When a service can be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Availability {
    /// What was asked for.
    pub offer: Offer,
    /// Free starts within the window, earliest first, at most [`STARTS_LIMIT`].
    pub starts: Vec<Timestamp>,
    /// The first free start after the window's begin, also beyond its end; `None` when there is none for two months.
    pub next: Option<Timestamp>,
    /// The company is not open at any time of the window.
    pub closed: bool,
}

impl Desk {
    /// The desk of `company`, whose bookings are in `database`.
    #[must_use]
    pub fn new(database: &Database, company: Arc<CompanyProfile>) -> Self {
        Self {
            agenda: database.agenda(company.id.as_str()),
            company,
        }
    }

    /// The same desk for somebody who waits until `deadline` only: nothing is booked, moved or cancelled through it later.
    #[must_use]
    pub fn until(&self, deadline: Instant) -> Self {
        Self {
            agenda: self.agenda.until(deadline),
            company: Arc::clone(&self.company),
        }
    }

    /// Whose desk it is.
    #[must_use]
    pub fn company(&self) -> &Arc<CompanyProfile> {
        &self.company
    }

    /// The moment that a date and a time on the company's clocks name.
    ///
    /// # Errors
    /// [`Refusal::NoSuchTime`] for a time that the clocks skip.
    pub fn moment(&self, date: Date, time: Time) -> Result<Timestamp, Refusal> {
        match self.company.moment_of(date, time) {
            WallClock::At(moment) => Ok(moment),
            WallClock::Skipped => Err(Refusal::NoSuchTime),
        }
    }

    /// When `service` can be had within `window`, for a customer who asks at `now`.
    ///
    /// # Errors
    /// [`Refusal::UnknownService`], or when the database cannot be read.
    pub async fn availability(
        &self,
        service: &str,
        window: Range<Timestamp>,
        now: Timestamp,
    ) -> Result<Availability, DeskError> {
        let offer = self.offer(service)?;
        let company = Arc::clone(&self.company);
        let beyond = window
            .end
            .max(now)
            .saturating_add(SEARCH_AHEAD)
            .unwrap_or(Timestamp::MAX);
        let availability = self.agenda.read(move |view| {
            // Bookings last a week at most, and the query finds what runs into the span.
            let span = Occupied {
                from: WallTime(window.start),
                until: WallTime(offer.occupied_until(beyond)),
            };
            let taken = view.occupied(&offer.resource, span, None)?;
            let starts = slots::free_starts(&company, &offer, window.clone(), now, &taken)
                .take(STARTS_LIMIT)
                .collect::<Vec<_>>();
            let next = starts
                .first()
                .copied()
                .or_else(|| slots::free_starts(&company, &offer, window.start..beyond, now, &taken).next());
            let closed = company.stretches_between(window.start, window.end).is_empty();
            Ok(Availability {
                offer,
                starts,
                next,
                closed,
            })
        });
        Ok(availability.await?)
    }

    /// Makes an appointment. The same wish for the same person in the same call, repeated, finds the appointment that it made.
    ///
    /// # Errors
    /// The [`Refusal`] of the first rule that forbids it, or when the database cannot be written.
    pub async fn book(&self, request: BookingRequest, now: Timestamp) -> Result<Booked, DeskError> {
        let offer = self.offer(&request.service)?;
        let phone = phone::normalise(&self.company, &request.phone)?;
        let name = request.name.trim().to_owned();
        if name.is_empty() {
            return Err(Refusal::NoName.into());
        }
        let asker = request.origin.asker();
        let call = match &request.origin {
            Origin::Call(call) => Some(call.clone()),
            Origin::Hand => None,
        };
        // The name is in it: mother and daughter may come at the same time and have one telephone.
        let key = call.as_ref().map(|call| {
            let (service, start, party) = (&offer.service, request.start, folded(&name));
            format!("{call} {service} {phone} {start} {party}")
        });
        let company = Arc::clone(&self.company);
        self.agenda
            .change(move |edit| {
                if let Some(key) = &key
                    && let Some(made) = edit.requested(key)?
                {
                    return Ok(Booked {
                        booking: made,
                        already: true,
                    });
                }
                slots::check_rules(&company, &offer, request.start, asker, now)?;
                let place = free_place(&offer, request.start, |span| edit.occupied(&offer.resource, span, None))?;
                let contact = edit.find_or_add_contact(&phone, &name, WallTime(now))?;
                let confirmation = loop {
                    let drawn = confirmation::draw(&mut rand::rng());
                    if edit.confirmed(&drawn)?.is_none() {
                        break drawn;
                    }
                };
                let booking = NewBooking {
                    confirmation,
                    service: offer.service,
                    service_name: offer.name,
                    place,
                    contact: contact.id,
                    customer_name: name,
                    notes: request.notes,
                    request_key: key,
                    call,
                };
                Ok(Booked {
                    booking: edit.add(&booking, WallTime(now))?,
                    already: false,
                })
            })
            .await
    }

    /// Gives an appointment another begin. Its own old time does not stand in its way.
    ///
    /// # Errors
    /// [`Refusal::NoSuchBooking`], the rule that forbids the new time, or when the database cannot be written.
    pub async fn reschedule(
        &self,
        id: &str,
        start: Timestamp,
        asker: Asker,
        now: Timestamp,
    ) -> Result<Booking, DeskError> {
        let (id, company) = (id.to_owned(), Arc::clone(&self.company));
        self.agenda
            .change(move |edit| {
                let booking = edit
                    .booking(&id)?
                    .filter(|booking| !booking.cancelled)
                    .ok_or(Refusal::NoSuchBooking)?;
                let offer = offer_again(&company, &booking);
                if start == booking.starts_at.0 {
                    return Ok(booking);
                }
                slots::check_rules(&company, &offer, start, asker, now)?;
                let place = free_place(&offer, start, |span| edit.occupied(&offer.resource, span, Some(&id)))?;
                edit.relocate(&id, &place, WallTime(now))?
                    .ok_or_else(|| Refusal::NoSuchBooking.into())
            })
            .await
    }

    /// Calls an appointment off; once more changes nothing.
    ///
    /// # Errors
    /// [`Refusal::NoSuchBooking`], or when the database cannot be written.
    pub async fn cancel(&self, id: &str, now: Timestamp) -> Result<Booking, DeskError> {
        let id = id.to_owned();
        self.agenda
            .change(move |edit| {
                edit.cancel(&id, WallTime(now))?
                    .ok_or_else(|| Refusal::NoSuchBooking.into())
            })
            .await
    }

    /// The appointment with a confirmation number, as it was said or typed; cancelled ones not.
    ///
    /// # Errors
    /// [`Refusal::NoSuchBooking`], or when the database cannot be read.
    pub async fn confirmed(&self, number: &str) -> Result<Booking, DeskError> {
        let number = confirmation::recognise(number).ok_or(Refusal::NoSuchBooking)?;
        self.agenda
            .read(move |view| view.confirmed(&number))
            .await?
            .filter(|booking| !booking.cancelled)
            .ok_or_else(|| Refusal::NoSuchBooking.into())
    }

    /// The appointments of some dates on the company's calendar, in order of time.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn bookings(&self, first: Date, last: Date, with_cancelled: bool) -> Result<Vec<Booking>, DeskError> {
        let midnight = |date: Date| {
            let zone = self.company.time_zone.rules();
            zone.to_ambiguous_timestamp(date.to_datetime(Time::midnight()))
                .compatible()
                .ok()
        };
        let from = midnight(first).unwrap_or(Timestamp::MIN);
        let until = midnight(last.saturating_add(1.day())).unwrap_or(Timestamp::MAX);
        let span = Occupied {
            from: WallTime(from),
            until: WallTime(until),
        };
        Ok(self
            .agenda
            .read(move |view| view.bookings(span, with_cancelled))
            .await?)
    }

    /// The contact with a phone number in any form, with the appointments that are still to come.
    ///
    /// # Errors
    /// [`Refusal::NoPhoneNumber`], or when the database cannot be read.
    pub async fn customer(&self, number: &str, now: Timestamp) -> Result<Option<(Contact, Vec<Booking>)>, DeskError> {
        let number = phone::normalise(&self.company, number)?;
        let found = self.agenda.read(move |view| {
            let Some(contact) = view.contact(&number)? else {
                return Ok(None);
            };
            let bookings = view.bookings_of(&contact.id, WallTime(now))?;
            Ok(Some((contact, bookings)))
        });
        Ok(found.await?)
    }

    /// A part of the contact book: whose name or number contains `typed`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn contacts(&self, typed: &str, page: PageRequest) -> Result<ContactPage, DeskError> {
        let typed = typed.to_owned();
        Ok(self.agenda.read(move |view| view.contacts(&typed, page)).await?)
    }

    /// The contact with this number, made with this name if it is new.
    ///
    /// # Errors
    /// [`Refusal::NoPhoneNumber`], or when the database cannot be written.
    pub async fn find_or_add_contact(&self, name: &str, number: &str, now: Timestamp) -> Result<Contact, DeskError> {
        let number = phone::normalise(&self.company, number)?;
        let name = name.trim().to_owned();
        self.agenda
            .change(move |edit| Ok(edit.find_or_add_contact(&number, &name, WallTime(now))?))
            .await
    }

    /// Replaces name, e-mail address and notes of a contact; `None` when it is gone.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn edit_contact(&self, edited: Contact, now: Timestamp) -> Result<Option<Contact>, DeskError> {
        self.agenda
            .change(move |edit| Ok(edit.edit_contact(&edited, WallTime(now))?))
            .await
    }

    fn offer(&self, service: &str) -> Result<Offer, Refusal> {
        self.company
            .service_named(service)
            .map(|service| Offer::of(&self.company, service))
            .ok_or_else(|| Refusal::UnknownService {
                asked: service.trim().to_owned(),
            })
    }
}

/// What an appointment needs that was made before: as long and on what it was, whatever the company file says of its service now.
fn offer_again(company: &CompanyProfile, booking: &Booking) -> Offer {
    let resource = company
        .resources
        .iter()
        .find(|resource| resource.name == booking.resource);
    Offer {
        service: booking.service.clone(),
        name: booking.service_name.clone(),
        length: booking.starts_at.0.duration_until(booking.ends_at.0),
        buffer: booking.ends_at.0.duration_until(booking.occupied_until.0),
        resource: booking.resource.clone(),
        capacity: resource.map_or(1, |resource| resource.count.max(1) as usize),
    }
}

/// The place from `start`, when there is room.
fn free_place(
    offer: &Offer,
    start: Timestamp,
    occupied: impl FnOnce(Occupied) -> Result<Vec<Occupied>, StoreError>,
) -> Result<Place, DeskError> {
    let place = Place {
        resource: offer.resource.clone(),
        starts_at: WallTime(start),
        ends_at: WallTime(offer.end(start)),
        occupied_until: WallTime(offer.occupied_until(start)),
    };
    let taken = occupied(Occupied {
        from: place.starts_at,
        until: place.occupied_until,
    })?;
    if slots::has_room(offer, start, &taken) {
        Ok(place)
    } else {
        Err(Refusal::Full.into())
    }
}
