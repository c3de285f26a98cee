//! `frontdeskd calls` and `frontdeskd export`: the calls that were kept.

use std::path::Path;

use frontdesk_app::app::App;
use frontdesk_app::{CallMatch, CallSummary, ExportFormat};
use frontdesk_call::problem::Problem;
use jiff::tz::TimeZone;

use crate::arguments::{CallsCommand, ExportCommand};
use crate::exit::{Exit, bad_input};
use crate::output;

/// Calls that are shown to a person who did not say how many.
const SHOWN_UNASKED: u32 = 50;

/// Lists calls, newest first.
pub async fn list(app: &App, command: &CallsCommand) -> Result<Exit, Problem> {
    // A program gets all there is unless it asks for less; a person is shown what fits.
    let most = command.limit.or((!command.json).then_some(SHOWN_UNASKED));
    let page = app.history()?.newest(most).await?;
    if command.json {
        let text = serde_json::to_string(&page.calls).map_err(|error| bad_input(error.to_string()))?;
        output::line(&text);
    } else if page.calls.is_empty() {
        output::line("No call was kept yet.");
    } else {
        page.calls.iter().for_each(|call| output::line(&line_of(call)));
        let shown = page.calls.len() as u64;
        if shown < page.total {
            output::line(&format!(
                "{} more; see them with --limit {}",
                page.total - shown,
                page.total
            ));
        }
    }
    Ok(Exit::Done)
}

fn line_of(call: &CallSummary) -> String {
    let seconds = call.duration_ms / 1_000;
    let started = call.started_at.0.to_zoned(TimeZone::system());
    format!(
        "{}  {}  {}:{:02}  {}  {}",
        call.id,
        started.strftime("%Y-%m-%d %H:%M"),
        seconds / 60,
        seconds % 60,
        call.company,
        call.preview
    )
}

/// Exports one call, or all as one archive.
pub async fn export(app: &App, command: ExportCommand) -> Result<Exit, Problem> {
    let format = format_of(&command)?;
    if command.call == "all" {
        let count = app.export_all(format, &command.output).await?;
        output::line(&format!("{count} calls in {}", command.output.display()));
        return Ok(Exit::Done);
    }
    let id = match app.history()?.resolve(&command.call).await? {
        CallMatch::One(id) => id,
        CallMatch::None => {
            return Err(bad_input(format!(
                "There is no call {}. See them with: frontdeskd calls",
                command.call
            )));
        }
        CallMatch::Several(ids) => {
            let names: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
            return Err(bad_input(format!(
                "{} begins several calls: {}. Give more of it.",
                command.call,
                names.join(", ")
            )));
        }
    };
    app.export_call(&id, format, &command.output).await?;
    output::line(&format!("Call {id} in {}", command.output.display()));
    Ok(Exit::Done)
}

fn format_of(command: &ExportCommand) -> Result<ExportFormat, Problem> {
    let known = match &command.format {
        Some(name) => ExportFormat::from_name(name),
        None => ExportFormat::from_path(Path::new(&command.output)),
    };
    known.ok_or_else(|| bad_input("The format is not known. Give --format md, txt, json, vtt, srt or csv."))
}
