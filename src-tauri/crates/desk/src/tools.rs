//! The desk's face for voice and text models: the tools, their JSON schemas, and honest results. Runs on the tokio runtime.
//!
//! Arguments have been checked against the schema before they come here; what a schema cannot say (a service's name, a date that does not
//! exist) is answered with a sentence that the model can act on. Every result that names a time carries it twice: for programs in ISO 8601
//! and as it is spoken, so that no model computes a weekday.

mod arguments;
mod results;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use frontdesk_call::CallId;
use frontdesk_call::tool::{ToolDescription, ToolProvider, ToolRequest, ToolResult};
use frontdesk_call::voice_model::BoxFuture;
use frontdesk_store::agenda::Booking;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::desk::{BookingRequest, Desk, Origin};
use crate::name;
use crate::refusal::{DeskError, Refusal};
use crate::slots::Asker;
use arguments::{Book, Cancel, Check, Look, Move};

/// Free times.
pub const CHECK_AVAILABILITY: &str = "checkAvailability";
/// A new appointment.
pub const BOOK_APPOINTMENT: &str = "bookAppointment";
/// Who has this number.
pub const LOOKUP_CUSTOMER: &str = "lookupCustomer";
/// Another time for an appointment.
pub const RESCHEDULE_APPOINTMENT: &str = "rescheduleAppointment";
/// An appointment that is not needed any more.
pub const CANCEL_APPOINTMENT: &str = "cancelAppointment";

/// Longest time of one call; a model that gets no answer by then is told that nothing is known.
const TIMEOUT: Duration = Duration::from_secs(8);
/// After this time of one call nothing is written any more. Shorter than the time-out, so that the model hears that nothing was changed.
const PATIENCE: Duration = Duration::from_secs(6);
const _: () = assert!(PATIENCE.as_millis() < TIMEOUT.as_millis());

/// Wrong guesses in one call after which nothing more is tried: confirmation numbers that do not belong to the name, and names that do not
/// belong to the phone number. Whoever guesses on meets somebody else's appointment.
const WRONG_GUESSES: u32 = 3;
/// What is said of a confirmation number that does not exist and of one that belongs to another name: which of them it is, is not told.
const NO_SUCH_APPOINTMENT: &str = "There is no appointment with this number and this name, or it was cancelled.";

/// The tools of one desk, for one call.
#[derive(Debug)]
pub struct DeskTools {
    desk: Desk,
    patience: Duration,
    /// Wrong guesses of this call.
    wrong_guesses: AtomicU32,
}

/// What a tool has to say: done, or not and why.
type Answer = Result<Value, Value>;

impl DeskTools {
    /// The tools of `desk`. What cannot be written within `patience` of a call is not written at all.
    #[must_use]
    pub fn new(desk: Desk, patience: Duration) -> Self {
        Self {
            desk,
            patience,
            wrong_guesses: AtomicU32::new(0),
        }
    }

    async fn answer(&self, request: ToolRequest) -> Answer {
        let (now, call) = (request.now.0, request.call_id);
        let desk = self.desk.until(Instant::now() + self.patience);
        match request.name.as_str() {
            CHECK_AVAILABILITY => self.check(parsed(&request.arguments)?, now).await,
            BOOK_APPOINTMENT => self.book(&desk, parsed(&request.arguments)?, call, now).await,
            LOOKUP_CUSTOMER => self.look_up(parsed(&request.arguments)?, now).await,
            RESCHEDULE_APPOINTMENT => self.reschedule(&desk, parsed(&request.arguments)?, now).await,
            CANCEL_APPOINTMENT => self.cancel(&desk, parsed(&request.arguments)?, now).await,
            other => Err(error(&format!("The desk has no tool named {other}."))),
        }
    }

    async fn check(&self, check: Check, now: Timestamp) -> Answer {
        let window = check.window(self.desk.company()).map_err(|sentence| error(&sentence))?;
        match self.desk.availability(&check.service_type, window, now).await {
            Ok(availability) => Ok(results::availability(self.desk.company(), &availability, now)),
            Err(failure) => Err(self.refused(&failure, now)),
        }
    }

    async fn book(&self, desk: &Desk, book: Book, call: CallId, now: Timestamp) -> Answer {
        let start = self.start(&book.date, &book.time, now)?;
        let request = BookingRequest {
            service: book.service_type,
            start,
            name: book.customer_name,
            phone: book.customer_phone,
            notes: book.notes.unwrap_or_default(),
            origin: Origin::Call(call),
        };
        let service = request.service.clone();
        match desk.book(request, now).await {
            Ok(booked) => Ok(results::booked(self.desk.company(), &booked, now)),
            Err(failure) => Err(self.with_alternatives(&failure, &service, start, now).await),
        }
    }

    async fn look_up(&self, look: Look, now: Timestamp) -> Answer {
        self.may_guess()?;
        let found = self.desk.customer(&look.phone, now).await;
        let Some((contact, mut bookings)) = found.map_err(|failure| self.refused(&failure, now))? else {
            return Ok(json!({ "known": false }));
        };
        // A telephone may be a family's: what was booked for another name stays untold.
        bookings.retain(|booking| name::fits(&look.name, &booking.customer_name));
        let names = std::iter::once(&contact.name).chain(bookings.iter().map(|booking| &booking.customer_name));
        let Some(name) = names.into_iter().find(|name| name::fits(&look.name, name)) else {
            self.wrong_guesses.fetch_add(1, Ordering::Relaxed);
            return Ok(json!({ "known": true, "matches": false }));
        };
        Ok(results::customer(
            self.desk.company(),
            name,
            &contact.phone,
            &bookings,
            now,
        ))
    }

