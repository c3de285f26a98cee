//! From an utterance to what the caller wants: one wish or several, in the order in which they were said.
//!
//! Pure; the company's knowledge and what the talk was about before are inputs. A wish names facts, it never holds them.

use frontdesk_company::CompanyProfile;
use jiff::civil::Date;

use super::calendar::{DayWish, TimeWish, days_named, time_named};
use super::knowledge::{Knowledge, ServiceMatch, TextMatch};
use super::lexicon::{Concept, Term, terms, terms_of};
use super::words::{Word, join_letters};

/// What a caller wants to know about services.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The price.
    pub price: bool,
    /// The duration.
    pub duration: bool,
}

impl Asked {
    /// Neither price nor duration was asked for in particular.
    pub fn nothing(self) -> bool {
        !self.price && !self.duration
    }
}

/// Which end of a comparison is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extreme {
    /// Smallest price.
    Cheapest,
    /// Greatest price.
    Dearest,
    /// Shortest time.
    Quickest,
    /// Longest time.
    Longest,
}

/// One thing that a caller wants.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Wish {
    /// Facts about services.
    Services {
        /// Positions in the profile.
        services: Vec<usize>,
        /// Which facts.
        asked: Asked,
        /// Only something near was named, not the service itself.
        near_only: bool,
    },
    /// The list of services, with prices if asked.
    AllServices {
        /// Which facts beside the names.
        asked: Asked,
    },
    /// The cheapest, dearest, quickest or longest of these services; of all when the list is empty.
    Compare {
        /// Positions in the profile.
        services: Vec<usize>,
        /// Which end.
        extreme: Extreme,
    },
    /// Price or duration without saying of what.
    WhichService {
        /// Which facts.
        asked: Asked,
    },
    /// A service that the profile does not have.
    UnknownService,
    /// Opening hours.
    Hours {
        /// The days; empty for the whole week.
        days: Vec<DayWish>,
        /// The time of day asked about.
        time: Option<TimeWish>,
    },
    /// Open at this moment?
    OpenNow,
    /// The time of day.
    Clock,
    /// The address.
    Location,
    /// The telephone number.
    Phone,
    /// The e-mail address.
    Email,
    /// All ways of contact.
    Contact,
    /// Name of the company, and who speaks.
    Identity,
    /// What the assistant can do.
    Abilities,
    /// A text of the profile.
    Text(TextMatch),
    /// An appointment; the services are positions in the profile.
    Booking(Vec<usize>),
    /// Moving or cancelling an appointment.
    ChangeBooking(Option<TextMatch>),
    /// A call back or a message.
    CallBack,
    /// A person.
    Human,
    /// Robot or human?
    Robot,
    /// Say it again.
    Repeat,
    /// Thanks.
    Thanks,
    /// Goodbye.
    Goodbye,
    /// Hello.
    Greeting,
    /// How are you.
    Wellbeing,
    /// Something that the profile does not treat.
    Unknown,
    /// Words without any topic.
    Unclear,
}

/// What the talk was about before: fills in "how long does *it* take?" and "and on Sunday?".
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Topic {
    /// Services last spoken of.
    pub services: Vec<usize>,
    /// What was asked about them.
    pub asked: Asked,
    /// Opening hours were spoken of last.
    pub hours: bool,
}

/// Unexplained weight from which an utterance is about more than its cues.
const UNEXPLAINED: f32 = 0.5;

/// Just above the weight of one word that is not understood.
const ONE_WORD: f32 = 1.05;

/// Everything the utterance wishes for, and what the talk is about after it. Never empty: [`Wish::Unclear`] stands for nothing understood.
pub(crate) fn wishes(said: &[Word], today: Date, knowledge: &Knowledge, before: &Topic) -> (Vec<Wish>, Topic) {
    let mut topic = before.clone();
    let mut found: Vec<Wish> = Vec::new();
    let mut same_breath = false;
    for part in parts(&join_letters(said.to_vec())) {
        let reader = Part::new(part, today, knowledge, &topic, same_breath);
        let wished = reader.wishes();
        let named = reader.service_indices();
        for wish in wished {
            topic.follow(&wish);
            add(&mut found, wish);
        }
        if !named.is_empty() {
            topic.services = named;
            same_breath = true;
        }
    }
    (settle(found), topic)
}

