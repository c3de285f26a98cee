//! Claims by a state: whoever or whatever the caller cares about is said to be where a done deed leaves it. "Your booking is complete", "it
//! went through", "you're down for nine", "we've got you in", "they have your message". Pure, any thread.
//!
//! Read in three steps: who or what is talked of, in what state it is said to be, and what that claims together. So a new word for "done"
//! is one entry of a list and no new sentence.

use super::lexicon::{ADVERBS, APPOINTMENT, CALENDAR, MESSAGE, OPENERS, PLANS, STAFF};
use super::{Claim, is_figure, is_free, is_question, names_a_duration};
use crate::english::{WEEKDAYS, is_number_word};

/// Words that say of a booking, a message or a change that all is done.
pub(super) const COMPLETE: &[&str] = &[
    "complete",
    "successful",
    "final",
    "official",
    "through",
    "live",
    "active",
    "secure",
    "firm",
    "gone",
    "yours",
    "locked",
];

/// Verbs by which a caller is put somewhere: "I squeezed you in".
const PLACES: &[&str] = &[
    "have", "has", "got", "put", "placed", "squeezed", "slotted", "fitted", "fit", "entered", "added",
];

/// Who or what is said to be somehow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    Caller,
    Appointment,
    /// A time that may be given to somebody; when it is gone, somebody else has it.
    Slot,
    Message,
    Cancellation,
    Change,
    /// "It", "that", "everything".
    Wish,
    Other,
}

/// In what state it is said to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// "Complete", "successful", "through".
    Complete,
    /// "Set".
    Set,
    /// "Set for", "locked in": of whatever it is said.
    Fixed,
    /// "Good to go".
    Ready,
    /// "In", "down", "on for nine".
    Entered,
    /// "On the calendar".
    Written,
    /// "Off the calendar".
    Struck,
    Gone,
    /// "On its way", "with the team".
    PassedOn,
    Yours,
}

/// "Your booking is complete", "you are set for Tuesday", "that went through", "reservation confirmed".
pub(super) fn is_so(part: &[&str], is_usual: bool) -> Option<Claim> {
    if is_usual || is_question(part) {
        return None;
    }
    let by_verb = (1..part.len()).find_map(|at| {
        let (before, rest) = part.split_at_checked(at)?;
        let verb = *rest.first()?;
        let to_come = verb == "been" && before.iter().any(|word| PLANS.contains(word));
        let asks = before
            .iter()
            .any(|word| matches!(*word, "what" | "which" | "who" | "let"));
        if to_come || asks || !is_free(before) {
            return None;
        }
        let rest = without_adverbs(rest.get(1..)?);
        let state = match verb {
            "is" | "are" | "was" | "were" | "been" => state(rest)?,
            "went" | "came" | "gone" => moved_on(rest)?,
            _ => return None,
        };
        claim(subject(before), state, part)
    });
    by_verb.or_else(|| told_shortly(part))
}

/// "Booking complete", "all set for Tuesday".
fn told_shortly(part: &[&str]) -> Option<Claim> {
    let at = part
        .iter()
        .position(|word| !OPENERS.contains(word))
        .unwrap_or(part.len());
    // The last opener may be what is talked of: "and your booking" is not short.
    let before = part.get(..at)?;
    let state = state(part.get(at..)?)?;
    match (subject(before), state) {
        (Subject::Wish | Subject::Other | Subject::Caller, State::Fixed) => Some(Claim::Booked),
        (Subject::Wish | Subject::Other | Subject::Caller, State::Ready) => Some(Claim::Something),
        (Subject::Wish | Subject::Other | Subject::Caller, _) => None,
        (subject, State::Complete | State::Set | State::Fixed | State::Ready) => claim(subject, state, part),
        _ => None,
    }
}

/// "I have you down for nine", "we've got you in", "I put you on the calendar", "I got you a spot".
pub(super) fn has_the_caller(part: &[&str]) -> Option<Claim> {
    if is_question(part) {
        return None;
    }
    let at = part
        .windows(2)
        .position(|pair| PLACES.contains(&pair[0]) && pair[1] == "you")?;
    let verb = *part.get(at)?;
    let before = part.get(..at)?;
    let somebody = before.iter().any(|word| matches!(*word, "i" | "we" | "team" | "they"));
    let shortly = verb != "have"
        && before
            .iter()
            .all(|word| OPENERS.contains(word) || ADVERBS.contains(word));
    if !(somebody || shortly) || !is_free(before) || before.iter().any(|word| PLANS.contains(word)) {
        return None;
    }
    let rest = without_adverbs(part.get(at + 2..)?);
    let is_there = match rest.first().copied()? {
        "for" | "at" => is_when(rest.get(1..)?),
        "a" | "an" | "the" | "that" => rest.iter().take(4).any(|word| APPOINTMENT.contains(word)),
        _ => matches!(
            state(rest),
            Some(State::Entered | State::Written | State::Set | State::Fixed)
        ),
    };
    let in_system = rest.contains(&"system") && !rest.iter().any(|word| CALENDAR.contains(word));
    // "I have you" and "I have got you" tell of what stands, also of old; the others of a deed.
    let stands = matches!(verb, "have" | "has") || (verb == "got" && matches!(before.last(), Some(&("have" | "has"))));
    let claim = if stands { Claim::Stands } else { Claim::Booked };
    (is_there && !in_system).then_some(claim)
}

