//! One side of a call: carries out what [`Recovery`] decides and feeds it with what the streams do. Runs on the audio thread.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use frontdesk_call::Problem;
use frontdesk_call::event::DeviceChangeReason;

use crate::callback::capture::CaptureShared;
use crate::callback::playback::PlaybackShared;
use crate::capture::MicrophoneEnd;
use crate::device::fault::{StreamFault, StreamReports};
use crate::device::id::{DeviceChoice, DeviceId};
use crate::device::list::Devices;
use crate::device::stream::{Opened, StreamFormat, StreamGuard};
use crate::diagnostics::StreamDiagnostics;
use crate::error::AudioError;
use crate::playback::SpeakerEnd;
use crate::recovery::{Action, Generation, Recovery};

/// Window in which troubles of a running stream are counted.
const TROUBLE_WINDOW: Duration = Duration::from_secs(5);

/// Late buffers in a window that a stream may have before it is replaced.
const XRUN_BUDGET: u64 = 20;

/// Reports without a meaning in a window that a stream may have; single ones at the start of a stream are harmless.
const UNEXPLAINED_BUDGET: u64 = 3;

/// Opens a stream in the background.
pub(super) type OpenStream<Id> = Box<dyn Fn(Generation, DeviceChoice<Id>) -> Result<StreamGuard, AudioError> + Send>;

/// What a callback shares, as far as watchdog and diagnostics need it.
pub(super) trait CallbackCounters: Send + Sync {
    fn callbacks(&self) -> u64;
    fn largest_callback(&self) -> u32;
    fn latency_frames(&self) -> u32;
}

impl CallbackCounters for CaptureShared {
    fn callbacks(&self) -> u64 {
        self.callbacks.load(Ordering::Acquire)
    }

    fn largest_callback(&self) -> u32 {
        self.largest_callback.load(Ordering::Relaxed)
    }

    fn latency_frames(&self) -> u32 {
        self.latency.load(Ordering::Relaxed)
    }
}

impl CallbackCounters for PlaybackShared {
    fn callbacks(&self) -> u64 {
        self.clock.read().callbacks
    }

    fn largest_callback(&self) -> u32 {
        self.largest_callback.load(Ordering::Relaxed)
    }

    fn latency_frames(&self) -> u32 {
        self.clock.read().latency
    }
}

/// The audio thread's end of a stream of either side.
pub(super) trait StreamEnd {
    fn counters(&self) -> Arc<dyn CallbackCounters>;
}

impl StreamEnd for MicrophoneEnd {
    fn counters(&self) -> Arc<dyn CallbackCounters> {
        self.shared()
    }
}

impl StreamEnd for SpeakerEnd {
    fn counters(&self) -> Arc<dyn CallbackCounters> {
        self.shared()
    }
}

/// What became of a side in one step.
pub(super) enum SideEvent<End> {
    /// Use this end from now on.
    Activated {
        end: End,
        device: String,
        reason: DeviceChangeReason,
    },
    /// There is none any more.
    Lost,
    /// Tell the person.
    Warn(Problem),
}

struct Stream<End> {
    generation: Generation,
    /// Closes the stream when dropped.
    _guard: StreamGuard,
    opened: Option<OpenedStream<End>>,
}

struct OpenedStream<End> {
    /// Taken when the stream becomes the one in use.
    end: Option<End>,
    device: String,
    format: StreamFormat,
    counters: Arc<dyn CallbackCounters>,
    reports: Arc<StreamReports>,
    window: Window,
}

/// Troubles at the start of the current window.
struct Window {
    since: Instant,
    xruns: u64,
    unexplained: u64,
}

/// One side's streams: the one in use and at most one that is being opened.
pub(super) struct Side<Id, End> {
    recovery: Recovery<Id>,
    open_stream: OpenStream<Id>,
    streams: Vec<Stream<End>>,
    active: Option<Generation>,
}

impl<Id: DeviceId, End: StreamEnd> Side<Id, End> {
    pub(super) fn start(
        choice: DeviceChoice<Id>,
        known: Devices<Id>,
        now: Instant,
        open_stream: OpenStream<Id>,
    ) -> Self {
        Self {
            recovery: Recovery::start(choice, known, now),
            open_stream,
            streams: Vec::with_capacity(2),
            active: None,
        }
    }

    pub(super) fn choose(&mut self, choice: DeviceChoice<Id>, now: Instant) {
        self.recovery.choose(choice, now);
    }

