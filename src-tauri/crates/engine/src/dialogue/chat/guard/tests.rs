//! Sentences that claim something, and sentences that do not.

use proptest::prelude::*;

use super::*;

#[test]
fn what_says_that_something_is_done_is_a_claim() {
    for (sentence, claim) in [
        ("I have booked you in for Tuesday at nine.", Claim::Booked),
        ("I've just booked your oil change.", Claim::Booked),
        ("You're booked for Tuesday at 9 AM.", Claim::Booked),
        ("Your appointment has been scheduled.", Claim::Booked),
        (
            "Great, your appointment for Tuesday at nine is confirmed!",
            Claim::Booked,
        ),
        ("Booked!", Claim::Booked),
        ("Perfect, booked for Tuesday at nine.", Claim::Booked),
        ("Appointment confirmed for 9 AM.", Claim::Booked),
        ("You're all set for Tuesday.", Claim::Booked),
        ("I have you down for Tuesday, and you are booked.", Claim::Booked),
        ("I went ahead and booked it.", Claim::Booked),
        ("I booked the tune-up, is there anything else?", Claim::Booked),
        ("I've made the appointment for you.", Claim::Booked),
        ("I have put you down for nine.", Claim::Booked),
        ("I've added you to the calendar.", Claim::Booked),
        ("We have set up your appointment.", Claim::Booked),
        ("Consider it booked.", Claim::Booked),
        ("No problem - I've booked you in for Tuesday at 9.", Claim::Booked),
        ("No worries, that's booked.", Claim::Booked),
        ("Well\u{2026} you're booked.", Claim::Booked),
        ("You should be all set for Tuesday at nine.", Claim::Booked),
        ("I was able to book you in for Tuesday at 9.", Claim::Booked),
        ("We managed to move it to Friday.", Claim::Moved),
        ("You have an appointment on Tuesday at nine.", Claim::Stands),
        ("Your appointment is on Tuesday at nine.", Claim::Stands),
        ("Your confirmation number is 4 8 2 1 9 3.", Claim::Stands),
        ("We'll see you on Tuesday at 9.", Claim::Stands),
        ("Your appointment is cancelled.", Claim::Cancelled),
        ("I've cancelled it for you.", Claim::Cancelled),
        ("I have called off your appointment.", Claim::Cancelled),
        ("I have removed the appointment from the calendar.", Claim::Cancelled),
        ("Your appointment has been moved to Thursday.", Claim::Moved),
        ("I've rescheduled you to Thursday.", Claim::Moved),
        ("I changed your appointment to Friday.", Claim::Moved),
        ("I have saved your details.", Claim::Saved),
        ("Your message has been passed on to the team.", Claim::Saved),
        ("I've let the team know.", Claim::Saved),
        ("I've taken your message.", Claim::Saved),
        ("Message sent.", Claim::Saved),
        ("It's done.", Claim::Something),
        ("That is all done.", Claim::Something),
        ("Done!", Claim::Something),
        ("Everything is taken care of.", Claim::Something),
        ("That's taken care of for you.", Claim::Something),
        ("Your cancellation is taken care of.", Claim::Something),
        ("Your booking is complete.", Claim::Booked),
        ("Your booking was successful.", Claim::Booked),
        ("Your booking on Tuesday at nine went through.", Claim::Booked),
        ("The reservation has gone through.", Claim::Booked),
        ("Your appointment is set.", Claim::Booked),
        ("Your appointment is now all set for Tuesday.", Claim::Booked),
        ("Booking complete!", Claim::Booked),
        ("Your booking, Dana, is complete.", Claim::Booked),
        ("Appointment set for Tuesday at nine.", Claim::Booked),
        ("The nine o'clock slot is yours.", Claim::Booked),
        ("Your oil change is set for Tuesday at nine.", Claim::Booked),
        ("It's locked in.", Claim::Booked),
        ("Your booking is in.", Claim::Stands),
        ("Your appointment is on the calendar.", Claim::Stands),
        ("It is in our books for Tuesday.", Claim::Stands),
        ("You're set for Tuesday.", Claim::Booked),
        ("You are set.", Claim::Booked),
        ("You're good to go.", Claim::Booked),
        ("You're in for nine.", Claim::Stands),
        ("You're down for Tuesday.", Claim::Stands),
        ("You're on for nine o'clock.", Claim::Stands),
        ("You're now on the calendar.", Claim::Stands),
        ("Okay, you are officially on our schedule.", Claim::Stands),
        ("I have you down for nine.", Claim::Stands),
        ("We have you in at nine on Tuesday.", Claim::Stands),
        ("I have you for Tuesday at nine.", Claim::Stands),
        ("We've got you on the schedule.", Claim::Stands),
        ("I've got you in.", Claim::Stands),
        ("I got you in for Tuesday.", Claim::Booked),
        ("I put you in for ten.", Claim::Booked),
        ("I squeezed you in at ten.", Claim::Booked),
        ("Got you down for nine!", Claim::Booked),
        ("I got you a spot on Tuesday.", Claim::Booked),
        ("I've saved you a spot on Tuesday.", Claim::Booked),
        ("Once again, you're booked for Tuesday.", Claim::Booked),
        ("Once I had your name, you were all set.", Claim::Booked),
        ("See you on Tuesday at nine!", Claim::Stands),
        ("We're expecting you on Tuesday.", Claim::Stands),
        ("Your cancellation is complete.", Claim::Cancelled),
        ("Your cancellation went through.", Claim::Cancelled),
        ("Your cancellation is confirmed.", Claim::Cancelled),
        ("Your appointment is gone.", Claim::Cancelled),
        ("It's off the calendar.", Claim::Cancelled),
        ("You're no longer on the schedule.", Claim::Cancelled),
        ("The change is complete.", Claim::Moved),
        ("Your message is in.", Claim::Saved),
        ("Your message went through.", Claim::Saved),
        ("Your message is on its way.", Claim::Saved),
        ("Your request is with the team.", Claim::Saved),
        ("They have your message.", Claim::Saved),
        ("The team has got your request.", Claim::Saved),
        ("We have received your message.", Claim::Saved),
        ("It's gone.", Claim::Something),
        ("It went through.", Claim::Something),
        ("That's handled.", Claim::Something),
    ] {
        assert!(claims(sentence).contains(&claim), "{sentence}: {:?}", claims(sentence));
        assert!(may_claim(sentence), "{sentence} would be spoken before it is whole");
    }
}

