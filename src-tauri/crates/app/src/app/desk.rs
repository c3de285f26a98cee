//! The built-in calendar and contact book of the company that answers now. All work is done on blocking threads by the store.

use std::path::Path;

use frontdesk_call::problem::{Problem, ProblemKind};
use frontdesk_company::{ClockTime, CompanyProfile};
use frontdesk_desk::slots::Asker;
use frontdesk_desk::{BookingRequest, Desk, DeskError, Origin, calendar_file};
use frontdesk_store::agenda::{Booking, Contact, ContactPage};
use frontdesk_store::export;
use frontdesk_store::history::PageRequest;
use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan as _};

use super::App;
use crate::view::{AgendaBooking, AgendaDay, AgendaQuery, AgendaView, BookingWish, ContactQuery, Minutes};

/// Most days that a window is shown at once: six weeks.
const DAYS_LIMIT: i32 = 42;
/// Minutes of a day.
const DAY: u32 = 24 * 60;

impl App {
    /// The desk of the company that answers now.
    ///
    /// # Errors
    /// When there is no database.
    pub(super) fn desk(&self) -> Result<Desk, Problem> {
        let database = self.inner.database.as_ref().map_err(Clone::clone)?;
        Ok(Desk::new(database, self.company()))
    }

    /// The appointments and opening hours of some days on the company's calendar.
    ///
    /// # Errors
    /// When a date is none, or the database cannot be read.
    pub async fn agenda(&self, query: &AgendaQuery) -> Result<AgendaView, Problem> {
        let desk = self.desk()?;
        let company = desk.company();
        let now = Timestamp::now();
        let today = company.date_of(now);
        let first = query.first.as_deref().map_or(Ok(today), date)?;
        let count = i32::try_from(query.days).unwrap_or(DAYS_LIMIT).clamp(1, DAYS_LIMIT);
        let dates: Vec<Date> = first.series(1.day()).take(count.unsigned_abs() as usize).collect();
        let last = dates.last().copied().unwrap_or(first);
        let bookings = desk
            .bookings(first, last, query.with_cancelled)
            .await
            .map_err(|failure| failure.problem(company, now))?;
        Ok(AgendaView {
            company: company.name.clone(),
            time_zone: company.time_zone.name().to_owned(),
            days: dates
                .into_iter()
                .map(|date| day(company, date, date == today))
                .collect(),
            services: company.services.iter().map(|service| service.name.clone()).collect(),
            bookings: bookings.into_iter().map(|booking| placed(company, booking)).collect(),
        })
    }

    /// Makes an appointment by hand: opening hours and capacity hold, lead time and horizon do not.
    ///
    /// # Errors
    /// Why it cannot be made, as a sentence.
    pub async fn book(&self, wish: BookingWish) -> Result<Booking, Problem> {
        let desk = self.desk()?;
        let now = Timestamp::now();
        let request = BookingRequest {
            start: moment(&desk, &wish.date, &wish.time, now)?,
            service: wish.service,
            name: wish.name,
            phone: wish.phone,
            notes: wish.notes,
            origin: Origin::Hand,
        };
        let booked = desk
            .book(request, now)
            .await
            .map_err(|failure| failure.problem(desk.company(), now))?;
        Ok(booked.booking)
    }

    /// Gives an appointment another begin, by hand; day and time on the company's clocks.
    ///
    /// # Errors
    /// Why it cannot be moved, as a sentence.
    pub async fn move_booking(&self, id: &str, date: &str, time: &str) -> Result<Booking, Problem> {
        let desk = self.desk()?;
        let now = Timestamp::now();
        let start = moment(&desk, date, time, now)?;
        desk.reschedule(id, start, Asker::Owner, now)
            .await
            .map_err(|failure| failure.problem(desk.company(), now))
    }

    /// Calls an appointment off.
    ///
    /// # Errors
    /// When there is none, or the database cannot be written.
    pub async fn cancel_booking(&self, id: &str) -> Result<Booking, Problem> {
        let desk = self.desk()?;
        let now = Timestamp::now();
        desk.cancel(id, now)
            .await
            .map_err(|failure| failure.problem(desk.company(), now))
    }