    async fn reschedule(&self, desk: &Desk, wish: Move, now: Timestamp) -> Answer {
        let start = self.start(&wish.date, &wish.time, now)?;
        let booking = self
            .confirmed(&wish.confirmation_number, &wish.customer_name, now)
            .await?;
        match desk.reschedule(&booking.id, start, Asker::Customer, now).await {
            Ok(moved) => Ok(results::moved(self.desk.company(), &moved, now)),
            Err(failure) => Err(self.with_alternatives(&failure, &booking.service, start, now).await),
        }
    }

    async fn cancel(&self, desk: &Desk, wish: Cancel, now: Timestamp) -> Answer {
        let booking = self
            .confirmed(&wish.confirmation_number, &wish.customer_name, now)
            .await?;
        match desk.cancel(&booking.id, now).await {
            Ok(cancelled) => Ok(results::cancelled(self.desk.company(), &cancelled, now)),
            Err(failure) => Err(self.refused(&failure, now)),
        }
    }

    /// The appointment that a caller knows number and name of. What is over is nobody's to change: it is the record of the work.
    async fn confirmed(&self, number: &str, said: &str, now: Timestamp) -> Result<Booking, Value> {
        self.may_guess()?;
        match self.desk.confirmed(number).await {
            Ok(booking) if booking.ends_at.0 > now && name::fits(said, &booking.customer_name) => Ok(booking),
            Ok(_) | Err(DeskError::Refused(_)) => {
                self.wrong_guesses.fetch_add(1, Ordering::Relaxed);
                Err(error(NO_SUCH_APPOINTMENT))
            }
            Err(failure) => Err(self.refused(&failure, now)),
        }
    }

    fn may_guess(&self) -> Result<(), Value> {
        if self.wrong_guesses.load(Ordering::Relaxed) < WRONG_GUESSES {
            return Ok(());
        }
        let sentence = "No more numbers and names are tried in this call. Offer that a colleague calls back.";
        Err(error(sentence))
    }

    fn start(&self, date: &str, time: &str, now: Timestamp) -> Result<Timestamp, Value> {
        let (date, time) = arguments::date_and_time(date, time).map_err(|sentence| error(&sentence))?;
        self.desk
            .moment(date, time)
            .map_err(|refusal| self.refused(&refusal.into(), now))
    }

    /// `{"error": sentence}`; a failure of the database keeps its path to itself: the caller hears what is said here.
    fn refused(&self, failure: &DeskError, now: Timestamp) -> Value {
        match failure {
            DeskError::Refused(Refusal::UnknownService { .. }) => {
                let company = self.desk.company();
                let names: Vec<&str> = company.services.iter().map(|service| service.name.as_str()).collect();
                json!({ "error": self.sentence(failure, now), "services": names })
            }
            _ => error(&self.sentence(failure, now)),
        }
    }

    fn sentence(&self, failure: &DeskError, now: Timestamp) -> String {
        match failure {
            DeskError::Refused(refusal) => refusal.sentence(self.desk.company(), now),
            DeskError::Store(_) => "The calendar cannot be reached at the moment. Nothing was changed.".to_owned(),
        }
    }

    /// A refusal of a time names the nearest free ones: the caller is still on the line.
    async fn with_alternatives(&self, failure: &DeskError, service: &str, start: Timestamp, now: Timestamp) -> Value {
        let mut answer = self.refused(failure, now);
        let DeskError::Refused(refusal) = failure else {
            return answer;
        };
        if refusal.is_about_time()
            && let Some(times) = results::alternatives(&self.desk, service, start, now).await
            && let Some(members) = answer.as_object_mut()
        {
            members.insert("alternatives".to_owned(), times);
        }
        answer
    }
}

fn error(sentence: &str) -> Value {
    json!({ "error": sentence })
}

fn parsed<T: DeserializeOwned>(arguments: &str) -> Result<T, Value> {
    serde_json::from_str(arguments).map_err(|reason| error(&format!("The arguments do not fit: {reason}.")))
}

impl ToolProvider for DeskTools {
    fn tools(&self) -> Vec<ToolDescription> {
        arguments::descriptions(self.desk.company(), TIMEOUT)
    }

    fn call(&self, request: ToolRequest) -> BoxFuture<'_, ToolResult> {
        Box::pin(async move {
            let answer = self.answer(request).await;
            let succeeded = answer.is_ok();
            ToolResult {
                output: answer.unwrap_or_else(|refused| refused),
                succeeded,
                caller_details: None,
                ends_call: false,
            }
        })
    }
}

/// The desk's tools for a session; `None` where callers get no appointments.
#[must_use]
pub fn provider(desk: Desk) -> Option<Arc<dyn ToolProvider>> {
    let takes_bookings = desk.company().takes_bookings();
    takes_bookings.then(|| Arc::new(DeskTools::new(desk, PATIENCE)) as Arc<dyn ToolProvider>)
}
