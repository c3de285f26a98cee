//! Files that are written from the Rust types: the window's TypeScript types, of the call and of the application, and the JSON Schema of a
//! call event. Each is committed; these tests fail when one is out of date, and write it anew when `FRONTDESK_UPDATE=1` is set.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use frontdesk_app::view::{
    AgendaQuery, AgendaView, AppMessage, BookingWish, CallMessage, ChatServerView, ChatTestView, ContactQuery,
    HistoryPage, HistoryQuery, LevelsView, SoundDiagnosticsView, WireEntry,
};
use frontdesk_app::{ContactPage, ContactTraces, ExportFormat};
use frontdesk_call::CallEvent;
use ts_rs::{Config, TS, TypeVisitor};

#[test]
fn generated_schema_of_call_events_is_up_to_date() {
    let schema = schemars::schema_for!(CallEvent);
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    is_up_to_date("src-tauri/crates/call/schemas/call-event.json", &text);
}

#[test]
fn generated_types_of_a_call_are_up_to_date() {
    let of_call = Declarations::of(&Config::new(), |found| found.visit::<CallEvent>());
    let text = format!("{}{}", heading("frontdesk-call"), body(&of_call));
    is_up_to_date("ui/src/lib/generated/call.ts", &text);
}

#[test]
fn generated_types_of_the_application_are_up_to_date() {
    let config = Config::new();
    let of_call = Declarations::of(&config, |found| found.visit::<CallEvent>());
    let mut of_app = Declarations::of(&config, |found| {
        found.visit::<AgendaQuery>();
        found.visit::<AgendaView>();
        found.visit::<AppMessage>();
        found.visit::<BookingWish>();
        found.visit::<ContactPage>();
        found.visit::<ContactTraces>();
        found.visit::<ContactQuery>();
        found.visit::<CallMessage>();
        found.visit::<ChatServerView>();
        found.visit::<ChatTestView>();
        found.visit::<HistoryQuery>();
        found.visit::<HistoryPage>();
        found.visit::<LevelsView>();
        found.visit::<SoundDiagnosticsView>();
        found.visit::<WireEntry>();
        found.visit::<ExportFormat>();
    });
    of_app.retain(|name, _| !of_call.contains_key(name));
    let body = body(&of_app);
    let words: BTreeSet<&str> = body.split(|character: char| !character.is_alphanumeric()).collect();
    let imports: Vec<&str> = of_call
        .keys()
        .map(String::as_str)
        .filter(|name| words.contains(name))
        .collect();
    let text = format!(
        "{}import type {{ {} }} from './call';\n{body}",
        heading("frontdesk-app"),
        imports.join(", ")
    );
    is_up_to_date("ui/src/lib/generated/app.ts", &text);
}

fn heading(package: &str) -> String {
    format!(
        "// Generated from the Rust types of `{package}`; do not edit. FRONTDESK_UPDATE=1 cargo test -p frontdesk-tests generated\n"
    )
}

fn body(declarations: &BTreeMap<String, String>) -> String {
    declarations
        .values()
        .map(|declaration| format!("\n{declaration}"))
        .collect()
}

/// Collects the declaration of a type and of everything it is made of.
struct Declarations<'a> {
    config: &'a Config,
    seen: HashSet<TypeId>,
    by_name: BTreeMap<String, String>,
}

impl<'a> Declarations<'a> {
    fn of(config: &'a Config, visit: impl FnOnce(&mut Self)) -> BTreeMap<String, String> {
        let mut found = Self {
            config,
            seen: HashSet::new(),
            by_name: BTreeMap::new(),
        };
        visit(&mut found);
        found.by_name
    }
}

impl TypeVisitor for Declarations<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        // Types without a path are TypeScript's own.
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            self.by_name.insert(
                T::ident(self.config),
                format!("{docs}export {}\n", T::decl(self.config)),
            );
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

/// Compares a committed file, named from the repository's top, with what it should hold.
fn is_up_to_date(path: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    if std::env::var_os("FRONTDESK_UPDATE").is_some() {
        std::fs::write(&path, expected).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    let difference = found
        .lines()
        .zip(expected.lines())
        .position(|(found, expected)| found != expected);
    assert!(
        found == expected,
        "{} is out of date (first difference after line {difference:?}). Run: FRONTDESK_UPDATE=1 cargo test -p frontdesk-tests generated",
        path.display()
    );
}
