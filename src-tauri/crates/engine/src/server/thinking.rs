//! The questions of one connection to the chat model, and what comes of them. Polled by the connection's task; a question that is forgotten is
//! withdrawn at once, because dropping its stream cancels the request behind it.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use tokio::time::{Sleep, sleep};

use super::limits::MODEL_SILENCE;
use super::session::Asker;
use crate::dialogue::{ChatModel, ModelFailure, ModelNews, ModelQuestion};

/// Questions that wait for more. At most one for the reply and one for each answer beside it, so their number is bounded by the session.
pub(crate) struct Thinking {
    model: Option<Arc<dyn ChatModel>>,
    open: Vec<Open>,
}

struct Open {
    asker: Asker,
    answer: BoxStream<'static, ModelNews>,
    /// Runs until the model has been silent for long; then it is told once.
    silence: Option<Pin<Box<Sleep>>>,
}

impl Thinking {
    /// Nothing is asked yet.
    pub fn new(model: Option<Arc<dyn ChatModel>>) -> Self {
        Self {
            model,
            open: Vec::new(),
        }
    }

    /// Asks, in place of what the same asker has asked before.
    pub fn ask(&mut self, asker: Asker, question: ModelQuestion) {
        self.forget(asker);
        // Only a dialogue that was made for a model asks one.
        let Some(model) = &self.model else { return };
        self.open.push(Open {
            asker,
            answer: model.ask(question),
            silence: Some(Box::pin(sleep(MODEL_SILENCE))),
        });
    }

    /// Withdraws a question.
    pub fn forget(&mut self, asker: Asker) {
        self.open.retain(|open| open.asker != asker);
    }

    /// Withdraws the questions of all replies but one.
    pub fn forget_replies_but(&mut self, serial: u64) {
        self.open
            .retain(|open| matches!(open.asker, Asker::Beside(_)) || open.asker == Asker::Reply(serial));
    }

    /// The next news; never, while nothing is asked. Dropping the future loses nothing.
    pub async fn next(&mut self) -> (Asker, ModelNews) {
        poll_fn(|context| self.poll_next(context)).await
    }

    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<(Asker, ModelNews)> {
        for at in 0..self.open.len() {
            let Some(open) = self.open.get_mut(at) else { break };
            let asker = open.asker;
            if let Poll::Ready(news) = open.answer.poll_next_unpin(context) {
                // A stream that just stops has broken its word.
                let news = news.unwrap_or(ModelNews::Failed(ModelFailure::Passing));
                if matches!(news, ModelNews::End(_) | ModelNews::Failed(_)) {
                    self.open.remove(at);
                }
                return Poll::Ready((asker, news));
            }
            if let Some(silence) = &mut open.silence
                && silence.as_mut().poll(context).is_ready()
            {
                open.silence = None;
                return Poll::Ready((asker, ModelNews::Slow));
            }
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::stream;
    use tokio::time::Instant;

    use super::*;
    use crate::dialogue::CallWish;

    const ASKER: Asker = Asker::Reply(1);

    /// Thinks aloud every half second, then answers.
    struct Thinker;

    impl ChatModel for Thinker {
        fn ask(&self, _question: ModelQuestion) -> BoxStream<'static, ModelNews> {
            let thoughts = stream::iter(0..10).then(|at| async move {
                sleep(Duration::from_millis(500)).await;
                match at {
                    0 => ModelNews::Words("<think>".into()),
                    9 => ModelNews::End(Vec::new()),
                    _ => ModelNews::Words("hm ".into()),
                }
            });
            thoughts.boxed()
        }
    }

    #[tokio::test(start_paused = true)]
    async fn thoughts_do_not_put_off_the_filling_of_a_silence_which_is_told_once() {
        let mut thinking = Thinking::new(Some(Arc::new(Thinker)));
        let begun = Instant::now();
        thinking.ask(
            ASKER,
            ModelQuestion {
                lines: Vec::new(),
                tools: Vec::new(),
                calls: CallWish::AsNeeded,
            },
        );
        let mut silences = Vec::new();
        loop {
            match thinking.next().await {
                (ASKER, ModelNews::Slow) => silences.push(begun.elapsed()),
                (ASKER, ModelNews::End(_)) => break,
                (ASKER, ModelNews::Words(_)) => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(silences, [MODEL_SILENCE]);
        assert_eq!(begun.elapsed(), Duration::from_secs(5));
    }
}
