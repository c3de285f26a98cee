//! What was done, and the only sentences that say so. A claim can be made only from a function's result that says it did its work, so that
//! no path through the dialogue can tell a caller of a booking, a change or a message that is none. Pure, any thread.

use serde_json::Value;

use super::tools;
use super::wording::Wording;

const BOOKED: &[&str] = &[
    "You are booked: %.",
    "Your appointment is booked: %.",
    "That is booked for you: %.",
];
const MOVED: &[&str] = &[
    "Your appointment is moved: it is now %.",
    "I have moved it. Your appointment is now %.",
];
const CANCELLED: &[&str] = &[
    "Your appointment % is cancelled.",
    "I have cancelled your appointment %.",
];
const SAVED: &[&str] = &[
    "Thank you, your details are saved for the team.",
    "Thank you, I have saved your details for the team.",
];
const NUMBER: &[&str] = &[
    "Your confirmation number is %.",
    "Please note your confirmation number: %.",
];

/// What became of an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// It was made.
    Booked,
    /// It is at another time.
    Moved,
    /// It is no more.
    Cancelled,
}

impl Deed {
    /// The member that says so in a result.
    fn member(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Moved => "moved",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A change of the calendar that a function has reported as done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Done {
    deed: Deed,
    when: Option<String>,
    spoken_number: Option<String>,
    number: Option<String>,
}

impl Done {
    /// The change, when the output says in as many words that it was made.
    pub fn read(deed: Deed, output: &str) -> Option<Self> {
        let answer = tools::success(output)?;
        if answer.get(deed.member()) != Some(&Value::Bool(true)) {
            return None;
        }
        let text = |member: &str| {
            let value = answer
                .get("appointment")
                .and_then(|appointment| appointment.get(member));
            value
                .and_then(Value::as_str)
                .map(str::trim)
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        let number = text("confirmationNumber");
        Some(Self {
            deed,
            when: text("spoken"),
            spoken_number: text("spokenConfirmationNumber").or_else(|| number.clone()),
            number,
        })
    }

    /// The confirmation number, as it is written.
    pub fn number(&self) -> Option<&str> {
        self.number.as_deref()
    }

    /// When the appointment is, as it is spoken.
    pub fn when(&self) -> Option<&str> {
        self.when.as_deref()
    }

    /// The sentence for the caller. `what` is how the appointment was read back, for results that name no time.
    pub fn told(&self, what: &str, wording: &mut Wording) -> String {
        let when = self.when.as_deref();
        let filled = |sentence: &str, gap: &str| sentence.replace('%', gap);
        let told = match self.deed {
            Deed::Booked => filled(wording.one_of(BOOKED), what),
            Deed::Moved => filled(
                wording.one_of(MOVED),
                &when.map_or_else(|| what.to_owned(), |when| format!("on {when}")),
            ),
            Deed::Cancelled => {
                let which = when.map(|when| format!("on {when}")).unwrap_or_default();
                filled(wording.one_of(CANCELLED), &which)
                    .replace(" .", ".")
                    .replace("  ", " ")
            }
        };
        match (&self.spoken_number, self.deed) {
            (Some(number), Deed::Booked) => format!("{told} {}", filled(wording.one_of(NUMBER), number)),
            _ => told,
        }
    }
}

/// The sentence that details were saved, when the output says that they were.
pub(crate) fn saved(output: Option<&str>, wording: &mut Wording) -> Option<String> {
    output.and_then(tools::success)?;
    Some(wording.one_of(SAVED).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_result_that_says_so_makes_a_claim() {
        for output in [
            "",
            "booked",
            "{}",
            "[]",
            r#"{"booked": false}"#,
            r#"{"booked": "true"}"#,
            r#"{"booked": true, "error": "full"}"#,
            r#"{"moved": true}"#,
        ] {
            assert_eq!(Done::read(Deed::Booked, output), None, "{output}");
        }
        let done = Done::read(
            Deed::Booked,
            r#"{"booked": true, "appointment": {"confirmationNumber": "482193", "spokenConfirmationNumber": "4 8 2, 1 9 3"}}"#,
        );
        let told = done.unwrap().told("oil change tomorrow", &mut Wording::default());
        assert!(
            told.contains("oil change tomorrow") && told.contains("4 8 2, 1 9 3"),
            "{told}"
        );
    }

    #[test]
    fn a_cancelled_appointment_is_named_by_the_result() {
        let answer = r#"{"cancelled": true, "appointment": {"spoken": "Tuesday, December 1 at 9:00 AM"}}"#;
        let told = Done::read(Deed::Cancelled, answer)
            .unwrap()
            .told("", &mut Wording::default());
        assert_eq!(told, "Your appointment on Tuesday, December 1 at 9:00 AM is cancelled.");
        let bare = Done::read(Deed::Cancelled, r#"{"cancelled": true}"#).unwrap();
        assert_eq!(bare.told("", &mut Wording::default()), "Your appointment is cancelled.");
    }
}
