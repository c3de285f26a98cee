//! `cargo xtask package`: installable packages for the system that it runs on, in two sizes.
//!
//! - *small*: the programs, the inference library and the pronouncing dictionary; the app fetches its models on first use.
//! - *full*: every model file is inside, so that the first call needs no network.
//!
//! Tauri's own bundler makes them; what goes in beside the window's program is staged first and handed over as configuration. `--test`
//! installs the Debian package in a bare system and makes calls there.

mod bare_system;
mod bundler;
mod configuration;
mod licence;
mod notices;
mod staging;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::programs;
use crate::setup::{self, Purpose};
use crate::step::{say, step};
use crate::workspace;
use bundler::Bundler;
use staging::Stage;

/// Options of `package`.
#[derive(clap::Args)]
pub struct Options {
    /// Put development builds in, which are made in a fraction of the time; for tests of the packages.
    #[arg(long)]
    debug: bool,
    /// Only this size; both when not given.
    #[arg(long, value_enum)]
    size: Option<Size>,
    /// Kinds of package, with commas between them; the usual ones of this system when not given.
    #[arg(long, value_delimiter = ',')]
    bundles: Vec<String>,
    /// Afterwards install the Debian package in a bare system and use it as an ordinary user (Linux, as root).
    #[arg(long)]
    test: bool,
}

/// How much is inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Size {
    /// Models come on first use.
    Small,
    /// Models are inside.
    Full,
}

impl Size {
    const BOTH: [Self; 2] = [Self::Small, Self::Full];

    /// Its word in file names.
    fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Full => "full",
        }
    }
}

/// Which build goes into the packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Unoptimised.
    Debug,
    /// Optimised.
    Release,
}

impl Profile {
    /// Where cargo puts this build.
    fn directory(self) -> PathBuf {
        workspace::target().join(match self {
            Self::Debug => "debug",
            Self::Release => "release",
        })
    }
}

/// Builds the packages, and tests them where asked to.
pub fn run(options: &Options) -> anyhow::Result<()> {
    if options.test && !cfg!(target_os = "linux") {
        bail!("the test of the packages needs a Debian or Ubuntu system");
    }
    setup::ensure_system_packages(if options.test { Purpose::Test } else { Purpose::Run })?;
    let profile = if options.debug {
        Profile::Debug
    } else {
        Profile::Release
    };
    // The development build answers questions about the models here; the packaged one may be another.
    let frontdeskd = programs::headless()?;
    setup::ensure_models(&frontdeskd)?;
    let node = setup::ensure_node()?;
    setup::ensure_ui(&node)?;
    let bundler = Bundler::ensure(&node)?;
    step("build the programs", || bundler.build(profile))?;
    let licences = step("collect the licences of all dependencies", notices::collect)?;

    let output = workspace::target().join("package");
    let sizes: Vec<Size> = options.size.map_or(Size::BOTH.to_vec(), |size| vec![size]);
    let mut packages = Vec::new();
    for size in sizes {
        packages.extend(step(&format!("make the {} packages", size.name()), || {
            let stage = Stage::prepare(
                &output.join("stage").join(size.name()),
                size,
                profile,
                &frontdeskd,
                &licences,
            )?;
            let made = bundler.bundle(profile, &options.bundles, &stage, size)?;
            collect(&made, size, &output)
        })?);
    }
    for package in &packages {
        say(&format!("  {} ({:.1} MB)", package.display(), megabytes(package)));
    }
    if options.test {
        bare_system::test(&output)?;
    }
    Ok(())
}

/// Moves what the bundler made to one place, under names that tell the sizes apart. Takes the place of older versions.
fn collect(made: &[PathBuf], size: Size, output: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut packages = Vec::new();
    let beginning = format!("frontdesk-{}", size.name());
    for package in made {
        remove_older(output, &beginning, package.extension())?;
        let name = package.file_name().context("a package has a name")?.to_string_lossy();
        let rest = name.trim_start_matches(|letter: char| letter.is_alphabetic());
        let target = output.join(format!("{beginning}{rest}"));
        std::fs::rename(package, &target).with_context(|| format!("cannot place {}", target.display()))?;
        packages.push(target);
    }
    Ok(packages)
}

fn remove_older(output: &Path, beginning: &str, ending: Option<&OsStr>) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(output)? {
        let path = entry?.path();
        let is_ours = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with(beginning));
        if is_ours && path.extension() == ending {
            std::fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    Ok(())
}

/// A size for people.
fn megabytes(path: &Path) -> f64 {
    std::fs::metadata(path).map_or(0.0, |metadata| metadata.len() as f64 / 1e6)
}
