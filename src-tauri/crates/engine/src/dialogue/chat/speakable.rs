//! From what a model writes to what a voice can say: thoughts and calls written into the text are left out, signs of Markdown too, and lines
//! become sentences. Works on pieces that are cut anywhere. Pure, any thread.

/// Blocks that models write into their text and that are for nobody's ear.
const HIDDEN: [(&str, &str); 4] = [
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<tool_call>", "</tool_call>"),
    ("<|tool_call|>", "<|/tool_call|>"),
];

/// Reads one answer.
#[derive(Debug, Default)]
pub(super) struct Speakable {
    /// What may be the beginning of a block, or inside one of its end.
    held: String,
    /// The end of the block that is being read.
    hidden_until: Option<&'static str>,
    /// Nothing but white space came so far.
    begun: bool,
    /// The whole answer is data, such as a call that was written as text.
    is_data: bool,
    /// A line has ended and nothing of the next one was given yet.
    at_line_start: bool,
    /// The last sign that was given and is no white space.
    last: Option<char>,
    /// White space was given last, or nothing.
    spaced: bool,
}

impl Speakable {
    /// Takes the next piece; gives what can be said of it.
    pub(super) fn take(&mut self, piece: &str) -> String {
        let mut said = String::new();
        for sign in piece.chars() {
            self.held.push(sign);
            self.settle(&mut said);
        }
        said
    }

    /// What was held back at the end of the answer.
    pub(super) fn finish(&mut self) -> String {
        let mut said = String::new();
        if self.hidden_until.is_none() {
            for sign in std::mem::take(&mut self.held).chars() {
                self.give(sign, &mut said);
            }
        }
        said
    }

    /// Gives the held signs, or keeps them while they may belong to a mark.
    fn settle(&mut self, said: &mut String) {
        if let Some(end) = self.hidden_until {
            if self.held.ends_with(end) {
                self.held.clear();
                self.hidden_until = None;
            } else {
                // Only as much as may be the beginning of the end.
                while !end.starts_with(self.held.as_str()) {
                    self.held.remove(0);
                }
            }
            return;
        }
        while !self.held.is_empty() {
            if let Some((_, end)) = HIDDEN.iter().find(|(begin, _)| *begin == self.held) {
                self.held.clear();
                self.hidden_until = Some(end);
                return;
            }
            if HIDDEN.iter().any(|(begin, _)| begin.starts_with(self.held.as_str())) {
                return;
            }
            let sign = self.held.remove(0);
            self.give(sign, said);
        }
    }

    fn give(&mut self, sign: char, said: &mut String) {
        if !self.begun && !sign.is_whitespace() {
            self.begun = true;
            self.is_data = matches!(sign, '{' | '[');
        }
        if self.is_data {
            return;
        }
        match sign {
            '\n' | '\r' => {
                // A list or a heading has no full stop of its own.
                if self.last.is_some_and(char::is_alphanumeric) && !self.at_line_start {
                    said.push('.');
                    self.last = Some('.');
                }
                self.at_line_start = true;
                self.space(said);
            }
            '*' | '`' | '#' | '_' | '~' | '|' => {}
            '-' | '\u{2022}' | '>' | '+' if self.at_line_start => {}
            sign if sign.is_whitespace() => self.space(said),
            sign if sign.is_control() => {}
            sign => {
                said.push(sign);
                self.last = Some(sign);
                self.spaced = false;
                self.at_line_start = false;
            }
        }
    }

    fn space(&mut self, said: &mut String) {
        if self.last.is_some() && !self.spaced {
            said.push(' ');
            self.spaced = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(pieces: &[&str]) -> String {
        let mut reader = Speakable::default();
        let mut said: String = pieces.iter().map(|piece| reader.take(piece)).collect();
        said.push_str(&reader.finish());
        said
    }

    #[test]
    fn thoughts_and_written_calls_are_not_said() {
        assert_eq!(
            said(&["<thi", "nk>The caller wants", "…</thin", "k>\n\nYes, ", "we do."]),
            "Yes, we do."
        );
        assert_eq!(
            said(&["One moment. <tool_call>{\"name\":\"x\"}</tool_call>"]).trim(),
            "One moment."
        );
        assert_eq!(said(&["{\"name\": \"bookAppointment\", \"arguments\": {}}"]), "");
        assert_eq!(said(&["<think>never ends"]), "");
        assert_eq!(said(&["It is < 5 minutes."]), "It is < 5 minutes.");
    }

    #[test]
    fn markdown_becomes_sentences() {
        assert_eq!(
            said(&["**We offer:**\n- Oil change\n- Brakes\n\nWhich one?"]),
            "We offer: Oil change. Brakes. Which one?"
        );
    }

    proptest! {
        #[test]
        fn any_cutting_says_the_same(
            text in "(<think>|</think>|<|>|[a-z ,.*#\n-]){0,30}",
            sizes in prop::collection::vec(1_usize..7, 1..40),
        ) {
            let mut pieces = Vec::new();
            let mut rest = text.as_str();
            for size in sizes.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (piece, behind) = rest.split_at((*size).min(rest.len()));
                pieces.push(piece);
                rest = behind;
            }
            prop_assert_eq!(said(&pieces), said(&[&text]));
        }
    }
}