#[test]
fn questions_plans_conditions_and_denials_claim_nothing() {
    for sentence in [
        "Would you like me to book that for you?",
        "Shall I get that booked?",
        "I can book you in for Tuesday at nine.",
        "I'll book that for you now.",
        "I will have it booked in a moment.",
        "Once it is booked, I will tell you the number.",
        "Nothing is booked yet.",
        "I haven't booked anything yet.",
        "That is not cancelled yet.",
        "We are fully booked on Tuesday.",
        "Nine o'clock is already booked.",
        "Tuesday is booked up, but Wednesday is free.",
        "Is your appointment on Tuesday?",
        "Do you have an appointment with us?",
        "If you have an appointment, please come five minutes early.",
        "May I have your confirmation number?",
        "Appointments can be cancelled up to a day before.",
        "Appointments can be moved free of charge.",
        "An oil change is usually done in 30 minutes.",
        "The repair is done in about 2 hours.",
        "Would you like to leave a message?",
        "May I take a message for the team?",
        "A colleague can call you back.",
        "What time would you like to have your car scheduled?",
        "Just to confirm, you would like Tuesday at nine.",
        "Which day suits you?",
        "Let me check the calendar.",
        "We are open until six today.",
        "I need your name and phone number before I can book.",
        "You do not have an appointment on Tuesday.",
        "I'd like to have you booked in before noon, is that all right?",
        "Once you're set, I will tell you the number.",
        "Once you agree, your booking is complete.",
        "As soon as I have your name, you're set for Tuesday.",
        "If you tell me your name, then you're all set.",
        "Shall I put you down for nine?",
        "So shall I put you down for nine?",
        "I can put you in at ten.",
        "I could get you in at ten.",
        "We can have you in and out by noon.",
        "Let me put you down for nine.",
        "Would you like me to put you on the schedule?",
        "May I put you in for ten?",
        "Is your booking complete?",
        "Your booking, is it complete?",
        "Tell me, is your booking complete?",
        "And is your appointment on the calendar?",
        "Did your message go through?",
        "Are you all set?",
        "Your booking is not complete yet.",
        "You're almost set.",
        "You're not on the calendar yet.",
        "Nothing is on the calendar yet.",
        "Your appointment will be set once you agree.",
        "I want to make sure you're set for Tuesday.",
        "I'll put it on the calendar.",
        "They will have your message in a minute.",
        "Do they have your message?",
        "I'll see what is on the schedule.",
        "You're in luck.",
        "You're in the right place.",
        "You're in good hands.",
        "You're on the line with Prime Auto Lab.",
        "We have you covered.",
        "I have you on the line.",
        "I have all your details.",
        "I have your number as 555 0142.",
        "I have you at 555 0142.",
        "I have you at five five five oh one four two.",
        "Turn left, it's the second door on the left.",
        "I see you're in our system.",
        "It's through the door on the left.",
        "That slot is gone, but ten is free.",
        "That price has gone up.",
        "That's no longer available.",
        "The choice is yours.",
        "An oil change is complete in about an hour.",
        "We can see you on Tuesday at nine.",
        "The price is set at fifty dollars.",
        "We are in the center, right next to the station.",
    ] {
        assert_eq!(claims(sentence), [], "{sentence}");
    }
}

