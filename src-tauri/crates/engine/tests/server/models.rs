//! A spoken call with the real models: recorded questions in, the right facts out, in the receptionist's voice.

use std::path::PathBuf;
use std::sync::Arc;

use frontdesk_engine::server::LocalSpeech;
use frontdesk_engine::speech::{HEARING_RATE, HearingResampler, Speech, WIRE_RATE, resample_clip, to_pcm16};
use frontdesk_protocol::AudioBytes;
use serde_json::{Value, json};

use crate::client::{Client, transcript};
use crate::{engine, files};

/// Half a second and more ends a turn; the recordings have a quarter of a second at each end.
const CLOSING_SILENCE: usize = WIRE_RATE as usize;

/// A recorded question as wire audio, with the silence that ends a turn.
pub fn recording(name: &str) -> Vec<i16> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../tests/fixtures/speech")
        .join(name);
    let mut reader = hound::WavReader::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(reader.spec().sample_rate, HEARING_RATE);
    let samples: Vec<f32> = reader
        .samples::<i16>()
        .map(|sample| f32::from(sample.unwrap()) / 32_768.0)
        .collect();
    let mut wire = to_pcm16(&resample_clip(&samples, HEARING_RATE, WIRE_RATE).unwrap());
    wire.extend(std::iter::repeat_n(0, CLOSING_SILENCE));
    wire
}

/// The audio of a response.
pub fn sound(events: &[Value]) -> Vec<i16> {
    let deltas = events
        .iter()
        .filter(|event| event["type"] == "response.output_audio.delta");
    deltas
        .flat_map(|event| {
            AudioBytes::decode(event["delta"].as_str().unwrap())
                .unwrap()
                .to_pcm16()
                .unwrap()
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recorded_questions_are_answered_aloud_with_the_right_facts() {
    let speech = Arc::new(Speech::load(&files::model_files()).unwrap());
    let engine = engine(
        frontdesk_company::sample().unwrap(),
        Arc::clone(&speech) as Arc<dyn LocalSpeech>,
    )
    .await;
    let mut client = Client::connect(&engine).await;
    let input = json!({ "transcription": { "model": "gpt-transcribe" } });
    client
        .send(json!({ "type": "session.update", "session": { "type": "realtime", "audio": { "input": input } } }))
        .await;
    client.until("session.updated").await;
    client.send(json!({ "type": "response.create" })).await;
    assert!(client.reply().await.contains("Prime Auto Lab"));

    for (file, heard, told) in [
        ("01-oil-change-price.wav", "oil change", "$50 to $80"),
        ("02-brake-repair-duration.wav", "repair", "2 hours"),
        ("13-battery-price.wav", "battery", "$100 to $200"),
        ("05-sunday.wav", "Sunday", "closed"),
    ] {
        client.speak(&recording(file)).await;
        let events = client.until("response.done").await;
        let written = events
            .iter()
            .find(|event| event["type"] == "conversation.item.input_audio_transcription.completed")
            .unwrap();
        assert!(
            written["transcript"].as_str().unwrap().contains(heard),
            "{file} was heard as {}",
            written["transcript"]
        );
        assert!(
            transcript(&events).contains(told),
            "{file} was answered with {}",
            transcript(&events)
        );

        // What was spoken is what was written: the recogniser understands the receptionist.
        let hearing = HearingResampler::new().unwrap().push(&sound(&events)).unwrap();
        let echo = speech.recognise(&hearing).unwrap().text;
        assert!(
            echo.split_whitespace().count() >= 4,
            "the spoken answer was heard as {echo}"
        );
    }
    engine.shut_down().await;
}
