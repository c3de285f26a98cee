//! A streamed answer: bytes become server-sent events, and events add up to one [`Answer`]. Pure; bytes may be cut anywhere.

pub use super::wire::ChatUsage;
use super::wire::{Chunk, ErrorBody, ToolCall, ToolCallDelta};

/// Longest line of a stream in bytes. Servers send a few hundred; a whole answer in one line stays far below.
const LONGEST_LINE: usize = 256 * 1024;

/// Most bytes of one answer: far more than three spoken sentences and a dozen calls.
const LONGEST_ANSWER: usize = 1024 * 1024;

/// Most calls in one answer. A model that wants more is in a loop.
const MOST_CALLS: usize = 32;

/// Why a stream is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum StreamFault {
    /// More bytes or calls than an answer may have.
    #[error("the answer is too long")]
    TooLong,
    /// An event that is no JSON.
    #[error("the answer is malformed")]
    Malformed,
    /// The stream ended before the answer was whole.
    #[error("the answer broke off")]
    BrokenOff,
    /// The server reported a failure in the stream.
    #[error("the server failed while it answered")]
    Reported(ErrorBody),
}

/// Why the model stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FinishReason {
    /// It has said all.
    Stop,
    /// It wants tools.
    ToolCalls,
    /// The limit of tokens cut it off.
    Length,
    /// The provider's filter stopped it.
    ContentFilter,
}

/// One whole answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Words.
    pub text: String,
    /// Calls, in the order of their index.
    pub calls: Vec<ToolCall>,
    /// Why it ended, where the server said so in a word that is known.
    pub finish: Option<FinishReason>,
    /// What it cost.
    pub usage: Option<ChatUsage>,
}

/// Reads one stream. See the module's header.
#[derive(Debug, Default)]
pub(super) struct StreamReader {
    line: Vec<u8>,
    /// A carriage return ended the last line: a line feed right after it belongs to it.
    after_return: bool,
    /// Data lines of the event that is being read.
    data: String,
    received: usize,
    builder: AnswerBuilder,
}

impl StreamReader {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// A [`StreamFault`]; the stream is of no use any more.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), StreamFault> {
        self.received += bytes.len();
        if self.received > LONGEST_ANSWER {
            return Err(StreamFault::TooLong);
        }
        for byte in bytes {
            match byte {
                b'\n' if std::mem::take(&mut self.after_return) => {}
                b'\n' | b'\r' => {
                    self.after_return = *byte == b'\r';
                    self.end_of_line()?;
                }
                _ => {
                    self.after_return = false;
                    if self.line.len() >= LONGEST_LINE {
                        return Err(StreamFault::TooLong);
                    }
                    self.line.push(*byte);
                }
            }
        }
        Ok(())
    }

    /// True when `[DONE]` came: nothing that follows counts.
    pub(super) fn is_done(&self) -> bool {
        self.builder.done
    }

    /// The words so far.
    pub(super) fn text(&self) -> &str {
        &self.builder.answer.text
    }

    /// True when the answer has calls so far, or parts of them.
    pub(super) fn calls_tools(&self) -> bool {
        !self.builder.calls.is_empty()
    }

    /// The answer, when the stream has ended.
    ///
    /// # Errors
    /// [`StreamFault::BrokenOff`] when neither a reason for the end nor `[DONE]` came.
    pub(super) fn finish(mut self) -> Result<Answer, StreamFault> {
        // A last event without the empty line behind it.
        self.end_of_line()?;
        self.end_of_event()?;
        self.builder.finish()
    }

    fn end_of_line(&mut self) -> Result<(), StreamFault> {
        let bytes = std::mem::take(&mut self.line);
        if bytes.is_empty() {
            return self.end_of_event();
        }
        let line = String::from_utf8(bytes).map_err(|_| StreamFault::Malformed)?;
        let line = line.strip_prefix('\u{feff}').unwrap_or(&line);
        // Comments begin with a colon; names of events, ids and delays say nothing here.
        if let Some(data) = line.strip_prefix("data:") {
            if !self.data.is_empty() {
                self.data.push('\n');
            }
            self.data.push_str(data.strip_prefix(' ').unwrap_or(data));
        }
        Ok(())
    }

    fn end_of_event(&mut self) -> Result<(), StreamFault> {
        let data = std::mem::take(&mut self.data);
        if data.trim().is_empty() || self.builder.done {
            return Ok(());
        }
        self.builder.add(data.trim())
    }
}

