//! Which appointments somebody has: asked of the calendar with what its function demands of the caller, and told as it answers. Whatever
//! is said of a coming appointment stands in a result of this call. Pure.

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::Value;

use super::requests::{LOOKUP, needs};
use super::sentences::moment;
use super::{Booking, Errand, KnownAppointment, Scene, Step, Turn, WRONG_NUMBERS, Waiting, offers_errand};
use crate::dialogue::facts::{in_sentence, listed};
use crate::dialogue::spoken_numbers::grouped;
use crate::dialogue::tools;
use crate::dialogue::wording::{Occasion, Wording};
use crate::dialogue::words::Word;

/// Most appointments that are told one by one: nobody keeps more in mind.
const MOST_TOLD: usize = 3;

const ONE: &[&str] = &[
    "You have one appointment coming up: %.",
    "There is one appointment coming up for you: %.",
];
const SEVERAL: &[&str] = &[
    "These appointments are coming up for you: %.",
    "You have these appointments coming up: %.",
];
const MANY: &[&str] = &["You have more than three appointments coming up; the next are %."];
const NONE: &[&str] = &[
    "I see no appointment coming up for %.",
    "There is no appointment coming up for %.",
];

/// What the calendar knows of a caller.
#[derive(Clone, Debug, PartialEq)]
enum Looked {
    /// Nobody has this phone number.
    Unknown,
    /// The name does not belong to the phone number; nothing else is told.
    OtherName,
    /// The appointments to come.
    Coming(Vec<Coming>),
}

/// An appointment to come.
#[derive(Clone, Debug, PartialEq)]
struct Coming {
    service: Option<String>,
    /// As it is spoken.
    when: String,
    start: DateTime,
    /// The confirmation number, where the calendar tells it.
    number: Option<String>,
}

impl Looked {
    /// Reads an answer; none when the calendar could not be asked or the answer has another shape.
    fn read(output: &str, scene: &Scene<'_>) -> Option<Self> {
        let answer = tools::success(output)?;
        if answer.get("known") == Some(&Value::Bool(false)) {
            return Some(Self::Unknown);
        }
        if answer.get("matches") == Some(&Value::Bool(false)) {
            return Some(Self::OtherName);
        }
        let rows = answer.get("appointments")?.as_array()?;
        let mut coming: Vec<Coming> = rows.iter().map(|row| Coming::read(row, scene)).collect::<Option<_>>()?;
        coming.sort_by_key(|one| one.start);
        Some(Self::Coming(coming))
    }
}

impl Coming {
    fn read(row: &Value, scene: &Scene<'_>) -> Option<Self> {
        let text = |member: &str| {
            let value = row.get(member).and_then(Value::as_str).map(str::trim);
            value.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let begins = text("start")?;
        let start = match begins.parse::<Timestamp>() {
            Ok(at) => scene.profile().time_zone.rules().to_datetime(at),
            Err(_) => begins.parse().ok()?,
        };
        Some(Self {
            service: text("service"),
            when: text("spoken").unwrap_or_else(|| moment(start)),
            start,
            number: text("confirmationNumber"),
        })
    }

    /// "oil change on Tuesday, December 1 at 9:00 AM".
    fn told(&self) -> String {
        match &self.service {
            Some(service) => format!("{} on {}", in_sentence(service), self.when),
            None => format!("on {}", self.when),
        }
    }

    fn known(&self, scene: &Scene<'_>) -> KnownAppointment {
        let is_it = |name: &String| {
            let services = &scene.profile().services;
            services
                .iter()
                .position(|service| service.name.eq_ignore_ascii_case(name))
        };
        KnownAppointment {
            number: self.number.clone(),
            service: self.service.as_ref().and_then(is_it),
            start: Some(self.start),
        }
    }
}

/// The appointments in a sentence.
fn told(coming: &[Coming], name: &str, wording: &mut Wording) -> String {
    let parts: Vec<String> = coming.iter().take(MOST_TOLD).map(Coming::told).collect();
    let (sentence, gap) = match coming.len() {
        0 => (wording.one_of(NONE), name.to_owned()),
        1 => (wording.one_of(ONE), listed(&parts)),
        2..=MOST_TOLD => (wording.one_of(SEVERAL), listed(&parts)),
        _ => (wording.one_of(MANY), listed(&parts)),
    };
    sentence.replace('%', &gap)
}

impl Booking {
    /// Goes to what the calendar must be told to find somebody's appointments, and then to the calendar.
    pub(super) fn advance_find(&mut self, scene: &mut Scene<'_>) -> Turn {
        let needed = needs(scene.offers, LOOKUP);
        if let Some(turn) = self.ask_person(needed.name, needed.phone, scene) {
            return turn;
        }
        match self.lookup_request(scene) {
            Some(request) => {
                self.tries = 0;
                self.waiting = Some(Waiting::Appointments(request.clone()));
                Turn::Call(request)
            }
            None => self.failed(Occasion::LookUpFailed, scene),
        }
    }

