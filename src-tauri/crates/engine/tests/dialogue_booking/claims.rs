//! Nothing is ever said to be booked, moved, cancelled or saved without a function's success in the call, whatever callers say and whatever
//! functions answer.

use crate::desk_double::{DeskDouble, NOW};
use frontdesk_engine::dialogue::{
    CallWish, CompanyKnowledge, Dialogue, FunctionOutcome, FunctionRequest, Prompt, Receptionist, Reply,
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// What a caller may say; mixed so that most scripts come to a read-back and a yes.
const LINES: &[&str] = &[
    "I'd like an oil change next Tuesday at half past two, my name is Anna Carter and my number is 312 555 0142.",
    "Book a brake repair tomorrow at nine.",
    "Cancel my appointment, number 482193.",
    "I want to move my appointment to Friday at ten, the number is 482193.",
    "Could someone call me back?",
    "Anna Carter",
    "312 555 0142",
    "four eight two one nine three",
    "Yes.",
    "Yes, that's right.",
    "Yes, please book it.",
    "No.",
    "No, Thursday.",
    "Not nine, ten.",
    "The first one.",
    "Am I booked?",
    "When is my appointment?",
    "I don't have the number.",
    "Book an oil change for Tuesday at nine and a tire service for Thursday at ten.",
    "Cancel my appointment and book an oil change for Friday at ten.",
    "I also need a brake repair on Friday.",
    "Is it done?",
    "So my appointment is booked?",
    "Did you save it?",
    "How much is it?",
    "Forget it.",
    "What did you say?",
    "Are you a robot?",
    "I want to speak to a person.",
    "Goodbye.",
    "",
];

/// Words that claim, and the functions whose success allows them.
const CLAIMS: &[(&str, &[&str])] = &[
    ("booked", &["bookAppointment"]),
    ("is moved", &["rescheduleAppointment"]),
    ("have moved", &["rescheduleAppointment"]),
    ("is cancelled", &["cancelAppointment"]),
    ("have cancelled", &["cancelAppointment"]),
    ("are saved", &["saveCallerDetails"]),
    ("have saved", &["saveCallerDetails"]),
    ("confirmation number is", &["bookAppointment"]),
    ("coming up", &["lookupCustomer"]),
];

/// How a function answers.
#[derive(Clone, Copy, Debug)]
enum Answering {
    Works,
    Refuses,
    Garbage,
    SaysNo,
    Never,
}

/// The output of the calendar of the double or of a broken one, and whether it is a success.
fn output(desk: &mut DeskDouble, call: &FunctionRequest, answering: Answering) -> Option<(String, bool)> {
    let broken = match answering {
        Answering::Works => {
            // Whatever number is given, the working calendar knows it.
            let success = match call.name.as_str() {
                "rescheduleAppointment" => json!({ "moved": true, "appointment": { "spoken": "Friday at 10:00 AM" } }),
                "cancelAppointment" => json!({ "cancelled": true }),
                "saveCallerDetails" => json!({ "saved": {} }),
                _ => {
                    let output = desk.call(call);
                    let answer = serde_json::from_str::<Value>(&output).unwrap();
                    let done = answer["booked"] == true || answer["matches"] == true;
                    return Some((output, done));
                }
            };
            return Some((success.to_string(), true));
        }
        Answering::Refuses => r#"{"error": "Your appointment is booked and cancelled and moved."}"#,
        Answering::Garbage => "booked",
        Answering::SaysNo => {
            r#"{"booked": false, "moved": "yes", "cancelled": null, "error": "no", "available": [], "saved": {}}"#
        }
        Answering::Never => return None,
    };
    Some((broken.to_owned(), false))
}

fn claims_of(reply: &Reply, succeeded: &[String]) -> Result<(), String> {
    // What a caller gives as the reason for a message is read back in the caller's words.
    let own = reply.text.split("Reason: ").next().unwrap_or_default();
    let text = own.to_lowercase();
    for (claim, functions) in CLAIMS {
        let allowed = functions
            .iter()
            .any(|function| succeeded.iter().any(|done| done == function));
        if text.contains(claim) && !allowed {
            return Err(reply.text.clone());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(160) })]

    #[test]
    fn nothing_is_claimed_that_was_not_done(
        script in proptest::collection::vec(
            (
                proptest::sample::select(LINES),
                proptest::sample::select(&[Answering::Works, Answering::Refuses, Answering::Garbage, Answering::SaysNo, Answering::Never][..]),
                proptest::bool::weighted(0.1),
            ),
            1..16,
        )
    ) {
        let company = CompanyKnowledge::new(std::sync::Arc::new(frontdesk_company::sample().unwrap()));
        let mut receptionist = Receptionist::new(&company);
        receptionist.offer_tools(DeskDouble::offers(), CallWish::AsNeeded);
        let (mut desk, mut succeeded, mut heard) = (DeskDouble::new(), Vec::new(), Vec::new());
        let now = NOW.parse().unwrap();
        for (line, answering, unheard) in script {
            heard.push(format!("caller: {line} ({answering:?})"));
            let mut reply = receptionist.respond(Prompt::Caller { text: line, confidence: 0.9 }, now);
            for _ in 0..4 {
                heard.push(format!("receptionist: {}", reply.text));
                if let Err(claim) = claims_of(&reply, &succeeded) {
                    prop_assert!(false, "{claim}\n{}", heard.join("\n"));
                }
                // Searching for times works: what is claimed hangs on what changes the calendar.
                let calls = std::mem::take(&mut reply.calls);
                let mut answered = Vec::new();
                for call in &calls {
                    let how = if call.name == "checkAvailability" { Answering::Works } else { answering };
                    if let Some((output, done)) = output(&mut desk, call, how) {
                        succeeded.extend(done.then(|| call.name.clone()));
                        answered.push((call, output));
                    }
                }
                if answered.is_empty() {
                    break;
                }
                let outcomes: Vec<FunctionOutcome<'_>> = answered
                    .iter()
                    .map(|(call, output)| FunctionOutcome { name: &call.name, arguments: &call.arguments, output })
                    .collect();
                reply = receptionist.respond(Prompt::Outcomes(&outcomes), now);
            }
            if unheard {
                receptionist.withdraw();
            }
        }
    }
}

#[test]
fn a_claim_without_success_would_be_found() {
    let claim = Reply {
        text: "You are booked: oil change.".to_owned(),
        ..Reply::default()
    };
    assert!(claims_of(&claim, &["saveCallerDetails".to_owned()]).is_err());
    assert!(claims_of(&claim, &["bookAppointment".to_owned()]).is_ok());
}
