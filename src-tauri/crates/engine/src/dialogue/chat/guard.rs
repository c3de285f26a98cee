//! What a sentence of a model claims to be done, read from its words alone. Pure, any thread.
//!
//! A sentence claims something when it says that a deed happened or stands: "I have booked", "you are booked", "Booked!", "your appointment is
//! at nine". Questions, wishes, offers, plans, conditions and denials claim nothing: "Shall I get that booked?", "I will book it", "it is not
//! booked yet", "once it is booked". Where words can be read in both ways they count as a claim: a model can be asked again, a caller who
//! believes in an appointment that is none cannot.
//!
//! - `parts`: a sentence cut into its thoughts · `lexicon`: the words by which claims are known
//! - here: claims by a participle, "it is booked" · `states`: claims by a state, "your booking is complete", "you're down for nine"
//! - `standing`: claims by an appointment that is talked of as one, and by a deed that is told by its beginning

mod lexicon;
mod parts;
mod standing;
mod states;

use crate::english::WEEKDAYS;
use lexicon::{
    AFTER_BARE, APPOINTMENT, AUXILIARIES, CALENDAR, CONDITIONS, DENIALS, DOERS, FINISHED, FULLY, INTERROGATIVES,
    MESSAGE, OPENERS, PLAIN, PLANS, USUAL, WHEN, WITH,
};
use parts::{Part, parts};

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

fn is_time(word: &str) -> bool {
    WHEN.contains(&word) || WEEKDAYS.contains(&word)
}

/// A number in figures, or a time of day.
fn is_figure(word: &str) -> bool {
    word.starts_with(|sign: char| sign.is_ascii_digit())
}

