//! Markdown (CommonMark with tables): for reading in a browser, an editor or a ticket. What was said never becomes markup.

use std::fmt::Write;

use frontdesk_call::transcript::{ToolCrumb, Transcript};
use jiff::tz::TimeZone;

use super::wording;

pub(super) fn write(transcript: &Transcript, zone: &TimeZone) -> String {
    let mut out = format!("# {}\n\n| | |\n| --- | --- |\n", escaped(&wording::title(transcript)));
    for (label, value) in wording::heading(transcript, zone) {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "| {label} | {} |", escaped(&value));
    }
    out.push_str("\n## Transcript\n");
    for tool in &transcript.opening_tools {
        write_tool(&mut out, tool);
    }
    for row in &transcript.rows {
        let time = wording::time_of_day(transcript, row.start_ms, zone);
        let _ = write!(out, "\n**{}** · {time}", wording::speaker(row.speaker));
        if let Some(medium) = wording::medium(row) {
            let _ = write!(out, " · {medium}");
        }
        for line in wording::lines(&row.text) {
            let _ = write!(out, "  \n{}", escaped_line(&line));
        }
        if let Some(mark) = wording::mark(row) {
            let _ = write!(out, "  \n*({mark})*");
        }
        out.push('\n');
        for tool in &row.tools {
            write_tool(&mut out, tool);
        }
    }
    out
}

fn write_tool(out: &mut String, tool: &ToolCrumb) {
    let _ = write!(
        out,
        "\n> Tool {} {}: {}",
        code(&wording::one_line(&tool.name)),
        code(&wording::one_line(&tool.arguments)),
        wording::tool_result(tool)
    );
    if let Some(result) = &tool.result {
        let _ = write!(out, "  \n> {}", code(&wording::one_line(&result.output)));
    }
    out.push('\n');
}

/// The text with everything escaped that means something inside a line, a table cell or HTML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(
            character,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&'
        ) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// A line of its own: also what would make it a heading, a list, a rule or a table is escaped.
fn escaped_line(line: &str) -> String {
    let text = escaped(line);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text.as_bytes().get(digits) {
        Some(b'#' | b'+' | b'-' | b'=' | b':') if digits == 0 => format!("\\{text}"),
        Some(b'.' | b')') if digits > 0 => format!("{}\\{}", &text[..digits], &text[digits..]),
        _ => text,
    }
}

/// A code span, with a fence longer than any run of backticks inside.
fn code(text: &str) -> String {
    let longest = text
        .split(|character| character != '`')
        .map(str::len)
        .max()
        .unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if text.is_empty() {
        "(none)".to_owned()
    } else if text.starts_with('`') || text.ends_with('`') {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_never_becomes_markup() {
        assert_eq!(escaped_line("# 1 *priority* <b>"), r"\# 1 \*priority\* \<b\>");
        assert_eq!(escaped_line("2. oil & filter"), r"2\. oil \& filter");
        assert_eq!(escaped_line("- [link](x) | cell"), r"\- \[link\](x) \| cell");
        assert_eq!(escaped_line("9 a.m. is fine - $40"), "9 a.m. is fine - $40");
    }

    #[test]
    fn a_code_span_holds_backticks() {
        assert_eq!(code("a ``b"), "```a ``b```");
        assert_eq!(code("`"), "`` ` ``");
    }
}
