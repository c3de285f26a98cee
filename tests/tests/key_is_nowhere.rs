//! A provider key from a real Secret Service through its whole life, and where it may not be meanwhile: in no file, no output, no
//! argument and no environment of any process. The window's page is looked at where the window is tested.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use frontdesk_app::app::{App, FileCall, GivenKey, StartOptions};
use frontdesk_app::backends::BackendChoice;
use frontdesk_app::locations::Locations;
use frontdesk_protocol::AudioBytes;
use frontdesk_tests::leak_search::LeakSearch;
use frontdesk_tests::realtime_double::{CallerTurn, RealtimeDouble, Reply, Script, TranscriptTiming};
use frontdesk_tests::secret_service::SecretService;
use secrecy::SecretString;

const EVERY_FORMAT: [&str; 6] = ["md", "txt", "json", "vtt", "srt", "csv"];

/// A key that exists in this run of this test only.
fn fresh_key() -> String {
    format!("sk-proj-{:032x}_{:016x}", rand::random::<u128>(), rand::random::<u64>())
}

fn caller() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/callers/3-goodbye.wav")
}

/// A server that greets, hears one turn and answers it. The turn ends after the recording of the caller: an answer before its end would
/// leave the caller waiting for another one.
fn answering(key: &str) -> Script {
    let turn = CallerTurn {
        starts_at_ms: 1_000,
        ends_at_ms: 4_000,
        transcript: "Thank you, goodbye.".to_owned(),
        timing: TranscriptTiming::Early,
    };
    Script::new()
        .requiring_key(key)
        .hearing(turn)
        .replying(Reply::speech("Prime Auto Lab, how may I help you?", 400))
        .replying(Reply::speech("Goodbye.", 400))
}

/// A server that quotes the key that it does not take, as some do.
fn quoting(key: &str) -> Script {
    let body =
        format!("{{\"error\":{{\"code\":\"invalid_api_key\",\"message\":\"Incorrect API key provided: {key}\"}}}}");
    Script::new().refusing(401, &body)
}

/// `frontdeskd` in the home of a keychain. All that it prints goes into files there, so that it is searched with the rest.
struct Desk<'a> {
    service: &'a SecretService,
    double: &'a RealtimeDouble,
}

