//! A recorded caller books an appointment with the local engine, without a key and without a network: real models, real calendar, real
//! database. The appointment stands in the calendar of the next process.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::{Command, Output};

use frontdesk_call::CallEvent;
use frontdesk_call::event::CallEventBody;
use frontdesk_tests::recorded_caller::{BOOKING, next_tuesday, recording};
use serde_json::Value;

fn run(data: &Path, arguments: &[&str]) -> Output {
    let output = Command::new(frontdesk_tests::program("FRONTDESK_TEST_HEADLESS").unwrap())
        .arg("--data-dir")
        .arg(data)
        .args(arguments)
        .env("FRONTDESK_CACHE_DIR", frontdesk_tests::model_cache().unwrap())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
    output
}

#[test]
fn a_recorded_caller_books_an_appointment_with_the_local_engine() {
    let data = tempfile::tempdir().unwrap();
    let date = next_tuesday().unwrap();
    let turns = BOOKING.into_iter().chain(["3-goodbye.wav"]);
    let recordings: Vec<String> = turns.map(|name| recording(name).display().to_string()).collect();
    let mut arguments = vec!["call", "--backend", "local", "--json", "--input"];
    arguments.extend(recordings.iter().map(String::as_str));
    let output = run(data.path(), &arguments);

    let text = String::from_utf8(output.stdout).unwrap();
    let events: Vec<CallEvent> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let said: Vec<&str> = events
        .iter()
        .filter_map(|event| match &event.body {
            CallEventBody::ReplyTranscript { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let told = |part: &str| said.iter().position(|text| text.contains(part));
    let read_back = told("202-555-0143").unwrap_or_else(|| panic!("nothing was read back: {said:#?}"));
    let claimed = told("booked").unwrap_or_else(|| panic!("nothing was booked: {said:#?}"));
    assert!(read_back < claimed, "first read back, then booked: {said:#?}");

    let listed = run(
        data.path(),
        &["bookings", "--json", "--from", &date.to_string(), "--days", "1"],
    );
    let bookings: Vec<Value> = serde_json::from_slice(&listed.stdout).unwrap();
    let [booking] = bookings.as_slice() else {
        panic!("{bookings:#?}\n{said:#?}");
    };
    assert_eq!(booking["serviceName"], "Oil change", "{booking}");
    assert_eq!(booking["customerName"], "Anna Carter", "{booking}");
    assert_eq!(booking["customerPhone"], "+12025550143", "{booking}");
    assert_eq!(booking["call"], events[0].call_id.as_str(), "{booking}");
    let number: Vec<&str> = booking["confirmation"]
        .as_str()
        .unwrap()
        .split("")
        .filter(|digit| !digit.is_empty())
        .collect();
    let spoken = format!("{}, {}", number[..3].join(" "), number[3..].join(" "));
    assert!(
        said[claimed].contains(&spoken),
        "the caller was told another number: {said:#?}"
    );

    let lines =
        String::from_utf8(run(data.path(), &["bookings", "--from", &date.to_string(), "--days", "1"]).stdout).unwrap();
    assert!(lines.starts_with(&format!("{date} 14:30")), "{lines}");
}
