//! Taking a message: name, number and reason one after the other, read back, corrected, confirmed.
//!
//! A pure state machine; the details live beside it because callers also tell them unasked.

use super::Expectation;
use super::caller::{Details, consent, digits_in, name_answered, name_volunteered, phone_in, reason_in};
use super::lexicon::{Concept, terms_of};
use super::number_pieces::{Collected, NumberPieces, PHONE_DIGITS};
use super::spoken_numbers::grouped;
use super::wording::{Occasion, Wording};
use super::words::Word;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Name,
    Phone,
    Reason,
    Confirm,
    Correct,
}

/// Fewest digits that are a piece of a number and not an hour or a count.
const FEWEST_DIGITS_OF_A_PIECE: usize = 3;

/// How often one detail is asked for before the form goes on without it.
const TRIES: u8 = 2;

/// A message in the making.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Form {
    step: Step,
    tries: u8,
    /// The number, while it is told in pieces.
    pieces: NumberPieces,
    /// Details that the caller did not give after [`TRIES`] questions.
    skipped: Vec<Step>,
}

/// What became of an utterance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Say this and wait for the answer.
    Ask(String),
    /// The caller confirmed the details.
    Confirmed,
    /// The caller does not want to leave a message, or left nothing in it.
    Dropped,
    /// It was no answer to what was asked.
    NoAnswer,
}

impl Form {
    /// Starts with the first detail that is missing. The second value is what to say.
    pub fn start(details: &Details, wording: &mut Wording) -> (Self, String) {
        let mut form = Self {
            step: Step::Name,
            tries: 0,
            pieces: NumberPieces::default(),
            skipped: Vec::new(),
        };
        let question = form.advance(details, wording);
        (form, question)
    }

    /// Asks again what is open, after a question in between was answered.
    pub fn question(&self, details: &Details, wording: &mut Wording) -> String {
        match self.step {
            Step::Name => wording.next(Occasion::AskName),
            Step::Phone if self.pieces.is_empty() => wording.next(Occasion::AskPhone),
            Step::Phone => wording.filled(Occasion::AskRestOfPhone, &grouped(self.pieces.as_str())),
            Step::Reason => wording.next(Occasion::AskReason),
            Step::Confirm => read_back(details),
            Step::Correct => wording.next(Occasion::AskCorrection),
        }
    }

    /// What kind of answer is waited for.
    pub fn expects(&self) -> Expectation {
        match self.step {
            Step::Name => Expectation::Name,
            Step::Phone => Expectation::phone(self.pieces.count()),
            Step::Confirm => Expectation::Approval,
            Step::Reason | Step::Correct => Expectation::Anything,
        }
    }

    /// True while the reason is asked for: then a request is an answer and no question.
    pub fn asks_for_reason(&self) -> bool {
        self.step == Step::Reason
    }

    /// True while the number is asked for and the words hold at least a piece of one.
    pub fn takes_number(&self, said: &[Word]) -> bool {
        self.step == Step::Phone && digits_in(said).len() >= FEWEST_DIGITS_OF_A_PIECE
    }

    /// True when the words agree to what was read back.
    pub fn is_confirmed_by(&self, said: &[Word]) -> bool {
        self.step == Step::Confirm && consent(said) == Some(true)
    }

    /// Takes what the caller told. `asks` tells that something was asked beside it: then what is no answer is not held against the caller.
    pub fn take(&mut self, said: &[Word], asks: bool, details: &mut Details, wording: &mut Wording) -> Progress {
        let terms = terms_of(said);
        if terms.iter().any(|term| term.concept == Some(Concept::Never)) {
            return Progress::Dropped;
        }
        let taken = match self.step {
            Step::Name => self.take_name(said, details),
            Step::Phone => return self.take_phone(said, asks, details, wording),
            Step::Reason => self.take_reason(said, details),
            Step::Confirm | Step::Correct => return self.take_verdict(said, asks, details, wording),
        };
        if taken {
            return Progress::Ask(self.advance(details, wording));
        }
        if asks {
            Progress::NoAnswer
        } else {
            self.again(said, details, wording)
        }
    }

