//! Several errands in one breath: each is done in its turn, and each claim has its own result.

use jiff::civil::date;

use crate::desk_double::{Call, DeskDouble, expect};

#[test]
fn two_appointments_in_one_sentence_are_booked_one_after_the_other() {
    let mut call = Call::new();
    expect(
        &mut call,
        "Book an oil change for Tuesday at nine and a tire service for Thursday at ten.",
        &["name"],
    );
    call.say("Anna Carter");
    let told = call.say("312 555 0142");
    assert!(
        told.contains("oil change on Tuesday") && !told.contains("tire service"),
        "{told}"
    );
    let told = call.say("Yes.");
    assert!(told.contains("booked") && told.contains("4 8 2, 1 9 3"), "{told}");
    assert!(
        told.contains("tire service on Thursday, November 26 at 10:00 AM"),
        "{told}"
    );
    assert_eq!(call.booked().len(), 1, "the second waits for its own yes");
    expect(&mut call, "Yes.", &["booked", "4 8 2, 1 9 4"]);
    assert_eq!(
        call.booked(),
        [
            "Oil change, 2026-11-24T09:00:00, Anna Carter, 312-555-0142",
            "Tire service, 2026-11-26T10:00:00, Anna Carter, 312-555-0142"
        ]
    );
}

#[test]
fn calling_off_and_booking_instead_is_a_move() {
    let mut call = Call::new();
    call.desk.keep("Oil change", date(2026, 11, 24).at(9, 0, 0, 0));
    expect(
        &mut call,
        "Cancel my Tuesday appointment and book me for Friday at ten instead.",
        &["confirmation number"],
    );
    call.script(&["700100"]);
    expect(&mut call, "Anna Carter", &["move", "Friday, November 27 at 10:00 AM"]);
    expect(&mut call, "Yes.", &["moved"]);
    assert_eq!(
        call.booked(),
        ["Oil change, 2026-11-27T10:00:00, Anna Carter, 312-555-0142"]
    );
}

#[test]
fn calling_off_one_and_booking_another_are_two_errands() {
    let mut call = Call::new();
    call.desk.keep("Oil change", date(2026, 11, 24).at(9, 0, 0, 0));
    expect(
        &mut call,
        "I want to cancel my Tuesday appointment and book a brake repair for Friday at ten.",
        &["confirmation number"],
    );
    call.script(&["700100", "Anna Carter"]);
    let told = call.say("Yes.");
    assert!(told.contains("cancelled") && !told.contains("booked"), "{told}");
    assert!(call.desk.rows.is_empty());
    let told = call.say("312 555 0142");
    assert!(
        told.contains("brake repair on Friday, November 27 at 10:00 AM"),
        "{told}"
    );
    expect(&mut call, "Yes.", &["booked"]);
    assert_eq!(
        call.booked(),
        ["Brake repair, 2026-11-27T10:00:00, Anna Carter, 312-555-0142"]
    );
}

#[test]
fn a_day_at_the_end_is_meant_for_both() {
    let mut call = Call::new();
    let told = call.say("I need an oil change and a tire service on Thursday.");
    assert!(told.contains("Thursday, November 26 at"), "{told}");
    call.script(&["At ten.", "Anna Carter", "312 555 0142"]);
    let told = call.say("Yes.");
    assert!(told.contains("booked") && told.contains("November 26 at"), "{told}");
    call.script(&["The first one.", "Yes."]);
    assert_eq!(call.booked().len(), 2, "{}", call.transcript.join("\n"));
}

#[test]
fn one_more_appointment_named_on_the_way_is_kept_for_later() {
    let mut call = Call::new();
    call.script(&["Book an oil change tomorrow at nine.", "Anna Carter", "312 555 0142"]);
    expect(
        &mut call,
        "And I also need a tire service on Thursday at ten.",
        &["oil change", "9:00 AM", "?"],
    );
    let told = call.say("Yes.");
    assert!(
        told.contains("booked") && told.contains("tire service on Thursday"),
        "{told}"
    );
    call.say("Yes.");
    assert_eq!(call.booked().len(), 2, "{}", call.transcript.join("\n"));
}

#[test]
fn leaving_the_first_goes_on_with_the_second() {
    let mut call = Call::new();
    call.say("Book an oil change for Tuesday at nine and a tire service for Thursday at ten.");
    expect(&mut call, "Never mind.", &["Thursday, November 26 at 10:00 AM"]);
    call.script(&["Anna Carter", "312 555 0142", "Yes."]);
    assert_eq!(
        call.booked(),
        ["Tire service, 2026-11-26T10:00:00, Anna Carter, 312-555-0142"]
    );
}

#[test]
fn a_broken_calendar_loses_neither_errand() {
    let mut call = Call::new();
    call.script(&[
        "Book an oil change for Tuesday at nine and a tire service for Thursday at ten.",
        "Anna Carter",
        "312 555 0142",
    ]);
    call.desk.broken = Some(r#"{"error": "disk full"}"#.to_owned());
    let told = call.say("Yes.");
    assert!(!told.contains("booked"), "{told}");
    expect(&mut call, "Yes, please.", &["oil change", "tire service for Thursday"]);
}

#[test]
fn a_result_that_was_not_heard_is_told_again_with_the_next_errand() {
    use frontdesk_engine::dialogue::Dialogue;

    let mut call = Call::new();
    call.script(&[
        "Book an oil change for Tuesday at nine and a tire service for Thursday at ten.",
        "Anna Carter",
        "312 555 0142",
        "Yes.",
    ]);
    call.receptionist.withdraw();
    let told = call.say("Sorry, what did you say?");
    assert!(told.contains("booked"), "{}", call.transcript.join("\n"));
    assert_eq!(call.booked().len(), 1, "{}", call.transcript.join("\n"));
}

#[test]
fn another_service_instead_is_no_second_appointment() {
    for line in [
        "Actually change it to a tire service.",
        "No, and make it a tire service.",
    ] {
        let mut call = Call::new();
        call.script(&[
            "Book an oil change tomorrow at nine.",
            "Anna Carter",
            "312 555 0142",
            line,
            "Yes.",
        ]);
        assert_eq!(
            call.booked(),
            ["Tire service, 2026-11-24T09:00:00, Anna Carter, 312-555-0142"],
            "{}",
            call.transcript.join("\n")
        );
    }
}

#[test]
fn an_errand_without_its_function_is_not_passed_over() {
    let offers = DeskDouble::offers();
    let offers = offers
        .into_iter()
        .filter(|offer| offer.name != "cancelAppointment")
        .collect();
    let mut call = Call::with(offers);
    expect(
        &mut call,
        "Book an oil change for Tuesday at nine and cancel my Friday appointment.",
        &["can't see or change appointments", "Tuesday, November 24 at 9:00 AM"],
    );
}

#[test]
fn a_goodbye_leaves_nothing_waiting() {
    let mut call = Call::new();
    call.say("Book an oil change for Tuesday at nine and a tire service for Thursday at ten.");
    expect(&mut call, "Goodbye.", &["oodbye"]);
    let told = call.script(&[
        "Oh wait, book a brake repair for Friday at nine.",
        "Anna Carter",
        "312 555 0142",
        "Yes.",
    ]);
    assert!(told.contains("booked") && !told.contains("tire service"), "{told}");
}
