//! The playback side driven on a virtual clock: the real chain, the real callback, no device.

use super::*;
use crate::callback::playback::PlaybackCallback;
use crate::signal::{largest_step, sine_sample, to_i16};

/// A speaker of 48 kHz whose callback takes 10 ms at a time, and a clock that moves with it.
struct Room {
    playback: Playback,
    callback: PlaybackCallback,
    now: Instant,
    heard: Vec<f32>,
    events: Vec<LegEvent>,
    rate: u32,
}

impl Room {
    fn new(rate: u32) -> Self {
        let mut playback = Playback::new().unwrap();
        let (speaker, callback) = speaker_ring(rate, 1, playback.session_delay()).unwrap();
        playback.attach(speaker);
        Self {
            playback,
            callback,
            now: Instant::now(),
            heard: Vec::new(),
            events: Vec::new(),
            rate,
        }
    }

    /// 10 ms: the audio thread wakes, then the callback comes.
    fn step(&mut self) {
        self.playback.tick(self.now, |_| (), &mut self.events);
        let mut buffer = vec![0.0f32; self.rate as usize / 100];
        self.callback.process(&mut buffer, 0);
        self.heard.extend_from_slice(&buffer);
        self.now += Duration::from_millis(10);
    }

    fn steps(&mut self, count: usize) {
        for _ in 0..count {
            self.step();
        }
    }

    fn played(&self, name: &str) -> Option<u64> {
        self.events.iter().rev().find_map(|event| match event {
            LegEvent::Played { item, samples } if item.as_str() == name => Some(*samples),
            _ => None,
        })
    }
}

fn item(name: &str) -> ItemId {
    ItemId::new(name)
}

fn sine(from: usize, count: usize) -> Vec<i16> {
    (from..from + count)
        .map(|index| to_i16(sine_sample(index, 440.0, SAMPLE_RATE, 0.5)))
        .collect()
}

#[test]
fn ten_minutes_of_sine_at_one_and_a_half_times_real_time_have_no_discontinuity() {
    let mut room = Room::new(48_000);
    let reply = item("reply");
    let total = 600 * SAMPLE_RATE as usize;
    // A piece of 100 ms arrives every 66.7 ms, in steps of the 10 ms clock.
    let piece = SAMPLE_RATE as usize / 10;
    let mut sent = 0;
    let mut steps = 0;
    while !room.events.contains(&LegEvent::Finished { item: reply.clone() }) {
        while sent < total && sent * 20 <= steps * 3 * piece {
            room.playback.play(&reply, &sine(sent, piece));
            sent += piece;
            if sent == total {
                room.playback.finish(&reply);
            }
        }
        room.step();
        steps += 1;
        assert!(steps < 62_000, "the reply never ends");
    }
    let onset = room.heard.iter().position(|sample| sample.abs() > 0.4).unwrap();
    let end = room.heard.iter().rposition(|sample| sample.abs() > 0.4).unwrap();
    // The ramp of the first samples is not part of the sine.
    let sounding = &room.heard[onset + 480..end];
    let length = sounding.len() as f64 / 48_000.0;
    assert!((599.97..=600.0).contains(&length), "{length} s");
    let natural = 0.5 * std::f32::consts::TAU * 440.0 / 48_000.0;
    assert!(
        largest_step(sounding) < natural * 1.02,
        "step {}",
        largest_step(sounding)
    );
    // Nothing missing and nothing twice: the last second is still in phase with the first.
    let phase_error = (0..48_000)
        .map(|index| (sounding[index] - sounding[index + 599 * 48_000 - 48_000]).abs())
        .fold(0.0, f32::max);
    assert!(phase_error < 0.01, "phase {phase_error}");
    assert_eq!(room.played("reply"), Some(total as u64));
    assert_eq!(room.playback.counters().starved, 0);
}

#[test]
fn the_first_sample_is_in_the_ring_in_the_step_that_reaches_the_threshold() {
    let mut room = Room::new(48_000);
    room.steps(5);
    room.playback.play(&item("a"), &sine(0, START_QUEUED_SAMPLES - 1));
    room.playback.tick(room.now, |_| (), &mut room.events);
    assert_eq!(room.playback.speaker.as_ref().unwrap().occupied(), 0);
    room.playback.play(&item("a"), &sine(START_QUEUED_SAMPLES, 1));
    room.playback.tick(room.now, |_| (), &mut room.events);
    assert!(room.playback.speaker.as_ref().unwrap().occupied() > 0);
}

#[test]
fn a_short_first_piece_starts_sixty_milliseconds_later() {
    let mut room = Room::new(48_000);
    room.playback.play(&item("a"), &sine(0, 600));
    room.steps(6);
    assert!(room.heard.iter().all(|sample| *sample == 0.0));
    room.steps(4);
    assert!(room.heard.iter().any(|sample| sample.abs() > 0.1));
}

