//! The recovery machine against a small model of a sound system, and against everything at random.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::device::id::InputDeviceId;

fn device(name: &str) -> DeviceEntry<InputDeviceId> {
    DeviceEntry {
        id: InputDeviceId::from_recorded(name),
        name: name.to_uppercase(),
    }
}

fn list(names: &[&str]) -> Devices<InputDeviceId> {
    Devices {
        entries: names.iter().map(|name| device(name)).collect(),
        default: names.first().map(|name| device(name)),
    }
}

fn chosen(name: &str) -> DeviceChoice<InputDeviceId> {
    DeviceChoice::Device(InputDeviceId::from_recorded(name))
}

/// A sound system with the given devices; the first is the default.
struct System {
    recovery: Recovery<InputDeviceId>,
    present: Devices<InputDeviceId>,
    running: Vec<(Generation, DeviceEntry<InputDeviceId>)>,
    dead: HashSet<Generation>,
    callbacks: u64,
    now: Instant,
    log: Vec<Action<InputDeviceId>>,
    opens: usize,
}

impl System {
    fn new(choice: DeviceChoice<InputDeviceId>, names: &[&str]) -> Self {
        let now = Instant::now();
        let present = list(names);
        let mut system = Self {
            recovery: Recovery::start(choice, present.clone(), now),
            present,
            running: Vec::new(),
            dead: HashSet::new(),
            callbacks: 0,
            now,
            log: Vec::new(),
            opens: 0,
        };
        system.carry_out();
        system
    }

    fn carry_out(&mut self) {
        for action in self.recovery.take_actions() {
            match &action {
                Action::Open { generation, target } => {
                    self.opens += 1;
                    let found = match target {
                        DeviceChoice::SystemDefault => self.present.default.clone(),
                        DeviceChoice::Device(id) => {
                            self.present.entries.iter().find(|device| device.id == *id).cloned()
                        }
                    };
                    match found {
                        Some(device) => {
                            self.running.push((*generation, device.clone()));
                            self.recovery.opened(*generation, device, self.now);
                        }
                        None => {
                            let error = AudioError::NoDevice {
                                direction: InputDeviceId::DIRECTION,
                            };
                            self.recovery.open_failed(*generation, error, self.now);
                        }
                    }
                }
                Action::Close(generation) => self.running.retain(|(running, _)| running != generation),
                _ => {}
            }
            self.log.push(action);
        }
    }

    /// Lets time pass in steps of 10 ms; the list is told every 2 s.
    fn pass(&mut self, milliseconds: u64) {
        for _ in 0..milliseconds / 10 {
            self.now += Duration::from_millis(10);
            self.callbacks += 1;
            for (generation, _) in self.running.clone() {
                if !self.dead.contains(&generation) {
                    self.recovery.called_back(generation, self.callbacks, self.now);
                }
            }
            if self.callbacks.is_multiple_of(200) {
                self.tell_list();
            }
            self.recovery.tick(self.now);
            self.carry_out();
        }
    }

    fn tell_list(&mut self) {
        self.recovery.devices(&self.present.clone(), self.now, self.now);
        self.carry_out();
    }

    fn active(&self) -> Vec<&str> {
        self.running.iter().map(|(_, device)| device.name.as_str()).collect()
    }

    fn activations(&self) -> Vec<(&str, DeviceChangeReason)> {
        self.log
            .iter()
            .filter_map(|action| match action {
                Action::Activate { device, reason, .. } => Some((device.name.as_str(), *reason)),
                _ => None,
            })
            .collect()
    }

    fn warnings(&self) -> usize {
        self.log
            .iter()
            .filter(|action| matches!(action, Action::Warn(_)))
            .count()
    }
}

#[test]
fn a_removed_device_that_stops_calling_back_is_replaced_by_the_default_and_taken_again_when_it_returns() {
    let mut system = System::new(chosen("usb"), &["built-in", "usb"]);
    system.pass(6_000);
    system.present = list(&["built-in"]);
    let usb = system.running[0].0;
    system.dead.insert(usb);
    system.recovery.fault(usb, StreamFault::Gone, system.now);
    system.carry_out();
    system.pass(100);
    assert_eq!(system.active(), ["BUILT-IN"]);
    system.present = list(&["built-in", "usb"]);
    system.pass(3_000);
    assert_eq!(system.active(), ["USB"]);
    use DeviceChangeReason::{Fallback, Opened, Restarted};
    assert_eq!(
        system.activations(),
        [("USB", Opened), ("BUILT-IN", Fallback), ("USB", Restarted)]
    );
    assert_eq!(system.warnings(), 1);
}

