//! Journaled before shown; and a journal that fails never ends a call and loses nothing.

use std::time::Duration;

use frontdesk_call::event::CallEventBody;
use frontdesk_call::{Command, ProblemKind};

use crate::doubles::JournalMood;
use crate::stage::{Stage, config};

fn not_saved(event: &CallEventBody) -> bool {
    matches!(event, CallEventBody::Warning { problem } if problem.kind == ProblemKind::NotSaved)
}

fn saved_again(event: &CallEventBody) -> bool {
    matches!(
        event,
        CallEventBody::Recovered {
            kind: ProblemKind::NotSaved
        }
    )
}

async fn journal_is_whole(stage: &mut Stage) {
    stage.end().await;
    stage.call.saved().await;
    let shown: Vec<_> = stage.seen.iter().map(|event| event.as_ref().clone()).collect();
    assert_eq!(*stage.journal.events.lock().unwrap(), shown);
}

#[tokio::test(start_paused = true)]
async fn an_event_is_in_the_journal_before_anyone_sees_it() {
    let (mut stage, backend) = Stage::live(config()).await;
    for number in 0..20 {
        backend.hears_turn(&format!("q{number}"), None).await;
        backend.transcribes(&format!("q{number}"), "Hello").await;
    }
    stage.command(Command::EndCall);
    while let Some(event) = stage.events.next().await {
        let kept = stage.journal.events.lock().unwrap().len() as u64;
        assert!(
            event.seq < kept,
            "event {} was shown with {kept} events kept",
            event.seq
        );
        stage.seen.push(event);
    }
    journal_is_whole(&mut stage).await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_shown_while_the_journal_still_writes() {
    let (mut stage, backend) = Stage::live(config()).await;
    stage.rest().await;
    stage.journal.mood.send_replace(JournalMood::Hangs);
    backend.transcribes("q1", "Hello").await;
    assert_eq!(stage.rest().await, [], "not kept, so not shown");
    stage.journal.mood.send_replace(JournalMood::Works);
    stage
        .event(|event| matches!(event, CallEventBody::CallerTranscript { .. }))
        .await;
    stage.command(Command::EndCall);
    journal_is_whole(&mut stage).await;
}

#[tokio::test(start_paused = true)]
async fn a_journal_that_fails_is_said_and_made_up_for() {
    let (mut stage, backend) = Stage::live(config()).await;
    stage.journal.mood.send_replace(JournalMood::Fails);
    backend.hears_turn("q1", None).await;
    backend.transcribes("q1", "Hello").await;
    let warning = stage.event(not_saved).await;
    let said = matches!(&warning, CallEventBody::Warning { problem } if problem.sentence == "The disk is full.");
    assert!(said, "the journal's own reason: {warning:?}");
    stage.wait(Duration::from_secs(60)).await;
    backend.transcribes("q2", "Are you there?").await;
    stage
        .event(|event| matches!(event, CallEventBody::CallerTranscript { text, .. } if text == "Are you there?"))
        .await;
    let warnings = stage.seen.iter().filter(|event| not_saved(&event.body)).count();
    assert_eq!(warnings, 1, "said once");
    stage.journal.mood.send_replace(JournalMood::Works);
    stage.event(saved_again).await;
    stage.command(Command::EndCall);
    journal_is_whole(&mut stage).await;
}

#[tokio::test(start_paused = true)]
async fn a_journal_that_hangs_does_not_hold_the_readers_up_for_long_nor_write_twice() {
    let (mut stage, backend) = Stage::live(config()).await;
    stage.journal.mood.send_replace(JournalMood::Hangs);
    backend.transcribes("q1", "Hello").await;
    stage
        .event(|event| matches!(event, CallEventBody::CallerTranscript { .. }))
        .await;
    stage.event(not_saved).await;
    stage.journal.mood.send_replace(JournalMood::Works);
    stage.event(saved_again).await;
    stage.command(Command::EndCall);
    journal_is_whole(&mut stage).await;
}

#[tokio::test(start_paused = true)]
async fn a_call_that_ended_during_an_outage_is_saved_later() {
    let (mut stage, backend) = Stage::live(config()).await;
    stage.journal.mood.send_replace(JournalMood::Fails);
    backend.transcribes("q1", "Hello").await;
    stage.event(not_saved).await;
    stage.command(Command::EndCall);
    stage.end().await;
    stage.wait(Duration::from_secs(600)).await;
    stage.journal.mood.send_replace(JournalMood::Works);
    journal_is_whole(&mut stage).await;
    let last = stage.journal.events.lock().unwrap().last().cloned();
    assert!(last.is_some_and(|event| matches!(event.body, CallEventBody::CallEnded { .. })));
}
