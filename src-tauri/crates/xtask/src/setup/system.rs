//! System packages: installs what is missing on Debian and Ubuntu, names the command everywhere else.

use anyhow::{Context as _, bail};

use crate::step::{Shell, say, step};

/// What the machine is set up for; building and running the app is part of each.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Build and run the app.
    Run,
    /// Run every test: virtual display, virtual audio, a keychain, browsers.
    Test,
    /// Type-check for Windows and macOS, and test.
    CrossCheck,
    /// Measure while the processor is busy with something else.
    BenchUnderLoad,
}

impl Purpose {
    /// Its packages on Debian and Ubuntu.
    fn packages(self) -> Vec<&'static str> {
        let beside: &[&[&str]] = match self {
            Self::Run => &[],
            Self::Test => &[TEST_PACKAGES],
            Self::CrossCheck => &[TEST_PACKAGES, CROSS_PACKAGES],
            Self::BenchUnderLoad => &[LOAD_PACKAGES],
        };
        RUN_PACKAGES
            .iter()
            .chain(beside.iter().copied().flatten())
            .copied()
            .collect()
    }
}

/// To build: the web view and tray libraries, ALSA and D-Bus headers; python3-pip fetches model files and, where it is missing, Node.
const RUN_PACKAGES: &[&str] = &[
    "build-essential",
    "pkg-config",
    "file",
    "libwebkit2gtk-4.1-dev",
    "libgtk-3-dev",
    "libayatana-appindicator3-dev",
    "librsvg2-dev",
    "libasound2-dev",
    "libdbus-1-dev",
    "python3",
    "python3-pip",
];

const TEST_PACKAGES: &[&str] = &[
    "xvfb",
    "xauth",
    "x11-utils",
    "xdotool",
    "openbox",
    "imagemagick",
    "fonts-dejavu-core",
    "at-spi2-core",
    "webkit2gtk-driver",
    "chromium",
    "dbus",
    "dbus-x11",
    "gnome-keyring",
    "libsecret-tools",
    "libnss-wrapper",
    "pulseaudio",
    "pulseaudio-utils",
    "sox",
    "espeak-ng",
    "python3-venv",
    "procps",
    "rpm",
    "debootstrap",
];

const CROSS_PACKAGES: &[&str] = &[
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "gcc-mingw-w64-x86-64",
    "g++-mingw-w64-x86-64-posix",
    "binutils-mingw-w64-x86-64",
];

/// What keeps a processor busy.
const LOAD_PACKAGES: &[&str] = &["stress-ng"];

/// Only what is needed, and not what goes well with it.
const ONLY_NEEDED: &str = "--no-install-recommends";

/// Installs what is missing, or says what to install.
pub fn ensure_system_packages(purpose: Purpose) -> anyhow::Result<()> {
    if cfg!(target_os = "macos") {
        return ensure_macos();
    }
    if cfg!(target_os = "windows") {
        // WebView2 is part of Windows 11 and of updated Windows 10; the compiler comes with the Rust toolchain's own prerequisites.
        return Ok(());
    }
    if !Shell::new("apt-get").arg("--version").succeeds() {
        return name_the_command();
    }
    let missing: Vec<&str> = purpose
        .packages()
        .into_iter()
        .filter(|package| !is_installed(package))
        .collect();
    if missing.is_empty() {
        say("▸ all system packages are there");
        return Ok(());
    }
    let Some(rights) = Rights::of_this_user() else {
        bail!(
            "{} system packages are missing, and to install them takes root rights, which this user has not and cannot ask sudo for. {}",
            missing.len(),
            by_hand(&missing)
        );
    };
    step(
        &format!("install {} system packages: {}", missing.len(), missing.join(" ")),
        || {
            rights
                .apt_get()
                .args(["update", "-qq"])
                .run()
                .and_then(|()| {
                    rights
                        .apt_get()
                        .args(["install", "-y", "-qq"])
                        .arg(ONLY_NEEDED)
                        .args(&missing)
                        .run()
                })
                .with_context(|| by_hand(&missing))
        },
    )
}

/// What somebody with root rights types instead of us.
fn by_hand(missing: &[&str]) -> String {
    format!(
        "Let somebody with root rights run this, then start again:\n    apt-get update && apt-get install {ONLY_NEEDED} {}",
        missing.join(" ")
    )
}

fn is_installed(package: &str) -> bool {
    Shell::new("dpkg-query")
        .args(["-W", "-f", "${db:Status-Status}", package])
        .output()
        .is_ok_and(|status| status.trim() == "installed")
}

/// How this user comes to root rights.
#[derive(Clone, Copy)]
enum Rights {
    /// It has them.
    Root,
    /// By sudo, which asks for the password in this terminal.
    Sudo,
}

impl Rights {
    fn of_this_user() -> Option<Self> {
        if Shell::new("id").arg("-u").output().is_ok_and(|id| id.trim() == "0") {
            return Some(Self::Root);
        }
        Shell::new("sudo").arg("--version").succeeds().then_some(Self::Sudo)
    }

    /// The package manager with these rights, asking nothing about the packages.
    fn apt_get(self) -> Shell {
        let starter = match self {
            Self::Root => "env",
            Self::Sudo => "sudo",
        };
        Shell::new(starter).args(["DEBIAN_FRONTEND=noninteractive", "apt-get"])
    }
}

fn ensure_macos() -> anyhow::Result<()> {
    if Shell::new("xcode-select").arg("-p").succeeds() {
        return Ok(());
    }
    bail!("Apple's command line tools are missing. Install them with:\n    xcode-select --install")
}

/// Other Linux systems: builds when the libraries are there, else names the command.
fn name_the_command() -> anyhow::Result<()> {
    if Shell::new("pkg-config")
        .args(["--exists", "webkit2gtk-4.1", "gtk+-3.0", "alsa", "dbus-1"])
        .succeeds()
    {
        return Ok(());
    }
    bail!(
        "Some system libraries are missing. Install them with the command for your system:\n    \
         Fedora:   sudo dnf install webkit2gtk4.1-devel gtk3-devel libayatana-appindicator-gtk3-devel librsvg2-devel alsa-lib-devel \
         dbus-devel gcc gcc-c++ make pkgconf file python3-pip\n    \
         Arch:     sudo pacman -S --needed webkit2gtk-4.1 gtk3 libayatana-appindicator librsvg alsa-lib dbus base-devel python-pip\n    \
         openSUSE: sudo zypper install webkit2gtk3-devel gtk3-devel libayatana-appindicator3-devel librsvg-devel alsa-devel dbus-1-devel \
         gcc gcc-c++ make pkg-config file python3-pip"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_purpose_can_build_and_a_cross_check_can_test() {
        for purpose in [Purpose::Test, Purpose::CrossCheck, Purpose::BenchUnderLoad] {
            assert!(purpose.packages().starts_with(&Purpose::Run.packages()));
        }
        assert!(Purpose::CrossCheck.packages().starts_with(&Purpose::Test.packages()));
        assert!(Purpose::BenchUnderLoad.packages().contains(&"stress-ng"));
    }

    #[test]
    fn who_cannot_install_is_given_the_whole_line() {
        let told = by_hand(&["pkg-config", "libgtk-3-dev"]);
        let line = told.lines().last().unwrap().trim();
        assert_eq!(
            line,
            "apt-get update && apt-get install --no-install-recommends pkg-config libgtk-3-dev"
        );
    }
}
