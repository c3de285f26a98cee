//! What a sentence of a model claims to be done, read from its words alone. Pure, any thread.
//!
//! A sentence claims something when it says that a deed happened or stands: "I have booked", "you are booked", "Booked!", "your appointment is
//! at nine". Questions, wishes, offers, plans, conditions and denials claim nothing: "Shall I get that booked?", "I will book it", "it is not
//! booked yet", "once it is booked". Where words can be read in both ways they count as a claim: a model can be asked again, a caller who
//! believes in an appointment that is none cannot.

mod parts;

use crate::english::WEEKDAYS;
use parts::parts;

/// What is claimed to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Claim {
    /// An appointment was made.
    Booked,
    /// An appointment stands, in words that may also tell of an old one.
    Stands,
    /// An appointment is at another time.
    Moved,
    /// An appointment is no more.
    Cancelled,
    /// Details or a message are kept or passed on.
    Saved,
    /// Something is done; the sentence does not say what.
    Something,
    /// A number to be given out that nobody has told.
    Number,
}

/// Participles that claim by themselves.
const PLAIN: &[(&str, Claim)] = &[
    ("booked", Claim::Booked),
    ("rebooked", Claim::Booked),
    ("prebooked", Claim::Booked),
    ("reserved", Claim::Booked),
    ("scheduled", Claim::Booked),
    ("confirmed", Claim::Booked),
    ("arranged", Claim::Booked),
    ("secured", Claim::Booked),
    ("penciled", Claim::Booked),
    ("pencilled", Claim::Booked),
    ("cancelled", Claim::Cancelled),
    ("canceled", Claim::Cancelled),
    ("rescheduled", Claim::Moved),
    ("moved", Claim::Moved),
    ("saved", Claim::Saved),
    ("forwarded", Claim::Saved),
    ("relayed", Claim::Saved),
    ("submitted", Claim::Saved),
];

/// Participles that claim where the sentence also has one of these words.
const WITH: &[(&str, &[&str], Claim)] = &[
    ("made", APPOINTMENT, Claim::Booked),
    ("placed", APPOINTMENT, Claim::Booked),
    ("created", APPOINTMENT, Claim::Booked),
    ("registered", APPOINTMENT, Claim::Booked),
    ("entered", APPOINTMENT, Claim::Booked),
    (
        "added",
        &[
            "appointment",
            "booking",
            "reservation",
            "calendar",
            "schedule",
            "diary",
            "you",
        ],
        Claim::Booked,
    ),
    ("put", &["calendar", "schedule", "diary", "down", "in"], Claim::Booked),
    ("set", &["up", "all", "appointment"], Claim::Booked),
    ("got", &["down", "booked", "calendar", "schedule"], Claim::Booked),
    ("called", &["off"], Claim::Cancelled),
    (
        "removed",
        &["appointment", "booking", "reservation", "it", "that", "calendar"],
        Claim::Cancelled,
    ),
    (
        "deleted",
        &["appointment", "booking", "reservation", "it", "that", "calendar"],
        Claim::Cancelled,
    ),
    ("taken", &["off"], Claim::Cancelled),
    ("changed", MOVABLE, Claim::Moved),
    ("switched", MOVABLE, Claim::Moved),
    ("shifted", MOVABLE, Claim::Moved),
    ("updated", MOVABLE, Claim::Moved),
    ("pushed", MOVABLE, Claim::Moved),
    ("adjusted", MOVABLE, Claim::Moved),
    ("taken", KEPT, Claim::Saved),
    ("took", KEPT, Claim::Saved),
    ("left", KEPT, Claim::Saved),
    ("noted", KEPT, Claim::Saved),
    ("written", KEPT, Claim::Saved),
    ("recorded", KEPT, Claim::Saved),
    ("logged", KEPT, Claim::Saved),
    ("stored", KEPT, Claim::Saved),
    ("passed", KEPT, Claim::Saved),
    ("sent", KEPT, Claim::Saved),
    ("delivered", KEPT, Claim::Saved),
    ("told", STAFF, Claim::Saved),
    ("informed", STAFF, Claim::Saved),
    ("notified", STAFF, Claim::Saved),
    ("alerted", STAFF, Claim::Saved),
    ("let", STAFF, Claim::Saved),
];

