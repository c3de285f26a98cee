//! Words and figures that all readable formats share: who spoke, when, and what a person should know about a turn.

use frontdesk_call::event::{CallerDetails, EndReason, Medium, ToolOutcome};
use frontdesk_call::transcript::{Ending, Opening, Speaker, ToolCrumb, Transcript, TranscriptRow};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Zoned};

/// Name of a side.
pub(super) fn speaker(speaker: Speaker) -> &'static str {
    match speaker {
        Speaker::Caller => "Caller",
        Speaker::Receptionist => "Receptionist",
    }
}

/// What must be said beside a turn's text, if anything.
pub(super) fn mark(row: &TranscriptRow) -> Option<&'static str> {
    if row.interrupted {
        Some(if row.text.trim().is_empty() {
            "interrupted before anything was heard"
        } else {
            "interrupted"
        })
    } else if !row.complete {
        Some("unfinished")
    } else if row.text.trim().is_empty() {
        Some("not understood")
    } else {
        None
    }
}

/// How the turn was given, where that is not by voice.
pub(super) fn medium(row: &TranscriptRow) -> Option<&'static str> {
    match row.medium {
        Medium::Voice => None,
        Medium::Text => Some("typed"),
    }
}

/// "done in 12 ms", "failed after 800 ms" or "no answer".
pub(super) fn tool_result(tool: &ToolCrumb) -> String {
    match &tool.result {
        Some(result) => match result.outcome {
            ToolOutcome::Done => format!("done in {} ms", result.duration_ms),
            ToolOutcome::Failed => format!("failed after {} ms", result.duration_ms),
        },
        None => "no answer".to_owned(),
    }
}

/// The lines above a transcript, as label and text, without the empty ones.
pub(super) fn heading(transcript: &Transcript, zone: &TimeZone) -> Vec<(&'static str, String)> {
    let mut lines = Vec::new();
    if let Some(opening) = &transcript.opening {
        lines.push(("Started", started(opening, zone)));
    }
    lines.push(("Length", span(transcript.length_ms)));
    let CallerDetails { name, phone, reason } = &transcript.details;
    for (label, value) in [("Caller", name), ("Phone", phone), ("Reason", reason)] {
        lines.extend(value.iter().map(|value| (label, one_line(value))));
    }
    if let Some(opening) = &transcript.opening {
        lines.push((
            "Answered by",
            one_line(&format!("{} ({})", opening.backend, opening.model)),
        ));
    }
    lines.push(("Ended", ended(transcript.ending.as_ref())));
    if let Some(opening) = &transcript.opening {
        lines.push(("Call", one_line(opening.call_id.as_str())));
    }
    lines
}

/// "Call with Prime Auto Lab".
pub(super) fn title(transcript: &Transcript) -> String {
    match &transcript.opening {
        Some(opening) => format!("Call with {}", one_line(&opening.company)),
        None => "Call".to_owned(),
    }
}

/// Date, time, offset and zone in which the call began.
pub(super) fn started(opening: &Opening, zone: &TimeZone) -> String {
    let local = opening.at.0.to_zoned(zone.clone());
    let name = zone.iana_name().map(|name| format!(" ({name})")).unwrap_or_default();
    format!("{}{name}", local.strftime("%Y-%m-%d %H:%M:%S %:z"))
}

fn ended(ending: Option<&Ending>) -> String {
    let Some(ending) = ending else {
        return "not yet".to_owned();
    };
    let reason = match ending.reason {
        EndReason::HungUp => "hung up here",
        EndReason::LegClosed => "the caller's side closed",
        EndReason::Goodbye => "the receptionist said goodbye",
        EndReason::Idle => "nobody spoke",
        EndReason::MaximumLength => "the longest allowed length was reached",
        EndReason::Failed => "failed",
        EndReason::Interrupted => "interrupted: the program was stopped in the middle of the call",
        _ => "ended",
    };
    match &ending.problem {
        Some(problem) => format!("{reason}: {}", one_line(&problem.sentence)),
        None => reason.to_owned(),
    }
}

/// The local moment `ms` after the call began; `None` where its beginning is not known.
pub(super) fn moment(transcript: &Transcript, ms: u64, zone: &TimeZone) -> Option<Zoned> {
    let since = SignedDuration::from_millis(i64::try_from(ms).ok()?);
    let at = transcript.opening.as_ref()?.at.0.checked_add(since).ok()?;
    Some(at.to_zoned(zone.clone()))
}

/// Local time of day, or the time since the start where the day is not known.
pub(super) fn time_of_day(transcript: &Transcript, ms: u64, zone: &TimeZone) -> String {
    match moment(transcript, ms, zone) {
        Some(at) => at.strftime("%H:%M:%S").to_string(),
        None => span(ms),
    }
}

/// A length of time for people: `2:05`, `1:00:03`.
pub(super) fn span(ms: u64) -> String {
    let seconds = ms / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// A position for subtitles: hours, minutes, seconds, milliseconds, with `point` before the last.
pub(super) fn position(ms: u64, point: char) -> String {
    let seconds = ms / 1000;
    format!(
        "{:02}:{:02}:{:02}{point}{:03}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        ms % 1000
    )
}

/// The text on one line, without control characters, runs of white space as one blank.
pub(super) fn one_line(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text's lines, without control characters and trailing white space; blank lines are left out.
pub(super) fn lines(text: &str) -> Vec<String> {
    text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])
        .map(one_line)
        .filter(|line| !line.is_empty())
        .collect()
}

/// A turn as one line for subtitles: its text, and its mark in square brackets.
pub(super) fn subtitle(row: &TranscriptRow) -> String {
    let text = one_line(&row.text);
    match mark(row) {
        Some(mark) => format!("{text} [{mark}]"),
        None => text,
    }
}
