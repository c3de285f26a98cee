//! How calls end: silence, length, goodbye, a caller who is gone.

use std::time::Duration;

use frontdesk_call::event::{CallEventBody, CallState, EndReason};
use frontdesk_call::frame::Frame;
use frontdesk_call::leg::LegEvent;
use frontdesk_call::{Command, Problem, ProblemKind};
use serde_json::{Value, json};

use crate::doubles::{Backend, LegCall};
use crate::stage::{SECOND, Stage, config};

/// The backend does what the next request asks for; the leg plays it. Returns its purpose.
async fn serves(stage: &mut Stage, backend: &mut Backend, number: usize) -> Value {
    let create = loop {
        let told = backend.told().await;
        if told["type"] == "response.create" {
            break told;
        }
    };
    let (response, item) = (format!("served{number}"), format!("words{number}"));
    backend.begins(&response, Some(&create)).await;
    backend.speaks(&response, &item, None, "Some words.", SECOND).await;
    backend.completes(&response, &item, "Some words.").await;
    stage.quiet().await;
    stage.plays_to_the_end(&item, SECOND).await;
    create["response"]["metadata"]["frontdesk_purpose"].clone()
}

#[tokio::test(start_paused = true)]
async fn nobody_speaks_so_there_is_one_question_and_then_a_polite_end() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    let began = tokio::time::Instant::now();
    assert_eq!(serves(&mut stage, &mut backend, 1).await, "idleQuestion");
    assert!(
        (300..302).contains(&began.elapsed().as_secs()),
        "asked after five minutes"
    );
    assert_eq!(serves(&mut stage, &mut backend, 2).await, "goodbye");
    let end = stage.end().await;
    assert_eq!(end.reason, EndReason::Idle);
    assert!((330..335).contains(&began.elapsed().as_secs()));
    let played = stage
        .seen
        .iter()
        .filter(|event| matches!(event.body, CallEventBody::ReplyPlayed { .. }))
        .count();
    assert_eq!(played, 2, "the goodbye was heard to its end");
    assert_eq!(stage.leg.rest().last(), Some(&LegCall::Close));
}

/// The backend speaks `samples` of a reply, and the leg reports nothing.
async fn speaks_to_nobody(backend: &mut Backend, create: Option<&Value>, number: usize, samples: usize) -> String {
    let (response, item) = (format!("served{number}"), format!("words{number}"));
    backend.begins(&response, create).await;
    backend.speaks(&response, &item, None, "Some words.", samples).await;
    backend.completes(&response, &item, "Some words.").await;
    item
}

#[tokio::test(start_paused = true)]
async fn without_a_speaker_replies_end_unheard_and_the_call_ends_for_idleness() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    let began = tokio::time::Instant::now();
    let item = speaks_to_nobody(&mut backend, None, 0, 3 * SECOND).await;
    let unheard = |event: &CallEventBody| matches!(event, CallEventBody::ReplyInterrupted { item_id, heard_ms: 0, .. } if item_id.as_str() == item);
    stage.event(unheard).await;
    assert_eq!(began.elapsed().as_secs(), 3 + 10, "its own length and ten seconds");
    assert!(
        stage.leg.rest().contains(&LegCall::Flush),
        "a speaker that comes back does not play it"
    );
    backend.expects("conversation.item.delete").await;
    assert_eq!(
        stage.states().last(),
        Some(&CallState::Listening),
        "no thinking for ever"
    );

    for (number, purpose) in [(1, "idleQuestion"), (2, "goodbye")] {
        let create = loop {
            let told = backend.told().await;
            if told["type"] == "response.create" {
                break told;
            }
        };
        assert_eq!(create["response"]["metadata"]["frontdesk_purpose"], purpose);
        speaks_to_nobody(&mut backend, Some(&create), number, SECOND).await;
    }
    assert_eq!(stage.end().await.reason, EndReason::Idle);
}

#[tokio::test(start_paused = true)]
async fn a_speaker_that_is_lost_in_the_middle_cuts_the_reply_where_it_was_heard() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    let item = speaks_to_nobody(&mut backend, None, 0, 3 * SECOND).await;
    stage.heard(&item, SECOND as u64).await;
    let cut = |event: &CallEventBody| matches!(event, CallEventBody::ReplyInterrupted { heard_ms: 1_000, .. });
    stage.event(cut).await;
    assert_eq!(
        backend.expects("conversation.item.truncate").await["audio_end_ms"],
        1_000
    );
}

