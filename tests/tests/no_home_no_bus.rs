//! An account without a home directory, a home that cannot be written, a session without a bus: both programs say what is missing and do
//! what can be done without it.
#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context as _, Result, ensure};
use frontdesk_tests::desktop::{Desktop, Process};
use frontdesk_tests::window::TestWindow;
use tempfile::TempDir;

/// Nothing can be made below it, not even by root.
const UNWRITABLE_HOME: &str = "/dev/null/home";

/// What is said where no home directory is known.
const NO_HOME: &str =
    "This account has no home directory, so Frontdesk does not know where to keep its files. Name one with --data-dir.";

fn question() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/callers/3-goodbye.wav")
}

/// `frontdeskd` with nothing in its environment that leads to a home or a session bus.
fn frontdeskd() -> Result<Command> {
    let mut command = Command::new(frontdesk_tests::program("FRONTDESK_TEST_HEADLESS")?);
    for name in [
        "HOME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_CACHE_HOME",
        "XDG_RUNTIME_DIR",
        "DBUS_SESSION_BUS_ADDRESS",
        "FRONTDESK_CACHE_DIR",
        "FRONTDESK_DATA_DIR",
        "FRONTDESK_API_KEY",
    ] {
        command.env_remove(name);
    }
    Ok(command)
}

/// The list of accounts of a machine, as the C library finds it: with this account and its home, or without this account.
struct Accounts {
    folder: TempDir,
}

