//! The built-in dialogue: one conversation of one company. See [`super::Dialogue`] for what it is asked.
//!
//! The state is a plain value: a reply that nobody heard is undone by putting the value before it back.

mod appointments;
mod courtesy;
mod message;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::Arc;

use frontdesk_company::CompanyProfile;
use jiff::Timestamp;

use super::answers::{Answer, Answering};
use super::booking::{Booking, KnownAppointment, Setting, Step};
use super::caller::{Details, consent, name_volunteered, phone_in, reason_in};
use super::facts::sentence;
use super::form::Form;
use super::knowledge::Knowledge;
use super::questions::divide;
use super::tools::{self, END_CALL, SAVE_CALLER_DETAILS};
use super::understanding::{AskedFor, Understanding};
use super::utterance::Utterance;
use super::wishes::{Topic, Wish};
use super::wording::{Occasion, Wording};
use super::words::{Word, words};
use super::{
    CallWish, Dialogue, Expectation, FunctionOutcome, HeardLine, ModelNews, PastLine, Prompt, Purpose, Reply, ToolOffer,
};
use appointments::Later;
use courtesy::Next;

/// Confidence below which an utterance is asked for again instead of answered.
pub(super) const LEAST_CONFIDENCE: f32 = 0.3;

/// Utterances in a row that were not understood, before the offer to type or to leave a message.
const MISSES_BEFORE_OFFER: u8 = 1;

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
    /// Shall the appointments be moved or cancelled that were told?
    ChangeAppointment,
}

