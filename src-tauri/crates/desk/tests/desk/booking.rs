//! Booking, moving and cancelling by the rules: one company, one desk, times on its own clocks.

use std::sync::Arc;

use crate::room::Room;
use frontdesk_call::CallId;
use frontdesk_company::CompanyProfile;
use frontdesk_desk::slots::Asker;
use frontdesk_desk::{Desk, DeskError, Origin, Refusal, calendar_file};
use frontdesk_store::history::PageRequest;
use icalendar::{Calendar, Component, EventStatus};
use jiff::civil::date;

#[tokio::test]
async fn an_appointment_reserves_the_longest_time_and_gets_a_number_of_its_own() {
    let room = Room::new();
    let first = room
        .book("Brakes", "2026-11-24T09:00", "Ana Perez", "(555) 123-4567")
        .await
        .unwrap();
    assert_eq!(first.service_name, "Brake repair");
    assert_eq!(first.customer_phone, "+15551234567");
    assert_eq!(room.local(first.ends_at), "2026-11-24T11:00");
    let second = room
        .book("oil-change", "2026-11-24T09:00", "Bo Li", "555 765 4321")
        .await
        .unwrap();
    assert_ne!(first.confirmation, second.confirmation);
    let found = room
        .desk
        .confirmed(&frontdesk_desk::confirmation::speakable(&first.confirmation))
        .await;
    assert_eq!(found.unwrap(), first);
}

#[tokio::test]
async fn every_rule_refuses_in_words_that_can_be_read_out() {
    let room = Room::new();
    for (service, start, sentence) in [
        ("Oil change", "2026-11-20T09:00", "That time has already passed."),
        (
            "Oil change",
            "2026-11-23T09:30",
            "That is too soon: the earliest possible time is Monday, November 23 at 10:00 AM.",
        ),
        (
            "Oil change",
            "2026-11-24T09:07",
            "Appointments do not begin at that time. The nearest possible times are Tuesday, November 24 at 9:00 AM and Tuesday, \
             November 24 at 9:30 AM.",
        ),
        (
            "Oil change",
            "2026-11-24T17:29",
            "Appointments do not begin at that time. The nearest possible times are Tuesday, November 24 at 5:00 PM and Tuesday, \
             November 24 at 5:30 PM.",
        ),
        (
            "Oil change",
            "2027-03-01T09:00",
            "That is too far ahead: appointments can be made up to Sunday, February 21, 2027.",
        ),
        (
            "Oil change",
            "2026-11-29T09:00",
            "Prime Auto Lab is closed at that time. It opens next on Monday, November 30 at 8:00 AM.",
        ),
        (
            "Oil change",
            "2026-11-24T18:00",
            "Prime Auto Lab is closed at that time. It opens next on Wednesday, November 25 at 8:00 AM.",
        ),
        (
            "Brake repair",
            "2026-11-24T17:00",
            "It would not be finished before closing time, which is Tuesday, November 24 at 6:00 PM.",
        ),
        ("Haircut", "2026-11-24T09:00", "There is no service called Haircut."),
    ] {
        let Err(DeskError::Refused(refusal)) = room.book(service, start, "Ana", "5551234567").await else {
            panic!("{service} at {start} was booked");
        };
        assert_eq!(refusal.sentence(room.desk.company(), room.now()), sentence);
    }
    let nameless = room.book("Oil change", "2026-11-24T09:00", "  ", "5551234567").await;
    assert_eq!(nameless, Err(Refusal::NoName.into()));
    let numberless = room.book("Oil change", "2026-11-24T09:00", "Ana", "soon").await;
    assert_eq!(
        numberless,
        Err(Refusal::NoPhoneNumber {
            given: "soon".to_owned()
        }
        .into())
    );
    assert_eq!(room.all().await, [], "nothing was written");
}

#[tokio::test]
async fn the_third_car_finds_two_bays_taken_and_the_end_of_one_is_free() {
    let room = Room::new();
    room.book("Tire service", "2026-11-24T09:00", "Ana", "5551234567")
        .await
        .unwrap();
    room.book("Tire service", "2026-11-24T09:30", "Bo", "5551234568")
        .await
        .unwrap();
    let full = room.book("Oil change", "2026-11-24T09:30", "Cy", "5551234569").await;
    assert_eq!(full, Err(Refusal::Full.into()));
    room.book("Oil change", "2026-11-24T10:00", "Cy", "5551234569")
        .await
        .unwrap();
}

