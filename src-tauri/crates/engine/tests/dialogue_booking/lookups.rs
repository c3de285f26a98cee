//! "When is my appointment?": what the calendar is asked, what the caller hears of its answer, and what follows.

use frontdesk_engine::dialogue::{Dialogue, PastLine, ToolOffer};
use jiff::civil::date;
use serde_json::Value;

use crate::desk_double::{Call, DeskDouble, NOW, book, expect};

/// A call of somebody who has an oil change on Tuesday, December 1 at 9:00.
fn with_appointment() -> Call {
    let mut call = Call::new();
    call.desk.keep("Oil change", date(2026, 12, 1).at(9, 0, 0, 0));
    call
}

fn called(call: &Call, name: &str) -> Vec<Value> {
    let calls = call.desk.called.iter().filter(|(called, _)| called == name);
    calls.map(|(_, arguments)| arguments.clone()).collect()
}

#[test]
fn an_appointment_is_told_after_name_and_number() {
    let mut call = with_appointment();
    expect(&mut call, "When is my appointment?", &["name"]);
    expect(&mut call, "Anna Carter", &["number"]);
    assert!(
        called(&call, "lookupCustomer").is_empty(),
        "nothing is asked before both are known"
    );
    expect(
        &mut call,
        "312 555 0142",
        &["oil change", "Tuesday, December 1 at 9:00 AM", "move", "cancel"],
    );
    let asked = called(&call, "lookupCustomer");
    assert_eq!(asked.len(), 1);
    assert_eq!(
        (&asked[0]["phone"], &asked[0]["name"]),
        (&"312-555-0142".into(), &"Anna Carter".into())
    );
    let told = call.say("No, that's fine.");
    assert!(!told.contains("confirmation"), "{told}");
}

#[test]
fn an_appointment_that_was_told_is_moved_with_its_number() {
    let mut call = with_appointment();
    call.script(&["When is my appointment?", "Anna Carter", "312 555 0142"]);
    expect(
        &mut call,
        "Please move it to Thursday at ten.",
        &["confirmation number"],
    );
    // Its service is known, so the calendar is asked whether the new time is free.
    expect(&mut call, "700100", &["Thursday, ", "10:00 AM", "?"]);
    assert_eq!(
        called(&call, "checkAvailability").len(),
        1,
        "{}",
        call.transcript.join("\n")
    );
    expect(&mut call, "Yes.", &["moved", "10:00 AM"]);
}

#[test]
fn an_appointment_that_was_told_is_cancelled_with_its_number() {
    let mut call = with_appointment();
    call.script(&["When is my appointment?", "Anna Carter", "312 555 0142"]);
    expect(&mut call, "Cancel it, please.", &["confirmation number"]);
    expect(&mut call, "7 0 0 1 0 0", &["7 0 0, 1 0 0", "?"]);
    expect(&mut call, "Yes.", &["cancelled", "Tuesday, December 1"]);
    assert!(call.desk.rows.is_empty());
}

#[test]
fn what_was_booked_in_this_call_is_told_and_changed_without_a_number() {
    let mut call = book(&["Book an oil change tomorrow at nine."]);
    expect(
        &mut call,
        "And when is my appointment?",
        &["Tuesday, November 24 at 9:00 AM", "oil change"],
    );
    expect(&mut call, "Cancel it.", &["4 8 2, 1 9 3", "?"]);
    expect(&mut call, "Yes.", &["cancelled"]);
}

#[test]
fn several_appointments_are_all_told_and_one_is_chosen_by_its_service() {
    let mut call = with_appointment();
    call.desk.keep("Tire service", date(2026, 12, 3).at(10, 0, 0, 0));
    call.script(&["When is my appointment?", "Anna Carter"]);
    expect(
        &mut call,
        "312 555 0142",
        &[
            "oil change on Tuesday, December 1",
            "tire service on Thursday, December 3",
            "one of them",
        ],
    );
    expect(&mut call, "Cancel the tire service.", &["confirmation number"]);
    let told = call.say("I don't have it.");
    assert!(told.contains("only with its confirmation number"), "{told}");
    assert!(call.desk.called.iter().all(|(name, _)| name != "cancelAppointment"));
    call.say("Yes, please.");
    let told = call.script(&["Yes, that's right."]);
    let saved = called(&call, "saveCallerDetails");
    let reason = saved
        .first()
        .map(|saved| saved["reason"].to_string())
        .unwrap_or_default();
    assert!(
        reason.contains("cancel tire service on Thursday, December 3"),
        "{reason}: {told}\n{}",
        call.transcript.join("\n")
    );
}

#[test]
fn nothing_found_is_told_and_the_number_asked_for_once_more() {
    let mut call = with_appointment();
    call.script(&["When is my appointment?", "Anna Carter"]);
    expect(&mut call, "312 555 9999", &["312-555-9999", "number"]);
    expect(&mut call, "312 555 0142", &["Tuesday, December 1"]);
    let mut call = with_appointment();
    call.script(&["When is my appointment?", "Anna Carter", "312 555 9999"]);
    let told = call.say("312 555 8888");
    assert!(told.contains("312-555-8888") && !told.contains("December"), "{told}");
    assert_eq!(called(&call, "lookupCustomer").len(), 2);
}

