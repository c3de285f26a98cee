//! The words by which callers ask to move or to cancel an appointment that they have. Pure, any thread.

use super::Errand;
use super::heard::{holds_any, says};
use crate::dialogue::words::Word;

/// How many words may stand within a verb that comes in two: "cross our next appointment off".
const WITHIN: usize = 5;

/// The errand that the words name; none where they only ask how it is done.
pub(super) fn errand_word(beside: &[Word]) -> Option<Errand> {
    let noun = says(beside, &NOUNS) || holds_any(beside, &BOOKED);
    let number = says(beside, &["confirmation", "code", "number"]);
    let asks_to = holds_any(beside, &WANTS_CANCELLED);
    // "How do I cancel?" asks, "you can cancel us" tells.
    let asks_how = says(beside, &["how", "what", "do", "does", "is", "when"])
        || holds_any(beside, &[&["can", "i"], &["could", "i"]]);
    let object = noun || number || asks_to || !asks_how || says(beside, &["it", "mine", "that"]) || beside.len() <= 5;
    if object && says(beside, &["cancel", "canceling", "cancelling", "canceled", "cancelled"]) {
        return Some(Errand::Cancel);
    }
    if says(
        beside,
        &["reschedule", "rescheduling", "rescheduled", "postpone", "postponing"],
    ) {
        return Some(Errand::Move);
    }
    if moves(beside, noun, number) {
        return Some(Errand::Move);
    }
    (drops(beside, noun) || holds_any(beside, &CANNOT_COME)).then_some(Errand::Cancel)
}

fn moves(beside: &[Word], noun: bool, number: bool) -> bool {
    // "I want to make an appointment to change the battery."
    let is_new = holds_any(beside, &NEW) && !says(beside, &["my", "our", "already", "have"]);
    let verb = says(beside, &MOVES) && !is_new;
    let asks_to_come = [
        &["could", "we"][..],
        &["can", "we"],
        &["can", "i"],
        &["could", "i"],
        &["i", "can"],
        &["come"],
    ];
    let instead = says(beside, &["instead"]) && holds_any(beside, &asks_to_come);
    let of_mine = noun || number || says(beside, &["my", "mine", "our"]) || holds_any(beside, &EXPECTED);
    let other_time = holds_any(beside, &OTHER_TIME);
    let has_one = noun && (holds_any(beside, &HAVE) || says(beside, &["my", "our", "the"])) && !is_new;
    instead
        || verb && of_mine
        || holds_any(beside, &MOVES_ME)
        || noun && (apart(beside, &["put", "putting"], &["off", "back"]) || apart(beside, &BRINGS, &["forward", "up"]))
        || (holds_any(beside, &CANNOT_COME) || noun && holds_any(beside, &HAVE)) && other_time
        || has_one && holds_any(beside, &ANOTHER_TIME)
}

fn drops(beside: &[Word], noun: bool) -> bool {
    let of_list = says(beside, &["schedule", "calendar", "list", "books", "it", "that", "mine"]);
    let off = apart(
        beside,
        &["call", "cross", "take", "strike", "scratch"],
        &["off", "from"],
    );
    (holds_any(beside, &DROPS) || off) && (noun || of_list)
        || noun && (says(beside, &["forget", "skip", "drop", "scratch", "strike"]) || holds_any(beside, &NO_USE))
}

/// One of the verbs with one of its particles a few words behind it.
fn apart(said: &[Word], verbs: &[&str], particles: &[&str]) -> bool {
    said.iter().enumerate().any(|(at, word)| {
        let behind = said.iter().skip(at + 1).take(WITHIN);
        verbs.contains(&word.text.as_str()) && behind.into_iter().any(|word| particles.contains(&word.text.as_str()))
    })
}

/// What is moved or cancelled.
const NOUNS: [&str; 6] = [
    "appointment",
    "appointments",
    "booking",
    "bookings",
    "reservation",
    "reservations",
];

/// The same, told by how it came about.
const BOOKED: [&[&str]; 6] = [
    &["i", "booked"],
    &["we", "booked"],
    &["i", "scheduled"],
    &["my", "slot"],
    &["our", "slot"],
    &["my", "spot"],
];

