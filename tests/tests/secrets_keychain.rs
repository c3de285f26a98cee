//! Provider keys in a real Secret Service, through a process that uses the keychain as the product does.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a helper that cannot go on fails its test"
)]
#![cfg(target_os = "linux")]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use frontdesk_tests::secret_service::SecretService;

const PROBE: &str = env!("CARGO_BIN_EXE_secrets_probe");
const OPENAI: &str = "https://api.openai.com/v1";
const KEY: &str = "sk-proj-Zm9yIHRlc3Rz_0123456789";

/// A process that holds the product's side of the keychain.
struct Probe {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Probe {
    fn start(mut command: Command) -> Self {
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let input = process.stdin.take().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        Self { process, input, output }
    }

    fn ask(&mut self, request: &str) -> String {
        writeln!(self.input, "{request}").unwrap();
        let mut answer = String::new();
        self.output.read_line(&mut answer).unwrap();
        answer.trim_end().to_owned()
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        // Already gone when the test went well.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Whether any file below `directory` holds `needle`.
fn holds(directory: &Path, needle: &str) -> bool {
    std::fs::read_dir(directory).unwrap().any(|entry| {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            return holds(&entry.path(), needle);
        }
        kind.is_file()
            && std::fs::read(entry.path())
                .unwrap()
                .windows(needle.len())
                .any(|part| part == needle.as_bytes())
    })
}

#[test]
fn a_key_is_set_read_replaced_and_deleted_and_outlives_the_process() {
    let service = SecretService::start().unwrap();
    let mut probe = Probe::start(service.command(PROBE));
    assert_eq!(probe.ask(&format!("status {OPENAI}")), "notSet");
    assert_eq!(probe.ask(&format!("set {OPENAI} sk-first")), "set");
    assert_eq!(probe.ask(&format!("set {OPENAI} {KEY}")), "set");
    assert_eq!(probe.ask(&format!("status {OPENAI}")), "set");
    assert_eq!(probe.ask("read https://api.openai.com:8443/v1"), "no key");
    drop(probe);

    let mut later = Probe::start(service.command(PROBE));
    assert_eq!(later.ask("read wss://api.openai.com/v1/realtime"), format!("key {KEY}"));
    assert_eq!(later.ask(&format!("delete {OPENAI}")), "deleted true");
    assert_eq!(later.ask(&format!("delete {OPENAI}")), "deleted false");
    assert_eq!(later.ask(&format!("status {OPENAI}")), "notSet");
}

#[test]
fn a_key_is_nowhere_readable_on_disk() {
    let service = SecretService::start().unwrap();
    let mut probe = Probe::start(service.command(PROBE));
    assert_eq!(probe.ask(&format!("set {OPENAI} {KEY}")), "set");
    assert!(!holds(service.home(), KEY));
    std::fs::write(service.home().join("leak.txt"), format!("key={KEY}")).unwrap();
    assert!(
        holds(service.home(), KEY),
        "the search itself must be able to find a leak"
    );
}

#[test]
fn a_locked_keychain_is_unavailable_and_the_key_can_stay_in_memory() {
    let service = SecretService::start().unwrap();
    let mut probe = Probe::start(service.command(PROBE));
    assert_eq!(probe.ask(&format!("set {OPENAI} {KEY}")), "set");
    service.lock().unwrap();
    assert_eq!(probe.ask(&format!("status {OPENAI}")), "keychainUnavailable");
    assert_eq!(
        probe.ask(&format!("read {OPENAI}")),
        "problem keychainUnavailable tryAgain"
    );
    assert_eq!(
        probe.ask(&format!("set {OPENAI} sk-other")),
        "problem keychainUnavailable tryAgain"
    );
    assert_eq!(probe.ask(&format!("keep {OPENAI} sk-memory")), "kept");
    assert_eq!(probe.ask(&format!("status {OPENAI}")), "setForThisRun");
    assert_eq!(probe.ask(&format!("read {OPENAI}")), "key sk-memory");
}

#[test]
fn without_a_keychain_or_without_a_session_bus_the_key_can_stay_in_memory() {
    let service = SecretService::start_bus_only().unwrap();
    let mut without_bus = service.command(PROBE);
    without_bus.env(
        "DBUS_SESSION_BUS_ADDRESS",
        format!("unix:path={}/no-bus", service.home().display()),
    );
    for command in [service.command(PROBE), without_bus] {
        let mut probe = Probe::start(command);
        assert_eq!(probe.ask(&format!("status {OPENAI}")), "keychainUnavailable");
        assert_eq!(
            probe.ask(&format!("set {OPENAI} {KEY}")),
            "problem keychainUnavailable keepKeyInMemory"
        );
        assert_eq!(probe.ask(&format!("keep {OPENAI} {KEY}")), "kept");
        assert_eq!(probe.ask(&format!("read {OPENAI}")), format!("key {KEY}"));
    }
}

#[test]
fn a_keychain_that_comes_up_later_or_comes_back_is_used_without_a_restart() {
    let mut service = SecretService::start_bus_only().unwrap();
    let mut probe = Probe::start(service.command(PROBE));
    assert_eq!(probe.ask(&format!("status {OPENAI}")), "keychainUnavailable");
    service.start_keyring().unwrap();
    assert_eq!(probe.ask(&format!("set {OPENAI} {KEY}")), "set");
    service.stop_keyring().unwrap();
    assert_eq!(probe.ask(&format!("status {OPENAI}")), "keychainUnavailable");
    service.start_keyring().unwrap();
    assert_eq!(probe.ask(&format!("read {OPENAI}")), format!("key {KEY}"));
}
