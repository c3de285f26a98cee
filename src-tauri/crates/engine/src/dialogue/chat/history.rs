//! The conversation as a model reads it: what was heard, whole exchanges with functions, and no more than fits. Pure, any thread.
//!
//! Templates of local models refuse what the API allows: two lines of one side in a row, a first line of the assistant, instructions in the
//! middle. So lines of one side are joined, and notes stand in square brackets on the caller's side.

use jiff::Zoned;

use super::evidence::Evidence;
use crate::dialogue::{HeardLine, MadeCall, ModelLine, PastLine};

/// Most lines of a conversation, the newest.
const MOST_LINES: usize = 80;

/// Most bytes of a conversation.
const MOST_BYTES: usize = 24 * 1024;

/// Rounds of calls after the caller's last words beyond which no more are offered.
const MOST_ROUNDS: usize = 10;

/// One line, kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    Caller(String),
    Receptionist { text: String, interrupted: bool },
    Note(String),
    Call(MadeCall),
    Outcome { id: String, output: String },
}

/// The conversation as it stands.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    lines: Vec<Kept>,
}

impl History {
    /// Takes a copy. Lines of which nothing was heard or understood are left out.
    pub(super) fn of(lines: &mut dyn Iterator<Item = HeardLine<'_>>) -> Self {
        let kept = lines.filter_map(|line| {
            Some(match line {
                HeardLine::Caller(text) if !text.trim().is_empty() => Kept::Caller(text.trim().to_owned()),
                HeardLine::Receptionist { text, interrupted } if !text.trim().is_empty() => Kept::Receptionist {
                    text: text.trim().to_owned(),
                    interrupted,
                },
                HeardLine::Note(text) => Kept::Note(text.trim().to_owned()),
                HeardLine::Call { id, name, arguments } => Kept::Call(MadeCall {
                    id: id.to_owned(),
                    name: name.to_owned(),
                    arguments: object(arguments),
                }),
                HeardLine::Outcome { id, output } => Kept::Outcome {
                    id: id.to_owned(),
                    output: output.to_owned(),
                },
                HeardLine::Caller(_) | HeardLine::Receptionist { .. } => return None,
            })
        });
        Self { lines: kept.collect() }
    }

    /// True while nothing was said.
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// What the functions of this conversation have done; `now` is the present moment where the company is.
    pub(super) fn evidence(&self, now: Zoned) -> Evidence {
        let mut evidence = Evidence::at(Some(now));
        for line in &self.lines {
            match line {
                Kept::Caller(text) => evidence.note_caller(text),
                Kept::Outcome { id, output } => {
                    if let Some(call) = self.call(id) {
                        evidence.note_outcome(&call.name, &call.arguments, output);
                    }
                }
                _ => {}
            }
        }
        evidence
    }

    /// Whether more calls may be made before the caller hears something.
    pub(super) fn may_call(&self) -> bool {
        let since = self
            .lines
            .iter()
            .rev()
            .take_while(|line| !matches!(line, Kept::Caller(_)));
        since.filter(|line| matches!(line, Kept::Call(_))).count() < MOST_ROUNDS
    }

    /// The conversation for a model, the newest part that fits.
    pub(super) fn for_model(&self) -> Vec<ModelLine> {
        let mut exchanges: Vec<Vec<ModelLine>> = Vec::new();
        let mut at = 0;
        while let Some(line) = self.lines.get(at) {
            at += 1;
            match line {
                Kept::Caller(text) => add(&mut exchanges, true, text),
                Kept::Note(text) => add(&mut exchanges, true, &note(text)),
                Kept::Receptionist {
                    text,
                    interrupted: false,
                } => add(&mut exchanges, false, text),
                Kept::Receptionist { text, .. } => add(
                    &mut exchanges,
                    false,
                    &format!("{text} \u{2026} [interrupted by the caller]"),
                ),
                Kept::Call(first) => {
                    // Calls of one reply stand together; their outcomes follow them, wherever they arrived.
                    let mut calls = vec![first.clone()];
                    while let Some(Kept::Call(next)) = self.lines.get(at) {
                        calls.push(next.clone());
                        at += 1;
                    }
                    calls.retain(|call| self.outcome(&call.id).is_some());
                    add_calls(&mut exchanges, calls, |id| self.outcome(id));
                }
                Kept::Outcome { .. } => {}
            }
        }
        if let Some(newest) = exchanges.last_mut() {
            shorten(newest);
        }
        let (mut bytes, mut lines) = (0, 0);
        let mut kept: Vec<Vec<ModelLine>> = exchanges
            .into_iter()
            .rev()
            .take_while(|exchange| {
                bytes += exchange.iter().map(length).sum::<usize>();
                lines += exchange.len();
                bytes <= MOST_BYTES && lines <= MOST_LINES
            })
            .collect();
        kept.reverse();
        if kept
            .first()
            .is_some_and(|exchange| !matches!(exchange.first(), Some(ModelLine::Caller(_))))
        {
            kept.insert(0, vec![ModelLine::Caller(note("The caller is on the line."))]);
        }
        kept.into_iter().flatten().collect()
    }

