//! The inference library reports nothing to its maker: the programs switch that off before they load it, and without the switch it is not
//! loaded at all. Left to itself the library writes an identity of the computer into the user's cache and sends events.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use frontdesk_engine::speech::{ModelFiles, Speech, SpeechError, TELEMETRY_SWITCH};

/// Tells the child process of the second test that it is one.
const CHILD: &str = "FRONTDESK_TEST_CHILD";

/// All files below a folder.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

#[test]
fn a_call_writes_into_frontdesks_own_folders_and_nowhere_else() -> Result<()> {
    let home = tempfile::tempdir()?;
    let question = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/callers/3-goodbye.wav");
    let mut command = Command::new(frontdesk_tests::program("FRONTDESK_TEST_HEADLESS")?);
    for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", TELEMETRY_SWITCH] {
        command.env_remove(name);
    }
    let output = command
        .args(["call", "--backend", "local", "--input"])
        .arg(question)
        .env("HOME", home.path())
        .env("FRONTDESK_CACHE_DIR", frontdesk_tests::model_cache()?)
        .output()?;
    ensure!(output.status.success(), "{output:?}");
    let files = files_below(home.path())?;
    let (ours, others): (Vec<_>, Vec<_>) = files
        .into_iter()
        .partition(|file| file.components().any(|part| part.as_os_str() == "frontdesk"));
    ensure!(!ours.is_empty(), "the call was kept nowhere");
    ensure!(others.is_empty(), "{others:?}");
    Ok(())
}

#[test]
fn without_the_switch_the_library_is_not_loaded() -> Result<()> {
    let models = ModelFiles::in_cache(&frontdesk_tests::model_cache()?);
    if std::env::var_os(CHILD).is_some() {
        let refused = Speech::load(&models).err().context("the library was loaded")?;
        ensure!(matches!(refused, SpeechError::Runtime { .. }), "{refused}");
        ensure!(refused.to_string().contains(TELEMETRY_SWITCH), "{refused}");
        return Ok(());
    }
    Speech::load(&models).context("with the switch it is loaded")?;
    for value in [None, Some("0")] {
        let home = tempfile::tempdir()?;
        let mut child = Command::new(std::env::current_exe()?);
        child
            .args(["--exact", "without_the_switch_the_library_is_not_loaded", "--nocapture"])
            .env(CHILD, "1")
            .env("HOME", home.path())
            .env("FRONTDESK_CACHE_DIR", frontdesk_tests::model_cache()?)
            .env_remove(TELEMETRY_SWITCH);
        child.envs(value.map(|value| (TELEMETRY_SWITCH, value)));
        let output = child.output()?;
        // Its own summary is not one of ours.
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let left = files_below(home.path())?;
        ensure!(left.is_empty(), "{left:?}");
    }
    Ok(())
}
