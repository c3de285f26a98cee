//! A call to a server with a voice model that books: the model's function calls go through the desk, and the appointment is in the calendar
//! of the next process. Real program, real database, scripted server.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};
use std::process::Output;

use frontdesk_tests::realtime_double::{CallerTurn, RealtimeDouble, Reply, Script, TranscriptTiming};
use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

/// Open at all hours, so that the test may run at any; one place, so that it can be full.
const COMPANY: &str = r#"
name = "Second Gear"
trade = "bicycle workshop"
time_zone = "UTC"
contact = { phone = "+1 202-555-0100", country = "US" }
hours.monday = "0:00-24:00"
hours.tuesday = "0:00-24:00"
hours.wednesday = "0:00-24:00"
hours.thursday = "0:00-24:00"
hours.friday = "0:00-24:00"
hours.saturday = "0:00-24:00"
hours.sunday = "0:00-24:00"

[[services]]
name = "Tune-up"
minutes = 60

[[resources]]
name = "stand"
count = 1
"#;

/// `frontdeskd` over a data directory of its own whose settings name the company above.
struct Program {
    data: TempDir,
}

impl Program {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let company = data.path().join("company.toml");
        std::fs::write(&company, COMPANY).unwrap();
        std::fs::write(
            data.path().join("settings.toml"),
            format!("companyFile = {company:?}\n"),
        )
        .unwrap();
        Self { data }
    }

    async fn run(&self, arguments: &[&str]) -> Output {
        let output = Command::new(frontdesk_tests::program("FRONTDESK_TEST_HEADLESS").unwrap())
            .arg("--data-dir")
            .arg(self.data.path())
            .args(arguments)
            .output()
            .await
            .unwrap();
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        output
    }

    /// What the receptionist of this server does when a caller rings.
    async fn call(&self, double: &RealtimeDouble) {
        let caller = caller().display().to_string();
        self.run(&["call", "--backend", &double.base_url(), "--input", &caller])
            .await;
    }

    async fn bookings(&self, from: &str) -> Vec<Value> {
        let output = self.run(&["bookings", "--json", "--from", from, "--days", "1"]).await;
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

fn caller() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/callers/3-goodbye.wav")
}

/// A server whose model greets, hears one turn, and then does and says this.
fn receptionist(replies: impl IntoIterator<Item = Reply>) -> Script {
    let turn = CallerTurn {
        starts_at_ms: 1_000,
        ends_at_ms: 4_000,
        transcript: "A tune-up next week at nine, please. Dana Whitfield, 202 555 0143.".to_owned(),
        timing: TranscriptTiming::Early,
    };
    let script = Script::new()
        .hearing(turn)
        .replying(Reply::speech("Second Gear, how may I help you?", 400));
    replies.into_iter().fold(script, Script::replying)
}

/// The results of the tools, as the server got them.
fn results(double: &RealtimeDouble) -> Vec<Value> {
    let events = double.recording().events();
    let outputs = events.iter().filter_map(|event| event["item"]["output"].as_str());
    outputs.map(|output| serde_json::from_str(output).unwrap()).collect()
}

/// A day a week from now, on which nothing is booked yet.
fn next_week() -> String {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    today.saturating_add(7.days()).to_string()
}

#[tokio::test]
async fn a_voice_model_checks_and_books_and_what_is_taken_is_refused_to_the_next_caller() {
    let program = Program::new();
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
    program.call(&first).await;
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

    let kept = program.bookings(&date).await;
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
    program.call(&second).await;
    let refused = results(&second).remove(0);
    assert_ne!(refused["booked"], true, "{refused}");
    assert!(
        refused["alternatives"]
            .as_array()
            .is_some_and(|times| !times.is_empty()),
        "other times are offered: {refused}"
    );
    assert_eq!(program.bookings(&date).await, kept);
}
