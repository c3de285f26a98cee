//! Measures the speech chain on this machine: load time, first clause, real-time factors, memory.
//!
//! `cargo run --release -p frontdesk-engine --example measure_speech -- CACHE_DIRECTORY`
//!
//! A real-time factor of 0.1 means that ten seconds of audio take one second.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use frontdesk_engine::speech::{HEARING_RATE, ModelFiles, Speech, WIRE_RATE, resample_clip};

const REPLIES: [&str; 8] = [
    "Thank you for calling Prime Auto Lab, this is the automated assistant, how can I help you today?",
    "An oil change takes about 30 minutes and costs $50 to $80.",
    "We are open Monday to Friday from 8 a.m. to 6 p.m., and on Saturday from 9 to 4.",
    "Sure, may I have your name and your phone number, please?",
    "I have (555) 123-4567, is that right?",
    "Our address is 123 Main Street.",
    "Brake repair takes about two hours, and the price is between $150 and $400.",
    "I am sorry, I do not know that, but I can take a message for our team.",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cache = std::env::args_os()
        .nth(1)
        .map(PathBuf::from)
        .ok_or("name the cache directory")?;
    report("memory before loading, MB", memory_mb());
    let start = Instant::now();
    let speech = Speech::load(&ModelFiles::in_cache(&cache))?;
    report("load with warm-up, ms", milliseconds(start.elapsed()));
    report("memory after loading, MB", memory_mb());

    let mut first_clauses = Vec::new();
    let mut speaking = Vec::new();
    let mut detecting = Vec::new();
    let mut hearing = Vec::new();
    for reply in REPLIES {
        let start = Instant::now();
        let mut audio = Vec::new();
        for (index, clause) in speech.say(reply, 1.0).enumerate() {
            audio.extend(clause?.samples);
            if index == 0 {
                first_clauses.push(milliseconds(start.elapsed()));
            }
        }
        let seconds = audio.len() as f64 / f64::from(WIRE_RATE);
        speaking.push(start.elapsed().as_secs_f64() / seconds);
        let audio: Vec<f32> = audio.into_iter().map(|sample| f32::from(sample) / 32_768.0).collect();
        let audio = resample_clip(&audio, WIRE_RATE, HEARING_RATE)?;
        let start = Instant::now();
        speech.listen().push(&audio)?;
        detecting.push(start.elapsed().as_secs_f64() / seconds);
        let start = Instant::now();
        let heard = speech.recognise(&audio)?;
        hearing.push(start.elapsed().as_secs_f64() / seconds);
        line(&format!("  {reply}\n  → {} ({:.2})", heard.text, heard.confidence()));
    }
    spread("first clause, ms", first_clauses);
    spread("voice, real-time factor", speaking);
    spread("speech detection, real-time factor", detecting);
    spread("recognition, real-time factor", hearing);
    report("memory at the end, MB", memory_mb());
    Ok(())
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// Resident memory as Linux counts it; 0 elsewhere.
fn memory_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = status.lines().find_map(|line| {
        line.strip_prefix("VmRSS:")?
            .split_whitespace()
            .next()?
            .parse::<f64>()
            .ok()
    });
    kilobytes.unwrap_or(0.0) / 1024.0
}

fn spread(name: &str, mut values: Vec<f64>) {
    values.sort_by(f64::total_cmp);
    let (Some(least), Some(most)) = (values.first(), values.last()) else {
        return;
    };
    line(&format!(
        "{name}: median {:.3}, {least:.3} to {most:.3}",
        values[values.len() / 2]
    ));
}

fn report(name: &str, value: f64) {
    line(&format!("{name}: {value:.0}"));
}

#[allow(clippy::print_stdout)]
fn line(text: &str) {
    println!("{text}");
}
