//! One answer of the text model, tried again where that can help, within a deadline. Runs on the tokio runtime; dropping the future cancels
//! the request. The way to the server is a border ([`ChatTransport`]), so that time can stand still in tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use frontdesk_call::voice_model::BoxFuture;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use tokio::time::{Instant, sleep, timeout_at};

use super::failure::ChatFailure;
use super::retry::{RetryHints, wait_before_next};
use super::stream::{Answer, AnswerBuilder, FinishReason, StreamFault, StreamReader};
use super::wire::{ChatRequest, ReasoningEffort};

/// Most bytes of a refusal's body that are read: its code stands at the front.
const LONGEST_REFUSAL: usize = 64 * 1024;

/// Most bytes of an answer that came whole.
const LONGEST_WHOLE: usize = 1024 * 1024;

/// Nothing came back, or what came back broke off. Why is in the log of the transport, without addresses' queries and keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server cannot be reached")]
pub struct Unreachable;

/// The bytes of a body as they arrive.
pub type Pieces = BoxStream<'static, Result<Vec<u8>, Unreachable>>;

/// What came back.
pub struct ChatReply {
    /// HTTP status.
    pub status: u16,
    /// What the headers say about another try.
    pub hints: RetryHints,
    /// The answer is one JSON object although a stream was asked for.
    pub whole: bool,
    /// The body.
    pub pieces: Pieces,
}

/// The way to one server.
pub trait ChatTransport: Send + Sync {
    /// Posts one request to the address of the completions. Resolves with the head of the reply.
    ///
    /// # Errors
    /// [`Unreachable`] when there is none.
    fn post(&self, body: String) -> BoxFuture<'_, Result<ChatReply, Unreachable>>;
}

/// A text model at one server. Cheap to clone.
#[derive(Clone)]
pub struct ChatClient {
    transport: Arc<dyn ChatTransport>,
    server: String,
    model: String,
    /// Requests say that nothing is to be thought about. Taken back for good where the model refuses to be told.
    tells_effort: Arc<AtomicBool>,
}

impl ChatClient {
    /// The model `model` behind `transport`; `server` is the server's name for people.
    pub fn new(transport: Arc<dyn ChatTransport>, server: impl Into<String>, model: impl Into<String>) -> Self {
        Self {
            transport,
            server: server.into(),
            model: model.into(),
            tells_effort: Arc::default(),
        }
    }

    /// The same for a server that knows `reasoning_effort`.
    #[must_use]
    pub fn telling_effort(self, tells: bool) -> Self {
        self.tells_effort.store(tells, Ordering::Relaxed);
        self
    }