#[test]
fn a_stream_that_was_moved_without_a_word_is_noticed_by_the_list() {
    let mut system = System::new(chosen("usb"), &["built-in", "usb"]);
    system.pass(6_000);
    system.present = list(&["built-in"]);
    // Callbacks go on: the sound system feeds the stream from another device.
    system.pass(2_500);
    assert_eq!(system.active(), ["BUILT-IN"]);
    assert_eq!(
        system.activations().last(),
        Some(&("BUILT-IN", DeviceChangeReason::Fallback))
    );
}

#[test]
fn the_watchdog_restarts_a_stream_after_half_a_second_without_callbacks() {
    let mut system = System::new(DeviceChoice::SystemDefault, &["built-in"]);
    system.pass(1_000);
    let first = system.running[0].0;
    system.dead.insert(first);
    system.pass(480);
    assert_eq!(system.running[0].0, first);
    system.pass(50);
    assert_ne!(system.running[0].0, first);
    assert_eq!(
        system.activations().last(),
        Some(&("BUILT-IN", DeviceChangeReason::Restarted))
    );
}

#[test]
fn a_switch_keeps_the_old_stream_until_the_new_one_calls_back() {
    let mut system = System::new(DeviceChoice::SystemDefault, &["built-in", "usb"]);
    system.pass(1_000);
    system.recovery.choose(chosen("usb"), system.now);
    system.carry_out();
    assert_eq!(system.active(), ["BUILT-IN", "USB"]);
    system.pass(10);
    assert_eq!(system.active(), ["USB"]);
    assert_eq!(system.activations().last(), Some(&("USB", DeviceChangeReason::Chosen)));
}

#[test]
fn a_switch_to_a_device_that_does_not_open_keeps_what_works() {
    let mut system = System::new(DeviceChoice::SystemDefault, &["built-in"]);
    system.pass(1_000);
    system.recovery.choose(chosen("ghost"), system.now);
    system.carry_out();
    system.pass(10_000);
    assert_eq!(system.active(), ["BUILT-IN"]);
    assert_eq!(system.warnings(), 1);
    assert_eq!(
        system.opens, 2,
        "a device that is not listed is not tried again and again"
    );
}

#[test]
fn the_system_default_is_followed_when_it_changes() {
    let mut system = System::new(DeviceChoice::SystemDefault, &["built-in", "usb"]);
    system.pass(1_000);
    system.present = list(&["usb", "built-in"]);
    system.pass(2_100);
    assert_eq!(system.active(), ["USB"]);
}

#[test]
fn without_any_device_it_is_told_once_tried_with_back_off_and_recovers_with_the_next_list() {
    let mut system = System::new(DeviceChoice::SystemDefault, &[]);
    system.pass(60_000);
    assert_eq!(system.warnings(), 1);
    assert!((15..=20).contains(&system.opens), "{} tries in a minute", system.opens);
    system.present = list(&["usb"]);
    system.pass(2_100);
    assert_eq!(system.active(), ["USB"]);
}

#[test]
fn a_device_that_opens_and_never_delivers_is_left_for_the_default_after_three_seconds() {
    let mut system = System::new(chosen("usb"), &["built-in", "usb"]);
    let usb = system.running[0].0;
    system.dead.insert(usb);
    system.pass(2_990);
    assert_eq!(system.active(), ["USB"]);
    system.pass(30);
    assert_eq!(system.active(), ["BUILT-IN"]);
}

/// Lets a stream of `name` break as soon as it is in use, for `milliseconds`.
fn pass_while_breaking(system: &mut System, name: &str, milliseconds: u64, fault: StreamFault) {
    for _ in 0..milliseconds / 50 {
        system.pass(50);
        let broken = system
            .recovery
            .current
            .as_ref()
            .filter(|current| current.device.name == name);
        if let Some(generation) = broken.map(|current| current.generation) {
            system.recovery.fault(generation, fault, system.now);
            system.carry_out();
        }
    }
}

#[test]
fn a_listed_device_that_breaks_again_and_again_is_left_for_good_and_told_a_few_times_only() {
    for fault in [StreamFault::Invalidated, StreamFault::Gone] {
        let mut system = System::new(chosen("usb"), &["built-in", "usb"]);
        pass_while_breaking(&mut system, "USB", 12_000, fault);
        let (opens, warnings) = (system.opens, system.warnings());
        assert!(
            opens <= 6 && warnings <= 5,
            "{fault:?}: {opens} opens, {warnings} warnings"
        );
        pass_while_breaking(&mut system, "USB", 120_000, fault);
        assert_eq!(system.active(), ["BUILT-IN"], "{fault:?}");
        assert_eq!(
            (system.opens, system.warnings()),
            (opens, warnings),
            "{fault:?}: it goes on"
        );

        system.present = list(&["built-in", "usb", "headset"]);
        pass_while_breaking(&mut system, "USB", 10_000, fault);
        assert_eq!(
            system.opens, opens,
            "{fault:?}: another device says nothing about this one"
        );
    }
}

