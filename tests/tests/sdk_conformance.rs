//! Clients that others wrote, against `frontdeskd engine`: the official SDKs for Python and npm and `@openai/agents-realtime` each make a
//! spoken call that books an appointment through functions of their own, and every event of the server fits the SDK's models. Real models;
//! the caller is recorded, the line runs faster than real time.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;

use frontdesk_engine::speech::{HEARING_RATE, ModelFiles, Speech, Spoken, WIRE_RATE, normalise, resample_clip};
use frontdesk_tests::engine_service::Service;
use frontdesk_tests::recorded_caller::{BOOKING, next_tuesday, recording, zone};
use frontdesk_tests::sdk_clients::{Errand, Held, Script, misfits};
use frontdesk_tests::spoken_questions::{Facts, contains};
use jiff::civil::Date;
use serde_json::{Value, json};

const TOKEN: &str = "a token that nobody can guess";

/// What the server understands and says in each turn.
const CONVERSATION: [[&str; 2]; 5] = [
    ["oil change; how long", "50; 80; 30 minutes"],
    ["oil change; tuesday", "2 30 pm; name"],
    ["anna carter", "phone number"],
    ["number", "anna carter; 2025550143"],
    ["yes", "booked; anna carter; 482193"],
];

/// Share of an answer's words that a listener must recognise in its sound. Silence, noise or another answer give less than a third; the voice
/// differs a little each time, and single words of it are misheard.
const RECOGNISED: f64 = 0.6;

/// Every event that the engine can send, but for `conversation.item.input_audio_transcription.failed`: that takes a recogniser that breaks.
const SENT: [&str; 30] = [
    "conversation.item.added",
    "conversation.item.deleted",
    "conversation.item.done",
    "conversation.item.input_audio_transcription.completed",
    "conversation.item.input_audio_transcription.delta",
    "conversation.item.retrieved",
    "conversation.item.truncated",
    "error",
    "input_audio_buffer.cleared",
    "input_audio_buffer.committed",
    "input_audio_buffer.speech_started",
    "input_audio_buffer.speech_stopped",
    "input_audio_buffer.timeout_triggered",
    "rate_limits.updated",
    "response.content_part.added",
    "response.content_part.done",
    "response.created",
    "response.done",
    "response.function_call_arguments.delta",
    "response.function_call_arguments.done",
    "response.output_audio.delta",
    "response.output_audio.done",
    "response.output_audio_transcript.delta",
    "response.output_audio_transcript.done",
    "response.output_item.added",
    "response.output_item.done",
    "response.output_text.delta",
    "response.output_text.done",
    "session.created",
    "session.updated",
];

/// "a|b; c" as facts: all of the parts, and of each part one alternative.
fn facts(text: &str) -> Facts {
    let alternatives = |part: &str| part.split('|').map(|words| words.trim().to_owned()).collect();
    text.split(';').map(alternatives).collect()
}

fn function(name: &str, description: &str, members: &[&str]) -> Value {
    let properties: serde_json::Map<String, Value> = members
        .iter()
        .map(|member| ((*member).to_owned(), json!({ "type": "string" })))
        .collect();
    let parameters = json!({
        "type": "object",
        "properties": properties,
        "required": members,
        "additionalProperties": false,
    });
    json!({ "name": name, "description": description, "parameters": parameters })
}

/// First a question, then an appointment in the caller's own calendar, which has one free time.
fn errand(date: Date) -> Errand {
    let start = date.at(14, 30, 0, 0).to_zoned(zone().unwrap()).unwrap();
    let appointment = json!({ "confirmationNumber": "482193", "spokenConfirmationNumber": "4 8 2, 1 9 3" });
    Errand {
        tools: json!([
            function(
                "checkAvailability",
                "Finds free times.",
                &["start", "end", "serviceType"]
            ),
            function(
                "bookAppointment",
                "Books an appointment.",
                &["date", "time", "customerName", "customerPhone", "serviceType"]
            ),
        ]),
        answers: json!({
            "checkAvailability": { "available": [{ "start": start.timestamp().to_string() }] },
            "bookAppointment": { "booked": true, "appointment": appointment },
        }),
        turns: ["2-oil-change.wav"].into_iter().chain(BOOKING).map(recording).collect(),
    }
}

