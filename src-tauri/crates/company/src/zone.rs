//! The company's time zone, from the rules that ship with the program.
//!
//! The rules are bundled and not read from the operating system: the same file then gives the same answers on every
//! machine, and a bare one without zone data works. Pure but for the zone cache of `jiff`; usable on any thread.

use std::fmt;
use std::str::FromStr;

use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};

use crate::error::{Malformed, text_in_serde};
use crate::wording::closest;

/// An IANA time zone such as `America/Chicago`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CompanyZone {
    name: String,
    rules: TimeZone,
}

impl CompanyZone {
    /// The IANA name in its official spelling.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The rules, for conversions between instants and wall clock.
    pub fn rules(&self) -> &TimeZone {
        &self.rules
    }
}

impl FromStr for CompanyZone {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let database = TimeZoneDatabase::bundled();
        let known = database.get(text).ok().filter(|zone| !zone.is_unknown());
        if let Some(rules) = known
            && let Some(name) = rules.iana_name().map(str::to_owned)
        {
            return Ok(Self { name, rules });
        }
        let names: Vec<String> = database.available().map(|name| name.as_str().to_owned()).collect();
        let advice = match closest(text, names.iter().map(String::as_str)) {
            Some(name) => format!("did you mean '{name}'?"),
            None => "write one such as 'America/Chicago' or 'Europe/London'".to_owned(),
        };
        Err(Malformed::new(text, format!("no time zone has this name; {advice}")))
    }
}

impl fmt::Display for CompanyZone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)
    }
}

text_in_serde!(CompanyZone);
