//! What one event of the Realtime protocol costs to read and to write, against the same event as a plain JSON value.
//!
//! Run with `cargo bench -p frontdesk-protocol`. A call reads and writes about fifty audio events a second.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on stops")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use frontdesk_protocol::{ClientEvent, EventId, ServerEvent, encode_pcm16};
use serde_json::{Value, json};

/// 20 ms of something that is no silence.
fn samples() -> Vec<i16> {
    (0..480i16).map(|index| index.wrapping_mul(157)).collect()
}

/// The usual events of a reply, as a server writes them.
fn server_events() -> [(&'static str, String); 3] {
    let position = json!({"event_id": "event_1", "response_id": "resp_1", "item_id": "item_1", "output_index": 0,
        "content_index": 0});
    let with = |kind: &str, delta: String| {
        let mut event = position.clone();
        event["type"] = json!(kind);
        event["delta"] = json!(delta);
        event.to_string()
    };
    let item = json!({"id": "item_2", "type": "function_call", "status": "completed", "call_id": "call_1",
        "name": "checkOpeningHours", "arguments": "{\"date\":\"2026-11-28\"}"});
    [
        (
            "20 ms of audio",
            with("response.output_audio.delta", encode_pcm16(&samples())),
        ),
        (
            "words",
            with("response.output_audio_transcript.delta", " thirty minutes".to_owned()),
        ),
        (
            "a function call",
            json!({"type": "response.output_item.done", "event_id": "event_2", "response_id": "resp_1", "output_index": 1,
                "item": item})
            .to_string(),
        ),
    ]
}

fn parse(criterion: &mut Criterion) {
    let events = server_events();
    let mut group = criterion.benchmark_group("parse");
    for (name, text) in &events {
        group.bench_function(*name, |bencher| {
            bencher.iter(|| ServerEvent::parse(black_box(text)).unwrap());
        });
    }
    let (_, audio) = &events[0];
    group.bench_function("20 ms of audio as a plain value", |bencher| {
        bencher.iter(|| serde_json::from_str::<Value>(black_box(audio)).unwrap());
    });
    group.finish();
}

fn build(criterion: &mut Criterion) {
    let samples = samples();
    let mut group = criterion.benchmark_group("build");
    group.bench_function("20 ms of audio", |bencher| {
        bencher.iter(|| ClientEvent::append_pcm16(black_box(&samples)).to_json());
    });
    group.bench_function("20 ms of audio as a plain value", |bencher| {
        bencher.iter(|| {
            let audio = encode_pcm16(black_box(&samples));
            json!({"type": "input_audio_buffer.append", "audio": audio}).to_string()
        });
    });
    let [(_, audio), ..] = server_events();
    let delta = ServerEvent::parse(&audio).unwrap();
    let id = EventId::new("event_1");
    group.bench_function("20 ms of a reply", |bencher| {
        bencher.iter(|| black_box(&delta).to_json(&id));
    });
    group.finish();
}

criterion_group!(events, parse, build);
criterion_main!(events);
