//! The tools as a model uses them: schemas, honest results, and words beside every time.

use std::time::Duration;

use crate::room::Room;
use frontdesk_call::CallId;
use frontdesk_call::identity::{ToolCallId, WallTime};
use frontdesk_call::tool::{ToolProvider, ToolRequest, ToolResult};
use frontdesk_desk::tools::{DeskTools, provider};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Longer than any test takes.
const PATIENCE: Duration = Duration::from_secs(60);

struct Line {
    room: Room,
    tools: DeskTools,
    call: CallId,
}

impl Line {
    fn new() -> Self {
        let room = Room::new();
        Self {
            tools: DeskTools::new(room.desk.clone(), PATIENCE),
            room,
            call: CallId::random(),
        }
    }

    async fn ask(&self, name: &str, arguments: Value) -> ToolResult {
        self.ask_at(self.room.now(), name, arguments).await
    }

    async fn ask_at(&self, now: Timestamp, name: &str, arguments: Value) -> ToolResult {
        let request = ToolRequest {
            call_id: self.call.clone(),
            tool_call_id: ToolCallId::from("call_1"),
            name: name.to_owned(),
            arguments: arguments.to_string(),
            now: WallTime(now),
        };
        self.tools.call(request).await
    }

    async fn book(&self, date: &str, time: &str) -> ToolResult {
        let arguments = json!({
            "date": date, "time": time, "customerName": "Ana Perez", "customerPhone": "(555) 123-4567", "serviceType": "oil change",
        });
        self.ask("bookAppointment", arguments).await
    }
}

#[tokio::test]
async fn a_caller_checks_books_looks_up_moves_and_cancels() {
    let line = Line::new();
    let morning = json!({ "start": "2026-11-24T08:00", "end": "2026-11-24T10:00", "serviceType": "Oil change" });
    let free = line.ask("checkAvailability", morning).await;
    assert!(free.succeeded, "{free:?}");
    let times: Vec<&str> = free.output["available"]
        .as_array()
        .unwrap()
        .iter()
        .map(|time| time["spoken"].as_str().unwrap())
        .collect();
    assert_eq!(
        times[..2],
        ["Tuesday, November 24 at 8:00 AM", "Tuesday, November 24 at 8:30 AM"]
    );
    assert_eq!(
        (free.output["minutes"].as_i64(), free.output["timeZone"].as_str()),
        (Some(30), Some("America/Chicago"))
    );

    let booked = line.book("2026-11-24", "08:30").await;
    assert!(booked.succeeded, "{booked:?}");
    let appointment = &booked.output["appointment"];
    assert_eq!(appointment["spoken"], "Tuesday, November 24 at 8:30 AM");
    assert_eq!(appointment["start"], "2026-11-24T08:30:00-06:00");
    let number = appointment["confirmationNumber"].as_str().unwrap().to_owned();

    let known = line
        .ask(
            "lookupCustomer",
            json!({ "phone": "555 123 4567", "name": "Anna Peres" }),
        )
        .await;
    assert_eq!(known.output["name"], "Ana Perez");
    assert_eq!(
        known.output["appointments"][0]["customerName"],
        appointment["customerName"]
    );
    assert!(
        !known.output.to_string().contains(&number),
        "a phone number gives nobody the number that cancels: {}",
        known.output
    );

    let moved = line
        .ask(
            "rescheduleAppointment",
            json!({ "confirmationNumber": number, "customerName": "Ana Perez", "date": "2026-11-25", "time": "2:30 PM" }),
        )
        .await;
    assert_eq!(
        moved.output["appointment"]["spoken"],
        "Wednesday, November 25 at 2:30 PM"
    );
    let cancelled = line
        .ask(
            "cancelAppointment",
            json!({ "confirmationNumber": number, "customerName": "Ana Perez" }),
        )
        .await;
    assert_eq!(cancelled.output["cancelled"], true);
    let again = line
        .ask(
            "cancelAppointment",
            json!({ "confirmationNumber": number, "customerName": "Ana Perez" }),
        )
        .await;
    assert!(!again.succeeded);
    assert_eq!(
        again.output["error"],
        "There is no appointment with this number and this name, or it was cancelled."
    );
}

