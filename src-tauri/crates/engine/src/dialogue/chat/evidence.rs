//! What the functions of this call have really done, read from their results. Pure, any thread.

use std::collections::BTreeSet;

use serde_json::Value;

use super::guard::Claim;
use crate::dialogue::tools;
use crate::english::WEEKDAYS;

/// Words in a plain-text result that say that nothing was done.
const DENIALS: [&str; 12] = [
    "no", "not", "none", "nothing", "cannot", "unable", "full", "taken", "missing", "unknown", "timeout", "pending",
];

/// Beginnings of such words.
const FAILURES: [&str; 8] = [
    "error",
    "fail",
    "invalid",
    "denie",
    "refuse",
    "reject",
    "unavailable",
    "declin",
];

/// Fewest digits that are a number to be given out: a confirmation number, not a time.
const NUMBER_DIGITS: usize = 4;

/// What is known to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Evidence {
    done: BTreeSet<Claim>,
    /// An old appointment was found.
    appointment_known: bool,
    /// Results that tell of appointments, in lower case.
    appointments: Vec<String>,
    /// The digits that each function has told.
    told: Vec<String>,
    /// All digits that the caller has told: a number comes in pieces, one a turn.
    callers: String,
}

impl Evidence {
    /// Takes note of a result. A later failure of the same deed counts: what was booked before does not make the next claim true.
    pub fn note_outcome(&mut self, name: &str, output: &str) {
        self.told.push(digits(output));
        let succeeded = is_success(output);
        let deeds = deeds_of(name);
        let tells = deeds.contains(&Claim::Booked) || deeds.contains(&Claim::Moved) || names_appointments(output);
        if succeeded && tells {
            self.appointments.push(output.to_lowercase());
        }
        if deeds.is_empty() {
            self.appointment_known |= succeeded && names_appointments(output);
            return;
        }
        for deed in deeds {
            if succeeded && says_so(name, deed, output) {
                self.done.insert(deed);
                if deed == Claim::Cancelled {
                    self.done.remove(&Claim::Booked);
                    self.done.remove(&Claim::Moved);
                }
            } else {
                self.done.remove(&deed);
            }
        }
    }

    /// Takes note of what the caller said: a number that is read back is not made up.
    pub fn note_caller(&mut self, text: &str) {
        self.callers.push_str(&digits(text));
    }

    /// Takes note of a number that may always be told, such as the company's own.
    pub fn note_number(&mut self, number: &str) {
        self.told.push(digits(number));
    }

    /// Whether this may be said.
    pub fn allows(&self, claim: Claim) -> bool {
        match claim {
            // "You are booked for Thursday" is true of an appointment that was moved there.
            Claim::Booked => self.done.contains(&Claim::Booked) || self.done.contains(&Claim::Moved),
            Claim::Stands => self.appointment_known || self.allows(Claim::Booked),
            Claim::Something => !self.done.is_empty(),
            deed => self.done.contains(&deed),
        }
    }

    /// Whether a sentence about an appointment speaks of a day on which one is known: what was booked on Tuesday makes nothing true of
    /// Thursday. Where no result names a day of the week, none can be held against it.
    pub fn knows_day(&self, sentence: &str) -> bool {
        let sentence = sentence.to_lowercase();
        let known = |day: &&&str| self.appointments.iter().any(|result| result.contains(**day));
        let mut named = WEEKDAYS.iter().filter(|day| sentence.contains(**day)).peekable();
        named.peek().is_none() || WEEKDAYS.iter().all(|day| !known(&day)) || named.any(|day| known(&day))
    }

    /// Whether every confirmation number in a sentence was told by a function or the caller.
    pub fn knows_numbers(&self, sentence: &str) -> bool {
        if !sentence.to_lowercase().contains("confirmation") {
            return true;
        }
        let is_known =
            |number: &str| self.callers.contains(number) || self.told.iter().any(|known| known.contains(number));
        numbers(sentence).iter().all(|number| is_known(number))
    }
}

