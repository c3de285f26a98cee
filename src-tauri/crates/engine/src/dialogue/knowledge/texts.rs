//! Texts of the profile that answer questions: policies, common questions, free sentences. Which one was asked for.
//!
//! A policy is led to by its topic or a keyword, a common question by the ways to ask it, a free sentence by its own words. Pure.

use frontdesk_company::CompanyProfile;

use super::{Weights, fit};
use crate::dialogue::lexicon::{Concept, Term, terms};
use crate::dialogue::resemblance::CERTAIN;

/// Where a text stands in the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum TextSource {
    /// Position in the list of policies.
    Policy(usize),
    /// Position in the list of common questions.
    Question(usize),
    /// Position among the sentences of the description and the brief.
    Sentence(usize),
}

/// A text that answers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TextMatch {
    /// Which text.
    pub source: TextSource,
    /// How well it fits, 0 to 1; only for comparison.
    pub score: f32,
    /// False when the topic was named but most of the question is about something else: the answer says so.
    pub whole: bool,
    /// True when a common question was asked nearly word for word.
    pub asked_exactly: bool,
    /// Positions of the terms that it explains.
    pub used: Vec<usize>,
}

/// A text with the words that lead to it.
pub(super) struct IndexedText {
    source: TextSource,
    heads: Vec<Vec<Term>>,
    body: Vec<Term>,
    /// A person stands in it: it answers "who".
    names_person: bool,
}

impl IndexedText {
    /// The different stems in it.
    pub fn stems(&self) -> impl Iterator<Item = &str> {
        let mut stems: Vec<&str> = self
            .heads
            .iter()
            .flatten()
            .chain(&self.body)
            .map(|term| term.word.stem.as_str())
            .collect();
        stems.sort_unstable();
        stems.dedup();
        stems.into_iter()
    }
}

pub(super) fn index(profile: &CompanyProfile) -> Vec<IndexedText> {
    let heads = |texts: &mut dyn Iterator<Item = &str>| texts.map(terms).collect();
    let policies = profile.policies.iter().enumerate().map(|(at, policy)| IndexedText {
        source: TextSource::Policy(at),
        heads: heads(&mut std::iter::once(policy.topic.as_str()).chain(policy.keywords.iter().map(String::as_str))),
        body: terms(&policy.text),
        names_person: false,
    });
    let questions = profile.questions.iter().enumerate().map(|(at, question)| IndexedText {
        source: TextSource::Question(at),
        heads: heads(&mut question.ask.iter().map(String::as_str)),
        body: terms(&question.answer),
        names_person: names_person(&question.answer),
    });
    let free = free_sentences(profile);
    let sentences = free.iter().enumerate().map(|(at, sentence)| IndexedText {
        source: TextSource::Sentence(at),
        heads: Vec::new(),
        body: terms(sentence),
        names_person: names_person(sentence),
    });
    policies.chain(questions).chain(sentences).collect()
}

/// Whether two words in a row are written like a name.
fn names_person(text: &str) -> bool {
    let large = |word: &&str| word.starts_with(char::is_uppercase) && word.chars().skip(1).any(char::is_lowercase);
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(2).any(|pair| pair.iter().all(large))
}

/// The sentences of the description and the brief, in order.
pub(super) fn free_sentences(profile: &CompanyProfile) -> Vec<String> {
    let texts = [profile.description.as_deref(), profile.brief.as_deref()];
    texts.into_iter().flatten().flat_map(sentences).collect()
}

/// Splits at full stops that end a sentence and at line ends; markers of lists go.
fn sentences(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines() {
        let line = line.trim().trim_start_matches(['-', '*', '•', '#']).trim();
        let mut start = 0;
        for (at, mark) in line.match_indices(['.', '!', '?']) {
            let after = &line[at + mark.len()..];
            if after.is_empty() || after.starts_with(' ') && after.trim_start().starts_with(char::is_uppercase) {
                found.push(line[start..at + mark.len()].trim().to_owned());
                start = at + mark.len();
            }
        }
        found.push(line[start..].trim().to_owned());
    }
    found.retain(|sentence| !sentence.is_empty());
    found
}

/// A word in the text itself is worth a little less than one in its heading.
const BODY_WORTH: f32 = 0.85;

/// Weight of a cue in the way a question is asked: "how long" tells less than its topic.
const CUE_WEIGHT: f32 = 0.6;

