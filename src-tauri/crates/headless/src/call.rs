//! `frontdeskd call`: audio files speak for the caller. All that can be wrong with the input is said before anything connects.

use std::path::{Path, PathBuf};
use std::time::Duration;

use frontdesk_app::ExportFormat;
use frontdesk_app::app::{App, FileCall, RunningFileCall, StartOptions};
use frontdesk_call::event::{CallEventBody, EndReason};
use frontdesk_call::problem::{Problem, ProblemKind};
use frontdesk_call::{CallEvent, CallHandle, Command};

use tokio::time::timeout;

use crate::arguments::CallCommand;
use crate::conversation::Conversation;
use crate::exit::{Exit, bad_input};
use crate::output;

/// Longest wait for the last events to reach a database that does not take them.
const SAVE_LIMIT: Duration = Duration::from_secs(10);

/// Makes the call, prints it as it happens, exports it.
pub async fn run(options: StartOptions, command: CallCommand) -> Result<Exit, Problem> {
    let export = command.export.as_deref().map(with_format).transpose()?;
    refuse_places(&command)?;
    // One listener from the first moment on: an interrupt between two events is not missed.
    let interrupt = crate::interrupted(1);
    tokio::pin!(interrupt);
    let begin = async {
        let app = crate::start(options).await?;
        // Nobody would hear from the sample company that it is not the caller's own.
        let broken = |problem: &Problem| problem.kind == ProblemKind::CompanyInvalid;
        if app.standing_problems().iter().any(broken) {
            let sentence = "No call is made without the company that the settings name. Mend its file, or name another with --company.";
            return Err(bad_input(sentence));
        }
        let files = FileCall {
            inputs: command.input,
            record: command.record,
            backend: command.backend.unwrap_or_default(),
            dialogue: command.dialogue,
        };
        let call = app.call_files(files).await?;
        Ok::<_, Problem>((app, call))
    };
    let (_app, running) = tokio::select! {
        begun = begin => begun?,
        // Nothing has begun that would have to be ended.
        () = &mut interrupt => return Ok(Exit::Interrupted),
    };
    let RunningFileCall {
        handle: call,
        recording,
        mut spoken,
    } = running;
    let mut events = call.subscribe();
    let mut conversation = Conversation::default();
    let mut unsaved = None;
    let mut interrupted = false;
    loop {
        tokio::select! {
            event = events.next() => {
                let Some(event) = event else { break };
                spoken.observe(&event);
                if command.json {
                    print_json(&event);
                } else {
                    conversation.line_of(&event).into_iter().for_each(|line| output::line(&line));
                }
                if let CallEventBody::Warning { problem } = &event.body
                    && problem.kind == ProblemKind::NotSaved
                {
                    unsaved = Some(problem.clone());
                }
            }
            () = &mut interrupt, if !interrupted => {
                interrupted = true;
                // Refused only when the call has ended by itself meanwhile.
                let _already_ended = call.command(Command::EndCall);
            }
        }
    }
    let end = call.ended().await;
    // Written before all that can fail or wait, and from the call itself: what is in no database is exported too.
    let exported = match export {
        Some((path, format)) => export_to(&call, format, path).await.map(|()| Some(path)),
        None => Ok(None),
    };
    if let Ok(Some(path)) = &exported
        && !command.json
    {
        output::line(&format!("Transcript: {}", path.display()));
    }
    let saved = timeout(SAVE_LIMIT, call.saved()).await.map_err(|_| not_saved(unsaved));
    let recorded = match recording {
        Some(recording) => recording.finished().await.map(drop).map_err(Problem::from),
        None => Ok(()),
    };
    let lost = [exported.map(drop), saved, recorded]
        .into_iter()
        .filter_map(Result::err);
    let lost: Vec<Problem> = lost.inspect(output::problem).collect();
    if !interrupted && let Some(line) = left_unspoken(end.reason, spoken.left()) {
        output::error_line(&line);
    }
    match (end.reason, end.problem) {
        _ if interrupted => Ok(Exit::Interrupted),
        (EndReason::Failed, Some(problem)) => Err(problem),
        (EndReason::Failed, None) => Ok(Exit::Failed),
        _ => Ok(lost.first().map_or(Exit::Done, Exit::of)),
    }
}

/// Refuses what could not be written at the end, while there is no call yet that would be lost with it.
fn refuse_places(command: &CallCommand) -> Result<(), Problem> {
    type Look = fn(&Path) -> Result<(), Problem>;
    let places: [(&str, &Option<PathBuf>, Look); 2] = [
        ("--record", &command.record, App::look_at_recording_place),
        ("--export", &command.export, App::look_at_export_place),
    ];
    for (flag, path, look) in places {
        if let Some(path) = path {
            look(path).map_err(|problem| bad_input(format!("{problem} Name another place with {flag}.")))?;
        }
    }
    Ok(())
}

/// A call that is over and not in the history, or not to its end. `told` is what the call itself said of it, with the reason.
fn not_saved(told: Option<Problem>) -> Problem {
    let reason = told
        .map(|problem| format!(" During the call: {problem}"))
        .unwrap_or_default();
    let sentence = format!("The call could not be saved, so the history does not have all of it.{reason}");
    Problem::new(ProblemKind::NotSaved, sentence)
}

async fn export_to(call: &CallHandle, format: ExportFormat, path: &Path) -> Result<(), Problem> {
    let mut events = Vec::new();
    let mut reader = call.subscribe();
    while let Some(event) = reader.next().await {
        events.push(CallEvent::clone(&event));
    }
    App::export_events(events, format, path).await
}

/// What is said about files that the call ended before. The receptionist hangs up after a goodbye, whatever the caller had in store, as on any
/// telephone.
fn left_unspoken(reason: EndReason, left: &[PathBuf]) -> Option<String> {
    if left.is_empty() {
        return None;
    }
    let ended = match reason {
        EndReason::Goodbye => "The receptionist hung up after the goodbye",
        _ => "The call ended",
    };
    let names: Vec<String> = left.iter().map(|path| path.display().to_string()).collect();
    Some(format!("{ended} before these files were spoken: {}", names.join(", ")))
}

fn with_format(path: &Path) -> Result<(&Path, ExportFormat), Problem> {
    ExportFormat::from_path(path)
        .map(|format| (path, format))
        .ok_or_else(|| {
            bad_input(format!(
                "The format of {} is not known. Use an ending of md, txt, json, vtt, srt or csv.",
                path.display()
            ))
        })
}

fn print_json(event: &CallEvent) {
    match serde_json::to_string(event) {
        Ok(line) => output::line(&line),
        Err(error) => tracing::error!(%error, "event_not_printed"),
    }
}