#[test]
fn a_name_that_does_not_belong_to_the_number_learns_nothing() {
    let mut call = with_appointment();
    call.script(&["When is my appointment?", "Peter Novak"]);
    let told = call.say("312 555 0142");
    assert!(
        told.contains("name") && !told.contains("December") && !told.contains("oil"),
        "{told}"
    );
    let told = call.say("Hannah Berg");
    assert!(!told.contains("December"), "{told}");
    assert_eq!(called(&call, "lookupCustomer").len(), 2, "no third guess");
}

#[test]
fn a_calendar_that_cannot_be_asked_tells_of_no_appointment() {
    for broken in [
        r#"{"error": "disk full"}"#,
        "garbage",
        "{}",
        r#"{"known": true}"#,
        r#"{"appointments": [{}]}"#,
    ] {
        let mut call = with_appointment();
        call.desk.broken = Some(broken.to_owned());
        call.script(&["When is my appointment?", "Anna Carter"]);
        let told = call.say("312 555 0142");
        assert!(
            !told.contains("coming up") && !told.contains("disk"),
            "{broken}: {told}"
        );
    }
}

#[test]
fn without_the_confirmation_number_the_appointment_is_looked_up_and_a_message_offered() {
    let mut call = with_appointment();
    expect(&mut call, "I need to cancel my appointment.", &["confirmation number"]);
    expect(&mut call, "I don't know my confirmation number.", &["name"]);
    call.say("Anna Carter");
    let told = call.say("312 555 0142");
    assert!(
        told.contains("Tuesday, December 1") && told.contains("only with its confirmation number"),
        "{told}"
    );
    assert_eq!(call.desk.rows.len(), 1, "nothing is cancelled");
}

#[test]
fn a_lookup_in_the_middle_of_a_booking_leaves_the_booking() {
    let mut call = with_appointment();
    call.script(&["Book a brake repair tomorrow at nine.", "Anna Carter", "312 555 0142"]);
    expect(
        &mut call,
        "Wait, when is my other appointment? When am I supposed to come in?",
        &["Tuesday, December 1", "brake repair", "?"],
    );
    expect(&mut call, "Yes.", &["booked"]);
    assert_eq!(call.desk.rows.len(), 2);
}

#[test]
fn a_lookup_that_fails_in_the_middle_of_a_booking_leaves_the_booking() {
    let mut call = with_appointment();
    call.script(&["Book a brake repair tomorrow at nine.", "Anna Carter", "312 555 0142"]);
    call.desk.broken = Some(r#"{"error": "disk full"}"#.to_owned());
    expect(
        &mut call,
        "When is my appointment?",
        &["I'm sorry", "brake repair", "?"],
    );
    call.desk.broken = None;
    expect(&mut call, "Yes.", &["booked"]);
}

#[test]
fn an_appointment_of_another_day_is_not_taken_for_the_one_that_was_booked() {
    let mut call = book(&["Book an oil change tomorrow at nine."]);
    let told = call.say("And please cancel my appointment on Friday.");
    assert!(
        told.contains("confirmation number") && !told.contains("4 8 2"),
        "{told}"
    );
    let mut call = book(&["Book an oil change tomorrow at nine."]);
    // What the calendar told is read back with its day.
    expect(
        &mut call,
        "Please cancel my appointment.",
        &["Tuesday, November 24 at 9:00 AM", "4 8 2, 1 9 3"],
    );
}

#[test]
fn a_lookup_before_a_new_connection_is_not_waited_for() {
    let mut call = with_appointment();
    let now = NOW.parse().unwrap();
    for line in ["When is my appointment?", "Anna Carter", "312 555 0142"] {
        call.receptionist.recall(PastLine::Caller(line), now);
    }
    let told = call.say("How much is an oil change?");
    assert!(told.contains("$50 to $80") && !told.contains("not answered"), "{told}");
}

#[test]
fn a_lookup_while_a_message_is_taken_leaves_the_message() {
    let mut call = with_appointment();
    expect(&mut call, "Could someone call me back?", &["name"]);
    expect(&mut call, "When is my appointment?", &["name"]);
    call.say("Anna Carter");
    expect(&mut call, "312 555 0142", &["Tuesday, December 1", "?"]);
    expect(
        &mut call,
        "A noise in my car.",
        &["noise in my car", "Anna Carter", "312-555-0142"],
    );
}

#[test]
fn without_the_function_a_message_is_taken() {
    let offers: Vec<ToolOffer> = DeskDouble::offers();
    let offers = offers
        .into_iter()
        .filter(|offer| offer.name != "lookupCustomer")
        .collect();
    let mut call = Call::with(offers);
    expect(
        &mut call,
        "When is my appointment?",
        &["can't look up appointments", "name"],
    );
}
