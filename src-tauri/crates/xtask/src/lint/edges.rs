//! The plan's dependency rules, checked against `cargo metadata`: which of our crates may use which, and which outside packages must
//! be a direct dependency of which crate.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail};
use serde_json::Value;

/// Every crate of ours with the crates of ours that it may use. Anything else fails.
const ALLOWED: &[(&str, &[&str])] = &[
    ("frontdesk-protocol", &[]),
    ("frontdesk-company", &[]),
    ("frontdesk-call", &["frontdesk-protocol"]),
    ("frontdesk-audio", &["frontdesk-call"]),
    ("frontdesk-realtime", &["frontdesk-call", "frontdesk-protocol"]),
    ("frontdesk-store", &["frontdesk-call"]),
    (
        "frontdesk-desk",
        &["frontdesk-store", "frontdesk-company", "frontdesk-call"],
    ),
    ("frontdesk-agent", &["frontdesk-call", "frontdesk-company"]),
    ("frontdesk-engine", &["frontdesk-protocol", "frontdesk-company"]),
    ("frontdesk-app", EVERYTHING_BELOW_APP),
    ("frontdesk-headless", &["frontdesk-app", "frontdesk-call"]),
    ("frontdesk", &["frontdesk-app", "frontdesk-call"]),
    ("xtask", &[]),
    ("frontdesk-tests", ANY),
];

const EVERYTHING_BELOW_APP: &[&str] = &[
    "frontdesk-protocol",
    "frontdesk-company",
    "frontdesk-call",
    "frontdesk-audio",
    "frontdesk-realtime",
    "frontdesk-store",
    "frontdesk-desk",
    "frontdesk-agent",
    "frontdesk-engine",
];

/// The tests see everything.
const ANY: &[&str] = &["*"];

/// Outside packages that the plan fixes, with a crate that must use each directly.
pub(super) const FIXED: &[(&str, &str)] = &[
    ("tauri", "frontdesk"),
    ("tokio", "frontdesk-call"),
    ("tokio-tungstenite", "frontdesk-realtime"),
    ("tokio-tungstenite", "frontdesk-engine"),
    ("cpal", "frontdesk-audio"),
    ("rubato", "frontdesk-audio"),
    ("ringbuf", "frontdesk-audio"),
    ("serde", "frontdesk-protocol"),
    ("serde_json", "frontdesk-protocol"),
    ("reqwest", "frontdesk-app"),
    ("reqwest", "frontdesk-agent"),
    ("keyring", "frontdesk-store"),
    ("tracing", "frontdesk-call"),
    ("tracing", "frontdesk-audio"),
    ("tracing", "frontdesk-realtime"),
    ("tracing", "frontdesk-store"),
    ("tracing", "frontdesk-agent"),
    ("tracing", "frontdesk-engine"),
    ("tracing", "frontdesk-app"),
];

/// Checks the output of `cargo metadata --no-deps`.
pub fn check(metadata: &str) -> anyhow::Result<()> {
    let metadata: Value = serde_json::from_str(metadata).context("cargo metadata gave no JSON")?;
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata names no packages")?;
    let mut faults = Vec::new();
    let ours: BTreeSet<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let Some((_, allowed)) = ALLOWED.iter().find(|(known, _)| *known == name) else {
            faults.push(format!("{name} has no row in the table of edges"));
            continue;
        };
        for used in direct(package).filter(|used| ours.contains(used)) {
            if !allowed.contains(&used) && allowed != &ANY {
                faults.push(format!("{name} may not use {used}"));
            }
        }
    }
    for (outside, user) in FIXED {
        let used = packages
            .iter()
            .filter(|package| package["name"] == *user)
            .any(|package| direct(package).any(|name| name == *outside));
        if !used {
            faults.push(format!("{user} must use {outside} directly"));
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        bail!("{}", faults.join("\n"))
    }
}

/// Names of the packages that a package uses outside of its tests.
fn direct(package: &Value) -> impl Iterator<Item = &str> {
    let dependencies = package["dependencies"]
        .as_array()
        .map_or(&[] as &[Value], Vec::as_slice);
    dependencies
        .iter()
        .filter(|dependency| dependency["kind"] != "dev")
        .filter_map(|dependency| dependency["name"].as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn package(name: &str, uses: &[&str]) -> Value {
        let dependencies: Vec<Value> = uses.iter().map(|name| json!({ "name": name, "kind": null })).collect();
        json!({ "name": name, "dependencies": dependencies })
    }

    /// Packages that keep every rule, with one of them replaced.
    fn workspace_with(changed: Value) -> String {
        let mut packages: Vec<Value> = ALLOWED
            .iter()
            .map(|(name, _)| {
                let fixed: Vec<&str> = FIXED
                    .iter()
                    .filter(|(_, user)| user == name)
                    .map(|(outside, _)| *outside)
                    .collect();
                package(name, &fixed)
            })
            .collect();
        if let Some(place) = packages.iter_mut().find(|package| package["name"] == changed["name"]) {
            *place = changed;
        } else {
            packages.push(changed);
        }
        json!({ "packages": packages }).to_string()
    }

    #[test]
    fn the_rules_can_be_kept() {
        check(&workspace_with(package("frontdesk-company", &["serde"]))).unwrap();
    }

    #[test]
    fn a_forbidden_edge_is_named() {
        let error = check(&workspace_with(package("frontdesk-company", &["frontdesk-store"]))).unwrap_err();
        assert_eq!(error.to_string(), "frontdesk-company may not use frontdesk-store");
    }

    #[test]
    fn an_unknown_crate_and_a_missing_fixed_package_are_named() {
        assert!(check(&workspace_with(package("frontdesk-surprise", &[]))).is_err());
        let error = check(&workspace_with(package("frontdesk-store", &["tracing"]))).unwrap_err();
        assert_eq!(error.to_string(), "frontdesk-store must use keyring directly");
    }
}