const APPOINTMENT: &[&str] = &["appointment", "booking", "reservation", "slot", "visit"];
const MOVABLE: &[&str] = &[
    "appointment",
    "booking",
    "reservation",
    "slot",
    "visit",
    "it",
    "that",
    "you",
    "yours",
];
const KEPT: &[&str] = &[
    "message",
    "messages",
    "note",
    "details",
    "request",
    "email",
    "mail",
    "text",
    "information",
    "team",
    "colleague",
    "colleagues",
    "office",
    "manager",
    "callback",
    "on",
    "along",
];
const STAFF: &[&str] = &[
    "team",
    "colleague",
    "colleagues",
    "office",
    "manager",
    "staff",
    "mechanic",
    "technician",
    "doctor",
    "them",
];

/// Participles that say that something is done, of whatever kind.
const FINISHED: &[&str] = &[
    "done",
    "completed",
    "finished",
    "sorted",
    "processed",
    "finalized",
    "finalised",
];

/// Words that make what follows them in the same part of a sentence no claim: denial, condition, plan, wish.
const DENIALS: &[&str] = &[
    "not", "never", "nothing", "no", "none", "cannot", "without", "nobody", "neither", "nor", "unable", "un", "hardly",
    "isnt",
];
const CONDITIONS: &[&str] = &[
    "if", "once", "when", "whenever", "until", "unless", "before", "after", "whether", "ensure", "assuming", "provided",
];
/// In front of "have", "be" or "get" they speak of what is to come.
const PLANS: &[&str] = &[
    "will", "would", "could", "can", "may", "might", "shall", "must", "to", "gonna", "let", "lets", "want", "wants",
    "need", "needs", "like", "be", "get", "gets", "getting", "being", "going", "having", "please",
];
/// Words that open a question.
const INTERROGATIVES: &[&str] = &[
    "is", "are", "was", "were", "has", "have", "had", "do", "does", "did", "would", "could", "can", "shall", "should",
    "may", "will", "what", "which", "who", "when", "where", "how", "why", "am",
];
/// Auxiliaries that make a participle a statement.
const AUXILIARIES: &[&str] = &[
    "is", "are", "was", "were", "am", "have", "has", "had", "been", "got", "gotten",
];
/// Whoever does something.
const DOERS: &[&str] = &[
    "i",
    "we",
    "just",
    "already",
    "now",
    "also",
    "team",
    "colleague",
    "system",
    "successfully",
];
/// Interjections in front of a bare participle.
const OPENERS: &[&str] = &[
    "great",
    "perfect",
    "okay",
    "ok",
    "alright",
    "all",
    "right",
    "wonderful",
    "good",
    "yes",
    "sure",
    "thanks",
    "thank",
    "you",
    "excellent",
    "fantastic",
    "lovely",
    "super",
    "and",
    "so",
    "then",
    "there",
    "now",
    "successfully",
    "officially",
    "news",
    "appointment",
    "booking",
    "reservation",
    "message",
    "request",
    "cancellation",
    "details",
    "everything",
    "that",
    "well",
];
/// What may follow a bare participle: "Booked for nine", but "Scheduled maintenance".
const AFTER_BARE: &[&str] = &[
    "for",
    "on",
    "at",
    "in",
    "you",
    "and",
    "as",
    "to",
    "with",
    "under",
    "successfully",
    "it",
    "that",
    "your",
];
/// Words that tell of what is usual, not of this caller: "it is usually done in an hour".
const USUAL: &[&str] = &[
    "usually",
    "normally",
    "typically",
    "generally",
    "often",
    "always",
    "sometimes",
    "mostly",
];
/// Of days and times of the company: "we are fully booked on Tuesday".
const FULLY: &[&str] = &[
    "fully",
    "completely",
    "double",
    "already",
    "mostly",
    "heavily",
    "solidly",
];
/// Words of time that give an appointment a place, as days do.
const WHEN: &[&str] = &[
    "on", "at", "for", "tomorrow", "today", "tonight", "this", "next", "now", "in", "set",
];

fn is_time(word: &str) -> bool {
    WHEN.contains(&word) || WEEKDAYS.contains(&word)
}