/// "They have your message", "the team has got your request", "we received your message".
pub(super) fn has_a_message(part: &[&str]) -> Option<Claim> {
    let at = part.windows(2).position(|pair| {
        matches!(pair[0], "have" | "has" | "got" | "received") && matches!(pair[1], "your" | "the" | "that" | "this")
    })?;
    let before = part.get(..at)?;
    if is_question(part) || !is_free(before) || before.iter().any(|word| PLANS.contains(word)) {
        return None;
    }
    let noun = part.get(at + 2..)?.iter().take(2).find(|word| MESSAGE.contains(word))?;
    let others = before
        .iter()
        .any(|word| STAFF.contains(word) || matches!(*word, "they" | "everyone" | "he" | "she"));
    // "I have your details" may only say that they were heard.
    let us = before.iter().any(|word| matches!(*word, "i" | "we")) && noun.starts_with("message");
    (others || us).then_some(Claim::Saved)
}

/// Whether these words may be the beginning of such a claim, where no word of them tells it alone.
pub(super) fn may_begin(part: &[&str]) -> bool {
    part.windows(2).enumerate().any(|(at, pair)| {
        let rest = without_adverbs(part.get(at + 2..).unwrap_or_default());
        let goes_on = rest.first().is_none_or(|word| {
            matches!(
                *word,
                "in" | "on" | "off" | "down" | "with" | "out" | "good" | "ready" | "no" | "for" | "at"
            )
        });
        let is_state = matches!(pair[0], "you" | "it" | "that" | "this" | "everything")
            && matches!(pair[1], "is" | "are" | "was" | "were");
        let has_caller = PLACES.contains(&pair[0]) && pair[1] == "you";
        (is_state || has_caller) && goes_on
    })
}

fn without_adverbs<'a, 'b>(words: &'a [&'b str]) -> &'a [&'b str] {
    let at = words
        .iter()
        .position(|word| !ADVERBS.contains(word))
        .unwrap_or(words.len());
    words.get(at..).unwrap_or_default()
}

/// Who or what is talked of in the words before the verb.
fn subject(before: &[&str]) -> Subject {
    let end = before
        .iter()
        .rposition(|word| !ADVERBS.contains(word) || *word == "all");
    match end.and_then(|at| before.get(at)) {
        Some(&("you" | "yourself")) => return Subject::Caller,
        Some(&("it" | "that" | "this" | "everything" | "all")) => return Subject::Wish,
        _ => {}
    }
    before
        .iter()
        .enumerate()
        .rev()
        .find_map(|(at, word)| match *word {
            "slot" | "spot" => Some(Subject::Slot),
            "cancellation" => Some(Subject::Cancellation),
            // An oil change is work.
            "change" | "move" | "rescheduling" | "reschedule"
                if at.checked_sub(1).and_then(|at| before.get(at)) != Some(&"oil") =>
            {
                Some(Subject::Change)
            }
            word if APPOINTMENT.contains(&word) => Some(Subject::Appointment),
            word if MESSAGE.contains(&word) => Some(Subject::Message),
            _ => None,
        })
        .unwrap_or(Subject::Other)
}