#[tokio::test]
async fn three_wrong_confirmation_numbers_end_the_guessing_of_a_call() {
    let line = Line::new();
    let booked = line.book("2026-11-24", "08:30").await;
    let number = booked.output["appointment"]["confirmationNumber"].as_str().unwrap();
    let wrong = if number == "100000" { "100001" } else { "100000" };
    for _ in 0..3 {
        let missed = line
            .ask(
                "cancelAppointment",
                json!({ "confirmationNumber": wrong, "customerName": "Ana Perez" }),
            )
            .await;
        assert_eq!(
            missed.output["error"],
            "There is no appointment with this number and this name, or it was cancelled."
        );
    }
    let hit =
        json!({ "confirmationNumber": number, "customerName": "Ana Perez", "date": "2026-11-25", "time": "10:00" });
    let refused = line.ask("rescheduleAppointment", hit.clone()).await;
    assert!(!refused.succeeded, "the right number came too late: {refused:?}");
    let next_call = DeskTools::new(line.room.desk.clone(), PATIENCE);
    let line = Line {
        tools: next_call,
        ..line
    };
    assert!(line.ask("rescheduleAppointment", hit).await.succeeded);
}

#[tokio::test]
async fn a_phone_number_alone_tells_nothing_of_its_owner() {
    let line = Line::new();
    assert!(line.book("2026-11-24", "08:30").await.succeeded);
    for _ in 0..3 {
        let stranger = json!({ "phone": "555 123 4567", "name": "Bob Miller" });
        let told = line.ask("lookupCustomer", stranger).await;
        assert_eq!(told.output, json!({ "known": true, "matches": false }));
    }
    let owner = json!({ "phone": "555 123 4567", "name": "Ana Perez" });
    let late = line.ask("lookupCustomer", owner).await;
    assert!(
        !late.succeeded,
        "who has guessed three times is told nothing more: {late:?}"
    );
}