#[tokio::test]
async fn a_buffer_keeps_the_bay_and_not_the_customer() {
    let room = Room::with(|company| {
        company.resources.truncate(0);
        company.booking.buffer_minutes = frontdesk_company::Minutes(15);
        company.booking.start_every_minutes = frontdesk_company::Minutes(5);
    });
    let booking = room
        .book("Oil change", "2026-11-24T09:00", "Ana", "5551234567")
        .await
        .unwrap();
    assert_eq!(room.local(booking.ends_at), "2026-11-24T09:30");
    let early = room.book("Oil change", "2026-11-24T09:40", "Bo", "5551234568").await;
    assert_eq!(early, Err(Refusal::Full.into()));
    room.book("Oil change", "2026-11-24T09:45", "Bo", "5551234568")
        .await
        .unwrap();
    let before = room.book("Oil change", "2026-11-24T08:30", "Cy", "5551234569").await;
    assert_eq!(
        before,
        Err(Refusal::Full.into()),
        "its own buffer would run into the first one"
    );
}

#[tokio::test]
async fn a_repeated_wish_of_one_call_finds_its_appointment_and_another_call_does_not() {
    let room = Room::new();
    let wish = room.wish("Oil change", "2026-11-24T09:00", "Ana", "5551234567");
    let made = room.desk.book(wish.clone(), room.now()).await.unwrap();
    let again = room.desk.book(wish.clone(), room.now()).await.unwrap();
    assert_eq!((made.already, again.already), (false, true));
    let first = made.booking;
    assert_eq!(first, again.booking);
    let mut other = wish.clone();
    other.origin = Origin::Call(CallId::random());
    assert_ne!(
        room.desk.book(other, room.now()).await.unwrap().booking.id,
        first.id,
        "the second bay"
    );

    // What was cancelled since may be wished for again.
    room.desk.cancel(&first.id, room.now()).await.unwrap();
    let anew = room.desk.book(wish, room.now()).await.unwrap();
    assert_ne!(anew.booking.id, first.id);
    assert!(!anew.already);
}

#[tokio::test]
async fn two_people_with_one_telephone_get_an_appointment_each_at_the_same_time() {
    let room = Room::new();
    let book = |name: &'static str| room.book("Oil change", "2026-11-24T09:00", name, "5551234567");
    let mother = book("Ana Perez").await.unwrap();
    let daughter = book("Lucia Perez").await.unwrap();
    assert_ne!(mother.id, daughter.id);
    for again in ["ana perez", " Ana  Pérez "] {
        assert_eq!(book(again).await.unwrap(), mother, "{again} is the same person");
    }
    assert_eq!(room.all().await.len(), 2);
}

#[tokio::test]
async fn moving_looks_past_its_own_time_and_obeys_the_rules() {
    let room = Room::with(|company| company.resources.truncate(0));
    let booking = room
        .book("Tire service", "2026-11-24T09:00", "Ana", "5551234567")
        .await
        .unwrap();
    let moved = |start: &str| {
        let start = room.at(start);
        room.desk.reschedule(&booking.id, start, Asker::Customer, room.now())
    };
    let half_later = moved("2026-11-24T09:30").await.unwrap();
    assert_eq!(
        (room.local(half_later.starts_at), half_later.revision),
        ("2026-11-24T09:30".to_owned(), 1)
    );
    assert_eq!(
        moved("2026-11-24T09:30").await.unwrap(),
        half_later,
        "where it is already"
    );
    let closed = moved("2026-11-29T09:30").await;
    assert!(
        matches!(closed, Err(DeskError::Refused(Refusal::Closed { .. }))),
        "{closed:?}"
    );
    room.book("Tire service", "2026-11-24T11:00", "Bo", "5551234568")
        .await
        .unwrap();
    assert_eq!(moved("2026-11-24T10:30").await, Err(Refusal::Full.into()));
    room.desk.cancel(&booking.id, room.now()).await.unwrap();
    assert_eq!(moved("2026-11-24T14:00").await, Err(Refusal::NoSuchBooking.into()));
    assert_eq!(
        room.desk.confirmed(&booking.confirmation).await,
        Err(Refusal::NoSuchBooking.into())
    );
}

