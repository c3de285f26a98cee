//! What English words mean to a receptionist of any trade: words that carry nothing, turns of phrase, kinds of things, homophones.
//!
//! Knowledge of the language only, never of a company: every fact comes from the profile. Pure data and look-ups, any thread.

mod phrases;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

pub(crate) use phrases::{Concept, ESTIMATE, WALK_IN};

use super::words::{Word, join_letters, stem, words};

/// Words that carry no topic: auxiliaries, pronouns, politeness, and verbs that fit every request.
const LIGHT: &str = "a an the this that these those there here it its i me my mine we us our ours you your yours he him his she her they \
    them their one ones who whom whose which what when where why how be am is are was were been being do does did done doing have has had \
    having can could will would shall should may might must ought let lets and or but so if then than because as of at by for from in into \
    on onto off out over to too up down with about after before between during through per via not no nor any some all each every both \
    either neither more most less least much many few other another such own same very just only also even still yet again ever never \
    always already really actually maybe perhaps probably please kindly hi hello hey um uh er ah oh okay ok well like want need wish hope \
    know tell ask say said speak talk question wonder wondering curious think thought guess look looking see find get got getting give \
    given go going gone come coming make made take taking taken put keep let use using used accept allow allowed welcome offer offers \
    offered provide have possible able help helps able thing things something anything everything nothing someone somebody anyone anybody \
    kind sort type lot bit way case fact idea information info detail details guys folks people person sir madam miss mr mrs happen \
    happens around kinda gonna wanna gotta though however first last next now soon today please thing be right good great fine nice \
    call calling called work works working company business place shop store office team yourself myself today's try trying does deal handle \
    currently there's bring brings hear heard understand mean means meant exactly specific specifically particular able \
    usually normally typically available explain describe policy policies rule rules include includes included including \
    customer customers client clients guy stuff sure else yes no yeah mother mom mum father dad wife husband friend sister brother \
    family write send reach turn sell buy carry stock far advance ahead";

/// Words that many services share, so that none is told by them alone.
const GENERIC: &str = "service repair replace replacement change check checkup maintenance treatment session visit care installation install \
    inspection test fix package full basic general regular standard complete deluxe premium mini quick new routine annual single simple \
    special specialist professional custom appointment consultation job swap exchange do done set";

/// A general word and the special ones that callers say instead.
const KINDS: &[(&str, &str)] = &[
    (
        "payment",
        "cash card cards visa mastercard amex debit credit cheque check paypal venmo zelle bitcoin crypto contactless invoice wallet",
    ),
    ("card", "visa mastercard amex debit"),
    ("pet", "dog cat puppy kitten rabbit hamster bird parrot"),
    ("child", "kid baby toddler infant teenager son daughter"),
    (
        "make",
        "bmw audi mercedes toyota honda ford chevrolet chevy nissan hyundai kia mazda subaru volkswagen vw volvo tesla jeep dodge lexus \
         porsche fiat renault peugeot skoda acura cadillac chrysler buick gmc infiniti jaguar mitsubishi",
    ),
    ("car", "vehicle truck van suv pickup sedan auto automobile"),
    (
        "language",
        "spanish french german chinese mandarin polish italian portuguese arabic russian hindi vietnamese korean",
    ),
    ("insurance", "medicare medicaid aetna cigna humana delta ppo hmo"),
    ("drink", "coffee tea water soda"),
];

/// What callers ask the wrong number for: it is no business of a company that does not name it itself.
const ELSEWHERE: &str = "pizza pepperoni burger sandwich sushi food restaurant takeout weather forecast rain raining snow snowing sunny \
    joke poem song sing game football soccer basketball baseball hockey league won election president horoscope lottery \
    recipe movie film cinema bitcoin flight flights airline hotel bus taxi cab uber dentist doctor hospital \
    haircut hair barber salon manicure plumber electrician lawyer homework translate capital math love marry flower flowers groceries \
    laundry";

