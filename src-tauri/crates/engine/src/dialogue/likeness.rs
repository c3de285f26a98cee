//! What an utterance is most like, of many that people wrote: a second opinion on what the rules make of it.
//!
//! Complement naive Bayes over words and pairs of words (Rennie, Shih, Teevan and Karger, "Tackling the Poor Assumptions of Naive Bayes
//! Text Classifiers", ICML 2003), learnt from `likeness/examples.txt` when a company is indexed. The examples are of no company: what one
//! offers stands there as `$service`, and days, hours and numbers are read as such. The same words always get the same opinion. Pure, any thread.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::OnceLock;

use super::understanding::Intent;
use super::words::{Word, words};
use crate::english::{MONTHS, WEEKDAYS, is_number_word};

/// Examples, one in a line, under the name of what they want.
const EXAMPLES: &str = include_str!("likeness/examples.txt");

/// Added to every count, so that a word that was never seen beside an intent does not rule it out.
const SMOOTHING: f32 = 0.3;

/// Stands for what a company offers.
const SERVICE: &str = "$service";

/// How like an utterance is to the examples of each intent.
#[derive(Clone, Debug)]
pub(crate) struct Likeness {
    /// Of every intent that has examples.
    scores: Vec<(Intent, f32)>,
}

impl Likeness {
    /// Compares the words, stretch by stretch. The places beside them name what the company offers.
    pub fn of<'a>(stretches: impl Iterator<Item = (&'a [Word], &'a [Range<usize>])>) -> Self {
        let mut tokens = Tokens::new();
        for (said, services) in stretches {
            tokens.push(said, services);
        }
        let learnt = learnt();
        let known: Vec<&[f32]> = tokens
            .features()
            .iter()
            .filter_map(|name| learnt.weights.get(name).map(AsRef::as_ref))
            .collect();
        let scale = (known.len().max(1) as f32).sqrt();
        let speaks_for = |at: usize| known.iter().map(|weights| weights[at]).sum::<f32>() / scale;
        let intents = learnt.intents.iter().enumerate();
        Self {
            scores: intents.map(|(at, intent)| (*intent, speaks_for(at))).collect(),
        }
    }

    /// The one of `found` that is the likest of all, where it is at least `lead` ahead of the others among them.
    pub fn alone_among(&self, found: &[Intent], lead: f32) -> Option<Intent> {
        let (best, _) = *self.scores.iter().max_by(|one, other| one.1.total_cmp(&other.1))?;
        let others: Vec<Intent> = found.iter().copied().filter(|intent| *intent != best).collect();
        (others.len() < found.len() && !others.is_empty())
            .then(|| self.instead_of(&others, lead))
            .flatten()
    }

    /// The likest intent, where it is none of `rivals` and at least `lead` ahead of them, in logarithms of likelihood; ahead of all others
    /// where there are no rivals.
    pub fn instead_of(&self, rivals: &[Intent], lead: f32) -> Option<Intent> {
        let (best, score) = *self.scores.iter().max_by(|one, other| one.1.total_cmp(&other.1))?;
        let is_rival = |intent: Intent| match rivals.is_empty() {
            true => intent != best,
            false => rivals.contains(&intent),
        };
        let rivals_score = self
            .scores
            .iter()
            .filter(|(intent, _)| is_rival(*intent))
            .map(|(_, score)| *score)
            .fold(f32::NEG_INFINITY, f32::max);
        (!rivals.contains(&best) && score - rivals_score >= lead).then_some(best)
    }
}

/// What was learnt from the examples.
struct Learnt {
    /// Those that have examples.
    intents: Vec<Intent>,
    /// Of every word and pair that counts, how much it speaks for each of `intents`.
    weights: HashMap<String, Box<[f32]>>,
}

/// Learns on the first call, some ten milliseconds; later ones are free.
pub(crate) fn prepare() {
    let _ = learnt();
}

fn learnt() -> &'static Learnt {
    static LEARNT: OnceLock<Learnt> = OnceLock::new();
    LEARNT.get_or_init(|| Learnt::from(EXAMPLES))
}

impl Learnt {
    fn from(text: &str) -> Self {
        let examples = examples(text);
        let mut intents: Vec<Intent> = examples.iter().map(|(intent, _)| *intent).collect();
        intents.sort_unstable();
        intents.dedup();
        // How often every feature stands beside every intent; a long example says no more than a short one.
        let mut beside: HashMap<&str, Vec<f32>> = HashMap::new();
        for (intent, features) in &examples {
            let share = 1.0 / (features.len().max(1) as f32).sqrt();
            let Some(at) = intents.iter().position(|known| known == intent) else {
                continue;
            };
            for name in features {
                beside.entry(name).or_insert_with(|| vec![0.0; intents.len()])[at] += share;
            }
        }
        let mut names: Vec<&str> = beside.keys().copied().collect();
        names.sort_unstable();
        let elsewhere = |shares: &[f32], at: usize| shares.iter().sum::<f32>() - shares[at] + SMOOTHING;
        let totals: Vec<f32> = (0..intents.len())
            .map(|at| names.iter().map(|name| elsewhere(&beside[name], at)).sum())
            .collect();
        let weights = names
            .iter()
            .map(|name| {
                let shares = &beside[name];
                let speaks_for = |at: usize| -(elsewhere(shares, at) / totals[at]).ln();
                ((*name).to_owned(), (0..intents.len()).map(speaks_for).collect())
            })
            .collect();
        Self { intents, weights }
    }
}

