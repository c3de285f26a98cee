//! What a tool was asked and what it answered, in a person's words. Knows no tool by name: whatever is in the JSON is read out, up to a
//! length. Pure text.

use serde_json::Value;

/// Most characters of arguments or of a result that are shown; a tool from elsewhere may answer with a whole document.
const LONGEST: usize = 240;

/// `check opening hours (date: 2026-11-28)`.
pub fn request(name: &str, arguments: &str) -> String {
    let name = words(name);
    match arguments_of(arguments) {
        None => name,
        Some(arguments) => format!("{name} ({arguments})"),
    }
}

/// The result as `hours: 9:00 AM to 4:00 PM, open now: yes`; `done` when there is nothing to say. A failure is its own sentence.
pub fn result(output: &str) -> String {
    let value = parsed(output);
    let said = match value.get("error").and_then(Value::as_str) {
        Some(error) => Some(one_line(error)),
        None => said(&value, false),
    };
    shortened(said.unwrap_or_else(|| "done".to_owned()))
}

fn arguments_of(text: &str) -> Option<String> {
    said(&parsed(text), false).map(shortened)
}

/// What is no JSON is text.
fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

/// The value in words; none when it says nothing. Objects within others are set off by brackets.
fn said(value: &Value, is_within: bool) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(true) => Some("yes".to_owned()),
        Value::Bool(false) => Some("no".to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(one_line(text)).filter(|text| !text.is_empty()),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().filter_map(|item| said(item, true)).collect();
            (!items.is_empty()).then(|| items.join(" and "))
        }
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| Some(format!("{}: {}", words(name), said(value, true)?));
            let fields: Vec<String> = fields.iter().filter_map(field).collect();
            let text = fields.join(", ");
            match (text.is_empty(), is_within) {
                (true, _) => None,
                (false, true) => Some(format!("({text})")),
                (false, false) => Some(text),
            }
        }
    }
}

/// `checkOpeningHours` and `check_opening_hours` as `check opening hours`.
fn words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let mut after_small = false;
    for letter in name.chars() {
        if letter == '_' || letter == '-' {
            words.push(' ');
        } else if letter.is_uppercase() && after_small {
            words.push(' ');
            words.extend(letter.to_lowercase());
        } else {
            words.push(letter);
        }
        after_small = letter.is_lowercase() || letter.is_numeric();
    }
    one_line(&words)
}

/// Nothing of what a server or a tool sends may move the terminal's cursor.
fn one_line(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shortened(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        None => text,
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_its_name_in_words_and_its_arguments() {
        assert_eq!(
            request("checkOpeningHours", r#"{"date":"2026-11-28"}"#),
            "check opening hours (date: 2026-11-28)"
        );
        assert_eq!(request("end_call", "{}"), "end call");
        assert_eq!(request("look-up", "no json"), "look up (no json)");
    }

    #[test]
    fn a_result_is_read_out_without_json() {
        let answer = r#"{"openNow":false,"hours":[{"opens":"9:00 AM","closes":"4:00 PM"}],"holiday":null,"visits":2}"#;
        assert_eq!(
            result(answer),
            "hours: (closes: 4:00 PM, opens: 9:00 AM), open now: no, visits: 2"
        );
        assert_eq!(result("{}"), "done");
        assert_eq!(result(""), "done");
        assert_eq!(result(r#"{"error":"There is no such day."}"#), "There is no such day.");
    }

    #[test]
    fn a_long_answer_is_cut_and_none_moves_the_cursor() {
        let long = result(&format!(r#"{{"text":"{}"}}"#, "ä".repeat(2 * LONGEST)));
        assert_eq!(long.chars().count(), LONGEST + 1);
        assert!(long.ends_with('…'));
        assert_eq!(result("a\u{1b}[2Jb\nc"), "a [2Jb c");
    }
}
