//! Moving and cancelling, and what the caller hears when the calendar does not do what was asked.

use jiff::civil::date;

use crate::desk_double::{Call, assert_booked, book, expect};

#[test]
fn a_time_that_is_taken_meanwhile_is_not_claimed() {
    let mut call = Call::new();
    call.script(&["Book an oil change tomorrow at nine.", "Anna Carter", "312 555 0142"]);
    call.desk.occupy(date(2026, 11, 24).at(9, 0, 0, 0));
    let told = call.say("Yes.");
    assert!(!told.contains("booked") && told.contains("9:30 AM"), "{told}");
    call.script(&["9:30", "yes"]);
    assert_booked(&call, "Oil change", "2026-11-24T09:30:00");
}

#[test]
fn a_broken_calendar_is_told_and_a_message_offered() {
    for broken in [
        r#"{"error": "disk full"}"#,
        "garbage",
        "{}",
        r#"{"booked": false}"#,
        "null",
        "",
    ] {
        let mut call = Call::new();
        call.desk.broken = Some(broken.to_owned());
        call.script(&["Book an oil change tomorrow at nine.", "Anna Carter", "312 555 0142"]);
        let told = call.say("Yes.");
        assert!(!told.contains("booked") && !told.contains("disk"), "{told}");
        assert!(
            told.contains("message") || told.contains("details") || told.contains("name and number"),
            "{told}"
        );
        call.desk.broken = None;
        expect(
            &mut call,
            "Yes, please.",
            &["Anna Carter", "312-555-0142", "oil change"],
        );
    }
}

#[test]
fn an_appointment_is_cancelled_by_number_and_name() {
    let mut call = book(&["Book an oil change tomorrow at nine."]);
    call.receptionist = Call::new().receptionist;
    expect(&mut call, "I need to cancel my appointment.", &["confirmation number"]);
    expect(&mut call, "four eight two, one nine three", &["name"]);
    expect(&mut call, "Anna Carter", &["4 8 2, 1 9 3", "Anna Carter", "?"]);
    assert_eq!(call.booked().len(), 1, "nothing before the yes");
    expect(
        &mut call,
        "Yes, please cancel it.",
        &["cancelled", "Tuesday, November 24 at 9:00 AM"],
    );
    assert!(call.booked().is_empty());
}

#[test]
fn an_appointment_is_moved_and_a_taken_time_brings_others() {
    let mut call = book(&["Book an oil change tomorrow at nine."]);
    call.receptionist = Call::new().receptionist;
    call.desk.occupy(date(2026, 11, 26).at(10, 0, 0, 0));
    expect(
        &mut call,
        "I'd like to reschedule my appointment.",
        &["confirmation number"],
    );
    expect(&mut call, "482193", &["name"]);
    expect(&mut call, "Anna Carter", &["day"]);
    expect(
        &mut call,
        "Thursday at ten.",
        &["Thursday, November 26 at 10:00 AM", "?"],
    );
    expect(&mut call, "Yes.", &["9:30 AM", "10:30 AM"]);
    expect(&mut call, "10:30", &["10:30 AM", "?"]);
    expect(&mut call, "Yes.", &["moved", "Thursday, November 26 at 10:30 AM"]);
    assert_booked(&call, "Oil change", "2026-11-26T10:30:00");
}

#[test]
fn what_was_booked_in_this_call_is_moved_and_cancelled_without_its_number() {
    let mut call = book(&["Book an oil change tomorrow at nine."]);
    expect(
        &mut call,
        "Sorry, can I move that appointment to Thursday at ten?",
        &["Thursday, November 26 at 10:00 AM", "?"],
    );
    expect(&mut call, "Yes.", &["moved"]);
    assert_booked(&call, "Oil change", "2026-11-26T10:00:00");
    call.say("Actually, please cancel the appointment.");
    expect(&mut call, "Yes.", &["cancelled"]);
    assert!(call.booked().is_empty());
}

#[test]
fn a_wrong_confirmation_number_is_asked_for_once_more_and_then_a_message_offered() {
    let mut call = Call::new();
    call.script(&["Cancel my appointment, number 111222.", "Anna Carter"]);
    expect(&mut call, "Yes.", &["1 1 1, 2 2 2", "confirmation number"]);
    call.say("333444");
    let told = call.say("Yes.");
    assert!(!told.contains("cancelled"), "{told}");
    assert!(
        told.contains("message") || told.contains("details") || told.contains("name and number"),
        "{told}"
    );
}

#[test]
fn a_booking_that_was_not_heard_is_told_again_and_not_made_again() {
    use frontdesk_engine::dialogue::Dialogue;

    let mut call = book(&["Book an oil change tomorrow at nine."]);
    call.receptionist.withdraw();
    let told = call.say("No wait, on Thursday. How much is it?");
    assert!(told.contains("booked"), "{}", call.transcript.join("\n"));
    assert_eq!(call.booked().len(), 1, "{}", call.transcript.join("\n"));
}
