//! System packages: installs what is missing on Debian and Ubuntu, names the command everywhere else.

use anyhow::{Context as _, bail};

use crate::step::{Shell, say, step};

/// What the machine is set up for; each purpose includes the ones before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Build and run the app.
    Run,
    /// Run every test: virtual display, virtual audio, a keychain, browsers.
    Test,
    /// Type-check for Windows and macOS.
    CrossCheck,
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

/// Installs what is missing, or says what to install.
pub fn ensure_system_packages(purpose: Purpose) -> anyhow::Result<()> {
    if cfg!(target_os = "macos") {
        return ensure_macos();
    }
    if cfg!(target_os = "windows") {
        // WebView2 is part of Windows 11 and of updated Windows 10; the compiler comes with the Rust toolchain's own prerequisites.
        return Ok(());
    }
    let mut wanted = RUN_PACKAGES.to_vec();
    if purpose >= Purpose::Test {
        wanted.extend(TEST_PACKAGES);
    }
    if purpose >= Purpose::CrossCheck {
        wanted.extend(CROSS_PACKAGES);
    }
    if !Shell::new("apt-get").arg("--version").succeeds() {
        return name_the_command();
    }
    let missing: Vec<&str> = wanted.into_iter().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        say("▸ all system packages are there");
        return Ok(());
    }
    step(
        &format!("install {} system packages: {}", missing.len(), missing.join(" ")),
        || {
            as_root("apt-get")
                .args(["update", "-qq"])
                .run()
                .context("the package lists cannot be read")?;
            as_root("apt-get")
                .args(["install", "-y", "-qq", "--no-install-recommends"])
                .args(&missing)
                .env("DEBIAN_FRONTEND", "noninteractive")
                .run()
        },
    )
}

fn is_installed(package: &str) -> bool {
    Shell::new("dpkg-query")
        .args(["-W", "-f", "${db:Status-Status}", package])
        .output()
        .is_ok_and(|status| status.trim() == "installed")
}

/// The program itself where we are root, else under sudo, which asks for the password in this terminal.
fn as_root(program: &str) -> Shell {
    let is_root = Shell::new("id").arg("-u").output().is_ok_and(|id| id.trim() == "0");
    if is_root {
        Shell::new("env").arg("DEBIAN_FRONTEND=noninteractive").arg(program)
    } else {
        Shell::new("sudo").arg("DEBIAN_FRONTEND=noninteractive").arg(program)
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
