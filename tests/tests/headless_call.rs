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
        self.run_with(arguments, &[])
    }

    /// Runs the program with more in its environment.
    fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        let program = frontdesk_tests::program("FRONTDESK_TEST_HEADLESS").unwrap();
        Command::new(program)
            .args(["--data-dir", self.data.path().to_str().unwrap()])
            .args(arguments)
            .env("FRONTDESK_CACHE_DIR", frontdesk_tests::model_cache().unwrap())
            .envs(environment.iter().copied())
            .output()
            .unwrap()
    }

    /// Runs what must be refused with this exit code before it has done anything, and gives what was said.
    fn refused(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(output.stdout.is_empty(), "{arguments:?}: {output:?}");
        said
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

    let archive = desk.path("all.zip");
    let exported = desk.run(&["export", "all", "--output", archive.to_str().unwrap()]);
    assert_eq!(exported.status.code(), Some(0), "{exported:?}");
    assert!(std::fs::read(&archive).unwrap().starts_with(b"PK"), "a zip archive");
    for format in [&[][..], &["--format", "md"]] {
        let disguised = desk.path("all.md");
        let export = ["export", "all", "--output", disguised.to_str().unwrap()];
        let said = desk.refused(2, &[&export[..], format].concat());
        assert!(said.contains("all.md") && said.contains(".zip"), "{said}");
        assert!(!disguised.exists());
    }
    let none = String::from_utf8(desk.run(&["calls", "--limit", "0"]).stdout).unwrap();
    assert_eq!(none, "1 kept; see all with --limit 1\n");
}

#[test]
fn a_place_that_cannot_be_written_is_refused_before_the_call() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("folder.md")).unwrap();
    std::fs::create_dir(desk.path("folder.wav")).unwrap();
    for (flag, place) in [
        ("--export", "absent/call.md"),
        ("--export", "folder.md"),
        ("--record", "absent/call.wav"),
        ("--record", "folder.wav"),
    ] {
        let (input, path) = (caller("3-goodbye.wav"), desk.path(place));
        let call = ["call", "--backend", "local", "--input", &input, flag];
        let said = desk.refused(2, &[&call[..], &[path.to_str().unwrap()]].concat());
        assert!(said.contains(place) && said.contains(flag), "{said}");
    }
    let left: Vec<_> = std::fs::read_dir(desk.data.path()).unwrap().flatten().collect();
    assert_eq!(left.len(), 2, "a look leaves nothing behind: {left:?}");
}

#[test]
fn a_call_that_could_not_be_saved_is_told_and_no_success() {
    let desk = Desk::new();
    // A folder where the database would be.
    std::fs::create_dir(desk.path("frontdesk.sqlite3")).unwrap();
    let (export, input) = (desk.path("call.txt"), caller("3-goodbye.wav"));
    let export = export.to_str().unwrap();
    let call = ["call", "--backend", "local", "--input", &input, "--export", export];
    let output = desk.run(&call);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains("could not be saved"), "{errors}");
    assert!(std::fs::read_to_string(export).unwrap().contains("oodbye"), "{errors}");

    // What tools do is told in words, and the transcript's place once.
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("Tool          end call"), "{told}");
    assert!(!told.contains('{'), "{told}");
    assert_eq!(told.matches(export).count(), 1, "{told}");
}