/// Adds chunks up. Also reads an answer that came whole.
#[derive(Debug, Default)]
pub(super) struct AnswerBuilder {
    answer: Answer,
    calls: Vec<(usize, ToolCall)>,
    finished: bool,
    done: bool,
}

impl AnswerBuilder {
    /// Takes the data of one event.
    ///
    /// # Errors
    /// A [`StreamFault`] for what is no chunk.
    pub(super) fn add(&mut self, data: &str) -> Result<(), StreamFault> {
        if data == "[DONE]" {
            self.done = true;
            return Ok(());
        }
        let chunk: Chunk = serde_json::from_str(data).map_err(|_| StreamFault::Malformed)?;
        if let Some(error) = chunk.error {
            return Err(StreamFault::Reported(error));
        }
        self.answer.usage = chunk.usage.or(self.answer.usage);
        for choice in chunk.choices.into_iter().filter(|choice| choice.index == 0) {
            self.answer.text.push_str(&choice.delta.content);
            for (place, call) in choice.delta.tool_calls.into_iter().enumerate() {
                self.add_call(place, call)?;
            }
            if let Some(reason) = choice.finish_reason {
                self.finished = true;
                self.answer.finish = match reason.as_str() {
                    "stop" => Some(FinishReason::Stop),
                    "tool_calls" | "function_call" => Some(FinishReason::ToolCalls),
                    "length" => Some(FinishReason::Length),
                    "content_filter" => Some(FinishReason::ContentFilter),
                    _ => None,
                };
            }
        }
        Ok(())
    }

    /// `place` is the piece's own place in its chunk, for servers that number nothing.
    fn add_call(&mut self, place: usize, piece: ToolCallDelta) -> Result<(), StreamFault> {
        let index = piece.index.unwrap_or_else(|| self.index_of(place, &piece.id));
        let at = match self.calls.iter().position(|(known, _)| *known == index) {
            Some(at) => at,
            None if self.calls.len() >= MOST_CALLS => return Err(StreamFault::TooLong),
            None => {
                self.calls.push((index, ToolCall::default()));
                self.calls.len() - 1
            }
        };
        let Some((_, call)) = self.calls.get_mut(at) else {
            return Ok(());
        };
        // Once each: servers that repeat them with every piece mean the same.
        if call.id.is_empty() {
            call.id = piece.id;
        }
        if call.name.is_empty() {
            call.name = piece.function.name;
        }
        call.arguments.push_str(&piece.function.arguments);
        Ok(())
    }

    /// Which call a piece without a number belongs to: the one of its id; without an id, the newest.
    fn index_of(&self, place: usize, id: &str) -> usize {
        let newest = self.calls.last().map(|(index, _)| *index);
        let next = newest.map_or(place, |index| index + 1);
        if id.is_empty() {
            return newest.unwrap_or(place);
        }
        let known = self.calls.iter().find(|(_, call)| call.id == id);
        known.map_or(next, |(index, _)| *index)
    }

