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
}
