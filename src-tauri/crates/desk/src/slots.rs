//! Which starts fit: opening hours, lead time, horizon and capacity. Pure functions; what is taken and the present moment are inputs.

use std::ops::Range;

use frontdesk_company::{CompanyProfile, Stretch, WallClock};
use frontdesk_store::agenda::Occupied;
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::offer::Offer;
use crate::refusal::Refusal;

/// Whose wish it is. The owner may do what callers may not: tomorrow's lead time is no rule for the one who made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// A customer, through a receptionist.
    Customer,
    /// Somebody at the desk, by hand.
    Owner,
}

/// The earliest start that the rules allow.
#[must_use]
pub fn earliest(company: &CompanyProfile, asker: Asker, now: Timestamp) -> Timestamp {
    let lead = match asker {
        Asker::Customer => SignedDuration::from_mins(i64::from(company.booking.lead_minutes.0)),
        Asker::Owner => SignedDuration::ZERO,
    };
    now.saturating_add(lead).unwrap_or(now)
}

/// The last date that can be booked.
#[must_use]
pub fn last_date(company: &CompanyProfile, now: Timestamp) -> Date {
    let today = company.date_of(now);
    today.saturating_add(i64::from(company.booking.days_ahead).days())
}

/// Whether an appointment may begin at `start`, capacity aside.
///
/// # Errors
/// The first rule that forbids it.
pub fn check_rules(
    company: &CompanyProfile,
    offer: &Offer,
    start: Timestamp,
    asker: Asker,
    now: Timestamp,
) -> Result<(), Refusal> {
    if start < now {
        return Err(Refusal::Past);
    }
    let earliest = earliest(company, asker, now);
    if start < earliest {
        return Err(Refusal::TooSoon { earliest });
    }
    let last = last_date(company, now);
    if asker == Asker::Customer && company.date_of(start) > last {
        return Err(Refusal::TooFarAhead { last });
    }
    let end = offer.end(start);
    let stretches = company.stretches_between(start, end);
    match stretches
        .iter()
        .find(|stretch| stretch.opens <= start && start < stretch.closes)
    {
        None => Err(Refusal::Closed {
            opens: company.next_opening(start).map(|opening| opening.timestamp()),
        }),
        Some(stretch) if end > stretch.closes => Err(Refusal::RunsPastClosing { closes: stretch.closes }),
        Some(_) => Ok(()),
    }
}

/// Whether one more appointment from `start` fits beside what is `taken` of its resource.
#[must_use]
pub fn has_room(offer: &Offer, start: Timestamp, taken: &[Occupied]) -> bool {
    let until = offer.occupied_until(start);
    let overlapping = || taken.iter().filter(|one| one.from.0 < until && start < one.until.0);
    if overlapping().count() < offer.capacity {
        return true;
    }
    // The most at once is reached at the begin of one of them, or at our own.
    std::iter::once(start)
        .chain(overlapping().map(|one| one.from.0).filter(|from| *from > start))
        .all(|moment| {
            let at_once = overlapping()
                .filter(|one| one.from.0 <= moment && moment < one.until.0)
                .count();
            at_once < offer.capacity
        })
}

/// The starts within `window` at which an appointment can be made, earliest first. Starts lie on the company's grid of full multiples of
/// its start interval after midnight.
pub fn free_starts<'a>(
    company: &'a CompanyProfile,
    offer: &'a Offer,
    window: Range<Timestamp>,
    now: Timestamp,
    taken: &'a [Occupied],
) -> impl Iterator<Item = Timestamp> + 'a {
    let from = window.start.max(earliest(company, Asker::Customer, now));
    let last = last_date(company, now);
    let stretches = if from < window.end {
        company.stretches_between(from, window.end)
    } else {
        Vec::new()
    };
    stretches
        .into_iter()
        .flat_map(move |stretch| starts_in(company, stretch))
        .filter(move |(start, stretch)| {
            (from..window.end).contains(start) && offer.end(*start) <= stretch.closes && company.date_of(*start) <= last
        })
        .map(|(start, _)| start)
        .filter(move |start| has_room(offer, *start, taken))
}

/// The grid of starts in one stretch of opening.
fn starts_in(company: &CompanyProfile, stretch: Stretch) -> impl Iterator<Item = (Timestamp, Stretch)> {
    let step = usize::try_from(company.booking.start_every_minutes.0)
        .unwrap_or(30)
        .max(1);
    let (first, last) = (company.date_of(stretch.opens), company.date_of(stretch.closes));
    first
        .series(1.day())
        .take_while(move |date| *date <= last)
        .flat_map(move |date| (0..24 * 60).step_by(step).map(move |minute| (date, minute)))
        .filter_map(|(date, minute)| {
            let time = Time::midnight().checked_add(minute.minutes()).ok()?;
            match company.moment_of(date, time) {
                WallClock::At(start) => Some(start),
                WallClock::Skipped => None,
            }
        })
        .filter(move |start| stretch.opens <= *start && *start < stretch.closes)
        .map(move |start| (start, stretch))
}