#[test]
fn the_program_is_called_by_its_own_name() {
    let version = String::from_utf8(Desk::new().run(&["--version"]).stdout).unwrap();
    assert_eq!(version.trim_end(), concat!("frontdeskd ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_log_that_goes_to_a_file_has_no_colours_and_a_filter_that_says_nothing_is_refused() {
    let desk = Desk::new();
    let logged = desk.run(&["--log", "trace", "calls"]).stderr;
    assert!(!logged.is_empty(), "something is logged");
    assert!(!logged.contains(&0x1b), "{}", String::from_utf8_lossy(&logged));
    let said = desk.refused(2, &["--log", "debgu", "calls"]);
    assert!(said.contains("debgu") && said.contains("debug"), "{said}");
}

#[test]
fn a_mirror_of_another_kind_is_no_folder() {
    let desk = Desk::new();
    let said = desk.refused(2, &["models", "fetch", "--mirror", "ftp://mirror.example/frontdesk"]);
    assert!(said.contains("ftp://") && said.contains("https://"), "{said}");
}

#[test]
fn a_key_that_is_kept_from_an_unencrypted_server_is_told() {
    let desk = Desk::new();
    let input = caller("3-goodbye.wav");
    let call = ["call", "--backend", "ws://voice.invalid", "--input", &input];
    let output = desk.run_with(&call, &[("FRONTDESK_API_KEY", "sk-told-to-nobody")]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("The key is not sent to voice.invalid"), "{said}");
    assert!(!said.contains("sk-told"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_keychain_each_command_says_what_that_means_for_it() {
    let desk = Desk::new();
    for (command, meaning) in [
        ("status", "not known whether it holds a key"),
        ("delete", "no key was deleted"),
    ] {
        let nowhere = [("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")];
        let output = desk.run_with(&["key", command], &nowhere);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains(meaning), "{said}");
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
fn a_broken_company_of_the_settings_is_told_and_nobody_else_answers_for_it() {
    let desk = Desk::new();
    let file = desk.path("company.toml");
    std::fs::write(&file, "name = \"Second Gear\"\nhours = 7\n").unwrap();
    std::fs::write(desk.path("settings.toml"), format!("companyFile = {file:?}\n")).unwrap();
    let listed = desk.run(&["calls"]);
    assert_eq!(listed.status.code(), Some(0));
    let call = desk.run(&["call", "--backend", "local", "--input", &caller("3-goodbye.wav")]);
    assert_eq!(call.status.code(), Some(2));
    for output in [listed, call] {
        assert!(String::from_utf8_lossy(&output.stderr).contains("line 2"), "{output:?}");
    }
}

#[test]
fn missing_models_are_a_missing_set_up_and_name_the_command() {
    let desk = Desk::new();
    let cache = desk.data.path().to_str().unwrap();
    let lacking = |arguments: &[&str]| {
        let output = desk.run_with(arguments, &[("FRONTDESK_CACHE_DIR", cache)]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{arguments:?}: {said}");
        said
    };
    let input = caller("3-goodbye.wav");
    let call = ["call", "--backend", "local", "--input", &input];
    // The inference library has no download of its own, so nobody is sent to one.
    for arguments in [&call[..], &["models", "verify"], &["models", "fetch"]] {
        let said = lacking(arguments);
        assert!(
            said.contains("onnxruntime") && said.contains("cargo xtask run"),
            "{said}"
        );
        assert!(!said.contains("models fetch"), "{said}");
    }

    let library = frontdesk_app::models::CATALOGUE
        .iter()
        .find(|entry| entry.sources.is_empty());
    let library = Path::new("models").join(library.unwrap().file.relative_path());
    let real = frontdesk_tests::model_cache().unwrap().join(&library);
    std::fs::create_dir_all(desk.data.path().join(&library).parent().unwrap()).unwrap();
    std::fs::copy(real, desk.data.path().join(&library)).unwrap();
    let said = lacking(&call);
    assert!(said.contains("frontdeskd models fetch"), "{said}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn one_interrupt_ends_a_download() {
    use frontdesk_tests::model_mirror::{Manner, ModelMirror};
    use tokio::io::{AsyncBufReadExt as _, BufReader};

    let desk = Desk::new();
    let first = frontdesk_app::models::CATALOGUE[0].file.relative_path();
    let hanging = Manner::HangsAfter(1_000);
    let mirror = ModelMirror::start(
        &frontdesk_tests::model_cache().unwrap(),
        [(first.clone().leak() as &str, hanging)],
    )
    .await
    .unwrap();
    let mut command = tokio::process::Command::new(frontdesk_tests::program("FRONTDESK_TEST_HEADLESS").unwrap());
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env_remove(name);
    }
    let mut fetching = command
        .args(["--data-dir", desk.data.path().to_str().unwrap()])
        .args(["models", "fetch", "--mirror", &mirror.url()])
        .env("FRONTDESK_CACHE_DIR", desk.data.path())
        .stderr(std::process::Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut progress = BufReader::new(fetching.stderr.take().unwrap()).lines();
    let begun = progress.next_line().await.unwrap().unwrap();
    assert!(begun.contains(&first), "{begun}");

    frontdesk_tests::interrupt(&fetching).await.unwrap();
    let patience = std::time::Duration::from_secs(60);
    let ended = tokio::time::timeout(patience, fetching.wait()).await;
    assert_eq!(
        ended.expect("one interrupt is enough").unwrap().code(),
        Some(130),
        "as shells count an interrupt"
    );
    assert!(!desk.path("models").join(&first).exists());
}

#[tokio::test]
async fn a_list_is_cut_for_people_and_whole_for_programs() {
    use frontdesk_call::event::LegKind;
    use frontdesk_call::identity::WallTime;
    use frontdesk_call::journal::Journal as _;

    let desk = Desk::new();
    // More than one page of the window's.
    let calls = frontdesk_store::history::PAGE_LIMIT as usize + 1;
    {
        let database = frontdesk_store::Database::open(desk.data.path()).unwrap();
        for _ in 0..calls {
            let begun = CallEvent {
                v: 1,
                seq: 0,
                call_id: frontdesk_call::CallId::random(),
                at: WallTime("2026-11-20T10:00:00Z".parse().unwrap()),
                ms: 0,
                body: CallEventBody::CallStarted {
                    leg: LegKind::File,
                    company: "Prime Auto Lab".to_owned(),
                    backend: "Local engine".to_owned(),
                    model: "test".to_owned(),
                },
            };
            database.append(vec![begun]).await.unwrap();
        }
    }
    let lines = |arguments: &[&str]| String::from_utf8(desk.run(arguments).stdout).unwrap();
    let count = |text: &str| serde_json::from_str::<Vec<serde_json::Value>>(text).unwrap().len();
    assert_eq!(count(&lines(&["calls", "--json"])), calls);
    assert_eq!(count(&lines(&["calls", "--json", "--limit", "3"])), 3);
    let shown = lines(&["calls"]);
    assert_eq!(shown.lines().count(), 50 + 1);
    let hint = shown.lines().last().unwrap();
    let (_, advised) = hint.split_once("--limit ").unwrap();
    assert_eq!(lines(&["calls", "--limit", advised]).lines().count(), calls, "{hint}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_call_without_database_and_with_a_failed_recording_is_exported_all_the_same() {
    let desk = Desk::new();
    // A folder where the database would be.
    std::fs::create_dir(desk.path("frontdesk.sqlite3")).unwrap();
    let export = desk.path("call.md");
    let output = desk.run(&[
        "call",
        "--backend",
        "local",
        "--json",
        "--input",
        &caller("3-goodbye.wav"),
        "--record",
        // It opens, and is full.
        "/dev/full",
        "--export",
        export.to_str().unwrap(),
    ]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains("/dev/full"), "{errors}");
    let exported = std::fs::read_to_string(&export).expect(&errors);
    let replies = events(&output).into_iter().filter_map(|event| match event.body {
        CallEventBody::ReplyTranscript { text, .. } => Some(text),
        _ => None,
    });
    let replies: Vec<String> = replies.collect();
    assert!(!replies.is_empty(), "{errors}");
    assert!(replies.iter().all(|text| exported.contains(text)), "{exported}");
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