/// The numbers in a sentence that are long enough to be given out. Digits in groups are one number, "4 8 2, 1 9 3"; a year ends the date in
/// front of it and is none.
fn numbers(sentence: &str) -> Vec<String> {
    let mut numbers = vec![String::new()];
    for word in sentence.split(|sign: char| sign.is_whitespace() || matches!(sign, ',' | '-' | '.' | '(' | ')')) {
        let is_number = !word.is_empty() && word.bytes().all(|sign| sign.is_ascii_digit());
        let is_year = word.len() == 4 && word.starts_with("20");
        match numbers.last_mut() {
            Some(number) if is_number && !is_year => number.push_str(word),
            _ if word.is_empty() => {}
            _ => numbers.push(String::new()),
        }
    }
    numbers.retain(|number| number.len() >= NUMBER_DIGITS);
    numbers
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// What a function of this name does when it succeeds; nothing for those that only look.
fn deeds_of(name: &str) -> Vec<Claim> {
    let mut spaced = String::new();
    for sign in name.chars() {
        if sign.is_uppercase() || !sign.is_alphanumeric() {
            spaced.push(' ');
        }
        if sign.is_alphanumeric() {
            spaced.extend(sign.to_lowercase());
        }
    }
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let looks = [
        "check", "get", "list", "look", "lookup", "find", "search", "fetch", "read", "show", "query", "is", "has",
    ];
    if words.first().is_none_or(|first| looks.contains(first)) {
        return Vec::new();
    }
    let has = |stems: &[&str]| words.iter().any(|word| stems.iter().any(|stem| word.starts_with(stem)));
    let mut deeds = Vec::new();
    if has(&["cancel", "delete", "remove"]) {
        deeds.push(Claim::Cancelled);
    } else if has(&["reschedul", "move", "change", "shift", "update", "postpone"]) {
        deeds.push(Claim::Moved);
    } else if has(&["book", "reserv", "schedul", "appointment"]) {
        deeds.push(Claim::Booked);
    }
    if has(&[
        "save", "message", "note", "notify", "send", "leave", "callback", "record", "store", "request", "submit",
        "contact", "details",
    ]) {
        deeds.push(Claim::Saved);
    }
    if deeds.is_empty() && name != tools::END_CALL {
        deeds.push(Claim::Something);
    }
    deeds
}

/// The product's own functions say in as many words what they did; of others a success is enough.
fn says_so(name: &str, deed: Claim, output: &str) -> bool {
    let member = match (name, deed) {
        ("bookAppointment", Claim::Booked) => "booked",
        ("rescheduleAppointment", Claim::Moved) => "moved",
        ("cancelAppointment", Claim::Cancelled) => "cancelled",
        _ => return true,
    };
    tools::success(output).is_some_and(|answer| answer.get(member) == Some(&Value::Bool(true)))
}

fn is_success(output: &str) -> bool {
    match serde_json::from_str::<Value>(output) {
        Ok(value) => is_success_value(&value),
        Err(_) => is_success_text(output),
    }
}

fn is_success_value(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            let denied = [
                "success",
                "succeeded",
                "ok",
                "done",
                "booked",
                "moved",
                "cancelled",
                "saved",
                "confirmed",
            ];
            let failed = members
                .get("error")
                .is_some_and(|error| !error.is_null() && *error != Value::Bool(false))
                || denied
                    .iter()
                    .any(|member| members.get(*member) == Some(&Value::Bool(false)))
                || members
                    .get("status")
                    .and_then(Value::as_str)
                    .is_some_and(|status| !is_success_text(status));
            !members.is_empty() && !failed
        }
        Value::String(text) => is_success_text(text),
        Value::Array(list) => !list.is_empty(),
        Value::Bool(done) => *done,
        Value::Number(_) => true,
        Value::Null => false,
    }
}