    /// What the built-in dialogue has to know before it answers the caller's open words, oldest first.
    pub(super) fn before_the_callers_last_words(&self) -> impl Iterator<Item = PastLine<'_>> {
        let is_answer = |line: &Kept| !matches!(line, Kept::Caller(_) | Kept::Note(_));
        let until = self.lines.iter().rposition(is_answer).map_or(0, |at| at + 1);
        self.lines.iter().take(until).filter_map(|line| {
            Some(match line {
                Kept::Caller(text) => PastLine::Caller(text),
                Kept::Receptionist { text, .. } => PastLine::Receptionist(text),
                Kept::Note(text) => PastLine::Note(text),
                Kept::Call(call) => PastLine::Call(&call.name, &call.arguments),
                Kept::Outcome { .. } => return None,
            })
        })
    }

    fn call(&self, wanted: &str) -> Option<&MadeCall> {
        self.lines.iter().find_map(|line| match line {
            Kept::Call(call) if call.id == wanted => Some(call),
            _ => None,
        })
    }

    fn outcome(&self, wanted: &str) -> Option<&str> {
        self.lines.iter().find_map(|line| match line {
            Kept::Outcome { id, output } if id == wanted => Some(output.as_str()),
            _ => None,
        })
    }
}

/// A note as the model reads it: not the caller's words.
pub(super) fn note(text: &str) -> String {
    format!("[Note, not from the caller: {text}]")
}

fn add(exchanges: &mut Vec<Vec<ModelLine>>, by_caller: bool, more: &str) {
    match (exchanges.last_mut().and_then(|exchange| exchange.last_mut()), by_caller) {
        (Some(ModelLine::Caller(text)), true) => *text = format!("{text}\n{more}"),
        (Some(ModelLine::Receptionist { text, calls }), false) if calls.is_empty() => *text = format!("{text} {more}"),
        (_, true) => exchanges.push(vec![ModelLine::Caller(more.to_owned())]),
        (_, false) => exchanges.push(vec![ModelLine::Receptionist {
            text: more.to_owned(),
            calls: Vec::new(),
        }]),
    }
}

fn add_calls<'a>(exchanges: &mut Vec<Vec<ModelLine>>, calls: Vec<MadeCall>, outcome: impl Fn(&str) -> Option<&'a str>) {
    if calls.is_empty() {
        return;
    }
    let outcomes: Vec<ModelLine> = calls
        .iter()
        .filter_map(|call| {
            Some(ModelLine::Outcome {
                id: call.id.clone(),
                output: outcome(&call.id)?.to_owned(),
            })
        })
        .collect();
    // What was said with the calls is one line with them.
    let said = match exchanges.last().and_then(|exchange| exchange.last()) {
        Some(ModelLine::Receptionist { text, calls }) if calls.is_empty() => Some(text.clone()),
        _ => None,
    };
    if said.is_some() {
        exchanges.pop();
    }
    let mut exchange = vec![ModelLine::Receptionist {
        text: said.unwrap_or_default(),
        calls,
    }];
    exchange.extend(outcomes);
    exchanges.push(exchange);
}

/// Cuts the long texts of the newest exchange: without it the model would not know what it is asked.
fn shorten(exchange: &mut [ModelLine]) {
    let most = MOST_BYTES / exchange.len().max(1);
    for line in exchange {
        if let ModelLine::Caller(text) | ModelLine::Outcome { output: text, .. } = line
            && text.len() > most
        {
            let end = text.floor_char_boundary(most);
            text.truncate(end);
        }
    }
}