proptest! {
    #[test]
    fn a_claim_stays_one_whatever_stands_around_it(
        opener in prop::sample::select(vec!["", "Okay, ", "All right, Dana. ", "Thank you! ", "Of course, one moment, "]),
        subject in prop::sample::select(vec!["I have", "I've", "I have just", "We have now", "I\u{2019}ve successfully"]),
        deed in prop::sample::select(vec!["booked", "cancelled", "moved", "rescheduled", "scheduled", "reserved"]),
        object in prop::sample::select(vec!["it", "your appointment", "the oil change", "that for you", "your appointment to Thursday"]),
        close in prop::sample::select(vec![".", "!", ", is there anything else?", " and you will get a reminder.", " \u{2014} see you then."]),
        shout in any::<bool>(),
    ) {
        let mut sentence = format!("{opener}{subject} {deed} {object}{close}");
        if shout {
            sentence = sentence.to_uppercase();
        }
        prop_assert!(!claims(&sentence).is_empty(), "{}", sentence);
    }

    #[test]
    fn no_text_breaks_the_reading(text in "[a-zA-Z0-9 ,.!?'\u{2019}\u{2014}()/é]{0,120}") {
        let _ = (claims(&text), may_claim(&text));
    }

    #[test]
    fn whatever_of_the_callers_is_said_to_be_done_is_a_claim(
        opener in prop::sample::select(vec!["", "Okay, ", "All right, Dana. ", "Thank you, so "]),
        subject in prop::sample::select(vec!["your booking", "your appointment", "your appointment on Tuesday at nine", "the reservation", "your message", "your cancellation"]),
        link in prop::sample::select(vec!["is", "is now", "was", "has been"]),
        state in prop::sample::select(vec!["complete", "successful", "set", "confirmed", "done", "completed"]),
        close in prop::sample::select(vec![".", "!", ", is there anything else?"]),
    ) {
        let sentence = format!("{opener}{subject} {link} {state}{close}");
        prop_assert!(!claims(&sentence).is_empty(), "{}", sentence);
        let denied = format!("{opener}{subject} {link} not {state}{close}");
        prop_assert!(claims(&denied).is_empty(), "{}", denied);
    }
}

#[test]
fn what_is_said_of_something_else_is_no_matter_of_a_claim() {
    for (sentence, kept) in [
        (
            "You're booked for Tuesday; on Sunday we are closed.",
            "you are booked for tuesday",
        ),
        (
            "I have it: you're booked, Dana, for 9 a.m. on Tuesday.",
            "you are booked, dana, for 9 a.m, on tuesday",
        ),
        (
            "You're booked for nine, and we close at six.",
            "you are booked for nine",
        ),
    ] {
        assert_eq!(matter(sentence), kept);
    }
}