    fn take_name(&mut self, said: &[Word], details: &mut Details) -> bool {
        if let Some(phone) = phone_in(said) {
            details.phone = Some(phone);
        }
        details.name = name_answered(said).or(details.name.take());
        details.name.is_some()
    }

    fn take_phone(&mut self, said: &[Word], asks: bool, details: &mut Details, wording: &mut Wording) -> Progress {
        let told = digits_in(said);
        if told.is_empty() {
            return if asks {
                Progress::NoAnswer
            } else {
                self.again(said, details, wording)
            };
        }
        // A number that is told anew stands alone.
        let collected = match phone_in(said) {
            Some(phone) => {
                self.pieces.clear();
                Collected::Whole(phone)
            }
            None => self.pieces.add(&told, PHONE_DIGITS),
        };
        match collected {
            Collected::Whole(phone) => {
                details.phone = Some(phone);
                Progress::Ask(self.advance(details, wording))
            }
            Collected::TooMany => self.again(said, details, wording),
            Collected::Part => Progress::Ask(self.question(details, wording)),
        }
    }

    fn take_reason(&mut self, said: &[Word], details: &mut Details) -> bool {
        details.reason = reason_in(said).or(details.reason.take());
        details.reason.is_some()
    }

    /// The answer to the read-back: yes, no, or the right value at once.
    fn take_verdict(&mut self, said: &[Word], asks: bool, details: &mut Details, wording: &mut Wording) -> Progress {
        let before = details.clone();
        let mentions = |word: &str| said.iter().any(|heard| heard.stem == super::words::stem(word));
        if let Some(phone) = phone_in(said) {
            details.phone = Some(phone);
        } else if mentions("name")
            && let Some(name) = name_volunteered(said)
        {
            details.name = Some(name);
        }
        if *details != before {
            self.step = Step::Confirm;
            return Progress::Ask(read_back(details));
        }
        if asks {
            return Progress::NoAnswer;
        }
        if self.is_confirmed_by(said) {
            return Progress::Confirmed;
        }
        let wrong = [
            ("name", Step::Name),
            ("number", Step::Phone),
            ("phone", Step::Phone),
            ("reason", Step::Reason),
        ];
        if let Some((_, step)) = wrong.into_iter().find(|(word, _)| mentions(word)) {
            match step {
                Step::Name => details.name = None,
                Step::Phone => details.phone = None,
                _ => details.reason = None,
            }
            self.skipped.retain(|skipped| *skipped != step);
            return Progress::Ask(self.advance(details, wording));
        }
        if self.step == Step::Correct {
            // After "which part is wrong?" a bare value is most likely the name: numbers were read above.
            if let Some(name) = name_answered(said).filter(|_| consent(said).is_none()) {
                details.name = Some(name);
                self.step = Step::Confirm;
                return Progress::Ask(read_back(details));
            }
            return self.again(said, details, wording);
        }
        if consent(said) == Some(false) {
            self.step = Step::Correct;
            self.tries = 0;
            return Progress::Ask(wording.next(Occasion::AskCorrection));
        }
        self.again(said, details, wording)
    }

    /// Asks once more, and goes on without the detail when that did not help either.
    fn again(&mut self, said: &[Word], details: &Details, wording: &mut Wording) -> Progress {
        if consent(said) == Some(false) && matches!(self.step, Step::Name | Step::Phone) {
            return Progress::Dropped;
        }
        self.tries += 1;
        if self.tries < TRIES {
            let occasion = match self.step {
                Step::Name => Occasion::AskNameAgain,
                Step::Phone => Occasion::AskPhoneAgain,
                Step::Reason => Occasion::AskReason,
                Step::Correct => Occasion::AskCorrection,
                Step::Confirm => {
                    return Progress::Ask(format!(
                        "{} {}",
                        wording.next(Occasion::NotUnderstood),
                        read_back(details)
                    ));
                }
            };
            return Progress::Ask(wording.next(occasion));
        }
        self.skipped.push(self.step);
        if matches!(self.step, Step::Confirm | Step::Correct) || self.nothing_left(details) {
            return Progress::Dropped;
        }
        Progress::Ask(self.advance(details, wording))
    }

