//! Exports: golden files for the usual call, properties for everything that could ever be said.

use std::path::Path;

use frontdesk_call::event::{EndReason, ToolOutcome};
use frontdesk_call::{CallEvent, CallEventBody};
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::sample::Script;

fn new_york() -> TimeZone {
    TimeZone::get("America/New_York").unwrap()
}

/// A call with everything that the formats treat in a special way.
fn usual_call() -> Vec<CallEvent> {
    let mut script = Script::begin("0199a1b2c3d4", "2026-11-22T19:42:00Z");
    script
        .reply("r1", "Prime Auto Lab, how can I help?")
        .caller("c1", "Hi, are you open <now> & how much is *synthetic* oil?")
        .tool(
            "t1",
            "checkOpeningHours",
            r#"{"day":"today"}"#,
            ToolOutcome::Done,
            r#"{"open":true}"#,
        )
        .interrupted_reply("r2", "Yes, until six. Synthetic oil is $89.", "Yes, until six.")
        .typed("c2", "=HYPERLINK(\"http://evil.example\")\nsecond line")
        .caller("c3", "")
        .interrupted_reply("r3", "Sorry?", "")
        .details("Ana Perez", "+1 555 0199", "Oil change")
        .after(62_000)
        .end(EndReason::HungUp);
    script.events
}

fn exported(format: ExportFormat, events: &[CallEvent]) -> String {
    String::from_utf8(export(format, events, &new_york()).unwrap()).unwrap()
}

#[test]
fn markdown_of_the_usual_call() {
    insta::assert_snapshot!(exported(ExportFormat::Markdown, &usual_call()));
}

#[test]
fn text_of_the_usual_call() {
    insta::assert_snapshot!(exported(ExportFormat::Text, &usual_call()));
}

#[test]
fn json_of_the_usual_call() {
    insta::assert_snapshot!(exported(ExportFormat::Json, &usual_call()));
}

#[test]
fn web_vtt_of_the_usual_call() {
    insta::assert_snapshot!(exported(ExportFormat::WebVtt, &usual_call()));
}

#[test]
fn srt_of_the_usual_call() {
    insta::assert_snapshot!(exported(ExportFormat::Srt, &usual_call()));
}

#[test]
fn csv_of_the_usual_call() {
    insta::assert_snapshot!(exported(ExportFormat::Csv, &usual_call()));
}

#[test]
fn the_extension_chooses_the_format() {
    for format in ExportFormat::ALL {
        assert_eq!(
            ExportFormat::from_path(Path::new(&format!("a.b.{}", format.extension().to_uppercase()))),
            Some(format)
        );
    }
    assert_eq!(ExportFormat::from_path(Path::new("notes.docx")), None);
    assert_eq!(ExportFormat::from_path(Path::new("srt")), None);
}

#[test]
fn times_are_those_of_the_given_zone() {
    let tokyo = TimeZone::get("Asia/Tokyo").unwrap();
    let text = String::from_utf8(export(ExportFormat::Text, &usual_call(), &tokyo).unwrap()).unwrap();
    assert!(text.contains("2026-11-23 04:42:00 +09:00 (Asia/Tokyo)"), "{text}");
    assert!(text.contains("[04:42:00] Receptionist"), "{text}");
}

#[test]
fn generated_schema_of_an_exported_call_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/call-export-1.schema.json");
    if std::env::var_os("FRONTDESK_UPDATE").is_some() {
        std::fs::write(&path, json::schema()).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap();
    assert_eq!(
        committed,
        json::schema(),
        "{} is out of date. Run: FRONTDESK_UPDATE=1 cargo test -p frontdesk-store generated",
        path.display()
    );
}

fn schema() -> jsonschema::Validator {
    jsonschema::validator_for(&serde_json::from_str(&json::schema()).unwrap()).unwrap()
}

#[test]
fn an_exported_call_is_valid_by_the_schema_and_a_changed_one_is_not() {
    let mut value: serde_json::Value = serde_json::from_str(&exported(ExportFormat::Json, &usual_call())).unwrap();
    schema().validate(&value).unwrap();
    value["format"] = "another".into();
    assert!(!schema().is_valid(&value));
}

#[test]
fn a_call_cut_off_anywhere_exports_in_every_format() {
    let events = usual_call();
    for length in 0..=events.len() {
        for format in ExportFormat::ALL {
            export(format, &events[..length], &new_york()).unwrap();
        }
        let value = serde_json::from_str(&exported(ExportFormat::Json, &events[..length])).unwrap();
        schema().validate(&value).unwrap();
    }
}

#[test]
fn a_turn_that_somebody_speaks_over_ends_where_the_other_begins() {
    let mut script = Script::begin("overlap", "2026-11-22T19:42:00Z");
    script.push(CallEventBody::ReplyStarted {
        item_id: "r1".into(),
        previous_item_id: None,
    });
    script.push(CallEventBody::ReplyAudible {
        item_id: "r1".into(),
        since_speech_end_ms: None,
    });
    script.after(1500).caller("c1", "Wait!");
    script.push(CallEventBody::ReplyInterrupted {
        item_id: "r1".into(),
        heard_text: "We are".into(),
        heard_ms: 2800,
    });
    let vtt = exported(ExportFormat::WebVtt, &script.events);
    assert!(
        vtt.contains("00:00:00.000 --> 00:00:01.500\n<v Receptionist>We are [interrupted]"),
        "{vtt}"
    );
    assert!(vtt.contains("00:00:01.500 --> 00:00:02.500\n<v Caller>Wait!"), "{vtt}");
}