/// Adds a wish; price and duration of the same services are one wish.
fn add(found: &mut Vec<Wish>, wish: Wish) {
    if let Wish::Services { services, asked, .. } = &wish
        && let Some(Wish::Services { asked: known, .. }) = found
            .iter_mut()
            .find(|known| matches!(known, Wish::Services { services: same, .. } if same == services))
    {
        *known = Asked {
            price: known.price || asked.price,
            duration: known.duration || asked.duration,
        };
    } else if !found.contains(&wish) {
        found.push(wish);
    }
}

impl Topic {
    /// Moves on to what a wish is about.
    fn follow(&mut self, wish: &Wish) {
        match wish {
            Wish::Services { services, asked, .. } => {
                *self = Self {
                    services: services.clone(),
                    asked: *asked,
                    hours: false,
                };
            }
            Wish::Compare { services, .. } if !services.is_empty() => {
                *self = Self {
                    services: services.clone(),
                    asked: Asked::default(),
                    hours: false,
                };
            }
            Wish::WhichService { asked } => self.asked = *asked,
            Wish::Booking(services) if !services.is_empty() => self.services = services.clone(),
            Wish::Hours { .. } | Wish::OpenNow => self.hours = true,
            _ => {}
        }
    }
}

/// Politeness and noise give way to real wishes.
fn settle(mut found: Vec<Wish>) -> Vec<Wish> {
    let is_real = |wish: &Wish| {
        !matches!(
            wish,
            Wish::Greeting | Wish::Wellbeing | Wish::Thanks | Wish::Unclear | Wish::Goodbye
        )
    };
    let is_known = |wish: &Wish| is_real(wish) && !matches!(wish, Wish::Unknown);
    if found.iter().any(is_known) {
        // A side remark that is not understood needs no apology when the question is answered.
        let questions = found.iter().filter(|wish| is_known(wish)).count();
        found.retain(|wish| is_known(wish) || (matches!(wish, Wish::Unknown) && questions == 0));
    } else if found.iter().any(is_real) {
        found.retain(is_real);
    }
    found.retain(|wish| *wish != Wish::Unclear);
    if found.contains(&Wish::Goodbye) {
        found.retain(|wish| !matches!(wish, Wish::Thanks | Wish::Greeting));
    }
    if found.len() > 1 {
        found.retain(|wish| *wish != Wish::Greeting);
    }
    if found.is_empty() {
        found.push(Wish::Unclear);
    }
    found
}

/// Words that open a new request after "and" or a comma.
const STARTERS: &[&str] = &[
    "what", "how", "when", "where", "which", "who", "do", "does", "did", "can", "could", "is", "are", "will", "would",
    "also", "i", "may", "tell", "should", "am", "please", "then", "my", "if", "have", "has",
];

/// Cuts an utterance into parts that each ask one thing: at sentence ends, and at "and" or a comma before a new request.
fn parts(said: &[Word]) -> Vec<&[Word]> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, word) in said.iter().enumerate() {
        let next = said.get(at + 1).map(|word| word.text.as_str());
        let joins = matches!(word.text.as_str(), "and" | "also" | "plus" | "but" | "or") || word.ends_clause;
        let cut = word.ends_sentence || (joins && next.is_some_and(|next| STARTERS.contains(&next)));
        if cut && at + 1 > start {
            found.push(&said[start..=at]);
            start = at + 1;
        }
    }
    if start < said.len() {
        found.push(&said[start..]);
    }
    found
}

/// One part of an utterance with all that was found in it.
struct Part<'a> {
    knowledge: &'a Knowledge,
    before: &'a Topic,
    /// The services of `before` were named earlier in the same utterance.
    same_breath: bool,
    terms: Vec<Term>,
    /// Positions of the terms that name days and times.
    dated: Vec<usize>,
    days: Vec<DayWish>,
    time: Option<TimeWish>,
    services: Vec<ServiceMatch>,
    text: Option<TextMatch>,
}

