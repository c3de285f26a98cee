//! Appointments in the conversation: when one begins, what becomes of an utterance while it is made, and how questions in between, a wish
//! for a person or a goodbye are dealt with without losing it.

use jiff::Timestamp;

use super::{Answer, OpenQuestion, Receptionist};
use crate::dialogue::booking::{Booking, Errand, Scene, Turn, offers_errand};
use crate::dialogue::caller::consent;
use crate::dialogue::facts::sentence;
use crate::dialogue::utterance::Utterance;
use crate::dialogue::wishes::{Wish, wishes};
use crate::dialogue::wording::Occasion;
use crate::dialogue::words::Word;
use crate::dialogue::{FunctionOutcome, Reply};

impl Receptionist {
    fn scene(&mut self, now: Timestamp) -> Scene<'_> {
        Scene {
            knowledge: &self.knowledge,
            offers: &self.offers,
            now,
            details: &mut self.state.details,
            wording: &mut self.state.wording,
        }
    }

    /// Begins an appointment when the words want one and the session has the functions for it.
    pub(super) fn appointment_wanted(&mut self, utterance: &Utterance, now: Timestamp) -> Option<Reply> {
        let errand = utterance.errand.filter(|errand| offers_errand(&self.offers, *errand))?;
        let (topic, known) = (self.state.topic.services.clone(), self.state.appointment.clone());
        let mut answers = self.facts_of(&utterance.asked, now);
        let (booking, turn) = Booking::start(errand, utterance, &topic, known.as_ref(), &mut self.scene(now));
        self.state.misses = 0;
        if matches!(turn, Turn::Say(_) | Turn::Call(_)) && answers.is_empty() && errand == Errand::Book {
            answers.extend(matches!(turn, Turn::Say(_)).then(|| self.state.wording.next(Occasion::Gladly)));
        }
        Some(self.follow(booking, turn, answers, now))
    }

    /// An utterance while an appointment is made.
    pub(super) fn appointment_answer(&mut self, utterance: &Utterance, now: Timestamp) -> Reply {
        let Some(mut booking) = self.state.booking.take() else {
            return Reply::default();
        };
        let (said, wished) = (&utterance.said[..], &utterance.wished[..]);
        if self.state.question.take() == Some(OpenQuestion::TakeMessage) {
            match consent(said) {
                Some(true) => {
                    let reason = booking.reason(&self.scene(now));
                    self.state.unanswered = Some(reason);
                    let question = self.start_form();
                    return self.say(question);
                }
                Some(false) if said.len() <= 3 => {
                    let question = booking.question(&mut self.scene(now));
                    self.state.booking = Some(booking);
                    return self.say(question);
                }
                _ => {}
            }
        }
        if wished == [Wish::Repeat] {
            self.state.booking = Some(booking);
            return self.repeat();
        }
        if wished == [Wish::Wait] && !utterance.heard.has_value() {
            self.state.booking = Some(booking);
            let wait = self.state.wording.next(Occasion::TakeYourTime);
            return self.say(wait);
        }
        let (told, asked) = (&utterance.told[..], &utterance.asked[..]);
        // "555 0142, that's it" ends the number and not the call, and "yes, that's right, bye" first of all confirms.
        let leaves = wished.contains(&Wish::Goodbye);
        let aside = !asked.is_empty() || (leaves && !booking.is_agreed_by(told));
        let (before, turn) = (booking.clone(), booking.take(utterance, aside, &mut self.scene(now)));
        if leaves && matches!(turn, Turn::NoAnswer | Turn::Dropped) {
            self.state.booking = before.awaits_change().then_some(before);
            return self.goodbye();
        }
        self.state.parts_after_waiting = leaves && booking.awaits_change();
        let changes_errand = utterance
            .errand
            // "Can we move it to Friday?" corrects the appointment that is being made.
            .filter(|errand| match errand {
                Errand::Book => turn == Turn::NoAnswer,
                Errand::Move => turn == Turn::NoAnswer || names_appointment(told),
                Errand::Cancel => true,
            })
            .filter(|errand| {
                *errand != booking.errand() && !before.awaits_change() && offers_errand(&self.offers, *errand)
            });
        if let Some(errand) = changes_errand {
            let known = self.state.appointment.clone();
            let (other, turn) = Booking::start(errand, utterance, &[], known.as_ref(), &mut self.scene(now));
            return self.follow(other, turn, Vec::new(), now);
        }
        let human = wished.contains(&Wish::Human);
        if human && matches!(turn, Turn::NoAnswer) {
            self.state.booking = Some(booking);
            let sorry = self.state.wording.next(Occasion::CannotConnect);
            let offer = self.offer_message();
            return self.say(format!("{sorry} {offer}"));
        }
        let answers = self.facts_of(asked, now);
        self.follow(booking, turn, answers, now)
    }

    /// The answers to what was asked beside an appointment, in words.
    fn facts_of(&mut self, asked: &[Word], now: Timestamp) -> Vec<String> {
        if asked.is_empty() {
            return Vec::new();
        }
        if let Some(service) = self.state.booking.as_ref().and_then(Booking::service) {
            self.state.topic.services = vec![service];
        }
        let today = self.profile().date_of(now);
        let (wished, topic) = wishes(asked, today, &self.knowledge, &self.state.topic);
        self.state.topic = topic;
        let mut told = Vec::new();
        for wish in &wished {
            let answers: Vec<Answer> = self.answering(now).answer(wish);
            told.extend(answers.iter().map(|answer| sentence(&answer.told)));
            let (occasion, _) = super::courtesy::of(wish);
            told.extend(occasion.map(|occasion| self.state.wording.next(occasion)));
        }
        told
    }

    /// Says and does what follows, after the answers to other questions.
    fn follow(&mut self, booking: Booking, turn: Turn, mut answers: Vec<String>, now: Timestamp) -> Reply {
        if let Some(service) = booking.service() {
            self.state.topic.services = vec![service];
        }
        match turn {
            Turn::Say(text) => {
                self.state.booking = Some(booking);
                answers.push(text);
                self.say(answers.join(" "))
            }
            Turn::Call(request) => {
                self.state.booking = Some(booking);
                let mut reply = self.say(answers.join(" "));
                reply.calls = vec![request];
                reply
            }
            Turn::NoAnswer => {
                let question = booking.question(&mut self.scene(now));
                self.state.booking = Some(booking);
                answers.push(question);
                self.say(answers.join(" "))
            }
            Turn::Done { told, kept } => {
                self.state.appointment = kept;
                answers.push(told);
                let parts = std::mem::take(&mut self.state.parts_after_waiting);
                if !parts {
                    answers.push(self.anything_else());
                }
                self.told(answers, parts)
            }
            Turn::Failed { told, reason } => {
                self.state.unanswered = Some(reason);
                answers.push(told);
                answers.push(self.offer_message());
                self.say(answers.join(" "))
            }
            Turn::Dropped => {
                answers.push(self.state.wording.next(Occasion::AppointmentDropped));
                answers.push(self.anything_else());
                self.say(answers.join(" "))
            }
        }
    }

    /// What the calendar has answered; none when nothing of it was awaited.
    pub(super) fn appointment_outcome(&mut self, outcomes: &[FunctionOutcome<'_>], now: Timestamp) -> Option<Reply> {
        let mut booking = self.state.booking.take()?;
        let changes = booking.awaits_change();
        let Some(turn) = booking.outcome(outcomes, &mut self.scene(now)) else {
            // A late answer to what is no longer wanted: the question stands as it was.
            let question = booking.question(&mut self.scene(now));
            self.state.booking = Some(booking);
            return Some(self.say(question));
        };
        let reply = self.follow(booking, turn, Vec::new(), now);
        if changes {
            // What was done stays done when the reply is not heard: it is told again instead of undone.
            let unheard = Some(reply.text.clone());
            self.before = Some((
                super::State {
                    news: unheard,
                    ..self.state.clone()
                },
                String::new(),
            ));
        }
        Some(reply)
    }
}

/// An appointment is called one: it is another than the one that is being made.
fn names_appointment(said: &[Word]) -> bool {
    said.iter()
        .any(|word| matches!(word.text.as_str(), "appointment" | "booking" | "reservation"))
}