/// Makes the call, and looks at all that was heard, said, called and sent.
fn booked_by(script: Script, service: &Service) -> Held {
    let date = next_tuesday().unwrap();
    let held = script.call(service, TOKEN, &errand(date)).unwrap();
    let listener = Speech::load(&ModelFiles::in_cache(&frontdesk_tests::model_cache().unwrap())).unwrap();
    let turns = &held.report.turns;
    assert_eq!(turns.len(), CONVERSATION.len(), "{turns:#?}");
    let mut wrong = Vec::new();
    for (turn, [heard, said]) in turns.iter().zip(CONVERSATION) {
        let listened = understood(&listener, &turn.sound().unwrap());
        let right = contains(&turn.heard, &facts(heard))
            && contains(&turn.said, &facts(said))
            && recognised(&turn.said, &listened) >= RECOGNISED;
        if !right {
            wrong.push(format!("{turn:#?} sounds like {listened:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    let [checked, booked] = held.report.calls.as_slice() else {
        panic!("{:#?}", held.report.calls);
    };
    assert_eq!(
        (checked.name.as_str(), booked.name.as_str()),
        ("checkAvailability", "bookAppointment")
    );
    assert_eq!(checked.arguments["serviceType"], "Oil change", "{checked:?}");
    let from = checked.arguments["start"].as_str().unwrap();
    assert!(from.starts_with(&format!("{date}T14:30")), "{checked:?}");
    let expected = json!({
        "date": date.to_string(),
        "time": "14:30",
        "customerName": "Anna Carter",
        "customerPhone": "202-555-0143",
        "serviceType": "Oil change",
    });
    assert_eq!(booked.arguments, expected);

    let misfits = misfits(&held.events).unwrap();
    assert!(misfits.is_empty(), "{misfits:#?}");
    assert!(!held.types().unwrap().contains("error"));
    held
}

/// What a listener understands of an answer's sound.
fn understood(listener: &Speech, sound: &[i16]) -> String {
    let samples: Vec<f32> = sound.iter().map(|sample| f32::from(*sample) / 32_768.0).collect();
    let clip = resample_clip(&samples, WIRE_RATE, HEARING_RATE).unwrap();
    listener.recognise(&clip).unwrap().text
}

/// Share of the words that were said which are among those that were heard; numbers as they are spoken.
fn recognised(said: &str, heard: &str) -> f64 {
    let words = |text: &str| -> Vec<String> {
        let spoken = normalise(text).into_iter().filter_map(|item| match item {
            Spoken::Word(word) => Some(word),
            Spoken::Letter(letter) => Some(letter.to_string()),
            Spoken::Pause(_) => None,
        });
        spoken.collect()
    };
    let (said, heard) = (words(said), words(heard));
    let found = said.iter().filter(|word| heard.contains(word)).count();
    found as f64 / said.len().max(1) as f64
}

#[test]
fn an_answer_is_not_recognised_in_another_one() {
    let said = "You are booked: oil change on Tuesday, December 1 at 2:30 PM. Is there anything else?";
    assert!(
        recognised(
            said,
            "You are book will change on Tuesday, December 1st at 2:30 p.m. Is there anything else?"
        ) > RECOGNISED
    );
    assert!(recognised(said, "May I have your phone number, please?") < 0.3);
    assert!(recognised(said, "") < 0.1);
}

fn service() -> Service {
    Service::start(&[], Some(TOKEN)).unwrap()
}

#[test]
fn a_caller_with_the_npm_sdk_books_an_appointment() {
    booked_by(Script::OpenAi, &service());
}

#[test]
fn a_caller_with_the_agents_sdk_books_an_appointment_and_breaks_into_an_answer() {
    let held = booked_by(Script::Agents, &service());
    let Held { report, events, .. } = &held;
    assert!(
        report.unread.is_empty(),
        "events that the SDK did not understand: {:?}",
        report.unread
    );
    let broken_into = |event: &String| event.contains(r#""reason":"turn_detected""#);
    assert_eq!(events.iter().filter(|event| broken_into(event)).count(), 1);
    let kept = |kind: &str| report.history.iter().filter(|kept| *kept == kind).count();
    assert_eq!(kept("function_call"), 2, "{:?}", report.history);
    assert!(kept("message") >= 10, "{:?}", report.history);
}

#[test]
fn a_caller_with_the_python_sdk_books_an_appointment_and_meets_every_event() {
    let service = service();
    let conversation = booked_by(Script::Converse, &service);
    let everything_else = Script::Exercise
        .call(&service, TOKEN, &errand(next_tuesday().unwrap()))
        .unwrap();
    let misfits = misfits(&everything_else.events).unwrap();
    assert!(misfits.is_empty(), "{misfits:#?}");
    let met: BTreeSet<String> = &conversation.types().unwrap() | &everything_else.types().unwrap();
    assert_eq!(met, SENT.map(str::to_owned).into());
}

#[test]
fn an_event_with_a_fault_does_not_fit_the_official_models() {
    let good = [
        json!({ "type": "input_audio_buffer.speech_started", "event_id": "event_1", "audio_start_ms": 120, "item_id": "item_1" }),
        json!({ "type": "response.created", "event_id": "event_2", "response": { "id": "resp_1", "status": "in_progress", "output": [] } }),
        json!({
            "type": "session.created",
            "event_id": "event_3",
            "session": { "type": "realtime", "object": "realtime.session", "id": "sess_1", "expires_at": 1, "audio": { "input": {} } },
        }),
    ];
    let broken = |event: usize, place: &str, value: Value| {
        let mut event = good[event].clone();
        *event.pointer_mut(place).unwrap() = value;
        event
    };
    let with = |event: usize, place: &str, member: &str| {
        let mut event = good[event].clone();
        event.pointer_mut(place).unwrap()[member] = json!("something");
        event
    };
    let faulty = [
        (broken(0, "/type", json!("input_audio_buffer.speech_began")), "no event"),
        (broken(0, "/audio_start_ms", json!("120")), "audio_start_ms"),
        (with(0, "", "previous_item_id"), "previous_item_id"),
        (
            json!({ "type": "input_audio_buffer.speech_started", "event_id": "event_1", "audio_start_ms": 120 }),
            "item_id",
        ),
        (broken(1, "/response/status", json!("running")), "status"),
        (with(1, "/response", "cost"), "cost"),
        (broken(1, "/response/output", json!([{ "type": "message" }])), "output"),
        (broken(2, "/session/expires_at", json!("soon")), "expires_at"),
        (with(2, "/session/audio/input", "gain"), "gain"),
        (with(2, "/session", "temperature"), "temperature"),
    ];
    assert!(misfits(&good.map(|event| event.to_string())).unwrap().is_empty());
    let events: Vec<String> = faulty.iter().map(|(event, _)| event.to_string()).collect();
    let found = misfits(&events).unwrap();
    assert_eq!(found.len(), faulty.len(), "{found:#?}");
    for (misfit, (event, reason)) in found.iter().zip(&faulty) {
        assert_eq!(misfit.event, event.to_string());
        assert!(misfit.faults.iter().any(|fault| fault.contains(reason)), "{misfit:?}");
    }
}
