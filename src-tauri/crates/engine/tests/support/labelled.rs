//! The labelled utterances of `tests/fixtures/understanding`, and how an understanding of one is judged. README.md there says what counts.

#![allow(
    dead_code,
    reason = "each of the targets that share this file uses another part of it"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use frontdesk_engine::dialogue::{AskedFor, CompanyKnowledge, Intent, Receptionist, Slots, Understanding};
use jiff::Timestamp;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

/// What the unseen half weighs: a changed file is another measurement.
const UNSEEN_SHA256: &str = "01dcd1e9825147255daabac1e1da36298f5d7e6beb556e6cb93450c6f37f91fb";

/// The moment of every utterance: Tuesday, November 24, 2026, 10:00 in Chicago.
const NOW: &str = "2026-11-24T16:00:00Z";

/// Words that a person says, with what they mean.
#[derive(Clone, Debug, Deserialize)]
pub struct Labelled {
    pub text: String,
    /// What the receptionist asked just before.
    #[serde(default)]
    after: String,
    /// The day whose time was asked for.
    #[serde(default)]
    day: String,
    pub intents: Vec<String>,
    #[serde(default)]
    slots: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct File {
    utterance: Vec<Labelled>,
}

/// What the rules were written with, what was unseen before, and what others have written since.
pub fn seen() -> Vec<Labelled> {
    [
        "seen.toml",
        "unseen-before.toml",
        "unseen-second.toml",
        "seen-others.toml",
    ]
    .iter()
    .flat_map(|name| parsed(&text_of(name)))
    .collect()
}

/// What the rules were first written with. What is measured by sound is spoken from it: it stays the same while the suite grows.
pub fn first_seen() -> Vec<Labelled> {
    parsed(&text_of("seen.toml"))
}

/// The half that was written without sight of the rules. It must be the file that was committed first.
pub fn unseen() -> Vec<Labelled> {
    let text = text_of("unseen.toml");
    let hash: String = Sha256::digest(text.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(hash, UNSEEN_SHA256, "the unseen half was changed");
    parsed(&text)
}

fn text_of(name: &str) -> String {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../tests/fixtures/understanding")
        .join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    // A checkout on Windows may end its lines in another way.
    text.replace("\r\n", "\n")
}

fn parsed(text: &str) -> Vec<Labelled> {
    let File { utterance } = toml::from_str(text).unwrap_or_else(|error| panic!("{error}"));
    utterance
}

impl Labelled {
    fn asked(&self) -> AskedFor {
        match self.after.as_str() {
            "" => AskedFor::Nothing,
            "name" => AskedFor::Name,
            "phone" => AskedFor::Phone,
            "service" => AskedFor::Service,
            "day" => AskedFor::Day,
            "time" => AskedFor::Time {
                day: self
                    .day
                    .parse()
                    .unwrap_or_else(|error| panic!("{}: {error}", self.text)),
            },
            "confirm" => AskedFor::Confirmation,
            "anything_else" => AskedFor::AnythingElse,
            other => panic!("{other} is no question of the list"),
        }
    }
}

/// The receptionist of the sample company, who understands.
pub struct Listener {
    company: CompanyKnowledge,
    receptionist: Receptionist,
}

impl Listener {
    pub fn new() -> Self {
        let company = frontdesk_company::sample().unwrap_or_else(|error| panic!("{error:?}"));
        let company = CompanyKnowledge::new(Arc::new(company));
        Self {
            receptionist: Receptionist::new(&company),
            company,
        }
    }

    /// A receptionist of the same company at the beginning of a call.
    pub fn newcomer(&self) -> Receptionist {
        Receptionist::new(&self.company)
    }

    /// What `text` means after the question of the label.
    pub fn understand(&self, label: &Labelled, text: &str) -> Understanding {
        self.receptionist.understand(text, label.asked(), now())
    }
}

/// The moment of every utterance.
pub fn now() -> Timestamp {
    NOW.parse().unwrap_or_else(|error| panic!("{error}"))
}

/// How many of how many.
#[derive(Clone, Copy, Debug, Default)]
pub struct Share {
    pub right: usize,
    pub all: usize,
}

impl Share {
    pub fn value(self) -> f64 {
        self.right as f64 / self.all.max(1) as f64
    }
}

/// The judgement of many utterances.
#[derive(Debug, Default)]
pub struct Score {
    pub intents: Share,
    per_intent: BTreeMap<String, Share>,
    per_slot: BTreeMap<String, (usize, usize, usize)>,
}

impl Score {
    /// Judges what was understood of one utterance; gives what is wrong, in words.
    pub fn judge(&mut self, label: &Labelled, understood: &Understanding) -> Option<String> {
        let mut found: Vec<&str> = understood.intents.iter().map(|intent| intent.name()).collect();
        let mut wanted: Vec<&str> = label.intents.iter().map(String::as_str).collect();
        let is_courtesy = |name: &&str| {
            Intent::ALL
                .iter()
                .any(|intent| intent.name() == *name && intent.is_courtesy())
        };
        if !wanted.iter().all(is_courtesy) {
            wanted.retain(|name| !is_courtesy(name));
        }
        found.sort_unstable();
        wanted.sort_unstable();
        // "Thanks, bye" is both, whichever of them was written down.
        let right =
            found == wanted || (wanted.iter().all(is_courtesy) && wanted.iter().any(|name| found.contains(name)));
        self.intents.all += 1;
        self.intents.right += usize::from(right);
        for intent in &label.intents {
            let share = self.per_intent.entry(intent.clone()).or_default();
            share.all += 1;
            share.right += usize::from(right);
        }
        let told = values(&understood.slots);
        let slots_right = self.judge_slots(&label.slots, &told);
        (!right || !slots_right).then(|| {
            format!(
                "[{}] {}\n    wanted {wanted:?} {:?}\n    found  {found:?} {told:?}",
                label.after, label.text, label.slots
            )
        })
    }

    fn judge_slots(&mut self, wanted: &BTreeMap<String, String>, told: &BTreeMap<String, String>) -> bool {
        let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
        let mut right = true;
        for (slot, value) in wanted {
            let entry = self.per_slot.entry(slot.clone()).or_default();
            let hit = told.get(slot).is_some_and(|told| same(told, value));
            entry.0 += usize::from(hit);
            entry.1 += usize::from(!hit);
            right &= hit;
        }
        for (slot, value) in told {
            let extra = wanted.get(slot).is_none_or(|wanted| !same(wanted, value));
            self.per_slot.entry(slot.clone()).or_default().2 += usize::from(extra);
            right &= !extra;
        }
        right
    }

    /// F1 over all slots: twice the right values by all that were wanted and all that were found.
    pub fn slots(&self) -> f64 {
        let (hit, missed, extra) = self
            .per_slot
            .values()
            .fold((0, 0, 0), |sum, slot| (sum.0 + slot.0, sum.1 + slot.1, sum.2 + slot.2));
        2.0 * hit as f64 / (2 * hit + missed + extra).max(1) as f64
    }

    /// The figures, overall, per intent and per slot.
    pub fn report(&self, name: &str) -> String {
        let mut lines = vec![format!(
            "{name}: intents {:.1} % of {}, slots {:.1} %",
            100.0 * self.intents.value(),
            self.intents.all,
            100.0 * self.slots()
        )];
        let intents = self.per_intent.iter();
        lines.extend(intents.map(|(intent, share)| format!("  {intent:<13} {:>3} of {:>3}", share.right, share.all)));
        let slots = self.per_slot.iter();
        lines.extend(slots.map(|(slot, (hit, missed, extra))| {
            format!("  {slot:<13} {hit:>3} right, {missed} missed or wrong, {extra} not said or wrong")
        }));
        lines.join("\n")
    }
}

fn values(slots: &Slots) -> BTreeMap<String, String> {
    let known = [
        ("service", slots.service.clone()),
        ("date", slots.date.map(|date| date.to_string())),
        ("time", slots.time.map(|time| time.strftime("%H:%M").to_string())),
        ("part", slots.part.map(|part| part.name().to_owned())),
        ("name", slots.name.clone()),
        ("phone", slots.phone.clone()),
        ("email", slots.email.clone()),
        ("confirmation", slots.confirmation.clone()),
    ];
    let said = known
        .into_iter()
        .filter_map(|(slot, value)| Some((slot.to_owned(), value?)));
    said.collect()
}
