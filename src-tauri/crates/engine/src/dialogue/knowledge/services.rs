//! Which services an utterance names, also when the recogniser misspells them or the caller says only a part.
//!
//! A name's own words tell it ("brake" in "brake repair"); words that many services share ("repair") only support. Pure, any thread.

use std::collections::HashMap;

use frontdesk_company::CompanyProfile;

use super::{GENERIC_WEIGHT, Weights, fit};
use crate::dialogue::lexicon::{Term, terms};
use crate::dialogue::resemblance::CERTAIN;
use crate::dialogue::words::words;

/// A service that was named.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ServiceMatch {
    /// Position in the profile's list.
    pub index: usize,
    /// Share of the name that was said, 0 to 1.
    pub share: f32,
    /// Positions of the terms that named it.
    pub used: Vec<usize>,
    /// True when only a part of the name was said and another kind of work with it ("engine replacement" for "engine diagnostics"):
    /// the service is near, but not what was asked for.
    pub near_only: bool,
}

/// A service with the words of all its names.
pub(super) struct NamedService {
    names: Vec<Name>,
}

struct Name {
    parts: Vec<NamePart>,
    /// Share of it that must be said.
    enough: f32,
}

struct NamePart {
    term: Term,
    weight: f32,
    /// Tells this service from the others.
    own: bool,
}

/// Share of a name from which it counts as said.
const ENOUGH: f32 = 0.5;

/// Share of another name from which it counts as said: aliases are looser, and half of "scale and polish" is a language.
const ENOUGH_OF_ALIAS: f32 = 0.6;

/// Share of a name of common words, such as "regular service", from which it counts as said.
const ENOUGH_OF_COMMON: f32 = 0.9;

/// Share from which a further service counts beside a better one.
const ENOUGH_BESIDE: f32 = 0.74;

pub(super) fn index(profile: &CompanyProfile, weights: &Weights) -> Vec<NamedService> {
    // A word that stands in the names of several services tells them apart less.
    let mut spread: HashMap<String, f32> = HashMap::new();
    for service in &profile.services {
        let mut stems: Vec<String> = service
            .names()
            .flat_map(|name| terms(name).into_iter().map(|term| term.word.stem))
            .collect();
        stems.sort();
        stems.dedup();
        for stem in stems {
            *spread.entry(stem).or_default() += 1.0;
        }
    }
    profile
        .services
        .iter()
        .map(|service| {
            let spoken = service
                .names()
                .enumerate()
                .map(|(at, name)| named(name, at > 0, &spread, weights));
            let written = service.names().filter_map(in_one_word);
            let names = spoken.chain(written).chain(abbreviation(&service.name));
            NamedService {
                names: names.filter(|name| !name.parts.is_empty()).collect(),
            }
        })
        .collect()
}

fn named(name: &str, is_alias: bool, spread: &HashMap<String, f32>, weights: &Weights) -> Name {
    let all = terms(name);
    let shared = |term: &Term| term.generic || weights.is_of_trade(term);
    let common = !all
        .iter()
        .any(|term| !shared(term) && (!term.light || term.concept.is_some()));
    let spread_of = |term: &Term| spread.get(&term.word.stem).copied().unwrap_or(1.0);
    // "Guy's haircut" without its light word would be any haircut.
    let told_by_light = !all
        .iter()
        .any(|term| !term.light && !shared(term) && spread_of(term) < 2.0);
    let parts: Vec<NamePart> = all
        .into_iter()
        .filter(|term| common || told_by_light || !term.light)
        .map(|term| {
            let own = common || !shared(&term);
            let shared_by = spread_of(&term);
            let weight = if own { 1.0 / shared_by.sqrt() } else { GENERIC_WEIGHT };
            NamePart { term, weight, own }
        })
        .collect();
    let enough = match (common, is_alias) {
        (true, _) => ENOUGH_OF_COMMON,
        (false, true) => ENOUGH_OF_ALIAS,
        (false, false) => ENOUGH,
    };
    Name { parts, enough }
}

/// "checkup" for "check-up": names of two words are also written as one.
fn in_one_word(name: &str) -> Option<Name> {
    let joined: String = match words(name).as_slice() {
        [first, second] => format!("{}{}", first.text, second.text),
        _ => return None,
    };
    single(&joined)
}

fn single(word: &str) -> Option<Name> {
    let term = terms(word).into_iter().next().filter(Term::is_content)?;
    Some(Name {
        parts: vec![NamePart {
            term,
            weight: 1.0,
            own: true,
        }],
        enough: ENOUGH,
    })
}

