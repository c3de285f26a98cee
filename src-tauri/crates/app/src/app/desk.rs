//! The built-in calendar and contact book of the company that answers now. All work is done on blocking threads by the store.

use std::path::Path;

use frontdesk_call::problem::{Problem, ProblemKind};
use frontdesk_company::{ClockTime, CompanyProfile};
use frontdesk_desk::slots::Asker;
use frontdesk_desk::{BookingRequest, Desk, DeskError, Origin, calendar_file};
use frontdesk_store::agenda::{Booking, Contact, ContactPage, ContactTraces};
use frontdesk_store::export;
use frontdesk_store::history::PageRequest;
use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan as _};

use super::App;
use crate::view::{
    AgendaBooking, AgendaDay, AgendaQuery, AgendaView, BookingWish, ContactQuery, Minutes, calendar_date,
};

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
            receptionist_books: company.takes_bookings(),
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
            .ok_or_else(gone)
    }

    /// What is kept of a contact beside its own entry.
    ///
    /// # Errors
    /// When it is gone, or the database cannot be read.
    pub async fn contact_traces(&self, id: &str) -> Result<ContactTraces, Problem> {
        let desk = self.desk()?;
        let now = Timestamp::now();
        let traces = desk.contact_traces(id, now).await;
        traces
            .map_err(|failure| failure.problem(desk.company(), now))?
            .ok_or_else(gone)
    }

    /// Erases a contact with all its appointments, those to come too, and answers what was erased. What was said in calls stays.
    ///
    /// # Errors
    /// When it is gone already, or the database cannot be written.
    pub async fn erase_contact(&self, id: &str) -> Result<ContactTraces, Problem> {
        let desk = self.desk()?;
        let now = Timestamp::now();
        let erased = desk.erase_contact(id, now).await;
        erased
            .map_err(|failure| failure.problem(desk.company(), now))?
            .ok_or_else(gone)
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

/// One day with its hours, as its plan and the night before say: the clocks of a day on which they change do not bend the picture.
fn day(company: &CompanyProfile, date: Date, today: bool) -> AgendaDay {
    let plan = company.hours_on(date);
    let night = date.yesterday().ok().map(|yesterday| company.hours_on(yesterday));
    let before_midnight = plan.hours.intervals().iter().map(|interval| Minutes {
        from: u32::from(interval.opens().minutes()),
        until: match interval.closes_next_day() {
            true => DAY,
            false => u32::from(interval.closes().minutes()),
        },
    });
    let after_midnight = night.iter().flat_map(|night| night.hours.intervals());
    let after_midnight = after_midnight
        .filter(|interval| interval.closes_next_day() && interval.closes().minutes() > 0)
        .map(|interval| Minutes {
            from: 0,
            until: u32::from(interval.closes().minutes()),
        });
    AgendaDay {
        date: date.to_string(),
        today,
        holiday: plan.holiday.map(|holiday| holiday.name.clone()),
        open: after_midnight.chain(before_midnight).collect(),
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
    let (from, until) = (minute(start.time()), minute(end.time()) + days * DAY);
    // Where the clocks are set back meanwhile, they may show an earlier time at the end: then its length says where it ends.
    let length = booking.starts_at.0.duration_until(booking.ends_at.0).as_mins();
    let until = match until > from {
        true => until,
        false => from + u32::try_from(length).unwrap_or_default().max(1),
    };
    AgendaBooking {
        date: start.date().to_string(),
        minutes: Minutes { from, until },
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
    calendar_date(text).map_err(|sentence| Problem::new(ProblemKind::BookingRefused, sentence))
}

fn gone() -> Problem {
    Problem::new(ProblemKind::BookingRefused, "This contact is no longer in the book.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use frontdesk_call::identity::WallTime;

    fn company(hours: &str) -> CompanyProfile {
        let text =
            format!("name = \"Night Owl\"\ntrade = \"bar\"\ntime_zone = \"America/Chicago\"\n[hours]\n{hours}\n");
        CompanyProfile::parse(&text).unwrap()
    }

    fn open(company: &CompanyProfile, date: &str) -> Vec<(u32, u32)> {
        let day = day(company, date.parse().unwrap(), false);
        day.open.iter().map(|open| (open.from, open.until)).collect()
    }

    fn minutes(starts: &str, ends: &str) -> (String, u32, u32) {
        let moment = |text: &str| WallTime(text.parse().unwrap());
        let booking = Booking {
            id: "1".to_owned(),
            confirmation: "482193".to_owned(),
            service: "table".to_owned(),
            service_name: "Table".to_owned(),
            resource: String::new(),
            starts_at: moment(starts),
            ends_at: moment(ends),
            occupied_until: moment(ends),
            contact: "2".to_owned(),
            customer_name: "Ana".to_owned(),
            customer_phone: "+15551234567".to_owned(),
            notes: String::new(),
            cancelled: false,
            revision: 0,
            call: None,
            created_at: moment(starts),
            changed_at: moment(starts),
        };
        let placed = placed(&company("friday = \"18:00-2:00\""), booking);
        (placed.date, placed.minutes.from, placed.minutes.until)
    }

    #[test]
    fn a_night_is_open_on_both_of_its_days() {
        let company = company("friday = \"22:00-6:00\"\nsaturday = \"10:00-12:00\"");
        assert_eq!(open(&company, "2026-11-27"), [(1320, 1440)]);
        assert_eq!(open(&company, "2026-11-28"), [(0, 360), (600, 720)]);
        assert_eq!(open(&company, "2026-11-29"), []);
    }

    #[test]
    fn an_appointment_ends_after_it_begins_whatever_the_clocks_do() {
        let of = |starts, ends| minutes(starts, ends);
        // Across midnight.
        assert_eq!(
            of("2026-11-28T05:00:00Z", "2026-11-28T07:00:00Z"),
            ("2026-11-27".to_owned(), 1380, 1500)
        );
        // At two the clocks go back to one: from 1:30 for half an hour, to 1:00.
        assert_eq!(
            of("2026-11-01T06:30:00Z", "2026-11-01T07:00:00Z"),
            ("2026-11-01".to_owned(), 90, 120)
        );
        // At two the clocks go forward to three: from 1:30 for an hour, to 3:30.
        assert_eq!(
            of("2027-03-14T07:30:00Z", "2027-03-14T08:30:00Z"),
            ("2027-03-14".to_owned(), 90, 210)
        );
    }
}