fn length(line: &ModelLine) -> usize {
    match line {
        ModelLine::Instructions(text) | ModelLine::Caller(text) => text.len(),
        ModelLine::Receptionist { text, calls } => {
            text.len()
                + calls
                    .iter()
                    .map(|call| call.name.len() + call.arguments.len())
                    .sum::<usize>()
        }
        ModelLine::Outcome { output, .. } => output.len(),
    }
}

/// Arguments as an object: servers refuse a conversation in which they are not.
fn object(arguments: &str) -> String {
    match serde_json::from_str::<serde_json::Value>(arguments) {
        Ok(value) if value.is_object() => arguments.to_owned(),
        _ => "{}".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(text: &str) -> ModelLine {
        ModelLine::Caller(text.to_owned())
    }

    fn receptionist(text: &str) -> ModelLine {
        ModelLine::Receptionist {
            text: text.to_owned(),
            calls: Vec::new(),
        }
    }

    #[test]
    fn the_heard_part_of_an_interrupted_reply_is_told_and_sides_alternate() {
        let lines = [
            HeardLine::Receptionist {
                text: "Hello.",
                interrupted: false,
            },
            HeardLine::Caller("Are you"),
            HeardLine::Receptionist {
                text: "",
                interrupted: true,
            },
            HeardLine::Caller("open today?"),
            HeardLine::Receptionist {
                text: "Yes, until",
                interrupted: true,
            },
            HeardLine::Caller("And tomorrow?"),
        ];
        let told = History::of(&mut lines.into_iter()).for_model();
        assert_eq!(
            told,
            [
                caller("[Note, not from the caller: The caller is on the line.]"),
                receptionist("Hello."),
                caller("Are you\nopen today?"),
                receptionist("Yes, until \u{2026} [interrupted by the caller]"),
                caller("And tomorrow?"),
            ]
        );
    }

    #[test]
    fn calls_stand_with_their_outcomes_and_those_without_are_left_out() {
        let call = |id| HeardLine::Call {
            id,
            name: "checkOpeningHours",
            arguments: "{broken",
        };
        let lines = [
            HeardLine::Caller("Open?"),
            HeardLine::Receptionist {
                text: "One moment.",
                interrupted: false,
            },
            call("a"),
            call("b"),
            HeardLine::Caller("Hello?"),
            HeardLine::Outcome { id: "a", output: "{}" },
            HeardLine::Outcome { id: "x", output: "{}" },
        ];
        let told = History::of(&mut lines.into_iter()).for_model();
        let made = MadeCall {
            id: "a".into(),
            name: "checkOpeningHours".into(),
            arguments: "{}".into(),
        };
        assert_eq!(
            told,
            [
                caller("Open?"),
                ModelLine::Receptionist {
                    text: "One moment.".into(),
                    calls: vec![made]
                },
                ModelLine::Outcome {
                    id: "a".into(),
                    output: "{}".into()
                },
                caller("Hello?"),
            ]
        );
    }

    #[test]
    fn a_result_that_is_too_long_is_cut_and_not_lost() {
        let long = "ä".repeat(MOST_BYTES);
        let lines = [
            HeardLine::Caller("Are you open?"),
            HeardLine::Call {
                id: "a",
                name: "checkOpeningHours",
                arguments: "{}",
            },
            HeardLine::Outcome { id: "a", output: &long },
        ];
        let told = History::of(&mut lines.into_iter()).for_model();
        let Some(ModelLine::Outcome { output, .. }) = told.last() else {
            panic!("{told:?}");
        };
        assert!(long.starts_with(output.as_str()) && output.len() > MOST_BYTES / 4);
    }

    #[test]
    fn a_long_conversation_keeps_its_newest_part() {
        let long = "x".repeat(MOST_BYTES);
        let lines = [
            HeardLine::Caller(&long),
            HeardLine::Receptionist {
                text: "Yes.",
                interrupted: false,
            },
            HeardLine::Caller("Newest."),
        ];
        let told = History::of(&mut lines.into_iter()).for_model();
        assert_eq!(told.last(), Some(&caller("Newest.")));
        assert_eq!(told.len(), 3, "the first is a note: {told:?}");
    }
}
