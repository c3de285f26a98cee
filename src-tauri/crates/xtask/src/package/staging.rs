//! Puts together what goes into a package beside the window's program: model files, `frontdeskd`, licences. Copies, so that modes and
//! signatures can be set without touching the originals.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::{Profile, Size};
use crate::step::Shell;
use crate::workspace;

/// What even the small package holds: the library must come with the signed package, the dictionary costs little.
const IN_SMALL: [&str; 2] = ["onnxruntime/", "cmudict/"];

/// Documents that every package brings along; from the top of the checkout unless they have a folder.
const DOCUMENTS: [&str; 5] = [
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "THIRD-PARTY-NOTICES.md",
    "src-tauri/bundle/copyright",
    "src-tauri/bundle/ONNXRUNTIME-NOTICES.txt",
];

/// A folder with everything for one package.
pub struct Stage {
    directory: PathBuf,
    /// Model files, by their names in the catalogue.
    models: Vec<String>,
    documents: Vec<String>,
}

impl Stage {
    /// Fills `directory` anew. `frontdeskd` answers which model files there are.
    pub fn prepare(
        directory: &Path,
        size: Size,
        profile: Profile,
        frontdeskd: &Path,
        dependency_licences: &str,
    ) -> anyhow::Result<Self> {
        if directory.exists() {
            std::fs::remove_dir_all(directory).with_context(|| format!("cannot empty {}", directory.display()))?;
        }
        let mut stage = Self {
            directory: directory.to_path_buf(),
            models: Vec::new(),
            documents: Vec::new(),
        };
        let cache = model_cache()?;
        for name in catalogue(frontdeskd)? {
            if size == Size::Full || IN_SMALL.iter().any(|folder| name.starts_with(folder)) {
                copy(&cache.join(&name), &stage.model(&name), Mode::Data)?;
                stage.models.push(name);
            }
        }
        if !stage.models.iter().any(|name| name.starts_with("onnxruntime/")) {
            bail!("the catalogue names no inference library for this system");
        }
        sign_library(&stage)?;

        let program = format!("frontdeskd{}", std::env::consts::EXE_SUFFIX);
        let staged = format!("frontdeskd-{}{}", workspace::host()?, std::env::consts::EXE_SUFFIX);
        copy(
            &profile.directory().join(program),
            &directory.join(staged),
            Mode::Program,
        )?;

        for document in DOCUMENTS {
            let name = document.rsplit('/').next().unwrap_or(document);
            copy(&workspace::root().join(document), &stage.document(name), Mode::Data)?;
            stage.documents.push(name.into());
        }
        let licences = "DEPENDENCY-LICENCES.txt";
        std::fs::write(stage.document(licences), dependency_licences)?;
        stage.documents.push(licences.into());
        Ok(stage)
    }

    /// The folder.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// `frontdeskd` as the bundler wants it named: it adds the target's triple itself.
    pub fn program(&self) -> PathBuf {
        self.directory.join("frontdeskd")
    }

    /// Name and place of every model file.
    pub fn models(&self) -> impl Iterator<Item = (&str, PathBuf)> {
        self.models.iter().map(|name| (name.as_str(), self.model(name)))
    }

    /// Name and place of every document.
    pub fn documents(&self) -> impl Iterator<Item = (&str, PathBuf)> {
        self.documents.iter().map(|name| (name.as_str(), self.document(name)))
    }

    fn model(&self, name: &str) -> PathBuf {
        self.directory.join("models").join(name)
    }

    fn document(&self, name: &str) -> PathBuf {
        self.directory.join("documents").join(name)
    }
}

/// What a copied file may be used for; packages keep the modes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Data,
    Program,
}

fn copy(from: &Path, to: &Path, mode: Mode) -> anyhow::Result<()> {
    std::fs::create_dir_all(to.parent().context("a staged file has a folder")?)?;
    std::fs::copy(from, to).with_context(|| format!("cannot stage {}", from.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let bits = if mode == Mode::Program { 0o755 } else { 0o644 };
        std::fs::set_permissions(to, std::fs::Permissions::from_mode(bits))?;
    }
    #[cfg(not(unix))]
    let _ = mode;
    Ok(())
}

/// Names of all model files, from the product's own catalogue.
fn catalogue(frontdeskd: &Path) -> anyhow::Result<Vec<String>> {
    let listed = Shell::new(frontdeskd).args(["models", "list", "--json"]).output()?;
    let listed: serde_json::Value =
        serde_json::from_str(&listed).context("`frontdeskd models list --json` is no JSON")?;
    let files = listed["files"]
        .as_array()
        .context("`frontdeskd models list --json` lists no files")?;
    files
        .iter()
        .map(|file| Ok(file["name"].as_str().context("a model file has a name")?.to_owned()))
        .collect()
}

/// Where the product keeps fetched model files for this user; `setup` has checked that all are there.
fn model_cache() -> anyhow::Result<PathBuf> {
    let variable = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let base = if let Some(moved) = variable("FRONTDESK_CACHE_DIR") {
        Some(moved)
    } else if cfg!(target_os = "windows") {
        variable("LOCALAPPDATA").map(|local| local.join("Frontdesk/Frontdesk/cache"))
    } else if cfg!(target_os = "macos") {
        variable("HOME").map(|home| home.join("Library/Caches/app.Frontdesk.Frontdesk"))
    } else {
        variable("XDG_CACHE_HOME")
            .or_else(|| variable("HOME").map(|home| home.join(".cache")))
            .map(|cache| cache.join("frontdesk"))
    };
    Ok(base
        .context("there is no home directory with model files")?
        .join("models"))
}

/// macOS loads only libraries that the app's own team signed, and the bundler signs programs and no data. Without an identity nothing
/// is signed at all, and nothing has to match.
fn sign_library(stage: &Stage) -> anyhow::Result<()> {
    let Some(identity) = std::env::var_os("APPLE_SIGNING_IDENTITY").filter(|_| cfg!(target_os = "macos")) else {
        return Ok(());
    };
    for (_, library) in stage.models().filter(|(name, _)| name.starts_with("onnxruntime/")) {
        Shell::new("codesign")
            .args(["--force", "--timestamp", "--options", "runtime", "--sign"])
            .arg(&identity)
            .arg(&library)
            .run()?;
    }
    Ok(())
}
