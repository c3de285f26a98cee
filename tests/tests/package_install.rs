//! The packages as a person gets them: an ordinary user of a Debian system that has nothing but its base installs them, talks to the
//! receptionist in the window, exports what was said, and removes them.
//!
//! Started by `cargo xtask package --test`, which makes the packages and the bare system and says where they are; not part of `cargo xtask
//! test`, since it installs a whole desktop's libraries.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use frontdesk_tests::bare_system::{BareSystem, Person, said};
use frontdesk_tests::model_mirror::ModelMirror;
use frontdesk_tests::virtual_audio::{DeviceFormat, VirtualAudio, VirtualMicrophone};
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

/// The inference library, which every package brings along.
const LIBRARY: &str = "/usr/lib/frontdesk/models/onnxruntime/libonnxruntime.so";

/// Files that every package holds.
const IN_EVERY_PACKAGE: [&str; 12] = [
    "/usr/bin/frontdesk",
    "/usr/bin/frontdeskd",
    LIBRARY,
    "/usr/lib/frontdesk/models/cmudict/cmudict.dict",
    "/usr/share/applications/Frontdesk.desktop",
    "/usr/share/icons/hicolor/128x128/apps/frontdesk.png",
    "/usr/share/doc/frontdesk/LICENSE-MIT",
    "/usr/share/doc/frontdesk/LICENSE-APACHE",
    "/usr/share/doc/frontdesk/copyright",
    "/usr/share/doc/frontdesk/THIRD-PARTY-NOTICES.md",
    "/usr/share/doc/frontdesk/DEPENDENCY-LICENCES.txt",
    "/usr/share/doc/frontdesk/ONNXRUNTIME-NOTICES.txt",
];

/// A question, spoken by somebody else than the receptionist's voice.
const QUESTION: &str = "fixtures/speech/01-oil-change-price.wav";

/// The receptionist's answer to it in the window.
const ANSWER: &str = "//article[contains(., 'Receptionist')][contains(., '$50')][contains(., '$80')]";

#[test]
fn every_package_holds_its_programs_and_licences_and_only_the_full_ones_hold_the_models() -> Result<()> {
    for kind in ["deb", "rpm"] {
        for size in ["small", "full"] {
            let files = files_in(&package(size, kind)?)?;
            for file in IN_EVERY_PACKAGE {
                ensure!(files.contains(file), "{file} is not in the {size} {kind}");
            }
            for model in ONLY_IN_FULL {
                let file = format!("/usr/lib/frontdesk/models/{model}");
                let is_full = size == "full";
                ensure!(files.contains(&file) == is_full, "{file} in the {size} {kind}");
            }
        }
    }
    Ok(())
}

#[test]
fn the_rpm_packages_ask_for_every_library_that_their_programs_load() -> Result<()> {
    let system = BareSystem::find()?;
    for size in ["small", "full"] {
        let package = package(size, "rpm")?;
        let required = output("rpm", &["--query", "--requires", "--package"], &package)?;
        // Unpacked by the system's own package manager, which puts it aside from where the other test installs.
        let aside = tempfile::tempdir_in(system.root())?;
        rpm(aside.path(), &["--install", "--noscripts"], &[&package])?;
        let mut loaded = BTreeSet::new();
        for program in ["/usr/bin/frontdesk", "/usr/bin/frontdeskd", LIBRARY] {
            let needed = needed_by(&aside.path().join(program.trim_start_matches('/')))?;
            ensure!(!needed.is_empty(), "{program} names no library");
            loaded.extend(needed);
        }
        // The C library is one package, whatever it is divided into; its version is asked for.
        let of_the_c_library = ["libc.so.6", "libm.so.6", "libdl.so.2", "librt.so.1", "libpthread.so.0"];
        ensure!(required.contains("libc.so.6(GLIBC_2.34)(64bit)"), "{required}");
        for library in loaded {
            let covered = of_the_c_library.contains(&library.as_str())
                || library.starts_with("ld-linux")
                || required.lines().any(|line| line == format!("{library}()(64bit)"));
            ensure!(covered, "the {size} rpm does not ask for {library}:\n{required}");
        }
    }
    Ok(())
}

