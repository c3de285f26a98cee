//! The start sequence, and a socket that fails at every point of it.

use frontdesk_call::event::{CallEventBody, CallState, EndReason};
use frontdesk_call::frame::Frame;
use frontdesk_call::leg::LegEvent;
use frontdesk_call::{Problem, ProblemKind};
use serde_json::json;

use crate::doubles::{LegCall, ScriptedModel};
use crate::stage::{SECOND, Stage, config};

#[tokio::test(start_paused = true)]
async fn the_session_is_configured_before_the_leg_opens_and_greets() {
    let mut settings = config();
    settings.greeting = Some("Say good day.".into());
    let mut stage = Stage::new(settings);
    let mut backend = stage.accepted.recv().await.expect("connects");
    stage.quiet().await;
    assert_eq!(
        backend.rest(),
        Vec::<serde_json::Value>::new(),
        "the backend speaks first"
    );

    backend.says(json!({"type": "session.created", "session": {}})).await;
    let update = backend.expects("session.update").await;
    assert_eq!(update["session"]["type"], "realtime");
    assert_eq!(
        update["session"]["audio"]["input"]["format"],
        json!({"type": "audio/pcm", "rate": 24_000})
    );
    assert_eq!(update["session"]["audio"]["input"]["transcription"]["model"], "ears-1");
    assert_eq!(update["session"]["tools"][0]["name"], "quick");
    assert_eq!(
        stage.leg.rest(),
        [],
        "the microphone stays closed until the session is configured"
    );

    backend.says(json!({"type": "session.updated", "session": {}})).await;
    let create = backend.expects("response.create").await;
    assert_eq!(create["response"]["instructions"], "Say good day.");
    assert_eq!(create["response"]["metadata"]["frontdesk_purpose"], "greeting");
    assert_eq!(stage.leg.rest(), [LegCall::Busy(true), LegCall::Open]);

    backend.begins("resp1", Some(&create)).await;
    backend.speaks("resp1", "greeting", None, "Good day!", SECOND).await;
    backend.completes("resp1", "greeting", "Good day!").await;
    stage.plays_to_the_end("greeting", SECOND).await;
    let played = stage.leg.rest();
    assert_eq!(
        played.last(),
        Some(&LegCall::Busy(false)),
        "now it is the caller's turn"
    );
    stage.rest().await;
    assert_eq!(
        stage.states(),
        [CallState::Connecting, CallState::Greeting, CallState::Listening]
    );
    let audible = stage.seen.iter().find_map(|event| match &event.body {
        CallEventBody::ReplyAudible {
            since_speech_end_ms, ..
        } => Some(*since_speech_end_ms),
        _ => None,
    });
    assert_eq!(audible, Some(None), "a greeting answers nobody");
}

#[tokio::test(start_paused = true)]
async fn frames_go_out_one_by_one_once_the_leg_is_open() {
    let (stage, mut backend) = Stage::live(config()).await;
    for _ in 0..7 {
        stage.leg.says(LegEvent::Frame(Frame::SILENCE)).await;
    }
    stage.quiet().await;
    backend.rest();
    assert_eq!(backend.frames, 7);
}

#[tokio::test(start_paused = true)]
async fn a_backend_that_cannot_be_reached_fails_the_call_with_its_reason() {
    let (model, accepted) = ScriptedModel::new();
    model.refuse(Some(Problem::new(ProblemKind::BadKey, "The key was refused.")));
    let mut stage = Stage::with_model(config(), false, model, accepted);
    let end = stage.end().await;
    assert_eq!(
        (end.reason, end.problem.map(|problem| problem.kind)),
        (EndReason::Failed, Some(ProblemKind::BadKey))
    );
    assert_eq!(stage.leg.rest(), [LegCall::Close]);
}

#[tokio::test(start_paused = true)]
async fn a_connection_attempt_that_hangs_is_given_up() {
    let (model, accepted) = ScriptedModel::new();
    model.refuse(None);
    let mut stage = Stage::with_model(config(), false, model, accepted);
    assert_eq!(
        stage.end().await.problem.map(|problem| problem.kind),
        Some(ProblemKind::Offline)
    );
}

#[tokio::test(start_paused = true)]
async fn a_socket_that_closes_at_any_point_of_the_start_fails_the_call() {
    for steps in 0..3 {
        for clean in [true, false] {
            let mut stage = Stage::new(config());
            let mut backend = stage.accepted.recv().await.expect("connects");
            if steps > 0 {
                backend.says(json!({"type": "session.created", "session": {}})).await;
                backend.expects("session.update").await;
            }
            if steps > 1 {
                backend.says(json!({"type": "an.event.of.tomorrow"})).await;
            }
            if clean {
                backend.breaks(true).await
            } else {
                backend.vanishes()
            }
            let end = stage.end().await;
            let kind = end.problem.map(|problem| problem.kind);
            assert_eq!(
                (end.reason, kind),
                (EndReason::Failed, Some(ProblemKind::ConnectionLost)),
                "after {steps} steps"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_backend_that_stays_silent_at_any_point_of_the_start_fails_the_call() {
    for answers in [false, true] {
        let mut stage = Stage::new(config());
        let mut backend = stage.accepted.recv().await.expect("connects");
        if answers {
            backend.says(json!({"type": "session.created", "session": {}})).await;
            backend.expects("session.update").await;
        }
        assert_eq!(
            stage.end().await.problem.map(|problem| problem.kind),
            Some(ProblemKind::ProviderFailed)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_as_the_first_event_is_told_in_peoples_words() {
    let mut stage = Stage::new(config());
    let backend = stage.accepted.recv().await.expect("connects");
    let error =
        json!({"type": "invalid_request_error", "code": "invalid_api_key", "message": "Incorrect key: sk-12345"});
    backend.says(json!({"type": "error", "error": error})).await;
    let problem = stage.end().await.problem.expect("a problem");
    assert_eq!(problem.kind, ProblemKind::BadKey);
    assert!(
        problem.sentence.contains("Scripted") && !problem.sentence.contains("sk-"),
        "{}",
        problem.sentence
    );
}

#[tokio::test(start_paused = true)]
async fn a_call_that_nobody_holds_is_hung_up() {
    let (stage, _backend) = Stage::live(config()).await;
    let Stage {
        call,
        mut events,
        mut leg,
        ..
    } = stage;
    drop(call);
    while let Some(event) = events.next().await {
        if let CallEventBody::CallEnded { reason, .. } = &event.body {
            assert_eq!(*reason, EndReason::HungUp);
        }
    }
    assert_eq!(leg.rest().last(), Some(&LegCall::Close));
}
