//! Reads what limits appointments: the resources, which of them a service needs, and the rules of booking.
//!
//! Lives on the stack of one parse; not shared between threads.

use super::section::{Entry, Section};
use crate::duration::Minutes;
use crate::profile::{BookingRules, Resource};
use crate::wording::closest;

/// Reads `[[resources]]`. Names are unique: a service finds its resource by name.
pub(super) fn resources(entries: &[Entry]) -> Vec<Resource> {
    let mut resources: Vec<(usize, Resource)> = Vec::new();
    for entry in entries {
        let Some(resource) = entry.section().and_then(resource) else {
            continue;
        };
        if let Some((line, _)) = resources.iter().find(|(_, earlier)| earlier.name == resource.name) {
            entry.problem(&format!(
                "the resource '{}' already stands on line {line}; give one count for all of them",
                resource.name
            ));
        }
        resources.push((entry.line(), resource));
    }
    resources.into_iter().map(|(_, resource)| resource).collect()
}

/// The name of a resource that a service needs. One that is not there could never be booked.
pub(super) fn needed(entry: &Entry, resources: &[Resource]) -> Option<String> {
    let wanted = entry.name()?;
    let names = || resources.iter().map(|resource| resource.name.as_str());
    if names().any(|name| name == wanted) {
        return Some(wanted);
    }
    let advice = match closest(&wanted, names()) {
        Some(name) => format!("did you mean '{name}'?"),
        None => "add it below [[resources]]".to_owned(),
    };
    entry.problem(&format!("there is no resource named '{wanted}'; {advice}"));
    None
}

fn resource(mut section: Section) -> Option<Resource> {
    let name = section.required("name").and_then(|entry| entry.name());
    let count = section.required("count").and_then(|entry| entry.whole_number(1..=1000));
    section.refuse_unknown();
    Some(Resource {
        name: name?,
        count: count?,
    })
}

/// Reads `[booking]`. A field that is wrong has been reported and counts as usual.
pub(super) fn rules(mut section: Section) -> BookingRules {
    let usual = BookingRules::default();
    let enabled = section.optional("enabled").and_then(|entry| entry.flag());
    let mut number = |field, bounds| section.optional(field).and_then(|entry| entry.whole_number(bounds));
    let rules = BookingRules {
        enabled: enabled.unwrap_or(usual.enabled),
        start_every_minutes: number("start_every_minutes", 5..=240).map_or(usual.start_every_minutes, Minutes),
        lead_minutes: number("lead_minutes", 0..=10_080).map_or(usual.lead_minutes, Minutes),
        days_ahead: number("days_ahead", 1..=730).unwrap_or(usual.days_ahead),
        buffer_minutes: number("buffer_minutes", 0..=480).map_or(usual.buffer_minutes, Minutes),
        usual_minutes: number("usual_minutes", 5..=1_440).map_or(usual.usual_minutes, Minutes),
    };
    section.refuse_unknown();
    rules
}
