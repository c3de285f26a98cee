//! Hard audio for the real models: noise, music, two people at once, clipping, a DC offset. None of it is an error, none of it invents a
//! fact, and the clean question after it is understood.

use std::sync::Arc;

use frontdesk_engine::server::{EngineHandle, LocalSpeech};
use frontdesk_engine::speech::{Speech, WIRE_RATE};
use serde_json::{Value, json};

use crate::client::{Client, transcript};
use crate::double::silence;
use crate::files;
use crate::models::recording;

const COMPLETED: &str = "conversation.item.input_audio_transcription.completed";

async fn engine() -> EngineHandle {
    let speech: Arc<dyn LocalSpeech> = Arc::new(Speech::load(&files::model_files()).unwrap());
    crate::engine(frontdesk_company::sample().unwrap(), speech).await
}

async fn caller(engine: &EngineHandle) -> Client {
    let mut client = Client::connect(engine).await;
    let input = json!({ "transcription": { "model": "gpt-transcribe" } });
    client
        .send(json!({ "type": "session.update", "session": { "type": "realtime", "audio": { "input": input } } }))
        .await;
    client.until("session.updated").await;
    client
}

/// White noise of a repeatable generator, -1 to 1.
fn white() -> impl Iterator<Item = f32> {
    let mut state = 0x2545_F491_u32;
    std::iter::from_fn(move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        Some(state as f32 / u32::MAX as f32 * 2.0 - 1.0)
    })
}

fn noise(seconds: usize, level: f32) -> Vec<i16> {
    // A slow swell, as traffic has it.
    let swell = |at: usize| 0.6 + 0.4 * (at as f32 / WIRE_RATE as f32 * 1.3).sin();
    let samples = white().take(seconds * WIRE_RATE as usize).enumerate();
    samples
        .map(|(at, sample)| (sample * level * swell(at)) as i16)
        .collect()
}

/// Chords of four notes with overtones, one each half second, over a beat.
fn music(seconds: usize) -> Vec<i16> {
    let chords: [[f32; 4]; 4] = [
        [130.8, 261.6, 329.6, 392.0],
        [110.0, 220.0, 261.6, 329.6],
        [174.6, 349.2, 440.0, 523.3],
        [98.0, 392.0, 493.9, 587.3],
    ];
    let rate = WIRE_RATE as usize;
    let mut hiss = white();
    (0..seconds * rate)
        .map(|at| {
            let chord = chords[at / (rate / 2) % chords.len()];
            let within = (at % (rate / 2)) as f32 / (rate / 2) as f32;
            let time = at as f32 / rate as f32;
            let tone = |note: f32| {
                let phase = std::f32::consts::TAU * note * time;
                phase.sin() + 0.4 * (2.0 * phase).sin() + 0.2 * (3.0 * phase).sin()
            };
            let notes: f32 = chord.into_iter().map(tone).sum();
            let beat = hiss.next().unwrap_or_default() * (1.0 - within * 8.0).max(0.0);
            ((notes * (1.0 - 0.7 * within) * 0.12 + beat * 0.3) * 20_000.0) as i16
        })
        .collect()
}

/// Two recordings at once.
fn mixed(one: &[i16], other: &[i16]) -> Vec<i16> {
    let length = one.len().max(other.len());
    let at = |samples: &[i16], index: usize| samples.get(index).copied().unwrap_or_default();
    (0..length)
        .map(|index| at(one, index).saturating_add(at(other, index)))
        .collect()
}

/// What was understood of a sound, and everything that was said about it, up to a clean question that is answered right.
async fn around(client: &mut Client, sound: &[i16]) -> (Vec<String>, String) {
    client.speak(sound).await;
    client.speak(&silence(3_000)).await;
    client.speak(&recording("05-sunday.wav")).await;
    let mut events: Vec<Value> = Vec::new();
    let is_answered = |events: &[Value]| {
        let asked = events
            .iter()
            .position(|event| event["type"] == COMPLETED && event["transcript"].as_str().unwrap().contains("Sunday"));
        asked.is_some_and(|asked| {
            let after = &events[asked..];
            after.iter().any(|event| event["type"] == "response.done") && transcript(after).contains("closed")
        })
    };
    while !is_answered(&events) {
        let event = client.next().await;
        assert_ne!(event["type"], "error", "{event}");
        events.push(event);
    }
    let heard = events.iter().filter(|event| event["type"] == COMPLETED);
    let mut heard: Vec<String> = heard
        .map(|event| event["transcript"].as_str().unwrap().to_owned())
        .collect();
    heard.pop();
    (heard, transcript(&events))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn noise_and_music_tell_no_facts_and_the_question_after_them_is_answered() {
    let engine = engine().await;
    for (name, sound) in [
        ("quiet noise", noise(15, 600.0)),
        ("loud noise", noise(15, 9_000.0)),
        ("music", music(20)),
    ] {
        let mut client = caller(&engine).await;
        let (heard, told) = around(&mut client, &sound).await;
        assert!(
            !told.contains('$'),
            "{name} was heard as {heard:?} and answered with {told}"
        );
    }
    engine.shut_down().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clipped_and_shifted_speech_is_understood_and_two_people_at_once_do_no_harm() {
    let engine = engine().await;
    let clean = recording("01-oil-change-price.wav");
    let clipped = clean.iter().map(|sample| sample.saturating_mul(12)).collect::<Vec<_>>();
    let shifted =
        |offset: i16| -> Vec<i16> { clean.iter().map(|sample| (sample / 2).saturating_add(offset)).collect() };
    for (name, sound) in [
        ("clipped", clipped),
        ("shifted up", shifted(9_000)),
        ("shifted down", shifted(-9_000)),
    ] {
        let mut client = caller(&engine).await;
        let (heard, told) = around(&mut client, &sound).await;
        assert!(
            told.contains("$50 to $80"),
            "{name}: {heard:?} was answered with {told}"
        );
    }
    let both = mixed(&clean, &recording("10-credit-card.wav"));
    let mut client = caller(&engine).await;
    let (heard, _) = around(&mut client, &both).await;
    assert!(heard.len() <= 3, "two people at once became {heard:?}");
    engine.shut_down().await;
}
