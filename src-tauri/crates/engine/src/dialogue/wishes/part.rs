//! One part of an utterance and what it wishes for.
//!
//! The order of the questions asked here is the order of precedence: acts of talking, appointments, comparisons, services, the company,
//! and what is left is admitted to be unknown. Pure, any thread.

mod acts;

use frontdesk_company::CompanyProfile;
use jiff::civil::Date;

use super::{Asked, Extreme, ReadPart, Topic, Wish};
use crate::dialogue::calendar::{DayWish, TimeWish, days_named, time_named};
use crate::dialogue::knowledge::{Knowledge, ServiceMatch, TextMatch};
use crate::dialogue::lexicon::{Concept, ESTIMATE, Term, WALK_IN, is_of_elsewhere, terms, terms_of};
use crate::dialogue::understanding::Intent;
use crate::dialogue::values::{PriceLimit, amounts_in, is_about_paying, price_limit_in};
use crate::dialogue::words::Word;
use crate::english::is_number_word;

/// Unexplained weight from which an utterance is about more than its cues.
const UNEXPLAINED: f32 = 0.5;

/// Just above the weight of one word that is not understood.
const ONE_WORD: f32 = 1.05;

/// Fewest characters of digits, in figures or in words, that may be a telephone number and no time.
const SHORT_NUMBER: usize = 7;

/// One part of an utterance with all that was found in it.
pub(super) struct Part<'a> {
    knowledge: &'a Knowledge,
    before: &'a Topic,
    /// The services of `before` were named earlier in the same utterance.
    same_breath: bool,
    terms: Vec<Term>,
    /// Positions of the terms that name days, times and amounts.
    dated: Vec<usize>,
    days: Vec<DayWish>,
    time: Option<TimeWish>,
    services: Vec<ServiceMatch>,
    text: Option<TextMatch>,
    /// The amount that a price is held against.
    limit: Option<PriceLimit>,
}

impl<'a> Part<'a> {
    /// Looks for everything in the words. `same_breath` tells that the services of `before` were named in the same utterance.
    pub fn new(said: &[Word], today: Date, knowledge: &'a Knowledge, before: &'a Topic, same_breath: bool) -> Self {
        let terms = terms_of(said);
        let profile: &CompanyProfile = &knowledge.profile;
        let days = days_named(said, today, profile);
        let time = time_named(said);
        let limit = price_limit_in(said);
        let amounts = amounts_in(said);
        let spans = || {
            days.iter()
                .map(|(_, span)| span)
                .chain(time.iter().map(|(_, span)| span))
                .chain(amounts.iter().map(|found| &found.span))
                .chain(limit.iter().map(|found| &found.span))
        };
        let within = |term: &Term| spans().any(|span| span.start < term.span.end && term.span.start < span.end);
        let dated = terms
            .iter()
            .enumerate()
            .filter(|(_, term)| within(term))
            .map(|(at, _)| at)
            .collect();
        let services = knowledge.services_in(&terms);
        let text = knowledge.text_for(&terms);
        let (days, time) = (
            days.into_iter().map(|(day, _)| day).collect(),
            time.map(|(time, _)| time),
        );
        Self {
            knowledge,
            before,
            same_breath,
            terms,
            dated,
            days,
            time,
            services,
            text,
            limit: limit.map(|limit| limit.value),
        }
    }

    fn has(&self, concept: Concept) -> bool {
        self.terms.iter().any(|term| term.concept == Some(concept))
    }

    /// Weight of what is neither a cue nor one of the terms at `explained`.
    fn unexplained(&self, explained: &[usize]) -> f32 {
        let explained = |at: &usize| explained.contains(at) || self.dated.contains(at);
        let left = self
            .terms
            .iter()
            .enumerate()
            .filter(|(at, term)| !explained(at) && !term.word.is_figures());
        left.map(|(_, term)| self.knowledge.weight(term)).sum()
    }

