//! What the functions of this call have really done, read from their results. Pure, any thread.

use std::collections::BTreeSet;

use jiff::Zoned;
use serde_json::Value;

use super::guard::Claim;
use super::moments::{Fit, Known, Named, named};
use crate::dialogue::tools;

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
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Evidence {
    /// The present moment where the company is, for "tomorrow".
    now: Option<Zoned>,
    /// What functions have done and still holds, oldest first.
    deeds: Vec<Deed>,
    /// Deeds whose last attempt failed.
    failed: BTreeSet<Claim>,
    /// Appointments that a function has found.
    found: Vec<Known>,
    /// Where appointments were before they were moved or cancelled in this call.
    former: Vec<Known>,
    /// The digits that each function has told.
    told: Vec<String>,
    /// All digits that the caller has told: a number comes in pieces, one a turn.
    callers: String,
}

/// One thing that was done.
#[derive(Clone, Debug, PartialEq)]
struct Deed {
    what: Claim,
    /// When the appointment is, for deeds that have one.
    known: Known,
}

impl Deed {
    fn is_appointment(&self) -> bool {
        matches!(self.what, Claim::Booked | Claim::Moved)
    }
}

impl Evidence {
    /// What is known at this moment before anything was done.
    pub fn at(now: Option<Zoned>) -> Self {
        Self { now, ..Self::default() }
    }

    /// Takes note of a result. After a failure a claim of the same deed has to name what was done before it: what was booked on Tuesday makes
    /// nothing true that is said of the second wish.
    pub fn note_outcome(&mut self, name: &str, arguments: &str, output: &str) {
        self.told.push(digits(output));
        let succeeded = is_success(output);
        let deeds = deeds_of(name);
        if deeds.is_empty() && succeeded {
            let found = appointments_named(output);
            self.found
                .extend(found.iter().map(|value| Known::of_value(value, self.now.as_ref())));
        }
        for deed in deeds {
            if succeeded && says_so(name, deed, output) {
                self.failed.remove(&deed);
                self.note_deed(deed, arguments, output);
            } else {
                self.failed.insert(deed);
            }
        }
    }

    fn note_deed(&mut self, what: Claim, arguments: &str, output: &str) {
        let mut known = Known::of(output, self.now.as_ref());
        if !known.tells_when() && what != Claim::Moved {
            // "Done." is an answer too: then it was done as it was asked for. Of a move both places would be asked for.
            known = known.with_the_time_of(Known::of(arguments, self.now.as_ref()));
        }
        if matches!(what, Claim::Moved | Claim::Cancelled) {
            let ended = |deed: &Deed| {
                let is_it = deed.known.may_be(&known);
                // Two appointments without numbers are told apart by their times; one that is moved has another time now.
                let is_another = what == Claim::Cancelled && deed.known.is_at_another_time_than(&known);
                deed.is_appointment() && is_it && !is_another
            };
            let (over, lasting): (Vec<Deed>, Vec<Deed>) = self.deeds.drain(..).partition(ended);
            self.deeds = lasting;
            self.former.extend(over.into_iter().map(|deed| deed.known));
        }
        if what == Claim::Cancelled {
            self.found.retain(|found| !found.is_at_the_time_of(&known));
        }
        self.deeds.push(Deed { what, known });
    }

    /// Takes note of what the caller said: a number that is read back is not made up.
    pub fn note_caller(&mut self, text: &str) {
        self.callers.push_str(&digits(text));
    }

    /// Takes note of a number that may always be told, such as the company's own.
    pub fn note_number(&mut self, number: &str) {
        self.told.push(digits(number));
    }

