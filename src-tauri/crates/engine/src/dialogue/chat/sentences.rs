//! A model's words on their way to the voice: clause by clause, and nothing that is not so. Pure, any thread.
//!
//! A clause goes out as soon as it is whole. One that may begin a claim waits for the rest of its sentence; a sentence that claims what no
//! function of this call has done is held back, and everything after it, because it builds on what is not so.

use super::evidence::Evidence;
use super::guard::{Claim, claims, matter, may_claim};
use super::speakable::Speakable;
use crate::speech::{Ending, clauses};

/// Longest reply in bytes. Nobody listens to more; the calls at the end of an answer count all the same.
const LONGEST_REPLY: usize = 1_500;

/// Fewest words of a clause inside a sentence that goes out by itself, after the first: each cut costs some melody.
const FEWEST_WORDS: usize = 5;

/// The words of one answer.
#[derive(Debug)]
pub(super) struct Sentences {
    speakable: Speakable,
    evidence: Evidence,
    /// Whole or not, not yet given.
    waiting: String,
    /// What was given of the sentence that is not over yet.
    begun: String,
    given: usize,
    held_back: Option<Claim>,
}

impl Sentences {
    /// An answer that may claim what `evidence` allows.
    pub(super) fn new(evidence: Evidence) -> Self {
        Self {
            speakable: Speakable::default(),
            evidence,
            waiting: String::new(),
            begun: String::new(),
            given: 0,
            held_back: None,
        }
    }

    /// Takes the next piece of the answer; gives what may be said now.
    pub(super) fn take(&mut self, piece: &str) -> String {
        let more = self.speakable.take(piece);
        self.waiting.push_str(&more);
        self.release(false)
    }

    /// The answer is over; gives the rest of what may be said.
    pub(super) fn finish(&mut self) -> String {
        let more = self.speakable.finish();
        self.waiting.push_str(&more);
        self.release(true)
    }

    /// What was claimed and is not so.
    pub(super) fn held_back(&self) -> Option<Claim> {
        self.held_back
    }

    fn release(&mut self, is_over: bool) -> String {
        // The last word may grow; whether a clause ends in front of it is not known before it is whole.
        let whole = if is_over {
            self.waiting.len()
        } else {
            self.waiting
                .rfind(char::is_whitespace)
                .map_or(0, |at| at + self.waiting[at..].chars().next().map_or(0, char::len_utf8))
        };
        let ready = self.waiting[..whole].to_owned();
        let mut found = clauses(&ready);
        if !is_over {
            // Where the last one ends is not known yet.
            found.pop();
        }
        let mut said = String::new();
        let mut from = 0;
        for clause in found {
            let end = clause.range.end;
            let text = &ready[from..end];
            let sentence = format!("{}{text}", self.begun);
            if clause.ending == Ending::Sentence {
                if let Some(claim) = self.unfounded(&sentence) {
                    self.held_back.get_or_insert(claim);
                }
                self.begun.clear();
            } else if may_claim(&sentence) || (self.given > 0 && text.split_whitespace().count() < FEWEST_WORDS) {
                // It waits for what follows.
                continue;
            } else {
                self.begun = sentence;
            }
            if self.held_back.is_none() && self.given < LONGEST_REPLY {
                self.given += text.len();
                said.push_str(text);
            }
            from = end;
        }
        self.waiting.drain(..from);
        said
    }

    /// What a sentence claims without ground.
    fn unfounded(&self, sentence: &str) -> Option<Claim> {
        let made_up = (!self.evidence.knows_numbers(sentence)).then_some(Claim::Number);
        let matter = matter(sentence);
        let is_unfounded = |claim: &Claim| !self.evidence.bears_out(*claim, &matter);
        claims(sentence).into_iter().find(is_unfounded).or(made_up)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn booked() -> Evidence {
        let mut evidence = Evidence::default();
        evidence.note_outcome(
            "bookAppointment",
            "{}",
            r#"{"booked": true, "appointment": {"confirmationNumber": "482193"}}"#,
        );
        evidence
    }

    /// What is given after each piece.
    fn given(evidence: Evidence, pieces: &[&str]) -> (Vec<String>, Option<Claim>) {
        let mut sentences = Sentences::new(evidence);
        let mut given: Vec<String> = pieces.iter().map(|piece| sentences.take(piece)).collect();
        given.push(sentences.finish());
        given.retain(|text| !text.is_empty());
        (given, sentences.held_back())
    }

    #[test]
    fn the_first_clause_goes_out_before_its_sentence_is_whole() {
        let (given, held) = given(
            Evidence::default(),
            &["Sure, an oil ", "change takes thirty ", "minutes. It costs ", "$50."],
        );
        assert_eq!(given[0], "Sure, ");
        assert_eq!(
            given.concat(),
            "Sure, an oil change takes thirty minutes. It costs $50."
        );
        assert_eq!(held, None);
    }

    #[test]
    fn a_claim_without_ground_is_held_back_with_all_that_follows() {
        let pieces = [
            "Thank you, Dana. ",
            "Your appointment on Tuesday at nine ",
            "is booked. ",
            "See you then!",
        ];
        let (told, held) = given(Evidence::default(), &pieces);
        assert_eq!(told.concat(), "Thank you, Dana. ");
        assert_eq!(held, Some(Claim::Booked));
        let (told, held) = given(booked(), &pieces);
        assert_eq!(told.concat(), pieces.concat());
        assert_eq!(held, None);
    }

    #[test]
    fn a_number_that_nobody_told_is_a_claim_too() {
        let (_, held) = given(booked(), &["Your confirmation number is 1 1 1, 2 2 2."]);
        assert_eq!(held, Some(Claim::Number));
        let (_, held) = given(booked(), &["Your confirmation number is 4 8 2, 1 9 3."]);
        assert_eq!(held, None);
    }

    #[test]
    fn an_answer_without_end_is_cut() {
        let long = "We are open until six today. ".repeat(200);
        let (told, _) = given(Evidence::default(), &[&long]);
        assert!(told.concat().len() < LONGEST_REPLY + 100);
    }

    proptest! {
        #[test]
        fn however_it_is_cut_no_claim_gets_through(
            before in prop::sample::select(vec!["", "All right. ", "Okay, Dana, ", "One moment. Thank you, "]),
            claim in prop::sample::select(vec![
                "you're booked for Tuesday at nine.", "I have cancelled your appointment.", "your appointment, as you wished, has been moved to Friday.",
                "I've passed your message on to the team.", "it's done.", "that is, well, booked.", "your appointment for nine tomorrow is now confirmed!",
                "I have you down for nine.", "you're set for Tuesday.", "your booking went through.", "you're now on the calendar.", "they have your message.",
                "I put you in for ten.", "we've got you in for Tuesday at nine.", "it's gone.", "your message is with the team.", "you're good to go.",
            ]),
            after in prop::sample::select(vec!["", " Anything else?", " Goodbye."]),
            sizes in prop::collection::vec(1_usize..9, 1..60),
        ) {
            let text = format!("{before}{claim}{after}");
            let mut sentences = Sentences::new(Evidence::default());
            let mut said = String::new();
            let mut rest = text.as_str();
            for size in sizes.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (piece, behind) = rest.split_at((*size).min(rest.len()));
                said.push_str(&sentences.take(piece));
                rest = behind;
            }
            said.push_str(&sentences.finish());
            prop_assert!(sentences.held_back().is_some(), "{}", said);
            prop_assert!(claims(&said).is_empty(), "{}", said);
            prop_assert!(text.starts_with(&said), "{}", said);
        }
    }
}