/// Words that sound the same, or that mean the same and are spelled in two ways.
const HOMOPHONES: &str = "brake break/tire tyre tier/hair hare/heir air/nail nale/dye die/wax whacks/sole soul/heel heal/pedal peddle/pane \
    pain/suite sweet/flour flower/route root/plumber plummer/cell sell/sight site/waste waist/pair pear/feet feat/mail male/board bored/fur \
    fir/check cheque/color colour/gray grey/center centre/aluminum aluminium/steal steel/wheel weal/gauge gage/teeth tooth/foot feet/child \
    children/man men/woman women/piece peace/plain plane/sore soar/toe tow/base bass/cord chord/draft draught/vein vain";

struct Tables {
    elsewhere: HashMap<String, ()>,
    light: HashMap<String, ()>,
    generic: HashMap<String, ()>,
    general_of: HashMap<String, Vec<String>>,
    homophone_groups: HashMap<String, Vec<usize>>,
    phrases: HashMap<String, Vec<(Vec<PhraseWord>, Concept)>>,
}

/// One word of a phrase.
struct PhraseWord {
    stem: String,
    /// Comparatives must be said as such: "longer" is not "long".
    exactly: Option<String>,
}

impl PhraseWord {
    fn is(&self, word: &Word) -> bool {
        self.stem == word.stem && self.exactly.as_ref().is_none_or(|text| *text == word.text)
    }
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(Tables::build)
}

impl Tables {
    fn build() -> Self {
        let stems = |list: &str| list.split_whitespace().map(|word| (stem(word), ())).collect();
        let mut general_of: HashMap<String, Vec<String>> = HashMap::new();
        for (general, special) in KINDS {
            for word in special.split_whitespace() {
                general_of.entry(stem(word)).or_default().push(stem(general));
            }
        }
        let mut homophone_groups: HashMap<String, Vec<usize>> = HashMap::new();
        for (number, group) in HOMOPHONES.split('/').enumerate() {
            for word in group.split_whitespace() {
                homophone_groups.entry(stem(word)).or_default().push(number);
            }
        }
        let mut phrases: HashMap<String, Vec<(Vec<PhraseWord>, Concept)>> = HashMap::new();
        for (concept, list) in phrases::PHRASES {
            for phrase in list.split('/') {
                let exact =
                    |word: &Word| concept.compares() && (word.text.ends_with("er") || word.text.ends_with("est"));
                let parts: Vec<PhraseWord> = words(phrase)
                    .into_iter()
                    .map(|word| PhraseWord {
                        exactly: exact(&word).then(|| word.text.clone()),
                        stem: word.stem,
                    })
                    .collect();
                if let Some(first) = parts.first().map(|part| part.stem.clone()) {
                    phrases.entry(first).or_default().push((parts, *concept));
                }
            }
        }
        for list in phrases.values_mut() {
            list.sort_by_key(|(parts, concept)| (std::cmp::Reverse(parts.len()), !concept.compares()));
        }
        Self {
            elsewhere: stems(ELSEWHERE),
            light: stems(LIGHT),
            generic: stems(GENERIC),
            general_of,
            homophone_groups,
            phrases,
        }
    }
}

/// One unit of meaning: a word, or a turn of phrase taken as one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Term {
    /// Which words of the utterance it takes.
    pub span: Range<usize>,
    /// The word, or the words of the phrase joined.
    pub word: Word,
    /// What the phrase means, where the lexicon knows it.
    pub concept: Option<Concept>,
    /// Carries no topic.
    pub light: bool,
    /// Shared by many services.
    pub generic: bool,
}

impl Term {
    /// True when a topic can be told by it.
    pub fn is_content(&self) -> bool {
        !self.light && !self.concept.is_some_and(Concept::is_cue)
    }
}

/// Words between the words of a phrase that do not break it: "what are *the* prices", "call *me* back".
fn bridges(word: &Word) -> bool {
    matches!(
        word.text.as_str(),
        "a" | "an" | "the" | "your" | "my" | "our" | "any" | "please" | "some" | "just" | "also" | "like" | "um" | "uh"
    )
}

/// Splits a text into terms: the longest known phrase at each place, else the word.
pub(crate) fn terms(text: &str) -> Vec<Term> {
    terms_of(&join_letters(words(text)))
}