/// Verbs of another time.
const MOVES: [&str; 18] = [
    "move",
    "moving",
    "moved",
    "change",
    "changed",
    "changing",
    "shift",
    "shifted",
    "push",
    "pushed",
    "switch",
    "switched",
    "swap",
    "bump",
    "rebook",
    "delay",
    "transfer",
    "transferred",
];

/// Verbs of an earlier time.
const BRINGS: [&str; 3] = ["bring", "brought", "bringing"];

/// The caller is moved in place of the appointment.
const MOVES_ME: [&[&str]; 6] = [
    &["move", "me"],
    &["move", "us"],
    &["switch", "me"],
    &["shift", "me"],
    &["bump", "me"],
    &["push", "me"],
];

/// The appointment is told as what the caller was going to do.
const EXPECTED: [&[&str]; 4] = [
    &["supposed", "to"],
    &["scheduled", "for"],
    &["booked", "for"],
    &["down", "for"],
];

/// A new appointment.
const NEW: [&[&str]; 10] = [
    &["make", "appointment"],
    &["make", "an", "appointment"],
    &["need", "an", "appointment"],
    &["want", "an", "appointment"],
    &["like", "an", "appointment"],
    &["get", "an", "appointment"],
    &["book", "an", "appointment"],
    &["schedule", "an", "appointment"],
    &["set", "up", "an", "appointment"],
    &["new", "appointment"],
];

/// Another time, whatever is said of the one that somebody has.
const ANOTHER_TIME: [&[&str]; 12] = [
    &["another", "day"],
    &["another", "date"],
    &["another", "time"],
    &["another", "hour"],
    &["different", "day"],
    &["different", "date"],
    &["different", "time"],
    &["different", "hour"],
    &["other", "day"],
    &["other", "date"],
    &["other", "time"],
    &["other", "hour"],
];

/// There is no use for it.
const NO_USE: [&[&str]; 9] = [
    &["no", "longer", "needed"],
    &["not", "needed"],
    &["not", "necessary"],
    &["not", "required"],
    &["no", "more", "use"],
    &["no", "use"],
    &["no", "more", "need"],
    &["no", "need"],
    &["not", "need"],
];

/// An appointment that somebody has.
const HAVE: [&[&str]; 6] = [
    &["i", "have"],
    &["have", "an"],
    &["got", "an"],
    &["i", "had"],
    &["my", "appointment"],
    &["i", "booked"],
];

/// What shows that somebody does not come to an appointment.
const CANNOT_COME: [&[&str]; 15] = [
    &["not", "make", "it"],
    &["not", "gonna", "make"],
    &["not", "going", "to", "make"],
    &["not", "able", "to", "make"],
    &["unable", "to", "make"],
    &["not", "be", "able", "to", "come"],
    &["not", "be", "able", "to", "make"],
    &["not", "able", "to", "come"],
    &["something", "came", "up"],
    &["something", "has", "come", "up"],
    &["can", "not", "come"],
    &["can", "not", "be", "there"],
    &["will", "not", "be", "there"],
    &["will", "not", "be", "coming"],
    &["am", "not", "coming"],
];

/// What shows that somebody wants to come at another time.
const OTHER_TIME: [&[&str]; 13] = [
    &["instead"],
    &["another", "day"],
    &["another", "time"],
    &["different", "day"],
    &["different", "time"],
    &["other", "day"],
    &["later", "date"],
    &["could", "we", "do"],
    &["can", "we", "do"],
    &["could", "i", "come"],
    &["can", "i", "come"],
    &["earlier"],
    &["later"],
];

/// What shows that an appointment is not needed.
const DROPS: [&[&str]; 12] = [
    &["call", "off"],
    &["take", "me", "off"],
    &["take", "my", "name", "off"],
    &["remove"],
    &["delete"],
    &["get", "rid", "of"],
    &["not", "need"],
    &["no", "longer", "need"],
    &["not", "want"],
    &["scrap"],
    &["cross", "me", "off"],
    &["not", "be", "needing"],
];

/// A wish to cancel, whatever it is called that is cancelled.
const WANTS_CANCELLED: [&[&str]; 8] = [
    &["need", "to", "cancel"],
    &["want", "to", "cancel"],
    &["like", "to", "cancel"],
    &["have", "to", "cancel"],
    &["got", "to", "cancel"],
    &["cancel", "my"],
    &["please", "cancel"],
    &["you", "cancel"],
];
