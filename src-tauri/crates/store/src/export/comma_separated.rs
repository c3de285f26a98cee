//! CSV (RFC 4180) for spreadsheets: UTF-8 with a byte order mark, because spreadsheets guess the wrong encoding without one.
//!
//! A cell that a spreadsheet would run as a formula begins with an apostrophe, which spreadsheets do not show.

use frontdesk_call::transcript::{ToolCrumb, Transcript};
use jiff::tz::TimeZone;

use super::wording;

/// Tells spreadsheets that the file is UTF-8.
const BYTE_ORDER_MARK: char = '\u{feff}';
const HEADER: [&str; 6] = ["time", "position", "speaker", "medium", "text", "note"];

pub(super) fn write(transcript: &Transcript, zone: &TimeZone) -> String {
    let mut out = String::from(BYTE_ORDER_MARK);
    write_row(&mut out, &HEADER);
    for tool in &transcript.opening_tools {
        write_tool(&mut out, transcript, tool, zone);
    }
    for row in &transcript.rows {
        let time = local_time(transcript, row.start_ms, zone);
        let text = wording::lines(&row.text).join("\n");
        write_row(
            &mut out,
            &[
                &time,
                &wording::span(row.start_ms),
                wording::speaker(row.speaker),
                wording::medium(row).unwrap_or("spoken"),
                &text,
                wording::mark(row).unwrap_or_default(),
            ],
        );
        for tool in &row.tools {
            write_tool(&mut out, transcript, tool, zone);
        }
    }
    out
}

fn write_tool(out: &mut String, transcript: &Transcript, tool: &ToolCrumb, zone: &TimeZone) {
    let time = local_time(transcript, tool.start_ms, zone);
    let text = wording::one_line(&format!("{} {}", tool.name, tool.arguments));
    let output = tool
        .result
        .as_ref()
        .map(|result| format!(": {}", wording::one_line(&result.output)));
    let note = format!("{}{}", wording::tool_result(tool), output.unwrap_or_default());
    write_row(out, &[&time, &wording::span(tool.start_ms), "Tool", "", &text, &note]);
}

fn local_time(transcript: &Transcript, ms: u64, zone: &TimeZone) -> String {
    wording::moment(transcript, ms, zone)
        .map(|at| at.strftime("%Y-%m-%d %H:%M:%S").to_string())
        .unwrap_or_default()
}

fn write_row(out: &mut String, cells: &[&str]) {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(&quoted(&harmless(cell)));
    }
    out.push_str("\r\n");
}

/// The cell as text, also for programs that run cells beginning with one of these signs (full-width ones count in East Asian settings).
fn harmless(cell: &str) -> String {
    match cell.trim_start().chars().next() {
        Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') => format!("'{cell}"),
        _ => cell.to_owned(),
    }
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
