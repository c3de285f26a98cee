//! Whole conversations in which the built-in dialogue books, moves and cancels through functions: the values that reach the calendar, and
//! the words that the caller hears. The calendar is a double behind the functions' schemas.

use jiff::civil::date;

use crate::desk_double::{Call, assert_booked, book, expect};

#[test]
fn everything_in_one_sentence_is_read_back_and_booked() {
    let mut call = Call::new();
    expect(
        &mut call,
        "I'd like an oil change next Tuesday at half past two, my name is Anna Carter and my number is 312 555 0142.",
        &[
            "oil change",
            "Tuesday, December 1 at 2:30 PM",
            "Anna Carter",
            "312-555-0142",
            "?",
        ],
    );
    assert_eq!(call.booked(), Vec::<String>::new(), "nothing before the yes");
    expect(&mut call, "Yes, that's right.", &["booked", "4 8 2, 1 9 3"]);
    assert_booked(&call, "Oil change", "2026-12-01T14:30:00");
}

#[test]
fn what_is_missing_is_asked_for_one_thing_at_a_time() {
    let mut call = Call::new();
    expect(&mut call, "I'd like to make an appointment.", &["?"]);
    expect(&mut call, "A brake repair, please.", &["day"]);
    expect(&mut call, "Thursday.", &["Thursday, November 26 at 8:00 AM", " or "]);
    expect(&mut call, "At ten.", &["Thursday, November 26 at 10:00 AM", "name"]);
    expect(&mut call, "It's Anna Carter.", &["number"]);
    expect(&mut call, "Three one two, five five five", &["3 1 2, 5 5 5"]);
    expect(
        &mut call,
        "oh one four two",
        &["312-555-0142", "brake repair", "10:00 AM"],
    );
    expect(&mut call, "Correct.", &["booked"]);
    assert_booked(&call, "Brake repair", "2026-11-26T10:00:00");
}

#[test]
fn at_most_three_times_are_offered_and_one_is_taken_by_its_place() {
    let mut call = Call::new();
    let told = call.script(&["Can I book an oil change?", "Tomorrow morning."]);
    assert_eq!(told.matches("AM").count(), 3, "{told}");
    call.script(&["The second one.", "Anna Carter", "312 555 0142", "yes"]);
    assert_booked(&call, "Oil change", "2026-11-24T10:00:00");
}

#[test]
fn the_earliest_time_is_offered_and_taken_with_a_yes() {
    let mut call = Call::new();
    expect(
        &mut call,
        "I need a battery replacement as soon as possible.",
        &["Monday, November 23 at 9:00 AM"],
    );
    call.script(&["Yes, that works.", "Anna Carter", "312 555 0142", "yes"]);
    assert_booked(&call, "Battery replacement", "2026-11-23T09:00:00");
}

#[test]
fn an_abbreviation_that_is_written_letter_by_letter_names_its_service() {
    let mut call = Call::new();
    expect(
        &mut call,
        "Hi, can I get an A C service for tomorrow at ten?",
        &["10:00 AM", "name"],
    );
    call.script(&["Anna Carter", "312 555 0142", "yes"]);
    assert_booked(&call, "Air conditioning service", "2026-11-24T10:00:00");
}

#[test]
fn a_closed_day_is_told_with_the_next_free_time() {
    let mut call = Call::new();
    expect(
        &mut call,
        "I'd like to book an oil change for Sunday at ten.",
        &["closed on Sunday, November 29", "Monday, November 30 at 8:00 AM"],
    );
    call.script(&["Yes, that's fine.", "Anna Carter", "312 555 0142", "yes"]);
    assert_booked(&call, "Oil change", "2026-11-30T08:00:00");
}

#[test]
fn another_day_instead_of_the_closed_one_lies_in_the_offered_week_and_keeps_the_time() {
    let mut call = Call::new();
    call.script(&["Book me an oil change on Sunday at ten.", "No, Tuesday then."]);
    call.script(&["Anna Carter", "312 555 0142", "yes"]);
    assert_booked(&call, "Oil change", "2026-12-01T10:00:00");
}

#[test]
fn a_time_outside_the_hours_is_refused() {
    let mut call = Call::new();
    expect(&mut call, "An oil change tomorrow at 7 PM, please.", &["closed", "?"]);
    expect(&mut call, "Then at four.", &["4:00 PM"]);
}

