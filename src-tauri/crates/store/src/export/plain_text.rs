//! Plain text: for reading anywhere.

use std::fmt::Write;

use frontdesk_call::transcript::{ToolCrumb, Transcript};
use jiff::tz::TimeZone;

use super::wording;

pub(super) fn write(transcript: &Transcript, zone: &TimeZone) -> String {
    let mut out = wording::title(transcript);
    out.push_str("\n\n");
    for (label, value) in wording::heading(transcript, zone) {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{:<13}{value}", format!("{label}:"));
    }
    out.push('\n');
    for tool in &transcript.opening_tools {
        write_tool(&mut out, tool);
    }
    for row in &transcript.rows {
        let time = wording::time_of_day(transcript, row.start_ms, zone);
        let _ = write!(out, "[{time}] {}", wording::speaker(row.speaker));
        if let Some(medium) = wording::medium(row) {
            let _ = write!(out, " ({medium})");
        }
        // Further lines are indented, so that no text looks like a new turn.
        let mut said = wording::lines(&row.text).join("\n    ");
        if let Some(mark) = wording::mark(row) {
            said = format!("{said} [{mark}]");
        }
        let _ = write!(out, ": {}", said.trim_start());
        out.push('\n');
        for tool in &row.tools {
            write_tool(&mut out, tool);
        }
    }
    out
}

fn write_tool(out: &mut String, tool: &ToolCrumb) {
    let (name, arguments) = (wording::one_line(&tool.name), wording::one_line(&tool.arguments));
    let _ = write!(out, "    Tool {name} {arguments}: {}", wording::tool_result(tool));
    if let Some(result) = &tool.result {
        let _ = write!(out, ": {}", wording::one_line(&result.output));
    }
    out.push('\n');
}