impl<'a> Part<'a> {
    fn new(said: &[Word], today: Date, knowledge: &'a Knowledge, before: &'a Topic, same_breath: bool) -> Self {
        let terms = terms_of(said);
        let profile: &CompanyProfile = &knowledge.profile;
        let days = days_named(said, today, profile);
        let time = time_named(said);
        let spans = || {
            days.iter()
                .map(|(_, span)| span)
                .chain(time.iter().map(|(_, span)| span))
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

    fn asked(&self) -> Asked {
        Asked {
            price: self.has(Concept::Price),
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

    fn service_indices(&self) -> Vec<usize> {
        self.services.iter().map(|service| service.index).collect()
    }

    fn service_terms(&self) -> Vec<usize> {
        self.services
            .iter()
            .flat_map(|service| service.used.iter().copied())
            .collect()
    }

    fn wishes(&self) -> Vec<Wish> {
        if let Some(text) = self.text.clone().filter(|text| text.asked_exactly) {
            return vec![Wish::Text(text)];
        }
        if let Some(wish) = self.conversation().or_else(|| self.appointment()) {
            return vec![wish];
        }
        if let Some(wish) = self.comparison() {
            return vec![wish];
        }
        if !self.services.is_empty() {
            return self.about_services();
        }
        self.about_company().map_or_else(|| self.remainder(), |wish| vec![wish])
    }

    /// Acts of talking, whatever they are about.
    fn conversation(&self) -> Option<Wish> {
        let rest = self.unexplained(&[]);
        let topical = self.text.is_some() || !self.services.is_empty();
        if self.has(Concept::Robot) {
            return Some(Wish::Robot);
        }
        if self.has(Concept::Human) || self.asks_for_somebody() {
            return Some(Wish::Human);
        }
        if self.has(Concept::CallBack) && !self.asks_whether_possible_only() {
            return Some(Wish::CallBack);
        }
        if self.has(Concept::Repeat) && rest < UNEXPLAINED {
            return Some(Wish::Repeat);
        }
        if self.has(Concept::Goodbye) && !topical && !self.has(Concept::Hours) && rest < 2.0 * UNEXPLAINED {
            return Some(Wish::Goodbye);
        }
        if self.has(Concept::Clock) && rest < UNEXPLAINED && !self.has(Concept::Hours) {
            return Some(Wish::Clock);
        }
        if rest < UNEXPLAINED && self.cues() == self.cues_of(&[Concept::Thanks]) && self.has(Concept::Thanks) {
            return Some(Wish::Thanks);
        }
        if self.has(Concept::Wellbeing) && rest < UNEXPLAINED {
            return Some(Wish::Wellbeing);
        }
        if self.has(Concept::Abilities) && rest < UNEXPLAINED {
            return Some(Wish::Abilities);
        }
        None
    }

    /// "Can I talk to a plumber?", whatever the trade's word for its people is.
    fn asks_for_somebody(&self) -> bool {
        let words: Vec<&str> = self.terms.iter().flat_map(|term| term.word.text.split(' ')).collect();
        words.windows(3).any(|three| match three {
            [verb, preposition, article] => {
                matches!(*verb, "talk" | "speak")
                    && matches!(*preposition, "to" | "with")
                    && matches!(*article, "a" | "an" | "the" | "your" | "one" | "somebody" | "someone")
            }
            _ => false,
        })
    }

    /// "Can I reach you by phone?" asks for a number; "call me back" asks for a call.
    fn asks_whether_possible_only(&self) -> bool {
        self.has(Concept::Phone) && self.has(Concept::Contact)
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
        (!about_rules).then(|| Wish::Booking(self.service_indices()))
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
            Some(Wish::Email | Wish::Phone | Wish::Contact) if self.text.is_none() => ONE_WORD,
            Some(Wish::Services { .. }) if self.same_breath => ONE_WORD,
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
        if self.has(Concept::Hours) || (self.has(Concept::Now) && self.before.hours) {
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
        // "Do you repair phones?" asks for no number.
        if self.has(Concept::Phone) && !self.names_work() {
            return Some(Wish::Phone);
        }
        if self.has(Concept::Identity) {
            return Some(Wish::Identity);
        }
        if about_time && (asked.nothing() && (self.before.hours || self.cues() > 0)) {
            return Some(self.hours());
        }
        if !asked.nothing() {
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

    fn hours(&self) -> Wish {
        let now = self.has(Concept::Now) && self.time.is_none();
        let today_only = matches!(self.days.as_slice(), [] | [DayWish::Date { occasion: None, .. }]);
        let says_open = self
            .terms
            .iter()
            .any(|term| matches!(term.word.stem.as_str(), "open" | "clos") || term.word.text.starts_with("still open"));
        if now && today_only && says_open {
            return Wish::OpenNow;
        }
        Wish::Hours {
            days: self.days.clone(),
            time: self.time,
        }
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
            let wish = if names_work || !self.asked().nothing() {
                Wish::UnknownService
            } else {
                Wish::Unknown
            };
            return vec![wish];
        }
        if names_work && rest > 0.0 && self.terms.len() > 2 {
            return vec![Wish::Unknown];
        }
        vec![Wish::Unclear]
    }
}
