//! Reads the services and makes sure that each of their names leads to one of them only.
//!
//! Lives on the stack of one parse; not shared between threads.

use std::collections::HashMap;

use super::section::{Entry, Section};
use super::{booking, duration};
use crate::duration::Minutes;
use crate::identity::ServiceId;
use crate::money::{Currency, PriceRange};
use crate::profile::{Resource, Service};

/// Reads `[[services]]`; `usual` is the currency of prices that name none, `resources` are those of the file.
pub(super) fn services(entries: &[Entry], usual: Option<Currency>, resources: &[Resource]) -> Vec<Service> {
    let mut taken = Taken::default();
    let numbered = entries.iter().enumerate();
    numbered
        .filter_map(|(index, entry)| {
            service(
                entry.section()?,
                usual,
                resources,
                Owner {
                    index,
                    line: entry.line(),
                },
                &mut taken,
            )
        })
        .collect()
}

fn service(
    mut section: Section,
    usual: Option<Currency>,
    resources: &[Resource],
    owner: Owner,
    taken: &mut Taken,
) -> Option<Service> {
    let name_entry = section.required("name");
    let name = name_entry.as_ref().and_then(|entry| entry.name());
    let id_entry = section.optional("id");
    let id: Option<ServiceId> = match &id_entry {
        Some(entry) => entry.parsed(),
        None => name
            .as_ref()
            .and_then(|name| section.checked("name", ServiceId::from_name(name))),
    };
    let alias_entries = section
        .optional("aliases")
        .and_then(|entry| entry.texts())
        .unwrap_or_default();
    let aliases: Vec<String> = alias_entries.iter().filter_map(|entry| entry.name()).collect();
    let minutes = section.optional("minutes").and_then(|entry| duration(&entry));
    let price = section.optional("price").and_then(|entry| price(&entry, usual));
    let description = section.optional("description").and_then(|entry| entry.prose());
    let resource = section
        .optional("resource")
        .and_then(|entry| booking::needed(&entry, resources));
    let buffer_minutes = section
        .optional("buffer_minutes")
        .and_then(|entry| entry.whole_number(0..=480))
        .map(Minutes);
    section.refuse_unknown();

    let (id, name) = (id?, name?);
    if let Some(entry) = id_entry.as_ref().or(name_entry.as_ref()) {
        taken.claim(entry, "id", id.as_str(), owner);
    }
    for (entry, word) in name_entry
        .iter()
        .chain(&alias_entries)
        .zip(std::iter::once(&name).chain(&aliases))
    {
        taken.claim(entry, "name", &word.to_lowercase(), owner);
    }
    Some(Service {
        id,
        name,
        aliases,
        minutes,
        price,
        description,
        resource,
        buffer_minutes,
    })
}

fn price(entry: &Entry, usual: Option<Currency>) -> Option<PriceRange> {
    let text = entry.number_or_text("a price such as 50, 49.90 or \"50-80\"")?;
    entry.checked(PriceRange::parse(&text, usual))
}

/// The service that uses an id or a name.
#[derive(Clone, Copy)]
struct Owner {
    index: usize,
    line: usize,
}

/// Ids, names and aliases in use. A caller's word that means two services would get the price of the wrong one.
#[derive(Default)]
struct Taken {
    words: HashMap<(&'static str, String), Owner>,
}

impl Taken {
    fn claim(&mut self, entry: &Entry, what: &'static str, word: &str, owner: Owner) {
        let first = *self.words.entry((what, word.to_owned())).or_insert(owner);
        if first.index != owner.index {
            entry.problem(&format!(
                "the {what} '{word}' already belongs to the service on line {}",
                first.line
            ));
        }
    }
}
