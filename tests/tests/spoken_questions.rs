//! Twenty spoken questions in three voices, asked at a microphone and answered at a speaker: real devices, real local engine. What was
//! understood and what was said back, as a listener at the speaker understands it, must both be right.
#![cfg(target_os = "linux")]

use anyhow::{Context as _, Result, ensure};
use frontdesk_app::settings::AudioSettings;
use frontdesk_call::event::CallEventBody;
use frontdesk_engine::speech::{HEARING_RATE, ModelFiles, Speech, resample_clip};
use frontdesk_tests::native_call::NativeCall;
use frontdesk_tests::spoken_questions::{SpokenQuestion, all, contains};
use frontdesk_tests::virtual_audio::{
    DeviceFormat, RECORDING_RATE, VirtualAudio, VirtualMicrophone, with_virtual_audio,
};

/// Share of full scale from which a sample belongs to a voice.
const AUDIBLE: f32 = 0.01;

/// Questions in one call, as a curious caller would ask.
const QUESTIONS_PER_CALL: usize = 5;

#[test]
fn twenty_spoken_questions_are_understood_and_answered_aloud() -> Result<()> {
    with_virtual_audio("twenty_spoken_questions_are_understood_and_answered_aloud", |audio| {
        audio.add_speaker("speaker", DeviceFormat::default())?;
        let microphone = audio.add_microphone("mic", DeviceFormat::default())?;
        audio.set_default_speaker("speaker")?;
        audio.set_default_microphone("mic")?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(ask_all(&audio, &microphone))
    })
}

async fn ask_all(audio: &VirtualAudio, microphone: &VirtualMicrophone) -> Result<()> {
    let listener = Speech::load(&ModelFiles::in_cache(&frontdesk_tests::model_cache()?))?;
    let mut wrong = Vec::new();
    let questions = all()?;
    ensure!(questions.len() == 20, "{} questions", questions.len());
    for questions in questions.chunks(QUESTIONS_PER_CALL) {
        let mut call = NativeCall::connect(AudioSettings::default()).await?;
        for question in questions {
            wrong.extend(wrong_answer(&mut call, audio, microphone, &listener, question).await?);
        }
        call.hang_up().await?;
    }
    ensure!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    Ok(())
}

/// Asks, and gives a report where the question was misunderstood, or the answer was wrong or could not be understood.
async fn wrong_answer(
    call: &mut NativeCall,
    audio: &VirtualAudio,
    microphone: &VirtualMicrophone,
    listener: &Speech,
    question: &SpokenQuestion,
) -> Result<Option<String>> {
    let answer = ask(call, audio, microphone, question).await?;
    let hearings = heard_back(listener, &answer.sound)?;
    let report = format!(
        "{} ({})\n  understood: {}\n  answered:   {}\n  heard back: {}",
        question.text,
        question.voice,
        answer.understood,
        answer.text,
        hearings.join(" / ")
    );
    let right = contains(&answer.understood, &question.heard)
        && contains(&answer.text, &question.expected)
        && hearings.iter().any(|heard| contains(heard, &question.expected));
    Ok((!right).then_some(report))
}

struct Answer {
    understood: String,
    text: String,
    /// What the speaker played, at [`RECORDING_RATE`].
    sound: Vec<i16>,
}

async fn ask(
    call: &mut NativeCall,
    audio: &VirtualAudio,
    microphone: &VirtualMicrophone,
    question: &SpokenQuestion,
) -> Result<Answer> {
    let ear = audio.record("speaker")?;
    let speaking = audio.speak(microphone, &question.recording())?;
    let understood = call
        .until("a transcript of the question", |body| match body {
            CallEventBody::CallerTranscript { text, .. } => Some(text.clone()),
            _ => None,
        })
        .await
        .with_context(|| question.text.clone())?;
    let mut replies = Vec::new();
    call.until("the end of the answer", |body| match body {
        CallEventBody::ReplyTranscript { text, .. } => {
            replies.push(text.clone());
            None
        }
        CallEventBody::StateChanged { state } => {
            let answered = !replies.is_empty() && *state == frontdesk_call::event::CallState::Listening;
            answered.then_some(())
        }
        _ => None,
    })
    .await
    .with_context(|| question.text.clone())?;
    speaking.finish()?;
    Ok(Answer {
        understood,
        text: replies.join(" "),
        sound: ear.stop()?,
    })
}

/// What a listener makes of the recording: of the whole, and of the voice with a breath of silence around it. The recogniser that stands for
/// the listener is small, and writes now and then another word after a long silence than after a short one ("eight AM" became "Aam").
fn heard_back(listener: &Speech, sound: &[i16]) -> Result<[String; 2]> {
    let samples: Vec<f32> = sound.iter().map(|sample| f32::from(*sample) / 32_768.0).collect();
    let whole = resample_clip(&samples, RECORDING_RATE, HEARING_RATE)?;
    let breath = HEARING_RATE as usize / 2;
    let first = whole.iter().position(|sample| sample.abs() > AUDIBLE).unwrap_or(0);
    let last = whole.iter().rposition(|sample| sample.abs() > AUDIBLE).unwrap_or(0);
    let voice = &whole[first.saturating_sub(breath)..(last + breath).min(whole.len())];
    Ok([listener.recognise(&whole)?.text, listener.recognise(voice)?.text])
}