/// Everything that a conversation remembers.
#[derive(Clone, Debug, Default)]
struct State {
    greeted: bool,
    topic: Topic,
    details: Details,
    form: Option<Form>,
    booking: Option<Booking>,
    /// The appointment that was made or moved last, or those that the calendar told of last.
    known: Vec<KnownAppointment>,
    /// Errands that come after the present one, in their order.
    later: VecDeque<Later>,
    /// What was done and not heard: told before anything else.
    news: Option<String>,
    question: Option<OpenQuestion>,
    /// What the caller last asked without an answer: the reason of a message, if one is taken.
    unanswered: Option<String>,
    /// Answers that wait for functions, in the order in which they are told.
    waiting: Vec<Answer>,
    /// The caller takes leave: a goodbye follows the waiting answers.
    parts_after_waiting: bool,
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
        let news = self.state.news.take();
        let reply = self.caller_told(&text, confidence, now);
        match news {
            Some(news) => Reply {
                text: format!("{news} {}", reply.text).trim_end().to_owned(),
                ..reply
            },
            None => reply,
        }
    }

    fn caller_told(&mut self, text: &str, confidence: f32, now: Timestamp) -> Reply {
        self.state.greeted = true;
        let said = words(text);
        if said.is_empty() || confidence < LEAST_CONFIDENCE {
            return self.not_understood(Occasion::NotHeard, now);
        }
        let utterance = self.read(said, self.step(), now);
        if self.state.booking.is_some() {
            return self.appointment_answer(&utterance, now);
        }
        let (said, wished) = (&utterance.said[..], &utterance.wished[..]);
        self.state.topic = utterance.topic.clone();
        if self.state.form.is_some() {
            return self.form_answer(&utterance, now);
        }
        let question = self.state.question.take();
        if question == Some(OpenQuestion::ChangeAppointment)
            && let Some(reply) = self.change_answer(&utterance, now)
        {
            return reply;
        }
        if let Some(question) = question
            && let Some(reply) = self.consent_to(question, said, wished)
        {
            return reply;
        }
        if let Some(reply) = self.appointment_wanted(&utterance, now) {
            return reply;
        }
        self.volunteered(said);
        self.answer(wished, said, now)
    }

    /// What a value is waited for, if any.
    fn step(&self) -> Option<Step> {
        let booked = self.state.booking.as_ref().map(Booking::step);
        // What a message is asked for is told as freely as what an appointment is for.
        booked.or(self.state.form.as_ref().map(|_| Step::Service))
    }

    /// The one reading of an utterance.
    fn read(&self, said: Vec<Word>, step: Option<Step>, now: Timestamp) -> Utterance {
        let setting = Setting {
            knowledge: &self.knowledge,
            today: self.profile().date_of(now),
        };
        Utterance::read(said, step, &self.state.topic, setting)
    }

    /// What the words mean, as the conversation itself reads them after `asked`; nothing is answered and nothing changes. About a
    /// millisecond for a long utterance. Times without "AM" or "PM" are taken as the company's hours on that day make likely.
    #[must_use]
    pub fn understand(&self, text: &str, asked: AskedFor, now: Timestamp) -> Understanding {
        let utterance = self.read(words(text), asked.step(), now);
        Understanding::of(&utterance, asked, self.profile(), self.profile().date_of(now))
    }

    /// Name and number that were said in passing.
    fn volunteered(&mut self, said: &[Word]) {
        let details = &mut self.state.details;
        details.name = name_volunteered(said).or(details.name.take());
        details.phone = phone_in(said).or(details.phone.take());
    }

    /// Asks again; when that did not help, says what else can be done. `occasion` tells what was wrong the first time.
    fn not_understood(&mut self, occasion: Occasion, now: Timestamp) -> Reply {
        self.state.misses = self.state.misses.saturating_add(1);
        if self.state.booking.is_some() {
            return self.appointment_answer(&Utterance::unclear(), now);
        }
        let repeated = self.state.misses > MISSES_BEFORE_OFFER;
        let mut told = match (repeated, &self.state.form) {
            (true, _) => vec![
                self.state.wording.next(Occasion::StillNotUnderstood),
                self.state.wording.next(Occasion::MayType),
            ],
            (false, Some(_)) => vec![self.state.wording.next(Occasion::NotCaught)],
            (false, None) => vec![self.state.wording.next(occasion)],
        };
        if let Some(form) = &self.state.form {
            told.push(form.question(&self.state.details, &mut self.state.wording));
        } else if repeated {
            told.push(self.offer_message());
        }
        self.say(told.join(" "))
    }

    fn offer_message(&mut self) -> String {
        self.state.question = Some(OpenQuestion::TakeMessage);
        self.state.wording.next(Occasion::OfferMessage)
    }

    fn say(&mut self, text: String) -> Reply {
        self.state.last_text.clone_from(&text);
        Reply {
            text,
            ..Reply::default()
        }
    }

    /// Yes or no to what was asked last, when the words are that and nothing more.
    fn consent_to(&mut self, question: OpenQuestion, said: &[Word], wished: &[Wish]) -> Option<Reply> {
        let plain = wished.iter().all(|wish| {
            matches!(
                wish,
                Wish::Unclear | Wish::Unknown | Wish::OutOfScope | Wish::Thanks | Wish::CallBack
            )
        });
        let agreed =
            consent(said).filter(|_| plain && said.len() <= 12 && divide(said, false, false).asked.is_empty())?;
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
            (OpenQuestion::ChangeAppointment, true) => {
                let question = self.ask_change();
                Some(self.say(question))
            }
            (OpenQuestion::ChangeAppointment, false) => {
                let anything = self.anything_else();
                Some(self.say(anything))
            }
        }
    }

    fn anything_else(&mut self) -> String {
        self.state.question = Some(OpenQuestion::AnythingElse);
        self.state.wording.next(Occasion::AnythingElse)
    }

    /// The closing sentence, and the function that ends the call where it is offered.
    fn goodbye(&mut self) -> Reply {
        let calls = tools::request(&self.offers, END_CALL, &[]).into_iter().collect();
        Reply {
            calls,
            ..self.farewell()
        }
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
                None => self.not_understood(Occasion::NotUnderstood, now),
            };
        }
        self.state.misses = 0;
        if wished == [Wish::Repeat] {
            return self.repeat();
        }
        if wished.contains(&Wish::Goodbye) {
            return self.goodbye();
        }
        if wished
            .iter()
            .all(|wish| matches!(wish, Wish::Unknown | Wish::OutOfScope))
            && self.told_details(said)
        {
            let thanks = self.details_noted();
            return self.say(thanks);
        }
        let answers = self.answers(wished, said, now);
        self.tell(answers, false)
    }

    /// The answers to everything that was wished for, and one question at the end that leads on.
    fn answers(&mut self, wished: &[Wish], said: &[Word], now: Timestamp) -> Vec<Answer> {
        let mut answers = Vec::new();
        let mut next = Next::Nothing;
        for wish in wished {
            answers.extend(self.answering(now).answer(wish));
            let (occasion, leads_to) = courtesy::of(wish);
            answers.extend(occasion.map(|occasion| Answer::plain(self.state.wording.next(occasion))));
            next = next.max(leads_to);
        }
        answers.extend(self.lead_on(next, said).map(Answer::plain));
        answers
    }

    fn answering(&mut self, now: Timestamp) -> Answering<'_> {
        Answering {
            knowledge: &self.knowledge,
            offers: &self.offers,
            now,
            wording: &mut self.state.wording,
        }
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

    /// Says the answers, or calls the functions first that some of them wait for. When the caller `parts`, a goodbye follows.
    fn tell(&mut self, answers: Vec<Answer>, parts: bool) -> Reply {
        let calls: Vec<_> = answers.iter().filter_map(|answer| answer.request.clone()).collect();
        if calls.is_empty() {
            let told = answers.into_iter().map(|answer| sentence(&answer.told)).collect();
            return self.told(told, parts);
        }
        self.state.waiting = answers;
        self.state.parts_after_waiting = parts;
        Reply {
            calls,
            ..Reply::default()
        }
    }

    fn told(&mut self, mut told: Vec<String>, parts: bool) -> Reply {
        let bye = if parts { self.goodbye() } else { Reply::default() };
        told.push(bye.text);
        told.retain(|text| !text.is_empty());
        Reply {
            calls: bye.calls,
            ..self.say(told.join(" "))
        }
    }

    fn outcomes(&mut self, outcomes: &[FunctionOutcome<'_>], now: Timestamp) -> Reply {
        if let Some(reply) = self.appointment_outcome(outcomes, now) {
            return reply;
        }
        let answers = std::mem::take(&mut self.state.waiting);
        if outcomes.iter().all(|outcome| outcome.name == END_CALL) && answers.is_empty() {
            // The goodbye was said with the call: whether the line is now closed or not, there is nothing to add.
            return Reply::default();
        }
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
        let parts = std::mem::take(&mut self.state.parts_after_waiting);
        self.told(told, parts)
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

    /// The closing sentence alone; with it this side or the other ends the call.
    pub(super) fn farewell(&mut self) -> Reply {
        let name = self.profile().name.clone();
        let told = self.state.wording.filled(Occasion::Goodbye, &name);
        self.say(told)
    }
}

/// The sentence that instructions dictate: `… say exactly …: "…"`.
pub(super) fn dictated(instructions: &str) -> Option<String> {
    let at = instructions.to_ascii_lowercase().find("exactly")?;
    let (_, after) = instructions.get(at..)?.split_once(['"', '“'])?;
    let (line, _) = after.rsplit_once(['"', '”'])?;
    let line = line.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

impl Dialogue for Receptionist {
    fn offer_tools(&mut self, tools: Vec<ToolOffer>, _wish: CallWish) {
        self.offers = tools;
    }

    /// Every sentence of the built-in dialogue is its own; of instructions it follows what [`Prompt::Unprompted`] dictates.
    fn instruct(&mut self, _session: &str, _response: &str) {}

    /// What matters of the conversation is in the state.
    fn look_back(&mut self, _lines: &mut dyn Iterator<Item = HeardLine<'_>>) {}

    fn recall(&mut self, line: PastLine<'_>, now: Timestamp) {
        match line {
            PastLine::Caller(text) => {
                // Going through it again leads to the same state as the first time; the words are dropped.
                let _ = self.caller_said(text, 1.0, now);
                self.state.waiting.clear();
                self.state.parts_after_waiting = false;
                // What the calendar made of it is not told here: nothing may be taken for granted, and nothing asked for twice.
                if self.state.booking.take_if(|booking| booking.awaits_word()).is_some() {
                    let _ = self.next_errand(None, Vec::new(), now);
                }
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
            Prompt::Outcomes(outcomes) => self.outcomes(outcomes, now),
            Prompt::Unprompted { purpose, instructions } => self.unprompted(purpose, instructions),
        }
    }

    /// Its replies are whole at once, so nothing is ever asked of a model.
    fn go_on(&mut self, _news: ModelNews, _now: Timestamp) -> Reply {
        Reply::default()
    }

    fn expects(&self) -> Expectation {
        let state = &self.state;
        match (state.question, &state.booking, &state.form) {
            (Some(OpenQuestion::TakeMessage), ..) => Expectation::YesOrNo,
            // After "yes" to the question for anything else, that something follows in the same breath.
            (Some(OpenQuestion::AnythingElse | OpenQuestion::ChangeAppointment), ..) => Expectation::Anything,
            (None, Some(booking), _) => booking.expects(),
            (None, None, Some(form)) => form.expects(),
            (None, None, None) => Expectation::Anything,
        }
    }

    fn withdraw(&mut self) {
        if let Some((state, said)) = self.before.take() {
            self.state = state;
            self.unheard = Some(said);
        }
    }
}
