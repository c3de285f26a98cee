//! The packages as a person gets them: an ordinary user of a Debian system that has nothing but its base installs them, talks to the
//! receptionist, reads what was said, and removes them.
//!
//! Started by `cargo xtask package --test`, which makes the packages and the bare system and says where they are; not part of `cargo xtask
//! test`, since it installs a whole desktop's libraries.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context as _, ensure};
use frontdesk_tests::virtual_audio::{DeviceFormat, VirtualAudio};
use frontdesk_tests::window::TestWindow;
use serde_json::Value;

/// What nobody needs to use the packages.
const DEVELOPERS_TOOLS: [&str; 8] = ["cargo", "rustc", "node", "npm", "python3", "cc", "gcc", "make"];

/// Model files that only the full package holds.
const ONLY_IN_FULL: [&str; 6] = [
    "silero-vad/silero_vad.onnx",
    "moonshine-tiny-en/encoder_model.ort",
    "moonshine-tiny-en/decoder_model_merged.ort",
    "moonshine-tiny-en/tokenizer.bin",
    "piper-joe/en_US-joe-medium.onnx",
    "piper-joe/en_US-joe-medium.onnx.json",
];

/// Files that every package holds.
const IN_EVERY_PACKAGE: [&str; 9] = [
    "/usr/bin/frontdesk",
    "/usr/bin/frontdeskd",
    "/usr/lib/frontdesk/models/onnxruntime/libonnxruntime.so",
    "/usr/lib/frontdesk/models/cmudict/cmudict.dict",
    "/usr/share/applications/Frontdesk.desktop",
    "/usr/share/doc/frontdesk/copyright",
    "/usr/share/doc/frontdesk/THIRD-PARTY-NOTICES.md",
    "/usr/share/doc/frontdesk/DEPENDENCY-LICENCES.txt",
    "/usr/share/doc/frontdesk/ONNXRUNTIME-NOTICES.txt",
];

#[test]
fn every_package_holds_its_programs_and_licences_and_only_the_full_ones_hold_the_models() {
    for kind in ["deb", "rpm"] {
        for size in ["small", "full"] {
            let files = files_in(&package(size, kind));
            for file in IN_EVERY_PACKAGE {
                assert!(
                    files.iter().any(|held| held == file),
                    "{file} is not in the {size} {kind}"
                );
            }
            for model in ONLY_IN_FULL {
                let file = format!("/usr/lib/frontdesk/models/{model}");
                assert_eq!(files.contains(&file), size == "full", "{file} in the {size} {kind}");
            }
        }
    }
}

#[test]
fn an_ordinary_user_of_a_bare_system_installs_calls_upgrades_and_removes() {
    let system = BareSystem::find();
    for tool in DEVELOPERS_TOOLS {
        assert!(
            !system.has(tool),
            "{tool} is in the bare system, which then proves nothing"
        );
    }
    system.must("root", &["apt-get", "update", "-qq"]);

    // The small package: says what is missing, fetches it, and then works.
    system.install(&package("small", "deb"));
    for tool in DEVELOPERS_TOOLS {
        assert!(!system.has(tool), "the package brings {tool} along");
    }
    let question = system.take_in(&fixture("speech/01-oil-change-price.wav"), "question.wav");
    let refused = system.run(
        "caller",
        &["frontdeskd", "call", "--backend", "local", "--input", &question],
    );
    assert_eq!(refused.status.code(), Some(3), "{}", told(&refused));
    assert!(told(&refused).contains("models fetch"), "{}", told(&refused));
    let mirror = Mirror::of(packages().join("stage/full/models"));
    system.must(
        "caller",
        &["frontdeskd", "models", "fetch", "--mirror", &mirror.address],
    );
    system.must("caller", &["frontdeskd", "models", "verify"]);
    answers_what_an_oil_change_costs(&system, &question);

    // The full package: an upgrade, and nothing has to be fetched.
    system.must("caller", &["frontdeskd", "models", "remove"]);
    system.install(&package("full", "deb"));
    system.must("caller", &["frontdeskd", "models", "verify"]);
    answers_what_an_oil_change_costs(&system, &question);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(talk_in_the_window(&system)).unwrap();
    let export = "/home/caller/window.txt";
    system.must("caller", &["frontdeskd", "export", "latest", "--output", export]);
    tells_what_an_oil_change_costs(&std::fs::read_to_string(system.inside(export)).unwrap());
    let calls: Value =
        serde_json::from_slice(&system.must("caller", &["frontdeskd", "calls", "--json"]).stdout).unwrap();
    assert_eq!(
        calls.as_array().map(Vec::len),
        Some(3),
        "an upgrade keeps the calls: {calls}"
    );

    // Removing takes everything that was installed, and nothing that is the person's own.
    system.must("root", &["apt-get", "remove", "-y", "-qq", "frontdesk"]);
    assert!(!system.has("frontdesk") && !system.has("frontdeskd"));
    assert!(!system.root.join("usr/lib/frontdesk").exists());
    assert!(
        system
            .root
            .join("home/caller/.local/share/frontdesk/frontdesk.db")
            .is_file()
    );
}