    /// Which facts of services are asked for. Who wants an estimate for a service wants its price.
    pub fn asked(&self) -> Asked {
        let estimates = !self.services.is_empty() && self.has(ESTIMATE);
        Asked {
            price: self.has(Concept::Price) || estimates,
            duration: self.has(Concept::Duration),
        }
    }

    fn says(&self, text: &str) -> bool {
        self.terms.iter().any(|term| term.word.text == text)
    }

    fn says_stem(&self, stem: &str) -> bool {
        self.terms
            .iter()
            .any(|term| term.word.stem.split(' ').any(|part| part == stem))
    }

    /// Positions of the services that were named.
    pub fn service_indices(&self) -> Vec<usize> {
        self.services.iter().map(|service| service.index).collect()
    }

    /// Positions of the services that were named themselves, and not only something near them.
    pub fn services_meant(&self) -> Vec<usize> {
        let meant = self.services.iter().filter(|service| !service.near_only);
        meant.map(|service| service.index).collect()
    }

    fn service_terms(&self) -> Vec<usize> {
        self.services
            .iter()
            .flat_map(|service| service.used.iter().copied())
            .collect()
    }

    /// The part, read as these wishes. `words` are its words with single letters apart.
    pub fn read(&self, words: &[Word], wishes: Vec<Wish>) -> ReadPart {
        let named = self.service_terms().into_iter().filter_map(|at| self.terms.get(at));
        ReadPart {
            words: words.to_vec(),
            wishes,
            asked: self.asked(),
            services: self.services_meant(),
            service_spans: named.map(|term| term.span.clone()).collect(),
        }
    }

    /// The wish that an intent is, with the days, times and services of the part. None for what is no wish of its own.
    pub fn wish_for(&self, intent: Intent) -> Option<Wish> {
        let asked = |price: bool, duration: bool| {
            let asked = Asked { price, duration };
            let named = self.service_indices();
            match [named, self.before.services.clone()]
                .into_iter()
                .find(|services| !services.is_empty())
            {
                Some(services) => Wish::Services {
                    services,
                    asked,
                    near_only: false,
                },
                None if self.unexplained(&[]) >= UNEXPLAINED => Wish::UnknownService(asked),
                None => Wish::WhichService { asked },
            }
        };
        let wish = match intent {
            Intent::Hours => self.hours(),
            Intent::Price => asked(true, false),
            Intent::Duration => asked(false, true),
            // The list answers no question about something that is not on it.
            Intent::Services if self.services.is_empty() && self.unexplained(&[]) >= UNEXPLAINED => {
                Wish::UnknownService(Asked::default())
            }
            Intent::Services if self.services.is_empty() => Wish::AllServices {
                asked: Asked::default(),
            },
            Intent::Services => asked(false, false),
            Intent::Location => Wish::Location,
            Intent::Contact => Wish::Contact,
            Intent::Policy => Wish::Unknown,
            Intent::Book | Intent::Availability => Wish::Booking(self.service_indices()),
            Intent::Move | Intent::Cancel => Wish::ChangeBooking(None),
            Intent::Lookup => Wish::LookUp,
            Intent::Message => Wish::CallBack,
            Intent::Person => Wish::Human,
            Intent::Robot => Wish::Robot,
            Intent::Wait => Wish::Wait,
            Intent::NeverMind => Wish::NeverMind,
            Intent::Repeat => Wish::Repeat,
            Intent::Greet => Wish::Greeting,
            Intent::Thanks => Wish::Thanks,
            Intent::Goodbye => Wish::Goodbye,
            Intent::Abuse => Wish::Abuse,
            Intent::OutOfScope => Wish::OutOfScope,
            Intent::Give | Intent::Correct | Intent::Yes | Intent::No => return None,
        };
        Some(wish)
    }