/// What a name is worth to a question that begins with "who".
const WHO_WORTH: f32 = 0.5;

fn asks_who(said: &[Term]) -> bool {
    said.iter()
        .any(|term| matches!(term.word.text.as_str(), "who" | "whom"))
}

/// Whether everything that is asked for (how much, how long, when, where) is asked in one of the headings too.
fn cues_are_in(said: &[Term], heads: &[Vec<Term>]) -> bool {
    let asks = |concept: &Concept| {
        matches!(
            concept,
            Concept::Price | Concept::Duration | Concept::Hours | Concept::Location | Concept::Phone | Concept::Email
        )
    };
    let mut asked = said.iter().filter_map(|term| term.concept).filter(asks);
    asked.all(|cue| heads.iter().flatten().any(|term| term.concept == Some(cue)))
}

pub(super) fn find(texts: &[IndexedText], said: &[Term], weights: &Weights) -> Option<TextMatch> {
    let candidates = texts.iter().filter_map(|text| judge(text, said, weights));
    candidates.max_by(|one, other| one.score.total_cmp(&other.score))
}

fn judge(text: &IndexedText, said: &[Term], weights: &Weights) -> Option<TextMatch> {
    let mut used = Vec::new();
    let (mut explained, mut total, mut content_found) = (0.0, 0.0, 0);
    for (at, term) in said.iter().enumerate() {
        let weight = weights.of(term);
        if weight == 0.0 {
            continue;
        }
        total += weight;
        let head = best_fit(term, text.heads.iter().flatten());
        let body = best_fit(term, &text.body) * BODY_WORTH;
        let fit = head.max(body);
        if fit > 0.0 {
            explained += weight * fit;
            content_found += 1;
            used.push(at);
        }
    }
    if total == 0.0 || content_found == 0 {
        return None;
    }
    let query_share = explained / total;
    let head_share = text
        .heads
        .iter()
        .map(|head| head_share(head, said, weights))
        .fold(0.0, f32::max);
    let is_question = matches!(text.source, TextSource::Question(_));
    let asked_exactly = is_question && head_share >= 0.85 && query_share >= 0.85 && cues_are_in(said, &text.heads);
    let topic_named = head_share >= 0.9;
    let accepted = match text.source {
        TextSource::Policy(_) => topic_named || query_share >= 0.6 || (head_share >= 0.5 && query_share >= 0.5),
        TextSource::Question(_) => {
            (head_share >= 0.5 && query_share >= 0.5 && head_share + query_share >= 1.2)
                || query_share >= 0.8
                || (topic_named && query_share >= 0.3)
        }
        TextSource::Sentence(_) => query_share >= 0.6,
    };
    // A single word of little weight, such as one of the trade, is no question about a text.
    let tells = explained >= 0.45;
    (accepted && tells).then_some(TextMatch {
        source: text.source,
        score: 0.6 * query_share
            + 0.4 * head_share
            + if text.names_person && asks_who(said) {
                WHO_WORTH
            } else {
                0.0
            },
        whole: query_share >= 0.45,
        asked_exactly,
        used,
    })
}

/// Share of a heading that was said, cues included.
fn head_share(head: &[Term], said: &[Term], weights: &Weights) -> f32 {
    let (mut found, mut total) = (0.0, 0.0);
    for known in head {
        let cue = known.concept.filter(|concept| concept.is_cue());
        let weight = match cue {
            Some(_) => CUE_WEIGHT,
            None => weights.of(known),
        };
        total += weight;
        found += weight
            * match cue {
                Some(cue) => f32::from(u8::from(said.iter().any(|term| term.concept == Some(cue)))),
                None => said.iter().map(|term| certain_fit(term, known)).fold(0.0, f32::max),
            };
    }
    if total == 0.0 { 0.0 } else { found / total }
}

fn best_fit<'a>(term: &Term, known: impl IntoIterator<Item = &'a Term>) -> f32 {
    known
        .into_iter()
        .map(|known| certain_fit(term, known))
        .fold(0.0, f32::max)
}

/// Words that merely sound alike are no ground for telling a fact.
fn certain_fit(said: &Term, known: &Term) -> f32 {
    let fit = fit(said, known);
    if fit >= CERTAIN { fit } else { 0.0 }
}
