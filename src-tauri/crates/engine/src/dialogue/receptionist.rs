//! The built-in dialogue: one conversation of one company. See [`super::Dialogue`] for what it is asked.
//!
//! The state is a plain value: a reply that nobody heard is undone by putting the value before it back.

mod courtesy;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use frontdesk_company::CompanyProfile;
use jiff::Timestamp;

use super::answers::{Answer, Answering, Reading, contact_told};
use super::caller::{Details, consent, name_volunteered, phone_in, reason_in};
use super::facts::sentence;
use super::form::{Form, Progress};
use super::knowledge::Knowledge;
use super::tools::{self, END_CALL, SAVE_CALLER_DETAILS};
use super::wishes::{Topic, Wish, wishes};
use super::wording::{Occasion, Wording};
use super::words::{Word, words};
use super::{Dialogue, FunctionOutcome, PastLine, Prompt, Purpose, Reply, ToolOffer};
use courtesy::Next;

/// Confidence below which an utterance is asked for again instead of answered.
const LEAST_CONFIDENCE: f32 = 0.3;

/// Utterances in a row that were not understood, before the offer to take a message.
const MISSES_BEFORE_OFFER: u8 = 2;

/// A company profile, indexed. Built once and shared by all conversations of the company.
#[derive(Clone)]
pub struct CompanyKnowledge(Arc<Knowledge>);

impl CompanyKnowledge {
    /// Indexes a profile; a few milliseconds.
    #[must_use]
    pub fn new(profile: Arc<CompanyProfile>) -> Self {
        Self(Arc::new(Knowledge::new(profile)))
    }

    /// The profile.
    #[must_use]
    pub fn profile(&self) -> &Arc<CompanyProfile> {
        &self.0.profile
    }
}

/// What the receptionist asked that "yes" or "no" answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OpenQuestion {
    TakeMessage,
    AnythingElse,
}

/// Everything that a conversation remembers.
#[derive(Clone, Debug, Default)]
struct State {
    greeted: bool,
    topic: Topic,
    details: Details,
    form: Option<Form>,
    question: Option<OpenQuestion>,
    /// What the caller last asked without an answer: the reason of a message, if one is taken.
    unanswered: Option<String>,
    /// Answers that wait for functions, in the order in which they are told.
    waiting: Vec<Answer>,
    ends_after_waiting: bool,
    last_text: String,
    misses: u8,
    wording: Wording,
}

/// The built-in dialogue.
pub struct Receptionist {
    knowledge: Arc<Knowledge>,
    offers: Vec<ToolOffer>,
    state: State,
    /// The state before the last reply to a caller, and what the caller had said.
    before: Option<(State, String)>,
    /// Said before a reply that nobody heard.
    unheard: Option<String>,
}

impl Receptionist {
    /// A conversation that has not begun.
    #[must_use]
    pub fn new(company: &CompanyKnowledge) -> Self {
        Self {
            knowledge: Arc::clone(&company.0),
            offers: Vec::new(),
            state: State::default(),
            before: None,
            unheard: None,
        }
    }

    fn profile(&self) -> &CompanyProfile {
        &self.knowledge.profile
    }

    fn caller_said(&mut self, text: &str, confidence: f32, now: Timestamp) -> Reply {
        let text = match self.unheard.take() {
            Some(begun) => format!("{begun} {text}"),
            None => text.to_owned(),
        };
        self.before = Some((self.state.clone(), text.clone()));
        self.state.greeted = true;
        let said = words(&text);
        if said.is_empty() || confidence < LEAST_CONFIDENCE {
            return self.not_understood();
        }
        let today = self.profile().date_of(now);
        let (wished, topic) = wishes(&said, today, &self.knowledge, &self.state.topic);
        self.state.topic = topic;
        if self.state.form.is_some() {
            return self.form_answer(&said, &text, &wished, now);
        }
        if let Some(question) = self.state.question.take()
            && let Some(reply) = self.consent_to(question, &said, &wished)
        {
            return reply;
        }
        self.volunteered(&said);
        self.answer(&wished, &said, now)
    }

    /// Name and number that were said in passing.
    fn volunteered(&mut self, said: &[Word]) {
        let details = &mut self.state.details;
        details.name = name_volunteered(said).or(details.name.take());
        details.phone = phone_in(said).or(details.phone.take());
    }

