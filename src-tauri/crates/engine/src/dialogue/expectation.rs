//! What kind of answer is waited for, and whether what was said so far is one: who is asked for a phone number and has told six digits
//! goes on after a breath, and "yes please" is over.
//!
//! Pure, any thread, well under 1 ms. Says nothing about milliseconds: how long the ear waits is the server's.

use super::caller::{consent, digits_in};
use super::spoken_numbers::{FEWEST_PHONE_DIGITS, digit_runs};
use super::words::{Word, words};

/// Digits of most telephone numbers with their area code; somebody who has told fewer may only draw breath.
const USUAL_PHONE_DIGITS: usize = 10;

/// Most words of a plain yes or no.
const MOST_WORDS_OF_CONSENT: usize = 4;

/// What kind of answer the dialogue waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expectation {
    /// Anything.
    #[default]
    Anything,
    /// Yes or no.
    YesOrNo,
    /// Yes, or what is wrong with what was read back: after "no" more follows.
    Approval,
    /// Digits, which people tell in groups with pauses between them.
    Digits {
        /// Digits that were told before.
        told: usize,
        /// With fewer the number is not complete.
        fewest: usize,
        /// With so many it is complete; between the two it may be.
        usual: usize,
    },
    /// A name, which may be spelled.
    Name,
    /// Where somebody lives: a number, a street, a town.
    Address,
}

/// How far an answer got, by its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// It is all that was asked for.
    Complete,
    /// Its words do not tell.
    Open,
    /// More may follow: a letter of a name that is spelled, a number that could have an area code.
    Pausing,
    /// More must follow.
    Unfinished,
}

impl Expectation {
    /// A telephone number of which `told` digits are known.
    pub(crate) fn phone(told: usize) -> Self {
        Self::Digits {
            told,
            fewest: FEWEST_PHONE_DIGITS,
            usual: USUAL_PHONE_DIGITS,
        }
    }

    /// What a question waits for, by its words: for a dialogue that does not tell itself.
    #[must_use]
    pub fn of_question(text: &str) -> Self {
        let said = words(text);
        let last = said.iter().rposition(|word| word.asks);
        let Some(end) = last.filter(|at| at + 1 == said.len()) else {
            return Self::Anything;
        };
        let start = said[..end]
            .iter()
            .rposition(|word| word.ends_sentence)
            .map_or(0, |at| at + 1);
        let question = &said[start..=end];
        let has = |wanted: &[&str]| question.iter().any(|word| wanted.contains(&word.text.as_str()));
        let opens = |wanted: &[&str]| {
            question
                .first()
                .is_some_and(|word| wanted.contains(&word.text.as_str()))
        };
        if has(&["address"]) && !has(&["email", "mail"]) {
            Self::Address
        } else if has(&["number", "phone", "telephone"]) && !has(&["right", "correct"]) {
            Self::phone(0)
        } else if has(&["name", "spell"]) && !has(&["right", "correct"]) {
            Self::Name
        } else if has(&["right", "correct"]) || opens(&["shall"]) {
            Self::Approval
        } else if (opens(&["would", "do", "does", "is", "are"]) || has(&["suit", "work"])) && !has(&["or", "else"]) {
            Self::YesOrNo
        } else {
            Self::Anything
        }
    }

    /// How far the words got as an answer to this.
    #[must_use]
    pub fn completeness(self, text: &str) -> Completeness {
        let said = words(text);
        let Some(last) = said.last() else {
            return Completeness::Open;
        };
        if last.asks {
            return Completeness::Open;
        }
        let by_kind = match self {
            Self::Anything => Completeness::Open,
            Self::YesOrNo => plain_consent(&said).map_or(Completeness::Open, |_| Completeness::Complete),
            Self::Approval => match plain_consent(&said) {
                Some(true) => Completeness::Complete,
                _ => Completeness::Open,
            },
            Self::Digits { told, fewest, usual } => number(&said, told, fewest, usual),
            Self::Name => match ends_spelled(&said) {
                true => Completeness::Pausing,
                false => Completeness::Open,
            },
            Self::Address => Completeness::Pausing,
        };
        match by_kind {
            Completeness::Complete | Completeness::Unfinished => by_kind,
            _ if breaks_off(&said) || breaks_off_in_a_number(&said, self) => Completeness::Unfinished,
            Completeness::Open if spells(&said) => Completeness::Pausing,
            _ => by_kind,
        }
    }
}

