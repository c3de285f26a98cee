//! What results make true, and what they do not.

use super::*;
use crate::dialogue::chat::guard::{claims, matter};

const FIRST: &str = r#"{"booked": true, "appointment": {"confirmationNumber": "482193", "spoken": "Tuesday, December 1 at 9:00 AM",
    "spokenConfirmationNumber": "4 8 2, 1 9 3", "start": "2026-12-01T09:00:00-06:00"}}"#;
const SECOND: &str = r#"{"booked": true, "appointment": {"confirmationNumber": "771204", "spoken": "Thursday, December 3 at 3:00 PM",
    "spokenConfirmationNumber": "7 7 1, 2 0 4", "start": "2026-12-03T15:00:00-06:00"}}"#;
const FULL: &str = r#"{"error": "nothing free"}"#;

/// On Monday, November 30, 2026, in Chicago.
fn before_anything() -> Evidence {
    Evidence::at(Some("2026-11-30T10:00:00-06:00[America/Chicago]".parse().unwrap()))
}

fn after(outcomes: &[(&str, &str)]) -> Evidence {
    let mut evidence = before_anything();
    for (name, output) in outcomes {
        evidence.note_outcome(name, "{}", output);
    }
    evidence
}

impl Evidence {
    /// Whether this may be said without a word on when.
    fn allows(&self, claim: Claim) -> bool {
        self.bears_out(claim, "")
    }

    /// Whether a sentence that claims something may be said.
    fn bears_out_all_of(&self, sentence: &str) -> bool {
        let found = claims(sentence);
        assert!(!found.is_empty(), "{sentence} claims nothing");
        self.knows_numbers(sentence) && found.iter().all(|claim| self.bears_out(*claim, &matter(sentence)))
    }

    fn told(&self, sentences: &[&str]) {
        for sentence in sentences {
            assert!(self.bears_out_all_of(sentence), "{sentence}: {self:#?}");
        }
    }

    fn not_told(&self, sentences: &[&str]) {
        for sentence in sentences {
            assert!(!self.bears_out_all_of(sentence), "{sentence}: {self:#?}");
        }
    }
}

