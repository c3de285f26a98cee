//! What callers, models and owners write into the calendar, without what a terminal, a calendar file or a reader's eye takes for something
//! else than text: control characters and those that turn the direction of writing. Pure.

/// One line: a name, a service.
#[must_use]
pub fn one_line(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|character| if is_unprintable(character) { ' ' } else { character })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Notes, whose lines stay lines.
#[must_use]
pub fn lines(text: &str) -> String {
    let lines: Vec<String> = text.replace("\r\n", "\n").split(['\n', '\r']).map(one_line).collect();
    lines.join("\n").trim().to_owned()
}

/// Control characters, line and paragraph separators, the marks and overrides of writing direction, and characters without width. The two
/// joiners stay: some scripts are not written without them.
fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_becomes_a_space() {
        for (given, kept) in [
            ("  Ana \t Perez ", "Ana Perez"),
            ("Ana\r\nATTENDEE:mallory", "Ana ATTENDEE:mallory"),
            ("\u{1b}[2JAna", "[2JAna"),
            ("Ana\u{202e}zereP\u{202c}", "Ana zereP"),
            ("\u{200b}\u{feff}", ""),
            ("نام\u{200c}ها", "نام\u{200c}ها"),
        ] {
            assert_eq!(one_line(given), kept, "{given:?}");
        }
    }

    #[test]
    fn notes_keep_their_lines() {
        assert_eq!(lines("Blue van\r\n\r\nrings \u{7}twice\n"), "Blue van\n\nrings twice");
    }
}