impl Accounts {
    fn with(home: Option<&Path>) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let user = String::from_utf8(Command::new("id").arg("-u").output()?.stdout)?;
        let line = home.map(|home| format!("person:x:{}:0::{}:/bin/sh\n", user.trim(), home.display()));
        std::fs::write(folder.path().join("passwd"), line.unwrap_or_default())?;
        std::fs::write(folder.path().join("group"), "")?;
        Ok(Self { folder })
    }

    /// What a program needs in its environment to find these accounts and no others.
    fn environment(&self) -> [(&'static str, PathBuf); 3] {
        [
            ("LD_PRELOAD", PathBuf::from("libnss_wrapper.so")),
            ("NSS_WRAPPER_PASSWD", self.folder.path().join("passwd")),
            ("NSS_WRAPPER_GROUP", self.folder.path().join("group")),
        ]
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn ends_with(output: &Output, code: i32) -> Result<()> {
    ensure!(output.status.code() == Some(code), "{output:?}");
    Ok(())
}

#[test]
fn without_a_home_directory_the_command_line_names_the_way_out_and_takes_it() -> Result<()> {
    let accounts = Accounts::with(None)?;
    let run = |arguments: &[&str], cache: Option<&Path>| -> Result<Output> {
        let mut command = frontdeskd()?;
        command.args(arguments).envs(accounts.environment());
        if let Some(cache) = cache {
            command.env("FRONTDESK_CACHE_DIR", cache);
        }
        Ok(command.output()?)
    };
    let refused = run(&["calls"], None)?;
    ends_with(&refused, 1)?;
    ensure!(said(&refused).trim_end() == NO_HOME, "{refused:?}");
    ensure!(refused.stdout.is_empty(), "{refused:?}");

    let data = tempfile::tempdir()?;
    let place = data.path().to_str().context("the path is text")?;
    let half = run(&["--data-dir", place, "calls"], None)?;
    ends_with(&half, 1)?;
    ensure!(said(&half).contains("FRONTDESK_CACHE_DIR"), "{half:?}");

    let cache = frontdesk_tests::model_cache()?;
    let question = question();
    let question = question.to_str().context("the path is text")?;
    let call = ["--data-dir", place, "call", "--backend", "local", "--input", question];
    ends_with(&run(&call, Some(&cache))?, 0)?;
    let calls = run(&["--data-dir", place, "calls", "--json"], Some(&cache))?;
    let calls: Vec<serde_json::Value> = serde_json::from_slice(&calls.stdout)?;
    ensure!(calls.len() == 1, "{calls:?}");
    Ok(())
}

/// The variable alone is no home: it is the account that has one. What the tests above and below take away is really what they say.
#[test]
fn without_the_variable_the_home_of_the_account_is_used() -> Result<()> {
    let home = tempfile::tempdir()?;
    let accounts = Accounts::with(Some(home.path()))?;
    ends_with(&frontdeskd()?.arg("calls").envs(accounts.environment()).output()?, 0)?;
    let database = home.path().join(".local/share/frontdesk/frontdesk.sqlite3");
    ensure!(database.is_file(), "{} is not there", database.display());
    Ok(())
}

#[test]
fn a_home_that_cannot_be_written_costs_the_history_and_not_the_call() -> Result<()> {
    let cache = frontdesk_tests::model_cache()?;
    let run = |arguments: &[&str]| -> Result<Output> {
        let mut command = frontdeskd()?;
        command.args(arguments).env("HOME", UNWRITABLE_HOME);
        Ok(command.env("FRONTDESK_CACHE_DIR", &cache).output()?)
    };
    let calls = run(&["calls"])?;
    ends_with(&calls, 1)?;
    ensure!(said(&calls).contains("cannot create /dev/null/home"), "{calls:?}");

    let kept = tempfile::tempdir()?;
    let transcript = kept.path().join("call.md");
    let (question, export) = (question(), transcript.clone());
    let paths = (question.to_str(), export.to_str());
    let (Some(question), Some(export)) = paths else {
        anyhow::bail!("the paths are text");
    };
    let call = ["call", "--backend", "local", "--input", question, "--export", export];
    // Not a success: the history does not have it.
    let call = run(&call)?;
    ends_with(&call, 1)?;
    ensure!(said(&call).contains("could not be saved"), "{call:?}");
    let shown = String::from_utf8(call.stdout)?;
    ensure!(shown.contains("This call is not being saved."), "{shown}");
    let transcript = std::fs::read_to_string(&transcript)?;
    ensure!(transcript.contains("Goodbye!"), "nothing is lost: {transcript}");
    Ok(())
}

#[test]
fn without_a_session_bus_the_command_line_calls_and_says_that_there_is_no_keychain() -> Result<()> {
    let home = tempfile::tempdir()?;
    let cache = frontdesk_tests::model_cache()?;
    let run = |arguments: &[&str]| -> Result<Output> {
        let mut command = frontdeskd()?;
        command.args(arguments).env("HOME", home.path());
        Ok(command.env("FRONTDESK_CACHE_DIR", &cache).output()?)
    };
    let status = run(&["key", "status"])?;
    ends_with(&status, 3)?;
    ensure!(
        said(&status).contains("keychain of this computer cannot be reached"),
        "{status:?}"
    );
    ensure!(
        said(&status).contains("FRONTDESK_API_KEY"),
        "another way is named: {status:?}"
    );

    let doctor = String::from_utf8(run(&["doctor"])?.stdout)?;
    let keychain = doctor.lines().find(|line| line.contains("keychain"));
    ensure!(keychain.is_some_and(|line| line.starts_with("missing")), "{doctor}");
    let database = doctor.lines().find(|line| line.contains("database"));
    ensure!(database.is_some_and(|line| line.starts_with("ready")), "{doctor}");

    let question = question();
    let question = question.to_str().context("the path is text")?;
    ends_with(&run(&["call", "--backend", "local", "--input", question])?, 0)
}

#[tokio::test]
async fn without_a_session_bus_the_window_opens_and_says_that_there_is_no_keychain() -> Result<()> {
    let data = tempfile::tempdir()?;
    // A backend that needs a key; the local engine asks no keychain.
    let settings = "introductionSeen = true\n[backend]\nkind = \"openAi\"\n";
    std::fs::write(data.path().join("settings.toml"), settings)?;
    let window = TestWindow::open(vec![("FRONTDESK_DATA_DIR", data.path().into())]).await?;
    window
        .wait_for("//h2[contains(., 'The keychain cannot be reached')]")
        .await?;
    window.click_button("Settings").await?;
    window
        .wait_for("//*[contains(@class, 'badge')][contains(., 'Keychain unavailable')]")
        .await?;
    window.wait_for("//button[contains(., 'Keep for this run')]").await?;
    window.close().await?;
    Ok(())
}

#[tokio::test]
async fn without_a_home_directory_the_window_says_so_in_a_dialog_and_ends_as_failed() -> Result<()> {
    let accounts = Accounts::with(None)?;
    let desktop = Desktop::start()?;
    let mut command = desktop.command(frontdesk_tests::program("FRONTDESK_TEST_APP")?)?;
    for name in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"] {
        command.env_remove(name);
    }
    let app = Process::start(command.envs(accounts.environment()))?;
    let windows = desktop.wait_for_windows(1)?;
    let dialog = windows.first().context("one window")?;
    desktop.wait_until_in_front(dialog)?;
    let title = desktop.title(dialog)?;
    ensure!(title == "Frontdesk cannot start", "the dialog is called {title}");
    // As a person closes it.
    desktop.xdotool(&["key", "Return"])?;
    let status = app.ended().await?;
    ensure!(status.code() == Some(1), "{status}");
    ensure!(desktop.said().lines().any(|line| line == NO_HOME), "{}", desktop.said());
    Ok(())
}