#[tokio::test]
async fn of_a_telephone_that_several_use_a_caller_hears_their_own_appointments() {
    let line = Line::new();
    for (time, name) in [("08:30", "Ana Perez"), ("09:00", "Bo Li")] {
        let wish = json!({
            "date": "2026-11-24", "time": time, "customerName": name, "customerPhone": "(555) 123-4567", "serviceType": "oil change",
        });
        assert!(line.ask("bookAppointment", wish).await.succeeded);
    }
    let bo = line
        .ask("lookupCustomer", json!({ "phone": "555 123 4567", "name": "Bo Li" }))
        .await;
    let names: Vec<&Value> = bo.output["appointments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|appointment| &appointment["customerName"])
        .collect();
    assert_eq!(names, ["Bo Li"]);
    assert!(!bo.output.to_string().contains("Perez"), "{}", bo.output);
}

#[tokio::test]
async fn a_confirmation_number_with_another_name_is_a_wrong_number() {
    let line = Line::new();
    let booked = line.book("2026-11-24", "08:30").await;
    let number = booked.output["appointment"]["confirmationNumber"].as_str().unwrap();
    let thief = json!({ "confirmationNumber": number, "customerName": "Bob Miller" });
    let mut refused = Vec::new();
    for _ in 0..3 {
        refused.push(line.ask("cancelAppointment", thief.clone()).await.output);
    }
    let nothing = json!({ "confirmationNumber": "1", "customerName": "Bob Miller" });
    let other = Line::new().ask("cancelAppointment", nothing).await;
    assert_eq!(refused[0], other.output, "whether the number exists is not told");
    let moved =
        json!({ "confirmationNumber": number, "customerName": "Ana Perez", "date": "2026-11-25", "time": "10:00" });
    let refused = line.ask("rescheduleAppointment", moved).await;
    assert!(!refused.succeeded, "three wrong names count like wrong numbers");
    assert!(!line.room.all().await[0].cancelled);
}

#[tokio::test]
async fn what_could_not_be_written_in_time_is_not_written_after_the_model_was_told() {
    let line = Line::new();
    let number = line.book("2026-11-24", "08:30").await.output["appointment"]["confirmationNumber"].clone();
    let hurried = Line {
        tools: DeskTools::new(line.room.desk.clone(), Duration::from_millis(20)),
        ..line
    };
    let other = rusqlite::Connection::open(hurried.room.database.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let booked = hurried.book("2026-11-25", "08:30").await;
    let moved =
        json!({ "confirmationNumber": number, "customerName": "Ana Perez", "date": "2026-11-25", "time": "10:00" });
    let moved = hurried.ask("rescheduleAppointment", moved).await;
    let cancelled = json!({ "confirmationNumber": number, "customerName": "Ana Perez" });
    let cancelled = hurried.ask("cancelAppointment", cancelled).await;
    other.execute_batch("COMMIT").unwrap();
    for told in [booked, moved, cancelled] {
        assert_eq!(
            (told.succeeded, told.output["error"].as_str()),
            (
                false,
                Some("The calendar cannot be reached at the moment. Nothing was changed.")
            )
        );
    }
    // One change after another: when this one is done, nothing that was asked before can still come.
    hurried
        .room
        .book("Oil change", "2026-11-26T08:30", "Bo", "5550100001")
        .await
        .unwrap();
    let kept = hurried.room.all().await;
    let starts: Vec<String> = kept.iter().map(|kept| hurried.room.local(kept.starts_at)).collect();
    assert_eq!(starts, ["2026-11-24T08:30", "2026-11-26T08:30"]);
    assert!(kept.iter().all(|kept| !kept.cancelled));
}

#[tokio::test]
async fn an_appointment_that_is_over_is_not_moved_or_cancelled_by_a_caller() {
    let line = Line::new();
    let booked = line.book("2026-11-24", "08:30").await;
    let number = booked.output["appointment"]["confirmationNumber"].as_str().unwrap();
    let over = line.room.at("2026-11-24T09:00");
    let cancel = json!({ "confirmationNumber": number, "customerName": "Ana Perez" });
    let refused = line.ask_at(over, "cancelAppointment", cancel).await;
    assert!(!refused.succeeded, "{refused:?}");
    assert!(!line.room.all().await[0].cancelled);
}

#[tokio::test]
async fn a_refused_time_comes_with_the_nearest_free_ones_and_books_nothing() {
    let line = Line::new();
    let sunday = line.book("2026-11-29", "10:00").await;
    assert!(!sunday.succeeded);
    assert_eq!(
        sunday.output["error"],
        "Prime Auto Lab is closed at that time. It opens next on Monday, November 30 at 8:00 AM."
    );
    let alternatives: Vec<&str> = sunday.output["alternatives"]
        .as_array()
        .unwrap()
        .iter()
        .map(|time| time["spoken"].as_str().unwrap())
        .collect();
    assert_eq!(
        alternatives,
        [
            "Saturday, November 28 at 2:30 PM",
            "Saturday, November 28 at 3:00 PM",
            "Saturday, November 28 at 3:30 PM"
        ]
    );
    let skipped = line.book("2027-03-14", "02:30").await;
    assert!(!skipped.succeeded);
    assert_eq!(line.room.all().await, []);
}

#[tokio::test]
async fn a_window_without_a_free_time_says_why_and_what_comes_next() {
    let line = Line::new();
    let sunday = json!({ "start": "2026-11-29", "end": "2026-11-29", "serviceType": "Tires" });
    let answer = line.ask("checkAvailability", sunday).await.output;
    assert_eq!(
        (answer["available"].as_array().unwrap().len(), answer["reason"].as_str()),
        (0, Some("closed"))
    );
    assert_eq!(answer["nextAvailable"]["spoken"], "Monday, November 30 at 8:00 AM");
    let unknown = json!({ "start": "2026-11-24", "end": "2026-11-24", "serviceType": "haircut" });
    let answer = line.ask("checkAvailability", unknown).await.output;
    assert_eq!(answer["error"], "There is no service called haircut.");
    assert_eq!(answer["services"][0], "Oil change");
}

#[tokio::test]
async fn unreadable_dates_and_numbers_are_answered_and_never_guessed() {
    let line = Line::new();
    for (date, time) in [
        ("tomorrow", "09:00"),
        ("2026-11-24", "in the morning"),
        ("2026-02-30", "09:00"),
    ] {
        let refused = line.book(date, time).await;
        assert!(!refused.succeeded && refused.output["error"].is_string(), "{refused:?}");
    }
    assert_eq!(
        line.ask("lookupCustomer", json!({ "phone": "555 000 1111", "name": "Ana" }))
            .await
            .output,
        json!({ "known": false })
    );
    assert!(
        !line
            .ask("lookupCustomer", json!({ "phone": "Ana", "name": "Ana" }))
            .await
            .succeeded
    );
    assert!(!line.ask("bookAppointment", json!({ "date": 1 })).await.succeeded);
    assert!(!line.ask("paintCar", json!({})).await.succeeded);
}

#[test]
fn every_tool_has_a_closed_schema_with_words_for_each_argument() {
    let line = Line::new();
    let tools = line.tools.tools();
    let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "checkAvailability",
            "bookAppointment",
            "lookupCustomer",
            "rescheduleAppointment",
            "cancelAppointment"
        ]
    );
    for tool in &tools {
        assert_eq!(tool.parameters["additionalProperties"], false, "{}", tool.name);
        for (name, property) in tool.parameters["properties"].as_object().unwrap() {
            assert!(property["description"].is_string(), "{} {name}", tool.name);
        }
    }
}

#[test]
fn a_company_that_does_not_book_gives_a_model_no_tool_for_it() {
    let offered = |change: fn(&mut frontdesk_company::CompanyProfile)| provider(Room::with(change).desk).is_some();
    assert!(offered(|_| ()));
    assert!(!offered(|company| company.booking.enabled = false));
    assert!(!offered(|company| company.services.clear()));
}