#[test]
fn only_a_success_of_the_right_function_allows_a_claim() {
    let booked = r#"{"booked": true, "appointment": {"confirmationNumber": "482193"}}"#;
    assert!(after(&[("bookAppointment", booked)]).allows(Claim::Booked));
    for (name, output) in [
        ("bookAppointment", "{}"),
        ("bookAppointment", r#"{"booked": false}"#),
        ("bookAppointment", r#"{"error": "full"}"#),
        ("bookAppointment", r#"{"appointment": {}}"#),
        ("checkAvailability", r#"{"available": [1]}"#),
        ("lookupCustomer", r#"{"known": true, "appointments": []}"#),
        ("saveCallerDetails", r#"{"saved": {"name": "Dana"}}"#),
        ("reserve_table", "Sorry, no table is free."),
        ("reserve_table", "null"),
        ("reserve_table", r#"{"status": "not_found"}"#),
        ("reserve_table", "The kitchen can't take more guests."),
    ] {
        assert!(!after(&[(name, output)]).allows(Claim::Booked), "{name} {output}");
    }
}

#[test]
fn functions_of_others_are_known_by_their_names() {
    assert!(after(&[("reserve_table", "Reserved for 7 pm.")]).allows(Claim::Booked));
    assert!(after(&[("book-slot", r#"{"id": 42}"#)]).allows(Claim::Booked));
    assert!(after(&[("cancelOrder", r#"{"status": "ok"}"#)]).allows(Claim::Cancelled));
    assert!(after(&[("take_message", r#"true"#)]).allows(Claim::Saved));
    assert!(!after(&[("get_bookings", r#"{"id": 42}"#)]).allows(Claim::Booked));
}

#[test]
fn after_a_failure_only_what_names_the_deed_before_it_may_be_said() {
    let evidence = after(&[("bookAppointment", FIRST), ("bookAppointment", FULL)]);
    assert!(!evidence.allows(Claim::Booked) && !evidence.allows(Claim::Something));
    evidence.told(&[
        "You're still booked for Tuesday at nine.",
        "Your first appointment, on December 1st, is booked.",
        "You are booked for tomorrow at 9 AM.",
        "Your appointment with the confirmation number 482193 is booked.",
    ]);
    evidence.not_told(&[
        "You're booked.",
        "I've booked Thursday at three for your wife.",
        "You're booked for Tuesday at ten.",
    ]);
}

#[test]
fn a_failure_after_a_result_without_day_or_time_takes_the_word_back() {
    let evidence = after(&[("bookAppointment", r#"{"booked": true}"#), ("bookAppointment", FULL)]);
    assert!(!evidence.allows(Claim::Booked));
    evidence.not_told(&["You're booked for Tuesday at nine."]);
}

#[test]
fn what_is_booked_at_one_time_says_nothing_of_another() {
    let evidence = after(&[("bookAppointment", FIRST)]);
    evidence.told(&[
        "You're booked for Tuesday; on Sunday we are closed.",
        "You're booked for nine.",
        "You're booked for Tuesday, December 1st at nine o'clock.",
        "You're booked for 9 a.m. on Tuesday, and we close at six.",
        "I've booked it: the first of December at 9:00.",
        "You're booked for tomorrow at nine in the morning.",
        "Your oil change on Tuesday at nine, Dana, is booked.",
        "You're booked for Tuesday at nine, please come by 8:45.",
        "You're booked for Tuesday, not Thursday.",
        "You're booked for Tuesday at nine, confirmation number 4 8 2, 1 9 3.",
        "Your booking for the first oil change of the day, Tuesday at nine, is complete.",
        "You're booked for two oil changes on Tuesday.",
        "That's done for Tuesday at nine.",
        "Thank you for calling today, you're booked for Tuesday.",
    ]);
    evidence.not_told(&[
        "And I've booked Thursday at three for your wife.",
        "You're booked for Tuesday at ten.",
        "You're booked for three o'clock.",
        "You're booked for December 8 at nine.",
        "You're booked for Tuesday, December 2nd.",
        "You're booked for Tuesday the 8th at nine.",
        "Great, your appointment on Thursday is confirmed!",
        "You're booked for today at nine.",
        "You're booked, your confirmation number is 771204.",
        "You're booked for Tuesday at nine and Thursday at three.",
        "That's done for Thursday at three.",
    ]);
}

#[test]
fn two_appointments_are_told_apart_by_day_time_and_number() {
    let evidence = after(&[("bookAppointment", FIRST), ("bookAppointment", SECOND)]);
    evidence.told(&[
        "You're booked for Tuesday at nine and Thursday at three.",
        "You're booked for Thursday at three, confirmation number 771204.",
        "You're booked for Tuesday at nine, confirmation number 482193.",
    ]);
    evidence.not_told(&[
        "You're booked for Tuesday at three.",
        "You're booked for Thursday, December 1 at three.",
        "You're booked for Thursday at three, confirmation number 482193.",
        "You're booked for Tuesday at nine and Thursday at four.",
    ]);
}

#[test]
fn where_a_result_tells_no_time_the_arguments_do_and_else_nothing_is_held_against_a_claim() {
    let booked_as = |arguments: &str| {
        let mut evidence = before_anything();
        evidence.note_outcome("book_slot", arguments, r#"{"id": 42}"#);
        evidence
    };
    let asked = booked_as(r#"{"date": "2026-12-01", "time": "14:00"}"#);
    asked.told(&[
        "You're booked for Tuesday at two.",
        "You're booked for December 1 at 2 PM.",
    ]);
    asked.not_told(&[
        "You're booked for Wednesday at two.",
        "You're booked for Tuesday at three.",
    ]);
    booked_as("{}").told(&["You're booked for Tuesday at two."]);
}

#[test]
fn moments_of_other_zones_are_told_in_the_companys() {
    let evidence = after(&[(
        "book_slot",
        r#"{"start": "2026-12-01T15:00:00Z", "end": "2026-12-01T16:00:00Z"}"#,
    )]);
    evidence.told(&["You're booked for Tuesday at nine."]);
    evidence.not_told(&["You're booked for Tuesday at three."]);
}

#[test]
fn what_was_moved_stands_at_its_new_place_alone() {
    let moved = r#"{"moved": true, "appointment": {"confirmationNumber": "482193", "spoken": "Friday, December 4 at 10:00 AM"}}"#;
    let evidence = after(&[("bookAppointment", FIRST), ("rescheduleAppointment", moved)]);
    evidence.told(&[
        "I've moved your appointment from Tuesday at nine to Friday at ten.",
        "I've moved your Tuesday appointment to Friday at ten.",
        "You're booked for Friday at ten.",
    ]);
    evidence.not_told(&[
        "I've moved your appointment from Tuesday to Thursday.",
        "I've moved it to Friday at eleven.",
        "You're booked for Tuesday at nine.",
    ]);
}

#[test]
fn a_cancelled_appointment_leaves_the_other_one_booked() {
    let cancelled = FIRST.replace("booked", "cancelled");
    let both = [("bookAppointment", FIRST), ("bookAppointment", SECOND)];
    let evidence = after(&[both[0], both[1], ("cancelAppointment", &cancelled)]);
    evidence.told(&[
        "Your appointment on Tuesday at nine is cancelled.",
        "You're booked for Thursday at three.",
    ]);
    evidence.not_told(&[
        "You're booked for Tuesday at nine.",
        "Your appointment on Thursday is cancelled.",
    ]);
}

#[test]
fn what_was_cancelled_is_booked_no_more() {
    let evidence = after(&[
        ("bookAppointment", r#"{"booked": true}"#),
        ("cancelAppointment", r#"{"cancelled": true}"#),
    ]);
    assert!(evidence.allows(Claim::Cancelled) && !evidence.allows(Claim::Booked));
}

#[test]
fn an_old_appointment_may_be_told_and_is_none_that_was_made_now() {
    let evidence = after(&[(
        "lookupCustomer",
        r#"{"known": true, "appointments": [{"spoken": "Tuesday"}]}"#,
    )]);
    assert!(evidence.allows(Claim::Stands) && !evidence.allows(Claim::Booked));
    evidence.told(&["I have you down for Tuesday.", "You have an appointment on Tuesday."]);
    evidence.not_told(&["I have you down for Wednesday.", "You're set for Tuesday."]);
}

#[test]
fn a_confirmation_number_has_to_come_from_somewhere() {
    let mut evidence = after(&[(
        "bookAppointment",
        r#"{"booked": true, "appointment": {"confirmationNumber": "482193"}}"#,
    )]);
    assert!(evidence.knows_numbers("Your confirmation number is 4 8 2, 1 9 3."));
    assert!(!evidence.knows_numbers("Your confirmation number is 123456."));
    evidence.note_caller("It is 123 456.");
    assert!(evidence.knows_numbers("Your confirmation number is 123456."));
    assert!(evidence.knows_numbers("We are open from 9 to 17."));
    assert!(evidence.knows_numbers("You're booked for December 1, 2026 at 9 AM, confirmation number 482193."));
    assert!(!evidence.knows_numbers("You're booked for December 1 at 9 AM, confirmation number 482194."));
    evidence.note_caller("five five five is 555");
    evidence.note_caller("0142");
    evidence.note_number("(555) 123-4567");
    assert!(evidence.knows_numbers("A confirmation goes to 555 0142, from 555-123-4567."));
}