/// Everything that a sentence claims; empty for most.
pub(crate) fn claims(sentence: &str) -> Vec<Claim> {
    let mut found = Vec::new();
    let parts = parts(sentence);
    let whole: Vec<&str> = parts.iter().flatten().map(String::as_str).collect();
    for part in &parts {
        let part: Vec<&str> = part.iter().map(String::as_str).collect();
        for (at, word) in part.iter().enumerate() {
            found.extend(participle(word, &part, &whole).filter(|claim| is_stated(&part, at, *claim)));
        }
        found.extend(stands(&part));
        found.extend(managed(&part));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// True for words that a claim could begin with: such a clause waits for the rest of its sentence.
pub(crate) fn may_claim(clause: &str) -> bool {
    parts(clause).iter().flatten().any(|word| {
        let word = word.as_str();
        PLAIN.iter().any(|(known, _)| *known == word)
            || WITH.iter().any(|(known, ..)| *known == word)
            || FINISHED.contains(&word)
            || APPOINTMENT.contains(&word)
            || matches!(
                word,
                "able"
                    | "managed"
                    | "confirmation"
                    | "message"
                    | "details"
                    | "calendar"
                    | "cancellation"
                    | "see"
                    | "seeing"
                    | "expect"
            )
            || ["book", "schedul", "cancel", "reserv"]
                .iter()
                .any(|stem| word.starts_with(stem))
    })
}

/// What the word claims, if it is a participle of a deed.
fn participle(word: &str, part: &[&str], whole: &[&str]) -> Option<Claim> {
    if let Some((_, claim)) = PLAIN.iter().find(|(known, _)| *known == word) {
        return Some(*claim);
    }
    let of_part = WITH.iter().filter(|(known, ..)| *known == word);
    let beside = of_part
        .filter(|(_, with, _)| part.iter().any(|other| with.contains(other)))
        .map(|(.., claim)| *claim)
        .next();
    let care = word == "care" && part.ends_with(&["taken", "care", "of"]);
    let finished = (FINISHED.contains(&word) || care) && !whole.iter().any(|other| USUAL.contains(other));
    beside.or(finished.then_some(Claim::Something))
}

/// "I was able to book you in", "we managed to move it": a deed that is told by its beginning.
fn managed(part: &[&str]) -> Option<Claim> {
    let at = part
        .windows(2)
        .position(|window| window == ["able", "to"] || window == ["managed", "to"])?;
    let before = part.get(..at)?;
    let to_come = |word: &&str| PLANS.contains(word) || DENIALS.contains(word) || CONDITIONS.contains(word);
    if is_question(part) || before.iter().any(to_come) {
        return None;
    }
    let deeds = [
        ("book", Claim::Booked),
        ("reserve", Claim::Booked),
        ("schedule", Claim::Booked),
        ("get", Claim::Booked),
        ("fit", Claim::Booked),
        ("squeeze", Claim::Booked),
        ("cancel", Claim::Cancelled),
        ("move", Claim::Moved),
        ("reschedule", Claim::Moved),
        ("save", Claim::Saved),
        ("pass", Claim::Saved),
    ];
    let verb = part.get(at + 2)?;
    deeds.iter().find(|(deed, _)| deed == verb).map(|(_, claim)| *claim)
}

/// Whether the part says that the participle at `at` is so.
fn is_stated(part: &[&str], at: usize, claim: Claim) -> bool {
    let before = part.get(..at).unwrap_or_default();
    let after = part.get(at + 1).copied();
    if before
        .iter()
        .any(|word| DENIALS.contains(word) || CONDITIONS.contains(word))
        || is_question(part)
    {
        return false;
    }
    if claim == Claim::Booked
        && after.is_some_and(|word| matches!(word, "up" | "out" | "solid"))
        && !part.contains(&"set")
    {
        return false;
    }
    let of_somebody = before.iter().any(|word| matches!(*word, "you" | "your" | "it" | "i"));
    if before.last().is_some_and(|word| FULLY.contains(word)) && !of_somebody {
        return false;
    }
    if claim == Claim::Something && (before.is_empty() || !is_about_the_wish(before, part)) {
        return before.iter().all(|word| OPENERS.contains(word)) && part.len() == at + 1;
    }
    if before.first() == Some(&"consider") {
        return true;
    }
    if let Some(auxiliary) = before.iter().rposition(|word| AUXILIARIES.contains(word)) {
        let planned = part.get(..auxiliary).unwrap_or_default().last();
        let between = part.get(auxiliary + 1..at).unwrap_or_default();
        let to_come = between.iter().any(|word| PLANS.contains(word));
        return !to_come && !planned.is_some_and(|word| PLANS.contains(word));
    }
    let bare = before.iter().all(|word| OPENERS.contains(word));
    if bare {
        return after.is_none_or(|word| {
            AFTER_BARE.contains(&word) || word.starts_with(|sign: char| sign.is_ascii_digit()) || is_time(word)
        });
    }
    let planned = before.iter().any(|word| PLANS.contains(word));
    // "I went ahead and booked it."
    let went_on = before.last() == Some(&"and") && before.iter().any(|word| matches!(*word, "i" | "we"));
    let did = went_on || before.last().is_some_and(|word| DOERS.contains(word));
    did && !planned
}

/// "It is done", "that is all done", "I have done that", but not "the oil change is done in half an hour".
fn is_about_the_wish(before: &[&str], part: &[&str]) -> bool {
    let subject = before.iter().any(|word| {
        matches!(
            *word,
            "it" | "that" | "this" | "everything" | "all" | "i" | "we" | "you" | "consider"
        )
    });
    let duration = part.iter().zip(part.iter().skip(1)).any(|(word, next)| {
        matches!(*word, "in" | "within")
            && (matches!(*next, "about" | "under" | "less" | "a" | "an" | "half" | "one" | "two")
                || next.starts_with(|sign: char| sign.is_ascii_digit()))
    });
    subject && !duration
}

/// True for words in the order of a question: "is it", "have you", but not "has been", which goes on after an insertion.
fn is_question(part: &[&str]) -> bool {
    let asks = part.first().is_some_and(|word| INTERROGATIVES.contains(word));
    let goes_on = part.get(1).is_some_and(|word| {
        matches!(
            *word,
            "been" | "now" | "already" | "all" | "just" | "successfully" | "officially"
        ) || PLAIN.iter().any(|(known, _)| known == word)
            || FINISHED.contains(word)
    });
    asks && !goes_on
}

/// "You have an appointment", "your appointment is at nine", "your confirmation number is", "we will see you on Tuesday at nine".
fn stands(part: &[&str]) -> Option<Claim> {
    let pair = |first: &str, second: &[&str]| {
        part.iter()
            .zip(part.iter().skip(1))
            .position(|(word, next)| *word == first && second.contains(next))
    };
    let free = |until: usize| {
        let before = part.get(..until).unwrap_or_default();
        !is_question(part)
            && !before.iter().any(|word| {
                DENIALS.contains(word) || CONDITIONS.contains(word) || matches!(*word, "do" | "did" | "who" | "that")
            })
    };
    let mine = ["appointment", "booking", "reservation"];
    let has = ["you have", "you now have", "you already have", "you have got"]
        .iter()
        .any(|form| {
            let form: Vec<&str> = form.split(' ').collect();
            let at = part.windows(form.len()).position(|window| window == form.as_slice());
            at.is_some_and(|at| {
                let behind = part.get(at + form.len()..).unwrap_or_default();
                let soon = behind.iter().take(5).any(|word| mine.contains(word));
                free(at) && soon && !behind.iter().take(5).any(|word| DENIALS.contains(word))
            })
        });
    let is = part.windows(3).position(|window| {
        mine.contains(&window[0])
            && window[1] == "is"
            && (is_time(window[2]) || window[2].starts_with(|sign: char| sign.is_ascii_digit()))
    });
    let is = is.is_some_and(|at| free(at) && part.get(..at).is_some_and(|before| before.contains(&"your")));
    let number = part
        .windows(3)
        .position(|window| window[0] == "confirmation" && window[1] == "number" && window[2] == "is");
    let number = number.is_some_and(free);
    let sees = pair("see", &["you"])
        .or_else(|| pair("seeing", &["you"]))
        .or_else(|| pair("expect", &["you"]));
    let sees = sees.is_some_and(|at| {
        let clock = part
            .iter()
            .any(|word| word.starts_with(|sign: char| sign.is_ascii_digit()));
        free(at) && (clock || part.contains(&"then"))
    });
    (has || is || number || sees).then_some(Claim::Stands)
}

#[cfg(test)]
mod tests;