    /// Everything the part wishes for; never empty.
    pub fn wishes(&self) -> Vec<Wish> {
        if let Some(text) = self.text.clone().filter(|text| text.asked_exactly) {
            return vec![Wish::Text(text)];
        }
        if let Some(wish) = self.conversation().or_else(|| self.appointment()) {
            return vec![wish];
        }
        // "If I come by at seven, would you be open?"
        if self.has(Concept::Hours)
            && self.says_open()
            && self.asked().nothing()
            && self.names_time()
            && self.is_walk_in()
        {
            return vec![self.hours()];
        }
        if let Some(wish) = self.affordable().or_else(|| self.comparison()) {
            return vec![wish];
        }
        if !self.services.is_empty() {
            return self.about_services();
        }
        match self.about_company() {
            // "Your address and your phone number".
            Some(Wish::Location) if self.has(Concept::Phone) => vec![Wish::Location, Wish::Phone],
            Some(Wish::Location) if self.has(Concept::Email) => vec![Wish::Location, Wish::Email],
            Some(wish) => vec![wish],
            None => self.remainder(),
        }
    }

    fn names_time(&self) -> bool {
        !self.days.is_empty() || self.time.is_some()
    }

    fn says_any(&self, texts: &[&str]) -> bool {
        texts.iter().any(|text| self.says(text))
    }

    fn is_walk_in(&self) -> bool {
        self.has(WALK_IN)
    }

    fn cues(&self) -> usize {
        self.terms
            .iter()
            .filter(|term| term.concept.is_some_and(Concept::is_cue))
            .count()
    }

    fn cues_of(&self, concepts: &[Concept]) -> usize {
        self.terms
            .iter()
            .filter(|term| term.concept.is_some_and(|concept| concepts.contains(&concept)))
            .count()
    }

    /// Appointments: a wish to book or to change, not a question about the rules.
    fn appointment(&self) -> Option<Wish> {
        // "My appointment tomorrow", without a word for moving or cancelling it, asks for it.
        let changes = [
            "cancel",
            "reschedul",
            "move",
            "chang",
            "postpon",
            "push",
            "shift",
            "switch",
            "not",
        ];
        let changed = changes
            .iter()
            .any(|change| self.says_stem(&crate::dialogue::words::stem(change)) || self.says(change));
        if self.has(Concept::ChangeBooking) && !changed {
            return Some(Wish::LookUp);
        }
        if self.has(Concept::ChangeBooking) {
            let rule = self
                .says_stem("cancel")
                .then(|| self.knowledge.text_for(&terms("cancel")))
                .flatten();
            return Some(Wish::ChangeBooking(self.text.clone().or(rule)));
        }
        let asks_facts = !self.asked().nothing() || self.has(Concept::Hours) || self.has(Concept::Location);
        if !self.has(Concept::Booking) || asks_facts {
            return None;
        }
        let about_rules = self.text.as_ref().is_some_and(|text| {
            let beyond = text.used.iter().filter(|at| !self.service_terms().contains(at));
            beyond
                .map(|at| self.terms.get(*at).map_or(0.0, |term| self.knowledge.weight(term)))
                .sum::<f32>()
                >= 0.9
                && text.whole
        });
        // Rules have no date: "book an inspection for Friday" wants one.
        (!about_rules || !self.days.is_empty()).then(|| Wish::Booking(self.service_indices()))
    }

    fn comparison(&self) -> Option<Wish> {
        let extremes = [
            (Concept::Cheapest, Extreme::Cheapest),
            (Concept::Dearest, Extreme::Dearest),
            (Concept::Quickest, Extreme::Quickest),
            (Concept::Longest, Extreme::Longest),
        ];
        let (_, extreme) = extremes.into_iter().find(|(concept, _)| self.has(*concept))?;
        let services = self.service_indices();
        let rest = self.unexplained(&self.service_terms());
        // "The cheapest brake repair" asks for one price; "is the brake repair dearer than…" compares.
        (services.len() != 1 && rest < UNEXPLAINED).then_some(Wish::Compare { services, extreme })
    }