    fn not_understood(&mut self) -> Reply {
        self.state.misses = self.state.misses.saturating_add(1);
        if let Some(form) = &self.state.form {
            let again = form.question(&self.state.details, &mut self.state.wording);
            let sorry = self.state.wording.next(Occasion::StillNotUnderstood);
            return self.say(format!("{sorry} {again}"));
        }
        if self.state.misses > MISSES_BEFORE_OFFER {
            let sorry = self.state.wording.next(Occasion::StillNotUnderstood);
            let offer = self.offer_message();
            return self.say(format!("{sorry} {offer}"));
        }
        let sorry = self.state.wording.next(Occasion::NotUnderstood);
        self.say(sorry)
    }

    fn offer_message(&mut self) -> String {
        self.state.question = Some(OpenQuestion::TakeMessage);
        self.state.wording.next(Occasion::OfferMessage)
    }

    fn say(&mut self, text: String) -> Reply {
        self.state.last_text.clone_from(&text);
        Reply {
            text,
            calls: Vec::new(),
            ends_call: false,
        }
    }

    /// Yes or no to what was asked last, when the words are that and nothing more.
    fn consent_to(&mut self, question: OpenQuestion, said: &[Word], wished: &[Wish]) -> Option<Reply> {
        let plain = wished
            .iter()
            .all(|wish| matches!(wish, Wish::Unclear | Wish::Unknown | Wish::Thanks | Wish::CallBack));
        let agreed = consent(said).filter(|_| plain && said.len() <= 12)?;
        match (question, agreed) {
            (OpenQuestion::TakeMessage, true) => {
                let question = self.start_form();
                Some(self.say(question))
            }
            (OpenQuestion::TakeMessage, false) => {
                let anything = self.anything_else();
                Some(self.say(anything))
            }
            (OpenQuestion::AnythingElse, true) => {
                let help = self.state.wording.next(Occasion::HowCanIHelp);
                Some(self.say(help))
            }
            (OpenQuestion::AnythingElse, false) => Some(self.goodbye()),
        }
    }

    fn anything_else(&mut self) -> String {
        self.state.question = Some(OpenQuestion::AnythingElse);
        self.state.wording.next(Occasion::AnythingElse)
    }

    fn start_form(&mut self) -> String {
        let reason = self.state.unanswered.take();
        let state = &mut self.state;
        state.details.reason = reason.or(state.details.reason.take());
        let (form, question) = Form::start(&state.details, &mut state.wording);
        state.form = Some(form);
        question
    }

    /// An utterance while a message is taken.
    fn form_answer(&mut self, said: &[Word], text: &str, wished: &[Wish], now: Timestamp) -> Reply {
        let act = |wish: &Wish| matches!(wish, Wish::Repeat | Wish::Robot | Wish::Goodbye);
        let is_act = wished.iter().any(act);
        let is_fact = |wish: &Wish| {
            !matches!(
                wish,
                Wish::Unknown | Wish::Unclear | Wish::Booking(_) | Wish::CallBack | Wish::Thanks | Wish::Greeting
            )
        };
        let is_question = asks(said, text) && wished.iter().any(is_fact);
        let Some(mut form) = self.state.form.take() else {
            return Reply::default();
        };
        let progress = match is_act {
            true => Progress::NoAnswer,
            false => form.take(said, is_question, &mut self.state.details, &mut self.state.wording),
        };
        match progress {
            Progress::Ask(question) => {
                self.state.misses = 0;
                self.state.form = Some(form);
                self.say(question)
            }
            Progress::Confirmed => self.confirmed(),
            Progress::Dropped => {
                let dropped = self.state.wording.next(Occasion::Dropped);
                let anything = self.anything_else();
                self.say(format!("{dropped} {anything}"))
            }
            Progress::NoAnswer if wished.contains(&Wish::Goodbye) => self.goodbye(),
            Progress::NoAnswer if wished.contains(&Wish::Repeat) => {
                self.state.form = Some(form);
                self.repeat()
            }
            Progress::NoAnswer => {
                let again = form.question(&self.state.details, &mut self.state.wording);
                self.state.form = Some(form);
                let mut answers = self.answers(wished, said, now);
                answers.push(Answer::plain(again));
                self.tell(answers, false)
            }
        }
    }

