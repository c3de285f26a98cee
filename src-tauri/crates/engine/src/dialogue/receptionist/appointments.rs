//! Appointments in the conversation: when one begins, what becomes of an utterance while it is made, and how questions in between, a wish
//! for a person or a goodbye are dealt with without losing it.

use jiff::Timestamp;

use super::{Answer, OpenQuestion, Receptionist};
use crate::dialogue::booking::{Booking, Errand, KnownAppointment, LaterErrand, Scene, Step, Turn, offers_errand};
use crate::dialogue::caller::consent;
use crate::dialogue::facts::sentence;
use crate::dialogue::utterance::Utterance;
use crate::dialogue::wishes::{Wish, wishes};
use crate::dialogue::wording::Occasion;
use crate::dialogue::words::Word;
use crate::dialogue::{FunctionOutcome, Reply};

/// An errand that waits until the present one is done.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Later {
    /// It was named and not begun.
    Named(LaterErrand),
    /// It was begun, and something was asked in between.
    Begun(Box<Booking>),
}

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
        let errand = self.errand_of(utterance)?;
        let topic = self.state.topic.services.clone();
        let mut answers = self.facts_of(&utterance.asked, now);
        answers.extend(self.keep_for_later(&utterance.later));
        let (booking, turn) = self.begin(errand, utterance, &topic, now);
        self.state.misses = 0;
        if !self.state.later.is_empty() {
            answers.push(self.state.wording.next(Occasion::OneAfterTheOther));
        } else if matches!(turn, Turn::Say(_)) && answers.is_empty() && errand == Errand::Book {
            answers.push(self.state.wording.next(Occasion::Gladly));
        }
        Some(self.follow(booking, turn, answers, now))
    }

    /// What the words want of the calendar, as far as the session has the functions for it.
    fn errand_of(&self, utterance: &Utterance) -> Option<Errand> {
        let looks = utterance.wished.contains(&Wish::LookUp).then_some(Errand::Find);
        let wanted = utterance.errand.or(looks)?;
        offers_errand(&self.offers, wanted).then_some(wanted)
    }

    fn begin(&mut self, errand: Errand, utterance: &Utterance, topic: &[usize], now: Timestamp) -> (Booking, Turn) {
        let known = std::mem::take(&mut self.state.known);
        let meant = KnownAppointment::meant(&known, errand, &utterance.heard);
        let begun = Booking::start(errand, utterance, topic, meant, &mut self.scene(now));
        self.state.known = known;
        begun
    }

    /// Keeps errands for later; says so of those that the session has no function for.
    fn keep_for_later(&mut self, later: &[LaterErrand]) -> Vec<String> {
        let (possible, impossible): (Vec<&LaterErrand>, Vec<_>) = later
            .iter()
            .partition(|later| offers_errand(&self.offers, later.errand));
        self.state.later.extend(possible.into_iter().cloned().map(Later::Named));
        let told = impossible.first().map(|later| match later.errand {
            Errand::Book => Occasion::CannotBook,
            _ => Occasion::CannotChangeBooking,
        });
        told.map(|occasion| self.state.wording.next(occasion))
            .into_iter()
            .collect()
    }

    /// Goes on with the next errand that waits, after the words that end `finished`; gives the words back when none waits.
    pub(super) fn next_errand(
        &mut self,
        finished: Option<&Booking>,
        mut answers: Vec<String>,
        now: Timestamp,
    ) -> Result<Reply, Vec<String>> {
        let Some(next) = self.state.later.pop_front() else {
            return Err(answers);
        };
        let (booking, turn) = match next {
            Later::Begun(booking) => (*booking, Turn::NoAnswer),
            Later::Named(later) => {
                answers.push(self.state.wording.next(Occasion::NowTheNext));
                // "Cancel my oil change and book a new one" is about the same work.
                let cancelled = finished.filter(|booking| booking.errand() == Errand::Cancel);
                let topic: Vec<usize> = cancelled.and_then(Booking::service).into_iter().collect();
                let utterance = self.read(later.words, Some(Step::Service), now);
                self.begin(later.errand, &utterance, &topic, now)
            }
        };
        self.state.parts_after_waiting = false;
        Ok(self.follow(booking, turn, answers, now))
    }

    /// The answer to the question whether an appointment that was told is to be moved or cancelled: a word is enough.
    pub(super) fn change_answer(&mut self, utterance: &Utterance, now: Timestamp) -> Option<Reply> {
        let says = |texts: &[&str]| utterance.said.iter().any(|word| texts.contains(&word.text.as_str()));
        let names_other = says(&["another", "different", "later", "earlier"]) && says(&["day", "time"]);
        let moves = says(&["move", "reschedule", "change", "postpone"]) || names_other;
        // "Friday at ten" is the new time of what was talked about.
        let times = utterance.heard.days.is_some() && !says(&["book", "schedule", "make", "new"]);
        let of_it = utterance.heard.named.is_empty();
        let errand = match utterance.errand {
            Some(errand) if errand != Errand::Book => Some(errand),
            _ if says(&["cancel"]) => Some(Errand::Cancel),
            other if of_it && (moves || other.is_some() && times) => Some(Errand::Move),
            other => other,
        };
        if let Some(errand) = errand.filter(|errand| offers_errand(&self.offers, *errand)) {
            let answers = self.facts_of(&utterance.asked, now);
            let (booking, turn) = self.begin(errand, utterance, &[], now);
            return Some(self.follow(booking, turn, answers, now));
        }
        let keeps = says(&["keep", "leave", "stay"]) && utterance.asked.is_empty();
        keeps.then(|| {
            let anything = self.anything_else();
            self.say(anything)
        })
    }

    /// Begins to look up the caller's appointments while a message is taken, which goes on afterwards.
    pub(super) fn looked_up_in_form(&mut self, utterance: &Utterance, now: Timestamp) -> Option<Reply> {
        if self.errand_of(utterance) != Some(Errand::Find) {
            return None;
        }
        let (booking, turn) = self.begin(Errand::Find, utterance, &[], now);
        Some(self.follow(booking, turn, Vec::new(), now))
    }

    /// The next question of the message that is being taken.
    fn back_to_form(&mut self) -> Option<String> {
        let state = &mut self.state;
        let form = state.form.as_mut()?;
        Some(form.advance(&state.details, &mut state.wording))
    }

    /// Asks whether the appointments that were told are to be changed.
    pub(super) fn ask_change(&mut self) -> String {
        let possible = [Errand::Move, Errand::Cancel]
            .iter()
            .all(|errand| offers_errand(&self.offers, *errand));
        if self.state.known.is_empty() || !possible {
            return self.anything_else();
        }
        self.state.question = Some(OpenQuestion::ChangeAppointment);
        let occasion = match self.state.known.len() {
            1 => Occasion::OfferChange,
            _ => Occasion::OfferChangeOfOne,
        };
        self.state.wording.next(occasion)
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
                    self.state.unanswered = Some(self.with_later(reason, now));
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
            self.state.later.clear();
            return self.goodbye();
        }
        self.state.parts_after_waiting = leaves && booking.awaits_change();
        let changes_errand = self
            .errand_of(utterance)
            // "Can we move it to Friday?" corrects the appointment that is being made.
            .filter(|errand| match errand {
                Errand::Book | Errand::Find => turn == Turn::NoAnswer,
                Errand::Move => turn == Turn::NoAnswer || names_appointment(told),
                Errand::Cancel => true,
            })
            .filter(|errand| *errand != booking.errand() && !before.awaits_change());
        if let Some(errand) = changes_errand {
            // Asking when an appointment is leaves the one that is being made as it is.
            if errand == Errand::Find {
                self.state.later.push_front(Later::Begun(Box::new(before)));
            }
            let answers = self.keep_for_later(&utterance.later);
            let (other, turn) = self.begin(errand, utterance, &[], now);
            return self.follow(other, turn, answers, now);
        }
        let human = wished.contains(&Wish::Human);
        if human && matches!(turn, Turn::NoAnswer) {
            self.state.booking = Some(booking);
            let sorry = self.state.wording.next(Occasion::CannotConnect);
            let offer = self.offer_message();
            return self.say(format!("{sorry} {offer}"));
        }
        let mut answers = self.facts_of(asked, now);
        if before.step() == Step::Service {
            answers.extend(self.keep_for_later(&utterance.later));
        }
        if turn != Turn::Dropped && !before.awaits_change() && before.is_joined_by(utterance) {
            let errand = Errand::Book;
            let words = utterance.told.clone();
            answers.extend(self.keep_for_later(&[LaterErrand { errand, words }]));
            answers.push(self.state.wording.next(Occasion::NotedForLater));
            return self.follow(before, Turn::NoAnswer, answers, now);
        }
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
        let looks_up = offers_errand(&self.offers, Errand::Find);
        // When an appointment is, the calendar tells and no sentence of the profile.
        for wish in wished.iter().filter(|wish| !(looks_up && **wish == Wish::LookUp)) {
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
            Turn::Told { told, known } => {
                let before = std::mem::take(&mut self.state.known);
                let known = known.into_iter().map(|known| known.with_number_of(&before));
                self.state.known = known.collect();
                answers.push(told);
                match self.next_errand(Some(&booking), answers, now) {
                    Ok(reply) => reply,
                    Err(mut answers) => {
                        let question = self.back_to_form().unwrap_or_else(|| self.ask_change());
                        answers.push(question);
                        self.say(answers.join(" "))
                    }
                }
            }
            Turn::Done { told, kept } => {
                self.state.known = kept.into_iter().collect();
                answers.push(told);
                let mut answers = match self.next_errand(Some(&booking), answers, now) {
                    Ok(reply) => return reply,
                    Err(answers) => answers,
                };
                let parts = std::mem::take(&mut self.state.parts_after_waiting);
                if !parts {
                    answers.push(self.anything_else());
                }
                self.told(answers, parts)
            }
            Turn::Failed { told, reason } => {
                // What was asked in between leaves what was begun as it is.
                if booking.errand() == Errand::Find && !self.state.later.is_empty() {
                    answers.push(told);
                    return self.next_errand(None, answers, now).unwrap_or_default();
                }
                self.state.unanswered = Some(self.with_later(reason, now));
                answers.push(told);
                let question = self.back_to_form().unwrap_or_else(|| self.offer_message());
                answers.push(question);
                self.say(answers.join(" "))
            }
            Turn::Dropped => {
                answers.push(self.state.wording.next(Occasion::AppointmentDropped));
                match self.next_errand(None, answers, now) {
                    Ok(reply) => reply,
                    Err(mut answers) => {
                        let question = self.back_to_form().unwrap_or_else(|| self.anything_else());
                        answers.push(question);
                        self.say(answers.join(" "))
                    }
                }
            }
        }
    }

    /// The reason of a message with all errands that wait: they go into the message, too.
    fn with_later(&mut self, reason: String, now: Timestamp) -> String {
        let mut reasons = vec![reason];
        while let Some(later) = self.state.later.pop_front() {
            reasons.push(match later {
                Later::Begun(booking) => booking.reason(&self.scene(now)),
                Later::Named(later) => {
                    let words: Vec<&str> = later.words.iter().map(|word| word.shown.as_str()).collect();
                    words.join(" ").trim_start_matches("and ").to_owned()
                }
            });
        }
        reasons.join(", and ")
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
