//! The main job, as a person does it: open the window, skip the introduction, choose devices, connect, speak into a microphone, read the
//! answer, interrupt the next one, mute, hang up, export, find the call in the history. Real window, real sound server, real local engine.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use frontdesk_tests::virtual_audio::{DeviceFormat, VirtualAudio, VirtualMicrophone, with_virtual_audio};
use frontdesk_tests::window::TestWindow;

/// A reply to the oil change question.
const PRICE: &str = "//article[contains(., 'Receptionist')][contains(., '$50')][contains(., '30 min')]";

/// Where the README's picture is.
const PICTURE: &str = "screenshots/window.png";

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn pill(word: &str) -> String {
    format!("//*[contains(@class, 'pill')][contains(., '{word}')]")
}

#[test]
fn a_caller_at_the_microphone_is_answered_in_the_window() -> Result<()> {
    with_virtual_audio("a_caller_at_the_microphone_is_answered_in_the_window", |audio| {
        let format = DeviceFormat {
            rate: 48_000,
            channels: 2,
        };
        audio.add_speaker("desk_speaker", format)?;
        let microphone = audio.add_microphone("desk_microphone", format)?;
        audio.set_default_speaker("desk_speaker")?;
        audio.set_default_microphone("desk_microphone")?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            let window = TestWindow::open(audio.environment()).await?;
            talk(&window, &audio, &microphone).await?;
            export(&window).await?;
            reopen(&window).await?;
            // What the inference library keeps when it may report to its maker.
            let reports = window.desktop.home().join("cache/Microsoft");
            ensure!(!reports.exists(), "{} is there", reports.display());
            window.close().await?;
            Ok(())
        })
    })
}

/// Connects, asks, is answered, interrupts, mutes and hangs up.
async fn talk(window: &TestWindow, audio: &VirtualAudio, microphone: &VirtualMicrophone) -> Result<()> {
    window.click_button("Skip").await?;
    let chosen = window.choose("Microphone", 2).await?;
    ensure!(!chosen.contains("System default"), "{chosen}");
    window.choose("Speaker", 2).await?;

    let ear = audio.record("desk_speaker")?;
    window.click_button("Connect").await?;
    // The greeting names the company; once it has been played the pill says that the desk listens.
    window
        .wait_for("//article[contains(., 'Receptionist')][contains(., 'Prime Auto Lab')]")
        .await?;
    window.wait_for(&pill("Listening")).await?;

    let question = file("fixtures/callers/2-oil-change.wav");
    audio.speak(microphone, &question)?.finish()?;
    window
        .wait_for("//article[contains(., 'Caller')][contains(., 'oil change')]")
        .await?;
    window.wait_for(PRICE).await?;
    if std::env::var_os("FRONTDESK_UPDATE").is_some() {
        window.screenshot(&file(PICTURE)).await?;
    }

    // The reply is being spoken; a caller who speaks over it stops it and is answered instead.
    window.wait_for(&pill("Speaking")).await?;
    audio
        .speak(microphone, &file("fixtures/callers/1-opening-hours.wav"))?
        .finish()?;
    window
        .wait_for("//article[contains(., 'Receptionist')][contains(., 'interrupted')]")
        .await?;
    window
        .wait_for("//article[contains(., 'Receptionist')][contains(., 'Saturday')][contains(., '9:00 AM')]")
        .await?;
    window.wait_for(&pill("Listening")).await?;

    window.click_button("Mute the microphone").await?;
    window
        .wait_for("//button[contains(@aria-label, 'Mute')][@aria-pressed='true']")
        .await?;
    window.click_button("End call").await?;
    window.wait_for("//button[contains(., 'Export')]").await?;
    let heard = ear.stop()?;
    ensure!(
        heard.iter().any(|sample| sample.unsigned_abs() > 3_000),
        "the receptionist was not heard at the speaker"
    );
    Ok(())
}

/// Writes the call to a file through the system's own save dialog.
async fn export(window: &TestWindow) -> Result<()> {
    let path = window.desktop.home.path().join("first-call.md");
    window.click_button("Export").await?;
    window.save_as(&path)?;
    window.wait_for("//*[contains(., 'first-call.md')]").await?;
    let text = std::fs::read_to_string(&path).context("the exported file is not there")?;
    for words in ["oil change", "Saturday", "9:00 AM", "interrupted"] {
        ensure!(text.contains(words), "no '{words}' in the export:\n{text}");
    }
    Ok(())
}

/// Finds the call in the history and reads it there.
async fn reopen(window: &TestWindow) -> Result<()> {
    window.click_button("History").await?;
    let call = "//*[@role='listbox']//*[@role='option'][contains(., 'oil change')]";
    window.wait_for(call).await?.click().await?;
    window
        .wait_for("//section[@aria-label='Chosen call'][contains(., 'Saturday')][contains(., 'interrupted')]")
        .await?;
    Ok(())
}
