//! The licence texts of every Rust and JavaScript package inside the programs, read from the sources that they were built from. Packages
//! that no accepted licence covers stop the packaging.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde_json::Value;

use super::licence;
use crate::workspace;

/// The programs that are packaged.
const PROGRAMS: [&str; 2] = ["frontdesk", "frontdesk-headless"];

/// The compiler of the interface puts its run-time parts into what it makes, so it counts although it is a development dependency.
const INTERFACE_RUNTIME: &str = "svelte";

/// Beginnings of the names of licence files, in lower case.
const LICENCE_FILES: [&str; 6] = ["licen", "copying", "notice", "copyright", "unlicense", "patents"];

/// One package inside the programs.
struct Dependency {
    name: String,
    version: String,
    licence: String,
    authors: String,
    sources: PathBuf,
}

/// All licence texts as one file for people.
pub fn collect() -> anyhow::Result<String> {
    let mut dependencies = rust()?;
    dependencies.extend(interface()?);
    let refused: Vec<String> = dependencies
        .iter()
        .filter(|dependency| !licence::is_accepted(&dependency.licence))
        .map(|dependency| format!("{} {} ({})", dependency.name, dependency.version, dependency.licence))
        .collect();
    if !refused.is_empty() {
        bail!("no accepted licence covers: {}", refused.join(", "));
    }
    write(&dependencies)
}

fn write(dependencies: &[Dependency]) -> anyhow::Result<String> {
    // Many packages share a text to the letter; it is printed once for all of them.
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut without = String::new();
    for dependency in dependencies {
        let found = licence_texts(&dependency.sources)?;
        if found.is_empty() {
            writeln!(
                without,
                "- {} {}, {}, by {}",
                dependency.name, dependency.version, dependency.licence, dependency.authors
            )?;
        }
        for text in found {
            texts
                .entry(text)
                .or_default()
                .insert(format!("{} {}", dependency.name, dependency.version));
        }
    }
    let mut document = format!(
        "Licences of the {} Rust and JavaScript packages inside Frontdesk\n\n\
         Above each text stand the packages that it belongs to.\n",
        dependencies.len()
    );
    if !without.is_empty() {
        write!(
            document,
            "\nThese packages name their licence and carry no text of it. The text is the one of that name below or at\n\
             https://spdx.org/licenses/.\n\n{without}"
        )?;
    }
    for (text, packages) in texts {
        let packages: Vec<String> = packages.into_iter().collect();
        write!(
            document,
            "\n{}\n{}\n\n{}\n",
            "=".repeat(80),
            packages.join(", "),
            text.trim()
        )?;
    }
    Ok(document)
}

/// The crates that cargo links or runs for the programs on this system.
fn rust() -> anyhow::Result<Vec<Dependency>> {
    let host = workspace::host()?;
    let metadata = workspace::cargo()
        .args(["metadata", "--format-version=1", "--locked", "--filter-platform", &host])
        .output()?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages: BTreeMap<&str, &Value> = list(&metadata["packages"])
        .filter_map(|package| Some((package["id"].as_str()?, package)))
        .collect();
    let nodes: BTreeMap<&str, &Value> = list(&metadata["resolve"]["nodes"])
        .filter_map(|node| Some((node["id"].as_str()?, node)))
        .collect();
    let is_program = |package: &&Value| package["name"].as_str().is_some_and(|name| PROGRAMS.contains(&name));
    let mut waiting: VecDeque<&str> = packages
        .values()
        .copied()
        .filter(is_program)
        .filter_map(|package| package["id"].as_str())
        .collect();
    if waiting.len() != PROGRAMS.len() {
        bail!("the workspace does not hold all of {}", PROGRAMS.join(", "));
    }
    let mut seen = BTreeSet::new();
    let mut dependencies = Vec::new();
    while let Some(id) = waiting.pop_front() {
        if !seen.insert(id) {
            continue;
        }
        let package = packages
            .get(id)
            .with_context(|| format!("cargo does not describe {id}"))?;
        // Our own crates have no source.
        if !package["source"].is_null() {
            dependencies.push(crate_of(package)?);
        }
        let needed = nodes.get(id).map(|node| list(&node["deps"])).into_iter().flatten();
        // Neither build scripts' nor tests' dependencies end up in a program.
        let is_inside = |dependency: &&Value| list(&dependency["dep_kinds"]).any(|kind| kind["kind"].is_null());
        waiting.extend(
            needed
                .filter(is_inside)
                .filter_map(|dependency| dependency["pkg"].as_str()),
        );
    }
    dependencies.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(dependencies)
}

fn crate_of(package: &Value) -> anyhow::Result<Dependency> {
    let manifest = Path::new(package["manifest_path"].as_str().context("a crate has a manifest")?);
    let authors: Vec<&str> = list(&package["authors"]).filter_map(Value::as_str).collect();
    Ok(Dependency {
        name: text(&package["name"]),
        version: text(&package["version"]),
        licence: text(&package["license"]),
        authors: if authors.is_empty() {
            "its contributors".into()
        } else {
            authors.join(", ")
        },
        sources: manifest.parent().context("a manifest lies in a folder")?.to_path_buf(),
    })
}

/// The packages of the interface, from its lock file: its own dependencies, the compiler's run-time parts, and what these need.
fn interface() -> anyhow::Result<Vec<Dependency>> {
    let lock = std::fs::read_to_string(workspace::ui().join("package-lock.json"))?;
    let lock: Value = serde_json::from_str(&lock)?;
    let packages = &lock["packages"];
    let mut waiting: VecDeque<String> = keys(&packages[""]["dependencies"]);
    waiting.push_back(INTERFACE_RUNTIME.into());
    let mut seen = BTreeSet::new();
    let mut dependencies = Vec::new();
    while let Some(name) = waiting.pop_front() {
        let place = format!("node_modules/{name}");
        let package = &packages[&place];
        if package.is_null() {
            bail!("the interface's lock file does not hold {name}");
        }
        if !seen.insert(name.clone()) {
            continue;
        }
        waiting.extend(keys(&package["dependencies"]));
        dependencies.push(Dependency {
            name,
            version: text(&package["version"]),
            licence: text(&package["license"]),
            authors: "its contributors".into(),
            sources: workspace::ui().join(place),
        });
    }
    dependencies.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(dependencies)
}

/// The licence files in a package's folder.
fn licence_texts(sources: &Path) -> anyhow::Result<Vec<String>> {
    let entries = std::fs::read_dir(sources).with_context(|| format!("no sources in {}", sources.display()))?;
    let mut texts = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_lowercase();
        if LICENCE_FILES.iter().any(|beginning| name.starts_with(beginning)) && entry.path().is_file() {
            let bytes = std::fs::read(entry.path())?;
            texts.push(String::from_utf8_lossy(&bytes).replace("\r\n", "\n"));
        }
    }
    Ok(texts)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn keys(value: &Value) -> VecDeque<String> {
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, _)| key.clone())
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
