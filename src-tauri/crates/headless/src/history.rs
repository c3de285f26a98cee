//! `frontdeskd calls` and `frontdeskd export`: the calls that were kept.

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
    } else if page.total == 0 {
        output::line("No call was kept yet.");
    } else {
        page.calls.iter().for_each(|call| output::line(&line_of(call)));
        let shown = page.calls.len() as u64;
        if shown < page.total {
            let more = if shown == 0 { "kept" } else { "more" };
            output::line(&format!(
                "{} {more}; see all with --limit {}",
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
    if command.call == "all" {
        return export_all(app, &command).await;
    }
    let format = format_of(&command)?;
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

/// All calls as one zip archive, one file each. Its ending says nothing of them, so without `--format` they are what the window's archive
/// holds.
async fn export_all(app: &App, command: &ExportCommand) -> Result<Exit, Problem> {
    let ending = command.output.extension().unwrap_or_default();
    if !ending.eq_ignore_ascii_case("zip") {
        return Err(bad_input(format!(
            "All calls are exported as one zip archive, which {} does not look like. Give --output a name that ends in .zip, and \
             --format for the calls in it.",
            command.output.display()
        )));
    }
    let format = match &command.format {
        Some(name) => named(name)?,
        None => ExportFormat::Json,
    };
    let count = app.export_all(format, &command.output).await?;
    let calls = if count == 1 { "call" } else { "calls" };
    output::line(&format!("{count} {calls} in {}", command.output.display()));
    Ok(Exit::Done)
}

/// The format that was asked for, by name or else by the ending of the file.
fn format_of(command: &ExportCommand) -> Result<ExportFormat, Problem> {
    match &command.format {
        Some(name) => named(name),
        None => ExportFormat::from_path(&command.output).ok_or_else(unknown_format),
    }
}

fn named(format: &str) -> Result<ExportFormat, Problem> {
    ExportFormat::from_name(format).ok_or_else(unknown_format)
}

fn unknown_format() -> Problem {
    bad_input("The format is not known. Give --format md, txt, json, vtt, srt or csv.")
}