#[test]
fn a_past_time_is_refused() {
    let mut call = Call::new();
    expect(
        &mut call,
        "Could I book an oil change today at 8 AM?",
        &["passed", "Monday, November 23"],
    );
    assert!(call.booked().is_empty());
}

#[test]
fn a_taken_time_brings_the_nearest_free_ones() {
    let mut call = Call::new();
    call.desk.occupy(date(2026, 11, 24).at(14, 30, 0, 0));
    expect(
        &mut call,
        "I want to book an oil change tomorrow at 2:30 PM.",
        &["2:30 PM is not", "2:00 PM", "3:00 PM"],
    );
    call.script(&["Three o'clock.", "Anna Carter", "312 555 0142", "yes"]);
    assert_booked(&call, "Oil change", "2026-11-24T15:00:00");
}

#[test]
fn a_full_day_brings_the_next_one() {
    let mut call = Call::new();
    for half_hour in 16..36 {
        call.desk
            .occupy(date(2026, 11, 24).at(half_hour / 2, half_hour % 2 * 30, 0, 0));
    }
    expect(
        &mut call,
        "Do you have anything free tomorrow for an oil change?",
        &["free on Tuesday, November 24", "Wednesday, November 25 at 8:00 AM"],
    );
}

#[test]
fn corrections_before_and_at_the_read_back_are_taken() {
    for (correction, start) in [
        ("No, Thursday.", "2026-11-26T09:00:00"),
        ("Not nine, ten.", "2026-11-24T10:00:00"),
        ("No, at half past three.", "2026-11-24T15:30:00"),
        ("Actually make it Wednesday at eleven.", "2026-11-25T11:00:00"),
        ("Wednesday, not Tuesday.", "2026-11-25T09:00:00"),
    ] {
        let mut call = Call::new();
        call.script(&[
            "Book an oil change tomorrow at nine.",
            "Anna Carter",
            "312 555 0142",
            correction,
        ]);
        call.say("Yes.");
        assert_booked(&call, "Oil change", start);
        // The same while the name is asked for.
        let mut call = Call::new();
        call.script(&[
            "Book an oil change tomorrow at nine.",
            "No wait, on Thursday.",
            "Anna Carter",
            "312 555 0142",
            "Yes.",
        ]);
        assert_booked(&call, "Oil change", "2026-11-26T09:00:00");
    }
}

#[test]
fn a_weekday_with_its_date_is_that_date_and_not_the_day_of_the_week_talked_about() {
    for said in [
        "No, sorry, make it Friday, December fourth.",
        "No, Friday the 4th.",
        "No, make it Friday, the fourth of December.",
    ] {
        let mut call = Call::new();
        call.script(&[
            "Book an oil change tomorrow at nine.",
            "Anna Carter",
            "312 555 0142",
            said,
        ]);
        call.say("Yes.");
        assert_booked(&call, "Oil change", "2026-12-04T09:00:00");
    }
}

#[test]
fn tomorrow_is_understood_as_a_recogniser_may_spell_it() {
    let mut call = Call::new();
    call.script(&[
        "Book an oil change on Friday at nine.",
        "Anna Carter",
        "312 555 0142",
        "No, sorry, make it to-morrow.",
        "Yes.",
    ]);
    assert_booked(&call, "Oil change", "2026-11-24T09:00:00");
}

#[test]
fn another_service_is_taken_with_the_time_kept() {
    let mut call = Call::new();
    call.script(&["Book an oil change tomorrow at nine.", "Anna Carter", "312 555 0142"]);
    expect(&mut call, "Actually a tire service.", &["tire service", "9:00 AM"]);
    call.say("Yes.");
    assert_booked(&call, "Tire service", "2026-11-24T09:00:00");
}

#[test]
fn change_the_time_asks_for_another() {
    let mut call = Call::new();
    call.script(&["Book an oil change tomorrow at nine.", "Anna Carter", "312 555 0142"]);
    expect(&mut call, "Can I change the time?", &["time"]);
    expect(&mut call, "Eleven.", &["11:00 AM"]);
    call.say("Yes.");
    assert_booked(&call, "Oil change", "2026-11-24T11:00:00");
}

