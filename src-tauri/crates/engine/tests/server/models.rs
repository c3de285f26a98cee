//! A spoken call with the real models: recorded questions in, the right facts out, in the receptionist's voice.

use std::path::PathBuf;
use std::sync::Arc;

use audio_codec_algorithms::{decode_ulaw, encode_ulaw};
use frontdesk_engine::server::LocalSpeech;
use frontdesk_engine::speech::{HEARING_RATE, HearingResampler, Speech, WIRE_RATE, resample_clip, to_pcm16};
use frontdesk_protocol::AudioBytes;
use serde_json::{Value, json};

use crate::client::{Client, transcript};
use crate::{engine, files, recordings};

/// Half a second and more ends a turn; the recordings have a quarter of a second at each end.
const CLOSING_SILENCE: usize = WIRE_RATE as usize;

/// The files of the recorded questions, in their order.
pub fn questions() -> Vec<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/speech");
    let names = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let mut files: Vec<String> = names.filter_map(|name| name.into_string().ok()).collect();
    files.retain(|name| name.ends_with(".wav"));
    files.sort();
    files
}

/// A recorded question as wire audio, with the silence that ends a turn.
pub fn recording(name: &str) -> Vec<i16> {
    let mut wire = to_pcm16(&resample_clip(&recordings::recording(name), HEARING_RATE, WIRE_RATE).unwrap());
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

/// Audio of the telephone.
const TELEPHONE_RATE: u32 = 8_000;

/// A format of the protocol, made without the engine.
struct Format {
    name: &'static str,
    rate: u32,
    encode: fn(&[i16]) -> AudioBytes,
    decode: fn(&[u8]) -> Vec<i16>,
}

const WIDE_BAND: Format = Format {
    name: "audio/pcm",
    rate: WIRE_RATE,
    encode: AudioBytes::from_pcm16,
    decode: |bytes| AudioBytes::new(bytes.to_vec()).to_pcm16().unwrap(),
};

const TELEPHONE: Format = Format {
    name: "audio/pcmu",
    rate: TELEPHONE_RATE,
    encode: |samples| AudioBytes::new(samples.iter().copied().map(encode_ulaw).collect()),
    decode: |bytes| bytes.iter().copied().map(decode_ulaw).collect(),
};

impl Format {
    /// As `session.update` names it.
    fn setting(&self) -> Value {
        match self.rate {
            WIRE_RATE => json!({ "type": self.name, "rate": self.rate }),
            _ => json!({ "type": self.name }),
        }
    }

    /// Speaks wide-band samples in this format, 20 ms at a time.
    async fn speak(&self, client: &mut Client, samples: &[i16]) {
        let floats: Vec<f32> = samples.iter().map(|sample| f32::from(*sample) / 32_768.0).collect();
        let samples = to_pcm16(&resample_clip(&floats, WIRE_RATE, self.rate).unwrap());
        for frame in samples.chunks(self.rate as usize / 50) {
            let audio = (self.encode)(frame).encode();
            client
                .send(json!({ "type": "input_audio_buffer.append", "audio": audio }))
                .await;
        }
    }

    /// What a listener with the engine's ears understands of a response.
    fn understood(&self, speech: &Speech, events: &[Value]) -> String {
        let deltas = events
            .iter()
            .filter(|event| event["type"] == "response.output_audio.delta");
        let samples: Vec<i16> = deltas
            .flat_map(|event| (self.decode)(AudioBytes::decode(event["delta"].as_str().unwrap()).unwrap().as_slice()))
            .collect();
        let hearing = HearingResampler::new(self.rate).unwrap().push(&samples).unwrap();
        speech.recognise(&hearing).unwrap().text
    }
}

/// Asks four recorded questions in a format and compares what was understood on both sides.
async fn ask_recorded_questions(format: &Format) {
    let speech = Arc::new(Speech::load(&files::model_files()).unwrap());
    let engine = engine(
        frontdesk_company::sample().unwrap(),
        Arc::clone(&speech) as Arc<dyn LocalSpeech>,
    )
    .await;
    let mut client = Client::connect(&engine).await;
    let input = json!({ "transcription": { "model": "gpt-transcribe" }, "format": format.setting() });
    let audio = json!({ "input": input, "output": { "format": format.setting() } });
    client
        .send(json!({ "type": "session.update", "session": { "type": "realtime", "audio": audio } }))
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
        format.speak(&mut client, &recording(file)).await;
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
        let echo = format.understood(&speech, &events);
        assert!(
            echo.split_whitespace().count() >= 4,
            "the spoken answer was heard as {echo}"
        );
    }
    engine.shut_down().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recorded_questions_are_answered_aloud_with_the_right_facts() {
    ask_recorded_questions(&WIDE_BAND).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_questions_are_understood_on_the_telephone() {
    ask_recorded_questions(&TELEPHONE).await;
}
