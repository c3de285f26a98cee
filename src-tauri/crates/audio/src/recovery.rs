//! Keeps one side of a call supplied with a working stream: opening, switching, watchdog, back-off, fall-back. A pure machine: time and
//! everything that happens are inputs, the answers are [`Action`]s that the audio thread carries out.
//!
//! One path serves switch, fault and retry: open a stream under a new generation, wait for its first callback, make it the current one,
//! close the old one. So a switch never interrupts what works, and whatever an old generation reports is ignored. Only the person and
//! the far side end a call; devices never do.

use std::time::{Duration, Instant};

use frontdesk_call::event::DeviceChangeReason;
use frontdesk_call::{Problem, ProblemAction, ProblemKind};

use crate::device::fault::StreamFault;
use crate::device::id::{DeviceChoice, DeviceId};
use crate::device::list::{DeviceEntry, Devices};
use crate::error::{AudioError, noun};

/// A stream that was opened must call back within this time; Bluetooth needs two seconds.
pub const FIRST_CALLBACK: Duration = Duration::from_secs(3);

/// Opening itself may take this long before it is given up.
pub const OPEN_PATIENCE: Duration = Duration::from_secs(6);

/// A running stream that does not call back for this long is dead, whatever the sound system says.
pub const WATCHDOG: Duration = Duration::from_millis(500);

/// First wait before another try; the very first try after a fault is at once.
const FIRST_BACK_OFF: Duration = Duration::from_millis(500);

/// Longest wait before another try.
const LONGEST_BACK_OFF: Duration = Duration::from_secs(4);

/// A stream that ran this long counts as healthy, and back-off begins anew with its next fault.
const HEALTHY: Duration = Duration::from_secs(5);

/// After this many faults in a row a listed but dead device is left for the system default.
const FAULTS_UNTIL_FALLBACK: u32 = 2;

/// Counts streams of one side; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(u64);

/// What the audio thread is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action<Id> {
    /// Open a stream.
    Open {
        /// Its number.
        generation: Generation,
        /// On which device.
        target: DeviceChoice<Id>,
    },
    /// Close a stream, whether it has opened yet or not.
    Close(Generation),
    /// Use this stream from now on.
    Activate {
        /// Its number.
        generation: Generation,
        /// Its device.
        device: DeviceEntry<Id>,
        /// Why.
        reason: DeviceChangeReason,
    },
    /// There is no stream any more; another is being looked for.
    Lost,
    /// Tell the person.
    Warn(Problem),
}

#[derive(Debug)]
struct Current<Id> {
    generation: Generation,
    device: DeviceEntry<Id>,
    opened_at: Instant,
    callbacks: u64,
    called_back_at: Instant,
    /// The device was in a list, so its absence from a later one means something.
    listed: bool,
}

#[derive(Debug)]
struct Opening<Id> {
    generation: Generation,
    target: DeviceChoice<Id>,
    reason: DeviceChangeReason,
    begun_at: Instant,
    opened: Option<(DeviceEntry<Id>, Instant)>,
}

/// One side's streams.
#[derive(Debug)]
pub struct Recovery<Id> {
    choice: DeviceChoice<Id>,
    current: Option<Current<Id>>,
    opening: Option<Opening<Id>>,
    retry_at: Option<Instant>,
    failures: u32,
    restarts: u64,
    next_generation: u64,
    known: Devices<Id>,
    /// A device that would be in use and did not open or broke again and again; left alone until it leaves the list or is chosen anew.
    avoided: Option<Id>,
    /// The outage was told.
    warned: bool,
    actions: Vec<Action<Id>>,
}

impl<Id: DeviceId> Recovery<Id> {
    /// Opens the chosen device; `known` is the list as far as it is known.
    #[must_use]
    pub fn start(choice: DeviceChoice<Id>, known: Devices<Id>, now: Instant) -> Self {
        let mut recovery = Self {
            choice,
            current: None,
            opening: None,
            retry_at: None,
            failures: 0,
            restarts: 0,
            next_generation: 0,
            known,
            avoided: None,
            warned: false,
            actions: Vec::new(),
        };
        recovery.open(recovery.choice.clone(), DeviceChangeReason::Opened, now);
        recovery
    }

    /// What is to be done by now, in order.
    pub fn take_actions(&mut self) -> Vec<Action<Id>> {
        std::mem::take(&mut self.actions)
    }

    /// Times that a running stream broke.
    #[must_use]
    pub const fn restarts(&self) -> u64 {
        self.restarts
    }