/// A yes or no with nothing beside it but courtesies.
fn plain_consent(said: &[Word]) -> Option<bool> {
    consent(said).filter(|_| said.len() <= MOST_WORDS_OF_CONSENT && digits_in(said).is_empty())
}

fn number(said: &[Word], told: usize, fewest: usize, usual: usize) -> Completeness {
    let here = digits_in(said).trim_start_matches('+').len();
    match told + here {
        // "I don't have one."
        _ if here == 0 || (here == 1 && said.len() > 2) => Completeness::Open,
        // More than any number has: pieces of it were said twice, and waiting does not mend that.
        count if count >= usual => Completeness::Open,
        count if count >= fewest => Completeness::Pausing,
        _ => Completeness::Unfinished,
    }
}

/// Last words after which every sentence goes on.
const NEVER_LAST: &[&str] = &[
    "and", "or", "but", "my", "the", "a", "an", "at", "with", "from", "of", "because", "um", "uh", "er", "erm", "hmm",
    "our", "your", "plus", "dash", "hyphen", "double", "triple",
];

/// Pairs of last words after which every sentence goes on; each alone may end one.
const NEVER_LAST_PAIRS: &[(&str, &str)] = &[
    ("number", "is"),
    ("name", "is"),
    ("address", "is"),
    ("mail", "is"),
    ("email", "is"),
    ("phone", "is"),
    ("like", "to"),
    ("want", "to"),
    ("need", "to"),
    ("wanted", "to"),
    ("as", "in"),
    ("area", "code"),
    ("calling", "about"),
    ("calling", "for"),
    ("live", "on"),
];

fn breaks_off(said: &[Word]) -> bool {
    let last = |back: usize| said.len().checked_sub(back).map_or("", |at| said[at].text.as_str());
    let (before, end) = (last(2), last(1));
    NEVER_LAST.contains(&end)
        || NEVER_LAST_PAIRS.contains(&(before, end))
        // "It is", "this is" and nothing more.
        || (said.len() <= 3 && end == "is" && matches!(before, "it" | "this" | "that"))
}

/// What a number at the end of an utterance is told for, where it may be more than a count or an hour.
const OF_A_PHONE: &[&str] = &["number", "phone", "telephone", "cell", "mobile", "reach"];

/// Words that place a house, and words that end the naming of a street.
const OF_AN_ADDRESS: &[&str] = &["address", "live"];

/// "My number is 555 014", "my address is 12": a number that was not asked for is as incomplete as one that was.
fn breaks_off_in_a_number(said: &[Word], expected: Expectation) -> bool {
    let Some(run) = digit_runs(said).pop().filter(|run| run.end == said.len()) else {
        return false;
    };
    let has = |wanted: &[&str]| said.iter().any(|word| wanted.contains(&word.text.as_str()));
    if expected == Expectation::Address || (has(OF_AN_ADDRESS) && !has(&["email", "mail"])) {
        return run.digits.len() < FEWEST_PHONE_DIGITS;
    }
    let asked = matches!(expected, Expectation::Digits { .. });
    let pieces = (3..FEWEST_PHONE_DIGITS).contains(&run.digits.trim_start_matches('+').len());
    !asked && pieces && has(OF_A_PHONE)
}

/// The last word is a single letter, or stands for one.
fn ends_spelled(said: &[Word]) -> bool {
    let is_letter = |word: &Word| word.text.len() == 1 && word.text.as_bytes()[0].is_ascii_alphabetic();
    let (Some(last), before) = (said.last(), said.len().checked_sub(2).map(|at| &said[at])) else {
        return false;
    };
    (is_letter(last) && before.is_none_or(|before| is_letter(before) || before.ends_clause))
        || said.len() >= 4 && is_letter(&said[said.len() - 4]) && said[said.len() - 2].text == "in"
}

