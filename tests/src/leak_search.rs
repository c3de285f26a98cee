//! Looks for a secret where it may not be: in files, in text, in the arguments and environments of this process and of all below it.
//!
//! It knows the secret as it is and in base64, also in the middle of something longer. Blocking; reads every file whole.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use frontdesk_protocol::AudioBytes;

/// The forms of one secret.
pub struct LeakSearch {
    forms: Vec<(&'static str, String)>,
}

impl LeakSearch {
    /// A search for `secret`: ASCII, and long enough not to appear by chance.
    #[must_use]
    pub fn new(secret: &str) -> Self {
        let mut forms = vec![("as it is", secret.to_owned())];
        for text in in_base64(secret.as_bytes()) {
            let for_addresses = text.replace('+', "-").replace('/', "_");
            forms.push(("in base64", text));
            forms.push(("in base64 for addresses", for_addresses));
        }
        Self { forms }
    }

    /// How the bytes hold the secret, if they do.
    #[must_use]
    pub fn in_bytes(&self, bytes: &[u8]) -> Option<&'static str> {
        // Every form is ASCII, so what is lost of other bytes does not matter. The library's search is fast in unoptimised tests too.
        let text = String::from_utf8_lossy(bytes);
        let form = self.forms.iter().find(|(_, form)| text.contains(form));
        form.map(|(name, _)| *name)
    }

    /// Every place at or below `place` that holds the secret: names, link targets and the bytes of plain files. Files that vanish meanwhile
    /// are passed over, as a database's own do when it is closed.
    ///
    /// # Errors
    /// When something that is there cannot be read: what was not searched is not clean.
    pub fn in_files(&self, place: &Path) -> anyhow::Result<Vec<String>> {
        let mut found = Vec::new();
        let mut waiting = vec![place.to_path_buf()];
        while let Some(path) = waiting.pop() {
            let Some(metadata) = still_there(fs::symlink_metadata(&path), &path)? else {
                continue;
            };
            let content = if metadata.is_dir() {
                let Some(entries) = still_there(fs::read_dir(&path), &path)? else {
                    continue;
                };
                for entry in entries {
                    waiting.push(entry?.path());
                }
                None
            } else if metadata.is_symlink() {
                still_there(fs::read_link(&path), &path)?.map(|target| target.as_os_str().as_encoded_bytes().to_vec())
            } else if metadata.is_file() {
                still_there(fs::read(&path), &path)?
            } else {
                // A socket or a pipe has no bytes of its own.
                None
            };
            let name = path.file_name().unwrap_or_default().as_encoded_bytes();
            let how = self
                .in_bytes(name)
                .or_else(|| content.and_then(|bytes| self.in_bytes(&bytes)));
            found.extend(how.map(|how| format!("{} {how}", path.display())));
        }
        Ok(found)
    }

    /// Every process, this one and all below it, whose arguments or environment hold the secret. Linux only.
    ///
    /// # Errors
    /// When `/proc` cannot be read.
    pub fn in_processes(&self) -> anyhow::Result<Vec<String>> {
        let mut found = Vec::new();
        for process in family()? {
            for part in ["cmdline", "environ"] {
                let path = Path::new("/proc").join(process.to_string()).join(part);
                // A process that has just ended has nothing to show any more.
                let bytes = fs::read(&path).unwrap_or_default();
                found.extend(self.in_bytes(&bytes).map(|how| format!("{} {how}", path.display())));
            }
        }
        Ok(found)
    }
}

/// The part of a secret's base64 that does not depend on what stands before and after it, for each of the three ways in which it can lie.
fn in_base64(secret: &[u8]) -> impl Iterator<Item = String> {
    (0..3).map(move |before: usize| {
        let mut bytes = vec![0; before];
        bytes.extend(secret);
        let first_own = (before * 8).div_ceil(6);
        let last_own = bytes.len() * 8 / 6;
        AudioBytes::new(bytes).encode()[first_own..last_own].to_owned()
    })
}

/// What a file operation gave; nothing when the file is gone.
fn still_there<T>(result: std::io::Result<T>, path: &Path) -> anyhow::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be searched", path.display())),
    }
}

/// This process and all below it.
fn family() -> anyhow::Result<BTreeSet<u32>> {
    let mut parents = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let path = entry?.path();
        let number = path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
        if let Some(number) = number
            && let Some(parent) = parent_in(&path)
        {
            parents.push((number, parent));
        }
    }
    let mut family = BTreeSet::from([std::process::id()]);
    loop {
        let before = family.len();
        let children = parents.iter().filter(|(_, parent)| family.contains(parent));
        let children: Vec<u32> = children.map(|(number, _)| *number).collect();
        family.extend(children);
        if family.len() == before {
            return Ok(family);
        }
    }
}

/// Number of the parent of a process; the name before it may hold blanks and brackets.
fn parent_in(process: &Path) -> Option<u32> {
    let status = fs::read_to_string(process.join("stat")).ok()?;
    let (_, after_name) = status.rsplit_once(')')?;
    after_name.split_whitespace().nth(1)?.parse().ok()
}