    pub(super) fn opened(
        &mut self,
        generation: Generation,
        outcome: Result<Box<Opened<Id, End>>, AudioError>,
        now: Instant,
    ) {
        match outcome {
            Err(error) => self.recovery.open_failed(generation, error, now),
            Ok(opened) => {
                // A stream that was given up meanwhile is not in the list; dropping its end here is all it needs.
                let Some(stream) = self.streams.iter_mut().find(|stream| stream.generation == generation) else {
                    return;
                };
                let Opened {
                    device,
                    end,
                    reports,
                    format,
                } = *opened;
                stream.opened = Some(OpenedStream {
                    counters: end.counters(),
                    end: Some(end),
                    device: device.name.clone(),
                    format,
                    reports,
                    window: Window {
                        since: now,
                        xruns: 0,
                        unexplained: 0,
                    },
                });
                self.recovery.opened(generation, device, now);
            }
        }
    }

    pub(super) fn devices(&mut self, devices: &Devices<Id>, listed_at: Instant, now: Instant) {
        self.recovery.devices(devices, listed_at, now);
    }

    /// One step; what the audio thread has to know comes back in order.
    pub(super) fn step(&mut self, now: Instant) -> Vec<SideEvent<End>> {
        for stream in &mut self.streams {
            let Some(opened) = &mut stream.opened else { continue };
            self.recovery
                .called_back(stream.generation, opened.counters.callbacks(), now);
            if let Some(fault) = opened.fault(now) {
                self.recovery.fault(stream.generation, fault, now);
            }
        }
        self.recovery.tick(now);
        let mut events = Vec::new();
        // Opening may fail at once and ask for the next action.
        loop {
            let actions = self.recovery.take_actions();
            if actions.is_empty() {
                return events;
            }
            for action in actions {
                self.carry_out(action, now, &mut events);
            }
        }
    }

    fn carry_out(&mut self, action: Action<Id>, now: Instant, events: &mut Vec<SideEvent<End>>) {
        match action {
            Action::Open { generation, target } => match (self.open_stream)(generation, target) {
                Ok(guard) => self.streams.push(Stream {
                    generation,
                    _guard: guard,
                    opened: None,
                }),
                Err(error) => self.recovery.open_failed(generation, error, now),
            },
            Action::Close(generation) => self.streams.retain(|stream| stream.generation != generation),
            Action::Activate {
                generation,
                device,
                reason,
            } => {
                self.active = Some(generation);
                let end = self.active_stream().and_then(|opened| opened.end.take());
                events.extend(end.map(|end| SideEvent::Activated {
                    end,
                    device: device.name,
                    reason,
                }));
            }
            Action::Lost => {
                self.active = None;
                events.push(SideEvent::Lost);
            }
            Action::Warn(problem) => events.push(SideEvent::Warn(problem)),
        }
    }

    fn active_stream(&mut self) -> Option<&mut OpenedStream<End>> {
        let active = self.active?;
        self.streams
            .iter_mut()
            .find(|stream| stream.generation == active)?
            .opened
            .as_mut()
    }

    pub(super) fn diagnostics(&mut self) -> Option<StreamDiagnostics> {
        let opened = self.active_stream()?;
        let format = &opened.format;
        Some(StreamDiagnostics {
            device: opened.device.clone(),
            rate: format.rate,
            channels: format.channels,
            sample_format: format.sample_format.clone(),
            negotiated_frames: format.callback_frames,
            largest_callback: opened.counters.largest_callback(),
            latency_ms: f64::from(opened.counters.latency_frames()) * 1_000.0 / f64::from(format.rate),
            callbacks: opened.counters.callbacks(),
            xruns: opened.reports.xruns(),
            realtime_denied: opened.reports.realtime_denied(),
        })
    }

    pub(super) fn restarts(&self) -> u64 {
        self.recovery.restarts()
    }
}

impl<End> OpenedStream<End> {
    /// The reason to replace the stream: reported by the sound system, or too many troubles in one window.
    fn fault(&mut self, now: Instant) -> Option<StreamFault> {
        let (xruns, unexplained) = (self.reports.xruns(), self.reports.unexplained());
        let window = &mut self.window;
        let too_many = xruns - window.xruns > XRUN_BUDGET || unexplained - window.unexplained > UNEXPLAINED_BUDGET;
        if now.saturating_duration_since(window.since) >= TROUBLE_WINDOW {
            *window = Window {
                since: now,
                xruns,
                unexplained,
            };
        }
        self.reports.fault().or(too_many.then_some(StreamFault::Invalidated))
    }
}
