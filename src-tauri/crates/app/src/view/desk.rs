//! What windows and command lines see of the calendar. Pure data.

use frontdesk_store::agenda::Booking;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which days of the calendar to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct AgendaQuery {
    /// The first day as `2026-11-24` on the company's calendar; today when absent.
    #[ts(optional)]
    pub first: Option<String>,
    /// How many days, 1–42.
    pub days: u32,
    /// Cancelled appointments too.
    pub with_cancelled: bool,
}

impl Default for AgendaQuery {
    fn default() -> Self {
        Self {
            first: None,
            days: 7,
            with_cancelled: false,
        }
    }
}

/// Some days of the calendar. Days and minutes are those of the company's clocks, so that nobody else computes with time zones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct AgendaView {
    /// Name of the company.
    pub company: String,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// The days, in order.
    pub days: Vec<AgendaDay>,
    /// Names of the services that can be booked.
    pub services: Vec<String>,
    /// Whether the receptionist books too; if not, only the desk does, by hand.
    pub receptionist_books: bool,
    /// The appointments that begin or run on these days, in order of time.
    pub bookings: Vec<AgendaBooking>,
}

/// One day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct AgendaDay {
    /// As `2026-11-24`.
    pub date: String,
    /// It is today.
    pub today: bool,
    /// The holiday that changes its hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub holiday: Option<String>,
    /// When the company is open on this day, in order, also after a night that began the day before; none on a closed day. At most 1440.
    pub open: Vec<Minutes>,
}

/// A stretch of one day in minutes after its midnight; the end is beyond 1440 when it lies on the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct Minutes {
    /// First minute.
    pub from: u32,
    /// The minute after the last.
    pub until: u32,
}

/// An appointment and its place on the company's calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct AgendaBooking {
    /// The appointment.
    pub booking: Booking,
    /// The day on which it begins, as `2026-11-24`.
    pub date: String,
    /// Its time on that day, the end after the begin also where the clocks are set back meanwhile.
    pub minutes: Minutes,
}

/// An appointment that somebody wants to make by hand. Day and time are those of the company's clocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct BookingWish {
    /// Name of the service.
    pub service: String,
    /// Day, as `2026-11-24`.
    pub date: String,
    /// Time of day, as `09:30`.
    pub time: String,
    /// Whom it is for.
    pub name: String,
    /// How to reach them, in any form.
    pub phone: String,
    /// What else is to be known, possibly empty.
    pub notes: String,
}

/// A date as people write it for a calendar, such as `2026-11-24`.
///
/// # Errors
/// A sentence, when it is none.
pub fn calendar_date(text: &str) -> Result<Date, String> {
    text.parse()
        .map_err(|_| format!("{text} is no date. Write it as 2026-11-24."))
}

/// Which contacts to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct ContactQuery {
    /// A part of the name or number; empty for all.
    pub search: String,
    /// How many to pass over.
    pub offset: u32,
    /// Most to list.
    pub limit: u32,
}
