//! The company profile: what a receptionist knows about the company that it answers for.
//!
//! One TOML file describes one company. [`CompanyProfile::parse`] turns its text into a checked value, or says in plain
//! sentences what is wrong and on which line. The opening-hours arithmetic takes the present moment as an input, and
//! [`render_brief`] writes the facts down for a language model.
//!
//! Everything here is pure: no file, clock or network is touched and no thread is started, so any thread may call it.
//!
//! # Map
//! - [`profile`](CompanyProfile): the record and its parts · `hours`, `holiday`, `money`, `duration`, `identity`, `zone`:
//!   the checked values it is made of
//! - `read`: from text to profile, with every problem found · `calendar`: open or closed, until when, why
//! - `wording`: times and dates as people say them · `brief`: the whole profile as plain text · `day_table`: the next two weeks for a model
//!
//! ```
//! use jiff::Timestamp;
//!
//! let company = frontdesk_company::sample()?;
//! let sunday_noon: Timestamp = "2026-11-22T18:00:00Z".parse()?;
//! assert!(!company.is_open(sunday_noon));
//! assert_eq!(
//!     company.describe_status(sunday_noon),
//!     "Prime Auto Lab is closed today. It opens tomorrow at 8:00 AM."
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod brief;
mod calendar;
mod country;
mod day_table;
mod duration;
mod error;
mod holiday;
mod hours;
mod identity;
mod money;
mod profile;
mod read;
mod wording;
mod zone;

pub use brief::render_brief;
pub use calendar::{ClosedReason, DayPlan, OpeningStatus, Stretch, WallClock};
pub use country::COUNTRY_CODES;
pub use duration::{DurationRange, Minutes};
pub use error::{Malformed, Problem, ProfileError};
pub use holiday::{Holiday, HolidayDate};
pub use hours::{AlikeDays, ClockTime, DayHours, Interval, WeeklyHours};
pub use identity::{CompanyId, ServiceId};
pub use money::{Currency, Money, PriceRange};
pub use profile::{BookingRules, CompanyProfile, Contact, Policy, Question, Resource, Service, VoicePreference};
pub use wording::weekday_name;
pub use zone::CompanyZone;

/// The text of the sample company file, with comments for the shop owner who edits it.
pub const PRIME_AUTO_LAB: &str = include_str!("../companies/prime-auto-lab.toml");

/// Largest company file that is read, in bytes. The largest real brief seen is far below it; more is a wrong file.
pub const FILE_LIMIT_BYTES: usize = 256 * 1024;

/// The sample company, Prime Auto Lab.
///
/// # Errors
/// Only when the file shipped with the program is broken, which the tests of this crate exclude.
pub fn sample() -> Result<CompanyProfile, ProfileError> {
    CompanyProfile::parse(PRIME_AUTO_LAB)
}