#[tokio::test]
async fn the_earliest_time_is_one_that_can_be_had_whenever_the_caller_rings() {
    let room = Room::new();
    // Half a minute past nine: an hour of notice ends between two starts.
    let now = room.at("2026-11-23T09:00:30");
    let wish = room.wish("Oil change", "2026-11-23T10:00", "Ana", "5551234567");
    let Err(DeskError::Refused(refusal)) = room.desk.book(wish.clone(), now).await else {
        panic!("there is less than an hour");
    };
    assert_eq!(
        refusal.sentence(room.desk.company(), now),
        "That is too soon: the earliest possible time is Monday, November 23 at 10:30 AM."
    );
    // Towards closing time the next morning is the earliest.
    let evening = room.at("2026-11-23T17:01");
    let tonight = room.wish("Oil change", "2026-11-23T17:30", "Ana", "5551234567");
    let tomorrow = room.at("2026-11-24T08:00");
    assert_eq!(
        room.desk.book(tonight, evening).await,
        Err(Refusal::TooSoon {
            earliest: Some(tomorrow)
        }
        .into())
    );
}

#[tokio::test]
async fn renaming_or_removing_a_resource_gives_no_place_away_twice() {
    let room = Room::with(|company| company.resources[0].count = 1);
    let made = room
        .book("Tire service", "2026-11-24T09:00", "Ana", "5551234567")
        .await
        .unwrap();
    let changes: [fn(&mut CompanyProfile); 3] = [
        |company| company.resources[0].name = "lift".to_owned(),
        |company| company.resources.clear(),
        // The service is gone too.
        |company| {
            company.resources[0].name = "lift".to_owned();
            company.services.retain(|service| service.name != "Tire service");
        },
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut company = CompanyProfile::clone(room.desk.company());
        change(&mut company);
        let desk = Desk::new(&room.database, Arc::new(company));
        let wish = room.wish("Oil change", "2026-11-24T09:30", "Bo", "5551234568");
        let full = desk.book(wish, room.now()).await;
        assert_eq!(full, Err(Refusal::Full.into()), "change {number}");
        let half_past = room.at("2026-11-24T09:30");
        let moved = desk
            .reschedule(&made.id, half_past, Asker::Customer, room.now())
            .await
            .unwrap();
        assert_eq!(
            moved.resource,
            desk.company()
                .resources
                .first()
                .map(|one| one.name.clone())
                .unwrap_or_default()
        );
        let back = room.at("2026-11-24T09:00");
        desk.reschedule(&made.id, back, Asker::Customer, room.now())
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn the_owner_may_book_by_hand_what_a_caller_may_not() {
    let room = Room::new();
    let mut wish = room.wish("Oil change", "2026-11-23T09:10", "Ana", "5551234567");
    wish.origin = Origin::Hand;
    let by_hand = room.desk.book(wish, room.now()).await.unwrap();
    assert_eq!(by_hand.booking.call, None);
    let mut past = room.wish("Oil change", "2026-11-23T08:10", "Ana", "5551234567");
    past.origin = Origin::Hand;
    assert_eq!(room.desk.book(past, room.now()).await, Err(Refusal::Past.into()));
}

#[tokio::test]
async fn a_customer_is_found_by_any_form_of_the_number_with_what_is_to_come() {
    let room = Room::new();
    assert_eq!(room.desk.customer("555 123 4567", room.now()).await, Ok(None));
    let booking = room
        .book("Oil change", "2026-11-24T09:00", "Ana Perez", "+1 (555) 123-4567")
        .await
        .unwrap();
    let (contact, bookings) = room.desk.customer("555.123.4567", room.now()).await.unwrap().unwrap();
    assert_eq!((contact.name.as_str(), bookings), ("Ana Perez", vec![booking.clone()]));
    let later = room.at("2026-11-24T09:30");
    let (_, past) = room.desk.customer("5551234567", later).await.unwrap().unwrap();
    assert_eq!(past, [], "what is over is not to come");
}

#[tokio::test]
async fn a_contact_is_found_by_the_number_that_is_dialled_in_its_country() {
    let room = Room::new();
    room.book("Oil change", "2026-11-24T09:00", "Zoë Perez", "+1 512 555 0134")
        .await
        .unwrap();
    for typed in [
        "512 555 0134",
        "(512) 555-0134",
        "1-512-555-0134",
        "555 0134",
        "0134",
        "ZOË",
    ] {
        let page = PageRequest { offset: 0, limit: 10 };
        assert_eq!(room.desk.contacts(typed, page).await.unwrap().total, 1, "{typed}");
    }
    let london = Room::with(|company| company.contact.country = Some("GB".to_owned()));
    london
        .book("Oil change", "2026-11-24T09:00", "Ann", "020 7946 0958")
        .await
        .unwrap();
    let page = PageRequest { offset: 0, limit: 10 };
    assert_eq!(london.desk.contacts("020 7946 0958", page).await.unwrap().total, 1);
}

#[tokio::test]
async fn control_characters_reach_neither_the_book_nor_a_calendar_file() {
    let room = Room::new();
    let mut wish = room.wish(
        "Oil change",
        "2026-11-24T09:00",
        "Ana\r\nATTENDEE:x\u{202e}",
        "5551234567",
    );
    wish.notes = "Blue van\r\n\u{1b}[31mred".to_owned();
    let mut kept = room.desk.book(wish, room.now()).await.unwrap().booking;
    assert_eq!(kept.customer_name, "Ana ATTENDEE:x");
    assert_eq!(kept.notes, "Blue van\n[31mred");
    let (mut contact, _) = room.desk.customer("5551234567", room.now()).await.unwrap().unwrap();
    contact.name = "Ana\u{7}".to_owned();
    let edited = room.desk.edit_contact(contact, room.now()).await.unwrap().unwrap();
    assert_eq!(edited.name, "Ana");

    // What an older version let in does not get out.
    kept.customer_name = "Ana\r\nATTENDEE:x".to_owned();
    kept.notes = "\u{1b}[31m\u{202e}red\r\nX:y".to_owned();
    let file = calendar_file::write(room.desk.company(), &[kept], room.now());
    let unfolded = file.replace("\r\n ", "");
    assert!(unfolded.contains("SUMMARY:Oil change: Ana ATTENDEE:x\r\n"), "{file}");
    assert!(
        !unfolded
            .lines()
            .any(|line| line.starts_with("ATTENDEE") || line.starts_with("X:")),
        "{file}"
    );
    assert!(!file.contains(['\u{1b}', '\u{202e}']));
}

#[tokio::test]
async fn a_calendar_file_is_read_by_another_programs_parser_with_every_time_and_change() {
    let room = Room::new();
    let kept = room
        .book(
            "Oil change",
            "2026-11-24T09:00",
            "Ana, \"the boss\"; Perez",
            "5551234567",
        )
        .await
        .unwrap();
    let gone = room
        .book("Brakes", "2026-11-24T09:00", "Bo", "5551234568")
        .await
        .unwrap();
    room.desk.cancel(&gone.id, room.now()).await.unwrap();
    let bookings = room
        .desk
        .bookings(date(2026, 11, 24), date(2026, 11, 24), true)
        .await
        .unwrap();
    let file = calendar_file::write(room.desk.company(), &bookings, room.now());

    let calendar: Calendar = file.parse().unwrap();
    let events: Vec<_> = calendar.events().collect();
    assert_eq!(events.len(), 2);
    let first = events.iter().find(|event| event.get_uid() == Some(&kept.id)).unwrap();
    assert_eq!(first.get_summary(), Some("Oil change: Ana, \"the boss\"; Perez"));
    assert_eq!(first.property_value("DTSTART"), Some("20261124T150000Z"));
    assert_eq!(first.property_value("DTEND"), Some("20261124T153000Z"));
    assert_eq!(first.property_value("SEQUENCE"), Some("0"));
    let second = events.iter().find(|event| event.get_uid() == Some(&gone.id)).unwrap();
    assert_eq!(second.get_status(), Some(EventStatus::Cancelled));
    assert_eq!(second.get_sequence(), Some(1));
    assert!(file.lines().all(|line| line.len() <= 75), "lines are folded:\n{file}");
}
