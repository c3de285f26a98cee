//! Claims without a participle of their own: an appointment that is talked of as one, and a deed that is told by its beginning. Pure, any
//! thread.

use super::lexicon::{CONDITIONS, DENIALS, OFFERS, PLANS};
use super::{Claim, is_figure, is_question, is_time};
use crate::english::{WEEKDAYS, is_number_word};

/// "I was able to book you in", "we managed to move it": a deed that is told by its beginning.
pub(super) fn managed(part: &[&str]) -> Option<Claim> {
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

/// "You have an appointment", "your appointment is at nine", "your confirmation number is", "we will see you on Tuesday at nine".
pub(super) fn stands(part: &[&str]) -> Option<Claim> {
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
        mine.contains(&window[0]) && window[1] == "is" && (is_time(window[2]) || is_figure(window[2]))
    });
    let is = is.is_some_and(|at| {
        let denied = part.get(at + 3).is_some_and(|word| DENIALS.contains(word));
        free(at) && !denied && part.get(..at).is_some_and(|before| before.contains(&"your"))
    });
    let number = part
        .windows(3)
        .position(|window| window[0] == "confirmation" && window[1] == "number" && window[2] == "is");
    let number = number.is_some_and(free);
    let sees = pair("see", &["you"])
        .or_else(|| pair("seeing", &["you"]))
        .or_else(|| pair("expect", &["you"]))
        .or_else(|| pair("expecting", &["you"]));
    let sees = sees.is_some_and(|at| {
        let offers = part
            .get(..at)
            .unwrap_or_default()
            .iter()
            .any(|word| OFFERS.contains(word));
        let when = |word: &&str| {
            is_figure(word) || is_number_word(word) || WEEKDAYS.contains(word) || matches!(*word, "then" | "tomorrow")
        };
        let dated = part.get(at..).unwrap_or_default().iter().any(when);
        free(at) && dated && !offers
    });
    (has || is || number || sees).then_some(Claim::Stands)
}