/// Makes a call with the recorded question and reads the exported transcript.
fn answers_what_an_oil_change_costs(system: &BareSystem, question: &str) {
    let export = "/home/caller/call.md";
    system.must(
        "caller",
        &[
            "frontdeskd",
            "call",
            "--backend",
            "local",
            "--input",
            question,
            "--export",
            export,
        ],
    );
    tells_what_an_oil_change_costs(&std::fs::read_to_string(system.inside(export)).unwrap());
}

fn tells_what_an_oil_change_costs(transcript: &str) {
    let spoken = transcript.to_lowercase();
    assert!(
        spoken.contains("oil change"),
        "the question was not understood:\n{transcript}"
    );
    for price in [["50", "fifty"], ["80", "eighty"]] {
        assert!(
            price.iter().any(|form| spoken.contains(form)),
            "{} is missing in:\n{transcript}",
            price[0]
        );
    }
}

/// Opens the window, connects, asks the recorded question through a microphone, reads the answer, and ends the call.
async fn talk_in_the_window(system: &BareSystem) -> anyhow::Result<()> {
    let audio = VirtualAudio::start()?;
    let speaker = audio.add_speaker("speaker", DeviceFormat::default())?;
    let microphone = audio.add_microphone("microphone", DeviceFormat::default())?;
    audio.set_default_speaker(&speaker.name)?;
    audio.set_default_microphone(&microphone.name)?;
    // The sound server of a person's desktop, where programs look for it.
    let socket = system.inside("/home/caller/run/pulse/native");
    std::fs::create_dir_all(socket.parent().context("a socket has a folder")?)?;
    let loaded = Command::new("pactl")
        .envs(audio.environment())
        .args(["load-module", "module-native-protocol-unix", "auth-anonymous=1"])
        .arg(format!("socket={}", socket.display()))
        .status()?;
    ensure!(loaded.success(), "the sound server does not reach the bare system");

    let window = TestWindow::open(Vec::new()).await?;
    window.click_button("Skip").await?;
    window.click_button("Connect").await?;
    window
        .wait_for("//*[contains(@class, 'pill')][contains(., 'Listening')]")
        .await?;
    audio
        .speak(&microphone, &fixture("speech/01-oil-change-price.wav"))?
        .finish()?;
    window
        .wait_for("//main//*[contains(., '80') or contains(., 'eighty')]")
        .await?;
    window.screenshot(&packages().join("window-in-bare-system.png")).await?;
    window.click_button("End call").await?;
    window.wait_for("//button[contains(., 'Export')]").await?;
    window.close().await?;
    Ok(())
}

/// The bare system, and commands in it.
struct BareSystem {
    root: PathBuf,
    entrance: PathBuf,
}

impl BareSystem {
    fn find() -> Self {
        Self {
            root: named("FRONTDESK_TEST_BARE_SYSTEM"),
            entrance: named("FRONTDESK_TEST_BARE_ENTRANCE"),
        }
    }