    fn confirmed(&mut self) -> Reply {
        let reach = contact_told(self.profile()).unwrap_or_default();
        let anything = self.anything_else();
        let request = tools::save_details(&self.offers, &self.state.details);
        let (failure, reading) = match request {
            Some(_) => (Occasion::SaveFailed, Reading::Saved),
            None => (Occasion::CannotSave, Reading::Plain),
        };
        let told = format!("{} {reach}", self.state.wording.next(failure))
            .trim()
            .to_owned();
        self.tell(vec![Answer { told, request, reading }, Answer::plain(anything)], false)
    }

    fn goodbye(&mut self) -> Reply {
        let name = self.profile().name.clone();
        let told = self.state.wording.filled(Occasion::Goodbye, &name);
        let request = tools::request(&self.offers, END_CALL, &[]);
        self.tell(
            vec![Answer {
                told,
                request,
                reading: Reading::Ignored,
            }],
            true,
        )
    }

    fn repeat(&mut self) -> Reply {
        let last = self.state.last_text.clone();
        let text = if last.is_empty() {
            self.state.wording.next(Occasion::NothingToRepeat)
        } else {
            last
        };
        self.say(text)
    }

    /// Answers everything that was wished for, and asks on where that is needed.
    fn answer(&mut self, wished: &[Wish], said: &[Word], now: Timestamp) -> Reply {
        if wished == [Wish::Unclear] {
            return match consent(said) {
                Some(_) => {
                    let anything = self.anything_else();
                    self.say(anything)
                }
                None if self.told_details(said) => {
                    let thanks = self.details_noted();
                    self.say(thanks)
                }
                None => self.not_understood(),
            };
        }
        self.state.misses = 0;
        if wished == [Wish::Repeat] {
            return self.repeat();
        }
        if wished.contains(&Wish::Goodbye) {
            return self.goodbye();
        }
        if wished.iter().all(|wish| matches!(wish, Wish::Unknown)) && self.told_details(said) {
            let thanks = self.details_noted();
            return self.say(thanks);
        }
        let answers = self.answers(wished, said, now);
        self.tell(answers, false)
    }

    fn told_details(&self, said: &[Word]) -> bool {
        name_volunteered(said).is_some() || phone_in(said).is_some()
    }

    /// The caller told a name or number unasked: the rest of a message is asked for.
    fn details_noted(&mut self) -> String {
        let callback = self.state.wording.next(Occasion::CallBack);
        let question = self.start_form();
        format!("{callback} {question}")
    }

    /// The answers to everything that was wished for, and one question at the end that leads on.
    fn answers(&mut self, wished: &[Wish], said: &[Word], now: Timestamp) -> Vec<Answer> {
        let mut answers = Vec::new();
        let mut next = Next::Nothing;
        for wish in wished {
            let mut answering = Answering {
                knowledge: &self.knowledge,
                offers: &self.offers,
                now,
                wording: &mut self.state.wording,
            };
            answers.extend(answering.answer(wish));
            let (occasion, leads_to) = courtesy::of(wish);
            answers.extend(occasion.map(|occasion| Answer::plain(self.state.wording.next(occasion))));
            next = next.max(leads_to);
        }
        answers.extend(self.lead_on(next, said).map(Answer::plain));
        answers
    }

    /// The question at the end. While a message is taken its own next question follows instead.
    fn lead_on(&mut self, next: Next, said: &[Word]) -> Option<String> {
        if self.state.form.is_some() {
            return None;
        }
        self.state.unanswered = match next {
            Next::OfferMessage | Next::TakeRequest => reason_in(said),
            _ => None,
        };
        match next {
            Next::Nothing => None,
            Next::Help => Some(self.state.wording.next(Occasion::HowCanIHelp)),
            Next::AnythingElse => Some(self.anything_else()),
            Next::OfferMessage => Some(self.offer_message()),
            Next::TakeMessage | Next::TakeRequest => Some(self.start_form()),
        }
    }

    /// Says the answers, or calls the functions first that some of them wait for.
    fn tell(&mut self, answers: Vec<Answer>, ends_call: bool) -> Reply {
        let calls: Vec<_> = answers.iter().filter_map(|answer| answer.request.clone()).collect();
        if calls.is_empty() {
            let text = answers
                .into_iter()
                .map(|answer| sentence(&answer.told))
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join(" ");
            return Reply {
                ends_call,
                ..self.say(text)
            };
        }
        self.state.waiting = answers;
        self.state.ends_after_waiting = ends_call;
        Reply {
            text: String::new(),
            calls,
            ends_call: false,
        }
    }

