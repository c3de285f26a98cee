//! The recorded caller of the end-to-end tests: Anna Carter, who books an oil change for the Tuesday of next week at half past two.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

/// What she says to book, one recording for each turn.
pub const BOOKING: [&str; 4] = ["4-appointment.wav", "5-name.wav", "6-phone-number.wav", "7-agreed.wav"];

/// A recording of hers by its file name.
#[must_use]
pub fn recording(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/callers")
        .join(name)
}

/// Where the sample company is.
///
/// # Errors
/// This computer knows no time zones.
pub fn zone() -> anyhow::Result<TimeZone> {
    Ok(TimeZone::get("America/Chicago")?)
}

/// The Tuesday of the week after this one, where the company is.
///
/// # Errors
/// As [`zone`].
pub fn next_tuesday() -> anyhow::Result<Date> {
    let today = Timestamp::now().to_zoned(zone()?).date();
    let since_monday = i32::from(today.weekday().to_monday_zero_offset());
    let monday = today.checked_sub(since_monday.days())?.checked_add(7.days())?;
    monday.tomorrow().context("the calendar ends")
}
