//! From an utterance to what the caller wants: one wish or several, in the order in which they were said.
//!
//! Pure; the company's knowledge and what the talk was about before are inputs. A wish names facts, it never holds them.

mod part;

use std::ops::Range;

use jiff::civil::Date;

use super::calendar::{DayWish, TimeWish};
use super::knowledge::{Knowledge, TextMatch};
use super::understanding::Intent;
use super::values::PriceLimit;
use super::words::{Word, join_letters};
use part::Part;

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
    /// Whether these services are to be had for an amount; what is, among all, when the list is empty.
    Affordable {
        /// Positions in the profile.
        services: Vec<usize>,
        /// The amount, and on which side of it the price should lie.
        limit: PriceLimit,
    },
    /// Price or duration without saying of what.
    WhichService {
        /// Which facts.
        asked: Asked,
    },
    /// A service that the profile does not have, and which facts of it.
    UnknownService(Asked),
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
    /// When an appointment of the caller's is.
    LookUp,
    /// A call back or a message.
    CallBack,
    /// A person.
    Human,
    /// Robot or human?
    Robot,
    /// Say it again.
    Repeat,
    /// One moment, please.
    Wait,
    /// Stop this.
    NeverMind,
    /// Insults.
    Abuse,
    /// Thanks.
    Thanks,
    /// Goodbye.
    Goodbye,
    /// Hello.
    Greeting,
    /// How are you.
    Wellbeing,
    /// Something about the company that the profile does not treat.
    Unknown,
    /// Something that is no company's business of this kind: the weather, a football result.
    OutOfScope,
    /// Words without any topic.
    Unclear,
}

impl Wish {
    /// No rule makes anything certain of it.
    pub fn is_doubtful(&self) -> bool {
        matches!(self, Self::Unknown | Self::OutOfScope | Self::Unclear)
    }

    /// Told by what the words say and not by how: an amount, a comparison, who speaks, what time it is.
    pub fn is_certain(&self) -> bool {
        matches!(
            self,
            Self::Affordable { .. } | Self::Compare { .. } | Self::Identity | Self::Clock | Self::OpenNow
        )
    }

    /// A text of the profile answers it, alone or beside what is done.
    pub fn is_text(&self) -> bool {
        matches!(self, Self::Text(_) | Self::ChangeBooking(Some(_)))
    }

    /// Which facts are asked for, where the answer names all services.
    fn of_all_services(&self) -> Option<Asked> {
        match self {
            Self::AllServices { asked } | Self::WhichService { asked } => Some(*asked),
            _ => None,
        }
    }
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

/// One part of an utterance, read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ReadPart {
    /// Its words.
    pub words: Vec<Word>,
    /// What it wishes for; never empty.
    pub wishes: Vec<Wish>,
    /// Which facts of services it asks for.
    pub asked: Asked,
    /// The services that it names itself.
    pub services: Vec<usize>,
    /// Where in its words, single letters joined, services are named.
    pub service_spans: Vec<Range<usize>>,
}

impl ReadPart {
    /// Whether the price of something is held against an amount.
    pub fn holds_price_against(&self) -> bool {
        self.wishes.iter().any(|wish| matches!(wish, Wish::Affordable { .. }))
    }
}

/// Reads an utterance part by part. The second value is what the talk is about after it.
pub(crate) fn read(said: &[Word], today: Date, knowledge: &Knowledge, before: &Topic) -> (Vec<ReadPart>, Topic) {
    let mut topic = before.clone();
    let mut found: Vec<ReadPart> = Vec::new();
    let mut same_breath = false;
    for part in parts(said) {
        let reader = Part::new(&join_letters(part.to_vec()), today, knowledge, &topic, same_breath);
        let (mut wishes, named) = (reader.wishes(), reader.service_indices());
        // "What if I cancel late, is there a fee?" asks for no service's price.
        let of_rule = found
            .last()
            .is_some_and(|part| part.wishes.iter().any(|wish| matches!(wish, Wish::Text(_))));
        if of_rule && matches!(wishes.as_slice(), [Wish::WhichService { .. }]) {
            wishes = vec![Wish::Unclear];
        }
        found.push(reader.read(part, wishes));
        for wish in found.iter().rev().take(1).flat_map(|part| &part.wishes) {
            topic.follow(wish);
        }
        if !named.is_empty() {
            topic.services = named;
            same_breath = true;
        }
    }
    (found, topic)
}

/// The whole utterance read as a wish for `intent`, and what the talk is about after it. None for what is no wish of its own.
pub(crate) fn read_as(
    intent: Intent,
    said: &[Word],
    today: Date,
    knowledge: &Knowledge,
    before: &Topic,
) -> Option<(ReadPart, Topic)> {
    let part = Part::new(&join_letters(said.to_vec()), today, knowledge, before, false);
    let wish = part.wish_for(intent)?;
    let mut topic = before.clone();
    topic.follow(&wish);
    Some((part.read(said, vec![wish]), topic))
}

/// Everything that the parts wish for together. Never empty: [`Wish::Unclear`] stands for nothing understood.
pub(crate) fn settled<'a>(parts: impl IntoIterator<Item = &'a ReadPart>) -> Vec<Wish> {
    let mut found: Vec<Wish> = Vec::new();
    for wish in parts.into_iter().flat_map(|part| &part.wishes) {
        add(&mut found, wish.clone());
    }
    settle(found)
}

/// Everything the utterance wishes for, and what the talk is about after it.
pub(crate) fn wishes(said: &[Word], today: Date, knowledge: &Knowledge, before: &Topic) -> (Vec<Wish>, Topic) {
    let (parts, topic) = read(said, today, knowledge, before);
    (settled(&parts), topic)
}