    /// The server's name for people.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.server
    }

    /// The model, or at Azure the deployment.
    #[must_use]
    pub fn model(&self) -> &str {
        &self.model
    }

    /// One answer, before `deadline`.
    ///
    /// # Errors
    /// The failure of the last try; [`ChatFailure::TooSlow`] when the deadline was first.
    pub async fn answer(&self, request: &ChatRequest, deadline: Instant) -> Result<Answer, ChatFailure> {
        self.with_retries(request, deadline, |body| self.try_once(body)).await
    }

    /// Makes the request until `make` succeeds, no more tries are worth it, or the deadline is there.
    pub(super) async fn with_retries<T, Made>(
        &self,
        request: &ChatRequest,
        deadline: Instant,
        make: impl Fn(String) -> Made,
    ) -> Result<T, ChatFailure>
    where
        Made: Future<Output = Result<T, (ChatFailure, RetryHints)>>,
    {
        let mut request = request.clone();
        let mut tries = 0;
        loop {
            tries += 1;
            let tells_effort = self.tells_effort.load(Ordering::Relaxed);
            request.reasoning_effort = tells_effort.then_some(ReasoningEffort::None);
            let body = serde_json::to_string(&request).map_err(|_| ChatFailure::Refused)?;
            let tried = timeout_at(deadline, make(body)).await;
            let (failure, hints) = match tried.map_err(|_elapsed| ChatFailure::TooSlow)? {
                Ok(made) => return Ok(made),
                Err((ChatFailure::EffortRefused, _)) if tells_effort => {
                    self.tells_effort.store(false, Ordering::Relaxed);
                    continue;
                }
                Err(failed) => failed,
            };
            let remaining = deadline.saturating_duration_since(Instant::now());
            let wait = wait_before_next(tries, failure, hints, remaining, rand::random());
            tracing::warn!(?failure, tries, wait_ms = wait.map(whole_ms), "text_model_failed");
            let Some(wait) = wait else { return Err(failure) };
            sleep(wait).await;
        }
    }

    /// Posts the request; a reply with the head of an answer.
    pub(super) async fn open(&self, body: String) -> Result<ChatReply, (ChatFailure, RetryHints)> {
        let offline = |_: Unreachable| (ChatFailure::Offline, RetryHints::default());
        let mut reply = self.transport.post(body).await.map_err(offline)?;
        if (200..300).contains(&reply.status) {
            return Ok(reply);
        }
        // A body that breaks off says less; the status is enough then.
        let text = text_of(&mut reply.pieces, LONGEST_REFUSAL).await;
        Err((ChatFailure::of_status(reply.status, &text), reply.hints))
    }

    async fn try_once(&self, body: String) -> Result<Answer, (ChatFailure, RetryHints)> {
        let ChatReply {
            hints,
            whole,
            mut pieces,
            ..
        } = self.open(body).await?;
        let answer = if whole {
            read_whole(&mut pieces).await
        } else {
            read_stream(&mut pieces).await
        };
        let answer = answer.map_err(|fault| (ChatFailure::of_stream(&fault), hints))?;
        if answer.finish == Some(FinishReason::ContentFilter) {
            return Err((ChatFailure::Filtered, hints));
        }
        Ok(answer)
    }
}

pub(super) async fn read_whole(pieces: &mut Pieces) -> Result<Answer, StreamFault> {
    let mut builder = AnswerBuilder::default();
    let text = text_of(pieces, LONGEST_WHOLE).await;
    builder.add(text.trim())?;
    builder.finish()
}

async fn read_stream(pieces: &mut Pieces) -> Result<Answer, StreamFault> {
    let mut reader = StreamReader::default();
    while !reader.is_done()
        && let Some(Ok(piece)) = pieces.next().await
    {
        reader.push(&piece)?;
    }
    reader.finish()
}

/// The beginning of a body as text.
async fn text_of(pieces: &mut Pieces, most: usize) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < most
        && let Some(Ok(piece)) = pieces.next().await
    {
        bytes.extend_from_slice(&piece);
    }
    bytes.truncate(most);
    String::from_utf8_lossy(&bytes).into_owned()
}