    fn nothing_left(&self, details: &Details) -> bool {
        self.skipped.contains(&Step::Phone) && details.name.is_none()
    }

    /// Goes to the first detail that is missing, or to the read-back.
    pub fn advance(&mut self, details: &Details, wording: &mut Wording) -> String {
        let missing = [
            (Step::Name, details.name.is_none()),
            (Step::Phone, details.phone.is_none()),
            (Step::Reason, details.reason.is_none()),
        ];
        let next = missing
            .into_iter()
            .find(|(step, missing)| *missing && !self.skipped.contains(step));
        self.step = next.map_or(Step::Confirm, |(step, _)| step);
        self.tries = 0;
        self.question(details, wording)
    }
}

/// All that was taken down, for the caller to confirm.
pub(crate) fn read_back(details: &Details) -> String {
    let parts = [
        details.name.as_ref().map(|name| format!("Name: {name}.")),
        details
            .phone
            .as_ref()
            .map(|phone| format!("Phone number: {}.", grouped(phone))),
        details
            .reason
            .as_ref()
            .map(|reason| format!("Reason: {}.", reason.trim_end_matches(['.', '?', '!']))),
    ];
    let told: Vec<String> = parts.into_iter().flatten().collect();
    format!("Let me read that back. {} Is that right?", told.join(" "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::dialogue::words::words;

    fn say(form: &mut Form, details: &mut Details, wording: &mut Wording, text: &str) -> Progress {
        form.take(&words(text), false, details, wording)
    }

    #[test]
    fn a_message_is_taken_read_back_corrected_and_confirmed() {
        let (mut details, mut wording) = (Details::default(), Wording::default());
        let (mut form, _) = Form::start(&details, &mut wording);
        say(&mut form, &mut details, &mut wording, "It's Anna Carter.");
        assert_eq!(details.name.as_deref(), Some("Anna Carter"));
        say(&mut form, &mut details, &mut wording, "five five five");
        assert!(matches!(
            say(&mut form, &mut details, &mut wording, "oh one four two"),
            Progress::Ask(_)
        ));
        assert_eq!(details.phone.as_deref(), Some("5550142"));
        let Progress::Ask(read) = say(&mut form, &mut details, &mut wording, "my brakes make a noise") else {
            panic!()
        };
        assert!(
            read.contains("Anna Carter") && read.contains("555-0142") && read.contains("my brakes make a noise"),
            "{read}"
        );
        let Progress::Ask(read) = say(&mut form, &mut details, &mut wording, "No, the number is 555 0143.") else {
            panic!()
        };
        assert!(read.contains("555-0143"));
        assert_eq!(
            say(&mut form, &mut details, &mut wording, "yes that's right"),
            Progress::Confirmed
        );
    }

    #[test]
    fn a_wrong_part_is_asked_for_again() {
        let mut details = Details {
            name: Some("Ann".into()),
            phone: Some("5550142".into()),
            reason: Some("tires".into()),
        };
        let mut wording = Wording::default();
        let (mut form, _) = Form::start(&details, &mut wording);
        say(&mut form, &mut details, &mut wording, "no");
        say(&mut form, &mut details, &mut wording, "the name is wrong");
        let Progress::Ask(read) = say(&mut form, &mut details, &mut wording, "Hannah Berg") else {
            panic!()
        };
        assert!(read.contains("Hannah Berg"), "{read}");
    }

    proptest! {
        #[test]
        fn a_form_always_comes_to_an_end(answers in proptest::collection::vec("[a-z ]{0,20}", 40)) {
            let (mut details, mut wording) = (Details::default(), Wording::default());
            let (mut form, _) = Form::start(&details, &mut wording);
            let ended = answers.iter().any(|answer| {
                let answer = format!("banana {answer}");
                matches!(form.take(&words(&answer), false, &mut details, &mut wording), Progress::Confirmed | Progress::Dropped)
            });
            prop_assert!(ended);
        }
    }
}
