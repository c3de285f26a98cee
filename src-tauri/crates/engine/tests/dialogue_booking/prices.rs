//! Prices held against an amount that the caller names, before and while an appointment is made. The sample's oil change costs $50 to $80, its
//! brake repair $150 to $400.

use crate::desk_double::{Call, assert_booked, expect};

#[test]
fn a_price_is_held_against_the_amount_that_was_named() {
    for (question, verdict) in [
        (
            "Can I get an oil change for under 100 dollars?",
            "Yes, that is less than $100",
        ),
        (
            "Can I get an oil change for under sixty dollars?",
            "It may be less than $60",
        ),
        (
            "Can I get an oil change for under $50?",
            "No, that is not less than $50",
        ),
        (
            "Is an oil change more than eighty dollars?",
            "No, that is not more than $80",
        ),
        (
            "Does an oil change cost more than 40 bucks?",
            "Yes, that is more than $40",
        ),
        ("Is an oil change less than a hundred?", "$50 to $80"),
        ("Could I have an oil change for 80 dollars?", "Yes, that is within $80"),
        (
            "Can I get an oil change for under 60 euros?",
            "Oil change costs $50 to $80",
        ),
    ] {
        let mut call = Call::new();
        expect(&mut call, question, &[verdict, "$50 to $80"]);
        assert!(
            call.desk.called.is_empty(),
            "a question about a price books nothing: {question}"
        );
    }
}

#[test]
fn it_is_what_the_talk_was_about() {
    let mut call = Call::new();
    call.say("How much is a brake repair?");
    expect(&mut call, "Is it more than 500 dollars?", &["No", "$150 to $400"]);
    expect(
        &mut call,
        "I only want to spend 200 bucks.",
        &["may be within $200", "$150 to $400"],
    );
}

#[test]
fn what_is_not_on_the_list_gets_no_other_price() {
    let mut call = Call::new();
    call.say("How much is an oil change?");
    let told = call.say("Can I get a helicopter for under 60 dollars?");
    assert!(!told.contains("$50 to $80"), "{told}");
}

#[test]
fn everything_within_an_amount_is_listed_with_its_price() {
    let mut call = Call::new();
    let told = call.say("What can I get for 80 dollars?");
    assert!(
        told.contains("oil change for $50 to $80") && !told.contains("brake repair for"),
        "{told}"
    );
}

#[test]
fn an_amount_is_no_time_and_no_number_while_an_appointment_is_made() {
    let mut call = Call::new();
    call.script(&["I'd like to book an oil change."]);
    expect(&mut call, "I only want to spend 100 bucks.", &["within $100", "day"]);
    call.script(&["Tomorrow at nine.", "Anna Carter"]);
    expect(&mut call, "Is it more than eighty dollars?", &["$50 to $80", "number"]);
    expect(&mut call, "I have 100 dollars with me.", &["number"]);
    call.script(&["312 555 0142", "yes"]);
    assert_booked(&call, "Oil change", "2026-11-24T09:00:00");
}

#[test]
fn all_services_are_listed_once_with_their_prices() {
    for question in [
        "What services do you offer and how much are they?",
        "What services do you have and what do they cost?",
        "How much does everything cost? What do you offer?",
    ] {
        let told = Call::new().say(question);
        let times = told.to_lowercase().matches("brake repair").count();
        assert_eq!(times, 1, "{question}: {told}");
        assert!(told.contains("$150 to $400"), "{question}: {told}");
    }
}