impl Desk<'_> {
    /// Runs it to its end, with `input` on its standard input; returns what it printed.
    fn run(&self, name: &str, input: &str, arguments: &[&str]) -> (i32, String) {
        let mut child = self.start(name, arguments);
        // A command that reads no input may be gone already.
        let _unread = child.stdin.take().unwrap().write_all(input.as_bytes());
        (child.wait().unwrap().code().unwrap(), self.printed(name))
    }

    fn start(&self, name: &str, arguments: &[&str]) -> Child {
        let program = frontdesk_tests::program("FRONTDESK_TEST_HEADLESS").unwrap();
        let output = |ending: &str| File::create(self.path(&format!("{name}.{ending}"))).unwrap();
        self.service
            .command(program)
            .args(arguments)
            .env("FRONTDESK_LOG", "trace")
            .env_remove("FRONTDESK_API_KEY")
            .stdin(Stdio::piped())
            .stdout(output("out"))
            .stderr(output("err"))
            .spawn()
            .unwrap()
    }

    fn printed(&self, name: &str) -> String {
        fs::read_to_string(self.path(&format!("{name}.out"))).unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.service.home().join(name)
    }

    fn at(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// The server of the double becomes the one of the settings: a key belongs to a server.
    fn settle(&self) {
        let directory = self.path(".config/frontdesk");
        fs::create_dir_all(&directory).unwrap();
        let settings = format!(
            "[backend]\nkind = \"compatible\"\nbaseUrl = \"{}\"\n",
            self.double.base_url()
        );
        fs::write(directory.join("settings.toml"), settings).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_set_used_and_deleted_is_found_nowhere_but_at_its_server() {
    let key = fresh_key();
    let search = LeakSearch::new(&key);
    let service = SecretService::start().unwrap();
    let scripts = [answering(&key), quoting(&key), answering(&key)];
    let double = RealtimeDouble::start(scripts).await.unwrap();
    let desk = Desk {
        service: &service,
        double: &double,
    };
    let nowhere = |moment: &str| {
        let mut found = search.in_files(service.home()).unwrap();
        found.extend(search.in_processes().unwrap());
        assert!(found.is_empty(), "{moment}: {found:#?}");
    };
    desk.settle();

    let (code, printed) = desk.run("set", &format!("{key}\n"), &["key", "set"]);
    assert_eq!((code, printed.as_str()), (0, "The key is in the keychain.\n"));
    nowhere("set");

    let (record, export) = (desk.at("call.wav"), desk.at("call.md"));
    let input = caller().display().to_string();
    let call = [
        "call", "--json", "--input", &input, "--record", &record, "--export", &export,
    ];
    let mut running = desk.start("call", &call);
    double.recording().event("session.update", 1).await;
    nowhere("in the call");
    assert!(
        running.try_wait().unwrap().is_none(),
        "the call was over before its processes were looked at"
    );
    let ended = tokio::task::spawn_blocking(move || running.wait()).await.unwrap();
    let log = fs::read_to_string(desk.path("call.err")).unwrap();
    assert_eq!(ended.unwrap().code(), Some(0), "{log}");
    let bearer = format!("Bearer {key}");
    assert_eq!(double.recording().header("authorization").as_ref(), Some(&bearer));
    assert!(desk.printed("call").contains("how may I help you?"));
    assert!(log.contains("TRACE"), "all that can be logged was logged");
    nowhere("after the call");

    let (code, _) = desk.run("refused", "", &["call", "--input", &input]);
    assert_eq!(code, 1);
    assert_eq!(double.recording().connections(), 2);
    nowhere("after a refusal that quotes the key");

    let events = desk.printed("call");
    let first: serde_json::Value = serde_json::from_str(events.lines().next().unwrap()).unwrap();
    let call = first["callId"].as_str().unwrap();
    for format in EVERY_FORMAT {
        let (name, file) = (format!("export-{format}"), desk.at(&format!("kept.{format}")));
        assert_eq!(desk.run(&name, "", &["export", call, "--output", &file]).0, 0);
        assert!(fs::read_to_string(&file).unwrap().contains("Goodbye"), "{format}");
    }
    // Something else may be missing on this computer; here it counts that the server was asked with the key.
    let (_, diagnosis) = desk.run("doctor", "", &["doctor", "--json"]);
    assert_eq!(double.recording().connections(), 3, "{diagnosis}");
    assert_eq!(double.recording().header("authorization"), Some(bearer));
    assert_eq!(
        desk.run("status", "", &["key", "status"]).1,
        "A key is in the keychain.\n"
    );
    nowhere("after exports and diagnosis");

    assert_eq!(desk.run("delete", "", &["key", "delete"]).0, 0);
    assert_eq!(desk.run("status", "", &["key", "status"]).1, "No key is stored.\n");
    nowhere("deleted");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_event_log_and_the_options_of_a_start_hold_no_key() {
    let key = fresh_key();
    let search = LeakSearch::new(&key);
    let double = RealtimeDouble::start([answering(&key)]).await.unwrap();
    let data = tempfile::tempdir().unwrap();
    let options = StartOptions {
        locations: Locations::find(Some(data.path()), Some(data.path())).unwrap(),
        company_file: None,
        provider_key: Some(GivenKey {
            key: SecretString::from(key),
            backend: BackendChoice::Url(double.base_url()),
        }),
    };
    assert_eq!(search.in_bytes(format!("{options:?}").as_bytes()), None);
    let app = App::start(options).await.unwrap();
    let call = FileCall {
        inputs: vec![caller()],
        record: None,
        backend: BackendChoice::Url(double.base_url()),
        dialogue: None,
    };
    let call = app.call_files(call).await.unwrap();
    call.handle.saved().await;
    let sent = double.recording().header("authorization").unwrap();
    assert_eq!(search.in_bytes(sent.as_bytes()), Some("as it is"), "the key was in use");
    let log = app.wire_log().to_json_lines();
    assert!(log.contains("input_audio_buffer.append"), "{log}");
    assert_eq!(search.in_bytes(log.as_bytes()), None);
    assert_eq!(search.in_files(data.path()).unwrap(), Vec::<String>::new());
}

#[test]
fn the_search_finds_what_is_planted() {
    let key = fresh_key();
    let search = LeakSearch::new(&key);
    let place = tempfile::tempdir().unwrap();
    let below = place.path().join("deep/below");
    fs::create_dir_all(&below).unwrap();
    assert_eq!(search.in_files(place.path()).unwrap(), Vec::<String>::new());

    let plain = below.join("plain.log");
    fs::write(&plain, format!("\u{0}\u{1}key={key}\u{2}")).unwrap();
    assert_eq!(
        search.in_files(place.path()).unwrap(),
        [format!("{} as it is", plain.display())]
    );
    fs::remove_file(&plain).unwrap();
    for before in ["", "x", "xy", "xyz", "Bearer "] {
        for after in ["", "?", "??"] {
            let encoded = AudioBytes::new(format!("{before}{key}{after}").into_bytes()).encode();
            fs::write(&plain, format!("{{\"blob\":\"{encoded}\"}}")).unwrap();
            assert_eq!(search.in_files(place.path()).unwrap().len(), 1, "{encoded}");
        }
    }
    fs::remove_file(&plain).unwrap();
    fs::write(place.path().join(format!("{key}.txt")), "a name may hold it too").unwrap();
    assert_eq!(search.in_files(place.path()).unwrap().len(), 1);
}

#[test]
fn the_search_finds_a_key_in_arguments_and_environments_of_processes() {
    let (argument, variable) = (fresh_key(), fresh_key());
    let (in_arguments, in_environment) = (LeakSearch::new(&argument), LeakSearch::new(&variable));
    assert_eq!(in_arguments.in_processes().unwrap(), Vec::<String>::new());
    // A child of a child, as a program that starts others: it waits for the end of its input.
    let mut child = Command::new("sh")
        .args(["-c", "sh -c 'echo started; read line' child \"$0\"; true", &argument])
        .env("SOME_KEY", &variable)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut started = [0; 1];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut started).unwrap();
    let found = (
        in_arguments.in_processes().unwrap(),
        in_environment.in_processes().unwrap(),
    );
    drop(child.stdin.take());
    child.wait().unwrap();
    assert_eq!(found.0.len(), 2, "{found:?}");
    assert!(found.0.iter().all(|place| place.contains("cmdline")), "{found:?}");
    assert_eq!(found.1.len(), 2, "{found:?}");
    assert!(found.1.iter().all(|place| place.contains("environ")), "{found:?}");
}