/// The state that the words begin with.
fn state(rest: &[&str]) -> Option<State> {
    let rest = without_adverbs(rest);
    let second = rest.get(1).copied();
    let behind = rest.get(1..).unwrap_or_default();
    let to_time = matches!(second, Some("for" | "on" | "at")) && is_when(rest.get(2..).unwrap_or_default());
    match rest.first().copied()? {
        "set" if matches!(second, Some("for" | "on")) => Some(State::Fixed),
        "set"
            if second
                .is_none_or(|word| matches!(word, "at" | "then" | "up" | "with" | "to" | "in") || is_clock(word)) =>
        {
            Some(State::Set)
        }
        "locked" if second == Some("in") => Some(State::Fixed),
        "good" | "ready" if rest.get(1..3) == Some(&["to", "go"]) => Some(State::Ready),
        "good" if to_time => Some(State::Fixed),
        "on" | "with" if is_on_its_way(behind) => Some(State::PassedOn),
        "on" | "in" if is_calendar(behind) => Some(State::Written),
        "in" if second == Some("place") => Some(State::Complete),
        "off" if is_calendar(behind) => Some(State::Struck),
        "no" if second == Some("longer") && rest.iter().any(|word| CALENDAR.contains(word)) => Some(State::Struck),
        "in" | "down" if second.is_none_or(|word| word == "for" || is_clock(word)) || to_time => Some(State::Entered),
        "down" if matches!(second, Some("on" | "in")) && is_calendar(rest.get(2..).unwrap_or_default()) => {
            Some(State::Written)
        }
        "on" if second == Some("for") || second.is_some_and(is_clock) => Some(State::Entered),
        "out" if second.is_none_or(|word| word == "to") => Some(State::PassedOn),
        "gone" if second.is_none_or(|word| word == "from") => Some(State::Gone),
        "gone" => moved_on(behind),
        "yours" => Some(State::Yours),
        // "It is through the back door."
        "through" if second.is_some() => None,
        word if COMPLETE.contains(&word) => Some(State::Complete),
        _ => None,
    }
}

/// "Went through", "has gone out to the team".
fn moved_on(rest: &[&str]) -> Option<State> {
    match rest.first().copied()? {
        "through" | "in" => Some(State::Complete),
        "out" | "to" | "over" => Some(State::PassedOn),
        _ => None,
    }
}

/// "The team", "its way".
fn is_on_its_way(rest: &[&str]) -> bool {
    let with_team = rest.iter().take(3).any(|word| STAFF.contains(word));
    with_team || matches!(rest, ["its" | "the", "way", ..])
}

/// "The calendar", "our books".
fn is_calendar(rest: &[&str]) -> bool {
    let named = rest
        .iter()
        .take(3)
        .any(|word| CALENDAR.contains(word) || *word == "system");
    named && matches!(rest.first(), Some(&("the" | "our" | "my" | "their" | "his" | "her")))
}

/// "Nine", "the 5th", "Tuesday", "half past two", but no telephone number.
fn is_when(rest: &[&str]) -> bool {
    let at = usize::from(rest.first() == Some(&"the"));
    let digits = rest
        .get(at..at + 3)
        .is_some_and(|three| three.iter().all(|word| is_number_word(word) || is_figure(word)));
    !digits && rest.get(at).is_some_and(|word| is_clock(word))
}

fn is_clock(word: &str) -> bool {
    let named = matches!(
        word,
        "half" | "quarter" | "noon" | "midday" | "first" | "today" | "tonight" | "tomorrow"
    );
    let hour = word.bytes().take_while(u8::is_ascii_digit).count();
    matches!(hour, 1 | 2) || is_number_word(word) || named || WEEKDAYS.contains(&word)
}

/// What a subject in a state claims.
fn claim(subject: Subject, state: State, part: &[&str]) -> Option<Claim> {
    use State::{Complete, Entered, Fixed, Gone, PassedOn, Ready, Set, Struck, Written, Yours};
    if state == Complete && names_a_duration(part) {
        return None;
    }
    // Whoever has called before is in the system.
    let on_calendar = part.iter().any(|word| CALENDAR.contains(word));
    if matches!(subject, Subject::Caller | Subject::Other) && state == Written && !on_calendar {
        return None;
    }
    Some(match (subject, state) {
        (Subject::Appointment | Subject::Slot, Complete | Set | Fixed | Ready | Yours)
        | (Subject::Caller, Set | Fixed | Ready)
        | (Subject::Wish, Fixed | Yours)
        | (Subject::Other, Fixed) => Claim::Booked,
        (Subject::Other, Yours) if part.iter().any(|word| is_clock(word)) => Claim::Booked,
        (Subject::Caller | Subject::Appointment | Subject::Slot, Entered | Written)
        | (Subject::Wish | Subject::Other, Written) => Claim::Stands,
        (Subject::Appointment, Gone | Struck) | (Subject::Caller | Subject::Wish | Subject::Other, Struck) => {
            Claim::Cancelled
        }
        (Subject::Message, Complete | Set | Ready | Entered | Written | Gone | PassedOn)
        | (Subject::Wish, PassedOn) => Claim::Saved,
        (Subject::Cancellation, Complete | Set | Ready | Entered) => Claim::Cancelled,
        (Subject::Change, Complete | Set | Fixed | Ready | Entered) => Claim::Moved,
        (Subject::Wish, Complete | Set | Ready | Entered | Gone) => Claim::Something,
        _ => return None,
    })
}
