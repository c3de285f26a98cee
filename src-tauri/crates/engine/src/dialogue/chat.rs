//! The dialogue with a chat model: the model finds the words, this dialogue decides which of them are said. Pure; see [`super::Dialogue`].
//!
//! - `guard`: what a sentence claims to be done · `evidence`: what was done, and `moments`: for which day and time
//! - `sentences`: clause by clause, unfounded claims held back
//! - `speakable`: from written to spoken · `history`: the conversation as a model reads it · `brief`: what the model works by
//!
//! The built-in dialogue greets, asks again for what was not understood, says what the client dictates, and takes over for the rest of the
//! call when the model cannot be used: it knows the conversation so far, as for a call that goes on over a new connection.

mod brief;
mod evidence;
mod guard;
mod history;
mod moments;
mod sentences;
mod speakable;

use jiff::Timestamp;

use super::claims::{Deed, Done, saved};
use super::model::{ModelFailure, ModelLine, ModelNews, ModelQuestion};
use super::receptionist::{CompanyKnowledge, LEAST_CONFIDENCE, Receptionist, dictated};
use super::tools::{END_CALL, SAVE_CALLER_DETAILS};
use super::wording::Wording;
use super::{CallWish, Dialogue, FunctionOutcome, HeardLine, PastLine, Prompt, Purpose, Reply, Then, ToolOffer};
use evidence::Evidence;
use guard::Claim;
use history::{History, note};
use sentences::Sentences;

/// Said when nothing has come for a while, in turn.
const FILLERS: [&str; 3] = [
    "One moment, please. ",
    "Just a second, please. ",
    "Please bear with me. ",
];

/// Said when an answer broke off in the middle.
const LOST: &str = "I'm sorry, I lost my thread there. Could you say that once more?";

/// Said when the built-in dialogue takes over.
const RELIEVED: &str = "I'm sorry, a part of our system does not answer, so I can only help you with the essentials for the rest of this call.";

/// Answers in a call that may break off before the built-in dialogue takes over.
const MOST_STUMBLES: u8 = 1;

/// One conversation with a chat model.
pub struct ChatDialogue {
    company: CompanyKnowledge,
    session_instructions: String,
    response_instructions: String,
    offers: Vec<ToolOffer>,
    call_wish: CallWish,
    history: History,
    /// Says what needs no model, and everything once it has taken over.
    builtin: Receptionist,
    has_taken_over: bool,
    stumbles: u8,
    fillers: usize,
    wording: Wording,
    composing: Option<Composing>,
    /// What functions have done and the caller was not told yet, because an answer had no words for it.
    untold: String,
}

/// A reply on its way.
struct Composing {
    occasion: Occasion,
    question: ModelQuestion,
    sentences: Sentences,
    /// What was given of the reply, without fillers.
    said: String,
    filled: bool,
    asked_again: bool,
}

/// What the reply answers, for whoever takes it over.
#[derive(Default)]
struct Occasion {
    /// The caller's words, and how sure the recogniser is.
    caller: Option<(String, f32)>,
    /// What functions have done and the caller was not told yet.
    done: String,
    /// Nothing new was said or done.
    is_unprompted: bool,
}

impl ChatDialogue {
    /// A conversation that has not begun.
    #[must_use]
    pub fn new(company: &CompanyKnowledge) -> Self {
        Self {
            company: company.clone(),
            session_instructions: String::new(),
            response_instructions: String::new(),
            offers: Vec::new(),
            call_wish: CallWish::default(),
            history: History::default(),
            builtin: Receptionist::new(company),
            has_taken_over: false,
            stumbles: 0,
            fillers: 0,
            wording: Wording::default(),
            composing: None,
            untold: String::new(),
        }
    }

    /// What may be claimed in the next answer.
    fn evidence(&self, now: Timestamp) -> Evidence {
        let zone = self.company.profile().time_zone.rules().clone();
        let mut evidence = self.history.evidence(now.to_zoned(zone));
        if let Some(phone) = &self.company.profile().contact.phone {
            evidence.note_number(phone);
        }
        evidence
    }

