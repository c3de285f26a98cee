use std::task::Poll;

use frontdesk_call::identity::WallTime;
use frontdesk_call::journal::Journal as _;
use rusqlite::Connection;

use super::*;
use crate::error::StorageFault;
use crate::history::PageRequest;
use crate::sample::Script;

fn at(text: &str) -> WallTime {
    WallTime(format!("2026-11-{text}:00Z").parse().unwrap())
}

fn span(from: &str, until: &str) -> Occupied {
    Occupied {
        from: at(from),
        until: at(until),
    }
}

fn booking(confirmation: &str, contact: &str, from: &str, until: &str) -> NewBooking {
    NewBooking {
        confirmation: confirmation.to_owned(),
        service: "oil-change".to_owned(),
        service_name: "Oil change".to_owned(),
        place: Place {
            resource: "bay".to_owned(),
            starts_at: at(from),
            ends_at: at(until),
            occupied_until: at(until),
        },
        contact: contact.to_owned(),
        customer_name: "Ana Perez".to_owned(),
        notes: String::new(),
        request_key: Some(format!("{from} for Ana")),
        call: Some(CallId::from_recorded("call")),
    }
}

/// Whether the future has to wait.
async fn has_to_wait<F: Future>(mut future: std::pin::Pin<&mut F>) -> bool {
    std::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_pending())).await
}

const NOW: &str = "20T09:00";

struct Room {
    _directory: tempfile::TempDir,
    database: Database,
    agenda: Agenda,
}

