//! What kind of answer the receptionist waits for, question by question: the ear is patient or quick by it.

use frontdesk_engine::dialogue::{Dialogue, Expectation};

use crate::desk_double::Call;

fn expects(call: &Call) -> Expectation {
    call.receptionist.expects()
}

#[test]
fn an_appointment_waits_for_a_name_then_digits_then_approval() {
    let mut call = Call::new();
    assert_eq!(expects(&call), Expectation::Anything);
    call.script(&["I'd like an oil change on Thursday, December 3 at 9 AM."]);
    assert_eq!(expects(&call), Expectation::Name);
    call.script(&["Anna Carter"]);
    assert!(matches!(expects(&call), Expectation::Digits { told: 0, .. }));
    call.script(&["312 555"]);
    assert!(matches!(expects(&call), Expectation::Digits { told: 6, .. }));
    call.script(&["0142"]);
    assert_eq!(expects(&call), Expectation::Approval);
    call.script(&["Yes."]);
    // After "anything else?" a yes is only the beginning.
    assert_eq!(expects(&call), Expectation::Anything);
}

#[test]
fn a_message_waits_for_the_same_and_its_offer_for_yes_or_no() {
    let mut call = Call::new();
    call.script(&["Do you sell used motorcycles?"]);
    assert_eq!(expects(&call), Expectation::YesOrNo);
    call.script(&["Yes, please."]);
    assert_eq!(expects(&call), Expectation::Name);
    call.script(&["Anna Carter"]);
    assert!(matches!(expects(&call), Expectation::Digits { told: 0, .. }));
    call.script(&["312 555 0142"]);
    assert_eq!(expects(&call), Expectation::Approval);
}