    fn ask(&mut self, occasion: Occasion, now: Timestamp) -> Reply {
        let instructions = brief::instructions(self.company.profile(), &self.session_instructions, now);
        let mut lines = vec![ModelLine::Instructions(instructions)];
        lines.extend(self.history.for_model());
        let wish = match self.response_instructions.trim() {
            "" if occasion.is_unprompted => "Say what comes next.",
            wish => wish,
        };
        if !wish.is_empty() {
            add_note(&mut lines, wish);
        }
        let question = ModelQuestion {
            lines,
            tools: if self.history.may_call() {
                self.offers.clone()
            } else {
                Vec::new()
            },
            calls: self.call_wish,
        };
        let reply = Reply {
            then: Then::Ask(Box::new(question.clone())),
            ..Reply::default()
        };
        self.composing = Some(Composing {
            occasion,
            question,
            sentences: Sentences::new(self.evidence(now)),
            said: String::new(),
            filled: false,
            asked_again: false,
        });
        reply
    }

    /// The answer is over.
    fn conclude(&mut self, calls: Vec<super::FunctionRequest>, now: Timestamp) -> Reply {
        let Some(mut composing) = self.composing.take() else {
            return Reply::default();
        };
        let mut text = composing.sentences.finish();
        composing.said.push_str(&text);
        if composing.said.trim().is_empty() && !calls.is_empty() {
            // A call that ends in silence would be no goodbye.
            if calls.iter().any(|call| call.name == END_CALL) {
                text = joined(&[&composing.occasion.done, &self.builtin.farewell().text]);
            } else {
                self.untold = std::mem::take(&mut composing.occasion.done);
            }
        }
        match composing.sentences.held_back() {
            // The model wrote the success of its own call down in advance. It says so again when there is one.
            _ if !calls.is_empty() => {}
            Some(claim) if composing.asked_again => {
                let honest = honest(claim);
                tracing::warn!(?claim, "the chat model claimed twice what was not done");
                return said(format!("{text}{honest}"));
            }
            Some(claim) => {
                tracing::info!(?claim, "the chat model claimed what was not done, and is asked again");
                return self.ask_again(composing, claim, text, now);
            }
            None if composing.said.trim().is_empty() => {
                return self.failed(composing, ModelFailure::Passing, now);
            }
            None => {}
        }
        Reply {
            text,
            calls,
            then: Then::Done,
        }
    }

    fn ask_again(&mut self, mut composing: Composing, claim: Claim, text: String, now: Timestamp) -> Reply {
        let mut question = composing.question.clone();
        if !composing.said.trim().is_empty() {
            question.lines.push(ModelLine::Receptionist {
                text: composing.said.trim().to_owned(),
                calls: Vec::new(),
            });
        }
        add_note(&mut question.lines, correction(claim));
        composing.sentences = Sentences::new(self.evidence(now));
        composing.asked_again = true;
        self.composing = Some(composing);
        Reply {
            text,
            then: Then::Ask(Box::new(question)),
            ..Reply::default()
        }
    }

    /// There is no answer, or no more of it.
    fn failed(&mut self, composing: Composing, failure: ModelFailure, now: Timestamp) -> Reply {
        let spoken = !composing.said.trim().is_empty();
        let Occasion { caller, done, .. } = composing.occasion;
        // What was done must not be lost with the words that would have told it, unless these were said before.
        let done = if spoken { String::new() } else { done };
        self.stumbles = self.stumbles.saturating_add(1);
        if spoken && failure == ModelFailure::Passing && self.stumbles <= MOST_STUMBLES {
            tracing::warn!("the chat model broke off; it is asked again in the caller's next turn");
            return said(joined(&[&done, LOST]));
        }
        tracing::warn!(?failure, "the built-in dialogue takes over for the rest of the call");
        self.take_over(now);
        let rest = match caller {
            Some((text, confidence)) if !spoken => self.builtin.respond(
                Prompt::Caller {
                    text: &text,
                    confidence,
                },
                now,
            ),
            _ => said("How can I help you now?".to_owned()),
        };
        Reply {
            text: joined(&[&done, RELIEVED, &rest.text]),
            ..rest
        }
    }

