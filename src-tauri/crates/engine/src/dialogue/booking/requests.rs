//! The calendar's functions as calls, by the schemas that the session offers. Pure.

use jiff::civil::DateTime;

use super::{Booking, Errand, Scene};
use crate::dialogue::spoken_numbers::grouped;
use crate::dialogue::tools::{fill, required};
use crate::dialogue::{FunctionRequest, ToolOffer};

/// Finds free times.
pub(super) const CHECK: &str = "checkAvailability";
/// Makes an appointment.
pub(super) const BOOK: &str = "bookAppointment";
/// Moves an appointment.
pub(super) const RESCHEDULE: &str = "rescheduleAppointment";
/// Cancels an appointment.
pub(super) const CANCEL: &str = "cancelAppointment";
/// Tells the appointments of a caller.
pub(super) const LOOKUP: &str = "lookupCustomer";

/// Whether the session has the functions for an errand.
pub(crate) fn offers_errand(offers: &[ToolOffer], errand: Errand) -> bool {
    let has = |name: &str| offers.iter().any(|offer| offer.name == name);
    match errand {
        Errand::Book => has(CHECK) && has(BOOK),
        Errand::Move => has(RESCHEDULE),
        Errand::Cancel => has(CANCEL),
        Errand::Find => has(LOOKUP),
    }
}

/// What a function asks for beside the appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Needs {
    pub name: bool,
    pub phone: bool,
}

/// What the function requires of the caller.
pub(super) fn needs(offers: &[ToolOffer], function: &str) -> Needs {
    let wanted = |members: &[&str]| members.iter().any(|member| required(offers, function).contains(member));
    Needs {
        name: wanted(&["customerName", "name"]),
        phone: wanted(&["customerPhone", "phone"]),
    }
}

/// Who is calling, by the names that the functions have for it.
fn person(scene: &Scene<'_>) -> Vec<(&'static str, Option<String>)> {
    let (name, phone) = (scene.details.name.clone(), scene.details.phone.as_deref().map(grouped));
    vec![
        ("customerName", name.clone()),
        ("name", name),
        ("customerPhone", phone.clone()),
        ("phone", phone),
    ]
}

impl Booking {
    /// A question for free times between two moments on the company's clocks.
    pub(super) fn availability_request(
        &self,
        from: DateTime,
        until: DateTime,
        scene: &Scene<'_>,
    ) -> Option<FunctionRequest> {
        let zone = scene.knowledge.profile.time_zone.rules();
        let moment = |time: DateTime| {
            let zoned = zone.to_ambiguous_zoned(time).compatible().ok()?;
            Some(zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
        };
        let members = [
            ("start", moment(from)),
            ("end", moment(until)),
            ("serviceType", self.service_name(scene).map(str::to_owned)),
        ];
        fill(scene.offers, CHECK, &members)
    }

    /// A question for the caller's appointments.
    pub(super) fn lookup_request(&self, scene: &Scene<'_>) -> Option<FunctionRequest> {
        fill(scene.offers, LOOKUP, &person(scene))
    }

    /// The call that does what was agreed to.
    pub(super) fn deed_request(&self, scene: &Scene<'_>) -> Option<FunctionRequest> {
        let date = self.chosen.map(|time| time.date().to_string());
        let time = self.chosen.map(|time| time.strftime("%H:%M").to_string());
        let number = || self.number.clone();
        let (function, own) = match self.errand {
            Errand::Book => (
                BOOK,
                vec![
                    ("date", date),
                    ("time", time),
                    ("serviceType", self.service_name(scene).map(str::to_owned)),
                    ("notes", self.email.as_ref().map(|email| format!("E-mail: {email}"))),
                ],
            ),
            Errand::Move => (
                RESCHEDULE,
                vec![("confirmationNumber", number()), ("date", date), ("time", time)],
            ),
            Errand::Cancel => (CANCEL, vec![("confirmationNumber", number())]),
            Errand::Find => return None,
        };
        fill(scene.offers, function, &[own, person(scene)].concat())
    }
}
