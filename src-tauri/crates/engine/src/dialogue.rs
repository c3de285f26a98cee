//! The dialogue: what the receptionist says to what a caller said, from the company profile and the functions of the session.
//!
//! Deterministic and without a language model: words are matched to services, texts and opening hours of the profile, details are taken
//! down by a form, and functions are called that tell opening hours, save a message, or book, move and cancel appointments. It answers in well under 5 ms, on whatever thread calls it, and does no
//! I/O; the present moment is an input.
//!
//! # Map
//! - [`Dialogue`]: the border to the server · [`Receptionist`]: the implementation
//! - understanding: `words`, `resemblance`, `lexicon`, `spoken_numbers`, `calendar`, `knowledge`, `wishes`;
//!   `utterance` (all of it, once per utterance), [`understanding`](Understanding) (what was understood, in intents and slots)
//! - answering: `facts` (what the profile says), `wording` (everything else), `answers` (one wish, one answer)
//! - appointments: `values` (from words to dates and times), `booking` (what is open, when the calendar is asked), `claims` (the only
//!   sentences that say that something was done)
//! - taking a message: `caller` (what was told), `questions` (what is asked in between), `form` (what is still open)

mod answers;
mod booking;
mod calendar;
mod caller;
mod claims;
mod facts;
mod form;
mod knowledge;
mod lexicon;
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

pub use receptionist::{CompanyKnowledge, Receptionist};
pub use understanding::{AskedFor, DayPart, Intent, Slots, Understanding};

/// A function that the session offers.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolOffer {
    /// Name, as it is called.
    pub name: String,
    /// JSON Schema of the arguments; an empty object when none was given.
    pub parameters: Value,
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

/// What to say and do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The words; empty when only functions are called, or when there is nothing to add to what was said.
    pub text: String,
    /// Functions to call after the words.
    pub calls: Vec<FunctionRequest>,
}

/// One conversation. Not shared: each connection has its own.
pub trait Dialogue: Send {
    /// Replaces the functions that may be called.
    fn offer_tools(&mut self, tools: Vec<ToolOffer>);

    /// Takes note of a line that was said before, without answering.
    fn recall(&mut self, line: PastLine<'_>, now: Timestamp);

    /// The next words of the receptionist.
    fn respond(&mut self, prompt: Prompt<'_>, now: Timestamp) -> Reply;

    /// The last reply was not heard at all, because the caller went on speaking: it counts as not given, and what the caller says next
    /// continues what was said before it.
    fn withdraw(&mut self);
}
