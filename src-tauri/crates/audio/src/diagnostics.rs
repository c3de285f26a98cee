//! A snapshot of everything that can go wrong on the audio path, for the window's sound diagnostics and for tests. Pure data, exported to
//! TypeScript; made on the audio thread twice a second and once at its end.

use serde::Serialize;
use ts_rs::TS;

/// The audio path of one call at one moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct Diagnostics {
    /// The microphone's stream, while there is one.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<StreamDiagnostics>,
    /// The speaker's stream, while there is one.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<StreamDiagnostics>,
    /// Every queue of the path, from the microphone to the speaker.
    pub queues: Vec<QueueDiagnostics>,
    /// Times that the speaker's ring ran dry in the middle of a reply.
    #[ts(type = "number")]
    pub underruns: u64,
    /// Times that the model was slower than its own speech.
    #[ts(type = "number")]
    pub starved: u64,
    /// Streams that broke and were replaced.
    #[ts(type = "number")]
    pub restarts: u64,
    /// Faults of echo cancellation and its companions.
    pub processing_faults: u32,
    /// True when the audio thread runs with raised priority.
    pub raised_priority: bool,
    /// Longest pause between two steps of the audio thread so far, in milliseconds; 3 is normal.
    pub longest_pause_ms: f64,
    /// Stream threads alive; more than streams in use means that one hangs while it closes.
    pub stream_threads: usize,
}

/// One stream.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct StreamDiagnostics {
    /// Name of the device.
    pub device: String,
    /// Frames per second.
    pub rate: u32,
    /// Channels.
    pub channels: u16,
    /// Sample format in the sound system's short name.
    pub sample_format: String,
    /// Frames per callback as negotiated; 0 where the system does not say.
    pub negotiated_frames: u32,
    /// Frames of the largest callback that really came.
    pub largest_callback: u32,
    /// Time between device and callback as the timestamps say, in milliseconds.
    pub latency_ms: f64,
    /// Callbacks so far.
    #[ts(type = "number")]
    pub callbacks: u64,
    /// Buffers that came too late, as the sound system counts them.
    #[ts(type = "number")]
    pub xruns: u64,
    /// True when the system refused real-time priority for the callback.
    pub realtime_denied: bool,
}

/// One bounded queue.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts", rename_all = "camelCase")]
pub struct QueueDiagnostics {
    /// What waits in it.
    pub name: &'static str,
    /// What is counted.
    pub unit: &'static str,
    /// The most that can wait; 0 while its stream is closed.
    pub capacity: usize,
    /// What happens to the one too many.
    pub overflow: &'static str,
    /// Waiting now.
    pub waiting: usize,
    /// Lost so far.
    #[ts(type = "number")]
    pub dropped: u64,
}