/// Somebody spells without having been asked.
fn spells(said: &[Word]) -> bool {
    ends_spelled(said)
        && said
            .iter()
            .any(|word| matches!(word.text.as_str(), "spell" | "spelled" | "spelling" | "name"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use Completeness::{Complete, Open, Pausing, Unfinished};

    #[test]
    fn a_number_is_complete_with_its_last_digit() {
        let phone = Expectation::phone(0);
        for (said, completeness) in [
            ("five five five", Unfinished),
            ("It's 555, 014,", Unfinished),
            ("555-0142", Pausing),
            ("312 555 0142", Open),
            ("My number is", Unfinished),
            ("I don't have one.", Open),
            ("What do you need it for?", Open),
        ] {
            assert_eq!(phone.completeness(said), completeness, "{said}");
        }
        assert_eq!(Expectation::phone(3).completeness("oh one four two"), Pausing);
        assert_eq!(Expectation::phone(6).completeness("0142"), Open);
        assert_eq!(Expectation::Anything.completeness("555"), Open);
    }

    #[test]
    fn a_plain_yes_is_over_and_a_no_to_a_read_back_goes_on() {
        for said in ["Yes.", "Yes, please.", "Yeah, sure.", "No.", "No, thank you."] {
            assert_eq!(Expectation::YesOrNo.completeness(said), Complete, "{said}");
        }
        assert_eq!(Expectation::Approval.completeness("Yes, that's right."), Complete);
        assert_eq!(Expectation::Approval.completeness("No."), Open);
        assert_eq!(Expectation::Approval.completeness("No, the"), Unfinished);
        assert_eq!(
            Expectation::YesOrNo.completeness("Yes, and I would like to know your hours"),
            Open
        );
        assert_eq!(Expectation::Anything.completeness("Yes."), Open);
    }

    #[test]
    fn sentences_that_break_off_are_not_over_whatever_was_asked() {
        for said in [
            "I would like to",
            "My name is",
            "I need an oil change and",
            "You can reach me at",
            "My phone number is 555 014",
            "My address is 12",
            "It's",
            "Um,",
        ] {
            assert_eq!(Expectation::Anything.completeness(said), Unfinished, "{said}");
        }
        for said in [
            "Where are you at?",
            "How much is it?",
            "I don't know what it is.",
            "At 9.",
            "",
        ] {
            assert_eq!(Expectation::Anything.completeness(said), Open, "{said}");
        }
    }

    #[test]
    fn letters_may_be_followed_by_letters() {
        assert_eq!(Expectation::Name.completeness("C-A-R"), Pausing);
        assert_eq!(Expectation::Name.completeness("Carter, C as in cat"), Pausing);
        assert_eq!(Expectation::Name.completeness("Anna Carter."), Open);
        assert_eq!(
            Expectation::Anything.completeness("My name is Carter, C, A, R"),
            Pausing
        );
    }

    #[test]
    fn questions_tell_what_they_wait_for() {
        for (question, expectation) in [
            ("Fine. What is your phone number?", Expectation::phone(0)),
            ("Could you spell your name?", Expectation::Name),
            ("And what is your address, please?", Expectation::Address),
            ("Your number is 555-0142. Is that right?", Expectation::Approval),
            ("Would you like me to take a message?", Expectation::YesOrNo),
            ("Would you prefer Monday or Tuesday?", Expectation::Anything),
            ("What is your number? I will note it.", Expectation::Anything),
            ("How can I help you?", Expectation::Anything),
        ] {
            assert_eq!(Expectation::of_question(question), expectation, "{question}");
        }
        assert_eq!(Expectation::Address.completeness("12 Oak Street"), Pausing);
        assert_eq!(Expectation::Address.completeness("12"), Unfinished);
    }

    proptest! {
        #[test]
        fn any_words_are_judged(text in "\\PC{0,80}", told in 0_usize..20) {
            for expectation in [
                Expectation::Anything, Expectation::YesOrNo, Expectation::Approval, Expectation::phone(told), Expectation::Name,
                Expectation::Address, Expectation::of_question(&text),
            ] {
                let _judged = expectation.completeness(&text);
            }
        }

        #[test]
        fn every_missing_digit_is_waited_for(number in "[0-9]{1,6}") {
            prop_assert_eq!(Expectation::phone(0).completeness(&number), Unfinished);
        }
    }
}
