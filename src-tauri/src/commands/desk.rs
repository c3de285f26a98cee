//! Appointments and contacts of the built-in calendar.

use frontdesk_app::app::App;
use frontdesk_app::view::{AgendaQuery, AgendaView, BookingWish, ContactQuery};
use frontdesk_app::{Booking, Contact, ContactPage, ContactTraces};
use frontdesk_call::problem::Problem;
use tauri::{AppHandle, State};

use super::wire::choose_path;

/// Some days of the calendar.
#[tauri::command]
pub async fn get_agenda(app: State<'_, App>, query: AgendaQuery) -> Result<AgendaView, Problem> {
    app.agenda(&query).await
}

/// Makes an appointment by hand.
#[tauri::command]
pub async fn book(app: State<'_, App>, wish: BookingWish) -> Result<Booking, Problem> {
    app.book(wish).await
}

/// Gives an appointment another begin.
#[tauri::command]
pub async fn move_booking(app: State<'_, App>, id: String, date: String, time: String) -> Result<Booking, Problem> {
    app.move_booking(&id, &date, &time).await
}

/// Calls an appointment off.
#[tauri::command]
pub async fn cancel_booking(app: State<'_, App>, id: String) -> Result<Booking, Problem> {
    app.cancel_booking(&id).await
}

/// Writes the appointments of some days to a calendar file that the person names.
#[tauri::command]
pub async fn export_agenda(
    app: State<'_, App>,
    handle: AppHandle,
    query: AgendaQuery,
) -> Result<Option<String>, Problem> {
    let Some(path) = choose_path(&handle, "appointments.ics", "Calendar", "ics").await else {
        return Ok(None);
    };
    app.export_agenda(&query, &path).await?;
    Ok(Some(path.display().to_string()))
}

/// A part of the contact book.
#[tauri::command]
pub async fn list_contacts(app: State<'_, App>, query: ContactQuery) -> Result<ContactPage, Problem> {
    app.contacts(&query).await
}

/// Replaces name, e-mail address and notes of a contact.
#[tauri::command]
pub async fn edit_contact(app: State<'_, App>, contact: Contact) -> Result<Contact, Problem> {
    app.edit_contact(contact).await
}

/// What is kept of a contact beside its own entry.
#[tauri::command]
pub async fn get_contact_traces(app: State<'_, App>, id: String) -> Result<ContactTraces, Problem> {
    app.contact_traces(&id).await
}

/// Erases a contact with all its appointments.
#[tauri::command]
pub async fn erase_contact(app: State<'_, App>, id: String) -> Result<ContactTraces, Problem> {
    app.erase_contact(&id).await
}
