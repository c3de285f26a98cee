//! The words by which a claim is known, and those that take it back. Pure data, any thread.

use super::Claim;

/// Participles that claim by themselves.
pub(super) const PLAIN: &[(&str, Claim)] = &[
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
    ("slotted", Claim::Booked),
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
pub(super) const WITH: &[(&str, &[&str], Claim)] = &[
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
    ("saved", &["spot", "slot", "place", "seat"], Claim::Booked),
    ("held", &["spot", "slot", "place", "seat"], Claim::Booked),
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

/// What may be made for a caller.
pub(super) const APPOINTMENT: &[&str] = &["appointment", "booking", "reservation", "slot", "spot", "visit"];
/// What may be moved.
pub(super) const MOVABLE: &[&str] = &[
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
/// What may be kept or passed on, and to whom.
pub(super) const KEPT: &[&str] = &[
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
/// Who may be told.
pub(super) const STAFF: &[&str] = &[
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
pub(super) const FINISHED: &[&str] = &[
    "done",
    "completed",
    "finished",
    "sorted",
    "processed",
    "finalized",
    "finalised",
    "handled",
    "settled",
];

/// Words that make what follows them in the same part of a sentence no claim: denial, condition, plan, wish.
pub(super) const DENIALS: &[&str] = &[
    "not", "never", "nothing", "no", "none", "cannot", "without", "nobody", "neither", "nor", "unable", "un", "hardly",
    "isnt", "almost", "nearly",
];
pub(super) const CONDITIONS: &[&str] = &[
    "if", "once", "when", "whenever", "until", "unless", "before", "after", "whether", "ensure", "assuming", "provided",
];
/// In front of "have", "be" or "get" they speak of what is to come.
pub(super) const PLANS: &[&str] = &[
    "will", "would", "could", "can", "may", "might", "shall", "must", "to", "gonna", "let", "lets", "want", "wants",
    "need", "needs", "like", "be", "get", "gets", "getting", "being", "going", "having", "please",
];
/// Words that open a question.
pub(super) const INTERROGATIVES: &[&str] = &[
    "is", "are", "was", "were", "has", "have", "had", "do", "does", "did", "would", "could", "can", "shall", "should",
    "may", "will", "what", "which", "who", "when", "where", "how", "why", "am",
];
/// Auxiliaries that make a participle a statement.
pub(super) const AUXILIARIES: &[&str] = &[
    "is", "are", "was", "were", "am", "have", "has", "had", "been", "got", "gotten",
];
/// Whoever does something.
pub(super) const DOERS: &[&str] = &[
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
pub(super) const OPENERS: &[&str] = &[
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
pub(super) const AFTER_BARE: &[&str] = &[
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
pub(super) const USUAL: &[&str] = &[
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
pub(super) const FULLY: &[&str] = &[
    "fully",
    "completely",
    "double",
    "already",
    "mostly",
    "heavily",
    "solidly",
];
/// Words of time that give an appointment a place, as days do.
pub(super) const WHEN: &[&str] = &[
    "on", "at", "for", "tomorrow", "today", "tonight", "this", "next", "now", "in", "set",
];

/// What a caller leaves for others.
pub(super) const MESSAGE: &[&str] = &["message", "messages", "note", "request", "details", "information"];
/// Where appointments are written down.
pub(super) const CALENDAR: &[&str] = &[
    "calendar",
    "calendars",
    "schedule",
    "diary",
    "book",
    "books",
    "agenda",
    "planner",
];
/// Words that stand between a verb and what it says, and change nothing.
pub(super) const ADVERBS: &[&str] = &[
    "now",
    "all",
    "just",
    "already",
    "officially",
    "successfully",
    "also",
    "both",
    "fully",
    "indeed",
    "currently",
    "definitely",
    "safely",
    "still",
];
/// Words that make what is said after "see you" an offer.
pub(super) const OFFERS: &[&str] = &["can", "could", "may", "might", "would", "like", "love", "happy", "able"];
