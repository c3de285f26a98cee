//! The labelled questions of `tests/fixtures/questions` over two companies, and a company with random facts: the right fact is told, no
//! fact is invented, and what the profile does not hold is said honestly.

#[path = "support/generated_company.rs"]
mod generated_company;

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use frontdesk_company::{CompanyProfile, render_brief};
use frontdesk_engine::dialogue::{CompanyKnowledge, Dialogue, Prompt, Purpose, Receptionist};
use generated_company::random_facts;
use jiff::Timestamp;
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct QuestionSet {
    now: Timestamp,
    questions: Vec<Labelled>,
}

#[derive(Deserialize)]
struct Labelled {
    ask: String,
    #[serde(default)]
    facts: Vec<String>,
    #[serde(default)]
    absent: Vec<String>,
    #[serde(default)]
    unknown: bool,
}

/// Share of the questions that must get the right fact.
const RIGHT: f64 = 0.85;

/// What an honest line holds.
const HONEST: &[&str] = &["don't have", "don't know", "don't see"];

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures")
}

fn read(path: &str) -> String {
    let path = fixtures().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn answer(company: &CompanyKnowledge, question: &str, now: Timestamp) -> String {
    let mut receptionist = Receptionist::new(company);
    receptionist.respond(
        Prompt::Unprompted {
            purpose: Purpose::Greeting,
            instructions: None,
        },
        now,
    );
    receptionist
        .respond(
            Prompt::Caller {
                text: question,
                confidence: 0.9,
            },
            now,
        )
        .text
}

/// Everything in figures: prices, times, counts. A figure that the company did not give is invented.
fn figures(text: &str) -> HashSet<String> {
    let marks = |character: char| !character.is_ascii_digit() && !matches!(character, '.' | ',' | ':');
    text.split(marks)
        .map(|figure| figure.trim_matches(['.', ',', ':']).to_owned())
        .filter(|figure| figure.contains(|character: char| character.is_ascii_digit()))
        .collect()
}

/// Figures that may stand in an answer: those of the profile, hours made of minutes, and the date and time of the call.
fn known_figures(company: &CompanyProfile, now: Timestamp) -> HashSet<String> {
    let here = now.to_zoned(company.time_zone.rules().clone());
    let mut known = figures(&render_brief(company));
    known.extend(
        company
            .services
            .iter()
            .filter_map(|service| service.minutes)
            .flat_map(|minutes| figures(&minutes.readable())),
    );
    let days = std::iter::successors(Some(here.date()), |date| date.tomorrow().ok()).take(366);
    known.extend(days.map(|date| date.day().to_string()));
    known.extend(figures(&here.strftime("%-I:%M").to_string()));
    known
}

fn wrong_answers(company: CompanyProfile, set: &QuestionSet) -> Vec<String> {
    let known = known_figures(&company, set.now);
    let company = CompanyKnowledge::new(Arc::new(company));
    let mut wrong = Vec::new();
    for question in &set.questions {
        let told = answer(&company, &question.ask, set.now);
        let lower = told.to_lowercase();
        let right = if question.unknown {
            HONEST.iter().any(|honest| told.contains(honest)) && figures(&told).is_empty()
        } else {
            question.facts.iter().all(|fact| lower.contains(&fact.to_lowercase()))
                && !question.absent.iter().any(|fact| lower.contains(&fact.to_lowercase()))
        };
        if !right {
            wrong.push(format!("{}\n    {told}", question.ask));
        }
        // A time that the caller named may be said back, with its minutes: "7 pm", "7:00 PM".
        let named = figures(&question.ask);
        let invented: Vec<String> = figures(&told)
            .difference(&known)
            .filter(|figure| !named.contains(figure.trim_end_matches(":00")))
            .cloned()
            .collect();
        assert!(
            invented.is_empty(),
            "{} was answered with figures that nobody gave: {invented:?}\n    {told}",
            question.ask
        );
    }
    wrong
}

fn check(company: CompanyProfile, questions: &str) {
    let set: QuestionSet = toml::from_str(&read(questions)).unwrap_or_else(|error| panic!("{questions}: {error}"));
    let total = set.questions.len();
    let wrong = wrong_answers(company, &set);
    let share = 1.0 - wrong.len() as f64 / total as f64;
    assert!(
        share >= RIGHT,
        "{share:.2} of {total} right. Wrong:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn the_sample_company_is_told_about_rightly() {
    check(frontdesk_company::sample().unwrap(), "questions/prime-auto-lab.toml");
}

#[test]
fn a_company_of_another_trade_is_told_about_rightly() {
    let company = CompanyProfile::parse(&read("companies/harbour-lane-dental.toml")).unwrap();
    check(company, "questions/harbour-lane-dental.toml");
}

const TRADES: &[(&str, &[&str])] = &[
    ("hair salon", &["Haircut", "Beard trim", "Full colour", "Perm"]),
    (
        "bicycle workshop",
        &[
            "Puncture repair",
            "Wheel truing",
            "Gear adjustment",
            "Safety inspection",
        ],
    ),
    (
        "veterinary clinic",
        &["Vaccination", "Dental scaling", "Microchipping", "Claw trimming"],
    ),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn random_facts_are_told_as_they_stand(facts in random_facts("[A-Z][a-z]{3,8} (Works|House|Corner)"), trade in 0_usize..3) {
        let (trade, services) = TRADES[trade];
        let company = CompanyKnowledge::new(Arc::new(facts.company(trade, services)));
        let now: Timestamp = "2026-11-23T15:00:00Z".parse().expect("a timestamp");
        for (at, service) in services.iter().enumerate() {
            let (low, high) = facts.prices[at];
            let told = answer(&company, &format!("How much is the {}?", service.to_lowercase()), now);
            prop_assert!(told.contains(&format!("${low} to ${high}")), "{service}: {told}");
            let told = answer(&company, &format!("and how long does a {service} take"), now);
            prop_assert!(told.contains(&format!("{} minutes", facts.minutes[at])), "{service}: {told}");
        }
        let told = answer(&company, "What are your hours on Monday?", now);
        let closes = facts.closes - 12;
        prop_assert!(told.contains(&format!("{}:00 AM to {closes}:00 PM", facts.opens)), "{told}");
        let told = answer(&company, "What if I have to cancel?", now);
        prop_assert!(told.contains(&format!("{} hours", facts.notice)), "{told}");
        let told = answer(&company, "Who am I speaking with?", now);
        prop_assert!(told.contains(&facts.name), "{told}");
        let told = answer(&company, "How much is a helicopter flight?", now);
        prop_assert!(HONEST.iter().any(|honest| told.contains(honest)), "{told}");
    }
}
