//! One wish, one answer: a sentence from the profile, or a function that knows better with a sentence to fall back on.
//!
//! Pure, any thread.

use frontdesk_company::{CompanyProfile, weekday_name};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use super::calendar::{DayWish, TimeWish};
use super::claims;
use super::facts::{self, DayFacts};
use super::knowledge::{Knowledge, TextMatch, TextSource};
use super::tools::{self, CHECK_OPENING_HOURS};
use super::values::PriceLimit;
use super::wishes::{Asked, Extreme, Wish};
use super::wording::{Occasion, Wording};
use super::{FunctionRequest, ToolOffer};

/// How the output of a function becomes words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// There is no function: the words are known.
    Plain,
    /// The sentence on being open at this moment.
    Status,
    /// The hours of a day that is called so, and what to add.
    Day {
        /// "on Saturday".
        label: String,
        /// A remark after the hours.
        remark: String,
    },
    /// Whether the details were saved.
    Saved,
}

/// An answer, possibly waiting for a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The words, or what is said when the function fails.
    pub told: String,
    /// The function to call first.
    pub request: Option<FunctionRequest>,
    /// How its output is read.
    pub reading: Reading,
}

impl Answer {
    /// Words that wait for nothing.
    pub fn plain(told: impl Into<String>) -> Self {
        Self {
            told: told.into(),
            request: None,
            reading: Reading::Plain,
        }
    }

    /// The words, with the function's output where it did its work.
    pub fn read(self, output: Option<&str>, wording: &mut Wording) -> String {
        let result: Option<Value> = output.and_then(tools::success);
        match (self.reading, result) {
            (Reading::Status, Some(answer)) => tools::status_told(&answer).unwrap_or(self.told),
            (Reading::Day { label, remark }, Some(answer)) => match tools::day_told(&answer, label) {
                Some(day) => with_remark(&day.told(), &remark),
                None => self.told,
            },
            (Reading::Saved, _) => claims::saved(output, wording).unwrap_or(self.told),
            _ => self.told,
        }
    }
}

fn with_remark(told: &str, remark: &str) -> String {
    if remark.is_empty() {
        told.to_owned()
    } else {
        format!("{told} {remark}")
    }
}

/// What answers need besides the wish.
pub(crate) struct Answering<'a> {
    /// The company.
    pub knowledge: &'a Knowledge,
    /// Functions that may be called.
    pub offers: &'a [ToolOffer],
    /// The present moment.
    pub now: Timestamp,
    /// For everything that is no fact.
    pub wording: &'a mut Wording,
}

