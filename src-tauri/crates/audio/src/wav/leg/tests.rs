//! The leg of a caller from files, on a paused clock.

use frontdesk_call::leg::Heard;

use super::*;

fn turn(value: i16, frames: usize) -> CallerTurn {
    CallerTurn {
        path: "turn.wav".into(),
        samples: vec![value; frames * FRAME_SAMPLES],
    }
}

fn item(name: &str) -> ItemId {
    ItemId::new(name)
}

/// Two minutes of the caller's frames, one of which comes with every tick.
const PATIENCE_FRAMES: usize = 6_000;

/// Reads events until one answers the question; also counts the caller's frames. Counted in frames and not in time: a paused clock runs on
/// whenever no task has work, so also while the recording's thread, which it does not know, is waited for.
async fn until<T>(leg: &mut Leg, mut wanted: impl FnMut(LegEvent) -> Option<T>) -> (T, usize) {
    let mut frames = 0;
    while frames < PATIENCE_FRAMES {
        let event = leg.events.recv().await.expect("the leg ended");
        frames += usize::from(matches!(event, LegEvent::Frame(_)));
        if let Some(found) = wanted(event) {
            return (found, frames);
        }
    }
    panic!("nothing came for two minutes");
}

fn spoken(event: LegEvent) -> Option<i16> {
    match event {
        LegEvent::Frame(frame) if frame != Frame::SILENCE => Some(frame.0[0]),
        _ => None,
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_goes_greeting_turn_reply_turn_reply_closed() {
    let mut leg = open_file_leg(vec![turn(1_000, 3), turn(2_000, 3)], None).unwrap().leg;
    leg.sink.set_busy(true);
    leg.sink.open();
    for (index, expected) in [(0, Some(1_000)), (1, Some(2_000)), (2, None)] {
        let reply = item(&format!("reply{index}"));
        leg.sink.play(&reply, &vec![500; 24_000]);
        leg.sink.finish(&reply);
        let (_, frames) = until(&mut leg, |event| {
            (event == LegEvent::Finished { item: reply.clone() }).then_some(())
        })
        .await;
        assert!((49..=53).contains(&frames), "one second of reply is {frames} frames");
        leg.sink.set_busy(false);
        match expected {
            Some(value) => {
                assert_eq!(until(&mut leg, spoken).await.0, value);
                leg.sink.set_busy(true);
            }
            None => {
                until(&mut leg, |event| (event == LegEvent::Closed).then_some(())).await;
            }
        }
    }
    leg.sink.close();
    while leg.events.recv().await.is_some() {}
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_before_the_session_opens_the_leg_or_while_it_is_muted() {
    let mut leg = open_file_leg(vec![turn(1_000, 3)], None).unwrap().leg;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(leg.events.try_recv().is_err());
    leg.sink.open();
    leg.sink.set_muted(true);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut events = Vec::new();
    while let Ok(event) = leg.events.try_recv() {
        events.push(event);
    }
    use MicrophoneState::{Live, Muted};
    assert_eq!(events, [LegEvent::Microphone(Live), LegEvent::Microphone(Muted)]);
}

#[tokio::test(start_paused = true)]
async fn a_flush_plays_its_ramp_and_tells_to_the_sample_what_was_heard() {
    let mut leg = open_file_leg(vec![turn(1_000, 3)], None).unwrap().leg;
    leg.sink.set_busy(true);
    leg.sink.open();
    leg.sink.play(&item("a"), &vec![500; 24_000]);
    leg.sink.play(&item("b"), &vec![500; 24_000]);
    let (played, _) = until(&mut leg, |event| match event {
        LegEvent::Played { samples, .. } if samples >= 4_800 => Some(samples),
        _ => None,
    })
    .await;
    leg.sink.flush();
    leg.sink.flush();
    let mut answers = Vec::new();
    let mut frames = 0;
    while answers.len() < 2 {
        let (heard, between) = until(&mut leg, |event| match event {
            LegEvent::Flushed { heard } => Some(heard),
            _ => None,
        })
        .await;
        frames += between as u64;
        answers.push(heard);
    }
    let expected = played + frames.saturating_sub(1) * FRAME_SAMPLES as u64 + FLUSH_RAMP as u64;
    assert!(
        answers[0][0].samples.abs_diff(expected) <= FRAME_SAMPLES as u64,
        "{answers:?}, expected about {expected}"
    );
    assert_eq!(answers[0][0].samples % FRAME_SAMPLES as u64, FLUSH_RAMP as u64);
    assert_eq!(
        answers[0][1],
        Heard {
            item: item("b"),
            samples: 0
        }
    );
    assert_eq!(answers[1], [], "the second flush found nothing");
}

#[tokio::test(start_paused = true)]
async fn the_recording_holds_both_sides_sample_for_sample() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("call.wav");
    let FileLeg { mut leg, recording } = open_file_leg(vec![turn(1_000, 5)], Some(&path)).unwrap();
    leg.sink.set_busy(true);
    leg.sink.open();
    let reply = item("greeting");
    leg.sink.play(&reply, &vec![500; 2_400]);
    leg.sink.finish(&reply);
    until(&mut leg, |event| {
        (event == LegEvent::Finished { item: reply.clone() }).then_some(())
    })
    .await;
    leg.sink.set_busy(false);
    until(&mut leg, spoken).await;
    leg.sink.set_busy(true);
    leg.sink.set_busy(false);
    until(&mut leg, |event| (event == LegEvent::Closed).then_some(())).await;
    leg.sink.close();
    let summary = recording.unwrap().finished().await.unwrap();
    let samples: Vec<i16> = hound::WavReader::open(&path)
        .unwrap()
        .into_samples()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(samples.len() as u64, 2 * summary.samples);
    let side = |offset: usize, value: i16| {
        samples
            .iter()
            .skip(offset)
            .step_by(2)
            .filter(|sample| **sample == value)
            .count()
    };
    assert_eq!(
        (side(0, 1_000), side(0, 500)),
        (5 * FRAME_SAMPLES, 0),
        "the caller is left"
    );
    assert_eq!((side(1, 500), side(1, 1_000)), (2_400, 0), "the receptionist is right");
}

#[tokio::test(start_paused = true)]
async fn a_session_that_dies_leaves_a_whole_recording() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("call.wav");
    let FileLeg { mut leg, recording } = open_file_leg(vec![turn(1_000, 500)], Some(&path)).unwrap();
    leg.sink.set_busy(false);
    leg.sink.open();
    until(&mut leg, spoken).await;
    drop(leg);
    let summary = recording.unwrap().finished().await.unwrap();
    assert!(summary.samples > 0);
    assert_eq!(
        u64::from(hound::WavReader::open(&path).unwrap().duration()),
        summary.samples
    );
}

#[test]
fn a_recording_that_cannot_be_created_is_refused_before_the_call() {
    let missing = Path::new("/nonexistent/folder/call.wav");
    assert!(matches!(
        open_file_leg(Vec::new(), Some(missing)),
        Err(AudioError::RecordingFailed { .. })
    ));
}