#[tokio::test(start_paused = true)]
async fn reports_that_come_very_late_cut_nothing_off() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    let item = speaks_to_nobody(&mut backend, None, 0, 3 * SECOND).await;
    // The device was away for twelve seconds; then each tenth of the reply takes nine.
    stage.wait(Duration::from_secs(12)).await;
    for part in 1..=10 {
        stage.heard(&item, part * 3 * SECOND as u64 / 10).await;
        stage.wait(Duration::from_secs(9)).await;
    }
    stage.leg.finished(&item).await;
    stage
        .event(|event| matches!(event, CallEventBody::ReplyPlayed { .. }))
        .await;
    assert!(!stage.leg.rest().contains(&LegCall::Flush));
}

#[tokio::test(start_paused = true)]
async fn an_answer_to_the_question_keeps_the_call() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    assert_eq!(serves(&mut stage, &mut backend, 1).await, "idleQuestion");
    backend.hears_turn("q1", None).await;
    stage.wait(Duration::from_secs(240)).await;
    assert_eq!(backend.rest(), Vec::<Value>::new());
    assert_eq!(
        serves(&mut stage, &mut backend, 2).await,
        "idleQuestion",
        "the five minutes begin anew"
    );
}

#[tokio::test(start_paused = true)]
async fn a_question_that_was_not_asked_yet_is_forgotten_when_the_caller_speaks() {
    let (stage, mut backend) = Stage::live(config()).await;
    stage.wait(Duration::from_millis(299_998)).await;
    backend
        .says(json!({"type": "response.created", "response": {"id": "own"}}))
        .await;
    stage.wait(Duration::from_millis(2)).await;
    backend.hears_turn("q1", None).await;
    backend.done("own", "cancelled").await;
    stage.wait(Duration::from_secs(60)).await;
    assert!(backend.rest().iter().all(|event| event["type"] != "response.create"));
}

#[tokio::test(start_paused = true)]
async fn silence_does_not_count_while_a_response_is_pending() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    backend.begins("resp1", None).await;
    for _ in 0..20 {
        backend.says(json!({"type": "response.function_call_arguments.delta", "response_id": "resp1", "item_id": "f", "delta": "x"})).await;
        stage.wait(Duration::from_secs(30)).await;
    }
    assert_eq!(
        backend.rest(),
        Vec::<Value>::new(),
        "ten minutes of thinking are not silence of the caller"
    );
    backend.done("resp1", "completed").await;
    assert_eq!(serves(&mut stage, &mut backend, 1).await, "idleQuestion");
}

#[tokio::test(start_paused = true)]
async fn the_longest_length_ends_the_call_politely_and_nobody_can_cut_it() {
    let mut settings = config();
    settings.limits.maximum_length = Some(Duration::from_secs(30));
    let (mut stage, mut backend) = Stage::live(settings).await;
    backend.hears_turn("q1", None).await;
    backend.begins("resp1", None).await;
    backend.speaks("resp1", "a1", Some("q1"), "A long story", SECOND).await;
    stage.heard("a1", 480).await;
    stage.wait(Duration::from_secs(30)).await;
    backend.expects("input_audio_buffer.clear").await;
    stage.leg.says(LegEvent::Frame(Frame::SILENCE)).await;
    backend
        .says(json!({"type": "input_audio_buffer.speech_started", "item_id": "q2", "audio_start_ms": 0}))
        .await;
    stage.quiet().await;
    assert_eq!(
        backend.rest(),
        Vec::<Value>::new(),
        "the running reply is finished first"
    );
    assert!(!stage.leg.rest().contains(&LegCall::Flush));
    assert_eq!(backend.frames, 0, "the caller is not listened to any more");
    backend.completes("resp1", "a1", "A long story").await;
    assert_eq!(serves(&mut stage, &mut backend, 1).await, "goodbye");
    stage.plays_to_the_end("a1", SECOND).await;
    assert_eq!(stage.end().await.reason, EndReason::MaximumLength);
    assert!(stage.states().contains(&CallState::Ending));
}

