//! `frontdeskd` as people and scripts use it: whole calls against the local engine, exit codes, exports. Real models, no sound card.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use frontdesk_call::event::{CallEventBody, EndReason};
use frontdesk_call::{CallEvent, Transcript};
use tempfile::TempDir;

/// A data directory of its own, and the command line over it.
struct Desk {
    data: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self {
            data: tempfile::tempdir().unwrap(),
        }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let program = frontdesk_tests::program("FRONTDESK_TEST_HEADLESS").unwrap();
        Command::new(program)
            .args(["--data-dir", self.data.path().to_str().unwrap()])
            .args(arguments)
            .env("FRONTDESK_CACHE_DIR", frontdesk_tests::model_cache().unwrap())
            .output()
            .unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.data.path().join(name)
    }
}

fn caller(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/callers")
        .join(name)
        .display()
        .to_string()
}

fn events(output: &Output) -> Vec<CallEvent> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_recorded_caller_is_answered_recorded_and_exported() {
    let desk = Desk::new();
    let (record, export) = (desk.path("call.wav"), desk.path("call.md"));
    let output = desk.run(&[
        "call",
        "--backend",
        "local",
        "--json",
        "--input",
        &caller("1-opening-hours.wav"),
        &caller("2-oil-change.wav"),
        "--record",
        record.to_str().unwrap(),
        "--export",
        export.to_str().unwrap(),
    ]);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );

    let events = events(&output);
    assert!(
        events
            .iter()
            .enumerate()
            .all(|(index, event)| event.seq == index as u64),
        "seq has a gap"
    );
    assert!(matches!(
        events.last().unwrap().body,
        CallEventBody::CallEnded {
            reason: EndReason::LegClosed,
            ..
        }
    ));
    let said: Vec<String> = events
        .iter()
        .filter_map(|event| match &event.body {
            CallEventBody::ReplyTranscript { text, .. } => Some(text.clone()),
            _ => None,
        })
        .collect();
    assert!(said[0].contains("Prime Auto Lab"), "{said:?}");
    assert!(said[1].contains("9:00 AM") && said[1].contains("4:00 PM"), "{said:?}");
    assert!(
        said[2].contains("$50") && said[2].contains("$80") && said[2].contains("30 minutes"),
        "{said:?}"
    );
    assert_eq!(
        Transcript::from_events(&events).rows.len(),
        5,
        "three replies and two turns"
    );

    let exported = std::fs::read_to_string(&export).unwrap();
    assert!(said.iter().all(|text| exported.contains(text)), "{exported}");
    let recording = std::fs::metadata(&record).unwrap().len();
    let seconds = events.last().unwrap().ms / 1_000;
    assert!(
        recording > seconds * 24_000 * 4 / 2,
        "{recording} bytes for {seconds} s"
    );

    let listed = desk.run(&["calls", "--json"]);
    let calls: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(calls[0]["id"], events[0].call_id.as_str());
    for format in ["txt", "json", "vtt", "srt", "csv"] {
        let file = desk.path(&format!("latest.{format}"));
        let exported = desk.run(&["export", "latest", "--output", file.to_str().unwrap()]);
        assert_eq!(
            exported.status.code(),
            Some(0),
            "{format}: {}",
            String::from_utf8_lossy(&exported.stderr)
        );
        assert!(std::fs::read_to_string(&file).unwrap().contains("Saturday"), "{format}");
    }
}

#[test]
fn a_caller_who_says_goodbye_is_hung_up_on_politely() {
    let desk = Desk::new();
    let output = desk.run(&[
        "call",
        "--backend",
        "local",
        "--json",
        "--input",
        &caller("3-goodbye.wav"),
        &caller("1-opening-hours.wav"),
    ]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{errors}");
    let events = events(&output);
    let bodies: Vec<&CallEventBody> = events.iter().map(|event| &event.body).collect();
    assert!(
        matches!(
            bodies.last(),
            Some(CallEventBody::CallEnded {
                reason: EndReason::Goodbye,
                problem: None
            })
        ),
        "{bodies:?}"
    );
    let goodbye = bodies.iter().find_map(|body| match body {
        CallEventBody::ReplyTranscript { text, item_id } if text.contains("oodbye") => Some(item_id),
        _ => None,
    });
    let goodbye = goodbye.expect("the receptionist says goodbye");
    let played = |body: &&CallEventBody| matches!(body, CallEventBody::ReplyPlayed { item_id } if item_id == goodbye);
    assert!(bodies.iter().any(played), "the goodbye was heard to its end");
    let calls: Vec<&str> = bodies
        .iter()
        .filter_map(|body| match body {
            CallEventBody::ToolStarted { name, .. } => Some(name.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(calls, ["endCall"]);
    assert!(
        errors.contains("hung up after the goodbye") && errors.contains("1-opening-hours.wav"),
        "what was not spoken is named: {errors}"
    );

    let file = desk.path("latest.txt");
    assert_eq!(
        desk.run(&["export", "latest", "--output", file.to_str().unwrap()])
            .status
            .code(),
        Some(0)
    );
    let exported = std::fs::read_to_string(&file).unwrap();
    assert!(exported.contains("the receptionist said goodbye"), "{exported}");
}

#[test]
fn a_file_that_is_no_wav_is_refused_before_anything_connects() {
    let desk = Desk::new();
    let file = desk.path("noise.wav");
    std::fs::write(&file, b"this is no sound").unwrap();
    let output = desk.run(&["call", "--backend", "local", "--input", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("noise.wav"));
    assert!(output.stdout.is_empty());
}

#[test]
fn a_broken_company_file_is_refused_with_its_line() {
    let desk = Desk::new();
    let file = desk.path("company.toml");
    std::fs::write(&file, "name = \"Second Gear\"\nhours = 7\n").unwrap();
    let input = caller("3-goodbye.wav");
    let output = desk.run(&[
        "call",
        "--backend",
        "local",
        "--company",
        file.to_str().unwrap(),
        "--input",
        &input,
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("line 2"), "{output:?}");
}

#[test]
fn missing_models_are_a_missing_set_up_and_name_the_command() {
    let desk = Desk::new();
    let program = std::env::var_os("FRONTDESK_TEST_HEADLESS").expect("run the tests with `cargo xtask test`");
    let output = Command::new(program)
        .args(["--data-dir", desk.data.path().to_str().unwrap()])
        .args(["call", "--backend", "local", "--input", &caller("3-goodbye.wav")])
        .env("FRONTDESK_CACHE_DIR", desk.data.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("frontdeskd models fetch"),
        "{output:?}"
    );
}

#[test]
fn every_command_has_help_with_an_example() {
    let desk = Desk::new();
    for command in ["call", "devices", "calls", "export", "models", "key", "doctor"] {
        let help = desk.run(&[command, "--help"]);
        assert_eq!(help.status.code(), Some(0), "{command}");
        let words = String::from_utf8_lossy(&help.stdout).into_owned();
        assert!(
            words.contains("Example") || words.contains("Commands:"),
            "{command}: {words}"
        );
    }
    assert_eq!(desk.run(&["call"]).status.code(), Some(2));
}
