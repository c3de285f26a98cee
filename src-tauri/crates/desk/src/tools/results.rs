//! What the desk's tools answer: JSON for programs with the words for people beside every time and number. Pure but for the one that asks
//! the desk for other times.

use frontdesk_company::CompanyProfile;
use frontdesk_store::agenda::Booking;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::confirmation;
use crate::desk::{Availability, Booked, Desk};

/// Most free times in one answer: more cost tokens, and nobody listens to them.
const TIMES_NAMED: usize = 24;
/// Most other times that a refusal offers.
const ALTERNATIVES: usize = 3;
/// How far before and after a refused time others are looked for.
const NEARBY: SignedDuration = SignedDuration::from_hours(3 * 24);

fn moment(company: &CompanyProfile, moment: Timestamp, now: Timestamp) -> Value {
    let zoned = moment.to_zoned(company.time_zone.rules().clone());
    json!({
        "start": zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        "spoken": company.describe_moment(moment, now),
    })
}

/// `{service, minutes, timeZone, available: [{start, spoken}], moreAvailable, reason?, nextAvailable?}`.
pub(super) fn availability(company: &CompanyProfile, found: &Availability, now: Timestamp) -> Value {
    let times: Vec<Value> = found
        .starts
        .iter()
        .take(TIMES_NAMED)
        .map(|start| moment(company, *start, now))
        .collect();
    let mut answer = json!({
        "service": found.offer.name,
        "minutes": found.offer.length.as_mins(),
        "timeZone": company.time_zone.name(),
        "available": times,
        "moreAvailable": found.starts.len() > TIMES_NAMED,
    });
    if found.starts.is_empty()
        && let Some(members) = answer.as_object_mut()
    {
        let reason = if found.closed { "closed" } else { "nothing free" };
        members.insert("reason".to_owned(), reason.into());
        let next = found.next.map(|next| moment(company, next, now));
        members.insert("nextAvailable".to_owned(), next.unwrap_or_default());
    }
    answer
}

fn appointment(company: &CompanyProfile, booking: &Booking, now: Timestamp) -> Value {
    let mut answer = appointment_without_number(company, booking, now);
    if let Some(members) = answer.as_object_mut() {
        members.insert("confirmationNumber".to_owned(), booking.confirmation.clone().into());
        members.insert(
            "spokenConfirmationNumber".to_owned(),
            confirmation::speakable(&booking.confirmation).into(),
        );
    }
    answer
}

/// For whoever knows a phone number only: the confirmation number is what moves and cancels.
fn appointment_without_number(company: &CompanyProfile, booking: &Booking, now: Timestamp) -> Value {
    let mut answer = moment(company, booking.starts_at.0, now);
    if let Some(members) = answer.as_object_mut() {
        members.insert("service".to_owned(), booking.service_name.clone().into());
        members.insert("customerName".to_owned(), booking.customer_name.clone().into());
    }
    answer
}

/// `{booked: true, alreadyBooked?: true, appointment}`: a model that asks twice must not tell of a second appointment.
pub(super) fn booked(company: &CompanyProfile, booked: &Booked, now: Timestamp) -> Value {
    let mut answer = json!({ "booked": true, "appointment": appointment(company, &booked.booking, now) });
    if booked.already
        && let Some(members) = answer.as_object_mut()
    {
        members.insert("alreadyBooked".to_owned(), true.into());
    }
    answer
}

/// `{moved: true, appointment}`.
pub(super) fn moved(company: &CompanyProfile, booking: &Booking, now: Timestamp) -> Value {
    json!({ "moved": true, "appointment": appointment(company, booking, now) })
}

/// `{cancelled: true, appointment}`.
pub(super) fn cancelled(company: &CompanyProfile, booking: &Booking, now: Timestamp) -> Value {
    json!({ "cancelled": true, "appointment": appointment(company, booking, now) })
}

/// `{known: true, matches: true, name, phone, appointments}`, the appointments without their confirmation numbers. For a caller who has said
/// the name.
pub(super) fn customer(
    company: &CompanyProfile,
    name: &str,
    phone: &str,
    bookings: &[Booking],
    now: Timestamp,
) -> Value {
    let appointments: Vec<Value> = bookings
        .iter()
        .map(|booking| appointment_without_number(company, booking, now))
        .collect();
    json!({ "known": true, "matches": true, "name": name, "phone": phone, "appointments": appointments })
}

/// The free times nearest to `wanted`, in order; nothing when there are none or the calendar cannot be read.
pub(super) async fn alternatives(desk: &Desk, service: &str, wanted: Timestamp, now: Timestamp) -> Option<Value> {
    let from = wanted.saturating_sub(NEARBY).ok()?.max(now);
    let until = wanted
        .saturating_add(NEARBY)
        .ok()?
        .max(from.saturating_add(NEARBY).ok()?);
    let found = desk.availability(service, from..until, now).await.ok()?;
    let mut starts = found.starts;
    starts.extend(found.next.filter(|next| !starts.contains(next)));
    starts.sort_by_key(|start| start.duration_until(wanted).abs());
    starts.truncate(ALTERNATIVES);
    starts.sort_unstable();
    let company = desk.company();
    (!starts.is_empty()).then(|| starts.iter().map(|start| moment(company, *start, now)).collect())
}
