//! One step of the audio thread: devices, microphone, speaker, and what the session, the meters and diagnostics are told.

use std::time::Instant;

use frontdesk_call::event::AudioDirection;
use frontdesk_call::leg::{LEG_EVENT_CAPACITY, LegEvent};
use frontdesk_call::{Problem, ProblemKind};

use super::side::SideEvent;
use super::{DIAGNOSTICS_INTERVAL, Engine, MAILBOX_CAPACITY};
use crate::block::SILENT_BLOCK;
use crate::capture::CAPTURE_RING_SECONDS;
use crate::diagnostics::{Diagnostics, QueueDiagnostics};
use crate::outbox::WAITING_FRAMES;
use crate::playback::{PLAYBACK_CAPACITY_SAMPLES, PLAYBACK_RING_SECONDS};

impl Engine {
    pub(super) fn step(&mut self, now: Instant) {
        self.follow_devices(now);
        self.step_input(now);
        self.step_output(now);
        self.capture(now);
        self.play(now);
        if self.input.is_some() {
            let changed = self.microphone.changed(now);
            if let Some(state) = changed {
                self.outbox.send(LegEvent::Microphone(state));
            }
        }
        self.levels.tick(self.microphone.state(now), now);
        if self.processor.has_given_up() && !std::mem::replace(&mut self.processing_failure_told, true) {
            let sentence = "Echo cancellation failed and is off for this call. Headphones help.";
            self.outbox
                .send(LegEvent::Warning(Problem::new(ProblemKind::Internal, sentence)));
        }
        self.outbox.flush();
        if now >= self.diagnostics_due {
            self.diagnostics_due = now + DIAGNOSTICS_INTERVAL;
            let diagnostics = self.diagnose();
            self.diagnostics.send_replace(diagnostics);
        }
    }

    fn follow_devices(&mut self, now: Instant) {
        let list = self.lists.borrow().clone();
        // A list that could not be made says nothing about devices.
        if self.listed_at == Some(list.listed_at) || list.problem.is_some() {
            return;
        }
        self.listed_at = Some(list.listed_at);
        if let Some(input) = &mut self.input {
            input.devices(&list.inputs, list.listed_at, now);
        }
        if let Some(output) = &mut self.output {
            output.devices(&list.outputs, list.listed_at, now);
        }
    }

    fn step_input(&mut self, now: Instant) {
        let Some(input) = &mut self.input else { return };
        for event in input.step(now) {
            match event {
                SideEvent::Activated { end, device, reason } => {
                    self.microphone_end = Some(end);
                    self.framer.reset();
                    self.outbox.send(LegEvent::Device {
                        direction: AudioDirection::Input,
                        name: device,
                        reason,
                    });
                }
                SideEvent::Lost => {
                    self.microphone_end = None;
                    self.microphone.lost();
                }
                SideEvent::Warn(problem) => {
                    if self.microphone_end.is_none() {
                        self.microphone.lost();
                    }
                    self.outbox.send(LegEvent::Warning(problem));
                }
            }
        }
    }

    fn step_output(&mut self, now: Instant) {
        let Some(output) = &mut self.output else { return };
        for event in output.step(now) {
            match event {
                SideEvent::Activated { end, device, reason } => {
                    self.playback.attach(end);
                    self.outbox.send(LegEvent::Device {
                        direction: AudioDirection::Output,
                        name: device,
                        reason,
                    });
                }
                SideEvent::Lost => self.playback.detach(),
                SideEvent::Warn(problem) => self.outbox.send(LegEvent::Warning(problem)),
            }
        }
    }

    fn capture(&mut self, now: Instant) {
        let listening = self.microphone_end.is_some();
        let processor = &mut self.processor;
        // Before the near end, which may hold its echo. Without a microphone the far end would only grow stale.
        self.playback.rendered(|block| {
            if listening {
                processor.far_end(block);
            }
        });
        let Some(end) = &mut self.microphone_end else { return };
        end.collect();
        let mut block = SILENT_BLOCK;
        while end.next_block(&mut block) {
            self.microphone.delivered(&block, now);
            self.processor.near_end(&mut block);
            self.levels.add_input(&block);
            let open = self.open && !self.microphone.is_muted();
            if let Some(frame) = self.framer.push(&block, open) {
                self.outbox.send(LegEvent::Frame(frame));
            }
        }
    }

    fn play(&mut self, now: Instant) {
        let levels = &mut self.levels;
        let mut events = Vec::new();
        self.playback.tick(now, |block| levels.add_output(block), &mut events);
        for event in events {
            self.outbox.send(event);
        }
    }

    pub(super) fn diagnose(&mut self) -> Diagnostics {
        let input = self.input.as_mut().and_then(super::side::Side::diagnostics);
        let output = self.output.as_mut().and_then(super::side::Side::diagnostics);
        let playback = self.playback.counters();
        let capture_capacity = input
            .as_ref()
            .map_or(0, |stream| CAPTURE_RING_SECONDS * stream.rate as usize);
        let speaker_capacity = output
            .as_ref()
            .map_or(0, |stream| (PLAYBACK_RING_SECONDS * stream.rate) as usize);
        let queues = vec![
            QueueDiagnostics {
                name: "microphone ring",
                unit: "frames",
                capacity: capture_capacity,
                overflow: "drops the newest",
                waiting: self.microphone_end.as_ref().map_or(0, |end| end.waiting()),
                dropped: self.microphone_end.as_ref().map_or(0, |end| end.dropped()),
            },
            QueueDiagnostics {
                name: "events for the session",
                unit: "frames",
                capacity: LEG_EVENT_CAPACITY + WAITING_FRAMES,
                overflow: "drops the oldest frame, other events wait",
                waiting: self.outbox.waiting(),
                dropped: self.outbox.dropped_frames(),
            },
            QueueDiagnostics {
                name: "messages to the audio thread",
                unit: "messages",
                capacity: MAILBOX_CAPACITY,
                overflow: "refuses and ends the leg",
                waiting: 0,
                dropped: self.mailbox.refused(),
            },
            QueueDiagnostics {
                name: "receptionist's voice",
                unit: "samples",
                capacity: PLAYBACK_CAPACITY_SAMPLES,
                overflow: "drops the newest",
                waiting: playback.queued_samples,
                dropped: playback.dropped_samples,
            },
            QueueDiagnostics {
                name: "speaker ring",
                unit: "frames",
                capacity: speaker_capacity,
                overflow: "the audio thread waits",
                waiting: playback.ring_frames,
                dropped: 0,
            },
        ];
        Diagnostics {
            input,
            output,
            queues,
            underruns: playback.underruns,
            starved: playback.starved,
            restarts: self.input.as_ref().map_or(0, super::side::Side::restarts)
                + self.output.as_ref().map_or(0, super::side::Side::restarts),
            processing_faults: self.processor.faults(),
            raised_priority: self.raised_priority,
            longest_pause_ms: self.longest_pause.as_secs_f64() * 1_000.0,
            stream_threads: self.opener.threads(),
        }
    }
}
