//! Moving and cancelling: by confirmation number, and by whatever else the function's schema asks for. Pure.

use super::availability::alternatives;
use super::requests::{CANCEL, RESCHEDULE, needs};
use super::sentences::digits_apart;
use super::{Booking, Errand, Scene, Step, Turn, WRONG_NUMBERS};
use crate::dialogue::wording::Occasion;

impl Booking {
    /// Goes to what a change still needs.
    pub(super) fn advance_change(&mut self, scene: &mut Scene<'_>) -> Turn {
        if self.number.is_none() {
            return self.ask(Step::Number, scene);
        }
        let function = if self.errand == Errand::Move {
            RESCHEDULE
        } else {
            CANCEL
        };
        let needed = needs(scene.offers, function);
        if let Some(turn) = self.ask_person(needed.name, needed.phone, scene) {
            return turn;
        }
        if self.errand == Errand::Move && self.chosen.is_none() {
            if self.can_look(scene) {
                return self.find_time(scene);
            }
            if let Some(turn) = self.take_time_unseen(scene) {
                return turn;
            }
        }
        self.ask(Step::Confirm, scene)
    }

    /// The calendar has not done it. What it says is read for what can be mended, and never read out.
    pub(super) fn refused(&mut self, output: &str, scene: &mut Scene<'_>) -> Turn {
        let zone = scene.profile().time_zone.rules().clone();
        let times = alternatives(output, &zone);
        if !times.is_empty() {
            return self.offer_instead(times, scene);
        }
        let error: serde_json::Value = serde_json::from_str(output).unwrap_or_default();
        let refusal = error.get("error").and_then(|error| error.as_str()).unwrap_or_default();
        if self.errand == Errand::Book && refusal.contains("phone number") {
            scene.details.phone = None;
            self.preface = scene.wording.next(Occasion::PhoneRefused);
            return self.ask(Step::Phone, scene);
        }
        if matches!(self.errand, Errand::Move | Errand::Cancel)
            && !refusal.is_empty()
            && self.wrong_numbers + 1 < WRONG_NUMBERS
        {
            self.wrong_numbers += 1;
            let number = self
                .number
                .take()
                .map(|number| digits_apart(&number))
                .unwrap_or_default();
            self.preface = scene.wording.filled(Occasion::NumberRefused, &number);
            return self.ask(Step::Number, scene);
        }
        self.failed(Occasion::CalendarFailed, scene)
    }
}