#[test]
fn a_device_that_was_left_is_taken_again_when_it_is_chosen_or_comes_back() {
    let mut system = System::new(chosen("usb"), &["built-in", "usb"]);
    pass_while_breaking(&mut system, "USB", 30_000, StreamFault::Invalidated);
    assert_eq!(system.active(), ["BUILT-IN"]);
    system.recovery.choose(chosen("usb"), system.now);
    system.carry_out();
    system.pass(10_000);
    assert_eq!(system.active(), ["USB"], "chosen anew");

    pass_while_breaking(&mut system, "USB", 30_000, StreamFault::Invalidated);
    assert_eq!(system.active(), ["BUILT-IN"]);
    system.present = list(&["built-in"]);
    system.pass(4_000);
    system.present = list(&["built-in", "usb"]);
    system.pass(4_000);
    assert_eq!(system.active(), ["USB"], "it was away and came back");
}

#[test]
fn a_fault_of_the_default_does_not_bring_back_a_device_that_was_left() {
    let mut system = System::new(chosen("usb"), &["built-in", "usb"]);
    pass_while_breaking(&mut system, "USB", 30_000, StreamFault::Invalidated);
    let before = system.activations().len();
    let running = system.running[0].0;
    system.recovery.fault(running, StreamFault::Invalidated, system.now);
    system.carry_out();
    system.pass(4_000);
    assert_eq!(
        system.activations()[before..],
        [("BUILT-IN", DeviceChangeReason::Fallback)]
    );
}

#[test]
fn errors_of_an_old_generation_are_ignored() {
    let mut system = System::new(DeviceChoice::SystemDefault, &["built-in", "usb"]);
    system.pass(100);
    let old = system.running[0].0;
    system.recovery.choose(chosen("usb"), system.now);
    system.carry_out();
    system.pass(100);
    system.recovery.fault(old, StreamFault::Gone, system.now);
    system.carry_out();
    assert_eq!(system.active(), ["USB"]);
    assert_eq!(system.warnings(), 0);
}

#[derive(Clone, Debug)]
enum Happening {
    Pass(u64),
    Present(Vec<usize>),
    Choose(Option<usize>),
    Die,
    Fault,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        (10u64..5_000).prop_map(Happening::Pass),
        prop::collection::vec(0usize..3, 0..4).prop_map(Happening::Present),
        prop::option::of(0usize..3).prop_map(Happening::Choose),
        Just(Happening::Die),
        Just(Happening::Fault),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_at_most_two_streams_live_and_a_present_device_is_found(happenings in prop::collection::vec(happening(), 1..40)) {
        const NAMES: [&str; 3] = ["a", "b", "c"];
        let mut system = System::new(DeviceChoice::SystemDefault, &NAMES);
        for happening in happenings {
            match happening {
                Happening::Pass(milliseconds) => system.pass(milliseconds),
                Happening::Present(indices) => {
                    let mut names: Vec<&str> = Vec::new();
                    for index in indices {
                        if !names.contains(&NAMES[index]) {
                            names.push(NAMES[index]);
                        }
                    }
                    system.present = list(&names);
                }
                Happening::Choose(index) => {
                    let choice = index.map_or(DeviceChoice::SystemDefault, |index| chosen(NAMES[index]));
                    system.recovery.choose(choice, system.now);
                    system.carry_out();
                }
                Happening::Die => system.dead.extend(system.running.iter().map(|(generation, _)| *generation)),
                Happening::Fault => {
                    if let Some((generation, _)) = system.running.first() {
                        system.recovery.fault(*generation, StreamFault::Invalidated, system.now);
                        system.carry_out();
                    }
                }
            }
            prop_assert!(system.running.len() <= 2, "{:?}", system.active());
        }
        system.present = list(&NAMES);
        system.pass(12_000);
        prop_assert_eq!(system.running.len(), 1, "a healthy system has one stream");
        let mut generations = HashSet::new();
        let mut closed = HashSet::new();
        for action in &system.log {
            match action {
                Action::Open { generation, .. } => prop_assert!(generations.insert(*generation), "a generation is used once"),
                Action::Close(generation) => { closed.insert(*generation); }
                Action::Activate { generation, .. } => prop_assert!(!closed.contains(generation)),
                Action::Lost | Action::Warn(_) => {}
            }
        }
    }
}
