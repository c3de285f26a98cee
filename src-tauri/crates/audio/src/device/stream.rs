//! Opening and closing streams. Each stream lives and dies on its own thread with its own connection to the sound system.
//!
//! Why: opening takes 10 ms to 2 s, and dropping a stream whose last device was removed hangs for ever in PulseAudio. Here a hanging
//! stream costs one sleeping thread, which diagnostics count, and nobody waits for it. No stream crosses a thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{
    BufferSize, Device, ErrorKind, Host, SampleFormat, StreamConfig, SupportedBufferSize, SupportedStreamConfig,
};
use frontdesk_call::event::AudioDirection;

use super::fault::StreamReports;
use super::host::HostChoice;
use super::id::{DeviceChoice, DeviceId, InputDeviceId, OutputDeviceId};
use super::list::{DeviceEntry, default_microphone, default_speaker, entry};
use crate::capture::{MicrophoneEnd, microphone_ring};
use crate::error::AudioError;
use crate::playback::{SpeakerEnd, speaker_ring};

/// How long the sound system may take to make a stream.
const BUILD_TIMEOUT: Duration = Duration::from_secs(3);

/// Milliseconds of a callback that are asked for. Never the host's default, which is two seconds in PulseAudio.
const CALLBACK_MS: u32 = 10;

/// The same for a speaker behind a sound server, which keeps only two callbacks ready: neither side has real-time priority everywhere.
const SERVER_PLAYBACK_MS: u32 = 20;

/// What an opened stream is like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamFormat {
    /// Frames per second.
    pub rate: u32,
    /// Channels.
    pub channels: u16,
    /// Sample format in the sound system's short name, `f32`.
    pub sample_format: String,
    /// Frames per callback as negotiated; 0 where the system does not say.
    pub callback_frames: u32,
}

/// An opened stream: the audio thread's end and what is known of it.
pub struct Opened<Id, End> {
    /// The device that was really opened.
    pub device: DeviceEntry<Id>,
    /// The audio thread's end of the ring.
    pub end: End,
    /// What the sound system reports.
    pub reports: Arc<StreamReports>,
    /// Rate, channels and so on.
    pub format: StreamFormat,
}

/// A microphone that delivers.
pub type OpenedMicrophone = Opened<InputDeviceId, MicrophoneEnd>;

/// A speaker that asks.
pub type OpenedSpeaker = Opened<OutputDeviceId, SpeakerEnd>;

/// Keeps a stream open; dropping it closes the stream in the background.
pub struct StreamGuard {
    /// Its end tells the stream's thread to close.
    _open: mpsc::Sender<()>,
}

/// Opens streams.
#[derive(Clone)]
pub struct StreamOpener {
    host: HostChoice,
    threads: Arc<AtomicUsize>,
}

impl StreamOpener {
    /// For the chosen sound system.
    #[must_use]
    pub fn new(host: HostChoice) -> Self {
        Self {
            host,
            threads: Arc::new(AtomicUsize::new(0)),
        }
    }

    /// Threads that hold a stream or wait for one to close. One more than streams are in use means that one hangs.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.threads.load(Ordering::Relaxed)
    }

    /// Opens a microphone in the background and reports once, from the stream's thread.
    ///
    /// # Errors
    /// [`AudioError::Internal`] when the system gives no thread; everything else is reported.
    pub fn open_microphone(
        &self,
        choice: DeviceChoice<InputDeviceId>,
        report: impl FnOnce(Result<OpenedMicrophone, AudioError>) + Send + 'static,
    ) -> Result<StreamGuard, AudioError> {
        self.keep(
            "frontdesk-microphone",
            move |host| host.ask(None, |host| build_microphone(&host, &choice)),
            report,
        )
    }

    /// Opens a speaker in the background and reports once, from the stream's thread. `session_delay` is the delay of the session's own
    /// resampler in samples at 48 kHz.
    ///
    /// # Errors
    /// [`AudioError::Internal`] when the system gives no thread; everything else is reported.
    pub fn open_speaker(
        &self,
        choice: DeviceChoice<OutputDeviceId>,
        session_delay: usize,
        report: impl FnOnce(Result<OpenedSpeaker, AudioError>) + Send + 'static,
    ) -> Result<StreamGuard, AudioError> {
        self.keep(
            "frontdesk-speaker",
            move |host| host.ask(None, |host| build_speaker(&host, &choice, session_delay)),
            report,
        )
    }

    fn keep<T: 'static>(
        &self,
        name: &str,
        build: impl FnOnce(&HostChoice) -> Result<(cpal::Stream, T), AudioError> + Send + 'static,
        report: impl FnOnce(Result<T, AudioError>) + Send + 'static,
    ) -> Result<StreamGuard, AudioError> {
        let (open, closed) = mpsc::channel::<()>();
        let host = self.host.clone();
        let threads = Arc::clone(&self.threads);
        threads.fetch_add(1, Ordering::Relaxed);
        let spawned = std::thread::Builder::new().name(name.to_owned()).spawn({
            let threads = Arc::clone(&threads);
            move || {
                match build(&host) {
                    Ok((stream, opened)) => {
                        report(Ok(opened));
                        // Nothing is ever sent: the call returns when the guard is gone.
                        closed.recv().ok();
                        drop(stream);
                    }
                    Err(error) => report(Err(error)),
                }
                threads.fetch_sub(1, Ordering::Relaxed);
            }
        });
        match spawned {
            Ok(_) => Ok(StreamGuard { _open: open }),
            Err(error) => {
                threads.fetch_sub(1, Ordering::Relaxed);
                Err(AudioError::Internal {
                    detail: error.to_string(),
                })
            }
        }
    }
}