/// Everything that a sentence claims; empty for most.
pub(crate) fn claims(sentence: &str) -> Vec<Claim> {
    let parts = parts(sentence);
    let mut found: Vec<Claim> = (0..parts.len()).flat_map(|at| claims_at(at, &parts)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// What a sentence says beside its claims about the same thing, in lower case: the thoughts that claim, and those without a verb of their
/// own, such as "Tuesday the first". "On Sunday we are closed" is about something else.
pub(crate) fn matter(sentence: &str) -> String {
    let parts = parts(sentence);
    let words: Vec<Vec<&str>> = parts.iter().map(Part::words).collect();
    let belongs = |at: usize, words: &[&str]| !claims_at(at, &parts).is_empty() || is_without_verb(words);
    let kept = words.iter().enumerate().filter(|(at, words)| belongs(*at, words));
    kept.map(|(_, words)| words.join(" ")).collect::<Vec<_>>().join(", ")
}

fn claims_at(at: usize, all: &[Part]) -> Vec<Claim> {
    let Some(part) = all.get(at) else { return Vec::new() };
    let words = part.words();
    let is_usual = all
        .iter()
        .any(|part| part.words().iter().any(|word| USUAL.contains(word)));
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let claim = participle(word, &words, is_usual).filter(|claim| is_stated(&words, at, *claim));
        // "Once you agree, it is booked": not yet.
        found.extend(claim.filter(|_| !(part.is_conditional && is_present(&words, at))));
    }
    found.extend(standing::stands(&words));
    found.extend(standing::managed(&words));
    found.extend(states::has_the_caller(&words));
    found.extend(states::has_a_message(&words));
    if !part.is_conditional {
        found.extend(states::is_so(&words, is_usual));
        found.extend(states::is_so(&with_its_subject(at, all), is_usual));
    }
    found
}

/// "Your booking, Dana, is complete": the thought that goes on after an insertion, with what stood before it. Empty for all others.
fn with_its_subject(at: usize, all: &[Part]) -> Vec<&str> {
    let (before, rest) = all.split_at_checked(at).unwrap_or_default();
    let words = rest.first().map(Part::words).unwrap_or_default();
    let goes_on = matches!(words.first(), Some(&("is" | "are" | "was" | "were" | "has" | "went")));
    if !goes_on {
        return Vec::new();
    }
    let subject = before.iter().map(Part::words).filter(|words| is_without_verb(words));
    subject.flatten().chain(words).collect()
}

/// Verbs that make a thought of their own, beside auxiliaries and whoever does something.
const OTHER_VERBS: &[&str] = &[
    "open", "opens", "opening", "close", "closes", "closed", "closing", "call", "come", "arrive", "bring", "drop",
    "pick", "stop",
];

fn is_without_verb(part: &[&str]) -> bool {
    let is_verb = |word: &&str| -> bool {
        AUXILIARIES.contains(word)
            || (PLANS.contains(word) && *word != "to")
            || OTHER_VERBS.contains(word)
            || matches!(*word, "i" | "we" | "you" | "it" | "they" | "do" | "does" | "did")
    };
    !part.iter().any(is_verb)
}

/// Whether the participle at `at` is told by "is" or "are", which also tells of what is to come.
fn is_present(part: &[&str], at: usize) -> bool {
    let auxiliary = part
        .get(..at)
        .unwrap_or_default()
        .iter()
        .rfind(|word| AUXILIARIES.contains(word));
    auxiliary.is_some_and(|word| matches!(*word, "is" | "are"))
}

/// True for words that a claim could begin with: such a clause waits for the rest of its sentence.
pub(crate) fn may_claim(clause: &str) -> bool {
    parts(clause).iter().any(|part| {
        let words = part.words();
        words.iter().any(|word| may_be_of_a_claim(word)) || states::may_begin(&words)
    })
}

fn may_be_of_a_claim(word: &str) -> bool {
    PLAIN.iter().any(|(known, _)| *known == word)
        || WITH.iter().any(|(known, ..)| *known == word)
        || FINISHED.contains(&word)
        || APPOINTMENT.contains(&word)
        || MESSAGE.contains(&word)
        || CALENDAR.contains(&word)
        || states::COMPLETE.contains(&word)
        || matches!(
            word,
            "able" | "managed" | "confirmation" | "see" | "seeing" | "expect" | "expecting" | "went" | "came" | "gone"
        )
        || ["book", "schedul", "cancel", "reserv"]
            .iter()
            .any(|stem| word.starts_with(stem))
}

/// What the word claims, if it is a participle of a deed.
fn participle(word: &str, part: &[&str], is_usual: bool) -> Option<Claim> {
    let plain = match PLAIN.iter().find(|(known, _)| *known == word) {
        Some(("confirmed", _)) if part.contains(&"cancellation") => Some(Claim::Cancelled),
        known => known.map(|(_, claim)| *claim),
    };
    let of_part = WITH.iter().filter(|(known, ..)| *known == word);
    let beside = of_part
        .filter(|(_, with, _)| part.iter().any(|other| with.contains(other)))
        .map(|(.., claim)| *claim)
        .next();
    let care = word == "care" && part.windows(3).any(|window| window == ["taken", "care", "of"]);
    let finished = (FINISHED.contains(&word) || care) && !is_usual;
    // "I have saved you a spot" is more than a note.
    beside.or(plain).or(finished.then_some(Claim::Something))
}

/// Whether the part says that the participle at `at` is so.
fn is_stated(part: &[&str], at: usize, claim: Claim) -> bool {
    let before = part.get(..at).unwrap_or_default();
    let after = part.get(at + 1).copied();
    // "On the left", "the booked slot" say of nothing that it is so.
    if !is_free(before) || is_question(part) || before.last() == Some(&"the") {
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
        return after.is_none_or(|word| AFTER_BARE.contains(&word) || is_figure(word) || is_time(word));
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
            "it" | "that" | "this" | "everything" | "all" | "i" | "we" | "you" | "consider" | "cancellation"
        ) || APPOINTMENT.contains(word)
            || MESSAGE.contains(word)
    });
    subject && !names_a_duration(part)
}

/// True for words of which nothing takes back what follows them: no denial, no condition, no "to make sure that".
fn is_free(before: &[&str]) -> bool {
    let to_come = |pair: &[&str]| matches!(pair, ["make" | "making" | "be", "sure"] | ["soon", "as"]);
    !before
        .iter()
        .any(|word| DENIALS.contains(word) || CONDITIONS.contains(word))
        && !before.windows(2).any(to_come)
}

/// "In half an hour", "within two days".
fn names_a_duration(part: &[&str]) -> bool {
    part.iter().zip(part.iter().skip(1)).any(|(word, next)| {
        matches!(*word, "in" | "within")
            && (matches!(*next, "about" | "under" | "less" | "a" | "an" | "half" | "one" | "two") || is_figure(next))
    })
}

/// True for words in the order of a question: "is it", "have you", but not "has been", which goes on after an insertion.
fn is_question(part: &[&str]) -> bool {
    // "And is it", "so shall I": a link in front of a question changes nothing.
    let links = matches!(part.first(), Some(&("and" | "so" | "then" | "okay" | "now")));
    let turned = part.get(1).is_some_and(|word| INTERROGATIVES.contains(word))
        && part.get(2).is_some_and(|word| {
            matches!(
                *word,
                "i" | "you" | "we" | "it" | "that" | "this" | "they" | "your" | "the" | "everything"
            )
        });
    if links && turned {
        return true;
    }
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

#[cfg(test)]
mod tests;