#[test]
fn a_no_to_the_read_back_asks_what_is_wrong() {
    let mut call = Call::new();
    call.script(&[
        "Book an oil change tomorrow at nine.",
        "Anne Cartwright",
        "312 555 0142",
    ]);
    expect(&mut call, "No.", &["change"]);
    expect(&mut call, "The name.", &["name"]);
    expect(&mut call, "Anna Carter, C A R T E R.", &["Anna Carter"]);
    call.say("Yes, now it's right.");
    assert_booked(&call, "Oil change", "2026-11-24T09:00:00");
}

#[test]
fn a_wrong_phone_number_is_replaced() {
    let mut call = Call::new();
    call.script(&["Book an oil change tomorrow at nine.", "Anna Carter", "312 555 0143"]);
    expect(&mut call, "No, the number is 312 555 0142.", &["312-555-0142"]);
    call.say("Yes.");
    assert_booked(&call, "Oil change", "2026-11-24T09:00:00");
}

#[test]
fn questions_in_between_are_answered_and_the_booking_goes_on() {
    let mut call = Call::new();
    call.say("I'd like to book an oil change.");
    expect(&mut call, "How much is it?", &["$50 to $80", "day"]);
    call.say("Tomorrow at nine.");
    expect(&mut call, "How long does it take?", &["30 minutes", "name"]);
    expect(&mut call, "Anna Carter. Where are you?", &["123 Main Street", "number"]);
    expect(&mut call, "Are you open on Saturday?", &["9:00 AM", "number"]);
    call.script(&["312 555 0142"]);
    expect(&mut call, "Do you take credit cards?", &["credit card", "9:00 AM"]);
    call.say("Yes.");
    assert_booked(&call, "Oil change", "2026-11-24T09:00:00");
}

#[test]
fn forget_it_leaves_the_booking() {
    for line in ["Forget it.", "Never mind.", "I changed my mind."] {
        let mut call = Call::new();
        call.script(&["Book an oil change tomorrow at nine.", "Anna Carter"]);
        let told = call.say(line);
        assert!(!told.contains("number?"), "{told}");
        call.say("Yes.");
        assert!(call.booked().is_empty(), "{}", call.transcript.join("\n"));
    }
}

#[test]
fn what_did_you_say_repeats() {
    let mut call = Call::new();
    let told = call.script(&["Book an oil change.", "Tomorrow."]);
    assert_eq!(call.say("Sorry, what did you say?"), told);
}

#[test]
fn a_robot_is_a_robot_and_the_booking_goes_on() {
    let mut call = Call::new();
    call.say("Book an oil change tomorrow at nine.");
    expect(&mut call, "Are you a robot?", &["automated", "name"]);
}

#[test]
fn a_person_is_not_to_be_had_and_the_caller_chooses() {
    let mut call = Call::new();
    call.say("Book an oil change tomorrow at nine.");
    expect(&mut call, "I want to speak to a person.", &["details", "?"]);
    expect(&mut call, "No.", &["name"]);
    call.script(&["Anna Carter", "312 555 0142", "Yes."]);
    assert_booked(&call, "Oil change", "2026-11-24T09:00:00");
}

#[test]
fn goodbye_ends_the_call_without_a_booking() {
    let mut call = Call::new();
    call.script(&["Book an oil change tomorrow at nine.", "Anna Carter"]);
    expect(&mut call, "Goodbye.", &["oodbye"]);
    assert!(call.booked().is_empty());
    assert_eq!(call.desk.called.last().unwrap().0, "endCall");
}

#[test]
fn a_service_that_was_talked_about_is_the_one_that_is_booked() {
    let mut call = Call::new();
    call.say("How much is a brake repair?");
    call.script(&[
        "Okay, can you book me in for Friday morning at nine?",
        "Anna Carter",
        "312 555 0142",
        "yes",
    ]);
    assert_booked(&call, "Brake repair", "2026-11-27T09:00:00");
}

#[test]
fn an_e_mail_address_is_noted() {
    let mut call = Call::new();
    call.script(&[
        "Book an oil change tomorrow at nine.",
        "Anna Carter",
        "312 555 0142",
        "My e-mail is anna@example.com.",
        "yes",
    ]);
    assert_eq!(call.desk.rows[0].notes, "E-mail: anna@example.com");
}