/// "AC" for "Air conditioning service": the initials of the own words, where there are several.
fn abbreviation(name: &str) -> Option<Name> {
    let own: Vec<Term> = terms(name)
        .into_iter()
        .filter(|term| !term.generic && !term.light)
        .collect();
    let letters: String = own.iter().filter_map(|term| term.word.text.chars().next()).collect();
    if own.len() > 1 { single(&letters) } else { None }
}

pub(super) fn find(services: &[NamedService], said: &[Term]) -> Vec<ServiceMatch> {
    let all = with_joined_pairs(said);
    let mut found: Vec<ServiceMatch> = services
        .iter()
        .enumerate()
        .filter_map(|(index, service)| {
            let best = service
                .names
                .iter()
                .filter_map(|name| said_share(index, name, said, &all));
            best.max_by(|one, other| one.share.total_cmp(&other.share))
        })
        .collect();
    found.sort_by(|one, other| other.share.total_cmp(&one.share));
    let mut kept: Vec<ServiceMatch> = Vec::new();
    for candidate in found {
        let fresh = candidate
            .used
            .iter()
            .any(|at| kept.iter().all(|better| !better.used.contains(at)));
        let as_good = kept
            .last()
            .is_some_and(|last| (last.share - candidate.share).abs() < 0.02 && last.used == candidate.used);
        if kept.is_empty() || as_good || (fresh && candidate.share >= ENOUGH_BESIDE) {
            kept.push(candidate);
        }
    }
    if kept.is_empty() {
        kept = all_of_a_kind(services, &all);
    }
    // In the order in which they were said.
    kept.sort_by_key(|found| found.used.first().copied());
    kept
}

/// Most services that one word may mean at once.
const MOST_OF_A_KIND: usize = 4;

/// "A haircut" where there are a women's and a men's haircut: all that share the word.
fn all_of_a_kind(services: &[NamedService], all: &[(Vec<usize>, Term)]) -> Vec<ServiceMatch> {
    let shares = |service: &NamedService| {
        let parts = service
            .names
            .first()?
            .parts
            .iter()
            .filter(|part| part.own && part.weight < 1.0);
        let mut said = parts.filter_map(|part| all.iter().find(|(_, term)| fit(term, &part.term) >= CERTAIN));
        said.next().map(|(used, _)| used.clone())
    };
    let found: Vec<ServiceMatch> = services
        .iter()
        .enumerate()
        .filter_map(|(index, service)| {
            Some(ServiceMatch {
                index,
                share: ENOUGH,
                used: shares(service)?,
                near_only: false,
            })
        })
        .collect();
    if (2..=MOST_OF_A_KIND).contains(&found.len()) {
        found
    } else {
        Vec::new()
    }
}

/// The terms, and after them every two neighbours as one word, with their positions: "hair cut" finds "haircut".
fn with_joined_pairs(said: &[Term]) -> Vec<(Vec<usize>, Term)> {
    let singles = said.iter().enumerate().map(|(at, term)| (vec![at], term.clone()));
    let pairs = said.windows(2).enumerate().filter_map(|(at, pair)| match pair {
        [first, second] if first.concept.is_none() && second.concept.is_none() && !first.word.ends_clause => {
            let joined = format!("{}{}", first.word.text, second.word.text);
            Some((vec![at, at + 1], terms(&joined).into_iter().next()?))
        }
        _ => None,
    });
    singles.chain(pairs).collect()
}

/// The share of one name that was said, if it is enough. `all` are the terms with their joined pairs.
fn said_share(index: usize, name: &Name, said: &[Term], all: &[(Vec<usize>, Term)]) -> Option<ServiceMatch> {
    let mut used = Vec::new();
    let mut own_used = Vec::new();
    let (mut matched, mut total, mut part_missing, mut unsure) = (0.0, 0.0, false, false);
    for part in &name.parts {
        total += part.weight;
        let best = all
            .iter()
            .map(|(at, term)| (at, fit(term, &part.term)))
            .max_by(|(_, one), (_, other)| one.total_cmp(other))
            .filter(|(_, fit)| *fit > 0.0);
        match best {
            Some((at, quality)) => {
                matched += part.weight * quality;
                used.extend(at);
                if part.own {
                    own_used.extend(at);
                    unsure |= quality < CERTAIN;
                }
            }
            None => part_missing = true,
        }
    }
    let only_sound = unsure && used.len() < 2;
    let share = matched / total;
    if own_used.is_empty() || only_sound || share < name.enough {
        return None;
    }
    let other_work = said.iter().enumerate().any(|(at, term)| {
        term.generic && !used.contains(&at) && at.checked_sub(1).is_some_and(|before| own_used.contains(&before))
    });
    used.sort_unstable();
    Some(ServiceMatch {
        index,
        share,
        used,
        near_only: part_missing && other_work,
    })
}