#[tokio::test(start_paused = true)]
async fn a_tool_that_ends_the_call_lets_the_goodbye_be_heard() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    backend.begins("resp1", None).await;
    backend.calls("resp1", "t1", "endCall", "{}").await;
    backend.done("resp1", "completed").await;
    assert_eq!(serves(&mut stage, &mut backend, 1).await, "goodbye");
    assert_eq!(stage.end().await.reason, EndReason::Goodbye);
    assert!(
        stage
            .seen
            .iter()
            .any(|event| matches!(event.body, CallEventBody::ReplyPlayed { .. }))
    );
}

/// The receptionist says goodbye in the response that calls `endCall`, and the tool has run.
async fn says_goodbye(stage: &mut Stage, backend: &mut Backend) {
    backend.hears_turn("q1", None).await;
    backend.begins("resp1", None).await;
    backend.speaks("resp1", "bye", Some("q1"), "Goodbye!", SECOND).await;
    backend.calls("resp1", "t1", "endCall", "{}").await;
    backend.completes("resp1", "bye", "Goodbye!").await;
    stage
        .event(|event| matches!(event, CallEventBody::ToolFinished { .. }))
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_goodbye_that_was_said_with_the_call_of_the_tool_is_not_said_twice() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    says_goodbye(&mut stage, &mut backend).await;
    stage.quiet().await;
    stage.plays_to_the_end("bye", SECOND).await;
    assert_eq!(stage.end().await.reason, EndReason::Goodbye);
    assert!(backend.rest().iter().all(|event| event["type"] != "response.create"));
}

#[tokio::test(start_paused = true)]
async fn a_goodbye_that_never_comes_does_not_hold_the_line_for_ever() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    backend.begins("resp1", None).await;
    backend.calls("resp1", "t1", "endCall", "{}").await;
    backend.done("resp1", "completed").await;
    backend.expects("conversation.item.create").await;
    assert_eq!(stage.end().await.reason, EndReason::Goodbye);
}

/// The receptionist has said goodbye in the response that called `endCall`, and a quarter of it was heard.
async fn takes_leave(stage: &mut Stage, backend: &mut Backend) {
    says_goodbye(stage, backend).await;
    stage.heard("bye", SECOND as u64 / 4).await;
    stage.quiet().await;
    stage.leg.rest();
    backend.rest();
}