    /// The person chose a device.
    pub fn choose(&mut self, choice: DeviceChoice<Id>, now: Instant) {
        self.choice = choice;
        self.failures = 0;
        self.avoided = None;
        let wanted = match &self.choice {
            DeviceChoice::Device(id) => Some(id),
            DeviceChoice::SystemDefault => self.known.default.as_ref().map(|device| &device.id),
        };
        if self
            .current
            .as_ref()
            .is_some_and(|current| Some(&current.device.id) == wanted)
        {
            self.abandon_opening();
        } else {
            self.open(self.choice.clone(), DeviceChangeReason::Chosen, now);
        }
    }

    /// A stream opened; it is not used before its first callback.
    pub fn opened(&mut self, generation: Generation, device: DeviceEntry<Id>, now: Instant) {
        if let Some(opening) = self.opening.as_mut().filter(|opening| opening.generation == generation) {
            opening.opened = Some((device, now));
        }
    }

    /// A stream did not open.
    pub fn open_failed(&mut self, generation: Generation, error: AudioError, now: Instant) {
        if self
            .opening
            .as_ref()
            .is_some_and(|opening| opening.generation == generation)
        {
            self.opening_failed(error, now);
        }
    }

    /// How often a stream has called back so far.
    pub fn called_back(&mut self, generation: Generation, callbacks: u64, now: Instant) {
        if let Some(current) = self.current.as_mut().filter(|current| current.generation == generation) {
            if current.callbacks != callbacks {
                current.callbacks = callbacks;
                current.called_back_at = now;
            }
        } else if callbacks > 0 {
            self.activate(generation, callbacks, now);
        }
    }

    /// The sound system says that a stream cannot go on.
    pub fn fault(&mut self, generation: Generation, fault: StreamFault, now: Instant) {
        if self
            .current
            .as_ref()
            .is_some_and(|current| current.generation == generation)
        {
            self.lose(fault == StreamFault::Gone, now);
        } else if self
            .opening
            .as_ref()
            .is_some_and(|opening| opening.generation == generation)
        {
            let direction = Id::DIRECTION;
            let error = match fault {
                StreamFault::Denied => AudioError::Denied { direction },
                StreamFault::Gone => AudioError::NoDevice { direction },
                StreamFault::Invalidated => AudioError::DeviceFailed {
                    direction,
                    detail: "it broke while opening".to_owned(),
                },
            };
            self.opening_failed(error, now);
        }
    }

    /// A fresh list of devices, made at `listed_at`.
    pub fn devices(&mut self, devices: &Devices<Id>, listed_at: Instant, now: Instant) {
        let news = self.known != *devices;
        if news {
            let another_default = self.known.default.as_ref().map(|device| &device.id)
                != devices.default.as_ref().map(|device| &device.id);
            // Another device that comes or goes says nothing about this one, which would only break again.
            self.avoided.take_if(|id| {
                !devices.contains(id) || (another_default && matches!(self.choice, DeviceChoice::SystemDefault))
            });
            self.known = devices.clone();
        }
        if let Some(current) = self.current.as_mut().filter(|current| listed_at > current.opened_at) {
            let listed = devices.contains(&current.device.id);
            // Some sound systems move a stream to another device without a word; only the list shows it.
            let vanished = current.listed && !listed;
            current.listed |= listed;
            if vanished {
                self.lose(true, now);
                return;
            }
        }
        if self.opening.is_some() {
            return;
        }
        if self.current.is_some() {
            self.follow(now);
        } else if news && self.retry_at.is_some() {
            self.retry(now);
        }
    }

    /// Time passes.
    pub fn tick(&mut self, now: Instant) {
        if let Some(current) = &self.current {
            if now.saturating_duration_since(current.called_back_at) >= WATCHDOG {
                self.lose(false, now);
            } else if now.saturating_duration_since(current.opened_at) >= HEALTHY {
                self.failures = 0;
            }
        }
        if let Some(opening) = &self.opening {
            let late = match &opening.opened {
                Some((_, at)) => now.saturating_duration_since(*at) >= FIRST_CALLBACK,
                None => now.saturating_duration_since(opening.begun_at) >= OPEN_PATIENCE,
            };
            if late {
                let detail = "it was opened and stays silent".to_owned();
                self.opening_failed(
                    AudioError::DeviceFailed {
                        direction: Id::DIRECTION,
                        detail,
                    },
                    now,
                );
            }
        } else if self.retry_at.is_some_and(|at| now >= at) {
            self.retry(now);
        }
    }

    fn open(&mut self, target: DeviceChoice<Id>, reason: DeviceChangeReason, now: Instant) {
        self.abandon_opening();
        self.retry_at = None;
        let generation = Generation(self.next_generation);
        self.next_generation += 1;
        self.actions.push(Action::Open {
            generation,
            target: target.clone(),
        });
        self.opening = Some(Opening {
            generation,
            target,
            reason,
            begun_at: now,
            opened: None,
        });
    }

    fn abandon_opening(&mut self) {
        if let Some(opening) = self.opening.take() {
            self.actions.push(Action::Close(opening.generation));
        }
    }