#[test]
fn days_and_times_in_many_forms_reach_the_calendar() {
    for (line, start) in [
        (
            "Can I come in for an oil change this Friday at two thirty?",
            "2026-11-27T14:30:00",
        ),
        (
            "I'd like an oil change on December 3rd at quarter to nine... no, at nine.",
            "2026-12-03T09:00:00",
        ),
        (
            "I need an oil change the day after tomorrow at noon.",
            "2026-11-25T12:00:00",
        ),
        ("Oil change, a week from Monday, 10 AM.", "2026-12-07T10:00:00"),
        ("I want an oil change in two weeks at 3 p.m.", "2026-12-07T15:00:00"),
        (
            "Schedule an oil change next week on Wednesday at eleven thirty.",
            "2026-12-02T11:30:00",
        ),
    ] {
        let call = book(&[line]);
        assert_booked(&call, "Oil change", start);
    }
}

#[test]
fn a_session_without_the_functions_takes_a_message() {
    let mut call = Call::with(Vec::new());
    expect(
        &mut call,
        "I'd like to book an oil change tomorrow at nine.",
        &["can't book", "name"],
    );
    expect(&mut call, "Anna Carter", &["number"]);
}

#[test]
fn questions_about_the_company_start_no_booking() {
    for question in [
        "How much is an oil change?",
        "Are you open on Saturday?",
        "What is your cancellation policy?",
        "What if I need to cancel my appointment?",
        "How far ahead do I have to cancel?",
        "Can I just walk in without an appointment?",
        "How long does a brake repair take?",
        "Do I need an appointment for an oil change?",
        "Do you do brake repairs?",
    ] {
        let mut call = Call::new();
        call.say(question);
        assert!(call.desk.called.is_empty(), "{}", call.transcript.join("\n"));
        let told = call.say("Thanks.");
        assert!(!told.contains("day would"), "{}", call.transcript.join("\n"));
    }
}

#[test]
fn wording_varies_within_a_call() {
    let mut call = Call::new();
    let first = call.script(&[
        "Book an oil change tomorrow at nine.",
        "Anna Carter",
        "312 555 0142",
        "yes",
    ]);
    let second = call.script(&["I'd like to book a brake repair on Thursday at nine.", "yes"]);
    assert_eq!(call.booked().len(), 2, "{}", call.transcript.join("\n"));
    assert_ne!(first[..12], second[..12], "{first} / {second}");
}

#[test]
fn a_yes_with_a_goodbye_books_first() {
    let mut call = Call::new();
    call.script(&["Book an oil change tomorrow at nine.", "Anna Carter", "312 555 0142"]);
    expect(&mut call, "Yes, that's right, thank you, bye.", &["booked", "oodbye"]);
    assert_booked(&call, "Oil change", "2026-11-24T09:00:00");
}

#[test]
fn a_yes_with_a_question_is_answered_and_asked_for_again() {
    let mut call = Call::new();
    call.script(&["Book an oil change tomorrow at nine.", "Anna Carter", "312 555 0142"]);
    expect(
        &mut call,
        "Yes, and how long does it take?",
        &["30 minutes", "9:00 AM", "?"],
    );
    expect(&mut call, "Yes.", &["booked"]);
    assert_booked(&call, "Oil change", "2026-11-24T09:00:00");
}

#[test]
fn a_bare_day_of_the_week_lies_in_the_week_that_is_talked_about() {
    let mut call = Call::new();
    call.script(&[
        "Book an oil change next Tuesday at nine.",
        "Anna Carter",
        "312 555 0142",
    ]);
    expect(&mut call, "No, Thursday.", &["Thursday, December 3 at 9:00 AM"]);
}

#[test]
fn a_question_for_opening_hours_is_answered_before_and_during_an_appointment() {
    let mut call = Call::new();
    expect(&mut call, "How much is an oil change?", &["$50"]);
    for question in [
        "What are your opening hours on Saturday?",
        "What times are you open on Saturday?",
        "What time do you open on Saturday?",
    ] {
        let told = call.script(&[question]);
        assert!(told.contains("9:00 AM to 4:00 PM"), "{question}: {told}");
        assert!(!told.contains("Which would you like"), "{question}: {told}");
    }
    call.script(&["I'd like to book an oil change."]);
    for question in [
        "What are your opening hours on Saturday?",
        "What times are you open on Saturday?",
    ] {
        let told = call.script(&[question]);
        assert!(told.contains("9:00 AM to 4:00 PM"), "{question}: {told}");
    }
    let told = call.script(&["Any openings on Saturday?"]);
    assert!(told.contains("Saturday, November 28 at"), "{told}");
}
