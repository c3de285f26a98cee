//! Spoken calls to companies whose facts are made up anew from a seed: recorded questions in three voices that are not the
//! receptionist's, answered by the real models, and what a listener understands of the answers compared with the facts of the company.
//!
//! `FRONTDESK_TEST_SEED` puts one company of another seed, any number, in the place of the fixed ones.

use std::sync::Arc;

use frontdesk_engine::server::{EngineHandle, LocalSpeech};
use frontdesk_engine::speech::{HearingResampler, Speech, WIRE_RATE};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::json;

use crate::client::{Client, transcript};
use crate::generated_company::{RandomFacts, random_facts};
use crate::models::{recording, sound};
use crate::words::{word_errors, words};
use crate::{engine, files};

/// Any companies do; these are always the same, so that a failure is one of the code.
const SEEDS: [u64; 3] = [22, 333, 4444];

/// Chooses another company.
const SEED_VARIABLE: &str = "FRONTDESK_TEST_SEED";

/// Names of words that a listener knows how to write.
const SPEAKABLE_NAMES: &str =
    "(Silver|Copper|Golden|Crystal) (River|Mountain|Harbor|Garden|Bridge|Valley) (Works|House|Corner|Center)";

/// What the recorded questions ask for; the facts of a company are in this order.
const SERVICES: [&str; 6] = [
    "Oil change",
    "Battery replacement",
    "Tire service",
    "Air conditioning service",
    "Brake repair",
    "Engine diagnosis",
];

/// Calls until everything must have been understood: the voice is never twice the same, and a listener who missed something calls again.
const CALLS: usize = 6;

/// Most words that a listener may mishear in all answers, as a share; as many as over a telephone.
const MISHEARD: f64 = 0.15;

/// What must be heard after a question.
#[derive(Clone, Debug, PartialEq)]
struct Expectation {
    /// The recording; nothing for the greeting.
    asked: &'static str,
    fact: String,
}

/// Something that was said: the greeting, or the answer to a recorded question.
struct Saying {
    expected: Expectation,
    /// The answer as the receptionist writes it.
    written: String,
    /// The answer as a listener understands it.
    heard: String,
}

fn facts_of_seed(seed: u64) -> RandomFacts {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    random_facts(SPEAKABLE_NAMES).new_tree(&mut runner).unwrap().current()
}

/// What a caller of this company hears. The first is the greeting.
fn expectations(facts: &RandomFacts) -> Vec<Expectation> {
    let price = |service: usize| {
        let (low, high) = facts.prices[service];
        format!("${low} to ${high}")
    };
    let minutes = |service: usize| format!("{} minutes", facts.minutes[service]);
    let morning = |hour: u8| format!("{hour} AM");
    let afternoon = |hour: u8| format!("{} PM", hour - 12);
    let saturday = format!("{} to {}", morning(facts.saturday.0), afternoon(facts.saturday.1));
    [
        ("", facts.name.clone()),
        ("01-oil-change-price.wav", price(0)),
        ("13-battery-price.wav", price(1)),
        ("15-tire-price.wav", price(2)),
        ("17-air-conditioning-price.wav", price(3)),
        ("02-brake-repair-duration.wav", minutes(4)),
        ("14-diagnostics-duration.wav", minutes(5)),
        ("03-tuesday-opening.wav", morning(facts.opens)),
        ("16-friday-closing.wav", afternoon(facts.closes)),
        ("04-saturday-hours.wav", saturday),
        ("09-cancellation.wav", format!("{} hours", facts.notice)),
    ]
    .map(|(asked, fact)| Expectation { asked, fact })
    .to_vec()
}

/// Whether the words of the fact stand in the text, one after the other, as they are said.
fn tells(text: &str, fact: &str) -> bool {
    let (text, fact) = (words(text).join(" "), words(fact).join(" "));
    format!(" {text} ").contains(&format!(" {fact} "))
}

