//! Which starts fit: opening hours, lead time, horizon and capacity. Pure functions; what is taken and the present moment are inputs.

use std::ops::Range;

use frontdesk_company::{CompanyProfile, Stretch, WallClock};
use frontdesk_store::agenda::Occupied;
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::offer::Offer;
use crate::refusal::Refusal;

/// How far a refusal looks for the first start that is late enough: no company books further ahead.
const SEARCH_AHEAD: SignedDuration = SignedDuration::from_hours(24 * 731);
/// How far a refusal looks for the starts next to a time between two of them.
const NEARBY: SignedDuration = SignedDuration::from_hours(24);

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

/// Whether an appointment may begin at `start`, capacity aside. Somebody at the desk may begin it at any minute.
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
        return Err(Refusal::TooSoon {
            earliest: first_start(company, offer, earliest..later(earliest, SEARCH_AHEAD), now),
        });
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
        Some(_) if asker == Asker::Customer && !is_on_grid(company, start) => Err(Refusal::OffGrid {
            before: free_starts(company, offer, later(start, -NEARBY)..start, now, &[]).last(),
            after: first_start(company, offer, start..later(start, NEARBY), now),
        }),
        Some(_) => Ok(()),
    }
}

/// The first start within `window` that the rules allow a customer, capacity aside.
fn first_start(company: &CompanyProfile, offer: &Offer, window: Range<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    free_starts(company, offer, window, now, &[]).next()
}

fn later(moment: Timestamp, by: SignedDuration) -> Timestamp {
    moment.saturating_add(by).unwrap_or(moment)
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

/// Minutes between two starts of the grid.
fn step(company: &CompanyProfile) -> usize {
    usize::try_from(company.booking.start_every_minutes.0)
        .unwrap_or(30)
        .max(1)
}

/// Whether the grid of [`free_starts`] has this start. Of an hour that the clocks show twice, the first one counts.
fn is_on_grid(company: &CompanyProfile, start: Timestamp) -> bool {
    let here = company.time_zone.rules().to_datetime(start);
    let minute = usize::from(here.hour().unsigned_abs()) * 60 + usize::from(here.minute().unsigned_abs());
    let whole = here.second() == 0 && here.subsec_nanosecond() == 0;
    whole
        && minute.is_multiple_of(step(company))
        && matches!(company.moment_of(here.date(), here.time()), WallClock::At(moment) if moment == start)
}

/// The grid of starts in one stretch of opening.
fn starts_in(company: &CompanyProfile, stretch: Stretch) -> impl Iterator<Item = (Timestamp, Stretch)> {
    let step = step(company);
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
