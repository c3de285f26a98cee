//! Taking a message in the conversation: when it begins, what becomes of an utterance meanwhile, and when it is saved.

use jiff::Timestamp;

use super::Receptionist;
use crate::dialogue::Reply;
use crate::dialogue::answers::{Answer, Reading, contact_told};
use crate::dialogue::caller::{name_volunteered, phone_in};
use crate::dialogue::form::{Form, Progress};
use crate::dialogue::questions::{Divided, divide};
use crate::dialogue::tools;
use crate::dialogue::utterance::Utterance;
use crate::dialogue::wishes::{Wish, wishes};
use crate::dialogue::wording::Occasion;
use crate::dialogue::words::Word;

impl Receptionist {
    pub(super) fn start_form(&mut self) -> String {
        let reason = self.state.unanswered.take();
        let state = &mut self.state;
        state.details.reason = reason.or(state.details.reason.take());
        let (form, question) = Form::start(&state.details, &mut state.wording);
        state.form = Some(form);
        question
    }

    pub(super) fn told_details(&self, said: &[Word]) -> bool {
        name_volunteered(said).is_some() || phone_in(said).is_some()
    }

    /// The caller told a name or number unasked: the rest of a message is asked for.
    pub(super) fn details_noted(&mut self) -> String {
        let callback = self.state.wording.next(Occasion::CallBack);
        let question = self.start_form();
        format!("{callback} {question}")
    }

    /// An utterance while a message is taken.
    pub(super) fn form_answer(&mut self, utterance: &Utterance, now: Timestamp) -> Reply {
        let (said, wished) = (&utterance.said[..], &utterance.wished[..]);
        if let Some(reply) = self.looked_up_in_form(utterance, now) {
            return reply;
        }
        let Some(mut form) = self.state.form.take() else {
            return Reply::default();
        };
        // "555 0142, that's it" ends the number and not the call.
        let parts = wished.contains(&Wish::Goodbye) && !form.takes_number(said);
        let is_act = parts
            || wished
                .iter()
                .any(|wish| matches!(wish, Wish::Repeat | Wish::Robot | Wish::Wait | Wish::Abuse));
        let is_fact = |wish: &Wish| {
            !matches!(
                wish,
                Wish::Unknown
                    | Wish::OutOfScope
                    | Wish::Unclear
                    | Wish::Booking(_)
                    | Wish::LookUp
                    | Wish::NeverMind
                    | Wish::CallBack
                    | Wish::Thanks
                    | Wish::Greeting
                    | Wish::Wait
            )
        };
        let Divided { told, asked } = divide(said, wished.iter().any(is_fact), form.asks_for_reason());
        let progress = match is_act {
            // "Yes, that's right, thank you, bye" first of all confirms.
            true if parts && form.is_confirmed_by(said) => Progress::Confirmed,
            true => Progress::NoAnswer,
            false => form.take(
                &told,
                !asked.is_empty(),
                &mut self.state.details,
                &mut self.state.wording,
            ),
        };
        match progress {
            Progress::Ask(question) => {
                self.state.misses = 0;
                self.state.form = Some(form);
                if asked.is_empty() {
                    return self.say(question);
                }
                let today = self.profile().date_of(now);
                let (wished, topic) = wishes(&asked, today, &self.knowledge, &self.state.topic);
                self.state.topic = topic;
                let mut answers = self.answers(&wished, &asked, now);
                answers.push(Answer::plain(question));
                self.tell(answers, false)
            }
            Progress::Confirmed => self.confirmed(parts),
            Progress::Dropped => {
                let dropped = self.state.wording.next(Occasion::Dropped);
                let anything = self.anything_else();
                self.say(format!("{dropped} {anything}"))
            }
            Progress::NoAnswer if parts => self.goodbye(),
            Progress::NoAnswer if wished.contains(&Wish::Repeat) => {
                self.state.form = Some(form);
                self.repeat()
            }
            Progress::NoAnswer if wished == [Wish::Wait] => {
                self.state.form = Some(form);
                let wait = self.state.wording.next(Occasion::TakeYourTime);
                self.say(wait)
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

    /// The details are right: they are saved. `parts` tells that the caller takes leave with these words.
    fn confirmed(&mut self, parts: bool) -> Reply {
        let reach = contact_told(self.profile()).unwrap_or_default();
        let request = tools::save_details(&self.offers, &self.state.details);
        let (failure, reading) = match request {
            Some(_) => (Occasion::SaveFailed, Reading::Saved),
            None => (Occasion::CannotSave, Reading::Plain),
        };
        let told = format!("{} {reach}", self.state.wording.next(failure))
            .trim()
            .to_owned();
        let mut answers = vec![Answer { told, request, reading }];
        if !parts {
            answers.push(Answer::plain(self.anything_else()));
        }
        self.tell(answers, parts)
    }
}
