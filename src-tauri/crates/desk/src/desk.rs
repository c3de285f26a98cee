//! The desk of one company: asks the agenda, applies the rules, writes down. Async; runs on the caller's runtime, cheap to clone.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use frontdesk_call::CallId;
use frontdesk_call::identity::WallTime;
use frontdesk_company::{CompanyProfile, WallClock};
use frontdesk_store::agenda::{
    Agenda, Booking, Contact, ContactPage, ContactTraces, NewBooking, Occupied, Place, Reservation, folded,
};
use frontdesk_store::history::PageRequest;
use frontdesk_store::{Database, StoreError};
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::offer::Offer;
use crate::refusal::{DeskError, Refusal};
use crate::slots::{self, Asker};
use crate::{confirmation, phone, text};

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
            let taken = offer.taken(&company, &view.reservations(span, None)?);
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
        let name = text::one_line(&request.name);
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
                let place = free_place(&company, &offer, request.start, |span| edit.reservations(span, None))?;
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
                    notes: text::lines(&request.notes),
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
                let offer = Offer::again(&company, &booking);
                if start == booking.starts_at.0 {
                    return Ok(booking);
                }
                slots::check_rules(&company, &offer, start, asker, now)?;
                let place = free_place(&company, &offer, start, |span| edit.reservations(span, Some(&id)))?;
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

    /// A part of the contact book: whose name contains `typed`, or whose number does, as it is kept or as it is dialled in the country.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn contacts(&self, typed: &str, page: PageRequest) -> Result<ContactPage, DeskError> {
        let international = phone::normalise(&self.company, typed).ok();
        let typed = typed.to_owned();
        let found = self
            .agenda
            .read(move |view| view.contacts(&typed, international.as_deref(), page));
        Ok(found.await?)
    }

    /// Replaces name, e-mail address and notes of a contact; `None` when it is gone.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn edit_contact(&self, edited: Contact, now: Timestamp) -> Result<Option<Contact>, DeskError> {
        let edited = Contact {
            name: text::one_line(&edited.name),
            email: text::one_line(&edited.email),
            notes: text::lines(&edited.notes),
            ..edited
        };
        self.agenda
            .change(move |edit| Ok(edit.edit_contact(&edited, WallTime(now))?))
            .await
    }

    /// What is kept of a contact beside its own entry; `None` when it is gone.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn contact_traces(&self, id: &str, now: Timestamp) -> Result<Option<ContactTraces>, DeskError> {
        let id = id.to_owned();
        Ok(self
            .agenda
            .read(move |view| view.contact_traces(&id, WallTime(now)))
            .await?)
    }

    /// Erases a contact with all its appointments; those to come are off. Answers what was erased, `None` when it was gone.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn erase_contact(&self, id: &str, now: Timestamp) -> Result<Option<ContactTraces>, DeskError> {
        let id = id.to_owned();
        self.agenda
            .change(move |edit| Ok(edit.erase_contact(&id, WallTime(now))?))
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

/// The place from `start`, when there is room.
fn free_place(
    company: &CompanyProfile,
    offer: &Offer,
    start: Timestamp,
    reservations: impl FnOnce(Occupied) -> Result<Vec<Reservation>, StoreError>,
) -> Result<Place, DeskError> {
    let place = Place {
        resource: offer.resource.clone(),
        starts_at: WallTime(start),
        ends_at: WallTime(offer.end(start)),
        occupied_until: WallTime(offer.occupied_until(start)),
    };
    let reserved = reservations(Occupied {
        from: place.starts_at,
        until: place.occupied_until,
    })?;
    if slots::has_room(offer, start, &offer.taken(company, &reserved)) {
        Ok(place)
    } else {
        Err(Refusal::Full.into())
    }
}