    /// The whole answer.
    ///
    /// # Errors
    /// [`StreamFault::BrokenOff`] when it is not whole.
    pub(super) fn finish(mut self) -> Result<Answer, StreamFault> {
        if !self.finished && !self.done {
            return Err(StreamFault::BrokenOff);
        }
        self.calls.sort_by_key(|(index, _)| *index);
        for (place, (_, mut call)) in self.calls.into_iter().enumerate() {
            // A result needs an id to answer to.
            if call.id.is_empty() {
                call.id = format!("call_{place}");
            }
            self.answer.calls.push(call);
        }
        Ok(self.answer)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn chunk(delta: Value, finish: Option<&str>) -> String {
        json!({ "id": "c", "object": "chat.completion.chunk",
            "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }] })
        .to_string()
    }

    fn read(stream: &str) -> Result<Answer, StreamFault> {
        let mut reader = StreamReader::default();
        reader.push(stream.as_bytes())?;
        reader.finish()
    }

    /// Two calls in pieces that alternate, words with letters of several bytes, figures at the end.
    fn recorded(line_end: &str) -> String {
        let call = |index: usize, id: Option<&str>, name: Option<&str>, arguments: &str| {
            json!({ "tool_calls": [{ "index": index, "id": id, "type": "function",
                "function": { "name": name, "arguments": arguments } }] })
        };
        let events = [
            chunk(json!({ "role": "assistant", "content": "Grüße — 9 € " }), None),
            chunk(call(1, Some("call_b"), Some("lookupCustomer"), ""), None),
            chunk(call(0, Some("call_a"), Some("checkAvailability"), "{\"sta"), None),
            chunk(call(1, None, None, "{\"phone\":"), None),
            chunk(call(0, None, None, "rt\":\"2026-12-01\"}"), None),
            chunk(call(1, None, None, "\"555\"}"), None),
            chunk(json!({ "content": "日本" }), None),
            chunk(json!({}), Some("tool_calls")),
            json!({ "choices": [], "usage": { "prompt_tokens": 40, "completion_tokens": 9, "total_tokens": 49 } })
                .to_string(),
            "[DONE]".to_owned(),
        ];
        let mut text = format!("\u{feff}: hello{line_end}retry: 10{line_end}{line_end}");
        for event in events {
            text.push_str(&format!("data: {event}{line_end}{line_end}"));
        }
        text
    }

    fn expected() -> Answer {
        let call = |id: &str, name: &str, arguments: &str| ToolCall {
            id: id.into(),
            name: name.into(),
            arguments: arguments.into(),
        };
        Answer {
            text: "Grüße — 9 € 日本".into(),
            calls: vec![
                call("call_a", "checkAvailability", "{\"start\":\"2026-12-01\"}"),
                call("call_b", "lookupCustomer", "{\"phone\":\"555\"}"),
            ],
            finish: Some(FinishReason::ToolCalls),
            usage: Some(ChatUsage {
                prompt_tokens: 40,
                completion_tokens: 9,
            }),
        }
    }

    proptest! {
        #[test]
        fn any_cutting_of_the_bytes_gives_the_same_answer(
            sizes in prop::collection::vec(1_usize..40, 1..200),
            line_end in prop_oneof![Just("\n"), Just("\r\n"), Just("\r")],
        ) {
            let stream = recorded(line_end);
            let mut rest = stream.as_bytes();
            let mut reader = StreamReader::default();
            for size in sizes.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (piece, behind) = rest.split_at((*size).min(rest.len()));
                reader.push(piece).unwrap();
                rest = behind;
            }
            prop_assert!(reader.is_done());
            prop_assert_eq!(reader.finish(), Ok(expected()));
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let mut reader = StreamReader::default();
            let _ = reader.push(&bytes).and_then(|()| reader.finish().map(drop));
        }

        #[test]
        fn no_chunk_panics(text in r#"(data: ?)?[\[\]\{\}":,0-9a-z]{0,60}"#) {
            let _ = read(&format!("{text}\n\n"));
        }
    }

    #[test]
    fn what_follows_the_end_does_not_count() {
        let stream = format!(
            "data: {}\n\ndata: [DONE]\n\ndata: nonsense\n\n",
            chunk(json!({ "content": "Yes." }), Some("stop"))
        );
        assert_eq!(read(&stream).unwrap().text, "Yes.");
    }

    #[test]
    fn a_stream_without_its_last_event_is_whole_when_it_said_why_it_ended() {
        let stream = format!("data:{}", chunk(json!({ "content": "Yes." }), Some("stop")));
        assert_eq!(read(&stream).unwrap().text, "Yes.");
        let stream = format!("data: {}\n\n", chunk(json!({ "content": "Ye" }), None));
        assert_eq!(read(&stream), Err(StreamFault::BrokenOff));
        assert_eq!(read(""), Err(StreamFault::BrokenOff));
    }

    #[test]
    fn nulls_and_unknown_members_mean_nothing() {
        let stream = format!(
            "data: {}\n\ndata: {}\n\n",
            json!({ "choices": [{ "index": null, "delta": { "content": null, "tool_calls": null, "reasoning": "…" },
                "finish_reason": null, "logprobs": null }], "usage": null, "error": null }),
            json!({ "choices": [{ "delta": { "content": "Yes." }, "finish_reason": "a_word_of_tomorrow" }] }),
        );
        let answer = read(&stream).unwrap();
        assert_eq!((answer.text.as_str(), answer.finish), ("Yes.", None));
    }

    #[test]
    fn calls_without_numbers_are_told_apart_by_their_ids() {
        let piece = |id: &str, name: &str, arguments: &str| {
            chunk(
                json!({ "tool_calls": [{ "id": id, "function": { "name": name, "arguments": arguments } }] }),
                None,
            )
        };
        let stream: String = [
            piece("a", "first", "{"),
            piece("", "", "}"),
            piece("b", "second", "{}"),
            chunk(json!({}), Some("tool_calls")),
        ]
        .map(|event| format!("data: {event}\n\n"))
        .concat();
        let calls = read(&stream).unwrap().calls;
        let seen: Vec<_> = calls
            .iter()
            .map(|call| (call.id.as_str(), call.name.as_str(), call.arguments.as_str()))
            .collect();
        assert_eq!(seen, [("a", "first", "{}"), ("b", "second", "{}")]);
    }

    #[test]
    fn an_answer_that_came_whole_is_one_chunk() {
        let whole = json!({ "object": "chat.completion", "choices": [{ "index": 0, "finish_reason": "tool_calls",
            "message": { "role": "assistant", "content": null, "tool_calls": [
                { "id": "a", "type": "function", "function": { "name": "first", "arguments": "{}" } },
                { "id": "b", "type": "function", "function": { "name": "second", "arguments": "{}" } },
            ] } }] });
        let mut builder = AnswerBuilder::default();
        builder.add(&whole.to_string()).unwrap();
        let calls = builder.finish().unwrap().calls;
        assert_eq!(
            calls.iter().map(|call| call.name.as_str()).collect::<Vec<_>>(),
            ["first", "second"]
        );
    }

    #[test]
    fn a_failure_in_the_stream_is_told_with_its_code() {
        let stream = "data: {\"error\":{\"code\":\"server_is_overloaded\",\"message\":\"sk-secret\"}}\n\n";
        let Err(StreamFault::Reported(error)) = read(stream) else {
            panic!("no failure")
        };
        assert_eq!(error.code, "server_is_overloaded");
        assert!(!format!("{error:?}").contains("sk-"));
    }

    #[test]
    fn a_stream_without_end_is_given_up() {
        let mut reader = StreamReader::default();
        let flood = vec![b'x'; LONGEST_LINE + 1];
        assert_eq!(reader.push(&flood), Err(StreamFault::TooLong));
        let mut reader = StreamReader::default();
        let line = format!(": {}\n", "x".repeat(1_000));
        let refused = (0..2_000).find_map(|_| reader.push(line.as_bytes()).err());
        assert_eq!(refused, Some(StreamFault::TooLong));
    }
}