#[test]
fn an_ordinary_user_of_a_bare_system_installs_calls_upgrades_and_removes() -> Result<()> {
    let system = BareSystem::find()?;
    has_no_developers_tools(&system)?;
    system.must(Person::Root, &["apt-get", "update", "-qq"])?;
    let runtime = tokio::runtime::Runtime::new()?;

    // The small package: says what is missing, fetches it with its own button, and then works.
    system.install(&package("small", "deb")?)?;
    has_no_developers_tools(&system)?;
    let question = system.take_in(&fixture(QUESTION))?;
    let call = ["frontdeskd", "call", "--backend", "local", "--input", &question];
    let refused = system.run(Person::Caller, &call)?;
    ensure!(refused.status.code() == Some(3), "{}", said(&refused));
    ensure!(said(&refused).contains("models fetch"), "{}", said(&refused));
    runtime.block_on(async {
        let sound = Sound::start(&system)?;
        let mirror = ModelMirror::start(&packages()?.join("stage/full"), []).await?;
        settle_on(&system, &mirror)?;
        let window = TestWindow::open(Vec::new()).await?;
        window.click_button("Skip").await?;
        window.click_button("Download").await?;
        window
            .wait_for("//h2[contains(., 'Ready for the next caller')]")
            .await?;
        let fetched: BTreeSet<String> = mirror.fetched().into_iter().map(|file| file.name).collect();
        let missing: BTreeSet<String> = ONLY_IN_FULL.map(str::to_owned).into();
        ensure!(fetched == missing, "fetched were {fetched:?}");
        sound.talk(&window).await?;
        window.close().await
    })?;
    system.must(Person::Caller, &["frontdeskd", "models", "verify"])?;

    // The full package: an upgrade, and nothing has to be fetched.
    system.must(Person::Caller, &["frontdeskd", "models", "remove"])?;
    system.install(&package("full", "deb")?)?;
    system.must(Person::Caller, &["frontdeskd", "models", "verify"])?;
    let export = format!("{}/first-call.md", BareSystem::HOME);
    runtime.block_on(async {
        let sound = Sound::start(&system)?;
        let window = TestWindow::open(Vec::new()).await?;
        sound.talk(&window).await?;
        window.click_button("Export").await?;
        window.save_as(Path::new(&export))?;
        window.wait_for("//*[contains(., 'first-call.md')]").await?;
        window.close().await
    })?;
    tells_what_an_oil_change_costs(&std::fs::read_to_string(system.inside(&export))?)?;
    let export = format!("{}/second-call.md", BareSystem::HOME);
    system.must(Person::Caller, &[call.as_slice(), &["--export", &export]].concat())?;
    tells_what_an_oil_change_costs(&std::fs::read_to_string(system.inside(&export))?)?;
    ensure!(kept_calls(&system)? == 3, "an upgrade keeps the calls");

    // Removing takes everything that was installed, and nothing that is the person's own.
    ensure!(
        !system.traces_of("frontdesk")?.is_empty(),
        "a search that finds nothing proves nothing"
    );
    let farewell = system.must(Person::Root, &["apt-get", "remove", "-y", "-qq", "frontdesk"])?;
    ensure!(farewell.contains("stay with each person"), "{farewell}");
    ensure!(
        system.traces_of("frontdesk")?.is_empty(),
        "{}",
        system.traces_of("frontdesk")?
    );

    // The same system's libraries serve the other kind of package.
    rpm(system.root(), &["--install"], &[&package("full", "rpm")?])?;
    ensure!(kept_calls(&system)? == 3, "removing keeps the calls");
    let export = format!("{}/third-call.md", BareSystem::HOME);
    system.must(Person::Caller, &[call.as_slice(), &["--export", &export]].concat())?;
    tells_what_an_oil_change_costs(&std::fs::read_to_string(system.inside(&export))?)?;
    rpm(system.root(), &["--erase"], &[Path::new("frontdesk")])?;
    ensure!(
        system.traces_of("frontdesk")?.is_empty(),
        "{}",
        system.traces_of("frontdesk")?
    );
    Ok(())
}

/// How many calls the ordinary user has.
fn kept_calls(system: &BareSystem) -> Result<usize> {
    let listed = system.run(Person::Caller, &["frontdeskd", "calls", "--json"])?;
    ensure!(listed.status.success(), "{}", said(&listed));
    let calls: Vec<Value> = serde_json::from_slice(&listed.stdout)?;
    Ok(calls.len())
}

fn has_no_developers_tools(system: &BareSystem) -> Result<()> {
    for tool in DEVELOPERS_TOOLS {
        ensure!(
            !system.has(tool)?,
            "{tool} is in the bare system, which then proves nothing"
        );
    }
    Ok(())
}

/// Names the mirror in the settings of the ordinary user.
fn settle_on(system: &BareSystem, mirror: &ModelMirror) -> Result<()> {
    let settings = format!("[models]\nmirror = \"{}\"\n", mirror.url());
    let script = "mkdir -p ~/.config/frontdesk && printf %s \"$1\" > ~/.config/frontdesk/settings.toml";
    system.must(Person::Caller, &["sh", "-c", script, "sh", &settings])?;
    Ok(())
}

fn tells_what_an_oil_change_costs(transcript: &str) -> Result<()> {
    let spoken = transcript.to_lowercase();
    ensure!(
        spoken.contains("oil change"),
        "the question was not understood:\n{transcript}"
    );
    for price in [["50", "fifty"], ["80", "eighty"]] {
        ensure!(
            price.iter().any(|form| spoken.contains(form)),
            "{} is missing in:\n{transcript}",
            price[0]
        );
    }
    Ok(())
}