    /// The built-in dialogue learns what was said so far.
    fn take_over(&mut self, now: Timestamp) {
        self.builtin = Receptionist::new(&self.company);
        self.builtin.offer_tools(self.offers.clone(), self.call_wish);
        for line in self.history.before_the_callers_last_words() {
            self.builtin.recall(line, now);
        }
        self.has_taken_over = true;
    }
}

impl Dialogue for ChatDialogue {
    fn offer_tools(&mut self, tools: Vec<ToolOffer>, wish: CallWish) {
        self.builtin.offer_tools(tools.clone(), wish);
        self.offers = tools;
        self.call_wish = wish;
    }

    fn instruct(&mut self, session: &str, response: &str) {
        session.clone_into(&mut self.session_instructions);
        response.clone_into(&mut self.response_instructions);
    }

    fn look_back(&mut self, lines: &mut dyn Iterator<Item = HeardLine<'_>>) {
        self.history = History::of(lines);
    }

    fn recall(&mut self, line: PastLine<'_>, now: Timestamp) {
        // The model reads the history. What the built-in dialogue needs to know before it takes over is when a greeting was said.
        self.builtin.recall(line, now);
    }

    fn respond(&mut self, prompt: Prompt<'_>, now: Timestamp) -> Reply {
        // What was done and could not be told, because the caller interrupted or has said something since.
        if let Some(before) = self.composing.take() {
            self.untold = joined(&[&self.untold, &before.occasion.done]);
        }
        if self.has_taken_over {
            return self.builtin.respond(prompt, now);
        }
        match prompt {
            Prompt::Caller { text, confidence } if text.trim().is_empty() || confidence < LEAST_CONFIDENCE => {
                self.builtin.respond(prompt, now)
            }
            Prompt::Caller { text, confidence } => {
                let occasion = Occasion {
                    caller: Some((text.to_owned(), confidence)),
                    done: std::mem::take(&mut self.untold),
                    ..Occasion::default()
                };
                self.ask(occasion, now)
            }
            // The goodbye was said with the call.
            Prompt::Outcomes(outcomes) if outcomes.iter().all(|outcome| outcome.name == END_CALL) => Reply::default(),
            Prompt::Outcomes(outcomes) => {
                let untold = std::mem::take(&mut self.untold);
                let occasion = Occasion {
                    done: joined(&[&untold, &self.told(outcomes)]),
                    ..Occasion::default()
                };
                self.ask(occasion, now)
            }
            Prompt::Unprompted { purpose, instructions } => {
                let wish = instructions.unwrap_or_default();
                let has_begun = !self.history.is_empty() || !wish.trim().is_empty();
                // Greeting, goodbye and the question whether somebody is there have to come at once, and in their own words if dictated.
                if purpose != Purpose::Open || !has_begun || dictated(wish).is_some() {
                    return self.builtin.respond(prompt, now);
                }
                let occasion = Occasion {
                    is_unprompted: true,
                    ..Occasion::default()
                };
                self.ask(occasion, now)
            }
        }
    }

    fn go_on(&mut self, news: ModelNews, now: Timestamp) -> Reply {
        let waits = |text: String| Reply {
            text,
            then: Then::GoOn,
            ..Reply::default()
        };
        match (news, &mut self.composing) {
            (_, None) => Reply::default(),
            (ModelNews::Words(words), Some(composing)) => {
                let text = composing.sentences.take(&words);
                composing.said.push_str(&text);
                waits(text)
            }
            (ModelNews::Slow, Some(composing)) => {
                if composing.filled || !composing.said.is_empty() {
                    return waits(String::new());
                }
                composing.filled = true;
                self.fillers += 1;
                waits(FILLERS[self.fillers % FILLERS.len()].to_owned())
            }
            (ModelNews::End(calls), Some(_)) => self.conclude(calls, now),
            (ModelNews::Failed(failure), Some(_)) => match self.composing.take() {
                Some(composing) => self.failed(composing, failure, now),
                None => Reply::default(),
            },
        }
    }

