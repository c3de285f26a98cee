//! The main job, as a person does it: open the window, skip the introduction, connect, speak into a microphone, read the answer, mute, hang
//! up, find the call in the history. Real window, real sound server, real local engine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;

use frontdesk_tests::virtual_audio::{DeviceFormat, with_virtual_audio};
use frontdesk_tests::window::TestWindow;

const QUESTION: &str = "fixtures/callers/2-oil-change.wav";

#[test]
fn a_caller_at_the_microphone_is_answered_in_the_window() {
    with_virtual_audio("a_caller_at_the_microphone_is_answered_in_the_window", |audio| {
        let format = DeviceFormat {
            rate: 48_000,
            channels: 2,
        };
        let speaker = audio.add_speaker("desk_speaker", format)?;
        let microphone = audio.add_microphone("desk_microphone", format)?;
        audio.set_default_speaker("desk_speaker")?;
        audio.set_default_microphone("desk_microphone")?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            let window = TestWindow::open(audio.environment()).await?;
            window.click_button("Skip").await?;
            let chosen = window.choose("Microphone", 2).await?;
            assert!(!chosen.contains("System default"), "{chosen}");
            window.choose("Speaker", 2).await?;

            let ear = audio.record("desk_speaker")?;
            window.click_button("Connect").await?;
            // The greeting names the company; once it has been played the pill says that the desk listens.
            window
                .wait_for("//article[contains(., 'Receptionist')][contains(., 'Prime Auto Lab')]")
                .await?;
            window
                .wait_for("//*[contains(@class, 'pill')][contains(., 'Listening')]")
                .await?;

            audio
                .speak(&microphone, &Path::new(env!("CARGO_MANIFEST_DIR")).join(QUESTION))?
                .finish()?;
            window
                .wait_for("//article[contains(., 'Caller')][contains(., 'oil change')]")
                .await?;
            window
                .wait_for("//article[contains(., 'Receptionist')][contains(., '$50')][contains(., '30 min')]")
                .await?;

            window.click_button("Mute the microphone").await?;
            window
                .wait_for("//button[contains(@aria-label, 'Mute')][@aria-pressed='true']")
                .await?;
            window.click_button("End call").await?;
            window.wait_for("//button[contains(., 'Export')]").await?;
            let heard = ear.stop()?;
            assert!(
                heard.iter().any(|sample| sample.unsigned_abs() > 3_000),
                "the receptionist was not heard at the speaker"
            );

            window.click_button("History").await?;
            window.wait_for("//*[contains(., 'oil change')]").await?;
            drop(speaker);
            window.close().await?;
            anyhow::Ok(())
        })
    })
    .unwrap();
}
