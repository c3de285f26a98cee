//! Acts of talking in a part of an utterance, and what is no business of the company: told by turns of phrase. Pure, any thread.

use super::{ONE_WORD, Part, UNEXPLAINED, Wish};
use crate::dialogue::lexicon::{Concept, Term};

/// Words that say that something was not heard, when nothing else is said.
fn is_unheard(text: &str) -> bool {
    matches!(
        text,
        "huh" | "what" | "sorry" | "pardon" | "excuse" | "me" | "hm" | "hmm" | "eh" | "say" | "again" | "come"
    ) && text != "me"
}

impl Part<'_> {
    /// Acts of talking, whatever they are about.
    pub(super) fn conversation(&self) -> Option<Wish> {
        let rest = self.unexplained(&[]);
        let topical = self.text.is_some() || !self.services.is_empty();
        let asks_fact = !self.asked().nothing() || self.has(Concept::Hours) || self.has(Concept::Location);
        let refuses = self.says_any(&["not", "no", "instead"])
            && self.says_any(&["talk", "speak", "want", "talking", "speaking"]);
        if refuses && self.names_a_machine() {
            return Some(Wish::Human);
        }
        if self.has(Concept::Robot) {
            return Some(Wish::Robot);
        }
        if self.has(Concept::Human) || self.asks_for_somebody() {
            return Some(Wish::Human);
        }
        if self.has(Concept::Abuse) && self.services.is_empty() && !asks_fact {
            return Some(Wish::Abuse);
        }
        if self.names_a_machine() && self.services.is_empty() {
            return Some(Wish::Robot);
        }
        if (self.has(Concept::CallBack) && !self.asks_whether_possible_only()) || self.passes_on() {
            return Some(Wish::CallBack);
        }
        if self.has(Concept::Never) && !self.has(Concept::Goodbye) && !self.names_time() && !asks_fact {
            return Some(Wish::NeverMind);
        }
        if self.has(Concept::Repeat) && !topical && !asks_fact && rest < 2.0 * ONE_WORD {
            return Some(Wish::Repeat);
        }
        if self.terms.len() <= 2 && self.terms.iter().all(|term| is_unheard(&term.word.text)) {
            return Some(Wish::Repeat);
        }
        if self.has(Concept::LookUp) && self.asked().nothing() {
            return Some(Wish::LookUp);
        }
        if self.terms.len() <= 2 && self.says("wait") {
            return Some(Wish::Wait);
        }
        if self.has(Concept::Wait)
            && self.services.is_empty()
            && !asks_fact
            && !self.names_time()
            && rest < 4.0 * ONE_WORD
        {
            return Some(Wish::Wait);
        }
        if self.has(Concept::Goodbye) && !topical && !asks_fact && rest < 2.0 * ONE_WORD {
            return Some(Wish::Goodbye);
        }
        if self.has(Concept::Clock) && rest < UNEXPLAINED && !self.has(Concept::Hours) {
            return Some(Wish::Clock);
        }
        let beside_thanks = [
            Concept::Thanks,
            Concept::Yes,
            Concept::Greeting,
            Concept::Goodbye,
            Concept::Day,
            Concept::Now,
        ];
        let thanks_only = self.cues() == self.cues_of(&beside_thanks) && self.has(Concept::Thanks);
        if thanks_only && !topical && rest < 2.0 * ONE_WORD {
            return Some(Wish::Thanks);
        }
        if self.has(Concept::Wellbeing) && rest < UNEXPLAINED {
            return Some(Wish::Wellbeing);
        }
        if self.has(Concept::Abilities) && rest < UNEXPLAINED {
            return Some(Wish::Abilities);
        }
        None
    }

    /// "You sound like a robot", "is that some kind of AI?"
    fn names_a_machine(&self) -> bool {
        let machine = &[
            "robot",
            "robots",
            "bot",
            "chatbot",
            "ai",
            "computer",
            "machine",
            "recording",
            "automated",
            "human",
            "alive",
        ];
        let speaker = &["you", "this", "that", "talking", "speaking"];
        let words = || self.terms.iter().flat_map(|term| term.word.text.split(' '));
        words().any(|word| machine.contains(&word)) && words().any(|word| speaker.contains(&word))
    }

    /// "Let the mechanic know that…", "tell them that…": something to be passed on.
    fn passes_on(&self) -> bool {
        let words: Vec<&str> = self.terms.iter().flat_map(|term| term.word.text.split(' ')).collect();
        let lets_know = words.iter().position(|word| *word == "let").is_some_and(|at| {
            let known = words[at..].iter().take(6).position(|word| *word == "know");
            known.is_some_and(|known| known >= 2) && words.get(at + 1).is_some_and(|whom| !matches!(*whom, "me" | "us"))
        });
        let tells = words
            .windows(2)
            .any(|two| two[0] == "tell" && matches!(two[1], "him" | "her" | "them" | "the"))
            && !words.contains(&"me");
        lets_know || tells
    }

    /// "Can I talk to a plumber?", whatever the trade's word for its people is.
    fn asks_for_somebody(&self) -> bool {
        let words: Vec<&str> = self.terms.iter().flat_map(|term| term.word.text.split(' ')).collect();
        words.windows(3).any(|three| match three {
            [verb, preposition, article] => {
                matches!(*verb, "talk" | "speak")
                    && matches!(*preposition, "to" | "with")
                    && matches!(*article, "a" | "an" | "the" | "your" | "one" | "somebody" | "someone")
            }
            _ => false,
        })
    }

    /// "Can I reach you by phone?" asks for a number; "call me back" asks for a call.
    fn asks_whether_possible_only(&self) -> bool {
        self.has(Concept::Phone) && self.has(Concept::Contact)
    }

    /// "Tell me a joke", "do you know a good dentist?": nothing that a company is asked for.
    pub(super) fn is_small_talk(&self) -> bool {
        let words: Vec<&str> = self.terms.iter().flat_map(|term| term.word.text.split(' ')).collect();
        let of_the_world = &[
            &["do", "you", "know", "a"][..],
            &["do", "you", "know", "any"],
            &["do", "you", "like"],
            &["can", "you", "sing"],
            &["who", "won"],
            &["who", "is", "the", "president"],
            &["what", "do", "you", "think"],
            &["can", "you", "recommend"],
            &["tell", "me", "a"],
        ];
        of_the_world
            .iter()
            .any(|lead| words.windows(lead.len()).any(|window| window == *lead))
    }

    /// "Do you do windshields?", "can you put in a transmission?"
    pub(super) fn asks_for_work(&self) -> bool {
        let words: Vec<&str> = self.terms.iter().flat_map(|term| term.word.text.split(' ')).collect();
        let leads = &[
            &["you", "do"][..],
            &["you", "guys", "do"],
            &["you", "also", "do"],
            &["you", "fix"],
            &["you", "put"],
            &["you", "install"],
            &["you", "work", "on"],
            &["you", "handle"],
            &["you", "service"],
            &["you", "paint"],
            &["you", "guys", "fix"],
            &["you", "guys", "work", "on"],
            &["you", "guys", "handle"],
        ];
        leads
            .iter()
            .any(|lead| words.windows(lead.len()).any(|window| window == *lead))
    }

    /// A topic that companies are asked about.
    pub(super) fn names_topic(&self) -> bool {
        let is_topic = |term: &Term| {
            matches!(term.concept, Some(Concept::Topic(_))) && !term.concept.is_some_and(Concept::is_work)
        };
        self.terms.iter().any(is_topic)
    }

    /// A topic that companies are asked about, or words that mean the company and what a customer may do there.
    pub(super) fn is_about_us(&self) -> bool {
        let ours = &[
            "you",
            "your",
            "yours",
            "guys",
            "here",
            "there",
            "shop",
            "garage",
            "workshop",
            "mechanic",
            "mechanics",
            "technician",
            "technicians",
            "staff",
            "we",
            "company",
            "someone",
            "somebody",
        ];
        let may = self.terms.iter().zip(self.terms.iter().skip(1)).any(|(one, next)| {
            matches!(
                one.word.text.as_str(),
                "can" | "may" | "could" | "should" | "do" | "must"
            ) && next.word.text == "i"
        });
        self.names_topic() || may || self.says_any(ours)
    }
}