#[test]
fn a_slow_model_makes_a_faded_pause_that_is_counted_and_loses_nothing() {
    let mut room = Room::new(44_100);
    let reply = item("a");
    room.playback.play(&reply, &sine(0, 4_800));
    room.steps(50);
    room.playback.play(&reply, &sine(4_800, 4_800));
    room.playback.finish(&reply);
    room.steps(50);
    assert_eq!(room.playback.counters().starved, 1);
    assert!(largest_step(&room.heard) < 0.05, "step {}", largest_step(&room.heard));
    assert_eq!(room.played("a"), Some(9_600));
    assert!(room.events.contains(&LegEvent::Finished { item: reply }));
}

#[test]
fn a_flush_is_answered_once_with_what_was_heard_and_the_next_reply_is_clean() {
    let mut room = Room::new(48_000);
    room.playback.play(&item("a"), &sine(0, 24_000));
    room.playback.play(&item("b"), &sine(0, 24_000));
    room.steps(30);
    let before = room.played("a").unwrap();
    room.playback.flush(room.now);
    room.steps(3);
    let answers: Vec<_> = room
        .events
        .iter()
        .filter_map(|event| match event {
            LegEvent::Flushed { heard } => Some(heard.clone()),
            _ => None,
        })
        .collect();
    let [answer] = answers.as_slice() else {
        panic!("exactly one answer, got {answers:?}")
    };
    assert_eq!(answer[0].item, item("a"));
    assert!(
        answer[0].samples >= before && answer[0].samples < before + 2_400,
        "{answer:?} after {before}"
    );
    assert_eq!(
        answer[1],
        Heard {
            item: item("b"),
            samples: 0
        }
    );
    assert!(room.heard[room.heard.len() - 480..].iter().all(|sample| *sample == 0.0));

    room.playback.play(&item("a"), &sine(0, 2_400));
    assert_eq!(
        room.playback.counters().late_samples,
        2_400,
        "audio of a cancelled reply is refused"
    );
    room.playback.play(&item("c"), &sine(0, 12_000));
    room.playback.finish(&item("c"));
    room.steps(70);
    assert_eq!(room.played("c"), Some(12_000));
}

#[test]
fn two_flushes_get_two_answers_and_a_flush_of_nothing_gets_one() {
    let mut room = Room::new(48_000);
    room.playback.play(&item("a"), &sine(0, 24_000));
    room.steps(10);
    room.playback.flush(room.now);
    room.playback.play(&item("b"), &sine(0, 480));
    room.playback.flush(room.now);
    room.steps(3);
    room.playback.flush(room.now);
    room.steps(3);
    let answers: Vec<usize> = room
        .events
        .iter()
        .filter_map(|event| match event {
            LegEvent::Flushed { heard } => Some(heard.len()),
            _ => None,
        })
        .collect();
    assert_eq!(answers, [1, 1, 0]);
}

#[test]
fn a_flush_is_answered_although_the_speaker_is_dead() {
    let mut room = Room::new(48_000);
    room.playback.play(&item("a"), &sine(0, 24_000));
    room.steps(10);
    room.playback.flush(room.now);
    room.playback.tick(room.now, |_| (), &mut room.events);
    assert!(
        !room
            .events
            .iter()
            .any(|event| matches!(event, LegEvent::Flushed { .. }))
    );
    room.playback.tick(room.now + FLUSH_PATIENCE, |_| (), &mut room.events);
    assert!(
        room.events
            .iter()
            .any(|event| matches!(event, LegEvent::Flushed { .. }))
    );
}

#[test]
fn another_speaker_goes_on_at_the_first_unheard_sample() {
    let mut room = Room::new(48_000);
    let reply = item("a");
    room.playback.play(&reply, &sine(0, 48_000));
    room.playback.finish(&reply);
    room.steps(50);
    let (speaker, callback) = speaker_ring(44_100, 1, room.playback.session_delay()).unwrap();
    room.playback.attach(speaker);
    let before = room.played("a").unwrap();
    room.callback = callback;
    room.rate = 44_100;
    room.heard.clear();
    room.steps(200);
    let seconds = room.heard.iter().filter(|sample| sample.abs() > 0.001).count() as f64 / 44_100.0;
    let expected = (48_000 - before) as f64 / f64::from(SAMPLE_RATE);
    assert!((seconds - expected).abs() < 0.08, "{seconds} s of {expected} s");
    assert_eq!(room.played("a"), Some(48_000));
    assert_eq!(room.events.last(), Some(&LegEvent::Finished { item: reply }));
}

#[test]
fn the_device_latency_is_taken_from_what_was_heard() {
    let mut room = Room::new(48_000);
    room.playback.play(&item("a"), &sine(0, 24_000));
    for _ in 0..20 {
        room.playback.tick(room.now, |_| (), &mut room.events);
        // 50 ms from the callback to the ear.
        room.callback.process(&mut [0.0f32; 480], 2_400);
        room.now += Duration::from_millis(10);
    }
    room.playback.tick(room.now, |_| (), &mut room.events);
    let popped_session_samples = 20 * 240;
    let latency = (2_400 + 480) / 2;
    assert!(room.played("a").unwrap() <= popped_session_samples - latency);
}
