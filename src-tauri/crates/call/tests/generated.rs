//! Files that are written from the types: the JSON Schema of a call event and the window's TypeScript types. Each is committed; these
//! tests fail when one is out of date, and write it anew when `FRONTDESK_UPDATE=1` is set.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

use std::any::TypeId;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use frontdesk_call::CallEvent;
use ts_rs::{Config, TS, TypeVisitor};

#[test]
fn generated_schema_of_call_events_is_up_to_date() {
    let schema = schemars::schema_for!(CallEvent);
    let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n";
    is_up_to_date("schemas/call-event.json", &text);
}

#[test]
fn generated_typescript_types_are_up_to_date() {
    let config = Config::new();
    let mut declarations = Declarations {
        config: &config,
        seen: HashSet::new(),
        by_name: BTreeMap::new(),
    };
    declarations.visit::<CallEvent>();
    let mut text = String::from(
        "// Generated from the Rust types of `frontdesk-call`; do not edit. FRONTDESK_UPDATE=1 cargo test -p frontdesk-call generated\n",
    );
    for declaration in declarations.by_name.values() {
        text.push('\n');
        text.push_str(declaration);
    }
    is_up_to_date("../../../ui/src/lib/generated/call.ts", &text);
}

/// Collects the declaration of a type and of everything it is made of.
struct Declarations<'a> {
    config: &'a Config,
    seen: HashSet<TypeId>,
    by_name: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        // Types without a path are TypeScript's own.
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            let declaration = format!("{docs}export {}\n", T::decl(self.config));
            self.by_name.insert(T::ident(self.config), declaration);
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

fn is_up_to_date(path: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("FRONTDESK_UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().expect("a file in a folder")).expect("the folder can be made");
        std::fs::write(&path, expected).expect("the file can be written");
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    let difference = found
        .lines()
        .zip(expected.lines())
        .position(|(found, expected)| found != expected);
    assert!(
        found == expected,
        "{} is out of date (first difference after line {difference:?}). Run: FRONTDESK_UPDATE=1 cargo test -p frontdesk-call generated",
        path.display()
    );
}
