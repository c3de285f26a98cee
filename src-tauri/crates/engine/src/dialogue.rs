//! The dialogue: what the receptionist says to what a caller said, from the company profile and the functions of the session.
//!
//! One border, two implementations. The built-in one is deterministic and without a language model: words are matched to services, texts and opening hours of the profile, details are taken
//! down by a form, and functions are called that tell opening hours, save a message, or find, book, move and cancel appointments. It answers in well under 5 ms, on whatever thread calls it. The other
//! one lets a chat model answer and says nothing that is not so. Neither does I/O; the present moment is an input, and so is what a model says.
//!
//! # Map
//! - [`Dialogue`]: the border to the server · [`Receptionist`]: the built-in implementation
//! - [`ChatDialogue`]: the implementation with a chat model, reached over the border [`ChatModel`]
//! - understanding: `words`, `resemblance`, `lexicon`, `spoken_numbers`, `calendar`, `knowledge`, `wishes`, `likeness` (a second opinion);
//!   `utterance` (all of it, once per utterance), [`understanding`](Understanding) (what was understood, in intents and slots)
//! - answering: `facts` (what the profile says), `wording` (everything else), `answers` (one wish, one answer)
//! - appointments: `values` (from words to dates, times and amounts), `number_pieces` (numbers over several breaths), `booking` (what is
//!   open, when the calendar is asked, what waits for its turn), `claims` (the only sentences that say that something was done)
//! - turns: `expectation` (what kind of answer is waited for, and whether the words so far are one)
//! - taking a message: `caller` (what was told), `questions` (what is asked in between), `form` (what is still open)

mod answers;
mod booking;
mod calendar;
mod caller;
mod chat;
mod claims;
mod expectation;
mod facts;
mod form;
mod knowledge;
mod lexicon;
mod likeness;
mod model;
mod number_pieces;
mod questions;
mod receptionist;
mod resemblance;
mod spoken_numbers;
mod tools;
mod understanding;
mod utterance;
mod values;
mod wishes;
mod wording;
mod words;

use jiff::Timestamp;
use serde_json::Value;

pub use chat::ChatDialogue;
pub use expectation::{Completeness, Expectation};
pub use model::{ChatModel, MadeCall, ModelFailure, ModelLine, ModelNews, ModelQuestion};
pub use receptionist::{CompanyKnowledge, Receptionist};
pub use understanding::{AskedFor, DayPart, Intent, Slots, Understanding};

/// A function that the session offers.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolOffer {
    /// Name, as it is called.
    pub name: String,
    /// What it does, for a model; empty when the client says nothing.
    pub description: String,
    /// JSON Schema of the arguments; an empty object when none was given.
    pub parameters: Value,
}

/// What the client wants of the functions that it offers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CallWish {
    /// They may be called.
    #[default]
    AsNeeded,
    /// At least one of them is to be called. Where the client names one, no other is offered.
    AtLeastOne,
}

/// A function call that the dialogue asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionRequest {
    /// Name of an offered function.
    pub name: String,
    /// Arguments as a JSON text that fits the function's schema.
    pub arguments: String,
}

/// What a function gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FunctionOutcome<'a> {
    /// Name of the function.
    pub name: &'a str,
    /// Arguments of the call.
    pub arguments: &'a str,
    /// Its output: JSON text, or plain text.
    pub output: &'a str,
}

/// Why the dialogue is asked to speak.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Prompt<'a> {
    /// The caller said something.
    Caller {
        /// The words, as recognised or typed.
        text: &'a str,
        /// How sure the recogniser is, 0 to 1; 1 for typed words.
        confidence: f32,
    },
    /// Functions that were asked for have answered.
    Outcomes(&'a [FunctionOutcome<'a>]),
    /// Nothing new was said. Instructions of the client that dictate a sentence (`say exactly: "…"`) are followed.
    Unprompted {
        /// What the words are for.
        purpose: Purpose,
        /// Instructions of this one response.
        instructions: Option<&'a str>,
    },
}

/// What words are for that no caller asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// Not said: the greeting when nothing was said before, else the question whether somebody is there.
    #[default]
    Open,
    /// The first words of the call.
    Greeting,
    /// Nobody has spoken for a while.
    IdleQuestion,
    /// The last words of the call.
    Goodbye,
}

/// A line of the conversation before, for a call that goes on over a new connection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PastLine<'a> {
    /// The caller said this and was answered.
    Caller(&'a str),
    /// The receptionist said this.
    Receptionist(&'a str),
    /// A note of the client, such as "continue the conversation, do not greet again".
    Note(&'a str),
    /// A function was asked for.
    Call(&'a str, &'a str),
}

/// A line of the conversation as it stands: what was said, as far as the caller heard it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeardLine<'a> {
    /// The caller said this; empty where nothing was understood.
    Caller(&'a str),
    /// The receptionist said this.
    Receptionist {
        /// The words that were heard.
        text: &'a str,
        /// The caller did not hear the rest.
        interrupted: bool,
    },
    /// A note of the client.
    Note(&'a str),
    /// A function was asked for.
    Call {
        /// Pairs with the outcome.
        id: &'a str,
        /// The function.
        name: &'a str,
        /// JSON text.
        arguments: &'a str,
    },
    /// What a function gave.
    Outcome {
        /// Pairs with the call.
        id: &'a str,
        /// JSON or plain text.
        output: &'a str,
    },
}

/// What to say and do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// The words, or the next part of them; empty when only functions are called, or when there is nothing to add to what was said.
    pub text: String,
    /// Functions to call after the words. Only where nothing follows.
    pub calls: Vec<FunctionRequest>,
    /// What follows.
    pub then: Then,
}

/// What follows a part of a reply.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Then {
    /// Nothing: the reply is whole.
    #[default]
    Done,
    /// The model is asked this; what it says goes to [`Dialogue::go_on`]. An earlier question of the same reply is dropped.
    Ask(Box<ModelQuestion>),
    /// More of what the model says.
    GoOn,
}

/// One conversation. Not shared: each connection has its own.
pub trait Dialogue: Send {
    /// Replaces the functions that may be called, and what the client wants of them. Rules that know themselves when a call is due need not
    /// follow the wish: a call that nothing in the conversation asks for would do harm.
    fn offer_tools(&mut self, tools: Vec<ToolOffer>, wish: CallWish);

    /// Replaces what the client wants of every reply (`session`) and of the next one alone (`response`); empty means nothing.
    fn instruct(&mut self, session: &str, response: &str);

    /// Shows the whole conversation, oldest line first, what is to be answered included. Told before each [`Self::respond`]: a client may have
    /// deleted lines, and a caller may have interrupted some.
    fn look_back(&mut self, lines: &mut dyn Iterator<Item = HeardLine<'_>>);

    /// Takes note of a line that was said before, without answering.
    fn recall(&mut self, line: PastLine<'_>, now: Timestamp);

    /// The next words of the receptionist.
    fn respond(&mut self, prompt: Prompt<'_>, now: Timestamp) -> Reply;

    /// The next part of a reply that was not [`Then::Done`].
    fn go_on(&mut self, news: ModelNews, now: Timestamp) -> Reply;

    /// The last reply was not heard at all, because the caller went on speaking: it counts as not given, and what the caller says next
    /// continues what was said before it.
    fn withdraw(&mut self);

    /// What kind of answer the last reply waits for. The ear is patient with digits and quick after a plain yes.
    fn expects(&self) -> Expectation {
        Expectation::Anything
    }
}
