//! The company profile: one record per company, in the order in which the file is written.
//!
//! Pure data, usable on any thread. The serde form of every type is the form of the file, so a serialised profile is a
//! company file. Text from people goes through [`CompanyProfile::parse`]: only that checks what spans several fields
//! (unique ids, nights that run into the next day) and names lines. `Deserialize` is for what the program wrote itself.

use serde::{Deserialize, Serialize};

use crate::duration::{DurationRange, Minutes};
use crate::holiday::Holiday;
use crate::hours::WeeklyHours;
use crate::identity::{CompanyId, ServiceId};
use crate::money::{Currency, PriceRange};
use crate::zone::CompanyZone;

/// Everything a receptionist knows about one company.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompanyProfile {
    /// Selects the company among several; made from the name where the file gives none.
    pub id: CompanyId,
    /// The name as it is spoken.
    pub name: String,
    /// What kind of company it is, such as `car repair workshop`.
    pub trade: String,
    /// One or two sentences on what sets it apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The zone in which the opening hours are meant.
    pub time_zone: CompanyZone,
    /// The currency of prices that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The first sentence of a call, where the default does not please; see [`CompanyProfile::opening_line`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub greeting: Option<String>,
    /// Anything else the receptionist should know, in free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brief: Option<String>,
    /// Which voice speaks.
    #[serde(default, skip_serializing_if = "VoicePreference::is_empty")]
    pub voice: VoicePreference,
    /// How and where to reach the company.
    #[serde(default)]
    pub contact: Contact,
    /// The regular hours of a week; at least one day is open.
    pub hours: WeeklyHours,
    /// Dated exceptions to the regular hours.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<Holiday>,
    /// What the company offers. Ids, names and aliases are unique.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<Service>,
    /// House rules, by topic.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<Policy>,
    /// Questions that callers often ask, with their answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// What limits how many bookings run at the same time, such as two service bays.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<Resource>,
    /// When appointments can be made.
    #[serde(default, skip_serializing_if = "BookingRules::is_usual")]
    pub booking: BookingRules,
}

impl CompanyProfile {
    /// The first sentence of a call: the file's greeting, or one that names the company, says that an automated
    /// assistant speaks, and offers help.
    pub fn opening_line(&self) -> String {
        match &self.greeting {
            Some(greeting) => greeting.clone(),
            None => format!(
                "Thank you for calling {}. This is the automated assistant speaking. How can I help you today?",
                self.name
            ),
        }
    }

    /// The service with this id.
    pub fn service(&self, id: &ServiceId) -> Option<&Service> {
        self.services.iter().find(|service| service.id == *id)
    }

    /// The service that goes by this name, alias or id, in any case.
    pub fn service_named(&self, spoken: &str) -> Option<&Service> {
        let wanted = spoken.trim().to_lowercase();
        self.services
            .iter()
            .find(|service| service.id.as_str() == wanted || service.names().any(|name| name.to_lowercase() == wanted))
    }

    /// Whether callers can get appointments: the file does not forbid it, and there is something to book.
    pub fn takes_bookings(&self) -> bool {
        self.booking.enabled && !self.services.is_empty()
    }

    /// The profile as a company file without comments; [`CompanyProfile::parse`] reads it back to the same value.
    ///
    /// # Errors
    /// What the TOML writer reports; no value of this type is known to cause it.
    pub fn render_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(self)
    }
}

/// Voices by the kind of model that speaks. A model without that voice falls back to its own default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoicePreference {
    /// Voice of a Realtime provider, such as `marin`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub realtime: Option<String>,
    /// Voice of the local engine, such as `en_US-joe-medium`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local: Option<String>,
}

impl VoicePreference {
    /// Whether no voice is asked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How and where to reach the company. What is not given is not told.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Phone number as it is written on the door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Postal address in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The country whose phone numbers callers give without its code: two capital letters of ISO 3166, such as `US`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// One thing a caller can ask for and book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Names the service in bookings; made from the name where the file gives none.
    pub id: ServiceId,
    /// The name as it is spoken.
    pub name: String,
    /// Other words callers use for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// How long it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<DurationRange>,
    /// What it costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<PriceRange>,
    /// What it includes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Name of the resource that an appointment occupies; the first one of the file where this is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// Minutes that the resource stays occupied after the appointment, where they differ from the usual ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buffer_minutes: Option<Minutes>,
}

impl Service {
    /// The name and then the aliases.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.aliases.iter().map(String::as_str))
    }
}

/// One house rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// What it is about, such as `Cancellation`.
    pub topic: String,
    /// Other words that lead callers to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// The rule, in a sentence that can be spoken as it is.
    pub text: String,
}

/// One common question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Ways to ask it, the most usual first; at least one.
    pub ask: Vec<String>,
    /// The answer, in a sentence that can be spoken as it is.
    pub answer: String,
}

/// Something that a booking occupies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// What it is, such as `service bay`.
    pub name: String,
    /// How many there are, 1–1000: that many bookings run side by side.
    pub count: u32,
}

/// When appointments can be made. What the file leaves out has the usual value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BookingRules {
    /// Whether the receptionist books, moves and cancels. At the desk it can be done by hand all the same.
    pub enabled: bool,
    /// Appointments begin at full multiples of this after midnight: 5–240.
    pub start_every_minutes: Minutes,
    /// Least time between the call and the appointment: 0–10,080 (a week).
    pub lead_minutes: Minutes,
    /// Days ahead that can be booked, counted from today: 1–730.
    pub days_ahead: u32,
    /// Time that a resource stays occupied after each appointment: 0–480.
    pub buffer_minutes: Minutes,
    /// Length of an appointment for a service that gives none: 5–1440.
    pub usual_minutes: Minutes,
}

impl BookingRules {
    /// Whether every rule has its usual value.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for BookingRules {
    fn default() -> Self {
        Self {
            enabled: true,
            start_every_minutes: Minutes(30),
            lead_minutes: Minutes(60),
            days_ahead: 90,
            buffer_minutes: Minutes(0),
            usual_minutes: Minutes(60),
        }
    }
}
