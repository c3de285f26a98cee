//! A receptionist on loudspeakers: what the speaker plays comes back into the microphone, and must neither stop the receptionist nor be
//! taken for a caller. Real devices, real local engine; the room is a connection from the speaker to the microphone.
#![cfg(target_os = "linux")]

use std::path::Path;

use anyhow::{Result, bail};
use frontdesk_app::settings::AudioSettings;
use frontdesk_call::event::{CallEventBody, CallState};
use frontdesk_tests::native_call::NativeCall;
use frontdesk_tests::virtual_audio::{DeviceFormat, VirtualAudio, VirtualMicrophone, with_virtual_audio};

/// Loudness of the echo against the receptionist's voice.
const ECHO_DB: f64 = -10.0;

/// Replies that must be spoken without a single interruption.
const REPLIES: usize = 20;

/// Typed, so that nothing but the receptionist is in the room.
const QUESTIONS: [&str; 5] = [
    "How much is an oil change?",
    "Are you open on Saturday?",
    "Where are you located?",
    "How long does a brake repair take?",
    "What is your phone number?",
];

/// A room in which the microphone hears the speaker after this many milliseconds.
fn room(
    test: &str,
    delay_ms: u32,
    body: impl AsyncFnOnce(&VirtualAudio, &VirtualMicrophone) -> Result<()>,
) -> Result<()> {
    with_virtual_audio(test, |audio| {
        let speaker = audio.add_speaker("speaker", DeviceFormat::default())?;
        let microphone = audio.add_microphone("mic", DeviceFormat::default())?;
        audio.set_default_speaker("speaker")?;
        audio.set_default_microphone("mic")?;
        let echo = audio.connect(&speaker, "mic_feed", delay_ms)?;
        audio.set_gain(&echo, ECHO_DB)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(body(&audio, &microphone))
    })
}

/// Asks by keyboard and waits until the answer was spoken. Gives what went wrong meanwhile, if anything.
async fn disturbance(call: &mut NativeCall, question: &str) -> Result<Option<String>> {
    call.type_text(question)?;
    let mut replied = false;
    call.until("the end of the answer", |body| match body {
        CallEventBody::ReplyStarted { .. } => {
            replied = true;
            None
        }
        CallEventBody::ReplyInterrupted { heard_text, .. } => Some(Some(format!("stopped itself after: {heard_text}"))),
        CallEventBody::CallerTurnStarted { .. } => Some(Some("took its own voice for a caller".to_owned())),
        CallEventBody::StateChanged {
            state: CallState::Listening,
        } if replied => Some(None),
        _ => None,
    })
    .await
}

async fn twenty_replies(audio: &VirtualAudio, microphone: &VirtualMicrophone) -> Result<()> {
    let mut call = NativeCall::connect(AudioSettings::default()).await?;
    for (number, question) in QUESTIONS.iter().cycle().take(REPLIES).enumerate() {
        if let Some(disturbed) = disturbance(&mut call, question).await? {
            bail!("reply {number}: {disturbed}");
        }
    }
    call.type_text(QUESTIONS[1])?;
    call.until("speech", |body| {
        matches!(body, CallEventBody::ReplyAudible { .. }).then_some(())
    })
    .await?;
    let caller = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/callers/2-oil-change.wav");
    let speaking = audio.speak(microphone, &caller)?;
    call.until("the interruption by a caller", |body| {
        matches!(body, CallEventBody::ReplyInterrupted { .. }).then_some(())
    })
    .await?;
    speaking.finish()?;
    call.until("what the caller said", |body| match body {
        CallEventBody::CallerTranscript { text, .. } => text.to_lowercase().contains("oil change").then_some(()),
        _ => None,
    })
    .await?;
    call.hang_up().await
}

#[test]
fn twenty_replies_over_an_echo_of_30_ms_are_not_interrupted_and_a_caller_is_heard() -> Result<()> {
    room(
        "twenty_replies_over_an_echo_of_30_ms_are_not_interrupted_and_a_caller_is_heard",
        30,
        twenty_replies,
    )
}

#[test]
fn twenty_replies_over_an_echo_of_120_ms_are_not_interrupted_and_a_caller_is_heard() -> Result<()> {
    room(
        "twenty_replies_over_an_echo_of_120_ms_are_not_interrupted_and_a_caller_is_heard",
        120,
        twenty_replies,
    )
}

#[test]
fn without_the_canceller_the_same_room_disturbs_the_call() -> Result<()> {
    room(
        "without_the_canceller_the_same_room_disturbs_the_call",
        120,
        async |_, _| {
            let settings = AudioSettings {
                echo_cancellation: false,
                ..AudioSettings::default()
            };
            // The greeting is enough: an echo that is one stops it.
            let mut call = NativeCall::start(settings).await?;
            call.until("the receptionist stopping itself", |body| match body {
                CallEventBody::ReplyInterrupted { .. } | CallEventBody::CallerTurnStarted { .. } => Some(()),
                _ => None,
            })
            .await?;
            Ok(())
        },
    )
}
