//! The speech chain on the real models: what it says it hears, also over a telephone, twice at once, and on bad input.

#![allow(
    clippy::unwrap_used,
    reason = "the lint spares test functions only, and the helpers beside them are tests too"
)]

#[path = "support/files.rs"]
mod files;
#[path = "support/recordings.rs"]
mod recordings;
#[path = "support/spoken_line.rs"]
mod spoken_line;
#[path = "support/words.rs"]
mod words;

use std::sync::OnceLock;

use files::model_files;
use frontdesk_engine::speech::{
    HEARING_RATE, HearingResampler, LocalVoice, Speech, TurnDetector, TurnEvent, TurnSettings, WIRE_RATE, resample_clip,
};
use spoken_line::Line;
use words::{word_errors, words};

const REPLIES: [&str; 10] = [
    "Thank you for calling Prime Auto Lab. How can I help you today?",
    "An oil change takes about thirty minutes and costs $50 to $80.",
    "We are open Monday to Friday from 8 a.m. to 6 p.m., and on Saturday until 4.",
    "Sure, may I have your name and your phone number, please?",
    "I have (555) 123-4567. Is that right?",
    "Your appointment is on Tuesday, November 24, at 9:30 in the morning.",
    "Brake repair takes about two hours and costs between $150 and $400.",
    "The inspection is free with any service, and the shuttle runs within 10 miles.",
    "I am sorry, I do not know that, but I can take a message for our team.",
    "You can cancel up to 24 hours before the appointment without any charge.",
];

/// One chain for all tests of this file: loading it ten times would take longer than all tests.
fn speech() -> &'static Speech {
    static SPEECH: OnceLock<Speech> = OnceLock::new();
    SPEECH.get_or_init(|| Speech::load(&model_files()).unwrap_or_else(|error| panic!("{error}")))
}

/// The reply as wire audio.
fn spoken(text: &str) -> Vec<i16> {
    speech()
        .say(text, 1.0)
        .flat_map(|clause| clause.unwrap().samples)
        .collect()
}

/// Every reply with its wire audio, spoken once for all tests of this file.
fn replies() -> impl Iterator<Item = (&'static str, &'static [i16])> {
    static SPOKEN: OnceLock<Vec<Vec<i16>>> = OnceLock::new();
    let spoken = SPOKEN.get_or_init(|| REPLIES.into_iter().map(spoken).collect());
    REPLIES.into_iter().zip(spoken.iter().map(Vec::as_slice))
}

fn floats(samples: &[i16]) -> Vec<f32> {
    samples.iter().map(|sample| f32::from(*sample) / 32_768.0).collect()
}

fn hearing(wire: &[i16]) -> Vec<f32> {
    resample_clip(&floats(wire), WIRE_RATE, HEARING_RATE).unwrap()
}

/// Word errors over all replies, as a share of the words said, with the lines for the failure message.
fn word_error_rate(line: impl Fn(&[i16]) -> Vec<f32>) -> (f64, String) {
    let mut errors = 0;
    let mut total = 0;
    let mut report = String::new();
    for (reply, wire) in replies() {
        let heard = speech().recognise(&line(wire)).unwrap();
        let said = words(reply);
        errors += word_errors(&said, &words(&heard.text));
        total += said.len();
        report.push_str(&format!("{reply}\n  {}\n", heard.text));
    }
    (errors as f64 / total as f64, report)
}

#[test]
fn what_the_voice_says_is_what_the_recogniser_hears() {
    let (rate, report) = word_error_rate(hearing);
    assert!(rate <= 0.12, "word error rate {rate:.3}\n{report}");
}

#[test]
fn what_sounds_the_same_is_no_word_error() {
    for (said, written) in [
        ("ten", "10"),
        ("fifty dollars", "$50"),
        ("Okay, goodbye.", "Ok, good-bye."),
        ("All right, not anymore.", "Alright, not any more"),
        ("my brakes", "my breaks"),
        ("my code is 553 901", "My code is 553-901."),
    ] {
        assert_eq!(words(said), words(written));
    }
    assert_eq!(words("from 50 to 80"), words("from 50-80"), "a range");
    assert_eq!(word_errors(&words("an oil change"), &words("an oil chain")), 1);
}

#[test]
fn a_telephone_line_of_eight_kilohertz_is_understood() {
    let (rate, report) = word_error_rate(|wire| Line::Telephone.carries(&hearing(wire), &[], 0));
    assert!(rate <= 0.15, "word error rate {rate:.3}\n{report}");
}

#[test]
fn speech_between_silences_is_one_turn_at_the_right_time() {
    for (reply, spoken) in replies() {
        let mut wire = vec![0; WIRE_RATE as usize];
        wire.extend(spoken);
        let end = wire.len();
        wire.resize(end + 2 * WIRE_RATE as usize, 0);

        let mut detector = TurnDetector::new(TurnSettings::default());
        let mut listener = speech().listen();
        let mut resampler = HearingResampler::new(WIRE_RATE).unwrap();
        let mut events = Vec::new();
        for frame in wire.chunks(480) {
            for probability in listener.push(&resampler.push(frame).unwrap()).unwrap() {
                events.extend(detector.push(probability));
            }
        }
        let [
            TurnEvent::SpeechStarted { audio_start_ms },
            TurnEvent::SpeechStopped { speech_end_ms, .. },
        ] = events[..]
        else {
            panic!("{reply}: {events:?}");
        };
        let end_ms = end as i64 * 1000 / i64::from(WIRE_RATE);
        assert!(
            (600..=1100).contains(&audio_start_ms),
            "{reply}: starts at {audio_start_ms} ms"
        );
        // The clause ends with up to 320 ms of pause and fading.
        assert!(
            (end_ms - 700..=end_ms + 100).contains(&(speech_end_ms as i64)),
            "{reply}: ends at {speech_end_ms} ms"
        );
    }
}

