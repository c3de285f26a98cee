//! An answer of the text model that is used as it comes. Runs on the tokio runtime; dropping the stream cancels the request.

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use tokio::time::{Instant, timeout_at};

use super::client::{ChatClient, Pieces, read_whole};
use super::failure::ChatFailure;
use super::stream::{Answer, FinishReason, StreamReader};
use super::wire::{ChatRequest, ToolCall};

impl ChatClient {
    /// The same answer as it comes: words at once, the calls at the end. A server that cannot be reached or refuses is asked again like for
    /// [`Self::answer`]; what breaks off later is not, because words of it may have been used.
    ///
    /// The stream ends after [`ChatPiece::End`] or its first error: the failure of the last try, [`ChatFailure::TooSlow`] when `patience` is
    /// over, [`ChatFailure::Malformed`] when the answer broke off. Dropping it cancels the request.
    #[must_use]
    pub fn stream(
        &self,
        request: ChatRequest,
        patience: Patience,
    ) -> BoxStream<'static, Result<ChatPiece, ChatFailure>> {
        let asking = Streaming::Asking {
            client: self.clone(),
            request: Box::new(request),
            patience,
        };
        stream::try_unfold(asking, Streaming::next).boxed()
    }
}

/// How long an answer that is used as it comes may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Until the server answers at all and its first words or calls are there, tries included. An answer that does not come as a stream has
    /// to be there whole by then.
    pub first: Duration,
    /// Between two pieces of the body.
    pub between: Duration,
    /// Until the end of an answer that comes as a stream, from its first bytes.
    pub whole: Duration,
}

/// A piece of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChatPiece {
    /// More words.
    Words(String),
    /// The end, with the calls that the model wants. They are told whole: arguments in halves are of no use.
    End(Vec<ToolCall>),
}

/// An answer on its way.
enum Streaming {
    Asking {
        client: ChatClient,
        request: Box<ChatRequest>,
        patience: Patience,
    },
    Reading(Box<Reading>),
    /// These calls are still to be told.
    Ending(Vec<ToolCall>),
    Over,
}

/// The body of an answer that is being read.
struct Reading {
    pieces: Pieces,
    reader: StreamReader,
    /// Bytes of words that were told.
    told: usize,
    patience: Patience,
    /// Nothing has to be waited for beyond this.
    first: Instant,
    end: Instant,
}

impl Streaming {
    /// The next piece and what follows it.
    async fn next(mut self) -> Result<Option<(ChatPiece, Self)>, ChatFailure> {
        loop {
            self = match self {
                Self::Asking {
                    client,
                    request,
                    patience,
                } => {
                    let first = Instant::now() + patience.first;
                    let reply = client.with_retries(&request, first, |body| client.open(body)).await?;
                    let mut pieces = reply.pieces;
                    if reply.whole {
                        // The first words of an answer that comes in one piece are there with its last.
                        let answer = timeout_at(first, read_whole(&mut pieces)).await;
                        let answer = answer.map_err(|_elapsed| ChatFailure::TooSlow)?;
                        return Self::told_at_once(answer.map_err(|fault| ChatFailure::of_stream(&fault))?);
                    }
                    Self::Reading(Box::new(Reading {
                        pieces,
                        reader: StreamReader::default(),
                        told: 0,
                        patience,
                        first,
                        end: Instant::now() + patience.whole,
                    }))
                }
                Self::Reading(mut reading) => match reading.more_words().await? {
                    Some(words) => return Ok(Some((ChatPiece::Words(words), Self::Reading(reading)))),
                    None => {
                        let answer = reading
                            .reader
                            .finish()
                            .map_err(|fault| ChatFailure::of_stream(&fault))?;
                        let rest = answer.text.get(reading.told..).unwrap_or_default().to_owned();
                        return Self::told_at_once(Answer { text: rest, ..answer });
                    }
                },
                Self::Ending(calls) => return Ok(Some((ChatPiece::End(calls), Self::Over))),
                Self::Over => return Ok(None),
            };
        }
    }

    fn told_at_once(answer: Answer) -> Result<Option<(ChatPiece, Self)>, ChatFailure> {
        if answer.finish == Some(FinishReason::ContentFilter) {
            return Err(ChatFailure::Filtered);
        }
        Ok(Some(if answer.text.is_empty() {
            (ChatPiece::End(answer.calls), Self::Over)
        } else {
            (ChatPiece::Words(answer.text), Self::Ending(answer.calls))
        }))
    }
}

