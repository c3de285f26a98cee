//! The profile, indexed for questions: which services and which texts (policies, common questions, free sentences) an utterance is about.
//!
//! Built once per company and shared by its calls. Scores are shares between 0 and 1: how much of what was said a candidate explains, and
//! how much of the candidate was said. Pure, any thread.

use std::collections::HashMap;
use std::sync::Arc;

use frontdesk_company::{CompanyProfile, Service};

use super::lexicon::{Term, is_kind_of, terms};
use super::likeness;
use super::resemblance::{CERTAIN, SOUNDS_ALIKE, resemblance};

mod services;
mod texts;

pub(crate) use services::ServiceMatch;
pub(crate) use texts::{TextMatch, TextSource};

use services::NamedService;
use texts::IndexedText;

/// A company as the dialogue knows it.
pub(crate) struct Knowledge {
    /// The profile: the only source of facts.
    pub profile: Arc<CompanyProfile>,
    services: Vec<NamedService>,
    texts: Vec<IndexedText>,
    weights: Weights,
}

impl Knowledge {
    /// Indexes a profile.
    pub fn new(profile: Arc<CompanyProfile>) -> Self {
        likeness::prepare();
        let texts = texts::index(&profile);
        let weights = Weights::new(&profile, &texts);
        let services = services::index(&profile, &weights);
        Self {
            profile,
            services,
            texts,
            weights,
        }
    }

    /// The service at a position of the profile's list.
    pub fn service(&self, index: usize) -> Option<&Service> {
        self.profile.services.get(index)
    }

    /// Services that the terms name, best first.
    pub fn services_in(&self, said: &[Term]) -> Vec<ServiceMatch> {
        services::find(&self.services, said)
    }

    /// The text that answers best, if one is near enough. Terms that name services count little: they say what the question is
    /// about, not what is asked.
    pub fn text_for(&self, said: &[Term]) -> Option<TextMatch> {
        texts::find(&self.texts, said, &self.weights)
    }

    /// A sentence of the description or the brief.
    pub fn sentence(&self, index: usize) -> Option<String> {
        texts::free_sentences(&self.profile).into_iter().nth(index)
    }

    /// How much a term tells, 0 to 1.
    pub fn weight(&self, term: &Term) -> f32 {
        self.weights.of(term)
    }
}

/// How much each word tells in this company: words that stand everywhere tell little.
pub(crate) struct Weights {
    by_stem: HashMap<String, f32>,
}

/// Weight of words of the trade and the company's name: in a car workshop everything is about cars.
const TRADE_WEIGHT: f32 = 0.2;

/// Weight of words that many services share.
const GENERIC_WEIGHT: f32 = 0.35;

impl Weights {
    fn new(profile: &CompanyProfile, texts: &[IndexedText]) -> Self {
        let mut by_stem: HashMap<String, f32> = HashMap::new();
        let total = texts.len().max(1) as f32;
        let mut occurrences: HashMap<&str, u32> = HashMap::new();
        for text in texts {
            for stem in text.stems() {
                *occurrences.entry(stem).or_default() += 1;
            }
        }
        for (stem, count) in occurrences {
            // 1 for a word in one text, falling to a third for a word in all of them.
            let share = (count as f32 - 1.0) / total;
            by_stem.insert(stem.to_owned(), (1.0 - share).max(0.34));
        }
        for term in terms(&profile.name).iter().chain(&terms(&profile.trade)) {
            by_stem.insert(term.word.stem.clone(), TRADE_WEIGHT);
        }
        Self { by_stem }
    }

    /// A word of the trade or of the company's name.
    fn is_of_trade(&self, term: &Term) -> bool {
        self.by_stem
            .get(&term.word.stem)
            .is_some_and(|weight| *weight <= TRADE_WEIGHT)
    }

    fn of(&self, term: &Term) -> f32 {
        if !term.is_content() {
            return 0.0;
        }
        if term.generic {
            return GENERIC_WEIGHT;
        }
        self.by_stem.get(&term.word.stem).copied().unwrap_or(1.0)
    }
}

/// How well a term that was said fits a term of the profile, 0 to 1. Words that only sound alike are left to callers that see more.
fn fit(said: &Term, known: &Term) -> f32 {
    if let (Some(left), Some(right)) = (said.concept, known.concept) {
        return if left != right {
            0.0
        } else if said.word.stem == known.word.stem {
            1.0
        } else {
            0.9
        };
    }
    if is_kind_of(&said.word.stem, &known.word.stem) {
        return 0.85;
    }
    let alike = resemblance(&said.word, &known.word);
    if alike >= CERTAIN || alike == SOUNDS_ALIKE {
        alike
    } else {
        0.0
    }
}
