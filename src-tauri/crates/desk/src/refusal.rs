//! Why something cannot be booked, moved or found: one sentence each that can be read out. Pure data.

use frontdesk_call::{Problem, ProblemKind};
use frontdesk_company::CompanyProfile;
use frontdesk_store::StoreError;
use jiff::Timestamp;
use jiff::civil::Date;

/// A rule that forbids an appointment. Other wishes may be granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It would begin before now.
    Past,
    /// The company wants to know earlier.
    TooSoon {
        /// The first start that is late enough and that the other rules allow; `None` when there is none.
        earliest: Option<Timestamp>,
    },
    /// It is further ahead than the company books.
    TooFarAhead {
        /// The last date that can be booked.
        last: Date,
    },
    /// The company is closed then.
    Closed {
        /// When it opens next after that; `None` when that is more than a year away.
        opens: Option<Timestamp>,
    },
    /// The company closes before it would be over.
    RunsPastClosing {
        /// When it closes.
        closes: Timestamp,
    },
    /// Appointments begin at set times, and this lies between two of them.
    OffGrid {
        /// The nearest start before it, within a day.
        before: Option<Timestamp>,
        /// The nearest start after it, within a day.
        after: Option<Timestamp>,
    },
    /// Everything is taken at that time.
    Full,
    /// The clocks skip this time on that day.
    NoSuchTime,
    /// The company has no such service.
    UnknownService {
        /// What was asked for.
        asked: String,
    },
    /// This is no phone number.
    NoPhoneNumber {
        /// What was given.
        given: String,
    },
    /// Whom the appointment is for was not said.
    NoName,
    /// No appointment has this number, or it was cancelled.
    NoSuchBooking,
}

impl Refusal {
    /// Whether another time might be granted.
    #[must_use]
    pub fn is_about_time(&self) -> bool {
        matches!(
            self,
            Self::Past
                | Self::TooSoon { .. }
                | Self::TooFarAhead { .. }
                | Self::Closed { .. }
                | Self::RunsPastClosing { .. }
                | Self::OffGrid { .. }
                | Self::Full
                | Self::NoSuchTime
        )
    }

    /// The refusal as a sentence that can be spoken as it is, seen from `now`.
    #[must_use]
    pub fn sentence(&self, company: &CompanyProfile, now: Timestamp) -> String {
        let moment = |moment| company.describe_moment(moment, now);
        match self {
            Self::Past => "That time has already passed.".to_owned(),
            Self::TooSoon {
                earliest: Some(earliest),
            } => {
                format!("That is too soon: the earliest possible time is {}.", moment(*earliest))
            }
            Self::TooSoon { earliest: None } => "That is too soon.".to_owned(),
            Self::TooFarAhead { last } => format!(
                "That is too far ahead: appointments can be made up to {}.",
                last.strftime("%A, %B %-d, %Y")
            ),
            Self::Closed { opens: Some(opens) } => {
                format!(
                    "{} is closed at that time. It opens next on {}.",
                    company.name,
                    moment(*opens)
                )
            }
            Self::Closed { opens: None } => format!("{} is closed at that time.", company.name),
            Self::RunsPastClosing { closes } => format!(
                "It would not be finished before closing time, which is {}.",
                moment(*closes)
            ),
            Self::OffGrid { before, after } => {
                let nearest: Vec<String> = [before, after]
                    .into_iter()
                    .flatten()
                    .map(|start| moment(*start))
                    .collect();
                match nearest.as_slice() {
                    [] => "Appointments do not begin at that time.".to_owned(),
                    nearest => format!(
                        "Appointments do not begin at that time. The nearest possible times are {}.",
                        nearest.join(" and ")
                    ),
                }
            }
            Self::Full => "That time is already taken.".to_owned(),
            Self::NoSuchTime => "That time does not exist on that day, because the clocks are set forward.".to_owned(),
            Self::UnknownService { asked } => format!("There is no service called {asked}."),
            Self::NoPhoneNumber { given } if given.trim().is_empty() => "The phone number is missing.".to_owned(),
            Self::NoPhoneNumber { given } => format!("{given} is not a phone number."),
            Self::NoName => "The name is missing.".to_owned(),
            Self::NoSuchBooking => "There is no such appointment, or it was cancelled.".to_owned(),
        }
    }
}

/// Why the desk did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeskError {
    /// A rule forbids it.
    Refused(Refusal),
    /// The database could not be used.
    Store(StoreError),
}

impl DeskError {
    /// The failure as people meet it in the window.
    #[must_use]
    pub fn problem(&self, company: &CompanyProfile, now: Timestamp) -> Problem {
        match self {
            Self::Refused(refusal) => Problem::new(ProblemKind::BookingRefused, refusal.sentence(company, now)),
            Self::Store(error) => error.problem(),
        }
    }
}

impl From<StoreError> for DeskError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Refusal> for DeskError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
