//! What is asked for and how: the open question, the read-back, once more when it was not understood, and again when something is to change.
//! Pure.

use super::heard::Part;
use super::sentences::{choice, digits_apart, moment};
use super::{Booking, CONFIRMATION_DIGITS, Errand, Scene, Step, TRIES, Turn};
use crate::dialogue::Expectation;
use crate::dialogue::facts::{in_sentence, listed};
use crate::dialogue::spoken_numbers::grouped;
use crate::dialogue::values::{Days, TimeWanted};
use crate::dialogue::wording::Occasion;

impl Booking {
    /// Asks for the name or the number when they are needed and not known.
    pub(super) fn ask_person(&mut self, name: bool, phone: bool, scene: &mut Scene<'_>) -> Option<Turn> {
        if name && scene.details.name.is_none() {
            return Some(self.ask(Step::Name, scene));
        }
        (phone && scene.details.phone.is_none()).then(|| self.ask(Step::Phone, scene))
    }

    pub(super) fn ask(&mut self, step: Step, scene: &mut Scene<'_>) -> Turn {
        if self.step != step {
            self.tries = 0;
        }
        self.step = step;
        let question = self.question(scene);
        let preface = std::mem::take(&mut self.preface);
        Turn::Say(format!("{preface} {question}").trim().to_owned())
    }

    /// What is open, asked again or for the first time.
    pub fn question(&self, scene: &mut Scene<'_>) -> String {
        match self.step {
            Step::Service if !self.candidates.is_empty() => {
                let names: Vec<String> = self
                    .candidates
                    .iter()
                    .filter_map(|at| scene.knowledge.service(*at))
                    .map(|service| in_sentence(&service.name))
                    .collect();
                scene.wording.filled(Occasion::WhichOfServices, &names.join(", or "))
            }
            Step::Service if self.tries > 0 => {
                let names: Vec<String> = scene
                    .profile()
                    .services
                    .iter()
                    .map(|service| in_sentence(&service.name))
                    .collect();
                scene.wording.filled(Occasion::ServicesToBook, &listed(&names))
            }
            Step::Service => scene.wording.next(Occasion::AskService),
            Step::Day if self.errand == Errand::Move => scene.wording.next(Occasion::AskNewDay),
            Step::Day => scene.wording.next(Occasion::AskDay),
            Step::Time => match self.offered.as_slice() {
                [] => scene.wording.next(Occasion::AskTime),
                [one] => scene.wording.filled(Occasion::OfferOne, &moment(*one)),
                many => scene.wording.filled(Occasion::OfferSome, &choice(many)),
            },
            Step::Name => scene.wording.next(Occasion::AskName),
            Step::Phone if self.pieces.is_empty() => scene.wording.next(Occasion::AskPhone),
            Step::Phone => scene
                .wording
                .filled(Occasion::AskRestOfPhone, &digits_apart(self.pieces.as_str())),
            Step::Number if self.pieces.is_empty() => scene.wording.next(Occasion::AskConfirmation),
            Step::Number => scene
                .wording
                .filled(Occasion::AskRestOfPhone, &digits_apart(self.pieces.as_str())),
            Step::Confirm => self.read_back(scene),
            Step::Correct => scene.wording.next(Occasion::AskChange),
        }
    }

    /// What kind of answer is waited for.
    pub fn expects(&self) -> Expectation {
        match self.step {
            Step::Name => Expectation::Name,
            Step::Phone => Expectation::phone(self.pieces.count()),
            Step::Number => Expectation::Digits {
                told: self.pieces.count(),
                fewest: *CONFIRMATION_DIGITS.start(),
                usual: *CONFIRMATION_DIGITS.start(),
            },
            // "No, rather Thursday" answers an offer, too.
            Step::Time if self.offered.len() == 1 => Expectation::Approval,
            Step::Confirm => Expectation::Approval,
            Step::Service | Step::Day | Step::Time | Step::Correct => Expectation::Anything,
        }
    }

    fn read_back(&self, scene: &mut Scene<'_>) -> String {
        let what = self.summary(scene);
        let occasion = match self.errand {
            Errand::Book => Occasion::ConfirmBooking,
            Errand::Move => Occasion::ConfirmMove,
            Errand::Cancel | Errand::Find => Occasion::ConfirmCancel,
        };
        scene.wording.filled(occasion, &what)
    }

    /// All values in one phrase: "oil change on Tuesday, December 1 at 2:30 PM, for Anna Carter, phone number 555-014-2367".
    pub(super) fn summary(&self, scene: &Scene<'_>) -> String {
        let when = self
            .chosen
            .map(|time| format!("on {}", moment(time)))
            .unwrap_or_default();
        let name = scene
            .details
            .name
            .as_ref()
            .map(|name| format!(", for {name}"))
            .unwrap_or_default();
        let number = self.number.as_deref().map(digits_apart).unwrap_or_default();
        // What the caller gives a number for is told by the calendar alone.
        let begins = self.begins.filter(|_| self.number_is_known);
        let begins = begins.map(|time| format!(" on {}", moment(time))).unwrap_or_default();
        let which = format!("the appointment{begins} with confirmation number {number}");
        match self.errand {
            Errand::Book => {
                let service = self.service_name(scene).map(in_sentence).unwrap_or_default();
                let phone = scene.details.phone.as_deref().map(grouped).unwrap_or_default();
                format!("{service} {when}{name}, phone number {phone}")
            }
            Errand::Move => format!("{which}{name}, to {}", when.trim_start_matches("on ")),
            Errand::Cancel | Errand::Find => format!("{which}{name}"),
        }
    }

    /// Asks once more, and offers a message when that does not help.
    pub(super) fn again(&mut self, scene: &mut Scene<'_>) -> Turn {
        self.tries += 1;
        if self.tries >= TRIES {
            return self.failed(Occasion::StillNotUnderstood, scene);
        }
        let question = self.question(scene);
        let again = match self.step {
            Step::Phone if self.pieces.is_empty() => scene.wording.next(Occasion::AskPhoneAgain),
            Step::Name => scene.wording.next(Occasion::AskNameAgain),
            _ => format!("{} {question}", scene.wording.next(Occasion::NotCaught)),
        };
        Turn::Say(again)
    }

    pub(super) fn failed(&self, occasion: Occasion, scene: &mut Scene<'_>) -> Turn {
        Turn::Failed {
            told: scene.wording.next(occasion),
            reason: self.reason(scene),
        }
    }

    /// Opens what the caller wants changed.
    pub(super) fn reopen(&mut self, part: Part, scene: &mut Scene<'_>) -> Turn {
        self.tries = 0;
        match part {
            Part::Service if self.errand == Errand::Book => {
                self.service = None;
                self.candidates.clear();
                self.ask(Step::Service, scene)
            }
            Part::Day => {
                let time = self.time;
                self.forget_time();
                self.time = time.filter(|time| matches!(time, TimeWanted::At(_)));
                self.ask(Step::Day, scene)
            }
            Part::Time => {
                self.time = None;
                self.chosen = None;
                self.offered.clear();
                let known = self.days.is_some_and(Days::is_one);
                self.ask(if known { Step::Time } else { Step::Day }, scene)
            }
            Part::Name => {
                scene.details.name = None;
                self.ask(Step::Name, scene)
            }
            Part::Phone if matches!(self.errand, Errand::Move | Errand::Cancel) => {
                self.number = None;
                self.ask(Step::Number, scene)
            }
            Part::Phone => {
                scene.details.phone = None;
                self.ask(Step::Phone, scene)
            }
            Part::Service => self.again(scene),
        }
    }
}
