//! A reply on its way to the caller: one clause of audio after the other.
//!
//! An iterator that does its work in `next`, on the thread that calls it. Dropping it stops the reply: an interrupted
//! clause costs at most the time of the clause in work.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{ClauseAudio, SPEEDS, Synthesiser};
use crate::speech::clauses::{Clause, clauses};
use crate::speech::error::SpeechError;
use crate::speech::voices::LocalVoice;

/// One spoken clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpokenClause {
    /// The text as written, white space behind it included; all clauses joined are the reply.
    pub text: String,
    /// Audio: mono PCM16 at 24 kHz, pause included. Empty when the text has no sound.
    pub samples: Vec<i16>,
    /// How many of the samples are speech; the rest is the pause behind it.
    pub speech_samples: usize,
}

impl SpokenClause {
    /// The part of the text that has been heard when `played` samples have been played, in whole words. Each word is taken
    /// to last as long as it has letters, which is right to within a word or so.
    #[must_use]
    pub fn heard(&self, played: usize) -> &str {
        if played >= self.speech_samples {
            return &self.text;
        }
        let letters = self.text.chars().filter(|sign| !sign.is_whitespace()).count();
        let heard = letters as f64 * played as f64 / self.speech_samples as f64;
        let mut count = 0;
        let mut end = 0;
        for (index, word) in self.text.split_inclusive(char::is_whitespace).scan(0, |start, word| {
            let index = *start;
            *start += word.len();
            Some((index, word))
        }) {
            count += word.trim().chars().count();
            if count as f64 > heard {
                break;
            }
            end = index + word.len();
        }
        &self.text[..end]
    }
}

/// A reply that is being spoken. Owned and `Send`: it may move to the worker that runs it.
pub struct Utterance {
    synthesiser: Arc<Synthesiser>,
    voice: LocalVoice,
    text: String,
    clauses: VecDeque<Clause>,
    speed: f32,
}

impl Utterance {
    /// Prepares `text`; nothing is spoken yet. A `speed` of 1 is the voice's own pace, greater is faster; values outside
    /// 0.5 to 2 are brought inside.
    pub(crate) fn new(synthesiser: Arc<Synthesiser>, text: String, speed: f32) -> Self {
        let speed = if speed.is_finite() {
            speed.clamp(*SPEEDS.start(), *SPEEDS.end())
        } else {
            1.0
        };
        Self {
            synthesiser,
            voice: LocalVoice::default(),
            clauses: clauses(&text).into(),
            text,
            speed,
        }
    }

    /// The same reply in another voice.
    #[must_use]
    pub fn in_voice(self, voice: LocalVoice) -> Self {
        Self { voice, ..self }
    }
}

impl Iterator for Utterance {
    type Item = Result<SpokenClause, SpeechError>;

    fn next(&mut self) -> Option<Self::Item> {
        let Clause { range, ending } = self.clauses.pop_front()?;
        let text = self.text[range].to_owned();
        Some(
            self.synthesiser
                .clause(self.voice, &text, ending, self.speed)
                .map(|ClauseAudio { samples, speech }| SpokenClause {
                    text,
                    samples,
                    speech_samples: speech,
                }),
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::SpokenClause;

    fn clause(text: &str) -> SpokenClause {
        SpokenClause {
            text: text.to_owned(),
            samples: vec![0; 1200],
            speech_samples: 1000,
        }
    }

    #[test]
    fn half_of_the_speech_is_half_of_the_words() {
        let clause = clause("four five nine zero ");
        assert_eq!(clause.heard(0), "");
        assert_eq!(clause.heard(500), "four five ");
        assert_eq!(clause.heard(999), "four five nine ");
        assert_eq!(clause.heard(1000), clause.text);
    }

    proptest! {
        #[test]
        fn what_is_heard_grows_with_what_is_played(text in "[a-zé ,.]{0,60}", played in 0_usize..1300) {
            let clause = clause(&text);
            prop_assert!(clause.text.starts_with(clause.heard(played)));
            prop_assert!(clause.heard(played).len() <= clause.heard(played + 40).len());
        }
    }
}
