//! Measures the speech chain on this machine: load time, first clause, real-time factors, memory.
//!
//! `cargo run --release -p frontdesk-engine --example measure_speech -- CACHE_DIRECTORY`
//!
//! A real-time factor of 0.1 means that ten seconds of audio take one second.

use std::path::PathBuf;
use std::time::Instant;

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
    let start = Watch::start();
    let speech = Speech::load(&ModelFiles::in_cache(&cache))?;
    let (wall, processor) = start.seconds();
    report("load with warm-up, ms", wall * 1000.0);
    report("load with warm-up, processor ms", processor * 1000.0);
    report("memory after loading, MB", memory_mb());

    let mut first_clause = Spread::new("first clause, s");
    let mut voice = Spread::new("voice, real-time factor");
    let mut detection = Spread::new("speech detection, real-time factor");
    let mut recognition = Spread::new("recognition, real-time factor");
    for reply in REPLIES {
        let start = Watch::start();
        let mut audio = Vec::new();
        for (index, clause) in speech.say(reply, 1.0).enumerate() {
            audio.extend(clause?.samples);
            if index == 0 {
                first_clause.add(&start, 1.0);
            }
        }
        let seconds = audio.len() as f64 / f64::from(WIRE_RATE);
        voice.add(&start, seconds);
        let audio: Vec<f32> = audio.into_iter().map(|sample| f32::from(sample) / 32_768.0).collect();
        let audio = resample_clip(&audio, WIRE_RATE, HEARING_RATE)?;
        let start = Watch::start();
        speech.listen().push(&audio)?;
        detection.add(&start, seconds);
        let start = Watch::start();
        let heard = speech.recognise(&audio)?;
        recognition.add(&start, seconds);
        line(&format!("  {reply}\n  → {} ({:.2})", heard.text, heard.confidence()));
    }
    for spread in [first_clause, voice, detection, recognition] {
        spread.report();
    }
    report("memory at the end, MB", memory_mb());
    Ok(())
}

/// Wall clock and processor time of this thread, which is where the models run. On a busy machine only the second says
/// what the work costs.
struct Watch {
    wall: Instant,
    processor: f64,
}

impl Watch {
    fn start() -> Self {
        Self {
            wall: Instant::now(),
            processor: processor_seconds(),
        }
    }

    fn seconds(&self) -> (f64, f64) {
        (self.wall.elapsed().as_secs_f64(), processor_seconds() - self.processor)
    }
}

/// Processor time of this thread as Linux counts it; 0 elsewhere.
fn processor_seconds() -> f64 {
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    statistics
        .split(' ')
        .next()
        .and_then(|nanoseconds| nanoseconds.parse::<f64>().ok())
        .unwrap_or(0.0)
        / 1e9
}

/// Measured values of one kind.
struct Spread {
    name: &'static str,
    wall: Vec<f64>,
    processor: Vec<f64>,
}

impl Spread {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            wall: Vec::new(),
            processor: Vec::new(),
        }
    }

    fn add(&mut self, watch: &Watch, per: f64) {
        let (wall, processor) = watch.seconds();
        self.wall.push(wall / per);
        self.processor.push(processor / per);
    }

    fn report(self) {
        for (kind, mut values) in [("wall clock", self.wall), ("processor", self.processor)] {
            values.sort_by(f64::total_cmp);
            let (Some(least), Some(most)) = (values.first(), values.last()) else {
                return;
            };
            line(&format!(
                "{}, {kind}: median {:.3}, {least:.3} to {most:.3}",
                self.name,
                values[values.len() / 2]
            ));
        }
    }
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

fn report(name: &str, value: f64) {
    line(&format!("{name}: {value:.0}"));
}

#[allow(clippy::print_stdout)]
fn line(text: &str) {
    println!("{text}");
}