#[test]
fn a_reply_comes_in_clauses_that_join_without_a_click() {
    let reply = REPLIES[2];
    let clauses: Vec<_> = speech().say(reply, 1.0).map(Result::unwrap).collect();
    assert!(clauses.len() >= 2);
    assert_eq!(
        clauses.iter().map(|clause| clause.text.as_str()).collect::<String>(),
        reply
    );
    for clause in &clauses {
        assert!(clause.speech_samples > 0 && clause.speech_samples <= clause.samples.len());
        for edge in [clause.samples[0], clause.samples[clause.speech_samples - 1]] {
            assert!(edge.abs() < 300, "an edge of {edge} clicks");
        }
        assert_eq!(clause.heard(clause.samples.len()), clause.text);
    }
}

#[test]
fn a_faster_voice_says_the_same_in_less_time() {
    let length = |speed| {
        speech()
            .say(REPLIES[1], speed)
            .map(|clause| clause.unwrap().samples.len())
            .sum::<usize>()
    };
    let (slow, fast) = (length(0.8), length(1.4));
    assert!(fast * 5 < slow * 4, "{fast} against {slow} samples");
}

#[test]
fn two_calls_speak_and_listen_at_the_same_time() {
    let results: Vec<(f64, String)> = std::thread::scope(|scope| {
        let calls: Vec<_> = [&REPLIES[3..5], &REPLIES[6..8]]
            .into_iter()
            .map(|replies| {
                scope.spawn(move || {
                    let mut errors = 0;
                    let mut total = 0;
                    let mut report = String::new();
                    for reply in replies {
                        let heard = speech().recognise(&hearing(&spoken(reply))).unwrap().text;
                        errors += word_errors(&words(reply), &words(&heard));
                        total += words(reply).len();
                        report.push_str(&heard);
                    }
                    (errors as f64 / total as f64, report)
                })
            })
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    for (rate, report) in results {
        // Mixed-up state between calls would give the other call's words, a rate near 1. The voice varies from run to run, and one phone
        // number that is written in another grouping counts as seven wrong words of these few.
        assert!(rate <= 0.6, "word error rate {rate:.3}: {report}");
    }
}

#[test]
fn a_turn_longer_than_the_model_can_take_is_heard_to_its_end() {
    let mut wire = Vec::new();
    for (_, spoken) in replies() {
        wire.extend(spoken);
        wire.resize(wire.len() + WIRE_RATE as usize / 4, 0);
    }
    assert!(wire.len() > 31 * WIRE_RATE as usize, "{} samples", wire.len());
    let heard = speech().recognise(&hearing(&wire)).unwrap().text.to_lowercase();
    for word in ["thank", "oil", "saturday", "inspection", "message", "cancel"] {
        assert!(heard.contains(word), "no {word:?} in {heard}");
    }
}

#[test]
fn silence_and_broken_samples_are_heard_as_nothing() {
    for samples in [
        vec![],
        vec![0.0; 10],
        vec![0.0; 16_000],
        vec![f32::NAN; 16_000],
        vec![f32::INFINITY; 200],
    ] {
        assert_eq!(
            speech().recognise(&samples).unwrap().text,
            "",
            "{} samples",
            samples.len()
        );
        let mut listener = speech().listen();
        assert!(
            listener
                .push(&samples)
                .unwrap()
                .iter()
                .all(|probability| *probability < 0.5)
        );
    }
    // A click too short for a word must not fail either.
    speech().recognise(&[0.5; 40]).unwrap();
}

#[test]
fn a_reply_without_anything_to_say_is_silent_and_still_shown() {
    let clauses: Vec<_> = speech().say("😀 … ", 1.0).map(Result::unwrap).collect();
    assert!(clauses.iter().all(|clause| clause.samples.is_empty()));
    assert_eq!(
        clauses.iter().map(|clause| clause.text.as_str()).collect::<String>(),
        "😀 … "
    );
    assert_eq!(speech().say("", 1.0).count(), 0);
}

/// The better voices read the same phonemes as the light one, in other signs; a wrong number would be another sound.
#[test]
fn a_better_voice_is_understood_and_is_another_voice() {
    let said = "Good morning. An oil change takes thirty minutes.";
    let wires = [LocalVoice::Joe, LocalVoice::Heart, LocalVoice::Michael].map(|voice| {
        let clauses = speech().say(said, 1.0).in_voice(voice);
        clauses.flat_map(|clause| clause.unwrap().samples).collect::<Vec<i16>>()
    });
    for (at, wire) in wires.iter().enumerate() {
        assert!(!wires[..at].contains(wire), "one voice speaks for two");
        let heard = speech().recognise(&hearing(wire)).unwrap().text;
        let errors = word_errors(&words(said), &words(&heard));
        assert!(errors <= 1, "{heard}");
    }
}