/// What somebody says in a random call, with a preference for what formats care about.
fn anything() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[-=+@\t\r\n,\"'<>&{}*_#|`\\\\ 0-9a-c.:]{0,24}",
        Just("00:00:01.000 --> 00:00:02.000".to_owned()),
        Just("\n\nWEBVTT\n\nNOTE".to_owned()),
    ]
}

/// A random call: turns of either side with random texts at random distances.
fn any_call() -> impl Strategy<Value = Vec<CallEvent>> {
    let turn = (0..5_u8, 0..4_000_u64, anything(), anything());
    proptest::collection::vec(turn, 0..12).prop_map(|turns| {
        let mut script = Script::begin("random", "2026-11-22T19:42:00Z");
        for (index, (kind, pause, text, other)) in turns.into_iter().enumerate() {
            let item = format!("i{index}");
            script.after(pause);
            match kind {
                0 => script.caller(&item, &text),
                1 => script.reply(&item, &text),
                2 => script.interrupted_reply(&item, &text, &other),
                3 => script.typed(&item, &text),
                _ => script.tool(&item, &text, &other, ToolOutcome::Failed, &other),
            };
        }
        script.events
    })
}

/// Reads CSV by RFC 4180, strictly.
fn parse_csv(text: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut cell = String::new();
    let mut quoted = false;
    let mut characters = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(character) = characters.next() {
        match (quoted, character) {
            (true, '"') if characters.peek() == Some(&'"') => cell.extend(characters.next()),
            (true, '"') => quoted = false,
            (true, other) => cell.push(other),
            (false, '"') if cell.is_empty() => quoted = true,
            (false, ',') => row.push(std::mem::take(&mut cell)),
            (false, '\r') if characters.next_if_eq(&'\n').is_some() => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            (false, other) => {
                assert!(
                    other != '"' && other != '\n' && other != '\r',
                    "bare {other:?} outside quotes"
                );
                cell.push(other);
            }
        }
    }
    assert!(
        !quoted && cell.is_empty() && row.is_empty(),
        "the last row is not closed"
    );
    rows
}

/// Reads the times of cues, checking the shape of each block: number, times, exactly one line of text.
fn parse_cues(blocks: &str, point: char) -> Vec<(u64, u64, String)> {
    let time = |text: &str| -> u64 {
        let (clock, ms) = text.split_once(point).unwrap();
        let parts: Vec<u64> = clock.split(':').map(|part| part.parse().unwrap()).collect();
        ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1000 + ms.parse::<u64>().unwrap()
    };
    let mut cues = Vec::new();
    for (index, block) in blocks
        .split("\n\n")
        .filter(|block| !block.trim().is_empty())
        .enumerate()
    {
        let lines: Vec<&str> = block.trim_end_matches('\n').split('\n').collect();
        let [number, times, text] = lines.as_slice() else {
            panic!("a cue of {} lines: {block:?}", lines.len())
        };
        assert_eq!(*number, (index + 1).to_string());
        let (start, end) = times.split_once(" --> ").unwrap();
        cues.push((time(start), time(end), (*text).to_owned()));
    }
    cues
}

fn assert_in_order(cues: &[(u64, u64, String)]) {
    let mut before = 0;
    for (start, end, text) in cues {
        assert!(*start >= before && end > start, "{start} to {end} after {before}");
        assert!(!text.contains("-->"), "{text}");
        before = *end;
    }
}

proptest! {
    #[test]
    fn csv_parses_back_and_no_cell_is_a_formula(events in any_call()) {
        let text = exported(ExportFormat::Csv, &events);
        for row in parse_csv(&text) {
            prop_assert_eq!(row.len(), 6);
            for cell in row {
                prop_assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{:?}", cell);
            }
        }
    }

    #[test]
    fn web_vtt_parses_back_with_cues_in_order(events in any_call()) {
        let text = exported(ExportFormat::WebVtt, &events);
        let (head, cues) = text.split_at(text.find("\n\n1\n").unwrap_or(text.len()));
        prop_assert!(head.starts_with("WEBVTT\n\nNOTE "));
        let cues = parse_cues(cues.trim_start_matches('\n'), '.');
        assert_in_order(&cues);
        for (_, _, text) in cues {
            let inside = text.strip_prefix("<v Caller>").or_else(|| text.strip_prefix("<v Receptionist>"));
            let inside = inside.and_then(|inside| inside.strip_suffix("</v>")).unwrap();
            prop_assert!(!inside.contains(['<', '>']), "{:?}", inside);
        }
    }

    #[test]
    fn srt_parses_back_with_cues_in_order(events in any_call()) {
        assert_in_order(&parse_cues(&exported(ExportFormat::Srt, &events), ','));
    }

    #[test]
    fn json_is_valid_and_keeps_every_event(events in any_call()) {
        let value: serde_json::Value = serde_json::from_str(&exported(ExportFormat::Json, &events)).unwrap();
        let kept: Vec<CallEvent> = serde_json::from_value(value["events"].clone()).unwrap();
        prop_assert_eq!(kept, events);
    }

    #[test]
    fn readable_formats_hold_no_control_characters(events in any_call()) {
        for format in [ExportFormat::Markdown, ExportFormat::Text, ExportFormat::WebVtt, ExportFormat::Srt] {
            let text = exported(format, &events);
            prop_assert!(!text.chars().any(|character| character.is_control() && character != '\n'));
        }
    }
}