    /// A part of the contact book, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn contacts(&self, query: &ContactQuery) -> Result<ContactPage, Problem> {
        let desk = self.desk()?;
        let page = PageRequest {
            offset: query.offset,
            limit: query.limit,
        };
        desk.contacts(&query.search, page)
            .await
            .map_err(|failure| failure.problem(desk.company(), Timestamp::now()))
    }

    /// Replaces name, e-mail address and notes of a contact.
    ///
    /// # Errors
    /// When it is gone, or the database cannot be written.
    pub async fn edit_contact(&self, contact: Contact) -> Result<Contact, Problem> {
        let desk = self.desk()?;
        let now = Timestamp::now();
        let edited = desk.edit_contact(contact, now).await;
        edited
            .map_err(|failure| failure.problem(desk.company(), now))?
            .ok_or_else(|| Problem::new(ProblemKind::BookingRefused, "This contact is no longer in the book."))
    }

    /// Writes the appointments of some days to an iCalendar file and answers how many. Cancelled ones are in it, so that a calendar that
    /// has them takes them out.
    ///
    /// # Errors
    /// When a date is none, the database cannot be read or the file cannot be written.
    pub async fn export_agenda(&self, query: &AgendaQuery, path: &Path) -> Result<usize, Problem> {
        let query = AgendaQuery {
            with_cancelled: true,
            ..query.clone()
        };
        let agenda = self.agenda(&query).await?;
        let bookings: Vec<Booking> = agenda.bookings.into_iter().map(|placed| placed.booking).collect();
        let text = calendar_file::write(&self.company(), &bookings, Timestamp::now());
        let path = path.to_owned();
        tokio::task::spawn_blocking(move || export::file::write(&path, text.as_bytes()))
            .await
            .map_err(|_| Problem::new(ProblemKind::Internal, "Frontdesk is closing."))??;
        Ok(bookings.len())
    }
}

/// One day with its hours, as its plan says: the clocks of a day on which they change do not bend the picture.
fn day(company: &CompanyProfile, date: Date, today: bool) -> AgendaDay {
    let plan = company.hours_on(date);
    let open = plan.hours.intervals().iter().map(|interval| {
        let (opens, closes) = (
            u32::from(interval.opens().minutes()),
            u32::from(interval.closes().minutes()),
        );
        let next_day = if interval.closes_next_day() { DAY } else { 0 };
        Minutes {
            from: opens,
            until: closes + next_day,
        }
    });
    AgendaDay {
        date: date.to_string(),
        today,
        holiday: plan.holiday.map(|holiday| holiday.name.clone()),
        open: open.collect(),
    }
}

/// Where an appointment stands on the company's calendar.
fn placed(company: &CompanyProfile, booking: Booking) -> AgendaBooking {
    let zone = company.time_zone.rules();
    let (start, end) = (
        zone.to_datetime(booking.starts_at.0),
        zone.to_datetime(booking.ends_at.0),
    );
    let minute = |time: Time| u32::from(ClockTime::of(time).minutes());
    let days = start
        .date()
        .until(end.date())
        .map_or(0, |span| span.get_days().unsigned_abs());
    AgendaBooking {
        date: start.date().to_string(),
        minutes: Minutes {
            from: minute(start.time()),
            until: minute(end.time()) + days * DAY,
        },
        booking,
    }
}

fn moment(desk: &Desk, day: &str, time: &str, now: Timestamp) -> Result<Timestamp, Problem> {
    let time: Time = time.parse().map_err(|_| {
        Problem::new(
            ProblemKind::BookingRefused,
            format!("{time} is no time of day. Write it as 09:30."),
        )
    })?;
    desk.moment(date(day)?, time)
        .map_err(|refusal| DeskError::from(refusal).problem(desk.company(), now))
}

fn date(text: &str) -> Result<Date, Problem> {
    text.parse().map_err(|_| {
        Problem::new(
            ProblemKind::BookingRefused,
            format!("{text} is no date. Write it as 2026-11-24."),
        )
    })
}