/// Calls the engine and asks. Faster than a person: the engine takes sound as fast as it comes.
async fn call(speech: &Speech, engine: &EngineHandle, expectations: Vec<Expectation>) -> Vec<Saying> {
    let mut client = Client::connect(engine).await;
    client.send(json!({ "type": "response.create" })).await;
    let mut greeting = Some(client.until("response.done").await);
    let mut sayings = Vec::new();
    for expected in expectations {
        let events = if expected.asked.is_empty() {
            greeting.take().unwrap()
        } else {
            client.speak(&recording(expected.asked)).await;
            client.until("response.done").await
        };
        let hearing = HearingResampler::new(WIRE_RATE).unwrap().push(&sound(&events)).unwrap();
        sayings.push(Saying {
            expected,
            written: transcript(&events),
            heard: speech.recognise(&hearing).unwrap().text,
        });
    }
    sayings
}

/// Calls until everything is understood, or often enough.
async fn ask_all(speech: &Arc<Speech>, facts: &RandomFacts) -> Vec<Saying> {
    let company = facts.company("car repair workshop", &SERVICES);
    let engine = engine(company, Arc::clone(speech) as Arc<dyn LocalSpeech>).await;
    let mut sayings = Vec::new();
    for _ in 0..CALLS {
        let open = not_understood(&sayings, &expectations(facts));
        if !open.is_empty() {
            sayings.extend(call(speech, &engine, open).await);
        }
    }
    engine.shut_down().await;
    sayings
}

/// What no saying made a listener understand.
fn not_understood(sayings: &[Saying], expectations: &[Expectation]) -> Vec<Expectation> {
    let understood = |wanted: &Expectation| {
        let mut answers = sayings.iter().filter(|saying| saying.expected.asked == wanted.asked);
        answers.any(|saying| tells(&saying.heard, &wanted.fact))
    };
    let open = expectations.iter().filter(|wanted| !understood(wanted));
    open.cloned().collect()
}

fn report(sayings: &[Saying]) -> String {
    let line = |saying: &Saying| {
        let Expectation { asked, fact } = &saying.expected;
        format!(
            "{asked} {fact}\n  written: {}\n  heard:   {}\n",
            saying.written, saying.heard
        )
    };
    sayings.iter().map(line).collect()
}

/// A company of which every fact is another one.
fn stranger(facts: &RandomFacts) -> RandomFacts {
    let own = expectations(facts);
    let differs = |other: &RandomFacts| {
        let mut pairs = expectations(other).into_iter().zip(&own);
        pairs.all(|(other, own)| other != *own)
    };
    (0..).map(facts_of_seed).find(differs).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listener_understands_the_made_up_facts_of_the_company_that_is_called_and_of_no_other() {
    let seeds = match std::env::var(SEED_VARIABLE) {
        Ok(seed) => vec![seed.parse().expect("the seed is a number")],
        Err(_) => SEEDS.to_vec(),
    };
    let speech = Arc::new(Speech::load(&files::model_files()).unwrap());
    for seed in seeds {
        let facts = facts_of_seed(seed);
        let sayings = ask_all(&speech, &facts).await;
        println!("{SEED_VARIABLE}={seed} gives {facts:?}\n{}", report(&sayings));

        for saying in &sayings {
            let Saying { expected, written, .. } = saying;
            assert!(tells(written, &expected.fact), "no {} in {written}", expected.fact);
        }
        let open = not_understood(&sayings, &expectations(&facts));
        let open: Vec<&str> = open.iter().map(|open| open.fact.as_str()).collect();
        assert!(open.is_empty(), "not understood in {CALLS} calls: {open:?}");

        let (mut said, mut misheard) = (0, 0);
        for Saying { written, heard, .. } in &sayings {
            said += words(written).len();
            misheard += word_errors(&words(written), &words(heard));
        }
        let share = misheard as f64 / said as f64;
        assert!(share <= MISHEARD, "{share:.2} of the words were misheard");

        // The comparison can fail: by the facts of another company nothing of this was right.
        let others = expectations(&stranger(&facts));
        assert_eq!(not_understood(&sayings, &others).len(), others.len(), "{others:?}");
    }
}