    /// Whether this may be said in these words (see [`super::guard::matter`]): it was done, and every day, time and number that is named with
    /// it belongs to something that was done. Where a result tells none of them, none can be held against it.
    pub fn bears_out(&self, claim: Claim, matter: &str) -> bool {
        let grounds = self.grounds(claim);
        let today = self.now.as_ref().map(Zoned::date);
        let named = match claim {
            Claim::Booked | Claim::Moved | Claim::Stands | Claim::Cancelled => {
                named(matter, today, claim == Claim::Moved)
            }
            // "That is done for Thursday."
            Claim::Something if self.deeds.iter().any(Deed::is_appointment) => named(matter, today, false),
            Claim::Saved | Claim::Something | Claim::Number => Vec::new(),
        };
        // One that nobody told is a fault of its own: see `knows_numbers`.
        let number = confirmation_number(matter).filter(|number| named.len() <= 1 && self.is_told(number));
        if let Some(number) = &number
            && grounds.iter().all(|(_, known)| known.has_number(number) == Some(false))
            && !grounds.is_empty()
        {
            return false;
        }
        if named.is_empty() {
            let by_number = |known: &Known| {
                number
                    .as_ref()
                    .is_some_and(|number| known.has_number(number) == Some(true))
            };
            return grounds.iter().any(|(failed, known)| !failed || by_number(known));
        }
        let has_place = |deed: &&Deed| deed.is_appointment() || deed.what == Claim::Cancelled;
        let deeds = self.deeds.iter().filter(has_place).map(|deed| &deed.known);
        let all: Vec<&Known> = deeds.chain(&self.found).chain(&self.former).collect();
        let is_somebodys = |one: &Named| all.iter().any(|known| known.fits(one) != Fit::Contradicts);
        let is_grounded = |one: &Named| {
            grounds.iter().any(|(failed, known)| {
                let is_its_number = number.as_ref().and_then(|number| known.has_number(number)) != Some(false);
                let fits = match known.fits(one) {
                    Fit::Agrees => true,
                    Fit::Unknown => !failed,
                    Fit::Contradicts => false,
                };
                fits && is_its_number
            })
        };
        named.iter().all(is_somebodys) && named.iter().any(is_grounded)
    }

    /// What may bear a claim out, and whether a later attempt at the same failed.
    fn grounds(&self, claim: Claim) -> Vec<(bool, &Known)> {
        let found = self
            .found
            .iter()
            .filter(|_| claim == Claim::Stands)
            .map(|known| (false, known));
        let deeds = self.deeds.iter().filter(|deed| match claim {
            // "You are booked for Thursday" is true of an appointment that was moved there.
            Claim::Booked | Claim::Stands => deed.is_appointment(),
            Claim::Something => true,
            what => deed.what == what,
        });
        let deeds = deeds.map(|deed| (self.failed.contains(&deed.what), &deed.known));
        deeds.chain(found).collect()
    }

    /// Whether every confirmation number in a sentence was told by a function or the caller.
    pub fn knows_numbers(&self, sentence: &str) -> bool {
        if !sentence.to_lowercase().contains("confirmation") {
            return true;
        }
        numbers(sentence).iter().all(|number| self.is_told(number))
    }

    fn is_told(&self, number: &str) -> bool {
        self.callers.contains(number) || self.told.iter().any(|known| known.contains(number))
    }
}

/// The number that is called one of a confirmation; not the telephone number to which it goes.
fn confirmation_number(matter: &str) -> Option<String> {
    let at = ["confirmation number", "confirmation code", "reference number"]
        .iter()
        .find_map(|name| Some(matter.find(name)? + name.len()))?;
    numbers(matter.get(at..)?).into_iter().next()
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

/// The appointments in a result that tells of some.
fn appointments_named(output: &str) -> Vec<Value> {
    let value: Value = serde_json::from_str(output).unwrap_or_default();
    let members = ["appointments", "bookings", "reservations", "appointment", "booking"];
    let named = members.iter().filter_map(|member| match value.get(member) {
        Some(Value::Array(list)) => Some(list.clone()),
        Some(Value::Object(members)) if !members.is_empty() => Some(vec![Value::Object(members.clone())]),
        _ => None,
    });
    named.flatten().collect()
}

#[cfg(test)]
mod tests;
