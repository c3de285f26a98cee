//! The voices of the local engine for people: each is heard on the speaker before anybody chooses it, and the better ones come by a download
//! of their own.
#![cfg(target_os = "linux")]

use anyhow::{Context as _, Result, ensure};
use frontdesk_app::app::{App, StartOptions};
use frontdesk_app::local_voices::SAMPLE;
use frontdesk_app::locations::Locations;
use frontdesk_app::models::{BETTER_VOICES, Bundle};
use frontdesk_app::view::LocalVoiceState;
use frontdesk_call::problem::ProblemKind;
use frontdesk_engine::speech::{HEARING_RATE, LocalVoice, ModelFiles, Speech, resample_clip};
use frontdesk_tests::model_mirror::ModelMirror;
use frontdesk_tests::virtual_audio::{DeviceFormat, RECORDING_RATE, VirtualAudio, with_virtual_audio};

/// Words of the sample that must be understood.
const WORDS: [&str; 5] = ["good morning", "oil change", "minutes", "tuesday", "two"];

/// An application with the files of this cache.
async fn application(data: &std::path::Path, cache: &std::path::Path) -> Result<App> {
    let options = StartOptions {
        locations: Locations::find(Some(data), Some(cache))?,
        company_file: None,
        provider_key: None,
    };
    Ok(App::start(options).await?)
}

/// What is understood of the sample in a voice, as the speaker plays it.
async fn heard(audio: &VirtualAudio, app: &App, listener: &Speech, voice: LocalVoice) -> Result<String> {
    let listening = audio.record("speaker")?;
    app.preview_voice(voice.name()).await?;
    let recording: Vec<f32> = listening
        .stop()?
        .into_iter()
        .map(|sample| f32::from(sample) / 32_768.0)
        .collect();
    let text = listener
        .recognise(&resample_clip(&recording, RECORDING_RATE, HEARING_RATE)?)?
        .text;
    Ok(text.to_lowercase())
}

#[test]
fn every_voice_can_be_heard_before_it_is_chosen() -> Result<()> {
    with_virtual_audio("every_voice_can_be_heard_before_it_is_chosen", |audio| {
        audio.add_speaker("speaker", DeviceFormat::default())?;
        audio.set_default_speaker("speaker")?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            let cache = frontdesk_tests::model_cache()?;
            let data = tempfile::tempdir()?;
            let app = application(data.path(), &cache).await?;
            let listener = Speech::load(&ModelFiles::in_cache(&cache))?;
            for voice in LocalVoice::ALL {
                let heard = heard(&audio, &app, &listener, voice).await?;
                let absent: Vec<&str> = WORDS.into_iter().filter(|word| !heard.contains(word)).collect();
                // One word of the sample may be misheard.
                ensure!(
                    absent.len() <= 1,
                    "{}: {heard}\nnot heard: {absent:?} of {SAMPLE}",
                    voice.name()
                );
            }
            let unknown = app.preview_voice("nobody").await.err().context("nobody spoke")?;
            ensure!(unknown.sentence.contains("af_heart"), "{unknown}");
            Ok(())
        })
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_better_voices_are_fetched_as_one_and_tried_and_removed_without_the_engine() -> Result<()> {
    let real = frontdesk_tests::model_cache()?;
    let mirror = ModelMirror::start(&real, []).await?;
    let (data, cache) = (tempfile::tempdir()?, tempfile::tempdir()?);
    link_engine_files(&real, cache.path())?;
    let app = application(data.path(), cache.path()).await?;
    let mut settings = app.settings();
    settings.models.mirror = mirror.url();
    app.save_settings(settings).await?;

    let before = app.models_view();
    ensure!(before.ready, "the engine is whole");
    ensure!(
        before.voices[1].state == LocalVoiceState::NotHere,
        "{:?}",
        before.voices
    );
    let refused = app.preview_voice("af_heart").await.err().context("it spoke")?;
    ensure!(refused.kind == ProblemKind::ModelsMissing, "{refused}");

    app.fetch_models_now(Bundle::BetterVoices, |_| {}).await?;
    let names: Vec<String> = BETTER_VOICES.iter().map(|entry| entry.file.relative_path()).collect();
    let fetched: Vec<String> = mirror.fetched().into_iter().map(|fetched| fetched.name).collect();
    ensure!(fetched == names, "{fetched:?}");
    ensure!(app.models_view().voices[1].state == LocalVoiceState::NotMeasured);

    let pace = app.measure_voices().await?;
    let expected = if pace.is_fast_enough() {
        LocalVoiceState::Ready
    } else {
        LocalVoiceState::TooSlow
    };
    let after = app.models_view();
    ensure!(after.pace == Some(pace.seconds_per_second));
    ensure!(after.voices[1].state == expected, "{:?}", after.voices);

    app.remove_models(Bundle::BetterVoices).await?;
    let removed = app.models_view();
    ensure!(removed.ready, "the engine stays");
    ensure!(removed.voices[1].state == LocalVoiceState::NotHere);
    Ok(())
}

/// The engine's own files are links to the real ones, which are never written to.
fn link_engine_files(real: &std::path::Path, cache: &std::path::Path) -> Result<()> {
    for entry in Bundle::Engine.entries() {
        let name = entry.file.relative_path();
        let path = cache.join("models").join(&name);
        std::fs::create_dir_all(path.parent().context("a file lies in a folder")?)?;
        std::os::unix::fs::symlink(real.join("models").join(&name), path)?;
    }
    Ok(())
}