impl Answering<'_> {
    fn profile(&self) -> &CompanyProfile {
        &self.knowledge.profile
    }

    fn today(&self) -> Date {
        self.profile().date_of(self.now)
    }

    /// The facts that a wish asks for; none for wishes that ask for no fact.
    pub fn answer(&mut self, wish: &Wish) -> Vec<Answer> {
        let one = |text: String| vec![Answer::plain(text)];
        match wish {
            Wish::Services {
                services,
                asked,
                near_only,
            } => one(self.services(services, *asked, *near_only)),
            Wish::AllServices { asked } => one(facts::all_services(self.profile(), *asked)),
            Wish::Compare { services, extreme } => one(self.compare(services, *extreme)),
            Wish::Affordable { services, limit } => one(self.affordable(services, *limit)),
            Wish::WhichService { .. } => {
                let question = self.wording.next(Occasion::WhichService);
                one(format!(
                    "{question} {}",
                    facts::all_services(self.profile(), Asked::default())
                ))
            }
            Wish::Hours { days, time } => self.hours(days, *time),
            Wish::OpenNow => vec![self.open_now()],
            Wish::Clock => one(self.clock()),
            Wish::Location => one(self.location()),
            Wish::Phone => one(self.phone()),
            Wish::Email => one(self.email()),
            Wish::Contact => one(self.contact()),
            Wish::Identity => one(self.identity()),
            Wish::Text(text) | Wish::ChangeBooking(Some(text)) => one(self.text(text)),
            _ => Vec::new(),
        }
    }

    fn services(&mut self, indices: &[usize], asked: Asked, near_only: bool) -> String {
        let told: Vec<String> = indices
            .iter()
            .filter_map(|index| self.knowledge.service(*index))
            .map(|service| facts::about_service(service, asked))
            .collect();
        let told = told.join(" ");
        if near_only {
            format!("{} {told}", self.wording.next(Occasion::NearService))
        } else {
            told
        }
    }

    fn compare(&mut self, indices: &[usize], extreme: Extreme) -> String {
        let profile = self.profile();
        let among: Vec<_> = match indices {
            [] => profile.services.iter().collect(),
            indices => indices
                .iter()
                .filter_map(|index| self.knowledge.service(*index))
                .collect(),
        };
        facts::extreme(&among, extreme).unwrap_or_else(|| self.wording.next(Occasion::Unknown))
    }

    fn affordable(&mut self, indices: &[usize], limit: PriceLimit) -> String {
        if indices.is_empty() {
            let among_all = facts::all_within(self.profile(), limit);
            return among_all.unwrap_or_else(|| self.wording.next(Occasion::Unknown));
        }
        let services = indices.iter().filter_map(|index| self.knowledge.service(*index));
        let told: Vec<String> = services.map(|service| facts::compared(service, limit)).collect();
        told.join(" ")
    }

    fn hours(&mut self, days: &[DayWish], time: Option<TimeWish>) -> Vec<Answer> {
        let today = self.today();
        if days.is_empty() {
            return vec![Answer::plain(facts::week(self.profile()))];
        }
        let mut answers = Vec::new();
        for wish in days {
            match wish {
                DayWish::Weekdays => answers.push(Answer::plain(facts::working_days(self.profile()))),
                DayWish::Month(month) => {
                    let special = facts::holidays(self.profile(), today, Some(*month)).unwrap_or_default();
                    answers.push(Answer::plain(with_remark(&facts::week(self.profile()), &special)));
                }
                DayWish::Holidays => {
                    let told = facts::holidays(self.profile(), today, None);
                    answers.push(Answer::plain(told.unwrap_or_else(|| {
                        format!(
                            "I have no special holiday hours listed. {}",
                            facts::week(self.profile())
                        )
                    })));
                }
                wish => {
                    for (date, label) in facts::dates_of(wish, today) {
                        answers.extend(time.and_then(|time| self.verdict(date, time)).map(Answer::plain));
                        answers.push(self.day(date, label, wish));
                    }
                }
            }
        }
        answers
    }

    /// Whether the company is open at the time asked about.
    fn verdict(&self, date: Date, time: TimeWish) -> Option<String> {
        let open = facts::is_open_at(self.profile(), date, time)?;
        let at = facts::time_told(time);
        Some(if open {
            format!("Yes, at {at} we are open.")
        } else {
            format!("No, at {at} we are not open.")
        })
    }

    fn day(&mut self, date: Date, label: String, wish: &DayWish) -> Answer {
        let day = DayFacts::of(self.profile(), date, label.clone());
        let remark = match (wish, &day.holiday) {
            (DayWish::Date { occasion: Some(_), .. }, None) => {
                "That is by our regular hours; I have no special hours listed for that day.".to_owned()
            }
            // "On Thursdays" next falls on a holiday: the caller may mean any other.
            (DayWish::Weekday(weekday), Some(_)) => {
                let regular = self.profile().hours.on(*weekday);
                format!(
                    "On other {}s we are {}.",
                    weekday_name(*weekday),
                    facts::open_from(regular)
                )
            }
            _ => String::new(),
        };
        let told = with_remark(&day.told(), &remark);
        let request = tools::request(self.offers, CHECK_OPENING_HOURS, &[("date", Some(date.to_string()))]);
        let reading = if request.is_some() {
            Reading::Day { label, remark }
        } else {
            Reading::Plain
        };
        Answer { told, request, reading }
    }

    fn open_now(&mut self) -> Answer {
        let told = self.profile().describe_status(self.now);
        let request = tools::request(self.offers, CHECK_OPENING_HOURS, &[]);
        let reading = if request.is_some() {
            Reading::Status
        } else {
            Reading::Plain
        };
        Answer { told, request, reading }
    }

    fn clock(&self) -> String {
        let here = self.now.to_zoned(self.profile().time_zone.rules().clone());
        let time = frontdesk_company::ClockTime::of(here.time()).readable();
        format!(
            "It is {time} on {}, {}.",
            weekday_name(here.weekday()),
            here.strftime("%B %-d")
        )
    }

    fn location(&mut self) -> String {
        match self.profile().contact.address.clone() {
            Some(address) => facts::sentence(&format!("You find us at {address}")),
            None => self.not_listed(),
        }
    }

    fn phone(&mut self) -> String {
        match self.profile().contact.phone.clone() {
            Some(phone) => format!("Our phone number is {phone}."),
            None => self.not_listed(),
        }
    }

    fn email(&mut self) -> String {
        match self.profile().contact.email.clone() {
            Some(email) => format!("Our e-mail address is {email}."),
            None => self.not_listed(),
        }
    }

    fn contact(&mut self) -> String {
        contact_told(self.profile()).unwrap_or_else(|| self.wording.next(Occasion::Unknown))
    }

    /// One way of contact is not in the profile; another may be.
    fn not_listed(&mut self) -> String {
        let unknown = self.wording.next(Occasion::Unknown);
        with_remark(&unknown, &contact_told(self.profile()).unwrap_or_default())
    }

    fn identity(&self) -> String {
        let profile = self.profile();
        format!(
            "This is the automated assistant of {}, {}.",
            profile.name,
            facts::in_sentence(&profile.trade)
        )
    }

    fn text(&mut self, found: &TextMatch) -> String {
        let profile = &self.knowledge.profile;
        let text = match found.source {
            TextSource::Policy(at) => profile.policies.get(at).map(|policy| policy.text.clone()),
            TextSource::Question(at) => profile.questions.get(at).map(|question| question.answer.clone()),
            TextSource::Sentence(at) => self.knowledge.sentence(at),
        };
        let told = facts::sentence(&text.unwrap_or_default());
        if found.whole {
            told
        } else {
            format!("{} {told}", self.wording.next(Occasion::NearTopic))
        }
    }
}

/// How to reach the company, in a sentence.
pub(crate) fn contact_told(profile: &CompanyProfile) -> Option<String> {
    let phone = profile
        .contact
        .phone
        .as_ref()
        .map(|phone| format!("by phone at {phone}"));
    let email = profile
        .contact
        .email
        .as_ref()
        .map(|email| format!("by e-mail at {email}"));
    let ways: Vec<String> = [phone, email].into_iter().flatten().collect();
    (!ways.is_empty()).then(|| format!("You can reach us {}.", ways.join(" or ")))
}