    fn outcomes(&mut self, outcomes: &[FunctionOutcome<'_>]) -> Reply {
        let answers = std::mem::take(&mut self.state.waiting);
        if answers.is_empty() {
            // The answer came after the caller had gone on to something else.
            let anything = self.anything_else();
            return self.say(anything);
        }
        let mut told = Vec::new();
        for answer in answers {
            let output = answer.request.as_ref().and_then(|request| {
                let same = |outcome: &&FunctionOutcome<'_>| {
                    outcome.name == request.name && outcome.arguments == request.arguments
                };
                outcomes.iter().find(same).map(|outcome| outcome.output)
            });
            told.push(sentence(&answer.read(output, &mut self.state.wording)));
        }
        told.retain(|text| !text.is_empty());
        let ends_call = std::mem::take(&mut self.state.ends_after_waiting);
        Reply {
            ends_call,
            ..self.say(told.join(" "))
        }
    }

    fn unprompted(&mut self, purpose: Purpose, instructions: Option<&str>) -> Reply {
        let greeted = std::mem::replace(&mut self.state.greeted, true);
        let line = match (instructions.and_then(dictated), purpose) {
            (Some(line), _) => line,
            (None, Purpose::Goodbye) => return self.farewell(),
            (None, Purpose::Greeting) => self.profile().opening_line(),
            (None, Purpose::Open) if !greeted => self.profile().opening_line(),
            (None, Purpose::IdleQuestion | Purpose::Open) => self.state.wording.next(Occasion::StillThere),
        };
        self.say(line)
    }

    /// The last words, when the other side ends the call.
    fn farewell(&mut self) -> Reply {
        let name = self.profile().name.clone();
        let told = self.state.wording.filled(Occasion::Goodbye, &name);
        Reply {
            ends_call: true,
            ..self.say(told)
        }
    }
}

/// The sentence that instructions dictate: `… say exactly …: "…"`.
fn dictated(instructions: &str) -> Option<String> {
    let at = instructions.to_ascii_lowercase().find("exactly")?;
    let (_, after) = instructions.get(at..)?.split_once(['"', '“'])?;
    let (line, _) = after.rsplit_once(['"', '”'])?;
    let line = line.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

/// Whether an utterance asks something.
fn asks(said: &[Word], text: &str) -> bool {
    const STARTERS: &[&str] = &[
        "what", "how", "when", "where", "which", "who", "why", "do", "does", "can", "could", "is", "are", "will",
        "would",
    ];
    text.trim_end().ends_with('?') || said.first().is_some_and(|word| STARTERS.contains(&word.text.as_str()))
}

impl Dialogue for Receptionist {
    fn offer_tools(&mut self, tools: Vec<ToolOffer>) {
        self.offers = tools;
    }

    fn recall(&mut self, line: PastLine<'_>, now: Timestamp) {
        match line {
            PastLine::Caller(text) => {
                // Going through it again leads to the same state as the first time; the words are dropped.
                let _ = self.caller_said(text, 1.0, now);
                self.state.waiting.clear();
                self.before = None;
            }
            PastLine::Receptionist(text) => {
                self.state.greeted = true;
                text.clone_into(&mut self.state.last_text);
            }
            PastLine::Note(text) => {
                let lower = text.to_ascii_lowercase();
                if lower.contains("not greet") || lower.contains("continue") || lower.contains("without greeting") {
                    self.state.greeted = true;
                }
            }
            PastLine::Call(name, arguments) if name == SAVE_CALLER_DETAILS => {
                let known = tools::recalled_details(arguments);
                let details = &mut self.state.details;
                details.name = known.name.or(details.name.take());
                details.phone = known.phone.or(details.phone.take());
                details.reason = known.reason.or(details.reason.take());
                self.state.form = None;
            }
            PastLine::Call(..) => {}
        }
    }

    fn respond(&mut self, prompt: Prompt<'_>, now: Timestamp) -> Reply {
        match prompt {
            Prompt::Caller { text, confidence } => self.caller_said(text, confidence, now),
            Prompt::Outcomes(outcomes) => self.outcomes(outcomes),
            Prompt::Unprompted { purpose, instructions } => self.unprompted(purpose, instructions),
        }
    }

    fn withdraw(&mut self) {
        if let Some((state, said)) = self.before.take() {
            self.state = state;
            self.unheard = Some(said);
        }
    }
}