    fn withdraw(&mut self) {
        // What was not heard is not in the history.
        if self.has_taken_over {
            self.builtin.withdraw();
        }
    }
}

impl ChatDialogue {
    /// What functions have done, in the built-in dialogue's words; empty when nothing was.
    fn told(&mut self, outcomes: &[FunctionOutcome<'_>]) -> String {
        let wording = &mut self.wording;
        let told = outcomes.iter().filter_map(|outcome| {
            let deed = match outcome.name {
                "bookAppointment" => Deed::Booked,
                "rescheduleAppointment" => Deed::Moved,
                "cancelAppointment" => Deed::Cancelled,
                SAVE_CALLER_DETAILS => return saved(Some(outcome.output), wording),
                _ => return None,
            };
            let done = Done::read(deed, outcome.output)?;
            let what = done.when().unwrap_or("your appointment").to_owned();
            Some(done.told(&what, wording))
        });
        told.collect::<Vec<_>>().join(" ")
    }
}

fn said(text: String) -> Reply {
    Reply {
        text,
        ..Reply::default()
    }
}

fn joined(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .map(|part| part.trim())
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" ")
}

/// Adds a note on the caller's side, which may be the last one already.
fn add_note(lines: &mut Vec<ModelLine>, text: &str) {
    match lines.last_mut() {
        Some(ModelLine::Caller(before)) => *before = format!("{before}\n{}", note(text)),
        _ => lines.push(ModelLine::Caller(note(text))),
    }
}

/// What the model is told when it claimed what was not done.
fn correction(claim: Claim) -> &'static str {
    match claim {
        Claim::Booked | Claim::Stands => {
            "You were about to say that an appointment is booked. No tool has booked that one in this call. Call the tool now if the caller has \
             agreed to everything it needs; else ask for what is missing. Of what tools have booked before, name the day, time and number \
             as their results do. Do not say that anything else is booked, and do not repeat what you said."
        }
        Claim::Moved => {
            "You were about to say that an appointment was moved. No tool has moved one as you said in this call. Call the tool now, or ask for what is \
             missing. Do not say that it was moved, and do not repeat what you said."
        }
        Claim::Cancelled => {
            "You were about to say that an appointment was cancelled. No tool has cancelled that one in this call. Call the tool now, or ask for \
             what is missing. Do not say that it was cancelled, and do not repeat what you said."
        }
        Claim::Saved => {
            "You were about to say that something was saved or passed on. No tool has done that in this call. Call the tool now, or ask for \
             what is missing. Do not say that it was done, and do not repeat what you said."
        }
        Claim::Number => {
            "You were about to give a confirmation number that no tool has told. Say the one of the tool's result, digit by digit, or say \
             none. Do not repeat what you said."
        }
        Claim::Something => {
            "You were about to say that something is done. No tool has done anything in this call. Call the tool now, or ask for what is \
             missing. Do not say that it is done, and do not repeat what you said."
        }
    }
}

/// What the caller hears instead of a claim that was made twice.
fn honest(claim: Claim) -> &'static str {
    match claim {
        Claim::Booked | Claim::Stands => {
            "I'm sorry, I have no confirmation yet that this is booked. Shall we go through it once more?"
        }
        Claim::Moved => "I'm sorry, I have no confirmation yet of another time. Shall we go through it once more?",
        Claim::Cancelled => {
            "I'm sorry, I have no confirmation yet of a cancellation. Shall we go through it once more?"
        }
        Claim::Saved => {
            "I'm sorry, I could not pass that on yet. Could you tell me once more what the team should know?"
        }
        Claim::Number => "I'm sorry, I do not have that number at hand. Is there anything else?",
        Claim::Something => "I'm sorry, I have no confirmation of that yet. What would you like me to do?",
    }
}

#[cfg(test)]
mod tests;
