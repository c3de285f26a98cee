//! The profile as plain text: the facts that a language model answers from.
//!
//! Pure; usable on any thread. The text is complete but for what callers need not know (voices, capacity), and the same
//! profile always gives the same text, so prompts can be cached and compared.

use crate::profile::{CompanyProfile, Service};

/// Writes the facts of a company in readable sections, ready to stand inside a `<company_brief>` tag: whatever the file
/// says, the text holds nothing that looks like an opening or closing tag.
pub fn render_brief(profile: &CompanyProfile) -> String {
    let mut brief = Brief::default();
    company(profile, &mut brief);
    hours(profile, &mut brief);
    brief.section("Services with duration and price", profile.services.iter().map(service));
    brief.section(
        "Policies",
        profile.policies.iter().map(|policy| {
            format!(
                "{}: {}{}",
                policy.topic,
                one_line(&policy.text),
                also("asked as", &policy.keywords)
            )
        }),
    );
    brief.section(
        "Common questions",
        profile
            .questions
            .iter()
            .map(|question| format!("{}\n  Answer: {}", question.ask.join(" / "), one_line(&question.answer))),
    );
    if let Some(text) = &profile.brief {
        brief.heading("More about the company");
        brief.line(text.trim());
    }
    without_tags(&brief.text)
}

fn company(profile: &CompanyProfile, brief: &mut Brief) {
    let contact = &profile.contact;
    let facts = [
        ("Company", Some(&profile.name)),
        ("Trade", Some(&profile.trade)),
        ("About", profile.description.as_ref()),
        ("Phone", contact.phone.as_ref()),
        ("E-mail", contact.email.as_ref()),
        ("Address", contact.address.as_ref()),
    ];
    for (label, value) in facts {
        if let Some(value) = value {
            brief.line(&format!("{label}: {}", one_line(value)));
        }
    }
}

fn hours(profile: &CompanyProfile, brief: &mut Brief) {
    let heading = format!("Opening hours (time zone {})", profile.time_zone);
    brief.section(
        &heading,
        profile
            .hours
            .alike_days()
            .iter()
            .map(|days| format!("{days}: {}", days.hours.readable())),
    );
    brief.section(
        "Holidays and special hours",
        profile.holidays.iter().map(|holiday| {
            format!(
                "{}, {}: {}",
                holiday.name,
                holiday.readable_date(),
                holiday.hours.readable()
            )
        }),
    );
}

fn service(service: &Service) -> String {
    let facts: Vec<String> = [
        service.minutes.map(|duration| duration.readable()),
        service.price.map(|price| price.readable()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut line = service.name.clone();
    if !facts.is_empty() {
        line.push_str(": ");
        line.push_str(&facts.join(", "));
    }
    line.push('.');
    if let Some(description) = &service.description {
        line.push(' ');
        line.push_str(&one_line(description));
    }
    line.push_str(&also("also called", &service.aliases));
    line
}

fn also(label: &str, words: &[String]) -> String {
    match words {
        [] => String::new(),
        words => format!(" ({label}: {})", words.join(", ")),
    }
}

/// A fact in one line, so that a line break in the file cannot pass for the next fact.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Replaces the `<` of anything like `<tag` or `</tag`: text of the file must not close the tag it stands in. A plain
/// 'less than' stays.
fn without_tags(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let starts_tag = character == '<'
            && characters
                .peek()
                .is_some_and(|next| *next == '/' || next.is_alphabetic());
        safe.push(if starts_tag { '‹' } else { character });
    }
    safe
}

/// The text as it grows.
#[derive(Default)]
struct Brief {
    text: String,
}

impl Brief {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn heading(&mut self, heading: &str) {
        self.line("");
        self.line(heading);
    }

    /// A heading with a list below it; nothing at all when the list is empty.
    fn section(&mut self, heading: &str, entries: impl Iterator<Item = String>) {
        let mut entries = entries.peekable();
        if entries.peek().is_some() {
            self.heading(heading);
        }
        for entry in entries {
            self.line(&format!("- {entry}"));
        }
    }
}