impl Reading {
    /// The next words; none when the answer is over.
    async fn more_words(&mut self) -> Result<Option<String>, ChatFailure> {
        while !self.reader.is_done() {
            let mut limit = self.end.min(Instant::now() + self.patience.between);
            if self.reader.text().is_empty() && !self.reader.calls_tools() {
                limit = self.first;
            }
            let piece = timeout_at(limit, self.pieces.next()).await;
            let Some(Ok(piece)) = piece.map_err(|_elapsed| ChatFailure::TooSlow)? else {
                break;
            };
            self.reader
                .push(&piece)
                .map_err(|fault| ChatFailure::of_stream(&fault))?;
            let words = self.reader.text().get(self.told..).unwrap_or_default();
            if !words.is_empty() {
                let words = words.to_owned();
                self.told += words.len();
                return Ok(Some(words));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::scripted::{Scripted, Step};
    use super::super::wire::{ChatMessage, ToolChoice};
    use super::*;

    const PATIENCE: Patience = Patience {
        first: Duration::from_secs(12),
        between: Duration::from_secs(5),
        whole: Duration::from_secs(30),
    };

    /// What came, after how long, and how often the server was asked.
    async fn told(steps: Vec<Step>) -> (Vec<Result<ChatPiece, ChatFailure>>, Duration, usize) {
        let scripted = Arc::new(Scripted::new(steps));
        let client = ChatClient::new(scripted.clone(), "Double", "words-1");
        let request = ChatRequest::new("words-1", vec![ChatMessage::user("Hello?")], &[], ToolChoice::Auto);
        let begun = Instant::now();
        let pieces = client.stream(request, PATIENCE).collect().await;
        (pieces, begun.elapsed(), scripted.requests().len())
    }

    fn words(text: &str) -> Result<ChatPiece, ChatFailure> {
        Ok(ChatPiece::Words(text.into()))
    }

    fn chunk(text: &str) -> String {
        format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n")
    }

    #[tokio::test(start_paused = true)]
    async fn words_come_before_the_end_and_calls_with_it() {
        let (pieces, ..) = told(vec![Step::say("Tuesday is free.")]).await;
        assert_eq!(pieces, [words("Tuesday is free."), Ok(ChatPiece::End(Vec::new()))]);
        let (pieces, ..) = told(vec![Step::call(&[("a", "bookAppointment", "{}")])]).await;
        let [Ok(ChatPiece::End(calls))] = pieces.as_slice() else {
            panic!("{pieces:?}")
        };
        assert_eq!((calls[0].name.as_str(), calls.len()), ("bookAppointment", 1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_busy_server_is_asked_again_before_anything_was_said() {
        let busy = Step::refuse(429, "rate_limit_exceeded").asking_to_wait(Duration::from_secs(3));
        let (pieces, _, requests) = told(vec![busy, Step::say("Here.")]).await;
        assert_eq!((pieces[0].clone(), requests), (words("Here."), 2));
    }

    #[tokio::test(start_paused = true)]
    async fn what_breaks_off_is_not_asked_for_again() {
        let (pieces, _, requests) = told(vec![Step::body(&chunk("We open at"))]).await;
        assert_eq!(pieces, [words("We open at"), Err(ChatFailure::Malformed)]);
        assert_eq!(requests, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_hangs_is_given_up_before_and_within_its_answer() {
        let (pieces, took, _) = told(vec![Step::Hang]).await;
        assert_eq!((pieces, took.as_secs()), (vec![Err(ChatFailure::TooSlow)], 12));
        let (pieces, took, _) = told(vec![Step::Begin(chunk("We open at"))]).await;
        assert_eq!(pieces, [words("We open at"), Err(ChatFailure::TooSlow)]);
        assert_eq!(took.as_secs(), 5);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_does_not_come_as_a_stream_has_no_longer_than_the_first_words_of_one() {
        let begun = r#"{"choices":[{"message":{"content":"We open at"#;
        let (pieces, took, requests) = told(vec![Step::BeginWhole(begun.into())]).await;
        assert_eq!(pieces, [Err(ChatFailure::TooSlow)]);
        assert_eq!((took, requests), (PATIENCE.first, 1));
        // What tries before it took is not added on top.
        let busy = Step::refuse(429, "rate_limit_exceeded").asking_to_wait(Duration::from_secs(3));
        let (_, took, requests) = told(vec![busy, Step::BeginWhole(begun.into())]).await;
        assert_eq!((took, requests), (PATIENCE.first, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_came_whole_is_told_at_once() {
        let whole = r#"{"choices":[{"message":{"content":"Whole."},"finish_reason":"stop"}]}"#;
        let (pieces, ..) = told(vec![Step::whole(whole)]).await;
        assert_eq!(pieces, [words("Whole."), Ok(ChatPiece::End(Vec::new()))]);
    }
}