/// As [`terms`], over words that are split already.
pub(crate) fn terms_of(words: &[Word]) -> Vec<Term> {
    let tables = tables();
    let mut found = Vec::with_capacity(words.len());
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let phrase = tables.phrases.get(&word.stem).and_then(|list| {
            list.iter()
                .find_map(|(parts, concept)| phrase_end(&words[at..], parts).map(|length| (length, *concept)))
        });
        let length = phrase.map_or(1, |(length, _)| length);
        let concept = phrase.map(|(_, concept)| concept);
        let taken = &words[at..at + length];
        let word = if length == 1 { word.clone() } else { joined(taken) };
        let single = length == 1;
        let light = concept.is_none() && tables.light.contains_key(&word.stem);
        let generic = single && tables.generic.contains_key(&word.stem);
        found.push(Term {
            span: at..at + length,
            word,
            concept,
            light,
            generic,
        });
        at += length;
    }
    found
}

/// Length in words of the phrase at the start of `words`, when it stands there.
fn phrase_end(words: &[Word], parts: &[PhraseWord]) -> Option<usize> {
    let mut wanted = parts.iter().peekable();
    for (at, word) in words.iter().enumerate() {
        match wanted.peek() {
            Some(part) if part.is(word) => {
                wanted.next();
            }
            Some(_) if at > 0 && bridges(word) => {}
            _ => return None,
        }
        if wanted.peek().is_none() {
            return Some(at + 1);
        }
        // A phrase does not reach over the end of a sentence part.
        if word.ends_clause {
            return None;
        }
    }
    None
}

fn joined(words: &[Word]) -> Word {
    let join = |part: fn(&Word) -> &str| words.iter().map(part).collect::<Vec<_>>().join(" ");
    Word {
        text: join(|word| &word.text),
        stem: join(|word| &word.stem),
        shown: join(|word| &word.shown),
        ends_clause: words.last().is_some_and(|word| word.ends_clause),
        ends_sentence: words.last().is_some_and(|word| word.ends_sentence),
        asks: words.last().is_some_and(|word| word.asks),
        hyphenated: false,
    }
}

/// Whether two stems are in one group of homophones or spellings.
pub(crate) fn are_homophones(one: &str, other: &str) -> bool {
    let groups = &tables().homophone_groups;
    match (groups.get(one), groups.get(other)) {
        (Some(left), Some(right)) => left.iter().any(|group| right.contains(group)),
        _ => false,
    }
}

/// Whether `special` is a kind of `general`: a Visa is a card, a dog is a pet.
pub(crate) fn is_kind_of(special: &str, general: &str) -> bool {
    tables().general_of.get(special).is_some_and(|list| {
        list.iter()
            .any(|known| known == general || are_homophones(known, general))
    })
}

/// Whether callers use the word in its own right, so that it is no slip for another one.
pub(crate) fn is_everyday(word: &Word) -> bool {
    let tables = tables();
    tables.light.contains_key(&word.stem)
        || tables.generic.contains_key(&word.stem)
        || tables.phrases.contains_key(&word.stem)
}

/// Whether the word names what no caller of this company can mean, unless its profile has it.
pub(crate) fn is_of_elsewhere(word: &Word) -> bool {
    tables().elsewhere.contains_key(&word.stem)
}

/// Whether the word carries no topic.
pub(crate) fn is_light(word: &Word) -> bool {
    tables().light.contains_key(&word.stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concepts(text: &str) -> Vec<Concept> {
        terms(text).into_iter().filter_map(|term| term.concept).collect()
    }

    #[test]
    fn the_longest_phrase_wins() {
        assert_eq!(concepts("How much time does it take?"), [Concept::Duration]);
        assert_eq!(concepts("How much is it?"), [Concept::Price]);
        assert_eq!(concepts("Could you call me back please"), [Concept::CallBack]);
    }

    #[test]
    fn phrases_bridge_articles_but_no_sentence_end() {
        assert_eq!(concepts("Can I make an appointment"), [Concept::Booking]);
        assert!(!concepts("I make. Appointment").contains(&Concept::Booking));
    }

    #[test]
    fn special_words_are_kinds_of_general_ones() {
        assert!(is_kind_of(&stem("visa"), &stem("cards")));
        assert!(!is_kind_of(&stem("cards"), &stem("visa")));
    }
}