/// Adds a wish; price and duration of the same services are one wish, and so are the list of all services and the question what they cost.
fn add(found: &mut Vec<Wish>, wish: Wish) {
    if let Some(asked) = wish.of_all_services()
        && let Some((at, known)) = found
            .iter()
            .enumerate()
            .find_map(|(at, known)| Some((at, known.of_all_services()?)))
    {
        // Of two questions without the list one list is enough as well.
        let asked = Asked {
            price: known.price || asked.price,
            duration: known.duration || asked.duration,
        };
        let lists = matches!(wish, Wish::AllServices { .. }) || matches!(found[at], Wish::AllServices { .. });
        found[at] = if lists {
            Wish::AllServices { asked }
        } else {
            Wish::WhichService { asked }
        };
        return;
    }
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
            Wish::Compare { services, .. } | Wish::Affordable { services, .. } if !services.is_empty() => {
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
            Wish::Greeting | Wish::Wellbeing | Wish::Thanks | Wish::Unclear | Wish::Goodbye | Wish::Wait | Wish::Abuse
        )
    };
    // "I'll call back. Bye." and "Hold on. I'm looking for my glasses.": the rest belongs to it.
    let is_remark = |wish: &Wish| matches!(wish, Wish::NeverMind | Wish::OutOfScope | Wish::Unclear);
    for act in [Wish::Goodbye, Wish::Wait] {
        if found.contains(&act)
            && found
                .iter()
                .all(|wish| *wish == act || is_remark(wish) || !is_real(wish))
        {
            found.retain(|wish| *wish == act);
        }
    }
    let is_known = |wish: &Wish| is_real(wish) && !matches!(wish, Wish::Unknown | Wish::OutOfScope);
    if found.iter().any(is_known) {
        // A side remark that is not understood needs no apology when the question is answered.
        let questions = found.iter().filter(|wish| is_known(wish)).count();
        found.retain(|wish| is_known(wish) || (matches!(wish, Wish::Unknown) && questions == 0));
    } else if found.contains(&Wish::Abuse) {
        // Whoever insults asks nothing, whatever the other words are.
        found = vec![Wish::Abuse];
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

/// Sounds before a sentence.
fn is_filler(text: &str) -> bool {
    matches!(
        text,
        "um" | "uh" | "er" | "so" | "and" | "well" | "hi" | "hello" | "hey" | "okay" | "ok" | "yeah" | "but"
    )
}

/// Openings of requests that begin a new one also where the recogniser wrote no mark: "how much is an oil change I want to come tomorrow".
const ANEW: &[&[&str]] = &[
    &["i", "would", "like"],
    &["i", "want", "to"],
    &["i", "need", "to"],
    &["can", "i"],
    &["could", "i"],
    &["how", "much"],
    &["how", "long"],
    &["what", "time"],
    &["where", "are", "you"],
];

/// Words after which such an opening goes on with what was begun: "tell me how much", "what time can I come".
const CONTINUED: &[&str] = &[
    "me",
    "us",
    "know",
    "wondering",
    "wonder",
    "ask",
    "see",
    "check",
    "about",
    "if",
    "that",
    "what",
    "when",
    "where",
    "how",
    "which",
    "who",
    "why",
    "so",
    "or",
    "and",
    "but",
    "sure",
    "think",
    "guess",
    "to",
    "of",
    "for",
    "was",
    "because",
    "is",
    "not",
    "time",
    "day",
    "days",
    "soon",
    "early",
    "late",
    "long",
    "much",
    "out",
    "whether",
    "forgot",
    "remember",
    "asking",
    "tell",
    "on",
    "at",
    "like",
    "idea",
    "even",
    "thing",
    "everything",
    "all",
    "person",
    "someone",
    "somebody",
    "anyone",
    "number",
    "else",
    "mechanic",
    "email",
    "understand",
    "whatever",
];

/// Whether a request begins after the first of these words, without a mark between.
fn begins_request(said: &[Word]) -> bool {
    let Some((before, rest)) = said.split_first() else {
        return false;
    };
    let opens =
        |lead: &&&[&str]| rest.len() > lead.len() && rest.iter().zip(**lead).all(|(word, text)| word.text == *text);
    !CONTINUED.contains(&before.text.as_str()) && ANEW.iter().any(|lead| opens(&lead))
}

/// Cuts an utterance into parts that each ask one thing: at sentence ends, and at "and" or a comma before a new request.
pub(crate) fn parts(said: &[Word]) -> Vec<&[Word]> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, word) in said.iter().enumerate() {
        let next = said.get(at + 1).map(|word| word.text.as_str());
        // "If I leave the car with you, when would it be done?" asks one thing, and "… or what?" nothing more.
        let condition = said[start..]
            .iter()
            .find(|word| !is_filler(&word.text))
            .is_some_and(|word| word.text == "if");
        let trails = at + 2 >= said.len() && word.text == "or";
        let joins = matches!(word.text.as_str(), "and" | "also" | "plus" | "but" | "or") || word.ends_clause;
        // "A.C." and spelled names have full stops inside.
        let letters = |text: &str| text.len() == 1 && text.bytes().all(|letter| letter.is_ascii_alphabetic());
        let spells = letters(&word.text) && next.is_some_and(letters);
        let begins_anew = at + 1 - start >= 3 && begins_request(&said[at..]);
        let cut = begins_anew
            || (word.ends_sentence && !spells)
            || (joins
                && !trails
                && !(condition && word.ends_clause)
                && next.is_some_and(|next| STARTERS.contains(&next)));
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
