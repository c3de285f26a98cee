//! A call to a server with a voice model that books: the model's function calls go through the desk, and the appointment is in the calendar
//! of the next process. Real program, real database, scripted server.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use frontdesk_tests::realtime_double::{RealtimeDouble, Reply};
use frontdesk_tests::workshop::{Workshop, caller, next_week, receptionist};
use serde_json::{Value, json};

/// What the receptionist of this server does when a caller rings.
async fn call(program: &Workshop, double: &RealtimeDouble) {
    let caller = caller().display().to_string();
    let arguments = ["call", "--backend", &double.base_url(), "--input", &caller];
    program.run(&arguments).await.unwrap();
}

/// The results of the tools, as the server got them.
fn results(double: &RealtimeDouble) -> Vec<Value> {
    let events = double.recording().events();
    let outputs = events.iter().filter_map(|event| event["item"]["output"].as_str());
    outputs.map(|output| serde_json::from_str(output).unwrap()).collect()
}

#[tokio::test]
async fn a_voice_model_checks_and_books_and_what_is_taken_is_refused_to_the_next_caller() {
    let program = Workshop::new("").unwrap();
    let date = next_week();
    let check = json!({ "start": date, "end": date, "serviceType": "tune-up" }).to_string();
    let book = |name: &str, phone: &str| {
        let wish = json!({
            "date": date, "time": "09:00", "serviceType": "Tune-up", "customerName": name, "customerPhone": phone,
        });
        Reply::call("bookAppointment", &wish.to_string())
    };

    // The model asks for the same booking twice, as models do.
    let first = RealtimeDouble::start([receptionist([
        Reply::call("checkAvailability", &check),
        book("Dana Whitfield", "(202) 555-0143"),
        book("Dana Whitfield", "202-555-0143"),
        Reply::speech("You are booked. Goodbye.", 400),
    ])])
    .await
    .unwrap();
    call(&program, &first).await;
    let results_of_first = results(&first);
    let [availability, booked, again] = results_of_first.as_slice() else {
        panic!("{results_of_first:#?}");
    };
    let starts = availability["available"].as_array().unwrap();
    assert!(
        starts[0]["start"].as_str().unwrap().starts_with(&date),
        "{availability}"
    );
    assert_eq!(booked["booked"], true, "{booked}");
    assert_eq!(booked["appointment"], again["appointment"]);
    assert_eq!(
        (booked["alreadyBooked"].as_bool(), again["alreadyBooked"].as_bool()),
        (None, Some(true)),
        "the model is told that there is no second appointment"
    );

    let kept = program.bookings(&date).await.unwrap();
    assert_eq!(kept.len(), 1, "{kept:#?}");
    assert_eq!(kept[0]["customerName"], "Dana Whitfield");
    assert_eq!(kept[0]["customerPhone"], "+12025550143");
    assert_eq!(kept[0]["confirmation"], booked["appointment"]["confirmationNumber"]);
    assert!(kept[0]["call"].is_string(), "the booking knows its call: {kept:#?}");

    let second = RealtimeDouble::start([receptionist([
        book("Robin Adeyemi", "202 555 0177"),
        Reply::speech("That time is taken. Goodbye.", 400),
    ])])
    .await
    .unwrap();
    call(&program, &second).await;
    let refused = results(&second).remove(0);
    assert_ne!(refused["booked"], true, "{refused}");
    assert!(
        refused["alternatives"]
            .as_array()
            .is_some_and(|times| !times.is_empty()),
        "other times are offered: {refused}"
    );
    assert_eq!(program.bookings(&date).await.unwrap(), kept);
}