/// Calls a generic function with the type of a sample format: one body for all of them instead of a copy for each.
macro_rules! with_sample_type {
    ($format:expr, $build:ident($($argument:expr),*), $otherwise:expr) => {
        match $format {
            SampleFormat::I8 => $build::<i8>($($argument),*),
            SampleFormat::I16 => $build::<i16>($($argument),*),
            SampleFormat::I24 => $build::<cpal::I24>($($argument),*),
            SampleFormat::I32 => $build::<i32>($($argument),*),
            SampleFormat::I64 => $build::<i64>($($argument),*),
            SampleFormat::U8 => $build::<u8>($($argument),*),
            SampleFormat::U16 => $build::<u16>($($argument),*),
            SampleFormat::U24 => $build::<cpal::U24>($($argument),*),
            SampleFormat::U32 => $build::<u32>($($argument),*),
            SampleFormat::U64 => $build::<u64>($($argument),*),
            SampleFormat::F32 => $build::<f32>($($argument),*),
            SampleFormat::F64 => $build::<f64>($($argument),*),
            _ => $otherwise,
        }
    };
}

fn build_microphone(
    host: &Host,
    choice: &DeviceChoice<InputDeviceId>,
) -> Result<(cpal::Stream, OpenedMicrophone), AudioError> {
    let device = find(host, choice, default_microphone(host))?;
    let supported = device
        .default_input_config()
        .map_err(|error| failure(AudioDirection::Input, &error))?;
    let unusable = || unusable_format(AudioDirection::Input, &supported);
    build_with_fallback(&device, &supported, AudioDirection::Input, |config| {
        let (end, callback) = microphone_ring(config.sample_rate, config.channels).map_err(|_| unusable())?;
        let reports = Arc::new(StreamReports::default());
        let stream = with_sample_type!(
            supported.sample_format(),
            input_stream(&device, config, callback, Arc::clone(&reports)),
            return Err(unusable().into())
        )?;
        Ok((stream, end, reports))
    })
}

fn build_speaker(
    host: &Host,
    choice: &DeviceChoice<OutputDeviceId>,
    session_delay: usize,
) -> Result<(cpal::Stream, OpenedSpeaker), AudioError> {
    let device = find(host, choice, default_speaker(host))?;
    let supported = device
        .default_output_config()
        .map_err(|error| failure(AudioDirection::Output, &error))?;
    let unusable = || unusable_format(AudioDirection::Output, &supported);
    build_with_fallback(&device, &supported, AudioDirection::Output, |config| {
        let (end, callback) =
            speaker_ring(config.sample_rate, config.channels, session_delay).map_err(|_| unusable())?;
        let reports = Arc::new(StreamReports::default());
        let stream = with_sample_type!(
            supported.sample_format(),
            output_stream(&device, config, callback, Arc::clone(&reports)),
            return Err(unusable().into())
        )?;
        Ok((stream, end, reports))
    })
}

fn find<Id: DeviceId>(host: &Host, choice: &DeviceChoice<Id>, default: Option<Device>) -> Result<Device, AudioError> {
    let device = match choice {
        DeviceChoice::SystemDefault => default,
        DeviceChoice::Device(id) => id.as_str().parse().ok().and_then(|id| host.device_by_id(&id)),
    };
    device.ok_or(AudioError::NoDevice {
        direction: Id::DIRECTION,
    })
}

/// Why one try to build a stream failed: for good, or as the sound system says.
enum BuildError {
    Final(AudioError),
    Host(cpal::Error),
}

impl From<AudioError> for BuildError {
    fn from(error: AudioError) -> Self {
        Self::Final(error)
    }
}

impl From<cpal::Error> for BuildError {
    fn from(error: cpal::Error) -> Self {
        Self::Host(error)
    }
}