/// What was said over the goodbye is answered, and the call lives.
async fn goes_on(stage: &mut Stage, backend: &mut Backend) {
    stage.flushed("bye", SECOND as u64 / 4).await;
    backend.begins("resp2", None).await;
    backend.speaks("resp2", "a2", None, "Thirty minutes.", SECOND).await;
    backend.completes("resp2", "a2", "Thirty minutes.").await;
    stage.quiet().await;
    stage.plays_to_the_end("a2", SECOND).await;
    stage.wait(Duration::from_secs(60)).await;
    assert!(
        !stage
            .rest()
            .await
            .iter()
            .any(|event| matches!(event, CallEventBody::CallEnded { .. }))
    );
    assert_eq!(stage.states().last(), Some(&CallState::Listening));
    stage.command(Command::EndCall);
    assert_eq!(stage.end().await.reason, EndReason::HungUp);
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_speaks_over_the_goodbye_keeps_the_call() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    takes_leave(&mut stage, &mut backend).await;
    stage.rest().await;
    assert_eq!(stage.states().last(), Some(&CallState::Ending));
    stage.leg.says(LegEvent::Frame(Frame::SILENCE)).await;
    stage.quiet().await;
    backend.rest();
    assert_eq!(backend.frames, 1, "the caller is listened to until the end");
    backend.hears_turn("q2", Some("bye")).await;
    stage.quiet().await;
    assert_eq!(stage.leg.rest().first(), Some(&LegCall::Flush));
    goes_on(&mut stage, &mut backend).await;
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_types_during_the_goodbye_keeps_the_call() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    takes_leave(&mut stage, &mut backend).await;
    stage.command(Command::SendText("  ".into()));
    stage.quiet().await;
    assert!(!stage.leg.rest().contains(&LegCall::Flush), "blank text says nothing");
    stage.command(Command::SendText("Wait, how long does it take?".into()));
    stage.quiet().await;
    assert!(stage.leg.rest().contains(&LegCall::Flush));
    goes_on(&mut stage, &mut backend).await;
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_went_on_before_the_tool_had_run_is_not_hung_up_on() {
    let (mut stage, mut backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    backend.begins("resp1", None).await;
    backend.calls("resp1", "t1", "endCall", "{}").await;
    backend.done("resp1", "completed").await;
    stage
        .event(|event| matches!(event, CallEventBody::ToolStarted { .. }))
        .await;
    // The tool takes 100 ms; this is sooner.
    backend.hears_turn("q2", Some("q1")).await;
    stage
        .event(|event| matches!(event, CallEventBody::ToolFinished { .. }))
        .await;
    goes_on(&mut stage, &mut backend).await;
    let outputs = backend
        .rest()
        .iter()
        .filter(|event| event["item"]["type"] == "function_call_output")
        .count();
    assert_eq!(outputs, 1);
}

#[tokio::test(start_paused = true)]
async fn details_that_are_saved_together_with_the_goodbye_are_saved() {
    let (mut stage, backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    backend.begins("resp1", None).await;
    backend.speaks("resp1", "bye", Some("q1"), "Goodbye!", SECOND).await;
    backend.calls("resp1", "t1", "endCall", "{}").await;
    stage
        .event(|event| matches!(event, CallEventBody::ToolFinished { .. }))
        .await;
    backend.calls("resp1", "t2", "quick", "{}").await;
    backend.completes("resp1", "bye", "Goodbye!").await;
    stage.quiet().await;
    stage.plays_to_the_end("bye", SECOND).await;
    assert_eq!(stage.end().await.reason, EndReason::Goodbye);
    assert_eq!(*stage.tools.lock().unwrap(), ["endCall", "quick"]);
}

#[tokio::test(start_paused = true)]
async fn a_leg_that_has_no_more_to_say_hears_the_running_reply() {
    let (mut stage, backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    stage.leg.says(LegEvent::Closed).await;
    stage.wait(Duration::from_secs(1)).await;
    backend.begins("resp1", None).await;
    backend.speaks("resp1", "a1", Some("q1"), "Until six.", SECOND).await;
    backend.completes("resp1", "a1", "Until six.").await;
    backend.transcribes("q1", "When?").await;
    stage.quiet().await;
    stage.plays_to_the_end("a1", SECOND).await;
    assert_eq!(stage.end().await.reason, EndReason::LegClosed);
    assert!(
        stage
            .seen
            .iter()
            .any(|event| matches!(event.body, CallEventBody::ReplyPlayed { .. }))
    );
}

#[tokio::test(start_paused = true)]
async fn a_leg_that_is_gone_ends_the_call_at_once() {
    let (stage, _backend) = Stage::live(config()).await;
    let Stage { call, leg, .. } = stage;
    drop(leg);
    assert_eq!(call.ended().await.reason, EndReason::LegClosed);
}

#[tokio::test(start_paused = true)]
async fn a_leg_that_fails_ends_the_call_with_its_reason() {
    let (mut stage, _backend) = Stage::live(config()).await;
    stage
        .leg
        .says(LegEvent::Failed(Problem::new(
            ProblemKind::NoDevice,
            "There is no speaker.",
        )))
        .await;
    assert_eq!(
        stage.end().await.problem.map(|problem| problem.kind),
        Some(ProblemKind::NoDevice)
    );
}

#[tokio::test(start_paused = true)]
async fn a_hang_up_in_the_middle_of_a_reply_keeps_what_was_heard() {
    let (mut stage, backend) = Stage::live(config()).await;
    backend.hears_turn("q1", None).await;
    backend.begins("resp1", None).await;
    backend
        .speaks("resp1", "a1", Some("q1"), "We are open until six", 4 * SECOND)
        .await;
    stage.heard("a1", 2 * SECOND as u64).await;
    stage.quiet().await;
    stage.command(Command::EndCall);
    assert_eq!(stage.end().await.reason, EndReason::HungUp);
    let heard = stage
        .seen
        .iter()
        .any(|event| matches!(event.body, CallEventBody::ReplyInterrupted { heard_ms: 2_000, .. }));
    assert!(heard);
    assert!(
        stage.call.command(Command::EndCall).is_err(),
        "a call that is over takes no commands"
    );
}