fn whole_ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::scripted::{Scripted, Step};
    use super::super::wire::{ChatMessage, ToolChoice};
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(12);

    /// What came of one request to a server that does `steps`, after how long, and how often it was asked.
    async fn asked(steps: Vec<Step>) -> (Result<String, ChatFailure>, Duration, usize) {
        let scripted = Arc::new(Scripted::new(steps));
        let client = ChatClient::new(scripted.clone(), "Double", "words-1");
        let request = ChatRequest::new("words-1", vec![ChatMessage::user("Hello?")], &[], ToolChoice::Auto);
        let begun = Instant::now();
        let answer = client.answer(&request, begun + PATIENCE).await;
        (
            answer.map(|answer| answer.text),
            begun.elapsed(),
            scripted.requests().len(),
        )
    }

    #[tokio::test(start_paused = true)]
    async fn a_busy_server_is_asked_again_when_it_wishes() {
        let busy = Step::refuse(429, "rate_limit_exceeded").asking_to_wait(Duration::from_secs(3));
        let (answer, took, requests) = asked(vec![busy, Step::say("Tuesday is free.")]).await;
        assert_eq!(answer.as_deref(), Ok("Tuesday is free."));
        assert!(
            took >= Duration::from_secs(3) && took < Duration::from_millis(3_100),
            "{took:?}"
        );
        assert_eq!(requests, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_wish_beyond_the_callers_patience_is_not_waited_for() {
        let busy = Step::refuse(429, "rate_limit_exceeded").asking_to_wait(Duration::from_secs(30));
        let (answer, took, requests) = asked(vec![busy, Step::say("Too late.")]).await;
        assert_eq!((answer, requests), (Err(ChatFailure::Busy), 1));
        assert!(took < Duration::from_secs(1), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_faulty_server_is_asked_three_times_with_growing_waits() {
        let fault = || Step::refuse(500, "server_error");
        let (answer, took, requests) = asked(vec![fault(), fault(), fault(), Step::say("Never.")]).await;
        assert_eq!((answer, requests), (Err(ChatFailure::ServerFault), 3));
        let (least, most) = (Duration::from_millis(1_125), Duration::from_millis(1_510));
        assert!(
            took >= least && took <= most,
            "0.5 s and 1 s, each a quarter shorter at most: {took:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn what_broke_off_or_was_unreachable_is_asked_for_again() {
        let steps = vec![
            Step::Unreachable,
            Step::body("data: {\"choices\":[]}\n\n"),
            Step::say("Here."),
        ];
        let (answer, _, requests) = asked(steps).await;
        assert_eq!((answer.as_deref(), requests), (Ok("Here."), 3));
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_person_has_to_mend_is_asked_once() {
        for (status, code, failure) in [
            (401, "invalid_api_key", ChatFailure::BadKey),
            (404, "model_not_found", ChatFailure::ModelGone),
            (429, "insufficient_quota", ChatFailure::NoQuota),
            (400, "context_length_exceeded", ChatFailure::TooLong),
        ] {
            let (answer, took, requests) = asked(vec![Step::refuse(status, code), Step::say("Never.")]).await;
            assert_eq!((answer, requests), (Err(failure), 1), "{code}");
            assert_eq!(took, Duration::ZERO, "{code}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_model_that_does_not_take_its_effort_told_is_asked_without_from_then_on() {
        let refusal = r#"{"error":{"code":"unsupported_parameter","param":"reasoning_effort"}}"#;
        let steps = vec![Step::status(400, refusal), Step::say("One."), Step::say("Two.")];
        let scripted = Arc::new(Scripted::new(steps));
        let client = ChatClient::new(scripted.clone(), "Double", "words-1").telling_effort(true);
        let request = ChatRequest::new("words-1", vec![ChatMessage::user("Hello?")], &[], ToolChoice::Auto);
        for words in ["One.", "Two."] {
            let answer = client.answer(&request, Instant::now() + PATIENCE).await;
            assert_eq!(answer.map(|answer| answer.text).as_deref(), Ok(words));
        }
        let told: Vec<bool> = scripted
            .requests()
            .iter()
            .map(|request| request["reasoning_effort"] == "none")
            .collect();
        assert_eq!(told, [true, false, false]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_hangs_is_given_up_at_the_deadline() {
        let (answer, took, requests) = asked(vec![Step::Hang]).await;
        assert_eq!((answer, requests), (Err(ChatFailure::TooSlow), 1));
        assert!(
            took >= PATIENCE && took < PATIENCE + Duration::from_millis(10),
            "{took:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_came_whole_counts_and_a_filtered_one_does_not() {
        let whole = r#"{"choices":[{"message":{"content":"Whole."},"finish_reason":"stop"}]}"#;
        let (answer, ..) = asked(vec![Step::whole(whole)]).await;
        assert_eq!(answer.as_deref(), Ok("Whole."));
        let filtered =
            "data: {\"choices\":[{\"delta\":{\"content\":\"Ha\"},\"finish_reason\":\"content_filter\"}]}\n\n";
        let (answer, ..) = asked(vec![Step::body(filtered)]).await;
        assert_eq!(answer, Err(ChatFailure::Filtered));
    }
}