    /// "Can I get an oil change for under sixty dollars?", "is it more than eighty?", "what can I get for fifty?"
    fn affordable(&self) -> Option<Wish> {
        let limit = self.limit?;
        // "Do you have financing for repairs over five hundred dollars?" asks for something else.
        let by_service = self.service_terms();
        let own = |text: &TextMatch| text.used.iter().any(|at| !by_service.contains(at));
        if self.text.as_ref().is_some_and(own) {
            return None;
        }
        // "A windshield for under sixty" is about no service of the list, whatever the talk was about before.
        let about_other = self
            .terms
            .iter()
            .enumerate()
            .filter(|(at, term)| {
                !self.dated.contains(at) && !term.word.is_figures() && !is_about_paying(&term.word.text)
            })
            .map(|(_, term)| self.knowledge.weight(term))
            .sum::<f32>()
            >= UNEXPLAINED;
        let services = match self.services_meant() {
            named if named.is_empty() && about_other => return None,
            named if named.is_empty() => self.before.services.clone(),
            named => named,
        };
        let among_all = self.has(Concept::Services)
            || self.services.is_empty() && self.says_any(&["what", "anything", "something", "which"]);
        match (among_all, services.is_empty()) {
            (true, _) => Some(Wish::Affordable {
                services: Vec::new(),
                limit,
            }),
            (false, false) => Some(Wish::Affordable { services, limit }),
            (false, true) => Some(Wish::WhichService {
                asked: Asked {
                    price: true,
                    duration: false,
                },
            }),
        }
    }

    fn about_services(&self) -> Vec<Wish> {
        let asked = self.asked();
        let by_service = self.service_terms();
        let strong_text = self.text.clone().filter(|text| {
            let own: f32 = text
                .used
                .iter()
                .filter(|at| !by_service.contains(at))
                .filter_map(|at| self.terms.get(*at))
                .map(|term| self.knowledge.weight(term))
                .sum();
            own >= 0.6
        });
        let service_facts = Wish::Services {
            services: self.service_indices(),
            asked,
            near_only: self.services.first().is_some_and(|service| service.near_only),
        };
        if let Some(text) = strong_text {
            return match asked.nothing() {
                true => vec![Wish::Text(text)],
                false => vec![service_facts, Wish::Text(text)],
            };
        }
        let about_time = self.has(Concept::Hours) || self.has(Concept::Now);
        if asked.nothing() && about_time {
            return vec![self.hours()];
        }
        if asked.nothing() && (!self.days.is_empty() || self.time.is_some()) {
            return vec![service_facts, self.hours()];
        }
        // "And brake repair?" asks the same as before.
        let continues = asked.nothing()
            && !self.before.asked.nothing()
            && self.unexplained(&by_service) < UNEXPLAINED
            && self.is_short();
        match service_facts {
            Wish::Services {
                services, near_only, ..
            } if continues => {
                vec![Wish::Services {
                    services,
                    asked: self.before.asked,
                    near_only,
                }]
            }
            wish => vec![wish],
        }
    }

    /// A follow-up such as "and for tires?" or "what about a battery?" has no verb of its own.
    fn is_short(&self) -> bool {
        self.terms.len() <= 6
            && !self
                .terms
                .iter()
                .any(|term| matches!(term.word.text.as_str(), "do" | "does" | "need" | "want"))
    }

    /// Hours, place, contact, texts: what is not about a service.
    fn about_company(&self) -> Option<Wish> {
        let rest = self.unexplained(&[]);
        let structural = self.structural();
        // A plain word such as "e-mail" or "open" stands one word beside it that is not understood.
        let allowed = match &structural {
            Some(Wish::Hours { .. }) if self.text.is_none() && self.has(Concept::Hours) => ONE_WORD,
            Some(Wish::Email | Wish::Contact) if self.text.is_none() => 3.0 * ONE_WORD,
            Some(Wish::Phone) if self.text.is_none() => 2.0 * ONE_WORD,
            Some(Wish::Services { .. }) if self.same_breath => ONE_WORD,
            // Whatever is strange about the way, who asks where a place is wants the address.
            Some(Wish::Location) if self.text.is_none() => 2.0 * ONE_WORD,
            _ => UNEXPLAINED,
        };
        match (&self.text, structural) {
            (_, Some(wish)) if rest < allowed => Some(wish),
            (Some(text), _) => Some(Wish::Text(text.clone())),
            _ => None,
        }
    }