    /// What the calendar has answered about the caller.
    pub(super) fn looked_up(&mut self, output: &str, scene: &mut Scene<'_>) -> Turn {
        let phone = scene.details.phone.as_deref().map(grouped).unwrap_or_default();
        match Looked::read(output, scene) {
            None => self.failed(Occasion::LookUpFailed, scene),
            Some(Looked::Unknown) => {
                self.preface = scene.wording.filled(Occasion::NothingUnder, &phone);
                self.once_more(Step::Phone, scene)
            }
            Some(Looked::OtherName) => {
                self.preface = scene.wording.next(Occasion::NameDoesNotFit);
                self.once_more(Step::Name, scene)
            }
            Some(Looked::Coming(coming)) => self.tell_coming(&coming, scene),
        }
    }

    /// The name or the number may have been misheard: it is asked for again, and not more often than once.
    fn once_more(&mut self, step: Step, scene: &mut Scene<'_>) -> Turn {
        self.wrong_numbers += 1;
        if self.wrong_numbers >= WRONG_NUMBERS {
            let told = std::mem::take(&mut self.preface);
            return Turn::Failed {
                told,
                reason: self.reason(scene),
            };
        }
        match step {
            Step::Phone => scene.details.phone = None,
            _ => scene.details.name = None,
        }
        self.ask(step, scene)
    }

    fn tell_coming(&mut self, coming: &[Coming], scene: &mut Scene<'_>) -> Turn {
        let name = scene.details.name.clone().unwrap_or_else(|| "you".to_owned());
        let preface = std::mem::take(&mut self.preface);
        let told = format!("{preface} {}", told(coming, &name, scene.wording));
        let told = told.trim().to_owned();
        let known: Vec<KnownAppointment> = coming.iter().map(|one| one.known(scene)).collect();
        let Some(errand) = self.then.take().filter(|_| !coming.is_empty()) else {
            return Turn::Told { told, known };
        };
        self.errand = errand;
        if let [only] = known.as_slice() {
            (self.service, self.begins) = (only.service, only.start);
            if only.number.is_some() {
                self.number.clone_from(&only.number);
                self.number_is_known = true;
                self.preface = told;
                return self.advance(scene);
            }
        }
        // The calendar tells whose appointment it is, and leaves changing it to whoever knows its number.
        Turn::Failed {
            told: format!("{told} {}", scene.wording.next(Occasion::NeedsConfirmation)),
            reason: self.reason(scene),
        }
    }

    /// The caller does not know the confirmation number: the appointment is looked up instead, where that is possible.
    pub(super) fn without_number(&mut self, scene: &mut Scene<'_>) -> Turn {
        if self.begins.is_some() || !offers_errand(scene.offers, Errand::Find) {
            return self.failed(Occasion::NeedsConfirmation, scene);
        }
        self.then = Some(self.errand);
        self.errand = Errand::Find;
        self.pieces.clear();
        self.preface = scene.wording.next(Occasion::LookInstead);
        self.advance(scene)
    }
}

/// "I don't have it", "I lost that number", "no idea".
pub(super) fn is_without_number(said: &[Word]) -> bool {
    let says = |texts: &[&str]| said.iter().any(|word| texts.contains(&word.text.as_str()));
    let denies = says(&["not", "dont", "never", "no"]);
    let has = says(&[
        "have", "know", "remember", "recall", "find", "got", "get", "idea", "clue", "number", "one",
    ]);
    (denies && has || says(&["lost", "forgot", "forgotten", "misplaced"])) && !says(&["name", "phone"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::words::words;

    #[test]
    fn somebody_without_the_number_is_understood() {
        for said in [
            "I don't have it",
            "I lost that",
            "no idea",
            "I don't remember the number",
            "I never got one",
        ] {
            assert!(is_without_number(&words(said)), "{said}");
        }
        for said in ["four eight two", "482193", "it is for Tuesday"] {
            assert!(!is_without_number(&words(said)), "{said}");
        }
    }

    #[test]
    fn appointments_are_told_up_to_three() {
        let coming = |day: i8| Coming {
            service: Some("Oil change".to_owned()),
            when: format!("December {day}"),
            start: jiff::civil::date(2026, 12, day).at(9, 0, 0, 0),
            number: None,
        };
        let all: Vec<Coming> = (1..=5).map(coming).collect();
        let mut wording = Wording::default();
        assert!(told(&all[..0], "Anna", &mut wording).contains("no appointment coming up for Anna"));
        assert!(told(&all[..1], "Anna", &mut wording).contains("one appointment coming up"));
        let two = told(&all[..2], "Anna", &mut wording);
        assert!(
            two.contains("oil change on December 1 and oil change on December 2"),
            "{two}"
        );
        let many = told(&all, "Anna", &mut wording);
        assert!(
            many.contains("more than three") && many.contains("December 3") && !many.contains("December 4"),
            "{many}"
        );
    }
}