    fn activate(&mut self, generation: Generation, callbacks: u64, now: Instant) {
        let ready = self
            .opening
            .take_if(|opening| opening.generation == generation && opening.opened.is_some());
        let Some(Opening {
            reason,
            opened: Some((device, opened_at)),
            ..
        }) = ready
        else {
            return;
        };
        self.actions.push(Action::Activate {
            generation,
            device: device.clone(),
            reason,
        });
        let listed = self.known.contains(&device.id);
        let current = Current {
            generation,
            device,
            opened_at,
            callbacks,
            called_back_at: now,
            listed,
        };
        if let Some(old) = self.current.replace(current) {
            self.actions.push(Action::Close(old.generation));
        }
        self.retry_at = None;
        self.warned = false;
    }

    /// The stream that was being opened will not be.
    fn opening_failed(&mut self, error: AudioError, now: Instant) {
        let Some(opening) = self.opening.take() else { return };
        self.actions.push(Action::Close(opening.generation));
        self.failures = self.failures.saturating_add(1);
        if self.current.is_some() {
            // A switch failed: what works stays, and the same device is not tried again by itself.
            self.avoided = match opening.target {
                DeviceChoice::Device(id) => Some(id),
                DeviceChoice::SystemDefault => self.known.default.as_ref().map(|device| device.id.clone()),
            };
            self.actions.push(Action::Warn(error.into()));
            return;
        }
        self.warn_once(error.into());
        match opening.target {
            DeviceChoice::Device(_) => self.open(DeviceChoice::SystemDefault, DeviceChangeReason::Fallback, now),
            DeviceChoice::SystemDefault => self.retry_at = Some(now + back_off(self.failures)),
        }
    }

    /// The current stream is gone.
    fn lose(&mut self, device_gone: bool, now: Instant) {
        let Some(lost) = self.current.take() else { return };
        self.restarts += 1;
        self.actions.push(Action::Close(lost.generation));
        self.actions.push(Action::Lost);
        let sentence = format!("The {} “{}” stopped working.", noun(Id::DIRECTION), lost.device.name);
        self.warn_once(Problem::new(ProblemKind::DeviceLost, sentence).with_action(ProblemAction::OpenSettings));
        if device_gone {
            self.known.entries.retain(|device| device.id != lost.device.id);
        }
        if self.opening.is_some() {
            return;
        }
        let wait = back_off(self.failures);
        self.failures = self.failures.saturating_add(1);
        if wait.is_zero() {
            self.retry(now);
        } else {
            self.retry_at = Some(now + wait);
        }
    }

    /// Opens the chosen device if it is there and not known to be dead, the default otherwise.
    fn retry(&mut self, now: Instant) {
        if let DeviceChoice::Device(id) = &self.choice
            && self.failures > FAULTS_UNTIL_FALLBACK
        {
            // It is still listed and would open and break again, with silence each time: what works is not left for it.
            self.avoided = Some(id.clone());
        }
        let (target, reason) = match &self.choice {
            DeviceChoice::Device(id) if self.known.contains(id) && self.avoided.as_ref() != Some(id) => {
                (self.choice.clone(), DeviceChangeReason::Restarted)
            }
            DeviceChoice::Device(_) => (DeviceChoice::SystemDefault, DeviceChangeReason::Fallback),
            DeviceChoice::SystemDefault => (DeviceChoice::SystemDefault, DeviceChangeReason::Restarted),
        };
        self.open(target, reason, now);
    }

    /// Goes to the device that should be in use, when it is another than the one that is.
    fn follow(&mut self, now: Instant) {
        let Some(current) = &self.current else { return };
        let wanted = match &self.choice {
            DeviceChoice::Device(id) if self.known.contains(id) => Some((id.clone(), DeviceChangeReason::Restarted)),
            DeviceChoice::Device(_) => None,
            DeviceChoice::SystemDefault => self
                .known
                .default
                .as_ref()
                .map(|device| (device.id.clone(), DeviceChangeReason::Chosen)),
        };
        if let Some((id, reason)) = wanted
            && id != current.device.id
            && self.avoided.as_ref() != Some(&id)
        {
            self.open(self.choice.clone(), reason, now);
        }
    }

    fn warn_once(&mut self, problem: Problem) {
        if !std::mem::replace(&mut self.warned, true) {
            self.actions.push(Action::Warn(problem));
        }
    }
}

/// Wait after `failures` failures in a row.
fn back_off(failures: u32) -> Duration {
    match failures {
        0 => Duration::ZERO,
        _ => FIRST_BACK_OFF
            .saturating_mul(1 << (failures - 1).min(8))
            .min(LONGEST_BACK_OFF),
    }
}

#[cfg(test)]
#[path = "recovery/tests.rs"]
mod tests;