fn is_success_text(text: &str) -> bool {
    let lower = text.to_lowercase().replace("n't", " not");
    let mut words = lower
        .split(|sign: char| !sign.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .peekable();
    words.peek().is_some()
        && !words.any(|word| DENIALS.contains(&word) || FAILURES.iter().any(|beginning| word.starts_with(beginning)))
}

/// A list of appointments that is not empty.
fn names_appointments(output: &str) -> bool {
    let value: Value = serde_json::from_str(output).unwrap_or_default();
    ["appointments", "bookings", "reservations", "appointment", "booking"]
        .iter()
        .any(|member| {
            value.get(member).is_some_and(|found| match found {
                Value::Array(list) => !list.is_empty(),
                Value::Object(members) => !members.is_empty(),
                _ => false,
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(outcomes: &[(&str, &str)]) -> Evidence {
        let mut evidence = Evidence::default();
        for (name, output) in outcomes {
            evidence.note_outcome(name, output);
        }
        evidence
    }

    #[test]
    fn only_a_success_of_the_right_function_allows_a_claim() {
        let booked = r#"{"booked": true, "appointment": {"confirmationNumber": "482193"}}"#;
        assert!(after(&[("bookAppointment", booked)]).allows(Claim::Booked));
        for (name, output) in [
            ("bookAppointment", "{}"),
            ("bookAppointment", r#"{"booked": false}"#),
            ("bookAppointment", r#"{"error": "full"}"#),
            ("bookAppointment", r#"{"appointment": {}}"#),
            ("checkAvailability", r#"{"available": [1]}"#),
            ("lookupCustomer", r#"{"known": true, "appointments": []}"#),
            ("saveCallerDetails", r#"{"saved": {"name": "Dana"}}"#),
            ("reserve_table", "Sorry, no table is free."),
            ("reserve_table", "null"),
            ("reserve_table", r#"{"status": "not_found"}"#),
            ("reserve_table", "The kitchen can't take more guests."),
        ] {
            assert!(!after(&[(name, output)]).allows(Claim::Booked), "{name} {output}");
        }
    }

    #[test]
    fn functions_of_others_are_known_by_their_names() {
        assert!(after(&[("reserve_table", "Reserved for 7 pm.")]).allows(Claim::Booked));
        assert!(after(&[("book-slot", r#"{"id": 42}"#)]).allows(Claim::Booked));
        assert!(after(&[("cancelOrder", r#"{"status": "ok"}"#)]).allows(Claim::Cancelled));
        assert!(after(&[("take_message", r#"true"#)]).allows(Claim::Saved));
        assert!(!after(&[("get_bookings", r#"{"id": 42}"#)]).allows(Claim::Booked));
    }

    #[test]
    fn a_later_failure_takes_the_word_back() {
        let evidence = after(&[
            ("bookAppointment", r#"{"booked": true}"#),
            ("bookAppointment", r#"{"error": "nothing free"}"#),
        ]);
        assert!(!evidence.allows(Claim::Booked) && !evidence.allows(Claim::Something));
    }

    #[test]
    fn what_is_booked_on_one_day_says_nothing_of_another() {
        let evidence = after(&[(
            "bookAppointment",
            r#"{"booked": true, "appointment": {"spoken": "Tuesday, December 1 at 9:00 AM"}}"#,
        )]);
        assert!(evidence.knows_day("You're booked for Tuesday; on Sunday we are closed."));
        assert!(evidence.knows_day("You're booked for nine."));
        assert!(!evidence.knows_day("And I've booked Thursday at three for your wife."));
        let by_number = after(&[("book_slot", r#"{"id": 42}"#)]);
        assert!(by_number.knows_day("You're booked for Tuesday."));
    }

    #[test]
    fn what_was_cancelled_is_booked_no_more() {
        let evidence = after(&[
            ("bookAppointment", r#"{"booked": true}"#),
            ("cancelAppointment", r#"{"cancelled": true}"#),
        ]);
        assert!(evidence.allows(Claim::Cancelled) && !evidence.allows(Claim::Booked));
    }

    #[test]
    fn an_old_appointment_may_be_told_and_is_none_that_was_made_now() {
        let evidence = after(&[(
            "lookupCustomer",
            r#"{"known": true, "appointments": [{"spoken": "Tuesday"}]}"#,
        )]);
        assert!(evidence.allows(Claim::Stands) && !evidence.allows(Claim::Booked));
    }

    #[test]
    fn a_confirmation_number_has_to_come_from_somewhere() {
        let mut evidence = after(&[(
            "bookAppointment",
            r#"{"booked": true, "appointment": {"confirmationNumber": "482193"}}"#,
        )]);
        assert!(evidence.knows_numbers("Your confirmation number is 4 8 2, 1 9 3."));
        assert!(!evidence.knows_numbers("Your confirmation number is 123456."));
        evidence.note_caller("It is 123 456.");
        assert!(evidence.knows_numbers("Your confirmation number is 123456."));
        assert!(evidence.knows_numbers("We are open from 9 to 17."));
        assert!(evidence.knows_numbers("You're booked for December 1, 2026 at 9 AM, confirmation number 482193."));
        assert!(!evidence.knows_numbers("You're booked for December 1 at 9 AM, confirmation number 482194."));
        evidence.note_caller("five five five is 555");
        evidence.note_caller("0142");
        evidence.note_number("(555) 123-4567");
        assert!(evidence.knows_numbers("A confirmation goes to 555 0142, from 555-123-4567."));
    }
}
