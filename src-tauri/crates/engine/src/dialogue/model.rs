//! The border to a chat model: what it is asked and what it says. The engine makes no requests; whoever starts it brings the model. Pure
//! data and one trait.

use futures_util::stream::BoxStream;

use super::{CallWish, FunctionRequest, ToolOffer};

/// A chat model, shared by all conversations.
pub trait ChatModel: Send + Sync {
    /// Asks. The stream gives words as they come and ends with [`ModelNews::End`] or [`ModelNews::Failed`]; it keeps its own limits of time.
    /// Polled on the tokio runtime. Dropping it withdraws the question.
    fn ask(&self, question: ModelQuestion) -> BoxStream<'static, ModelNews>;
}

/// What a model is asked: to say what comes next.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelQuestion {
    /// The conversation; its first line is [`ModelLine::Instructions`], and it is the only one of its kind.
    pub lines: Vec<ModelLine>,
    /// Functions that it may call.
    pub tools: Vec<ToolOffer>,
    /// Whether it has to call one of them. Means nothing where there are none.
    pub calls: CallWish,
}

/// One line of what a model reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelLine {
    /// What it works by.
    Instructions(String),
    /// The caller, or a note in square brackets.
    Caller(String),
    /// What the receptionist said, and what it called.
    Receptionist {
        /// The words; may be empty beside calls.
        text: String,
        /// Each is answered by an [`ModelLine::Outcome`] right after this line.
        calls: Vec<MadeCall>,
    },
    /// What a function gave.
    Outcome {
        /// Which call.
        id: String,
        /// JSON or plain text.
        output: String,
    },
}

/// A function call that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeCall {
    /// Pairs with the outcome.
    pub id: String,
    /// The function.
    pub name: String,
    /// A JSON object as text.
    pub arguments: String,
}

/// What comes of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelNews {
    /// More words, cut anywhere.
    Words(String),
    /// All was said. These functions are wanted.
    End(Vec<FunctionRequest>),
    /// Nothing has come for a while; the question stands.
    Slow,
    /// There is no answer, or no more of it.
    Failed(ModelFailure),
}

/// Why a model gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelFailure {
    /// It cannot be reached, was too slow, or broke off: the next question may be answered.
    Passing,
    /// Somebody has to mend something first: the model, its address, its key.
    Lasting,
}
