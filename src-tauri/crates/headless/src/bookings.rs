//! `frontdeskd bookings`: the appointments of the built-in calendar.

use frontdesk_app::app::App;
use frontdesk_app::view::{AgendaBooking, AgendaQuery};
use frontdesk_app::{Booking, one_line};
use frontdesk_call::problem::Problem;

use crate::arguments::BookingsCommand;
use crate::exit::{Exit, bad_input};
use crate::output;

/// Lists them, newest last, or writes the calendar file.
pub async fn run(app: &App, command: BookingsCommand) -> Result<Exit, Problem> {
    let query = AgendaQuery {
        first: command.from,
        days: command.days,
        with_cancelled: command.cancelled,
    };
    if let Some(path) = &command.calendar {
        let count = app.export_agenda(&query, path).await?;
        output::line(&format!("{count} appointments in {}", path.display()));
        return Ok(Exit::Done);
    }
    let agenda = app.agenda(&query).await?;
    if command.json {
        let text = serde_json::to_string(
            &agenda
                .bookings
                .iter()
                .map(|placed| &placed.booking)
                .collect::<Vec<&Booking>>(),
        )
        .map_err(|error| bad_input(error.to_string()))?;
        output::line(&text);
    } else if agenda.bookings.is_empty() {
        let (first, last) = (agenda.days.first(), agenda.days.last());
        let span = first
            .zip(last)
            .map(|(first, last)| format!(" from {} to {}", first.date, last.date));
        output::line(&format!("No appointments{}.", span.unwrap_or_default()));
    } else {
        agenda.bookings.iter().for_each(|placed| output::line(&line_of(placed)));
    }
    Ok(Exit::Done)
}

/// `2026-11-24 09:00–09:30  Oil change · Ana Perez · +15551234567 · 482193`, on the company's clocks.
fn line_of(placed: &AgendaBooking) -> String {
    let clock = |minute: u32| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
    let booking = &placed.booking;
    let cancelled = if booking.cancelled { "  cancelled" } else { "" };
    format!(
        "{} {}–{}  {} · {} · {} · {}{cancelled}",
        placed.date,
        clock(placed.minutes.from),
        clock(placed.minutes.until),
        one_line(&booking.service_name),
        one_line(&booking.customer_name),
        booking.customer_phone,
        booking.confirmation,
    )
}