impl Room {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let database = Database::open(directory.path()).unwrap();
        Self {
            agenda: database.agenda("garage"),
            _directory: directory,
            database,
        }
    }

    async fn book(&self, confirmation: &str, from: &str, until: &str) -> Result<Booking, StoreError> {
        let (confirmation, from, until) = (confirmation.to_owned(), from.to_owned(), until.to_owned());
        self.agenda
            .change(move |edit| {
                let contact = edit.find_or_add_contact("+15550100", "Ana Perez", at(NOW))?;
                edit.add(&booking(&confirmation, &contact.id, &from, &until), at(NOW))
            })
            .await
    }

    /// Adds a contact, by a deadline or with the usual patience.
    fn add_ana(&self, deadline: Option<Instant>) -> impl Future<Output = Result<Contact, StoreError>> + Send + 'static {
        let agenda = deadline.map_or_else(|| self.agenda.clone(), |deadline| self.agenda.until(deadline));
        async move {
            agenda
                .change(|edit| edit.find_or_add_contact("+15550101", "Ana", at(NOW)))
                .await
        }
    }

    async fn ana(&self) -> Option<Contact> {
        self.agenda.read(|view| view.contact("+15550101")).await.unwrap()
    }

    /// Waits until a change has begun and perhaps waits for another process.
    async fn somebody_has_the_turn(&self) {
        while !self.database.agenda_connection().is_busy() {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn a_booking_is_found_by_everything_that_names_it_and_by_no_other_company() {
    let room = Room::new();
    let made = room.book("482193", "23T15:00", "23T15:30").await.unwrap();
    assert_eq!((made.revision, made.cancelled), (0, false));
    assert_eq!(made.customer_phone, "+15550100");
    let id = made.id.clone();
    let found = room
        .agenda
        .read(move |view| {
            Ok([
                view.booking(&id)?,
                view.confirmed("482193")?,
                view.requested("23T15:00 for Ana")?,
                view.bookings(span("23T15:29", "23T16:00"), false)?.pop(),
                view.bookings_of(&view.contact("+15550100")?.unwrap().id, at("23T15:29"))?
                    .pop(),
            ])
        })
        .await
        .unwrap();
    assert!(found.iter().all(|found| found.as_ref() == Some(&made)), "{found:?}");
    let other = room.database.agenda("dentist");
    assert_eq!(other.read(|view| view.confirmed("482193")).await.unwrap(), None);
    assert_eq!(other.read(|view| view.contact("+15550100")).await.unwrap(), None);
}

#[tokio::test]
async fn the_end_of_an_appointment_is_free_for_the_next_one() {
    let room = Room::new();
    room.book("1", "23T15:00", "23T15:30").await.unwrap();
    let taken = |from: &'static str, until: &'static str| {
        let agenda = room.agenda.clone();
        async move {
            agenda
                .read(move |view| view.reservations(span(from, until), None))
                .await
                .unwrap()
        }
    };
    let there = Reservation {
        resource: "bay".to_owned(),
        service: "oil-change".to_owned(),
        time: span("23T15:00", "23T15:30"),
    };
    assert_eq!(taken("23T15:29", "23T16:00").await, [there]);
    assert_eq!(taken("23T15:30", "23T16:00").await, []);
    assert_eq!(taken("23T14:00", "23T15:00").await, []);
}

#[tokio::test]
async fn moving_frees_the_old_time_and_cancelling_the_new_one() {
    let room = Room::new();
    let made = room.book("1", "23T15:00", "23T15:30").await.unwrap();
    let place = booking("", "", "24T10:00", "24T10:30").place;
    let (id, moved) = (made.id.clone(), place.clone());
    let moved = room
        .agenda
        .change(move |edit| edit.relocate(&id, &moved, at("21T09:00")))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((moved.revision, moved.starts_at), (1, at("24T10:00")));
    // The same wish may be made again: its key is free.
    room.book("2", "23T15:00", "23T15:30").await.unwrap();

    let id = made.id.clone();
    let cancel = |id: String| room.agenda.change(move |edit| edit.cancel(&id, at("21T10:00")));
    let cancelled = cancel(id.clone()).await.unwrap().unwrap();
    assert_eq!((cancelled.revision, cancelled.cancelled), (2, true));
    assert_eq!(
        cancel(id.clone()).await.unwrap().unwrap(),
        cancelled,
        "once more changes nothing"
    );
    assert_eq!(cancel("nobody".to_owned()).await.unwrap(), None);
    let shown = |with| {
        room.agenda
            .read(move |view| view.bookings(span("24T00:00", "25T00:00"), with))
    };
    assert_eq!(shown(false).await.unwrap(), []);
    assert_eq!(shown(true).await.unwrap(), [cancelled]);
    let again = room
        .agenda
        .change(move |edit| edit.relocate(&id, &place, at("21T11:00")))
        .await
        .unwrap();
    assert_eq!(again, None, "what is cancelled cannot be moved");
}

#[tokio::test]
async fn a_change_that_fails_leaves_nothing_behind() {
    let room = Room::new();
    let failed: Result<(), StoreError> = room
        .agenda
        .change(|edit| {
            edit.find_or_add_contact("+15550100", "Ana", at(NOW))?;
            Err(StoreError::Closed)
        })
        .await;
    assert_eq!(failed, Err(StoreError::Closed));
    assert_eq!(room.agenda.read(|view| view.contact("+15550100")).await.unwrap(), None);
    room.book("1", "23T15:00", "23T15:30").await.unwrap();
    room.book("1", "23T16:00", "23T16:30").await.unwrap_err();
    let there = room
        .agenda
        .read(|view| view.bookings(span("23T00:00", "24T00:00"), true));
    assert_eq!(there.await.unwrap().len(), 1, "a confirmation number is given once");
}

#[tokio::test]
async fn contacts_are_found_by_parts_of_name_and_number_and_a_heard_name_fills_only_an_empty_one() {
    let room = Room::new();
    room.agenda
        .change(|edit| {
            for (phone, name) in [
                ("+15550101", "Zoë Brown"),
                ("+15550102", "ana perez"),
                ("+15550103", ""),
            ] {
                edit.find_or_add_contact(phone, name, at(NOW))?;
            }
            edit.find_or_add_contact("+15550101", "So Brown", at(NOW))?;
            edit.find_or_add_contact("+15550103", "100% Ltd", at(NOW))
        })
        .await
        .unwrap();
    let names = |typed: &'static str, international: Option<&'static str>| {
        let agenda = room.agenda.clone();
        async move {
            let page = PageRequest { offset: 0, limit: 10 };
            let found = agenda
                .read(move |view| view.contacts(typed, international, page))
                .await
                .unwrap();
            assert_eq!(found.total, found.contacts.len() as u64);
            found
                .contacts
                .into_iter()
                .map(|contact| contact.name)
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(names("", None).await, ["100% Ltd", "ana perez", "Zoë Brown"]);
    assert_eq!(names(" PEREZ ", None).await, ["ana perez"]);
    assert_eq!(names("555-0101", None).await, ["Zoë Brown"]);
    assert_eq!(names("%", None).await, ["100% Ltd"]);
    assert_eq!(names("zoë", None).await, ["Zoë Brown"]);
    assert_eq!(names("ZOË  b", None).await, ["Zoë Brown"]);
    assert_eq!(names("zoe", None).await, ["Zoë Brown"]);
    assert_eq!(
        names("(555) 010-2", Some("+1555010")).await.len(),
        3,
        "as far as it was typed"
    );
    assert_eq!(names("01555", Some("+155501")).await.len(), 3);
    assert_eq!(names("0102", Some("+10102")).await, ["ana perez"]);
    assert_eq!(names("nobody", None).await, Vec::<String>::new());
}

#[tokio::test]
async fn an_erased_contact_takes_its_bookings_along_and_nobody_elses() {
    let room = Room::new();
    let kept = {
        room.book("1", "19T15:00", "19T15:30").await.unwrap();
        room.book("2", "23T15:00", "23T15:30").await.unwrap();
        let other = room.agenda.change(|edit| {
            let contact = edit.find_or_add_contact("+15550199", "Bo Li", at(NOW))?;
            edit.add(&booking("3", &contact.id, "24T15:00", "24T15:30"), at(NOW))
        });
        other.await.unwrap()
    };
    let id = room
        .agenda
        .read(|view| view.contact("+15550100"))
        .await
        .unwrap()
        .unwrap()
        .id;
    let traces = Some(ContactTraces {
        appointments: 2,
        to_come: 1,
    });
    let before = id.clone();
    assert_eq!(
        room.agenda
            .read(move |view| view.contact_traces(&before, at(NOW)))
            .await,
        Ok(traces)
    );
    let erase = |id: String| room.agenda.change(move |edit| edit.erase_contact(&id, at(NOW)));
    let elsewhere = room.database.agenda("dentist");
    let foreign = id.clone();
    let nothing = elsewhere.change(move |edit| edit.erase_contact(&foreign, at(NOW)));
    assert_eq!(nothing.await, Ok::<_, StoreError>(None), "another company's contact");
    assert_eq!(erase(id.clone()).await, Ok::<_, StoreError>(traces));
    assert_eq!(erase(id).await, Ok::<_, StoreError>(None));
    let left = room.agenda.read(|view| {
        let all = view.bookings(span("01T00:00", "30T00:00"), true)?;
        Ok((all, view.contact("+15550100")?))
    });
    assert_eq!(left.await.unwrap(), (vec![kept], None));
}

#[tokio::test]
async fn an_edited_contact_keeps_its_number() {
    let room = Room::new();
    let edited = room
        .agenda
        .change(|edit| {
            let mut contact = edit.find_or_add_contact("+15550101", "Ana", at(NOW))?;
            contact.name = "Ana Perez".to_owned();
            contact.email = "ana@example.com".to_owned();
            edit.edit_contact(&contact, at("21T09:00"))
        })
        .await
        .unwrap()
        .unwrap();
    assert_eq!(edited.changed_at, at("21T09:00"));
    let read = room.agenda.read(|view| view.contact("+15550101")).await.unwrap();
    assert_eq!(read, Some(edited));
}

#[tokio::test]
async fn the_agenda_waits_for_another_process_and_reading_goes_on() {
    let room = Room::new();
    let other = Connection::open(room.database.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let waiting = tokio::spawn(room.add_ana(None));
    room.somebody_has_the_turn().await;
    assert_eq!(room.ana().await, None, "reading goes on meanwhile");
    assert!(!waiting.is_finished());
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(waiting.await.unwrap().unwrap().name, "Ana");
}

#[tokio::test]
async fn the_journal_does_not_wait_for_a_change_that_waits() {
    let room = Room::new();
    let turn = room.database.agenda_connection().take_turn().await;
    let mut waiting = Box::pin(room.add_ana(None));
    assert!(has_to_wait(waiting.as_mut()).await);
    let mut script = Script::begin("call", "2026-11-23T09:00:00Z");
    script.caller("item", "Are you open?");
    room.database.append(script.events).await.unwrap();
    assert!(has_to_wait(waiting.as_mut()).await, "the change still waits");
    drop(turn);
    assert_eq!(waiting.await.unwrap().name, "Ana");
}

#[tokio::test]
async fn a_change_that_cannot_be_done_by_its_deadline_is_not_done_later() {
    let room = Room::new();
    let busy = |result: Result<Contact, StoreError>| {
        let fault = StorageFault::Busy;
        assert!(
            matches!(&result, Err(StoreError::Database { fault: found, .. }) if *found == fault),
            "{result:?}"
        );
    };
    let soon = || Some(Instant::now() + Duration::from_millis(20));

    // Another process writes all the time.
    let other = Connection::open(room.database.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    busy(room.add_ana(soon()).await);
    other.execute_batch("COMMIT").unwrap();

    // Another change of this process has the turn.
    let turn = room.database.agenda_connection().take_turn().await;
    busy(room.add_ana(soon()).await);
    drop(turn);

    // It gets the lock in time, and is not ready in time.
    let deadline = Instant::now() + Duration::from_millis(20);
    let agenda = room.agenda.until(deadline);
    let slow = agenda.change(move |edit| {
        let made = edit.find_or_add_contact("+15550101", "Ana", at(NOW))?;
        while Instant::now() < deadline {
            std::thread::yield_now();
        }
        Ok(made)
    });
    busy(slow.await);

    assert_eq!(room.ana().await, None);
    assert_eq!(
        room.add_ana(None).await.unwrap().name,
        "Ana",
        "the next one is not in its way"
    );
}