    fn run(&self, user: &str, command: &[&str]) -> Output {
        Command::new(&self.entrance)
            .arg(&self.root)
            .arg(user)
            .args(command)
            .output()
            .unwrap()
    }

    /// Runs a command that has to succeed.
    fn must(&self, user: &str, command: &[&str]) -> Output {
        let output = self.run(user, command);
        assert!(
            output.status.success(),
            "{command:?} as {user}: {}\n{}",
            output.status,
            told(&output)
        );
        output
    }

    fn has(&self, program: &str) -> bool {
        self.run("caller", &["sh", "-c", &format!("command -v {program}")])
            .status
            .success()
    }

    fn install(&self, package: &Path) {
        let inside = self.take_in(package, "frontdesk.deb");
        // As a person's machine does without asking: what is recommended stays out, so that the dependencies have to be complete.
        self.must(
            "root",
            &["apt-get", "install", "-y", "-qq", "--no-install-recommends", &inside],
        );
    }

    /// Copies a file into the system. Gives its path there.
    fn take_in(&self, file: &Path, name: &str) -> String {
        let inside = format!("/tmp/{name}");
        std::fs::copy(file, self.inside(&inside)).unwrap();
        inside
    }

    /// A path of the system, seen from here.
    fn inside(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }
}

/// A mirror of the model files on loopback, for as long as it lives.
struct Mirror {
    address: String,
}

impl Mirror {
    fn of(folder: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        // Ends with the test's process.
        std::thread::spawn(move || {
            for visitor in listener.incoming() {
                let served = visitor.and_then(|visitor| serve(&visitor, &folder));
                assert!(served.is_ok(), "the mirror failed: {served:?}");
            }
        });
        Self { address }
    }
}

/// Answers one request with a file of the folder.
fn serve(mut visitor: &TcpStream, folder: &Path) -> std::io::Result<()> {
    let mut head = BufReader::new(visitor).lines();
    let request = head.next().transpose()?.unwrap_or_default();
    let path = request
        .split(' ')
        .nth(1)
        .unwrap_or_default()
        .trim_start_matches('/')
        .to_owned();
    while head.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let Ok(content) = std::fs::read(folder.join(path)) else {
        return visitor.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    };
    write!(
        visitor,
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        content.len()
    )?;
    visitor.write_all(&content)
}

/// Everything that a command said.
fn told(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// Absolute names of the files in a package.
fn files_in(package: &Path) -> Vec<String> {
    let output = if package.extension().is_some_and(|ending| ending == "deb") {
        Command::new("dpkg-deb")
            .arg("--fsys-tarfile")
            .arg(package)
            .output()
            .map(|archive| list(&archive.stdout))
            .unwrap()
    } else {
        String::from_utf8(Command::new("rpm").args(["-qlp"]).arg(package).output().unwrap().stdout).unwrap()
    };
    output
        .lines()
        .map(|line| format!("/{}", line.trim_start_matches("./").trim_start_matches('/')))
        .collect()
}

/// Names in a tar archive.
fn list(archive: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), archive).unwrap();
    String::from_utf8(Command::new("tar").arg("-tf").arg(file.path()).output().unwrap().stdout).unwrap()
}

/// The one package of this size and kind.
fn package(size: &str, kind: &str) -> PathBuf {
    let beginning = format!("frontdesk-{size}");
    let mut found = std::fs::read_dir(packages())
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            path.extension().is_some_and(|ending| ending == kind)
                && path
                    .file_name()
                    .is_some_and(|name| name.to_string_lossy().starts_with(&beginning))
        });
    let package = found
        .next()
        .unwrap_or_else(|| panic!("there is no {size} {kind} in {}", packages().display()));
    assert_eq!(
        found.next(),
        None,
        "there is more than one {size} {kind}; remove the older one"
    );
    package
}

fn packages() -> PathBuf {
    named("FRONTDESK_TEST_PACKAGES")
}

/// A place that `cargo xtask package --test` names.
fn named(variable: &str) -> PathBuf {
    std::env::var_os(variable)
        .map(PathBuf::from)
        .unwrap_or_else(|| panic!("start this test with `cargo xtask package --test`"))
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}