/// The examples of a text: lines under a line such as `# book`.
fn examples(text: &str) -> Vec<(Intent, BTreeSet<String>)> {
    let mut intent = None;
    let mut found = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(name) = line.strip_prefix("# ") {
            intent = Intent::ALL.into_iter().find(|intent| intent.name() == name);
        } else if let Some(intent) = intent {
            let mut tokens = Tokens::new();
            tokens.push(&words(line), &[]);
            found.push((intent, tokens.features()));
        }
    }
    found
}

/// Words as they are compared: what a company offers, days, parts of a day and numbers as one token each, a mark where something is asked.
struct Tokens(Vec<String>);

impl Tokens {
    fn new() -> Self {
        Self(vec!["^".to_owned()])
    }

    fn push(&mut self, said: &[Word], services: &[Range<usize>]) {
        for (at, word) in said.iter().enumerate() {
            let text = word.text.as_str();
            let weekday = WEEKDAYS.contains(&text.trim_end_matches('s'));
            let token = match text {
                _ if services.iter().any(|span| span.contains(&at)) => SERVICE,
                "um" | "uh" | "er" | "ehm" | "hmm" | "oh" => continue,
                "today" | "tomorrow" | "tonight" | "weekend" => "$day",
                "morning" | "afternoon" | "evening" | "noon" | "midday" => "$part",
                "oclock" | "am" | "pm" => "$number",
                // "May I …" is no month.
                _ if weekday || text != "may" && MONTHS.contains(&text) => "$day",
                _ if is_number(text) => "$number",
                text => text,
            };
            // "Twenty first" and "oil change" are one thing each.
            if !(token.starts_with('$') && self.0.last().is_some_and(|last| last == token)) {
                self.0.push(token.to_owned());
            }
            if word.asks {
                self.0.push("?".to_owned());
            }
        }
    }

    /// Every token, and every pair of neighbours.
    fn features(&self) -> BTreeSet<String> {
        let alone = self.0.iter().skip(1).cloned();
        let pairs = self.0.windows(2).map(|pair| pair.join(" "));
        alone.chain(pairs).collect()
    }
}

fn is_number(text: &str) -> bool {
    let ordinals = [
        "first", "second", "third", "fourth", "fifth", "eighth", "ninth", "twelfth",
    ];
    text.starts_with(|first: char| first.is_ascii_digit())
        || is_number_word(text)
        || ordinals.contains(&text)
        || text.strip_suffix("th").is_some_and(is_number_word)
        || text
            .strip_suffix("ieth")
            .is_some_and(|start| is_number_word(&format!("{start}y")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likest(text: &str, rivals: &[Intent]) -> Option<Intent> {
        let said = words(text);
        Likeness::of([(&said[..], &[][..])].into_iter()).instead_of(rivals, 0.5)
    }

    #[test]
    fn every_section_of_the_examples_names_an_intent_and_has_enough() {
        for name in EXAMPLES.lines().filter_map(|line| line.strip_prefix("# ")) {
            let intent = Intent::ALL.into_iter().find(|intent| intent.name() == name);
            let count = examples(EXAMPLES).iter().filter(|(of, _)| Some(*of) == intent).count();
            assert!(count >= 30, "{name}: {count}");
        }
    }

    #[test]
    fn words_that_stand_in_no_example_have_an_opinion_like_their_neighbours() {
        assert_eq!(likest("gimme a sec I am juggling groceries", &[]), Some(Intent::Wait));
        assert_eq!(
            likest("any wiggle room left on Wednesday?", &[Intent::Policy]),
            Some(Intent::Availability)
        );
    }

    #[test]
    fn what_was_found_already_is_no_second_opinion() {
        assert_eq!(likest("gimme a sec", &[Intent::Wait]), None);
        assert_eq!(likest("", &[]), None);
        assert_eq!(likest("xylophone", &[]), None);
    }

    #[test]
    fn days_numbers_and_services_are_read_as_such() {
        let said = words("An oil change on Friday the twenty first at 3:30?");
        let mut tokens = Tokens::new();
        tokens.push(&said, std::slice::from_ref(&(1..3)));
        assert_eq!(tokens.0.join(" "), "^ an $service on $day the $number at $number ?");
    }
}