    fn structural(&self) -> Option<Wish> {
        let asked = self.asked();
        let about_time = !self.days.is_empty() || self.time.is_some();
        if self.has(Concept::Hours) || (self.has(Concept::Now) && (self.before.hours || self.says_open())) {
            return Some(self.hours());
        }
        if self.has(Concept::Services) {
            return Some(Wish::AllServices { asked });
        }
        if self.has(Concept::Location) {
            return Some(Wish::Location);
        }
        if self.has(Concept::Email) {
            return Some(Wish::Email);
        }
        if self.has(Concept::Contact) {
            return Some(Wish::Contact);
        }
        // "Do you repair phones?" asks for no number, and "my number is 555 0142" tells one.
        if self.has(Concept::Phone) && !self.names_work() && !self.tells_number() {
            return Some(Wish::Phone);
        }
        if self.has(Concept::Identity) {
            return Some(Wish::Identity);
        }
        if about_time && (asked.nothing() && (self.before.hours || self.cues() > 0)) {
            return Some(self.hours());
        }
        // A fee is no service's price.
        let of_rule = self.says_any(&["fee", "fees", "penalty"]);
        if !asked.nothing() && !of_rule {
            return Some(
                match (
                    self.says("prices") || self.says("rates"),
                    self.before.services.is_empty(),
                ) {
                    (false, false) => Wish::Services {
                        services: self.before.services.clone(),
                        asked,
                        near_only: false,
                    },
                    _ => Wish::WhichService { asked },
                },
            );
        }
        if self.has(Concept::Greeting) {
            return Some(Wish::Greeting);
        }
        None
    }

    fn tells_number(&self) -> bool {
        let figures = |term: &&Term| term.word.is_figures() || is_number_word(&term.word.text);
        self.terms
            .iter()
            .filter(figures)
            .map(|term| term.word.text.len())
            .sum::<usize>()
            >= SHORT_NUMBER
    }

    fn hours(&self) -> Wish {
        let now = self.has(Concept::Now) && self.time.is_none();
        let today_only = matches!(self.days.as_slice(), [] | [DayWish::Date { occasion: None, .. }]);
        if now && today_only && self.says_open() {
            return Wish::OpenNow;
        }
        Wish::Hours {
            days: self.days.clone(),
            time: self.time,
        }
    }

    fn says_open(&self) -> bool {
        self.terms
            .iter()
            .any(|term| matches!(term.word.stem.as_str(), "open" | "clos") || term.word.text.starts_with("still open"))
    }

    /// Words such as "repair" or "replace" stand in it.
    fn names_work(&self) -> bool {
        self.terms.iter().any(|term| term.generic && !term.light)
    }

    /// Nothing of the profile fits.
    fn remainder(&self) -> Vec<Wish> {
        let rest = self.unexplained(&[]);
        let names_work = self.names_work();
        if rest >= UNEXPLAINED {
            let wish = if self.terms.iter().any(|term| is_of_elsewhere(&term.word)) || self.is_small_talk() {
                Wish::OutOfScope
            } else if self.names_topic() && self.asked().nothing() {
                Wish::Unknown
            } else if names_work || !self.asked().nothing() || self.asks_for_work() {
                Wish::UnknownService(self.asked())
            } else if self.is_about_us() {
                Wish::Unknown
            } else {
                Wish::OutOfScope
            };
            return vec![wish];
        }
        if names_work && rest > 0.0 && self.terms.len() > 2 {
            return vec![Wish::Unknown];
        }
        vec![Wish::Unclear]
    }
}