/// Milliseconds of a callback on this device's sound system. An identity begins with the name of its system.
fn callback_ms(device: &Device, direction: AudioDirection) -> u32 {
    let is_server = device.id().is_ok_and(|id| id.to_string().starts_with("pulseaudio:"));
    match direction {
        AudioDirection::Output if is_server => SERVER_PLAYBACK_MS,
        _ => CALLBACK_MS,
    }
}

/// Builds with callbacks of a fixed length; where the host refuses a fixed size, with the host's own.
fn build_with_fallback<Id: DeviceId, End>(
    device: &Device,
    supported: &SupportedStreamConfig,
    direction: AudioDirection,
    build: impl Fn(StreamConfig) -> Result<(cpal::Stream, End, Arc<StreamReports>), BuildError>,
) -> Result<(cpal::Stream, Opened<Id, End>), AudioError> {
    let wanted = (supported.sample_rate() * callback_ms(device, direction) / 1_000).max(1);
    let frames = match *supported.buffer_size() {
        SupportedBufferSize::Range { min, max } if min <= max => wanted.clamp(min, max),
        _ => wanted,
    };
    let fixed = StreamConfig {
        buffer_size: BufferSize::Fixed(frames),
        ..supported.config()
    };
    let outcome = match build(fixed) {
        Err(BuildError::Host(error)) if error.kind() == ErrorKind::UnsupportedConfig => build(StreamConfig {
            buffer_size: BufferSize::Default,
            ..supported.config()
        }),
        outcome => outcome,
    };
    let (stream, end, reports) = outcome.map_err(|error| match error {
        BuildError::Final(error) => error,
        BuildError::Host(error) => failure(direction, &error),
    })?;
    stream.play().map_err(|error| failure(direction, &error))?;
    let format = StreamFormat {
        rate: supported.sample_rate(),
        channels: supported.channels(),
        sample_format: supported.sample_format().to_string(),
        callback_frames: stream.buffer_size().unwrap_or(0),
    };
    let device = entry(device).ok_or(AudioError::NoDevice { direction })?;
    Ok((
        stream,
        Opened {
            device,
            end,
            reports,
            format,
        },
    ))
}

fn input_stream<T>(
    device: &Device,
    config: StreamConfig,
    mut callback: crate::callback::capture::CaptureCallback,
    reports: Arc<StreamReports>,
) -> Result<cpal::Stream, cpal::Error>
where
    T: cpal::SizedSample + crate::callback::DeviceSample,
{
    let rate = config.sample_rate;
    device.build_input_stream(
        config,
        move |data: &[T], info| {
            let time = info.timestamp();
            callback.process(
                data,
                frames_in(time.callback.saturating_duration_since(time.capture), rate),
            );
        },
        move |error| reports.note(error.kind()),
        Some(BUILD_TIMEOUT),
    )
}

fn output_stream<T>(
    device: &Device,
    config: StreamConfig,
    mut callback: crate::callback::playback::PlaybackCallback,
    reports: Arc<StreamReports>,
) -> Result<cpal::Stream, cpal::Error>
where
    T: cpal::SizedSample + crate::callback::DeviceSample,
{
    let rate = config.sample_rate;
    device.build_output_stream(
        config,
        move |data: &mut [T], info| {
            let time = info.timestamp();
            callback.process(
                data,
                frames_in(time.playback.saturating_duration_since(time.callback), rate),
            );
        },
        move |error| reports.note(error.kind()),
        Some(BUILD_TIMEOUT),
    )
}

/// A latency in frames. More than two seconds is a driver's mistake and counts as two.
fn frames_in(duration: Duration, rate: u32) -> u32 {
    let seconds = duration.as_secs_f64().min(2.0);
    (seconds * f64::from(rate)) as u32
}

fn unusable_format(direction: AudioDirection, supported: &SupportedStreamConfig) -> AudioError {
    let detail = format!("{} Hz, {}", supported.sample_rate(), supported.sample_format());
    AudioError::UnsupportedFormat { direction, detail }
}

fn failure(direction: AudioDirection, error: &cpal::Error) -> AudioError {
    match error.kind() {
        ErrorKind::DeviceNotAvailable => AudioError::NoDevice { direction },
        ErrorKind::DeviceBusy => AudioError::Busy { direction },
        ErrorKind::PermissionDenied => AudioError::Denied { direction },
        ErrorKind::UnsupportedConfig => AudioError::UnsupportedFormat {
            direction,
            detail: error.to_string(),
        },
        ErrorKind::HostUnavailable => AudioError::HostUnavailable {
            detail: error.to_string(),
        },
        _ => AudioError::DeviceFailed {
            direction,
            detail: error.to_string(),
        },
    }
}