/// A sound server with a speaker and a microphone, where programs of the bare system's ordinary user look for one.
struct Sound {
    audio: VirtualAudio,
    microphone: VirtualMicrophone,
}

impl Sound {
    fn start(system: &BareSystem) -> Result<Self> {
        let audio = VirtualAudio::start()?;
        let speaker = audio.add_speaker("speaker", DeviceFormat::default())?;
        let microphone = audio.add_microphone("microphone", DeviceFormat::default())?;
        audio.set_default_speaker(&speaker.name)?;
        audio.set_default_microphone(&microphone.name)?;
        let run = format!("{}/run", BareSystem::HOME);
        let folder = format!("{run}/pulse");
        system.must(Person::Caller, &["mkdir", "-p", "-m", "700", &run, &folder])?;
        let socket = system.inside(&format!("{folder}/native"));
        let loaded = Command::new("pactl")
            .envs(audio.environment())
            .args(["load-module", "module-native-protocol-unix", "auth-anonymous=1"])
            .arg(format!("socket={}", socket.display()))
            .status()?;
        ensure!(loaded.success(), "the sound server does not reach the bare system");
        Ok(Self { audio, microphone })
    }

    /// Connects, asks the recorded question through the microphone, reads the answer, and ends the call.
    async fn talk(&self, window: &TestWindow) -> Result<()> {
        window.click_button("Connect").await?;
        window.wait_for(&pill("Listening")).await?;
        self.audio.speak(&self.microphone, &fixture(QUESTION))?.finish()?;
        window
            .wait_for("//article[contains(., 'Caller')][contains(., 'oil change')]")
            .await?;
        window.wait_for(ANSWER).await?;
        window.wait_for(&pill("Speaking")).await?;
        window
            .screenshot(&packages()?.join("window-in-bare-system.png"))
            .await?;
        // An answer that is cut off is kept only as far as it was heard.
        window.wait_for(&pill("Listening")).await?;
        window.click_button("End call").await?;
        window.wait_for("//button[contains(., 'Export')]").await?;
        Ok(())
    }
}

/// The state of the call.
fn pill(word: &str) -> String {
    format!("//*[contains(@class, 'pill')][contains(., '{word}')]")
}

/// Absolute names of the files in a package.
fn files_in(package: &Path) -> Result<BTreeSet<String>> {
    let listed = if package.extension().is_some_and(|ending| ending == "deb") {
        let listed = output("dpkg-deb", &["--contents"], package)?;
        // The name is the last of six columns.
        let names = listed.lines().filter_map(|line| line.split_whitespace().nth(5));
        names
            .map(|name| format!("/{}", name.trim_start_matches("./")))
            .collect()
    } else {
        let listed = output("rpm", &["--query", "--list", "--package"], package)?;
        listed.lines().map(str::to_owned).collect()
    };
    Ok(listed)
}

/// Names of the libraries that the system's loader gets for a program or library.
fn needed_by(program: &Path) -> Result<Vec<String>> {
    let listed = output("objdump", &["--private-headers"], program)?;
    let needed = listed.lines().filter_map(|line| line.trim().strip_prefix("NEEDED"));
    Ok(needed.map(|name| name.trim().to_owned()).collect())
}

/// What a command says about a file.
fn output(program: &str, arguments: &[&str], file: &Path) -> Result<String> {
    let output = Command::new(program).args(arguments).arg(file).output()?;
    ensure!(output.status.success(), "{program}: {}", said(&output));
    Ok(String::from_utf8(output.stdout)?)
}

/// Installs or removes in another tree. Dependencies have names there that this kind of package does not know.
fn rpm(root: &Path, arguments: &[&str], subjects: &[&Path]) -> Result<()> {
    let output = Command::new("rpm")
        .arg("--root")
        .arg(root)
        .args(["--dbpath", "/tmp/rpm", "--nodeps", "--force-debian"])
        .args(arguments)
        .args(subjects)
        .output()?;
    ensure!(output.status.success(), "rpm {arguments:?}: {}", said(&output));
    Ok(())
}

/// The one package of this size and kind.
fn package(size: &str, kind: &str) -> Result<PathBuf> {
    let beginning = format!("frontdesk-{size}");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(packages()?)? {
        let path = entry?.path();
        let is_it = path.extension().is_some_and(|ending| ending == kind)
            && path
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with(&beginning));
        if is_it {
            found.push(path);
        }
    }
    ensure!(found.len() == 1, "not one {size} {kind} but {found:?}");
    found.pop().context("there is one")
}

fn packages() -> Result<PathBuf> {
    frontdesk_tests::named("FRONTDESK_TEST_PACKAGES")
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}
